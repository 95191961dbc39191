"""pyfetch, pyxhr and open_url, against a server on loopback."""

import pytest

from tests.inside import inside
from tests.waits import turns


@inside
async def test_a_response_says_what_fetch_says(url: str) -> None:
    from pyjs.http import FetchResponse, pyfetch

    response = await pyfetch(f"{url}bytes")
    assert isinstance(response, FetchResponse)
    assert (response.status, response.ok, response.redirected) == (200, True, False)
    assert (response.url, response.status_text) == (f"{url}bytes", "OK")
    assert response.type in ("cors", "basic")
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["X-Mixed-Case"] == "Kept"
    assert "x-Mixed-case" in response.headers
    assert response.headers.get("none", 5) == 5
    assert not response.body_used
    assert await response.bytes() == bytes(range(256))
    assert response.body_used


@inside
async def test_a_body_in_every_form(url: str) -> None:
    from pyjs import JsBuffer
    from pyjs.http import pyfetch

    async def get(path="bytes"):
        return await pyfetch(url + path)

    buffer = await (await get()).buffer()
    assert isinstance(buffer, JsBuffer)
    assert buffer.to_bytes() == bytes(range(256))
    view = await (await get()).memoryview()
    assert (view[255], len(view)) == (255, 256)
    assert (await (await get("echo?a=1")).json())["query"] == {"a": "1"}
    assert (await (await get("echo")).json(parse_int=str))["method"] == "GET"
    assert await (await get("status/404")).text() == "body of the error"
    assert await (await get("status/404")).string() == "body of the error"
    assert await (await get("stream/x?count=3")).text() == "0;1;2;"


@inside
async def test_a_body_can_be_had_once_and_cloned_before(url: str) -> None:
    from pyjs.http import BodyUsedError, pyfetch

    response = await pyfetch(f"{url}bytes")
    copy = response.clone()
    await response.bytes()
    for again in (response.text, response.bytes, response.json, response.buffer):
        try:
            await again()
        except BodyUsedError as error:
            assert isinstance(error, OSError)
            assert "already used" in str(error)
        else:
            raise AssertionError("no BodyUsedError")
    for again in (response.clone, response.stream):
        try:
            again()
        except BodyUsedError:
            continue
        raise AssertionError("no BodyUsedError")
    assert len(await copy.bytes()) == 256


@inside
async def test_what_a_request_sends(url: str) -> None:
    from pyjs import js
    from pyjs.http import pyfetch

    async def echo(query="", **options):
        return await (await pyfetch(f"{url}echo{query}", **options)).json()

    said = await echo(method="PUT", body="text", headers={"X-Own": "1"})
    assert (said["method"], said["body"], said["headers"]["x-own"]) == ("PUT", "text", "1")
    for body in (b"\x00\xff", bytearray(b"\x00\xff"), memoryview(b"\x00\xff")):
        assert (await echo(method="POST", body=body))["body"] == "\x00\xff"
    said = await echo(json={"a": [1, None]}, headers=[("x-own", "2")])
    assert (said["method"], said["body"]) == ("POST", '{"a": [1, null]}')
    assert said["headers"]["content-type"] == "application/json"
    assert said["headers"]["x-own"] == "2"
    said = await echo(form={"a": "1 2", "b": ["x", "y"]})
    assert said["body"] == "a=1+2&b=x&b=y"
    assert said["headers"]["content-type"] == "application/x-www-form-urlencoded"
    said = await echo(form=[("a", "1"), ("file", ("name.bin", b"\x01\x02"))])
    assert said["headers"]["content-type"].startswith("multipart/form-data; boundary=")
    assert 'filename="name.bin"' in said["body"]
    assert "\x01\x02" in said["body"]
    said = await echo("?a=1", params={"b": "ä", "c": [1, 2]})
    assert said["query"] == {"a": "1", "b": "ä", "c": "2"}
    data = js.FormData.new()
    data.append("k", "v")
    assert 'name="k"' in (await echo(method="POST", body=data))["body"]
    request = js.Request.new(f"{url}echo?q=r")
    assert (await (await pyfetch(request)).json())["query"] == {"q": "r"}


@inside
async def test_mistakes_are_named(url: str) -> None:
    from pyjs.http import pyfetch

    for options, kind, text in (
        ({"methd": "PUT"}, TypeError, "known are body"),
        ({"body": "a", "json": 1}, TypeError, "expected one of body, json and form"),
        ({"body": {"a": 1}}, TypeError, "json= sends JSON"),
        ({"form": {"a": b"1", "b": object()}}, TypeError, "form: 'b': expected"),
        ({"signal": 5}, TypeError, "expected an AbortSignal"),
    ):
        try:
            await pyfetch(f"{url}echo", **options)
        except kind as error:
            assert text in str(error)
        else:
            raise AssertionError(options)
    for bad in ("http://127.0.0.1:1/", "no-scheme://x/"):
        try:
            await pyfetch(bad)
        except OSError as error:
            assert bad in str(error)
        else:
            raise AssertionError(bad)


@inside
async def test_a_polluted_prototype_does_not_reach_the_request(url: str) -> None:
    from pyjs import js, run_js
    from pyjs.http import pyfetch, pyxhr

    # Node's own fetch() reads the prototype of a copy that it makes.
    is_page = hasattr(js, "document")
    run_js("Object.prototype.method = 'DELETE'; Object.prototype.redirect = 'error'; 0")
    try:
        if is_page:
            said = await (await pyfetch(f"{url}redirect/echo")).json()
            assert said["method"] == "GET"
            assert (await js.fetch(f"{url}redirect/echo")).ok
        sync = pyxhr.get(f"{url}echo").json()
    finally:
        run_js("delete Object.prototype.method; delete Object.prototype.redirect; 0")
    assert sync["method"] == "GET"


@inside
async def test_redirects_and_errors_of_the_server(url: str) -> None:
    import pickle

    from pyjs.http import HttpStatusError, pyfetch

    response = await pyfetch(f"{url}redirect/bytes")
    assert (response.redirected, response.url) == (True, f"{url}bytes")
    for options in ({"redirect": "error"},):
        try:
            await pyfetch(f"{url}redirect/bytes", **options)
        except OSError:
            continue
        raise AssertionError("no OSError")
    for status, side in ((404, "Client"), (503, "Server")):
        response = await pyfetch(f"{url}status/{status}")
        assert not response.ok
        try:
            response.raise_for_status()
        except HttpStatusError as error:
            assert (error.status, error.url) == (status, f"{url}status/{status}")
            assert str(error).startswith(f"{status} {side} Error: {error.status_text} for url: ")
            assert pickle.loads(pickle.dumps(error)).status == status
        else:
            raise AssertionError("no HttpStatusError")
    (await pyfetch(f"{url}status/201")).raise_for_status()


@inside
async def test_a_body_streams_and_leaving_it_tells_the_server(url: str) -> None:
    from contextlib import aclosing

    from pyjs.http import pyfetch

    chunks = [chunk async for chunk in await pyfetch(f"{url}stream/all?count=5")]
    assert all(isinstance(chunk, bytes) for chunk in chunks)
    assert b"".join(chunks) == b"0;1;2;3;4;"
    async for _ in await pyfetch(f"{url}stream/break"):
        break
    assert await (await pyfetch(f"{url}left/break")).json()
    response = await pyfetch(f"{url}stream/close")
    async with aclosing(response.stream()) as stream:
        assert (await anext(stream)).startswith(b"0;")
    assert await (await pyfetch(f"{url}left/close")).json()
    assert [chunk async for chunk in stream] == []
    assert [chunk async for chunk in await pyfetch(f"{url}echo", method="HEAD")] == []


@inside
async def test_abort_ends_the_request(url: str) -> None:
    import asyncio

    from pyjs import js
    from pyjs.http import AbortError, pyfetch

    response = await pyfetch(f"{url}stream/aborted")
    task = asyncio.ensure_future(response.bytes())
    await turns()
    response.abort()
    try:
        await task
    except AbortError as error:
        assert isinstance(error, OSError)
        assert error.reason.name == "AbortError"
    else:
        raise AssertionError("no AbortError")
    assert await (await pyfetch(f"{url}left/aborted")).json()
    controller = js.AbortController.new()
    task = asyncio.ensure_future(pyfetch(f"{url}slow/signal", signal=controller.signal))
    assert await (await pyfetch(f"{url}begun/signal")).json()
    controller.abort("my reason")
    try:
        await task
    except AbortError as error:
        assert error.reason == "my reason"
    else:
        raise AssertionError("no AbortError")
    assert await (await pyfetch(f"{url}left/signal")).json()
    try:
        await pyfetch(f"{url}slow/late", signal=js.AbortSignal.timeout(30))
    except AbortError as error:
        assert error.reason.name == "TimeoutError"
    else:
        raise AssertionError("no AbortError")
    try:
        await pyfetch(f"{url}bytes", signal=controller.signal)
    except AbortError:
        pass
    else:
        raise AssertionError("no AbortError")


@inside
async def test_a_cancelled_task_closes_the_connection(url: str) -> None:
    import asyncio

    from pyjs.http import pyfetch

    task = asyncio.create_task(pyfetch(f"{url}slow/cancelled"))
    assert await (await pyfetch(f"{url}begun/cancelled")).json()
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert await (await pyfetch(f"{url}left/cancelled")).json()
    response = await pyfetch(f"{url}stream/body")
    try:
        async with asyncio.timeout(0.05):
            await response.bytes()
    except TimeoutError:
        pass
    else:
        raise AssertionError("no TimeoutError")
    assert await (await pyfetch(f"{url}left/body")).json()


@inside
async def test_another_fetcher_gets_all_options(url: str) -> None:
    from pyjs import run_js
    from pyjs.http import pyfetch

    fetcher = run_js(
        "async (url, init) => new Response("
        "JSON.stringify([url, init.own, init.signal instanceof AbortSignal]))"
    )
    response = await pyfetch("any:thing", fetcher=fetcher, own=5)
    assert await response.json() == ["any:thing", 5, True]


@inside
async def test_an_archive_is_unpacked(url: str) -> None:
    import tempfile
    from pathlib import Path

    from pyjs.http import pyfetch

    with tempfile.TemporaryDirectory() as folder:
        response = await pyfetch(f"{url}zip")
        await response.unpack_archive(extract_dir=folder, format="zip")
        assert Path(folder, "inner", "file.txt").read_text() == "unpacked"
        response = await pyfetch(f"{url}zip/archive.zip")
        await response.unpack_archive(extract_dir=f"{folder}/more")
        assert Path(folder, "more", "inner", "file.txt").read_text() == "unpacked"
        for path, options in (("zip", {}), ("bytes", {"format": "zip"})):
            response = await pyfetch(url + path)
            try:
                await response.unpack_archive(extract_dir=folder, **options)
            except ValueError:
                continue
            raise AssertionError("no ValueError")


@inside
@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "patch"])
def test_synchronous_requests(url: str, method: str) -> None:
    from pyjs.http import pyxhr

    call = getattr(pyxhr, method)
    response = call(f"{url}echo", params={"a": 1}, headers={"X-Own": "v"}, auth=("u", "p"))
    said = response.json()
    assert (said["method"], said["query"]) == (method.upper(), {"a": "1"})
    assert said["headers"]["x-own"] == "v"
    assert said["headers"]["authorization"] == "Basic dTpw"
    assert (response.status_code, response.ok, response.reason) == (200, True, "OK")
    assert response.headers["Content-Type"] == "application/json"
    if method != "get":
        assert call(f"{url}echo", data=b"\x00\xff").json()["body"] == "\x00\xff"
        assert call(f"{url}echo", data="text").json()["body"] == "text"
        assert call(f"{url}echo", data={"k": "v w"}).json()["body"] == "k=v+w"
        assert call(f"{url}echo", json=[1]).json()["body"] == "[1]"


@inside
def test_synchronous_answers(url: str) -> None:
    from pyjs.http import HttpStatusError, open_url, pyxhr

    assert pyxhr.get(f"{url}bytes").content == bytes(range(256))
    assert pyxhr.get(f"{url}latin").text == "é"
    assert pyxhr.get(f"{url}redirect/bytes").url == f"{url}bytes"
    assert pyxhr.head(f"{url}bytes").content == b""
    assert pyxhr.options(f"{url}bytes").status_code == 200
    missing = pyxhr.get(f"{url}status/404")
    assert (missing.ok, missing.text) == (False, "body of the error")
    for fails in (missing.raise_for_status, lambda: open_url(f"{url}status/500")):
        try:
            fails()
        except HttpStatusError as error:
            assert error.status in (404, 500)
        else:
            raise AssertionError("no HttpStatusError")
    assert open_url(f"{url}stream/y?count=2").read() == "0;1;"


@inside
def test_synchronous_failures(url: str) -> None:
    from pyjs.http import pyxhr

    try:
        pyxhr.get("http://127.0.0.1:1/")
    except pyxhr.XHRNetworkError as error:
        assert isinstance(error, pyxhr.XHRError)
        assert "GET http://127.0.0.1:1/" in str(error)
    else:
        raise AssertionError("no XHRNetworkError")
    try:
        pyxhr.get(f"{url}slow/sync", timeout=0.1)
    except pyxhr.XHRTimeoutError as error:
        assert "0.1 s" in str(error)
    else:
        raise AssertionError("no XHRTimeoutError")
    try:
        pyxhr.get(f"{url}stream/timeout", timeout=0.1)  # which limits the whole
    except pyxhr.XHRTimeoutError:
        pass
    else:
        raise AssertionError("no XHRTimeoutError")
    for bad in (
        lambda: pyxhr.get("http://["),
        lambda: pyxhr.get(url, data="a"),
        lambda: pyxhr.request("TRACE", url),
    ):
        try:
            bad()
        except ValueError as error:
            assert "pyxhr: " in str(error)
        else:
            raise AssertionError("no ValueError")
    for wrong in ({"timeout": 0}, {"timeout": -1}):
        try:
            pyxhr.get(url, **wrong)
        except ValueError:
            continue
        raise AssertionError("no ValueError")
    try:
        pyxhr.post(url, data="a", json=1)
    except TypeError:
        pass
    else:
        raise AssertionError("no TypeError")


@inside
async def test_dropping_a_stream_that_failed_is_no_error_of_its_own(url: str) -> None:
    import asyncio

    from pyjs import run_js
    from pyjs.http import AbortError, pyfetch

    seen = run_js(
        "const seen = []; const tell = (e) => { seen.push(String(e.reason ?? e)); "
        "e.preventDefault?.(); }; "
        "globalThis.process?.on('unhandledRejection', tell); "
        "globalThis.addEventListener?.('unhandledrejection', tell); "
        "seen.stop = () => { globalThis.process?.off('unhandledRejection', tell); "
        "globalThis.removeEventListener?.('unhandledrejection', tell); }; seen"
    )
    try:
        response = await pyfetch(f"{url}stream/failed1")
        stream = response.stream()
        await anext(stream)
        response.abort()
        del stream
        response = await pyfetch(f"{url}stream/failed2")
        stream = response.stream()
        await anext(stream)
        response.abort()
        try:
            await anext(stream)
        except AbortError:
            await stream.aclose()
        del stream

        chunk = asyncio.Event()

        async def read():
            async for _ in await pyfetch(f"{url}stream/failed3"):
                chunk.set()

        task = asyncio.create_task(read())
        await chunk.wait()
        task.cancel()
        await asyncio.wait([task])
        del task
        try:
            [chunk async for chunk in await pyfetch(f"{url}short")]
        except OSError:
            pass
        else:
            raise AssertionError("no OSError")
        await asyncio.sleep(0.1)
        assert list(seen) == []
    finally:
        seen.stop()


@inside
async def test_a_body_that_breaks_off_is_an_oserror(url: str) -> None:
    from pyjs.http import pyfetch

    response = await pyfetch(f"{url}short")
    try:
        await response.bytes()
    except OSError as error:
        assert f"FetchResponse: {url}short: " in str(error)
    else:
        raise AssertionError("no OSError")


@inside
async def test_the_reason_of_an_abort_is_what_was_given(url: str) -> None:
    from pyjs import js
    from pyjs.http import AbortError, pyfetch

    error = js.Error.new("mine")
    for number, reason in enumerate((ValueError("mine"), {"a": [1]}, "text", 5, error)):
        response = await pyfetch(f"{url}stream/reason{number}")
        copy = response.clone()
        response.abort(reason)
        for each in (response, copy):
            try:
                await each.text()
            except AbortError as error:
                assert error.reason is reason or error.reason == reason
            else:
                raise AssertionError("no AbortError")
    # A clone is a second reader of one body.
    assert await (await pyfetch(f"{url}left/reason0")).json()


@inside
async def test_requests_of_javascripts_own_types(url: str) -> None:
    from pyjs import js
    from pyjs.http import pyfetch

    response = await pyfetch(js.URL.new(f"{url}echo?a=1"), params={"b": "2"})
    assert (await response.json())["query"] == {"a": "1", "b": "2"}
    params = js.URLSearchParams.new("c=3&d=4")
    response = await pyfetch(f"{url}echo", params=params)
    assert (await response.json())["query"] == {"c": "3", "d": "4"}
    for wrong, options, text in (
        (js.Request.new(f"{url}echo"), {"params": {"a": "1"}}, "a Request has its query"),
        (5, {}, "expected a URL as str or a JavaScript Request, given int"),
        (f"{url}echo", {"headers": "a: b"}, "headers: expected a dict or pairs"),
    ):
        try:
            await pyfetch(wrong, **options)
        except TypeError as error:
            assert text in str(error)
        else:
            raise AssertionError(text)


@inside
async def test_forms_with_lists_and_types_of_files(url: str) -> None:
    from pyjs.http import pyfetch

    form = {
        "many": ["x", "y"],
        "typed": ("a.csv", b"1,2", "text/csv"),
        "text": ("b.txt", "ä"),
        "files": [("c", b"3"), ("d", b"4")],
    }
    body = (await (await pyfetch(f"{url}echo", form=form)).json())["body"]
    body = body.encode("latin-1").decode()
    assert body.count('name="many"') == body.count('name="files"') == 2
    assert 'filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n1,2' in body
    assert 'filename="b.txt"' in body
    assert "\r\nä\r\n" in body

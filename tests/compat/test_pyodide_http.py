"""pyodide.http: what is there beside pyjs.http's, against a server on loopback."""

import pytest

from tests.inside import inside


@inside
async def test_pyfetch_takes_what_fetch_takes(url: str) -> None:
    from pyodide.http import FetchResponse, pyfetch

    response = await pyfetch(
        f"{url}echo?a=1", method="POST", body="text", headers={"X-One": "1"}, unknown="ignored"
    )
    assert isinstance(response, FetchResponse)
    said = await response.json()
    assert (said["method"], said["body"], said["headers"]["x-one"]) == ("POST", "text", "1")
    assert response.js_request is None


@inside
async def test_pyfetch_takes_a_request_and_a_fetcher(url: str) -> None:
    from pyodide.http import pyfetch

    from js import Request, fetch

    request = Request.new(f"{url}bytes")
    response = await pyfetch(request)
    assert response.js_request == request
    assert await response.bytes() == bytes(range(256))
    seen = []

    def fetcher(target, options):
        seen.append((target, options.own))
        return fetch(target, options)

    response = await pyfetch(f"{url}bytes", fetcher=fetcher, own="kept")
    assert response.status == 200
    assert seen == [(f"{url}bytes", "kept")]


@inside
async def test_a_body_becomes_a_file(url: str) -> None:
    import tempfile
    from pathlib import Path

    from pyodide.http import pyfetch

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "bytes.bin")
        await (await pyfetch(f"{url}bytes"))._create_file(str(path))
        assert path.read_bytes() == bytes(range(256))
        with open(Path(folder, "other"), "wb") as file:
            await (await pyfetch(f"{url}bytes"))._into_file(file)
        assert Path(folder, "other").read_bytes() == bytes(range(256))
        for wrong in (path, Path(folder, "none", "file")):
            try:
                await (await pyfetch(f"{url}bytes"))._create_file(str(wrong))
                raise AssertionError("no error")
            except OSError as error:
                assert str(wrong) in str(error)


@inside
async def test_errors(url: str) -> None:
    import pickle

    from pyodide.http import AbortError, BodyUsedError, HttpStatusError, pyfetch

    response = await pyfetch(f"{url}missing")
    try:
        response.raise_for_status()
        raise AssertionError("no error")
    except HttpStatusError as error:
        assert (error.status, error.url) == (404, f"{url}missing")
        assert pickle.loads(pickle.dumps(error)).status == 404
    await response.text()
    try:
        await response.text()
        raise AssertionError("no error")
    except BodyUsedError:
        pass
    for kind in (AbortError, BodyUsedError, HttpStatusError):
        assert issubclass(kind, OSError)


@inside
@pytest.mark.parametrize("verb", ["get", "post", "put", "delete", "patch", "options"])
def test_requests_that_wait(url: str, verb) -> None:
    from pyodide.http import pyxhr

    response = getattr(pyxhr, verb)(f"{url}echo", params={"a": "1"}, headers={"X-One": "1"})
    assert isinstance(response, pyxhr.XHRResponse)
    assert (response.status_code, response.ok) == (200, True)
    if verb != "options":  # of which the server says what it allows
        said = response.json()
        assert (said["method"], said["query"]) == (verb.upper(), {"a": "1"})
        assert said["headers"]["x-one"] == "1"


@inside
def test_what_requests_send(url: str) -> None:
    from pyodide.http import pyxhr

    said = pyxhr.post(f"{url}echo", json={"a": [1]}).json()
    assert said["body"] in ('{"a": [1]}', '{"a":[1]}')
    assert said["headers"]["content-type"] == "application/json"
    said = pyxhr.put(f"{url}echo", data=b"\x00\xff", auth=["user", "word"]).json()
    assert said["body"] == "\x00\xff"
    assert said["headers"]["authorization"] == "Basic dXNlcjp3b3Jk"
    assert pyxhr.head(f"{url}bytes").content == b""


@inside
def test_a_response_of_a_request_of_the_programs_own() -> None:
    from types import SimpleNamespace

    from pyodide.http.pyxhr import XHRResponse

    from js import Uint8Array

    request = SimpleNamespace(
        status=404,
        statusText="Not Found",
        responseURL="http://a/b",
        response="text é",
        getAllResponseHeaders=lambda: "Content-Type: text/plain\r\nX-A: b: c\r\n",
    )
    response = XHRResponse(request)
    assert (response.status_code, response.ok, response.url) == (404, False, "http://a/b")
    assert response.text == "text é"
    assert response.headers == {"content-type": "text/plain", "x-a": "b: c"}
    assert response.headers["Content-Type"] == "text/plain"
    try:
        response.raise_for_status()
        raise AssertionError("no error")
    except OSError as error:
        assert "404" in str(error)
    request.response = Uint8Array.new([91, 49, 93])
    assert XHRResponse(request).json() == [1]
    request.response, request.getAllResponseHeaders = None, lambda: None
    assert XHRResponse(request).content == b""
    assert XHRResponse(request).headers == {}


@inside
def test_no_answer() -> None:
    from pyodide.http import pyxhr
    from pyodide.http._exceptions import XHRNetworkError, XHRTimeoutError

    try:
        pyxhr.get("http://127.0.0.1:9/")
        raise AssertionError("no error")
    except pyxhr.XHRNetworkError as error:
        assert isinstance(error, pyxhr.XHRError)
        assert isinstance(error, OSError)
    assert str(XHRNetworkError()) == "Network error occurred"
    assert issubclass(XHRTimeoutError, pyxhr.XHRError)


@inside
def test_open_url(url: str) -> None:
    from pyodide.http import open_url

    assert open_url("data:text/plain,two%0Alines").readlines() == ["two\n", "lines"]
    try:
        open_url(f"{url}missing")
        raise AssertionError("no error")
    except OSError as error:
        assert "404" in str(error)

"""urllib.request over the host's HTTP, against a server on loopback."""

from tests.inside import inside, not_in_pyodide

pytestmark = not_in_pyodide("http.client and urllib are Pyodide's")


@inside
def test_a_response_is_as_in_cpython(url: str) -> None:
    import http.client
    from urllib.request import urlopen

    with urlopen(f"{url}bytes") as response:
        assert isinstance(response, http.client.HTTPResponse)
        assert (response.status, response.code, response.getcode()) == (200, 200, 200)
        assert (response.reason, response.msg, response.version) == ("OK", "OK", 11)
        assert response.headers["content-type"] == "application/octet-stream"
        assert response.getheader("X-Mixed-Case") == "Kept"
        assert response.getheader("none", 5) == 5
        assert response.info() is response.headers
        assert (response.geturl(), response.url) == (f"{url}bytes", f"{url}bytes")
        assert response.length == 256
        assert response.read(3) == b"\x00\x01\x02"
        buffer = bytearray(5)
        assert (response.readinto(buffer), buffer) == (5, b"\x03\x04\x05\x06\x07")
        assert response.peek(1)[:1] == b"\x08"
        assert response.read1(1) == b"\x08"
        assert response.read() == bytes(range(9, 256))
        assert response.read() == b""
        assert not response.closed
    assert response.closed
    with urlopen(f"{url}lines") as response:
        assert response.readline() == b"one\n"
        assert list(response) == [b"two\n", b"three"]
    assert urlopen(f"{url}stream/u?count=3").read() == b"0;1;2;"
    assert urlopen(f"{url}bytes#part").geturl() == f"{url}bytes#part"


@inside
def test_a_request_with_method_headers_and_data(url: str) -> None:
    import io
    import json
    from urllib.request import Request, urlopen

    def echo(*args, **options):
        return json.load(urlopen(Request(f"{url}echo?a=1", *args, **options)))

    said = echo()
    assert (said["method"], said["query"], said["body"]) == ("GET", {"a": "1"}, "")
    said = echo(data=b"\x00\xff", headers={"X-Own": "1", "Content-Type": "a/b"})
    assert (said["method"], said["body"]) == ("POST", "\x00\xff")
    assert (said["headers"]["x-own"], said["headers"]["content-type"]) == ("1", "a/b")
    said = echo(data=b"k=v")
    assert said["headers"]["content-type"] == "application/x-www-form-urlencoded"
    assert echo(data=b"", method="PUT")["method"] == "PUT"
    for method in ("PUT", "PATCH", "DELETE"):
        said = echo(data=b"text", method=method)
        assert (said["method"], said["body"]) == (method, "text")
    assert echo(data=io.BytesIO(b"file"))["body"] == "file"
    assert echo(data=iter([b"an ", b"", b"iterable"]))["body"] == "an iterable"
    request = Request(f"{url}echo", headers={"X-Own": "2"})
    request.add_header("Authorization", "Bearer t")
    assert json.load(urlopen(request))["headers"]["authorization"] == "Bearer t"


@inside
def test_answers_that_are_errors(url: str) -> None:
    from urllib.error import HTTPError
    from urllib.request import urlopen

    for status, reason in ((404, "Not Found"), (500, "Internal Server Error"), (304, "")):
        try:
            urlopen(f"{url}status/{status}")
        except HTTPError as error:
            assert error.code == error.status == status
            if reason:
                assert (error.reason, error.read()) == (reason, b"body of the error")
                assert str(error) == f"HTTP Error {status}: {reason}"
            assert error.url == f"{url}status/{status}"
            assert "date" in error.headers or "content-length" in error.headers
            error.close()
        else:
            raise AssertionError("no HTTPError")


@inside
def test_answers_without_a_body(url: str) -> None:
    from urllib.request import Request, urlopen

    head = urlopen(Request(f"{url}bytes", method="HEAD"))
    assert (head.read(), head.headers["content-length"]) == (b"", "256")
    empty = urlopen(f"{url}status/204")
    assert (empty.status, empty.read()) == (204, b"")


@inside
def test_large_bodies_both_ways(url: str) -> None:
    import json
    import zlib
    from urllib.request import Request, urlopen

    size = 12 << 20
    expected = bytes(range(256)) * (size // 256)
    assert urlopen(f"{url}big?size={size}").read() == expected
    crc = 0
    with urlopen(f"{url}big?size={size}") as response:
        while part := response.read(100_000):
            crc = zlib.crc32(part, crc)
    assert crc == zlib.crc32(expected)
    assert json.load(urlopen(Request(f"{url}length", data=expected))) == [size, crc]


@inside
def test_urlretrieve_writes_a_file(url: str) -> None:
    import tempfile
    from pathlib import Path
    from urllib.request import urlcleanup, urlretrieve

    steps = []
    with tempfile.TemporaryDirectory() as folder:
        name, headers = urlretrieve(
            f"{url}big?size=131072", f"{folder}/big", lambda *step: steps.append(step)
        )
        assert Path(name).stat().st_size == 131072
        assert headers["content-length"] == "131072"
    assert steps[0] == (0, 8192, 131072)
    assert len(steps) == 17
    name, _ = urlretrieve(f"{url}lines")
    assert Path(name).read_bytes() == b"one\ntwo\nthree"
    urlcleanup()
    assert not Path(name).exists()


@inside
def test_no_answer_is_a_urlerror_that_says_what_to_look_at(url: str) -> None:
    from urllib.error import HTTPError, URLError
    from urllib.request import urlopen

    from pyjs import js

    is_page = hasattr(js, "document")
    closed = "http://127.0.0.1:9/"
    hidden = (f"{url}hidden",) if is_page else ()
    for bad in (closed, closed.replace("http", "https"), f"{url}hangup", *hidden):
        try:
            urlopen(bad)
        except URLError as error:
            assert not isinstance(error, HTTPError)
            assert isinstance(error.reason, OSError)
            assert f"GET {bad}" in str(error.reason)
            assert ("CORS: Access-Control-Allow-Origin" in str(error)) == is_page
        except ConnectionResetError as error:
            assert bad.endswith("hangup")
            assert "Remote end closed connection" in str(error)
        else:
            raise AssertionError(bad)
    for bad, kind in (
        ("unknown://x", URLError),
        ("http://", URLError),
        ("http://h\n/", ValueError),
        ("http://127.0.0.1:x/", ValueError),
    ):
        try:
            urlopen(bad)
        except kind:
            continue
        except Exception as error:
            assert type(error).__name__ == "InvalidURL"
        else:
            raise AssertionError(bad)


@inside
def test_relative_urls_start_at_the_page() -> None:
    from urllib.request import Request

    from pyjs import js

    if hasattr(js, "document"):
        base = js.document.baseURI
        assert Request("a/b?c#d").full_url == str(js.URL.new("a/b?c#d", base).href)
        assert Request("/a").host == js.location.host
        return
    try:
        Request("a/b")
    except ValueError as error:
        assert "unknown url type: 'a/b'" in str(error)
    else:
        raise AssertionError("no ValueError")


@inside
def test_redirections_are_followed_and_the_url_is_the_final_one(url: str) -> None:
    import json
    from urllib.request import Request, urlopen

    response = urlopen(f"{url}redirect/redirect/lines")
    assert (response.geturl(), response.read()) == (f"{url}lines", b"one\ntwo\nthree")
    said = json.load(urlopen(Request(f"{url}redirect/echo", data=b"dropped")))
    assert (said["method"], said["body"]) == ("GET", "")


@inside
def test_a_redirection_that_is_not_to_be_followed(url: str) -> None:
    import urllib.request
    from urllib.error import HTTPError, URLError

    from pyjs import js

    class Refuses(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    bare = urllib.request.OpenerDirector()
    for handler in (urllib.request.HTTPHandler, urllib.request.HTTPDefaultErrorHandler):
        bare.add_handler(handler())
    bare.add_handler(urllib.request.HTTPErrorProcessor())
    for opener in (urllib.request.build_opener(Refuses), bare):
        assert opener.open(f"{url}lines").read().startswith(b"one")
        try:
            opener.open(f"{url}redirect/lines")
        except HTTPError as error:
            assert not hasattr(js, "document")
            assert (error.code, error.headers["location"]) == (302, "/lines")
            error.close()
        except URLError as error:
            assert hasattr(js, "document")
            assert "neither the status nor the target of a redirection" in str(error)
        else:
            raise AssertionError("no error")


@inside
def test_basic_authentication(url: str) -> None:
    import urllib.request
    from urllib.error import HTTPError

    passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    passwords.add_password(None, url, "user", "pass")
    opener = urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(passwords))
    assert opener.open(f"{url}secret").read() == b"welcome"
    try:
        urllib.request.urlopen(f"{url}secret")
    except HTTPError as error:
        assert (error.code, error.read()) == (401, b"who?")
    else:
        raise AssertionError("no HTTPError")


@inside
def test_cookies_where_the_host_shows_them(url: str) -> None:
    import urllib.request
    import warnings
    from http.cookiejar import CookieJar

    from pyjs import js

    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    assert opener.open(f"{url}cookie").read() == b"none"
    if not hasattr(js, "document"):
        assert [(cookie.name, cookie.value) for cookie in jar] == [("flavour", "oat")]
        assert opener.open(f"{url}cookie").read() == b"flavour=oat"
        return
    assert list(jar) == []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        request = urllib.request.Request(
            f"{url}cookie", headers={"Cookie": "a=b", "Referer": "x", "User-Agent": "own"}
        )
        assert urllib.request.urlopen(request).read() == b"none"
    (warning,) = caught
    assert "a browser does not let a program send Referer, Cookie" in str(warning.message) or (
        "a browser does not let a program send Cookie, Referer" in str(warning.message)
    )
    assert f"GET {url}cookie" in str(warning.message)


@inside
def test_headers_that_the_host_keeps_for_itself_are_named(url: str) -> None:
    import json
    import warnings
    from urllib.request import Request, urlopen

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        headers = {"Host": "other.example", "Expect": "100-continue", "X-Own": "1"}
        said = json.load(urlopen(Request(f"{url}echo", headers=headers)))
        urlopen(Request(f"{url}echo", headers={"Accept-Encoding": "gzip", "Connection": "close"}))
    assert (said["headers"]["x-own"], "expect" in said["headers"]) == ("1", False)
    assert said["headers"]["host"] in url
    (warning,) = caught
    assert "does not let a program send" in str(warning.message)
    assert "Expect" in str(warning.message)
    assert "Host" in str(warning.message)
    assert "test_urllib.py" in warning.filename


@inside
def test_a_compressed_body_arrives_unpacked(url: str) -> None:
    from urllib.request import Request, urlopen

    request = Request(f"{url}gzip", headers={"Accept-Encoding": "gzip"})
    response = urlopen(request)
    assert response.read() == b"packed" * 100
    assert response.headers["content-encoding"] is None
    assert response.headers["content-length"] is None


@inside
def test_a_body_that_breaks_off_is_no_whole_one(url: str) -> None:
    from http.client import IncompleteRead
    from urllib.request import urlopen

    from pyjs.ffi import can_run_sync

    try:
        urlopen(f"{url}short").read()
    except IncompleteRead as error:
        assert error.partial in (b"only this", b"")
    except OSError:
        assert not can_run_sync()
    else:
        raise AssertionError("no IncompleteRead")


@inside
def test_proxies_are_the_hosts(url: str) -> None:
    import os
    import urllib.request
    from urllib.error import URLError

    os.environ["http_proxy"] = "http://127.0.0.1:9"
    try:
        assert urllib.request.build_opener().open(f"{url}lines").read(3) == b"one"
        assert urllib.request.getproxies()["http"] == "http://127.0.0.1:9"
    finally:
        del os.environ["http_proxy"]
    proxies = urllib.request.ProxyHandler({"http": "http://127.0.0.1:9", "https": "127.0.0.1:9"})
    opener = urllib.request.build_opener(proxies)
    for target in (url, "https://127.0.0.1/"):
        try:
            opener.open(target)
        except URLError as error:
            assert "127.0.0.1 cannot be made a proxy" in str(error)
        else:
            raise AssertionError("no URLError")


@inside
def test_data_and_file_urls() -> None:
    import tempfile
    from pathlib import Path
    from urllib.error import URLError
    from urllib.request import urlopen

    response = urlopen("data:text/plain;base64,aGk=")
    assert (response.read(), response.headers["content-type"]) == (b"hi", "text/plain")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "a b.txt")
        file.write_text("content")
        assert urlopen(file.as_uri()).read() == b"content"
        assert urlopen(file.as_uri()).headers["content-length"] == "7"
        try:
            urlopen(f"file://{folder}/none")
        except URLError as error:
            assert "No such file" in str(error)
        else:
            raise AssertionError("no URLError")


@inside
def test_https_is_there_without_the_module_ssl() -> None:
    import http.client
    import urllib.request

    assert "HTTPSConnection" in http.client.__all__
    assert "HTTPSHandler" in urllib.request.__all__
    names = {type(handler).__name__ for handler in urllib.request.build_opener().handlers}
    assert "HTTPSHandler" in names
    urllib.request.HTTPSHandler(check_hostname=True)
    for wrong in (
        lambda: urllib.request.HTTPSHandler(check_hostname=False),
        lambda: urllib.request.urlopen("https://127.0.0.1/", context=object()),
        lambda: http.client.HTTPSConnection("h", context=object()),
    ):
        try:
            wrong()
        except ValueError as error:
            assert "verifies certificates itself" in str(error)
        else:
            raise AssertionError("no ValueError")

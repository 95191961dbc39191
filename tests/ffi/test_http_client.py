"""http.client over the host's HTTP, and what is built on it, against a server on loopback."""

from tests.inside import inside, not_in_pyodide

pytestmark = not_in_pyodide("http.client and urllib are Pyodide's")


@inside
def test_requests_and_responses_of_one_connection(url: str) -> None:
    import http.client
    import json
    from urllib.parse import urlsplit

    host = urlsplit(url).netloc
    connection = http.client.HTTPConnection(host, timeout=20)
    for number in range(3):
        connection.request("POST", f"/echo?n={number}", "body", {"X-Own": str(number)})
        response = connection.getresponse()
        said = json.loads(response.read())
        assert (said["query"], said["body"]) == ({"n": str(number)}, "body")
        assert said["headers"]["x-own"] == str(number)
        assert response.isclosed()
    assert connection.sock.getpeername() == (connection.host, connection.port)
    assert connection.sock.gettimeout() == 20
    connection.close()
    assert connection.sock is None
    connection.request("GET", f"{url}lines")  # connects again; the whole URL is as good
    assert connection.getresponse().read() == b"one\ntwo\nthree"
    connection.close()


@inside
def test_a_request_in_steps(url: str) -> None:
    import http.client
    import json
    from urllib.parse import urlsplit

    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    connection.connect()
    connection.putrequest("POST", "/echo", skip_accept_encoding=True)
    connection.putheader("X-Own", "a", "b")
    connection.putheader("X-Number", 5)
    connection.putheader("Content-Length", "11")
    connection.endheaders()
    connection.send(b"in ")
    connection.send(bytearray(b"more "))
    connection.send([b"p", b"a"])
    connection.send(memoryview(b"r"))
    response = connection.getresponse()
    said = json.loads(response.read())
    assert (said["body"], said["headers"]["x-own"]) == ("in more par", "a b")
    assert said["headers"]["x-number"] == "5"
    assert not response.closed
    response.close()
    assert response.closed


@inside
def test_bodies_of_every_kind(url: str) -> None:
    import array
    import http.client
    import io
    import json
    import tempfile
    from urllib.parse import urlsplit

    connection = http.client.HTTPConnection(urlsplit(url).netloc)

    def echo(body, headers=None, **options):
        connection.request("PUT", "/echo", body, headers or {}, **options)
        return json.loads(connection.getresponse().read())["body"]

    assert echo("text") == "text"
    assert echo(b"\x00\xff") == "\x00\xff"
    assert echo(array.array("H", [1, 2])) == "\x01\x00\x02\x00"
    assert echo(io.BytesIO(b"x" * 20_000)) == "x" * 20_000
    assert echo(io.StringIO("é")) == "é"
    assert echo(part for part in (b"a", b"", b"bc")) == "abc"
    assert echo(io.BytesIO(b"file"), {"Content-Length": "4"}) == "file"
    own = [b"3\r\nabc\r\n", b"2;ext=1\r\nde\r\n", b"0\r\n\r\n"]
    assert echo(iter(own), {"Transfer-Encoding": "chunked"}) == "abcde"
    whole = b"".join(own)
    one_by_one = (whole[i : i + 1] for i in range(len(whole)))
    assert echo(one_by_one, {"Transfer-Encoding": "chunked"}) == "abcde"
    parts = iter([b"q" * 70_000, b"r"])
    assert echo(parts, {"Transfer-Encoding": "chunked"}, encode_chunked=True)[-2:] == "qr"
    assert echo(None) == ""
    with tempfile.TemporaryFile() as file:
        file.write(b"on disk")
        file.seek(3)
        assert echo(file) == "disk"
    connection.close()


@inside
def test_states_are_those_of_cpython(url: str) -> None:
    import http.client
    from urllib.parse import urlsplit

    connection = http.client.HTTPConnection(urlsplit(url).netloc)

    def fails(kind, function, *args):
        try:
            function(*args)
        except kind as error:
            return str(error)
        raise AssertionError(f"no {kind.__name__}")

    fails(http.client.ResponseNotReady, connection.getresponse)
    fails(http.client.CannotSendHeader, connection.putheader, "a", "b")
    connection.request("GET", "/lines")
    fails(http.client.CannotSendRequest, connection.request, "GET", "/lines")
    first = connection.getresponse()
    connection.request("GET", "/bytes")
    fails(http.client.ResponseNotReady, connection.getresponse)
    assert first.read(3) == b"one"
    first.close()
    assert len(connection.getresponse().read()) == 256
    fails(TypeError, connection.send, 5)
    connection.close()
    connection.auto_open = 0
    fails(http.client.NotConnected, connection.send, b"x")
    fails(ValueError, http.client.HTTPConnection("h", timeout=-1).connect)
    fails(BlockingIOError, http.client.HTTPConnection("h", timeout=0).connect)
    fails(http.client.InvalidURL, http.client.HTTPConnection, "h:x")


@inside
def test_requests_that_no_host_can_send_are_refused(url: str) -> None:
    import http.client
    from urllib.parse import urlsplit

    def refused(method, path, body=None, headers=None):
        connection = http.client.HTTPConnection(urlsplit(url).netloc)
        try:
            connection.request(method, path, body, headers or {})
            connection.getresponse()
        except OSError as error:
            return str(error)
        finally:
            connection.close()
        raise AssertionError((method, path))

    assert "sends no body with GET" in refused("GET", "/echo", b"body")
    assert "sends no TRACE requests" in refused("TRACE", "/echo")
    assert "cannot be made a proxy" in refused("GET", "http://other.example/")
    assert "cannot be made a proxy" in refused("OPTIONS", "*")
    assert "2 bytes more were sent" in refused("PUT", "/echo", b"abc", {"Content-Length": "1"})
    assert "2 bytes fewer were sent" in refused("PUT", "/echo", b"abc", {"Content-Length": "5"})
    chunked = {"Transfer-Encoding": "chunked"}
    assert "expected the size of a chunk" in refused("PUT", "/echo", b"no\r\nsize\r\n", chunked)
    assert "its chunks, have no end" in refused("PUT", "/echo", b"3\r\nabc\r\n", chunked)
    tunnel = http.client.HTTPSConnection("127.0.0.1", 9)
    tunnel.set_tunnel("example.org")
    bound = http.client.HTTPConnection("127.0.0.1", source_address=("", 5))
    for connection, text in ((tunnel, "cannot be made a proxy"), (bound, "source_address")):
        try:
            connection.request("GET", "/")
        except OSError as error:
            assert text in str(error)
        else:
            raise AssertionError(text)


@inside
def test_sockets_of_the_programs_own_are_left_alone() -> None:
    import http.client
    import io

    class Socket:
        sent = b""

        def sendall(self, data):
            self.sent += data

        def makefile(self, _mode):
            return io.BytesIO(b"HTTP/1.1 200 Fine\r\nContent-Length: 2\r\n\r\nok")

        def setsockopt(self, *_):
            pass

        def close(self):
            pass

    connection = http.client.HTTPConnection("example.org")
    own = Socket()
    connection._create_connection = lambda *_: own
    connection.request("GET", "/path")
    assert connection.getresponse().read() == b"ok"
    assert own.sent.startswith(b"GET /path HTTP/1.1\r\nHost: example.org\r\n")


@inside
def test_debug_output_shows_the_exchange(url: str) -> None:
    import contextlib
    import http.client
    import io
    from urllib.parse import urlsplit

    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    connection.set_debuglevel(1)
    with contextlib.redirect_stdout(io.StringIO()) as out:
        connection.request("GET", "/status/404")
        connection.getresponse().read()
    lines = out.getvalue().splitlines()
    assert lines[0].startswith("send: b'GET /status/404 HTTP/1.1\\r\\nHost: ")
    assert lines[1] == "reply: 'HTTP/1.1 404 Not Found\\r\\n'"
    assert any(line.startswith("header: content-length: 17") for line in lines)
    connection.close()


@inside
def test_responses_of_classes_of_the_programs(url: str) -> None:
    import http.client
    from urllib.parse import urlsplit

    class Response(http.client.HTTPResponse):
        def begin(self):
            super().begin()
            self.begun = self.status

    class Connection(http.client.HTTPConnection):
        response_class = Response

    connection = Connection(urlsplit(url).netloc)
    connection.request("HEAD", "/bytes")
    response = connection.getresponse()
    assert (response.begun, response.read(), response.length) == (200, b"", 0)
    connection.close()


@inside
def test_xmlrpc(url: str) -> None:
    import xmlrpc.client

    with xmlrpc.client.ServerProxy(f"{url}rpc", allow_none=True) as server:
        assert server.add(1, 2, 3) == 6
        value = {"a": [1.5, None, "ä"], "b": xmlrpc.client.Binary(b"\x00\xff")}
        assert server.same(value) == value
        batch = xmlrpc.client.MultiCall(server)
        batch.add(1, 2)
        batch.same("x")
        assert list(batch()) == [3, "x"]
        try:
            server.absent()
        except xmlrpc.client.Fault as fault:
            assert "absent" in fault.faultString
        else:
            raise AssertionError("no Fault")
    try:
        xmlrpc.client.ServerProxy(f"{url}status/404").anything()
    except xmlrpc.client.ProtocolError as error:
        assert (error.errcode, error.errmsg) == (404, "Not Found")
    else:
        raise AssertionError("no ProtocolError")


@inside
def test_a_timeout_is_a_timeouterror(url: str) -> None:
    import http.client
    import socket
    from urllib.parse import urlsplit
    from urllib.request import urlopen

    host = urlsplit(url).netloc
    connection = http.client.HTTPConnection(host, timeout=0.1)
    asks = [
        lambda: urlopen(f"{url}slow/t2"),
        lambda: connection.request("GET", "/slow/t3") or connection.getresponse(),
    ]
    # A busy machine may not even send it in time.
    limits = (0.1, 1, 5)
    asks += [
        lambda limit=limit: urlopen(f"{url}slow/t1-{limit}", timeout=limit) for limit in limits
    ]
    socket.setdefaulttimeout(0.1)
    try:
        for ask in asks:
            try:
                ask()
            except TimeoutError as error:
                assert str(error) == "timed out"
            else:
                raise AssertionError("no TimeoutError")
    finally:
        socket.setdefaulttimeout(None)
    connection.close()
    assert urlopen(f"{url}left/t1-5").read() == b"true"
    assert urlopen(f"{url}slow/t4?seconds=0.05", timeout=60).read() == b"at last"

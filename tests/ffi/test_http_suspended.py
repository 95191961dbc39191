"""urllib and synchronous requests on a stack that can be suspended: the host goes on meanwhile."""

import pytest

from tests.hosts.base import Host
from tests.inside import inside, not_in_pyodide

pytestmark = not_in_pyodide("http.client and urllib are Pyodide's")


@pytest.fixture(autouse=True)
def _jspi(host: Host) -> None:
    if not host.js("return typeof WebAssembly.promising === 'function'"):
        pytest.skip(f"{host.name} has no JavaScript Promise Integration (JSPI)")


@inside
async def test_other_tasks_go_on_meanwhile(url: str) -> None:
    import asyncio
    from urllib.request import urlopen

    from pyjs.http import open_url, pyxhr

    async def ask(function):
        return function()

    for read in (
        lambda: urlopen(f"{url}slow/a?seconds=0.3").read(),
        lambda: pyxhr.get(f"{url}slow/b?seconds=0.3").content,
        lambda: open_url(f"{url}slow/c?seconds=0.3").read().encode(),
    ):
        turns = 0
        task = asyncio.create_task(ask(read))
        while not task.done():
            turns += 1
            await asyncio.sleep(0.01)
        assert await task == b"at last"
        assert turns > 5


@inside
async def test_requests_of_several_tasks_run_side_by_side(url: str) -> None:
    import asyncio
    import time
    from urllib.request import urlopen

    async def read(number):
        with urlopen(f"{url}slow/p{number}?seconds=0.5") as response:
            return response.read()

    began = time.perf_counter()
    assert await asyncio.gather(*map(read, range(4))) == [b"at last"] * 4
    assert time.perf_counter() - began < 1.5


@inside
def test_a_body_is_read_as_it_comes_and_leaving_it_tells_the_server(url: str) -> None:
    import http.client
    import time
    from urllib.parse import urlsplit
    from urllib.request import urlopen

    with urlopen(f"{url}stream/early") as response:
        assert response.read(2) == b"0;"
        assert response.read(2) == b"1;"
    assert urlopen(f"{url}left/early").read() == b"true"
    response = urlopen(f"{url}stream/dropped")
    assert response.read(2) == b"0;"
    del response
    assert urlopen(f"{url}left/dropped").read() == b"true"
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    connection.request("GET", "/slow/unread")
    time.sleep(0.2)
    connection.close()
    assert urlopen(f"{url}left/unread").read() == b"true"


@inside
def test_a_request_is_sent_before_its_answer_is_asked_for(url: str) -> None:
    import http.client
    import time
    from urllib.parse import urlsplit

    host = urlsplit(url).netloc
    began = time.perf_counter()
    connections = [http.client.HTTPConnection(host) for _ in range(3)]
    for number, connection in enumerate(connections):
        connection.request("GET", f"/slow/s{number}?seconds=0.5")
    for connection in connections:
        assert connection.getresponse().read() == b"at last"
    assert time.perf_counter() - began < 1.3


@inside
def test_a_body_that_stops_coming_times_out(url: str) -> None:
    from urllib.request import urlopen

    response = urlopen(f"{url}stall/x", timeout=0.2)
    assert response.read(5) == b"begun"
    for kind in (TimeoutError, OSError):
        try:
            response.fp.read()
        except kind as error:
            assert "timed out" in str(error) or "after an error" in str(error)
        else:
            raise AssertionError(f"no {kind.__name__}")
    response.close()
    assert urlopen(f"{url}left/x").read() == b"true"


@inside
async def test_a_cancelled_task_closes_the_connection(url: str) -> None:
    import asyncio
    from urllib.request import urlopen

    from pyjs.http import pyxhr

    async def ask(function):
        return function()

    for name, wait in (
        ("head", lambda: urlopen(f"{url}slow/head")),
        ("body", lambda: urlopen(f"{url}stream/body2").read()),
        ("xhr", lambda: pyxhr.get(f"{url}slow/xhr")),
    ):
        task = asyncio.create_task(ask(wait))
        await asyncio.sleep(0.15)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled(), name
    try:
        async with asyncio.timeout(0.1):
            urlopen(f"{url}slow/timeout")
    except TimeoutError:
        pass
    else:
        raise AssertionError("no TimeoutError")
    for name in ("head", "body2", "xhr", "timeout"):
        assert urlopen(f"{url}left/{name}").read() == b"true", name


def test_an_interrupt_closes_the_connection(host: Host, url: str) -> None:
    said = host.js(
        """
        const globals = py.runPython("{'__name__': 'test'}");
        globals.set("url", args[0]);
        const done = py.runPythonAsync(`
from urllib.request import urlopen
try:
    urlopen(url + "slow/interrupt").read()
except KeyboardInterrupt:
    said = "interrupted"
`, { globals });
        await new Promise((resolve) => setTimeout(resolve, 200));
        py.interrupt();
        await done;
        const left = await (await fetch(args[0] + "left/interrupt")).json();
        const said = [globals.get("said"), left];
        globals.destroy();
        return said;
        """,
        url,
    )
    assert said == ["interrupted", True]


def test_a_stack_that_cannot_wait_leaves_the_response_to_others(host: Host, url: str) -> None:
    said = host.js(
        """
        const globals = py.runPython("{'__name__': 'test'}");
        globals.set("url", args[0]);
        await py.runPythonAsync(`
from urllib.request import urlopen
response = urlopen(url + "stream/left?count=3")
`, { globals });
        const said = [py.runPython(`
try:
    response.read(2)
except RuntimeError as error:
    said = str(error)
said`, { globals })];
        said.push(await py.runPythonAsync("response.read().decode()", { globals }));
        globals.destroy();
        return said;
        """,
        url,
    )
    assert "this stack cannot be suspended" in said[0]
    assert said[1] == "0;1;2;"


@inside
def test_a_response_goes_to_any_code_that_reads_files(url: str) -> None:
    import csv
    import io
    import json
    import shutil
    import zipfile
    from urllib.request import urlopen

    with urlopen(f"{url}lines") as response:
        assert list(csv.reader(io.TextIOWrapper(response))) == [["one"], ["two"], ["three"]]
    with urlopen(f"{url}zip") as response:
        archive = zipfile.ZipFile(io.BytesIO(response.read()))
    assert archive.read("inner/file.txt") == b"unpacked"
    target = io.BytesIO()
    with urlopen(f"{url}big?size=262144") as response:
        shutil.copyfileobj(response, target)
    assert len(target.getvalue()) == 262144
    assert json.load(urlopen(f"{url}echo"))["method"] == "GET"
    assert sorted([3, 1], key=lambda n: (urlopen(f"{url}echo?n={n}").status, n)) == [1, 3]

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

    from pyjs.http import open_url, pyfetch, pyxhr

    async def ask(function):
        return function()

    for name, read in (
        ("a", lambda: urlopen(f"{url}slow/a").read()),
        ("b", lambda: pyxhr.get(f"{url}slow/b").content),
        ("c", lambda: open_url(f"{url}slow/c").read().encode()),
    ):
        task = asyncio.create_task(ask(read))
        await asyncio.sleep(0)
        assert await (await pyfetch(f"{url}begun/{name}")).json()
        assert not task.done()
        await pyfetch(f"{url}release/{name}")
        assert await task == b"at last"


@inside
async def test_requests_of_several_tasks_run_side_by_side(url: str) -> None:
    import asyncio
    from urllib.request import urlopen

    from pyjs.http import pyfetch

    async def read(number):
        with urlopen(f"{url}slow/p{number}") as response:
            return response.read()

    async def releases():
        for number in range(4):
            assert await (await pyfetch(f"{url}begun/p{number}")).json()
        for number in range(4):
            await pyfetch(f"{url}release/p{number}")

    answers = await asyncio.gather(*map(read, range(4)), releases())
    assert answers == [*[b"at last"] * 4, None]


@inside
def test_a_body_is_read_as_it_comes_and_leaving_it_tells_the_server(url: str) -> None:
    import http.client
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
    assert urlopen(f"{url}begun/unread").read() == b"true"
    connection.close()
    assert urlopen(f"{url}left/unread").read() == b"true"


@inside
def test_a_request_is_sent_before_its_answer_is_asked_for(url: str) -> None:
    import http.client
    from urllib.parse import urlsplit
    from urllib.request import urlopen

    host = urlsplit(url).netloc
    connections = [http.client.HTTPConnection(host) for _ in range(3)]
    for number, connection in enumerate(connections):
        connection.request("GET", f"/slow/s{number}")
    for number in range(3):
        assert urlopen(f"{url}begun/s{number}").read() == b"true"
    for number, connection in enumerate(connections):
        assert urlopen(f"{url}release/s{number}").read() == b""
        assert connection.getresponse().read() == b"at last"


@inside
def test_a_body_that_stops_coming_times_out(url: str) -> None:
    from urllib.request import urlopen

    for limit in (0.2, 2, 20):
        try:
            response = urlopen(f"{url}stall/x{limit}", timeout=limit)
            assert response.read(5) == b"begun"
        except TimeoutError:
            continue  # a busy machine: it has not even begun
        break
    for kind in (TimeoutError, OSError):
        try:
            response.fp.read()
        except kind as error:
            assert "timed out" in str(error) or "after an error" in str(error)
        else:
            raise AssertionError(f"no {kind.__name__}")
    response.close()
    assert urlopen(f"{url}left/x{limit}").read() == b"true"


@inside
async def test_a_cancelled_task_closes_the_connection(url: str) -> None:
    import asyncio
    from urllib.request import urlopen

    from pyjs.http import pyfetch, pyxhr

    async def ask(function):
        return function()

    def reads(response):
        reading.set()
        return response.read()

    async def begun(name):
        assert await (await pyfetch(f"{url}begun/{name}")).json()

    async def ends_when_begun(limit):
        await begun("timeout")
        limit.reschedule(0)

    reading = asyncio.Event()
    for name, wait in (
        ("head", lambda: urlopen(f"{url}slow/head")),
        ("body2", lambda: reads(urlopen(f"{url}stream/body2"))),
        ("xhr", lambda: pyxhr.get(f"{url}slow/xhr")),
    ):
        task = asyncio.create_task(ask(wait))
        await begun(name)
        if name == "body2":
            await reading.wait()
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled(), name
    try:
        async with asyncio.timeout(None) as limit:
            ends = asyncio.ensure_future(ends_when_begun(limit))
            urlopen(f"{url}slow/timeout")
    except TimeoutError:
        pass
    else:
        raise AssertionError("no TimeoutError")
    await ends
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
        await fetch(args[0] + "begun/interrupt");
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

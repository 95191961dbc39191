"""What the wheel cannot be used for: a clear error, and Pyodide goes on."""

from __future__ import annotations

import shutil
import time
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.packaging.conftest import TARGETS, session, wheel_of
from tools import server, webdriver, wheel, wheel_pyodide

_HERE = Path(__file__).parent
_TARGET = TARGETS["314"]
_ANY_ORIGIN = {"Access-Control-Allow-Origin": "*"}


_session = partial(session, _TARGET)


@pytest.fixture(scope="module")
def good(wheelhouse: str) -> str:
    """The address of the wheel that is for this Pyodide."""
    return wheelhouse + wheel_of("314").path.name


@pytest.fixture(scope="module")
def other(wheelhouse: str) -> str:
    """The address of the wheel for the next one."""
    return wheelhouse + wheel_of("315").path.name


_WORKS = """
await micropip.install(args[0]);
const works = () => py.runPython("import pyjs; pyjs.js.Math.max(1, 3, 2)");
"""


def test_wheel_of_another_pyodide(good: str, other: str) -> None:
    said, sum_, max_ = _session(
        f"""
        const said = await failure(micropip.install(args[1]));
        const sum = py.runPython("sum(range(1000))");
        {_WORKS}
        return [said, sum, works()];
        """,
        good,
        other,
    )
    assert said == (
        "ValueError: Wheel was built with Emscripten vpyemscripten.2026.5 "
        "but Pyodide was built with Emscripten v5.0.3"
    )
    assert (sum_, max_) == (499500, 3)


def test_extension_of_another_python(good: str, other: str) -> None:
    """Unpacked by hand, as it is and under the name that this Python looks for."""
    missing, forced, max_ = _session(
        f"""
        const attempt = (code) => failure(py.runPythonAsync(`
import importlib, os, sys
for name in [name for name in sys.modules if name.partition(".")[0] == "pyjs"]:
    del sys.modules[name]
${{code}}
importlib.invalidate_caches()
import pyjs`));
        const missing = await attempt(`
import io, zipfile
from pyodide.http import pyfetch
data = await (await pyfetch("${{args[1]}}")).bytes()
zipfile.ZipFile(io.BytesIO(data)).extractall("/tmp/other")
sys.path.insert(0, "/tmp/other")`);
        const forced = await attempt(`
core = "/tmp/other/pyjs/_core.cpython-31{{}}-wasm32-emscripten.so"
os.rename(core.format(5), core.format(4))`);
        await failure(py.runPythonAsync("sys.path.remove('/tmp/other')"));
        {_WORKS}
        return [missing, forced, works()];
        """,
        good,
        other,
    )
    assert missing == (
        "ImportError: importing pyjs: this wheel has no extension module for CPython 3.14 here: "
        "install the one of this Pyodide's version (await micropip.install('pyjs'))"
    )
    assert forced.startswith(
        "ImportError: importing pyjs: Python version mismatch: module was compiled for Python "
        "3.15, but the interpreter version is incompatible: 3.14."
    )
    assert max_ == 3


# Pyodide's standard library has no _interpreters; the C function behind it is there.
_IN_SUBINTERPRETER = r"""
const inSubinterpreter = () => {
  const { _module: c, FS } = py;
  const code = c.stringToNewUTF8(`
import sys
sys.path[:] = ${py.runPython("import sys; repr(sys.path)")}
try:
    import pyjs
    said = ""
except ImportError as error:
    said = str(error)
with open("/tmp/said", "w") as file:
    file.write(said)
`);
  const main = c._PyThreadState_Get();
  const made = c._Py_NewInterpreter();
  c._PyRun_SimpleString(code);
  c._Py_EndInterpreter(made);
  c._PyThreadState_Swap(main);
  c._free(code);
  return FS.readFile("/tmp/said", { encoding: "utf8" });
};
"""


def test_subinterpreter(good: str) -> None:
    """It is refused, before and after the main interpreter has imported pyjs."""
    before, first, after, second = _session(
        f"{_WORKS} {_IN_SUBINTERPRETER}"
        "return [inSubinterpreter(), works(), inSubinterpreter(), works()];",
        good,
    )
    assert before == after
    assert before == (
        "importing pyjs: pyjs._core: JavaScript's side serves the main interpreter, and this is a "
        "subinterpreter; import pyjs in the main interpreter"
    )
    assert (first, second) == (3, 3)


# All memory that wasm can have; Python then has blocks to give back, one after the other.
_FILL = """
py.runPython(`
small, large = [bytearray(4096) for _ in range(2000)], []
def fill():
    size = 1 << 26
    while size >= 256:
        try:
            large.append(bytearray(size))
        except MemoryError:
            size >>= 1
def release():
    large.clear()
`);
const get = (name) => py.globals.get(name);
const [fill, small, release] = ["fill", "small", "release"].map(get);
"""


def test_out_of_memory_while_installing(good: str) -> None:
    """With too little for the wheel, but enough for Pyodide to go on at all."""
    said, sum_ = _session(
        f"""
        {_FILL}
        fill();
        for (let i = 0; i < 100; i++) small.pop().destroy();
        const said = await failure(micropip.install(args[0]));
        release();
        return [said, py.runPython("sum(range(1000))")];
        """,
        good,
    )
    assert "Memory" in said or "memory" in said
    assert sum_ == 499500


def test_page_that_forbids_eval(tmp_path: Path) -> None:
    """The error of the installation names the directive, the one of an import all the same too."""
    for page in ("page.mjs", "page.html"):
        shutil.copy(_HERE / page, tmp_path)
    with (
        server.serving(wheel_pyodide.distribution(_TARGET), headers=_ANY_ORIGIN) as pyodide,
        server.serving(wheel.DIST, headers=_ANY_ORIGIN) as wheels,
        server.serving(tmp_path, headers=_policy(pyodide)) as site,
        webdriver.chromium() as browser,
    ):
        given = {"pyodide": pyodide, "wheel": wheels + wheel_of("314").path.name}
        browser.get(f"{site}page.html?{urlencode(given)}")
        end = time.monotonic() + 300
        while (said := browser.execute_script("return window.said ?? null")) is None:
            assert time.monotonic() < end, "the page came to no end"
            time.sleep(0.1)
    assert "EvalError" in said["installed"]
    assert "because 'unsafe-eval' is not an allowed source of script" in said["installed"]
    assert said["imported"].strip().splitlines()[-1] == (
        "ImportError: importing pyjs: the extension was not loaded whole when it was installed, "
        "and the error of micropip.install says why; the page's Content-Security-Policy has to "
        "allow 'unsafe-eval' in script-src: Pyodide compiles the JavaScript of extension modules "
        "that way"
    )
    assert said["after"] == 499500


def _policy(pyodide: str) -> dict[str, str]:
    return {"Content-Security-Policy": f"script-src 'self' 'wasm-unsafe-eval' {pyodide}"}

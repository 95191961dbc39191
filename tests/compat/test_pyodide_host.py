"""What loadPyodide sets up in Python, and what test runners record and restore."""

from tests.inside import inside
from tests.js import run_node


def test_nothing_of_it_is_imported_at_the_start() -> None:
    body = """
    const py = await loadPyjs({ indexURL });
    const ours = "['pyodide', '_pyodide', 'jstypes', '_pyodide_core', 'pyjs._code_runner']";
    return py.runPython(`
import sys
[name for name in sys.modules if name.partition(".")[0] in ${ours} or name in ${ours}]
`).toJs();
    """
    assert run_node(body) == []


def test_what_programs_know_pyodide_by() -> None:
    body = """
    const py = await loadPyjs({ indexURL });
    const host = py.pyimport("pyjs._pyodide_host");
    host.install();
    host.install();
    return py.runPython(`
import sys
known = ["_pyodide_core" in sys.modules, "pyodide" in sys.modules]
light = [name in sys.modules for name in ("asyncio", "pyodide.ffi", "inspect", "ast")]
import _pyodide_core
from pyodide import ffi
same = [_pyodide_core.to_js is ffi.to_js, _pyodide_core.JsException is ffi.JsException]
[known, light, same]
`).toJs();
    """
    assert run_node(body) == [[True, True], [False, False, False, False], [True, True]]


@inside
def test_state() -> None:
    import importlib.util
    import sys

    from pyodide._state import restore_state, save_state
    from pyodide.ffi import register_js_module, unregister_js_module

    from js import Object

    names = sys.modules["__main__"].__dict__
    register_js_module("state_kept", Object.new())
    import state_kept

    names["before"] = 1
    state = save_state()
    try:
        assert sorted(state) == ["globals", "js_modules", "loaded_js_modules"]
        names.update(before=2, after=3)
        unregister_js_module("state_kept")
        register_js_module("state_new", Object.new())

        assert type(restore_state(state)) is int
        assert names["before"] == 1
        assert "after" not in names
        assert sys.modules["state_kept"] is state_kept
        assert "state_new" not in sys.modules
        assert importlib.util.find_spec("state_new") is None
    finally:
        unregister_js_module("state_kept")
        del names["before"], state, state_kept


@inside
def test_the_browser_that_opens_pages() -> None:
    import webbrowser

    from js import globalThis

    seen = []
    from pyodide.ffi import create_proxy

    class Window:
        def open(self, url, target):
            seen.append((url, target))
            return self

    real = getattr(globalThis, "window", None)
    if real is None:
        assert webbrowser.open("https://example.org/") is False
        proxy = globalThis.window = create_proxy(Window())
        try:
            assert webbrowser.open_new_tab("https://example.org/") is True
        finally:
            del globalThis.window
            proxy.destroy()
    else:
        before = real.open
        real.open = proxy = create_proxy(Window().open)
        try:
            assert webbrowser.open("https://example.org/") is True
        finally:
            real.open = before
            proxy.destroy()
    assert seen == [("https://example.org/", "_blank")]
    assert webbrowser.get().name == "js"

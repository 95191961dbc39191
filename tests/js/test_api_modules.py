"""registerJsModule, isPyProxy, loadedPackages."""

import pytest

from tests.hosts.base import Host


def test_an_object_is_a_module_until_it_is_unregistered(host: Host) -> None:
    assert host.js(
        """
        const shapes = { sides: 4, round: { pi: 3 } };
        const code = "import shapes; from shapes.round import pi; shapes.sides + pi";
        py.registerJsModule("shapes", shapes);
        const got = [py.runPython(code)];
        shapes.sides = 5;
        got.push(py.runPython(code));
        py.registerJsModule("shapes", { sides: 1, round: { pi: 1 } });
        got.push(py.runPython(code));
        py.runPython("del shapes, pi");
        py.unregisterJsModule("shapes");
        try { py.runPython("import shapes"); } catch (error) { got.push(error.type); }
        return got;
        """
    ) == [7, 8, 2, "ModuleNotFoundError"]


_NAME = "registerJsModule: expected the module's name as a string"
_OBJECT = "registerJsModule: expected an object as the module"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("registerJsModule(5, {})", f"{_NAME}, got number"),
        ("registerJsModule('a', 5)", f"{_OBJECT}, got number"),
        ("registerJsModule('a', null)", f"{_OBJECT}, got null"),
        ("registerJsModule('a')", f"{_OBJECT}, got undefined"),
        ("registerJsModule('a', py.globals)",
         "TypeError: register_js_module: expected a JsProxy for 'a', got dict"),
        ("unregisterJsModule()",
         "unregisterJsModule: expected the module's name as a string, got undefined"),
        ("unregisterJsModule('nowhere')",
         "ValueError: unregister_js_module: expected a registered JavaScript module, got "
         "'nowhere'"),
    ],
)  # fmt: skip
def test_bad_input(host: Host, call: str, message: str) -> None:
    assert host.js(
        f"""
        try {{ py.{call}; return "nothing"; }}
        catch (error) {{ return error.message.trim().split("\\n").at(-1); }}
        """
    ) == message  # fmt: skip


def test_what_is_a_py_proxy(host: Host) -> None:
    assert (
        host.js(
            """
        const list = py.runPython("[]"), f = py.runPython("len");
        const got = [list, f, py.globals].map(py.isPyProxy);
        list.destroy(); f.destroy();
        got.push(py.isPyProxy(list));
        return [...got, ...[null, undefined, 5, "a", {}, () => {}, py].map(py.isPyProxy)];
        """
        )
        == [True] * 4 + [False] * 7
    )


def test_no_packages_are_loaded(host: Host) -> None:
    assert host.js("return [typeof py.loadedPackages, Object.keys(py.loadedPackages)]") == [
        "object",
        [],
    ]

"""Every public name and signature of pyodide-py is there; all is compared with what it declares."""

from __future__ import annotations

import json
import subprocess
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.compat.declared import Declared, Package, Parameters
from tests.hosts.base import Host
from tools import pyodide_py, versions
from tools.toolchain import sdk

ROOT = versions.ROOT
MODULES = (
    "pyodide",
    "pyodide.code",
    "pyodide.console",
    "pyodide.ffi",
    "pyodide.ffi.wrappers",
    "pyodide.http",
    "pyodide.http.pyxhr",
    "pyodide.webloop",
)
# Public all the same.
_BESIDE_ALL = {
    "pyodide.console": ["COMPLETE", "INCOMPLETE", "SYNTAX_ERROR", "redirect_stdin", "shorten"],
    "pyodide.ffi": ["InternalError", "can_run_sync"],
}
# What there is once more elsewhere.
_ELSEWHERE = {
    "_pyodide._base": [
        "CodeRunner", "ReturnMode", "eval_code", "eval_code_async", "find_imports",
        "pyimport_impl", "should_quiet",
    ],
    "_pyodide._core_docs": ["JsProxy", "_JsProxyMetaClass", "create_proxy", "to_js"],
    "_pyodide._importhook": [
        "JsFinder", "add_note_to_module_not_found_error", "jsfinder", "register_js_module",
        "register_module_not_found_hook", "unregister_js_module",
    ],
    "_pyodide.jsbind": ["BindClass", "Deep", "Default", "Json"],
    "pyodide._core": ["IN_PYODIDE"],
    "pyodide._run_js": ["run_js"],
    "pyodide._state": ["restore_state", "save_state"],
    "pyodide.common": ["install_files"],
    "pyodide.http._exceptions": ["XHRError", "XHRNetworkError", "XHRTimeoutError"],
}  # fmt: skip

# An expression of an instance, of classes whose members JavaScript's object has.
_INSTANCES = {
    "JsArray": ["js.Array.new()"],
    "JsAsyncGenerator": ["js.eval('(async function* () {})()')"],
    "JsDomElement": ["js.document.createElement('p') if hasattr(js, 'document') else None"],
    "JsCallableDoubleProxy": ["ffi.create_proxy(print)"],
    "JsDoubleProxy": ["ffi.create_proxy([])"],
    "JsException": ["js.Error.new()"],
    "JsFetchResponse": ["js.Response.new()"],
    "JsOnceCallable": ["ffi.create_once_callable(print)"],
    "JsProxy": ["js.Object.new()", "js.Date"],
    "JsTypedArray": ["js.Uint8Array.new(1)"],
    "JsWeakRef": ["js.WeakRef.new(js.Object)"],
}
# What is declared, but not there in Pyodide either: a typed array has one length for ever.
_NOWHERE = {"JsTypedArray": {"append", "extend", "insert", "pop", "push", "remove"}}

# Functions that are native in Pyodide, where the stub of our core does not tell.
_NATIVE = ("run_sync",)

_DESCRIBE = """
import importlib, inspect, json, js
from pyodide import ffi

def parameters(value):
    try:
        signature = inspect.signature(value)
    except (TypeError, ValueError):
        return None
    return [
        [each.name, each.kind.name, None if each.default is each.empty else repr(each.default)]
        for each in signature.parameters.values()
    ]

def describe(name, value, members, instances):
    known = {}
    holders = [eval(each) for each in instances.get(name, [])]
    for member in members:
        if hasattr(value, member):
            known[member] = parameters(inspect.getattr_static(value, member, None))
        elif None in holders or any(hasattr(each, member) for each in holders):
            known[member] = None
        elif any(member in vars(c).get("__annotations__", {}) for c in value.__mro__):
            known[member] = None
    for each in holders:
        if isinstance(each, ffi.JsDoubleProxy):
            each.destroy()
    return [parameters(value), known]

def main(wanted, instances):
    wanted, instances = json.loads(wanted), json.loads(instances)
    found = {}
    for module, names in wanted.items():
        imported = importlib.import_module(module)
        found[module] = {
            name: describe(name, getattr(imported, name), members, instances)
            for name, members in names.items() if hasattr(imported, name)
        }
    return json.dumps(found)
main
"""

# (parameters, {member: parameters}); None where Python cannot tell them.
Found = dict[str, dict[str, tuple[Parameters | None, dict[str, Parameters | None]]]]


@cache
def _theirs() -> Package:
    with zipfile.ZipFile(pyodide_py.wheel()) as archive:
        return Package(
            {
                name.removesuffix(".py").removesuffix("/__init__").replace("/", "."): str(
                    archive.read(name), "utf-8"
                )
                for name in archive.namelist()
                if name.endswith(".py")
            }
        )


@cache
def _core() -> dict[str, Any]:
    """What the stub of the core declares, which is for a newer Python than runs this."""
    command: list[str | Path] = [
        sdk().build_python,
        "-m",
        "tests.compat.declared",
        ROOT / "python/pyjs/_core.pyi",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def _wanted() -> dict[str, dict[str, Declared | None]]:
    """The names of each module, and what is declared of them."""
    package = _theirs()
    names = {
        name: [*package.exported(name), *_BESIDE_ALL.get(name, ())] for name in MODULES
    } | _ELSEWHERE
    return {
        module: {name: package.find(module, name) for name in sorted(chosen)}
        for module, chosen in names.items()
    }


def _public(module: str, name: str, declared: Declared | None) -> dict[str, Declared]:
    """The members that programs use; of proxies those that not every proxy is declared to have."""
    if declared is None or module.startswith("_"):
        return {}
    base = _theirs().find("pyodide.ffi", "JsProxy") if module == "pyodide.ffi" else None
    of_all = {} if base is None or name == "JsProxy" else base.members
    return {
        member: each
        for member, each in declared.members.items()
        if not member.startswith("_") and member not in {*of_all, *_NOWHERE.get(name, ())}
    }


@pytest.fixture
def found(host: Host) -> Found:
    wanted = {
        module: {name: sorted(_public(module, name, each)) for name, each in names.items()}
        for module, names in _wanted().items()
    }
    body = """
    const main = py.runPython(args[0], { globals: py.runPython("{'__name__': 'test'}") });
    try { return main(args[1], args[2]); } finally { main.destroy(); }
    """
    answer = host.js(body, _DESCRIBE, json.dumps(wanted), json.dumps(_INSTANCES))
    result: Found = json.loads(answer)
    return result


def test_the_names(found: Found) -> None:
    wanted = {(module, name) for module, names in _wanted().items() for name in names}
    assert len(wanted) > 100
    assert wanted - {(module, name) for module in found for name in found[module]} == set()


def test_what_a_star_imports(host: Host) -> None:
    body = "return py.runPython(`import ${args[0]} as m; sorted(m.__all__)`).toJs()"
    for module in MODULES:
        assert host.js(body, module) == sorted(_theirs().exported(module)), module


def test_the_members_of_classes(found: Found) -> None:
    missing = [
        f"{module}.{name}.{member}"
        for module, names in _wanted().items()
        for name, declared in names.items()
        for member in _public(module, name, declared)
        if member not in found[module][name][1]
    ]
    assert missing == []


def _differs(declared: Parameters, ours: Any, native: bool) -> bool:
    """Whether some call that fits the one does not fit the other.

    Names of what is given by position alone are nobody's concern, and more keywords no hindrance.
    Native functions take by position what Pyodide's take so too, whatever is declared.
    """
    kinds = {kind for _, kind, _ in ours}
    if {"VAR_POSITIONAL", "VAR_KEYWORD"} <= kinds:
        return False
    by_position = [p for p in declared if p[1].startswith("POSITIONAL")]
    ours_by_position = [p for p in ours if p[1].startswith("POSITIONAL")]
    if len(by_position) > len(ours_by_position):
        return True
    for (name, kind, default), own in zip(by_position, ours_by_position, strict=False):
        named = kind != "POSITIONAL_ONLY" and name != "self" and not native
        if named and (own[0] != name or own[1] == "POSITIONAL_ONLY"):
            return True
        if not _fits(default, own[2], native):
            return True
    keywords = {name: default for name, kind, default in ours if kind != "POSITIONAL_ONLY"}
    for name, kind, default in declared:
        if kind.startswith("VAR") and kind not in kinds:
            return True
        taken = name in keywords and _fits(default, keywords[name], native)
        if kind == "KEYWORD_ONLY" and "VAR_KEYWORD" not in kinds and not taken:
            return True
    more = [*ours_by_position[len(by_position) :], *(p for p in ours if p[1] == "KEYWORD_ONLY")]
    names = {name for name, _, _ in declared}
    return any(default is None and name not in names for name, _, default in more)


def _fits(declared: str | None, ours: str | None, native: bool) -> bool:
    """Whether a default is the declared one; where none is declared there may be one."""
    return declared is None or declared == ours or (native and ours is not None)


def _stub(name: str, member: str | None) -> Parameters | None:
    """What the stub of the core says, whose functions are C++'s."""
    found = _core().get(name)
    if found is not None and member is not None:
        found = found["members"].get(member)
    return None if found is None or found["kind"] != "function" else found["parameters"]


def test_the_signatures(found: Found) -> None:
    different, compared = {}, 0
    for module, names in _wanted().items():
        for name, declared in names.items():
            if declared is None:
                continue
            parameters, members = found[module][name]
            pairs = [(name, declared, parameters, _stub(name, None))]
            pairs += [
                (f"{name}.{member}", each, members.get(member), _stub(name, member))
                for member, each in _public(module, name, declared).items()
            ]
            for shown, each, found_there, stub in pairs:
                ours = found_there if stub is None else stub
                if each.kind != "function" or ours is None:
                    continue
                compared += 1
                native = stub is not None or shown in _NATIVE or shown.startswith("JsProxy.")
                if _differs(each.parameters, ours, native):
                    different[f"{module}.{shown}"] = each.parameters, ours
    assert different == {}
    assert compared > 150

"""The examples of the public documentation: docstrings, and the comments of the .d.ts files."""

from __future__ import annotations

import doctest
import json
import re

from tests.hosts.base import Host
from tests.js import DIST, run_node

# Every docstring of the package's public names and of their public members.
_COLLECT = """
import importlib
def describe(name, thing, found):
    found[name] = (thing.__doc__ or "", callable(thing) and not isinstance(thing, type))
    if isinstance(thing, type):
        for member, value in vars(thing).items():
            if not member.startswith("_") and getattr(value, "__doc__", None):
                found[f"{name}.{member}"] = (value.__doc__, False)
found = {}
for name in ("pyjs", "pyjs.ffi", "pyjs.code", "pyjs.console", "pyjs.webloop", "pyjs.converters",
             "pyjs.http", "pyjs.http.pyxhr", "jstypes", "pyodide", "pyodide.ffi",
             "pyodide.ffi.wrappers", "pyodide.http", "pyodide.http.pyxhr"):
    module = importlib.import_module(name)
    found[name] = (module.__doc__, False)
    for public in getattr(module, "__all__", ()):
        if public != "js":
            describe(f"{name}.{public}", getattr(module, public), found)
import json
json.dumps(found)
"""

_RUN = """
import contextlib, io, json
from pyjs.code import run_async
async def run(sources):
    names, outputs = {"__name__": "__main__"}, []
    for source in sources:
        with contextlib.redirect_stdout(io.StringIO()) as out:
            if (value := await run_async(source, names)) is not None:
                print(repr(value))
        outputs.append(out.getvalue())
    return json.dumps(outputs)
run
"""


def _docstrings(host: Host) -> dict[str, tuple[str, bool]]:
    found = host.js("return py.runPython(args[0], { globals: py.runPython('{}') })", _COLLECT)
    return {name: (doc, function) for name, (doc, function) in json.loads(found).items()}


def _run(host: Host, sources: list[str]) -> list[str]:
    body = """
    const run = py.runPython(args[0], { globals: py.runPython("{'__name__': 'test'}") });
    const sources = py.toPy(args[1]);
    try { return await run(sources); } finally { run.destroy(); sources.destroy?.(); }
    """
    return list(json.loads(host.js(body, _RUN, sources)))


def check_examples(host: Host, name: str, doc: str) -> None:
    """Every example of a docstring gives what it says."""
    check, parts = doctest.OutputChecker(), doctest.DocTestParser().get_examples(doc)
    if parts:
        for part, got in zip(parts, _run(host, [part.source for part in parts]), strict=True):
            assert check.check_output(part.want, got, 0), (name, part.source, part.want, got)


def test_docstrings(host: Host) -> None:
    for name, (doc, _) in _docstrings(host).items():
        check_examples(host, name, doc)


def test_every_public_function_has_an_example(host: Host) -> None:
    documented = _docstrings(host).items()
    # The compatible modules document what they have beside that.
    ours = [(name, entry) for name, entry in documented if name.startswith("pyjs")]
    functions = {name: doc for name, (doc, function) in ours if function}
    assert {name for name, doc in functions.items() if ">>>" not in doc} == set()


# By whose types they are: the module, the function that loads, and what examples call its result.
_ENTRIES = {
    "pyodide.d.ts": ("pyodide.mjs", "loadPyodide", "pyodide"),
}
_USUAL = ("pyjs.mjs", "loadPyjs", "py")


def _typescript_examples() -> list[tuple[str, tuple[str, str, str]]]:
    found = []
    for path in sorted(DIST.glob("*.d.ts")):
        blocks = re.findall(r"@example\n((?:\s*\* .*\n)+?)\s*\*/", path.read_text())
        examples = (re.sub(r"^\s*\* ?", "", block, flags=re.M) for block in blocks)
        found += [(example, _ENTRIES.get(path.name, _USUAL)) for example in examples]
    return found


def test_examples_of_the_types() -> None:
    """`expression; // value` gives that value."""
    examples = _typescript_examples()
    assert len(examples) >= 4
    parts = []
    for number, (example, (module, load, name)) in enumerate(examples):
        checked = re.sub(r"^(.*); // (.*)$", r"check(\1, (\2));", example, flags=re.M)
        own = f"const {name} = await {load}(" in example
        parts.append(f"""
        await (async () => {{
          const check = (got, wanted) => {{
            if (!same(got, wanted)) wrong[{number}] = [got, wanted];
          }};
          const {{ {load} }} = await import({json.dumps(f"{DIST.as_uri()}/{module}")});
          {"" if own else f"const {name} = await {load}();"}
          {checked}
          {name}.dispose();
        }})().catch((error) => {{ wrong[{number}] = String(error); }});
        """)
    body = f"""
    const wrong = {{}};
    const {{ isDeepStrictEqual: same }} = await import("node:util");
    {"".join(parts)}
    return wrong;
    """
    wrong = run_node(body)
    assert {examples[int(number)][0]: what for number, what in wrong.items()} == {}

"""Checks that C++ and TypeScript agree on the numbers that cross between them.

python3 -m tools.protocol
"""

from __future__ import annotations

import re

from tools import versions
from tools.report import ToolError, main, plain

ROOT = versions.ROOT
_TYPESCRIPT = "js/core/types.ts"
_CPP = {
    "Tag": "src/slot.hpp",
    "JsFlag": "src/slot.hpp",
    "PyFlag": "src/slot.hpp",
    "JsOp": "src/glue.hpp",
    "View": "src/js_types.hpp",
    "PyOp": "src/py_ops.hpp",
    "BufferWord": "src/py_buffer.hpp",
    "BufferFlag": "src/py_buffer.hpp",
    "Tape": "src/tape.hpp",
    "Feed": "src/tape.hpp",
    "Policy": "src/deep_to_py.hpp",
    "Known": "src/deep_to_py.hpp",
}


def check() -> None:
    """Raise a ToolError that names the first enumeration or table that differs."""
    for name, source in _CPP.items():
        ours = _members(source, rf"enum class {name} : std::uint32_t \{{(.*?)\}};")
        theirs = _members(_TYPESCRIPT, rf"export const enum {name} \{{(.*?)\n\}}")
        if ours != theirs:
            only = sorted(ours.items() ^ theirs.items())
            raise ToolError(f"protocol: {name} differs between {source} and {_TYPESCRIPT}: {only}")
    _check_tables()


def _check_tables() -> None:
    """The functions that the two halves of the wheel's core hand each other, in one order."""
    cpp = (ROOT / "src/glue_table.hpp").read_text()
    imported = re.findall(r"decltype\(&(?:\w+::)*(\w+)\)", cpp)
    exported = re.findall(r"<const void\*>\((\w+)\)", (ROOT / "src/entry_wheel.cpp").read_text())
    typescript = (ROOT / "js/wheel/join.ts").read_text()
    theirs = re.findall(r'^  \["(\w+)", "\w+"\],', typescript, re.MULTILINE)
    listed = re.findall(r'^  "(\w+)",$', typescript, re.MULTILINE)
    for what, ours, other in (("imports", imported, theirs), ("exports", exported, listed)):
        if ours != other:
            raise ToolError(
                f"protocol: the wheel's {what} differ: C++ has {', '.join(ours)}; "
                f"js/wheel/join.ts has {', '.join(other)}"
            )


def _members(path: str, pattern: str) -> dict[str, str]:
    match = re.search(pattern, (ROOT / path).read_text(), re.DOTALL)
    if match is None:
        raise ToolError(f"protocol: {path} does not match {pattern}")
    found = re.findall(r"^\s*(\w+) = ([^,/\n]+),", match[1], re.MULTILINE)
    return {name: value.strip() for name, value in found}


if __name__ == "__main__":
    main(plain("protocol", check))

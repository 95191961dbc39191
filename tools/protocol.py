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
    """Raise a ToolError that names the first enumeration that differs."""
    for name, source in _CPP.items():
        ours = _members(source, rf"enum class {name} : std::uint32_t \{{(.*?)\}};")
        theirs = _members(_TYPESCRIPT, rf"export const enum {name} \{{(.*?)\n\}}")
        if ours != theirs:
            only = sorted(ours.items() ^ theirs.items())
            raise ToolError(f"protocol: {name} differs between {source} and {_TYPESCRIPT}: {only}")


def _members(path: str, pattern: str) -> dict[str, str]:
    match = re.search(pattern, (ROOT / path).read_text(), re.DOTALL)
    if match is None:
        raise ToolError(f"protocol: {path} does not match {pattern}")
    found = re.findall(r"^\s*(\w+) = ([^,/\n]+),", match[1], re.MULTILINE)
    return {name: value.strip() for name, value in found}


if __name__ == "__main__":
    main(plain("protocol", check))

"""The gallery: runs a notebook cell by cell, as a notebook's kernel would.

python3 -m tools.pyvenv run python -m tests.notebooks           compare with the stored outputs
python3 -m tools.pyvenv run python -m tests.notebooks --write   store what comes out in Chromium
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.hosts.base import Host, HostError
from tests.hosts.start import DIST, start
from tools.report import ToolError, main, say

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
PATHS = sorted(FOLDER.glob("*.ipynb"))

#: Tags of cells that need more than every engine has, and how JavaScript tells.
NEEDS = {
    "needs-jspi": "typeof WebAssembly.promising === 'function'",
    "needs-canvas": "typeof OffscreenCanvas === 'function'",
}

#: What cells put out, by their ids; None for one that was left out.
Outputs = dict[str, list[dict[str, Any]] | None]

# Runs in the kernel; imports nothing that a notebook may find missing.
_KERNEL = """
import ast, base64, contextlib, io, json

names = {"__name__": "__main__"}
FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT

async def evaluate(tree, id, mode):
    code = compile(tree, f"<{id}>", mode, FLAGS)
    result = eval(code, names)
    return await result if code.co_flags & 0x80 else result  # inspect.CO_COROUTINE

def data(value):
    found = {"text/plain": repr(value)}
    if hasattr(type(value), "_repr_svg_"):
        found["image/svg+xml"] = value._repr_svg_()
    if hasattr(type(value), "_repr_png_"):
        found["image/png"] = base64.b64encode(value._repr_png_()).decode()
    return found

async def run_cell(id, source):
    tree = compile(source, f"<{id}>", "exec", FLAGS | ast.PyCF_ONLY_AST)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(io.StringIO()) as out:
        await evaluate(tree, id, "exec")
        value = last and await evaluate(ast.Expression(last.value), id, "eval")
    shown = None if value is None else data(value)
    return json.dumps({"stdout": out.getvalue(), "data": shown})
"""

# What a front end does: one call for each cell.
_SESSION = """
const [kernel, cells, lacks, where] = args;
%(load)s
const globals = runtime.runPython("{}");
try {
  runtime.runPython(kernel, { globals });
  const ran = [];
  for (const { id, source, needs } of cells) {
    if (needs.some((tag) => lacks.includes(tag))) { ran.push(null); continue; }
    const cell = runtime.toPy([id, source]);
    globals.set("cell", cell);
    cell.destroy();
    ran.push(JSON.parse(await runtime.runPythonAsync("await run_cell(*cell)", { globals })));
  }
  return ran;
} finally {
  globals.destroy();
  %(end)s
}
"""

#: How a session begins and ends, for run().
OWN = {
    "load": """
const { loadPyjs } = await import(where);
const runtime = await loadPyjs();""",
    "end": "runtime.dispose();",
}
STOCK = {
    "load": """
const { loadPyodide } = await import(`${where}pyodide.mjs`);
const runtime = await loadPyodide({ indexURL: where });
await runtime.loadPackage("micropip", { messageCallback: () => {} });""",
    "end": "",
}


@dataclass(frozen=True)
class Cell:
    """A cell of code."""

    id: str
    source: str
    needs: tuple[str, ...] = ()


class Notebook:
    """A file of nbformat 4.5."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.content: dict[str, Any] = json.loads(path.read_text())

    def _code(self) -> list[dict[str, Any]]:
        return [cell for cell in self.content["cells"] if cell["cell_type"] == "code"]

    @property
    def cells(self) -> list[Cell]:
        return [
            Cell(cell["id"], "".join(cell["source"]), tuple(cell["metadata"].get("tags", ())))
            for cell in self._code()
        ]

    @property
    def outputs(self) -> dict[str, list[dict[str, Any]]]:
        """The stored outputs of each cell, without their numbers."""
        return {
            cell["id"]: [
                {key: value for key, value in output.items() if key != "execution_count"}
                for output in cell["outputs"]
            ]
            for cell in self._code()
        }

    def write(self, outputs: dict[str, list[dict[str, Any]]]) -> None:
        """Store outputs, and the cells' numbers."""
        for count, cell in enumerate(self._code(), 1):
            cell["outputs"] = [
                {**output, "execution_count": count} if "data" in output else output
                for output in outputs[cell["id"]]
            ]
            cell["execution_count"] = count
        text = json.dumps(self.content, indent=1, ensure_ascii=False)
        self.path.write_text(f"{text}\n")


def lacking(host: Host) -> set[str]:
    """The tags of what the engine lacks."""
    return {tag for tag, test in NEEDS.items() if not host.js(f"return {test}")}


def run(host: Host, cells: list[Cell], kind: dict[str, str], where: str) -> Outputs:
    """What each cell of a new kernel puts out, as a notebook stores it.

    None stands for a cell that was left out, since the engine lacks what it needs.
    """
    lacks = sorted(lacking(host))
    given = [{"id": cell.id, "source": cell.source, "needs": cell.needs} for cell in cells]
    ran = host.js(_SESSION % kind, _KERNEL, given, lacks, where)
    return {
        cell.id: None if got is None else _stored(got) for cell, got in zip(cells, ran, strict=True)
    }


def run_own(host: Host, notebook: Notebook) -> Outputs:
    """The same in a new runtime of ours."""
    where = f"{DIST.as_uri()}/pyjs.mjs" if host.is_node else "/dist/pyjs.mjs"
    return run(host, notebook.cells, OWN, where)


def _stored(got: dict[str, Any]) -> list[dict[str, Any]]:
    outputs: list[dict[str, Any]] = []
    if got["stdout"]:
        lines = got["stdout"].splitlines(keepends=True)
        outputs.append({"output_type": "stream", "name": "stdout", "text": lines})
    if got["data"]:
        data = {
            kind: text if kind == "image/png" else text.splitlines(keepends=True)
            for kind, text in got["data"].items()
        }
        outputs.append({"output_type": "execute_result", "data": data, "metadata": {}})
    return outputs


def _entry(arguments: list[str]) -> int:
    if arguments not in ([], ["--write"]):
        raise ToolError(f"usage: python3 -m tests.notebooks [--write]; given {arguments}")
    host = start("chromium")
    try:
        changed = [path.name for path in PATHS if _differs(host, path, write=bool(arguments))]
    except HostError as error:
        raise ToolError(f"running the gallery: a cell failed\n{error}") from error
    finally:
        host.close()
    if changed and not arguments:
        raise ToolError(f"other outputs than stored: {', '.join(changed)}; --write stores them")
    return 0


def _differs(host: Host, path: Path, write: bool) -> bool:
    notebook = Notebook(path)
    say("notebooks", path.name)
    got = run_own(host, notebook)
    outputs = {name: made for name, made in got.items() if made is not None}
    if len(outputs) < len(got):
        raise ToolError(f"{path.name}: this Chromium lacks what some cells need: {NEEDS}")
    differs = outputs != notebook.outputs
    if write:
        notebook.write(outputs)
    return differs


if __name__ == "__main__":
    main(_entry)

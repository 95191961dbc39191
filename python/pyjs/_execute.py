"""What JavaScript's `exec`, `eval` and `eval_file` call; `exec_eval` is `pyjs.code.run`."""

import tokenize
from typing import Any

from pyjs import _traceback, code


def execute(source: str, globals: dict[str, Any] | None = None, locals: Any = None) -> None:
    """Run statements."""
    code.run(source, globals, locals)


def evaluate(source: str, globals: dict[str, Any] | None = None, locals: Any = None) -> Any:
    """Return the value of the one expression that `source` is, with space around it or not."""
    names = code.namespace(globals)
    source = source.strip()
    compiled = compile(source, "<exec>", "eval", dont_inherit=True)
    _traceback.remember(compiled, source)
    return eval(compiled, names, names if locals is None else locals)


def run_file(path: str, globals: dict[str, Any] | None = None, locals: Any = None) -> Any:
    """Run a file and return the value of the expression that ends it, or None."""
    with tokenize.open(path) as file:  # its encoding is what the file says
        source = file.read()
    return code.run(source, globals, locals, path)

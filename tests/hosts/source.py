"""Test functions as source text that runs inside the runtime."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_WAITS = (Path(__file__).resolve().parents[1] / "waits.py").read_text()
_SHOW = """
def __failed__(left, operator, right, message):
    def short(value):
        text = ascii(value)
        return text if len(text) < 400 else f"{text[:380]}... ({len(text)} characters)"

    text = f"{short(left)} {operator} {short(right)}"
    if message is not None:
        text += f": {short(message)}"
    raise AssertionError(text)
"""
_OPERATORS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


class _Asserts(ast.NodeTransformer):
    """Makes `assert a == b` say what a and b were, as pytest does outside."""

    def visit_Assert(self, node: ast.Assert) -> Any:
        test = node.test
        if not isinstance(test, ast.Compare) or len(test.ops) != 1:
            return node
        names = [ast.Name("__left__", ast.Load()), ast.Name("__right__", ast.Load())]
        setup = [
            ast.Assign([ast.Name(name.id, ast.Store())], value)
            for name, value in zip(names, (test.left, test.comparators[0]), strict=True)
        ]
        operator = ast.Constant(_OPERATORS[type(test.ops[0])])
        message = node.msg or ast.Constant(None)
        failed = ast.Call(
            ast.Name("__failed__", ast.Load()), [names[0], operator, names[1], message], []
        )
        check = ast.If(
            ast.UnaryOp(ast.Not(), ast.Compare(names[0], test.ops, [names[1]])),
            [ast.Expr(failed)],
            [],
        )
        return [ast.copy_location(statement, node) for statement in (*setup, check)]


@dataclass(frozen=True)
class Source:
    """The text of one test function."""

    name: str
    filename: str
    text: str
    is_async: bool

    @classmethod
    def of(cls, function: Callable[..., Any]) -> Source:
        text = textwrap.dedent(inspect.getsource(function))
        tree = ast.parse(text)
        definition = tree.body[0]
        assert isinstance(definition, ast.FunctionDef | ast.AsyncFunctionDef)
        definition.decorator_list.clear()
        changed = ast.fix_missing_locations(_Asserts().visit(tree))
        return cls(
            function.__name__,
            f"<{inspect.getsourcefile(function)}:{function.__name__}>",
            ast.unparse(changed),
            inspect.iscoroutinefunction(function),
        )

    def program(self, arguments: dict[str, Any]) -> str:
        """Source that defines the function and calls it with literals."""
        given = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
        call = f"{'await ' if self.is_async else ''}{self.name}({given})"
        waits = _WAITS if "await until(" in self.text or "await turns(" in self.text else ""
        return f"{_SHOW}\n{waits}\n{self.text}\n{call}\n"

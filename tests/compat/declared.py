"""What modules declare: names, and parameters of functions and methods, read from their source.

Bodies of functions are not looked at.
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

# Of a parameter: its name, its kind by inspect's names, and the source of its default.
Parameters = list[tuple[str, str, str | None]]


@dataclass
class Declared:
    """A function with parameters, a class with members, or anything else."""

    kind: str
    parameters: Parameters = field(default_factory=list)
    members: dict[str, Declared] = field(default_factory=dict)


class Package:
    """The modules of a package by name; `from` imports between them are followed."""

    def __init__(self, sources: dict[str, str]) -> None:
        self._trees = {name: ast.parse(source) for name, source in sources.items()}
        self._packages = {
            name for name in sources if any(n.startswith(f"{name}.") for n in sources)
        }

    def statements(self, module: str) -> Iterator[ast.stmt]:
        """The statements of a module, those in conditions too."""
        return _statements(self._trees[module].body)

    def exported(self, module: str) -> list[str]:
        """The names in a module's `__all__`."""
        for node in self._trees[module].body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                return list(ast.literal_eval(node.value))
        raise KeyError(f"{module} has no __all__")

    def find(self, module: str, name: str) -> Declared | None:
        """What a module has under a name, from wherever it comes; None when that is unknown."""
        found = None
        for node in _statements(self._trees[module].body):
            if isinstance(node, ast.ImportFrom):
                source = self._absolute(module, node)
                for alias in node.names:
                    wanted = name if alias.name == "*" else alias.name
                    shown = alias.asname or wanted
                    if shown == name and f"{source}.{wanted}" in self._trees:
                        found = Declared("value")
                    elif shown == name and source in self._trees:
                        found = self.find(source, wanted) or found
            elif name in _names(node):
                found = self._declared(module, node)
        return found

    def _absolute(self, module: str, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = module.split(".") if module in self._packages else module.split(".")[:-1]
        parts = parts[: len(parts) - node.level + 1]
        return ".".join([*parts, *([node.module] if node.module else [])])

    def _declared(self, module: str, node: ast.stmt) -> Declared:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return _function(node)
        if not isinstance(node, ast.ClassDef):
            return Declared("value")
        members: dict[str, Declared] = {}
        for base in node.bases:
            inherited = self.find(module, ast.unparse(base).partition("[")[0])
            members |= {} if inherited is None else inherited.members
        for statement in _statements(node.body):
            for name in _names(statement):
                members[name] = self._declared(module, statement)
        return Declared("class", members=members)


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, ast.If | ast.Try):
            yield from _statements(node.body)
        else:
            yield node


def _names(node: ast.stmt) -> list[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return []


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Declared:
    arguments = node.args
    for decorator in node.decorator_list:
        match decorator:
            case ast.Name(id="property"):
                return Declared("property")
            case ast.Call(func=ast.Name(id="docs_argspec"), args=[ast.Constant(value=str(text))]):
                # What the documentation shows in the place of the definition's own.
                shown: Any = ast.parse(f"def f{text}: ...").body[0]
                arguments = shown.args
    return Declared("function", _parameters(arguments))


def _parameters(arguments: ast.arguments) -> Parameters:
    positional = [*arguments.posonlyargs, *arguments.args]
    required: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
    found: Parameters = []
    for index, (each, default) in enumerate(
        zip(positional, [*required, *arguments.defaults], strict=True)
    ):
        only = index < len(arguments.posonlyargs)
        kind = "POSITIONAL_ONLY" if only else "POSITIONAL_OR_KEYWORD"
        found.append((each.arg, kind, _source(default)))
    if arguments.vararg:
        found.append((arguments.vararg.arg, "VAR_POSITIONAL", None))
    for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        found.append((each.arg, "KEYWORD_ONLY", _source(default)))
    if arguments.kwarg:
        found.append((arguments.kwarg.arg, "VAR_KEYWORD", None))
    return found


def _source(default: ast.expr | None) -> str | None:
    return None if default is None else ast.unparse(default)


def main(path: str) -> None:
    """Print what a stub declares, as JSON: of a newer Python than runs the tests."""
    package = Package({"stub": Path(path).read_text()})
    names = [name for node in package.statements("stub") for name in _names(node)]
    print(json.dumps({name: asdict(package.find("stub", name) or Declared("")) for name in names}))


if __name__ == "__main__":
    main(sys.argv[1])

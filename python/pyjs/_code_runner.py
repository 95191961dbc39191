"""Running Python source in steps: parse, then compile, then run; what `pyodide.code` has."""

import _ast
from types import CodeType
from typing import Any, Literal, Self

from pyjs import code as _code

type ReturnMode = Literal["last_expr", "last_expr_or_assign", "none"]

_RETURN_MODES = ("last_expr", "last_expr_or_assign", "none")
# The name that holds the result when the code ends. No program has it: it is no identifier.
_RESULT = "<result>"


def should_quiet(source: str, /) -> bool:
    """Whether the last statement of `source` ends with a semicolon, which asks for no output.

    Args:
        source: Python source; comments and blank lines at its end do not count.

    >>> from pyjs.code import should_quiet
    >>> should_quiet("1 + 1;"), should_quiet("1 + 1 # a comment;"), should_quiet("';'")
    (True, False, False)

    Source: Pyodide, pyodide.code.should_quiet.
    """
    lines = (line.strip() for line in reversed(source.splitlines()))
    last = next((line for line in lines if line and not line.startswith("#")), "")
    if ";" not in last:
        return False  # so that few sources need tokenize, whose import takes long
    import tokenize
    from io import StringIO

    space = (tokenize.ENDMARKER, tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT)
    text = ""
    try:
        for token in tokenize.generate_tokens(StringIO(source).readline):
            if token.type not in space:
                text = token.string
    except (tokenize.TokenError, SyntaxError):
        return False
    return text == ";"


class CodeRunner:
    """Python source that is parsed at once, then compiled, then run as often as wanted.

    For consoles, which say that the source is complete before it runs, and may change its tree
    before it is compiled. `eval_code` and `eval_code_async` do all three steps.

    Args:
        source: Python source.
        return_mode: what running gives: "last_expr" for the value of an expression that ends the
            source, "last_expr_or_assign" for what it assigns to a name too, "none" for None.
        mode: "exec", "eval" or "single", as for `compile`.
        quiet_trailing_semicolon: whether a semicolon at the end stands for "none".
        filename: the name that tracebacks show. They show the lines of the source too, unless
            the name stands in angle brackets.
        flags: of `compile`, such as `ast.PyCF_ALLOW_TOP_LEVEL_AWAIT`.
        dont_inherit: as for `compile`.
        optimize: as for `compile`.
        dedent: whether the source may be indented as a whole.

    Raises:
        TypeError: the source is not a str.
        ValueError: `return_mode` is none of the three, or `mode` is unknown.
        SyntaxError: the source is not Python.

    >>> from pyjs.code import CodeRunner
    >>> runner = CodeRunner("x + 1").compile()
    >>> runner.run({"x": 1}), runner.run({"x": 2})
    (2, 3)

    Source: Pyodide, pyodide.code.CodeRunner.
    """

    ast: Any
    code: CodeType | None

    def __init__(
        self,
        source: str,
        *,
        return_mode: ReturnMode = "last_expr",
        mode: str = "exec",
        quiet_trailing_semicolon: bool = True,
        filename: str = "<exec>",
        flags: int = 0,
        dont_inherit: bool = False,
        optimize: int = -1,
        dedent: bool = True,
    ) -> None:
        if not isinstance(source, str):
            kind = type(source).__name__
            raise TypeError(f"running Python: expected source as a str, got {kind}")
        if return_mode not in _RETURN_MODES:
            raise ValueError(f"return_mode: expected one of {_RETURN_MODES}, got {return_mode!r}")
        self._source = _code.dedented(source) if dedent else source
        self._return_mode, self._mode, self._filename = return_mode, mode, filename
        self._quiet = quiet_trailing_semicolon
        self._flags, self._options = flags, (dont_inherit, optimize)
        self.ast = compile(self._source, filename, mode, flags | _ast.PyCF_ONLY_AST, *self._options)
        self.code = None

    def compile(self) -> Self:
        """Compile `self.ast` into `self.code`, and give the CodeRunner itself.

        Raises:
            RuntimeError: it has been compiled.
            SyntaxError: the tree cannot be compiled, as where `await` stands outside functions.
        """
        if self.code is not None:
            raise RuntimeError("Already compiled: a CodeRunner compiles its source once")
        self._gives = self._return_mode != "none"
        if self._gives and self._quiet and should_quiet(self._source):
            self._gives = False
        tree = self.ast if self._mode == "eval" else self._with_result()
        self.code = compile(tree, self._filename, self._mode, self._flags, *self._options)
        if not (self._filename.startswith("<") and self._filename.endswith(">")):
            _show(self._filename, self._source)
        return self

    def run(
        self, globals: dict[str, Any] | None = None, locals: dict[str, Any] | None = None
    ) -> Any:
        """Run the code and give its result, by `return_mode`.

        Args:
            globals: the names it runs in; a new dict by default.
            locals: a mapping for local names; `globals` by default.

        Raises:
            RuntimeError: it is not compiled, or awaits at the top level.
        """
        code = self._compiled()
        if code.co_flags & _code.CO_COROUTINE:
            raise RuntimeError(
                "Used eval_code with TOP_LEVEL_AWAIT: the code awaits at its top level; "
                "run_async and eval_code_async run that"
            )
        names, local = _names(globals, locals)
        return self._result(eval(code, names, local), local)

    async def run_async(
        self, globals: dict[str, Any] | None = None, locals: dict[str, Any] | None = None
    ) -> Any:
        """Run the code, which may await at its top level, and give its result.

        Args:
            globals: the names it runs in; a new dict by default.
            locals: a mapping for local names; `globals` by default.

        Raises:
            RuntimeError: it is not compiled.
        """
        code = self._compiled()
        names, local = _names(globals, locals)
        value = eval(code, names, local)
        if code.co_flags & _code.CO_COROUTINE:
            value = await value
        return self._result(value, local)

    def _compiled(self) -> CodeType:
        if self.code is None:
            raise RuntimeError("Not yet compiled: call compile() first")
        return self.code

    def _with_result(self) -> Any:
        """The tree, with statements at its end that keep the value of an expression."""
        *before, last = self.ast.body or [None]
        if isinstance(last, _ast.Expr) and (self._gives or self._mode == "single"):
            # In mode "single" too: who asked for the value, or for none, wants nothing printed.
            after = [_keep(last.value, last)]
        elif self._return_mode == "last_expr_or_assign" and (name := _assigned(last)) is not None:
            after = [last, _keep(_ast.Name(name, _ast.Load(), **_place(last)), last)]
        else:
            return self.ast
        if self._mode == "single":
            return _ast.Interactive([*before, *after])
        return _ast.Module([*before, *after], self.ast.type_ignores)

    def _result(self, value: Any, local: dict[str, Any]) -> Any:
        if self._mode != "eval":
            try:
                value = local[_RESULT]
            except KeyError:
                return None
            del local[_RESULT]
        return value if self._gives else None


def _names(globals: Any, locals: Any) -> tuple[dict[str, Any], Any]:
    names = {} if globals is None else globals
    if not isinstance(names, dict):
        raise TypeError(f"running Python: globals must be a dict, got {type(names).__name__}")
    return names, names if locals is None else locals


def _place(node: _ast.stmt) -> dict[str, Any]:
    return {
        "lineno": node.lineno,
        "col_offset": node.col_offset,
        "end_lineno": node.end_lineno,
        "end_col_offset": node.end_col_offset,
    }


def _keep(value: _ast.expr, node: _ast.stmt) -> _ast.stmt:
    """A statement that keeps the value of an expression where `node` stands."""
    place = _place(node)
    return _ast.Assign([_ast.Name(_RESULT, _ast.Store(), **place)], value, **place)


def _assigned(node: Any) -> str | None:
    """The name to which a statement assigns; None when it is none of one name."""
    if isinstance(node, _ast.Assign):
        target = node.targets[0]
    elif isinstance(node, _ast.AugAssign | _ast.AnnAssign) and node.value is not None:
        target = node.target
    else:
        return None
    return target.id if isinstance(target, _ast.Name) else None


def _show(filename: str, source: str) -> None:
    """Let tracebacks and inspect find the source."""
    import linecache

    lines = [f"{line}\n" for line in source.splitlines()]
    linecache.cache[filename] = (len(source), None, lines, filename)


def eval_code(
    source: str,
    globals: dict[str, Any] | None = None,
    locals: dict[str, Any] | None = None,
    *,
    return_mode: ReturnMode = "last_expr",
    quiet_trailing_semicolon: bool = True,
    filename: str = "<exec>",
    flags: int = 0,
    dont_inherit: bool = False,
    optimize: int = -1,
    dedent: bool = True,
) -> Any:
    """Run Python source and give the value of the expression that ends it, or None.

    Args:
        source: Python source.
        globals: the names it runs in; a new dict by default.
        locals: a mapping for local names; `globals` by default.
        return_mode: what is given, and the following: see `CodeRunner`.

    Raises:
        TypeError: the source is not a str, or `globals` not a dict.
        SyntaxError: the source is not Python.

    >>> from pyjs.code import eval_code
    >>> eval_code("x = 20; x + 1"), eval_code("x + 1;", {"x": 1})
    (21, None)
    >>> eval_code("x = 20", return_mode="last_expr_or_assign")
    20

    Source: Pyodide, pyodide.code.eval_code.
    """
    runner = CodeRunner(
        source,
        return_mode=return_mode,
        quiet_trailing_semicolon=quiet_trailing_semicolon,
        filename=filename,
        flags=flags,
        dont_inherit=dont_inherit,
        optimize=optimize,
        dedent=dedent,
    )
    return runner.compile().run(globals, locals)


async def eval_code_async(
    source: str,
    globals: dict[str, Any] | None = None,
    locals: dict[str, Any] | None = None,
    *,
    return_mode: ReturnMode = "last_expr",
    quiet_trailing_semicolon: bool = True,
    filename: str = "<exec>",
    flags: int = 0,
    dont_inherit: bool = False,
    optimize: int = -1,
    dedent: bool = True,
) -> Any:
    """Like `eval_code`, for source that may use await, async for and async with at the top level.

    >>> from pyjs.code import eval_code_async
    >>> await eval_code_async("import asyncio; await asyncio.sleep(0, 'done')")
    'done'

    Source: Pyodide, pyodide.code.eval_code_async.
    """
    runner = CodeRunner(
        source,
        return_mode=return_mode,
        quiet_trailing_semicolon=quiet_trailing_semicolon,
        filename=filename,
        flags=flags | _ast.PyCF_ALLOW_TOP_LEVEL_AWAIT,
        dont_inherit=dont_inherit,
        optimize=optimize,
        dedent=dedent,
    )
    return await runner.compile().run_async(globals, locals)

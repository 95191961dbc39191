"""Runs a program as CPython's command line would; behind `./pyjs run`.

The kinds of program are "file", "command", "module" and "stdin": what CPython
takes as FILE, `-c`, `-m` and `-`. `__main__`, `sys.path[0]`, the traceback of
an uncaught exception and the exit code are CPython's; of `-m`, the traceback
leaves out the frames of runpy. `await`, `async for` and `async with` may stand
at the top level.

The end of a program that uses asyncio:

- Where the engine can suspend a stack, `asyncio.run` blocks, as in CPython.
  Where it cannot, `asyncio.run(main())` schedules `main` and returns its task
  at once: the lines after it run first.
- The program ends no sooner than every task of `asyncio.run`. The first of them
  that fails decides the exit code, as if its exception had left the call;
  `sys.exit(asyncio.run(main()))` exits with what `main` returns.
- When `main` ends, the tasks and timers it leaves behind are cancelled, as in
  CPython.
- A program that comes to its end without an exception waits for all other
  tasks, callbacks and timers of the event loop. An exception, or `sys.exit`, at
  the top level waits for none of these.
- JavaScript's listeners and promises do not keep a program alive: it must await
  them.
"""

import _ast
import os
import sys
from collections.abc import Coroutine
from importlib.machinery import SourceFileLoader
from types import CodeType
from typing import Any

from pyjs import _program_tasks

_OWN = __file__.rpartition("/")[0] + "/"
_CO_COROUTINE = 0x80  # inspect.CO_COROUTINE; importing inspect takes longer than most programs
_INTERRUPTED = 130  # what a shell reports of a program that SIGINT ended
_CANNOT_FLUSH = 120  # CPython's own


class _CannotRun(Exception):
    """There is no such program; `code` is the exit code."""

    def __init__(self, reason: str, code: int) -> None:
        super().__init__(reason)
        self.code = code


def run(kind: str, target: str) -> int | Coroutine[Any, Any, int]:
    """Run a program to its end.

    Args:
        kind: "file", "command", "module" or "stdin".
        target: the path, the code, or the module's name; nothing for "stdin".

    Returns:
        The exit code, or a coroutine of it when the program awaits or uses asyncio.
    """
    _program_tasks.follow()
    body = failure = None
    try:
        code = _LOADERS[kind](target)
        body = eval(code, sys.modules["__main__"].__dict__)
    except BaseException as error:
        failure = error
    else:
        body = body if code.co_flags & _CO_COROUTINE else None
    if body is None and "asyncio" not in sys.modules:
        return _end(failure)
    return _finish(body, failure)


# Loading: each returns the program's code, with __main__, sys.path and sys.argv made ready.


def _compile(source: str | bytes, filename: str) -> CodeType:
    flags = _ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    code: CodeType = compile(source, filename, "exec", flags, dont_inherit=True)
    return code


def _set_path(first: str) -> None:
    """Put `first` at the head of sys.path, and PYTHONPATH behind it."""
    more = os.environ.get("PYTHONPATH", "")
    sys.path[:0] = [first, *(os.path.abspath(path) for path in more.split(":") if path)]


def _set_main(**names: Any) -> None:
    sys.modules["__main__"].__dict__.update(names)


def _load_file(target: str) -> CodeType:
    path = target if target.startswith("/") else f"{os.getcwd()}/{target}"
    if _holds_main(path):
        _set_path(path)
        return _code_of("__main__", f"can't find '__main__' module in {path!r}")
    _set_path(os.path.dirname(os.path.realpath(path)))
    try:
        with open(path, "rb") as file:
            source = file.read()
    except OSError as error:
        raise _CannotRun(f"can't open file {path!r}: {error.strerror}", 2) from None
    loader = SourceFileLoader("__main__", path)
    _set_main(__file__=path, __cached__=None, __loader__=loader, __spec__=None)
    return _compile(source, path)


def _holds_main(path: str) -> bool:
    """Whether `path` is a folder or a zip file, which are run by their `__main__.py`."""
    if os.path.isdir(path):
        return True
    if path.endswith(".py") or not os.path.isfile(path):
        return False
    from zipimport import ZipImportError, zipimporter

    try:
        zipimporter(path)
    except ZipImportError:
        return False
    return True


def _load_command(target: str) -> CodeType:
    _set_path("")
    code = _compile(target, "<string>")
    import linecache

    # As in CPython 3.13, the traceback shows the lines of the command.
    if (register := getattr(linecache, "_register_code", None)) is not None:
        register(code, target, "<string>")
    return code


def _load_stdin(_target: str) -> CodeType:
    _set_path("")
    _set_main(__file__="<stdin>", __cached__=None)
    return _compile(sys.stdin.buffer.read(), "<stdin>")


def _load_module(target: str) -> CodeType:
    _set_path(os.getcwd())
    return _code_of(target, f"No module named {target}")


def _code_of(name: str, missing: str) -> CodeType:
    from importlib.util import find_spec

    # What runs now is the module of the name __main__; it is not the one to find.
    running = sys.modules.pop("__main__") if name == "__main__" else None
    try:
        spec = find_spec(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise
        spec = None
    finally:
        if running is not None:
            sys.modules["__main__"] = running
    if spec is None:
        raise _CannotRun(missing, 1)
    if spec.submodule_search_locations is not None:
        reason = f"{name!r} is a package and cannot be directly executed"
        return _code_of(f"{name}.__main__", f"No module named {name}.__main__; {reason}")
    # These loaders are importlib's; what they give is not in its types.
    loader: Any = spec.loader
    source = loader.get_source(spec.name) if hasattr(loader, "get_source") else None
    if spec.origin is None or not hasattr(loader, "get_code"):
        raise _CannotRun(f"No code object available for {name}", 1)
    sys.argv[0] = spec.origin
    _set_main(
        __file__=spec.origin,
        __cached__=spec.cached,
        __loader__=loader,
        __package__=spec.parent,
        __spec__=spec,
    )
    if source is not None:
        return _compile(source, spec.origin)
    code = loader.get_code(spec.name)
    if code is None:
        raise _CannotRun(f"No code object available for {name}", 1)
    return code  # type: ignore[no-any-return]


_LOADERS = {
    "file": _load_file,
    "command": _load_command,
    "module": _load_module,
    "stdin": _load_stdin,
}


# The end.


async def _finish(body: Any, failure: BaseException | None) -> int:
    if body is not None:
        try:
            await body
        except BaseException as error:
            failure = error
    failure = await _program_tasks.await_runs(failure)
    if failure is None:
        await _program_tasks.drain()
    _program_tasks.show_unseen()
    return _end(failure)


def _end(failure: BaseException | None) -> int:
    """Report an uncaught exception, run the exit functions; the exit code."""
    import atexit

    code = 0 if failure is None else _report(failure)
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None and not stream.closed:
                stream.flush()
        except Exception:
            code = code or _CANNOT_FLUSH
    return code


def _report(error: BaseException) -> int:
    if isinstance(error, _CannotRun):
        print(f"pyjs run: {error}", file=sys.stderr)
        return error.code
    if isinstance(error, SystemExit):
        return _exit_code(error.code)
    _without_own_frames(error, set())
    sys.last_exc = error
    sys.last_type, sys.last_value, sys.last_traceback = type(error), error, error.__traceback__
    try:
        sys.excepthook(type(error), error, error.__traceback__)
    except BaseException as of_hook:
        print("Error in sys.excepthook:", file=sys.stderr)
        _without_own_frames(of_hook, set())
        sys.__excepthook__(type(of_hook), of_hook, of_hook.__traceback__)
        print("\nOriginal exception was:", file=sys.stderr)
        sys.__excepthook__(type(error), error, error.__traceback__)
    return _INTERRUPTED if isinstance(error, KeyboardInterrupt) else 1


def _exit_code(code: Any) -> int:
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    print(code, file=sys.stderr)
    return 1


def _without_own_frames(error: BaseException | None, seen: set[int]) -> None:
    """Take the frames of this package out of the traceback, those of its causes included."""
    if error is None or id(error) in seen:
        return
    seen.add(id(error))
    traceback = error.__traceback__
    while traceback is not None and _is_own(traceback):
        traceback = traceback.tb_next
    error.__traceback__ = traceback
    while traceback is not None:
        while traceback.tb_next is not None and _is_own(traceback.tb_next):
            traceback.tb_next = traceback.tb_next.tb_next
        traceback = traceback.tb_next
    members = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for other in (error.__cause__, error.__context__, *members):
        _without_own_frames(other, seen)


def _is_own(traceback: Any) -> bool:
    filename: str = traceback.tb_frame.f_code.co_filename
    return filename.startswith(_OWN)

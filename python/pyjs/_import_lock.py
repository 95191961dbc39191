"""Locks of modules that are being imported: one stack waits for what another one imports.

Those of CPython are for threads, and all stacks are one thread. What the body of a module calls,
and the tasks that it starts, have its context: they see the module as it is, as in CPython.
"""

import _frozen_importlib
from _contextvars import ContextVar  # without the module around it: this is loaded at the start

from pyjs import _core, _suspend


class ModuleLock:
    """In the place of importlib's; where nothing can wait, a second import goes on."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._count = 0
        self._waiting: dict[int, None] = {}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"

    def acquire(self) -> bool:
        """Wait until no other stack imports the module."""
        held = _held.get()
        while (
            self._count
            and self not in held
            and (number := _core.stack())
            and not _would_wait_forever(self, held)
        ):
            self._waiting[number] = None
            _blocked[number] = self, held
            try:
                _suspend.wait(number, None)
            finally:
                del _blocked[number]
                self._waiting.pop(number, None)
        self._count += 1
        _held.set((*held, self))
        return True

    def release(self) -> None:
        """Let those go on that wait, when all that the stack acquired is released."""
        held = list(_held.get())
        held.remove(self)
        _held.set(tuple(held))
        self._count -= 1
        if not self._count:
            for number in self._waiting:
                _core.resume(number)


type _Locks = tuple[ModuleLock, ...]

# What the code that runs imports, the outermost first.
_held: ContextVar[_Locks] = ContextVar("_held", default=())
# By number, the stacks that wait: for which lock, and what they hold.
_blocked: dict[int, tuple[ModuleLock, _Locks]] = {}


def _would_wait_forever(lock: ModuleLock, held: _Locks) -> bool:
    """Whether the stack that holds `lock` waits, itself or by others, for one of `held`."""
    found = {lock}
    reached = [lock]
    for each in reached:
        more = {wanted for wanted, own in _blocked.values() if each in own} - found
        found |= more
        reached.extend(more)
    return not found.isdisjoint(held)


def install() -> None:
    """Let the import system use these."""
    _frozen_importlib._ModuleLock = ModuleLock  # type: ignore[attr-defined]

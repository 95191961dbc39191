"""What pyjs adapts of the standard library, at the first import of each module.

Start-up pays for none that a program does not use.
"""

import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, cast

type Adapters = dict[str, Callable[[], None]]


def install(adapters: Adapters) -> None:
    """Call each adapter once its module has been executed; at once where it has been."""
    waiting = {name: adapt for name, adapt in adapters.items() if name not in sys.modules}
    if waiting:
        sys.meta_path.insert(0, _Finder(waiting))
    for name, adapt in adapters.items():
        if name not in waiting:
            adapt()


class _Finder:
    """Lets the first imports call their adapters; is gone after the last."""

    def __init__(self, waiting: Adapters) -> None:
        self._waiting = waiting
        self._finding: set[str] = set()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self._waiting or fullname in self._finding:
            return None
        from importlib.util import find_spec

        self._finding.add(fullname)
        try:
            spec = find_spec(fullname)
        finally:
            self._finding.discard(fullname)
        if spec is not None and spec.loader is not None:
            spec.loader = cast(Any, _Loader(spec.loader, self._adapt))
        return spec

    def _adapt(self, name: str) -> None:
        # Only now: an import that failed, or was interrupted, is tried again.
        self._waiting[name]()
        del self._waiting[name]
        if not self._waiting:
            sys.meta_path.remove(self)


class _Loader:
    """Loads a module as its own loader would, then adapts it."""

    def __init__(self, inner: Any, adapt: Callable[[str], None]) -> None:
        self._inner, self._adapt = inner, adapt

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return cast(ModuleType | None, self._inner.create_module(spec))

    def exec_module(self, module: ModuleType) -> None:
        if module.__spec__ is not None:
            module.__spec__.loader = self._inner
        module.__loader__ = self._inner
        self._inner.exec_module(module)
        self._adapt(module.__name__)

"""JavaScript's globalThis: what it has is known only at run time."""

from typing import Any

def __getattr__(name: str) -> Any: ...

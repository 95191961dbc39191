"""Suspending the Python stack: this engine cannot."""

from collections.abc import Awaitable
from typing import Any


def can_run_sync() -> bool:
    """Whether run_sync() can suspend the stack here."""
    return False


def run_sync(awaitable: Awaitable[Any]) -> Any:
    raise RuntimeError("run_sync: this engine cannot suspend Python (JSPI)")

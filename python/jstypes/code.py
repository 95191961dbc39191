"""Running JavaScript source (PEP 818)."""

from pyjs.code import run_js

__all__ = ["run_js"]

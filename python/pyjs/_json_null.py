"""json writes JavaScript's null as null (PEP 818, "Changes to the json Module")."""

import json.encoder
from typing import Any

from pyjs._core import jsnull

_default = json.encoder.JSONEncoder.default


def _null_default(self: json.encoder.JSONEncoder, o: Any) -> Any:
    return None if o is jsnull else _default(self, o)


def install() -> None:
    """Let encoders without a `default` of their own write jsnull; the second call does nothing."""
    _null_default.__doc__ = _default.__doc__
    json.encoder.JSONEncoder.default = _null_default  # type: ignore[method-assign]

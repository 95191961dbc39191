"""json writes JavaScript's null as null (PEP 818, "Changes to the json Module")."""

from json.encoder import JSONEncoder
from typing import Any

from pyjs._core import jsnull

_default = JSONEncoder.default


def _null_default(self: JSONEncoder, o: Any) -> Any:
    return None if o is jsnull else _default(self, o)


def install() -> None:
    """Let encoders without a `default` of their own write jsnull; the second call does nothing."""
    _null_default.__doc__ = _default.__doc__
    JSONEncoder.default = _null_default  # type: ignore[method-assign]

"""Another place of what `pyjs.signatures` has for `JsProxy.bind_sig`."""

from pyjs.signatures import BindClass, Deep, Default, Json

__all__ = ["BindClass", "Deep", "Default", "Json"]

"""Another place of what `pyodide.ffi` has."""

from pyodide.ffi import *  # noqa: F403
from pyodide.ffi import InternalError as InternalError
from pyodide.ffi import JsProxy
from pyodide.ffi import can_run_sync as can_run_sync

_JsProxyMetaClass = type(JsProxy)

"""What keeps proxies alive: which live, and which frames of both languages made them."""

from typing import Any, NamedTuple

from pyjs import _core, _traceback


class Leak(NamedTuple):
    """A proxy that lives.

    >>> from pyjs.ffi import Leak
    >>> Leak("JsProxy", "JsArray", "[1]", '  File "a.py", line 1, in <module>', "").type
    'JsArray'
    """

    #: "PyProxy" for a Python object that JavaScript holds, "JsProxy" for the other way round.
    kind: str
    #: The name of the object's type in Python.
    type: str
    #: The first characters of what str() says of it.
    text: str
    #: The Python frames that made it, the newest last, a line each.
    python_stack: str
    #: The JavaScript frames, as the engine writes them, the newest first.
    js_stack: str


def set_debug(active: bool, /) -> bool:
    """Begin or end writing down what makes each proxy. It makes proxies many times slower.

    Args:
        active: whether to write it down from now on.

    Returns:
        Whether it was written down before.

    >>> from pyjs.ffi import set_debug
    >>> set_debug(True), set_debug(False)
    (False, True)

    Source: Pyodide, setDebug.
    """
    return _core.set_tracing(active, _traceback.OWN)


def leaks() -> list[Leak]:
    """The proxies that live and were made while `set_debug(True)` held.

    What the next collection of either language would end still counts.

    >>> from pyjs import js
    >>> from pyjs.ffi import leaks, set_debug
    >>> before = set_debug(True)
    >>> kept = js.Array.of(1, 2)
    >>> [(leak.kind, leak.type, leak.text) for leak in leaks() if leak.text == "1,2"]
    [('JsProxy', 'JsArray', '1,2')]
    >>> before = set_debug(before)
    >>> del kept
    """
    of_python, of_js = _core.traces()
    return [
        *(
            Leak("PyProxy", kind, text[:_LONGEST], *stacks)
            for kind, text, *stacks in of_python.to_py()
        ),
        *(Leak("JsProxy", type(proxy).__name__, _text(proxy), *stacks) for proxy, *stacks in of_js),
    ]


_LONGEST = 80


def _text(proxy: _core.JsProxy) -> str:
    try:
        return str(proxy)[:_LONGEST]
    except Exception as error:
        return f"[{error}]"[:_LONGEST]


def leaks_to_js() -> Any:
    """The same for JavaScript, as plain objects."""
    names = ("kind", "type", "text", "pythonStack", "jsStack")
    return _core.to_js([dict(zip(names, leak, strict=True)) for leak in leaks()])

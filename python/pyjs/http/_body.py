"""What a request sends: query, headers and body, from Python's values."""

import json as _json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from pyjs import _core
from pyjs._core import JsProxy, js, to_js

type Pairs = Mapping[str, Any] | Iterable[tuple[str, Any]]


def with_params(url: str, params: Pairs | str | None) -> str:
    """The URL, with parameters added to its query."""
    if not params:
        return url
    more = params if isinstance(params, str) else urlencode(_pairs(params), doseq=True)
    parts = urlsplit(url)
    query = f"{parts.query}&{more}" if parts.query else more
    return urlunsplit(parts._replace(query=query))


def _pairs(values: Pairs) -> list[tuple[str, Any]]:
    return list(values.items() if isinstance(values, Mapping) else values)


def header_pairs(headers: Any) -> list[tuple[str, str]]:
    if headers is None:
        return []
    if isinstance(headers, JsProxy):
        return [(name, value) for name, value in js.Headers.new(headers).entries()]
    try:
        return [(str(name), str(value)) for name, value in _pairs(headers)]
    except (TypeError, ValueError):
        kind = type(headers).__name__
        raise TypeError(
            f"headers: expected a dict or pairs of names and values, given {kind}"
        ) from None


def _has(headers: list[tuple[str, str]], wanted: str) -> bool:
    return any(name.lower() == wanted for name, _ in headers)


def encode(operation: str, headers: list[tuple[str, str]], body: Any, json: Any, form: Any) -> Any:
    """The body as str, bytes or JavaScript's; says its type in `headers` where fetch would not.

    Raises:
        TypeError: more than one of them is given, or the body is of a type that has no one form.
    """
    given = [name for name, v in (("body", body), ("json", json), ("form", form)) if v is not None]
    if len(given) > 1:
        raise TypeError(f"{operation}: expected one of body, json and form; given {given}")
    if json is not None:
        if not _has(headers, "content-type"):
            headers.append(("content-type", "application/json"))
        return _json.dumps(json)
    if form is not None:
        return _form(operation, headers, form)
    if body is None or isinstance(body, str | JsProxy):
        return body
    try:
        return bytes(memoryview(body))
    except TypeError:
        kind = type(body).__name__
        raise TypeError(
            f"{operation}: body: expected str, a buffer or a JavaScript object, given {kind}; "
            "json= sends JSON, form= the fields of a form"
        ) from None


def _form(operation: str, headers: list[tuple[str, str]], form: Pairs) -> Any:
    """A form with files, which are bytes or tuples, has parts; other forms are a text."""
    fields = [
        (name, value)
        for name, given in _pairs(form)
        for value in (given if isinstance(given, list) else [given])
    ]
    if not any(isinstance(value, bytes | bytearray | memoryview | tuple) for _, value in fields):
        if not _has(headers, "content-type"):
            headers.append(("content-type", "application/x-www-form-urlencoded"))
        return urlencode(fields, doseq=True)
    data = js.FormData.new()
    for name, value in fields:
        if isinstance(value, str | int | float):
            data.append(name, str(value))
        else:
            file, blob = _file(operation, name, value)
            data.append(name, blob, file)
    return data


def _file(operation: str, name: str, value: Any) -> tuple[str, Any]:
    """The name of a file and its Blob, from bytes, (name, content) or (name, content, type)."""
    match value:
        case (file, content):
            kind = ""
        case (file, content, kind):
            pass
        case _:
            file, content, kind = name, value, ""
    try:
        part = content if isinstance(content, str) else to_js(memoryview(content))
    except TypeError:
        raise TypeError(
            f"{operation}: form: {name!r}: expected str, a number, a buffer or "
            f"(file name, str or buffer[, content type]), given {type(content).__name__}"
        ) from None
    return str(file), js.Blob.new(_core.js.Array.of(part), type=str(kind))

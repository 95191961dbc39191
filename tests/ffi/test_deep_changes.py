"""Dicts that change while they are converted, and keys that become the same in JavaScript."""

import pytest

from tests.inside import inside


@inside
@pytest.mark.parametrize("registered", [False, True])
def test_a_dict_that_changes_meanwhile_is_an_error(registered: bool) -> None:
    from pyjs import run_js, to_js
    from pyjs.converters import register_to_js, unregister_to_js
    from pyjs.ffi import ConversionError

    class Thing:
        pass

    show = run_js("JSON.stringify")

    def convert(change, **options):
        record = {"a": 1, "b": Thing(), "c": 3}

        def replace(*_):
            change(record)
            return 2

        if registered:
            register_to_js(Thing, replace)
        try:
            given = {} if registered else {"default_converter": replace}
            return show(to_js({"rows": [record]}, **given, **options))
        except ConversionError as error:
            return str(error)
        finally:
            if registered:
                unregister_to_js(Thing)

    changed = "to_js: $.rows[0]: the dict changed while it was converted"
    assert convert(lambda d: d.update(z=1)) == changed
    assert convert(lambda d: d.pop("c")) == changed
    assert convert(lambda d: d.clear()) == changed
    # As many as before, but in another order or under other keys.
    assert convert(lambda d: d.update(b=d.pop("b"))) == changed
    assert convert(lambda d: (d.pop("b"), d.update(z=1))) == changed
    assert convert(lambda d: (d.clear(), d.update(x=1, y=2, z=3))) == changed
    assert convert(lambda d: d.update(a=d.pop("a"))) == changed
    # So many that it was laid out anew, and then as few again.
    assert (
        convert(lambda d: (d.update(dict.fromkeys(range(99))), [d.pop(i) for i in range(99)]))
        == '{"rows":[{"a":1,"b":2,"c":3}]}'
    )
    # Another value under the same key is what the key has now.
    assert convert(lambda d: d.update(c=[4])) == '{"rows":[{"a":1,"b":2,"c":[4]}]}'
    assert convert(lambda d: d.update(z=1), dicts="map") == changed


@inside
def test_the_last_value_may_change_its_dict_too() -> None:
    from pyjs import run_js, to_js
    from pyjs.ffi import ConversionError

    record = {"a": 1, "b": len}

    def change(value, convert, cache):
        record.pop("a")
        record["c"] = 2
        return 0

    try:
        to_js([record], default_converter=change)
    except ConversionError as error:
        assert str(error) == "to_js: $[0]: the dict changed while it was converted"
    else:
        raise AssertionError("nothing was refused")
    inner = {"b": len}
    outer = {"x": [inner], "y": 1}

    def grow(value, convert, cache):
        outer["z"] = 1
        return 0

    try:
        to_js({"outer": outer}, default_converter=grow)
    except ConversionError as error:
        assert str(error) == "to_js: $.outer: the dict changed while it was converted"
    else:
        raise AssertionError("nothing was refused")
    # Both are as they were, and convert again.
    assert outer == {"x": [{"b": len}], "y": 1, "z": 1}
    zero = lambda value, convert, cache: 0  # noqa: E731
    assert run_js("JSON.stringify")(to_js(outer, default_converter=zero)) == (
        '{"x":[{"b":0}],"y":1,"z":1}'
    )


@inside
def test_names_that_are_the_same_in_javascript_are_an_error() -> None:
    from collections import OrderedDict, defaultdict
    from enum import StrEnum

    from pyjs import run_js, to_js
    from pyjs.ffi import ConversionError

    class Text(str):
        __hash__ = object.__hash__
        __eq__ = object.__eq__

    class Rows(dict):
        def items(self):
            return [("a", 1), ("b", 2), ("a", 3)]

    class Word(StrEnum):
        A = "a"
        B = "b"

    show = run_js("JSON.stringify")

    def message(value):
        try:
            return show(to_js({"at": [value]}))
        except ConversionError as error:
            return str(error)

    twice = 'to_js: $.at[0]: two keys of the dict become "a" in JavaScript'
    assert message({"a": 1, Text("a"): 2}) == twice
    assert message({Text("a"): 1, Text("b"): 2, Text("a"): 3}) == twice
    assert message(OrderedDict([(Text("a"), 1), ("a", 2)])) == twice
    assert message(Rows()) == twice
    assert (
        message({1: 1, "1": 2}) == 'to_js: $.at[0]: two keys of the dict become "1" in JavaScript'
    )
    # These differ.
    assert message({Text("a"): 1, Text("b"): 2}) == '{"at":[{"a":1,"b":2}]}'
    assert message({Word.A: 1, Word.B: 2, "c": 3}) == '{"at":[{"a":1,"b":2,"c":3}]}'
    assert message(OrderedDict(b=1, a=2)) == '{"at":[{"b":1,"a":2}]}'
    assert message(defaultdict(int, a=1)) == '{"at":[{"a":1}]}'

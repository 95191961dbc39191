"""Keys of dicts that come in more than one conversion: both languages keep these."""

import pytest

from tests.inside import inside


@inside
def test_keys_that_come_again_stay_what_they_are() -> None:
    from pyjs import js_call, run_js, to_js

    show = run_js("JSON.stringify")
    words = ["name", "x" * 64, "x" * 65, "", "1", "01", "length", "constructor", "é", "a\ud800"]
    record = {word: [i, {word: word}] for i, word in enumerate(words)}
    first = show(to_js(record))
    assert all(show(to_js(record)) == first for _ in range(5))
    assert show(to_js([record] * 2)) == f"[{first},{first}]"
    # The same objects under other keys, in another order, and as options of a call.
    turned = {word: i for i, word in enumerate(reversed(words))}
    order = run_js("o => Object.keys(o).map((key) => o[key])")
    expected = [turned["1"], *(i for word, i in turned.items() if word != "1")]
    for _ in range(4):
        assert list(order(to_js(turned))) == expected
        assert list(js_call(order, turned)) == expected
    assert show(to_js(record)) == first


@inside
def test_other_keys_at_the_same_place_are_their_own() -> None:
    from pyjs import run_js, to_js

    show = run_js("JSON.stringify")
    # Objects that end give their addresses to the next ones.
    for turn in range(300):
        made = to_js({f"k{turn}_{i}": i for i in range(20)})
        assert show(made) == "{" + ",".join(f'"k{turn}_{i}":{i}' for i in range(20)) + "}"
    # More keys than are kept, in turns, so that they push each other out.
    dicts = [{f"key {n} {i}": i for i in range(900)} for n in range(4)]
    texts = [show(to_js(each)) for each in dicts]
    for _ in range(3):
        for each, text in zip(dicts, texts, strict=True):
            assert show(to_js(each)) == text
            assert show(to_js([each, dict.fromkeys(list(each)[::7], 1)]))[: len(text) + 1] == (
                f"[{text}"
            )


@inside
def test_a_key_that_is_the_prototypes_name_is_a_property() -> None:
    from pyjs import run_js, to_js

    key = "".join(["__pro", "to__"])
    look = run_js("o => [Object.keys(o).join(), Object.getPrototypeOf(o) === Object.prototype]")
    for _ in range(4):
        assert list(look(to_js({"a": 1, key: {"b": 2}}))) == ["a,__proto__", True]


@inside
@pytest.mark.parametrize("when", ["reading", "writing"])
def test_keys_of_a_conversion_that_fails_are_told_again(when: str) -> None:
    from pyjs import run_js, to_js
    from pyjs.ffi import ConversionError

    class Text(str):
        __hash__ = object.__hash__
        __eq__ = object.__eq__

    # What JavaScript refuses, after it has read the keys; what Python does, before.
    wrong = {"x", Text("x")} if when == "reading" else {"x", (1,)}
    show = run_js("JSON.stringify")
    for n in range(20):
        record = {f"{when} {n} {i}": i for i in range(10)}
        for _ in range(3):
            try:
                to_js([record, wrong])
            except ConversionError as error:
                assert "$[1]" in str(error)
            else:
                raise AssertionError("nothing was refused")
        others = {f"other {n} {i}": i for i in range(200)}
        for each in (others, record, others, record, others, record):
            assert show(to_js(each)).count(":") == len(each)
            assert list(run_js("Object.keys")(to_js(each))) == list(each)


@inside
def test_conversions_within_conversions_keep_their_keys_apart() -> None:
    from pyjs import run_js, to_js
    from pyjs.converters import register_to_js, unregister_to_js

    class Thing:
        def __init__(self, n):
            self.n = n

    show = run_js("JSON.stringify")
    pool = [f"name {i}" for i in range(3000)]

    def replace(thing):
        inner = dict.fromkeys(pool[thing.n :: 50], thing.n)
        assert show(to_js(inner)) == show(to_js(inner))
        return {pool[thing.n]: thing.n}

    def by_call(value, convert, cache):
        return convert(replace(value))

    things = [{name: Thing(i), "last": i} for i, name in enumerate(pool[:40])]
    expected = (
        "[" + ",".join(f'{{"name {i}":{{"name {i}":{i}}},"last":{i}}}' for i in range(40)) + "]"
    )
    register_to_js(Thing, replace)
    try:
        for _ in range(4):
            assert show(to_js(things)) == expected
    finally:
        unregister_to_js(Thing)
    for _ in range(4):
        assert show(to_js(things, default_converter=by_call)) == expected

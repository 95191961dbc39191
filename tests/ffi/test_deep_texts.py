"""Texts of deep conversions to Python that occur again and again are made once."""

import pytest

from tests.inside import inside


@inside
def test_texts_that_occur_again_are_the_same_and_equal() -> None:
    from pyjs import run_js

    texts = run_js(
        "Array.from({length: 3000}, (_, i) => ["
        "`word number ${i % 31}`, `ä${i % 7}öß`, `猫の名前${i % 5}`, `🐍🐍${i % 3}`, `xy${i % 4}`])"
    ).to_py()
    assert all(
        row
        == [
            f"word number {i % 31}",
            f"ä{i % 7}öß",
            f"猫の名前{i % 5}",
            f"🐍🐍{i % 3}",
            f"xy{i % 4}",
        ]
        for i, row in enumerate(texts)
    )
    assert texts[2000][0] is texts[2031][0]
    assert texts[2000][2] is texts[2005][2]


@inside
def test_texts_whose_places_are_the_same_are_told_apart() -> None:
    from pyjs import run_js

    # Alike at both ends, of equal length: one place for all.
    texts = run_js("Array.from({length: 4000}, (_, i) => `a${(i * 7919) % 1000 + 1000}zz`)").to_py()
    assert texts == [f"a{(i * 7919) % 1000 + 1000}zz" for i in range(4000)]
    texts = run_js("Array.from({length: 4000}, (_, i) => `a${i % 10 + 10}zz`)").to_py()
    assert texts == [f"a{i % 10 + 10}zz" for i in range(4000)]


@inside
def test_texts_in_maps_sets_records_and_as_keys() -> None:
    from pyjs import run_js

    document = run_js(
        "Array.from({length: 300}, (_, i) => ({kind: `kind ${i % 3}`,"
        " map: new Map([[`kind ${i % 2}`, `kind ${i % 3}`]]), set: new Set([`kind ${i % 3}`]),"
        " long: 'x'.repeat(100 + i % 2)}))"
    ).to_py()
    assert document == [
        {
            "kind": f"kind {i % 3}",
            "map": {f"kind {i % 2}": f"kind {i % 3}"},
            "set": {f"kind {i % 3}"},
            "long": "x" * (100 + i % 2),
        }
        for i in range(300)
    ]


@inside
def test_a_converter_that_goes_on_after_a_failure() -> None:
    from pyjs import JsException, run_js

    value = run_js(
        "Array.from({length: 400}, (_, i) => i % 50 === 49 ?"
        " new (class Fails { parts = [`word ${i % 5}`, { get x() { throw new Error('no') } }] }) :"
        " `word ${i % 5}`)"
    )
    failures = []

    def convert(thing, to_python, _cache):
        try:
            return to_python(thing.parts)
        except JsException as error:
            failures.append(str(error))
            return f"word {len(failures)}"

    made = value.to_py(default_converter=convert)
    assert len(failures) == 8
    assert made == [f"word {i // 50 + 1}" if i % 50 == 49 else f"word {i % 5}" for i in range(400)]


@pytest.mark.parametrize("depth", [1, 3])
@inside
def test_conversions_within_conversions_have_texts_of_their_own(depth: int) -> None:
    from pyjs import run_js

    words = run_js("(n) => Array.from({length: n}, (_, i) => `${n} words ${i % 9}`)")

    def nest(level, size):
        def convert(thing, _to_python, _cache):
            inner = nest(level - 1, thing.size) if level else words(thing.size).to_py()
            return str(inner == [f"{thing.size} words {i % 9}" for i in range(thing.size)])

        mixed = run_js("(list, size) => [...list, new (class { size = size + 1 }), ...list]")
        list_ = words(size)
        made = mixed(list_, size).to_py(default_converter=convert)
        expected = [f"{size} words {i % 9}" for i in range(size)]
        assert made[:size] == made[size + 1 :] == expected
        return expected

    assert nest(depth, 200) == [f"200 words {i % 9}" for i in range(200)]

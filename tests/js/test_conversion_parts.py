"""Long conversions to Python go to its memory in parts; what they say is one whole."""

from __future__ import annotations

import pytest

from tests.hosts.base import Host


@pytest.mark.parametrize("length", [0, 1, 63, 64, 4096, 4097, 40_000, 200_000])
def test_numbers(host: Host, length: int) -> None:
    assert (
        host.js(
            """
        const kinds = [(i) => i, (i) => i + 0.5, (i) => i / 2, (i) => (i % 5000 ? i : `${i}`),
          (i) => (i % 5000 ? i + 0.5 : null), (i) => (i % 3 ? i : 2 ** 40 + i),
          (i) => "ab\\xe9\\u20ac".slice(i % 4)];
        return kinds.map((kind) => {
          const list = Array.from({ length: args[0] }, (_, i) => kind(i));
          const made = py.toPy([list, list]);
          const back = made.toJs();
          made.destroy();
          return back[0] === back[1] && list.every((x, i) => x === (back[0][i] ?? null));
        });
        """,
            length,
        )
        == [True] * 7
    )


@pytest.mark.parametrize("length", [1, 5000, 200_000])
@pytest.mark.parametrize(
    ("typed", "make", "code"),
    [
        ("f64", "(i) => i + 0.5", "d"),
        ("auto", "(i) => i", "i"),
        ("auto", "(i) => (i === 0 ? -0 : i)", "d"),
        ("i64", "(i) => (i % 7 ? i : 2n ** 62n + BigInt(i))", "q"),
        ("u64", "(i) => (i % 9 ? i : 2n ** 64n - 1n - BigInt(i))", "Q"),
    ],
)
def test_tables(host: Host, length: int, typed: str, make: str, code: str) -> None:
    assert (
        host.js(
            f"const make = {make};"
            + """
        const list = Array.from({ length: args[0] }, (_, i) => make(i));
        const made = py.toPy({ list, again: list, after: "x" }, { typed: args[1] });
        const same = py.runPython("lambda made, list: made['list'] is made['again'] and"
          + " made['after'] == 'x' and made['list'].tolist() == list.to_py()"
          + " and made['list'].typecode");
        const found = same(made, list);
        same.destroy();
        made.destroy();
        return found;
        """,
            length,
            typed,
        )
        == code
    )


def test_a_misfit_far_behind_is_named(host: Host) -> None:
    assert "$.list[150000]: 1.5 cannot be an element" in host.js(
        """
        const list = Array.from({ length: 200_000 }, (_, i) => (i === 150_000 ? 1.5 : i));
        try { py.toPy({ list }, { typed: "i32" }); } catch (error) { return error.message; }
        """
    )


def test_members_of_members(host: Host) -> None:
    assert host.js(
        """
        const shared = [1, 2.5, "x"];
        const value = Array.from({ length: 20_000 }, (_, i) =>
          ({ i, list: [[], [i], {}, shared, null, undefined, true, ""],
            map: { a: { b: [`${i}`] } } }));
        value[7].list.push(value);
        const made = py.toPy(value);
        const back = made.toJs();
        made.destroy();
        const isRoot = (x) => x === value || x === back;
        const plain = (x) => JSON.stringify(x, (key, item) => (isRoot(item) ? "cycle" : item));
        const same = value.every((x, i) => plain(x) === plain(back[i]));
        return [same, back[7].list[8] === back, back[0].list[3] === back[9].list[3]];
        """
    ) == [True, True, True]

"""The converters that come with the package, but for dates and regular expressions."""

from tests.inside import inside


@inside
def test_what_comes_with_the_package() -> None:
    from dataclasses import InitVar, dataclass, field
    from decimal import Decimal
    from enum import Enum, Flag, IntEnum, StrEnum
    from typing import ClassVar, NamedTuple
    from uuid import UUID

    from pyjs import destroy_proxies, js, run_js, to_js, to_py
    from pyjs.converters import disable, enable

    class Color(Enum):
        RED = "red"
        PAIR = (1, 2)
        NESTED = Decimal("0.1")

    class Size(IntEnum):
        S = 1

    class Word(StrEnum):
        A = "a"

    class Right(Flag):
        READ = 4

    @dataclass
    class Inner:
        size: Size = Size.S

    @dataclass
    class Outer:
        name: str
        inner: Inner
        skip: ClassVar[int] = 1
        init: InitVar[int] = 2
        many: list = field(default_factory=list)

    class Row(NamedTuple):
        a: int

    show = run_js("x => JSON.stringify(x)")
    values = [
        Color.RED,
        Color.PAIR,
        Color.NESTED,
        Size.S,
        Word.A,
        Right.READ,
        Outer("x", Inner(), many=[Inner()]),
        Decimal("1E+400"),
        UUID(int=255),
        Row(1),
    ]
    text = (
        '["red",[1,2],"0.1",1,"a",4,{"name":"x","inner":{"size":1},"many":[{"size":1}]},'
        '"1E+400","00000000-0000-0000-0000-0000000000ff",[1]]'
    )
    with enable():
        assert show(to_js(values)) == text
    with enable("Enum", "dataclass", "Decimal", "UUID"):
        assert show(to_js(values)) == text
        kinds = run_js("o => o instanceof Map && o.get('inner') instanceof Map")
        assert kinds(to_js(values[6], dicts="map")) is True
        disable("Enum")
        proxies = js.Array.new()
        assert to_js([Color.RED], pyproxies=proxies)[0] is Color.RED
        destroy_proxies(proxies)
    # What was before is so again, whatever happened in between.
    with enable("Enum"):
        with enable("Decimal"):
            disable()
        assert to_js(Color.RED) == "red"
    proxies = js.Array.new()
    assert to_js([Color.RED, Decimal(1)], pyproxies=proxies)[1] == Decimal(1)
    destroy_proxies(proxies)
    url = run_js("new URL('https://example.org/a?b=ü')")
    with enable("URL"):
        assert to_py(js.Array.of(url, url)) == ["https://example.org/a?b=%C3%BC"] * 2
        assert to_js("https://example.org/") == "https://example.org/"
    assert to_py(url) == url

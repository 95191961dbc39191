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


@inside
def test_a_url_goes_both_ways() -> None:
    from urllib.parse import urldefrag, urlparse, urlsplit

    from pyjs import js, js_call, run_js, to_js, to_py
    from pyjs.converters import enable
    from pyjs.ffi import ConversionError

    show = run_js("x => JSON.stringify(x)")
    text = "https://a.example:8080/p;x?q=1#f"
    with enable("URL"):
        for parse in (urlsplit, urlparse):
            made = to_js({"at": [parse(text), "https://a.b/"]})
            assert made.at[0].constructor == js.URL
            assert (made.at[0].href, made.at[1]) == (text, "https://a.b/")
            assert to_py(made) == {"at": [text, "https://a.b/"]}
        # JavaScript normalises, and knows more than ASCII; a shared one stays one.
        url = urlsplit("HTTPS://\u00e4.example/\u00fc?a b")
        made = to_js([url, url, {url}])
        assert made[0].href == "https://xn--4ca.example/%C3%BC?a%20b"
        assert run_js("([a, b, s]) => a === b && s.has(a)")(made) is True
        href = run_js("o => o.u[0] instanceof URL && o.u[0].href")
        assert js_call(href, {"u": [urlsplit("blob:x")]}) == "blob:x"
        assert run_js("m => [...m.keys()][0] instanceof URL")(to_js({url: 1}, dicts="map")) is True
        # What has no scheme is no URL of JavaScript's.
        for wrong in ("/relative", "", "//a.b/c", "http://"):
            try:
                to_js({"at": [0, urlsplit(wrong)]})
            except ConversionError as error:
                assert (
                    str(error) == f"to_js: $.at[1]: '{urlsplit(wrong).geturl()}' is no absolute URL"
                )
            else:
                raise AssertionError(wrong)
        # Bytes are no text, and what urldefrag() gives is a pair.
        assert show(to_js(urldefrag("http://a.b/#f"))) == '["http://a.b/","f"]'
        try:
            to_js([urlsplit(text)._replace(path=5)])
        except ConversionError as error:
            assert str(error).startswith("to_js: $[0]: SplitResult(scheme='https',"), error
            assert " has no counterpart in JavaScript: " in str(error)
        else:
            raise AssertionError("nothing was raised")
    assert show(to_js(urlsplit("http://a.b/c"))) == '["http","a.b","/c","",""]'


def test_registering_imports_what_it_needs_alone() -> None:
    from tests.js import run_node

    assert run_node(
        """
        const py = await loadPyjs();
        const loaded = () => py.runPython(
          "import sys; ' '.join(m for m in ('datetime', 'urllib.parse') if m in sys.modules)");
        const out = [];
        py.runPython("from pyjs.converters import *");
        const before = loaded();
        py.runPython("register_to_js(complex, str); register_to_py('X', str); enable('dataclass')");
        out.push(loaded() === before, before.includes("datetime"), before.includes("urllib"));
        py.runPython("enable('URL')");
        out.push(loaded().includes("datetime"), loaded().includes("urllib"));
        py.runPython("enable('Date')");
        out.push(loaded().includes("datetime"));
        py.toPy([new Date(0)]).destroy();
        return out;
        """
    ) == [True, False, False, False, True, True]

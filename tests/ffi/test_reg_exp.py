"""RegExp and re.Pattern in deep conversion: what they match, and what has no counterpart."""

from tests.inside import inside


@inside
def test_regular_expressions_become_patterns() -> None:
    import re

    from pyjs import run_js, to_py
    from pyjs.converters import enable
    from pyjs.ffi import ConversionError

    cases = (
        ("/a(?<n>b+)\\k<n>/i", "a(?P<n>b+)(?P=n)", re.I),
        ("/^a.b/msgdu", "^a.b", re.M | re.S),
        ("/a$/m", "a$", re.M),
        ("/a$/", r"a\Z", 0),
        ("/\\d+\\/\\w/", r"\d+/\w", re.A),
        ("/[\\d\\-\\]x]\\b/", r"[\d\-\]x]\b", re.A),
        ("/\\s[^]/", r"\s[\s\S]", 0),
        ("/a[]|b/", "a(?!)|b", 0),
        ("/\\u{1f600}\\ud83d\\ude00\\u00e9\\x41\\cJ\\0/u", "😀😀é\\x41\\x0a\\x00", 0),
        ("/(?<=a)b(?<!c)(?:d)(?=e)(?!f)/", "(?<=a)b(?<!c)(?:d)(?=e)(?!f)", 0),
        ("/[[a]x{2,}y{,3}\\Z\\A/", r"[\[a]x{2,}y\{,3}ZA", 0),
        ("new RegExp('')", "", 0),
    )
    with enable("RegExp"):
        for source, pattern, flags in cases:
            made = to_py(run_js(f"[{source}]"))[0]
            assert (made.pattern, made.flags & ~re.U) == (pattern, flags), (source, made)
        one, other = to_py(run_js("(x => [x, x])(/a/)"))
        assert one is other
        for source, word in (
            ("/a/y", "flag y"),
            ("/\\p{L}/u", "\\p{L}"),
            ("/(?<=a+)b/", "look-behind requires fixed-width"),
            ("/(?<$>a)/", "bad character in group name"),
            ("/\\w\\s/", "ASCII"),
            ("/\\1(a)/", "invalid group reference"),
        ):
            try:
                to_py(run_js(f"({{a: [{source}]}})"))
            except ConversionError as error:
                text = str(error)
                assert text.startswith("to_py: $.a[0]: the RegExp has no counterpart"), text
                assert word in text, (source, text)
            else:
                raise AssertionError(source)
        # What it matches: digits and the end of the text.
        digits, end = to_py(run_js("[/^\\d$/, /^a$/]"))
        assert digits.match("7")
        assert not digits.match("٣")
        assert not end.match("a\n")
        looks = to_py(run_js("[Object.create(RegExp.prototype), new Proxy(/a/, {})]"))
        assert not any(isinstance(value, re.Pattern) for value in looks)


@inside
def test_patterns_become_regular_expressions() -> None:
    import re

    from pyjs import run_js, to_js, to_py
    from pyjs.converters import enable
    from pyjs.ffi import ConversionError

    test = run_js("(r, texts) => texts.map(t => { const m = r.exec(t); return m?.[0] })")
    texts = [
        "a",
        "ab",
        "AB",
        "a\n",
        "abab",
        "7",
        "٣",
        "é7_",
        "😀",
        "a-b c",
        "]",
        "x{y}",
        "\n",
        "b\na",
    ]
    sources = (
        ("^a(?P<n>b)?", re.I),
        ("(?P<n>ab)(?P=n)", 0),
        (r"\d", 0),
        (r"\d", re.A),
        (r"^\w+\Z", 0),
        (r"\w+", re.A),
        ("a$", 0),
        ("^a$", re.M),
        (r"\Aa\b", re.M),
        (r"^.$", re.S),
        (r"^.\Z", 0),
        (re.escape("a-b c"), 0),
        ("[]a]", 0),
        ("[^]a]", 0),
        ("x{y}", 0),
        ("]|}", 0),
        (r"\W", 0),
        (r"[\d\w-]+", 0),
        (r"\bab\b", 0),
        ("a(?#comment)b", 0),
        ("(?i)ab", 0),
        ("a{,2}b", 0),
        (r"[\U0001f600-\U0001f64f]", 0),
        (r"\u00e9\x37\137", 0),
        ("(?:)", 0),
        ("", 0),
    )
    with enable("RegExp"):
        for source, flags in sources:
            pattern = re.compile(source, flags)
            made = to_js([pattern, pattern])
            assert run_js("a => a[0] instanceof RegExp && a[0] === a[1]")(made) is True
            found = [m and m[0] for m in map(pattern.search, texts)]
            assert test(made[0], to_js(texts)).to_py() == found, (source, str(made[0]))
        made = to_js(re.compile("a(?P<n>b)(?P=n)", re.I | re.M | re.S))
        assert (made.source, made.flags) == (r"a(?<n>b)\k<n>", "imsu")
        assert to_py(made).pattern == "a(?P<n>b)(?P=n)"
        for pattern, word in (
            (re.compile(b"a"), "bytes"),
            (re.compile("a", re.X), "VERBOSE"),
            (re.compile("(?>a)"), "(?>"),
            (re.compile("a++"), "SyntaxError"),
            (re.compile("(a)?(?(1)b|c)"), "(?(1)"),
            (re.compile(r"[\W]"), r"\W in a class"),
            (re.compile(r"(?a:\w)"), "(?a:"),
        ):
            try:
                to_js({"x": [1, pattern]})
            except ConversionError as error:
                assert str(error).startswith("to_js: $.x[1]: "), error
                assert word in str(error), (pattern, str(error))
            else:
                raise AssertionError(pattern)


@inside
def test_flags_whose_getter_switches_the_conversion_off() -> None:
    from pyjs import JsProxy, run_js, to_py
    from pyjs.converters import disable, enable
    from pyjs.ffi import create_proxy

    make = run_js("""(off) => {
      const source = Object.defineProperty(/a/, "flags", {get() { off(); return "g" }});
      return {x: [1, source], y: 2};
    }""")
    off = create_proxy(lambda: disable("RegExp"))
    source = make(off)
    with enable("RegExp"):
        made = to_py(source)
    off.destroy()
    assert isinstance(made["x"][1], JsProxy)
    assert made["x"][1] == source.x[1]
    assert made["y"] == 2

"""Date and datetime in deep conversion: moments, to the millisecond."""

import json
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hosts.base import Host
from tests.inside import inside


@inside
def test_dates_become_aware_datetimes_in_utc() -> None:
    from datetime import UTC, datetime

    from pyjs import js, run_js, to_py

    made = to_py(
        run_js("({a: [new Date(0), new Date(-1), new Date('2024-02-29T12:34:56.789Z')]})"),
        dates=True,
    )
    assert made == {
        "a": [
            datetime(1970, 1, 1, tzinfo=UTC),
            datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC),
            datetime(2024, 2, 29, 12, 34, 56, 789000, tzinfo=UTC),
        ]
    }
    assert all(type(when) is datetime and when.tzinfo is UTC for when in made["a"])
    assert to_py(js.Date.new(5), dates=True) == datetime(1970, 1, 1, 0, 0, 0, 5000, tzinfo=UTC)
    # In maps, as keys, in sets, and twice the same.
    made = to_py(run_js("(d => new Map([[d, [d, d, new Set([d])]]]))(new Date(1))"), dates=True)
    ((key, (one, other, members)),) = made.items()
    assert key is one
    assert one is other
    assert members == {one}
    # The last and the first that datetime has.
    ends = to_py(run_js("[new Date(-62135596800000), new Date(253402300799999)]"), dates=True)
    assert ends == [
        datetime.min.replace(tzinfo=UTC),
        datetime.max.replace(microsecond=999000, tzinfo=UTC),
    ]


@inside
def test_aware_datetimes_become_dates() -> None:
    from datetime import UTC, datetime, timedelta, timezone
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from pyjs import run_js, to_js

    east = timezone(timedelta(hours=5, minutes=30))
    when = datetime(2024, 2, 29, 18, 4, 5, 678900, tzinfo=east)
    made = to_js({"a": [when, datetime.min.replace(tzinfo=UTC)]}, dates=True)
    assert run_js("o => o.a.map(d => d instanceof Date && d.toISOString())")(made).to_py() == [
        "2024-02-29T12:34:05.678Z",
        "0001-01-01T00:00:00.000Z",
    ]
    assert to_js(when, dates=True).getTime() == 1709210045678
    # Rounded down, so that what comes first stays first.
    before = datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    assert to_js(before, dates=True).getTime() == -1
    # Beyond the years that datetime has: the offset counts.
    late = datetime.max.replace(tzinfo=timezone(-timedelta(hours=23)))
    assert to_js(late, dates=True).toISOString() == "+010000-01-01T22:59:59.999Z"

    class Stamp(datetime):
        pass

    made = to_js([Stamp(2000, 1, 1, tzinfo=UTC)] * 2 + [when, when], dates=True)
    assert run_js("a => a[0] === a[1] && a[2] === a[3]")(made) is True
    made = to_js({1: {when}}, dates=True, dicts="map")
    assert run_js("m => [...m.get(1)][0].getTime()")(made) == 1709210045678
    assert run_js("m => [...m][0][0].getTime()")(to_js({when: 1}, dates=True, dicts="map")) == (
        1709210045678
    )
    try:
        zone = ZoneInfo("Europe/Berlin")
    except ZoneInfoNotFoundError:
        return  # the library has no table of zones
    assert to_js(datetime(2024, 7, 1, tzinfo=zone), dates=True).getUTCHours() == 22


@inside
def test_dates_stay_proxies_unless_they_are_asked_for() -> None:
    from datetime import UTC, date, datetime, time

    from pyjs import JsProxy, destroy_proxies, js, run_js, to_js, to_py

    assert isinstance(to_py(run_js("[new Date(0)]"))[0], JsProxy)
    assert isinstance(to_py(run_js("[new Date(0)]"), dates=False)[0], JsProxy)
    when = datetime(2024, 1, 1, tzinfo=UTC)
    proxies = js.Array.new()
    assert to_js([when], pyproxies=proxies)[0] is when
    # A day and a time of day are no moments.
    day, noon = date(2024, 1, 1), time(12, tzinfo=UTC)
    made = to_js([day, noon], pyproxies=proxies, dates=True)
    assert made[0] is day
    assert made[1] is noon
    # What only looks like a Date.
    source = "[Object.create(Date.prototype), new Proxy(new Date(0), {}), {[tag]: 'Date'}]"
    a, b, c = to_py(run_js(f"(tag => {source})(Symbol.toStringTag)"), dates=True)
    assert isinstance(a, JsProxy)
    assert isinstance(b, JsProxy)
    assert c == {}
    destroy_proxies(proxies)


@inside
def test_moments_that_have_no_counterpart_name_their_place() -> None:
    from datetime import UTC, datetime, tzinfo

    from pyjs import run_js, to_js, to_py
    from pyjs.ffi import ConversionError

    for source, path in (
        ("({a: [1, {when: new Date(NaN)}]})", "$.a[1].when"),
        ("new Map([['k', new Date(253402300800000)]])", "$.k"),
        ("[new Date(-62135596800001)]", "$[0]"),
        ("new Date(8.64e15)", "$"),
        ("[new Set([new Date(NaN)])]", "$[0]"),
    ):
        try:
            to_py(run_js(source), dates=True)
        except ConversionError as error:
            assert str(error).startswith(f"to_py: {path}: the Date is invalid, or outside"), error
        else:
            raise AssertionError(source)

    class Vague(tzinfo):
        def utcoffset(self, when):
            return None

    class Broken(tzinfo):
        def utcoffset(self, when):
            raise KeyError("mine")

    naive = datetime(2024, 1, 1)
    for value, path in (
        ({"a": [naive]}, "$.a[0]"),
        (naive, "$"),
        ([1, (naive,)], "$[1][0]"),
        ([naive.replace(tzinfo=Vague())], "$[0]"),
    ):
        try:
            to_js(value, dates=True)
        except ConversionError as error:
            assert str(error).startswith(f"to_js: {path}: datetime.datetime(2024, 1, 1, 0, 0"), (
                error
            )
            assert "give it a tzinfo, such as datetime.timezone.utc" in str(error)
        else:
            raise AssertionError(path)
    try:
        to_js([naive.replace(tzinfo=Broken())], dates=True)
    except KeyError as error:
        assert error.__notes__ == ["in a converter of to_js, for $[0]"]
    else:
        raise AssertionError("nothing was raised")
    # An object's keys are text, which a moment has too many of.
    try:
        to_js({naive.replace(tzinfo=UTC): 1}, dates=True)
    except ConversionError as error:
        assert "as a key" in str(error)
    else:
        raise AssertionError("nothing was raised")


@inside
def test_a_thousand_datetimes_cross_at_once() -> None:
    from datetime import UTC, datetime, timedelta

    from pyjs import run_js, to_js, to_py

    days = [datetime(2000, 1, 1, tzinfo=UTC) + timedelta(days=i) for i in range(1000)]
    made = to_js(days, dates=True)
    assert (
        run_js("a => a.every((d, i) => d.getTime() === 946684800000 + i * 86400000)")(made) is True
    )
    assert to_py(made, dates=True) == days


@inside
def test_dates_go_with_converters_and_depth() -> None:
    from datetime import UTC, datetime

    from pyjs import js, run_js, to_js, to_py

    when = datetime(2024, 1, 1, tzinfo=UTC)
    seen = []

    def eager(value, convert, cache):
        seen.append(type(value).__name__)
        return "eager" if value is when else convert(value)

    show = run_js("x => JSON.stringify(x)")
    assert show(to_js([when], eager_converter=eager, dates=True)) == '["eager"]'
    assert seen == ["list", "datetime"]
    leave = lambda value, convert, cache: convert(value)  # noqa: E731
    assert show(to_js([when], eager_converter=leave, dates=True)) == '["2024-01-01T00:00:00.000Z"]'
    # A moment is no container: it has no depth.
    assert show(to_js([when, [1]], depth=1, dates=True, default_converter=lambda *a: "deep")) == (
        '["2024-01-01T00:00:00.000Z","deep"]'
    )
    fail = lambda value, convert, cache: 1 / 0  # noqa: E731
    assert to_py(run_js("[new Date(0)]"), dates=True, default_converter=fail) == [
        datetime(1970, 1, 1, tzinfo=UTC)
    ]
    assert to_py(js.Date.new(0), depth=0, dates=True) == datetime(1970, 1, 1, tzinfo=UTC)


def test_dates_from_javascript(host: Host) -> None:
    assert host.js(
        """
        py.runPython('from datetime import datetime, timezone; utc = timezone.utc');
        const list = py.runPython(
          "[datetime(2024, 2, 29, tzinfo=utc), {'x': datetime(1960, 1, 1, tzinfo=utc)}]");
        const made = list.toJs({ dates: true });
        let naive;
        const back = py.toPy({ a: [new Date(-5)] }, { dates: true });
        const out = [made[0] instanceof Date, made[1].x.toISOString(), String(back)];
        for (const bad of [
          () => py.toPy([new Date(NaN)], { dates: true }),
          () => py.toPy([], { dates: 1 }),
          () => py.toPy([], { date: true }),
          () => list.toJs({ date: true }),
          () => { naive = py.runPython('[datetime(2024, 1, 1)]'); naive.toJs({ dates: true }) },
        ]) {
          try { bad() } catch (error) { out.push(error.type ?? error.message) }
        }
        Object.prototype.dates = true;
        try {
          const same = list.toJs();
          out.push(same[0] instanceof Date);
          same[0].destroy(); same[1].x.destroy();
        } finally { delete Object.prototype.dates }
        list.destroy(); back.destroy(); naive.destroy();
        py.runPython("del datetime, timezone, utc");
        return out;
        """
    ) == [
        True,
        "1960-01-01T00:00:00.000Z",
        "{'a': [datetime.datetime(1969, 12, 31, 23, 59, 59, 995000,"
        " tzinfo=datetime.timezone.utc)]}",
        "ConversionError",
        "toPy: expected dates to be a boolean, got number",
        "toPy: unknown option date; known are depth, defaultConverter, convertNullToNone, "
        "numbers, typed, dates",
        "toJs: unknown option date; known are depth, pyproxies, create_pyproxies, dict_converter,"
        " default_converter, eager_converter, ints, typed, dates, dicts",
        "ConversionError",
        False,
    ]


def test_objects_of_another_realm(host: Host) -> None:
    begin = """
from pyjs.converters import enable, register_to_py, unregister_to_py
register_to_py("Kilo", lambda kilo: kilo.grams)
on = enable("RegExp")
"""
    end = """
unregister_to_py("Kilo")
on.__exit__(None, None, None)
del enable, register_to_py, unregister_to_py, on
"""
    assert host.js(
        """
        const source = "[new Date(5), /a(?<n>b)/i, new (class Kilo { grams = 4 })]";
        let frame, theirs;
        if (typeof document === 'object') {
          frame = document.body.appendChild(document.createElement('iframe'));
          theirs = frame.contentWindow.eval(source);
        } else theirs = (await import('node:vm')).runInNewContext(source);
        py.runPython(args[0]);
        const made = py.toPy(theirs, { dates: true });
        const text = String(made);
        made.destroy();
        py.runPython(args[1]);
        frame?.remove();
        return [theirs[0] instanceof Date, text];
        """,
        begin,
        end,
    ) == [
        False,
        "[datetime.datetime(1970, 1, 1, 0, 0, 0, 5000, tzinfo=datetime.timezone.utc),"
        " re.compile('a(?P<n>b)', re.IGNORECASE), 4]",
    ]


_CHECK = """
def make():
    import json
    from datetime import datetime, timedelta, timezone
    from pyjs import run_js, to_js, to_py

    epoch = datetime(1970, 1, 1, tzinfo=timezone.utc)
    times = run_js("list => list.map(date => date.getTime())")
    dates = run_js("list => list.map(time => new Date(time))")

    def there(text):
        moments = [
            datetime.fromisoformat(when).replace(tzinfo=timezone(timedelta(seconds=offset)))
            for when, offset in json.loads(text)
        ]
        expected = [(when - epoch) // timedelta(milliseconds=1) for when in moments]
        return times(to_js(moments, dates=True)).to_py() == expected

    def back(text):
        numbers = json.loads(text)
        made = to_py(dates(to_js(numbers)), dates=True)
        return made == [epoch + timedelta(milliseconds=number) for number in numbers] and (
            times(to_js(made, dates=True)).to_py() == numbers
        )

    return lambda name, text: {"there": there, "back": back}[name](text)

make()
"""

_near_min = datetime.min + timedelta(days=2)
_near_max = datetime.max - timedelta(days=2)


@pytest.mark.parametrize("direction", ["there", "back"])
def test_any_moment_crosses_exactly(host: Host, direction: str) -> None:
    host.js("globalThis.checkDates = py.runPython(args[0], {globals: py.runPython('{}')})", _CHECK)
    # An offset may lead out of the years that datetime can subtract in.
    moments = st.tuples(
        st.datetimes(min_value=_near_min, max_value=_near_max).map(lambda when: when.isoformat()),
        st.integers(-86399, 86399),
    )
    numbers = st.integers(-62135596800000, 253402300799999)
    lists = st.lists(moments if direction == "there" else numbers, min_size=20, max_size=40)

    @settings(
        derandomize=True,
        deadline=None,
        max_examples=40,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(lists)
    def check(values: list[object]) -> None:
        text = json.dumps(values)
        assert host.js("return globalThis.checkDates(...args)", direction, text) is True

    try:
        check()
    finally:
        host.js("globalThis.checkDates.destroy(); delete globalThis.checkDates")

"""json writes jsnull (PEP 818, "Changes to the json Module")."""

from tests.inside import inside, not_in_pyodide

pytestmark = not_in_pyodide("its json knows its own jsnull")


@inside
def test_null_is_written_wherever_it_stands() -> None:
    import io
    import json

    from pyjs import jsnull

    assert json.dumps(jsnull) == "null"
    assert json.dumps({"a": [jsnull, None]}) == '{"a": [null, null]}'
    assert json.dumps([jsnull], indent=1) == "[\n null\n]"
    file = io.StringIO()
    json.dump([jsnull], file)
    assert file.getvalue() == "[null]"


@inside
def test_what_a_program_says_of_other_objects() -> None:
    import json

    from pyjs import jsnull

    class Encoder(json.JSONEncoder):
        def default(self, o):
            return "object" if type(o) is object else super().default(o)

    assert json.dumps([jsnull, object()], cls=Encoder) == '[null, "object"]'
    assert json.dumps(object(), default=str).startswith('"<object')
    try:
        json.dumps(object())
        raise AssertionError("no error")
    except TypeError as error:
        assert "object is not JSON serializable" in str(error)

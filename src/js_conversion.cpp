// js_conversion.cpp: `to_js` and `JsProxy.to_py`, as Python calls them.
#include <cstring>

#include "dates.hpp"
#include "deep_to_js.hpp"
#include "deep_to_py.hpp"
#include "glue.hpp"
#include "hooks.hpp"
#include "js_types.hpp"
#include "options.hpp"
#include "values.hpp"
#include "wrap.hpp"

namespace pyjs {
namespace {

PyObject* given(PyObject* option) { return option == Py_None ? nullptr : option; }

/// Whether `object` is the value of `member` of the global `name`.
bool is_member(Handle handle, const char* name, const char* member) {
    val value = val::global(name);
    if (member != nullptr) {
        value = value[member];
    }
    emscripten::internal::_emval_incref(handle);
    return value.strictlyEquals(own(handle));
}

/// What JavaScript's own functions do with pairs is done without calling them.
Dicts dicts_of(PyObject* converter, Dicts otherwise) {
    if (converter == nullptr) {
        return otherwise;
    }
    if (Handle function = unwrap_js(converter)) {
        return is_member(function, "Object", "fromEntries") ? Dicts::Object : Dicts::Converted;
    }
    // js.Map.new
    if (PyCFunction_Check(converter) &&
        std::strcmp(reinterpret_cast<PyCFunctionObject*>(converter)->m_ml->ml_name, "new") == 0) {
        PyObject* self = PyCFunction_GET_SELF(converter);
        const Handle handle = self == nullptr ? nullptr : unwrap_js(self);
        if (handle != nullptr && is_member(handle, "Map", nullptr)) {
            return Dicts::Map;
        }
    }
    return Dicts::Converted;
}

/// What dicts become where nothing says it.
Dicts usual_dicts = Dicts::Object;

bool read_dicts(PyObject* given, Dicts& dicts) {
    if (given == nullptr) {
        dicts = usual_dicts;
        return true;
    }
    const int maps = read_choice("to_js: dicts", given, "object", "map");
    dicts = maps > 0 ? Dicts::Map : Dicts::Object;
    return maps >= 0;
}

/// What a dict becomes is said once.
bool check_dicts(PyObject* dicts, PyObject* dict_converter) {
    if (dicts == nullptr || dict_converter == nullptr || dict_converter == Py_None) {
        return true;
    }
    PyErr_SetString(PyExc_TypeError,
                    "to_js: expected dicts or dict_converter, got both: leave one of them out");
    return false;
}

bool read_numeric(PyObject* ints, PyObject* typed, Numeric& numeric) {
    const int bigints = read_choice("to_js: ints", ints, "auto", "bigint");
    numeric.bigints = bigints > 0;
    return bigints >= 0 && read_typed("to_js", typed, numeric.typed);
}

bool read_null(PyObject* null, Reading& how) {
    how.null_is_none = null == Py_None;
    if (null == Py_None || null == js_null()) {
        return true;
    }
    PyErr_Format(PyExc_TypeError, "to_py: null: expected jsnull or None, got %.200s",
                 Py_TYPE(null)->tp_name);
    return false;
}

/// None of these, or a callable.
bool check_converter(PyObject* converter, const char* name) {
    if (converter == nullptr || PyCallable_Check(converter) != 0) {
        return true;
    }
    PyErr_Format(PyExc_TypeError, "%s: expected a callable or None, got %.200s", name,
                 Py_TYPE(converter)->tp_name);
    return false;
}

bool check_pyproxies(PyObject* pyproxies) {
    if (pyproxies == nullptr ||
        (unwrap_js(pyproxies) != nullptr && has(type_flags(Py_TYPE(pyproxies)), JsFlag::Array))) {
        return true;
    }
    PyErr_Format(PyExc_TypeError,
                 "to_js: pyproxies: expected a JsArray, to which PyProxies are "
                 "added, or None, got %.200s",
                 Py_TYPE(pyproxies)->tp_name);
    return false;
}

/// The object of `options` as to_js() takes them, with None where nothing is given.
PyObject* convert_with(PyObject* object, DeepToJs& options, PyObject* pyproxies,
                       PyObject* dict_converter, PyObject* default_converter,
                       PyObject* eager_converter) {
    options.pyproxies = given(pyproxies);
    options.dict_converter = given(dict_converter);
    options.default_converter = given(default_converter);
    options.eager_converter = given(eager_converter);
    if (!check_converter(options.dict_converter, "to_js: dict_converter") ||
        !check_converter(options.default_converter, "to_js: default_converter") ||
        !check_converter(options.eager_converter, "to_js: eager_converter") ||
        !check_pyproxies(options.pyproxies) || (options.dates && !prepare_dates())) {
        return nullptr;
    }
    options.dicts = dicts_of(options.dict_converter, options.dicts);
    return deep_to_js(object, options);
}

PyObject* to_js_method(PyObject*, PyObject* args, PyObject* kwargs) {
    static const char* const names[] = {"",
                                        "depth",
                                        "pyproxies",
                                        "create_pyproxies",
                                        "dict_converter",
                                        "default_converter",
                                        "eager_converter",
                                        "dicts",
                                        "ints",
                                        "typed",
                                        "dates",
                                        nullptr};
    PyObject* object = nullptr;
    PyObject* depth = nullptr;
    PyObject* create = nullptr;
    PyObject* dates = nullptr;
    PyObject* pyproxies = Py_None;
    PyObject* dict_converter = Py_None;
    PyObject* default_converter = Py_None;
    PyObject* eager_converter = Py_None;
    PyObject* dicts = nullptr;
    PyObject* ints = nullptr;
    PyObject* typed = Py_None;
    DeepToJs options;
    if (PyArg_ParseTupleAndKeywords(args, kwargs, "O|$OOOOOOOOOO:to_js", const_cast<char**>(names),
                                    &object, &depth, &pyproxies, &create, &dict_converter,
                                    &default_converter, &eager_converter, &dicts, &ints, &typed,
                                    &dates) == 0 ||
        !read_depth("to_js: depth", depth, options.depth) ||
        !read_flag("to_js: create_pyproxies", create, options.create_pyproxies) ||
        !read_flag("to_js: dates", dates, options.dates) || !read_dicts(dicts, options.dicts) ||
        !check_dicts(dicts, dict_converter) || !read_numeric(ints, typed, options.numeric)) {
        return nullptr;
    }
    return convert_with(object, options, pyproxies, dict_converter, default_converter,
                        eager_converter);
}

PyObject* to_py_method(PyObject* self, PyObject* args, PyObject* kwargs) {
    static const char* const names[] = {
        "depth", "default_converter", "null", "numbers", "typed", "dates", nullptr};
    DeepToPy options;
    PyObject* depth = nullptr;
    PyObject* dates = nullptr;
    PyObject* converter = Py_None;
    PyObject* null = js_null();
    PyObject* numbers = nullptr;
    PyObject* typed = Py_None;
    bool with_dates = false;
    if (PyArg_ParseTupleAndKeywords(args, kwargs, "|$OOOOOO:to_py", const_cast<char**>(names),
                                    &depth, &converter, &null, &numbers, &typed, &dates) == 0 ||
        !read_depth("to_py: depth", depth, options.depth) ||
        !read_flag("to_py: dates", dates, with_dates) ||
        !check_converter(given(converter), "to_py: default_converter") ||
        !read_null(null, options.how) || !read_typed("to_py", typed, options.how.typed)) {
        return nullptr;
    }
    const int floats = read_choice("to_py: numbers", numbers, "auto", "float");
    options.how.floats = floats > 0;
    options.known = with_dates ? Known::AndDates : Known::Registered;
    options.default_converter = given(converter);
    return floats < 0 ? nullptr : deep_to_py(handle_of(self), options);
}

/// For programs written for Pyodide's older versions.
PyObject* set_usual_dicts(PyObject*, PyObject* maps) {
    usual_dicts = maps == Py_True ? Dicts::Map : Dicts::Object;
    return Py_NewRef(Py_None);
}

PyObject* bind_sig(PyObject* self, PyObject* signature) {
    return call_hook(Hook::Bind, self, signature);
}

PyObject* bind_class(PyObject* self, PyObject* signature) {
    if (PyType_Check(signature) == 0) {
        PyErr_Format(PyExc_TypeError, "bind_class: expected a class, got %.200s",
                     Py_TYPE(signature)->tp_name);
        return nullptr;
    }
    PyObject* alias = Py_GenericAlias(reinterpret_cast<PyObject*>(&PyType_Type), signature);
    PyObject* result = alias == nullptr ? nullptr : bind_sig(self, alias);
    Py_XDECREF(alias);
    return result;
}

PyCFunction with_keywords(PyCFunctionWithKeywords function) {
    return reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(function));
}

PyMethodDef methods[] = {
    {"to_py", with_keywords(to_py_method), METH_VARARGS | METH_KEYWORDS,
     R"doc(to_py($self, /, *, depth=-1, default_converter=None, null=jsnull, numbers='auto', typed=None, dates=False)
--

Convert the object and what is in it into Python objects.

Array becomes list, Map and plain object dict, Set set; ArrayBuffer, DataView and typed arrays
become memoryviews of a copy, with the elements' format. Anything else stays a JsProxy. What
occurs twice, or contains itself, does so in the result too.

Args:
    depth: how many levels to convert, -1 for all.
    default_converter: called with (value, convert, cache) for a JsProxy that would stay one,
        also where `depth` ends; its result is used. `convert(other)` converts what `value`
        holds; `cache(value, result)` before that lets what is inside refer to `result`.
        What it returns converts as if it stood in the structure. Called at each level of a
        structure, `convert` is a call in a call through both languages: a RecursionError ends
        that after about 60 levels.
    null: what JavaScript's null becomes wherever it stands: jsnull, which tells it from undefined,
        or None.
    numbers: "auto" makes ints of integral numbers. With "float" every number is a float, -0
        included, and an int is what was a bigint: what to_js(ints="bigint") wrote comes back with
        the types it had.
    typed: what an Array of one number or more, and nothing else, becomes: with None a list, else
        an array.array. The type is "f64", "f32", "i32", "u32", "i16", "u16", "i8", "u8", "i64" or
        "u64"; "auto" takes "i32" where all are 32-bit integers, else "f64". Integral numbers fit
        types of integers; "f32" rounds; bigints are numbers for "i64" and "u64" alone. Typed
        arrays become memoryviews all the same.
    dates: whether a Date becomes an aware datetime in UTC; see also pyjs.converters.

Raises:
    ConversionError: keys that Python cannot have in one dict, a number that the type does not
        hold, a Date that no datetime is, a buffer that is detached, or an Array or Map that is
        none inside; the text names the place.
    JsException: what a getter, an iterator or a trap throws, with the place in a note.
    TypeError, ValueError: an option is none of what it can be.

>>> from pyjs import run_js
>>> run_js("({users: [{name: 'Ada', tags: new Set(['x'])}]})").to_py()
{'users': [{'name': 'Ada', 'tags': {'x'}}]}
>>> columns = run_js("({x: [1, 2.5], y: [1, 2], z: [null, 3]})")
>>> columns.to_py(typed="auto", null=None)
{'x': array('d', [1.0, 2.5]), 'y': array('i', [1, 2]), 'z': [None, 3]}
>>> columns.to_py(numbers="float")["y"]
[1.0, 2.0]

Source: Pyodide, JsProxy.to_py; PEP 818, "to_py".)doc"},
    {"bind_sig", bind_sig, METH_O,
     R"doc(bind_sig($self, signature, /)
--

The same object, whose calls and attributes convert as the signature declares.

Args:
    signature: a Python function, for a function; a class with annotations and methods, for an
        object; type[C] for a class whose instances are like C. pyjs.signatures tells what they
        can say.

Raises:
    TypeError: the signature is none of these.

>>> from typing import Annotated
>>> from pyjs import run_js
>>> from pyjs.signatures import Deep
>>> def pair(a: int, b: int = 2, /) -> Annotated[list[int], Deep]: ...
>>> run_js("(a, b) => [a, b]").bind_sig(pair)(1)
[1, 2]

Source: Pyodide, JsProxy.bind_sig.)doc"},
    {"bind_class", bind_class, METH_O,
     R"doc(bind_class($self, signature, /)
--

The same JavaScript class: a call constructs an object, bound to the signature.

>>> from pyjs import run_js
>>> from pyjs.signatures import BindClass
>>> class Point(BindClass):
...     x: int
...     def __init__(self, x: int = 1, /) -> None: ...
>>> run_js("(class { constructor(x) { this.x = x } })").bind_class(Point)().x
1

Source: Pyodide, JsProxy.bind_class.)doc"},
    {nullptr, nullptr, 0, nullptr},
};

PyMethodDef functions[] = {
    {"to_js", with_keywords(to_js_method), METH_VARARGS | METH_KEYWORDS,
     R"doc(to_js($module, object, /, *, depth=-1, pyproxies=None, create_pyproxies=True, dict_converter=None, default_converter=None, eager_converter=None, dicts='object', ints='auto', typed=None, dates=False)
--

Convert a Python structure into JavaScript objects, in one crossing.

list and tuple become Array, dict an object, set a Set. What has the buffer protocol becomes a
typed array with a copy of its elements, in rows when it has more than one dimension. None,
numbers, strings and JsProxies convert as everywhere; any other object becomes a PyProxy. What
occurs twice, or contains itself, does so in the result too.

Args:
    object: what to convert; what needs no conversion is returned as it is.
    depth: how many levels to convert, -1 for all.
    pyproxies: a JsArray, to which every PyProxy that is made is added, for destroy_proxies().
    create_pyproxies: False raises a ConversionError where a PyProxy would be made, also of what a
        converter gives.
    dict_converter: called with a JsArray of [key, value] pairs for every dict; its result is
        used. js.Object.fromEntries and js.Map.new need no call.
    default_converter: called with (value, convert, cache) for what has no conversion, also where
        `depth` ends; its result is used, and a PyProxy of it when it is a Python object.
        `convert(other)` converts what `value` holds; `cache(value, result)` before that lets
        what is inside refer to `result`. A converter that calls `convert` at each level of a
        structure is a call in a call: a RecursionError ends that after some hundred levels.
    eager_converter: likewise, for all but None, booleans, numbers, strings and JsProxies;
        `convert(value)` gives what would have come without it.
    dicts: "object", or "map" for Maps, whose keys keep their types; not beside dict_converter.
    ints: "auto" makes bigints of ints beyond 2**53 alone, "bigint" of every int; booleans stay
        booleans. to_py(numbers="float") turns the latter back.
    typed: what a list or tuple of one number or more, and nothing else, becomes: with None an
        Array, else a typed array. A bool is no number. The type is "f64", "f32", "i32", "u32",
        "i16", "u16", "i8", "u8", "i64" or "u64"; "auto" takes "i32" where all are ints of 32
        bits, "f64" for floats and ints up to 2**53, and leaves other lists Arrays. Integral
        floats fit types of integers; "f32" rounds floats.
    dates: whether an aware datetime becomes a Date, in whole milliseconds, rounded down; see
        also pyjs.converters.

Raises:
    ConversionError: a part has no conversion, two keys become one, a container changed
        meanwhile, or the type does not hold a number: a fraction, one out of its range, or an int
        that a float would have to round; the text names the place.
    TypeError: pyproxies is no JsArray, or dicts and dict_converter are both given.
    TypeError, ValueError: an option is none of what it can be.

Returns:
    A JsProxy of the new structure, which JavaScript owns; PyProxies in it live until they are
    destroyed or collected.

>>> from pyjs import js, to_js
>>> js.JSON.stringify(to_js({"users": [{"name": "Ada", "tags": ("a", "b")}]}))
'{"users":[{"name":"Ada","tags":["a","b"]}]}'
>>> to_js({"x": [1, 2.5], "y": [1, 2]}, typed="auto").y.constructor.name
'Int32Array'
>>> to_js([1, 2.0], ints="bigint").to_py(numbers="float")
[1, 2.0]

Source: Pyodide, pyodide.ffi.to_js.)doc"},
    {"set_usual_dicts", set_usual_dicts, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace

const Mixin js_conversion = {is_base, nullptr, methods};

PyObject* proxy_to_js(PyObject* object, PyObject* const* given_options) noexcept {
    DeepToJs options;
    // JavaScript checked what they are.
    if (!read_depth("to_js: depth", given_options[0], options.depth) ||
        !read_flag("to_js: create_pyproxies", given_options[2], options.create_pyproxies) ||
        !read_numeric(given_options[6], given_options[7], options.numeric) ||
        !read_flag("to_js: dates", given_options[8], options.dates) ||
        !read_dicts(given_options[9], options.dicts)) {
        return nullptr;
    }
    return convert_with(object, options, given_options[1], given_options[3], given_options[4],
                        given_options[5]);
}

bool add_conversion(PyObject* module) noexcept {
    return PyModule_AddFunctions(module, functions) == 0;
}

}  // namespace pyjs

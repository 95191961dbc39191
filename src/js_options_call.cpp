// js_options_call.cpp: `js_call`: containers among the arguments are converted, in the crossing of
// the call.
#include "js_options_call.hpp"

#include <pybind11/pybind11.h>

#include <cstring>
#include <new>

#include "conversion_error.hpp"
#include "deep_to_js.hpp"
#include "glue.hpp"
#include "js_types.hpp"
#include "tape_writer.hpp"
#include "wrap.hpp"

namespace pyjs {
namespace {

namespace py = pybind11;

/// A tape of all arguments, and the call that reads it.
class OptionsCall : private TapeWriter {
public:
    OptionsCall(Dicts dicts, PyObject* options)
        : TapeWriter(dicts, -1, true, {}, false, "js_call"), options_(options) {}

    /// `receiver` may be null.
    PyObject* run(Handle function, Handle receiver, bool construct, PyObject* args) {
        if (!write_placed(args, 0)) {
            return nullptr;
        }
        Slot slots[4];
        point(slots);
        slots[3].set(receiver == nullptr ? Tag::Undefined : Tag::Handle);
        slots[3].handle = receiver;
        const Tag tag = js_op(JsOp::Apply, function, slots, construct ? 1 : 0);
        if (tag == Tag::Missing) {
            raise_issue("js_call", slots);
            return nullptr;
        }
        if (tag != Tag::JsError && tag != Tag::PyError) {
            keep_keys();
        }
        return finish(tag, slots);
    }

private:
    static constexpr long kOfArguments = 1;  // the level of what the tuple of arguments holds

    bool meet(PyObject* object, long level) override {
        if (object == options_) {
            return open_object(object, level);
        }
        const bool is_container = PyList_Check(object) || PyTuple_Check(object) ||
                                  PyDict_Check(object) || PySet_Check(object);
        return level > kOfArguments || is_container || level == 0 ? ordinary(object, level)
                                                                  : leaf(object);
    }

    bool unknown(PyObject* object, long, const char* why) override {
        return why == nullptr ? leaf(object)
                              : fail("no conversion is known for this %.200s: %s",
                                     Py_TYPE(object)->tp_name, why);
    }

    void note() override { add_path_note("js_call", path()); }

    PyObject* options_;  // the dict of keyword arguments, or null
};

/// What is called: a function with what `this` is, or a class, to construct.
struct Callee {
    PyObject* proxy = nullptr;
    bool construct = false;
};

bool is_callable(PyObject* object) {
    return is_js(object) && has(type_flags(Py_TYPE(object)), JsFlag::Callable);
}

/// No proxy with the Python error set.
Callee callee_of(PyObject* object) {
    if (is_callable(object)) {
        return {object, false};
    }
    // js.Map.new
    if (PyCFunction_Check(object) &&
        std::strcmp(reinterpret_cast<PyCFunctionObject*>(object)->m_ml->ml_name, "new") == 0) {
        PyObject* self = PyCFunction_GET_SELF(object);
        if (self != nullptr && is_callable(self)) {
            return {self, true};
        }
    }
    PyErr_Format(PyExc_TypeError,
                 "js_call: expected a JavaScript function, or `new` of a JavaScript class, as "
                 "what to call, got %.200s",
                 Py_TYPE(object)->tp_name);
    return {};
}

/// The keyword arguments of JavaScript's function; takes `dicts` out. Null with the error set.
PyObject* options_from(PyObject* const* values, PyObject* names, PyObject** dicts) {
    PyObject* options = PyDict_New();
    const Py_ssize_t count = names == nullptr ? 0 : PyTuple_GET_SIZE(names);
    for (Py_ssize_t i = 0; options != nullptr && i < count; ++i) {
        PyObject* name = PyTuple_GET_ITEM(names, i);
        if (PyUnicode_EqualToUTF8(name, "dicts") != 0) {
            *dicts = values[i];
        } else if (PyDict_SetItem(options, name, values[i]) < 0) {
            Py_CLEAR(options);
        }
    }
    return options;
}

/// The positional arguments, then the object of keyword arguments unless it is empty.
PyObject* arguments_of(PyObject* const* values, Py_ssize_t count, PyObject* options) {
    const Py_ssize_t more = PyDict_GET_SIZE(options) == 0 ? 0 : 1;
    PyObject* args = PyTuple_New(count + more);
    for (Py_ssize_t i = 0; args != nullptr && i < count; ++i) {
        PyTuple_SET_ITEM(args, i, Py_NewRef(values[i]));
    }
    if (args != nullptr && more != 0) {
        PyTuple_SET_ITEM(args, count, Py_NewRef(options));
    }
    return args;
}

PyObject* call(const Callee& callee, Dicts dicts, PyObject* options, PyObject* args) {
    try {
        const JsFields& js = fields(callee.proxy);
        const Handle receiver = js.receiver == nullptr ? nullptr : handle_of(js.receiver);
        return OptionsCall(dicts, options).run(borrow(js.value), receiver, callee.construct, args);
    } catch (const std::bad_alloc&) {
        return PyErr_NoMemory();
    }
}

PyObject* js_call(PyObject*, PyObject* const* values, Py_ssize_t count, PyObject* names) {
    if (count == 0) {
        PyErr_SetString(PyExc_TypeError, "js_call: expected a JavaScript function to call");
        return nullptr;
    }
    const Callee callee = callee_of(values[0]);
    if (callee.proxy == nullptr) {
        return nullptr;
    }
    PyObject* given = nullptr;
    const auto options =
        py::reinterpret_steal<py::object>(options_from(values + count, names, &given));
    const auto args = py::reinterpret_steal<py::object>(
        options ? arguments_of(values + 1, count - 1, options.ptr()) : nullptr);
    const int maps = args ? read_choice("js_call: dicts", given, "object", "map") : -1;
    if (maps < 0) {
        return nullptr;
    }
    // The call may drop the last other reference to what it calls.
    const auto kept = py::reinterpret_borrow<py::object>(callee.proxy);
    return call(callee, maps > 0 ? Dicts::Map : Dicts::Object, options.ptr(), args.ptr());
}

PyMethodDef functions[] = {
    {"js_call", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(js_call)),
     METH_FASTCALL | METH_KEYWORDS,
     R"doc(js_call($module, function, /, *args, dicts='object', **kwargs)
--

Call a JavaScript function with structures: options, lists of points, nested data.

Arguments that are a dict, list, tuple or set are converted deeply, as `to_js` does, in the
crossing of the call; any other argument is passed as in an ordinary call. Keyword arguments
become the last argument, an object, whose values are treated likewise. Python objects in the
structures are lent to the call as arguments are, and functions live until JavaScript drops them.

Args:
    function: a JavaScript function or method, which keeps its `this`; or `new` of a JavaScript
        class, which constructs: `js_call(js.Intl.NumberFormat.new, "de", style="percent")`.
        The signature of bind_sig() is not asked.
    dicts: "object", or "map" for Maps, whose keys keep their types; keyword arguments become an
        object all the same. An option of this name goes into a dict, as the last argument.

Raises:
    TypeError: function is no JavaScript function.
    ConversionError: a part has no conversion; the text names the place, `$[0]` being the first
        argument.
    JsException: what the function throws; a Python exception that passes through it stays the
        same object.

Returns:
    What an ordinary call would.

>>> from pyjs import js_call, run_js
>>> draw = run_js("(at, {color, tags}) => `${at.x} ${color} ${tags.join('+')}`")
>>> js_call(draw, {"x": 1}, color="red", tags=["a", "b"])
'1 red a+b'

Source: Pyodide, pyodide.ffi.to_js with Object.fromEntries, in one call.)doc"},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace

bool add_options_call(PyObject* module) noexcept {
    return PyModule_AddFunctions(module, functions) == 0;
}

}  // namespace pyjs

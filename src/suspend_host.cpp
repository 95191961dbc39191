// suspend_host.cpp: promising calls where the host suspends stacks, as Pyodide does.
//
// Such a call is kept under its ticket; js/wheel/join.ts lets the host call run_kept() on a stack
// that it can suspend. The core has no stacks of its own there.
#include <emscripten/em_macros.h>

#include <unordered_map>

#include "glue.hpp"
#include "hooks.hpp"
#include "py_ops.hpp"
#include "py_result.hpp"
#include "suspend.hpp"
#include "wrap.hpp"

namespace pyjs {
namespace {

/// By ticket: the callable, its arguments and its keyword arguments; null when they could not be
/// decoded, and `error` is set.
struct Kept {
    PyObject* call;
    PyObject* error;
};
std::unordered_map<std::uint32_t, Kept> kept;

PyObject* collect(PyObject*, PyObject* args, PyObject* keywords) {
    return PyTuple_Pack(2, args, keywords == nullptr ? Py_None : keywords);
}

PyMethodDef collector = {"collect", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(collect)),
                         METH_VARARGS | METH_KEYWORDS, nullptr};

PyObject* arguments_of(Slot* slots, std::uint32_t positional, std::uint32_t keywords) {
    PyObject* function = PyCFunction_New(&collector, nullptr);
    if (function == nullptr) {
        return nullptr;
    }
    PyObject* arguments = call_python(function, slots, positional, keywords);
    Py_DECREF(function);
    return arguments;
}

PyObject* perform(const Kept& what) {
    if (what.call == nullptr) {
        PyErr_SetRaisedException(what.error);
        return nullptr;
    }
    PyObject* arguments = PyTuple_GET_ITEM(what.call, 1);
    PyObject* keywords = PyTuple_GET_ITEM(arguments, 1);
    PyObject* result = PyObject_Call(PyTuple_GET_ITEM(what.call, 0), PyTuple_GET_ITEM(arguments, 0),
                                     keywords == Py_None ? nullptr : keywords);
    Py_DECREF(what.call);
    return result;
}

PyObject* run_kept(PyObject*, PyObject* number) {
    const auto ticket = static_cast<std::uint32_t>(PyLong_AsUnsignedLong(number));
    const auto found = PyErr_Occurred() == nullptr ? kept.find(ticket) : kept.end();
    if (found == kept.end()) {
        return PyErr_Occurred() == nullptr
                   ? PyErr_Format(PyExc_ValueError, "run_kept: no call is kept as %R", number)
                   : nullptr;
    }
    const Kept what = found->second;
    kept.erase(found);
    alignas(16) unsigned char memory[2 * sizeof(Slot) + kInline];
    auto* answer = reinterpret_cast<Slot*>(memory);
    const std::uint32_t tag = give(perform(what), answer);
    pyjs_js_done(ticket, tag, answer);
    Py_RETURN_NONE;
}

PyObject* no_stack(PyObject*, PyObject*) { return PyLong_FromLong(0); }

PyObject* set_foreign(PyObject*, PyObject* const* args, Py_ssize_t count) {
    if (count != 2 || PyType_Check(args[0]) == 0) {
        PyErr_SetString(PyExc_TypeError, "set_foreign: expected a class and a function");
        return nullptr;
    }
    set_foreign_type(reinterpret_cast<PyTypeObject*>(args[0]));
    set_hook(Hook::Unwrap, args[1]);
    Py_RETURN_NONE;
}

PyMethodDef functions[] = {
    {"stack", no_stack, METH_NOARGS, "stack(): 0, for none of the core's can be suspended."},
    {"run_kept", run_kept, METH_O, "run_kept(ticket): makes the promising call of that number."},
    {"set_foreign", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(set_foreign)),
     METH_FASTCALL, "set_foreign(class, unwrap): the host's own proxies, and what they stand for."},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace

extern "C" EMSCRIPTEN_KEEPALIVE void pyjs_run_promising(PyObject* callable, Slot* slots,
                                                        std::uint32_t positional,
                                                        std::uint32_t keywords,
                                                        std::uint32_t ticket) {
    ++entered().arrived;
    PyObject* arguments = arguments_of(slots, positional, keywords);
    PyObject* call = arguments == nullptr ? nullptr : PyTuple_Pack(2, callable, arguments);
    Py_XDECREF(arguments);
    kept[ticket] = {call, call == nullptr ? PyErr_GetRaisedException() : nullptr};
}

bool add_suspend(PyObject* module) noexcept {
    return PyModule_AddFunctions(module, functions) == 0;
}

}  // namespace pyjs

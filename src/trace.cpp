// trace.cpp: the stacks of both languages for each JsProxy.
#include "trace.hpp"

#include <map>
#include <unordered_map>

#include "glue.hpp"
#include "js_types.hpp"
#include "wrap.hpp"

namespace py = pybind11;

namespace pyjs {

bool tracing = false;

namespace {

struct Made {
    std::uint64_t order;
    PyObject* stack;  // the text of the Python frames
};

std::unordered_map<PyObject*, Made>& made() {
    static std::unordered_map<PyObject*, Made> living;
    return living;
}

PyObject* own_folder = nullptr;

/// A line about a frame; empty for the bridge's own.
py::object describe(PyFrameObject* frame) {
    const auto code =
        py::reinterpret_steal<py::object>(reinterpret_cast<PyObject*>(PyFrame_GetCode(frame)));
    const auto* fields = reinterpret_cast<PyCodeObject*>(code.ptr());
    if (own_folder != nullptr &&
        PyUnicode_Tailmatch(fields->co_filename, own_folder, 0, PY_SSIZE_T_MAX, -1) == 1) {
        return py::str("");
    }
    return py::reinterpret_steal<py::object>(
        PyUnicode_FromFormat("  File \"%U\", line %d, in %U\n", fields->co_filename,
                             PyFrame_GetLineNumber(frame), fields->co_qualname));
}

Slot address_of(PyObject* proxy) {
    Slot slot;
    slot.set(Tag::Number);
    slot.number = static_cast<double>(reinterpret_cast<std::uintptr_t>(proxy));
    return slot;
}

}  // namespace

void trace(bool active, const py::str& own) {
    tracing = active;
    Py_XSETREF(own_folder, Py_NewRef(own.ptr()));
}

PyObject* python_stack() noexcept {
    auto text = py::reinterpret_steal<py::object>(PyUnicode_FromString(""));
    auto frame = py::reinterpret_borrow<py::object>(reinterpret_cast<PyObject*>(PyEval_GetFrame()));
    while (text && frame) {
        auto* current = reinterpret_cast<PyFrameObject*>(frame.ptr());
        const py::object line = describe(current);
        text = py::reinterpret_steal<py::object>(line ? PyUnicode_Concat(line.ptr(), text.ptr())
                                                      : nullptr);
        frame = py::reinterpret_steal<py::object>(
            reinterpret_cast<PyObject*>(PyFrame_GetBack(current)));
    }
    return text.release().ptr();
}

void trace_made(PyObject* proxy) noexcept {
    PyObject* pending = PyErr_GetRaisedException();
    PyObject* stack = python_stack();
    Slot slots[2] = {address_of(proxy)};
    if (stack == nullptr || finish(js_op(JsOp::Trace, nullptr, slots), slots) == nullptr) {
        PyErr_WriteUnraisable(nullptr);
        Py_XDECREF(stack);
    } else {
        static std::uint64_t order = 0;
        made()[proxy] = {++order, stack};
    }
    PyErr_SetRaisedException(pending);
}

void trace_gone(PyObject* proxy) noexcept {
    if (made().empty()) {
        return;
    }
    const auto found = made().find(proxy);
    if (found != made().end()) {
        PyObject* stack = found->second.stack;
        made().erase(found);
        Py_DECREF(stack);
    }
}

py::list js_traces() {
    std::map<std::uint64_t, PyObject*> ordered;
    for (const auto& [proxy, about] : made()) {
        ordered[about.order] = proxy;
    }
    py::list result;
    for (const auto& [order, proxy] : ordered) {
        Slot slots[2] = {address_of(proxy)};
        PyObject* js = finish(js_op(JsOp::TraceOf, nullptr, slots), slots);
        if (js == nullptr) {
            throw py::error_already_set();
        }
        result.append(py::make_tuple(py::handle(proxy), py::handle(made()[proxy].stack),
                                     py::reinterpret_steal<py::object>(js)));
    }
    return result;
}

}  // namespace pyjs

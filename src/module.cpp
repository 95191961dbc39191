// module.cpp: the Python module `pyjs._core`.
#include "pyjs/module.hpp"

#include <pybind11/pybind11.h>

#include "deep_to_py.hpp"
#include "glue.hpp"
#include "hooks.hpp"
#include "js_class.hpp"
#include "js_types.hpp"
#include "py_ops.hpp"
#include "pyjs/convert.hpp"
#include "pyjs/proxy.hpp"
#include "values.hpp"
#include "wrap.hpp"

namespace pyjs {
namespace {

constexpr const char* kCreateProxy = R"(
Make a JavaScript object of a Python object that lives until destroy() is called on either side.

What is passed to a JavaScript function without this can be used until that call ends; a
listener needs to live longer.

Args:
    object: any Python object; None, numbers and strings get a proxy too.

Returns:
    A JsDoubleProxy: to JavaScript the proxy of `object`, with `destroy()` for Python.

>>> from pyjs import create_proxy, js
>>> listener = create_proxy(lambda event: print(event.type))
>>> target = js.EventTarget.new()
>>> target.addEventListener("done", listener)
>>> target.dispatchEvent(js.Event.new("done"))
done
True
>>> listener.destroy()

Source: PEP 818, "create_proxy".
)";

constexpr const char* kCreateOnceCallable = R"(
Make a JavaScript function of a Python callable, which is let go when it has been called once.

Args:
    callable: what to call; its result is the function's.

Raises:
    TypeError: `callable` is not callable.

Returns:
    A JsDoubleProxy. The second call throws an Error; `destroy()` lets go without a call.

>>> import asyncio
>>> from pyjs import create_once_callable, js
>>> js.setTimeout(create_once_callable(lambda: print("now")), 1) is None
False
>>> await asyncio.sleep(0.05)
now

Source: PEP 818, "create_once_callable".
)";

py::object create_proxy(py::handle object) { return js_proxy(py_proxy(object)); }

py::object create_once_callable(py::handle callable) {
    if (PyCallable_Check(callable.ptr()) == 0) {
        throw py::type_error(std::string("create_once_callable: expected a callable, got ") +
                             Py_TYPE(callable.ptr())->tp_name);
    }
    const std::uint32_t flags = py_flags(callable.ptr()) | static_cast<std::uint32_t>(PyFlag::Once);
    return js_proxy(own(pyjs_js_make_proxy(callable.inc_ref().ptr(), flags)));
}

py::object finish_or_throw(Tag tag, const Slot* slots) {
    PyObject* result = finish(tag, slots);
    if (result == nullptr) {
        throw py::error_already_set();
    }
    return py::reinterpret_steal<py::object>(result);
}

Handle expect_js(const char* operation, py::handle object) {
    const Handle handle = unwrap_js(object.ptr());
    if (handle == nullptr) {
        throw py::type_error(std::string(operation) + ": expected a JsProxy, got " +
                             Py_TYPE(object.ptr())->tp_name);
    }
    return handle;
}

void then(py::handle thenable, py::handle fulfilled, py::handle rejected) {
    Slot slots[2];
    for (Slot& slot : slots) {
        slot.set(Tag::Object);
    }
    slots[0].object = fulfilled.ptr();
    slots[0].aux = py_flags(fulfilled.ptr()) | static_cast<std::uint32_t>(PyFlag::Once);
    slots[1].object = rejected.ptr();
    slots[1].aux = py_flags(rejected.ptr()) | static_cast<std::uint32_t>(PyFlag::Once);
    finish_or_throw(js_op(JsOp::Then, expect_js("then", thenable), slots), slots);
}

py::object to_py_deep(py::handle object, int depth) {
    Slot slots[2];
    slots[0].set(Tag::Number);
    slots[0].number = depth;
    const Tag tag = js_op(JsOp::ToPy, expect_js("to_py", object), slots);
    if (tag != Tag::Tape) {
        return finish_or_throw(tag, slots);
    }
    PyObject* result = decode_tape(slots);
    if (result == nullptr) {
        throw py::error_already_set();
    }
    return py::reinterpret_steal<py::object>(result);
}

void post(py::handle callback) {
    Slot slots[2];
    slots[0].set(Tag::Object);
    slots[0].object = callback.ptr();
    slots[0].aux = py_flags(callback.ptr()) | static_cast<std::uint32_t>(PyFlag::Once);
    finish_or_throw(js_op(JsOp::Post, nullptr, slots), slots);
}

py::dict counts() {
    Slot slots[2];
    py::dict result;
    result["js_proxies"] = py::int_(js_alive);
    result["py_proxies"] = finish_or_throw(js_op(JsOp::Count, nullptr, slots), slots);
    result["handles"] = finish_or_throw(js_op(JsOp::Handles, nullptr, slots), slots);
    return result;
}

py::object subclassing() {
    Slot slots[2];
    return finish_or_throw(js_op(JsOp::Subclassing, nullptr, slots), slots);
}

void install_hooks(py::handle await_thenable, py::handle settle, py::handle format,
                   py::handle subclass) {
    set_hook(Hook::AwaitThenable, await_thenable.ptr());
    set_hook(Hook::Settle, settle.ptr());
    set_hook(Hook::Format, format.ptr());
    set_hook(Hook::Subclass, subclass.ptr());
}

}  // namespace

void define_module(py::module_& m) {
    if (!add_values(m.ptr()) || !add_js_types(m.ptr()) || !add_js_classes(m.ptr())) {
        throw py::error_already_set();
    }
    pyjs_js_attach(arena, kArenaSize);
    m.attr("js") = js_proxy(val::global("globalThis"));
    m.attr("subclassing") = subclassing();
    m.def("create_proxy", &create_proxy, kCreateProxy, py::arg("object"), py::pos_only());
    m.def("create_once_callable", &create_once_callable, kCreateOnceCallable, py::arg("callable"),
          py::pos_only());
    m.def("then", &then);
    m.def("to_py", &to_py_deep, py::arg("object"), py::arg("depth"));
    m.def("post", &post);
    m.def("counts", &counts);
    m.def("install_hooks", &install_hooks, py::arg("await_thenable"), py::arg("settle"),
          py::arg("format"), py::arg("subclass"));
}

}  // namespace pyjs

PYBIND11_MODULE(_core, m) { pyjs::define_module(m); }

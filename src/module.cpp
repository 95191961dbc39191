// module.cpp: the Python module `pyjs._core`.
#include "pyjs/module.hpp"

#include <pybind11/pybind11.h>

#include "conversion_error.hpp"
#include "encode.hpp"
#include "glue.hpp"
#include "hooks.hpp"
#include "host_entry.hpp"
#include "js_class.hpp"
#include "js_module.hpp"
#include "js_options_call.hpp"
#include "js_types.hpp"
#include "py_json.hpp"
#include "py_ops.hpp"
#include "pyjs/convert.hpp"
#include "pyjs/proxy.hpp"
#include "registry.hpp"
#include "suspend.hpp"
#include "trace.hpp"
#include "values.hpp"
#include "waiting.hpp"
#include "wrap.hpp"

namespace pyjs {
namespace {

constexpr const char* kCreateProxy =
    R"(create_proxy(object, /, *, capture_this=False, roundtrip=True, promising=False)
--

Make a JavaScript object of a Python object that lives until destroy() is called on either side.

What is passed to a JavaScript function without this can be used until that call ends. Where
JavaScript decides how long functions live (`proxyLifetime` of loadPyjs(), by default), only
objects that are no functions need it, and functions that are to end at a chosen moment.

Args:
    object: any Python object; None, numbers and strings get a proxy too.
    capture_this: a call from JavaScript gives `this` as the first argument.
    roundtrip: passed back to Python it is this JsDoubleProxy, which can be destroyed there;
        otherwise it is `object` itself.
    promising: each call from JavaScript gives a promise, as `callPromising` does, and may wait by
        `run_sync`, where the engine can suspend it: for event listeners.

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

constexpr const char* kCreateOnceCallable = R"(create_once_callable(callable, /)
--

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

py::object double_proxy(py::handle object, std::uint32_t flags) {
    return js_proxy(own(pyjs_js_make_proxy(object.inc_ref().ptr(), flags)));
}

py::object create_proxy(py::handle object, bool capture_this, bool roundtrip, bool promising) {
    if (promising && PyCallable_Check(object.ptr()) == 0) {
        throw py::type_error(
            std::string("create_proxy(promising=True): expected a callable, got ") +
            Py_TYPE(object.ptr())->tp_name);
    }
    std::uint32_t flags = py_flags(object.ptr());
    flags |= capture_this ? static_cast<std::uint32_t>(PyFlag::CaptureThis) : 0;
    flags |= roundtrip ? static_cast<std::uint32_t>(PyFlag::Roundtrip) : 0;
    flags |= promising ? static_cast<std::uint32_t>(PyFlag::Promising) : 0;
    return double_proxy(object, flags);
}

py::object create_once_callable(py::handle callable) {
    if (PyCallable_Check(callable.ptr()) == 0) {
        throw py::type_error(std::string("create_once_callable: expected a callable, got ") +
                             Py_TYPE(callable.ptr())->tp_name);
    }
    const std::uint32_t flags = py_flags(callable.ptr()) | static_cast<std::uint32_t>(PyFlag::Once);
    return double_proxy(callable, flags);
}

py::object js_value(py::handle value) { return js_proxy(to_js(value)); }

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

/// A callable that JavaScript calls once, or destroys.
void put_once(Slot& slot, py::handle callable) {
    slot.set(Tag::Object);
    slot.object = callable.ptr();
    slot.aux = py_flags(callable.ptr()) | static_cast<std::uint32_t>(PyFlag::Once);
}

/// `future` ends as `thenable` does.
void then(py::handle thenable, py::handle future) {
    expect_js("then", thenable);
    Slot slots[2];
    if (!end_with(JsOp::Then, thenable.ptr(), slots, 0, future.ptr())) {
        throw py::error_already_set();
    }
}

void set_abortable(py::handle function, py::handle position, const py::str& option) {
    Slot slots[2];
    Scratch scratch;
    if (!encode(position.ptr(), slots[0], scratch) || !encode(option.ptr(), slots[1], scratch)) {
        throw py::error_already_set();
    }
    finish_or_throw(js_op(JsOp::SetAbortable, expect_js("abortable", function), slots), slots);
}

constexpr const char* kDestroyProxies = R"(destroy_proxies(pyproxies, /)
--

Destroy every PyProxy of a JavaScript array, in one crossing.

Args:
    pyproxies: a JsArray of PyProxies, such as to_js() fills.

Raises:
    TypeError: `pyproxies` is no JsProxy.
    JsException: an element is no PyProxy.

>>> from pyjs import create_proxy, js
>>> from pyjs.ffi import destroy_proxies
>>> destroy_proxies(js.Array.of(create_proxy([1]), create_proxy({})))

Source: Pyodide, destroy_proxies.
)";

void destroy_proxies(py::handle pyproxies) {
    Slot slots[2];
    const Handle handle = expect_js("destroy_proxies", pyproxies);
    finish_or_throw(js_op(JsOp::DestroyAll, handle, slots), slots);
}

py::object js_module(py::handle object, py::handle half) {
    expect_js("js_module", object);
    return make_module(object, half);
}

py::object bind(py::handle object, py::handle half) {
    expect_js("bind_sig", object);
    return make_bound(object, half);
}

py::object js_import(const py::str& url) {
    Slot slots[2];
    Scratch scratch;
    if (!encode(url.ptr(), slots[0], scratch)) {
        throw py::error_already_set();
    }
    return finish_or_throw(js_op(JsOp::Import, nullptr, slots), slots);
}

int start_timer(py::handle callback, double milliseconds) {
    Slot slots[2];
    put_once(slots[0], callback);
    slots[1].set(Tag::Number);
    slots[1].number = milliseconds;
    return py::int_(finish_or_throw(js_op(JsOp::StartTimer, nullptr, slots), slots)).cast<int>();
}

void cancel_timer(int number) {
    Slot slots[2];
    slots[0].set(Tag::Number);
    slots[0].number = number;
    finish_or_throw(js_op(JsOp::CancelTimer, nullptr, slots), slots);
}

py::object reporter() {
    Slot slots[2];
    return finish_or_throw(js_op(JsOp::Reporter, nullptr, slots), slots);
}

void set_tick(py::handle tick) { set_hook(Hook::Tick, tick.ptr()); }

void wake(double loop, double milliseconds) {
    Slot slots[2];
    slots[0].set(Tag::Number);
    slots[0].number = loop;
    slots[1].set(Tag::Number);
    slots[1].number = milliseconds;
    finish_or_throw(js_op(JsOp::Wake, nullptr, slots), slots);
}

py::dict counts() {
    Slot slots[2];
    py::dict result;
    result["js_proxies"] = py::int_(js_alive);
    result["py_proxies"] = finish_or_throw(js_op(JsOp::Count, nullptr, slots), slots);
    result["handles"] = finish_or_throw(js_op(JsOp::Handles, nullptr, slots), slots);
    return result;
}

bool set_tracing(bool active, const py::str& own) {
    Slot slots[2];
    slots[0].set(active ? Tag::True : Tag::False);
    trace(active, own);
    return finish_or_throw(js_op(JsOp::SetTracing, nullptr, slots), slots).is(py::bool_(true));
}

py::tuple traces() {
    Slot slots[2];
    const py::list of_js = js_traces();
    return py::make_tuple(finish_or_throw(js_op(JsOp::Traces, nullptr, slots), slots), of_js);
}

py::object registry() {
    Slot slots[2];
    return finish_or_throw(js_op(JsOp::Registry, nullptr, slots), slots);
}

py::object http() {
    Slot slots[2];
    return finish_or_throw(js_op(JsOp::Http, nullptr, slots), slots);
}

void set_all_converters(const py::dict& types, py::handle dataclass) {
    if (!set_converters(types.ptr(), dataclass.ptr())) {
        throw py::error_already_set();
    }
}

py::object subclassing() {
    Slot slots[2];
    return finish_or_throw(js_op(JsOp::Subclassing, nullptr, slots), slots);
}

void set_new_future(py::handle make) { set_hook(Hook::NewFuture, make.ptr()); }

void install_hooks(py::handle new_future, py::handle settle, py::handle format, py::handle cancel,
                   py::handle ready, py::handle rebuild, py::handle subclass, py::handle bind,
                   py::handle then, py::handle unretrieved) {
    set_hook(Hook::NewFuture, new_future.ptr());
    set_hook(Hook::Settle, settle.ptr());
    set_hook(Hook::Format, format.ptr());
    set_hook(Hook::Cancel, cancel.ptr());
    set_hook(Hook::Ready, ready.ptr());
    set_hook(Hook::Rebuild, rebuild.ptr());
    set_hook(Hook::Subclass, subclass.ptr());
    set_hook(Hook::Bind, bind.ptr());
    set_hook(Hook::Then, then.ptr());
    set_hook(Hook::Unretrieved, unretrieved.ptr());
}

}  // namespace

/// What the module of the main interpreter has, from the end of its first import on.
PyObject* defined = nullptr;

/// JavaScript's side serves one interpreter, and is made once. Whether it has been: an import after
/// the module was dropped gets what there is.
bool is_defined(py::module_& m) {
    static bool begun = false;
    if (PyInterpreterState_Get() != PyInterpreterState_Main()) {
        throw py::import_error(
            "pyjs._core: JavaScript's side serves the main interpreter, and this is a "
            "subinterpreter; import pyjs in the main interpreter");
    }
    if (defined != nullptr) {
        if (PyDict_Merge(PyModule_GetDict(m.ptr()), defined, 0) < 0) {
            throw py::error_already_set();
        }
        return true;
    }
    if (begun) {
        throw py::import_error(
            "pyjs._core: its first import failed halfway, and it can be made but once; load "
            "Python anew");
    }
    begun = true;
    return false;
}

void define_module(py::module_& m) {
    if (is_defined(m)) {
        return;
    }
    const Handle host = join_host();
    if (!add_values(m.ptr()) || !add_js_types(m.ptr()) || !add_js_classes(m.ptr()) ||
        !add_conversion_error(m.ptr()) || !add_conversion(m.ptr()) || !add_options_call(m.ptr()) ||
        !add_json(m.ptr()) || !add_suspend(m.ptr()) || !add_waiting(m.ptr())) {
        throw py::error_already_set();
    }
    pyjs_js_attach(arena, kArenaSize);
    m.attr("js") = js_proxy(val::global("globalThis"));
    if (host != nullptr) {
        m.attr("guest") = js_proxy(own(host));
    }
    m.attr("subclassing") = subclassing();
    m.attr("registry") = registry();
    m.attr("http") = http();
    py::options options;
    options.disable_function_signatures();  // they would hide those that inspect reads
    m.def("create_proxy", &create_proxy, kCreateProxy, py::arg("object"), py::pos_only(),
          py::kw_only(), py::arg("capture_this") = false, py::arg("roundtrip") = true,
          py::arg("promising") = false);
    m.def("create_once_callable", &create_once_callable, kCreateOnceCallable, py::arg("callable"),
          py::pos_only());
    m.def("destroy_proxies", &destroy_proxies, kDestroyProxies, py::arg("pyproxies"),
          py::pos_only());
    m.def("js_value", &js_value, py::arg("value"), py::pos_only());
    m.def("then", &then);
    m.def("set_abortable", &set_abortable);
    m.def("set_new_future", &set_new_future);
    m.def("js_module", &js_module, py::arg("object"), py::arg("half"), py::pos_only());
    m.def("bind", &bind, py::arg("object"), py::arg("half"), py::pos_only());
    m.def("js_import", &js_import, py::arg("url"), py::pos_only());
    m.def("start_timer", &start_timer);
    m.def("cancel_timer", &cancel_timer);
    m.def("set_tick", &set_tick);
    m.def("wake", &wake);
    m.def("reporter", &reporter);
    m.def("counts", &counts);
    m.def("set_tracing", &set_tracing, py::arg("active"), py::arg("own"), py::pos_only());
    m.def("traces", &traces);
    m.def("set_converters", &set_all_converters, py::arg("types"), py::arg("dataclass"),
          py::pos_only());
    m.def("install_hooks", &install_hooks, py::arg("new_future"), py::arg("settle"),
          py::arg("format"), py::arg("cancel"), py::arg("ready"), py::arg("rebuild"),
          py::arg("subclass"), py::arg("bind"), py::arg("then"), py::arg("unretrieved"));
    defined = Py_NewRef(PyModule_GetDict(m.ptr()));
}

}  // namespace pyjs

PYBIND11_MODULE(_core, m) { pyjs::define_module(m); }

// js_call.cpp: calling and constructing JavaScript functions, in one crossing.
#include "js_call.hpp"

#include "glue.hpp"
#include "js_class.hpp"
#include "js_types.hpp"

namespace pyjs {

bool Call::encode_values() noexcept {
    const std::size_t count = positional_ + keywords_;
    const std::size_t needed = own_ + count + keywords_ + 2;
    if (needed > kFew && (slots_ = PyMem_New(Slot, needed)) == nullptr) {
        PyErr_NoMemory();
        return false;
    }
    Slot* slots = slots_ + own_;
    for (std::size_t i = 0; i < count; ++i) {
        if (!encode(args_[i], slots[i], scratch_)) {
            return false;
        }
    }
    return true;
}

bool Call::encode_names() noexcept {
    Slot* slots = slots_ + own_ + positional_ + keywords_;
    for (std::size_t i = 0; i < keywords_; ++i) {
        PyObject* name = PyTuple_GET_ITEM(names_, static_cast<Py_ssize_t>(i));
        if (!encode_name(name, slots[i], scratch_)) {
            return false;
        }
    }
    return true;
}

namespace {

PyObject* construct(PyObject* self, PyObject* const* args, Py_ssize_t count, PyObject* names) {
    return js_construct(JsOp::Construct, handle_of(self), args, static_cast<size_t>(count), names);
}

PyMethodDef methods[] = {
    {"new", reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(construct)),
     METH_FASTCALL | METH_KEYWORDS,
     "new(*args, **kwargs): constructs an object, as JavaScript's `new` does.\n\n"
     "Keyword arguments become one trailing object. Raises JsException when the\n"
     "constructor throws.\n\n"
     ">>> from pyjs import js\n>>> js.Date.new(0).getTime()\n0\n\n"
     "Source: ECMA-262, Reflect.construct."},
    {"__mro_entries__", js_mro_entries, METH_O, nullptr},
    {"__instancecheck__", js_instancecheck, METH_O, nullptr},
    {"__subclasscheck__", js_subclasscheck, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

const PyType_Slot slots[] = {
    {Py_tp_call, reinterpret_cast<void*>(PyVectorcall_Call)},
    {0, nullptr},
};

}  // namespace

PyObject* js_construct(JsOp op, Handle function, PyObject* const* args, std::size_t count,
                       PyObject* names) noexcept {
    Call call(args, count, names, 0);
    if (!call.encode_values() || !call.encode_names()) {
        return nullptr;
    }
    return finish(js_op(op, function, call.slots(), call.positional(), call.keywords()),
                  call.slots());
}

const Mixin js_callable = {[](std::uint32_t flags) { return has(flags, JsFlag::Callable); }, slots,
                           methods};

PyObject* js_vectorcall(PyObject* self, PyObject* const* args, size_t nargsf, PyObject* names) {
    const JsFields& js = fields(self);
    const Handle receiver = js.receiver == nullptr ? nullptr : handle_of(js.receiver);
    Call call(args, nargsf, names, 0);
    if (!call.encode_values() || !call.encode_names()) {
        return nullptr;
    }
    // The call may drop the last other reference to the function or its receiver.
    Py_INCREF(self);
    ++crossings;
    const auto tag = static_cast<Tag>(
        pyjs_js_call(borrow(js.value), receiver, call.slots(), call.positional(), call.keywords()));
    PyObject* result = finish(tag, call.slots());
    Py_DECREF(self);
    return result;
}

}  // namespace pyjs

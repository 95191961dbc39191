// js_call.cpp: calling and constructing JavaScript functions, in one crossing.
#include <alloca.h>

#include "encode.hpp"
#include "glue.hpp"
#include "js_class.hpp"
#include "js_types.hpp"

namespace pyjs {
namespace {

constexpr std::size_t kOnStack = 64;  // slots: 1 kB; longer argument lists go to the heap

// slots: the positional arguments, the keyword arguments, the keyword names.
bool encode_arguments(PyObject* const* args, std::size_t positional, PyObject* names, Slot* slots,
                      Scratch& scratch) {
    const std::size_t keywords =
        names == nullptr ? 0 : static_cast<std::size_t>(PyTuple_GET_SIZE(names));
    const std::size_t count = positional + keywords;
    for (std::size_t i = 0; i < count; ++i) {
        if (!encode(args[i], slots[i], scratch)) {
            return false;
        }
    }
    for (std::size_t i = 0; i < keywords; ++i) {
        if (!encode_name(PyTuple_GET_ITEM(names, static_cast<Py_ssize_t>(i)), slots[count + i],
                         scratch)) {
            return false;
        }
    }
    return true;
}

std::size_t slot_count(std::size_t positional, PyObject* names) {
    const std::size_t keywords =
        names == nullptr ? 0 : static_cast<std::size_t>(PyTuple_GET_SIZE(names));
    return positional + 2 * keywords + 2;
}

template <class Cross>
PyObject* with_arguments(PyObject* const* args, size_t nargsf, PyObject* names, Cross&& cross) {
    const auto positional = static_cast<std::size_t>(PyVectorcall_NARGS(nargsf));
    const std::size_t count = slot_count(positional, names);
    Slot* heap = nullptr;
    Slot* slots = nullptr;
    if (count <= kOnStack) {
        slots = static_cast<Slot*>(alloca(count * sizeof(Slot)));
    } else {
        heap = slots = PyMem_New(Slot, count);
        if (heap == nullptr) {
            return PyErr_NoMemory();
        }
    }
    PyObject* result = nullptr;
    Scratch scratch;
    if (encode_arguments(args, positional, names, slots, scratch)) {
        const auto keywords =
            static_cast<std::uint32_t>(names == nullptr ? 0 : PyTuple_GET_SIZE(names));
        result = finish(cross(slots, static_cast<std::uint32_t>(positional), keywords), slots);
    }
    PyMem_Free(heap);
    return result;
}

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
    {Py_tp_methods, methods},
    {0, nullptr},
};

}  // namespace

PyObject* js_construct(JsOp op, Handle function, PyObject* const* args, std::size_t count,
                       PyObject* names) noexcept {
    return with_arguments(args, count, names,
                          [=](Slot* slots, std::uint32_t positional, std::uint32_t keywords) {
                              return js_op(op, function, slots, positional, keywords);
                          });
}

const Mixin js_callable = {static_cast<std::uint32_t>(JsFlag::Callable), slots};

PyObject* js_vectorcall(PyObject* self, PyObject* const* args, size_t nargsf, PyObject* names) {
    const JsFields& js = fields(self);
    const Handle function = borrow(js.value);
    const Handle receiver = js.receiver == nullptr ? nullptr : handle_of(js.receiver);
    // The call may drop the last other reference to the function or its receiver.
    Py_INCREF(self);
    PyObject* result = with_arguments(
        args, nargsf, names, [=](Slot* slots, std::uint32_t positional, std::uint32_t keywords) {
            return static_cast<Tag>(pyjs_js_call(function, receiver, slots, positional, keywords));
        });
    Py_DECREF(self);
    return result;
}

}  // namespace pyjs

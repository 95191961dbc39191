// js_subclass.cpp: what the package builds class statements with JavaScript bases on.
#include "encode.hpp"
#include "glue.hpp"
#include "js_class.hpp"
#include "wrap.hpp"

namespace pyjs {
namespace {

PyTypeObject* expect_class(const char* operation, PyObject* object) {
    if (PyType_Check(object) && is_js_class(reinterpret_cast<PyTypeObject*>(object))) {
        return reinterpret_cast<PyTypeObject*>(object);
    }
    PyErr_Format(PyExc_TypeError, "%s: expected a JavaScript class's Python class, got %R",
                 operation, object);
    return nullptr;
}

// (flags) -> the proxy type of JavaScript objects with these JsFlag bits.
PyObject* proxy_type(PyObject*, PyObject* flags) {
    const unsigned long value = PyLong_AsUnsignedLong(flags);
    if (value == static_cast<unsigned long>(-1) && PyErr_Occurred()) {
        return nullptr;
    }
    return Py_XNewRef(reinterpret_cast<PyObject*>(js_type(static_cast<std::uint32_t>(value))));
}

// (class, JavaScript class): the class stands for it; its instances keep their proxy types.
PyObject* stand_for(PyObject*, PyObject* const* args, Py_ssize_t) {
    PyTypeObject* type = expect_class("stand_for", args[0]);
    if (type == nullptr) {
        return nullptr;
    }
    Slot slot;
    slot.set(Tag::Handle);
    slot.handle = unwrap_js(args[1]);
    meta_of(type).value = pyjs_js_store(&slot);
    Py_RETURN_NONE;
}

// (class, flags) -> its number.
PyObject* number_class(PyObject*, PyObject* const* args, Py_ssize_t) {
    PyTypeObject* type = expect_class("number_class", args[0]);
    const unsigned long flags = PyLong_AsUnsignedLong(args[1]);
    if (type == nullptr || (flags == static_cast<unsigned long>(-1) && PyErr_Occurred())) {
        return nullptr;
    }
    const std::uint32_t index = add_class(type, static_cast<std::uint32_t>(flags));
    return index == 0 ? nullptr : PyLong_FromUnsignedLong(index);
}

// (class, target) -> an instance whose JavaScript object is not yet made; until
// then its receiver is `new.target`.
PyObject* begin_instance(PyObject*, PyObject* const* args, Py_ssize_t) {
    PyTypeObject* type = expect_class("begin_instance", args[0]);
    if (type == nullptr) {
        return nullptr;
    }
    PyObject* self = new_proxy(type, val::undefined());
    if (self != nullptr) {
        fields(self).receiver = Py_NewRef(args[1]);
    }
    return self;
}

// (class) -> whether Python's class holds JavaScript's, and not the other way round.
PyObject* is_held(PyObject*, PyObject* object) {
    return PyBool_FromLong(class_handle(object) != nullptr ? 1 : 0);
}

// (class) -> a proxy of its JavaScript class, for static members that only that has.
PyObject* static_side(PyObject*, PyObject* object) {
    Slot slots[2];
    slots[0].set(Tag::Handle);
    slots[0].handle = class_handle(object);
    if (slots[0].handle == nullptr) {
        PyErr_Format(PyExc_AttributeError, "%R has no JavaScript class yet", object);
        return nullptr;
    }
    const Handle handle = pyjs_js_store(slots);
    pyjs_js_features(handle, slots);
    return wrap_js(handle, slots[0].aux);
}

// (instance) -> `new.target` of its construction, or None once its object is made.
PyObject* target_of(PyObject*, PyObject* self) {
    if (!is_js(self) || !is_js_class(Py_TYPE(self))) {
        PyErr_Format(PyExc_TypeError, "super().__init__(): expected an instance, got %.100s",
                     Py_TYPE(self)->tp_name);
        return nullptr;
    }
    PyObject* target = fields(self).receiver;
    return Py_NewRef(target == nullptr ? Py_None : target);
}

// (class, target, *args, **kwargs) -> what JavaScript's constructor makes with that `new.target`.
PyObject* construct_as(PyObject*, PyObject* const* args, Py_ssize_t count, PyObject* names) {
    return js_construct(JsOp::ConstructAs, class_handle(args[0]), args + 1,
                        static_cast<std::size_t>(count) - 1, names);
}

// (instance, object): the instance stands for what its construction made.
PyObject* finish_instance(PyObject*, PyObject* const* args, Py_ssize_t) {
    if (!is_js(args[0]) || !is_js(args[1])) {
        PyErr_Format(PyExc_TypeError,
                     "super().__init__(): expected the constructor to make a JavaScript object, "
                     "got %.100s",
                     Py_TYPE(args[1])->tp_name);
        return nullptr;
    }
    fields(args[0]).value = fields(args[1]).value;
    Py_CLEAR(fields(args[0]).receiver);
    Py_RETURN_NONE;
}

// (type): members of parents in JavaScript are of this type.
PyObject* set_parent_member(PyObject*, PyObject* type) {
    js_parent_member = reinterpret_cast<PyTypeObject*>(Py_NewRef(type));
    Py_RETURN_NONE;
}

template <class Function>
PyCFunction as_method(Function* function) {
    return reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(function));
}

PyMethodDef functions[] = {
    {"proxy_type", proxy_type, METH_O, nullptr},
    {"stand_for", as_method(stand_for), METH_FASTCALL, nullptr},
    {"number_class", as_method(number_class), METH_FASTCALL, nullptr},
    {"begin_instance", as_method(begin_instance), METH_FASTCALL, nullptr},
    {"is_held", is_held, METH_O, nullptr},
    {"static_side", static_side, METH_O, nullptr},
    {"target_of", target_of, METH_O, nullptr},
    {"construct_as", as_method(construct_as), METH_FASTCALL | METH_KEYWORDS, nullptr},
    {"finish_instance", as_method(finish_instance), METH_FASTCALL, nullptr},
    {"set_parent_member", set_parent_member, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace

bool add_js_subclass(PyObject* module) noexcept {
    return PyModule_AddFunctions(module, functions) == 0;
}

}  // namespace pyjs

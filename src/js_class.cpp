// js_class.cpp: Python classes that stand for JavaScript classes, and isinstance() with either.
#include "js_class.hpp"

#include <emscripten/em_macros.h>

#include <utility>
#include <vector>

#include "encode.hpp"
#include "glue.hpp"
#include "hooks.hpp"
#include "wrap.hpp"

namespace pyjs {

PyTypeObject* js_class_meta = nullptr;

namespace {

// By their number, which JavaScript keeps; borrowed, a class takes itself out.
std::vector<PyTypeObject*> classes(1, nullptr);
PyTypeObject* parent_member = nullptr;

JsClassMeta& meta_of(PyTypeObject* type) { return *reinterpret_cast<JsClassMeta*>(type); }

void drop_handle(PyTypeObject* type) {
    if (Handle handle = std::exchange(meta_of(type).value, nullptr)) {
        static_cast<void>(own(handle));
    }
}

void class_dealloc(PyObject* self) {
    auto* type = reinterpret_cast<PyTypeObject*>(self);
    PyTypeObject* meta = Py_TYPE(self);
    classes[meta_of(type).index] = nullptr;
    drop_handle(type);
    PyType_Type.tp_dealloc(self);
    Py_DECREF(meta);
}

PyObject* no_class(PyObject* function, const char* operation) {
    PyErr_Format(PyExc_TypeError,
                 "%s(): expected a JavaScript class as second argument, got a function without "
                 "a prototype: %R",
                 operation, function);
    return nullptr;
}

PyObject* check(JsOp op, PyObject* self, PyObject* value, const char* operation) {
    Slot slots[2];
    Scratch scratch;
    if (!encode(value, slots[0], scratch)) {
        return nullptr;
    }
    const Tag tag = js_op(op, unwrap_js(self), slots);
    return tag == Tag::Missing ? no_class(self, operation) : finish(tag, slots);
}

PyObject* class_instancecheck(PyObject* self, PyObject* instance) {
    if (PyType_IsSubtype(Py_TYPE(instance), reinterpret_cast<PyTypeObject*>(self)) != 0) {
        Py_RETURN_TRUE;
    }
    if (!is_js(instance) || class_handle(self) == nullptr) {
        Py_RETURN_FALSE;
    }
    return js_instancecheck(self, instance);
}

PyObject* class_subclasscheck(PyObject* self, PyObject* candidate) {
    if (PyType_Check(candidate) && PyType_IsSubtype(reinterpret_cast<PyTypeObject*>(candidate),
                                                    reinterpret_cast<PyTypeObject*>(self)) != 0) {
        Py_RETURN_TRUE;
    }
    if (unwrap_js(candidate) == nullptr || class_handle(self) == nullptr) {
        Py_RETURN_FALSE;
    }
    return js_subclasscheck(self, candidate);
}

PyMethodDef meta_methods[] = {
    {"__instancecheck__", class_instancecheck, METH_O, nullptr},
    {"__subclasscheck__", class_subclasscheck, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

bool make_meta() {
    PyType_Slot slots[] = {
        {Py_tp_doc, const_cast<char*>("Metaclass of Python classes that are JavaScript classes.")},
        {Py_tp_methods, meta_methods},
        {Py_tp_dealloc, reinterpret_cast<void*>(class_dealloc)},
        {0, nullptr},
    };
    PyType_Spec spec = {"pyjs._core.JsClassMeta", sizeof(JsClassMeta), 0,
                        Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, slots};
    js_class_meta = reinterpret_cast<PyTypeObject*>(
        PyType_FromSpecWithBases(&spec, reinterpret_cast<PyObject*>(js_meta)));
    return js_class_meta != nullptr;
}

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
    std::size_t index = 1;
    while (index < classes.size() && classes[index] != nullptr) {
        ++index;
    }
    if (index == classes.size()) {
        classes.push_back(nullptr);
    }
    if (index >= (1U << 31) / static_cast<std::uint32_t>(JsFlag::Class)) {
        PyErr_Format(PyExc_MemoryError, "class %s: %zu JavaScript classes of Python live already",
                     type->tp_name, index - 1);
        return nullptr;
    }
    classes[index] = type;
    meta_of(type).index = static_cast<std::uint32_t>(index);
    meta_of(type).proxy.flags = static_cast<std::uint32_t>(flags);
    return PyLong_FromSize_t(index);
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
    parent_member = reinterpret_cast<PyTypeObject*>(Py_NewRef(type));
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

bool is_special(PyObject* name) {
    return PyUnicode_GET_LENGTH(name) > 2 && PyUnicode_READ_CHAR(name, 0) == '_' &&
           PyUnicode_READ_CHAR(name, 1) == '_';
}

}  // namespace

Handle class_handle(PyObject* object) noexcept {
    if (!PyType_Check(object) || !is_js_class(reinterpret_cast<PyTypeObject*>(object))) {
        return nullptr;
    }
    return meta_of(reinterpret_cast<PyTypeObject*>(object)).value;
}

PyTypeObject* instance_type(std::uint32_t flags) noexcept {
    const std::uint32_t index = flags / static_cast<std::uint32_t>(JsFlag::Class);
    PyTypeObject* type = index < classes.size() ? classes[index] : nullptr;
    // A thrown object that is no Error, and an Error read from an exception, have another layout.
    const bool fits =
        type != nullptr && has(flags, JsFlag::Error) == has(type_flags(type), JsFlag::Error);
    return fits ? type : js_type(flags);
}

// A property of the object itself, or of a JavaScript subclass, stands before
// what Python defined; that in turn before what JavaScript's parents have.
Owner owner_of(PyObject* self, PyObject* name, PyObject* found) noexcept {
    if (found == nullptr || Py_IS_TYPE(found, parent_member)) {
        return require_constructed(self) ? Owner::JavaScript : Owner::Neither;
    }
    PyTypeObject* plain = js_type(type_flags(Py_TYPE(self)));
    if (is_special(name) || found == _PyType_Lookup(plain, name) ||
        fields(self).receiver != nullptr) {
        return Owner::Python;
    }
    Slot slots[2];
    Scratch scratch;
    if (!encode_name(name, slots[0], scratch)) {
        return Owner::Neither;
    }
    const Tag tag = js_op(JsOp::Overrides, handle_of(self), slots);
    if (tag == Tag::True || tag == Tag::False) {
        return tag == Tag::True ? Owner::JavaScript : Owner::Python;
    }
    Py_XDECREF(finish(tag, slots));
    return Owner::Neither;
}

bool require_constructed(PyObject* self) noexcept {
    if (fields(self).receiver == nullptr) {
        return true;
    }
    PyErr_Format(PyExc_TypeError,
                 "%s.__init__(): super().__init__() must make the JavaScript object before self "
                 "is used",
                 Py_TYPE(self)->tp_name);
    return false;
}

PyObject* js_mro_entries(PyObject* self, PyObject*) {
    PyObject* base = call_hook(Hook::Subclass, self);
    PyObject* entries = base == nullptr ? nullptr : PyTuple_Pack(1, base);
    Py_XDECREF(base);
    return entries;
}

PyObject* js_instancecheck(PyObject* self, PyObject* instance) {
    return check(JsOp::InstanceOf, self, instance, "isinstance");
}

PyObject* js_subclasscheck(PyObject* self, PyObject* candidate) {
    return check(JsOp::SubclassOf, self, candidate, "issubclass");
}

bool add_js_classes(PyObject* module) noexcept {
    if (js_class_meta == nullptr && !make_meta()) {
        return false;
    }
    return PyModule_AddObjectRef(module, "JsClassMeta",
                                 reinterpret_cast<PyObject*>(js_class_meta)) == 0 &&
           PyModule_AddFunctions(module, functions) == 0;
}

extern "C" {

/// JavaScript hands over a reference to the class of `type`, which from now on keeps it alive.
EMSCRIPTEN_KEEPALIVE void pyjs_class_hold(PyTypeObject* type, Handle handle) {
    drop_handle(type);
    meta_of(type).value = handle;
}

/// `type` lets go of its JavaScript class.
EMSCRIPTEN_KEEPALIVE void pyjs_class_release(PyTypeObject* type) { drop_handle(type); }

}  // extern "C"

}  // namespace pyjs

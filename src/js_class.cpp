// js_class.cpp: Python classes that stand for JavaScript classes, and isinstance() with either.
#include "js_class.hpp"

#include <emscripten/em_macros.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "encode.hpp"
#include "glue.hpp"
#include "hooks.hpp"
#include "wrap.hpp"

namespace pyjs {

PyTypeObject* js_class_meta = nullptr;
PyTypeObject* js_parent_member = nullptr;

namespace {

// By their number, which JavaScript keeps; borrowed, a class takes itself out.
std::vector<PyTypeObject*> classes(1, nullptr);

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

std::uint32_t add_class(PyTypeObject* type, std::uint32_t flags) noexcept {
    const auto free = std::find(classes.begin() + 1, classes.end(), nullptr);
    const auto index = static_cast<std::size_t>(free - classes.begin());
    if (index >= kMostClasses) {
        PyErr_Format(PyExc_MemoryError, "class %s: %zu JavaScript classes of Python live already",
                     type->tp_name, index - 1);
        return 0;
    }
    if (free == classes.end()) {
        classes.push_back(nullptr);
    }
    classes[index] = type;
    meta_of(type).index = static_cast<std::uint32_t>(index);
    meta_of(type).proxy.flags = flags;
    return meta_of(type).index;
}

PyTypeObject* instance_type(std::uint32_t flags) noexcept {
    constexpr auto kViews = static_cast<std::uint32_t>(JsFlag::ObjectMap) |
                            static_cast<std::uint32_t>(JsFlag::Hereditary) |
                            static_cast<std::uint32_t>(JsFlag::Json);
    constexpr auto kError = static_cast<std::uint32_t>(JsFlag::Error);
    const std::uint32_t index = flags >> kClassNumber & (kMostClasses - 1);
    PyTypeObject* type = index < classes.size() ? classes[index] : nullptr;
    const std::uint32_t own = type == nullptr ? 0 : type_flags(type);
    // A thrown object that is no Error, and an Error read from an exception, have another layout.
    const std::uint32_t wanted = (own & ~kError) | (flags & (kError | kViews));
    return type != nullptr && wanted == own ? type : js_type(wanted);
}

// A property of the object itself, or of a JavaScript subclass, stands before
// what Python defined; that in turn before what JavaScript's parents have.
Owner owner_of(PyObject* self, PyObject* name, PyObject* found) noexcept {
    if (found == nullptr || Py_IS_TYPE(found, js_parent_member)) {
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
           add_js_subclass(module);
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

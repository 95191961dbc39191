// js_class.hpp: Python classes that stand for JavaScript classes.
#pragma once

#include "glue.hpp"
#include "js_types.hpp"

namespace pyjs {

/// The metaclass of those classes; a class carries the handle of its JavaScript
/// class, which it owns, or null while only JavaScript keeps the class alive.
struct JsClassMeta {
    JsProxyMeta proxy;
    Handle value;
    std::uint32_t index;  // its number in JsFlag bits; 0 when instances have no type of their own
};

extern PyTypeObject* js_class_meta;

/// The type of what stands in a class for a member of its JavaScript parent.
extern PyTypeObject* js_parent_member;

/// `type` must be such a class.
[[nodiscard]] inline JsClassMeta& meta_of(PyTypeObject* type) noexcept {
    return *reinterpret_cast<JsClassMeta*>(type);
}

[[nodiscard]] inline bool is_js_class(PyTypeObject* type) noexcept {
    PyTypeObject* meta = Py_TYPE(reinterpret_cast<PyObject*>(type));
    return meta != &PyType_Type && meta != js_meta && PyType_IsSubtype(meta, js_class_meta) != 0;
}

/// The JavaScript class that `object` stands for, borrowed from it; null when
/// it stands for none.
[[nodiscard]] Handle class_handle(PyObject* object) noexcept;

/// Gives `type`, whose instances have these JsFlag bits, a number. It takes itself
/// out when it dies. 0 with the Python error set when there are too many.
[[nodiscard]] std::uint32_t add_class(PyTypeObject* type, std::uint32_t flags) noexcept;

/// The type of a JavaScript object with these JsFlag bits: a Python class when
/// one made its class, else the proxy type. Borrowed; null with the Python error set.
[[nodiscard]] PyTypeObject* instance_type(std::uint32_t flags) noexcept;

/// Who answers for an attribute of an instance of such a class.
enum class Owner {
    Python,      // the ordinary lookup
    JavaScript,  // the property
    Neither,     // the Python error is set
};

/// Decides for `name`, which the type of `self` has as `found`, or not (null).
[[nodiscard]] Owner owner_of(PyObject* self, PyObject* name, PyObject* found) noexcept;

/// False, with the Python error set, while the JavaScript object of `self` is not yet made.
[[nodiscard]] bool require_constructed(PyObject* self) noexcept;

/// Constructs with `function`, by `JsOp::Construct` or `JsOp::ConstructAs`.
[[nodiscard]] PyObject* js_construct(JsOp op, Handle function, PyObject* const* args,
                                     std::size_t count, PyObject* names) noexcept;

/// What a proxy of a function does as a base, and as isinstance()'s second argument.
PyObject* js_mro_entries(PyObject* self, PyObject* bases);
PyObject* js_instancecheck(PyObject* self, PyObject* instance);
PyObject* js_subclasscheck(PyObject* self, PyObject* candidate);

/// Adds what the package builds on to `module` (js_subclass.cpp).
[[nodiscard]] bool add_js_subclass(PyObject* module) noexcept;

/// Creates the metaclass and adds it, and what the package builds on, to `module`.
[[nodiscard]] bool add_js_classes(PyObject* module) noexcept;

}  // namespace pyjs

// js_types.hpp: the memory of a JsProxy and the family of its types.
#pragma once

#include <Python.h>

#include <cstdint>

#include "pyjs/proxy.hpp"
#include "encode.hpp"

namespace pyjs {

enum class JsOp : std::uint32_t;  // glue.hpp

/// What every proxy carries, after the head of its base type.
struct JsFields {
    vectorcallfunc vectorcall;
    val value;
    PyObject* receiver;  // the proxy whose property this is: `this` of a call
    PyObject* weakrefs;
};

struct JsProxyObject {
    PyObject_HEAD JsFields js;
};

struct JsExceptionObject {
    PyBaseExceptionObject base;
    JsFields js;
};

static_assert(sizeof(JsProxyObject) <= 32, "a proxy stays small: programs make millions");

/// The metaclass of all proxy types; a type carries its JsFlag bits.
struct JsProxyMeta {
    PyHeapTypeObject heap;
    std::uint32_t flags;
};

extern PyTypeObject* js_meta;

[[nodiscard]] inline bool is_js_type(const PyTypeObject* type) noexcept {
    PyTypeObject* meta = Py_TYPE(reinterpret_cast<const PyObject*>(type));
    return meta == js_meta || (meta != &PyType_Type && PyType_IsSubtype(meta, js_meta) != 0);
}

[[nodiscard]] inline bool is_js(PyObject* object) noexcept { return is_js_type(Py_TYPE(object)); }

[[nodiscard]] inline std::uint32_t type_flags(const PyTypeObject* type) noexcept {
    return reinterpret_cast<const JsProxyMeta*>(type)->flags;
}

/// `object` must be a proxy.
[[nodiscard]] inline JsFields& fields(PyObject* object) noexcept {
    if (PyType_HasFeature(Py_TYPE(object), Py_TPFLAGS_BASE_EXC_SUBCLASS)) {
        return reinterpret_cast<JsExceptionObject*>(object)->js;
    }
    return reinterpret_cast<JsProxyObject*>(object)->js;
}

[[nodiscard]] inline Handle handle_of(PyObject* object) noexcept {
    return borrow(fields(object).value);
}

/// The type for a combination of JsFlag bits, made once. Borrowed; null with
/// the Python error set.
[[nodiscard]] PyTypeObject* js_type(std::uint32_t flags) noexcept;

/// How indexing sees an object: as it is, or as as_object_map() and as_py_json() say.
/// Mirrored by `View` in js/core/types.ts.
enum class View : std::uint32_t {
    Plain = 0,
    ObjectMap = 1,
    Hereditary = 2,
    Json = 3,
};

[[nodiscard]] inline View view_of(std::uint32_t flags) noexcept {
    if (has(flags, JsFlag::Json)) {
        return View::Json;
    }
    if (has(flags, JsFlag::Hereditary)) {
        return View::Hereditary;
    }
    return has(flags, JsFlag::ObjectMap) ? View::ObjectMap : View::Plain;
}

/// The View of a proxy, as an operation takes it.
[[nodiscard]] inline std::uint32_t view_bits(PyObject* self) noexcept {
    return static_cast<std::uint32_t>(view_of(type_flags(Py_TYPE(self))));
}

/// The types that all others derive from: of objects, and of errors.
[[nodiscard]] inline bool is_base(std::uint32_t flags) noexcept {
    return flags == 0 || flags == static_cast<std::uint32_t>(JsFlag::Error);
}

/// Items by index: arrays, typed arrays, and what has a length and is iterable.
[[nodiscard]] inline bool is_sequence(std::uint32_t flags) noexcept {
    return has(flags, JsFlag::Array) || has(flags, JsFlag::ArrayLike) ||
           (has(flags, JsFlag::Buffer) && has(flags, JsFlag::HasGet));
}

/// Items by key, with a length, and iterable: over the keys, as in Python.
[[nodiscard]] inline bool is_mapping(std::uint32_t flags) noexcept {
    return has(flags, JsFlag::ObjectMap) ||
           (has(flags, JsFlag::HasGet) && has(flags, JsFlag::HasLength) &&
            has(flags, JsFlag::Iterable) && !is_sequence(flags));
}

/// Iterators that are closed when a loop of Python's has begun on them and Python drops them
/// before their end. What stands for a Python object is Python's to close.
[[nodiscard]] inline bool can_loop(std::uint32_t flags) noexcept {
    return has(flags, JsFlag::Closable) && !has(flags, JsFlag::Class) &&
           !has(flags, JsFlag::Error) && !has(flags, JsFlag::Double);
}

/// Slots and methods that a flag brings; each in the file of its concept.
extern PyType_Slot js_plain_slots[];      // js_proxy.cpp: proxies only
extern PyType_Slot js_exception_slots[];  // error.cpp: exceptions only
extern PyType_Slot js_traversal_slots[];  // error.cpp: what the garbage collector asks
struct Mixin {
    bool (*applies)(std::uint32_t flags);
    const PyType_Slot* slots;    // all but methods; ends with {0, nullptr}; null for none
    const PyMethodDef* methods;  // ends with a null name; null for none
};
extern const Mixin js_shared_mixin;                            // js_proxy.cpp
extern const Mixin js_callable;                                // js_call.cpp
extern const Mixin js_sequence, js_sequence_assign, js_array;  // js_array.cpp
extern const Mixin js_length, js_get, js_set, js_contains;     // js_container.cpp
extern const Mixin js_mapping, js_mutable_mapping;             // js_mapping.cpp
extern const Mixin js_iterable, js_iterator, js_generator;     // js_iterate.cpp
extern const Mixin js_closable, js_loop;                       // js_iterate.cpp
extern const Mixin js_awaitable;                               // js_await.cpp
// js_async.cpp
extern const Mixin js_async_iterable, js_async_iterator, js_async_generator;
extern const Mixin js_async_closable, js_async_loop;
extern const Mixin js_dispose, js_async_dispose;  // js_dispose.cpp
extern const Mixin js_exception;                  // error.cpp
extern const Mixin js_view, js_double;            // js_view.cpp
extern const Mixin js_conversion;                 // js_conversion.cpp
extern const Mixin js_buffer;                     // js_buffer.cpp

/// Turns the result of a crossing into a Python object: a value, or the Python
/// error that was thrown. `Missing` gives null without an error.
[[nodiscard]] PyObject* finish(Tag tag, const Slot* slots) noexcept;

/// Sets the Python error that a slot tagged JsError or PyError holds.
void raise(Tag tag, const Slot& slot) noexcept;

enum class JsOp : std::uint32_t;

/// One operation on the items of a proxy, seen as its View says.
[[nodiscard]] Tag js_keyed(JsOp op, PyObject* self, Slot* slots) noexcept;
/// The item of a key, or a new reference to `missing`; null `missing` is a KeyError.
[[nodiscard]] PyObject* js_take(JsOp op, PyObject* self, PyObject* key, PyObject* missing) noexcept;

/// len() of a proxy; -1 with the Python error set.
[[nodiscard]] Py_ssize_t js_length_of(PyObject* self) noexcept;

/// Raises KeyError for any key.
void js_key_error(PyObject* key) noexcept;

/// The property of a name, a method with its receiver. New reference; null with the error set.
[[nodiscard]] PyObject* js_get_property(PyObject* self, PyObject* name) noexcept;
/// An attribute name as the property's: `from_` is `from`. False with the Python error set.
[[nodiscard]] bool js_encode_property(PyObject* name, Slot& slot, Scratch& scratch) noexcept;

/// Adds `to_js` to `module` (js_conversion.cpp). False with the Python error set.
[[nodiscard]] bool add_conversion(PyObject* module) noexcept;

/// Attributes that proxies and exceptions share.
PyObject* js_typeof(PyObject* self, void*);
PyObject* js_identity(PyObject* self, void*);
/// Equal are proxies of the same JavaScript object.
PyObject* js_compare(PyObject* self, PyObject* other, int operation);
constexpr char js_typeof_doc[] = "What JavaScript's typeof operator says of the value.";
constexpr char js_identity_doc[] =
    "An int that two proxies share exactly when they stand for one object.";

/// Marks an iterator on which a loop of Python's begins, if it can be closed (js_iterate.cpp). Its
/// type says so from now on. False with the Python error set.
[[nodiscard]] bool js_begin_loop(PyObject* self) noexcept;
/// The opposite: the iterator has ended, or is closed.
void js_end_loop(PyObject* self) noexcept;

/// Calls the function of a callable proxy, with `this` being its receiver.
PyObject* js_vectorcall(PyObject* self, PyObject* const* args, size_t nargsf, PyObject* names);

/// A new future of the running loop, which `op` on `self` ends; its address goes to
/// slots[place]. Null with the Python error set.
[[nodiscard]] PyObject* js_future(JsOp op, PyObject* self, Slot* slots, int place) noexcept;
/// The same for a future that is there. False with the Python error set.
[[nodiscard]] bool end_with(JsOp op, PyObject* self, Slot* slots, int place,
                            PyObject* future) noexcept;

/// The exception that the arguments of a generator's throw() name; empty with the Python error set.
[[nodiscard]] py::object js_exception_argument(PyObject* args) noexcept;
/// A proxy of `value` of a proxy type, or of a Python class built on one.
[[nodiscard]] PyObject* new_proxy(PyTypeObject* type, val value) noexcept;

/// An empty exception object of a proxy type; its fields are not yet made.
[[nodiscard]] PyObject* new_exception(PyTypeObject* type) noexcept;

/// Creates the metaclass and the named types and adds them to `module`.
[[nodiscard]] bool add_js_types(PyObject* module) noexcept;

/// Number of proxies alive.
extern std::uint32_t js_alive;

}  // namespace pyjs

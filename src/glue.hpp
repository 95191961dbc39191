// glue.hpp: the functions of the JavaScript core that C++ imports.
//
// Every one decodes its slots, does one operation inside try/catch, writes the
// result into slots[0] and returns its tag. None ever throws into wasm.
#pragma once

#include <cstdint>

#include "slot.hpp"

namespace pyjs {

/// Operations that are not on the hottest path share one import. Mirrored by
/// `JsOp` in js/core/types.ts.
enum class JsOp : std::uint32_t {
    Construct = 0,  // slots: as for a call
    Delete = 1,     // [name]
    GetItem = 2,    // [key]
    SetItem = 3,    // [key, value]
    DelItem = 4,    // [key]
    Contains = 5,   // [value]
    Length = 6,
    Iterate = 7,
    Next = 8,  // Missing when the iterator ended
    Truth = 9,
    Repr = 10,
    TypeOf = 11,
    Dir = 12,       // a JavaScript array of names
    Same = 13,      // [other]
    Identity = 14,  // a number that is unique to the object
    Then = 15,      // [on_fulfilled, on_rejected]
    ToPy = 16,      // [depth]: deep conversion, one tape
    Keys = 17,
    Values = 18,
    Entries = 19,
    Describe = 20,     // the text of a thrown value: "name: message"
    Post = 21,         // [callback]: called in a macrotask of its own
    Count = 22,        // how many owned PyProxies live
    Handles = 23,      // how many handles live
    InstanceOf = 24,   // [value]; Missing when the function is no class
    SubclassOf = 25,   // [class]; Missing when the function is no class
    Overrides = 26,    // [name]: whether the object has a property before those of its Python class
    Subclassing = 27,  // what the package makes JavaScript classes with (js_subclass.ts)
    ConstructAs = 28,  // slots: new.target, then as for a call
};

extern "C" {
std::uint32_t pyjs_js_call(Handle function, Handle self, Slot* slots, std::uint32_t positional,
                           std::uint32_t keywords);
std::uint32_t pyjs_js_get(Handle object, Slot* slots);
std::uint32_t pyjs_js_set(Handle object, Slot* slots);
std::uint32_t pyjs_js_op(std::uint32_t op, Handle object, Slot* slots, std::uint32_t positional,
                         std::uint32_t keywords);
/// A new handle for the value in slots[0]: how C++ gets a `val` from a slot.
Handle pyjs_js_store(Slot* slots);
/// Writes the value of `value` into slots[0].
std::uint32_t pyjs_js_load(Handle value, Slot* slots);
/// Classifies a thrown value as JsError (with a new handle) or PyError (borrowed).
std::uint32_t pyjs_js_classify_error(Handle thrown, Slot* slots);
/// The handle of a new PythonError that takes over one reference to `exception`.
Handle pyjs_js_make_error(PyObject* exception);
/// Writes the JsFlag bits of an object into slots[0].aux.
void pyjs_js_features(Handle object, Slot* slots);
/// The handle of a new PyProxy that owns one reference to `object`.
Handle pyjs_js_make_proxy(PyObject* object, std::uint32_t flags);
/// Tells the core where the arena lies; the exports are ready from here on.
void pyjs_js_attach(void* arena, std::uint32_t size);
}

[[nodiscard]] inline Tag js_op(JsOp op, Handle object, Slot* slots, std::uint32_t positional = 0,
                               std::uint32_t keywords = 0) noexcept {
    const auto tag =
        pyjs_js_op(static_cast<std::uint32_t>(op), object, slots, positional, keywords);
    return static_cast<Tag>(tag & static_cast<std::uint32_t>(Tag::Mask));
}

}  // namespace pyjs

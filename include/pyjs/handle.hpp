// handle.hpp: a JavaScript value held from C++, and its raw index in Embind's table.
#pragma once

#include <emscripten/val.h>

namespace pyjs {

/// An owned JavaScript value. Copying adds a reference, destruction drops it.
using val = emscripten::val;

/// The raw table index of a `val`. Never owns: whoever names the index says in
/// the same place which `val` keeps it alive, or that the reference moves.
using Handle = emscripten::EM_VAL;

/// Takes over the one reference that came with `handle`.
[[nodiscard]] inline val own(Handle handle) { return val::take_ownership(handle); }

/// Lends the index; valid while `value` lives.
[[nodiscard]] inline Handle borrow(const val& value) { return value.as_handle(); }

}  // namespace pyjs

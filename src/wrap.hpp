// wrap.hpp: the two places where conversion needs proxies; breaks the circle.
#pragma once

#include "slot.hpp"

namespace pyjs {

/// A new `JsProxy` that takes over the reference of `handle`.
/// Returns a new reference, or null with the Python error set.
[[nodiscard]] PyObject* wrap_js(Handle handle, std::uint32_t flags) noexcept;

/// If `object` stands for a JavaScript value, its handle (borrowed from
/// `object`); else null, and no error is set.
[[nodiscard]] Handle unwrap_js(PyObject* object) noexcept;

/// What `object` can do, as PyFlag bits.
[[nodiscard]] std::uint32_t py_flags(PyObject* object) noexcept;

/// Has the host's bridge proxies of its own, then they are instances of `type`; Hook::Unwrap
/// tells what they stand for.
void set_foreign_type(PyTypeObject* type) noexcept;

}  // namespace pyjs

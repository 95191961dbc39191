// js_module.hpp: proxies that Python's import system treats as modules.
#pragma once

#include <pybind11/pybind11.h>

namespace pyjs {

namespace py = pybind11;

/// A new proxy of the value that `object` stands for, whose attributes that
/// `half` has are `half`'s: importing writes `__spec__` and others on a module,
/// and JavaScript's object is not the place for them. `half` lives as long as
/// the proxy, and gets a weak reference to it as its attribute `__proxy__`.
[[nodiscard]] py::object make_module(py::handle object, py::handle half);

/// A new proxy of the same value: calls go to `half`, and so do the attributes that its type has,
/// those of Python's own (`__name__`) excepted.
[[nodiscard]] py::object make_bound(py::handle object, py::handle half);

/// The half of a bound proxy that answers for the attribute `name`, borrowed; else null.
[[nodiscard]] PyObject* bound_half_with(PyObject* self, PyObject* name) noexcept;

/// The half of a module that keeps the attribute `name`, borrowed; else null.
[[nodiscard]] PyObject* half_with(PyObject* self, PyObject* name) noexcept;

/// True when `value` is the submodule `name` of the module `self`.
[[nodiscard]] bool is_submodule(PyObject* self, PyObject* name, PyObject* value) noexcept;

/// Drops the half of a proxy that is about to die.
void drop_half(PyObject* self) noexcept;

}  // namespace pyjs

// deep_to_js.hpp: Python structures as JavaScript ones, in one crossing.
#pragma once

#include <Python.h>

#include "tape_writer.hpp"

namespace pyjs {

/// The options of `to_js`. Objects are borrowed; null stands for None.
struct DeepToJs {
    long depth = -1;
    Dicts dicts = Dicts::Object;
    bool create_pyproxies = true;
    bool dates = false;
    PyObject* pyproxies = nullptr;
    PyObject* dict_converter = nullptr;
    PyObject* default_converter = nullptr;
    PyObject* eager_converter = nullptr;
    Numeric numeric;
};

/// Sets the ConversionError whose text and path JavaScript wrote into two slots.
void raise_issue(const char* operation, const Slot* slots) noexcept;

/// The path that JavaScript wrote beside an error, or null.
[[nodiscard]] pybind11::object path_in(const Slot* slots) noexcept;

/// What `object` becomes, seen from Python. New reference, or null with the Python error set.
[[nodiscard]] PyObject* deep_to_js(PyObject* object, const DeepToJs& options) noexcept;

}  // namespace pyjs

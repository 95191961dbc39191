// registry.hpp: the converters that programs register, as python/pyjs/converters.py gives them.
#pragma once

#include <Python.h>

#include <cstdint>

namespace pyjs {

/// What instances of a registered class become in JavaScript. The numbers are the package's.
enum class Made : long {
    Nothing = 0,  // not registered
    Value = 1,    // what the function gives, converted
    Date = 2,     // without a function
    RegExp = 3,   // the function gives its text: "flags/source"
    Url = 4,      // likewise: its href
};

struct Converter {
    Made made = Made::Nothing;
    PyObject* function = nullptr;  // borrowed
};

/// Whether anything at all is registered for Python's objects.
extern bool has_converters;
/// Changes with the converters: what `converter_of` gave counts no longer.
extern std::uint32_t converters_version;

/// For instances of `type`: that of the first class in its order of resolution.
[[nodiscard]] Converter converter_of(PyTypeObject* type) noexcept;

/// Replaces all. `types`: a dict of classes, each with a tuple of Made and the function;
/// `dataclass` is such a tuple, or None. False with the Python error set.
[[nodiscard]] bool set_converters(PyObject* types, PyObject* dataclass) noexcept;

}  // namespace pyjs

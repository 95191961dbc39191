// typed.hpp: the element types of typed tables, and which numbers each of them holds.
#pragma once

#include <Python.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>

namespace pyjs {

/// What the option `typed` says: the code of an element, as PEP 3118 and Python's array have it.
using Typed = char;
constexpr Typed kUntyped = 0;
constexpr Typed kTypedAuto = '*';

/// Up to here a double tells every integer from its neighbours.
constexpr double kMostExact = 9007199254740992.0;

/// Calls `act` with a zero of the type that `code` names.
template <class Act>
auto with_element(Typed code, Act act) {
    switch (code) {
        case 'f':
            return act(float{});
        case 'i':
            return act(std::int32_t{});
        case 'I':
            return act(std::uint32_t{});
        case 'h':
            return act(std::int16_t{});
        case 'H':
            return act(std::uint16_t{});
        case 'b':
            return act(std::int8_t{});
        case 'B':
            return act(std::uint8_t{});
        case 'q':
            return act(std::int64_t{});
        case 'Q':
            return act(std::uint64_t{});
        default:
            return act(double{});
    }
}

/// False when T does not hold `value`. A float is rounded, but not to infinity.
template <class T>
[[nodiscard]] bool fit(double value, T& out) noexcept {
    if constexpr (std::is_floating_point_v<T>) {
        out = static_cast<T>(value);
        return !std::isinf(out) || std::isinf(value);
    } else {
        constexpr auto low = static_cast<double>(std::numeric_limits<T>::min());
        constexpr double end = 2 * static_cast<double>(std::numeric_limits<T>::max() / 2 + 1);
        if (!(value >= low && value < end) || std::trunc(value) != value) {
            return false;
        }
        out = static_cast<T>(value);
        return true;
    }
}

/// Likewise; an integer is never rounded.
template <class T>
[[nodiscard]] bool fit(long long value, T& out) noexcept {
    if constexpr (std::is_floating_point_v<T>) {
        out = static_cast<T>(value);
        return out < static_cast<T>(0x1p63) && static_cast<long long>(out) == value;
    } else {
        out = static_cast<T>(value);
        return std::in_range<T>(value);
    }
}

/// Bytes for `count` elements of `size`; null with the error set.
[[nodiscard]] PyObject* new_elements(std::size_t count, std::size_t size) noexcept;

/// For an int that no long long holds: as a double, or as an unsigned 64-bit integer.
[[nodiscard]] bool fit_long(PyObject* integer, double& out) noexcept;
[[nodiscard]] bool fit_long(PyObject* integer, std::uint64_t& out) noexcept;

/// An int, whatever its class makes of being one.
template <class T>
[[nodiscard]] bool fit_int(PyObject* integer, T& out) noexcept {
    int overflow = 0;
    const long long value = PyLong_AsLongLongAndOverflow(integer, &overflow);
    if (overflow == 0) {
        return fit(value, out);
    }
    if constexpr (std::is_floating_point_v<T>) {
        double exact = 0;
        return fit_long(integer, exact) && fit(exact, out) && out == exact;
    } else if constexpr (std::is_same_v<T, std::uint64_t>) {
        return fit_long(integer, out);
    }
    return false;
}

/// A ConversionError at `where`: `value`, a float or int, is none of what the type holds.
void raise_misfit(const char* operation, const std::string& where, Typed code,
                  PyObject* value) noexcept;

/// Reads the option `typed`: None, "auto" or the name of a type. False with the error set.
[[nodiscard]] bool read_typed(const char* operation, PyObject* given, Typed& typed) noexcept;

/// Reads an option that is one of two names: whether it is the second, not the first, which null
/// stands for. -1 with the error set.
[[nodiscard]] int read_choice(const char* option, PyObject* given, const char* first,
                              const char* second) noexcept;

}  // namespace pyjs

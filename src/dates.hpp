// dates.hpp: moments, which both languages count in milliseconds, as Python's aware datetimes.
#pragma once

#include <Python.h>

namespace pyjs {

/// Imports datetime, which all the others need. False with the Python error set.
[[nodiscard]] bool prepare_dates() noexcept;

[[nodiscard]] bool is_datetime(PyObject* object) noexcept;

enum class Moment { Known, Naive, Failed };

/// When a datetime is: milliseconds since 1970, rounded down. Failed with the Python error set.
[[nodiscard]] Moment moment_of(PyObject* datetime, double& milliseconds) noexcept;

/// The datetime in UTC. Null with the Python error set; without one when no datetime is so far
/// away, or the number is none.
[[nodiscard]] PyObject* datetime_at(double milliseconds) noexcept;

}  // namespace pyjs

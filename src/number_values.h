// number_values.h: Python numbers made many at a time.
#pragma once

#include <Python.h>

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// To be called before a structure is made: programs may replace what allocates objects.
void pyjs_begin_values(void);

/// Puts new references to `count` ints or floats into `places`. How many there are: fewer than
/// `count` with the Python error set.
Py_ssize_t pyjs_put_ints(PyObject** places, const int32_t* values, Py_ssize_t count);
/// `values` are doubles, at any multiple of four.
Py_ssize_t pyjs_put_floats(PyObject** places, const uint32_t* values, Py_ssize_t count);

/// As pyjs_put_floats(); a safe integer becomes an int.
Py_ssize_t pyjs_put_numbers(PyObject** places, const uint32_t* values, Py_ssize_t count);

#ifdef __cplusplus
}
#endif

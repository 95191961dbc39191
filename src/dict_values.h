// dict_values.h: the values of a dict by their order, without a lookup for each.
#pragma once

#include <Python.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Whether the `count` entries of `dict` stand in the order of insertion without a gap, under str
/// keys: pyjs_dict_put() may then be used.
int pyjs_dict_is_dense(PyObject* dict, Py_ssize_t count);

/// Puts `value` in place of the None of entry `at`, and takes over its reference. The dict must be
/// tracked by the garbage collector, and nothing else may have seen it.
void pyjs_dict_put(PyObject* dict, Py_ssize_t at, PyObject* value);

#ifdef __cplusplus
}
#endif

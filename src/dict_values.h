// dict_values.h: the values of a dict by their order, without a lookup for each.
#pragma once

#include <Python.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Whether the `count` entries of `dict` stand in the order of insertion without a gap, under str
/// keys: pyjs_dict_values() may then be used.
int pyjs_dict_is_dense(PyObject* dict, Py_ssize_t count);

/// Each value of a dict is so many places behind the one before.
#define PYJS_DICT_STEP 2

/// The place of the first value. What is put into the places of None is the dict's, which must be
/// tracked by the garbage collector, and which nothing else may have seen.
PyObject** pyjs_dict_values(PyObject* dict);

#ifdef __cplusplus
}
#endif

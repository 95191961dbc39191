// text_values.h: Python texts made many at a time.
#pragma once

#include <Python.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A new str of `length` characters, all of them ASCII, which the caller writes; null with the
/// Python error set.
PyObject* pyjs_new_ascii(Py_ssize_t length);

#ifdef __cplusplus
}
#endif

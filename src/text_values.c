// text_values.c: see text_values.h.
#include "text_values.h"

PyObject* pyjs_new_ascii(Py_ssize_t length) { return PyUnicode_New(length, 0x7f); }

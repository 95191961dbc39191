// text_values_api.c: see text_values.h. A short text is a copy of an empty place that the C API
// made, as numbers are in number_values_api.c.
#include <string.h>

#include "object_blocks.h"
#include "text_values.h"

static PyASCIIObject model;

/// Of any length but those of which Python has one text each.
static int find_model(void) {
    PyObject* text = PyUnicode_New(2, 0x7f);
    if (text == NULL) {
        return 0;
    }
    memcpy(&model, text, sizeof model);
    Py_DECREF(text);
    return 1;
}

PyObject* pyjs_new_ascii(Py_ssize_t length) {
    const size_t size = sizeof model + (size_t)length + 1;
    if (length < 2 || size > PYJS_LARGEST_BLOCK) {
        return PyUnicode_New(length, 0x7f);
    }
    if (model.length == 0 && !find_model()) {
        return NULL;
    }
    PyASCIIObject* made = pyjs_take_block(size);
    if (made == NULL) {
        return PyUnicode_New(length, 0x7f);
    }
    *made = model;
    made->length = length;
    ((char*)(made + 1))[length] = 0;
    return (PyObject*)made;
}

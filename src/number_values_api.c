// number_values_api.c: see number_values.h. By the C API alone, for interpreters of other releases
// than that of the headers.
#include "number_values.h"

#include <math.h>
#include <string.h>

static double double_of(const uint32_t* words) {
    double value;
    memcpy(&value, words, sizeof value);
    return value;
}

static PyObject* new_number(double value) {
    if (!(fabs(value) <= 9007199254740991.0) || trunc(value) != value) {
        return PyFloat_FromDouble(value);
    }
    return fabs(value) <= INT32_MAX ? PyLong_FromLong((long)value)
                                    : PyLong_FromLongLong((long long)value);
}

Py_ssize_t pyjs_put_ints(PyObject** places, const int32_t* values, Py_ssize_t count) {
    for (Py_ssize_t i = 0; i < count; ++i) {
        if ((places[i] = PyLong_FromLong(values[i])) == NULL) {
            return i;
        }
    }
    return count;
}

Py_ssize_t pyjs_put_floats(PyObject** places, const uint32_t* values, Py_ssize_t count) {
    for (Py_ssize_t i = 0; i < count; ++i) {
        if ((places[i] = PyFloat_FromDouble(double_of(values + 2 * i))) == NULL) {
            return i;
        }
    }
    return count;
}

Py_ssize_t pyjs_put_numbers(PyObject** places, const uint32_t* values, Py_ssize_t count) {
    for (Py_ssize_t i = 0; i < count; ++i) {
        if ((places[i] = new_number(double_of(values + 2 * i))) == NULL) {
            return i;
        }
    }
    return count;
}

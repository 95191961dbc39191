// number_values.c: see number_values.h. The C API makes numbers one by one, by four calls for each,
// which costs a fifth of the conversion of a list of them. This file alone knows what numbers are
// made of: CPython's own headers say so, those of the very version that is linked. In C, since
// these are no C++.
#define Py_BUILD_CORE 1
#include "number_values.h"

#include <math.h>
#include <string.h>

#include "internal/pycore_long.h"
#include "internal/pycore_runtime.h"

/// What allocates objects. It is asked for each time: programs may replace it.
typedef struct {
    PyMemAllocatorEx from;
    int is_traced;
} Maker;

static Maker maker(void) {
    const Maker made = {_PyRuntime.allocators.standard.obj,
                        _PyRuntime.ref_tracer.tracer_func != NULL};
    return made;
}

static inline PyObject* new_object(const Maker* maker, PyTypeObject* type, size_t size) {
    PyObject* object = maker->from.malloc(maker->from.ctx, size);
    if (object != NULL) {
        object->ob_refcnt = 1;
        object->ob_type = type;
    }
    return object;
}

static inline PyObject* new_int(const Maker* maker, int32_t value) {
    if (_PY_IS_SMALL_INT(value)) {
        return (PyObject*)&_PyLong_SMALL_INTS[_PY_NSMALLNEGINTS + value];
    }
    const int32_t limit = PyLong_MASK;
    if (value > limit || value < -limit || maker->is_traced) {
        return PyLong_FromLong(value);
    }
    PyObject* made = new_object(maker, &PyLong_Type, sizeof(PyLongObject));
    if (made == NULL) {
        return PyErr_NoMemory();
    }
    PyLongObject* number = (PyLongObject*)made;
    _PyLong_SetSignAndDigitCount(number, value < 0 ? -1 : 1, 1);
    number->long_value.ob_digit[0] = (digit)(value < 0 ? -value : value);
    return made;
}

static inline PyObject* new_float(const Maker* maker, double value) {
    if (maker->is_traced) {
        return PyFloat_FromDouble(value);
    }
    PyObject* made = new_object(maker, &PyFloat_Type, sizeof(PyFloatObject));
    if (made == NULL) {
        return PyErr_NoMemory();
    }
    ((PyFloatObject*)made)->ob_fval = value;
    return made;
}

static inline PyObject* new_number(const Maker* maker, double value) {
    if (!(fabs(value) <= 9007199254740991.0) || trunc(value) != value) {
        return new_float(maker, value);
    }
    return fabs(value) <= INT32_MAX ? new_int(maker, (int32_t)value)
                                    : PyLong_FromLongLong((long long)value);
}

static inline double double_of(const uint32_t* words) {
    double value;
    memcpy(&value, words, sizeof value);
    return value;
}

Py_ssize_t pyjs_put_ints(PyObject** places, const int32_t* values, Py_ssize_t count) {
    const Maker from = maker();
    for (Py_ssize_t i = 0; i < count; ++i) {
        PyObject* made = new_int(&from, values[i]);
        if (made == NULL) {
            return i;
        }
        places[i] = made;
    }
    return count;
}

Py_ssize_t pyjs_put_floats(PyObject** places, const uint32_t* values, Py_ssize_t count) {
    const Maker from = maker();
    for (Py_ssize_t i = 0; i < count; ++i) {
        PyObject* made = new_float(&from, double_of(values + 2 * i));
        if (made == NULL) {
            return i;
        }
        places[i] = made;
    }
    return count;
}

Py_ssize_t pyjs_put_numbers(PyObject** places, const uint32_t* values, Py_ssize_t count) {
    const Maker from = maker();
    for (Py_ssize_t i = 0; i < count; ++i) {
        PyObject* made = new_number(&from, double_of(values + 2 * i));
        if (made == NULL) {
            return i;
        }
        places[i] = made;
    }
    return count;
}

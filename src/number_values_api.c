// number_values_api.c: see number_values.h. For interpreters of other releases than that of the
// headers: nothing is known of an object but what the public headers say, so an int or float is a
// copy of one that the C API made, with another number in it.
#include "number_values.h"

#include <math.h>
#include <string.h>

#include "object_blocks.h"

/// Ints that Python has once and for all; how many from -5 on differs by release.
#define LEAST_SMALL (-5)
#define MOST_SMALL 2048
#define DIGIT_LIMIT ((int32_t)PyLong_MASK)

static PyObject* small_ints[MOST_SMALL];
static uint32_t count_small;

/// What new objects begin as. No object has a type before they are known.
static PyLongObject positive;
static PyLongObject negative;
static PyFloatObject fraction;
static int is_known;

/// Finds the ints of which there is one each.
static int find_small_ints(void) {
    for (; count_small < MOST_SMALL; ++count_small) {
        const long value = LEAST_SMALL + (long)count_small;
        PyObject* one = PyLong_FromLong(value);
        PyObject* other = one == NULL ? NULL : PyLong_FromLong(value);
        const int is_same = one == other;
        Py_XDECREF(one);
        Py_XDECREF(other);
        if (!is_same || one == NULL) {
            return other != NULL;
        }
        small_ints[count_small] = one;
    }
    return 1;
}

static int copy_of(void* copy, size_t size, PyObject* object) {
    if (object == NULL) {
        return 0;
    }
    memcpy(copy, object, size);
    Py_DECREF(object);
    return 1;
}

void pyjs_begin_values(void) {
    if (!is_known) {
        is_known = find_small_ints() &&
                   copy_of(&positive, sizeof positive, PyLong_FromLong(DIGIT_LIMIT)) &&
                   copy_of(&negative, sizeof negative, PyLong_FromLong(-DIGIT_LIMIT)) &&
                   copy_of(&fraction, sizeof fraction, PyFloat_FromDouble(0.5));
        if (!is_known) {
            PyErr_Clear();  // no memory: the values that are to be made will say so
        }
    }
    pyjs_begin_blocks();
}

static void* block(size_t size) { return is_known ? pyjs_take_block(size) : NULL; }

static inline PyObject* new_int(int32_t value) {
    const uint32_t place = (uint32_t)value - (uint32_t)LEAST_SMALL;
    if (place < count_small) {
        return small_ints[place];  // immortal
    }
    const int is_digit = value <= DIGIT_LIMIT && value >= -DIGIT_LIMIT;
    PyLongObject* made = is_digit ? block(sizeof *made) : NULL;
    if (made == NULL) {
        return PyLong_FromLong(value);
    }
    *made = value < 0 ? negative : positive;
    made->long_value.ob_digit[0] = (digit)(value < 0 ? -value : value);
    return (PyObject*)made;
}

static inline PyObject* new_float(double value) {
    PyFloatObject* made = block(sizeof *made);
    if (made == NULL) {
        return PyFloat_FromDouble(value);
    }
    *made = fraction;
    made->ob_fval = value;
    return (PyObject*)made;
}

static inline PyObject* new_number(double value) {
    if (!(fabs(value) <= 9007199254740991.0) || trunc(value) != value) {
        return new_float(value);
    }
    return fabs(value) <= INT32_MAX ? new_int((int32_t)value)
                                    : PyLong_FromLongLong((long long)value);
}

static inline double double_of(const uint32_t* words) {
    double value;
    memcpy(&value, words, sizeof value);
    return value;
}

Py_ssize_t pyjs_put_ints(PyObject** places, const int32_t* values, Py_ssize_t count) {
    for (Py_ssize_t i = 0; i < count; ++i) {
        if ((places[i] = new_int(values[i])) == NULL) {
            return i;
        }
    }
    return count;
}

Py_ssize_t pyjs_put_floats(PyObject** places, const uint32_t* values, Py_ssize_t count) {
    for (Py_ssize_t i = 0; i < count; ++i) {
        if ((places[i] = new_float(double_of(values + 2 * i))) == NULL) {
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

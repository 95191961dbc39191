// number_values.c: see number_values.h. The C API makes numbers one by one, by four calls for each,
// which costs a fifth of the conversion of a list of them. This file alone knows what numbers are
// made of: CPython's own headers say so, those of the very version that is linked. In C, since
// these are no C++.
#define Py_BUILD_CORE 1
#include "number_values.h"

#include <math.h>
#include <string.h>

#include "internal/pycore_interp.h"
#include "internal/pycore_long.h"
#include "internal/pycore_obmalloc.h"
#include "internal/pycore_pymem_init.h"
#include "internal/pycore_runtime.h"

/// The size class of pymalloc's that ints of one digit and floats have.
#define CLASS_OF(type) ((sizeof(type) - 1) >> ALIGNMENT_SHIFT)
_Static_assert(CLASS_OF(PyLongObject) == CLASS_OF(PyFloatObject), "blocks of one size");
#define POOLS (2 * CLASS_OF(PyFloatObject))

/// What allocates objects. It is asked for each time: programs may replace it. Where it is pymalloc,
/// blocks are taken out of one of its pools as pymalloc itself would take them; meanwhile the pool
/// says nothing of it, so nothing else may allocate or free.
typedef struct {
    PyMemAllocatorEx from;
    int is_traced;
    PyInterpreterState* interpreter;  // null where no pool is to be used
    poolp pool;                       // null when none has free blocks
    pymem_block* free;                // the next block of it
    unsigned int taken;
} Maker;

/// Takes from a pool from here on, if there is one.
static void begin(Maker* maker) {
    maker->pool = NULL;
    if (maker->interpreter == NULL) {
        return;
    }
    const poolp pool = maker->interpreter->obmalloc->pools.used[POOLS];
    if (pool != pool->nextpool) {  // else it is the list's own head
        maker->pool = pool;
        maker->free = pool->freeblock;
        maker->taken = 0;
    }
}

/// The pool says again what it has.
static void end(Maker* maker) {
    if (maker->pool != NULL) {
        maker->pool->freeblock = maker->free;
        maker->pool->ref.count += maker->taken;
    }
}

/// From so many numbers on it pays to look for a pool.
#define MANY 8

static Maker new_maker(Py_ssize_t count) {
    Maker maker = {.from = _PyRuntime.allocators.standard.obj,
                   .is_traced = _PyRuntime.ref_tracer.tracer_func != NULL};
    if (count >= MANY && maker.from.malloc == _PyObject_Malloc && !maker.is_traced) {
        maker.interpreter = PyInterpreterState_Get();
    }
    begin(&maker);
    return maker;
}

/// The block behind the last one of the list: of the part of the pool that was never used.
static inline pymem_block* virgin_block(poolp pool) {
    if (pool->nextoffset > pool->maxnextoffset) {
        return NULL;
    }
    pymem_block* block = (pymem_block*)pool + pool->nextoffset;
    pool->nextoffset += INDEX2SIZE(CLASS_OF(PyFloatObject));
    *(pymem_block**)block = NULL;
    return block;
}

/// Room for an object of this size class.
static inline void* take(Maker* maker) {
    if (maker->pool != NULL) {
        pymem_block* const block = maker->free;
        pymem_block* next = *(pymem_block**)block;
        // A pool without a free block is in no list: the last one is for pymalloc to give.
        if (next != NULL || (next = virgin_block(maker->pool)) != NULL) {
            maker->free = next;
            ++maker->taken;
            return block;
        }
    }
    end(maker);
    void* made = maker->from.malloc(maker->from.ctx, sizeof(PyFloatObject));
    begin(maker);
    return made;
}

static inline PyObject* new_object(Maker* maker, PyTypeObject* type) {
    PyObject* object = take(maker);
    if (object != NULL) {
        object->ob_refcnt = 1;
        object->ob_type = type;
    }
    return object;
}

/// For an int of more than a digit.
static PyObject* long_int(Maker* maker, long long value) {
    end(maker);
    PyObject* made = PyLong_FromLongLong(value);
    begin(maker);
    return made;
}

static inline PyObject* new_int(Maker* maker, int32_t value) {
    if (_PY_IS_SMALL_INT(value)) {
        return (PyObject*)&_PyLong_SMALL_INTS[_PY_NSMALLNEGINTS + value];
    }
    const int32_t limit = PyLong_MASK;
    if (value > limit || value < -limit || maker->is_traced) {
        return long_int(maker, value);
    }
    PyObject* made = new_object(maker, &PyLong_Type);
    if (made == NULL) {
        return NULL;
    }
    PyLongObject* number = (PyLongObject*)made;
    _PyLong_SetSignAndDigitCount(number, value < 0 ? -1 : 1, 1);
    number->long_value.ob_digit[0] = (digit)(value < 0 ? -value : value);
    return made;
}

static inline PyObject* new_float(Maker* maker, double value) {
    if (maker->is_traced) {
        return PyFloat_FromDouble(value);  // no pool is in use then
    }
    PyObject* made = new_object(maker, &PyFloat_Type);
    if (made == NULL) {
        return NULL;
    }
    ((PyFloatObject*)made)->ob_fval = value;
    return made;
}

static inline PyObject* new_number(Maker* maker, double value) {
    if (!(fabs(value) <= 9007199254740991.0) || trunc(value) != value) {
        return new_float(maker, value);
    }
    return fabs(value) <= INT32_MAX ? new_int(maker, (int32_t)value)
                                    : long_int(maker, (long long)value);
}

static inline double double_of(const uint32_t* words) {
    double value;
    memcpy(&value, words, sizeof value);
    return value;
}

/// How many of `count` were made; the error is set only here, since it allocates.
static Py_ssize_t finish(Maker* maker, Py_ssize_t done, Py_ssize_t count) {
    end(maker);
    if (done < count && PyErr_Occurred() == NULL) {
        PyErr_NoMemory();
    }
    return done;
}

void pyjs_begin_values(void) {}  // each call that makes many looks for itself

Py_ssize_t pyjs_put_ints(PyObject** places, const int32_t* values, Py_ssize_t count) {
    Maker maker = new_maker(count);
    Py_ssize_t done = 0;
    for (; done < count; ++done) {
        PyObject* made = new_int(&maker, values[done]);
        if (made == NULL) {
            break;
        }
        places[done] = made;
    }
    return finish(&maker, done, count);
}

Py_ssize_t pyjs_put_floats(PyObject** places, const uint32_t* values, Py_ssize_t count) {
    Maker maker = new_maker(count);
    Py_ssize_t done = 0;
    for (; done < count; ++done) {
        PyObject* made = new_float(&maker, double_of(values + 2 * done));
        if (made == NULL) {
            break;
        }
        places[done] = made;
    }
    return finish(&maker, done, count);
}

Py_ssize_t pyjs_put_numbers(PyObject** places, const uint32_t* values, Py_ssize_t count) {
    Maker maker = new_maker(count);
    Py_ssize_t done = 0;
    for (; done < count; ++done) {
        PyObject* made = new_number(&maker, double_of(values + 2 * done));
        if (made == NULL) {
            break;
        }
        places[done] = made;
    }
    return finish(&maker, done, count);
}

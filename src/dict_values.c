// dict_values.c: see dict_values.h. The C API has no way to a dict's entries but by their keys,
// which costs a tenth of a deep conversion. This file alone knows what a dict is made of: CPython's
// own header says so, that of the very version that is linked. In C, since it is no C++.
#define Py_BUILD_CORE 1
#include "dict_values.h"

#include "internal/pycore_dict.h"

int pyjs_dict_is_dense(PyObject* dict, Py_ssize_t count) {
    const PyDictObject* made = (PyDictObject*)dict;
    const PyDictKeysObject* keys = made->ma_keys;
    return made->ma_values == NULL && DK_IS_UNICODE(keys) && made->ma_used == count &&
           keys->dk_nentries == count;
}

_Static_assert(sizeof(PyDictUnicodeEntry) == PYJS_DICT_STEP * sizeof(PyObject*), "a key, a value");

PyObject** pyjs_dict_values(PyObject* dict) {
    return &DK_UNICODE_ENTRIES(((PyDictObject*)dict)->ma_keys)[0].me_value;
}

// options.cpp: see options.hpp.
#include "options.hpp"

#include <limits>

namespace pyjs {

bool read_depth(const char* option, PyObject* given, long& depth) noexcept {
    if (given == nullptr) {
        return true;
    }
    if (!PyLong_Check(given)) {
        PyErr_Format(PyExc_TypeError,
                     "%s: expected an int, the number of levels, or -1 for all, got %.200s", option,
                     Py_TYPE(given)->tp_name);
        return false;
    }
    int overflow = 0;
    depth = PyLong_AsLongAndOverflow(given, &overflow);
    if (overflow > 0) {
        depth = std::numeric_limits<long>::max();  // nothing nests so deep
    }
    return true;
}

bool read_flag(const char* option, PyObject* given, bool& flag) noexcept {
    if (given == nullptr) {
        return true;
    }
    if (!PyBool_Check(given)) {
        PyErr_Format(PyExc_TypeError, "%s: expected True or False, got %.200s", option,
                     Py_TYPE(given)->tp_name);
        return false;
    }
    flag = given == Py_True;
    return true;
}

}  // namespace pyjs

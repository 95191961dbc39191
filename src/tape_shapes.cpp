// tape_shapes.cpp: see tape_shapes.hpp.
#include "tape_shapes.hpp"

#include "dict_values.h"

namespace pyjs {
namespace {

std::uint32_t failures = 0;

/// Never destroyed: the interpreter may be gone by then.
union Kept {
    constexpr Kept() noexcept : shapes() {}
    ~Kept() {}
    ShapeRef shapes[kShapes];
};

ShapeRef& at(std::uint32_t place) noexcept {
    static constinit Kept kept;
    return kept.shapes[place];
}

}  // namespace

Shape::~Shape() {
    for (PyObject* key : keys_) {
        Py_DECREF(key);
    }
    Py_XDECREF(model_);
}

bool Shape::make_model() {
    PyObject* model = PyDict_New();
    if (model == nullptr) {
        return false;
    }
    for (PyObject* key : keys_) {
        if (PyDict_SetItem(model, key, Py_None) != 0) {
            Py_DECREF(model);
            return false;
        }
    }
    if (pyjs_dict_is_dense(model, static_cast<Py_ssize_t>(keys_.size())) != 0) {
        model_ = model;
    } else {
        Py_DECREF(model);
    }
    return true;
}

PyObject* Shape::new_dict() {
    if (model_ == nullptr && is_used_ && !make_model()) {
        return nullptr;
    }
    is_used_ = true;
    if (model_ == nullptr) {
        return PyDict_New();
    }
    PyObject* dict = PyDict_Copy(model_);
    // One that holds nothing but None is not tracked, and values that come by another way than
    // the C API's do not change that.
    if (dict != nullptr && PyObject_GC_IsTracked(dict) == 0) {
        PyObject_GC_Track(dict);
    }
    return dict;
}

ShapeRef kept_shape(std::uint32_t place) noexcept { return at(place % kShapes); }

void keep_shape(std::uint32_t place, const ShapeRef& shape) noexcept {
    at(place % kShapes) = shape;
}

std::uint32_t shape_failures() noexcept { return failures; }

void count_shape_failure() noexcept { ++failures; }

}  // namespace pyjs

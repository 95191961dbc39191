// tape_shapes.cpp: see tape_shapes.hpp.
#include "tape_shapes.hpp"

namespace pyjs {
namespace {

std::uint32_t failures = 0;

ShapeRef& at(std::uint32_t place) noexcept {
    // Never destroyed: the interpreter may be gone by then.
    static auto* const shapes = new ShapeRef[kShapes];
    return shapes[place];
}

}  // namespace

Shape::~Shape() {
    for (PyObject* key : keys_) {
        Py_DECREF(key);
    }
    Py_XDECREF(model_);
}

PyObject* Shape::new_dict() {
    if (model_ == nullptr && is_used_) {
        model_ = PyDict_New();
        for (PyObject* key : keys_) {
            if (model_ != nullptr && PyDict_SetItem(model_, key, Py_None) != 0) {
                Py_CLEAR(model_);
            }
        }
        if (model_ == nullptr) {
            return nullptr;
        }
    }
    is_used_ = true;
    return model_ == nullptr ? PyDict_New() : PyDict_Copy(model_);
}

ShapeRef kept_shape(std::uint32_t place) noexcept { return at(place % kShapes); }

void keep_shape(std::uint32_t place, const ShapeRef& shape) noexcept {
    at(place % kShapes) = shape;
}

std::uint32_t shape_failures() noexcept { return failures; }

void count_shape_failure() noexcept { ++failures; }

}  // namespace pyjs

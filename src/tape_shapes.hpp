// tape_shapes.hpp: the keys that records have in common. JavaScript's half is js/core/shapes.ts.
#pragma once

#include <Python.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace pyjs {

/// The keys of a record.
class Shape {
public:
    explicit Shape(std::size_t count) { keys_.reserve(count); }
    Shape(const Shape&) = delete;
    Shape& operator=(const Shape&) = delete;
    ~Shape();

    [[nodiscard]] std::uint32_t size() const noexcept {
        return static_cast<std::uint32_t>(keys_.size());
    }
    /// Borrowed.
    [[nodiscard]] PyObject* key(std::uint32_t place) const noexcept { return keys_[place]; }
    /// Takes over a reference.
    void add(PyObject* key) { keys_.push_back(key); }
    /// A new dict, to which the keys are to be added. With a model it has them, each with None, and
    /// takes values by their order (dict_values.h). Null with the Python error set.
    [[nodiscard]] PyObject* new_dict();
    [[nodiscard]] bool has_model() const noexcept { return model_ != nullptr; }

private:
    [[nodiscard]] bool make_model();

    std::vector<PyObject*> keys_;
    /// From the second dict on: a copy of it costs less than making room for key after key.
    PyObject* model_ = nullptr;
    bool is_used_ = false;
};

using ShapeRef = std::shared_ptr<Shape>;

/// How many shapes outlive their tape; PLACES in js/core/shapes.ts.
constexpr std::uint32_t kShapes = 256;

/// The shape at `place`; null when none could be kept there.
[[nodiscard]] ShapeRef kept_shape(std::uint32_t place) noexcept;
void keep_shape(std::uint32_t place, const ShapeRef& shape) noexcept;
/// How often a shape that JavaScript takes for kept was not. It asks before each conversion.
[[nodiscard]] std::uint32_t shape_failures() noexcept;
void count_shape_failure() noexcept;

}  // namespace pyjs

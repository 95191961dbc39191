// nested.hpp: counts converters that call each other.
#pragma once

#include <Python.h>

namespace pyjs {

/// How many converters may be at work inside each other before a RecursionError.
/// Each uses about 5 kB of the engine's stack, of which there is about 1 MB.
constexpr int kMostConverters = 100;

/// Python up to 3.13 counts the calls of C. Later ones measure C's stack, but in WebAssembly most
/// of a frame lies on the engine's own, which would overflow first and end the interpreter.
class Nested {
public:
    Nested() { ++depth_; }
    ~Nested() { --depth_; }
    Nested(const Nested&) = delete;
    Nested& operator=(const Nested&) = delete;

    /// True, with the Python error set, when the limit is passed.
    [[nodiscard]] bool exceeded() const {
        if constexpr (PY_VERSION_HEX < 0x030e0000) {
            return false;
        }
        if (depth_ <= kMostConverters) {
            return false;
        }
        PyErr_Format(PyExc_RecursionError,
                     "maximum depth exceeded: converters called each other %d levels deep",
                     kMostConverters);
        return true;
    }

private:
    static inline int depth_ = 0;
};

}  // namespace pyjs

// depth.hpp: counts how deep JavaScript and Python have called each other.
#pragma once

#include <Python.h>

#include "py_ops.hpp"

namespace pyjs {

/// How deep calls may nest through both languages before a RecursionError.
/// A level costs up to 10 kB of the engine's stack, of which there is about 1 MB.
constexpr std::uint32_t kMaxDepth = 64;

/// Nested calls through both languages use the engine's stack, which Python's
/// own recursion limit does not see. One of these lives in every entry that
/// runs Python code.
class Depth {
public:
    Depth() {
        ++entered().arrived;
        ++entered().depth;
    }
    ~Depth() { --entered().depth; }
    Depth(const Depth&) = delete;
    Depth& operator=(const Depth&) = delete;

    /// True, with the Python error set, when the limit is passed.
    [[nodiscard]] bool exceeded() const {
        if (entered().depth <= kMaxDepth) {
            return false;
        }
        PyErr_Format(
            PyExc_RecursionError,
            "maximum depth exceeded: JavaScript and Python called each other %u levels deep",
            static_cast<unsigned>(kMaxDepth));
        return true;
    }
};

}  // namespace pyjs

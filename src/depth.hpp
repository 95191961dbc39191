// depth.hpp: counts how deep JavaScript and Python have called each other.
#pragma once

#include <Python.h>

#include "py_ops.hpp"

namespace pyjs {

class Stack;

/// The stack on which Python runs, if it can be suspended (suspend.hpp).
struct Running {
    Stack* stack;         // null: none, or JavaScript stands between
    std::uint32_t below;  // how many JavaScript stands above
};
inline Running running{};

/// How deep calls may nest through both languages before a RecursionError.
/// A level costs up to 10 kB of the engine's stack, of which there is about 1 MB.
constexpr std::uint32_t kMaxDepth = 64;

/// Nested calls through both languages use the engine's stack, which Python's
/// own recursion limit does not see; and an engine suspends no stack with a frame
/// of JavaScript's on it. One of these lives in every entry that runs Python code.
class Depth {
public:
    Depth() : running_(running) {
        ++entered().arrived;
        ++entered().depth;
        running = {nullptr, running_.below + (running_.stack != nullptr ? 1 : 0)};
    }
    ~Depth() {
        --entered().depth;
        running = running_;
    }
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

private:
    const Running running_;  // what calls JavaScript, which calls here
};

}  // namespace pyjs

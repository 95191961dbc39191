// suspend.hpp: stacks that can be suspended, as far as embedders have to do with them.
#pragma once

#include <cstdint>

namespace pyjs {

/// Stands on the stack while code is called that may call Python through a frame which no engine
/// can suspend, such as one of JavaScript's: there `run_sync` refuses, and says why.
class Barrier {
public:
    Barrier() noexcept;
    ~Barrier();
    Barrier(const Barrier&) = delete;
    Barrier& operator=(const Barrier&) = delete;

private:
    void* stack_;
    std::uint32_t below_;
};

/// What may come between two bytecodes of the Python code that runs.
enum class Between { Nothing = 0, Signals = 1, SlicesToo = 2 };

/// Nothing where asyncio schedules, a stack is suspended or a module is imported: what these know
/// of each other is to be exact whenever the program's own code runs, a signal's handler too.
[[nodiscard]] Between between_bytecodes() noexcept;

}  // namespace pyjs

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

}  // namespace pyjs

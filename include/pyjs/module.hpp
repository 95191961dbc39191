// module.hpp: registers `pyjs._core` with an interpreter that is about to start.
#pragma once

namespace pyjs {

/// Adds the built-in module `pyjs._core`. Call before `Py_InitializeFromConfig`.
/// Returns false when Python is already initialised or memory runs out.
[[nodiscard]] bool register_module() noexcept;

}  // namespace pyjs

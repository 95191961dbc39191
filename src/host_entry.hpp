// host_entry.hpp: joins the core to the loader it runs under.
#pragma once

#include "pyjs/handle.hpp"

namespace pyjs {

/// Connects the two halves of the core, before either calls the other. Does nothing where the
/// linker has done it (entry_static.cpp): then null, else a new reference to what js/wheel/join.ts
/// gives to Python.
[[nodiscard]] Handle join_host();

}  // namespace pyjs

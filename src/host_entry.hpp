// host_entry.hpp: joins the core to the loader it runs under.
#pragma once

namespace pyjs {

/// Connects the two halves of the core, before either calls the other. Does nothing where the
/// linker has done it (entry_static.cpp).
void join_host();

}  // namespace pyjs

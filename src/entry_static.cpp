// entry_static.cpp: the core linked into an interpreter: `pyjs._core` as a built-in module.
#include <Python.h>

#include "host_entry.hpp"
#include "pyjs/module.hpp"

extern "C" PyObject* PyInit__core();

namespace pyjs {

Handle join_host() { return nullptr; }

bool register_module() noexcept { return PyImport_AppendInittab("pyjs._core", &PyInit__core) == 0; }

}  // namespace pyjs

// suspend_host.cpp: where the host suspends stacks, as Pyodide does, the core has none of its own.
#include <emscripten/em_macros.h>

#include "py_ops.hpp"
#include "suspend.hpp"

namespace pyjs {
namespace {

PyObject* none(PyObject*, PyObject*) { return PyLong_FromLong(0); }

PyMethodDef functions[] = {
    {"stack", none, METH_NOARGS, "stack(): 0, no stack of the core's."},
    {nullptr, nullptr, 0, nullptr},
};

}  // namespace

extern "C" EMSCRIPTEN_KEEPALIVE void pyjs_run_promising(PyObject*, Slot*, std::uint32_t,
                                                        std::uint32_t, std::uint32_t) {}

bool add_suspend(PyObject* module) noexcept {
    return PyModule_AddFunctions(module, functions) == 0;
}

}  // namespace pyjs

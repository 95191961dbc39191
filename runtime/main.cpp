// main.cpp: starts CPython with the bridge inside; what the loader calls first.
#include <Python.h>
#include <emscripten/em_macros.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "pyjs/pyjs.hpp"

namespace {

constexpr std::array kSearchPath = {L"/lib/python_stdlib.zip", L"/lib/python3.13",
                                    L"/lib/python3.13/lib-dynload",
                                    L"/lib/python3.13/site-packages"};

PyStatus set_paths(PyConfig& config, const char* program) {
    for (wchar_t** field : {&config.home, &config.prefix, &config.base_prefix, &config.exec_prefix,
                            &config.base_exec_prefix}) {
        if (PyStatus status = PyConfig_SetString(&config, field, L"/");
            PyStatus_Exception(status)) {
            return status;
        }
    }
    for (wchar_t** field : {&config.executable, &config.base_executable, &config.program_name}) {
        if (PyStatus status = PyConfig_SetBytesString(&config, field, program);
            PyStatus_Exception(status)) {
            return status;
        }
    }
    config.module_search_paths_set = 1;
    for (const wchar_t* path : kSearchPath) {
        if (PyStatus status = PyWideStringList_Append(&config.module_search_paths, path);
            PyStatus_Exception(status)) {
            return status;
        }
    }
    return PyStatus_Ok();
}

PyStatus start(int argc, char** argv, const char* program) {
    PyConfig config;
    PyConfig_InitPythonConfig(&config);
    config.parse_argv = program != nullptr ? 1 : 0;
    config.write_bytecode = 0;
    PyStatus status = PyConfig_SetBytesArgv(&config, argc, argv);
    if (!PyStatus_Exception(status)) {
        status = set_paths(config, program != nullptr ? program : "/bin/python3");
    }
    if (!PyStatus_Exception(status)) {
        status = Py_InitializeFromConfig(&config);
    }
    PyConfig_Clear(&config);
    return status;
}

}  // namespace

extern "C" {

// CPython's Python/emscripten_signal.c, which has no header of its own.
extern int Py_EMSCRIPTEN_SIGNAL_HANDLING;
extern int _Py_emscripten_signal_clock;
// The linker gives its name to ours (--wrap). CPython's own code calls it for what
// PyErr_CheckSignals is to see, at every str() for instance; where it looks between bytecodes, it
// has it inlined.
void __real__Py_CheckEmscriptenSignals(void);

static bool array_is_watched = false;
static bool looks_at_array = false;
static bool is_asked = false;

void __wrap__Py_CheckEmscriptenSignals(void) {
    if (array_is_watched) {
        looks_at_array = true;
        __real__Py_CheckEmscriptenSignals();
        looks_at_array = false;
    }
}

/// Starts the interpreter. With `program`, which becomes sys.executable, the arguments are read as
/// Python's command line; else they are sys.argv. Returns 0, or 1 after saying on stderr what
/// failed.
EMSCRIPTEN_KEEPALIVE int pyjs_start(int argc, char** argv, const char* program) {
    if (!pyjs::register_module()) {
        std::fputs("pyjs: cannot register the module pyjs._core: Python runs already\n", stderr);
        return 1;
    }
    const PyStatus status = start(argc, argv, program);
    if (PyStatus_Exception(status)) {
        std::fprintf(stderr, "pyjs: Python did not start: %s: %s\n",
                     status.func != nullptr ? status.func : "?",
                     status.err_msg != nullptr ? status.err_msg : "?");
        return 1;
    }
    return 0;
}

/// Imports a module so that what it installs is in place; 0, or 1 with the
/// traceback on stderr.
EMSCRIPTEN_KEEPALIVE int pyjs_import(const char* name) {
    PyObject* module = PyImport_ImportModule(name);
    if (module == nullptr) {
        PyErr_Print();
        return 1;
    }
    Py_DECREF(module);
    return 0;
}

/// What Python looks at while it runs: the clock, and the array that the loader was given.
EMSCRIPTEN_KEEPALIVE void pyjs_watch_signals(int clock, int array) {
    Py_EMSCRIPTEN_SIGNAL_HANDLING = clock | array;
    array_is_watched = array != 0;
}

/// Whether it looks between two bytecodes, so that the clock is due; asked while it looks.
EMSCRIPTEN_KEEPALIVE int pyjs_looks_at_clock() { return looks_at_array ? 0 : 1; }

/// What may be delivered: 0 nothing, 1 a signal, 2 the end of a time slice too; asked while it
/// looks.
EMSCRIPTEN_KEEPALIVE int pyjs_may_deliver() {
    const auto between = static_cast<int>(pyjs::between_bytecodes());
    return is_asked ? 1 : looks_at_array ? std::min(between, 1) : between;
}

/// After how many more jumps and calls it looks; called while it does.
EMSCRIPTEN_KEEPALIVE void pyjs_look_after(int count) { _Py_emscripten_signal_clock = count; }

/// Looks now: the next Python function that is called handles what there is.
EMSCRIPTEN_KEEPALIVE void pyjs_poll_signals() {
    is_asked = true;
    __wrap__Py_CheckEmscriptenSignals();
    is_asked = false;
}

/// Sends Python a signal, as PyErr_CheckSignals finds it.
EMSCRIPTEN_KEEPALIVE void pyjs_trip(int signal) { PyErr_SetInterruptEx(signal); }

/// Lets what a file operation calls run Python: CPython has left the interpreter for it. Returns 1
/// when pyjs_leave is to follow, 0 when nothing was left, or Python has not started.
EMSCRIPTEN_KEEPALIVE int pyjs_enter() {
    PyThreadState* own = PyGILState_GetThisThreadState();
    if (own == nullptr || PyThreadState_GetUnchecked() != nullptr) {
        return 0;
    }
    PyEval_RestoreThread(own);
    return 1;
}

/// Undoes pyjs_enter.
EMSCRIPTEN_KEEPALIVE void pyjs_leave() { PyEval_SaveThread(); }

}  // extern "C"

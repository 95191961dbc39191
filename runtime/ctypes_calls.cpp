// ctypes_calls.cpp: libffi calls C, and C what ctypes made of a Python function, through frames of
// JavaScript's. The linker puts these functions in the place of libffi's (--wrap).
#include <cstdint>

#include "pyjs/pyjs.hpp"

namespace {

using Closure = void (*)(void* cif, void* result, void** arguments, void* data);

/// What ctypes gives; it is the only user of libffi, and gives always the same.
Closure closure = nullptr;

void call_closure(void* cif, void* result, void** arguments, void* data) {
    const pyjs::Barrier barrier;
    closure(cif, result, arguments, data);
}

}  // namespace

extern "C" {

// The names are the linker's to choose.
// NOLINTBEGIN(bugprone-reserved-identifier)
void __real_ffi_call(void* cif, void (*function)(), void* result, void** arguments);
int __real_ffi_prep_closure_loc(void* memory, void* cif, Closure function, void* data, void* code);

void __wrap_ffi_call(void* cif, void (*function)(), void* result, void** arguments) {
    const pyjs::Barrier barrier;
    __real_ffi_call(cif, function, result, arguments);
}

int __wrap_ffi_prep_closure_loc(void* memory, void* cif, Closure function, void* data, void* code) {
    if (closure == nullptr) {
        closure = function;
    }
    Closure own = function == closure ? call_closure : function;
    return __real_ffi_prep_closure_loc(memory, cif, own, data, code);
}
// NOLINTEND(bugprone-reserved-identifier)

}  // extern "C"

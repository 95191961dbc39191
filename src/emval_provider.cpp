// emval_provider.cpp: the functions of Embind's that emscripten/val.h calls, for hosts that are
// linked without Embind.
#include "glue_table.hpp"

using pyjs::imported;

namespace emscripten::internal {

extern "C" {

void _emval_incref(EM_VAL value) { imported.emval_incref(value); }

void _emval_decref(EM_VAL value) { imported.emval_decref(value); }

EM_VAL _emval_get_global(const char* name) { return imported.emval_get_global(name); }

EM_VAL _emval_new_cstring(const char* text) { return imported.emval_new_cstring(text); }

EM_VAL _emval_get_property(EM_VAL object, EM_VAL key) {
    return imported.emval_get_property(object, key);
}

bool _emval_strictly_equals(EM_VAL one, EM_VAL other) {
    return imported.emval_strictly_equals(one, other);
}

}  // extern "C"

}  // namespace emscripten::internal

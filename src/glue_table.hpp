// glue_table.hpp: what the core and its JavaScript half call of each other, in the order in which
// js/wheel/join.ts has the names.
#pragma once

#include <cstddef>

#include "glue.hpp"

namespace pyjs {

/// Functions of JavaScript's, called by their index in the function table.
struct Imported {
    decltype(&pyjs_js_call) call;
    decltype(&pyjs_js_call_method) call_method;
    decltype(&pyjs_js_get) get;
    decltype(&pyjs_js_set) set;
    decltype(&pyjs_js_op) op;
    decltype(&pyjs_js_item) item;
    decltype(&pyjs_js_store) store;
    decltype(&pyjs_js_load) load;
    decltype(&pyjs_js_classify_error) classify_error;
    decltype(&pyjs_js_make_error) make_error;
    decltype(&pyjs_js_features) features;
    decltype(&pyjs_js_make_proxy) make_proxy;
    decltype(&pyjs_js_done) done;
    decltype(&pyjs_js_attach) attach;
    decltype(&emscripten::internal::_emval_incref) emval_incref;
    decltype(&emscripten::internal::_emval_decref) emval_decref;
    decltype(&emscripten::internal::_emval_get_global) emval_get_global;
    decltype(&emscripten::internal::_emval_new_cstring) emval_new_cstring;
    decltype(&emscripten::internal::_emval_get_property) emval_get_property;
    decltype(&emscripten::internal::_emval_strictly_equals) emval_strictly_equals;
};

extern Imported imported;

}  // namespace pyjs

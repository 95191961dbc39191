// entry_wheel.cpp: the core as an extension module, in an interpreter that somebody else built.
//
// A loader resolves what a side module imports by name, and late: a call of such a function goes
// through JavaScript that spreads its arguments. So the JavaScript core puts its functions into
// the function table, and they are called by their index.
#include "glue_table.hpp"
#include "host_entry.hpp"

extern "C" {

/// The JavaScript core, an EM_JS function that tools/bundle.mjs writes. It fills `imported`;
/// `exported` are `count` functions, in the order of js/wheel/join.ts.
pyjs::Handle pyjs_wheel_join(pyjs::Imported* imported, const void* const* exported,
                             std::size_t count);

void pyjs_py_call();
void pyjs_py_op();
void pyjs_run_promising();
void pyjs_py_incref();
void pyjs_py_decref();
void pyjs_py_key();
void pyjs_py_is_same();
void pyjs_py_alloc();
void pyjs_py_bytes();
void pyjs_py_bytearray();
void pyjs_py_doubles();
void pyjs_py_doubles_at();
void pyjs_class_hold();
void pyjs_class_release();
void free(void*);

}  // extern "C"

namespace pyjs {

Imported imported;

Handle join_host() {
    const void* const exported[] = {
        reinterpret_cast<const void*>(pyjs_py_call),
        reinterpret_cast<const void*>(pyjs_py_op),
        reinterpret_cast<const void*>(pyjs_run_promising),
        reinterpret_cast<const void*>(pyjs_py_incref),
        reinterpret_cast<const void*>(pyjs_py_decref),
        reinterpret_cast<const void*>(pyjs_py_key),
        reinterpret_cast<const void*>(pyjs_py_is_same),
        reinterpret_cast<const void*>(pyjs_py_alloc),
        reinterpret_cast<const void*>(pyjs_py_bytes),
        reinterpret_cast<const void*>(pyjs_py_bytearray),
        reinterpret_cast<const void*>(pyjs_py_doubles),
        reinterpret_cast<const void*>(pyjs_py_doubles_at),
        reinterpret_cast<const void*>(pyjs_class_hold),
        reinterpret_cast<const void*>(pyjs_class_release),
        reinterpret_cast<const void*>(free),
    };
    return pyjs_wheel_join(&imported, exported, sizeof exported / sizeof exported[0]);
}

extern "C" {

std::uint32_t pyjs_js_call(Handle function, Handle self, Slot* slots, std::uint32_t positional,
                           std::uint32_t keywords) {
    return imported.call(function, self, slots, positional, keywords);
}

std::uint32_t pyjs_js_call_method(Handle object, Slot* slots, std::uint32_t positional,
                                  std::uint32_t keywords) {
    return imported.call_method(object, slots, positional, keywords);
}

std::uint32_t pyjs_js_get(Handle object, Slot* slots) { return imported.get(object, slots); }

std::uint32_t pyjs_js_set(Handle object, Slot* slots) { return imported.set(object, slots); }

std::uint32_t pyjs_js_op(std::uint32_t op, Handle object, Slot* slots, std::uint32_t positional,
                         std::uint32_t keywords) {
    return imported.op(op, object, slots, positional, keywords);
}

Handle pyjs_js_store(Slot* slots) { return imported.store(slots); }

std::uint32_t pyjs_js_item(Handle object, std::int32_t index, Slot* slots, std::uint32_t view) {
    return imported.item(object, index, slots, view);
}

std::uint32_t pyjs_js_load(Handle value, Slot* slots) { return imported.load(value, slots); }

std::uint32_t pyjs_js_classify_error(Handle thrown, Slot* slots) {
    return imported.classify_error(thrown, slots);
}

Handle pyjs_js_make_error(PyObject* exception) { return imported.make_error(exception); }

void pyjs_js_features(Handle object, Slot* slots) { imported.features(object, slots); }

Handle pyjs_js_make_proxy(PyObject* object, std::uint32_t flags) {
    return imported.make_proxy(object, flags);
}

void pyjs_js_done(std::uint32_t ticket, std::uint32_t tag, Slot* slots) {
    imported.done(ticket, tag, slots);
}

void pyjs_js_attach(void* arena, std::uint32_t size) { imported.attach(arena, size); }

}  // extern "C"

}  // namespace pyjs

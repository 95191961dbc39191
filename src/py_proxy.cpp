// py_proxy.cpp: Python objects used from JavaScript: calls, results, errors.
#include <alloca.h>
#include <emscripten/em_macros.h>

#include <algorithm>
#include <initializer_list>
#include <cstring>

#include "depth.hpp"
#include "encode.hpp"
#include "glue.hpp"
#include "hooks.hpp"
#include "js_types.hpp"
#include "py_ops.hpp"
#include "py_result.hpp"
#include "pyjs/proxy.hpp"
#include "wrap.hpp"

namespace pyjs {

alignas(16) unsigned char arena[kArenaSize];

namespace {

constexpr std::size_t kOnStack = 64;

// The names as a tuple, or null; either way the slots own nothing any more.
PyObject* keyword_names(const Slot* slots, std::uint32_t count) {
    PyObject* names = PyTuple_New(count);
    std::uint32_t done = 0;
    while (names != nullptr && done < count) {
        PyObject* name = decode_name(slots[done]);
        if (name == nullptr) {
            Py_CLEAR(names);
        } else {
            PyTuple_SET_ITEM(names, done, name);
        }
        ++done;
    }
    std::for_each(slots + done, slots + count, discard);
    return names;
}

// Decodes the first `count` of `all` slots, or discards what is left and returns false.
bool decode_first(const Slot* slots, std::uint32_t count, std::uint32_t all, PyObject** out) {
    for (std::uint32_t i = 0; i < count; ++i) {
        out[i] = decode(slots[i]);
        if (out[i] == nullptr) {
            std::for_each(slots + i + 1, slots + all, discard);
            while (i > 0) {
                Py_DECREF(out[--i]);
            }
            return false;
        }
    }
    return true;
}

PyObject* call_decoded(PyObject* callable, PyObject** args, std::uint32_t positional,
                       std::uint32_t keywords, const Slot* names) {
    PyObject* kwnames = nullptr;
    if (keywords != 0 && (kwnames = keyword_names(names, keywords)) == nullptr) {
        return nullptr;
    }
    PyObject* result =
        PyObject_Vectorcall(callable, args, positional | PY_VECTORCALL_ARGUMENTS_OFFSET, kwnames);
    Py_XDECREF(kwnames);
    return result;
}

/// Of proxies of the host's own bridge, where it has one.
PyTypeObject* foreign_type = nullptr;

bool has_all(PyTypeObject* type, std::initializer_list<const char*> names) {
    return std::all_of(names.begin(), names.end(), [type](const char* text) {
        PyObject* name = PyUnicode_InternFromString(text);
        if (name == nullptr) {
            PyErr_Clear();  // full memory: as if there were none
            return false;
        }
        PyObject* found = _PyType_Lookup(type, name);
        Py_DECREF(name);
        return found != nullptr && found != Py_None;
    });
}

/// As the abstract base classes of collections.abc tell, without calling them.
std::uint32_t type_abilities(PyObject* object) {
    PyTypeObject* type = Py_TYPE(object);
    const PyMappingMethods* mapping = type->tp_as_mapping;
    const PySequenceMethods* sequence = type->tp_as_sequence;
    const PyAsyncMethods* async = type->tp_as_async;
    std::uint32_t flags = 0;
    const auto add = [&flags](PyFlag flag, bool present) {
        flags |= present ? static_cast<std::uint32_t>(flag) : 0;
    };
    const bool is_sequence = PyType_HasFeature(type, Py_TPFLAGS_SEQUENCE) != 0 ||
                             PyType_FastSubclass(type, Py_TPFLAGS_BYTES_SUBCLASS) != 0 ||
                             PyType_IsSubtype(type, &PyByteArray_Type) != 0;
    const bool is_iterator = PyIter_Check(object) != 0;
    const bool sets_items = (mapping != nullptr && mapping->mp_ass_subscript != nullptr) ||
                            (sequence != nullptr && sequence->sq_ass_item != nullptr);
    const bool async_iterates = async != nullptr && async->am_aiter != nullptr;
    add(PyFlag::Callable, type->tp_call != nullptr);
    add(PyFlag::Class, PyType_FastSubclass(type, Py_TPFLAGS_TYPE_SUBCLASS) != 0);
    add(PyFlag::Awaitable, (async != nullptr && async->am_await != nullptr));
    add(PyFlag::Coroutine, type == &PyCoro_Type);
    add(PyFlag::Iterable, type->tp_iter != nullptr);
    add(PyFlag::Iterator, is_iterator);
    add(PyFlag::HasLength, (mapping != nullptr && mapping->mp_length != nullptr) ||
                               (sequence != nullptr && sequence->sq_length != nullptr));
    add(PyFlag::HasGet, (mapping != nullptr && mapping->mp_subscript != nullptr) ||
                            (sequence != nullptr && sequence->sq_item != nullptr));
    add(PyFlag::HasSet, sets_items);
    add(PyFlag::HasContains, sequence != nullptr && sequence->sq_contains != nullptr);
    add(PyFlag::Dict, type == &PyDict_Type);
    add(PyFlag::Sequence, is_sequence);
    add(PyFlag::MutableSequence, is_sequence && sets_items && has_all(type, {"insert"}));
    add(PyFlag::Generator, is_iterator && has_all(type, {"send", "throw", "close"}));
    add(PyFlag::AsyncIterable, async_iterates);
    add(PyFlag::AsyncIterator, async_iterates && async->am_anext != nullptr);
    add(PyFlag::AsyncGenerator, async_iterates && async->am_anext != nullptr &&
                                    has_all(type, {"asend", "athrow", "aclose"}));
    add(PyFlag::Buffer,
        type->tp_as_buffer != nullptr && type->tp_as_buffer->bf_getbuffer != nullptr);
    add(PyFlag::Foreign, foreign_type != nullptr && PyType_IsSubtype(type, foreign_type) != 0);
    // Looking a name up gives the type a version, when there are any left.
    static_cast<void>(has_all(type, {"__class__"}));
    return flags;
}

}  // namespace

PyObject* call_python(PyObject* callable, const Slot* slots, std::uint32_t positional,
                      std::uint32_t keywords) {
    const std::uint32_t count = positional + keywords;
    PyObject** heap = nullptr;
    PyObject** args = nullptr;
    if (count < kOnStack) {
        args = static_cast<PyObject**>(alloca((count + 1) * sizeof(PyObject*)));
    } else if ((args = heap = PyMem_New(PyObject*, count + 1)) == nullptr) {
        std::for_each(slots, slots + count + keywords, discard);
        return PyErr_NoMemory();
    }
    ++args;  // vectorcall may use args[-1]
    PyObject* result = nullptr;
    if (decode_first(slots, count, count + keywords, args)) {
        result = call_decoded(callable, args, positional, keywords, slots + count);
        for (std::uint32_t i = 0; i < count; ++i) {
            Py_DECREF(args[i]);
        }
    }
    PyMem_Free(heap);
    return result;
}

extern "C" {

EMSCRIPTEN_KEEPALIVE std::uint32_t pyjs_py_call(PyObject* callable, Slot* slots,
                                                std::uint32_t positional, std::uint32_t keywords) {
    const Depth guard;
    if (guard.exceeded()) {
        std::for_each(slots, slots + positional + 2 * keywords, discard);
        return fail(slots);
    }
    // The call may drop the last reference to its own callable.
    Py_INCREF(callable);
    PyObject* result = call_python(callable, slots, positional, keywords);
    Py_DECREF(callable);
    return give(result, slots);
}

}  // extern "C"

std::uint32_t py_flags(PyObject* object) noexcept {
    struct Known {
        PyTypeObject* type;
        unsigned version;  // no other type ever has it
        std::uint32_t flags;
    };
    static Known known[256] = {};
    PyTypeObject* type = Py_TYPE(object);
    const auto address = reinterpret_cast<std::uintptr_t>(type);
    Known& entry = known[(address >> 5 ^ address >> 13) % std::size(known)];
    if (entry.type != type || entry.version != type->tp_version_tag || entry.version == 0) {
        const std::uint32_t flags = type_abilities(object);  // gives the type its version
        entry = {type, type->tp_version_tag, flags};
    }
    return entry.flags;
}

void set_foreign_type(PyTypeObject* type) noexcept {
    Py_XSETREF(foreign_type, reinterpret_cast<PyTypeObject*>(Py_NewRef(type)));
}

val py_proxy(py::handle object) {
    return own(pyjs_js_make_proxy(object.inc_ref().ptr(), py_flags(object.ptr())));
}

}  // namespace pyjs

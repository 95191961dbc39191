// js_types.cpp: proxy types made from feature flags, cached, with set-like subclass checks.
#include "js_types.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "wrap.hpp"

namespace pyjs {

PyTypeObject* js_meta = nullptr;
std::uint32_t js_alive = 0;

namespace {

// Few combinations occur. The table answers for most of them at once; `all` has every type.
constexpr std::size_t kRecent = 256;
PyTypeObject* recent[kRecent] = {};

std::unordered_map<std::uint32_t, PyTypeObject*>& all() {
    static std::unordered_map<std::uint32_t, PyTypeObject*> types;
    return types;
}

std::size_t place(std::uint32_t flags) { return flags * 2654435761U >> 24; }

struct Named {
    const char* name;
    std::uint32_t flags;
};

constexpr std::uint32_t bits(JsFlag flag) { return static_cast<std::uint32_t>(flag); }

// The most specific name whose flags a type has is the name it shows.
constexpr Named kNamed[] = {
    {"JsException", bits(JsFlag::Error)},
    {"JsOnceCallable", bits(JsFlag::Double) | bits(JsFlag::Once)},
    {"JsDoubleProxy", bits(JsFlag::Double)},
    {"JsTypedArray", bits(JsFlag::Buffer) | bits(JsFlag::TypedArray)},
    {"JsArray", bits(JsFlag::Array)},
    {"JsBuffer", bits(JsFlag::Buffer)},
    {"JsAsyncGenerator", bits(JsFlag::AsyncGenerator)},
    {"JsGenerator", bits(JsFlag::Generator)},
    {"JsPromise", bits(JsFlag::Awaitable)},
    {"JsWeakRef", bits(JsFlag::WeakRef)},
    {"JsDomElement", bits(JsFlag::DomElement)},
    {"JsFetchResponse", bits(JsFlag::FetchResponse)},
    {"JsCallable", bits(JsFlag::Callable)},
    {"JsMutableMap", bits(JsFlag::HasGet) | bits(JsFlag::HasSet) | bits(JsFlag::HasLength) |
                         bits(JsFlag::Iterable)},
    {"JsMap", bits(JsFlag::HasGet) | bits(JsFlag::HasLength) | bits(JsFlag::Iterable)},
    {"JsAsyncIterator", bits(JsFlag::AsyncIterator)},
    {"JsAsyncIterable", bits(JsFlag::AsyncIterable)},
    {"JsIterator", bits(JsFlag::Iterator)},
    {"JsIterable", bits(JsFlag::Iterable)},
    {"JsProxy", 0},
};

// What only the abstract base classes of Python ask for.
constexpr Named kHidden[] = {
    {"_JsSequence", bits(JsFlag::ArrayLike)},
    {"_JsOwnArray", bits(JsFlag::Array) | bits(JsFlag::HasSet)},
};

bool is_among(std::uint32_t given, std::uint32_t wanted) {
    if (wanted == bits(JsFlag::Array)) {
        // PEP 818's JSArray; Pyodide counts array-likes and typed arrays as well.
        return is_sequence(given);
    }
    if (has(wanted, JsFlag::HasGet) && is_sequence(given) && !is_sequence(wanted)) {
        return false;  // a sequence is no mapping, though it has the same abilities
    }
    return (given & wanted) == wanted;
}

PyObject* meta_subclasscheck(PyObject* self, PyObject* candidate) {
    auto* base = reinterpret_cast<PyTypeObject*>(self);
    if (!PyType_Check(candidate) || !is_js_type(reinterpret_cast<PyTypeObject*>(candidate))) {
        return PyObject_CallMethod(reinterpret_cast<PyObject*>(&PyType_Type), "__subclasscheck__",
                                   "OO", self, candidate);
    }
    const std::uint32_t wanted = type_flags(base);
    const std::uint32_t given = type_flags(reinterpret_cast<PyTypeObject*>(candidate));
    return PyBool_FromLong(is_among(given, wanted));
}

PyObject* meta_instancecheck(PyObject* self, PyObject* instance) {
    return meta_subclasscheck(self, reinterpret_cast<PyObject*>(Py_TYPE(instance)));
}

PyMethodDef meta_methods[] = {
    {"__subclasscheck__", meta_subclasscheck, METH_O, nullptr},
    {"__instancecheck__", meta_instancecheck, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

bool make_meta() {
    PyType_Slot slots[] = {
        {Py_tp_doc,
         const_cast<char*>("Metaclass of the proxy types: a type with more abilities is a "
                           "subclass of one with fewer.")},
        {Py_tp_methods, meta_methods},
        {0, nullptr},
    };
    PyType_Spec spec = {"pyjs._core.JsProxyMeta", sizeof(JsProxyMeta), 0,
                        Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, slots};
    js_meta = reinterpret_cast<PyTypeObject*>(
        PyType_FromSpecWithBases(&spec, reinterpret_cast<PyObject*>(&PyType_Type)));
    return js_meta != nullptr;
}

const char* name_for(std::uint32_t flags) {
    const auto* found = std::find_if(std::begin(kNamed), std::end(kNamed),
                                     [flags](const Named& n) { return is_among(flags, n.flags); });
    return found->name;
}

const Mixin* const mixins[] = {
    &js_shared_mixin,
    &js_view,
    &js_conversion,
    &js_double,
    &js_exception,
    &js_callable,
    &js_sequence,
    &js_sequence_assign,
    &js_array,
    &js_length,
    &js_get,
    &js_set,
    &js_contains,
    &js_mapping,
    &js_mutable_mapping,
    &js_iterable,
    &js_iterator,
    &js_closable,
    &js_loop,
    &js_generator,
    &js_awaitable,
    &js_async_iterable,
    &js_async_iterator,
    &js_async_generator,
    &js_async_closable,
    &js_async_loop,
    &js_dispose,
    &js_async_dispose,
    &js_buffer,
};

void append(std::vector<PyType_Slot>& slots, const PyType_Slot* more) {
    for (; more != nullptr && more->slot != 0; ++more) {
        slots.push_back(*more);
    }
}

/// A type's methods, for as long as the process lives, as the type does.
PyMethodDef* collect_methods(std::uint32_t flags) {
    std::vector<PyMethodDef> found;
    for (const Mixin* mixin : mixins) {
        for (const PyMethodDef* at = mixin->methods;
             at != nullptr && mixin->applies(flags) && at->ml_name != nullptr; ++at) {
            found.push_back(*at);
        }
    }
    found.push_back({nullptr, nullptr, 0, nullptr});
    auto* kept = new PyMethodDef[found.size()];
    std::copy(found.begin(), found.end(), kept);
    return kept;
}

std::vector<PyType_Slot> collect(std::uint32_t flags) {
    std::vector<PyType_Slot> slots;
    if (flags == 0) {
        append(slots, js_plain_slots);
    } else if (flags == bits(JsFlag::Error)) {
        append(slots, js_exception_slots);
    }
    for (const Mixin* mixin : mixins) {
        if (mixin->applies(flags)) {
            append(slots, mixin->slots);
        }
    }
    if (has(flags, JsFlag::Error)) {
        append(slots, js_traversal_slots);
    }
    slots.push_back({Py_tp_methods, collect_methods(flags)});
    return slots;
}

void append_members(std::vector<PyType_Slot>& slots, std::uint32_t flags, PyMemberDef* members) {
    const bool error = has(flags, JsFlag::Error);
    const auto base = static_cast<Py_ssize_t>(error ? offsetof(JsExceptionObject, js)
                                                    : offsetof(JsProxyObject, js));
    std::size_t count = 0;
    members[count++] = {"__weaklistoffset__", Py_T_PYSSIZET,
                        base + static_cast<Py_ssize_t>(offsetof(JsFields, weakrefs)), Py_READONLY,
                        nullptr};
    if (has(flags, JsFlag::Callable)) {
        members[count++] = {"__vectorcalloffset__", Py_T_PYSSIZET,
                            base + static_cast<Py_ssize_t>(offsetof(JsFields, vectorcall)),
                            Py_READONLY, nullptr};
    }
    members[count] = {nullptr, 0, 0, 0, nullptr};
    slots.push_back({Py_tp_members, members});
    slots.push_back({0, nullptr});
}

PyObject* base_of(std::uint32_t flags) {
    if (flags == 0) {
        return reinterpret_cast<PyObject*>(&PyBaseObject_Type);
    }
    if (flags == bits(JsFlag::Error)) {
        return PyExc_Exception;
    }
    return reinterpret_cast<PyObject*>(js_type(flags & bits(JsFlag::Error)));
}

PyTypeObject* make_type(std::uint32_t flags) {
    PyObject* base = base_of(flags);
    if (base == nullptr) {
        return nullptr;
    }
    std::vector<PyType_Slot> slots = collect(flags);
    PyMemberDef members[3];
    append_members(slots, flags, members);
    const std::string name = std::string("pyjs.ffi.") + name_for(flags);
    unsigned int type_bits = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE |
                             Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_BASETYPE;
    if (has(flags, JsFlag::Callable)) {
        type_bits |= Py_TPFLAGS_HAVE_VECTORCALL;
    }
    if (has(flags, JsFlag::Error)) {
        type_bits |= Py_TPFLAGS_HAVE_GC;
    }
    if (is_sequence(flags)) {
        type_bits |= Py_TPFLAGS_SEQUENCE;  // for the patterns of match statements
    } else if (is_mapping(flags)) {
        type_bits |= Py_TPFLAGS_MAPPING;
    }
    const auto size = has(flags, JsFlag::Error) ? sizeof(JsExceptionObject) : sizeof(JsProxyObject);
    PyType_Spec spec = {name.c_str(), static_cast<int>(size), 0, type_bits, slots.data()};
    auto* type =
        reinterpret_cast<PyTypeObject*>(PyType_FromMetaclass(js_meta, nullptr, &spec, base));
    if (type != nullptr) {
        reinterpret_cast<JsProxyMeta*>(type)->flags = flags;
    }
    return type;
}

}  // namespace

PyTypeObject* js_type(std::uint32_t flags) noexcept {
    PyTypeObject*& last = recent[place(flags)];
    if (last != nullptr && type_flags(last) == flags) {
        return last;
    }
    PyTypeObject*& type = all()[flags];
    if (type == nullptr) {
        type = make_type(flags);
    }
    if (type != nullptr) {
        last = type;
    }
    return type;
}

bool add_js_types(PyObject* module) noexcept {
    if (js_meta == nullptr && !make_meta()) {
        return false;
    }
    const auto add = [module](const Named& named) {
        PyTypeObject* type = js_type(named.flags);
        return type != nullptr &&
               PyModule_AddObjectRef(module, named.name, reinterpret_cast<PyObject*>(type)) == 0;
    };
    return std::all_of(std::begin(kNamed), std::end(kNamed), add) &&
           std::all_of(std::begin(kHidden), std::end(kHidden), add);
}

}  // namespace pyjs

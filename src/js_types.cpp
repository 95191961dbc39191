// js_types.cpp: proxy types made from feature flags, cached, with set-like subclass checks.
#include "js_types.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "wrap.hpp"

namespace pyjs {

PyTypeObject* js_meta = nullptr;
std::uint32_t js_alive = 0;

namespace {

constexpr std::uint32_t kFlagBits = 13;
std::array<PyTypeObject*, 1U << kFlagBits> types{};

struct Named {
    const char* name;
    std::uint32_t flags;
};

constexpr std::uint32_t bits(JsFlag flag) { return static_cast<std::uint32_t>(flag); }

// The most specific name whose flags a type has is the name it shows.
constexpr Named kNamed[] = {
    {"JsException", bits(JsFlag::Error)},
    {"JsDoubleProxy", bits(JsFlag::Double)},
    {"JsArray", bits(JsFlag::Array)},
    {"JsBuffer", bits(JsFlag::Buffer)},
    {"JsPromise", bits(JsFlag::Awaitable)},
    {"JsCallable", bits(JsFlag::Callable)},
    {"JsMutableMap", bits(JsFlag::HasGet) | bits(JsFlag::HasSet) | bits(JsFlag::HasLength) |
                         bits(JsFlag::Iterable)},
    {"JsMap", bits(JsFlag::HasGet) | bits(JsFlag::HasLength) | bits(JsFlag::Iterable)},
    {"JsIterator", bits(JsFlag::Iterator)},
    {"JsIterable", bits(JsFlag::Iterable)},
    {"JsProxy", 0},
};

PyObject* meta_subclasscheck(PyObject* self, PyObject* candidate) {
    auto* base = reinterpret_cast<PyTypeObject*>(self);
    if (!PyType_Check(candidate) || !is_js_type(reinterpret_cast<PyTypeObject*>(candidate))) {
        return PyObject_CallMethod(reinterpret_cast<PyObject*>(&PyType_Type), "__subclasscheck__",
                                   "OO", self, candidate);
    }
    const std::uint32_t wanted = type_flags(base);
    const std::uint32_t given = type_flags(reinterpret_cast<PyTypeObject*>(candidate));
    return PyBool_FromLong((given & wanted) == wanted);
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
    const auto* found =
        std::find_if(std::begin(kNamed), std::end(kNamed),
                     [flags](const Named& named) { return (flags & named.flags) == named.flags; });
    return found->name;
}

void append(std::vector<PyType_Slot>& slots, const PyType_Slot* more) {
    for (; more->slot != 0; ++more) {
        slots.push_back(*more);
    }
}

std::vector<PyType_Slot> collect(std::uint32_t flags) {
    std::vector<PyType_Slot> slots;
    if (flags == 0) {
        append(slots, js_plain_slots);
        append(slots, js_shared_slots);
    } else if (flags == bits(JsFlag::Error)) {
        append(slots, js_exception_slots);
        append(slots, js_shared_slots);
    }
    for (const Mixin* mixin : {&js_callable, &js_get, &js_set, &js_length, &js_contains,
                               &js_iterable, &js_awaitable, &js_iterator}) {
        if ((flags & mixin->flag) != 0) {
            append(slots, mixin->slots);
        }
    }
    if (has(flags, JsFlag::Error)) {
        append(slots, js_traversal_slots);
    }
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
    if (has(flags, JsFlag::Array)) {
        type_bits |= Py_TPFLAGS_SEQUENCE;
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
    PyTypeObject*& type = types[flags & (types.size() - 1)];
    if (type == nullptr) {
        type = make_type(flags);
    }
    return type;
}

bool add_js_types(PyObject* module) noexcept {
    if (js_meta == nullptr && !make_meta()) {
        return false;
    }
    return std::all_of(std::begin(kNamed), std::end(kNamed), [module](const Named& named) {
        PyTypeObject* type = js_type(named.flags);
        return type != nullptr &&
               PyModule_AddObjectRef(module, named.name, reinterpret_cast<PyObject*>(type)) == 0;
    });
}

}  // namespace pyjs

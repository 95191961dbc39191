// js_method.cpp: `o.m(args)` in one crossing: the lookup waits for the call.
//
// CPython evaluates `o.m`, then the arguments, then calls. When the arguments are plain names and
// constants, nothing can happen in between, so looking up and calling can be one operation. Only
// the bytecode of the calling frame tells; what it says is remembered for each place in the code.
#include "js_method.hpp"

#include <opcode.h>

#include "encode.hpp"
#include "glue.hpp"
#include "js_call.hpp"
#include "js_types.hpp"

namespace pyjs {
namespace {

/// A method that is about to be called.
struct Method {
    PyObject_HEAD vectorcallfunc vectorcall;
    PyObject* self;
    PyObject* name;
};

/// What the instruction at one place in the code does.
struct Site {
    const PyCodeObject* code;
    std::uint32_t version;
    int place;
    PyObject* name;  // of the method, borrowed from the code; null when it calls none
};

constexpr std::size_t kSites = 1024;
Site sites[kSites] = {};

/// Instructions that run no code of the user's, and begin no call within the arguments.
bool only_loads(int opcode, int argument) {
    switch (opcode) {
        case LOAD_GLOBAL:
            return (argument & 1) == 0;  // else of a function that is called, as PUSH_NULL is
        case CACHE:
        case EXTENDED_ARG:
        case LOAD_CONST:
        case LOAD_FAST:
        case LOAD_FAST_CHECK:
        case LOAD_FAST_LOAD_FAST:
#ifdef LOAD_FAST_BORROW  // 3.14
        case LOAD_SMALL_INT:
        case LOAD_FAST_BORROW:
        case LOAD_FAST_BORROW_LOAD_FAST_BORROW:
#endif
        case LOAD_DEREF:
        case BUILD_TUPLE:
        case BUILD_LIST:
            return true;
        default:
            return false;
    }
}

/// The name of the method that the instruction at `place` loads to call it; or null.
PyObject* name_at(PyCodeObject* code, int place) {
    PyObject* bytes = PyCode_GetCode(code);
    if (bytes == nullptr) {
        PyErr_Clear();  // no memory: the call takes two crossings
        return nullptr;
    }
    const auto* at = reinterpret_cast<const unsigned char*>(PyBytes_AS_STRING(bytes));
    const Py_ssize_t size = PyBytes_GET_SIZE(bytes);
    PyObject* name = nullptr;
    const bool is_extended = place >= 2 && at[place - 2] == EXTENDED_ARG;
    if (at[place] == LOAD_ATTR && (at[place + 1] & 1) != 0 && !is_extended) {
        Py_ssize_t next = place + 2;
        while (next < size && only_loads(at[next], at[next + 1])) {
            next += 2;
        }
        if (next < size && (at[next] == CALL || at[next] == CALL_KW)) {
            name = PyTuple_GET_ITEM(code->co_names, at[place + 1] >> 1);
        }
    }
    Py_DECREF(bytes);
    return name;
}

PyObject* method_vectorcall(PyObject* callable, PyObject* const* args, size_t nargsf,
                            PyObject* names) {
    auto* method = reinterpret_cast<Method*>(callable);
    Call call(args, nargsf, names, 1);
    if (!call.encode_values() ||
        !js_encode_property(method->name, call.slots()[0], call.scratch()) ||
        !call.encode_names()) {
        return nullptr;
    }
    ++crossings;
    const auto tag = static_cast<Tag>(pyjs_js_call_method(handle_of(method->self), call.slots(),
                                                          call.positional(), call.keywords()));
    if (tag != Tag::Missing) {
        return finish(tag, call.slots());
    }
    // Not there, no function, or one of Python's own: what Python does with those.
    PyObject* found = js_get_property(method->self, method->name);
    PyObject* result = found == nullptr ? nullptr : PyObject_Vectorcall(found, args, nargsf, names);
    Py_XDECREF(found);
    return result;
}

/// C code on the way, such as operator.attrgetter("m.name"), may ask the method for more.
PyObject* getattro(PyObject* self, PyObject* name) {
    auto* method = reinterpret_cast<Method*>(self);
    PyObject* found = js_get_property(method->self, method->name);
    PyObject* result = found == nullptr ? nullptr : PyObject_GetAttr(found, name);
    Py_XDECREF(found);
    return result;
}

constexpr std::size_t kSpare = 8;
Method* spare[kSpare] = {};
std::size_t spares = 0;

void dealloc(PyObject* self) {
    auto* method = reinterpret_cast<Method*>(self);
    Py_DECREF(method->self);
    Py_DECREF(method->name);
    if (spares < kSpare) {
        spare[spares++] = method;
        return;
    }
    PyTypeObject* type = Py_TYPE(self);
    PyObject_Free(self);
    Py_DECREF(type);
}

PyTypeObject* method_type() {
    static PyTypeObject* type = nullptr;
    if (type == nullptr) {
        PyMemberDef members[] = {
            {"__vectorcalloffset__", Py_T_PYSSIZET, offsetof(Method, vectorcall), Py_READONLY,
             nullptr},
            {nullptr, 0, 0, 0, nullptr},
        };
        PyType_Slot slots[] = {
            {Py_tp_dealloc, reinterpret_cast<void*>(dealloc)},
            {Py_tp_call, reinterpret_cast<void*>(PyVectorcall_Call)},
            {Py_tp_getattro, reinterpret_cast<void*>(getattro)},
            {Py_tp_members, members},
            {0, nullptr},
        };
        PyType_Spec spec = {
            "pyjs._core.JsMethod", sizeof(Method), 0,
            Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_HAVE_VECTORCALL,
            slots};
        type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
    }
    return type;
}

Method* new_method() {
    PyTypeObject* type = method_type();
    if (type == nullptr) {
        return nullptr;
    }
    if (spares == 0) {
        return PyObject_New(Method, type);
    }
    Method* method = spare[--spares];
    Py_SET_REFCNT(reinterpret_cast<PyObject*>(method), 1);
    return method;
}

}  // namespace

bool about_to_call(PyObject* name) noexcept {
    auto* frame = PyThreadState_GetUnchecked()->current_frame;
    if (frame == nullptr) {
        return false;
    }
    PyObject* code = PyUnstable_InterpreterFrame_GetCode(frame);
    Py_DECREF(code);  // the frame holds it
    if (!PyCode_Check(code)) {
        return false;  // a frame between C and Python
    }
    const int place = PyUnstable_InterpreterFrame_GetLasti(frame);
    if (place < 0) {
        return false;
    }
    auto* known = reinterpret_cast<PyCodeObject*>(code);
    const auto hash =
        (reinterpret_cast<std::uintptr_t>(code) >> 4) + static_cast<unsigned>(place) / 2;
    Site& site = sites[hash % kSites];
    if (site.code != known || site.place != place || site.version != known->co_version) {
        site = {known, known->co_version, place,
                known->co_version == 0 ? nullptr : name_at(known, place)};
    }
    // Reading a global from anything but a dict may run code, which may change what is found.
    return site.name == name && PyDict_CheckExact(PyEval_GetGlobals()) &&
           PyDict_CheckExact(PyEval_GetBuiltins());
}

PyObject* js_method(PyObject* self, PyObject* name) noexcept {
    Method* method = new_method();
    if (method == nullptr) {
        return nullptr;
    }
    method->vectorcall = method_vectorcall;
    method->self = Py_NewRef(self);
    method->name = Py_NewRef(name);
    return reinterpret_cast<PyObject*>(method);
}

}  // namespace pyjs

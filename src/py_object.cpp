// py_object.cpp: what JavaScript does with a Python object other than calling it.
#include <emscripten/em_macros.h>
#include <emscripten/emscripten.h>

#include <algorithm>
#include <cstring>

#include "deep_to_py.hpp"
#include "depth.hpp"
#include "encode.hpp"
#include "glue.hpp"
#include "hooks.hpp"
#include "js_types.hpp"
#include "py_buffer.hpp"
#include "py_item.hpp"
#include "py_json.hpp"
#include "py_ops.hpp"
#include "py_result.hpp"
#include "py_sequence.hpp"
#include "py_walk.hpp"
#include "trace.hpp"
#include "waiting.hpp"

// Exported by CPython, and declared by its internal headers alone.
extern "C" int _PyObject_GetMethod(PyObject* object, PyObject* name, PyObject** method);

namespace pyjs {
namespace {

constexpr std::uint32_t kMissing = static_cast<std::uint32_t>(Tag::Missing);
constexpr std::uint32_t kUndefined = static_cast<std::uint32_t>(Tag::Undefined);

class Decoded {
public:
    // Any value: only names and keys have a place among those that are kept.
    explicit Decoded(const Slot& slot) : object_(decode_name(slot)) {}
    ~Decoded() { Py_XDECREF(object_); }
    Decoded(const Decoded&) = delete;
    Decoded& operator=(const Decoded&) = delete;
    [[nodiscard]] PyObject* get() const { return object_; }

private:
    PyObject* object_;
};

std::uint32_t done(int status, Slot* slots) { return status < 0 ? fail(slots) : kUndefined; }

std::uint32_t answer(int status, Slot* slots) {
    if (status < 0) {
        return fail(slots);
    }
    return static_cast<std::uint32_t>(status != 0 ? Tag::True : Tag::False);
}

bool is_method(PyObject* object) {
    return PyMethod_Check(object) ||
           (PyCFunction_CheckExact(object) && PyCFunction_GET_SELF(object) != nullptr);
}

/// Whether two bound methods are one method of one object.
bool is_same_method(PyObject* one, PyObject* other) {
    if (Py_TYPE(one) != Py_TYPE(other)) {
        return false;
    }
    if (PyMethod_Check(one)) {
        return PyMethod_GET_FUNCTION(one) == PyMethod_GET_FUNCTION(other) &&
               PyMethod_GET_SELF(one) == PyMethod_GET_SELF(other);
    }
    return PyCFunction_CheckExact(one) && PyCFunction_GET_SELF(one) != nullptr &&
           PyCFunction_GET_SELF(one) == PyCFunction_GET_SELF(other) &&
           reinterpret_cast<PyCFunctionObject*>(one)->m_ml ==
               reinterpret_cast<PyCFunctionObject*>(other)->m_ml;
}

/// As PyObject_GetOptionalAttr, but 2, and no result, for the method that `known` is: binding it
/// once more only to compare takes longer than all the rest.
int find_attr(PyObject* object, PyObject* name, PyObject* known, PyObject** result) {
    if (known == nullptr || !PyMethod_Check(known) || PyMethod_GET_SELF(known) != object) {
        return PyObject_GetOptionalAttr(object, name, result);
    }
    PyObject* found = nullptr;
    if (_PyObject_GetMethod(object, name, &found) == 0) {
        *result = found;
        if (found == nullptr && PyErr_ExceptionMatches(PyExc_AttributeError)) {
            PyErr_Clear();
            return 0;
        }
        return found == nullptr ? -1 : 1;
    }
    if (found == PyMethod_GET_FUNCTION(known)) {
        Py_DECREF(found);
        return 2;
    }
    PyObject* type = reinterpret_cast<PyObject*>(Py_TYPE(object));
    *result = Py_TYPE(found)->tp_descr_get(found, object, type);
    Py_DECREF(found);
    return *result == nullptr ? -1 : 1;
}

/// `known`: what JavaScript's proxy of this attribute stands for, or null. Done when it is the
/// same method.
std::uint32_t get_attr(PyObject* object, PyObject* name, PyObject* known, Slot* slots) {
    PyObject* result = nullptr;
    Py_XINCREF(known);  // what runs here may end JavaScript's proxy of it
    const int found = find_attr(object, name, known, &result);
    const bool is_known =
        found == 2 || (known != nullptr && result != nullptr && is_same_method(result, known));
    Py_XDECREF(known);
    if (found == 0) {
        return kMissing;
    }
    if (is_known) {
        Py_XDECREF(result);
        return static_cast<std::uint32_t>(Tag::Done);
    }
    return give(result, slots);
}

std::uint32_t get_json(PyObject* object, PyObject* name, Slot* slots) {
    PyObject* result = nullptr;
    return json_get(object, name, &result) == 0 ? kMissing : give(result, slots);
}

std::uint32_t get_item(PyObject* object, PyObject* key, Slot* slots) {
    PyObject* result = nullptr;
    return find_item(object, key, &result) == 0 ? kMissing : give(result, slots);
}

std::uint32_t send(PyObject* object, PyObject* value, Slot* slots) {
    PyObject* result = nullptr;
    switch (PyIter_Send(object, value, &result)) {
        case PYGEN_NEXT:
            return give(result, slots);
        case PYGEN_RETURN:
            return give(result, slots) | static_cast<std::uint32_t>(Tag::Done);
        default:
            return fail(slots);
    }
}

// The value that ended an iterator, if that is what is raised.
std::uint32_t done_or_fail(Slot* slots) {
    if (!PyErr_ExceptionMatches(PyExc_StopIteration)) {
        return fail(slots);
    }
    PyObject* stop = PyErr_GetRaisedException();
    PyObject* value = Py_NewRef(reinterpret_cast<PyStopIterationObject*>(stop)->value);
    Py_DECREF(stop);
    return give(value, slots) | static_cast<std::uint32_t>(Tag::Done);
}

std::uint32_t throw_into(PyObject* generator, Slot* slots) {
    if (slots[0].kind() == Tag::PyError && !PyExceptionInstance_Check(slots[0].object)) {
        PyErr_Format(PyExc_TypeError, "throw: expected an exception, got %.200s",
                     Py_TYPE(slots[0].object)->tp_name);
        return fail(slots);
    }
    static_cast<void>(finish(slots[0].kind(), slots));  // raises it
    PyObject* error = PyErr_GetRaisedException();
    PyObject* result = PyObject_CallMethod(generator, "throw", "O", error);
    Py_DECREF(error);
    return result == nullptr ? done_or_fail(slots) : give(result, slots);
}

std::uint32_t splice(PyObject* object, Slot* slots) {
    const Decoded start(slots[0]);
    const Decoded count(slots[1]);
    const Decoded items(slots[2]);
    if (start.get() == nullptr || count.get() == nullptr || items.get() == nullptr) {
        return fail(slots);
    }
    return give(pyjs::splice(object, start.get(), count.get(), items.get()), slots);
}

std::uint32_t begin(PyObject* iterable, Slot* slots) {
    bool by_index = false;
    const std::uint32_t tag = give(begin_walk(iterable, by_index), slots);
    return by_index && slots[0].kind() == Tag::Object ? tag | static_cast<std::uint32_t>(Tag::Done)
                                                      : tag;
}

std::uint32_t length(PyObject* object, Slot* slots) {
    const Py_ssize_t size = PyObject_Size(object);
    return size < 0 ? fail(slots) : give(PyLong_FromSsize_t(size), slots);
}

PyObject* type_name(PyObject* object) { return PyType_GetName(Py_TYPE(object)); }

// The text CPython would print, without the bridge's own frames; where the
// package is not imported, the exception's own text.
PyObject* format(PyObject* exception) {
    return has_hooks() ? call_hook(Hook::Format, exception) : PyObject_Str(exception);
}

/// What CPython shows above the exception: its cause, or else its context.
std::uint32_t cause(PyObject* exception, Slot* slots) {
    PyObject* found = PyException_GetCause(exception);
    if (found == nullptr &&
        reinterpret_cast<PyBaseExceptionObject*>(exception)->suppress_context == 0) {
        found = PyException_GetContext(exception);
    }
    return found == nullptr ? kMissing : give_error(found, slots);
}

std::uint32_t settle(PyObject* object, Slot* slots) {
    const Decoded resolve(slots[0]);
    const Decoded reject(slots[1]);
    if (resolve.get() == nullptr || reject.get() == nullptr) {
        return fail(slots);
    }
    return give(call_hook(Hook::Settle, object, resolve.get(), reject.get()), slots);
}

std::uint32_t to_js(PyObject* object, Slot* slots) {
    PyObject* options[kToJsOptions];
    bool complete = true;
    for (std::uint32_t i = 0; i < kToJsOptions; ++i) {
        options[i] = decode(slots[i]);
        complete = complete && options[i] != nullptr;
    }
    PyObject* result = complete ? proxy_to_js(object, options) : nullptr;
    for (PyObject* option : options) {
        Py_XDECREF(option);
    }
    return give(result, slots);
}

std::uint32_t with_key(PyOp op, PyObject* object, PyObject* key, Slot* slots) {
    switch (op) {
        case PyOp::GetAttr:
            return get_attr(object, key, slots[1].object, slots);
        case PyOp::DelAttr:
            return done(PyObject_DelAttr(object, key), slots);
        case PyOp::HasAttr:
            return answer(PyObject_HasAttrWithError(object, key), slots);
        case PyOp::GetItem:
            return get_item(object, key, slots);
        case PyOp::DelItem:
            return answer(delete_item(object, key), slots);
        case PyOp::Contains:
            return answer(PySequence_Contains(object, key), slots);
        case PyOp::IsInstance:
            return answer(PyObject_IsInstance(key, object), slots);
        case PyOp::Send:
            return send(object, key, slots);
        case PyOp::Cancel:
            return give(call_hook(Hook::Cancel, object, key), slots);
        case PyOp::Arrange:
            return give(arrange(object, key), slots);
        case PyOp::JsonGet:
            return get_json(object, key, slots);
        case PyOp::JsonDelete:
            return answer(json_delete(object, key), slots);
        case PyOp::JsonHas:
            return answer(json_has(object, key), slots);
        default:
            return give(PyImport_Import(key), slots);
    }
}

/// How long ticks may follow each other before the host has its turn; as SLICE of schedule.ts.
constexpr double kSliceMs = 1;

std::uint32_t with_value(PyOp op, PyObject* object, PyObject* key, PyObject* value, Slot* slots) {
    switch (op) {
        case PyOp::SetAttr:
            return done(PyObject_SetAttr(object, key, value), slots);
        case PyOp::JsonSet:
            return done(json_set(object, key, value), slots);
        case PyOp::Tick:
            return give(run_ticks(key, value), slots);
        default:
            return done(PyObject_SetItem(object, key, value), slots);
    }
}

std::uint32_t alone(PyOp op, PyObject* object, Slot* slots) {
    switch (op) {
        case PyOp::Length:
            return length(object, slots);
        case PyOp::Iterate:
            return give(PyObject_GetIter(object), slots);
        case PyOp::Walk:
            return begin(object, slots);
        case PyOp::WalkOn:
            return walk_on(object, slots);
        case PyOp::Next:
            return send(object, Py_None, slots);
        case PyOp::Dir:
            return give(PyObject_Dir(object), slots);
        case PyOp::Str:
            return give(PyObject_Str(object), slots);
        case PyOp::TypeName:
            return give(type_name(object), slots);
        case PyOp::Format:
            return give(format(object), slots);
        case PyOp::Stack:
            return give(python_stack(), slots);
        case PyOp::Cause:
            return cause(object, slots);
        case PyOp::GetBuffer:
            return get_buffer(object, slots);
        case PyOp::ReleaseBuffer:
            return release_buffer(slots);
        case PyOp::JsonKeys:
            return give(json_keys(object), slots);
        default:
            PyErr_Format(PyExc_SystemError, "pyjs: unknown operation %u",
                         static_cast<unsigned>(op));
            return fail(slots);
    }
}

/// How many slots an operation reads.
std::uint32_t key_count(PyOp op) {
    switch (op) {
        case PyOp::ToJs:
            return kToJsOptions;
        case PyOp::SetAttr:
        case PyOp::SetItem:
        case PyOp::Settle:
        case PyOp::JsonSet:
        case PyOp::Tick:
            return 2;
        case PyOp::GetAttr:
        case PyOp::DelAttr:
        case PyOp::HasAttr:
        case PyOp::GetItem:
        case PyOp::DelItem:
        case PyOp::Contains:
        case PyOp::Import:
        case PyOp::IsInstance:
        case PyOp::Send:
        case PyOp::Cancel:
        case PyOp::Fulfil:
        case PyOp::Fail:
        case PyOp::EndSteps:
        case PyOp::Throw:
        case PyOp::Arrange:
        case PyOp::JsonGet:
        case PyOp::JsonDelete:
        case PyOp::JsonHas:
            return 1;
        case PyOp::Splice:
            return 3;
        default:
            return 0;
    }
}

/// Drops the object of an operation, whose destructor must leave the answer alone.
void drop_behind(PyObject* object, Slot* slots) {
    if (object == nullptr || Py_REFCNT(object) != 1) {
        Py_XDECREF(object);
        return;
    }
    unsigned char answer[2 * sizeof(Slot) + kInline];
    std::memcpy(answer, slots, sizeof answer);
    Py_DECREF(object);
    std::memcpy(slots, answer, sizeof answer);
}

std::uint32_t dispatch(PyOp op, PyObject* object, Slot* slots) {
    if (op == PyOp::Settle) {
        return settle(object, slots);
    }
    if (op >= PyOp::Fulfil && op <= PyOp::EndSteps) {
        const bool is_lost = end_future(op, object, slots);
        return static_cast<std::uint32_t>(is_lost ? Tag::True : Tag::Undefined);
    }
    if (op == PyOp::Unretrieved) {
        return report_unretrieved(object, slots) ? static_cast<std::uint32_t>(Tag::Undefined)
                                                 : fail(slots);
    }
    if (op == PyOp::ToJs) {
        return to_js(object, slots);
    }
    if (op == PyOp::Throw) {
        return throw_into(object, slots);
    }
    if (op == PyOp::Splice) {
        return splice(object, slots);
    }
    if (op == PyOp::FromTape) {
        return give(feed_tape(slots), slots);
    }
    const std::uint32_t count = key_count(op);
    if (count == 0) {
        return alone(op, object, slots);
    }
    const Decoded key(slots[0]);
    if (count == 1) {
        return key.get() == nullptr ? fail(slots) : with_key(op, object, key.get(), slots);
    }
    const Decoded value(slots[1]);
    return key.get() == nullptr || value.get() == nullptr
               ? fail(slots)
               : with_value(op, object, key.get(), value.get(), slots);
}

/// What handlers of signals raised that arrived where no Python code followed; or None.
PyObject* raised_by_signals() {
    const bool is_pending = (PyThreadState_Get()->eval_breaker & kSignalsPending) != 0;
    return is_pending && PyErr_CheckSignals() < 0 ? PyErr_GetRaisedException() : Py_NewRef(Py_None);
}

}  // namespace

// JavaScript, whose microtasks are to run between two ticks, has none to run as long as neither
// language has called the other.
PyObject* run_ticks(PyObject* loop, PyObject* fired) {
    const double end = emscripten_get_now() + kSliceMs;
    for (;;) {
        const std::uint32_t left = crossings;
        const std::uint32_t arrived = entered().arrived;
        PyObject* raised = raised_by_signals();
        PyObject* more = call_hook(Hook::Tick, loop, fired, raised);
        Py_DECREF(raised);
        if (more != Py_True || crossings != left || entered().arrived != arrived ||
            emscripten_get_now() >= end) {
            return more;
        }
        Py_DECREF(more);
        fired = Py_False;
    }
}

extern "C" {

// Bound methods are made anew each time: what they hash by is what they are made of.
EMSCRIPTEN_KEEPALIVE std::uint32_t pyjs_py_key(PyObject* object) {
    const Py_hash_t hash = is_method(object) ? PyObject_Hash(object) : 0;
    if (hash == -1) {
        PyErr_Clear();
    }
    return hash == 0 || hash == -1
               ? static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(object))
               : static_cast<std::uint32_t>(hash);
}

EMSCRIPTEN_KEEPALIVE std::uint32_t pyjs_py_is_same(PyObject* one, PyObject* other) {
    return is_same_method(one, other) ? 1 : 0;
}

EMSCRIPTEN_KEEPALIVE std::uint32_t pyjs_py_op(std::uint32_t op, PyObject* object, Slot* slots) {
    const Depth guard;
    // The type's name runs no code, and is what reporting the limit itself asks for. A tape is
    // part of an operation that went deeper already. What is not released would stay for good.
    const bool free =
        static_cast<PyOp>(op) == PyOp::TypeName || static_cast<PyOp>(op) == PyOp::Stack ||
        static_cast<PyOp>(op) == PyOp::FromTape || static_cast<PyOp>(op) == PyOp::ReleaseBuffer;
    if (!free && guard.exceeded()) {
        std::for_each(slots, slots + key_count(static_cast<PyOp>(op)), discard);
        return fail(slots);
    }
    Py_XINCREF(object);  // the operation may run code that drops the last reference
    const std::uint32_t tag = dispatch(static_cast<PyOp>(op), object, slots);
    // An answer is its tag alone; the slot still holds the argument's.
    slots[0].set(static_cast<Tag>(tag & static_cast<std::uint32_t>(Tag::Mask)));
    drop_behind(object, slots);
    return tag;
}

}  // extern "C"

}  // namespace pyjs

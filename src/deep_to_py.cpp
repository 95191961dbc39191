// deep_to_py.cpp: one conversion of a JavaScript structure.
#include "deep_to_py.hpp"

#include <new>

#include "conversion_error.hpp"
#include "deep_to_js.hpp"
#include "encode.hpp"
#include "glue.hpp"
#include "js_types.hpp"
#include "tape_shapes.hpp"

namespace pyjs {
namespace {

/// A structure that grows holds no garbage, and no code runs that could make some.
class GcPause {
public:
    explicit GcPause(bool pause) : was_enabled_(pause && PyGC_Disable() != 0) {}
    GcPause(const GcPause&) = delete;
    GcPause& operator=(const GcPause&) = delete;
    ~GcPause() {
        if (was_enabled_) {
            PyGC_Enable();
        }
    }

private:
    bool was_enabled_;
};

std::uint32_t policy_of(const Reading& how) {
    const bool doubles = how.floats || how.typed != kUntyped;
    const auto bit = [](Policy policy, bool given) {
        return given ? static_cast<std::uint32_t>(policy) : 0;
    };
    return bit(Policy::Doubles, doubles) | bit(Policy::Within, TapeReader::is_reading()) |
           bit(Policy::Table, how.typed == 'd') | bit(Policy::AutoTable, how.typed == kTypedAuto);
}

/// The same as feed(), but when memory runs out the error tells where.
PyObject* feed_placed(TapeReader& reader, const Slot* slots, Feed also) {
    return placed("to_py", [&] { return reader.feed(slots, also); }, [&] { return reader.path(); });
}

/// Sets the error that stopped JavaScript's walk, with the path that it was at.
PyObject* raise_placed(Tag tag, const Slot* slots) {
    if (tag == Tag::Missing) {
        raise_issue("to_py", slots);
        return nullptr;
    }
    const auto path = path_in(slots);
    PyObject* result = finish(tag, slots);
    const char* where = path ? PyUnicode_AsUTF8(path.ptr()) : nullptr;
    if (result == nullptr && where != nullptr) {
        add_place_note("to_py", where);
    }
    return result;
}

/// What JavaScript gives that had no memory for the tape.
constexpr Tag kFull = Tag::Undefined;

/// Then slots tell what it needed, and the path.
void raise_full(const Slot* slots) {
    PyObject* text = decode(slots[0]);
    PyObject* where = decode(slots[1]);
    if (text != nullptr && where != nullptr) {
        PyErr_Format(PyExc_MemoryError, "to_py: %U: %U", where, text);
    }
    Py_XDECREF(text);
    Py_XDECREF(where);
}

PyObject* convert(Handle handle, const DeepToPy& options) {
    PyObject* converter = options.default_converter;
    const std::uint32_t policy = policy_of(options.how);
    TapeReader reader(converter != nullptr, options.how);
    Slot slots[4];
    Scratch scratch;
    slots[0].set(Tag::Number);
    slots[0].number = static_cast<double>(options.depth);
    slots[0].aux = shape_failures();
    slots[1].set(Tag::Number);
    slots[1].number = static_cast<double>(reinterpret_cast<std::uintptr_t>(&reader));
    if (!encode(converter == nullptr ? Py_None : converter, slots[2], scratch)) {
        return nullptr;
    }
    slots[3].set(Tag::Number);
    slots[3].number = policy;
    const Tag tag = js_op(JsOp::ToPy, handle, slots, static_cast<std::uint32_t>(options.known));
    if (tag == kFull) {
        raise_full(slots);
        return nullptr;
    }
    if (tag != Tag::Tape) {
        return raise_placed(tag, slots);
    }
    const auto what = static_cast<std::uint32_t>(slots[2].number);
    const bool runs_code = (what & static_cast<std::uint32_t>(Feed::Code)) != 0;
    const GcPause pause(converter == nullptr && !runs_code);
    return feed_placed(reader, slots, Feed::End);
}

}  // namespace

PyObject* deep_to_py(Handle handle, const DeepToPy& options) noexcept {
    try {
        return convert(handle, options);
    } catch (const std::bad_alloc&) {
        count_shape_failure();  // it may have ended amid keys that are to be kept
        return PyErr_NoMemory();
    }
}

PyObject* feed_tape(const Slot* slots) noexcept {
    // JavaScript keeps the address no longer than the conversion; nothing else may use it.
    TapeReader* reader = TapeReader::at(static_cast<std::uint32_t>(slots[3].number));
    if (reader == nullptr) {
        PyErr_SetString(PyExc_SystemError, "to_py: a tape came for a conversion that has ended");
        return nullptr;
    }
    try {
        return feed_placed(*reader, slots, Feed::None);
    } catch (const std::bad_alloc&) {
        return PyErr_NoMemory();
    }
}

}  // namespace pyjs

// convert_to_js.cpp: Python objects into slots, and the public `to_js`.
#include <bit>
#include <cstring>

#include "encode.hpp"
#include "glue.hpp"
#include "hooks.hpp"
#include "py_json.hpp"
#include "pyjs/convert.hpp"
#include "values.hpp"
#include "wrap.hpp"

namespace pyjs {
namespace {

constexpr std::int64_t kMaxSafeInteger = (std::int64_t{1} << 53) - 1;

// Above this length a decoder call in JavaScript is cheaper than a loop there,
// and the decoder reads UTF-16, not Latin-1.
constexpr Py_ssize_t kWidenFrom = 48;
/// And from which on the memory counts for more, which is a quarter without.
constexpr Py_ssize_t kWidenUpTo = 4096;

bool encode_big(PyObject* integer, Slot& slot, Scratch& scratch) {
    PyObject* digits = PyNumber_ToBase(integer, 16);
    if (digits == nullptr || !scratch.keep(digits)) {
        return false;
    }
    slot.set(Tag::BigHex);
    slot.aux = static_cast<std::uint32_t>(PyUnicode_GET_LENGTH(digits));
    slot.data = PyUnicode_DATA(digits);
    return true;
}

bool encode_int(PyObject* integer, Slot& slot, Scratch& scratch) {
    const auto* compact = reinterpret_cast<PyLongObject*>(integer);
    if (PyUnstable_Long_IsCompact(compact)) {
        slot.set(Tag::Number);
        slot.number = static_cast<double>(PyUnstable_Long_CompactValue(compact));
        return true;
    }
    int overflow = 0;
    const long long value = PyLong_AsLongLongAndOverflow(integer, &overflow);
    if (overflow != 0) {
        return encode_big(integer, slot, scratch);
    }
    if (value > kMaxSafeInteger || value < -kMaxSafeInteger) {
        slot.set(Tag::Int64);
        slot.int64 = value;
    } else {
        slot.set(Tag::Number);
        slot.number = static_cast<double>(value);
    }
    return true;
}

void point(Slot& slot, Tag tag, Py_ssize_t length, const void* data) {
    slot.set(tag);
    slot.aux = static_cast<std::uint32_t>(length);
    slot.data = data;
}

char16_t* new_units(Py_ssize_t count, Scratch& scratch) {
    PyObject* bytes = PyBytes_FromStringAndSize(nullptr, count * Py_ssize_t{sizeof(char16_t)});
    if (bytes == nullptr || !scratch.keep(bytes)) {
        return nullptr;
    }
    return reinterpret_cast<char16_t*>(PyBytes_AS_STRING(bytes));
}

bool encode_latin1(PyObject* text, Slot& slot, Scratch& scratch) {
    const Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    const Py_UCS1* source = PyUnicode_1BYTE_DATA(text);
    if (length < kWidenFrom || length >= kWidenUpTo) {
        point(slot, Tag::Latin1, length, source);
        return true;
    }
    char16_t* units = new_units(length, scratch);
    if (units == nullptr) {
        return false;
    }
    for (Py_ssize_t i = 0; i < length; ++i) {
        units[i] = source[i];
    }
    point(slot, Tag::Utf16, length, units);
    return true;
}

void encode_ucs2(PyObject* text, Slot& slot) {
    const Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    const Py_UCS2* source = PyUnicode_2BYTE_DATA(text);
    bool lone = false;
    for (Py_ssize_t i = 0; i < length; ++i) {
        lone |= Py_UNICODE_IS_SURROGATE(source[i]);
    }
    point(slot, lone ? Tag::Units : Tag::Utf16, length, source);
}

bool encode_ucs4(PyObject* text, Slot& slot, Scratch& scratch) {
    const Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    const Py_UCS4* source = PyUnicode_4BYTE_DATA(text);
    // Room for pairs alone: counting them first costs more than memory that is soon free.
    char16_t* units = new_units(2 * length, scratch);
    if (units == nullptr) {
        return false;
    }
    bool lone = false;
    char16_t* out = units;
    for (Py_ssize_t i = 0; i < length; ++i) {
        const Py_UCS4 character = source[i];
        if (character > 0xffff) {
            *out++ = Py_UNICODE_HIGH_SURROGATE(character);
            *out++ = Py_UNICODE_LOW_SURROGATE(character);
        } else {
            lone |= Py_UNICODE_IS_SURROGATE(character);
            *out++ = static_cast<char16_t>(character);
        }
    }
    point(slot, lone ? Tag::Units : Tag::Utf16, out - units, units);
    return true;
}

// Property names repeat, so both sides keep the last 1024 of them: C++ the str
// object, JavaScript the string. A hit sends the index alone.
constexpr std::size_t kNames = 1024;
PyObject* names[kNames] = {};

std::size_t name_index(PyObject* name) {
    const auto address = reinterpret_cast<std::uintptr_t>(name);
    return (address >> 3 ^ address >> 13) % kNames;
}

bool encode_foreign(PyObject* object, Slot& slot, Scratch& scratch) {
    PyObject* own = call_hook(Hook::Unwrap, object);
    if (own == nullptr || !scratch.keep(own)) {
        return false;
    }
    slot.set(Tag::Handle);
    slot.handle = unwrap_js(own);
    return true;
}

bool encode_slow(PyObject* object, Slot& slot, Scratch& scratch) {
    if (object == js_null()) {
        slot.set(Tag::Null);
        return true;
    }
    if (PyUnicode_Check(object)) {
        return encode_str(object, slot, scratch);
    }
    if (PyLong_Check(object)) {
        return PyObject_TypeCheck(object, js_bigint_type()) ? encode_bigint(object, slot, scratch)
                                                            : encode_int(object, slot, scratch);
    }
    if (PyFloat_Check(object)) {
        slot.set(Tag::Number);
        slot.number = PyFloat_AS_DOUBLE(object);
        return true;
    }
    slot.set(Tag::Object);
    if (PyObject* viewed = json_viewed(object)) {
        slot.aux = py_flags(viewed) | static_cast<std::uint32_t>(PyFlag::Json);
        slot.object = viewed;
        return true;
    }
    slot.aux = py_flags(object);
    slot.object = object;
    return (slot.aux & static_cast<std::uint32_t>(PyFlag::Foreign)) == 0 ||
           encode_foreign(object, slot, scratch);
}

}  // namespace

bool Scratch::keep(PyObject* object) noexcept {
    if (first_ == nullptr) {
        first_ = object;
        return true;
    }
    if (rest_ == nullptr && (rest_ = PyList_New(0)) == nullptr) {
        Py_DECREF(object);
        return false;
    }
    const int status = PyList_Append(rest_, object);
    Py_DECREF(object);
    return status == 0;
}

bool encode_bigint(PyObject* integer, Slot& slot, Scratch& scratch) noexcept {
    int overflow = 0;
    const long long value = PyLong_AsLongLongAndOverflow(integer, &overflow);
    if (overflow != 0) {
        return encode_big(integer, slot, scratch);
    }
    slot.set(Tag::Int64);
    slot.int64 = value;
    return true;
}

bool encode_str(PyObject* text, Slot& slot, Scratch& scratch) noexcept {
    if (PyUnicode_IS_ASCII(text)) {
        point(slot, Tag::Ascii, PyUnicode_GET_LENGTH(text), PyUnicode_DATA(text));
        return true;
    }
    switch (PyUnicode_KIND(text)) {
        case PyUnicode_1BYTE_KIND:
            return encode_latin1(text, slot, scratch);
        case PyUnicode_2BYTE_KIND:
            encode_ucs2(text, slot);
            return true;
        default:
            return encode_ucs4(text, slot, scratch);
    }
}

bool encode_name(PyObject* name, Slot& slot, Scratch& scratch) noexcept {
    const std::size_t index = name_index(name);
    if (names[index] == name) {
        slot.set(Tag::Name);
        slot.aux = static_cast<std::uint32_t>(index);
        return true;
    }
    if (!encode_str(name, slot, scratch)) {
        return false;
    }
    if (PyUnicode_CHECK_INTERNED(name)) {
        Py_XSETREF(names[index], Py_NewRef(name));
        slot.tag |= static_cast<std::uint32_t>(index + 1) << 8;
    }
    return true;
}

bool encode(PyObject* object, Slot& slot, Scratch& scratch) noexcept {
    const PyTypeObject* type = Py_TYPE(object);
    if (type == &PyFloat_Type) {
        slot.set(Tag::Number);
        slot.number = PyFloat_AS_DOUBLE(object);
        return true;
    }
    if (type == &PyLong_Type) {
        return encode_int(object, slot, scratch);
    }
    if (type == &PyUnicode_Type) {
        return encode_str(object, slot, scratch);
    }
    if (object == Py_None) {
        slot.set(Tag::Undefined);
        return true;
    }
    if (type == &PyBool_Type) {
        slot.set(object == Py_True ? Tag::True : Tag::False);
        return true;
    }
    if (Handle handle = unwrap_js(object)) {
        slot.set(Tag::Handle);
        slot.handle = handle;
        return true;
    }
    return encode_slow(object, slot, scratch);
}

val to_js(py::handle value) {
    Scratch scratch;
    Slot slot;
    if (!encode(value.ptr(), slot, scratch)) {
        throw py::error_already_set();
    }
    if (slot.kind() == Tag::Object) {
        Py_INCREF(slot.object);
        return own(pyjs_js_make_proxy(slot.object, slot.aux));
    }
    return own(pyjs_js_store(&slot));
}

}  // namespace pyjs

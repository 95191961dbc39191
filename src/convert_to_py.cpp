// convert_to_py.cpp: slots into Python objects, and the public `to_py`.
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <iterator>

#include "encode.hpp"
#include "glue.hpp"
#include "pyjs/convert.hpp"
#include "pyjs/error.hpp"
#include "values.hpp"
#include "wrap.hpp"

namespace pyjs {
namespace {

constexpr double kMaxSafeInteger = 9007199254740991.0;

PyObject* decode_hex(const Slot& slot) {
    const std::string digits(static_cast<const char*>(slot.data), slot.aux);
    return make_js_bigint(PyLong_FromString(digits.c_str(), nullptr, 16));
}

PyObject* decode_bytes(const Slot& slot, Py_UCS4 limit) {
    PyObject* text = PyUnicode_New(slot.aux, limit);
    if (text != nullptr) {
        std::memcpy(PyUnicode_DATA(text), slot.data, slot.aux);
    }
    return text;
}

PyObject* narrow(const Slot& slot) {
    PyObject* text = PyUnicode_New(slot.aux, slot.high < 0x80 ? 0x7f : 0xff);
    if (text == nullptr) {
        return nullptr;
    }
    const auto* source = static_cast<const char16_t*>(slot.data);
    Py_UCS1* out = PyUnicode_1BYTE_DATA(text);
    for (std::uint32_t i = 0; i < slot.aux; ++i) {
        out[i] = static_cast<Py_UCS1>(source[i]);
    }
    return text;
}

std::uint32_t count_pairs(const char16_t* units, std::uint32_t length) {
    std::uint32_t pairs = 0;
    for (std::uint32_t i = 1; i < length; ++i) {
        pairs += (units[i - 1] & 0xfc00U) == 0xd800U && (units[i] & 0xfc00U) == 0xdc00U ? 1 : 0;
    }
    return pairs;
}

PyObject* join_pairs(const char16_t* units, std::uint32_t length, std::uint32_t pairs) {
    PyObject* text = PyUnicode_New(length - pairs, 0x10ffff);
    if (text == nullptr) {
        return nullptr;
    }
    Py_UCS4* out = PyUnicode_4BYTE_DATA(text);
    for (std::uint32_t i = 0; i < length; ++i) {
        Py_UCS4 unit = units[i];
        if (Py_UNICODE_IS_HIGH_SURROGATE(unit) && i + 1 < length &&
            Py_UNICODE_IS_LOW_SURROGATE(units[i + 1])) {
            unit = Py_UNICODE_JOIN_SURROGATES(unit, units[++i]);
        }
        *out++ = unit;
    }
    return text;
}

PyObject* copy_units(const char16_t* units, std::uint32_t length) {
    PyObject* text = PyUnicode_New(length, 0xffff);
    if (text != nullptr) {
        std::memcpy(PyUnicode_DATA(text), units, length * sizeof(char16_t));
    }
    return text;
}

// A lone surrogate stays the code point it is; a pair becomes one code point.
PyObject* decode_units(const Slot& slot) {
    if (slot.aux == 0 || slot.high < 0x100) {
        return narrow(slot);
    }
    const auto* units = static_cast<const char16_t*>(slot.data);
    if (const std::uint32_t pairs = count_pairs(units, slot.aux)) {
        return join_pairs(units, slot.aux, pairs);
    }
    return copy_units(units, slot.aux);
}

PyObject* decode_rest(const Slot& slot) {
    switch (slot.kind()) {
        case Tag::Int64:
            return make_js_bigint(PyLong_FromLongLong(slot.int64));
        case Tag::BigHex:
            return decode_hex(slot);
        case Tag::Ascii:
            return decode_bytes(slot, 0x7f);
        case Tag::Latin1:
            return decode_bytes(slot, 0xff);
        case Tag::Utf16:
        case Tag::Units:
            return decode_units(slot);
        default:
            PyErr_Format(PyExc_SystemError,
                         "pyjs: conversion to Python met slot tag %u, which holds no value",
                         static_cast<unsigned>(slot.tag));
            return nullptr;
    }
}

}  // namespace

PyObject* decode_number(double value) noexcept {
    if (!(std::fabs(value) <= kMaxSafeInteger) || std::trunc(value) != value) {
        return PyFloat_FromDouble(value);
    }
    return PyLong_FromLongLong(static_cast<long long>(value));
}

PyObject* decode_utf16(const char16_t* units, std::uint32_t length) noexcept {
    std::uint32_t all = 0;
    for (std::uint32_t i = 0; i < length; ++i) {
        all |= units[i];
    }
    Slot slot;
    slot.set(Tag::Units);
    slot.aux = length;
    slot.data = units;
    slot.high = all;
    return decode_units(slot);
}

PyObject* decode(const Slot& slot) noexcept {
    switch (slot.kind()) {
        case Tag::Undefined:
            Py_RETURN_NONE;
        case Tag::Null:
            return Py_NewRef(js_null());
        case Tag::False:
            Py_RETURN_FALSE;
        case Tag::True:
            Py_RETURN_TRUE;
        case Tag::Number:
            return decode_number(slot.number);
        case Tag::Handle:
            return wrap_js(slot.handle, slot.aux);
        case Tag::Object:
            return slot.object;  // JavaScript took a reference for the slot
        default: {
            PyObject* result = decode_rest(slot);
            if (slot.has(Tag::Owned)) {
                std::free(const_cast<void*>(slot.data));
            }
            return result;
        }
    }
}

PyObject* decode_name(const Slot& slot) noexcept {
    // Interned, so that the type cache and dicts find them by identity.
    static PyObject* names[2048] = {};  // attributes, and keys of items
    if (slot.kind() == Tag::Name) {
        return Py_NewRef(names[slot.aux]);  // sent only after a crossing that did not fail
    }
    PyObject* name = decode(slot);
    const std::uint32_t place = slot.tag >> 8;
    if (name != nullptr && place - 1 < std::size(names)) {
        PyUnicode_InternInPlace(&name);
        Py_XSETREF(names[place - 1], Py_NewRef(name));
    }
    return name;
}

void discard(const Slot& slot) noexcept {
    if (slot.kind() == Tag::Handle || slot.kind() == Tag::JsError) {
        static_cast<void>(own(slot.handle));
    } else if (slot.kind() == Tag::Object) {
        Py_DECREF(slot.object);
    } else if (slot.has(Tag::Owned)) {
        std::free(const_cast<void*>(slot.data));
    }
}

py::object to_py(const val& value) {
    Slot slots[2];
    if (static_cast<Tag>(pyjs_js_load(borrow(value), slots)) == Tag::JsError) {
        const val error = own(slots[0].handle);
        py::object exception = exception_from_js(error);
        PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception.ptr())), exception.ptr());
        throw py::error_already_set();
    }
    PyObject* result = decode(slots[0]);
    if (result == nullptr) {
        throw py::error_already_set();
    }
    return py::reinterpret_steal<py::object>(result);
}

}  // namespace pyjs

// slot.hpp: the 16-byte tagged slot in which one value crosses the border.
#pragma once

#include <cstddef>
#include <cstdint>

#include "pyjs/handle.hpp"

struct _object;
typedef struct _object PyObject;

namespace pyjs {

/// What a slot holds. Mirrored by `Tag` in js/core/types.ts; tools/protocol.py
/// fails the build when the two differ.
enum class Tag : std::uint32_t {
    Undefined = 0,
    Null = 1,
    False = 2,
    True = 3,
    Number = 4,    // number
    Int64 = 5,     // int64: a bigint that fits
    BigHex = 6,    // data, aux = characters: sign and hexadecimal digits
    Ascii = 7,     // data, aux = characters
    Latin1 = 8,    // data, aux = characters
    Utf16 = 9,     // data, aux = code units, no lone surrogate (to JavaScript)
    Units = 10,    // data, aux = code units, anything; high = OR of all units (to Python)
    Name = 11,     // aux = index of a cached property name
    Handle = 12,   // handle; aux = JsFlag bits
    Object = 13,   // object; aux = PyFlag bits; lent to JavaScript, given to Python
    Missing = 14,  // no such property, or an iterator that ended
    JsError = 15,  // handle; aux = JsFlag bits: a JavaScript value was thrown
    PyError = 16,  // object: a Python exception
    Tape = 17,     // data, aux = words; slots[1] holds the texts: see deep_to_py.hpp
    Mask = 0x3f,
    Owned = 0x40,  // data was malloc'ed for this slot: the reader frees it
    Done = 0x100,  // beside a returned tag: the value an iterator returned at its end
    Held = 0x80,   // slots[1].object keeps the data alive: the reader drops it
};

constexpr std::uint32_t operator|(Tag a, Tag b) noexcept {
    return static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b);
}

struct Slot {
    std::uint32_t tag;
    std::uint32_t aux;
    union {
        double number;
        std::int64_t int64;
        struct {
            union {
                const void* data;
                Handle handle;
                PyObject* object;
            };
            std::uint32_t high;
        };
    };

    [[nodiscard]] Tag kind() const noexcept {
        return static_cast<Tag>(tag & static_cast<std::uint32_t>(Tag::Mask));
    }
    [[nodiscard]] bool has(Tag bit) const noexcept {
        return (tag & static_cast<std::uint32_t>(bit)) != 0;
    }
    void set(Tag value) noexcept { tag = static_cast<std::uint32_t>(value); }
};
static_assert(sizeof(Slot) == 16 && offsetof(Slot, number) == 8);

/// What a JavaScript value can do. Mirrored by `JsFlag` in js/core/types.ts.
enum class JsFlag : std::uint32_t {
    Callable = 1 << 0,
    Error = 1 << 1,
    Awaitable = 1 << 2,
    Iterable = 1 << 3,
    Iterator = 1 << 4,
    HasLength = 1 << 5,
    HasGet = 1 << 6,
    HasSet = 1 << 7,
    HasContains = 1 << 8,
    Array = 1 << 9,
    ArrayLike = 1 << 10,
    Buffer = 1 << 11,
    Double = 1 << 12,
    AsyncIterable = 1 << 13,
    AsyncIterator = 1 << 14,
    Generator = 1 << 15,
    AsyncGenerator = 1 << 16,
    Dispose = 1 << 17,
    AsyncDispose = 1 << 18,
    TypedArray = 1 << 19,  // with Buffer
    Once = 1 << 20,        // with Double
    WeakRef = 1 << 21,
    DomElement = 1 << 22,
    FetchResponse = 1 << 23,
    ObjectMap = 1 << 24,   // own properties are its items: as_object_map()
    Hereditary = 1 << 25,  // with ObjectMap: so are its plain objects
    Json = 1 << 26,        // with ObjectMap or Array: as_py_json()
    Class = 1 << 27,       // made by a Python class, which kClassNumber tells, and its flags
    Loop = 1 << 28,      // with Closable: a loop of Python's began on it, so dropping it closes it
    Closable = 1 << 29,  // an iterator of either kind that has a method `return`
};

/// With JsFlag::Class, Callable, Error and the bits of a View mean what they do elsewhere; the
/// number of the class stands in 20 bits from here on.
constexpr std::uint32_t kClassNumber = 4;
constexpr std::uint32_t kMostClasses = 1U << 20;

/// What a Python object can do. Mirrored by `PyFlag` in js/core/types.ts.
enum class PyFlag : std::uint32_t {
    Callable = 1 << 0,
    Awaitable = 1 << 1,
    Iterable = 1 << 2,
    Iterator = 1 << 3,
    HasLength = 1 << 4,
    HasGet = 1 << 5,
    HasSet = 1 << 6,
    HasContains = 1 << 7,
    Dict = 1 << 8,
    Sequence = 1 << 9,
    Once = 1 << 10,
    Coroutine = 1 << 11,
    CaptureThis = 1 << 12,  // `this` of a call is its first argument
    Roundtrip = 1 << 13,    // back in Python it stays a JsDoubleProxy
    Generator = 1 << 14,
    AsyncIterable = 1 << 15,
    AsyncIterator = 1 << 16,
    AsyncGenerator = 1 << 17,
    MutableSequence = 1 << 18,  // with Sequence
    Buffer = 1 << 19,           // has the buffer protocol
    Json = 1 << 20,             // JavaScript sees it as asJsJson() shows it
    Class = 1 << 21,            // a Python class, with Callable
    Promising = 1 << 22,        // a call from JavaScript gives a promise, and may be suspended
    Foreign = 1 << 23,          // a proxy of the host's own bridge; see Hook::Unwrap
};

template <class Flag>
[[nodiscard]] constexpr bool has(std::uint32_t flags, Flag flag) noexcept {
    return (flags & static_cast<std::uint32_t>(flag)) != 0;
}

}  // namespace pyjs

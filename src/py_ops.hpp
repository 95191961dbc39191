// py_ops.hpp: the operations on Python objects that the JavaScript core asks for.
#pragma once

#include <cstdint>

#include "slot.hpp"

namespace pyjs {

/// Mirrored by `PyOp` in js/core/types.ts.
enum class PyOp : std::uint32_t {
    GetAttr = 0,  // [name], and in slots[1].object a method known of it; Missing when there is none
    SetAttr = 1,  // [name, value]
    DelAttr = 2,  // [name]
    HasAttr = 3,  // [name]
    GetItem = 4,  // [key]; Missing on KeyError and IndexError
    SetItem = 5,  // [key, value]
    DelItem = 6,  // [key]
    Contains = 7,  // [value]
    Length = 8,
    Iterate = 9,
    Next = 10,  // Missing when the iterator ended
    Dir = 11,   // a list of names
    Str = 12,
    TypeName = 13,
    Settle = 14,    // [resolve, reject]: runs an awaitable
    Format = 15,    // the traceback text of an exception
    Import = 16,    // [name]; the object is ignored
    FromTape = 17,  // a tape and the address of its reader; the object is ignored
    // [depth, pyproxies, create_pyproxies, dict, default and eager converter, ints, typed,
    // dates]
    ToJs = 18,
    Send = 19,           // [value]; as Next
    Throw = 20,          // an error as JavaScript throws it; as Next
    Splice = 21,         // [start, count, items]: a list of what was removed
    Arrange = 22,        // [indices]
    GetBuffer = 23,      // writes the words of py_buffer.hpp
    ReleaseBuffer = 24,  // what GetBuffer gave as Export in slots[0].data; the object is ignored
    Cause = 25,          // what led to an exception, as an error; Missing when nothing did
    Stack = 26,          // the text of the Python frames; the object is ignored
    JsonGet = 27,        // [name]; Missing when there is no such key; see py_json.hpp
    JsonSet = 28,        // [name, value]
    JsonDelete = 29,     // [name]
    JsonHas = 30,        // [name]
    JsonKeys = 31,       // an array of texts
    Walk = 32,           // what a loop over it holds; with Done if it goes by index
    WalkOn = 33,         // of such a one: [index, most]; see py_walk.hpp
    IsInstance = 34,     // [value]: whether it is an instance of the class
    Tick = 40,           // [loop, timer fired]: runs ticks; whether callbacks are left
    // How a future ends (js_await.cpp); nothing happens to one that has ended.
    Fulfil = 60,  // [value]
    // An error as JavaScript throws it, or Missing: a closed generator yielded. Whether it is lost,
    // since the future was cancelled.
    Fail = 61,
    EndSteps = 62,  // [value]: the end of an asynchronous iterator
    Cancel = 63,    // [message]: cancels an awaitable, and what runs it; whether it could
    // An error as JavaScript throws it, which nobody can get any more; the object is the future
    // that was cancelled before, or none.
    Unretrieved = 69,
};

/// How many options PyOp::ToJs has.
constexpr std::uint32_t kToJsOptions = 10;
/// PyOp::ToJs (js_conversion.cpp). New reference, or null with the Python error set.
[[nodiscard]] PyObject* proxy_to_js(PyObject* object, PyObject* const* options) noexcept;

/// PyOp::Fulfil, Fail and EndSteps (js_await.cpp). Whether an error is lost.
bool end_future(PyOp op, PyObject* future, Slot* slots) noexcept;

/// PyOp::Unretrieved (js_await.cpp). False with the Python error set.
[[nodiscard]] bool report_unretrieved(PyObject* future, Slot* slots) noexcept;

/// Calls with the arguments in `slots`, which own nothing afterwards (py_proxy.cpp). New reference,
/// or null with the Python error set.
[[nodiscard]] PyObject* call_python(PyObject* callable, const Slot* slots, std::uint32_t positional,
                                    std::uint32_t keywords);

/// PyOp::Tick (py_object.cpp): runs a tick of the loop, and while it leaves callbacks the next
/// ones. New reference to whether it left some, or null with the Python error set.
[[nodiscard]] PyObject* run_ticks(PyObject* loop, PyObject* fired);

/// The region of linear memory where JavaScript writes slots and short strings.
constexpr std::uint32_t kArenaSize = 64 * 1024;
extern unsigned char arena[kArenaSize];

/// The first 16 bytes of it: what js/core/life.ts reads of the calls into Python.
struct Entered {
    std::uint32_t arrived;  // how many there were
    std::uint32_t depth;    // how many have not returned
};
[[nodiscard]] inline Entered& entered() { return *reinterpret_cast<Entered*>(arena); }

}  // namespace pyjs

// glue.hpp: the functions of the JavaScript core that C++ imports.
//
// Every one decodes its slots, does one operation inside try/catch, writes the
// result into slots[0] and returns its tag. None ever throws into wasm.
#pragma once

#include <cstdint>

#include "slot.hpp"

namespace pyjs {

/// Operations that are not on the hottest path share one import. Those on items get a View
/// (js_types.hpp) in `keywords`. Mirrored by
/// `JsOp` in js/core/types.ts.
enum class JsOp : std::uint32_t {
    Construct = 0,  // slots: as for a call
    Delete = 1,     // [name]
    GetItem = 2,    // [key]
    SetItem = 3,    // [key, value]
    DelItem = 4,    // [key]
    Contains = 5,   // [value]
    Length = 6,
    Iterate = 7,  // Missing: go by index, when `positional` allows it
    Next = 8,     // Missing when the iterator ended
    Truth = 9,
    Repr = 10,  // its content, bounded
    TypeOf = 11,
    Dir = 12,       // a JavaScript array of names
    Same = 13,      // [other]
    Identity = 14,  // a number that is unique to the object
    Then = 15,      // [future, by address]: whether cancelling it aborts something
    ToPy = 16,      // [depth]: deep conversion, one tape; `positional` is Known of deep_to_py.hpp
    Keys = 17,
    Values = 18,
    Entries = 19,
    Describe = 20,  // the text of a thrown value: "name: message"
    Count = 22,     // how many owned PyProxies live
    Handles = 23,   // how many handles live
    // Sequences. "values": `positional` slots, or one iterable when bit 0 of `keywords` is set;
    // the bits above it are the View.
    GetSlice = 24,       // [start, stop, step]
    SetSlice = 25,       // [start, stop, step, values]; a text when the values are too many or few
    DelSlice = 26,       // [start, stop, step]
    Extend = 27,         // [values]
    Concat = 28,         // [values]
    Repeat = 29,         // [times]
    RepeatInPlace = 30,  // [times]
    Insert = 31,         // [index, value]
    Pop = 32,            // [index]
    IndexOf = 33,        // [value, start, stop]
    CountOf = 34,        // [value]
    Remove = 35,         // [value]
    Reverse = 36,
    Clear = 37,
    PopItem = 38,  // [key]
    ClearItems = 39,
    IterateKeys = 40,  // as the iteration of a Python mapping
    Send = 41,         // [value]; Missing at the end, as for Next
    Throw = 42,        // [error]; likewise
    Return = 43,       // likewise
    AsyncIterate = 44,
    AsyncStep = 45,  // [method, argument, future by address]
    Dispose = 46,
    AsyncDispose = 47,  // a promise of nothing
    ToWeakRef = 48,
    Text = 49,         // what String() gives
    Unwrap = 50,       // the Python object of a PyProxy
    DestroyAll = 51,   // of an iterable of PyProxies
    Import = 52,       // [url]: the promise of an ES module's namespace
    InstanceOf = 53,   // [value]; Missing when the function is no class
    SubclassOf = 54,   // [class]; Missing when the function is no class
    Overrides = 55,    // [name]: whether the object has a property before those of its Python class
    Subclassing = 56,  // what the package makes JavaScript classes with (js_subclass.ts)
    ConstructAs = 57,  // slots: new.target, then as for a call
    // A tape: words, narrow text, wide text; then the options, unless the object is a reader.
    // `positional` is Feed of tape.hpp. Missing: the text of a ConversionError.
    FromTape = 58,
    OpenTape = 59,  // [dict_converter, pyproxies]: a reader of many tapes
    CloseTape = 60,
    StartTimer = 61,   // [callback, milliseconds]: a number
    CancelTimer = 62,  // [number]
    Trace = 63,        // [address]: keeps the JavaScript frames for a JsProxy
    Traces = 64,       // of each PyProxy that was traced: type, text, both stacks
    SetTracing = 65,   // [on or off]: what it was
    TraceOf = 66,      // [address]: the text of those frames
    Wake = 67,         // [loop, milliseconds]: see js/core/loops.ts
    Reporter = 68,     // what tells the host's listeners of failures (js/core/report.ts)
    // Buffers; Missing with a text in slots[0] is a ValueError.
    BufferBytes = 70,   // a bytes object, with positional 1 a bytearray, and the format of the
                        // elements; Undefined, and the size: out of memory
    BufferText = 71,    // [encoding]
    BufferAssign = 72,  // [address, bytes, bytes of an element]: from Python's memory
    BufferCopy = 73,    // likewise, into it
    Registry = 74,      // what the package registers converters with (registry.ts)
    // A call whose arguments are a tape: words, narrow text, wide text; then `this`. Constructs
    // when `positional` is 1. Missing: the text and the path of a ConversionError.
    Apply = 78,
    Abort = 90,         // a future that Then said true of was cancelled
    SetAbortable = 91,  // [position or undefined, option]: calls of the function get a signal
    AsyncLeave = 92,    // Python drops an asynchronous iterator on which a loop began
    Http = 93,          // what the package makes synchronous requests with (http.ts)
    // Suspended stacks (suspend.hpp), by ticket.
    Resume = 94,   // [ticket]: one that Python has suspended
    Resumed = 95,  // [ticket]: it runs again; what its thenable has settled with
    Block = 96,    // [milliseconds]: stops the thread
    // Loops of Python's over iterators of JavaScript's that have `return`.
    Leave = 103,       // Python drops the iterator before its end
    AsyncEnter = 104,  // a loop over the asynchronous iterator begins
};

extern "C" {
std::uint32_t pyjs_js_call(Handle function, Handle self, Slot* slots, std::uint32_t positional,
                           std::uint32_t keywords);
/// slots: the name, then as for a call. Missing when the property is no function of JavaScript's.
std::uint32_t pyjs_js_call_method(Handle object, Slot* slots, std::uint32_t positional,
                                  std::uint32_t keywords);
std::uint32_t pyjs_js_get(Handle object, Slot* slots);
std::uint32_t pyjs_js_set(Handle object, Slot* slots);
std::uint32_t pyjs_js_op(std::uint32_t op, Handle object, Slot* slots, std::uint32_t positional,
                         std::uint32_t keywords);
/// A new handle for the value in slots[0]: how C++ gets a `val` from a slot.
Handle pyjs_js_store(Slot* slots);
/// The element of a sequence at `index`, which may count from the end.
std::uint32_t pyjs_js_item(Handle object, std::int32_t index, Slot* slots, std::uint32_t view);
/// Writes the value of `value` into slots[0].
std::uint32_t pyjs_js_load(Handle value, Slot* slots);
/// Classifies a thrown value as JsError (with a new handle) or PyError (borrowed).
std::uint32_t pyjs_js_classify_error(Handle thrown, Slot* slots);
/// The handle of a new PythonError that takes over one reference to `exception`.
Handle pyjs_js_make_error(PyObject* exception);
/// Writes the JsFlag bits of an object into slots[0].aux.
void pyjs_js_features(Handle object, Slot* slots);
/// The handle of a new PyProxy that owns one reference to `object`.
Handle pyjs_js_make_proxy(PyObject* object, std::uint32_t flags);
/// Suspends the stack `ticket` until Wake, or until `thenable` (unless null) has settled.
std::uint32_t pyjs_js_suspend(std::uint32_t ticket, Handle thenable);
/// What the promising call `ticket` has given, in slots as for any call from JavaScript.
void pyjs_js_done(std::uint32_t ticket, std::uint32_t tag, Slot* slots);
/// Tells the core where the arena lies; the exports are ready from here on.
void pyjs_js_attach(void* arena, std::uint32_t size);
}

/// How often Python has used JavaScript so that code of it may have run.
inline std::uint32_t crossings = 0;

[[nodiscard]] inline Tag js_op(JsOp op, Handle object, Slot* slots, std::uint32_t positional = 0,
                               std::uint32_t keywords = 0) noexcept {
    ++crossings;
    const auto tag =
        pyjs_js_op(static_cast<std::uint32_t>(op), object, slots, positional, keywords);
    return static_cast<Tag>(tag & static_cast<std::uint32_t>(Tag::Mask));
}

}  // namespace pyjs

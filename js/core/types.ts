// types.ts: the protocol between the JavaScript core and C++ (src/slot.hpp, glue.hpp, py_ops.hpp).
import type { Finalizers } from "./finalizers";

/** What a slot holds; see src/slot.hpp. */
export const enum Tag {
  Undefined = 0,
  Null = 1,
  False = 2,
  True = 3,
  Number = 4,
  Int64 = 5,
  BigHex = 6,
  Ascii = 7,
  Latin1 = 8,
  Utf16 = 9,
  Units = 10,
  Name = 11,
  Handle = 12,
  Object = 13,
  Missing = 14,
  JsError = 15,
  PyError = 16,
  Tape = 17,
  Mask = 0x3f,
  Owned = 0x40,
  Held = 0x80,
  Done = 0x100,
}

/** What a JavaScript value can do; see src/slot.hpp. */
export const enum JsFlag {
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
  TypedArray = 1 << 19,
  Once = 1 << 20,
  WeakRef = 1 << 21,
  DomElement = 1 << 22,
  FetchResponse = 1 << 23,
  ObjectMap = 1 << 24,
  Hereditary = 1 << 25,
  Json = 1 << 26,
  Class = 1 << 27,
  Loop = 1 << 28,
  Closable = 1 << 29,
}

/** With JsFlag.Class, the number of the class begins at this bit; see src/slot.hpp. */
export const CLASS_NUMBER = 4;

/** How indexing sees an object; see src/js_types.hpp. */
export const enum View {
  Plain = 0,
  ObjectMap = 1,
  Hereditary = 2,
  Json = 3,
}

/** What a Python object can do; see src/slot.hpp. */
export const enum PyFlag {
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
  CaptureThis = 1 << 12,
  Roundtrip = 1 << 13,
  Generator = 1 << 14,
  AsyncIterable = 1 << 15,
  AsyncIterator = 1 << 16,
  AsyncGenerator = 1 << 17,
  MutableSequence = 1 << 18,
  Buffer = 1 << 19,
  Json = 1 << 20,
  Class = 1 << 21,
  Promising = 1 << 22,
  Foreign = 1 << 23,
}

/** What Python asks of JavaScript; see src/glue.hpp. */
export const enum JsOp {
  Construct = 0,
  Delete = 1,
  GetItem = 2,
  SetItem = 3,
  DelItem = 4,
  Contains = 5,
  Length = 6,
  Iterate = 7,
  Next = 8,
  Truth = 9,
  Repr = 10,
  TypeOf = 11,
  Dir = 12,
  Same = 13,
  Identity = 14,
  Then = 15,
  ToPy = 16,
  Keys = 17,
  Values = 18,
  Entries = 19,
  Describe = 20,
  Count = 22,
  Handles = 23,
  GetSlice = 24,
  SetSlice = 25,
  DelSlice = 26,
  Extend = 27,
  Concat = 28,
  Repeat = 29,
  RepeatInPlace = 30,
  Insert = 31,
  Pop = 32,
  IndexOf = 33,
  CountOf = 34,
  Remove = 35,
  Reverse = 36,
  Clear = 37,
  PopItem = 38,
  ClearItems = 39,
  IterateKeys = 40,
  Send = 41,
  Throw = 42,
  Return = 43,
  AsyncIterate = 44,
  AsyncStep = 45,
  Dispose = 46,
  AsyncDispose = 47,
  ToWeakRef = 48,
  Text = 49,
  Unwrap = 50,
  DestroyAll = 51,
  Import = 52,
  InstanceOf = 53,
  SubclassOf = 54,
  Overrides = 55,
  Subclassing = 56,
  ConstructAs = 57,
  FromTape = 58,
  OpenTape = 59,
  CloseTape = 60,
  StartTimer = 61,
  CancelTimer = 62,
  Trace = 63,
  Traces = 64,
  SetTracing = 65,
  TraceOf = 66,
  Wake = 67,
  Reporter = 68,
  BufferBytes = 70,
  BufferText = 71,
  BufferAssign = 72,
  BufferCopy = 73,
  Registry = 74,
  Apply = 78,
  Abort = 90,
  SetAbortable = 91,
  AsyncLeave = 92,
  Http = 93,
  Resume = 94,
  Resumed = 95,
  Block = 96,
  Leave = 103,
  AsyncEnter = 104,
}

/** What JavaScript asks of Python; see src/py_ops.hpp. */
export const enum PyOp {
  GetAttr = 0,
  SetAttr = 1,
  DelAttr = 2,
  HasAttr = 3,
  GetItem = 4,
  SetItem = 5,
  DelItem = 6,
  Contains = 7,
  Length = 8,
  Iterate = 9,
  Next = 10,
  Dir = 11,
  Str = 12,
  TypeName = 13,
  Settle = 14,
  Format = 15,
  Import = 16,
  FromTape = 17,
  ToJs = 18,
  Send = 19,
  Throw = 20,
  Splice = 21,
  Arrange = 22,
  GetBuffer = 23,
  ReleaseBuffer = 24,
  Cause = 25,
  Stack = 26,
  JsonGet = 27,
  JsonSet = 28,
  JsonDelete = 29,
  JsonHas = 30,
  JsonKeys = 31,
  Walk = 32,
  WalkOn = 33,
  IsInstance = 34,
  Tick = 40,
  Fulfil = 60,
  Fail = 61,
  EndSteps = 62,
  Cancel = 63,
  Unretrieved = 69,
}

/** What PyOp.GetBuffer writes; see src/py_buffer.hpp. */
export const enum BufferWord {
  Export = 0,
  Start = 1,
  Length = 2,
  Offset = 3,
  ItemSize = 4,
  Dimensions = 5,
  Flags = 6,
  Code = 7,
  Format = 8,
  FormatLength = 9,
  Shape = 10,
}

/** What a buffer is; see src/py_buffer.hpp. */
export const enum BufferFlag {
  ReadOnly = 1 << 0,
  CContiguous = 1 << 1,
  FContiguous = 1 << 2,
  BigEndian = 1 << 3,
}

/** What a word of a tape says; see src/tape.hpp. */
export const enum Tape {
  Reference = 0,
  None = 1,
  Null = 2,
  False = 3,
  True = 4,
  Ints = 5,
  Numbers = 6,
  Text = 7,
  Wide = 8,
  Slot = 9,
  Key = 10,
  NewKey = 11,
  NewWide = 12,
  NewSlot = 13,
  List = 14,
  Dict = 15,
  Keyed = 16,
  Map = 17,
  Entries = 18,
  Set = 19,
  Buffer = 20,
  Register = 21,
  Keys = 22,
  Record = 23,
  Resume = 24,
  Date = 25,
  Convert = 26,
  Tiny = 27,
  Again = 28,
  Shape = 29,
  More = 30,
  Keep = 31,
}

/** What is written otherwise than without options; see src/deep_to_py.hpp. */
export const enum Policy {
  Doubles = 1 << 1,
  Within = 1 << 2,
  Table = 1 << 3,
  AutoTable = 1 << 4,
}

/** Which objects that are no containers become Python's; see src/deep_to_py.hpp. */
export const enum Known {
  Registered = 0,
  AndDates = 1,
  None = 2,
}

/** What a reader of a tape does beside reading; see src/tape.hpp. */
export const enum Feed {
  None = 0,
  Begin = 1,
  End = 2,
  Drop = 4,
  Tree = 8,
  Code = 16,
  NoProxies = 32,
}

/** The wasm functions the core calls; addresses are byte offsets in linear memory. */
export interface Exports {
  pyjs_py_call(callable: number, slots: number, positional: number, keywords: number): number;
  pyjs_py_op(op: PyOp, object: number, slots: number): number;
  /** pyjs_py_call on a stack that may be suspended; what it gives goes to pyjs_js_done. */
  pyjs_run_promising(
    callable: number,
    slots: number,
    positional: number,
    keywords: number,
    ticket: number,
  ): Promise<void>;
  pyjs_py_incref(object: number): void;
  pyjs_py_decref(object: number): void;
  /** A number that the same function or bound method always has; not 0. */
  pyjs_py_key(object: number): number;
  /** Whether two objects are one bound method. */
  pyjs_py_is_same(one: number, other: number): number;
  pyjs_py_alloc(size: number): number;
  pyjs_py_bytes(size: number, slots: number): number;
  /** A new bytearray in slots[0]; the address of its bytes, or 0 when memory is full. */
  pyjs_py_bytearray(size: number, slots: number): number;
  /** A new array.array of so many doubles in slots[0]; 0 when memory is full. */
  pyjs_py_doubles(count: number, slots: number): number;
  /** Where they are; 0 when there are not so many. */
  pyjs_py_doubles_at(array: number, count: number): number;
  pyjs_class_hold(type: number, handle: number): void;
  pyjs_class_release(type: number): void;
  free(address: number): void;
}

/** What the host gives to the core: Embind's table of values, and the memory. */
export interface Host {
  /** Embind's table: value at `handle`, reference count at `handle + 1`. */
  readonly values: unknown[];
  /** A new reference to `value`. */
  toHandle(value: unknown): number;
  /** Drops one reference of a handle. */
  release(handle: number): void;
  /** How many handles live. */
  countHandles(): number;
  memory(): WebAssembly.Memory;
  exports(): Exports;
  /** Where the host suspends stacks by means of its own. */
  readonly runPromising?: Exports["pyjs_run_promising"];
  /** Where what JavaScript drops is released; a registry of the core's own by default. */
  readonly finalizers?: Finalizers | undefined;
  /** Lets go of linear memory, all that wasm has, and the files, whose methods are `fail` then. */
  empty(fail: () => never): void;
}

// ffi.d.ts: the types of Python objects in JavaScript, under the names that Pyodide's "ffi" has them.
import type * as own from "../runtime/py_proxy.d.ts";

export type { PyBuffer, PyBufferView, PyCallable, PyDict, PyProxy } from "../runtime/py_proxy.d.ts";
export type { PyProxyWithGet, PyProxyWithHas, PyProxyWithLength, PyProxyWithSet } from "../runtime/py_proxy.d.ts";
export type { PythonError } from "../runtime/py_proxy.d.ts";

// What is generic here is not in Pyodide: without an argument it is of anything.
export type PyIterable<T = any> = own.PyIterable<T>;
export type PyIterator<T = any> = own.PyIterator<T>;
export type PyGenerator<T = any> = own.PyGenerator<T>;
export type PyAsyncIterable<T = any> = own.PyAsyncIterable<T>;
export type PyAsyncIterator<T = any> = own.PyAsyncIterator<T>;
export type PyAsyncGenerator<T = any> = own.PyAsyncGenerator<T>;
export type PyAwaitable<T = any> = own.PyAwaitable<T>;
export type PySequence<T = any> = own.PySequence<T>;
export type PyMutableSequence<T = any> = own.PyMutableSequence<T>;

export type TypedArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

// py_classes.ts: the classes of proxies, for `instanceof`: one per ability of the Python object.
import { rootOf } from "./py_call";
import { PyFlag } from "./types";

type ProxyClass = abstract new () => object;

/** Whether `value` is a proxy of an object with these PyFlag bits. */
export function can(value: unknown, wanted: number): boolean {
  const root = rootOf(value);
  return root !== undefined && (root.flags & wanted) === wanted;
}

/** `x instanceof PyProxy` for every proxy of a Python object of this runtime. */
export class PyProxy {
  constructor() {
    throw new TypeError(`${new.target.name} is not a constructor: proxies are made when Python objects cross`);
  }
  static [Symbol.hasInstance](value: unknown): boolean {
    return can(value, 0);
  }
}

/** Minified code has no names of its own. */
function named<T extends ProxyClass>(name: string, made: T): T {
  return Object.defineProperty(made, "name", { value: name, configurable: true });
}

function proxyClass(name: string, flags: number): ProxyClass {
  return named(
    name,
    class extends PyProxy {
      static override [Symbol.hasInstance](value: unknown): boolean {
        return can(value, flags);
      }
    },
  );
}

/** By name, as `ffi` has them. */
export const proxyClasses: Readonly<Record<string, ProxyClass>> = {
  PyProxy: named("PyProxy", PyProxy),
  ...Object.fromEntries(
    Object.entries({
      PyProxyWithLength: PyFlag.HasLength,
      PyProxyWithGet: PyFlag.HasGet,
      PyProxyWithSet: PyFlag.HasSet,
      PyProxyWithHas: PyFlag.HasContains,
      PyDict: PyFlag.Dict,
      PyIterable: PyFlag.Iterable,
      PyIterator: PyFlag.Iterator,
      PyGenerator: PyFlag.Generator,
      PyAsyncIterable: PyFlag.AsyncIterable,
      PyAsyncIterator: PyFlag.AsyncIterator,
      PyAsyncGenerator: PyFlag.AsyncGenerator,
      PyAwaitable: PyFlag.Awaitable,
      PyCallable: PyFlag.Callable,
      PySequence: PyFlag.Sequence,
      PyMutableSequence: PyFlag.MutableSequence,
      PyBuffer: PyFlag.Buffer,
      PyClass: PyFlag.Class,
    }).map(([name, flags]) => [name, proxyClass(name, flags)]),
  ),
};

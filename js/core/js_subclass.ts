// js_subclass.ts: native JavaScript classes whose constructor and members are Python functions.
//
// Python calls these (python/pyjs/_subclass.py). It gives its functions as addresses:
// its class keeps them, and the JavaScript class keeps that one.
import { featuresOfInstances } from "./features";
import { PythonClass, loosen, pythonClass, recordOf, registerClass, strengthen } from "./js_class";
import { callPython } from "./py_proxy";

type Constructor = new (...args: unknown[]) => object;

function isConstructor(value: unknown): value is Constructor {
  try {
    Reflect.construct(Object, [], value as Constructor);
    return true;
  } catch {
    return false;
  }
}

/** Names that a subclass inherits from JavaScript, up to the next class of Python's. */
function inherited(prototype: object): string[] {
  const names = new Set<string>();
  for (let at: object | null = prototype; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    if (Object.hasOwn(at, pythonClass)) break;
    for (const name of Object.getOwnPropertyNames(at)) {
      if (!/^(__.*|constructor|[0-9]+)$/.test(name)) names.add(name);
    }
  }
  return [...names];
}

/** [name, flags of instances, nearest class of Python's, ...inherited names]; null when it is no class. */
function describe(base: unknown): unknown[] | null {
  if (!isConstructor(base)) return null;
  const prototype: unknown = base.prototype;
  if (typeof prototype !== "object" || prototype === null) return null;
  const found = (prototype as Record<symbol, unknown>)[pythonClass];
  const made = found instanceof PythonClass ? found : undefined;
  const flags = made === undefined ? featuresOfInstances(prototype) : made.flags;
  return [base.name, flags, made?.ctor, ...inherited(prototype)];
}

function call(made: PythonClass, pointer: number, args: unknown[]): unknown {
  strengthen(made);
  return callPython(pointer, args);
}

/**
 * Makes the class of the Python class at `pointer`. `parent` is the address of the one that
 * stands for `base`, or 0 when Python made that; `construct` that of a Python function
 * (new.target, *arguments) -> object.
 */
function define(
  base: Constructor,
  name: string,
  pointer: number,
  parent: number,
  flags: number,
  number: number,
  construct: number,
): void {
  const made = registerClass(
    class extends base {
      // @ts-expect-error -- no super(): Python's super().__init__() constructs the base, with
      // this new.target, and what it makes is returned. The arguments are Python's to choose.
      constructor(...args: unknown[]) {
        return call(made, construct, [new.target, ...args]) as object;
      }
    },
    base,
    { pointer, parent },
    flags,
    number,
  );
  Object.defineProperty(made.ctor, "name", { value: name, configurable: true });
}

function expectRecord(ctor: object): PythonClass {
  const made = recordOf(ctor);
  if (made === undefined) throw new TypeError("defining a member: expected a class that Python made");
  return made;
}

function install(target: object, name: string, descriptor: PropertyDescriptor): void {
  Reflect.deleteProperty(target, name); // defining over a property would keep what is left out
  Object.defineProperty(target, name, { configurable: true, enumerable: false, ...descriptor });
}

/** A prototype method: Python gets `this` as its first argument. */
function method(ctor: object, name: string, pointer: number): void {
  const made = expectRecord(ctor);
  const value = {
    [name](this: unknown, ...args: unknown[]): unknown {
      return call(made, pointer, [this, ...args]);
    },
  }[name];
  install(made.prototype, name, { value, writable: true });
}

/** A static method; one of `classMethod` gets the class it is called on, when that is Python's too. */
function staticMethod(ctor: object, name: string, pointer: number, classMethod: boolean): void {
  const made = expectRecord(ctor);
  const value = {
    [name](this: unknown, ...args: unknown[]): unknown {
      if (!classMethod) return call(made, pointer, args);
      const known = typeof this === "function" && recordOf(this) !== undefined;
      return call(made, pointer, [known ? this : ctor, ...args]);
    },
  }[name];
  install(ctor, name, { value, writable: true });
}

/** A getter and setter on the prototype; an address of 0 leaves one out. */
function accessor(ctor: object, name: string, getter: number, setter: number): void {
  const made = expectRecord(ctor);
  const get = function (this: unknown): unknown {
    return call(made, getter, [this]);
  };
  const set = function (this: unknown, value: unknown): void {
    call(made, setter, [this, value]);
  };
  install(made.prototype, name, { ...(getter !== 0 && { get }), ...(setter !== 0 && { set }) });
}

/** A static member: Python's class has the value. Set on a JavaScript subclass, it is that one's. */
function staticMember(ctor: object, name: string, getter: number, setter: number): void {
  const made = expectRecord(ctor);
  const get = (): unknown => call(made, getter, []);
  const set = function (this: object, value: unknown): void {
    if (this === ctor) call(made, setter, [value]);
    else install(this, name, { value, writable: true, enumerable: true });
  };
  install(ctor, name, { get, set, enumerable: true });
}

/** What `super` gives for a member of a JavaScript parent: its value, or its method bound to `self`. */
function parentMember(parent: Constructor, name: string, self: object): unknown {
  const value: unknown = Reflect.get(parent.prototype as object, name, self);
  return typeof value === "function" ? (value.bind(self) as unknown) : value;
}

function remove(ctor: { prototype: object }, name: string): void {
  Reflect.deleteProperty(ctor, name);
  Reflect.deleteProperty(ctor.prototype, name);
}

export const subclassing = {
  describe,
  define,
  method,
  staticMethod,
  accessor,
  staticMember,
  parentMember,
  remove,
  loosen,
};

// js_class.ts: what is known of the JavaScript classes that Python made, and who keeps them alive.
import type { Ending } from "./finalizers";
import { finalizers } from "./finalizers";
import { wasm } from "./memory";
import { CLASS_NUMBER, JsFlag } from "./types";

/**
 * One class. JavaScript's class and Python's keep each other alive, and neither
 * collector sees the other's half of that circle. So one half is weak at any time:
 * while Python can reach its class, that holds ours; when only JavaScript can
 * (`python/pyjs/_subclass.py`, `_Guard`), ours owns a reference to Python's.
 */
export class PythonClass {
  /** What became unreachable for Python together; null while Python reaches this one. */
  group: Set<PythonClass> | null = null;

  constructor(
    readonly ctor: object,
    /** The JavaScript class it extends. */
    readonly parent: object,
    readonly prototype: object,
    /** What instances can do. */
    readonly flags: number,
    /** That of the Python class, for C++. */
    readonly number: number,
    /** What ends with JavaScript's class, so it does not refer to that. */
    readonly link: Link,
  ) {}
}

class Link implements Ending {
  /** Whether a reference to the Python class is ours. */
  owned = false;

  constructor(
    readonly pointer: number,
    /**
     * The Python class that stands for the parent, or 0 when Python made the parent
     * too. It belongs to this class, and holds and lets go with it: a parent may lead
     * to its subclasses, as HTMLElement does through the registry of custom elements.
     */
    readonly parent: number,
  ) {}

  collected(): void {
    pythonClasses--;
    if (this.owned) wasm.pyjs_py_decref(this.pointer);
  }
}

/** On the prototype of a class that Python made; inherited by instances. */
export const pythonClass = Symbol("Python class");

/** How many were ever made: until the first one, looking for them costs nothing. */
export let pythonClasses = 0;

const byConstructor = new WeakMap<object, PythonClass>();

let toHandle: (value: unknown) => number;

export function attachClasses(give: (value: unknown) => number): void {
  toHandle = give;
}

/** Registers a class of which Python's class has the addresses and flags given, and holds it from here on. */
export function registerClass(
  ctor: { prototype: object },
  parent: object,
  addresses: { pointer: number; parent: number },
  flags: number,
  number: number,
): PythonClass {
  const { prototype } = ctor;
  const made = new PythonClass(ctor, parent, prototype, flags, number, new Link(addresses.pointer, addresses.parent));
  Object.defineProperty(prototype, pythonClass, { value: made });
  byConstructor.set(ctor, made);
  finalizers.register(ctor, made.link);
  pythonClasses++;
  hold(made);
  return made;
}

function hold({ ctor, parent, link }: PythonClass): void {
  wasm.pyjs_class_hold(link.pointer, toHandle(ctor));
  if (link.parent !== 0) wasm.pyjs_class_hold(link.parent, toHandle(parent));
}

/** Before Python gets the class or an instance: its classes hold ours again, and it may reach them all. */
export function strengthen({ group }: PythonClass): void {
  if (group === null) return;
  for (const made of group) {
    made.group = null;
    made.link.owned = false;
    hold(made);
  }
  // Last, for it may run Python code.
  for (const { link } of group) wasm.pyjs_py_decref(link.pointer);
}

let lastPass = 0;
let lastGroup = new WeakRef(new Set<PythonClass>());

/**
 * Python can no longer reach its class: what JavaScript still uses of ours keeps it.
 * The classes that one pass of Python's collector finds may use each other there,
 * unseen from here, so each of them keeps all.
 */
export function loosen(ctor: object, pass: number): void {
  const made = byConstructor.get(ctor)!;
  const { link } = made;
  const group = (pass === lastPass ? lastGroup.deref() : undefined) ?? new Set();
  lastPass = pass;
  lastGroup = new WeakRef(group.add(made));
  made.group = group;
  wasm.pyjs_py_incref(link.pointer);
  link.owned = true;
  wasm.pyjs_class_release(link.pointer);
  if (link.parent !== 0) wasm.pyjs_class_release(link.parent);
}

export function recordOf(ctor: object): PythonClass | undefined {
  return byConstructor.get(ctor);
}

/** The address of the Python class that `value` is, or 0. */
export function classPointer(value: object): number {
  if (pythonClasses === 0 || typeof value !== "function") return 0;
  const made = byConstructor.get(value);
  if (made === undefined) return 0;
  strengthen(made);
  return made.link.pointer;
}

/** The flags of an object whose prototype chain leads to `made`: no getter of Python's is asked. */
export function instanceFlags(made: PythonClass, value: object): number {
  if (Object.hasOwn(value, pythonClass)) return made.flags; // a prototype
  strengthen(made);
  return JsFlag.Class | (made.number << CLASS_NUMBER) | (made.flags & (JsFlag.Callable | JsFlag.Error));
}

/** Whether an object, or a JavaScript subclass, has a property before those of its Python class. */
export function overrides(object: object, name: string): boolean {
  for (let at: object | null = object; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    if (Object.hasOwn(at, pythonClass)) return false;
    if (Object.hasOwn(at, name)) return true;
  }
  return false;
}

// js_object.ts: the operations on JavaScript objects that need no slots.
import { leave, setAbortable } from "./abort";
import { countHandles } from "./convert";
import { block } from "./block";
import { awaitThenable } from "./js_await";
import { http } from "./http";
import { missing } from "./js_items";
import { operateIterator } from "./js_iterate";
import { repr, text, toText } from "./js_repr";
import { importModule } from "./js_import";
import { overrides } from "./js_class";
import { subclassing } from "./js_subclass";
import { owned } from "./lifetime";
import { runTask } from "./py_call";
import { destroyAll } from "./py_proxy";
import { registry } from "./registry";
import { report } from "./report";
import type { OnceCallable } from "./schedule";
import { wake } from "./loops";
import { cancelTimer, startTimer } from "./schedule";
import { resume, resumed } from "./suspend";
import { setTracing, traceJs, traceOf, traces } from "./trace";
import { JsOp } from "./types";

type Indexed = Record<PropertyKey, unknown>;

/** PEP 818: an empty container is falsy, as in Python; other objects are truthy. */
function truth(target: unknown): boolean {
  if (!target) return false;
  const { size, byteLength } = target as { size?: unknown; byteLength?: unknown };
  if (size === 0) return typeof HTMLElement === "function" && target instanceof HTMLElement;
  if (Array.isArray(target) && target.length === 0) return false;
  return byteLength !== 0;
}

/** Every property name along the prototype chain; no getter runs. */
function dir(target: object): string[] {
  const names = new Set<string>();
  for (let at: object | null = target; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    for (const name of Object.getOwnPropertyNames(at)) {
      if (!/^[0-9]+$/.test(name)) names.add(name);
    }
  }
  if (Array.isArray(target)) names.delete("keys");
  return [...names];
}

/** "TypeError: message" for an error; what a primitive prints as for anything else. */
function describe(thrown: unknown): string {
  if (typeof thrown !== "object" || thrown === null) return String(thrown);
  try {
    const { name, message } = thrown as { name?: unknown; message?: unknown };
    if (typeof name !== "string" || typeof message !== "string") return toText(thrown);
    return message === "" ? name : `${name}: ${message}`;
  } catch {
    return toText(thrown); // an error that cannot be shown hides what went wrong
  }
}

/** An arrow function or a method; a bound function has no prototype either, but a target with one. */
function isClass(target: unknown): target is abstract new () => unknown {
  if (typeof (target as { prototype?: unknown }).prototype === "object") return true;
  try {
    void ({} instanceof (target as abstract new () => unknown));
    return true;
  } catch {
    return false;
  }
}

function isInstance(target: unknown, value: unknown): unknown {
  return isClass(target) ? value instanceof target : missing;
}

function isSubclass(target: unknown, candidate: unknown): unknown {
  if (!isClass(target)) return missing;
  if (typeof candidate !== "function") return false;
  return candidate === target || (candidate.prototype as unknown) instanceof target;
}

const identities = new WeakMap<object, number>();
/** A registered symbol cannot be a weak key, and is never collected either. */
const symbolIdentities = new Map<symbol, number>();
let lastIdentity = 0;

function identity(target: object | symbol): number {
  const known = typeof target === "symbol" ? symbolIdentities.get(target) : identities.get(target);
  if (known !== undefined) return known;
  lastIdentity++;
  if (typeof target === "symbol") symbolIdentities.set(target, lastIdentity);
  else identities.set(target, lastIdentity);
  return lastIdentity;
}

function deleteProperty(target: Indexed, name: string): unknown {
  if (!(name in target)) return missing;
  if (!Reflect.deleteProperty(target, name)) {
    throw new TypeError(`cannot delete the property ${name}: it is not configurable`);
  }
  return undefined;
}

/** One operation; the arguments are already JavaScript values. */
export function operate(code: JsOp, target: unknown, inputs: unknown[]): unknown {
  const [a, b] = inputs;
  const object = target as object;
  switch (code) {
    case JsOp.Delete:
      return deleteProperty(target as Indexed, a as string);
    case JsOp.Truth:
      return truth(target);
    case JsOp.Repr:
      return repr(target);
    case JsOp.Text:
      return text(target);
    case JsOp.TypeOf:
      return typeof target;
    case JsOp.Dir:
      return dir(object);
    case JsOp.Same:
      return target === a;
    case JsOp.Identity:
      return identity(object);
    case JsOp.Then:
      return awaitThenable(target, a as number);
    case JsOp.Abort:
      leave(target);
      return undefined;
    case JsOp.SetAbortable:
      setAbortable(target as (...args: unknown[]) => unknown, a as number | undefined, b as string);
      return undefined;
    case JsOp.Keys:
      return Object.keys(object);
    case JsOp.Values:
      return Object.values(object);
    case JsOp.Entries:
      return Object.entries(object);
    case JsOp.Describe:
      return describe(target);
    case JsOp.StartTimer:
      return startTimer(a as OnceCallable, b as number, runTask);
    case JsOp.Reporter:
      return report;
    case JsOp.Wake:
      wake(a as number, b as number);
      return undefined;
    case JsOp.CancelTimer:
      cancelTimer(a as number);
      return undefined;
    case JsOp.Resume:
      resume(a as number);
      return undefined;
    case JsOp.Resumed:
      return resumed(a as number);
    case JsOp.Block:
      block(a as number);
      return undefined;
    case JsOp.Trace:
      traceJs(a as number);
      return undefined;
    case JsOp.TraceOf:
      return traceOf(a as number);
    case JsOp.Traces:
      return traces();
    case JsOp.SetTracing:
      return setTracing(a === true);
    case JsOp.Count:
      return owned;
    case JsOp.Handles:
      return countHandles();
    case JsOp.DestroyAll:
      destroyAll(target as Iterable<unknown>);
      return undefined;
    case JsOp.ToWeakRef:
      return new WeakRef(object);
    case JsOp.Import:
      return importModule(a as string);
    case JsOp.InstanceOf:
      return isInstance(target, a);
    case JsOp.SubclassOf:
      return isSubclass(target, a);
    case JsOp.Overrides:
      return overrides(object, a as string);
    case JsOp.Subclassing:
      return subclassing;
    case JsOp.Http:
      return http;
    case JsOp.Registry:
      return registry;
    default:
      return operateIterator(code, target, inputs);
  }
}

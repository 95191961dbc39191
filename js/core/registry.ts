// registry.ts: which JavaScript objects have converters to Python (python/pyjs/converters.py).
import { isA } from "./kinds";
import { u16, wasm } from "./memory";
import type { Met } from "./met";
import { textOfRegExp } from "./reg_exp";
import { Known, Tag, Tape } from "./types";

/** What a tape is written to; see deep_to_py.ts. */
export interface Output {
  readonly words: { pushNumber(word: number, value: number): void };
  /** The numbers that the reader knows objects by. */
  readonly met: Met;
  /** Python code runs while the tape is read. */
  runsCode: boolean;
  /** References that go to Python with the tape. */
  objects: number[];
  put(kind: Tape, number: number): void;
  text(text: string): void;
  slot(kind: Tape, tag: number, aux: number, data: number, high: number): void;
  proxy(value: object, kind: Tape): void;
  /** Memory that goes to Python with the tape. */
  alloc(size: number): number;
}

/** A converter: the address of a Python object, which the package keeps. */
interface Entry {
  readonly pointer: number;
}
type Class = { readonly prototype: object };

let classes = new Map<object, Entry>();
let tags = new Map<string, Entry>();
let withDates = false;
let withUrls = false;
let regExps: Entry | null = null;
let isActive = false;

/** Replaces all: classes and their converters' addresses in turn, likewise tags; then what is built in. */
function replace(ofClasses: unknown[], ofTags: unknown[], dates: boolean, urls: boolean, regExp: number): void {
  const pairs = <T>(list: unknown[]): [T, Entry][] =>
    list.flatMap((key, i) => (i % 2 === 0 ? [[key as T, { pointer: list[i + 1] as number }]] : []));
  classes = new Map(pairs<Class>(ofClasses).map(([ctor, entry]) => [ctor.prototype, entry]));
  tags = new Map(pairs<string>(ofTags));
  withDates = dates;
  withUrls = urls;
  regExps = regExp === 0 ? null : { pointer: regExp };
  isActive = classes.size + tags.size + regExp > 0 || dates || urls;
}

/** Why a class cannot be registered; the package has the texts. */
const enum Refusal {
  None = 0,
  NoPrototype = 1,
  Plain = 2,
}

function refusal(ctor: unknown): Refusal {
  const prototype: unknown = typeof ctor === "function" ? ctor.prototype : undefined;
  // That of Function is a function.
  const isObject = (typeof prototype === "object" && prototype !== null) || typeof prototype === "function";
  if (!isObject) return Refusal.NoPrototype;
  const isPlain = prototype === Object.prototype || prototype === Array.prototype;
  return isPlain ? Refusal.Plain : Refusal.None;
}

const toStringTag = Object.prototype.toString;

/** What an object calls itself; of one that throws, nothing. */
function tagOf(value: object): string {
  try {
    return toStringTag.call(value).slice(8, -1);
  } catch {
    return "";
  }
}

function nameOf(prototype: object): string {
  const ctor: unknown = Object.getOwnPropertyDescriptor(prototype, "constructor")?.value;
  const name: unknown = typeof ctor === "function" ? Object.getOwnPropertyDescriptor(ctor, "name")?.value : "";
  return typeof name === "string" ? name : "";
}

function* chain(prototype: object | null): Generator<object> {
  for (let at = prototype; at !== null; at = Object.getPrototypeOf(at) as object | null) yield at;
}

function byClass(prototype: object): Entry | undefined {
  for (const at of chain(prototype)) {
    const found = classes.get(at);
    if (found !== undefined) return found;
  }
  return undefined;
}

function byTag(value: object, prototype: object): Entry | undefined {
  for (const at of chain(prototype)) {
    const found = tags.get(nameOf(at));
    if (found !== undefined) return found;
  }
  return tags.get(tagOf(value));
}

/** Nothing is known of what a trap does not tell. */
function entryOf(value: object, prototype: object): Entry | undefined {
  try {
    const entry = classes.size > 0 ? byClass(prototype) : undefined;
    return entry ?? (tags.size > 0 ? byTag(value, prototype) : undefined);
  } catch {
    return undefined;
  }
}

// eslint-disable-next-line @typescript-eslint/unbound-method -- called on what may be of another realm
const { getTime } = Date.prototype;

/** Milliseconds; undefined for what only looks like a Date. */
function timeOf(value: object): number | undefined {
  try {
    return getTime.call(value as Date);
  } catch {
    return undefined;
  }
}

function writeText(out: Output, text: string, kind: Tape): void {
  const address = out.alloc(2 * text.length);
  let all = 0;
  for (let i = 0, at = address >>> 1; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    u16[at + i] = unit;
    all |= unit;
  }
  out.slot(kind, Tag.Units | Tag.Owned, text.length, address, all);
}

/** The href of a URL of any realm; undefined for what only looks like one. */
function hrefOf(value: object): string | undefined {
  if (typeof URL !== "function") return undefined;
  try {
    return Object.getOwnPropertyDescriptor(URL.prototype, "href")!.get!.call(value) as string;
  } catch {
    return undefined;
  }
}

/** Lets Python call the converter with `value`, or with a text. */
function convert(out: Output, { entry, value, text }: { entry: Entry; value: object; text?: string }): true {
  let number = out.met.numberOf(entry);
  if (number < 0) {
    wasm.pyjs_py_incref(entry.pointer);
    out.objects.push(entry.pointer);
    out.slot(Tape.Register, Tag.Object, 0, entry.pointer, 0);
    number = out.met.count;
    out.met.meet(entry);
  }
  out.runsCode = true;
  const kind = (Tape.Convert | (number << 5)) as Tape;
  if (text === undefined) out.proxy(value, kind);
  else writeText(out, text, kind);
  out.met.meet(value);
  return true;
}

/** Writes what has a counterpart without a converter of the user's. */
function writeBuiltIn(out: Output, value: object, dates: boolean): boolean {
  const tag = tagOf(value);
  if (dates && (tag === "Date" || isA(value, Date))) {
    const time = timeOf(value);
    if (time === undefined) return false;
    out.words.pushNumber(Tape.Date, time);
    out.met.meet(value);
    return true;
  }
  if (regExps !== null && (tag === "RegExp" || isA(value, RegExp))) {
    const text = textOfRegExp(value);
    const entry = regExps as Entry | null; // a getter may have switched it off, and Python let go of it
    return text !== undefined && entry !== null && convert(out, { entry, value, text });
  }
  if (!withUrls || tag !== "URL") return false;
  const href = hrefOf(value);
  if (href !== undefined) out.text(href);
  return href !== undefined;
}

/** Writes an object that something is registered for; false for any other. */
export function writeRegistered(out: Output, value: object, prototype: object | null, known: Known): boolean {
  if (known === Known.None || (known === Known.Registered && !isActive)) return false;
  if (prototype === null || prototype === Object.prototype || prototype === Array.prototype) return false;
  const entry = entryOf(value, prototype);
  if (entry !== undefined) return convert(out, { entry, value });
  return writeBuiltIn(out, value, withDates || known === Known.AndDates);
}

/** For python/pyjs/converters.py. */
export const registry = { replace, refusal };

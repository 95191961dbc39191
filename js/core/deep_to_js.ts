// deep_to_js.ts: reads the tape that src/tape_writer.cpp wrote of a Python structure.
import { roots } from "./lifetime";
import { read, readKept } from "./convert";
import { define } from "./define";
import { layouts } from "./layouts";
import { LiteralMap } from "./literal_map";
import { f64, i32, refresh, u32, wasm } from "./memory";
import { ConversionIssue, PlacedError, pathStep, show } from "./path";
import { createPyProxy, destroyAll } from "./py_proxy";
import { regExpOf } from "./reg_exp";
import { settings } from "./settings";
import { readAscii, readUtf16 } from "./strings";
import { keepKey, keptKey } from "./tape_keys";
import { Feed, Tag, Tape } from "./types";
import { typedArrayOf } from "./typed_arrays";

type Converter = (entries: unknown[][]) => unknown;
type Indexed = Record<string, unknown>;

/** A container that is being filled. A root holds the one value of a tape. */
interface Frame {
  kind: Tape | -1;
  target: unknown;
  /** Elements, or pairs, that are still to come. */
  left: number;
  key: unknown;
  /** The key of the last pair. */
  last: unknown;
  /** Of a container that takes its place when it is complete. */
  number: number;
}

const ROOT = -1;
const noKey = Symbol("no key");
const pending = Symbol("a container whose converter did not run yet");

/** Characters are decoded a page at a time: a string that is kept keeps no more than its page. */
const PAGE = 1 << 16;
/** The longest text on a tape, in UTF-16 units. */
const LONGEST = 512;

class Text {
  private page = "";
  private start = 0;
  private at = 0;

  constructor(
    private readonly address: number,
    private readonly length: number,
    private readonly decode: (address: number, length: number) => string,
    private readonly width: number,
  ) {}

  next(length: number): string {
    const from = this.at - this.start;
    if (from + length > this.page.length) return this.turn(length);
    this.at += length;
    return this.page.substring(from, from + length);
  }

  end(): void {
    this.page = "";
    layouts.text = this;
  }

  private turn(length: number): string {
    const size = Math.min(this.length - this.at, PAGE + LONGEST);
    this.page = this.decode(this.address + this.width * this.at, size);
    this.start = this.at;
    this.at += length;
    return this.page.substring(0, length);
  }
}

export class TapeReader {
  private containers: unknown[] = [];
  private readonly keys: string[] = [];
  private readonly stack: Frame[] = [];
  /** Whether a key was met that is not set by assignment, or that may be another one's. */
  private unsafe = false;
  private withoutProxies = false;

  constructor(
    private converter: unknown,
    /** Whether the reader has the only reference to the converter's proxy. */
    private readonly owner: boolean,
    private proxies: unknown[] | undefined,
  ) {}

  feed(slots: number, what: number): unknown {
    this.withoutProxies = (what & Feed.NoProxies) !== 0;
    if (what & Feed.Begin) this.begin();
    this.run(slots);
    if (what & Feed.Drop) this.drop();
    return what & Feed.End ? this.end() : undefined;
  }

  close(): void {
    if (this.owner) destroyAll([this.converter]);
    this.containers = [];
    this.stack.length = 0; // a failure leaves some
    this.converter = this.proxies = undefined;
    this.leaveLayout();
  }

  protected leaveLayout(): void {
    layouts.reader = this;
  }

  private begin(): void {
    this.stack.push({ kind: ROOT, target: undefined, left: 1, key: noKey, last: noKey, number: -1 });
  }

  /** The value of the innermost root, which ends. */
  private end(): unknown {
    const root = this.stack.pop()!;
    const { target } = root;
    root.target = undefined;
    layouts.frame = root;
    return target;
  }

  /** Leaves the innermost root and what is in it. */
  private drop(): void {
    while (this.stack.pop()!.kind !== ROOT) continue;
  }

  private run(slots: number): void {
    const word = slots >>> 2;
    let at = u32[word + 2]! >>> 2;
    const end = at + u32[word + 1]!;
    const narrow = new Text(u32[word + 6]!, u32[word + 5]!, readAscii, 1);
    const wide = new Text(u32[word + 10]!, u32[word + 9]!, readUtf16, 2);
    let frame = this.stack.at(-1)!;
    while (at < end) {
      if (frame.kind === Tape.List) {
        at = this.fill(frame, at, end, narrow, wide);
        if (frame.left === 0) {
          frame = this.leave(frame);
          continue;
        }
        if (at === end) break;
      }
      const head = u32[at++]!;
      const number = head >>> 5;
      let value: unknown;
      switch (head & 31) {
        case Tape.Ints:
          value = i32[at++]!;
          break;
        case Tape.Numbers:
          at += at & 1;
          value = f64[at >> 1]!;
          at += 2;
          break;
        case Tape.Text:
          value = narrow.next(number);
          break;
        case Tape.Wide:
          value = wide.next(number);
          break;
        case Tape.Key:
          frame.key = number & 1 ? keptKey(number >>> 1) : this.keys[number >>> 1]!;
          continue;
        case Tape.Keep:
          keepKey(number, this.keys[this.keys.length - 1]!);
          continue;
        case Tape.NewKey:
          frame.key = this.learn(narrow.next(number));
          continue;
        case Tape.NewWide:
          frame.key = this.learn(wide.next(number));
          continue;
        case Tape.NewSlot:
          at += at & 1;
          // Two lone surrogates of Python's are one character here.
          this.unsafe = true;
          frame.key = this.learn(this.large(at << 2) as string);
          at += 4;
          continue;
        case Tape.None:
          value = undefined;
          break;
        case Tape.Null:
          value = null;
          break;
        case Tape.False:
          value = false;
          break;
        case Tape.True:
          value = true;
          break;
        case Tape.Slot:
          at += at & 1;
          value = this.large(at << 2);
          at += 4;
          break;
        case Tape.Register:
          at += at & 1;
          this.containers.push(this.slot(at << 2));
          at += 4;
          continue;
        case Tape.Reference:
          value = this.containers[number];
          if (value === pending) {
            throw this.issue("it contains itself, and its converter has not run yet", this.stack.length);
          }
          break;
        case Tape.Date:
          at += at & 1;
          value = new Date(f64[at >> 1]!);
          at += 2;
          if (number !== 0) this.containers.push(value);
          break;
        case Tape.Convert:
          at += at & 1;
          value = this.textual(read(at << 2, false) as string, (number & 2) !== 0);
          at += 4;
          if (number & 1) this.containers.push(value);
          break;
        case Tape.Resume:
          this.containers.length = u32[at++]!;
          this.keys.length = u32[at++]!;
          continue;
        case Tape.Buffer:
          value = this.buffer(String.fromCharCode(number >> 1), u32[at]!, u32[at + 1]!);
          if (number & 1) this.containers.push(value);
          at += 2;
          break;
        default:
          frame = this.open(head & 31, number, u32[at++]!, frame);
          continue;
      }
      this.put(frame, value);
      if (--frame.left === 0) frame = this.leave(frame);
    }
    narrow.end();
  }

  /** Reads elements of a list up to one that is no plain value; where that stands. */
  private fill(frame: Frame, start: number, end: number, narrow: Text, wide: Text): number {
    const list = frame.target as unknown[];
    let at = start;
    let { left } = frame;
    while (left > 0 && at < end) {
      const head = u32[at]!;
      const number = head >>> 5;
      switch (head & 31) {
        case Tape.Ints:
          for (const last = at + number; at < last; ) list.push(i32[++at]!);
          left -= number;
          break;
        case Tape.Numbers:
          at += 1 + (~at & 1);
          for (const stop = at + 2 * number; at < stop; at += 2) list.push(f64[at >> 1]!);
          at--;
          left -= number;
          break;
        case Tape.Text:
          list.push(narrow.next(number));
          left--;
          break;
        case Tape.Wide:
          list.push(wide.next(number));
          left--;
          break;
        case Tape.None:
        case Tape.Null:
          list.push((head & 31) === Tape.None ? undefined : null);
          left--;
          break;
        case Tape.False:
        case Tape.True:
          list.push((head & 31) === Tape.True);
          left--;
          break;
        default:
          frame.left = left;
          return at;
      }
      at++;
    }
    frame.left = left;
    return at;
  }

  private learn(key: string): string {
    if (key === "__proto__") this.unsafe = true;
    this.keys.push(key);
    return key;
  }

  protected slot(address: number): unknown {
    if ((u32[address >>> 2]! & Tag.Mask) !== Tag.Object) return read(address, false);
    const pointer = u32[(address >>> 2) + 2]!;
    wasm.pyjs_py_incref(pointer);
    const proxy = createPyProxy(pointer, u32[(address >>> 2) + 1]!, true);
    roots.get(proxy)!.explicit = true;
    if (this.proxies !== undefined) this.proxies.push(proxy);
    return proxy;
  }

  /** Fails for a bigint or text that is too long for the engine. */
  private large(address: number): unknown {
    try {
      return this.slot(address);
    } catch (error) {
      throw this.issue((error as Error).message, this.stack.length);
    }
  }

  /** Fails for characters that Unicode has not, and where JavaScript has no memory. */
  private buffer(format: string, address: number, length: number): object {
    try {
      return typedArrayOf(format, address, length);
    } catch (error) {
      throw this.issue((error as Error).message, this.stack.length);
    }
  }

  private textual(text: string, isUrl: boolean): RegExp | URL {
    try {
      return isUrl ? new URL(text) : regExpOf(text);
    } catch (error) {
      const why = isUrl ? `'${text}' is no absolute URL` : `JavaScript has no such RegExp: ${String(error)}`;
      throw this.issue(why, this.stack.length);
    }
  }

  private open(kind: Tape, shared: number, count: number, outer: Frame): Frame {
    const target = kind === Tape.Set ? new Set() : kind === Tape.Map ? newMap() : isList(kind) ? [] : {};
    const converted = kind === Tape.Entries;
    const number = shared === 0 ? -1 : this.containers.push(converted ? pending : target) - 1;
    // Where the keys are values, they count too.
    const left = kind === Tape.Map || kind === Tape.Keyed || converted ? 2 * count : count;
    const frame = { kind, target, left, key: noKey, last: noKey, number };
    if (!converted) this.put(outer, target);
    this.stack.push(frame);
    return left === 0 ? this.leave(frame) : frame;
  }

  /** Closes the innermost frame and all that are complete with it; the one that goes on. */
  private leave(innermost: Frame): Frame {
    let frame = innermost;
    while (frame.left === 0 && frame.kind !== ROOT) {
      const outer = this.stack[this.stack.length - 2]!;
      if (frame.kind === Tape.Entries) this.put(outer, this.convert(frame));
      this.stack.pop();
      outer.left--;
      frame = outer;
    }
    return frame;
  }

  private convert(frame: Frame): unknown {
    const value = this.converted(frame.target as unknown[][]);
    if (this.withoutProxies && roots.has(value as object)) this.refuse(value);
    refresh();
    if (frame.number >= 0) this.containers[frame.number] = value;
    return value;
  }

  private converted(entries: unknown[][]): unknown {
    try {
      return (this.converter as Converter)(entries);
    } catch (error) {
      throw new PlacedError(error, this.path(this.stack.length - 1));
    }
  }

  private refuse(proxy: unknown): never {
    if (roots.has(this.converter as object)) destroyAll([proxy]); // else JavaScript has it
    throw this.issue("dict_converter gave a Python object, and create_pyproxies is False");
  }

  private put(frame: Frame, value: unknown): void {
    switch (frame.kind) {
      case Tape.Dict:
        if (this.unsafe) this.addText(frame, frame.key as string, value);
        else (frame.target as Indexed)[frame.key as string] = value;
        return;
      case Tape.List:
        (frame.target as unknown[]).push(value);
        return;
      case Tape.Set:
        this.addMember(frame.target as Set<unknown>, value);
        return;
      case ROOT:
        frame.target = value;
        return;
      default:
        this.pair(frame, value);
    }
  }

  /** Takes keys and values in turn. */
  private pair(frame: Frame, value: unknown): void {
    const key = frame.key;
    if (key === noKey) {
      frame.key = value;
      return;
    }
    frame.key = noKey;
    frame.last = key;
    if (frame.kind === Tape.Entries) (frame.target as unknown[]).push([key, value]);
    else if (frame.kind === Tape.Map) this.addToMap(frame, key, value);
    else {
      const name = String(key);
      refresh(); // a toString() may have run Python
      this.addText(frame, name, value);
    }
  }

  private addMember(set: Set<unknown>, value: unknown): void {
    const { size } = set;
    if (set.add(value).size === size) throw this.issue(`two members of the set become ${show(value)} in JavaScript`);
  }

  private addToMap(frame: Frame, key: unknown, value: unknown): void {
    const map = frame.target as Map<unknown, unknown>;
    if (map.has(key)) throw this.issue(`two keys of the dict become ${show(key)} in JavaScript`);
    map.set(key, value);
  }

  private addText(frame: Frame, key: string, value: unknown): void {
    const object = frame.target as object;
    if (Object.hasOwn(object, key)) throw this.issue(`two keys of the dict become "${key}" in JavaScript`);
    define(object, key, value);
  }

  /** What is wrong with the innermost container, or with the value that the first `frames` lead to. */
  private issue(text: string, frames = this.stack.length - 1): ConversionIssue {
    return new ConversionIssue(this.path(frames), text);
  }

  private path(frames: number): string {
    const steps = this.stack.slice(0, frames).map((frame, i) => stepOf(frame, this.stack[i + 1]));
    return `$${steps.join("")}`;
  }
}

function stepOf({ kind, target, key, last }: Frame, inner: Frame | undefined): string {
  if (kind === Tape.List) {
    // What is converted takes its place when it is complete.
    const isPlaced = inner !== undefined && inner.kind !== Tape.Entries && inner.kind !== ROOT;
    return `[${(target as unknown[]).length - (isPlaced ? 1 : 0)}]`;
  }
  const name = key === noKey ? last : key;
  return name === noKey ? "" : pathStep(name);
}

function newMap(): Map<unknown, unknown> {
  return settings.literalMaps ? new LiteralMap() : new Map();
}

function isList(kind: Tape): boolean {
  return kind === Tape.List || kind === Tape.Entries;
}

/** A reader of many tapes, which need not be complete; `options`: the converter of dicts, proxies. */
export function openTape(options: number): TapeReader {
  const owner = (u32[options >>> 2]! & Tag.Mask) === Tag.Object;
  return new TapeReader(readKept(options), owner, read(options + 16, false) as unknown[] | undefined);
}

export function closeTape(reader: unknown): void {
  (reader as TapeReader).close();
}

/** Reads the tape in `slots`, which the options follow when there is no reader; `what` is of Feed. */
export function fromTape(open: unknown, slots: number, what: number): unknown {
  if (open instanceof TapeReader) return open.feed(slots, what);
  const reader = openTape(slots + 48);
  try {
    return reader.feed(slots, what);
  } finally {
    reader.close();
  }
}

// py_iterate.ts: for loops over Python objects.
import { read } from "./convert";
import { receive } from "./errors";
import { layouts } from "./layouts";
import { calls } from "./life";
import { Root, adopt, drop } from "./lifetime";
import { f64, refresh, reserve, setTop, u32, wasm } from "./memory";
import { expectRoot, live, step } from "./py_call";
import { createOwner } from "./py_proxy";
import { PyOp, Tag } from "./types";

const ENDED = "its loop has ended";
const IteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())) as object;

type Step = IteratorResult<unknown>;

/** What a for loop runs; what Python has for it ends with the loop. */
class Loop {
  constructor(protected readonly root: Root) {
    adopt(root, this);
  }

  return(value?: unknown): Step {
    drop(this.root, ENDED);
    return { done: true, value };
  }
}
Object.setPrototypeOf(Loop.prototype, IteratorPrototype);

/** Of an iterator. */
class Steps extends Loop {
  next(): Step {
    const { root } = this;
    if (root.pointer === 0) return this.return();
    let result: Step | undefined;
    try {
      result = step(root.pointer);
      return result;
    } finally {
      if (result === undefined || result.done === true) {
        drop(root, ENDED);
        layouts.steps = this;
      }
    }
  }
}

const FEWEST = 8;
const MOST = 64; // kMostSteps of src/py_walk.hpp

/** In the place of flags: the element is a value, not an object that gets a proxy. */
const VALUE = -1;

const NOTHING: readonly never[] = [];

/**
 * Of a list or tuple. Elements cross many at a time; each is used if it still stands where it
 * stood, which linear memory tells. What stands there has not been freed meanwhile: Python keeps
 * what crossed until the next crossing.
 */
class Walk extends Loop {
  private index = 0;
  /** The elements that crossed, and the index of the first. */
  private values: readonly unknown[] = NOTHING;
  /** Of each, PyFlag bits or VALUE: proxies are made when the loop comes to them. */
  private flags: readonly number[] = NOTHING;
  private start = 0;
  private many = FEWEST;
  /** Word addresses: where the objects that crossed stand, the list's size, its array. */
  private held = 0;
  private size = 0;
  private items = 0;
  /** How often Python had been called when the elements crossed. */
  private seen = 0;

  next(): Step {
    if (this.root.pointer === 0) return this.return();
    const place = this.index - this.start;
    if (place >= this.values.length || !this.isThere(place)) return this.cross();
    this.index++;
    const flags = this.flags[place]!;
    return { done: false, value: flags === VALUE ? this.values[place] : this.make(place, flags) };
  }

  private isThere(place: number): boolean {
    // No Python ran, or it is a tuple.
    if (this.seen === calls || this.size === 0) return true;
    refresh();
    const { index } = this;
    return index < u32[this.size]! && u32[(u32[this.items]! >>> 2) + index] === u32[this.held + place];
  }

  private make(place: number, flags: number): object {
    refresh();
    return createOwner(u32[this.held + place]!, flags);
  }

  private cross(): Step {
    try {
      return this.crossOnce();
    } catch (error) {
      drop(this.root, ENDED); // the loop does not call return() after this
      throw error;
    }
  }

  private crossOnce(): Step {
    refresh();
    const slots = reserve(16 * (3 + MOST));
    f64[(slots >>> 3) + 1] = this.index;
    f64[(slots >>> 3) + 3] = this.many;
    setTop(slots);
    const tag = wasm.pyjs_py_op(PyOp.WalkOn, this.root.pointer, slots);
    if (tag === Tag.Tape) {
      this.take(slots);
      return this.next();
    }
    if (tag === Tag.Missing) return this.end();
    this.index++;
    return { done: false, value: receive(tag, slots) };
  }

  private end(): Step {
    this.values = this.flags = NOTHING;
    layouts.walk = this;
    return (layouts.step = this.return());
  }

  private take(slots: number): void {
    refresh();
    const word = slots >>> 2;
    const count = u32[word + 5]!;
    this.held = u32[word + 6]! >>> 2;
    this.size = u32[word + 9]! >>> 2;
    this.items = u32[word + 10]! >>> 2;
    this.seen = calls;
    this.start = this.index;
    this.many = Math.min(2 * this.many, MOST);
    const values: unknown[] = [];
    const flags: number[] = [];
    for (let i = 0; i < count; i++) {
      const slot = slots + 16 * (3 + i);
      const at = slot >>> 2;
      const isObject = (u32[at]! & Tag.Mask) === Tag.Object;
      flags.push(isObject ? u32[at + 1]! : VALUE);
      values.push(isObject ? undefined : read(slot, false));
    }
    this.values = values;
    this.flags = flags;
  }
}

/** The iterator of a for loop over the object of `proxy`; it may be one of JavaScript's. */
function loopOver(proxy: object): object {
  const pointer = live(expectRoot(proxy, "iteration"));
  refresh();
  const slots = reserve(32);
  setTop(slots);
  const tag = wasm.pyjs_py_op(PyOp.Walk, pointer, slots);
  if ((tag & Tag.Mask) !== Tag.Object) return receive(tag, slots) as object;
  refresh();
  const word = slots >>> 2;
  const root = new Root(u32[word + 2]!, u32[word + 1]!, true);
  return (tag & Tag.Done) === 0 ? new Steps(root) : new Walk(root);
}

export const iterable = {
  [Symbol.iterator](): object {
    return loopOver(this);
  },
};

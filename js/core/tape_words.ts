// tape_words.ts: the words and texts of a tape while they are written.
import { OutOfMemory, alloc, u32, u8, wasm } from "./memory";
import { Recent } from "./recent";
import { Tag, Tape } from "./types";

/** From this many words `set` costs less than a loop. */
const COPY_FROM = 128;
/** A part of a tape is about so many words, or characters, long. */
const PART = 1 << 15;
/** A slot for the words, and one for the text. */
const PART_WORDS = 8;

const encoder = new TextEncoder();

function newWords(length: number): Int32Array<ArrayBuffer> {
  try {
    return new Int32Array(length);
  } catch {
    throw new OutOfMemory(4 * length); // JavaScript's own memory
  }
}

/**
 * 32-bit words that grow, and the text behind them. A long tape goes to Python's memory in parts:
 * they are copied while they are in the processor's cache, and short texts do not grow old.
 */
export class Words {
  i32 = new Int32Array(4096);
  f64 = new Float64Array(this.i32.buffer);
  length = 0;
  text = "";
  readonly recent = new Recent();
  /** Memory of the parts, which goes to Python with the tape. */
  private blocks: number[] = [];
  private readonly first = new Uint32Array(PART_WORDS);
  private readonly part = new Uint32Array(PART_WORDS);
  /** Where the part before this one says where this one is; 0 for the first. */
  private link = 0;

  push(word: number): void {
    if (this.length === this.i32.length) this.grow(1);
    this.i32[this.length++] = word;
  }

  pushTwo(first: number, second: number): void {
    const at = this.length;
    if (at + 2 > this.i32.length) this.grow(2);
    this.i32[at] = first;
    this.i32[at + 1] = second;
    this.length = at + 2;
  }

  align(): void {
    if (this.length & 1) this.push(0);
  }

  /** A word, and a double where the length is even. */
  pushNumber(word: number, value: number): void {
    const at = this.length;
    if (at + 4 > this.i32.length) this.grow(4);
    this.i32[at] = word;
    const place = (at + 2) >> 1; // what may lie between is not read
    this.f64[place] = value;
    this.length = 2 * place + 2;
  }

  /** The numbers that a list of such a length begins with, as doubles; how many. */
  addNumbers(items: readonly unknown[], length: number): number {
    this.reserve(2 * length + 2);
    const { f64 } = this;
    const start = (this.length + 2) >> 1;
    let count = 0;
    while (count < length) {
      const item = items[count];
      if (typeof item !== "number") break;
      f64[start + count++] = item;
    }
    if (count === 0) return 0;
    this.i32[this.length] = Tape.Numbers | (count << 5);
    this.length = 2 * (start + count);
    return count;
  }

  /** Makes room for `more` words. */
  reserve(more: number): void {
    if (this.length + more > this.i32.length) this.grow(more);
  }

  private grow(more: number): void {
    const longer = newWords(2 * this.i32.length + 2 * more);
    longer.set(this.i32.subarray(0, this.length));
    this.i32 = longer;
    this.f64 = new Float64Array(longer.buffer);
  }

  get isLong(): boolean {
    return this.length >= PART;
  }

  /** Between two values: adds a text, unless Python has it. */
  addText(text: string, length: number): void {
    const place = this.recent.find(text, length);
    if (place > 0) return this.push(Tape.Again | ((place - 1) << 5));
    this.push(Tape.Text | ((length | (-place << 13)) << 5));
    this.text += text;
    if (this.text.length >= PART) this.flush();
  }

  /** Between two values: what is written becomes a part. */
  flush(): void {
    this.push(Tape.More);
    this.align();
    const at = this.length;
    for (let i = 0; i < PART_WORDS; i++) this.push(0);
    const address = this.copyPart();
    this.link = address + 4 * at;
  }

  /** Points two slots to the whole, which is Python's from now on. */
  finish(slots: number): void {
    this.copyPart();
    u32.set(this.first, slots >>> 2);
    this.blocks = [];
    this.link = 0;
  }

  /** Copies a part, and tells the one before it where it is. */
  private copyPart(): number {
    const { length, link } = this;
    const text = this.copyText();
    const address = this.copyWords();
    const part = this.part;
    part[0] = Tag.Tape;
    part[1] = length;
    part[2] = address;
    part[4] = text.tag;
    part[5] = text.length;
    part[6] = text.address;
    if (link !== 0) u32.set(part, link >>> 2);
    else this.first.set(part);
    this.length = 0;
    this.text = "";
    return address;
  }

  private alloc(size: number): number {
    const address = alloc(size);
    this.blocks.push(address);
    return address;
  }

  private copyWords(): number {
    const { length, i32 } = this;
    const address = this.alloc(4 * length + 8);
    if (length < COPY_FROM) for (let i = 0, to = address >>> 2; i < length; i++, to++) u32[to] = i32[i]!;
    else u32.set(i32.subarray(0, length), address >>> 2);
    return address;
  }

  private copyText(): { tag: Tag; length: number; address: number } {
    const { text } = this;
    const { length } = text;
    if (length === 0) return { tag: Tag.Ascii, length, address: 0 };
    const address = this.alloc(2 * length);
    const { read, written } = encoder.encodeInto(text, u8.subarray(address, address + length));
    if (read === length && written === length) return { tag: Tag.Ascii, length, address };
    const units = new Uint16Array(u8.buffer, address, length);
    for (let i = 0; i < length; i++) units[i] = text.charCodeAt(i);
    return { tag: Tag.Units, length, address };
  }

  /** Forgets what is written, and frees the parts. */
  drop(): void {
    for (const block of this.blocks) wasm.free(block);
    this.blocks = [];
    this.link = 0;
    this.length = 0;
    this.text = "";
    this.recent.clear();
  }
}

/** Longer words are not kept for the next conversion. */
const SPARE = 1 << 16;
let spare: Words | null = new Words();

export function takeWords(): Words {
  const words = spare ?? new Words();
  spare = null;
  return words;
}

export function giveBack(words: Words): void {
  words.drop();
  if (words.i32.length <= SPARE) spare = words;
}

// strings.ts: strings in and out of linear memory, exact for every code unit.
import { alloc, node, room, setTop, top, u16, u32, u8, wasm } from "./memory";
import { Tag } from "./types";

const ascii = new TextDecoder("utf-8", { ignoreBOM: true });
const utf16 = new TextDecoder("utf-16le", { ignoreBOM: true });
const encoder = new TextEncoder();

/** From this length a decoder call costs less than a loop. */
const DECODE_FROM = 40;
/** From this length `encodeInto` costs less than a loop, if the text is ASCII. */
const ENCODE_FROM = 64;
/** From this length memory counts for more than a second look at the text. */
const LARGE = 1 << 20;
/** Characters made at a time of long texts: a text of small pieces takes several times as much. */
const PIECE = 4096;
/** Longest string that is written into the arena instead of the heap. */
export const IN_ARENA = 4096;

const from = String.fromCharCode;

function join(view: Uint8Array | Uint16Array, start: number, length: number): string {
  let text = "";
  let i = start;
  const whole = start + (length & ~7);
  for (; i < whole; i += 8) {
    text += from(
      view[i]!,
      view[i + 1]!,
      view[i + 2]!,
      view[i + 3]!,
      view[i + 4]!,
      view[i + 5]!,
      view[i + 6]!,
      view[i + 7]!,
    );
  }
  const end = start + length;
  for (; i < end; i++) text += from(view[i]!);
  return text;
}

/** The same for a text of any length, in as much memory as the text takes. */
function joinPieces(view: Uint8Array | Uint16Array, start: number, length: number): string {
  if (length < PIECE) return join(view, start, length);
  let text = "";
  for (let i = start, end = start + length; i < end; i += PIECE) {
    text += from.apply(null, view.subarray(i, Math.min(i + PIECE, end)) as unknown as number[]);
  }
  return text;
}

export function readAscii(address: number, length: number): string {
  if (length < DECODE_FROM) return join(u8, address, length);
  if (node !== null) return node.toString("latin1", address, address + length);
  return ascii.decode(u8.subarray(address, address + length));
}

/** Bytes of C's: UTF-8, and nearly always few and ASCII. */
export function readUtf8(address: number, length: number): string {
  for (let i = address; i < address + length; i++) {
    if (u8[i]! > 0x7f) return ascii.decode(u8.subarray(address, address + length));
  }
  return readAscii(address, length);
}

export function readLatin1(address: number, length: number): string {
  if (length < DECODE_FROM) return join(u8, address, length);
  if (node !== null) return node.toString("latin1", address, address + length);
  return joinPieces(u8, address, length);
}

/** `length` code units without a lone surrogate, which a decoder would replace. */
export function readUtf16(address: number, length: number): string {
  if (length < DECODE_FROM) return join(u16, address >>> 1, length);
  if (node !== null) return node.toString("utf16le", address, address + 2 * length);
  return utf16.decode(u8.subarray(address, address + 2 * length));
}

/** `length` code units, whatever they are. */
export function readUnits(address: number, length: number): string {
  return joinPieces(u16, address >>> 1, length);
}

function writeUnits(text: string, address: number, slot: number, owned: number): void {
  const length = text.length;
  let at = address >>> 1;
  let all = 0;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    all |= unit;
    u16[at++] = unit;
  }
  const word = slot >>> 2;
  u32[word] = Tag.Units | owned;
  u32[word + 1] = length;
  u32[word + 2] = address;
  u32[word + 3] = all;
}

/**
 * Writes `text` and the slot that points to it. Short texts lie in the arena;
 * C++ frees the memory of long ones.
 */
export function writeString(text: string, slot: number): void {
  const length = text.length;
  if (length < ENCODE_FROM && 2 * length <= room(top)) {
    const address = top;
    setTop((address + 2 * length + 7) & ~7);
    writeUnits(text, address, slot, 0);
    return;
  }
  writeLong(text, length, slot);
}

/** A slot of text whose units are bytes, which C++ frees. */
function writeBytes(tag: Tag, length: number, address: number, slot: number): void {
  const word = slot >>> 2;
  u32[word] = tag | Tag.Owned;
  u32[word + 1] = length;
  u32[word + 2] = address;
}

/** The same as writeLong() with no more memory than the text needs: a byte per unit where that holds it. */
function writeLarge(text: string, length: number, slot: number): void {
  const address = alloc(length);
  const { read, written } = encoder.encodeInto(text, u8.subarray(address, address + length));
  if (read === length && written === length) return writeBytes(Tag.Ascii, length, address, slot);
  let i = 0;
  for (let unit = 0; i < length && (unit = text.charCodeAt(i)) < 0x100; i++) u8[address + i] = unit;
  if (i === length) return writeBytes(Tag.Latin1, length, address, slot);
  wasm.free(address);
  writeUnits(text, alloc(2 * length), slot, Tag.Owned);
}

function writeLong(text: string, length: number, slot: number): void {
  if (length >= LARGE) return writeLarge(text, length, slot);
  // Room for UTF-16, or for an attempt at ASCII that stops where it is not.
  const size = 2 * length + 8;
  const inArena = length <= IN_ARENA && size <= room(top);
  const address = inArena ? top : alloc(size);
  const owned = inArena ? 0 : Tag.Owned;
  if (inArena) setTop((address + size + 7) & ~7);
  const { read, written } = encoder.encodeInto(text, u8.subarray(address, address + length));
  if (read === length && written === length) {
    const word = slot >>> 2;
    u32[word] = Tag.Ascii | owned;
    u32[word + 1] = length;
    u32[word + 2] = address;
    return;
  }
  writeUnits(text, address, slot, owned);
}

export function hexOf(value: bigint): string {
  return value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
}

export function writeHex(value: bigint, slot: number): void {
  const text = hexOf(value);
  writeLong(text, text.length, slot);
  const word = slot >>> 2;
  u32[word] = Tag.BigHex | (u32[word]! & Tag.Owned);
}

export function readHex(address: number, length: number): bigint {
  try {
    const text = readAscii(address, length);
    return text.startsWith("-") ? -BigInt(text.slice(1)) : BigInt(text);
  } catch {
    // The engine's own error would hold all digits.
    throw new RangeError(`an int of about ${4 * length} bits is too large for a bigint of this engine`);
  }
}

// table.ts: puts functions of JavaScript into the table of WebAssembly's functions, all at once.
//
// A table takes functions of WebAssembly alone, so a module imports them and exports them again.
// Emscripten's addFunction makes a module for each.

/** A function, and Emscripten's signature of it: the result's type, then those of the parameters. */
export type Signed = readonly [callback: (...args: never[]) => unknown, signature: string];

const MAGIC = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const enum Section {
  Types = 1,
  Imports = 2,
  Exports = 7,
}
const FUNCTION_TYPE = 0x60;
const FUNCTION = 0x00;
const I32 = 0x7f;

/** LEB128. */
function encoded(count: number): number[] {
  return count < 0x80 ? [count] : [(count & 0x7f) | 0x80, ...encoded(count >>> 7)];
}

function section(id: Section, entries: readonly (readonly number[])[]): number[] {
  const content = [...encoded(entries.length), ...entries.flat()];
  return [id, ...encoded(content.length), ...content];
}

function types(signature: string): number[] {
  if (!/^[vi]i*$/.test(signature)) {
    throw new TypeError(`pyjs: expected a signature of 32-bit integers, such as "vii", got "${signature}"`);
  }
  const parameters = signature.length - 1;
  const results = signature[0] === "v" ? [] : [I32];
  return [FUNCTION_TYPE, ...encoded(parameters), ...Array<number>(parameters).fill(I32), results.length, ...results];
}

/** Each function is named by its number. */
function moduleOf(signatures: readonly string[]): WebAssembly.Module {
  const name = (i: number): number[] => {
    const digits = [...String(i)].map((digit) => digit.charCodeAt(0));
    return [digits.length, ...digits];
  };
  return new WebAssembly.Module(
    new Uint8Array([
      ...MAGIC,
      ...section(Section.Types, signatures.map(types)),
      ...section(Section.Imports, signatures.map((_, i) => [0, ...name(i), FUNCTION, ...encoded(i)])),
      ...section(Section.Exports, signatures.map((_, i) => [...name(i), FUNCTION, ...encoded(i)])),
    ]),
  );
}

/** Gives the index of each. They stay for as long as the table. */
export function addFunctions(table: WebAssembly.Table, functions: readonly Signed[]): number[] {
  const module = moduleOf(functions.map(([, signature]) => signature));
  const callbacks = Object.fromEntries(functions.map(([callback], i) => [i, callback]));
  const { exports } = new WebAssembly.Instance(module, { "": callbacks });
  const first = table.grow(functions.length);
  return functions.map((_, i) => {
    table.set(first + i, exports[i]);
    return first + i;
  });
}

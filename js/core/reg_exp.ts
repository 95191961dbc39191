// reg_exp.ts: a RegExp as one text, "flags/source", for python/pyjs/_regexp.py.

export function regExpOf(text: string): RegExp {
  const at = text.indexOf("/");
  return new RegExp(text.slice(at + 1), text.slice(0, at));
}

// eslint-disable-next-line @typescript-eslint/unbound-method -- called on what may be of another realm
const source = Object.getOwnPropertyDescriptor(RegExp.prototype, "source")!.get!;

/** The text of a RegExp of any realm; undefined for what only looks like one. */
export function textOfRegExp(value: object): string | undefined {
  try {
    return `${(value as RegExp).flags}/${String(source.call(value))}`;
  } catch {
    return undefined;
  }
}

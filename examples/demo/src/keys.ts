// keys.ts: what the terminal sends for keys and pastes, as named actions.

export type Key =
  | { readonly name: "text" | "paste"; readonly text: string }
  | { readonly name: Exclude<Action, "text" | "paste"> };

type Action =
  | "text"
  | "paste"
  | "enter"
  | "newline"
  | "tab"
  | "backspace"
  | "delete"
  | "left"
  | "right"
  | "wordLeft"
  | "wordRight"
  | "home"
  | "end"
  | "up"
  | "down"
  | "killWord"
  | "killToStart"
  | "killToEnd"
  | "interrupt"
  | "endInput"
  | "clear"
  | "unknown";

type Named = Exclude<Action, "text" | "paste">;

const CONTROL: Readonly<Record<string, Named>> = {
  "\r": "enter",
  "\n": "enter",
  "\t": "tab",
  "\x7f": "backspace",
  "\b": "backspace",
  "\x01": "home",
  "\x02": "left",
  "\x03": "interrupt",
  "\x04": "endInput",
  "\x05": "end",
  "\x06": "right",
  "\x0b": "killToEnd",
  "\x0c": "clear",
  "\x0e": "down",
  "\x10": "up",
  "\x15": "killToStart",
  "\x17": "killWord",
};

const ESCAPE: Readonly<Record<string, Named>> = {
  "[A": "up",
  "[B": "down",
  "[C": "right",
  "[D": "left",
  "[H": "home",
  "[F": "end",
  OA: "up",
  OB: "down",
  OC: "right",
  OD: "left",
  OH: "home",
  OF: "end",
  "[1~": "home",
  "[4~": "end",
  "[3~": "delete",
  "[1;5C": "wordRight",
  "[1;5D": "wordLeft",
  "[1;3C": "wordRight",
  "[1;3D": "wordLeft",
  f: "wordRight",
  b: "wordLeft",
  "\x7f": "killWord",
  "\r": "newline",
};

const PASTE_START = "\x1b[200~";
const PASTE_END = "\x1b[201~";

// A paste, an escape sequence, a control character, or a run of plain text.
const TOKENS =
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  /\x1b\[200~[^]*?\x1b\[201~|\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Za-z]|[^])?|[\x00-\x1f\x7f]|[^\x00-\x1f\x7f]+/g;

function keyOf(token: string): Key {
  if (token.startsWith(PASTE_START)) {
    const text = token.slice(PASTE_START.length, -PASTE_END.length);
    return { name: "paste", text: text.replace(/\r\n?/g, "\n") };
  }
  if (token.startsWith("\x1b")) return { name: ESCAPE[token.slice(1)] ?? "unknown" };
  const control = CONTROL[token];
  if (control !== undefined) return { name: control };
  return token < " " ? { name: "unknown" } : { name: "text", text: token };
}

/** The keys in one piece of the terminal's input. */
export function parseKeys(data: string): Key[] {
  return (data.match(TOKENS) ?? []).map(keyOf);
}

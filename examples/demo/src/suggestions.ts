// suggestions.ts: the names that Tab offers, in columns.

const MOST = 80;
const GAP = 2;

/** What all names begin with. */
export function commonStart(names: readonly string[]): string {
  const [first = "", ...rest] = names;
  let length = first.length;
  for (const name of rest) {
    while (!name.startsWith(first.slice(0, length))) length--;
  }
  return first.slice(0, length);
}

/** The names as lines of at most `cols` cells; beyond the first many, only their number. */
export function listing(names: readonly string[], cols: number): string {
  const shown = names.slice(0, MOST);
  const cell = Math.max(...shown.map((name) => name.length)) + GAP;
  const across = Math.max(1, Math.floor(cols / cell));
  const down = Math.ceil(shown.length / across);
  let text = "";
  for (let row = 0; row < down; row++) {
    for (let at = row; at < shown.length; at += down) text += shown[at]!.padEnd(cell);
    text = `${text.trimEnd()}\n`;
  }
  const rest = names.length - shown.length;
  return rest > 0 ? `${text}and ${rest} more\n` : text;
}

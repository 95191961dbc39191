// dedent.ts: takes away what all lines of a program are indented by.

/** A line of white space alone. */
const blank = /(?:^|\n)[^\S\n]+(?:\n|$)/;
/** A first line that is indented, behind any that are empty. */
const indented = /^\n*[ \t]/;

/** The longest beginning that two texts share. */
function shared(one: string, other: string): string {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return one.slice(0, length);
}

/**
 * As textwrap.dedent of Python 3.14: lines of white space alone become empty too. Most programs need
 * nothing, and are looked at only.
 */
export function dedent(code: string): string {
  if (!indented.test(code) && !blank.test(code)) return code;
  const lines = code.split("\n").map((line) => (line.trim() === "" ? "" : line));
  let margin: string | undefined;
  for (const line of lines) {
    if (line === "") continue;
    const own = /^[ \t]*/.exec(line)![0];
    margin = margin === undefined ? own : shared(margin, own);
  }
  const { length } = margin ?? "";
  return lines.map((line) => line.slice(length)).join("\n");
}

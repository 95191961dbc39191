// screen.ts: draws the lines being edited into the terminal, and keeps count of their rows.

const FIRST = ">>> ";
const NEXT = "... ";
const PROMPT = "\x1b[35m";
const PLAIN = "\x1b[0m";

export interface Terminal {
  readonly cols: number;
  readonly rows: number;
  write(data: string | Uint8Array): void;
}

// As many cells as the terminal gives these characters.
const WIDE =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3040-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{2fffd}\u{30000}-\u{3fffd}]/u;
const NONE = /[\p{Mn}\p{Me}\u200b-\u200f\u2060]/u;

function cellsOf(char: string): number {
  if (char < "\u0300") return 1;
  if (NONE.test(char)) return 0;
  return WIDE.test(char) ? 2 : 1;
}

interface Place {
  readonly row: number;
  readonly column: number;
}

interface Row {
  readonly text: string;
  readonly prompt: string;
}

// eslint-disable-next-line no-control-regex -- the escape character begins a colour
const COLOURS = /\x1b\[[0-9;]*m/g;

/** Where the cursor stands after a prompt and `text`; after a full row, on the next one. */
function placeAfter({ prompt, text }: Row, cols: number): Place {
  let row = 0;
  let column = 0;
  for (const char of prompt.replace(COLOURS, "") + text) {
    const cells = cellsOf(char);
    if (column + cells > cols) {
      row++;
      column = 0;
    }
    column += cells;
  }
  return column < cols ? { row, column } : { row: row + 1, column: 0 };
}

export class Screen {
  /** The cursor's row, counted from the first one drawn. */
  private row = 0;
  private first = FIRST;

  constructor(private readonly terminal: Terminal) {}

  /** Begins at the console's prompt, or behind that of a program, which is drawn already. */
  begin(prompt: string | null): void {
    this.first = prompt ?? FIRST;
    this.row = prompt === null ? 0 : placeAfter({ prompt, text: "" }, this.terminal.cols).row;
  }

  /** Draws `text` with the cursor at an offset in it, over what was drawn before. */
  draw(text: string, cursor: number): void {
    const { shown, row, column } = this.layout(text, cursor);
    const up = this.height(shown) - 1 - row;
    this.terminal.write(
      `${this.erasing()}${this.paint(shown)}\r${up > 0 ? `\x1b[${up}A` : ""}` +
        (column > 0 ? `\x1b[${column}C` : ""),
    );
    this.row = row;
  }

  /** Removes what was drawn; the terminal's cursor stands where the first prompt stood. */
  erase(): void {
    this.terminal.write(this.erasing());
    this.row = 0;
  }

  /** Leaves the finished text in the terminal, whole, and goes to the line after it. */
  leave(text: string): void {
    this.terminal.write(`${this.erasing()}${this.paint(this.lines(text))}\r\n`);
    this.row = 0;
  }

  /** The lines to show, and where among them the cursor stands. */
  private layout(text: string, cursor: number): Place & { shown: Row[] } {
    const above = text.slice(0, cursor).split("\n");
    const lines = this.lines(text);
    const { prompt } = lines[above.length - 1]!;
    const { row, column } = placeAfter({ prompt, text: above.pop()! }, this.terminal.cols);
    const [from, to] = this.window(lines, above.length);
    return { shown: lines.slice(from, to), row: this.height(lines.slice(from, above.length)) + row, column };
  }

  private erasing(): string {
    return `\r${this.row > 0 ? `\x1b[${this.row}A` : ""}\x1b[J`;
  }

  private lines(text: string): Row[] {
    return text.split("\n").map((line, index) => ({ text: line, prompt: index === 0 ? this.first : NEXT }));
  }

  private paint(lines: readonly Row[]): string {
    return lines.map((line) => this.paintLine(line)).join("\r\n");
  }

  /** A line that fills its row gets a space after it: the cursor's place is on the next row. */
  private paintLine(line: Row): string {
    const { text, prompt } = line;
    const full = text !== "" && placeAfter(line, this.terminal.cols).column === 0;
    const colour = prompt === FIRST || prompt === NEXT ? PROMPT : "";
    return `${colour}${prompt}${PLAIN}${text}${full ? " " : ""}`;
  }

  private height(lines: readonly Row[]): number {
    return lines.reduce((sum, line) => sum + placeAfter(line, this.terminal.cols).row + 1, 0);
  }

  /** The lines around the cursor's that fit the terminal; rows above it cannot be redrawn. */
  private window(lines: readonly Row[], cursor: number): [number, number] {
    const room = this.terminal.rows;
    let from = cursor;
    let to = cursor + 1;
    while (from > 0 && this.height(lines.slice(from - 1, to)) <= room) from--;
    while (to < lines.length && this.height(lines.slice(from, to + 1)) <= room) to++;
    return [from, to];
  }
}

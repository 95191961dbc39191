// line_buffer.ts: the text being edited and its cursor; knows nothing of a terminal.

const INDENT = 4;
const LOW_SURROGATE = /[\udc00-\udfff]/;

/** What can stand in an editable line: tabs become spaces, other control characters go. */
function clean(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what it removes
  return text.replaceAll("\t", " ".repeat(INDENT)).replace(/[\x00-\x09\x0b-\x1f\x7f]/g, "");
}

export class LineBuffer {
  text = "";
  cursor = 0;

  set(text: string): void {
    this.text = text;
    this.cursor = text.length;
  }

  get beforeCursor(): string {
    return this.text.slice(0, this.cursor);
  }

  /** The start of the cursor's line up to the cursor. */
  get lineBeforeCursor(): string {
    return this.text.slice(this.lineStart(), this.cursor);
  }

  get onFirstLine(): boolean {
    return !this.beforeCursor.includes("\n");
  }

  get onLastLine(): boolean {
    return !this.text.includes("\n", this.cursor);
  }

  insert(text: string): void {
    const added = clean(text);
    this.text = this.beforeCursor + added + this.text.slice(this.cursor);
    this.cursor += added.length;
  }

  /** Opens a line, indented as the code above asks for. */
  newline(): void {
    const line = this.lineBeforeCursor;
    const indent = /^ */.exec(line)![0].length;
    const deeper = /:\s*(#.*)?$/.test(line) ? INDENT : 0;
    const shallower = /^\s*(return|pass|break|continue|raise)\b/.test(line) ? INDENT : 0;
    this.insert(`\n${" ".repeat(Math.max(0, indent + deeper - shallower))}`);
  }

  indent(): void {
    this.insert(" ".repeat(INDENT - (this.lineBeforeCursor.length % INDENT)));
  }

  left(): void {
    if (this.cursor > 0) this.cursor -= this.stepBack();
  }

  right(): void {
    if (this.cursor < this.text.length) {
      this.cursor += LOW_SURROGATE.test(this.text[this.cursor + 1] ?? "") ? 2 : 1;
    }
  }

  wordLeft(): void {
    this.cursor = this.beforeCursor.search(/[\p{L}\p{N}_]*[^\p{L}\p{N}_]*$/u);
  }

  wordRight(): void {
    this.cursor += /^[^\p{L}\p{N}_]*[\p{L}\p{N}_]*/u.exec(this.text.slice(this.cursor))![0].length;
  }

  home(): void {
    this.cursor = this.lineStart();
  }

  end(): void {
    this.cursor = this.lineEnd();
  }

  up(): void {
    const start = this.lineStart();
    if (start === 0) return;
    const column = this.cursor - start;
    const above = this.text.lastIndexOf("\n", start - 2) + 1;
    this.cursor = Math.min(above + column, start - 1);
  }

  down(): void {
    const end = this.lineEnd();
    if (end === this.text.length) return;
    const column = this.cursor - this.lineStart();
    this.cursor = end + 1;
    this.cursor = Math.min(end + 1 + column, this.lineEnd());
  }

  backspace(): void {
    const line = this.lineBeforeCursor;
    const blank = line !== "" && line.trim() === "";
    const count = blank ? ((line.length - 1) % INDENT) + 1 : this.stepBack();
    this.remove(this.cursor - count, this.cursor);
  }

  delete(): void {
    const from = this.cursor;
    this.right();
    this.remove(from, this.cursor);
  }

  killWord(): void {
    const to = this.cursor;
    this.wordLeft();
    this.remove(this.cursor, to);
  }

  killToStart(): void {
    this.remove(this.lineStart(), this.cursor);
  }

  killToEnd(): void {
    this.remove(this.cursor, this.lineEnd());
  }

  private remove(from: number, to: number): void {
    const start = Math.max(0, from);
    this.text = this.text.slice(0, start) + this.text.slice(to);
    this.cursor = start;
  }

  private stepBack(): number {
    return LOW_SURROGATE.test(this.text[this.cursor - 1] ?? "") ? 2 : 1;
  }

  private lineStart(): number {
    return this.cursor === 0 ? 0 : this.text.lastIndexOf("\n", this.cursor - 1) + 1;
  }

  private lineEnd(): number {
    const end = this.text.indexOf("\n", this.cursor);
    return end < 0 ? this.text.length : end;
  }
}

// console.ts: the prompt: keys edit a cell, Enter runs it, and the next prompt follows.
import type { Terminal } from "@xterm/xterm";
import { History } from "./history";
import type { Key } from "./keys";
import { parseKeys } from "./keys";
import { LineBuffer } from "./line_buffer";
import { Output } from "./output";
import type { PyConsole } from "./python";
import { Screen } from "./screen";
import { listing } from "./suggestions";
import { openTerminal } from "./terminal";

export class Console {
  readonly output: Output;
  private readonly terminal: Terminal;
  private readonly screen: Screen;
  private readonly buffer = new LineBuffer();
  private readonly history = new History();
  /** Keys typed ahead while a cell runs. */
  private waiting: Key[] = [];
  private python: PyConsole | null = null;
  private editing = false;
  /** Takes the line that is edited, when Python waits for one. */
  private answer: ((line: string | null) => void) | null = null;

  constructor(
    holder: HTMLElement,
    private readonly transcript: HTMLElement,
  ) {
    this.terminal = openTerminal(holder, {
      tabLeaves: () => this.buffer.text === "",
      onInput: (data) => void this.take(parseKeys(data)),
      onResize: (apply) => this.resize(apply),
    });
    this.screen = new Screen(this.terminal);
    this.output = new Output(this.terminal, this.screen, () => (this.editing ? this.buffer : null));
  }

  /** Shows the first prompt. */
  start(python: PyConsole): void {
    this.python = python;
    this.listen(python);
    this.prompt();
  }

  focus(): void {
    this.terminal.focus();
  }

  private prompt(): void {
    this.output.endLine();
    this.edit(null);
  }

  private edit(prompt: string | null): void {
    this.screen.begin(prompt);
    this.buffer.set("");
    this.editing = true;
    this.draw();
  }

  private listen(python: PyConsole): void {
    this.answer = null;
    python.listen(() => this.readLine());
  }

  /** What input() waits for. A cell that is edited is not disturbed: the browser asks. */
  private readLine(): Promise<string | null> {
    if (this.editing) return Promise.resolve(prompt("Python asks for input:"));
    this.transcript.textContent = this.output.takeSpoken();
    return new Promise((resolve) => {
      this.answer = resolve;
      this.edit(this.output.takeLine());
      void this.take(this.waiting.splice(0));
    });
  }

  /** Ends the line that is edited for Python. */
  private reply(line: string | null, shown = this.buffer.text): void {
    const { answer } = this;
    this.answer = null;
    this.editing = false;
    this.screen.leave(shown);
    answer?.(line);
  }

  private draw(): void {
    this.screen.draw(this.buffer.text, this.buffer.cursor);
  }

  /** The prompt goes before the size changes: how its wrapped rows would move is not ours to know. */
  private resize(apply: () => void): void {
    if (!this.editing) return apply();
    this.screen.erase();
    this.terminal.write("", () => {
      apply();
      if (this.editing) this.draw();
    });
  }

  private async take(keys: readonly Key[]): Promise<void> {
    if (this.python === null) return;
    for (const [index, key] of keys.entries()) {
      if (!this.editing) {
        this.waitWith(keys.slice(index), this.python);
        return;
      }
      if (this.answer !== null) {
        this.pressForInput(key, this.python);
        continue;
      }
      const cell = this.press(key);
      if (cell === null) continue;
      this.waiting = keys.slice(index + 1);
      await this.run(cell, this.python);
      return;
    }
    if (this.editing) this.draw();
  }

  /** While a cell runs, Ctrl-C cancels it and other keys wait for the prompt. */
  private waitWith(keys: readonly Key[], python: PyConsole): void {
    if (keys.some((key) => key.name === "interrupt")) {
      this.waiting = [];
      python.interrupt();
    } else {
      this.waiting.push(...keys);
    }
  }

  private async run(cell: string, python: PyConsole): Promise<void> {
    this.editing = false;
    this.screen.leave(cell);
    this.history.add(cell);
    this.output.takeSpoken();
    try {
      await python.run(cell);
    } catch (error) {
      // Python reports what its own code raises; this is a failure of the runtime.
      this.output.print(String(error));
    }
    this.transcript.textContent = this.output.takeSpoken();
    if (this.answer !== null) {
      this.reply(null); // nobody waits for it any more
      this.listen(python);
    }
    this.prompt();
    await this.take(this.waiting.splice(0));
  }

  /** Does what a key says to the line that Python waits for. */
  private pressForInput(key: Key, python: PyConsole): void {
    const { buffer } = this;
    switch (key.name) {
      case "text":
        buffer.insert(key.text);
        return;
      case "paste":
        this.pasteForInput(key.text);
        return;
      case "enter":
      case "newline":
        this.reply(buffer.text);
        return;
      case "endInput":
        if (buffer.text === "") this.reply(null);
        else buffer.delete();
        return;
      case "interrupt":
        this.answer = null;
        this.reply(null, `${buffer.text}^C`);
        this.waiting = [];
        python.interrupt();
        this.listen(python);
        return;
      case "tab":
        buffer.indent();
        return;
      case "up":
      case "down":
      case "clear":
      case "unknown":
        return;
      default:
        buffer[key.name]();
    }
  }

  private pasteForInput(text: string): void {
    const end = text.indexOf("\n");
    this.buffer.insert(end < 0 ? text : text.slice(0, end));
    if (end < 0) return;
    const rest = text.slice(end + 1);
    if (rest !== "") this.waiting.push({ name: "paste", text: rest });
    this.reply(this.buffer.text);
  }

  /** Does what a key says; returns the cell when that key finishes it. */
  private press(key: Key): string | null {
    const { buffer } = this;
    switch (key.name) {
      case "text":
        buffer.insert(key.text);
        return null;
      case "paste":
        return this.paste(key.text);
      case "enter":
        return this.enter();
      case "newline":
        buffer.newline();
        return null;
      case "tab":
        this.complete();
        return null;
      case "up":
        this.up();
        return null;
      case "down":
        this.down();
        return null;
      case "interrupt":
        this.abandon();
        return null;
      case "clear":
        this.terminal.clear();
        return null;
      case "endInput":
        buffer.delete();
        return null;
      case "unknown":
        return null;
      default:
        buffer[key.name]();
        return null;
    }
  }

  /** Inside a cell Enter opens a line; at its end Python says whether the cell is whole. */
  private enter(): string | null {
    const { buffer } = this;
    const inside = !buffer.onLastLine;
    if (inside || this.python!.wants_more(buffer.text)) {
      buffer.newline();
      return null;
    }
    return buffer.text;
  }

  /** A paste that ends with a line break asks to be run, as Enter would. */
  private paste(text: string): string | null {
    this.buffer.insert(text.replace(/\n+$/, ""));
    if (!text.endsWith("\n") || !this.buffer.onLastLine) return null;
    // An empty line is what ends a block.
    const source = `${this.buffer.text}\n`;
    return this.python!.wants_more(source) ? null : this.buffer.text;
  }

  private up(): void {
    const { buffer } = this;
    if (!buffer.onFirstLine) return buffer.up();
    const entry = this.history.older(buffer.text);
    if (entry !== null) buffer.set(entry);
  }

  private down(): void {
    const { buffer } = this;
    if (!buffer.onLastLine) return buffer.down();
    const entry = this.history.newer();
    if (entry !== null) buffer.set(entry);
  }

  private abandon(): void {
    this.screen.leave(`${this.buffer.text}^C`);
    this.buffer.set("");
  }

  private complete(): void {
    const { buffer } = this;
    if (buffer.lineBeforeCursor.trim() === "") return buffer.indent();
    const { word, matches, common } = this.python!.complete(buffer.beforeCursor);
    if (common.length > word.length) {
      buffer.insert(common.slice(word.length));
    } else if (matches.length > 1) {
      this.screen.leave(buffer.text);
      this.terminal.write(listing(matches, this.terminal.cols));
    }
  }
}

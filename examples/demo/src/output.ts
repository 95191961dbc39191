// output.ts: what Python prints, on its way into the terminal, around a prompt if there is one.
import type { Screen, Terminal } from "./screen";

const NEWLINE = 10;

/** What stands at the prompt while something else is printed. */
export interface Prompt {
  readonly text: string;
  readonly cursor: number;
}

export class Output {
  private lineOpen = false;
  /** The line that has not ended, which may be the prompt of input(). */
  private line = "";
  private spoken = "";
  private readonly decoder = new TextDecoder();

  constructor(
    private readonly terminal: Terminal,
    private readonly screen: Screen,
    /** The prompt on screen, or null while a cell runs. */
    private readonly prompt: () => Prompt | null,
  ) {}

  /** Writes bytes of Python's; a prompt makes room and comes back below. */
  write(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const prompt = this.prompt();
    if (prompt !== null) this.screen.erase();
    this.terminal.write(bytes);
    this.lineOpen = bytes.at(-1) !== NEWLINE;
    const text = this.decoder.decode(bytes, { stream: true });
    this.spoken += text;
    this.line = (this.line + text).split(/[\r\n]/).pop()!;
    if (prompt !== null) {
      this.endLine();
      this.screen.draw(prompt.text, prompt.cursor);
    }
  }

  print(text: string): void {
    this.write(new TextEncoder().encode(`${text}\n`));
  }

  /** Makes sure that what comes next begins a line. */
  endLine(): void {
    if (this.lineOpen) this.terminal.write("\r\n");
    this.takeLine();
  }

  /** The line that has not ended, which somebody else ends. */
  takeLine(): string {
    const { line } = this;
    this.lineOpen = false;
    this.line = "";
    return line;
  }

  /** What was written since the last call, without its colours, for a screen reader. */
  takeSpoken(): string {
    const text = this.spoken;
    this.spoken = "";
    // eslint-disable-next-line no-control-regex -- the escape character begins a colour
    return text.replace(/\x1b\[[0-9;]*m/g, "");
  }
}

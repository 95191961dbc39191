// history.ts: the cells entered so far, kept in the browser's storage.

const KEY = "pyjs.demo.history";
const LIMIT = 200;

export class History {
  private readonly entries: string[] = read();
  /** Where in the entries the user is; their number when at the line being written. */
  private at = this.entries.length;
  private draft = "";

  add(text: string): void {
    if (text.trim() !== "" && this.entries.at(-1) !== text) {
      this.entries.push(text);
      this.entries.splice(0, this.entries.length - LIMIT);
      write(this.entries);
    }
    this.at = this.entries.length;
    this.draft = "";
  }

  /** The entry before the shown one, or null at the oldest. */
  older(shown: string): string | null {
    if (this.at === 0) return null;
    if (this.at === this.entries.length) this.draft = shown;
    return this.entries[--this.at] ?? null;
  }

  /** The entry after the shown one, at last the line that was being written. */
  newer(): string | null {
    if (this.at === this.entries.length) return null;
    this.at++;
    return this.entries[this.at] ?? this.draft;
  }
}

function read(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(stored) ? stored.filter((entry) => typeof entry === "string") : [];
  } catch {
    // Storage is barred in some private modes; the history then lasts as long as the page.
    return [];
  }
}

function write(entries: readonly string[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(entries));
  } catch {
    return;
  }
}

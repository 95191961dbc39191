// terminal.ts: the terminal widget: its size, colours, and the keys it leaves to the browser.
import { FitAddon } from "@xterm/addon-fit";
import { Terminal } from "@xterm/xterm";
import { onSchemeChange, terminalTheme } from "./theme";

const BRACKETED_PASTE = "\x1b[?2004h";

export interface TerminalOptions {
  /** Whether Tab should leave the terminal instead of completing. */
  tabLeaves(): boolean;
  onInput(data: string): void;
  /** The terminal wants another size; `apply` gives it that. */
  onResize(apply: () => void): void;
}

function make(holder: HTMLElement): Terminal {
  const style = getComputedStyle(holder);
  return new Terminal({
    convertEol: true,
    cursorBlink: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    cursorStyle: "bar",
    fontFamily: style.fontFamily,
    fontSize: parseFloat(style.fontSize),
    lineHeight: 1.3,
    scrollback: 5000,
    theme: terminalTheme(holder),
  });
}

/** True for a key the terminal takes; the rest is the browser's: copy, paste, leaving by Tab. */
function takes(event: KeyboardEvent, terminal: Terminal, options: TerminalOptions): boolean {
  if (event.type !== "keydown") return true;
  const key = event.key.toLowerCase();
  if (event.ctrlKey && key === "c") return !terminal.hasSelection() && !event.shiftKey;
  if (event.ctrlKey && key === "v") return false;
  if (key === "tab") return !event.shiftKey && !options.tabLeaves();
  return true;
}

function fitAlways(terminal: Terminal, holder: HTMLElement, options: TerminalOptions): void {
  const addon = new FitAddon();
  terminal.loadAddon(addon);
  addon.fit();
  new ResizeObserver(() => {
    // A hidden terminal has no size to take.
    const size = holder.clientWidth > 0 ? addon.proposeDimensions() : undefined;
    if (size === undefined || (size.cols === terminal.cols && size.rows === terminal.rows)) return;
    options.onResize(() => addon.fit());
  }).observe(holder);
}

/** Opens a terminal that fills `holder`. */
export function openTerminal(holder: HTMLElement, options: TerminalOptions): Terminal {
  const terminal = make(holder);
  terminal.open(holder);
  fitAlways(terminal, holder, options);
  terminal.textarea?.setAttribute("aria-label", "Python prompt; Tab at an empty prompt leaves it");
  terminal.attachCustomKeyEventHandler((event) => takes(event, terminal, options));
  terminal.onData((data) => options.onInput(data));
  onSchemeChange(() => (terminal.options.theme = terminalTheme(holder)));
  terminal.write(BRACKETED_PASTE);
  return terminal;
}

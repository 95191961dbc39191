// theme.ts: the terminal's colours, taken from the page's own.
import type { ITheme } from "@xterm/xterm";

const ANSI = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;

/** The theme that the custom properties of `element` describe, as they are now. */
export function terminalTheme(element: HTMLElement): ITheme {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const theme: Record<string, string> = {
    background: colour("surface"),
    foreground: colour("ink"),
    cursor: colour("accent"),
    cursorAccent: colour("surface"),
    selectionBackground: colour("selection"),
    scrollbarSliderBackground: colour("line"),
    scrollbarSliderHoverBackground: colour("line"),
    scrollbarSliderActiveBackground: colour("muted"),
  };
  for (const name of ANSI) {
    theme[name] = colour(`ansi-${name}`);
    theme[`bright${name[0]!.toUpperCase()}${name.slice(1)}`] = colour(`ansi-${name}`);
  }
  return theme;
}

/** Calls back when the reader changes between light and dark. */
export function onSchemeChange(callback: () => void): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", callback);
}

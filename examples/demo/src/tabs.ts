// tabs.ts: a row of tabs, as the ARIA Authoring Practices have them: arrows move, one tab stop.
import { make } from "./dom";

export interface Tab {
  readonly id: string;
  readonly title: string;
  /** The id of the element it shows. */
  readonly panel: string;
}

export class Tabs {
  private readonly buttons: HTMLButtonElement[];

  constructor(
    private readonly list: HTMLElement,
    private readonly tabs: readonly Tab[],
    private readonly onSelect: (id: string) => void,
  ) {
    this.buttons = tabs.map((tab) => this.button(tab));
    list.replaceChildren(...this.buttons);
    list.onkeydown = (event) => this.move(event);
  }

  /** Marks a tab as the selected one; the caller shows what belongs to it. */
  select(id: string): void {
    this.tabs.forEach((tab, index) => {
      const selected = tab.id === id;
      const button = this.buttons[index]!;
      button.setAttribute("aria-selected", String(selected));
      button.tabIndex = selected ? 0 : -1;
    });
  }

  private button(tab: Tab): HTMLButtonElement {
    const button = make("button", { type: "button", textContent: tab.title, id: `tab-${tab.id}` });
    button.setAttribute("role", "tab");
    button.setAttribute("aria-controls", tab.panel);
    button.onclick = () => this.onSelect(tab.id);
    return button;
  }

  private move(event: KeyboardEvent): void {
    const from = this.buttons.indexOf(this.list.ownerDocument.activeElement as HTMLButtonElement);
    const to = this.target(event.key, from);
    if (from < 0 || to === undefined) return;
    event.preventDefault();
    const count = this.buttons.length;
    const index = (to + count) % count;
    this.buttons[index]!.focus();
    this.onSelect(this.tabs[index]!.id);
  }

  private target(key: string, from: number): number | undefined {
    switch (key) {
      case "ArrowLeft":
        return from - 1;
      case "ArrowRight":
        return from + 1;
      case "Home":
        return 0;
      case "End":
        return -1;
      default:
        return undefined;
    }
  }
}

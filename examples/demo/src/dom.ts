// dom.ts: elements of the page, by id and by making them.

/** The element with an id that index.html is known to contain. */
export function byId<T extends HTMLElement>(id: string, type: abstract new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) {
    throw new Error(`the page: expected a ${type.name} with the id ${id}, found ${String(found)}`);
  }
  return found;
}

/** A new element with properties; its text is text, never markup. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
): HTMLElementTagNameMap[K] {
  return Object.assign(document.createElement(tag), properties);
}

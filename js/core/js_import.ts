// js_import.ts: ES modules for Python.

/** What a relative URL is relative to: the page, the worker's script, or Node's current folder. */
async function base(): Promise<string> {
  if (typeof document === "object") return document.baseURI;
  if (typeof location === "object") return location.href;
  const { pathToFileURL } = await import("node:url");
  return pathToFileURL(`${process.cwd()}/`).href;
}

/** The namespace of the module at `url`. */
export async function importModule(url: string): Promise<unknown> {
  return import(new URL(url, await base()).href);
}

// files.ts: where the runtime's own files are.

/** The folder that the caller names; null for the loader's own. */
export async function folderURL(given: string | URL | undefined): Promise<URL | null> {
  if (given === undefined) return null;
  const text = String(given);
  return absoluteURL(text.endsWith("/") ? text : `${text}/`);
}

/** A URL, or in Node a path, which may be relative: to the page, or the current folder. */
export async function absoluteURL(given: string): Promise<URL> {
  if (/^[a-z][a-z0-9+.-]+:/i.test(given)) return new URL(given);
  if (typeof location === "object") return new URL(given, location.href);
  const { pathToFileURL } = await import(/* webpackIgnore: true */ /* @vite-ignore */ "node:url");
  return pathToFileURL(given);
}

/** What lies beside the loader. */
export type OwnFile = "pyjs.wasm" | "python_stdlib.zip" | "pyodide-lock.json";

/**
 * Where one of the runtime's files is. Those beside the loader are written out, each whole: so
 * bundlers see them, and copy them to where they put the loader.
 */
export function fileURL(name: OwnFile, folder: URL | null): URL {
  if (folder !== null) return new URL(name, folder);
  switch (name) {
    case "pyjs.wasm":
      return new URL("./pyjs.wasm", import.meta.url);
    case "pyodide-lock.json":
      return new URL("./pyodide-lock.json", import.meta.url);
    case "python_stdlib.zip":
      return new URL("./python_stdlib.zip", import.meta.url);
  }
}

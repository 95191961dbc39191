// python.ts: starts Python, gives it the page's Python files, and types what they offer.
import type { LoadOptions, PyProxy, PyjsAPI } from "pyjs";
import completion from "../python/pyjs_demo/completion.py";
import console_ from "../python/pyjs_demo/console.py";
import errors from "../python/pyjs_demo/errors.py";
import gallery from "../python/pyjs_demo/gallery.py";
import package_ from "../python/pyjs_demo/__init__.py";
import { commonStart } from "./suggestions";

const FILES: Readonly<Record<string, string>> = {
  "__init__.py": package_,
  "completion.py": completion,
  "console.py": console_,
  "errors.py": errors,
  "gallery.py": gallery,
};

const FOLDER = "/lib/python3.13/site-packages/pyjs_demo";

export interface Completion {
  /** What stands before the cursor and may grow. */
  readonly word: string;
  readonly matches: readonly string[];
  /** What all matches begin with. */
  readonly common: string;
}

/** pyjs_demo.console.Console. */
export interface PyConsole {
  readonly banner: string;
  wants_more(source: string): boolean;
  run(source: string): Promise<void>;
  interrupt(): void;
  /**
   * Sets what input() waits for, a line without its end, or null at the end of input; a promise
   * of before is forgotten. Only where Python can wait.
   */
  listen(read: () => Promise<string | null>): void;
  complete(source: string): Completion;
}

/** pyjs_demo.gallery.Runner. */
export interface PyRunner {
  /** Gives the traceback, empty when the example ended well. */
  run(source: string, filename: string, write: (text: string) => void): Promise<string>;
  stop(): Promise<void>;
}

export interface Python {
  readonly console: PyConsole;
  readonly runner: PyRunner;
}

function completionOf(found: PyProxy): Completion {
  const [word, names] = found as unknown as [string, PyProxy & Iterable<string>];
  const matches = [...names];
  names.destroy();
  found.destroy();
  return { word, matches, common: commonStart(matches) };
}

function consoleOf(api: PyjsAPI): PyConsole {
  const module = api.pyimport("pyjs_demo.console");
  const object = module["Console"]() as PyProxy;
  return {
    banner: module["banner"]() as string,
    wants_more: (source) => object["wants_more"](source) as boolean,
    run: async (source) => void (await object["run"](source)),
    // First what runs, or waits without await: to cancel its task would come too late.
    interrupt: () => void (api.interrupt() || object["interrupt"]()),
    listen: (read) => {
      if ("Suspending" in WebAssembly) api.setStdin({ stdin: read, isatty: true });
    },
    complete: (source) => completionOf(object["complete"](source) as PyProxy),
  };
}

function runnerOf(module: PyProxy): PyRunner {
  const object = module["Runner"]() as PyProxy;
  return {
    run: async (source, filename, write) => (await object["run"](source, filename, write)) as string,
    stop: async () => void (await object["stop"]()),
  };
}

/** Milliseconds that Python may run before the page has its turn, where the engine can suspend it. */
const TIME_SLICE = 12;

/** Loads Python and the page's part of it. */
export async function startPython(options: LoadOptions): Promise<Python> {
  // Imported late, so that its absence is an error the page can show.
  const { loadPyjs } = await import("pyjs");
  const api = await loadPyjs(options);
  api.setTimeSlice(TIME_SLICE);
  api.FS.mkdirTree(FOLDER);
  for (const [name, text] of Object.entries(FILES)) api.FS.writeFile(`${FOLDER}/${name}`, text);
  return {
    console: consoleOf(api),
    runner: runnerOf(api.pyimport("pyjs_demo.gallery")),
  };
}

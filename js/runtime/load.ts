// load.ts: fetches, compiles and starts one interpreter.
import type { Glue } from "pyjs-glue";
import createGlue from "pyjs-glue";
import type { Finalizers } from "../core/finalizers";
import type { NodeModules } from "./environment";
import { compile, isNode, nextTask, nodeModules, readAll } from "./environment";
import type { OwnFile } from "./files";
import { fileURL, folderURL } from "./files";
import { LIBRARIES, SITE_PACKAGES } from "./packages/install";
import type { LoadOptions, PyProxy } from "./pyjs";
import { Streams } from "./streams";

const WASM = "pyjs.wasm";
const STDLIB = "python_stdlib.zip";
const LIBRARY = "/lib/python_stdlib.zip";

const knownOptions = new Set([
  "indexURL",
  "env",
  "args",
  "onProgress",
  "stdin",
  "stdout",
  "stderr",
  "onFatal",
  "proxyLifetime",
  "lockFileURL",
  "lockFileContents",
  "packageBaseUrl",
  "packageCacheDir",
]);

const ENVIRONMENT = { HOME: "/home/web_user", LANG: "C.UTF-8", LD_LIBRARY_PATH: LIBRARIES };

/** Only own properties count: a polluted prototype sets no option. */
function checkOptions(options: LoadOptions): LoadOptions {
  const own: Record<string, unknown> = { __proto__: null };
  for (const name of Object.keys(options)) {
    if (!knownOptions.has(name)) {
      throw new TypeError(`loadPyjs: unknown option ${name}; known are ${[...knownOptions].join(", ")}`);
    }
    own[name] = options[name as keyof LoadOptions];
  }
  return own;
}

function retains({ proxyLifetime = "auto" }: LoadOptions): boolean {
  if (proxyLifetime === "auto" || proxyLifetime === "call") return proxyLifetime === "auto";
  throw new TypeError(`loadPyjs: proxyLifetime is "auto" or "call", got ${String(proxyLifetime)}`);
}

function progressCounter(onProgress: LoadOptions["onProgress"]): (bytes: number) => void {
  const total = PYJS_SIZES[WASM]! + PYJS_SIZES[STDLIB]!;
  let loaded = 0;
  return (bytes) => {
    loaded += bytes;
    onProgress?.({ loaded, total });
  };
}

/** What the module exports. Whoever keeps this keeps no instance once it was emptied. */
export interface Instance {
  exports: WebAssembly.Exports | null;
}

/** Of all interpreters: it must outlive each, as js/core/finalizers.ts says. */
const finalizers: Finalizers = new FinalizationRegistry((ending) => ending.collected());

async function instantiate(module: WebAssembly.Module, env: LoadOptions["env"], made: Instance): Promise<Glue> {
  return new Promise((resolve, reject) => {
    createGlue({
      pyjsFinalizers: finalizers,
      noFSInit: true,
      noExitRuntime: true,
      thisProgram: "/bin/python3",
      preRun: [(glue) => Object.assign(glue.ENV, ENVIRONMENT, env)],
      instantiateWasm(imports, done) {
        WebAssembly.instantiate(module, imports).then((instance) => {
          made.exports = instance.exports;
          done(instance, module);
        }, reject);
        return {};
      },
      onAbort: (reason) => reject(new Error(`loading pyjs: the runtime stopped: ${String(reason)}`)),
    }).then(resolve, reject);
  });
}

function start(glue: Glue, args: readonly string[], program: string | undefined): void {
  const argv = glue._malloc(4 * (args.length + 1));
  const strings = args.map((text) => glue.stringToNewUTF8(text));
  glue.HEAPU32.set([...strings, 0], argv >> 2);
  const name = program === undefined ? 0 : glue.stringToNewUTF8(program);
  const status = glue._pyjs_start(args.length, argv, name);
  [...strings, argv, name].forEach((address) => glue._free(address));
  if (status !== 0) throw new Error("loading pyjs: Python did not start; its stderr says why");
}

function importPackage(glue: Glue): void {
  const name = glue.stringToNewUTF8("pyjs");
  const status = glue._pyjs_import(name);
  glue._free(name);
  if (status !== 0) throw new Error("loading pyjs: the package pyjs failed to import; Python's stderr says why");
}

/**
 * Engines run no getter to tell what an uncaught error says. A page's listeners have the error
 * itself, and the console gets its text here. All that leaves a worker is the engine's text, so
 * there the report is taken back and made again, with the text in a property of its own.
 */
function reportUncaught(glue: Glue): Undo {
  if (isNode) return () => undefined;
  const again = new WeakSet<object>();
  const report = (event: ErrorEvent): void => {
    const error: unknown = event.error;
    if (!(error instanceof glue.pyjs.PythonError) || again.has(error)) return;
    if (typeof document === "object") {
      console.error(error.message);
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    void error.message;
    again.add(error);
    setTimeout(reportError, 0, error); // not now: while one error is reported, no other is
  };
  globalThis.addEventListener("error", report);
  return () => globalThis.removeEventListener("error", report);
}

/** What Python printed without ending the line is written when the process ends. */
function flushAtExit({ glue, streams }: Interpreter): Undo {
  if (!isNode) return () => undefined;
  const sys = glue.pyjs.pyimport("sys") as PyProxy;
  const flush = (): void => {
    if (!glue.pyjs.isGone()) for (const stream of [sys["stdout"], sys["stderr"]]) stream?.flush();
    streams.end();
  };
  process.once("exit", flush);
  return () => void process.off("exit", flush);
}

/** An interpreter that has started. */
export interface Interpreter {
  readonly glue: Glue;
  readonly streams: Streams;
  readonly node: NodeModules | null;
  /** Emptied when the interpreter ends. */
  readonly instance: Instance;
  /** Where one of the distribution's files is. */
  fileURL(name: OwnFile): URL;
}

/** What js/compat wants of an interpreter beside options. */
export interface Setup {
  /** Where the standard library is, which need not be this build's. */
  readonly stdlib?: URL | undefined;
  /** What sys.executable is; the arguments are then those of Python's command line. */
  readonly program?: string | undefined;
  /** Called before Python starts, with a file system. */
  prepare?(glue: Glue): Promise<void>;
}

/** Undoes what was done to the page or process. */
type Undo = () => void;

/** Loads and starts an interpreter. */
export async function load(given: LoadOptions, setup: Setup = {}): Promise<Interpreter> {
  const options = checkOptions(given);
  const retain = retains(options);
  const base = await folderURL(options.indexURL);
  const count = progressCounter(options.onProgress);
  const [module, stdlib] = await Promise.all([
    compile(fileURL(WASM, base), PYJS_SIZES[WASM]!, count),
    setup.stdlib ? readAll(setup.stdlib, undefined, count) : readAll(fileURL(STDLIB, base), PYJS_SIZES[STDLIB]!, count),
  ]);
  const instance: Instance = { exports: null };
  const glue = await instantiate(module, options.env, instance);
  const node = await nodeModules();
  const streams = new Streams(glue, node, options);
  glue.FS.mkdirTree(SITE_PACKAGES);
  // canOwn: the file system keeps this very array, no copy is made.
  glue.FS.writeFile(LIBRARY, stdlib, { canOwn: true });
  await setup.prepare?.(glue);
  await nextTask();
  start(glue, options.args ?? [""], setup.program);
  importPackage(glue);
  glue.pyjs.setRetains(retain);
  const interpreter: Interpreter = { glue, streams, node, instance, fileURL: (name) => fileURL(name, base) };
  const undo = [reportUncaught(glue), flushAtExit(interpreter)];
  glue.pyjs.setOnEnd((fatal) => {
    undo.forEach((each) => each());
    streams.end();
    instance.exports = null;
    if (fatal !== undefined) options.onFatal?.(fatal);
  });
  return interpreter;
}

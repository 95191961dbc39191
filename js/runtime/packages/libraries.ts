// libraries.ts: shared libraries, compiled when they arrive and instantiated when they are wanted.
import type { Glue, LibraryFlags, LibraryScope, Linker } from "../glue.d.ts";

/** In a page, engines refuse to compile or instantiate more than this synchronously. */
const LONGEST_SYNCHRONOUS = 8 * 2 ** 20;

/** Whether a file name is that of a shared library. */
export function isLibrary(path: string): boolean {
  return /\.so(\.\d+)*$/.test(path);
}

export interface Libraries {
  /**
   * Compiles libraries that were put into the file system, so that Python's imports, which cannot
   * wait, find them compiled. Those that others are linked with are `shared`: all see their symbols.
   */
  prepare(paths: readonly string[], shared: boolean): Promise<void>;
  /** Loads one library now; with `global`, all that are loaded later see its symbols. */
  load(path: string, global: boolean): Promise<void>;
  /** Forgets libraries whose files are gone. */
  forget(paths: readonly string[]): void;
}

async function compile(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    throw new Error(`${path} is not a WebAssembly library: ${(error as Error).message}`);
  }
}

/** Refuses what the dynamic linker would stop the program for. */
function check(path: string, module: WebAssembly.Module): void {
  if (WebAssembly.Module.customSections(module, "dylink.0").length === 0) {
    throw new Error(`${path} is a WebAssembly program, not a shared library: it has no section dylink.0`);
  }
  const names = WebAssembly.Module.exports(module).map(({ name }) => name);
  if (names.some((name) => name.startsWith("__em_js__") || name === "__start_em_asm")) {
    throw new Error(`${path} contains JavaScript (EM_JS or EM_ASM), which this runtime does not evaluate`);
  }
}

/** What a library gets for a function that nothing has: it may never call it. */
function absent(path: string, name: string): () => never {
  return () => {
    throw new Error(`${path} called ${name}, a function that neither the runtime nor a loaded library has`);
  };
}

/** Completes `scope` with what is nowhere; throws for data and addresses that are nowhere. */
function provide(linker: Linker, path: string, module: WebAssembly.Module, scope: LibraryScope, weak: Set<string>): void {
  const own = new Set(WebAssembly.Module.exports(module).map(({ name }) => name));
  const isKnown = (name: string): boolean => linker.isSymbolDefined(name) || name in scope || own.has(name);
  const missing: string[] = [];
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    if (isKnown(name)) continue;
    if (from === "env" && kind === "function") scope[name] = absent(path, name);
    const isAddress = from === "GOT.mem" || from === "GOT.func";
    if (isAddress && !weak.has(name) && (linker.GOT[name]?.value ?? -1) === -1) missing.push(name);
  }
  if (missing.length > 0) {
    throw new Error(`${path} needs what neither the runtime nor a loaded library has: ${missing.join(", ")}`);
  }
}

/** Loads what a library is linked with, into `scope` when that is not for all. */
function loadNeeded(linker: Linker, path: string, needed: readonly string[], flags: LibraryFlags, scope: LibraryScope): void {
  for (const name of needed) {
    const found = linker.findLibraryFS(name, flags.rpath);
    if (found === undefined && !(name in linker.LDSO.loadedLibsByName)) {
      throw new Error(`${path} needs the library ${name}, which is in none of the folders of LD_LIBRARY_PATH`);
    }
    linker.loadDynamicLibrary(found ?? name, flags, scope);
  }
}

/** The exports of a library that the dynamic linker asks for, of one that was compiled before. */
function instantiate(linker: Linker, path: string, module: WebAssembly.Module): object {
  const { loadedLibsByName } = linker.LDSO;
  const metadata = linker.getDylinkMetadata(module);
  const flags = {
    loadAsync: false,
    nodelete: true,
    global: loadedLibsByName[path]?.global ?? false,
    rpath: { parentLibPath: path, paths: metadata.runtimePaths },
  };
  const scope: LibraryScope = {};
  try {
    loadNeeded(linker, path, metadata.neededDynlibs, flags, scope);
    provide(linker, path, module, scope, metadata.weakImports);
    return linker.loadWebAssemblyModule(module, flags, path, scope) as object;
  } catch (error) {
    delete loadedLibsByName[path]; // or the next attempt would find it, half loaded
    throw error;
  }
}

/** The libraries of one interpreter. */
export function createLibraries({ FS, linker }: Glue): Libraries {
  const { preloadedWasm, LDSO } = linker;

  const forget = (paths: readonly string[]): void => {
    for (const path of paths) delete preloadedWasm[path];
  };

  /** Lets the linker find a library; the module is let go of once it is instantiated. */
  const register = (path: string, module: WebAssembly.Module): void => {
    const get = (): object => {
      linker.forgetLibraryFile(path);
      const exports = instantiate(linker, path, module);
      delete preloadedWasm[path];
      return exports;
    };
    Object.defineProperty(preloadedWasm, path, { get, configurable: true, enumerable: true });
  };

  const open = async (path: string, global: boolean): Promise<void> => {
    try {
      await linker.loadDynamicLibrary(path, { loadAsync: true, nodelete: true, global }, global ? undefined : {});
    } catch (error) {
      delete LDSO.loadedLibsByName[path];
      throw error;
    }
  };

  const prepare = async (paths: readonly string[], shared: boolean): Promise<void> => {
    const fresh = paths.filter((path) => LDSO.loadedLibsByName[path] === undefined);
    const now = shared ? [...fresh] : [];
    const modules = await Promise.all(
      fresh.map(async (path) => {
        const bytes = FS.readFile(path) as Uint8Array<ArrayBuffer>;
        const module = await compile(path, bytes);
        check(path, module);
        const isLong = typeof document === "object" && bytes.length > LONGEST_SYNCHRONOUS;
        if (isLong && !shared) now.push(path);
        return isLong ? null : module;
      }),
    );
    fresh.forEach((path, index) => modules[index] && register(path, modules[index]));
    for (const path of now) await open(path, shared);
  };

  return {
    prepare,
    forget,
    load: async (path, global) => {
      if (LDSO.loadedLibsByName[path] === undefined) await prepare([path], false);
      await open(path, global);
    },
  };
}

// index.ts: loads packages of a lock file, and wheels and archives by URL or path.
import type { CallPython } from "../call_python";
import { absoluteURL } from "../files";
import type { Interpreter } from "../load";
import { expectString, optional, readOptions } from "../options";
import type { LoadPackageOptions, Lockfile, PackageData, PackageOptions } from "../packages.d.ts";
import type { PyProxy } from "../pyjs";
import { type Cache, fetchBytes, openCache, sha256 } from "./download";
import { createInstall, type Install, LIBRARIES, SITE_PACKAGES } from "./install";
import { createLibraries, type Libraries } from "./libraries";
import { type Lock, lockPlace, type Place, readLock } from "./lock";
import { canonical, requests } from "./names";
import { DEFAULT_CHANNEL, type Notes, resolve, type Wanted } from "./resolve";

const OPTIONS = ["messageCallback", "errorCallback", "checkIntegrity"] as const;

type Load = (names: unknown, options?: LoadPackageOptions) => Promise<PackageData[]>;

/** What loads packages into one interpreter. */
export interface Packages {
  readonly loadPackage: Load;
  readonly loadPackagesFromImports: (code: string, options?: LoadPackageOptions) => Promise<PackageData[]>;
  /** Where each package was loaded from, by its name; micropip writes here too. */
  readonly loadedPackages: Record<string, string>;
  /** Reads the lock file, the first time that it is called. */
  lockfile(): Promise<Lockfile>;
  /** What file names of the lock file are relative to. */
  lockfileBaseUrl(): Promise<string | undefined>;
  /** Installs a wheel or archive that is there as bytes. */
  readonly install: Install;
  /** Loads a shared library of the file system. */
  loadDynlib(path: string, global: boolean): Promise<void>;
  /** The bytes of a URL, or in Node of a path. */
  loadBinaryFile(place: string, sha256?: string): Promise<Uint8Array>;
}

interface Settings extends Notes {
  readonly checksIntegrity: boolean;
}

function settings(call: CallPython, operation: string, given: unknown): Settings {
  const options = readOptions(operation, given, OPTIONS);
  const message = optional(operation, options, "messageCallback", "function") as Notes["message"] | undefined;
  const error = optional(operation, options, "errorCallback", "function") as Notes["error"] | undefined;
  const say = (fd: number) => (text: string) => void call("pyjs._packages", "say", fd, text);
  return {
    message: message ?? say(1),
    error: error ?? say(2),
    checksIntegrity: optional(operation, options, "checkIntegrity", "boolean") ?? true,
  };
}

/** What an error says in one line; of a Python exception that is the last one. */
function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split("\n").at(-1)!.replace(/^ValueError: /, "");
}

class Loader {
  readonly loadedPackages: Record<string, string> = {};
  readonly install: Install;
  readonly libraries: Libraries;
  private place: Promise<Place> | undefined;
  private lock: Promise<Lock> | undefined;
  private cache: Promise<Cache | null> | undefined;
  /** Resolves when the call before has ended. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly interpreter: Interpreter,
    private readonly call: CallPython,
    private readonly options: PackageOptions,
  ) {
    this.libraries = createLibraries(interpreter.glue);
    this.install = createInstall(call, this.libraries);
  }

  getPlace(): Promise<Place> {
    return (this.place ??= lockPlace(this.interpreter.fileURL("pyodide-lock.json"), this.options));
  }

  async getLock(): Promise<Lock> {
    this.lock ??= this.getPlace().then((place) => readLock(place, this.options));
    try {
      return await this.lock;
    } catch (error) {
      this.lock = undefined; // a server may answer later
      throw error;
    }
  }

  load(names: unknown, given: unknown, operation: string): Promise<PackageData[]> {
    const wanted = requests(names, (value) => this.interpreter.glue.pyjs.isPyProxy(value));
    const chosen = settings(this.call, operation, given);
    const lock = wanted.every(({ isFile }) => isFile) ? null : this.getLock();
    const result = this.turn.then(async () =>
      this.loadAll(resolve(wanted, await lock, this.loadedFrom, chosen), chosen),
    );
    lock?.catch(() => undefined); // `result` tells it, in its turn
    this.turn = result.catch(() => undefined);
    return result;
  }

  readonly loadedFrom = (key: string): string | undefined => {
    const name = Object.keys(this.loadedPackages).find((each) => canonical(each) === key);
    return name === undefined ? undefined : this.loadedPackages[name];
  };

  private async loadAll(wanted: readonly Wanted[], chosen: Settings): Promise<PackageData[]> {
    if (wanted.length === 0) {
      chosen.message("No new packages to load");
      return [];
    }
    const listed = (some: readonly Wanted[]): string => some.map(({ name }) => name).sort().join(", "); // prettier-ignore
    chosen.message(`Loading ${listed(wanted)}`);
    const failures = new Map<Wanted, unknown>();
    const tasks = new Map<string, Promise<boolean>>();
    for (const each of wanted) {
      const task = this.loadOne(each, tasks, chosen);
      tasks.set(each.key, task.then(() => true, (error: unknown) => !failures.set(each, error))); // prettier-ignore
    }
    await Promise.all(tasks.values());
    const loaded = wanted.filter((each) => !failures.has(each));
    if (loaded.length > 0) chosen.message(`Loaded ${listed(loaded)}`);
    if (failures.size > 0) chosen.message(`Failed to load ${listed([...failures.keys()])}`);
    for (const [{ name }, error] of failures) {
      chosen.error(`The following error occurred while loading ${name}:`);
      chosen.error(reason(error));
    }
    return loaded.map(({ name, version, fileName, packageType }) => ({ name, version, fileName, packageType }));
  }

  /** `tasks` has those of what stands before; each tells whether that was loaded. */
  private async loadOne(wanted: Wanted, tasks: ReadonlyMap<string, Promise<boolean>>, chosen: Settings): Promise<void> {
    const needed = wanted.needs.map(async (key) => ((await tasks.get(key)!) ? null : key));
    if (wanted.packageType === "static_library") {
      throw new Error(`${wanted.name} is a static library, which cannot be loaded`);
    }
    if (!wanted.fileName.endsWith("-none-any.whl")) this.call("pyjs._packages", "check_tags", wanted.fileName);
    const data = await this.download(wanted, chosen);
    const failed = (await Promise.all(needed)).filter((key) => key !== null);
    if (failed.length > 0) throw new Error(`${wanted.name} needs ${failed.join(", ")}, which failed to load`);
    const source = wanted.channel === DEFAULT_CHANNEL ? "pyodide" : wanted.channel;
    const metadata = { INSTALLER: "pyodide.loadPackage", PYODIDE_SOURCE: source };
    const folder = wanted.isLibrary ? LIBRARIES : SITE_PACKAGES;
    await this.install(data, wanted.fileName, folder, metadata, wanted.isLibrary);
    this.loadedPackages[wanted.name] = wanted.channel;
  }

  private async urlOf({ name, channel, fileName }: Wanted): Promise<URL> {
    if (channel !== DEFAULT_CHANNEL) return absoluteURL(channel);
    if (URL.canParse(fileName)) return new URL(fileName);
    const { base } = await this.getPlace();
    if (base !== undefined) return new URL(fileName, base);
    throw new Error(
      `Lock file file_name for package "${name}" is relative path "${fileName}" but no packageBaseUrl ` +
        "was given when the runtime was loaded",
    );
  }

  private async download(wanted: Wanted, chosen: Settings): Promise<Uint8Array> {
    const url = await this.urlOf(wanted);
    const isWrong = async (data: Uint8Array<ArrayBuffer>): Promise<string> => {
      if (!chosen.checksIntegrity) return "";
      if (wanted.sha256 === "") {
        return wanted.channel === DEFAULT_CHANNEL ? "the lock file has no sha256; checkIntegrity: false would load it" : "";
      }
      const found = await this.digest(data);
      return found === wanted.sha256 ? "" : `its sha256 is ${found}, not ${wanted.sha256}; the file is corrupt or another`;
    };
    const cache = url.protocol === "file:" ? null : await (this.cache ??= openCache(this.options.packageCacheDir));
    const kept = await cache?.read(wanted.fileName);
    if (kept && (await isWrong(kept)) === "") return kept;
    if (cache) {
      const folder = new URL("./", url).href;
      chosen.message(`Didn't find package ${wanted.fileName} locally, attempting to load from ${folder}`);
    }
    const data = await fetchBytes(url, `loading ${wanted.name}`);
    const wrong = await isWrong(data);
    if (wrong !== "") throw new Error(`loading ${wanted.name}: ${url.href}: ${wrong}`);
    try {
      await cache?.write(wanted.fileName, data);
    } catch (error) {
      chosen.message(`${wanted.fileName} could not be kept in ${cache!.folder.href}: ${reason(error)}`);
    }
    return data;
  }

  digest(data: Uint8Array<ArrayBuffer>): Promise<string> {
    return sha256(data, (bytes) => this.call("pyjs._packages", "digest", bytes) as string);
  }
}

/** What loads packages into an interpreter; nothing is fetched before it is wanted. */
export function createPackages(interpreter: Interpreter, call: CallPython, options: PackageOptions): Packages {
  const loader = new Loader(interpreter, call, options);
  return {
    loadedPackages: loader.loadedPackages,
    install: loader.install,
    loadPackage: async (names, given) => loader.load(names, given, "loadPackage"),
    loadPackagesFromImports: async (code, given) => {
      const operation = "loadPackagesFromImports";
      const found = call("pyjs.code", "find_imports", expectString(operation, "Python code", code)) as PyProxy;
      const modules = found.toJs() as string[];
      found.destroy();
      const { ofImport } = await loader.getLock();
      const names = modules.map((module) => ofImport(module)).filter((name) => name !== undefined);
      return loader.load([...new Set(names)], given, operation);
    },
    lockfile: async () => (await loader.getLock()).contents,
    lockfileBaseUrl: async () => (await loader.getPlace()).base?.href,
    loadDynlib: (path, global) => loader.libraries.load(path, global),
    loadBinaryFile: async (place, expected) => {
      const url = await absoluteURL(place);
      const data = await fetchBytes(url, "loadBinaryFile");
      const found = expected === undefined ? undefined : await loader.digest(data);
      if (found === expected) return data;
      throw new Error(`loadBinaryFile: ${url.href}: its sha256 is ${found}, not ${expected}`);
    },
  };
}

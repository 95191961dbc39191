// lock.ts: the lock file, which says what packages there are.
import { absoluteURL } from "../files";
import { describe } from "../options";
import type { Lockfile, LockfilePackage, PackageOptions } from "../packages.d.ts";
import { fetchBytes } from "./download";
import { canonical } from "./names";

/** A package as it stands in a lock file, complete and checked. */
export type Entry = Required<LockfilePackage> & { sha256: string };

/** A lock file and what its file names are relative to. */
export interface Lock {
  readonly contents: Lockfile;
  /** How errors call it. */
  readonly name: string;
  /** A package by any spelling of its name. */
  find(name: string): Entry | undefined;
  /** The package that has a module. */
  ofImport(module: string): string | undefined;
}

/** Where a lock file is, and what is relative to it. */
export interface Place {
  readonly url: URL | null;
  readonly base: URL | undefined;
}

/** Places as the options say; `own` is the lock file of the runtime. */
export async function lockPlace(own: URL, options: PackageOptions): Promise<Place> {
  const { lockFileURL, lockFileContents, packageBaseUrl } = options;
  const given = packageBaseUrl === undefined ? undefined : String(packageBaseUrl);
  const base = given === undefined ? undefined : await absoluteURL(given.endsWith("/") ? given : `${given}/`);
  if (lockFileContents !== undefined) return { url: null, base };
  const url = lockFileURL === undefined ? own : await absoluteURL(String(lockFileURL));
  return { url, base: base ?? new URL("./", url) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${name} is corrupt: ${(error as Error).message}`);
  }
}

function check(contents: unknown, name: string): Lockfile {
  for (const key of ["info", "packages"]) {
    if (!isRecord(contents) || !isRecord(contents[key])) {
      throw new Error(`${name} does not contain the expected key '${key}', an object`);
    }
  }
  const lock = contents as unknown as Lockfile;
  const { abi_version: abi, python } = lock.info;
  if (abi !== undefined && abi !== null && abi !== PYJS_ABI) {
    throw new Error(
      `${name} is for ABI version ${abi} (Python ${python}); this runtime has ABI version ${PYJS_ABI}: ` +
        "its compiled packages would not run here",
    );
  }
  return lock;
}

const KINDS = ["package", "cpython_module", "shared_library", "static_library"];

function expectStrings(value: unknown, what: string): string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value as string[];
  throw new Error(`${what} is no list of strings`);
}

/** `raw` as the lock file has it; what micropip.freeze() leaves out has a value of its own. */
function complete(raw: unknown, key: string, lock: string): Entry {
  const where = `${lock}: the package '${key}'`;
  if (!isRecord(raw)) throw new Error(`${where} is ${describe(raw)}, not an object`);
  const text = (name: string): string => {
    const value = raw[name];
    if (typeof value === "string") return value;
    throw new Error(`${where} has no '${name}' that is a string`);
  };
  const kind = raw["package_type"] ?? "package";
  const folder = raw["install_dir"] ?? "site";
  if (!KINDS.includes(kind as string)) throw new Error(`${where} has the unknown package_type ${String(kind)}`);
  if (folder !== "site" && folder !== "dynlib") {
    throw new Error(`${where} has the unknown install_dir ${String(folder)}`);
  }
  const sha256 = raw["sha256"] ?? "";
  if (typeof sha256 !== "string") throw new Error(`${where} has a sha256 that is no string`);
  return {
    name: text("name"),
    version: text("version"),
    file_name: text("file_name"),
    package_type: kind as Entry["package_type"],
    install_dir: folder,
    sha256,
    imports: expectStrings(raw["imports"], `${where}: 'imports'`),
    depends: expectStrings(raw["depends"], `${where}: 'depends'`),
  };
}

async function contentsOf(place: Place, options: PackageOptions, name: string): Promise<unknown> {
  const given: unknown = await options.lockFileContents;
  if (given !== undefined) return typeof given === "string" ? parse(given, name) : given;
  return parse(new TextDecoder().decode(await fetchBytes(place.url!, "loading packages")), name);
}

/** Reads and checks the lock file. */
export async function readLock(place: Place, options: PackageOptions): Promise<Lock> {
  const name = place.url === null ? "lockFileContents" : `the lock file ${place.url.href}`;
  const contents = check(await contentsOf(place, options, name), name);
  const keys = new Map(Object.keys(contents.packages).map((key) => [canonical(key), key]));
  const find = (wanted: string): Entry | undefined => {
    const key = keys.get(canonical(wanted));
    return key === undefined ? undefined : complete(contents.packages[key], key, name);
  };
  let modules: Map<string, string> | undefined;
  const index = (): Map<string, string> => {
    const pairs = [...keys.values()].flatMap((key) => find(key)!.imports.map((module) => [module, key] as const));
    return new Map(pairs);
  };
  return { contents, name, find, ofImport: (module) => (modules ??= index()).get(module) };
}

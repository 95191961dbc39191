// resolve.ts: what has to be loaded for a request, and in which order.
import type { PackageData } from "../packages.d.ts";
import type { Entry, Lock } from "./lock";
import { canonical, fileNameOf, partsOf, type Request } from "./names";

/** What loadedPackages says of packages of the lock file. */
export const DEFAULT_CHANNEL = "default channel";

/** One package to load. */
export interface Wanted extends PackageData {
  readonly key: string;
  /** The URL or path it was asked for by, or DEFAULT_CHANNEL. */
  readonly channel: string;
  readonly isLibrary: boolean;
  /** The checksum it must have; empty when none is known. */
  readonly sha256: string;
  /** Those among the others that must be there before it, by key. */
  readonly needs: string[];
}

/** Where a package was loaded from, if it was. */
export type LoadedFrom = (key: string) => string | undefined;

/** Tells what need not be loaded, and what cannot be. */
export interface Notes {
  message(text: string): void;
  error(text: string): void;
}

function ofFile(given: string): Wanted {
  const fileName = fileNameOf(given);
  const { name, version } = partsOf(fileName);
  return {
    name: name.toLowerCase(), // as Pyodide has it
    version,
    fileName,
    packageType: "package",
    key: canonical(name),
    channel: given,
    isLibrary: false,
    sha256: /#sha256=([0-9a-f]{64})$/.exec(given)?.[1] ?? "", // as links of an index have it (PEP 503)
    needs: [],
  };
}

function ofEntry(entry: Entry, key: string): Wanted {
  return {
    name: entry.name,
    version: entry.version,
    fileName: entry.file_name,
    packageType: entry.package_type,
    key,
    channel: DEFAULT_CHANNEL,
    isLibrary: entry.install_dir === "dynlib" || entry.package_type === "shared_library",
    sha256: entry.sha256,
    needs: [],
  };
}

/** The packages that a request needs and that are not loaded, each behind those it needs. */
export function resolve(
  requested: readonly Request[],
  lock: Lock | null,
  loadedFrom: LoadedFrom,
  notes: Notes,
): Wanted[] {
  const found = new Map<string, Wanted>();
  const begun = new Set<string>();
  const noted = new Set<string>();

  const isLoaded = (key: string, name: string, channel: string): boolean => {
    const from = loadedFrom(key);
    if (from === undefined || noted.has(key)) return from !== undefined;
    noted.add(key);
    if (channel !== DEFAULT_CHANNEL && from !== channel) {
      notes.error(`Loading same package ${name} from ${channel} and ${from}`);
    }
    notes.message(`${name} already loaded from ${from}`);
    return true;
  };

  /** Adds a package behind what it needs; a circle is cut where it closes. */
  const add = (name: string, parent: string | undefined): void => {
    const key = canonical(name);
    if (begun.has(key)) return;
    const entry = lock!.find(name);
    if (entry === undefined) {
      const why = parent === undefined ? "" : `, which ${parent} needs`;
      throw new Error(`No known package with name '${name}'${why}: ${lock!.name} does not list it`);
    }
    if (isLoaded(key, entry.name, DEFAULT_CHANNEL)) return;
    begun.add(key);
    const wanted = ofEntry(entry, key);
    for (const each of entry.depends) {
      const other = canonical(each);
      add(each, entry.name);
      if (found.has(other)) wanted.needs.push(other);
    }
    found.set(key, wanted);
  };

  for (const { given } of requested.filter(({ isFile }) => isFile)) {
    const wanted = ofFile(given);
    if (isLoaded(wanted.key, wanted.name, given)) continue;
    const other = found.get(wanted.key);
    if (other !== undefined && other.channel !== given) {
      notes.error(`Loading same package ${wanted.name} from ${given} and ${other.channel}`);
    }
    begun.add(wanted.key);
    found.set(wanted.key, wanted);
  }
  for (const { given } of requested.filter(({ isFile }) => !isFile)) {
    const file = found.get(canonical(given));
    if (file !== undefined && file.channel !== DEFAULT_CHANNEL) {
      notes.error(`Loading same package ${given} from ${file.channel} and ${DEFAULT_CHANNEL}`);
    }
    add(given, undefined);
  }
  return [...found.values()];
}

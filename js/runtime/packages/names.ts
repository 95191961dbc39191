// names.ts: what callers ask for: packages by name, wheels and archives by URL or path.
import { describe } from "../options";
import type { PyProxy } from "../pyjs";

/** The files that can be loaded, by how their names end. */
const ARCHIVE = /\.(whl|zip|tar|tar\.gz|tgz|tar\.bz2|tbz2|tar\.xz|txz)$/;
const NAME = /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i;

/** A name as indexes compare it (PEP 503). */
export function canonical(name: string): string {
  return name.replace(/[-_.]+/g, "-").toLowerCase();
}

/** The name of the file at a URL or path, without query and fragment. */
export function fileNameOf(place: string): string {
  const last = place.replace(/[?#].*$/, "").split(/[/\\]/).at(-1)!;
  try {
    return decodeURIComponent(last);
  } catch {
    return last; // a lone percent sign, in a path
  }
}

/** How an archive is packed, or null for what is none. */
export function formatOf(fileName: string): string | null {
  return ARCHIVE.exec(fileName)?.[1] ?? null;
}

/** Name and version as the name of an archive has them. */
export function partsOf(fileName: string): { name: string; version: string } {
  const stem = fileName.replace(ARCHIVE, "");
  if (fileName.endsWith(".whl")) {
    const [name, version] = stem.split("-");
    return { name: name!, version: version ?? "" };
  }
  const [, name, version] = /^(.+?)-v?(\d.*)$/.exec(stem) ?? [null, stem, ""];
  return { name: name!, version: version! };
}

/** One thing to load: a package by its name, or a file. */
export interface Request {
  given: string;
  isFile: boolean;
}

function request(given: unknown): Request {
  if (typeof given !== "string") {
    throw new TypeError(`loadPackage: expected a package's name or a URL as a string, got ${describe(given)}`);
  }
  if (formatOf(fileNameOf(given)) !== null) return { given, isFile: true };
  if (NAME.test(given)) return { given, isFile: false };
  throw new Error(
    `loadPackage: '${given}' is neither the name of a package nor the URL of a wheel or archive; ` +
      "micropip.install() takes requirements with versions and extras",
  );
}

/** What a caller gave, one or several; a proxy of a Python list is read and destroyed. */
export function requests(given: unknown, isPyProxy: (value: unknown) => boolean): Request[] {
  if (!isPyProxy(given)) return (Array.isArray(given) ? given : [given]).map(request);
  const proxy = given as PyProxy;
  const names: unknown = proxy.toJs();
  proxy.destroy();
  if (Array.isArray(names)) return names.map(request);
  throw new TypeError("loadPackage: expected a name or a list of names, got another Python object");
}

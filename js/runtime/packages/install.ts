// install.ts: puts a package into the file system and gets its libraries ready.
import type { CallPython } from "../call_python";
import { describe, expectString } from "../options";
import { isLibrary, type Libraries } from "./libraries";

/** Where modules are imported from. */
export const SITE_PACKAGES = "/lib/python3.13/site-packages";
/** Where libraries are that others are linked with; LD_LIBRARY_PATH has it. */
export const LIBRARIES = "/usr/lib";

/** Files that dist-info gets, as a dict, a Map or an object. */
export type Metadata = unknown;

export type Install = (
  data: Uint8Array,
  fileName: string,
  folder: string,
  metadata?: Metadata,
  shared?: boolean,
) => Promise<void>;

/**
 * The function that installs. Rejects with what Python raises or the engine throws; then nothing
 * of the package is left in the file system.
 */
export function createInstall(call: CallPython, libraries: Libraries): Install {
  return async (data, fileName, folder, metadata, shared = false) => {
    if (!ArrayBuffer.isView(data)) {
      throw new TypeError(`install: expected the package as a typed array, got ${describe(data)}`);
    }
    expectString("install", "the file name", fileName);
    expectString("install", "the folder", folder);
    const pairs = metadata instanceof Map ? Object.fromEntries(metadata) : metadata; // prettier-ignore
    const written = call("pyjs._packages", "install", data, fileName, folder, pairs) as string[];
    const found = written.filter(isLibrary);
    try {
      await libraries.prepare(found, shared);
    } catch (error) {
      libraries.forget(found);
      call("pyjs._packages", "remove", written, folder);
      throw error;
    }
  };
}

// index.ts: packages; a placeholder that knows none.
import type { CallPython } from "../call_python";
import type { Interpreter } from "../load";
import type { LoadPackageOptions, Lockfile, PackageData, PackageOptions } from "../packages.d.ts";

/** What loads packages into one interpreter. */
export interface Packages {
  readonly loadPackage: (names: unknown, options?: LoadPackageOptions) => Promise<PackageData[]>;
  readonly loadPackagesFromImports: (code: string, options?: LoadPackageOptions) => Promise<PackageData[]>;
  readonly loadedPackages: Record<string, string>;
  lockfile(): Promise<Lockfile>;
  lockfileBaseUrl(): Promise<string | undefined>;
  readonly install: (
    data: Uint8Array,
    fileName: string,
    folder: string,
    metadata?: Readonly<Record<string, string>> | ReadonlyMap<string, string>,
  ) => Promise<void>;
  loadDynlib(path: string, global: boolean): Promise<void>;
  loadBinaryFile(place: string, sha256?: string): Promise<Uint8Array>;
}

function missing(operation: string): () => Promise<never> {
  return async () => {
    throw new Error(`${operation}: this build of pyjs installs no packages`);
  };
}

export function createPackages(_interpreter: Interpreter, _call: CallPython, _options: PackageOptions): Packages {
  return {
    loadPackage: missing("loadPackage"),
    loadPackagesFromImports: async () => [],
    loadedPackages: {},
    lockfile: async () => ({ info: { arch: "wasm32", abi_version: "2025_0", platform: "", python: "3.13" }, packages: {} }),
    lockfileBaseUrl: async () => undefined,
    install: missing("_api.install"),
    loadDynlib: missing("_api.loadDynlib"),
    loadBinaryFile: missing("_api.loadBinaryFile"),
  };
}

// packages.d.ts: the public types of package loading; part of pyjs.d.ts.

/** What a package of a lock file is. */
export type PackageType = "package" | "cpython_module" | "shared_library" | "static_library";

/** What a lock file was made for. */
export interface LockfileInfo {
  arch: string;
  /** The ABI of compiled packages, which must be the runtime's own. */
  abi_version?: string | null;
  /** The platform, with the version of Emscripten. */
  platform: string;
  /** The version of Python. */
  python: string;
  version?: string;
}

/** One package of a lock file. */
export interface LockfilePackage {
  name: string;
  version: string;
  /** A file below `packageBaseUrl`, or a URL. */
  file_name: string;
  package_type?: PackageType;
  /** `dynlib` for libraries that others are linked with; else site-packages. */
  install_dir?: "site" | "dynlib";
  sha256?: string | null;
  /** The modules that it has, for loadPackagesFromImports. */
  imports?: string[];
  /** The packages that it needs, by name. */
  depends?: string[];
}

/** A lock file, as Pyodide and the package `pyodide-lock` define it. */
export interface Lockfile {
  info: LockfileInfo;
  packages: Record<string, LockfilePackage>;
}

/** Where packages come from. */
export interface PackageOptions {
  /** The lock file, as a URL or a path; by default `pyodide-lock.json` in indexURL. */
  lockFileURL?: string | URL | undefined;
  /** The lock file itself, or its text. Then relative file names need packageBaseUrl. */
  lockFileContents?: Lockfile | string | Promise<Lockfile | string> | undefined;
  /** What file names are relative to; by default the folder of the lock file. */
  packageBaseUrl?: string | URL | undefined;
  /**
   * In Node a folder in which packages are looked for first, and kept when they were downloaded.
   * What does not have the right checksum is downloaded anew. Ignored elsewhere, where the browser
   * keeps what it downloads.
   */
  packageCacheDir?: string | undefined;
}

export interface LoadPackageOptions {
  /** Called with each message of progress; by default they are written to Python's stdout. */
  messageCallback?: ((message: string) => void) | undefined;
  /** Called with what went wrong; by default it is written to Python's stderr. */
  errorCallback?: ((message: string) => void) | undefined;
  /** Whether what arrives must have the checksum of the lock file; by default true. */
  checkIntegrity?: boolean | undefined;
}

/** A package that was loaded. */
export interface PackageData {
  name: string;
  version: string;
  fileName: string;
  packageType: PackageType;
}

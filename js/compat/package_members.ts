// package_members.ts: what `_api` has of packages.
import { internals } from "pyjs-loader";
import type { LockfilePackage } from "../runtime/packages.d.ts";
import type { State } from "./state";

const LIBRARIES = "/usr/lib";

/** The package that has a module, by the module's name. */
function packageByImport(packages: Readonly<Record<string, LockfilePackage>>): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, { imports = [] }] of Object.entries(packages)) {
    for (const each of imports) found.set(each, name);
  }
  return found;
}

/** What reads the lock file reads it anew: a program may have changed it. */
export function packageMembers(state: State): object {
  const { packages, lockRead } = state;
  const { sitePackages } = internals;
  const manager = {
    cdnURL: "",
    installBaseUrl: undefined,
    loadPackage: packages.loadPackage,
    loadedPackages: packages.loadedPackages,
    getLoadedPackageChannel: (name: string) => packages.loadedPackages[name] ?? null,
    flushBuffers: () => undefined,
  };
  const lockFile = lockRead.then(() => state.lock().file);
  lockFile.catch(() => undefined); // who waits for it is told
  return {
    packageManager: manager,
    flushPackageManagerBuffers: manager.flushBuffers,
    packageIndexReady: lockRead,
    lockFilePromise: lockFile,
    get lockfile() {
      return state.lock().file;
    },
    get lockfile_info() {
      return state.lock().file.info;
    },
    get lockfile_packages() {
      return state.lock().file.packages;
    },
    get _import_name_to_package_name() {
      return packageByImport(state.lock().file.packages);
    },
    // The standard library is whole.
    lockfile_unvendored_stdlibs: [],
    lockfile_unvendored_stdlibs_and_test: [],
    sitepackages: sitePackages,
    sitePackages,
    dsodir: LIBRARIES,
    defaultLdLibraryPath: [LIBRARIES, sitePackages],
    install: packages.install,
    loadDynlib: packages.loadDynlib,
    loadBinaryFile: packages.loadBinaryFile,
  };
}

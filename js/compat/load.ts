// load.ts: what the loader is told, so that Python starts as in Pyodide.
import { internals } from "pyjs-loader";
import type { Glue } from "pyjs-glue";
import type { Setup } from "../runtime/load";
import type { LoadOptions } from "../runtime/pyjs";
import type { FS } from "./file_system";
import type { Config } from "./options";

const HOME = "/home/pyodide";
const PROGRAM = "/bin/python3";

export function loadOptions(config: Config, onFatal: (error: Error) => void): LoadOptions {
  const { indexURL, stdout, stderr } = config;
  const program = config._sysExecutable ?? PROGRAM;
  const env = Object.entries({ HOME, ...config.env }).map(([name, value]) => [name, String(value)]);
  return {
    indexURL,
    stdout,
    stderr,
    env: Object.fromEntries(env) as Record<string, string>,
    args: [program, ...(config.args ?? [])],
    proxyLifetime: "call",
    onFatal,
  };
}

/** Python's first folder is its home. */
function goHome({ FS: fs, ENV: env }: Glue): void {
  fs.mkdirTree(env["HOME"]!);
  fs.chdir(env["HOME"]!);
}

export async function setup(config: Config): Promise<Setup> {
  const { stdLibURL, fsInit, _sysExecutable } = config;
  return {
    stdlib: stdLibURL === undefined ? undefined : await internals.absoluteURL(stdLibURL),
    program: _sysExecutable ?? PROGRAM,
    async prepare(glue) {
      goHome(glue);
      await fsInit?.(glue.FS as unknown as FS, { sitePackages: internals.sitePackages });
    },
  };
}

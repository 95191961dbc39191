// state.ts: what the parts of one API object share.
import { internals } from "pyjs-loader";
import type { CallPython } from "../runtime/call_python";
import type { Interpreter } from "../runtime/load";
import type { Lockfile } from "../runtime/packages.d.ts";
import type { Packages } from "../runtime/packages/index";
import type { PyjsAPI } from "../runtime/pyjs";
import type { Config } from "./options";

export interface State {
  readonly interpreter: Interpreter;
  readonly py: PyjsAPI;
  readonly packages: Packages;
  readonly config: Config;
  readonly call: CallPython;
  /** Settles when the lock file was read, or could not be; rejects where the caller named it. */
  readonly lockRead: Promise<void>;
  /** What was read. Throws why there is none. */
  lock(): Lock;
}

export interface Lock {
  readonly file: Lockfile;
  readonly base: string | undefined;
}

const PENDING = "the lock file has not been read yet: wait for loadPyodide()";

export function readState(interpreter: Interpreter, config: Config): State {
  const call = internals.createCallPython(interpreter.glue.pyjs);
  const packages = internals.createPackages(interpreter, call, config);
  let lock: Lock | undefined;
  let failure: unknown = new Error(PENDING);
  const named = config.lockFileURL !== undefined || config.lockFileContents !== undefined;
  const read = async (): Promise<void> => {
    try {
      const [file, base] = await Promise.all([packages.lockfile(), packages.lockfileBaseUrl()]);
      lock = { file, base };
    } catch (error) {
      failure = error;
      if (named) throw error;
    }
  };
  const lockRead = read();
  lockRead.catch(() => undefined); // who waits for it is told
  return {
    interpreter,
    py: internals.createAPI(interpreter, packages),
    packages,
    config,
    call,
    lockRead,
    lock() {
      if (lock === undefined) throw failure;
      return lock;
    },
  };
}

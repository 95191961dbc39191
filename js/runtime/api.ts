// api.ts: the object that loadPyjs() gives.
import { unpackArchive } from "./archive";
import { createCallPython } from "./call_python";
import { interrupts } from "./interrupts";
import type { Interpreter } from "./load";
import { mountNativeFS, mountNodeFS } from "./mounts";
import type { Packages } from "./packages/index";
import type { PyjsAPI } from "./pyjs";
import { pythonAPI } from "./python_api";

// An engine without the symbol has no `using` to look for it.
const disposeKey: typeof Symbol.dispose = Symbol.dispose ?? Symbol("dispose");

export function createAPI({ glue, streams, node }: Interpreter, packages: Packages): PyjsAPI {
  const { pyjs } = glue;
  const call = createCallPython(pyjs);
  const dispose = (): void => {
    if (pyjs.isGone()) return;
    if (pyjs.isRunning()) {
      throw new Error("dispose: Python is running and would return into nothing; call it from a task of its own");
    }
    call("pyjs._start", "stop");
    pyjs.dispose();
  };
  return {
    ...pythonAPI(pyjs, call),
    FS: glue.FS,
    PATH: glue.PATH,
    ERRNO_CODES: glue.ERRNO_CODES,
    loadedPackages: packages.loadedPackages,
    setStdin: (options) => streams.setStdin(options),
    setStdout: (options) => streams.setOutput(1, options),
    setStderr: (options) => streams.setOutput(2, options),
    unpackArchive: (buffer, format, options) => unpackArchive(call, buffer, format, options),
    mountNativeFS: (path, handle) => mountNativeFS(glue, path, handle),
    mountNodeFS: (path, hostPath) => mountNodeFS(glue, node, path, hostPath),
    ...interrupts(glue, call),
    dispose,
    [disposeKey]: dispose,
  };
}

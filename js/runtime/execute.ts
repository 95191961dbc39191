// execute.ts: running Python under the names that emscripten-forge's pyjs has for it.
import type { CallPython } from "./call_python";
import { expectString } from "./options";
import type { PyjsAPI } from "./pyjs";

type Run = (...args: unknown[]) => unknown;
type Names = "exec" | "eval" | "exec_eval" | "async_exec_eval" | "eval_file";

/** Python takes None for what is left out; JavaScript writes null for that, too. */
function args(operation: string, what: string, source: unknown, globals: unknown, locals: unknown): unknown[] {
  return [expectString(operation, what, source), globals ?? undefined, locals ?? undefined];
}

/** The members of the API; `run` and `runAsync` are those of pyjs.code. */
export function executeAPI(call: CallPython, run: Run, runAsync: Run): Pick<PyjsAPI, Names> {
  const code = "Python code";
  return {
    exec: (source, globals, locals) => {
      call("pyjs._execute", "execute", ...args("exec", code, source, globals, locals));
    },
    eval: <T>(source: string, globals?: unknown, locals?: unknown) =>
      call("pyjs._execute", "evaluate", ...args("eval", code, source, globals, locals)) as T,
    exec_eval: <T>(source: string, globals?: unknown, locals?: unknown) =>
      run(...args("exec_eval", code, source, globals, locals)) as T,
    async_exec_eval: async <T>(source: string, globals?: unknown, locals?: unknown) =>
      (await runAsync(...args("async_exec_eval", code, source, globals, locals))) as T,
    eval_file: <T>(path: string, globals?: unknown, locals?: unknown) =>
      call("pyjs._execute", "run_file", ...args("eval_file", "the path", path, globals, locals)) as T,
  };
}

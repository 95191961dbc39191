// options.ts: reads what loadPyodide is given.
import { describe, optional, optionalTexts, pickOptions } from "../runtime/options";
import type { PyodideConfig } from "./pyodide";

const OPERATION = "loadPyodide";

const TEXTS = ["packageCacheDir", "lockFileURL", "packageBaseUrl", "stdLibURL", "_sysExecutable", "BUILD_ID", "cdnUrl"] as const;
const FLAGS = ["fullStdLib", "enableRunUntilComplete", "checkAPIVersion", "pyproxyToStringRepr", "convertNullToNone", "toJsLiteralMap", "_makeSnapshot"] as const;
const FUNCTIONS = ["stdin", "stdout", "stderr", "fsInit", "createPyodideModule", "_snapshotDeserializer"] as const;
const OTHERS = ["indexURL", "lockFileContents", "jsglobals", "args", "env", "packages", "_loadSnapshot"] as const;

/** The options, of the types that they must have. */
export interface Config extends PyodideConfig {
  readonly _sysExecutable?: string;
  readonly BUILD_ID?: string;
  readonly cdnUrl?: string;
}

function expectObject(name: string, value: unknown): void {
  const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
  if (!isObject) throw new TypeError(`${OPERATION}: expected ${name} to be an object, got ${describe(value)}`);
}

function expectURL(name: string, value: unknown): void {
  if (typeof value !== "string" && !(value instanceof URL)) {
    throw new TypeError(`${OPERATION}: expected ${name} to be a string, got ${describe(value)}`);
  }
}

/** There is no state to save an interpreter in, nor to load one from. */
function refuseSnapshots(options: Partial<Record<string, unknown>>): void {
  for (const name of ["_makeSnapshot", "_loadSnapshot"]) {
    if (options[name] === undefined || options[name] === false) continue;
    throw new Error(`${OPERATION}: ${name}: interpreters cannot be saved and restored here; leave the option out`);
  }
}

/** Reads the options; those that are null count as not given, and others than these are passed over. */
export function readConfig(given: unknown): Config {
  const options = pickOptions(OPERATION, given, [...TEXTS, ...FLAGS, ...FUNCTIONS, ...OTHERS]);
  for (const name of Object.keys(options) as (keyof typeof options)[]) if (options[name] === null) delete options[name];
  TEXTS.forEach((name) => optional(OPERATION, options, name, "string"));
  FLAGS.forEach((name) => optional(OPERATION, options, name, "boolean"));
  FUNCTIONS.forEach((name) => optional(OPERATION, options, name, "function"));
  if (options.indexURL !== undefined) expectURL("indexURL", options.indexURL);
  if (options.jsglobals !== undefined) expectObject("jsglobals", options.jsglobals);
  if (options.env !== undefined) expectObject("env", options.env);
  if (options.lockFileContents !== undefined && typeof options.lockFileContents !== "string") {
    expectObject("lockFileContents", options.lockFileContents);
  }
  optionalTexts(OPERATION, options, "args");
  if (typeof options.packages !== "string") optionalTexts(OPERATION, options, "packages");
  refuseSnapshots(options);
  return options as Config;
}

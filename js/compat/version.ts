// version.ts: whose API this is.

/** Programs compare it, and package.json's has it. */
export const PYODIDE_VERSION = "314.0.7";
/** What compiled wheels are for: pyemscripten_2025_0. */
export const ABI_VERSION = "2025_0";

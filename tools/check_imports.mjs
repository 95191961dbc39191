// check_imports.mjs: fails when the wheel's extension imports what no loader without Embind has.
//
//   node tools/check_imports.mjs FILE
import { readFile } from "node:fs/promises";

/** The one function of JavaScript's that comes with the module; see tools/bundle.mjs. */
const OWN = new Set(["pyjs_wheel_join"]);

const [file = ""] = process.argv.slice(2);
const module = await WebAssembly.compile(await readFile(file));
const missing = WebAssembly.Module.imports(module)
  .map(({ name }) => name)
  .filter((name) => /^_(emval|embind)_|^pyjs_/.test(name) && !OWN.has(name));
if (missing.length > 0) {
  console.error(
    `linking ${file}: ${missing.join(", ")} must come with the module, since Pyodide has no Embind; ` +
      "add them to src/glue_table.hpp, src/emval_provider.cpp and js/wheel/join.ts",
  );
  process.exit(1);
}

// bundle.mjs: bundles the TypeScript into what the linker and the loader take.
//
//   node tools/bundle.mjs core OUT                    js/core as an Emscripten JS library
//   node tools/bundle.mjs wheel OUT                   js/wheel and js/core as an EM_JS function
//   node tools/bundle.mjs loader GLUE WASM ZIP DIST   js/runtime and the linker's module, and js/compat
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { copyFile, readFile, stat, writeFile } from "node:fs/promises";
import { basename, resolve } from "node:path";

/** The functions that wasm imports, with their Emscripten signatures. */
const SIGNATURES = {
  pyjs_js_call: "iiiiii",
  pyjs_js_call_method: "iiiii",
  pyjs_js_get: "iii",
  pyjs_js_set: "iii",
  pyjs_js_op: "iiiiii",
  pyjs_js_item: "iiiii",
  pyjs_js_store: "ii",
  pyjs_js_load: "iii",
  pyjs_js_classify_error: "iii",
  pyjs_js_make_error: "ii",
  pyjs_js_features: "vii",
  pyjs_js_make_proxy: "iii",
  pyjs_js_suspend: "iii",
  pyjs_js_done: "viii",
  pyjs_js_attach: "vii",
};

/**
 * Forgets linear memory, all that leads to the instance, and the files; `fail` is what the file
 * system does from then on. Growth by nothing detaches the arrays over the memory, whoever holds
 * them; exports that are no more are assigned as those that are.
 */
const EMPTY = `(fail) => {
    wasmMemory.grow(0);
    assignWasmExports(new Proxy({}, { get: () => ({ value: 0 }) }));
    HEAP8 = undefined;
    updateMemoryViews();
    wasmExports = {};
    emval_handles.length = 0;
    const dynamic = typeof GOT === "object" ? [wasmImports, GOT] : [wasmImports];
    for (const table of dynamic) for (const name of Object.keys(table)) delete table[name];
    if (typeof wasmTableMirror === "object") wasmTableMirror.length = 0;
    if (typeof functionsInTableMap === "object") functionsInTableMap = undefined;
    if (typeof preloadedWasm === "object") for (const name of Object.keys(preloadedWasm)) delete preloadedWasm[name];
    if (typeof LDSO === "object") Object.assign(LDSO, { loadedLibsByName: {}, loadedLibsByHandle: {} });
    if (typeof FS !== "object") return;
    const classes = ["ErrnoError", "FSStream", "FSNode"];
    const isMethod = (name) => typeof FS[name] === "function" && !classes.includes(name);
    for (const name of Object.keys(FS).filter(isMethod)) FS[name] = fail;
    Object.assign(FS, { root: null, mounts: [], devices: {}, streams: [], nameTable: null });
  }`;

/** The host that Embind and Emscripten make; the only place that knows their names. */
const HOST = `{
  values: emval_handles,
  toHandle: Emval.toHandle,
  release: (handle) => __emval_decref(handle),
  countHandles: () => emval_handles.length / 2 - 5 - emval_freelist.length,
  memory: () => wasmMemory,
  exports: () => wasmExports,
  finalizers: Module['pyjsFinalizers'],
  empty: ${EMPTY},
}`;

function entries() {
  return Object.entries(SIGNATURES).map(
    ([name, sig]) =>
      `  ${name}__deps: ["$pyjs"], ${name}__sig: "${sig}", ${name}: "=pyjs.imports.${name}",`,
  );
}

/**
 * Leaves an unchanged file alone, so that nothing is linked again for it.
 * @param {string} file
 * @param {string} text
 */
async function writeIfChanged(file, text) {
  const before = await readFile(file, "utf8").catch(() => null);
  if (before !== text) await writeFile(file, text);
}

/** @param {string} outfile */
async function core(outfile) {
  const { outputFiles } = await build({
    write: false,
    entryPoints: ["js/core/index.ts"],
    bundle: true,
    format: "iife",
    globalName: "core",
    target: "es2022",
    charset: "ascii",
    external: ["node:*"],
    legalComments: "none",
    banner: { js: "addToLibrary({\n  $createPyjsCore: function (host) {" },
    footer: {
      js: [
        "  return core.createCore(host); },",
        '  $pyjs__deps: ["$createPyjsCore", "$Emval", "$emval_handles", "$emval_freelist", "_emval_decref"],',
        `  $pyjs__postset: "Module['pyjs'] = pyjs;",`,
        `  $pyjs: ${JSON.stringify(`=createPyjsCore(${HOST})`)},`,
        ...entries(),
        "});",
      ].join("\n"),
    },
    outfile,
  });
  await writeIfChanged(outfile, outputFiles.map(({ text }) => text).join(""));
}

/** What Emscripten's loader has around an EM_JS function. */
const LOADER = "{ memory: wasmMemory, table: wasmTable }";

/**
 * The symbol that EM_JS would make. A text literal in C: what looks like a trigraph is escaped.
 * Emscripten evaluates `(parameters) => body`, whose body engines only skim. So that the core is
 * compiled once, and when the module is loaded, it stands behind an empty one, in an expression
 * whose value is what the evaluation gives.
 * @param {string} outfile
 */
async function wheel(outfile) {
  const { version } = JSON.parse(await readFile("package.json", "utf8"));
  const { outputFiles } = await build({
    write: false,
    entryPoints: ["js/wheel/join.ts"],
    bundle: true,
    minify: true,
    format: "iife",
    globalName: "wheel",
    target: "es2022",
    charset: "ascii",
    external: ["node:*"],
    legalComments: "none",
    define: { PYJS_VERSION: JSON.stringify(version) },
    outfile,
  });
  const code = outputFiles.map(({ text }) => text).join("");
  const body = `{}; (({ join }) => (...given) => join(${LOADER}, ...given))((() => { ${code} return wheel; })())`;
  // Its frames are told from the user's by that name (js/core/stack.ts).
  const text = `(int imported, int exported, int count)<::>${body}\n//# sourceURL=pyjs:///pyjs_core.js\n`;
  const literal = JSON.stringify(text).replaceAll("?", "\\?");
  const name = "__em_js__pyjs_wheel_join";
  await writeIfChanged(outfile, `__attribute__((used, visibility("hidden"))) char ${name}[] = ${literal};\n`);
}

/** The loader gives the wasm: where it is need not be known here, nor by users' bundlers. */
const LOCATED = 'new URL("pyjs_glue.wasm",import.meta.url).href';

/** @type {(glue: string) => import("esbuild").Plugin} */
const gluePlugin = (glue) => ({
  name: "glue",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^pyjs-glue$/ }, () => ({ path: resolve(glue) }));
    onLoad({ filter: /pyjs_glue\.mjs$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      if (text.split(LOCATED).length !== 2) throw new Error(`${path}: expected ${LOCATED} once`);
      return { contents: text.replace(LOCATED, '"pyjs.wasm"') };
    });
  },
});

/** @type {import("esbuild").Plugin} */
const loaderPlugin = {
  name: "loader",
  setup({ onResolve }) {
    onResolve({ filter: /^pyjs-loader$/ }, () => ({ path: "./pyjs.mjs", external: true }));
  },
};

/** What is imported when it is wanted is Node's or the user's: bundlers are to leave it alone. */
const IGNORED = "/* webpackIgnore: true */ /* @vite-ignore */";

/**
 * @param {string} entry
 * @param {import("esbuild").Plugin} plugin
 * @param {Record<string, string>} define
 * @param {string} outfile
 */
async function module(entry, plugin, define, outfile) {
  const { outputFiles } = await build({
    write: false,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    platform: "neutral",
    external: ["node:*"],
    legalComments: "none",
    tsconfigRaw: {}, // its paths are those of the types
    plugins: [plugin],
    define,
    outfile,
  });
  const code = outputFiles.map(({ text }) => text).join("");
  await writeFile(outfile, code.replaceAll(/(?<![\w$.])import\(/g, `import(${IGNORED} `));
}

/**
 * @param {string} glue
 * @param {string} wasm
 * @param {string} stdlib
 * @param {string} dist
 */
async function loader(glue, wasm, stdlib, dist) {
  const { version } = JSON.parse(await readFile("package.json", "utf8"));
  const { abi } = JSON.parse(await readFile("runtime/versions.json", "utf8"));
  /** @type {Record<string, number>} */
  const sizes = {};
  const hash = createHash("sha256").update(version);
  for (const file of [wasm, stdlib]) {
    sizes[basename(file)] = (await stat(file)).size;
    hash.update(await readFile(file));
  }
  const define = {
    PYJS_VERSION: JSON.stringify(version),
    PYJS_ABI: JSON.stringify(abi),
    PYJS_SIZES: JSON.stringify(sizes),
    PYJS_BUILD: JSON.stringify(hash.digest("hex")),
  };
  await module("js/runtime/index.ts", gluePlugin(glue), define, `${dist}/pyjs.mjs`);
  await module("js/compat/index.ts", loaderPlugin, define, `${dist}/pyodide.mjs`);
  for (const file of ["pyodide.js", "pyodide.asm.mjs"]) await copyFile(`js/compat/${file}`, `${dist}/${file}`);
}

const [verb, ...rest] = process.argv.slice(2);
if (verb === "core" && rest.length === 1) {
  await core(.../** @type {[string]} */ (rest));
} else if (verb === "wheel" && rest.length === 1) {
  await wheel(.../** @type {[string]} */ (rest));
} else if (verb === "loader" && rest.length === 4) {
  await loader(.../** @type {[string, string, string, string]} */ (rest));
} else {
  console.error(`bundle: expected core OUT, wheel OUT, or loader GLUE WASM ZIP DIST; given ${verb} ${rest.join(" ")}`);
  process.exit(2);
}

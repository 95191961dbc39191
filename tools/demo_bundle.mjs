// demo_bundle.mjs: bundles the demo page: scripts, style, and the npm library of an example.
//
//   node tools/demo_bundle.mjs OUT
import { build } from "esbuild";

const SOURCE = "examples/demo";

/**
 * pyjs is a file beside the bundle, as it is for any page that uses it.
 * @type {import("esbuild").Plugin}
 */
const pyjsBeside = {
  name: "pyjs-beside",
  setup(builder) {
    builder.onResolve({ filter: /^pyjs$/ }, () => ({ path: "./pyjs.mjs", external: true }));
  },
};

const [outdir, ...rest] = process.argv.slice(2);
if (outdir === undefined || rest.length > 0) {
  console.error("usage: node tools/demo_bundle.mjs OUT");
  process.exit(2);
}

/** @type {import("esbuild").BuildOptions} */
const shared = { bundle: true, minify: true, target: "es2022", legalComments: "linked", outdir };

await build({
  ...shared,
  entryPoints: {
    main: `${SOURCE}/src/main.ts`,
    worker: `${SOURCE}/src/worker.ts`,
    "d3-geo": "d3-geo",
  },
  format: "esm",
  outExtension: { ".js": ".mjs" },
  loader: { ".py": "text" },
  plugins: [pyjsBeside],
});
await build({ ...shared, entryPoints: { style: `${SOURCE}/style/index.css` } });

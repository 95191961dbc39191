// build.mjs: builds the app in the current folder, with a bundler and no configuration.
//
//   node build.mjs webpack|vite MODULES   into ./out; MODULES is where the bundlers are
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [bundler, modules] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const context = process.cwd();

const builders = {
  async webpack() {
    const webpack = require("webpack");
    const options = { mode: "production", context, output: { path: `${context}/out` } };
    const stats = await new Promise((resolve, reject) => {
      webpack(options, (error, done) => (error ? reject(error) : resolve(done)));
    });
    const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
    // Python is as large as it is.
    return [...errors, ...warnings.filter(({ message }) => !/size limit|performance/.test(message))].map((each) => each.message);
  },
  async vite() {
    const { build, createLogger } = await import(pathToFileURL(`${modules}/vite/dist/node/index.js`).href);
    const said = [];
    const logger = createLogger("warn");
    logger.warn = logger.warnOnce = logger.error = (text) => said.push(text);
    // Of their own defaults one is named: the folder, which both are to share.
    await build({ root: context, build: { outDir: "out" }, customLogger: logger });
    return said.filter((text) => !/chunks are larger/.test(text));
  },
};

const said = await builders[bundler]();
process.stdout.write(`\nSAID ${JSON.stringify(said)}`); // behind what bundlers print

// browser.mjs: runs a program in a page of a headless browser.
import { accessSync, constants, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { UsageError } from "./options.mjs";
import { serve } from "./server.mjs";

/**
 * @typedef {import("./run.mjs").Plan} Plan
 * @typedef {import("puppeteer-core").Browser} Browser
 * @typedef {import("puppeteer-core").LaunchOptions} LaunchOptions
 */

const PATIENCE = 5000; // milliseconds for a browser to close
const ABORTED = 134;
/** The exit codes that shells give to programs ended by these. */
const SIGNALS = new Map([
  [/** @type {const} */ ("SIGINT"), 130],
  [/** @type {const} */ ("SIGTERM"), 143],
  [/** @type {const} */ ("SIGHUP"), 129],
]);

/** @type {{ programs: string[], flags: string[] }} */
const { programs, flags } = JSON.parse(readFileSync(new URL("chromium.json", import.meta.url), "utf8"));

const CHROMIUM = {
  name: "chromium",
  variable: "PYJS_CHROMIUM",
  programs,
  package: "chromium",
  /** @type {LaunchOptions} */
  launch: {
    browser: "chrome",
    pipe: true, // it ends with this process, whatever ends that
    args: flags,
  },
};

const FIREFOX = {
  name: "firefox",
  variable: "PYJS_FIREFOX",
  programs: ["firefox-esr", "firefox"],
  package: "firefox-esr",
  /** @type {LaunchOptions} */
  launch: { browser: "firefox" },
};

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {typeof CHROMIUM | typeof FIREFOX} kind */
function find({ name, variable, programs, package: needed }) {
  const given = process.env[variable];
  if (given !== undefined && given !== "") {
    if (isProgram(given)) return given;
    throw new UsageError(`pyjs run: ${variable} names ${given}, which is no program`);
  }
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const found = programs.flatMap((program) => folders.map((folder) => join(folder, program))).find(isProgram);
  if (found !== undefined) return found;
  throw new UsageError(
    `pyjs run: --host ${name} needs one of ${programs.join(", ")} on PATH; Debian's package is ${needed}`,
  );
}

async function puppeteer() {
  try {
    return (await import("puppeteer-core")).default;
  } catch {
    throw new UsageError("pyjs run: the package puppeteer-core is missing; `npm ci` installs it");
  }
}

/**
 * The exit code, when a signal asks this process to end.
 * @returns {Promise<number>}
 */
function signalled() {
  return new Promise((resolve) => {
    for (const [signal, code] of SIGNALS) process.once(signal, () => resolve(code));
  });
}

/**
 * Opens the page; settles only when something goes wrong.
 * @param {Browser} browser
 * @param {string} url
 * @returns {Promise<number>}
 */
function failed(browser, url) {
  return new Promise((resolve) => {
    let isSaid = false; // a crash, for one, is also the end of a connection
    const fail = (/** @type {string} */ what) => {
      if (!isSaid) process.stderr.write(`pyjs run: ${what}\n`);
      isSaid = true;
      resolve(ABORTED);
    };
    browser.on("disconnected", () => fail("the browser ended before the program did"));
    void (async () => {
      const page = (await browser.pages())[0] ?? (await browser.newPage());
      page.on("error", (error) => fail(`the page crashed: ${error.message}`));
      await page.goto(url, { timeout: 0 });
    })().catch((/** @type {Error} */ error) => fail(`the page did not open: ${error.message}`));
  });
}

/**
 * A page that computes does not hear that it should close, so patience has an end.
 * @param {Browser} browser
 */
async function close(browser) {
  browser.removeAllListeners("disconnected");
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, "late"));
  const outcome = await Promise.race([browser.close().catch(() => "late"), late]);
  if (outcome === "late") browser.process()?.kill("SIGKILL");
}

/**
 * @param {typeof CHROMIUM | typeof FIREFOX} kind
 * @param {Plan} plan
 * @param {URL} dist
 * @returns {Promise<number>} the exit code
 */
async function run(kind, plan, dist) {
  const executablePath = find(kind);
  const { launch } = await puppeteer();
  /** @param {Error} error */
  const notStarted = ({ message }) => {
    throw new UsageError(`pyjs run: ${executablePath} did not start: ${message.trim().split("\n")[0]}`);
  };
  const interrupted = signalled();
  const userDataDir = mkdtempSync(join(tmpdir(), `pyjs-run-${kind.name}-`));
  const server = await serve(plan, dist);
  const signals = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
  try {
    const patience = { protocolTimeout: 0, timeout: 120_000 }; // a busy machine starts it slowly
    const options = { ...kind.launch, ...signals, ...patience, executablePath, userDataDir };
    const browser = await launch(options).catch(notStarted);
    const code = await Promise.race([server.ended, interrupted, failed(browser, server.url)]);
    await close(browser);
    return code;
  } finally {
    server.close();
    rmSync(userDataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/**
 * @param {Plan} plan
 * @param {URL} dist
 */
export const chromium = (plan, dist) => run(CHROMIUM, plan, dist);

/**
 * @param {Plan} plan
 * @param {URL} dist
 */
export const firefox = (plan, dist) => run(FIREFOX, plan, dist);

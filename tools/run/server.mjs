// server.mjs: serves a page its runtime, and what only this process has: the plan, the terminal, the disk.
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { Disk } from "./disk.mjs";
import { Printer, Stdin } from "./terminal.mjs";

/**
 * @typedef {import("./run.mjs").Plan} Plan
 * @typedef {string | Uint8Array} Answer
 */

const TYPES = new Map([
  ["html", "text/html; charset=utf-8"],
  ["mjs", "text/javascript; charset=utf-8"],
  ["wasm", "application/wasm"],
  ["zip", "application/zip"],
]);
/** The operations of Disk that a page may name. */
const OPERATIONS = new Set(
  /** @type {const} */ ([
    ...["stat", "fstat", "list", "make", "unlink", "rmdir", "rename", "symlink", "readlink"],
    ...["open", "shut", "read", "write", "chmod", "utime", "truncate", "ftruncate"],
  ]),
);
/** The files that a page loads: those of this folder that run in it, and dist. */
const FILES = /^(?:dist\/[\w.-]+|run\/(?:page\.html|(?:page|files|output|relay|start|wire)\.mjs))$/;

const BROKEN_PIPE = 141; // what a shell reports of a program that SIGPIPE ended

/** @param {import("node:http").IncomingMessage} request */
async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(/** @type {Buffer} */ (part));
  return Buffer.concat(parts);
}

/**
 * An operation is one line of JSON, [name, ...arguments], and bytes behind it.
 * @param {Disk} disk
 * @param {Buffer} body
 * @returns {Answer}
 */
function operate(disk, body) {
  const end = body.indexOf("\n");
  const [name, ...args] = JSON.parse(body.toString("utf8", 0, end));
  if (!OPERATIONS.has(name)) throw Object.assign(new Error(name), { code: "ENOSYS" });
  if (name === "write") args.push(body.subarray(end + 1));
  const result = /** @type {any} */ (disk)[name](...args);
  // A byte goes first: a page that reads bytes as text would take a mark of byte order for its own.
  return result instanceof Uint8Array ? Buffer.concat([Buffer.of(0), result]) : JSON.stringify(result);
}

/**
 * What a page may post, by the last part of the path.
 * @param {Plan} plan
 * @param {Disk} disk
 * @param {(code: number) => void} end
 * @returns {Map<string, (body: Buffer) => Answer | Promise<Answer>>}
 */
function postings(plan, disk, end) {
  const stdin = new Stdin();
  const printer = new Printer(() => end(BROKEN_PIPE));
  const number = (/** @type {Buffer} */ body) => Number(body.toString());
  return new Map(
    Object.entries({
      plan: () => JSON.stringify(plan),
      stdin: () => stdin.read(),
      print: (/** @type {Buffer} */ body) => (printer.print(body), ""),
      printed: async (/** @type {Buffer} */ body) => (await printer.printed(number(body)), ""),
      disk: (/** @type {Buffer} */ body) => operate(disk, body),
      exit: (/** @type {Buffer} */ body) => (end(number(body) & 0xff), ""),
    }),
  );
}

/**
 * A refused operation is answered with its error code; what has none is a fault of ours.
 * @param {() => Answer | Promise<Answer>} action
 * @param {import("node:http").ServerResponse} response
 */
async function answer(action, response) {
  try {
    response.end(await action());
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    response.writeHead(code === undefined ? 500 : 422).end(code ?? String(error));
  }
}

/**
 * @param {string} name
 * @param {URL} dist
 * @param {import("node:http").ServerResponse} response
 */
async function sendFile(name, dist, response) {
  const type = TYPES.get(name.slice(name.lastIndexOf(".") + 1));
  if (!FILES.test(name) || type === undefined) {
    response.writeHead(404).end();
    return;
  }
  const [folder, file = ""] = name.split("/");
  const content = await readFile(new URL(file, folder === "dist" ? dist : import.meta.url));
  response.writeHead(200, { "content-type": type, "referrer-policy": "no-referrer" }).end(content);
}

/**
 * Serves one run on a free port of the loopback address. The path begins with a
 * secret, without which nothing is served: other programs, and pages of other
 * sites, reach the port but do not know it.
 * @param {Plan} plan
 * @param {URL} dist
 * @returns {Promise<{ url: string, ended: Promise<number>, close(): void }>}
 */
export async function serve(plan, dist) {
  const root = `/${randomBytes(24).toString("base64url")}/`;
  const disk = new Disk(plan.folders);
  /** @type {(code: number) => void} */
  let end = () => {};
  const ended = new Promise((/** @type {(code: number) => void} */ resolve) => (end = resolve));
  const posts = postings(plan, disk, (code) => end(code));
  const server = createServer(async (request, response) => {
    const path = request.url ?? "";
    const name = path.startsWith(root) ? path.slice(root.length) : "";
    const post = request.method === "POST" ? posts.get(name) : undefined;
    if (post !== undefined) {
      const body = await bodyOf(request);
      await answer(() => post(body), response);
    } else if (request.method === "GET") {
      await sendFile(name, dist, response);
    } else {
      response.writeHead(404).end();
    }
  });
  // A program may be silent for long; its connection must be there when it speaks.
  server.keepAliveTimeout = server.headersTimeout = server.requestTimeout = 0;
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}${root}run/page.html`,
    ended,
    close() {
      server.close();
      server.closeAllConnections();
      disk.close();
    },
  };
}

// wire.mjs: in the page: asks the server, and waits for its answer with the whole page.

/** The server refused; `code` is the name of a POSIX error, such as ENOENT. */
export class Refused extends Error {
  /** @param {string} code */
  constructor(code) {
    super(`the server refused: ${code}`);
    this.code = code;
  }
}

const encoder = new TextEncoder();

/**
 * @param {string} name
 * @param {string | Uint8Array<ArrayBuffer>} body
 * @param {string} charset
 */
function post(name, body, charset) {
  const request = new XMLHttpRequest();
  request.open("POST", `../${name}`, false);
  request.overrideMimeType(`text/plain; charset=${charset}`);
  request.send(body);
  if (request.status === 422) throw new Refused(request.responseText);
  if (request.status !== 200) throw new Error(`${name}: the server answered ${request.status}`);
  return request.responseText;
}

/**
 * Bytes through a request that may wait can only come as text: in this charset
 * a byte is the low half of its character.
 * @param {string} name
 * @param {string | Uint8Array<ArrayBuffer>} body
 */
function postForBytes(name, body) {
  const text = post(name, body, "x-user-defined");
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/**
 * @param {string} name
 * @param {string | Uint8Array<ArrayBuffer>} [body]
 * @returns {string}
 */
export function ask(name, body = "") {
  return post(name, body, "utf-8");
}

/** Waits for the next bytes of stdin; null at its end. */
export function readStdin() {
  for (;;) {
    const bytes = postForBytes("stdin", "");
    if (bytes[0] === 0) return null;
    if (bytes[0] === 1) return bytes.subarray(1);
  }
}

/**
 * An operation of the disk that gives data; see disk.mjs.
 * @param {string} name
 * @param {unknown[]} args
 */
export function operate(name, ...args) {
  return JSON.parse(ask("disk", `${JSON.stringify([name, ...args])}\n`));
}

/**
 * @param {number} fd
 * @param {number} position
 * @param {number} length
 */
export function readBytes(fd, position, length) {
  return postForBytes("disk", `${JSON.stringify(["read", fd, position, length])}\n`).subarray(1);
}

/**
 * @param {number} fd
 * @param {number} position
 * @param {Uint8Array} bytes
 * @returns {number} how many were written
 */
export function writeBytes(fd, position, bytes) {
  const head = encoder.encode(`${JSON.stringify(["write", fd, position])}\n`);
  const body = new Uint8Array(head.length + bytes.length);
  body.set(head);
  body.set(bytes, head.length);
  return JSON.parse(ask("disk", body));
}

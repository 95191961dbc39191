// http.ts: requests for a stack that cannot wait: they are answered before the call returns.

import { Exchange, failed, type Head, type Question } from "./http_exchange";

export interface Reply extends Head {
  readonly body: Uint8Array;
}

/** A request that blocks. */
interface Pending {
  /** Blocks until the answer is there, or for so many milliseconds where the host can be told. */
  wait(milliseconds: number): Reply | undefined;
  abort(): void;
}

interface Answered {
  reply?: Reply;
  name?: string;
  message?: string;
  code?: string | undefined;
}

interface Port {
  postMessage(value: unknown, transfer?: unknown[]): void;
  on(event: "message", listener: (value: Asked) => void): void;
  once(event: "message", listener: () => void): void;
  close(): void;
}
interface Asked {
  question: Question;
  flag: Int32Array;
  port: Port;
}
interface Thread extends Port {
  unref(): void;
  terminate(): unknown;
}
interface Threads {
  readonly Worker: new (source: string, options: object) => Thread;
  readonly MessageChannel: new () => { port1: Port; port2: Port };
  readonly parentPort: Port;
  receiveMessageOnPort(port: Port): { message: Answered } | undefined;
}
declare const process: { getBuiltinModule(name: string): Threads } | undefined;

function parseHeaders(text: string): [string, string][] {
  return text
    .split("\r\n")
    .filter((line) => line.includes(":"))
    .map((line) => {
      const at = line.indexOf(":");
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
    });
}

/** A page gets texts alone of a synchronous request: with this charset each character is a byte. */
const BYTES = "text/plain; charset=x-user-defined";

function bodyOf(xhr: XMLHttpRequest, isPage: boolean): Uint8Array {
  if (!isPage) return new Uint8Array(xhr.response as ArrayBuffer);
  return Uint8Array.from(xhr.responseText, (unit) => unit.charCodeAt(0) & 0xff);
}

function withoutFragment(url: string): string {
  return absolute(url)!.replace(/#.*/, "");
}

function byXhr({ method, url, headers, body, timeout, credentials, redirect }: Question): Reply {
  const isPage = typeof document !== "undefined";
  if (isPage && timeout !== 0) {
    throw failed("TimeoutUnsupported", "a page cannot limit the time of a synchronous request");
  }
  const xhr = new XMLHttpRequest();
  xhr.open(method, url, false);
  if (isPage) xhr.overrideMimeType(BYTES);
  else {
    xhr.responseType = "arraybuffer";
    xhr.timeout = timeout;
  }
  xhr.withCredentials = credentials;
  for (const [name, value] of headers) xhr.setRequestHeader(name, value);
  xhr.send(body as XMLHttpRequestBodyInit | null);
  const redirected = xhr.responseURL !== withoutFragment(url);
  if (redirected && redirect === "manual") throw failed("OpaqueRedirect", "the server redirects");
  return {
    status: xhr.status,
    reason: xhr.statusText,
    url: xhr.responseURL,
    redirected,
    headers: parseHeaders(xhr.getAllResponseHeaders()),
    body: bodyOf(xhr, isPage),
  };
}

/** Runs in a thread of its own, from its source text: it sees nothing of this file. */
function serve(): void {
  const { parentPort } = process!.getBuiltinModule("node:worker_threads");
  const ask = async (question: Question, signal: AbortSignal): Promise<Answered> => {
    try {
      const { method, url, headers, body, redirect } = question;
      const init = { method, headers: headers as [string, string][], body: body as BodyInit | null, redirect, signal };
      const response = await fetch(url, init);
      const bytes = new Uint8Array(await response.arrayBuffer());
      const { status, statusText: reason, url: final, redirected } = response;
      return { reply: { status, reason, url: final, redirected, headers: [...response.headers], body: bytes } };
    } catch (error) {
      const { name, message, cause } = error as Error;
      const { message: why, code } = (cause ?? {}) as { message?: string; code?: string };
      return { name, message: why ? `${message}: ${why}` : message, code };
    }
  };
  parentPort.on("message", ({ question, flag, port }) => {
    const controller = new AbortController();
    const { timeout } = question;
    const timer = timeout === 0 ? undefined : setTimeout(() => controller.abort(new DOMException("", "TimeoutError")), timeout);
    port.once("message", () => controller.abort());
    void ask(question, controller.signal).then((answer) => {
      clearTimeout(timer);
      port.postMessage(answer);
      Atomics.store(flag, 0, 1);
      Atomics.notify(flag, 0);
      port.close();
    });
  });
}

let thread: Thread | null = null;

/** Node has no synchronous request: a thread makes an asynchronous one, and this one waits for it. */
function byThread(question: Question, threads: Threads): Pending {
  if (thread === null) {
    thread = new threads.Worker(`(${String(serve)})()`, { eval: true, execArgv: [], stdout: false });
    thread.unref();
  }
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const { port1, port2 } = new threads.MessageChannel();
  thread.postMessage({ question, flag, port: port2 }, [port2]);
  return {
    wait(milliseconds) {
      if (Atomics.wait(flag, 0, 0, milliseconds) === "timed-out") return undefined;
      const { reply, name, message, code } = threads.receiveMessageOnPort(port1)!.message;
      port1.close();
      if (reply === undefined) throw failed(name ?? "Error", message ?? "no answer", code);
      return reply;
    },
    abort: () => port1.postMessage(null), // the thread closes both ports
  };
}

/** The URL that a relative one stands for: from the page on, or the script of the worker. */
function absolute(url: string): string | undefined {
  try {
    return new URL(url, globalThis.document?.baseURI ?? globalThis.location?.href).href;
  } catch {
    return undefined;
  }
}

/** What some hosts would refuse in words of their own, and others change in silence. */
function expectPossible({ method, url, body }: Question): void {
  if (absolute(url) === undefined) throw failed("RequestError", "the URL is not valid here");
  if (body !== null && (method === "GET" || method === "HEAD")) {
    throw failed("RequestError", `a host sends no body with ${method}; use another method`);
  }
  if (/^(connect|trace|track)$/i.test(method)) {
    throw failed("RequestError", `a host sends no ${method.toUpperCase()} requests`);
  }
}

/** What the package makes requests with. */
export const http = {
  /** Browsers do not show redirections, and keep some headers for themselves. */
  isBrowser: typeof XMLHttpRequest === "function" || "ServiceWorkerGlobalScope" in globalThis,

  /** For a stack that can be suspended. */
  open(question: Question): Exchange {
    expectPossible(question);
    return new Exchange(question);
  },

  /** For one that cannot. */
  block(question: Question): Pending {
    expectPossible(question);
    if (typeof XMLHttpRequest === "function") return { wait: () => byXhr(question), abort: () => undefined };
    const threads =
      typeof process === "object" && typeof process.getBuiltinModule === "function"
        ? process.getBuiltinModule("node:worker_threads")
        : undefined;
    if (threads === undefined) {
      throw failed("Unsupported", "this host has neither XMLHttpRequest nor Node's threads");
    }
    return byThread(question, threads);
  },

  absolute,
};

// http.ts: requests that are answered before the call returns, where the host can do that.

/** What Python asks for; `timeout` in milliseconds, 0 for none. */
export interface Question {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | Uint8Array | null;
  readonly timeout: number;
  readonly credentials: boolean;
}

export interface Reply {
  readonly status: number;
  readonly reason: string;
  readonly url: string;
  readonly headers: [string, string][];
  readonly body: Uint8Array;
}

interface Answered {
  reply?: Reply;
  name?: string;
  message?: string;
}

interface Port {
  postMessage(value: unknown, transfer?: unknown[]): void;
  on(event: "message", listener: (value: Asked) => void): void;
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

function failed(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}

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

function byXhr({ method, url, headers, body, timeout, credentials }: Question): Reply {
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
  return {
    status: xhr.status,
    reason: xhr.statusText,
    url: xhr.responseURL,
    headers: parseHeaders(xhr.getAllResponseHeaders()),
    body: bodyOf(xhr, isPage),
  };
}

/** Runs in a thread of its own, from its source text: it sees nothing of this file. */
function serve(): void {
  const { parentPort } = process!.getBuiltinModule("node:worker_threads");
  const ask = async ({ method, url, headers, body, timeout }: Question): Promise<Answered> => {
    try {
      const signal = timeout === 0 ? null : AbortSignal.timeout(timeout);
      const init = { method, headers: headers as [string, string][], body: body as BodyInit | null, signal };
      const response = await fetch(url, init);
      const bytes = new Uint8Array(await response.arrayBuffer());
      const { status, statusText: reason, url: final } = response;
      return { reply: { status, reason, url: final, headers: [...response.headers], body: bytes } };
    } catch (error) {
      const { name, message, cause } = error as Error;
      const why = (cause as Error | undefined)?.message;
      return { name, message: why ? `${message}: ${why}` : message };
    }
  };
  parentPort.on("message", ({ question, flag, port }) => {
    void ask(question).then((answer) => {
      port.postMessage(answer);
      Atomics.store(flag, 0, 1);
      Atomics.notify(flag, 0);
      port.close();
    });
  });
}

let thread: Thread | null = null;

/** Node has no synchronous request: a thread makes an asynchronous one, and this one waits for it. */
function byThread(question: Question, threads: Threads): Reply {
  if (thread === null) {
    thread = new threads.Worker(`(${String(serve)})()`, { eval: true, execArgv: [], stdout: false });
    thread.unref();
  }
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const { port1, port2 } = new threads.MessageChannel();
  thread.postMessage({ question, flag, port: port2 }, [port2]);
  Atomics.wait(flag, 0, 0);
  const answer = threads.receiveMessageOnPort(port1)?.message;
  port1.close();
  if (answer?.reply === undefined) throw failed(answer?.name ?? "Error", answer?.message ?? "no answer");
  return answer.reply;
}

/** What the package makes synchronous requests with. */
export const http = {
  request(question: Question): Reply {
    if (typeof XMLHttpRequest === "function") return byXhr(question);
    const threads =
      typeof process === "object" && typeof process.getBuiltinModule === "function"
        ? process.getBuiltinModule("node:worker_threads")
        : undefined;
    if (threads === undefined) {
      throw failed("Unsupported", "this host has neither XMLHttpRequest nor Node's threads");
    }
    return byThread(question, threads);
  },
};

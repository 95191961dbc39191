// environment.ts: where the runtime runs, and how it reads its own files there.

interface NodeFiles {
  readFile(path: URL | string): Promise<Uint8Array<ArrayBuffer>>;
}

/** True in Node (and in Deno and Bun, which stand in for it). */
export const isNode: boolean =
  typeof process === "object" && typeof process.versions === "object" && "node" in process.versions;

/** What the loader uses of Node's own modules once it has started. */
export interface NodeModules {
  isTerminal(fd: number): boolean;
  writeSync(fd: number, data: Uint8Array, offset: number, length: number): number;
  readSync(fd: number, buffer: Uint8Array, offset: number, length: number, position: null): number;
  /** The absolute path without links. Throws what the host says where there is none. */
  realpathSync(path: string): string;
  statSync(path: string): { isDirectory(): boolean };
}

/** Node's modules, or null elsewhere. */
export async function nodeModules(): Promise<NodeModules | null> {
  if (!isNode) return null;
  const { readSync, realpathSync, statSync, writeSync } = await import("node:fs");
  const { isatty } = await import("node:tty");
  return { isTerminal: isatty, readSync, realpathSync, statSync, writeSync };
}

/** Told of every piece of a file that has arrived. */
export type OnBytes = (bytes: number) => void;

function failure(url: URL, reason: string): Error {
  return new Error(`loading pyjs: cannot load ${url.href}: ${reason}`);
}

async function fromDisk(url: URL, onBytes: OnBytes): Promise<Response> {
  const files = (await import("node:fs/promises")) as unknown as NodeFiles;
  let data: Uint8Array<ArrayBuffer>;
  try {
    data = await files.readFile(url);
  } catch (error) {
    throw failure(url, (error as Error).message);
  }
  onBytes(data.length);
  return new Response(data, { headers: { "content-type": "application/wasm" } });
}

function counted(response: Response, onBytes: OnBytes): Response {
  if (response.body === null) return response;
  const counter = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      onBytes(chunk.length);
      controller.enqueue(chunk);
    },
  });
  // Compiling from a stream asks for this type, which not every server sends.
  return new Response(response.body.pipeThrough(counter), {
    headers: { "content-type": "application/wasm" },
  });
}

/**
 * The content of one of the runtime's files, as it arrives.
 * Rejects with an error that names the URL and the status or reason.
 */
export async function open(url: URL, onBytes: OnBytes): Promise<Response> {
  if (url.protocol === "file:") return fromDisk(url, onBytes);
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw failure(url, (error as Error).message);
  }
  if (!response.ok) throw failure(url, `the server answered ${response.status} ${response.statusText}`);
  return counted(response, onBytes);
}

/** The whole content. `size` is what the build says it must be, if it does. */
export async function readAll(url: URL, size: number | undefined, onBytes: OnBytes): Promise<Uint8Array> {
  const response = await open(url, onBytes);
  let data: Uint8Array;
  try {
    data = new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw failure(url, `the connection broke: ${(error as Error).message}`);
  }
  if (size !== undefined && data.length !== size) {
    throw wrongSize(url, data.length, size);
  }
  return data;
}

function wrongSize(url: URL, given: number, size: number): Error {
  return failure(
    url,
    `${given} bytes came, this build needs ${size}; the file is corrupt or of another version`,
  );
}

/** The compiled module, compiled while it arrives. `size` is what the build says it must be. */
export async function compile(url: URL, size: number, onBytes: OnBytes): Promise<WebAssembly.Module> {
  let given = 0;
  const response = await open(url, (bytes) => {
    given += bytes;
    onBytes(bytes);
  });
  let module: WebAssembly.Module;
  try {
    module = await WebAssembly.compileStreaming(response);
  } catch (error) {
    throw failure(url, `not a valid WebAssembly file: ${(error as Error).message}`);
  }
  if (given !== size) throw wrongSize(url, given, size);
  return module;
}

/**
 * Ends the current macrotask. V8 keeps Python in its baseline code for good
 * when it starts in the task that instantiated the module; a microtask is not
 * enough.
 */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      resolve();
    };
    channel.port2.postMessage(null);
  });
}

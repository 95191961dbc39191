// download.ts: the bytes of a package, from a server, a disk or the cache.
import { isNode } from "../environment";
import { absoluteURL } from "../files";

interface Files {
  readFile(path: URL | string): Promise<Uint8Array<ArrayBuffer>>;
  writeFile(path: URL | string, data: Uint8Array): Promise<void>;
  rename(from: URL | string, to: URL | string): Promise<void>;
  mkdir(path: URL | string, options: { recursive: boolean }): Promise<unknown>;
}

const files = async (): Promise<Files> => (await import("node:fs/promises")) as unknown as Files;

function failure(operation: string, url: URL, reason: string): Error {
  return new Error(`${operation}: cannot load ${url.href}: ${reason}`);
}

/** Everything that a URL gives. Rejects with an Error that names the URL and the reason. */
export async function fetchBytes(url: URL, operation: string): Promise<Uint8Array<ArrayBuffer>> {
  if (isNode && url.protocol === "file:") {
    try {
      return new Uint8Array(await (await files()).readFile(url));
    } catch (error) {
      throw failure(operation, url, (error as Error).message);
    }
  }
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    const why = "there is no connection, or the server does not allow this origin to read (CORS)";
    throw failure(operation, url, `${(error as Error).message}; ${why}`);
  }
  if (!response.ok) throw failure(operation, url, `the server answered ${response.status} ${response.statusText}`);
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw failure(operation, url, `the connection broke: ${(error as Error).message}`);
  }
}

/** SHA-256 in hexadecimal, by a slower function where the host has none: in an insecure page. */
export async function sha256(
  data: Uint8Array<ArrayBuffer>,
  slower: (data: Uint8Array) => string,
): Promise<string> {
  if (globalThis.crypto?.subtle === undefined) return slower(data);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A folder of packages that were downloaded before; Node only. */
export interface Cache {
  readonly folder: URL;
  read(fileName: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Another process sees the whole file or none. */
  write(fileName: string, data: Uint8Array): Promise<void>;
}

/** The cache in `path`, or null outside of Node. */
export async function openCache(path: string | undefined): Promise<Cache | null> {
  if (path === undefined || !isNode) return null;
  const folder = await absoluteURL(path.endsWith("/") ? path : `${path}/`);
  const at = (name: string): URL => new URL(encodeURIComponent(name), folder);
  return {
    folder,
    read: async (fileName) => {
      try {
        return new Uint8Array(await (await files()).readFile(at(fileName)));
      } catch (error) {
        if (["ENOENT", "ENOTDIR"].includes((error as { code: string }).code)) return null;
        throw error;
      }
    },
    write: async (fileName, data) => {
      const { mkdir, rename, writeFile } = await files();
      await mkdir(folder, { recursive: true });
      const staged = at(`${fileName}.${process.pid}.${Math.random().toString(36).slice(2)}`);
      await writeFile(staged, data);
      await rename(staged, at(fileName));
    },
  };
}

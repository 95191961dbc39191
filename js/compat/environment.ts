// environment.ts: where the program runs, in the words that Pyodide has for it.

export interface RuntimeEnv {
  readonly IN_NODE: boolean;
  readonly IN_NODE_COMMONJS: boolean;
  readonly IN_NODE_ESM: boolean;
  readonly IN_BUN: boolean;
  readonly IN_DENO: boolean;
  readonly IN_BROWSER: boolean;
  readonly IN_BROWSER_MAIN_THREAD: boolean;
  readonly IN_BROWSER_WEB_WORKER: boolean;
  readonly IN_SAFARI: boolean;
  readonly IN_SHELL: boolean;
  readonly IN_WORKERD: boolean;
}

export function runtimeEnv(): RuntimeEnv {
  const scope = globalThis as { Bun?: unknown; Deno?: unknown; importScripts?: unknown };
  const agent = typeof navigator === "object" ? (navigator.userAgent ?? "") : "";
  const isBun = scope.Bun !== undefined;
  const isDeno = scope.Deno !== undefined;
  const isNode = typeof process === "object" && typeof process.versions?.node === "string" && !isBun && !isDeno;
  const isPage = typeof document === "object" && typeof window === "object";
  const isWorker = !isPage && typeof self === "object" && "WorkerGlobalScope" in self;
  const isBrowser = (isPage || isWorker) && !isNode && !isBun && !isDeno;
  return {
    IN_NODE: isNode,
    IN_NODE_COMMONJS: false, // pyodide.js imports the module, too
    IN_NODE_ESM: isNode,
    IN_BUN: isBun,
    IN_DENO: isDeno,
    IN_BROWSER: isBrowser,
    IN_BROWSER_MAIN_THREAD: isBrowser && isPage,
    IN_BROWSER_WEB_WORKER: isBrowser && isWorker,
    IN_SAFARI: isBrowser && /Safari/.test(agent) && !/Chrom(?:e|ium)|Android/.test(agent),
    IN_SHELL: false,
    IN_WORKERD: agent === "Cloudflare-Workers",
  };
}

// http_exchange.ts: requests whose answer is read as it comes, by a stack that waits for each step.

/** What Python asks for; `timeout` in milliseconds, 0 for none. */
export interface Question {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | Uint8Array | null;
  readonly timeout: number;
  readonly credentials: boolean;
  /** "manual" gives the redirection itself as the answer, where the host shows it. */
  readonly redirect: "follow" | "manual";
}

/** What comes before the body. */
export interface Head {
  readonly status: number;
  readonly reason: string;
  readonly url: string;
  /** Whether the host has followed a redirection. */
  readonly redirected: boolean;
  readonly headers: [string, string][];
}

export function failed(name: string, message: string, code?: string): Error {
  return Object.assign(new Error(message), { name, code });
}

/** setTimeout takes no more. */
const LONGEST = 2 ** 31 - 1;

/** What fetch() rejects with says why in its cause, in Node. */
function explained(error: unknown): unknown {
  const { name, message, cause } = error as Error;
  if (typeof cause !== "object" || cause === null) return error;
  const { message: why, code } = cause as { message?: string; code?: string };
  return failed(name, why ? `${message}: ${why}` : message, code);
}

export class Exchange {
  private readonly controller = new AbortController();
  private readonly response: Promise<Response>;
  private reader: ReadableStreamDefaultReader<Uint8Array> | null = null;

  constructor({ method, url, headers, body, credentials, redirect }: Question) {
    // Without a prototype: fetch() would read options that others put on Object's.
    const init: RequestInit = Object.assign(Object.create(null) as object, {
      method,
      headers: headers as [string, string][],
      body: body as BodyInit | null,
      credentials: credentials ? ("include" as const) : ("same-origin" as const),
      redirect,
      signal: this.controller.signal,
    });
    // Options that fetch() refuses become a rejection too.
    this.response = (async () => fetch(url, init))();
    this.response.catch(() => undefined); // head() tells
  }

  /** The head of the answer, as an Array of its members. */
  head(timeout: number): Promise<unknown[]> {
    return this.within(timeout, async () => {
      const { status, statusText, url, redirected, headers, type, body } = await this.response;
      if (type === "opaqueredirect") throw failed("OpaqueRedirect", "the server redirects");
      this.reader = body?.getReader() ?? null;
      return [status, statusText, url, redirected, [...headers]];
    });
  }

  /** The next part of the body; null at its end. */
  read(timeout: number): Promise<Uint8Array | null> {
    return this.within(timeout, async () => {
      if (this.reader === null) return null;
      const { done, value } = await this.reader.read();
      if (done) this.reader = null;
      return done ? null : value;
    });
  }

  /** Head and body at once. */
  whole(timeout: number): Promise<unknown[]> {
    return this.within(timeout, async () => {
      const head = await this.head(0);
      this.reader?.releaseLock();
      return [...head, new Uint8Array(await (await this.response).arrayBuffer())];
    });
  }

  /** Closes the connection; whoever waits is told. */
  abort(reason?: unknown): void {
    this.controller.abort(reason);
  }

  private within<T>(timeout: number, step: () => Promise<T>): Promise<T> {
    const result = new Promise<T>((resolve, reject) => {
      const late = (): void => {
        const error = failed("TimeoutError", "timed out");
        reject(error);
        this.abort(error);
      };
      const timer = timeout === 0 ? undefined : setTimeout(late, Math.min(timeout, LONGEST));
      void step()
        .then(resolve, (error: unknown) => reject(explained(error)))
        .finally(() => clearTimeout(timer));
    });
    result.catch(() => undefined); // the stack that waited may have been interrupted
    return result;
  }
}

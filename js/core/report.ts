// report.ts: tells the host's listeners what failed in Python, and nobody took.

interface Emitter {
  listenerCount?(name: string): number;
  emit(name: string, ...values: unknown[]): boolean;
}

function rejected(reason: unknown): Promise<never> {
  const promise = Promise.reject(reason);
  promise.catch(() => undefined); // told here, and not by the engine too
  return promise;
}

function tellNode(emitter: Emitter, error: unknown, isRejection: boolean): boolean {
  const name = isRejection ? "unhandledRejection" : "uncaughtException";
  if (!emitter.listenerCount?.(name)) return false;
  return emitter.emit(name, error, isRejection ? rejected(error) : name);
}

/**
 * Tells of a task or future that failed unasked (`isRejection`), or of a callback that raised.
 * Gives whether a listener took care of it: in Node any listener, elsewhere preventDefault().
 */
export function report(error: unknown, message: string, isRejection: boolean): boolean {
  if (typeof process === "object" && typeof process.versions?.node === "string") {
    return tellNode(process as unknown as Emitter, error, isRejection);
  }
  if (typeof dispatchEvent !== "function") return false;
  const event = isRejection
    ? new PromiseRejectionEvent("unhandledrejection", {
        promise: rejected(error),
        reason: error,
        cancelable: true,
      })
    : new ErrorEvent("error", { error, message, cancelable: true });
  return !dispatchEvent(event);
}

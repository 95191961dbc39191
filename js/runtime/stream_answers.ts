// stream_answers.ts: what a callback of stdin answers: at once, or later by a promise.

/** Stands for what is to come: the question is to be asked again once the promise is fulfilled. */
export class Later {
  constructor(readonly promise: Promise<void>) {}
}

type Outcome = { readonly value: unknown } | { readonly error: unknown };

function isThenable(value: unknown): value is PromiseLike<unknown> {
  const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
  return isObject && typeof (value as { then?: unknown }).then === "function";
}

/** The answers in their order: while one is awaited, the callback is not called. */
export class Answers {
  private outcome: Outcome | null = null;
  private awaited: Later | null = null;
  private wake = (): void => undefined;
  /** Whether there was a promise among them. */
  hasWaited = false;

  /** `drop` is told of a promise that has settled. */
  constructor(private readonly drop: (promise: object) => void) {}

  /** The answer, or Later. Throws what the callback threw, or its promise was rejected with. */
  next(callback: () => unknown): unknown {
    const { outcome } = this;
    if (outcome === null) return this.awaited ?? this.ask(callback);
    this.outcome = null;
    if ("error" in outcome) throw outcome.error;
    return outcome.value;
  }

  /** Nobody asks here any more: who waits is to look elsewhere. */
  end(): void {
    this.wake();
  }

  private ask(callback: () => unknown): unknown {
    const given = callback();
    if (!isThenable(given)) return given;
    const settle = (outcome: Outcome): void => {
      this.outcome = outcome;
      this.awaited = null;
      this.drop(given);
      this.wake();
    };
    const promise = new Promise<void>((resolve) => {
      this.wake = resolve;
    });
    this.awaited = new Later(promise);
    this.hasWaited = true;
    Promise.resolve(given).then(
      (value) => settle({ value }),
      (error: unknown) => settle({ error }),
    );
    return this.awaited;
  }
}

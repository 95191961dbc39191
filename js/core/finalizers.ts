// finalizers.ts: what ends when a JavaScript object is collected.

/** What ends then; it must not refer to the object. */
export interface Ending {
  collected(): void;
}

export type Finalizers = FinalizationRegistry<Ending>;

/** What all of the core's endings are in. */
export let finalizers: Finalizers;

/**
 * To be called before anything is made. V8 stops the finalizers of a whole thread, for good, when a
 * registry is collected whose callbacks are due. So a loader gives all its interpreters one that
 * outlives them.
 */
export function attachFinalizers(given?: Finalizers): void {
  finalizers = given ?? new FinalizationRegistry((ending) => ending.collected());
}

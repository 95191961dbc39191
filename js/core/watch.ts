// watch.ts: finalizers, for what is not let go of at once.
import type { Ending } from "./finalizers";

/** What is released when the object that holds it is collected. */
export abstract class Watched implements Ending {
  /** While it is new: a FinalizationRegistry costs more than most of what this side makes and ends. */
  holder: object | null = null;
  /** Whether a finalizer releases it. */
  isWatched = false;
  abstract collected(): void;
  /** Has it end with what `holder` is, or has. */
  abstract register(holder: object): void;
}

const fresh: Watched[] = [];
/** So many are kept alive until the current task ends, whatever happens to their holders. */
const MOST_FRESH = 256;
let isSweepDue = false;

/** From the next microtask on, `thing` ends with `holder`. */
export function watch(thing: Watched, holder: object): void {
  thing.holder = holder;
  if (fresh.push(thing) >= MOST_FRESH) sweep();
  if (isSweepDue) return;
  isSweepDue = true;
  queueMicrotask(sweepLater);
}

function sweepLater(): void {
  isSweepDue = false;
  sweep();
}

function sweep(): void {
  for (const thing of fresh) {
    const { holder } = thing;
    if (holder === null) continue;
    thing.holder = null;
    thing.isWatched = true;
    thing.register(holder);
  }
  fresh.length = 0;
}

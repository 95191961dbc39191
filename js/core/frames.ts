// frames.ts: a page draws while Python keeps it busy.
//
// Firefox runs tasks that are posted without end before a frame that is due, up to three times in
// four. So who posts such tasks asks for a frame as well, and posts nothing while it is overdue.
import { post } from "./tasks";

/** Milliseconds in which a host that gives frames their turn would have drawn one. */
const OVERDUE = 17;
/** A page that nobody sees draws nothing, and is waited for once. */
const LONGEST = 20;

const isPage = typeof document !== "undefined" && typeof requestAnimationFrame === "function";

/** Since when a frame is waited for; 0 when none is. */
let asked = 0;
let gaveUp = false;
let timer: ReturnType<typeof setTimeout> | undefined;
const behind: (() => void)[] = [];

/** As post(), for tasks that follow each other while there is work: an overdue frame comes first. */
export function postBehindFrame(callback: () => void): void {
  if (!isPage || !isOverdue()) {
    post(callback);
    return;
  }
  behind.push(callback);
  timer ??= setTimeout(giveUp, LONGEST);
}

function isOverdue(): boolean {
  const now = performance.now();
  if (asked === 0) {
    asked = now;
    requestAnimationFrame(drawn);
  }
  return !gaveUp && now - asked >= OVERDUE;
}

function drawn(): void {
  asked = 0;
  gaveUp = false;
  goOn();
}

function giveUp(): void {
  gaveUp = true;
  goOn();
}

function goOn(): void {
  clearTimeout(timer);
  timer = undefined;
  for (const callback of behind.splice(0)) post(callback);
}

/** What waits for a frame does not happen. */
export function dropBehindFrame(): void {
  behind.length = 0;
  goOn();
}

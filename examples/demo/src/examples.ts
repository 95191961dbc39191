// examples.ts: the gallery's list: titles, texts and Python files.
import callbacks from "../gallery/callbacks.py";
import canvas from "../gallery/canvas.py";
import elements from "../gallery/elements.py";
import fetch from "../gallery/fetch.py";
import library from "../gallery/library.py";
import worker from "../gallery/worker.py";
import workerPrimes from "../gallery/worker_primes.py";

export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

export interface Example {
  readonly id: string;
  readonly tab: string;
  readonly title: string;
  readonly text: string;
  /** The first is the one that runs; the others are shown only. */
  readonly files: readonly [SourceFile, ...SourceFile[]];
}

export const examples: readonly Example[] = [
  {
    id: "elements",
    tab: "Elements",
    title: "Elements and events",
    text: "Python makes the elements of a list, and listens to what happens to them.",
    files: [{ name: "elements.py", text: elements }],
  },
  {
    id: "fetch",
    tab: "Fetch",
    title: "A promise, awaited",
    text: "await takes a JavaScript promise as it takes a coroutine.",
    files: [{ name: "fetch.py", text: fetch }],
  },
  {
    id: "canvas",
    tab: "Canvas",
    title: "Sixty frames a second",
    text: "A coroutine draws 360 circles, then awaits the next frame.",
    files: [{ name: "canvas.py", text: canvas }],
  },
  {
    id: "library",
    tab: "Library",
    title: "A library from npm",
    text: "Python calls d3-geo as it would call a package of its own.",
    files: [{ name: "library.py", text: library }],
  },
  {
    id: "callbacks",
    tab: "Callbacks",
    title: "Functions, both ways",
    text: "JavaScript sorts with a Python function, Python sorts with a JavaScript one.",
    files: [{ name: "callbacks.py", text: callbacks }],
  },
  {
    id: "worker",
    tab: "Worker",
    title: "Python in the background",
    text: "A worker runs a Python of its own while the page stays quick.",
    files: [
      { name: "worker.py", text: worker },
      { name: "worker_primes.py", text: workerPrimes },
    ],
  },
];

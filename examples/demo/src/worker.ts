// worker.ts: a Web Worker with a Python of its own, which runs the example's second file.
import { loadPyjs } from "pyjs";
import program from "../gallery/worker_primes.py";

const python = await loadPyjs();
await python.runPythonAsync(program, { filename: "<worker_primes.py>" });

// stream_host.ts: the streams that Python has by default: the process's own, or the page's.
import type { NodeModules } from "./environment";
import type { Source } from "./stream_input";
import { Answers } from "./stream_answers";
import { Parts } from "./stream_input";
import type { Sink } from "./stream_output";
import { lineSink } from "./stream_output";

/** Between tries on a descriptor that another process made non-blocking. */
function waitABit(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
}

/** Tries until the descriptor is ready. */
function patiently<T>(act: () => T): T {
  for (;;) {
    try {
      return act();
    } catch (error) {
      if ((error as { code?: string }).code !== "EAGAIN") throw error;
      waitABit();
    }
  }
}

// Not process.stdout.isTTY: merely asking makes the descriptor non-blocking.
function nodeSink(node: NodeModules, fd: number): Sink {
  return {
    isatty: node.isTerminal(fd),
    write(bytes) {
      for (let done = 0; done < bytes.length; ) {
        // A full pipe: its reader has yet to catch up.
        done += patiently(() => node.writeSync(fd, bytes, done, bytes.length - done));
      }
      return bytes.length;
    },
  };
}

function nodeSource(node: NodeModules): Source {
  return {
    isatty: node.isTerminal(0),
    read(into) {
      try {
        return patiently(() => node.readSync(0, into, 0, into.length, null));
      } catch (error) {
        if ((error as { code?: string }).code === "EOF") return 0;
        throw error;
      }
    },
  };
}

function ask(): unknown {
  return typeof prompt === "function" ? prompt("Python asks for input:") : null;
}

export function hostSource(node: NodeModules | null): Source {
  if (node !== null) return nodeSource(node);
  const parts = new Parts(ask, new Answers(() => undefined), { lines: true, autoEOF: true });
  return { isatty: false, read: (into) => parts.read(into) };
}

export function hostSink(node: NodeModules | null, fd: 1 | 2): Sink {
  if (node !== null) return nodeSink(node, fd);
  return lineSink(fd === 1 ? (line) => console.log(line) : (line) => console.warn(line));
}

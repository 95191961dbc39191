// js_py.mjs: JavaScript calls Python. The loop is in JavaScript.
import { best } from "../targets.mjs";

export const group = "JavaScript calls Python";

const long = "x".repeat(1000);

/** The loop that is subtracted; a function of each runtime's own copy of this module. */
function emptyLoop(n) {
  for (let i = 0; i < n; i++);
}

function iterate(list, n) {
  let sum = 0;
  for (let i = 0; i < n; i++) for (const value of list) sum += value;
  return sum;
}

function caught(f, n) {
  let count = 0;
  for (let i = 0; i < n; i++) {
    try {
      f();
    } catch {
      count++;
    }
  }
  if (count !== n) throw new Error(`exception: expected ${n} exceptions, caught ${count}`);
}

const rows = [
  {
    id: "call-0",
    name: "f()",
    setup: "def f(): pass",
    loop: (get) => {
      const f = get("f");
      return (n) => {
        for (let i = 0; i < n; i++) f();
      };
    },
    ...best(0.6),
  },
  {
    id: "call-3-ints",
    name: "f(1, 2, 3)",
    setup: "def f(a, b, c): pass",
    loop: (get) => {
      const f = get("f");
      return (n) => {
        for (let i = 0; i < n; i++) f(1, 2, 3);
      };
    },
    target: { of: "pyodide", at: 0.7 },
  },
  {
    id: "call-str-8",
    name: 'f("abcdefgh")',
    setup: "def f(a): pass",
    loop: (get) => {
      const f = get("f");
      return (n) => {
        for (let i = 0; i < n; i++) f("abcdefgh");
      };
    },
    ...best(0.6),
  },
  {
    id: "call-str-1000",
    name: "f(1000-char string)",
    setup: "def f(a): pass",
    loop: (get) => {
      const f = get("f");
      return (n) => {
        for (let i = 0; i < n; i++) f(long);
      };
    },
  },
  {
    id: "getattr",
    name: "o.x",
    setup: "class A: x = 1\no = A()",
    loop: (get) => {
      const o = get("o");
      return (n) => {
        for (let i = 0; i < n; i++) o.x;
      };
    },
    ...best(0.5),
  },
  {
    id: "setattr",
    name: "o.x = 1",
    setup: "class A: x = 1\no = A()",
    loop: (get) => {
      const o = get("o");
      return (n) => {
        for (let i = 0; i < n; i++) o.x = 1;
      };
    },
    ...best(0.9),
  },
  {
    id: "method",
    name: "o.m(1)",
    setup: "class A:\n    def m(self, x): pass\no = A()",
    loop: (get) => {
      const o = get("o");
      return (n) => {
        for (let i = 0; i < n; i++) o.m(1);
      };
    },
    ...best(0.5),
  },
  {
    id: "kwargs",
    name: "f.callKwargs(1, {b: 2})",
    setup: "def f(a, b): pass",
    loop: (get) => {
      const f = get("f");
      return (n) => {
        for (let i = 0; i < n; i++) f.callKwargs(1, { b: 2 });
      };
    },
    ...best(0.6),
  },
  {
    id: "list-get",
    name: "list.get(5)",
    setup: "numbers = list(range(10))",
    loop: (get) => {
      const list = get("numbers");
      return (n) => {
        for (let i = 0; i < n; i++) list.get(5);
      };
    },
    ...best(0.6),
  },
  {
    id: "dict-get",
    name: 'dict.get("key")',
    setup: "d = {'key': 1}",
    loop: (get) => {
      const d = get("d");
      return (n) => {
        for (let i = 0; i < n; i++) d.get("key");
      };
    },
    ...best(0.6),
  },
  {
    id: "create",
    name: "a proxy made and destroyed",
    setup: "class A: pass\no = A()\ndef f(): return o",
    loop: (get) => {
      const f = get("f");
      return (n) => {
        for (let i = 0; i < n; i++) f().destroy();
      };
    },
    ...best(0.5),
  },
  {
    id: "iterate",
    name: "for (x of list), per element",
    setup: "numbers = list(range(1000))",
    loop: (get) => {
      const list = get("numbers");
      return (n) => iterate(list, n);
    },
    per: 1000,
    ...best(0.3),
  },
  {
    id: "getBuffer",
    name: "getBuffer() and release()",
    setup: "data = bytearray(100)",
    loop: (get) => {
      const data = get("data");
      return (n) => {
        for (let i = 0; i < n; i++) data.getBuffer().release();
      };
    },
    ...best(0.2),
  },
  {
    id: "getBuffer-read",
    name: "getBuffer(), an element, release()",
    setup: "data = bytearray(100)",
    loop: (get) => {
      const data = get("data");
      return (n) => {
        for (let i = 0; i < n; i++) {
          const view = data.getBuffer();
          if (view.data[5] !== 0) throw new Error("getBuffer: wrong element");
          view.release();
        }
      };
    },
    ...best(0.2),
  },
  {
    id: "exception",
    name: "Python exception caught in JS",
    setup: "def f(): raise ValueError('bench')",
    loop: (get) => {
      const f = get("f");
      return (n) => caught(f, n);
    },
    ...best(0.4),
  },
  {
    id: "run-python",
    name: 'runPython("1+1")',
    loop: (_get, api) => (n) => {
      for (let i = 0; i < n; i++) api.runPython("1+1");
    },
    ...best(0.15),
  },
];

export default rows.map((row) => ({ ...row, emptyLoop }));

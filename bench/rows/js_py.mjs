// js_py.mjs: JavaScript calls Python. The loop is in JavaScript.
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
  },
  {
    id: "exception",
    name: "Python exception caught in JS",
    setup: "def f(): raise ValueError('bench')",
    loop: (get) => {
      const f = get("f");
      return (n) => caught(f, n);
    },
  },
  {
    id: "run-python",
    name: 'runPython("1+1")',
    loop: (_get, api) => (n) => {
      for (let i = 0; i < n; i++) api.runPython("1+1");
    },
  },
];

export default rows.map((row) => ({ ...row, emptyLoop }));

// py_js.mjs: Python calls JavaScript. The loop is in Python.
import { best } from "../targets.mjs";

export const group = "Python calls JavaScript";

let last;
const f = (value) => {
  last = value;
};
const numbers = Array.from({ length: 1000 }, (_, index) => index);
const long = "x".repeat(1000);
const three = (a, b, c) => {
  last = a + b + c;
};
const object = {
  x: 1,
  m(value) {
    last = value;
  },
};
const each = (callback) => {
  for (let i = 0; i < 1000; i++) callback(i);
};
const thrower = () => {
  throw new Error("bench");
};

/** A call f(argument), where `argument` is a Python expression and `expect` its value in JavaScript. */
const call = (id, argument, expect, more = {}) => ({
  id: `call-${id}`,
  name: `f(${argument})`,
  body: `f(${argument})`,
  given: { f },
  expect,
  ...more,
});

/** The same with a string made beforehand. */
const text = (id, name, expression, expect) => ({
  ...call(id, "s", expect, best(0.35)),
  name: `f(${name})`,
  setup: `s = ${expression}`,
});

const rows = [
  { id: "call-0", name: "f()", body: "f()", given: { f }, ...best(0.4) },
  call("float", "1.5", 1.5, { target: { of: "pyodide", at: 0.35 } }),
  { ...call("3-ints", "1, 2, 3", 6, best(0.4)), given: { f: three } },
  call("str-8", '"abcdefgh"', "abcdefgh", best(0.4)),
  text("ascii", "1000-char ASCII", '"x" * 1000', long),
  text("latin1", "1000-char Latin-1", '"\\xe9" * 1000', "\u00e9".repeat(1000)),
  text("ucs2", "1000-char UCS-2", '"\\u4e2d" * 1000', "\u4e2d".repeat(1000)),
  text("emoji", "1000 emoji", '"\\U0001f600" * 1000', "\u{1f600}".repeat(1000)),
  { id: "return-str", name: "f() gives 1000-char string", body: "f()", given: { f: () => long }, ...best(0.35) },
  { id: "method", name: "o.m(1)", body: "o.m(1)", given: { o: object }, expect: 1, ...best(0.35) },
  { id: "getattr", name: "o.x", body: "o.x", given: { o: object }, ...best(0.6) },
  { id: "setattr", name: "o.x = 1", body: "o.x = 1", given: { o: object }, ...best(0.6) },
  { id: "getitem", name: "a[5]", body: "a[5]", given: { a: numbers }, ...best(0.6) },
  {
    id: "iterate",
    name: "for x in array, per element",
    body: "for x in a: pass",
    given: { a: numbers },
    per: numbers.length,
    ...best(0.4),
  },
  {
    id: "callback",
    name: "callback, per call of 1000",
    setup: "def f(i): pass",
    body: "each(f)",
    given: { each },
    per: numbers.length,
    ...best(0.5),
  },
  {
    id: "pass-object",
    name: "f(python_object)",
    setup: "class A: pass\no = A()",
    body: "f(o)",
    given: { f },
    ...best(0.4),
  },
  {
    id: "exception",
    name: "JS exception caught in Python",
    setup: "JsException = ffi.JsException",
    body: "try: f()\nexcept JsException: pass",
    given: { f: thrower },
    ...best(0.5),
  },
];

export default rows.map((row) => ({ ...row, got: () => last }));

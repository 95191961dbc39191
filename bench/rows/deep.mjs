// deep.mjs: whole structures converted from one language to the other.
import { best } from "../targets.mjs";

export const group = "Deep conversion";

const toJs = "to_js = ffi.to_js\n";
// Of some 10 MB as JSON: records as a web API would give them.
const records = `
words = [f"word number {i % 97}" for i in range(1000)]
document = [
    {"id": i, "name": words[i % 1000], "score": i / 7, "tags": [words[i % 31], words[i % 37]],
     "active": i % 2 == 0, "parent": None, "position": {"x": i * 0.5, "y": -i, "z": 0}}
    for i in range(60_000)
]
`;
const document = () =>
  Array.from({ length: 60_000 }, (_, i) => ({
    id: i,
    name: `word number ${i % 97}`,
    score: i / 7,
    tags: [`word number ${i % 31}`, `word number ${i % 37}`],
    active: i % 2 === 0,
    parent: null,
    position: { x: i * 0.5, y: -i, z: 0 },
  }));

const given = (value) => ({ given: { a: value } });
const numbers = Array.from({ length: 1000 }, (_, i) => i);
const object = Object.fromEntries(numbers.slice(0, 100).map((i) => [`key${i}`, [i, i + 1, i + 2, `${i}`]]));

const rows = [
  { id: "to-js-ints", name: "to_js of 1000 ints", setup: `${toJs}a = list(range(1000))`, ...best(0.2) },
  { id: "to-js-floats", name: "to_js of 1000 floats", setup: `${toJs}a = [i / 3 for i in range(1000)]`, ...best(0.2) },
  { id: "to-js-strings", name: "to_js of 1000 strings", setup: `${toJs}a = [f"text {i}" for i in range(1000)]`, ...best(0.2) },
  {
    id: "to-js-dict",
    name: "to_js of a dict of 100 lists",
    setup: `${toJs}a = {f"key{i}": [i, i + 1, i + 2, str(i)] for i in range(100)}`,
    ...best(0.25),
  },
  { id: "to-js-document", name: "to_js of 10 MB of records", setup: toJs + records, body: "to_js(document)", ...best(0.35) },
  { id: "to-py-numbers", name: "to_py of 1000 numbers", body: "a.to_py()", ...given(numbers), ...best(0.6) },
  { id: "to-py-strings", name: "to_py of 1000 strings", body: "a.to_py()", ...given(numbers.map((i) => `text ${i}`)) },
  { id: "to-py-object", name: "to_py of an object of 100 arrays", body: "a.to_py()", ...given(object), ...best(0.4) },
  { id: "to-py-document", name: "to_py of 10 MB of records", body: "a.to_py()", ...given(document()), ...best(0.35) },
  { id: "to-js-bytes", name: "to_js of 1 MB of bytes", setup: `${toJs}a = bytes(1 << 20)` },
  { id: "to-py-bytes", name: "to_py of 1 MB of bytes", body: "a.to_py()", ...given(new Uint8Array(1 << 20)) },
];

export default rows.map((row) => ({ body: "to_js(a)", ...row }));

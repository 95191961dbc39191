// pure.mjs: Python alone. Shows whether the interpreter reaches the engine's fast code.
export const group = "Python alone";

// The peer that runs the same version of Python; 1.05 is "no slower", within noise.
const target = { of: "pyodide-0-29", at: 1.05 };

const CALLS = `
def add(a, b):
    return a + b

def run(n):
    x = 0
    for i in range(n):
        x = add(x, 1)
`;

const INTEGERS = `
def run(n):
    a, b = 0, 1
    for i in range(n):
        a, b = b, (a * 3 + i) & 0xffff
`;

const NBODY = `
def advance(bodies, pairs, dt):
    for (p, v, m), (q, w, k) in pairs:
        dx = p[0] - q[0]
        dy = p[1] - q[1]
        dz = p[2] - q[2]
        mag = dt * (dx * dx + dy * dy + dz * dz) ** -1.5
        v[0] -= dx * k * mag
        v[1] -= dy * k * mag
        v[2] -= dz * k * mag
        w[0] += dx * m * mag
        w[1] += dy * m * mag
        w[2] += dz * m * mag
    for p, v, m in bodies:
        p[0] += dt * v[0]
        p[1] += dt * v[1]
        p[2] += dt * v[2]

bodies = [
    ([0.0, 0.0, 0.0], [0.0, 0.0, 0.0], 39.47841760435743),
    ([4.84143144, -1.16032004, -0.10362204], [0.60632639, 2.81198684, -0.02521836], 0.03769367),
    ([8.34336671, 4.12479856, -0.40352341], [-1.01077434, 1.82566237, 0.00841576], 0.01128632),
    ([12.8943695, -15.1111514, -0.22330757], [1.08279100, 0.86871301, -0.01083263], 0.00172372),
    ([15.3796971, -25.9193146, 0.17925877], [0.97909073, 0.59469899, -0.03475595], 0.00203368),
]
pairs = [(a, b) for i, a in enumerate(bodies) for b in bodies[i + 1:]]

def run(n):
    for _ in range(n):
        advance(bodies, pairs, 0.0001)
`;

const DICT = `
keys = ["key%d" % i for i in range(100)]

def run(n):
    for _ in range(n):
        counts = {}
        for key in keys:
            counts[key] = counts.get(key, 0) + 1
        for key in keys:
            del counts[key]
`;

const OBJECTS = `
class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def add(self, other):
        return Point(self.x + other.x, self.y + other.y)

def run(n):
    p, q = Point(0, 0), Point(1, 2)
    for _ in range(n):
        p = p.add(q)
`;

const JSON_ROUND_TRIP = `
import json
document = {
    "name": "bench", "values": list(range(30)), "floats": [i / 7 for i in range(10)],
    "nested": [{"id": i, "ok": True, "text": "caf\\u00e9 " * i} for i in range(8)],
}

def run(n):
    for _ in range(n):
        json.loads(json.dumps(document))
`;

const REGEX = `
import re
log = "".join("10.0.0.%d - user%d [21/Nov] GET /page/%d.html 200\\n" % (i, i, i) for i in range(20))
line = re.compile(r"(\\d+\\.\\d+\\.\\d+\\.\\d+) - (\\w+) \\[([^\\]]*)\\] (GET|POST) (\\S+) (\\d+)")

def run(n):
    for _ in range(n):
        line.findall(log)
`;

const SORT = `
import random
numbers = random.Random(1).sample(range(100000), 1000)

def run(n):
    for _ in range(n):
        sorted(numbers)
`;

const SORT_KEY = `
import random
numbers = random.Random(1).sample(range(100000), 1000)

def run(n):
    for _ in range(n):
        sorted(numbers, key=lambda x: -x)
`;

const STRINGS = `
def run(n):
    for _ in range(n):
        text = ""
        for i in range(100):
            text += f"{i}, "
        parts = text.split(", ")
        "-".join(parts).replace("9", "nine").upper()
`;

const COMPREHENSION = `
numbers = list(range(100))

def run(n):
    for _ in range(n):
        {x: y for x, y in enumerate([i * 2 for i in numbers if i % 3])}
`;

const GENERATOR = `
def count(limit):
    i = 0
    while i < limit:
        yield i
        i += 1

def run(n):
    for _ in count(n):
        pass
`;

export default [
  { id: "calls", name: "function call", program: CALLS },
  { id: "integers", name: "integer loop", program: INTEGERS },
  { id: "nbody", name: "float arithmetic (nbody step)", program: NBODY },
  { id: "dict", name: "dict, 100 keys", program: DICT },
  { id: "objects", name: "object and attributes", program: OBJECTS },
  { id: "json", name: "json dumps + loads", program: JSON_ROUND_TRIP },
  { id: "regex", name: "regex, 20 lines", program: REGEX },
  { id: "sort", name: "sort 1000 ints", program: SORT },
  { id: "sort-key", name: "sort 1000 ints by key", program: SORT_KEY },
  { id: "strings", name: "string building", program: STRINGS },
  { id: "comprehension", name: "comprehensions", program: COMPREHENSION },
  { id: "generator", name: "generator step", program: GENERATOR },
].map((row) => ({ ...row, target }));

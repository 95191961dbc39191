// asyncio.mjs: Python's asyncio on the host's event loop.
import { best } from "../targets.mjs";

export const group = "asyncio";

const SLEEP = `
import asyncio

async def run(n):
    for _ in range(n):
        await asyncio.sleep(0)
`;

const CALL_SOON = `
import asyncio

def run(n):
    loop = asyncio.get_event_loop()
    done = loop.create_future()

    def step(left):
        if left:
            loop.call_soon(step, left - 1)
        else:
            done.set_result(None)

    loop.call_soon(step, n)
    return done
`;

const AWAIT_PROMISE = `
Promise = js.Promise

async def run(n):
    for _ in range(n):
        await Promise.resolve(1)
`;

const GATHER = `
import asyncio

async def one():
    await asyncio.sleep(0)

async def run(n):
    for _ in range(n):
        await asyncio.gather(*[one() for _ in range(2000)])
`;

export default [
  { id: "sleep", name: "await asyncio.sleep(0)", program: SLEEP, ...best(0.3) },
  { id: "call-soon", name: "loop.call_soon", program: CALL_SOON, ...best(0.3) },
  { id: "promise", name: "await Promise.resolve(1)", program: AWAIT_PROMISE, ...best(0.4) },
  { id: "gather", name: "a task of gather", program: GATHER, per: 2000, ...best(0.4) },
].map((row) => ({ ...row, isAsync: true }));

"""The worker's program: counts primes, reports after each stretch."""

import sys
import time
from math import isqrt

from pyjs import js

STRETCH = 200_000


def sieve(start, stop, small):
    """A byte per number: 1 when no small prime divides it."""
    prime = bytearray(b"\1") * (stop - start)
    for p in small:
        first = max(p * p, -(-start // p) * p)
        prime[first - start :: p] = bytes(len(range(first, stop, p)))
    return prime


def count(limit):
    began = time.monotonic()
    small = []
    for n in range(2, isqrt(limit) + 1):
        if all(n % p for p in small if p * p <= n):
            small.append(n)
    primes = -2  # 0 and 1 are none
    for start in range(0, limit, STRETCH):
        stop = min(start + STRETCH, limit)
        primes += sum(sieve(start, stop, small))
        seconds = time.monotonic() - began
        report = js.Object(done=stop, primes=primes, seconds=seconds)
        js.postMessage(report)


def start(event):
    count(event.data)


js.addEventListener("message", start)
version = sys.version.partition(" ")[0]
js.postMessage(f"Python {version} runs in the worker")

"""What a benchmark measures: rows of samples, their statistics, and the table that shows them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path
from statistics import median
from typing import Any

OURS = "pyjs"
# By the name of the npm package or alias in bench/package.json.
LABELS = {OURS: "pyjs", "pyodide": "Pyodide 314.0.7", "pyodide-0-29": "Pyodide 0.29.5"}
HEADER = (
    f"{'':<32}{'pyjs':>16}{'314.0.7':>16}{'0.29.5':>16}{'ratio':>8}  target (of the runtime named)"
)
BEST = "best"
#: Samples of our runtime, in a row of the wheel: there OURS is the wheel's bridge.
RUNTIME = "runtime"
#: Samples of ours without what the row is about; each was taken beside one with it.
PLAIN = "plain"
_SHORT = {
    "pyodide": "314.0.7",
    "pyodide-0-29": "0.29.5",
    BEST: "the faster",
    PLAIN: "plain",
    RUNTIME: "the runtime's",
}
_NO_PEERS = (OURS, PLAIN, RUNTIME)


@dataclass(frozen=True)
class Target:
    """What pyjs must reach: at most `at` times what runtime `of` takes, or BEST, the faster.

    Of RUNTIME, its share of what a peer takes is meant; ours must be less than the whole, too.
    """

    of: str
    at: float


@dataclass
class Row:
    """One line of the table; samples by runtime, in the order they were taken.

    `loops` are those of the same loop with nothing in it, where that is to be subtracted.
    """

    group: str
    id: str
    name: str
    unit: str
    samples: dict[str, list[float]]
    target: Target | None = None
    errors: dict[str, str] = field(default_factory=dict)
    loops: dict[str, list[float]] = field(default_factory=dict)

    def value(self, runtime: str) -> float | None:
        """The fastest sample, without the loop: what else the machine does only ever adds."""
        samples = self.samples.get(runtime)
        return min(samples) - min(self.loops.get(runtime) or [0.0]) if samples else None

    def spread(self, runtime: str) -> float:
        """How far the median sample lies above the fastest, as a share of it."""
        samples = self.samples[runtime]
        return median(samples) / min(samples) - 1

    def ratio(self, peer: str) -> float | None:
        """Our value as a share of the peer's."""
        ours, theirs = self.value(OURS), self.value(peer)
        return None if ours is None or theirs is None else ours / theirs

    def best_ratio(self) -> float | None:
        """The ratio to the best peer, which is the largest."""
        ratios = [self.ratio(peer) for peer in self.samples if peer not in _NO_PEERS]
        return max((ratio for ratio in ratios if ratio is not None), default=None)

    def pairs(self) -> list[float]:
        """What we took as shares of what PLAIN took beside it, sorted; other noise cancels out."""
        if PLAIN not in self.samples:
            return []
        pairs = zip(self.samples[OURS], self.samples[PLAIN], strict=True)
        return sorted(ours / plain for ours, plain in pairs)

    def judged(self) -> float | None:
        """The ratio that the target is about; None without a target or a result."""
        if self.target is None:
            return None
        if self.target.of == PLAIN:
            pairs = self.pairs()
            return median(pairs) if pairs else None
        return self.best_ratio() if self.target.of == BEST else self.ratio(self.target.of)

    def passed(self) -> bool | None:
        """Whether the target is reached; None without a target or a result to judge."""
        ratio, best = self.judged(), self.best_ratio()
        if ratio is None or self.target is None:
            return None
        if self.target.of == RUNTIME and (best is None or best >= 1):
            return None if best is None else False
        return ratio <= self.target.at


def from_json(data: dict[str, Any]) -> Row:
    """A row as bench/main.mjs prints it."""
    target, taken = data.pop("target"), data.pop("taken")
    return Row(
        target=Target(**target) if target else None,
        samples={runtime: lists["whole"] for runtime, lists in taken.items()},
        loops={runtime: lists["loop"] for runtime, lists in taken.items()},
        **data,
    )


def line(row: Row) -> str:
    """A row of the table."""
    cells = "".join(f"{_cell(row, runtime):>16}" for runtime in LABELS)
    best = row.best_ratio()
    ratio = f"{best:8.2f}" if best is not None else f"{'-':>8}"
    return f"  {row.name[:30]:<30}{cells}{ratio}  {_mark(row)}".rstrip()


def error_lines(row: Row) -> list[str]:
    """The failures of a row, to stand under it."""
    return [
        f"    {LABELS.get(runtime, 'our runtime')}: {text}" for runtime, text in row.errors.items()
    ]


def _cell(row: Row, runtime: str) -> str:
    value = row.value(runtime)
    if value is None:
        return "failed" if runtime in row.errors else "-"
    spread = f" +{row.spread(runtime):.0%}" if len(row.samples[runtime]) > 1 else ""
    return _number(value, row.unit) + f"{spread:<6}"


def _number(value: float, unit: str) -> str:
    if unit == "bytes":
        return f"{value:,.0f}"
    return f"{value:,.1f}" if value < 10 else f"{value:,.0f}"


def _mark(row: Row) -> str:
    if row.target is None:
        best = row.best_ratio()
        return "slower" if best is not None and best > 1.05 and row.unit != "bytes" else ""
    ratio = row.judged()
    verdict = {None: "not measured", True: "pass", False: "MISS"}[row.passed()]
    found = "" if ratio is None else f" {ratio:.2f}{_interval(row)}"
    return f"≤{row.target.at:.2f} of {_SHORT[row.target.of]}{_share(row)}:{found} {verdict}"


def _share(row: Row) -> str:
    """The share that our runtime has, in a row of the wheel."""
    taken, best = row.value(RUNTIME), row.value("pyodide")
    return "" if taken is None or best is None else f" {taken / best:.2f}"


def _interval(row: Row) -> str:
    """Where the median of all pairs that could be taken lies, 19 times in 20."""
    pairs = row.pairs()
    if len(pairs) < 6:
        return ""
    # Of the sorted pairs as many lie below the median as heads fall in so many throws.
    outside = max(0, round(len(pairs) / 2 - 0.98 * sqrt(len(pairs))) - 1)
    return f" ({pairs[outside]:.3f} to {pairs[-1 - outside]:.3f})"


def summary(rows: list[Row]) -> str:
    """How many targets were reached."""
    judged = [row for row in rows if row.target is not None]
    missed = [row.id for row in judged if row.passed() is False]
    open_ = [row.id for row in judged if row.passed() is None]
    text = f"{len(judged) - len(missed) - len(open_)} of {len(judged)} targets reached"
    text += f"; missed: {', '.join(missed)}" if missed else ""
    return text + (f"; not measured: {', '.join(open_)}" if open_ else "")


def save(rows: list[Row], environment: dict[str, str], path: Path) -> None:
    """Write everything measured as JSON: samples, and what was computed from them."""
    path.write_text(
        json.dumps({"environment": environment, "rows": list(map(_plain, rows))}, indent=1)
    )


def _plain(row: Row) -> dict[str, Any]:
    runtimes = [runtime for runtime in row.samples if row.samples[runtime]]
    return {
        "id": row.id,
        "group": row.group,
        "name": row.name,
        "unit": row.unit,
        "value": {runtime: row.value(runtime) for runtime in runtimes},
        "spread": {runtime: row.spread(runtime) for runtime in runtimes},
        "ratio": {peer: row.ratio(peer) for peer in runtimes if peer not in (OURS, PLAIN)},
        "pairs": row.pairs(),
        "target": {"of": row.target.of, "at": row.target.at} if row.target else None,
        "passed": row.passed(),
        "samples": row.samples,
        "loops": row.loops,
        "errors": row.errors,
    }

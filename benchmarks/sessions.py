"""What an open page costs, and thirty people at work at once.

Memory: ten pages open, each after one change; the proportional share (PSS) of each kernel, beside the same pages with
the ordinary kernels that plain Voilà gives (``WORKBOOK_KERNELS=ordinary``). Then thirty people open a page each at
once and change a field every five to ten seconds, over the protocol that the page's script speaks (no thirty
browsers). Linux only::

    python benchmarks/sessions.py --people 30 --seconds 60
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean, median
from typing import Any

import machine
import pages
from people import SPOTS, Person, memory, processes

OPEN = 10


def main() -> None:
    """Measure, print the table, keep the result."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    about = machine.machine()
    found: dict[str, Any] = {"memory": {}}
    for kind in ("forked", "ordinary"):
        with tempfile.TemporaryDirectory(prefix="workbook-bench-") as folder:
            environment = {**pages.home(Path(folder)), "WORKBOOK_KERNELS": kind}
            _plans(Path(folder), options.people)
            with pages.ours(environment, warm=kind == "forked") as server:
                found["memory"][kind] = asyncio.run(_memory(server))
                if kind == "forked":
                    found["work"] = asyncio.run(_work(server, options.people, options.seconds))
    print(_table(found))
    kept = machine.keep("sessions", {"machine": about, **vars(options), **found})
    print(f"Kept in {kept.relative_to(machine.ROOT)}")


def _plans(home: Path, count: int) -> None:
    for n in range(max(count, OPEN)):
        for name in ("person", "busy"):  # a value that stands in the plan already would be no change
            shutil.copy(pages.PLAN, home / "plans" / f"{name}{n}.plan.json")


def _people(server: str, count: int, name: str = "person") -> list[Person]:
    return [Person(SPOTS[n % len(SPOTS)], f"{name}{n}", server) for n in range(count)]


async def _memory(server: str) -> dict[str, Any]:
    """Ten pages as they open, then ten more after a change each; the first ten are closed by then."""
    found: dict[str, Any] = {}
    for state in ("opened", "changed"):
        there = _people(server, OPEN)
        for person in there:
            if state == "opened":
                person.spot = replace(person.spot, view="", path="")
            await person.open()
            if state == "changed":
                await person.change()
        sizes = [memory(pid) for pid in processes([person.kernel for person in there]).values()]
        found[state] = {
            "pages": len(sizes),
            "errors": [error for person in there for error in person.errors],
            "pss_mean": round(mean(size["pss"] for size in sizes), 1),
            "pss_most": round(max(size["pss"] for size in sizes), 1),
            "private_mean": round(mean(size["private"] for size in sizes), 1),
        }
        for person in there:
            await person.leave()
    return found


async def _work(server: str, count: int, seconds: float) -> dict[str, Any]:
    there = _people(server, count, "busy")
    await asyncio.gather(*(person.open() for person in there))
    opened = [person.opened for person in there]
    await asyncio.gather(*(_busy(person, n, seconds) for n, person in enumerate(there)))
    pids = processes([person.kernel for person in there])
    sizes = [memory(pid) for pid in pids.values()]
    for person in there:
        await person.leave()
    by_step = {
        spot.step: _spread([t for p in there if p.spot is spot for t in p.caught_up]) for spot in SPOTS
    }
    return {
        "people": count,
        "changes": sum(len(p.saved) for p in there),
        "errors": [error for p in there for error in p.errors],
        "opened": _spread(opened),
        "saved": _spread([t for p in there for t in p.saved]),
        "charted": _spread([t for p in there for t in p.charted]),
        "caught_up": _spread([t for p in there for t in p.caught_up]),
        "caught_up_by_step": by_step,
        "pss_mean": round(mean(s["pss"] for s in sizes), 1),
    }


async def _busy(person: Person, seed: int, seconds: float) -> None:
    """Change the field every five to ten seconds."""
    pause = random.Random(seed)
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    await asyncio.sleep(pause.uniform(0, 5))
    while loop.time() < end:
        began = loop.time()
        await person.change()
        await asyncio.sleep(max(0.0, pause.uniform(5, 10) - (loop.time() - began)))


def _spread(values: Sequence[float]) -> dict[str, float]:
    if not values:
        return {}
    return {
        "median": round(median(values), 3),
        "p95": round(percentile(values, 0.95), 3),
        "most": round(max(values), 3),
    }


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that so many of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-len(ordered) * share // 1).__int__() - 1))]


_TIMES = {
    "opened": "page open, all at once",
    "saved": "change to saved",
    "charted": "change to changed chart",
    "caught_up": "change to page caught up",
}


def _both(spread: dict[str, float]) -> str:
    return f"{spread['median']:.2f} s, {spread['p95']:.2f} s" if spread else "none"


def _table(found: dict[str, Any]) -> str:
    rows: list[tuple[str, ...]] = [("what", "value")]
    for kind, held in found["memory"].items():
        rows += [
            (
                f"memory of a page {state}, {kind} kernels (PSS, mean of {one['pages']})",
                f"{one['pss_mean']} MB",
            )
            for state, one in held.items()
        ]
    work = found["work"]
    rows.append((f"{work['people']} people: errors in {work['changes']} changes", str(len(work["errors"]))))
    rows += [(f"{words}, median and 95th percentile", _both(work[key])) for key, words in _TIMES.items()]
    return machine.table(rows)


if __name__ == "__main__":
    main()

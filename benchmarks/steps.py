"""All steps of a plan of 200 schemes and 60 services, in seconds of the clock and of the processor.

Cold: a fresh process, after its imports, with the reference opened and the plan read. Changed: the
same process after one field of a scheme was changed. The median of several processes::

    python benchmarks/steps.py --runs 5
    python benchmarks/steps.py --profile      # where the time of one cold run goes
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import machine
from large_plan import large_plan

from workbook import steps
from workbook.plan import Plan, edit
from workbook.reference import Reference

# A person waits for the clock; on a busy machine the processor's seconds tell what the work costs.
ALLOWED = 2.0
CHANGED = "/budget/schemes/120/recurrent_cost"


def main() -> int:
    """Measure, print the table, keep the result; 1 where all steps together take longer than allowed."""
    options = _options()
    if options.once:
        print(json.dumps(_once()))
        return 0
    if options.profile:
        return _profile()
    runs = [_fresh() for _ in range(options.runs)]
    found = {
        way: {step: _middle(runs, way, step) for step in [*steps.TITLES, "together"]}
        for way in ("cold", "changed")
    }
    print(machine.table([("step", "cold s", "cold cpu s", "changed s", "changed cpu s"), *_rows(found)]))
    about = {"machine": machine.machine(), "runs": options.runs, "allowed_seconds": ALLOWED}
    kept = machine.keep("steps", about | {"plan": runs[0]["plan"]} | found)
    print(f"Kept in {kept.relative_to(machine.ROOT)}")
    return int(found["cold"]["together"]["processor"] > ALLOWED)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=5, help="fresh processes; the median is kept")
    parser.add_argument("--profile", action="store_true", help="print where the time of a cold run goes")
    parser.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _fresh() -> dict[str, Any]:
    command = [sys.executable, str(Path(__file__).resolve()), "--once"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _once() -> dict[str, Any]:
    reference, plan = _ready()
    cold = _seconds(plan, reference)
    other = edit.put(plan, CHANGED, 321.0)
    counts = {
        "schemes": len(plan.budget.schemes),
        "services": len(plan.decommissioning.services),
        "lines": len(plan.budget.lines),
        "benefit_scores": len(plan.budget.value.scores),
        "kilobytes": len(plan.model_dump_json()) // 1000,
    }
    return {"plan": counts, "cold": cold, "changed": _seconds(other, reference)}


def _ready() -> tuple[Reference, Plan]:
    """The imports done, the reference opened, the plan read from its text as from a file."""
    steps._steps()
    reference = Reference.open()
    text = large_plan(reference).model_dump_json()
    return reference, Plan.model_validate_json(text)


def _seconds(plan: Plan, reference: Reference) -> dict[str, dict[str, float]]:
    """Each step in the order of the notebooks: what a later one needs of an earlier one is there already."""
    found = {name: _timed(lambda name=name: steps.run(name, plan, reference)) for name in _order()}  # type: ignore[misc]
    found["together"] = {
        kind: sum(times[kind] for times in found.values()) for kind in ("clock", "processor")
    }
    return found


def _order() -> list[str]:
    """Every step; the start page last but one of what it counts would hide what the others cost."""
    return [*(name for name in steps.TITLES if name != "start"), "start"]


def _timed(work: Callable[[], Any]) -> dict[str, float]:
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return {"clock": time.perf_counter() - clock, "processor": time.process_time() - processor}


def _middle(runs: list[dict[str, Any]], way: str, step: str) -> dict[str, float]:
    return {kind: round(median(run[way][step][kind] for run in runs), 3) for kind in ("clock", "processor")}


def _rows(found: dict[str, dict[str, dict[str, float]]]) -> list[tuple[str, ...]]:
    return [
        (
            step,
            *(
                f"{found[way][step][kind]:.2f}"
                for way in ("cold", "changed")
                for kind in ("clock", "processor")
            ),
        )
        for step in found["cold"]
    ]


def _profile() -> int:
    reference, plan = _ready()
    with cProfile.Profile() as measured:
        print(json.dumps(_seconds(plan, reference), indent=1))
    pstats.Stats(measured).sort_stats("cumulative").print_stats(90)
    return 0


if __name__ == "__main__":
    sys.exit(main())

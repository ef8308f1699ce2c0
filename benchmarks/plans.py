"""Plans of real clinical commissioning groups, for the benchmarks of packs: ``python plans.py FOLDER COUNT``.

The figures are imported into ``FOLDER/home`` and the plans, made from the shipped pattern with base year 2018,
written to ``FOLDER/plans``. Where more are asked for than there are groups, the same come again under other names.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import machine

REAL = machine.ROOT.parent / "shared" / "data"
TABLES = (
    "ccg_outcomes/ccg_avoidable_mortality_2004_2019.csv",
    "allocations/ccg_allocations_2013-14_to_2019-20.csv",
    "ccg_outcomes/ccgois_june2017_tidy.csv",
)
PATTERN = machine.ROOT / "data" / "demo" / "ccg-pattern.plan.json"


def made(folder: Path, count: int) -> list[Path]:
    """So many plans in a folder, with the home they need; by a process of its own."""
    if not REAL.is_dir():
        sys.exit("Real figures are missing: no folder ../shared/data beside the checkout.")
    environment = {**os.environ, "WORKBOOK_HOME": str(folder / "home")}
    subprocess.run([sys.executable, __file__, str(folder), str(count)], env=environment, check=True)
    return sorted((folder / "plans").glob("*.plan.json"))


def _make(folder: Path, count: int) -> None:
    from workbook.plan import store
    from workbook.reference import Reference
    from workbook.steps.new import new_plan

    command = [Path(sys.executable).parent / "workbook", "data", "import", *(REAL / name for name in TABLES)]
    subprocess.run([str(word) for word in command], check=True, capture_output=True)
    reference, pattern = Reference.open(folder / "home"), store.read(PATTERN)
    codes = _codes()
    chosen = codes[:: max(1, len(codes) // count)][:count]
    texts = [
        store.to_json(
            new_plan(c, reference, pattern=pattern, base_year=2018, bind={1: "treatable-mortality"})
        )
        for c in chosen
    ]
    (folder / "plans").mkdir()
    for n in range(count):
        name = f"{n // len(chosen):03d}-{chosen[n % len(chosen)]}.plan.json"
        (folder / "plans" / name).write_text(texts[n % len(chosen)], encoding="utf-8", newline="\n")


def _codes() -> list[str]:
    """The groups of 2018."""
    rows = (REAL / TABLES[0]).read_text(encoding="utf-8-sig").splitlines()[1:]
    return sorted({row.split(",")[0] for row in rows if row.split(",")[3:4] == ["2018"]})


if __name__ == "__main__":
    _make(Path(sys.argv[1]), int(sys.argv[2]))

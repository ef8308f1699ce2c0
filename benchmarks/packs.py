"""Packs a minute: ``workbook batch`` against a loop of the papermill and nbconvert commands.

Both run the same step notebooks for the same plans in the same environment, with
bytecode compiled and the slow import removed. The loop makes executed notebooks
and their HTML pages and nothing else; the batch makes whole packs: the executed
notebooks and besides them the web page, PDF, Word document, spreadsheet, results,
data and manifest. Run it with real figures where they lie beside the checkout::

    python benchmarks/packs.py --packs 20 --loop 2
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import machine

BIN = Path(sys.executable).parent
REAL = machine.ROOT.parent / "shared" / "data"
TABLES = (
    "ccg_outcomes/ccg_avoidable_mortality_2004_2019.csv",
    "allocations/ccg_allocations_2013-14_to_2019-20.csv",
    "ccg_outcomes/ccgois_june2017_tidy.csv",
)
PATTERN = machine.ROOT / "data" / "demo" / "ccg-pattern.plan.json"


def main() -> None:
    """Measure, print the table, keep the result."""
    options = _options()
    if not REAL.is_dir():
        sys.exit("Real figures are missing: no folder ../shared/data beside the checkout.")
    machine.compile_everything()
    about = machine.machine()
    with tempfile.TemporaryDirectory(prefix="workbook-bench-") as folder:
        place = Path(folder)
        environment = {**os.environ, "WORKBOOK_HOME": str(place / "home")}
        plans = _plans(place, options.packs, environment)
        loop = _loop(plans[: options.loop], place / "loop", environment)
        ours = _batch(place, len(plans), environment)
    found = {
        "machine": about,
        "slow_import_removed": machine.slow_import_is_gone(),
        "loop": loop,
        "batch": ours,
    }
    found["times_faster"] = round(ours["packs_per_minute"] / loop["packs_per_minute"], 1)
    print(_table(found))
    print(f"Kept in {machine.keep('packs', found).relative_to(machine.ROOT)}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--packs", type=int, default=20, help="packs the batch makes")
    parser.add_argument("--loop", type=int, default=2, help="plans the loop goes through (it is slow)")
    return parser.parse_args()


def _plans(place: Path, count: int, environment: dict[str, str]) -> list[Path]:
    """Plans for areas spread over the imported table, made from the shipped pattern."""
    _run([BIN / "workbook", "data", "import", *(REAL / name for name in TABLES)], environment)
    rows = (REAL / TABLES[0]).read_text(encoding="utf-8-sig").splitlines()[1:]
    codes = sorted({row.split(",")[0] for row in rows if row.split(",")[3:4] == ["2018"]})
    chosen = codes[:: max(1, len(codes) // count)][:count]
    (place / "plans").mkdir()
    for code in chosen:
        out = place / "plans" / f"{code}.plan.json"
        _run(
            [BIN / "workbook", "new", code, "--out", out, "--from", PATTERN, "--base-year", "2018",
             "--bind", "1=treatable-mortality"], environment,
        )  # fmt: skip
    return sorted((place / "plans").glob("*.plan.json"))


def _loop(plans: list[Path], out: Path, environment: dict[str, str]) -> dict[str, Any]:
    """One papermill and one nbconvert command a notebook, as a shell script would."""
    notebooks = sorted((machine.ROOT / "notebooks").glob("[0-9]_*.ipynb"))
    began = time.monotonic()
    for plan in plans:
        folder = out / plan.name.removesuffix(".plan.json")
        folder.mkdir(parents=True)
        for notebook in notebooks:
            made = folder / notebook.name
            _run(
                [BIN / "papermill", notebook, made, "-p", "plan_path", plan, "-p", "mode", "report"],
                environment,
            )
            _run([BIN / "jupyter-nbconvert", "--to", "html", made], environment)
    return _speed(len(plans), time.monotonic() - began)


def _batch(place: Path, count: int, environment: dict[str, str]) -> dict[str, Any]:
    began = time.monotonic()
    _run(
        [BIN / "workbook", "batch", "--plans", place / "plans" / "*.plan.json", "--out", place / "packs"],
        environment,
    )
    seconds = time.monotonic() - began
    made = len(list((place / "packs").glob("*/manifest.json")))
    if made != count:
        sys.exit(f"Only {made} of {count} packs were made.")
    return _speed(count, seconds)


def _run(command: list[Any], environment: dict[str, str]) -> None:
    """Run a command; 3 is a pack with blocking findings, which is whole."""
    done = subprocess.run([str(word) for word in command], env=environment, capture_output=True, text=True)
    if done.returncode not in (0, 3):
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stderr[-2000:]}")


def _speed(packs: int, seconds: float) -> dict[str, Any]:
    return {"packs": packs, "seconds": round(seconds, 1), "packs_per_minute": round(60 * packs / seconds, 2)}


def _table(found: dict[str, Any]) -> str:
    rows = [("way", "packs", "seconds", "packs a minute")]
    for name, label in (("loop", "papermill and nbconvert commands"), ("batch", "workbook batch")):
        speed = found[name]
        rows.append((label, str(speed["packs"]), str(speed["seconds"]), str(speed["packs_per_minute"])))
    return f"{machine.table(rows)}\n{found['times_faster']} times as many packs a minute."


if __name__ == "__main__":
    main()

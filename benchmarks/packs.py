"""Packs a minute: ``workbook batch`` against a loop of the papermill and nbconvert commands, and without notebooks.

The first two run the same step notebooks for the same plans in the same environment, with
bytecode compiled and the slow import removed. The loop makes executed notebooks
and their HTML pages and nothing else; the batch makes whole packs: the executed
notebooks and besides them the web page, PDF, Word document, spreadsheet, results,
data and manifest. The third way calls the functions of the steps and writes the same documents, without
notebooks, in the same kind of worker processes. Run it with real figures where they lie beside the checkout::

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
import plans as real

BIN = Path(sys.executable).parent


def main() -> None:
    """Measure, print the table, keep the result."""
    options = _options()
    machine.compile_everything()
    about = machine.machine()
    with tempfile.TemporaryDirectory(prefix="workbook-bench-") as folder:
        place = Path(folder)
        environment = {**os.environ, "WORKBOOK_HOME": str(place / "home")}
        plans = real.made(place, options.packs)
        loop = _loop(plans[: options.loop], place / "loop", environment)
        fitting = place / "plans" / "*.plan.json"
        ours = _packs(
            [BIN / "workbook", "batch", "--plans", fitting, "--out", place / "packs"],
            place / "packs", len(plans), environment,
        )  # fmt: skip
        direct = _packs(
            [sys.executable, Path(__file__).with_name("direct.py"), fitting, place / "direct"],
            place / "direct", len(plans), environment,
        )  # fmt: skip
    found = {
        "machine": about,
        "slow_import_removed": machine.slow_import_is_gone(),
        "loop": loop,
        "batch": ours,
        "direct": direct,
    }
    found["times_faster"] = round(ours["packs_per_minute"] / loop["packs_per_minute"], 1)
    found["times_direct"] = round(direct["packs_per_minute"] / ours["packs_per_minute"], 2)
    print(_table(found))
    print(f"Kept in {machine.keep('packs', found).relative_to(machine.ROOT)}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--packs", type=int, default=20, help="packs the batch makes")
    parser.add_argument("--loop", type=int, default=2, help="plans the loop goes through (it is slow)")
    return parser.parse_args()


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


def _packs(command: list[Any], out: Path, count: int, environment: dict[str, str]) -> dict[str, Any]:
    """A command that makes packs in a folder, with the time from its start to its end."""
    began = time.monotonic()
    _run(command, environment)
    seconds = time.monotonic() - began
    made = len(list(out.glob("*/manifest.json")))
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
    labels = {
        "loop": "papermill and nbconvert commands",
        "batch": "workbook batch",
        "direct": "functions and renderers, no notebooks",
    }
    for name, label in labels.items():
        speed = found[name]
        rows.append((label, str(speed["packs"]), str(speed["seconds"]), str(speed["packs_per_minute"])))
    return (
        f"{machine.table(rows)}\n{found['times_faster']} times as many packs a minute as the commands; "
        f"{found['times_direct']} times the time of the functions and renderers."
    )


if __name__ == "__main__":
    main()

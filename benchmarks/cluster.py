"""Packs a minute on a Dask cluster with one worker and with two, on this machine.

A scheduler and workers are started as processes of their own, as on other machines; each has one thread::

    python benchmarks/cluster.py --packs 24

Twice as it comes and twice with every worker held to a core of its own, as if each were a machine of one core. As it
comes one worker takes more than one core (the typesetter has threads), so on two cores a second has less than one left.
Two workers share the cores with the scheduler and the batch itself, so even held to cores they cannot be quite twice.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import machine
import plans


def main() -> None:
    """Measure, print the table, keep the result."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--packs", type=int, default=24, help="packs each time")
    options = parser.parse_args()
    machine.compile_everything()
    found: dict[str, Any] = {"machine": machine.machine()}
    with tempfile.TemporaryDirectory(prefix="workbook-bench-") as folder:
        place = Path(folder)
        environment = {**os.environ, "WORKBOOK_HOME": str(place / "home")}
        made = plans.made(place, options.packs)
        for held in (False, True):
            found["held" if held else "free"] = _both(place, len(made), held, environment)
    rows = [("workers", "each on a core of its own", "packs", "seconds", "packs a minute", "times")]
    for name, words in (("free", "no"), ("held", "yes")):
        for count, speed in enumerate(found[name]["workers"], start=1):
            times = str(found[name]["times_faster"]) if count > 1 else ""
            rows.append(
                (str(count), words, str(speed["packs"]), str(speed["seconds"]),
                 str(speed["packs_per_minute"]), times)
            )  # fmt: skip
    print(machine.table(rows))
    print(f"Kept in {machine.keep('cluster', found).relative_to(machine.ROOT)}")


def _both(place: Path, packs: int, held: bool, environment: dict[str, str]) -> dict[str, Any]:
    """The speed of one worker and of two."""
    speeds = [_measured(place, count, packs, held, environment) for count in (1, 2)]
    times = speeds[1]["packs_per_minute"] / speeds[0]["packs_per_minute"]
    return {"workers": speeds, "times_faster": round(times, 2)}


def _measured(place: Path, count: int, packs: int, held: bool, environment: dict[str, str]) -> dict[str, Any]:
    """The speed of whole packs once the workers are warm: a first batch, of two packs a worker, is not counted."""
    for old in place.glob("p*s-*"):
        shutil.rmtree(old)
    with _cluster(place, count, held, environment) as address:
        _batch(
            place, sorted((place / "plans").glob("*.plan.json"))[: 2 * count], address, "warm", environment
        )
        began = time.monotonic()
        _batch(place, sorted((place / "plans").glob("*.plan.json")), address, str(count), environment)
        seconds = time.monotonic() - began
    if len(list((place / f"packs-{count}").glob("*/manifest.json"))) != packs:
        sys.exit("Not every pack was made.")
    return {"packs": packs, "seconds": round(seconds, 1), "packs_per_minute": round(60 * packs / seconds, 2)}


def _batch(place: Path, chosen: list[Path], address: str, name: str, environment: dict[str, str]) -> None:
    some = place / f"plans-{name}"
    some.mkdir(exist_ok=True)
    for plan in chosen:
        (some / plan.name).write_bytes(plan.read_bytes())
    command = [Path(sys.executable).parent / "workbook", "batch", "--plans", some / "*.plan.json",
               "--out", place / f"packs-{name}", "--dask", address]  # fmt: skip
    done = subprocess.run([str(word) for word in command], env=environment, capture_output=True, text=True)
    if done.returncode not in (0, 3):
        sys.exit(done.stderr[-2000:])


@contextlib.contextmanager
def _cluster(place: Path, count: int, held: bool, environment: dict[str, str]) -> Iterator[str]:
    file = place / f"scheduler-{count}.json"
    file.unlink(missing_ok=True)
    started = [_dask(["scheduler", "--port", "0", "--scheduler-file", str(file)], environment)]
    try:
        while not (file.exists() and file.read_text()):
            time.sleep(0.05)
        address = json.loads(file.read_text())["address"]
        cores = sorted(os.sched_getaffinity(0))
        for n in range(count):
            core = cores[n % len(cores)] if held else None
            started.append(_dask(["worker", address, "--nthreads", "1", "--no-nanny"], environment, core))
        time.sleep(5)
        yield address
    finally:
        for process in started:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _dask(words: list[str], environment: dict[str, str], core: int | None = None) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *words, "--host", "127.0.0.1", "--no-dashboard"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=None if core is None else lambda: os.sched_setaffinity(0, {core}),
    )


if __name__ == "__main__":
    main()

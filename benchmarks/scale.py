"""A batch of a thousand packs: is the last as fast as the first, and does anything grow or stay behind?

The plans are those of 191 real clinical commissioning groups, again and again under other names. The batch runs as
``workbook batch`` does; this process is its parent. The first packs, in which every worker imports, opens and
draws for the first time, are called warm-up and left out::

    python benchmarks/scale.py --packs 1000
"""

from __future__ import annotations

import argparse
import atexit
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import machine
import plans

_MARK = "WORKBOOK_BENCH_SCALE"  # in the environment of every process of this batch
_WARM = 20  # packs
_SAMPLES = 40  # looks at the memory


def main() -> None:
    """Measure, print the table, keep the result."""
    options = _options()
    about = machine.machine()
    with tempfile.TemporaryDirectory(prefix="workbook-bench-") as folder:
        place = Path(folder)
        temporary = tempfile.mkdtemp(prefix="workbook-bench-tmp-")
        atexit.register(
            shutil.rmtree, temporary, ignore_errors=True
        )  # before that of Python's own, so after it
        os.environ.update({"WORKBOOK_HOME": str(place / "home"), "TMPDIR": temporary, _MARK: place.name})
        tempfile.tempdir = None
        made = plans.made(place, options.packs)
        found = {"machine": about, **_measured(place, made, options)}
    print(_table(found))
    print(f"Kept in {machine.keep(options.name, found).relative_to(machine.ROOT)}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--packs", type=int, default=1000, help="packs to make")
    parser.add_argument("--workers", type=int, default=None, help="worker processes (default: one a core)")
    parser.add_argument("--name", default="scale", help="name of the result")
    return parser.parse_args()


def _measured(place: Path, made: list[Path], options: argparse.Namespace) -> dict[str, Any]:
    from workbook.pack import workers
    from workbook.pack.batch import batch

    seconds: list[float] = []
    looks: list[dict[str, float]] = []
    group = min(100, max(1, (len(made) - _WARM) // 3))
    every = max(1, len(made) // _SAMPLES)
    wanted = {_WARM, _WARM + group, len(made) - group, len(made)}

    def watched(*given: Any, **words: Any) -> Iterator[workers.Outcome]:
        began = time.monotonic()
        files.append(_open_files())
        for outcome in workers.run(*given, **words):
            seconds.append(outcome.seconds)
            shutil.rmtree(
                place / "packs" / outcome.key / "notebooks", ignore_errors=True
            )  # they fill the disk
            if len(seconds) % every == 0 or len(seconds) in wanted:
                looks.append(
                    {"packs": len(seconds), "seconds": time.monotonic() - began, **_look(place.name)}
                )
            yield outcome
        files.append(_open_files())  # before the comparison of the packs starts the chart engine here

    files: list[int] = []
    done = batch(plans=made, out=place / "packs", workers=options.workers, progress=False, executor=watched)
    time.sleep(2)
    at = {int(look["packs"]): look for look in looks}
    first = _between(at[_WARM], at[_WARM + group], seconds)
    last = _between(at[len(made) - group], at[len(made)], seconds)
    return {
        "packs": len(made),
        "failed": len(done.failed),
        "warm_up": _WARM,
        "group": group,
        "first": first,
        "last": last,
        "last_to_first": {k: round(last[k] / first[k], 3) for k in first},
        "packs_per_second": round((len(made) - _WARM) / (looks[-1]["seconds"] - at[_WARM]["seconds"]), 3),
        "memory": [{k: round(v, 1) for k, v in look.items()} for look in looks],
        "left": {
            "processes": len([pid for pid in _marked(place.name) if not _serves(pid)]),
            "open_files": files[-1] - files[0] - _SERVER_FILES,
            "temporary": len(
                [p for p in Path(tempfile.gettempdir()).iterdir() if not p.name.startswith("pymp-")]
            ),
        },
    }


# The server of the workers stays for the next batch of the process: two lines to it and its tracker's.
_SERVER_FILES = 2


def _open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


def _between(one: dict[str, float], other: dict[str, float], seconds: list[float]) -> dict[str, float]:
    """Of the packs between two looks: seconds a pack by the clock, of the processor, and median in a worker."""
    count = other["packs"] - one["packs"]
    inside = sorted(seconds[int(one["packs"]) : int(other["packs"])])
    return {
        "clock": round((other["seconds"] - one["seconds"]) / count, 3),
        "processor": round((other["processor"] - one["processor"]) / count, 3),
        "median_in_worker": round(inside[len(inside) // 2], 3),
    }


def _look(mark: str) -> dict[str, float]:
    """Megabytes (PSS) of the parent and of all its workers; seconds of the processor that they took so far."""
    me = os.getpid()
    shares = {pid: _pss(pid) for pid in _marked(mark)}
    return {
        "parent_mb": shares.pop(me, _pss(me)),
        "workers_mb": sum(shares.values()),
        "processor": sum(map(_processor, [me, *shares])),
    }


def _marked(mark: str) -> list[int]:
    """The processes of this batch, besides this one."""
    found = []
    for pid in (int(name) for name in os.listdir("/proc") if name.isdigit()):
        try:
            if f"{_MARK}={mark}".encode() in Path(f"/proc/{pid}/environ").read_bytes():
                found.append(pid)
        except OSError:
            continue
    return [pid for pid in found if pid != os.getpid()]


def _serves(pid: int) -> bool:
    """Whether a process is the server of the workers or Python's own tracker."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1] == str(os.getpid())
    except OSError:
        return True


def _pss(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _processor(pid: int) -> float:
    """Seconds of a process and of its children that ended."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return sum(map(int, words[11:15])) / os.sysconf("SC_CLK_TCK")


def _table(found: dict[str, Any]) -> str:
    group, looks = found["group"], found["memory"]
    warm = [look for look in looks if look["packs"] >= found["warm_up"]]
    rows = [
        ("what", f"first {group} packs", f"last {group} packs"),
        *(
            (words, f"{found['first'][key]:.2f} s", f"{found['last'][key]:.2f} s")
            for key, words in (
                ("clock", "a pack, by the clock"),
                ("processor", "a pack, of the processor"),
                ("median_in_worker", "a pack in its worker, median"),
            )
        ),
        ("memory of the parent (PSS)", f"{warm[0]['parent_mb']:.0f} MB", f"{warm[-1]['parent_mb']:.0f} MB"),
        (
            "memory of the workers (PSS)",
            f"{warm[0]['workers_mb']:.0f} MB",
            f"{warm[-1]['workers_mb']:.0f} MB",
        ),
    ]
    left = ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in found["left"].items())
    return (
        f"{machine.table(rows)}\n{found['packs']} packs, {found['failed']} failed, "
        f"{found['packs_per_second']} a second after {found['warm_up']} of warm-up. Left behind: {left}."
    )


if __name__ == "__main__":
    main()

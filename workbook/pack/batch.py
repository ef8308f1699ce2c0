"""The packs of many areas, or of many plans, from one command.

Each pack is made in a worker process; one that cannot be made is listed with
the reason and never stops the others.
"""

from __future__ import annotations

import glob
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from workbook.errors import BadInput, UnknownArea, WorkbookError
from workbook.pack import area_file, summary, workers
from workbook.pack.summary import BatchSummary, Row
from workbook.plan import store
from workbook.reference.areas import LISTED_ON
from workbook.words import listed

BUILD = "workbook.pack.make:make"
SECONDS_A_PACK = 300.0
_LONGEST = 150  # characters of a folder's name; file systems end at 255, and a pack in the making has more
_OURS = {*summary.FILES, "faults"}  # what a batch itself writes beside the packs

Executor = Callable[..., Iterator[workers.Outcome]]


@dataclass(frozen=True)
class _Job:
    """One pack to make: for an area, from a pattern; or of a plan that is there."""

    key: str  # the folder under OUT
    code: str
    name: str
    words: Mapping[str, Any]  # the keywords of :func:`one`


def batch(
    areas: Path | Iterable[str] | None = None,
    out: Path | str = "",
    *,
    kind: str | None = None,
    plans: str | Iterable[Path] | None = None,
    pattern: Path | None = None,
    base_year: int | None = None,
    horizon: int | None = None,
    bind: Mapping[int, str] | None = None,
    workers: int | None = None,
    resume: bool = False,
    progress: bool = True,
    timeout: float = SECONDS_A_PACK,
    builder: str = BUILD,
    executor: Executor | None = None,
) -> BatchSummary:
    """Make a pack in ``out/CODE`` for every area (a file of codes, codes, or a kind) or plan.

    ``timeout`` is in seconds a pack. ``builder`` ("module:function") is called with the plan's path
    and the pack's folder. ``executor`` takes the jobs as :func:`workbook.pack.workers.run` does.
    Raises BadInput where there is nothing to do, ``out`` cannot hold the packs or another batch is at work there.
    """
    from workbook.pack.aside import alone_in, sweep_all

    out = _place(Path(out))
    if pattern is not None:
        store.read(pattern)  # a pattern that cannot be read fails at once, not once a pack
    common = {"pattern": str(pattern) if pattern else None, "base_year": base_year, "horizon": horizon,
              "bind": dict(bind or {})}  # fmt: skip
    if plans is not None:
        jobs, failed, notes = _of_plans(plans)
    else:
        jobs, failed, notes = _of_areas(areas, kind, common)
    settings = {"out": str(out), "builder": builder, "resume": resume}
    words = {job.key: {**job.words, **settings, "key": job.key} for job in jobs}
    run = executor or _local
    with alone_in(out):
        sweep_all(out)
        outcomes = run(words, f"{__name__}:one", workers=workers, timeout=timeout)
        rows = {o.key: _row(job, o, out) for job, o in _paired(jobs, _watched(outcomes, len(jobs), progress))}
        made = [rows[job.key] for job in jobs]
        return summary.write(out, [*made, *failed], notes)


def one(*, key: str, out: str, builder: str, resume: bool, **of: Any) -> dict[str, Any]:
    """Make one pack, in a worker; gives what the summary tells of it. ``of`` is what :func:`plan_file` takes."""
    target = Path(out) / key
    with plan_file(key, **of) as path:
        if resume and made_before(path, target):
            return {**summary.read_pack(target), "kept": True}
        module, function = builder.split(":")
        getattr(import_module(module), function)(path, target)
    return summary.read_pack(target)


@contextmanager
def plan_file(
    key: str,
    *,
    plan_path: str | None = None,
    code: str | None = None,
    pattern: str | None = None,
    base_year: int | None = None,
    horizon: int | None = None,
    bind: Mapping[int, str] | None = None,
) -> Iterator[Path]:
    """The plan of a job: the file that is there, or one made for an area with the figures on hand."""
    if plan_path:
        yield Path(plan_path)
        return
    from workbook.pack.report import known
    from workbook.steps.new import new_plan

    given = store.read(pattern) if pattern else None
    ahead = {} if horizon is None else {"horizon": horizon}
    plan = new_plan(code or key, known(), pattern=given, base_year=base_year, bind=dict(bind or {}), **ahead)
    with tempfile.TemporaryDirectory(prefix="workbook-") as folder:
        path = Path(folder) / f"{key}{store.SUFFIX}"
        path.write_text(store.to_json(plan), encoding="utf-8", newline="\n")
        yield path


def made_before(plan_path: Path, target: Path) -> bool:
    """Whether a whole pack of the same plan, data and program is there already."""
    from workbook.pack import manifest
    from workbook.pack.make import inputs
    from workbook.pack.verify import verify

    try:
        stated = manifest.read(target)
        return stated["inputs"] == inputs(store.read(plan_path)) and verify(target).whole
    except (WorkbookError, KeyError):
        return False


# --- what is to be made -------------------------------------------------------


def _of_areas(
    areas: Path | Iterable[str] | None, kind: str | None, common: Mapping[str, Any]
) -> tuple[list[_Job], list[Row], list[str]]:
    from workbook.reference import Reference

    reference = Reference.open()
    codes, notes = _codes(reference, areas, kind, common["base_year"])
    jobs: dict[str, _Job] = {}
    failed = []
    for code in codes:
        try:
            area = reference.area(code)
        except UnknownArea as error:
            failed.append(Row(code, code, "", "failed", problem=str(error)))
            continue
        key = _folder(area.code)
        if key in jobs:
            notes.append(f"{code} is {area.name} ({area.code}), which the list names already; taken once.")
            continue
        jobs[key] = _Job(key, area.code, area.name, {**common, "code": area.code})
    return list(jobs.values()), failed, notes


def _codes(
    reference: Any, areas: Path | Iterable[str] | None, kind: str | None, base_year: int | None
) -> tuple[list[str], list[str]]:
    if kind is not None:
        on = f"{base_year}-10-01" if base_year else LISTED_ON
        found = [area.code for area in reference.areas(kind=kind, on=on)]
        if not found:
            raise BadInput(
                f"No area is of kind '{kind}'.", "'workbook areas' lists the areas with their kinds."
            )
        return found, []
    if areas is None:
        raise BadInput("A batch needs areas or plans.", "Give --areas FILE, --kind KIND or --plans GLOB.")
    if isinstance(areas, (str, Path)):
        given = area_file.read(Path(areas))
        return list(given.codes), list(given.notes)
    return list(dict.fromkeys(areas)), []


def _of_plans(plans: str | Iterable[Path]) -> tuple[list[_Job], list[Row], list[str]]:
    """One job a plan; the folder is the area's code, with the plan's name where a code comes twice."""
    found = sorted(glob.glob(plans, recursive=True)) if isinstance(plans, str) else list(map(str, plans))
    paths = [Path(path) for path in found if Path(path).is_file()]
    if not paths:
        raise BadInput(
            f"No plan fits {plans}.", "Put the pattern in quotation marks, for instance 'plans/*.plan.json'."
        )
    seen = [(path, *_area(path)) for path in paths]
    doubled = {code for code, n in Counter(code for _, code, _ in seen).items() if n > 1}
    jobs: dict[str, _Job] = {}
    for path, code, name in seen:
        stem = path.name.removesuffix(".json").removesuffix(".plan")
        key = _folder(f"{code}-{stem}" if code in doubled else code or stem)
        while key in jobs:
            key += "-2"
        jobs[key] = _Job(key, code or stem, name or path.name, {"plan_path": str(path.resolve())})
    notes = [
        f"Several plans are for {listed(sorted(filter(None, doubled)))}; their folders carry the plan's name."
    ]
    return list(jobs.values()), [], notes if any(doubled) else []


def _area(path: Path) -> tuple[str, str]:
    """Code and name of a plan's area as far as they can be read; the pack says what is wrong."""
    try:
        area = json.loads(path.read_text(encoding="utf-8-sig"))["area"]
        return str(area["code"]), str(area["name"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return "", ""


def _folder(name: str) -> str:
    """A name as a folder of its own, whatever is in it."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name[:_LONGEST]).strip(".-") or "plan"
    return f"{plain}-pack" if plain.lower() in _OURS else plain


# --- making -------------------------------------------------------------------


def _local(jobs: Mapping[str, Mapping[str, Any]], task: str, **settings: Any) -> Iterator[workers.Outcome]:
    return workers.run(jobs, task, **settings)


def _watched(outcomes: Iterable[workers.Outcome], total: int, progress: bool) -> Iterator[workers.Outcome]:
    """The outcomes as they come, with a progress bar on stderr."""
    from tqdm import tqdm

    failed = 0
    with tqdm(total=total, desc="Packs", unit="pack", file=sys.stderr, disable=not progress) as bar:
        for outcome in outcomes:
            failed += bool(outcome.problem)
            bar.update()
            if failed:
                bar.set_postfix_str(f"{failed} failed")
            yield outcome


def _paired(jobs: list[_Job], outcomes: Iterable[workers.Outcome]) -> Iterator[tuple[_Job, workers.Outcome]]:
    by_key = {job.key: job for job in jobs}
    for outcome in outcomes:
        yield by_key[outcome.key], outcome


def _row(job: _Job, outcome: workers.Outcome, out: Path) -> Row:
    notes = out / "faults" / f"{job.key}.txt"
    if not outcome.problem:
        notes.unlink(missing_ok=True)
        return Row(**{"key": job.key, "code": job.code, "name": job.name, **outcome.result})
    problem = outcome.problem
    if outcome.details:
        notes.parent.mkdir(exist_ok=True)
        notes.write_text(outcome.details, encoding="utf-8")
        problem += f" Details are in faults/{notes.name}."
    from workbook.pack.aside import sweep

    sweep(out / job.key)
    step, cell = outcome.step, outcome.cell
    return Row(job.key, job.code, job.name, "failed", problem=problem, step=step, cell=cell)


def _place(out: Path) -> Path:
    """The folder for the packs, made where it is not there."""
    from workbook.pack.aside import told

    with told(out):
        if out.exists() and not out.is_dir():
            raise BadInput(f"{out} is a file, not a folder.", "Give a folder for the packs.")
        out.mkdir(parents=True, exist_ok=True)
    return out.resolve()

"""The plans a person can open in the guide: by name, from one folder and nowhere else."""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from workbook.errors import BadInput, WorkbookError
from workbook.guide.way import progress
from workbook.guide.way.progress import Glance
from workbook.paths import plans as folder
from workbook.paths import shipped
from workbook.plan import edit, history, store
from workbook.plan.model import Plan

# Any name a person may give a file, but nothing that leads elsewhere or is hidden.
_NAME = re.compile(r"[^\W_][^/\\:<>|?*\"\x00-\x1f\x7f]{0,79}")
_LONGEST = 200  # bytes; a file system takes 255, ending and temporary parts included

# The plan given to ``workbook open PLAN`` may stand outside the folder: whoever
# started the server chose it, and its visitors can reach that one file only.
OPENED = "WORKBOOK_OPENED_PLAN"


@dataclass(frozen=True)
class Entry:
    """A plan as the list shows it; ``problem`` says why it cannot be opened."""

    name: str
    glance: Glance | None
    problem: str = ""


def find(name: str) -> Path:
    """The file of a plan by its name. A name never leads out of the folder of plans."""
    opened = _opened()
    if opened is not None and name == name_of(opened):
        return opened
    path = folder() / f"{name}{store.SUFFIX}"
    if not _is_name(name) or _strays(path):
        raise BadInput("That is no name of a plan.", "Choose one from the list.")
    if not path.is_file():
        raise BadInput(f"There is no plan called {name}.", "Choose one from the list.")
    return path


def name_of(path: Path) -> str:
    """The name under which a plan is opened: its file name without the ending."""
    return path.name.removesuffix(store.SUFFIX)


def entries() -> list[Entry]:
    """Every plan that can be opened, saved last first; damaged files, with what is wrong with them, at the end."""
    files = {name_of(p): p for p in sorted(folder().glob(f"*{store.SUFFIX}")) if _is_name(name_of(p))}
    opened = _opened()
    if opened is not None and opened.is_file():
        files[name_of(opened)] = opened
    found = [entry(name, path) for name, path in sorted(files.items()) if not _strays_from(path, opened)]
    return sorted(found, key=lambda e: (e.glance is not None, e.glance.at if e.glance else ""), reverse=True)


def entry(name: str, path: Path) -> Entry:
    """A plan as the list shows it, without anything worked out."""
    try:
        return Entry(name, progress.glance(path))
    except WorkbookError as error:
        return Entry(name, None, str(error))


def put_back(path: Path, plan: Plan, by: str = "") -> None:
    """Save an earlier state of a plan as its newest revision; a damaged file is kept beside it."""
    history.put_back(path, plan, by=by)


def copy_demonstration(by: str = "") -> str:
    """A fresh copy of the demonstration plan; its name."""
    plan = store.read(shipped("data") / "demo" / "demo.plan.json")
    return _keep(plan, "demonstration", by)


def copied(name: str, title: str = "", by: str = "") -> str:
    """A copy of a plan under a new title, of the demonstration where no name is given; the name of the copy.

    The history stays with the plan: a copy begins with revision 1.
    """
    if not name:
        return copy_demonstration(by)
    plan = store.read(find(name))
    called = title.strip()[:300] or f"{plan.title or plan.area.name} (copy)"
    return _keep(edit.put(plan, "/title", called), _slug(called), by)


def create(area: str, title: str, base_year: int | None, horizon: int, by: str = "") -> str:
    """A new plan for an area, given as code or as the list shows it: "name (code)". Its name."""
    from workbook.reference import Reference
    from workbook.steps.new import new_plan

    reference = Reference.open()
    found = reference.area(area_code(area))
    plan = new_plan(found.code, reference, base_year=base_year, horizon=horizon)
    if title.strip():
        plan = edit.put(plan, "/title", title)
    return _keep(plan, _slug(title or found.name), by)


def area_code(typed: str) -> str:
    """The code in what the list of areas puts into the field, or what was typed."""
    if not typed.strip():
        raise BadInput("Choose an area.", "Type part of its name and pick it from the list.")
    code = re.search(r"\(([^()]+)\)\s*$", typed)
    return (code.group(1) if code else typed).strip()


def _keep(plan: Plan, stem: str, by: str) -> str:
    """Save a new plan under a name that is still free."""
    for number in range(1, 1000):
        name = stem if number == 1 else f"{stem}-{number}"
        path = folder() / f"{name}{store.SUFFIX}"
        if not path.exists():
            store.create(plan, path, by=by)
            return name
    raise BadInput("There are too many plans of that name.", "Give another title.")


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()  # ä is a
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "plan"


def _opened() -> Path | None:
    given = os.environ.get(OPENED)
    return Path(given) if given else None


def _is_name(name: str) -> bool:
    return bool(_NAME.fullmatch(name)) and len(name.encode(errors="replace")) <= _LONGEST


def _strays(path: Path) -> bool:
    """Whether a path, links followed, lies outside the folder of plans."""
    return path.resolve().parent != folder().resolve()


def _strays_from(path: Path, opened: Path | None) -> bool:
    return path != opened and _strays(path)

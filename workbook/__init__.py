"""The commissioning workbook: need, ambition, scheme, money and stopped service as one plan.

For analysts. In a notebook, plans, steps, tables, charts and findings show themselves::

    import workbook as wb

    plan = wb.demonstration()          # or wb.open_plan("north"), wb.open_plan("north.plan.json")
    wb.needs(plan)                     # a step: its charts, tables, answers and findings
    wb.findings(plan)                  # what is broken or in doubt in the whole plan
    wb.table(wb.needs(plan), "priorities")  # any table of a step, as a DataFrame with units in attrs

Plans
    open_plan, plans, demonstration, new_plan, change, save, difference
Steps
    needs, ambitions, budget, decommissioning, plan_page, findings, table, show
Figures
    areas, indicators, series
Files
    template, check_file, import_files, pack

A plan is never changed in place: ``change`` gives a new one, ``save`` writes it as the next revision. What is wrong is
said in a sentence (``workbook.errors.WorkbookError``). Nothing heavy is imported until it is asked for, so that
``workbook --help`` stays fast.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import pandas as pd

    from workbook.blocks import Block, Finding, Step
    from workbook.guide.answering.page import Page as GuidePage
    from workbook.pack.make import Pack
    from workbook.pack.report import Page as ReportPage
    from workbook.plan import Plan
    from workbook.reference import Reference
    from workbook.reference.importers import Report
    from workbook.render.show import Shown

    def pack(plan_path: Path | str, out: Path | str) -> Pack:
        """Make the pack of a plan in the folder ``out``: documents, tables, notebooks, manifest."""


# jsonschema tries to import rfc3987_syntax, which builds a grammar for some two
# seconds, to check a string format that nothing here uses. uv leaves the package
# out (pyproject.toml); this line does the same for plain pip.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

__version__ = "0.1.0"

__all__ = [
    "ambitions",
    "areas",
    "budget",
    "change",
    "check_file",
    "decommissioning",
    "demonstration",
    "difference",
    "findings",
    "import_files",
    "indicators",
    "needs",
    "new_plan",
    "open_plan",
    "pack",
    "plan_page",
    "plans",
    "save",
    "series",
    "show",
    "start",
    "step",
    "table",
    "template",
]


# --- the notebooks' own ---------------------------------------------------------


def start(step_id: str, plan_path: str = "", mode: str = "guide") -> ReportPage | GuidePage:
    """The page of one step, for its notebook: forms in the guide, answers in a report."""
    if mode == "report":
        from workbook.pack import report

        return report.Page(step_id, plan_path)
    from workbook.guide.answering import page

    return page.Page(step_id, plan_path)


# --- plans ----------------------------------------------------------------------


def open_plan(path: Path | str) -> Plan:
    """The plan in a file, or the plan of that name in the folder of plans (see :func:`plans`)."""
    from workbook.errors import BadInput
    from workbook.plan import store
    from workbook.words import some

    file = _file_of(path)
    if file != _given(path) and not file.exists():
        held = (
            f"The plans are {some(plans())}." if plans() else "Save one there with wb.save, or name a file."
        )
        raise BadInput(f"There is no plan called {path}.", held)
    return store.read(file)


def plans() -> list[str]:
    """The names of the plans in the folder of plans, ``WORKBOOK_HOME/plans``."""
    from workbook import paths
    from workbook.plan import store

    return sorted(p.name.removesuffix(store.SUFFIX) for p in paths.plans().glob(f"*{store.SUFFIX}"))


def demonstration() -> Plan:
    """The demonstration plan that ships. Its area and every figure of it are synthetic: made up."""
    from workbook import paths
    from workbook.plan import store

    return store.read(paths.shipped("data") / "demo" / "demo.plan.json")


def new_plan(
    area: str,
    *,
    like: Plan | None = None,
    base_year: int | None = None,
    horizon: int | None = None,
    bind: Mapping[int, str] | None = None,
) -> Plan:
    """A plan for the area with that code, not saved yet.

    ``like``: a plan whose decisions it takes, its money fitted to the area's own allocation. ``bind``: the measure of an
    ambition by its number, ``{1: "treatable-mortality"}``. Base year and horizon as ``workbook new`` takes them.
    """
    from workbook.steps.new import new_plan as made

    return made(area, _reference(), pattern=like, base_year=base_year, horizon=horizon, bind=bind)


def change(plan: Plan, place: str, value: Any) -> Plan:
    """The plan with another value at a place, such as ``/needs/priorities/0/title``; checked like on the page.

    The place of every question is the ``path`` of its block: ``[q.path for q in wb.needs(plan).questions()]``.
    """
    from workbook.plan import edit

    return edit.put(_plan(plan), place, value)


def save(plan: Plan, path: Path | str, *, by: str) -> Plan:
    """Write the plan as the next revision of its file, or as a new file; the saved plan.

    ``path``: a file ``NAME.plan.json``, or a name in the folder of plans. ``by``: who saves it. Refused where somebody
    else saved the plan since it was opened; the revisions before are kept.
    """
    from workbook.errors import UsageError
    from workbook.plan import store
    from workbook.plan.checked import checked

    file = _file_of(path)
    if not file.name.endswith(store.SUFFIX):
        raise UsageError(f"{file.name} is no name for a plan.", f"Let it end in {store.SUFFIX}.")
    if not by.strip():
        raise UsageError("A plan is saved under a name.", 'Say who saves it: by="Your name".')
    sound = checked(_plan(plan))
    return store.write(sound, file, by=by) if file.exists() else store.create(sound, file, by=by)


def difference(old: Plan | Path | str, new: Plan | Path | str) -> list[Any]:
    """What changed from one plan to another: one entry a place, in the order of the plan."""
    from workbook.plan.difference import difference as changes

    return list(changes(_plan(old), _plan(new)))


# --- steps ----------------------------------------------------------------------


def step(step_id: str, plan: Plan | Path | str) -> Step:
    """A step worked out from a plan and the figures on hand: its blocks, findings and results.

    ``step_id``: start, needs, ambitions, budget, decommissioning or plan.
    """
    from workbook.errors import UsageError
    from workbook.steps import TITLES, run

    if step_id not in TITLES:
        raise UsageError(f"There is no step {step_id!r}.", f"The steps are {', '.join(TITLES)}.")
    return run(step_id, _plan(plan), _reference())


def needs(plan: Plan | Path | str) -> Step:
    """Step 1: what people want and need, how services do, whom it concerns, what could be better."""
    return step("needs", plan)


def ambitions(plan: Plan | Path | str) -> Step:
    """Step 2: the seven five-year ambitions, their measures, lines and levels."""
    return step("ambitions", plan)


def budget(plan: Plan | Path | str) -> Step:
    """Step 3: which budgets are planned together, five years of money, the schemes, the pooled fund."""
    return step("budget", plan)


def decommissioning(plan: Plan | Path | str) -> Step:
    """Step 4: services considered for stopping: the gate, the notice, the money, the need, the record."""
    return step("decommissioning", plan)


def plan_page(plan: Plan | Path | str) -> Step:
    """The plan on a page, the thread from need to outcome, decisions and sign-off."""
    return step("plan", plan)


def findings(plan: Plan | Path | str) -> list[Finding]:
    """Every broken or doubtful link of a plan, the blocking ones first."""
    from workbook.steps import thread

    return thread.findings(_plan(plan), _reference())


def table(step: Step, id: str) -> pd.DataFrame:
    """A table of a step by its id, or the figures behind a chart, as a DataFrame.

    ``attrs`` holds ``title``, ``source``, ``note``, and for each column its ``units`` and ``labels``. Missing figures
    are missing (NaN or None), never zero. ``[t.id for t in step.tables()]`` lists the ids.
    """
    from workbook.steps.as_frames import frame_of

    return frame_of(step, id)


def show(*blocks: Block | Step) -> Shown:
    """Blocks of your own (Heading, Words, Table, Figure, Finding), drawn as on the pages."""
    from workbook.render.show import Shown

    return Shown(blocks)


# --- figures --------------------------------------------------------------------


def areas(find: str = "", kind: str = "", on: str = "") -> pd.DataFrame:
    """The areas that are known, by kind and code: those whose name or code holds ``find``, or of one ``kind``.

    ``on``: as they were on a day (``"2026-04-01"``), or ``"any"``; without it as ``workbook areas`` lists them.
    """
    from workbook.steps.as_frames import areas as found

    return found(_reference(), find, kind, on)


def indicators(find: str = "", area: str = "") -> pd.DataFrame:
    """The indicators with figures on hand, for one area if given: id, name, unit, which is better, source."""
    from workbook.steps.as_frames import indicators as found

    return found(_reference(), find, area)


def series(
    indicator: str, area: str | Iterable[str] | None = None, *, sex: str | None = None, age: str | None = None
) -> pd.DataFrame:
    """One indicator's figures by area and year; empty where an area has none.

    ``indicator``: id or name. ``area``: a code, several, or all areas. ``attrs`` holds ``title``, ``unit``, ``source``,
    ``licence`` and ``better``. Without ``sex`` and ``age``: persons of all ages, or what the indicator has most of.
    """
    from workbook.steps.as_frames import series as found

    return found(_reference(), indicator, area, sex, age)


# --- files ----------------------------------------------------------------------


def template(name: str, path: Path | str) -> Path:
    """Write a template to fill in: local-figures, lookup, composition or question-bank, as .csv or .xlsx."""
    from workbook.reference import template as made

    return made.write(name, path)


def check_file(path: Path | str) -> Report:
    """Every fault of a file of figures, areas or questions, with row, column and remedy; nothing is taken."""
    from workbook.reference import importers

    return importers.check(path, _reference())


def import_files(*files: Path | str) -> list[Report]:
    """Take files of figures, areas or questions, each whole or not at all; what became of each."""
    from workbook.reference import importers

    return importers.take(files, _reference())


# --- behind the door --------------------------------------------------------------


def __getattr__(name: str) -> Any:
    """``wb.pack`` is the room of that name, which can be called; it is opened when asked for."""
    if name == "pack":
        import importlib

        return importlib.import_module("workbook.pack")
    raise AttributeError(f"module 'workbook' has no attribute {name!r}")


def _file_of(path: Path | str) -> Path:
    """The file that is meant: a bare name is one of the folder of plans."""
    from workbook import paths
    from workbook.plan import store

    given = _given(path)
    bare = isinstance(path, str) and given.name == path and not path.endswith(".json")
    return paths.plans() / f"{path}{store.SUFFIX}" if bare else given


def _given(path: Path | str) -> Path:
    from pathlib import Path

    return Path(path).expanduser()


def _plan(given: Plan | Path | str) -> Plan:
    """A plan, or the plan in a file."""
    import os

    from workbook.errors import UsageError
    from workbook.plan import Plan

    if isinstance(given, Plan):
        return given
    if isinstance(given, str | os.PathLike):
        return open_plan(given)
    raise UsageError(
        f"A plan is asked for, and {type(given).__name__} was given.", 'Open one: wb.open_plan("north").'
    )


def _reference() -> Reference:
    """The figures on hand; what is imported meanwhile is noticed."""
    from workbook import paths
    from workbook.reference import Reference

    home = paths.home()
    if home not in _opened:
        _opened.clear()
        _opened[home] = Reference.open(home)
    return _opened[home]


_opened: dict[Path, Reference] = {}

_SHOWN = {
    "workbook.blocks": (*("Step", "Heading", "Words", "Table", "Figure", "Tree", "Question", "Finding"),),
    "workbook.plan.model": ("Plan",),
    "workbook.plan.difference": ("Change",),
    "workbook.reference.importers": ("Report",),
}


def _at_home_in_notebooks() -> None:
    """Tell a running IPython how to show what is ours; by name, so that nothing is imported for it."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None:
        return
    html = shell.display_formatter.formatters["text/html"]
    for module, names in _SHOWN.items():
        for name in names:
            html.for_type_by_name(module, name, _drawn)
    for several in (list, tuple):  # of ours only: of anything else nothing is drawn
        html.for_type(several, _several)


def _drawn(thing: Any) -> str:
    from workbook.render.show import html
    from workbook.steps.glance import blocks_of

    return html(blocks_of(thing))


def _several(things: Any) -> str | None:
    """A list of things of ours; None, and so nothing, for any other list."""
    ours = {(module, name) for module, names in _SHOWN.items() for name in names}
    if not things or any((type(t).__module__, type(t).__name__) not in ours for t in things):
        return None
    from workbook.render.show import html
    from workbook.steps.glance import blocks_of

    return html([block for thing in things for block in blocks_of(thing)])


_at_home_in_notebooks()

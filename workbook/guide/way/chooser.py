"""Choosing a plan, or making one: what a page shows while no plan is open."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

from workbook.errors import BadInput, WorkbookError
from workbook.guide.answering import faults
from workbook.guide.bringing import figures
from workbook.guide.drawing import layout
from workbook.guide.way import addresses, plans, progress
from workbook.guide.way.progress import Glance
from workbook.paths import shipped
from workbook.steps.start import Progress

if TYPE_CHECKING:
    from workbook.reference import Area


def page(step_id: str, problem: str = "", stuck: str = "") -> str:
    """The list of plans; on the start page also the form that makes one.

    ``stuck`` is the name of a plan that does not open and has earlier revisions.
    """
    sorry = f'<p class="wg-alert" role="alert">{escape(problem)}</p>' if problem else ""
    making = creator(_areas()) if step_id == "start" else _elsewhere()
    about = places() if step_id == "start" else ""
    official = figures.section(None, _reference()) if step_id == "start" else ""
    return layout.frame(
        step_id,
        f'{sorry}<div class="wg-content wg-choosing">{_way_back(stuck)}{listing(step_id)}{making}{about}{official}</div>',
        'data-plan=""',
    )


def _way_back(stuck: str) -> str:
    """The offer to go back to a revision that opens: nobody is shut out of their own plan."""
    if not stuck:
        return ""
    return (
        '<section class="wg-card"><h2>Go back to before</h2><p>Every revision of this plan is kept. The last one '
        "that opens can be made the plan again; what was changed after it is kept among the revisions.</p>"
        f'<button type="button" data-action="restore" data-name="{escape(stuck)}">'
        "Go back to the last revision that opens</button></section>"
    )


def listing(step_id: str) -> str:
    """The plans that are there, saved last first: who saved them, how far they have come, what is missing."""
    entries = plans.entries()
    if not entries:
        return '<section class="wg-card"><h2>Your plans</h2><p>There is no plan yet.</p></section>'
    rows = "".join(
        f'<li id="{_id(entry.name)}" data-search="{escape(_searched(entry))}">{_entry(step_id, entry)}</li>'
        for entry in entries
    )
    search = _search(len(entries)) if len(entries) > _FEW else ""
    return f'<section class="wg-card"><h2>Your plans</h2>{search}<ul class="wg-plans" id="wg-plans">{rows}</ul></section>'


def progressed(step_id: str) -> dict[str, Any]:
    """The progress of the next plan of the list that is not worked out yet; ``more`` where others are left."""
    waiting = [
        e for e in plans.entries() if e.glance is not None and not e.glance.fresh and e.name not in _tried
    ]
    if not waiting:
        return {}
    name = waiting[0].name
    _tried.add(name)
    try:
        entry = plans.Entry(name, progress.work_out(plans.find(name), _opened()))
    except WorkbookError as error:
        entry = plans.Entry(name, None, str(error))
    except Exception as error:
        entry = plans.Entry(name, None, faults.sentence(error))
    return {"parts": {_id(name): _entry(step_id, entry)}, "more": len(waiting) > 1}


_FEW = 10  # plans; more can be searched
_tried: set[str] = (
    set()
)  # names of plans worked out for this page, so that a faulty one is not tried for ever


@lru_cache(maxsize=1)
def _opened() -> Any:
    """The figures, opened once for all plans of the list: what follows from figures alone is worked out once."""
    return _reference()


def _id(name: str) -> str:
    return f"wg-plan-{hashlib.sha256(name.encode(errors='replace')).hexdigest()[:12]}"


def _searched(entry: plans.Entry) -> str:
    known = entry.glance
    return " ".join([entry.name, *([known.title, known.area, known.by] if known else [])]).lower()


def _search(count: int) -> str:
    return (
        '<div class="wg-field"><label for="wg-search">Find a plan by title, area, person or file</label>'
        '<div class="wg-input"><input type="text" id="wg-search" autocomplete="off"></div>'
        f'<p class="wg-hint" id="wg-search-said" role="status">{count} plans, saved last first.</p></div>'
    )


def _entry(step_id: str, entry: plans.Entry) -> str:
    name, known = escape(entry.name), entry.glance
    if known is None:
        return f'<p class="wg-plan-title">{name}</p><p class="wg-alert">{escape(entry.problem)}</p>'
    title = escape(known.title)
    if addresses.served():
        way = f'<a href="{escape(addresses.of(step_id, entry.name))}">{title}</a>'
    else:
        way = f'<button type="button" class="wg-link" data-action="open" data-name="{name}">{title}</button>'
    return f'<p class="wg-plan-title">{way}</p>{_about(known, name)}{_standing(entry)}{_copy(entry.name, known.title)}'


def _about(known: Glance, name: str) -> str:
    made_up = ' <span class="wg-badge">Synthetic: made up</span>' if known.synthetic else ""
    by = f" by {layout.who(known.by, known.verified)}" if known.by else ""
    saved = f"Saved {layout.moment(known.saved)}{by}" if known.saved else "Not saved yet"
    return (
        f"<p>{escape(known.area)}{made_up}</p>"
        f'<p class="wg-hint">{escape(saved)}, revision {known.revision}. File: {name}</p>'
    )


def _standing(entry: plans.Entry) -> str:
    """How far each step is, and what is missing; said to be worked out where it is not known yet."""
    assert entry.glance is not None
    if not entry.glance.fresh:
        return '<p class="wg-hint">How far it has come is being worked out.</p>'
    rows = entry.glance.steps
    steps = "".join(f"<li>{_step(entry.name, row)}</li>" for row in rows)
    return f'<ul class="wg-standing">{steps}</ul><p>{escape(progress.said(rows))}</p>'


def _step(name: str, row: Progress) -> str:
    title = escape(addresses.NOTEBOOKS[row.step][1])
    if addresses.served():
        title = f'<a href="{escape(addresses.of(row.step, name))}">{title}</a>'
    return f"{title} {progress.mark(row, briefly=True)}"


def _copy(name: str, title: str) -> str:
    """The offer to copy a plan under a new title."""
    field = f"{_id(name)}-copy"
    return (
        f'<details class="wg-copying" data-key="copy"><summary>Copy it<span class="wg-unseen">: {escape(title)}</span>'
        f'</summary><div class="wg-field"><label for="{field}">Title of the copy</label>'
        f'<div class="wg-input"><input type="text" id="{field}" maxlength="300" value="{escape(title)} (copy)"></div></div>'
        f'<button type="button" class="wg-quiet" data-action="copy" data-name="{escape(name)}" data-title="{field}">'
        "Make the copy</button></details>"
    )


_PLACES = {
    "start": "what to do next, how far each step is, and the years of the plan.",
    "needs": "what people want and need, how services do, and the few priorities that follow.",
    "ambitions": "for each of the seven ambitions a figure, a level to reach, an owner and a reason.",
    "budget": "which budgets are planned together, five years of money, the schemes and the pooled fund.",
    "decommissioning": "before a service stops: the reason, the money, the notice, who is affected, where the need goes.",
    "plan": "the plan on a page, what is broken or in doubt, the decisions, and sign-off.",
}


def places() -> str:
    """What each place of the workbook is for, in a line."""
    lines = "".join(
        f"<li><strong>{escape(title)}:</strong> {escape(_PLACES[step_id])}</li>"
        for step_id, (_, title) in addresses.NOTEBOOKS.items()
        if step_id in _PLACES
    )
    pack = "<li><strong>The pack:</strong> the documents a board reads, made from The plan.</li>"
    return f'<section class="wg-card"><h2>What the workbook holds</h2><ul>{lines}{pack}</ul></section>'


def creator(areas: list[Area]) -> str:
    """The form for a new plan."""
    options = "".join(
        f'<option value="{escape(f"{a.name} ({a.code})")}">{escape(_kind(a))}</option>' for a in areas
    )
    demonstration = _demonstration() if (shipped("data") / "demo" / "demo.plan.json").exists() else ""
    return (
        f'{demonstration}<section class="wg-card"><h2>Make a plan</h2><div class="wg-new" data-form="create">'
        + _input(
            "area",
            "Area",
            "Type part of a name or a code and pick from the list.",
            'list="wg-areas" autocomplete="off"',
        )
        + f'<datalist id="wg-areas">{options}</datalist>'
        + _input(
            "title", "Title of the plan", "Leave empty to name it after the area.", 'maxlength="300"', False
        )
        + _input(
            "base_year",
            "Base year",
            "The last year before the plan: 2025 for 2025/26. Leave empty for the latest year of the figures that "
            "measure the seven ambitions, or 2025 where none is on hand.",
            'class="wg-number" inputmode="numeric" maxlength="4"',
            False,
        )
        + _input(
            "horizon",
            "Years ahead",
            "1 to 15.",
            'class="wg-number" inputmode="numeric" maxlength="2" value="5"',
        )
        + '<button type="button" data-action="create">Make the plan</button></div></section>'
    )


def _input(name: str, label: str, hint: str, more: str, required: bool = True) -> str:
    need = ' <span class="wg-need">(required)</span>' if required else ""
    return (
        f'<div class="wg-field"><label for="new-{name}">{label}{need}</label>'
        f'<div class="wg-hint" id="new-{name}-h">{hint}</div>'
        f'<p class="wg-error" id="new-{name}-e" hidden></p>'
        f'<div class="wg-input"><input type="text" id="new-{name}" data-new="{name}" '
        f'aria-describedby="new-{name}-h new-{name}-e" {more}></div></div>'
    )


def _demonstration() -> str:
    return (
        '<section class="wg-card"><h2>Look at a finished plan first</h2>'
        "<p>The demonstration plan is filled in from needs to sign-off, for an area that is made up. "
        "Your copy is yours to change.</p>"
        '<button type="button" data-action="copy">Copy the demonstration plan</button></section>'
    )


def _elsewhere() -> str:
    if not addresses.served():
        return ""
    return f'<p><a href="{addresses.of("start")}">Make a plan on the start page</a></p>'


def _kind(area: Area) -> str:
    if area.synthetic:
        return "synthetic: made up"
    kinds = {
        "icb": "integrated care board",
        "ccg": "clinical commissioning group",
        "sub-icb": "sub-board location",
        "la": "local authority",
    }
    return kinds.get(area.kind, area.kind)


def faults_of(values: dict[str, Any]) -> dict[str, str]:
    """What is wrong with the form for a new plan: a sentence for each field."""
    found = {}
    if not str(values.get("area", "")).strip():
        found["area"] = "Choose an area: type part of its name and pick it from the list."
    else:
        found |= _area_fault(str(values["area"]))
    for name, least, most, example in (("base_year", 1990, 2100, 2025), ("horizon", 1, 15, 5)):
        typed = str(values.get(name, "")).strip()
        if typed and not (typed.isascii() and typed.isdigit() and least <= int(typed) <= most):
            found[name] = f"Give a whole number from {least} to {most}, for instance {example}."
    return found


def make(values: dict[str, Any], by: str = "") -> str:
    """The new plan from a form without faults; its name."""
    base_year = str(values.get("base_year", "")).strip()
    horizon = str(values.get("horizon", "")).strip()
    return plans.create(
        str(values["area"]),
        str(values.get("title", ""))[:300],
        int(base_year) if base_year else None,
        int(horizon) if horizon else 5,
        by,
    )


def _area_fault(typed: str) -> dict[str, str]:
    try:
        _reference().area(plans.area_code(typed))
    except BadInput as error:
        near = error.remedy.partition("'workbook")[0]  # the rest speaks of the command line
        return {
            "area": f"{error.problem} {near or 'Type part of a name and pick an area from the list.'}".strip()
        }
    return {}


def _reference() -> Any:
    from workbook.reference import Reference

    return Reference.open()


def _areas() -> list[Area]:
    """Every area a plan can be made for; the made-up one first, for those who want to try."""
    return sorted(_reference().areas(), key=lambda area: not area.synthetic)

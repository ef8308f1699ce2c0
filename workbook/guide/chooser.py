"""Choosing a plan, or making one: what a page shows while no plan is open."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from workbook.errors import BadInput
from workbook.guide import addresses, layout, plans
from workbook.paths import shipped
from workbook.plan.model import Plan

if TYPE_CHECKING:
    from workbook.reference import Area


def page(step_id: str, problem: str = "", stuck: str = "") -> str:
    """The list of plans; on the start page also the form that makes one.

    ``stuck`` is the name of a plan that does not open and has earlier revisions.
    """
    sorry = f'<p class="wg-alert" role="alert">{escape(problem)}</p>' if problem else ""
    making = creator(_areas()) if step_id == "start" else _elsewhere()
    return layout.frame(
        step_id,
        f'{sorry}<div class="wg-content wg-choosing">{_way_back(stuck)}{listing(step_id)}{making}</div>',
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
    """The plans that are there, with who saved them last and how far they have come."""
    entries = plans.entries()
    if not entries:
        return '<section class="wg-card"><h2>Your plans</h2><p>There is no plan yet.</p></section>'
    rows = "".join(_entry(step_id, entry) for entry in entries)
    return f'<section class="wg-card"><h2>Your plans</h2><ul class="wg-plans">{rows}</ul></section>'


def _entry(step_id: str, entry: plans.Entry) -> str:
    name = escape(entry.name)
    if entry.plan is None:
        return f'<li><p class="wg-plan-title">{name}</p><p class="wg-alert">{escape(entry.problem)}</p></li>'
    title = escape(entry.plan.title or entry.plan.area.name)
    if addresses.served():
        way = f'<a href="{escape(addresses.of(step_id, entry.name))}">{title}</a>'
    else:
        way = f'<button type="button" class="wg-link" data-action="open" data-name="{name}">{title}</button>'
    return f'<li><p class="wg-plan-title">{way}</p>{_about(entry.plan, name)}</li>'


def _about(plan: Plan, name: str) -> str:
    made_up = ' <span class="wg-badge">Synthetic: made up</span>' if plan.area.synthetic else ""
    return (
        f"<p>{escape(plan.area.name)}{made_up}</p>"
        f'<p class="wg-hint">{escape(plans.progress(plan))}. {escape(layout.saved(plan))}. File: {name}</p>'
    )


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

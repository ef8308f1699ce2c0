"""The page around the blocks: which plan this is, who writes, where one is, and whether it is saved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from html import escape

from workbook.blocks import Finding, Step
from workbook.guide.bringing import figures
from workbook.guide.drawing import containers
from workbook.guide.drawing.views import View, Views
from workbook.guide.giving import downloads, packing
from workbook.guide.way import ways
from workbook.plan.model import Plan
from workbook.words import financial_year

# What can be done about changes, beside the line that says they are saved; brought to life by static/undo.js.
_DOING = (
    '<div class="wg-doing" role="group" aria-label="Changes">'
    '<button type="button" class="wg-quiet" data-action="undo" id="wg-undo" hidden>Undo</button>'
    '<button type="button" class="wg-quiet" data-action="redo" id="wg-redo" hidden>Redo</button>'
    '<button type="button" class="wg-quiet" data-action="history" id="wg-history">History</button></div>'
)
# Filled by static/dialog.js: a larger one to look things up in, and one that asks before something is done.
_DIALOGS = (
    '<dialog id="wg-panel" class="wg-dialog wg-large" aria-labelledby="wg-panel-title"></dialog>'
    '<dialog id="wg-dialog" class="wg-dialog" aria-labelledby="wg-dialog-title"></dialog>'
)


def page(
    views: Views,
    view: View,
    plan: Plan,
    name: str,
    drawn: dict[str, str],
    findings: Sequence[Finding] = (),
    person: str = "",
    notices: str = "",
) -> str:
    """The whole page of a view of a step as it is first shown; ``notices`` is HTML that stands above it."""
    return frame(
        views.step.id,
        f'{_head(plan, person)}{notices}<div class="wg-columns">{ways.menu(views, name, view, findings)}'
        f'<div><div id="wg-where">{ways.where(views, view)}</div><div class="wg-content" id="wg-content">{blocks(drawn)}</div>'
        f'{_out(views.step, plan, name)}<nav id="wg-onward" aria-label="Back and on">{ways.onward(views, name, view)}</nav>'
        f"{downloads.section(views.step)}</div></div>"
        f'<div class="wg-bar"><p id="wg-saved" class="wg-saved" role="status">{escape(saved(plan))}</p>{_DOING}</div>',
        f'data-plan="{escape(name)}" data-revision="{plan.revision}" data-view="{escape(view.id)}"',
    )


def blocks(drawn: dict[str, str]) -> str:
    """The containers of a view with what they hold."""
    return "".join(containers.contained(key, html) for key, html in drawn.items())


def frame(step_id: str, inside: str, about: str = "") -> str:
    """The outermost element, with the places where the page speaks up."""
    return (
        f'<div class="wg-page" data-step="{escape(step_id)}" {about}>'
        '<div id="wg-alerts"></div>'
        '<div id="wg-problems" class="wg-problems" role="group" aria-label="Problems" tabindex="-1" hidden>'
        "</div>"
        f"{inside}{_DIALOGS}</div>"
    )


def plan_bar(plan: Plan, person: str = "") -> str:
    """Which plan this is, and who is writing: one line, so that the first question is in sight."""
    title, name = _plainly(plan.title or plan.area.name, plan), _plainly(plan.area.name, plan)
    area = "" if name in title else f"<span>{escape(name)}</span> "
    made_up = '<span class="wg-badge">Synthetic: made up</span> ' if plan.area.synthetic else ""
    years = f"{financial_year(plan.base_year)} to {financial_year(plan.last_year)}"
    return (
        '<section class="wg-plan" aria-label="This plan">'
        f'<div><strong class="wg-plan-title">{escape(title)}</strong> {area}{made_up}<span>{years}</span></div>'
        f"<div>{_person(person)}</div>"
        "</section>"
    )


def _head(plan: Plan, person: str) -> str:
    """The line of the plan; on paper it stands on every sheet, with revision and date."""
    return (
        f'<div class="wg-head">{plan_bar(plan, person)}'
        f'<p class="wg-printed" id="wg-printed" aria-hidden="true">{escape(saved(plan))}</p></div>'
    )


def _plainly(name: str, plan: Plan) -> str:
    """A name without "(synthetic ...)" at its end, where the mark beside it says so."""
    return re.sub(r"\s*\(synthetic[^()]*\)$", "", name) if plan.area.synthetic else name


def _person(person: str) -> str:
    if person:
        return f"<p>You are signed in as {escape(person)}.</p>"
    return (
        '<div class="wg-name"><label for="wg-name">Your name (unverified)</label> '
        '<input type="text" id="wg-name" autocomplete="name" maxlength="100" aria-describedby="wg-name-h">'
        '<span class="wg-hint" id="wg-name-h">Kept in this browser and saved with your changes.</span></div>'
    )


def saved(plan: Plan) -> str:
    """When and by whom the plan was saved."""
    if plan.saved is None:
        return "Not saved yet"
    by = f" by {who(plan.saved.by, plan.saved.verified)}" if plan.saved.by else ""
    return f"Saved: revision {plan.revision}, {moment(plan.saved.at)}{by}"


def who(by: str, verified: bool) -> str:
    """The name of somebody who saved a plan, and that nobody has checked it where that is so."""
    if not by:
        return "somebody without a name"
    return by if verified else f"{by} (unverified)"


def moment(at: datetime) -> str:
    """A moment in the clock of this machine: "22 November 2026 at 09:05"."""
    here = at.astimezone()
    return f"{here.day} {here:%B %Y} at {here:%H:%M}"


def _out(step: Step, plan: Plan, name: str) -> str:
    """What a page gives out and takes in besides its questions."""
    official = figures.section(plan) if step.id == "start" else figures.way(step.id, name)
    return official + (packing.section(name, plan.revision) if step.id == "plan" else "")

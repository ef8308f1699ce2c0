"""A plan that is closed to changes: its approver has signed it, or its file may not be written.

The kernel refuses every change of such a plan, whatever a page sends; the fields of its pages can be read and not
changed. A signed plan is opened again by taking its four signatures back, which is written down as a decision.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path

from workbook.errors import BadInput
from workbook.plan.model import Plan
from workbook.plan.sections import Decision
from workbook.words import day

ROLES = ("commissioner", "analyst", "assurer", "approver")
_REOPENED = "The plan was opened again for changes; its signatures were taken back."
# What can be typed into is only made unchangeable, so that it can still be reached, read out and copied.
_TYPED = re.compile(r"<(textarea|input type=\"(?:text|date)\")(?=[ >])")
_CHOSEN = re.compile(r"<(select|input type=\"(?:radio|checkbox|file)\")(?=[ >])")
_DOES = re.compile(r"<button(?=[^>]*data-action=\"(?:add|remove|clear|rows-in|rows-take)\")")


@dataclass(frozen=True)
class Lock:
    """Why a plan cannot be changed, in a sentence; ``signed`` where taking the signatures back opens it."""

    sentence: str
    signed: bool


def of(plan: Plan, path: Path) -> Lock | None:
    """What closes a plan to changes; None where nothing does."""
    approver = plan.sign_off.approver
    if approver.signed is not None:
        who = ", ".join(part for part in (approver.name, approver.post) if part) or "Its approver"
        return Lock(
            f"{who} signed this plan on {day(approver.signed)}, so it can be read and not changed.", True
        )
    if not _writable(path):
        return Lock(
            f"The file of this plan ({path.name}) may be read and not written, so the plan cannot be changed here. "
            "Ask whoever looks after the folder of plans.",
            False,
        )
    return None


def _writable(path: Path) -> bool:
    """Whether a plan may be written: a file that is marked as read-only is left alone even by who could."""
    try:
        marked = path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)
    except OSError:  # not there: to save it makes it again
        return True
    return bool(marked) and os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def check(plan: Plan, path: Path) -> None:
    """Raises BadInput where a plan is closed to changes."""
    if lock := of(plan, path):
        raise BadInput(lock.sentence, "To change it, open it again first." if lock.signed else "")


def reopened(plan: Plan, reason: str, by: str = "") -> Plan:
    """The plan without its four signatures, which is a decision with its reason, day and taker."""
    if not reason.strip():
        raise BadInput(
            "Say why the plan is opened again.", "The reason is kept with the decisions of the plan."
        )
    signatures = {r: getattr(plan.sign_off, r).model_copy(update={"signed": None}) for r in ROLES}
    taken_back = ", ".join(
        f"{role} {day(on)}" for role in ROLES if (on := getattr(plan.sign_off, role).signed) is not None
    )
    decision = Decision(
        what=f"{_REOPENED} Signed before: {taken_back}.",
        rationale=reason.strip()[:10_000],
        on=date.today(),
        made_by=by,
        taken_by=by,
    )
    return plan.model_copy(
        update={
            "sign_off": plan.sign_off.model_copy(update=signatures),
            "decisions": [*plan.decisions, decision],
        }
    )


def notice(lock: Lock | None) -> str:
    """What the page says above a plan that is closed to changes; "" where it is not."""
    if lock is None:
        return ""
    way = (
        '<button type="button" class="wg-quiet" data-action="reopen" id="wg-reopen">Reopen the plan</button>'
        if lock.signed
        else ""
    )
    return (
        f'<section class="wg-locked" aria-label="This plan is closed to changes"><p>{escape(lock.sentence)}</p>'
        f"{way}</section>"
    )


def closed(html: str) -> str:
    """Questions whose fields can be read and not changed; what only shows or hands out keeps working."""
    html = _TYPED.sub(r"<\1 readonly", html)
    html = _CHOSEN.sub(r"<\1 disabled", html)
    return _DOES.sub("<button disabled", html)

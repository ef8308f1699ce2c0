"""Two people changed one place: what each of them put there and what stood there before, side by side, with a choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from workbook.guide.drawing import layout
from workbook.guide.keeping.saving import Collision
from workbook.plan.difference import Change, summary
from workbook.plan.merge import GONE, Conflict, settle
from workbook.plan.model import Plan


def choice(key: str, collision: Collision) -> str:
    """The question about one collision as HTML; ``key`` is what it is called in messages."""
    saved = collision.theirs.saved
    who = layout.who(saved.by, saved.verified) if saved else "Somebody else"
    when = f" on {layout.moment(saved.at)}" if saved else ""
    name = f"wg-conflict-{escape(key)}"
    places = "".join(
        _place(f"{name}-{n}", conflict, who) for n, conflict in enumerate(collision.merged.conflicts)
    )
    return (
        f'<section class="wg-conflict" id="{name}" data-key="{name}" aria-labelledby="{name}-t" tabindex="-1">'
        f'<h2 id="{name}-t">Two people changed the same place</h2>'
        f"<p>{escape(who)} saved this plan{when}, before your change arrived. Your change is kept here and is not "
        "saved yet: choose which of the two to keep.</p>"
        f'{places}<p class="wg-error" id="{name}-e" hidden></p>'
        f'<p><button type="button" data-action="settle" data-name="{escape(key)}">Save this choice</button></p>'
        "</section>"
    )


def _place(name: str, conflict: Conflict, who: str) -> str:
    before = f"<p>Before: {_held(conflict.base)}</p>"
    sides = _side(name, "mine", "Yours", conflict.mine) + _side(
        name, "theirs", f"Saved by {who}", conflict.theirs
    )
    return (
        f'<fieldset data-conflict="{escape(conflict.path)}"><legend>{escape(conflict.where)}</legend>'
        f'<div class="wg-sides">{before}</div><div class="wg-sides">{sides}</div></fieldset>'
    )


def _side(name: str, value: str, label: str, held: str) -> str:
    own = f"{name}-{value}"
    return (
        f'<div class="wg-side"><div class="wg-tick"><input type="radio" id="{own}" name="{name}" value="{value}" '
        f'aria-describedby="{own}-h"><label for="{own}">{escape(label)}</label></div>'
        f'<p class="wg-held" id="{own}-h">{_held(held)}</p></div>'
    )


def _held(value: str) -> str:
    if value == GONE:
        return "<em>taken out of the list</em>"
    return escape(value) if value else "<em>nothing</em>"


def settled(collision: Collision, choices: Mapping[str, str]) -> Plan:
    """The plan of both sides with what was chosen; places that nobody chose for hold theirs."""
    known = {conflict.path for conflict in collision.merged.conflicts}
    return settle(collision.merged, {path: side for path, side in choices.items() if path in known})


def lacking(collision: Collision, choices: Mapping[str, str]) -> list[str]:
    """The places of a collision for which nothing is chosen, in words."""
    return [c.where for c in collision.merged.conflicts if choices.get(c.path) not in ("mine", "theirs")]


def meanwhile(by: str, changes: Sequence[Change]) -> str:
    """What others changed, in a sentence: "Meanwhile Ada: Horizon changed from 5 to 7."."""
    return f"Meanwhile {by} saved this plan. {summary(changes)}"

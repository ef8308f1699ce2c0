"""The history of a plan on its page: who changed what and when, the way back to any revision, and names taken out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from html import escape
from pathlib import Path

from workbook.errors import WorkbookError
from workbook.guide.drawing import layout
from workbook.plan import history
from workbook.plan import names as people
from workbook.plan.difference import Change, difference, said
from workbook.plan.history import Entry
from workbook.plan.model import Plan
from workbook.words import plural, some

PIECE = 50  # revisions shown at a time
_PAUSE = timedelta(minutes=30)  # a longer one ends a sitting
_AT_ONCE = 8  # changes of a revision, or of a way back, that are not folded
_MOST = 200  # and how many are told at all
_LONGEST = 70  # characters of what a change is called on a button


def panel(path: Path, before: int = 0) -> str:
    """The newest revisions older than ``before`` (0: from the newest on), by sitting, with the way to older ones."""
    found = history.entries(path)
    older = [entry for entry in found if not before or entry.revision < before]
    shown, rest = older[:PIECE], len(older) - PIECE
    now = found[0].revision if found else 0
    sittings = "".join(_sitting(entries, now) for entries in by_sitting(shown))
    more = (
        f'<li><button type="button" class="wg-quiet" data-action="history-more" data-before="{shown[-1].revision}">'
        f"Show older revisions ({rest:,} more)</button></li>"
        if rest > 0
        else ""
    )
    if before:
        return sittings + more
    return (
        f"<p>{plural(len(found), 'revision').capitalize()} of this plan: every change is kept. Open a line to see what "
        'was changed.</p><p><button type="button" class="wg-quiet" data-action="names">Remove names of people</button></p>'
        f'<ol class="wg-past" id="wg-past">{sittings}{more}</ol>'
    )


def by_sitting(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Revisions, newest first, cut where somebody else goes on or half an hour lies between."""
    sitting: list[Entry] = []
    for entry in entries:
        if sitting and not _together(sitting[-1], entry):
            yield sitting
            sitting = []
        sitting.append(entry)
    if sitting:
        yield sitting


def _together(later: Entry, earlier: Entry) -> bool:
    if (later.by, later.verified) != (earlier.by, earlier.verified) or later.problem or earlier.problem:
        return False
    return later.at is None or earlier.at is None or abs(later.at - earlier.at) <= _PAUSE


def _sitting(entries: list[Entry], now: int) -> str:
    newest, oldest = entries[0], entries[-1]
    if newest.problem:
        return f"<li><p>Revision {newest.revision}: {escape(newest.problem)}</p></li>"
    who = layout.who(newest.by, newest.verified)
    who = who[:1].upper() + who[1:] if not newest.by else who
    numbers = (
        f"revision {newest.revision}"
        if newest is oldest
        else f"revisions {oldest.revision} to {newest.revision}"
    )
    state = ", the plan as it is now" if newest.revision == now else ""
    return (
        f'<li><details data-past="{oldest.revision}-{newest.revision}"><summary>{escape(who)}, '
        f"{escape(_span(oldest.at, newest.at))}: {numbers}{state}</summary>"
        '<ol class="wg-past"><li>Being looked up.</li></ol></details></li>'
    )


def _span(first: datetime | None, last: datetime | None) -> str:
    if first is None or last is None:
        return "at an unknown time"
    a, b = layout.moment(first), layout.moment(last)
    day, _, time = b.rpartition(" at ")
    if a == b:
        return b
    return f"{a} to {time}" if a.startswith(f"{day} at ") else f"{a} to {b}"


def told(path: Path, first: int, last: int) -> str:
    """What each of the revisions from ``first`` to ``last`` changed, newest first; at most a piece of them."""
    now, files = history.entries(path)[0].revision, _Plans(path)
    wanted = [e for e in history.entries(path) if first <= e.revision <= last][:PIECE]
    return "".join(_revision(entry, files, now) for entry in wanted)


class _Plans:
    """The revisions of a plan, each read once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.numbers = sorted(entry.revision for entry in history.entries(path) if not entry.problem)
        self.at = lru_cache(maxsize=PIECE + 2)(lambda n: history.plan_at(path, n))

    def changes(self, revision: int) -> list[Change] | None:
        """What a revision changed against the one before it; None for the first there is."""
        before = max((n for n in self.numbers if n < revision), default=None)
        return None if before is None else difference(self.at(before), self.at(revision))


def _revision(entry: Entry, plans: _Plans, now: int) -> str:
    if entry.problem:
        return f"<li><p>Revision {entry.revision}: {escape(entry.problem)}</p></li>"
    try:
        changes = plans.changes(entry.revision)
        inside = _began() if changes is None else listing(changes, "Nothing in the plan was changed.")
    except WorkbookError as error:
        inside = f"<p>{escape(str(error))}</p>"
    time = f", {layout.moment(entry.at)}" if entry.at else ""
    back = (
        f'<button type="button" class="wg-quiet" data-action="back" data-revision="{entry.revision}">Go back to this '
        f'revision<span class="wg-unseen"> number {entry.revision}</span></button>'
        if entry.revision != now
        else ""
    )
    return f"<li><h3>Revision {entry.revision}{escape(time)}</h3>{inside}{back}</li>"


def _began() -> str:
    return "<p>The first revision that is kept.</p>"


def listing(changes: Sequence[Change], none: str) -> str:
    """Changes as a list of sentences; of many, most are folded."""
    if not changes:
        return f"<p>{escape(none)}</p>"
    lines = [f"<li>{escape(said(change))}</li>" for change in changes[:_MOST]]
    if len(changes) > _MOST:
        lines.append(f"<li>and {len(changes) - _MOST:,} more</li>")
    shown = f"<ul>{''.join(lines[:_AT_ONCE])}</ul>"
    if len(lines) <= _AT_ONCE + 1:
        return f"<ul>{''.join(lines)}</ul>"
    rest = f"<ul>{''.join(lines[_AT_ONCE:])}</ul>"
    return f"{shown}<details><summary>{len(changes) - _AT_ONCE:,} more changes</summary>{rest}</details>"


def way_back(plan: Plan, earlier: Plan) -> str:
    """What going back to an earlier revision would change in the plan as it is now."""
    changes = difference(plan, earlier)
    return (
        f"<p>The plan becomes what it was in revision {earlier.revision}. Nothing is lost: it is saved as a new revision, "
        f"and all those after {earlier.revision} stay in the history.</p><p>This changes:</p>"
        f"{listing(changes, 'Nothing: the plan is the same as then.')}"
    )


def called(changes: Sequence[Change]) -> str:
    """What a change is called on a button: the place it touched, and how many more."""
    if not changes:
        return "the last change"
    first = changes[0]
    ending = {"added": " added", "removed": " taken out", "changed": ""}[first.kind]
    where = first.where if len(first.where) <= _LONGEST else f"{first.where[:_LONGEST].rstrip()}..."
    more = f" and {len(changes) - 1} more" if len(changes) > 1 else ""
    return f"{where}{ending}{more}"


# --- names taken out ---------------------------------------------------------------


_PLACES = 4  # named of those where a name stands


def named(path: Path, plan: Plan) -> str:
    """The people named in a plan and in its earlier revisions, each to be ticked for removal."""
    now, before = people.named(plan), people.earlier(path)
    if not now and not before:
        return "<p>Nobody is named in this plan, nor in its history.</p>"
    rows = [
        _person(n, one.name, _where(one.places), "" if one.sure else " (perhaps a role)")
        for n, one in enumerate(now)
    ]
    rows += [
        _person(n, name, "In earlier revisions only.", "") for n, name in enumerate(before, start=len(now))
    ]
    return (
        "<p>Ticked names are taken out of the plan and of every kept revision, and “name removed” stands in their "
        "place. This cannot be undone.</p>"
        f'<fieldset class="wg-set" id="wg-names"><legend>Names to remove</legend>'
        f'<p class="wg-error" id="wg-names-e" role="alert" hidden></p>{"".join(rows)}</fieldset>'
        f"{_packs(path)}"
        '<p><button type="button" data-action="names-remove">Remove the ticked names</button></p>'
    )


def _person(number: int, name: str, where: str, doubt: str) -> str:
    own = f"wg-names-{number}"
    return (
        f'<div class="wg-tick"><input type="checkbox" id="{own}" name="wg-names" value="{escape(name)}" '
        f'aria-describedby="{own}-h wg-names-e"><label for="{own}">{escape(name)}{doubt}</label>'
        f'<span class="wg-hint" id="{own}-h">{escape(where)}</span></div>'
    )


def _where(places: Sequence[str]) -> str:
    return f"{some(list(dict.fromkeys(places)), _PLACES)}."


def _packs(path: Path) -> str:
    if not people.packs(path):
        return ""
    return (
        '<div class="wg-tick"><input type="checkbox" id="wg-names-packs"><label for="wg-names-packs">Delete the pack that '
        'was made before</label><span class="wg-hint">It still holds the names. It can be made again from the plan. '
        "Copies that were sent to others are not reached.</span></div>"
    )


def removed(found: people.Forgotten, packs_left: bool) -> str:
    """What was done to take names out."""
    kept = f" and {plural(found.revisions, 'kept revision')}" if found.revisions else ""
    left = (
        f"<p>These files are damaged, and a name in them cannot be found: {escape(some(list(found.left), 20))}. "
        "Ask whoever looks after the folder of plans to delete them.</p>"
        if found.left
        else ""
    )
    packs = "<p>The pack made before still holds the names: make it again.</p>" if packs_left else ""
    return (
        f"<p>Removed in {plural(found.places, 'place')} of the plan{kept}.</p>{left}{packs}"
        "<p>Copies of the plan that were sent to others are not reached.</p>"
    )

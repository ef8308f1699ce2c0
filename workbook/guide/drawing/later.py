"""What a page leaves out until a person opens it: entries of long lists, and the questions asked of many entries.

A plan of two hundred schemes asks some twenty thousand questions; drawn at once they make a page of tens of
megabytes. What is left out stands as a folded part that says what it holds, readable before any script runs.
``static/form.js`` asks for the rest when the part is opened, or when an address or a problem leads into it.
"""

from __future__ import annotations

import re
from collections import Counter
from contextvars import ContextVar
from html import escape

from workbook.blocks import Item, Question
from workbook.render import answers
from workbook.words import number

#: The places of the plan that somebody has opened on the page.
OPENED: ContextVar[frozenset[str]] = ContextVar("opened", default=frozenset())

_FEW_ENTRIES = 6  # a list as short as this is drawn with all its fields
_FEW_FIELDS = 200  # and so is one with no more fields than this, however many entries they make
_FEW_ASKED = 500  # fields of questions asked of entries; a page with no more draws them all
AT_ONCE = 100  # entries that a very long list shows at a time
_VERY_LONG = 300  # entries; of lists with an entry a line, AT_ONCE
_TOLD = 4  # answers by which an entry is known while it is closed
_LONGEST = 60  # characters of such an answer

_ENTRY = re.compile(r"^((?:/[^/]+)+?/\d+)/")


def size(question: Question) -> int:
    """How many fields a question has, with all those below it."""
    if question.kind in ("group", "rows"):
        return sum(size(below) for item in question.items for below in item.questions)
    return 1


def is_closed(place: str) -> bool:
    """Whether nobody has opened a place on this page."""
    return place not in OPENED.get()


def folds(question: Question) -> bool:
    """Whether the entries of a list are drawn when they are opened."""
    return len(question.items) > _FEW_ENTRIES and size(question) > _FEW_FIELDS


def parts(question: Question, in_lines: bool) -> list[range]:
    """The entries of a list by the parts that are opened one at a time; one part where the list is no longer than that."""
    count = len(question.items)
    if count <= (AT_ONCE if in_lines else _VERY_LONG):
        return [range(count)]
    return [range(start, min(start + AT_ONCE, count)) for start in range(0, count, AT_ONCE)]


def part_of(path: str, index: int) -> str:
    """The place of the part of a very long list in which an entry stands."""
    return f"{path}#{index // AT_ONCE}"


def entry_of(path: str) -> str:
    """The outermost entry of a list that a place lies in: "/a/b/3" of "/a/b/3/c/d"; "" outside of lists."""
    found = _ENTRY.match(path)
    return found.group(1) if found else ""


def folds_asked(questions: tuple[Question, ...]) -> bool:
    """Whether a page asks more of the entries of its lists than is drawn at once."""
    return sum(size(q) for q in questions if entry_of(q.path)) > _FEW_ASKED


# --- what stands in the place of what is left out ---------------------------------


def closed(place: str, summary: str, told: str, covers: str, attributes: str = "", state: str = "") -> str:
    """A folded part with what is known of it; ``covers`` are the beginnings of the ids that it will hold.

    ``state`` is HTML that stands beside the summary.
    """
    said = f"<p>{escape(told)}</p>" if told else ""
    return (
        f'<details class="wg-row" data-later="{escape(place)}" data-covers="{escape(covers)}"{attributes}>'
        f"<summary>{escape(summary)}{state}</summary>{said}"
        '<p class="wg-hint">The questions come up here once the page is connected.</p></details>'
    )


def gist(item: Item) -> str:
    """The first short answers of an entry: "Owner: Director of nursing. Start: 2026/27."."""
    found: list[str] = []
    for question in item.questions:
        if question.kind in ("check", "long", "rows", "group") or len(found) == _TOLD:
            continue
        told = _said(question)
        if told and told != item.label and len(told) <= _LONGEST:
            found.append(f"{question.prompt.rstrip(' .:?')}: {told}")
    return f"{'; '.join(found)}." if found else "Nothing is filled in yet."


def _said(question: Question) -> str:
    value = answers.said(question)
    if value in (0, "No"):  # what a field holds that nobody has touched
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return number(value, unit=question.unit)
    return str(value or "")


def standing(questions: list[Question]) -> str:
    """The answers of several questions counted: "Yes: 12. Partly: 3."; "" where they are not of that kind."""
    found = Counter(_choice(q) for q in questions if q.kind == "check" and q.choices)
    order = dict.fromkeys(c.label for q in questions if q.kind == "check" for c in q.choices)
    return " ".join(f"{label}: {found[label]}." for label in order if found[label])


def _choice(question: Question) -> str:
    held = question.answer if isinstance(question.answer, dict) else {}
    return next((c.label for c in question.choices if c.value == held.get("answer")), "")

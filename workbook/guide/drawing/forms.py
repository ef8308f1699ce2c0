"""Questions as accessible HTML: label, hint, unit and a place for the error, all tied together.

The controls are plain HTML that a reader can use before any script runs; the
script beside it (``static/form.js``) only listens to them. ``data-path`` on a
control is the JSON pointer of its place in the plan, ``data-kind`` says how its
value is read. Every text is escaped: what people typed is data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import replace
from datetime import date
from html import escape
from typing import Any, Literal, get_args, get_origin

from workbook.blocks import SEVERITIES, Choice, Finding, Item, Question
from workbook.errors import BadInput
from workbook.guide.bringing import rows as sheets
from workbook.guide.drawing import later
from workbook.plan import edit

#: The findings of the plan by the place they speak of: each is told beside its question.
TOLD: ContextVar[dict[str, list[Finding]]] = ContextVar("told", default={})  # noqa: B039 - nobody adds to it

_RADIOS_UP_TO = 6
_BOXES_IN_SIGHT = 12
_IN_A_LINE = 3
_ABREAST = 3  # characters: boxes with labels as short as a number stand side by side
_LINE = 40  # characters of all labels together: radios with no more stand in one line
_SHORT = {"text", "number", "integer", "date"}
_NOTHING = "<p>There is nothing to choose from yet.</p>"
_WIDE = {"long", "check", "group", "rows", "choices"}


def draw(question: Question) -> str:
    """One question with everything a person needs to answer it."""
    return _DRAWERS[question.kind](question)


def field_id(path: str) -> str:
    """The id of the control for a place in the plan; the page's script works it out the same way."""
    return "q" + re.sub(r"[^A-Za-z0-9]+", "-", path)


def by_place(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Findings by the place of the plan they speak of."""
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.path:
            found.setdefault(finding.path, []).append(finding)
    return found


def paths(question: Question) -> dict[str, Question]:
    """Every place that can be changed through a question, with the question that asks for it."""
    if question.kind in ("group", "rows"):
        found = {question.path: question}
        for item in question.items:
            for inner in item.questions:
                found |= paths(inner)
        return found
    if question.kind == "check":
        return {f"{question.path}/{part.path.rsplit('/', 1)[1]}": part for part in _check_parts(question)}
    return {question.path: question}


def below(asked: dict[str, Question], path: str) -> Question | None:
    """The question for a place among questions and all that stand below them; None where none asks for it."""
    above = path
    while above:
        if above in asked and (found := paths(asked[above]).get(path)):
            return found
        above = above.rpartition("/")[0]
    # A group may hold questions on places elsewhere in the plan.
    groups = (q for q in asked.values() if q.kind == "group")
    return next((found for group in groups if (found := paths(group).get(path))), None)


# --- one control ----------------------------------------------------------------


def _field(question: Question, control: str) -> str:
    """A control under its label and hint, with its error slot."""
    name = field_id(question.path)
    return (
        f'<div class="wg-field wg-of-{question.kind}{_wide(question)}" data-box="{escape(question.path)}">'
        f'<label for="{name}">{escape(question.prompt)}{_need(question)}</label>'
        f"{_hint(question, name)}{_told(question.path, name)}{_error_slot(name)}"
        f'<div class="wg-input">{control}{_unit(question, name)}</div></div>'
    )


def _fieldset(question: Question, inside: str, extra: str = "") -> str:
    """Controls that belong together under a legend."""
    name = field_id(question.path)
    return (
        f'<fieldset id="{name}" class="wg-set wg-{question.kind}{_wide(question)}" '
        f'data-box="{escape(question.path)}" tabindex="-1"{_described(question, name)}{extra}>'
        f"<legend>{escape(question.prompt)}{_need(question)}</legend>"
        f"{_hint(question, name)}{_told(question.path, name)}{_error_slot(name)}{inside}</fieldset>"
    )


def _text(question: Question) -> str:
    return _field(question, f'<input type="text" {_common(question)} value="{_value(question)}">')


def _long(question: Question) -> str:
    rows = min(12, max(2, len(str(question.answer or "")) // 90 + 2))
    # The newline after the tag is eaten by the parser, so an answer that begins with one is kept.
    return _field(question, f'<textarea {_common(question)} rows="{rows}">\n{_value(question)}</textarea>')


def _number(question: Question) -> str:
    mode = "numeric" if question.kind == "integer" else "decimal"
    return _field(
        question,
        f'<input type="text" class="wg-number" inputmode="{mode}" autocomplete="off" '
        f'{_common(question)} value="{escape(figure(question.answer))}">',
    )


def _date(question: Question) -> str:
    given = question.answer.isoformat() if isinstance(question.answer, date) else question.answer or ""
    # The bound gives the year four digits and no more, so that typing one does not run on.
    return _field(
        question,
        f'<input type="date" max="9999-12-31" {_common(question)} value="{escape(str(given)[:10])}">',
    )


def _yesno(question: Question) -> str:
    said = {True: "true", False: "false"}.get(question.answer, str(question.answer or "").lower())
    said = {"yes": "true", "no": "false"}.get(said, said)
    return _fieldset(question, _radios(question, (Choice("true", "Yes"), Choice("false", "No")), said))


def _choice(question: Question) -> str:
    given = "" if question.answer is None else str(question.answer)
    offered = _with_held(question.choices, [given])
    if len(offered) <= _RADIOS_UP_TO:
        return _fieldset(question, _radios(question, offered, given) + _clear(question, given))
    options = "".join(_option(choice, choice.value == given) for choice in offered)
    return _field(question, f'<select {_common(question)}><option value="">Choose</option>{options}</select>')


def _option(choice: Choice, on: bool) -> str:
    return (
        f'<option value="{escape(choice.value)}"{" selected" if on else ""}>{escape(choice.label)}</option>'
    )


def _radios(question: Question, choices: tuple[Choice, ...], given: str) -> str:
    boxes = (_tick("radio", question, choice, n, choice.value == given) for n, choice in enumerate(choices))
    few = sum(len(c.label) for c in choices) <= _LINE and not any(c.hint for c in choices)
    return f'<div class="wg-ticks{" wg-abreast" if few else ""}">{"".join(boxes) or _NOTHING}</div>'


def _clear(question: Question, given: str) -> str:
    """Radios cannot be unticked, so a button does it, where the plan may hold no answer."""
    if question.required or not _may_be_empty(question.path):
        return ""
    about = f'<span class="wg-unseen">: {escape(question.prompt)}</span>'
    return (
        f'<button type="button" class="wg-quiet" data-action="clear" data-path="{escape(question.path)}"'
        f"{'' if given else ' hidden'}>Clear the answer{about}</button>"
    )


def _may_be_empty(path: str) -> bool:
    try:
        kind = edit.type_of(path)
        return get_origin(kind) is not Literal or "" in get_args(kind)
    except BadInput:
        return False


def _choices(question: Question) -> str:
    given = [str(v) for v in question.answer or []]
    offered = _with_held(question.choices, given)
    boxes = "".join(
        _tick("checkbox", question, choice, n, choice.value in given) for n, choice in enumerate(offered)
    )
    abreast = " wg-abreast" if all(len(c.label) <= _ABREAST and not c.hint for c in offered) else ""
    inside = f'<div class="wg-ticks{abreast}">{boxes or _NOTHING}</div>'
    if len(offered) > _BOXES_IN_SIGHT:
        chosen = f"{len(given) or 'none'} chosen"
        shown = f"Show all {len(offered)}: {chosen}"
        inside = f'<details data-key="ticks"><summary>{shown}</summary>{inside}</details>'
    return _fieldset(question, inside)


def _tick(kind: str, question: Question, choice: Choice, number: int, on: bool) -> str:
    name = f"{field_id(question.path)}-{number}"
    hint = f'<span class="wg-hint" id="{name}-h">{escape(choice.hint)}</span>' if choice.hint else ""
    described = f' aria-describedby="{name}-h"' if choice.hint else ""
    return (
        f'<div class="wg-tick"><input type="{kind}" id="{name}" name="{field_id(question.path)}" '
        f'data-path="{escape(question.path)}" data-kind="{question.kind}" value="{escape(choice.value)}"'
        f"{described}{' checked' if on else ''}>"
        f'<label for="{name}">{escape(choice.label)}</label>{hint}</div>'
    )


def _with_held(choices: tuple[Choice, ...], held: list[str]) -> tuple[Choice, ...]:
    """What the plan holds stays visible, even where it is no longer offered."""
    known = {c.value for c in choices}
    return choices + tuple(
        Choice(value, value, "No longer offered here.") for value in held if value and value not in known
    )


# --- several controls -----------------------------------------------------------


def _check(question: Question) -> str:
    """An item of a question bank: the answer, then what shows it, who answers for it and by when."""
    answer, *support = _check_parts(question)
    held = question.answer or {}
    named = [part.path.rsplit("/", 1)[1] for part in support]
    filled = sum(bool(held.get(name)) for name in named)
    about = f'<span class="wg-unseen"> for: {escape(question.prompt)}</span>'
    return _fieldset(
        question,
        f'{draw(answer)}{_notes(question)}<details class="wg-support" data-key="support">'
        f"<summary>{_SUPPORT[len(support)]}: {filled} of {len(support)} given{about}</summary>"
        f'<div class="wg-grid">{"".join(map(draw, support))}</div></details>',
    )


def _notes(question: Question) -> str:
    """What helps to answer, folded away in one place: what good looks like, the risk if it is skipped."""
    notes = [(label, text) for label, text in question.notes if text]
    if not notes:
        return ""
    notes += [("Source", question.source)] if question.source else []
    labels = "; ".join(
        label if n == 0 else label[:1].lower() + label[1:] for n, (label, _) in enumerate(notes)
    )
    about = f'<span class="wg-unseen">, for: {escape(question.prompt)}</span>'
    told = "".join(f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>" for label, text in notes)
    return (
        f'<details class="wg-notes" data-key="notes"><summary>{escape(labels)}{about}</summary>'
        f"<dl>{told}</dl></details>"
    )


def _check_parts(question: Question) -> tuple[Question, ...]:
    held = question.answer if isinstance(question.answer, dict) else {}

    def part(name: str, prompt: str, kind: Any, **more: Any) -> Question:
        return Question(f"{question.path}/{name}", prompt, kind, held.get(name), **more)

    return (
        part("answer", "Answer", "choice" if question.choices else "long", choices=question.choices),
        part("evidence", "Evidence", "long", help="What shows it: a document, a figure, a meeting."),
        part("owner", "Owner", "text", help="A role, not a name."),
        part("due", "Due", "date"),
        *(
            [part("priority", "Priority it speaks to", "choice", choices=question.links)]
            if question.links
            else []
        ),
    )


_SUPPORT = {3: "Evidence, owner and due date", 4: "Evidence, owner, due date and priority"}


def _group(question: Question) -> str:
    return _fieldset(question, "".join(_grid(item, question) for item in question.items))


def _rows(question: Question) -> str:
    """A list: every row folds away under its label, and can be removed; a button adds one."""
    thing = question.item_name or "entry"
    in_lines = any(map(_is_line, question.items))
    folds = later.folds(question) and not in_lines
    parts = later.parts(question, in_lines)
    rows = "".join(_part(question, part, thing, folds, alone=len(parts) == 1) for part in parts)
    empty = "" if question.items else f'<p class="wg-empty">There is no {escape(thing)} yet.</p>'
    path = escape(question.path)
    return _fieldset(
        question,
        f'{empty}<div class="wg-list">{rows}</div><button type="button" data-action="add" '
        f'id="{field_id(question.path)}-add" data-path="{path}">'
        f"Add {_article(thing)} {escape(thing)}</button>"
        f"{sheets.controls(question.path, question.prompt, field_id(question.path))}",
    )


def _part(question: Question, part: range, thing: str, folds: bool, alone: bool) -> str:
    """The entries of a list, or of a very long one those that are opened together."""
    place = later.part_of(question.path, part.start)
    if alone or not later.is_closed(place):
        rows = "".join(_row(question, question.items[n], n, thing, folds) for n in part)
        return rows if alone else _opened_part(question, part, thing, rows)
    between = f' data-key="part-{part.start}" data-from="{part.start}" data-to="{part.stop}"'
    first, last = (question.items[n].label for n in (part.start, part.stop - 1))
    told = f"From “{first}” to “{last}”." if first and last else ""
    return later.closed(
        place, _part_name(part, thing), told, f"{field_id(question.path)}-", attributes=between
    )


def _opened_part(question: Question, part: range, thing: str, rows: str) -> str:
    return (
        f'<details class="wg-row" data-key="part-{part.start}"><summary>{escape(_part_name(part, thing))}</summary>'
        f"{rows}</details>"
    )


def _part_name(part: range, thing: str) -> str:
    return f"{thing[:1].upper()}{thing[1:]} {part.start + 1} to {part.stop}"


def _row(question: Question, item: Item, number: int, thing: str, folds: bool) -> str:
    path = escape(question.path)
    label = item.label or f"{thing} {number + 1}"
    key = f' data-key="row-{number}" data-row="{path}"'
    place = f"{question.path}/{number}"
    if folds and later.is_closed(place):
        return later.closed(place, label, later.gist(item), f"{field_id(place)}-", key, _told_below(place))
    remove = (
        f'<button type="button" class="wg-quiet" data-action="remove" data-path="{path}" '
        f'data-index="{number}">Remove'
        f'<span class="wg-unseen"> {escape(thing)} {escape(label)}</span></button>'
    )
    if _is_line(item):
        fields = "".join(draw(_without_repeats(q, question)) for q in item.questions)
        return f'<div class="wg-line"{key}>{_told(place, field_id(place))}{fields}{remove}</div>'
    return (
        f'<details class="wg-row"{key}><summary>{escape(label)}{_told_below(place)}</summary>'
        f"{_told(place, field_id(place))}{_grid(item, question)}{remove}</details>"
    )


def _is_line(item: Item) -> bool:
    """Whether a row is short enough to stand in one line, unfolded."""
    return len(item.questions) <= _IN_A_LINE and all(q.kind in _SHORT for q in item.questions)


def _without_repeats(inner: Question, outer: Question) -> Question:
    """A question of a row without what its list has said already."""
    return replace(
        inner,
        help="" if inner.help == outer.help else inner.help,
        source="" if inner.source == outer.source else inner.source,
    )


def _grid(item: Item, outer: Question) -> str:
    fields = "".join(draw(_without_repeats(q, outer)) for q in item.questions)
    return f'<div class="wg-grid">{fields}</div>'


# --- parts of a control ---------------------------------------------------------


def _common(question: Question) -> str:
    name = field_id(question.path)
    required = ' aria-required="true"' if question.required else ""
    return (
        f'id="{name}" data-path="{escape(question.path)}" data-kind="{question.kind}"'
        f"{_described(question, name)}{required}"
    )


def _described(question: Question, name: str) -> str:
    parts = [f"{name}-h"] if _hint_text(question) else []
    parts += [f"{name}-u"] if question.unit and question.kind in ("text", "number", "integer") else []
    parts += [f"{name}-f"] if question.path in TOLD.get() else []
    return f' aria-describedby="{" ".join([*parts, f"{name}-e"])}"'


def _hint_text(question: Question) -> str:
    example = f"For example: {question.example}" if question.example else ""
    beside = question.kind == "check" and any(
        text for _, text in question.notes
    )  # its source stands with its notes
    source = f"Source: {question.source}." if question.source and not beside else ""
    return " ".join(escape(part) for part in (question.help, example) if part) + (
        f' <span class="wg-source">{escape(source)}</span>' if source else ""
    )


def _hint(question: Question, name: str) -> str:
    text = _hint_text(question)
    return f'<div class="wg-hint" id="{name}-h">{text}</div>' if text else ""


def _told(path: str, name: str) -> str:
    """What the workbook finds at this place, said beside its question."""
    found = TOLD.get().get(path, [])
    said = "".join(
        f'<p class="wg-found-{f.severity}"><strong>{SEVERITIES[f.severity]}:</strong> '
        f"{escape(f.sentence)} {escape(f.remedy)}</p>"
        for f in found
    )
    return f'<div class="wg-found" id="{name}-f">{said}</div>' if said else ""


def _told_below(place: str) -> str:
    """How many findings an entry of a list holds, for the line by which it is known while it is closed."""
    below = [
        f for at, found in TOLD.get().items() if at == place or at.startswith(f"{place}/") for f in found
    ]
    counts = [(sum(f.severity == s for f in below), SEVERITIES[s]) for s in ("blocks", "doubt")]
    said = "; ".join(f"{n} {words[:1].lower()}{words[1:]}" for n, words in counts if n)
    mark = "blocked" if counts[0][0] else "doubt"
    return f' <span class="wg-state wg-is-{mark}">{escape(said)}</span>' if said else ""


def _error_slot(name: str) -> str:
    return f'<p class="wg-error" id="{name}-e" hidden></p>'


def _unit(question: Question, name: str) -> str:
    shown = question.unit and question.kind in ("text", "number", "integer")
    return f'<span class="wg-unit" id="{name}-u">{escape(question.unit)}</span>' if shown else ""


def _need(question: Question) -> str:
    return ' <span class="wg-need">(required)</span>' if question.required else ""


def _wide(question: Question) -> str:
    return " wg-wide" if question.kind in _WIDE else ""


def _value(question: Question) -> str:
    return escape("" if question.answer is None else str(question.answer))


def figure(value: Any) -> str:
    """A number as it stands in a field: no trailing noughts, thousands marked from 10,000 on."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return f"{value:,}" if abs(value) >= 10_000 else str(value)


def _article(word: str) -> str:
    return "an" if word[:1].lower() in set("aeio") else "a"


_DRAWERS: dict[str, Callable[[Question], str]] = {
    "text": _text,
    "long": _long,
    "number": _number,
    "integer": _number,
    "yesno": _yesno,
    "choice": _choice,
    "choices": _choices,
    "date": _date,
    "check": _check,
    "group": _group,
    "rows": _rows,
}

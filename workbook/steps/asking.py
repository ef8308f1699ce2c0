"""Questions drawn from the plan's own description and from the question banks.

A question's label, hint, unit and kind come from the field it fills in
(``plan/sections.py``) or from the bank item it answers (``data/questions.csv``),
so nobody writes a form by hand.
"""

from __future__ import annotations

import typing
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from workbook.blocks import Block, Choice, Heading, Item, Question, QuestionKind, Words
from workbook.plan import Plan, edit
from workbook.plan.sections import SHORT, Answer
from workbook.reference import Framework, FrameworkItem, Reference
from workbook.reference.questions import LOCAL
from workbook.steps import ladder
from workbook.steps.kept import once
from workbook.words import day

_LABELS = {
    "do-nothing": "Do nothing: where the figures are heading",
    "hold": "Hold the baseline",
    "peer-median": "Reach the median of the peers",
    "best-quintile": "Reach the best fifth",
    "pledge": "A pledge: a fixed change every year",
    "own": "Levels of our own",
    "section-75": "Section 75: pooled",
    "in-collaboration": "In collaboration",
}

_OF_ODR_11 = {"determinants": "determinants", "action_levels": "levels for action", "focus": "units of focus"}

# What one entry of a list is called, by the list's title in small letters.
_ENTRIES = {
    "assumptions changed": "change",
    "citizens' own outcomes": "outcome",
    "cost of an event": "cost",
    "find peers by": "figure",
    "groups the figures cannot see": "group",
    "how we will get there": "means",
    "income": "income",
    "levels by year": "level",
    "levels of risk": "level",
    "rungs of our own": "rung",
    "criteria of our own": "criterion",
    "bands": "band",
    "block and fixed-income contracts": "contract",
    "costs that fall on others": "cost",
    "effects": "effect",
    "local interventions": "intervention",
    "quality impact": "area",
    "shares of risk and gain": "partner",
    "who fills the pool": "partner",
    "partners bound": "partner",
    "priorities": "priority",
    "questions to those who read it": "question",
    "scores": "response",
    "services considered": "service",
    "share in effect, year by year from the start": "year",
    "what people said": "voice",
    "what we want": "want",
    "where the need goes": "destination",
}

_ANSWERS = {
    "yes-partly-no": (("yes", "Yes"), ("partly", "Partly"), ("no", "No")),
    "score-5": tuple((str(n), str(n)) for n in range(1, 6)),
    "score-10": tuple((str(n), str(n)) for n in range(1, 11)),
    "level-4": tuple((str(n), str(n)) for n in range(1, 5)),
}

_CHOICES = {kind: tuple(Choice(v, label) for v, label in answers) for kind, answers in _ANSWERS.items()}


def ask(
    plan: Plan, reference: Reference, pointer: str, *, prompt: str = "", detail: bool = False
) -> Question:
    """The question for one place of the plan, with everything that stands below it.

    ``detail``: a table of the step shows the answers too, so a document prints them in its annex.
    """
    form = _form(edit.general(pointer))
    made = _Desk(plan, reference).ask(form, pointer, edit.get(plan, pointer))
    return replace(made, prompt=prompt or made.prompt, detail=detail)


def named(reference: Reference, id: str) -> str:
    """The document that asks, with the id of its list: an id alone tells a reader nothing."""
    return f"{reference.framework(id).source}; {id}" if id else ""


def bank(
    plan: Plan,
    framework: Framework,
    base: str,
    links: tuple[Choice, ...] = (),
    only: str = "",
    *,
    detail: bool = False,
) -> list[Question]:
    """One check for each item of a question bank, answered under the pointer ``base``.

    ``links``: the entries of the plan that an answer may be tied to, see :func:`priorities`.
    ``only``: the items of one group of the framework. ``detail``: as in :func:`ask`.
    """
    items = [i for i in framework.items if not only or i.group == only]
    given = edit.get(plan, base)
    return [_check(given.get(item.id), framework, item, f"{base}/{item.id}", links, detail) for item in items]


def one(
    plan: Plan, framework: Framework, id: str, base: str, links: tuple[Choice, ...] = ()
) -> list[Question]:
    """The check of one item of a question bank, where the others stand elsewhere on the page."""
    given = edit.get(plan, base).get(id)
    return [
        _check(given, framework, item, f"{base}/{item.id}", links)
        for item in framework.items
        if item.id == id
    ]


def local(plan: Plan, reference: Reference, step: str) -> list[Block]:
    """The question banks of the person's own that name this step, each under its title; nothing where there is none.

    Banks of the decommissioning checks are asked of each service instead (``decommissioning/banks.py``).
    """
    banks = reference.local_banks(step)
    blocks: list[Block] = [Heading("Questions of your own", "own-questions")] if banks else []
    for own in banks:
        blocks += [Heading(own.title, f"bank-{own.id.lower()}", 3), about(own)]
        blocks += grouped(plan, own, f"/{step}/answers", priorities(plan))
    return blocks


def grouped(plan: Plan, framework: Framework, base: str, links: tuple[Choice, ...] = ()) -> list[Block]:
    """The checks of a bank with the heading of each group before its first question."""
    blocks: list[Block] = []
    group = ""
    for item, question in zip(framework.items, bank(plan, framework, base, links), strict=True):
        if item.group and item.group != group:
            blocks.append(Words((item.group,), "lead"))
        group = item.group
        blocks.append(question)
    return blocks


def priorities(plan: Plan) -> tuple[Choice, ...]:
    """The plan's priorities, as something an answer may be tied to."""
    return tuple(Choice(p.id, p.title or p.id) for p in plan.needs.priorities)


def about(*frameworks: Framework) -> Words:
    """Where a question bank comes from, and what has become of it: an old rule must not look like one that binds."""
    return Words(tuple(_about(f) for f in frameworks), "note")


def _about(framework: Framework) -> str:
    if framework.id.startswith(LOCAL):
        return f"{framework.title} ({framework.id}): questions of your own. Source: {framework.source}."
    said = f"{framework.title} ({framework.id}; source of {framework.source_year}; {framework.status})."
    today = f" Today: {framework.today}" if framework.today else ""
    return f"{said}{today} Checked {day(date.fromisoformat(framework.checked_on))}."


def _check(
    given: Answer | None,
    framework: Framework,
    item: FrameworkItem,
    pointer: str,
    links: tuple[Choice, ...],
    detail: bool = False,
) -> Question:
    return Question(
        path=pointer,
        prompt=item.label,
        kind="check",
        answer=given.model_dump(mode="json") if given else None,
        help=item.help,
        source=f"{framework.source}; {item.id}",
        choices=_CHOICES.get(framework.answer_kind, ()),
        links=links,
        notes=_notes(item),
        detail=detail,
    )


def _notes(item: FrameworkItem) -> tuple[tuple[str, str], ...]:
    notes = (
        ("What good looks like", item.good),
        ("The risk if it is skipped", item.risk),
        ("When time is short", item.short_of_time),
    )
    return tuple((label, words) for label, words in notes if words)


def answered(question: Question) -> bool:
    """Whether a question has an answer; a group or a list has one where any of its questions has."""
    if question.kind in ("group", "rows"):
        return any(answered(q) for item in question.items for q in item.questions)
    if question.kind == "check":
        return bool(question.answer and question.answer.get("answer"))
    if question.kind == "yesno":
        return question.answer is not None
    return question.answer not in (None, "", [])


def open_required(question: Question) -> list[tuple[str, Question]]:
    """The needed questions that have no answer yet, each with the label of the entry it stands in."""
    return _open(question, "")


def _open(question: Question, label: str) -> list[tuple[str, Question]]:
    missing = [(label, question)] if question.required and not answered(question) else []
    for item in question.items:
        for inner in item.questions:
            missing += _open(inner, item.label or label)
    return missing


def checks(question: Question) -> list[Question]:
    """The questions of checklists among a question and all that stand below it."""
    below = [check for item in question.items for inner in item.questions for check in checks(inner)]
    return [question, *below] if question.kind == "check" else below


# --- kinds --------------------------------------------------------------------


@dataclass(frozen=True)
class _Form:
    """What is asked at a place of any plan: all that does not hang on the plan itself."""

    place: str
    prompt: str
    help: str
    source: str
    unit: str
    required: bool
    kind: QuestionKind
    choices: tuple[Choice, ...]
    refers: str
    fields: tuple[str, ...]  # of a group, or of one entry of a list
    item_name: str


@lru_cache(maxsize=4096)
def _form(place: str) -> _Form:
    """The form of a place as ``edit.general`` names it: a plan of two hundred schemes has it two hundred times."""
    info, type_ = edit.field_of(place), edit.type_of(place)
    extra = typing.cast(dict[str, Any], info.json_schema_extra or {})
    refers = extra.get("refers", "")
    kind, choices = _kind(place, type_, refers)
    inner = edit.bare(typing.get_args(type_)[0]) if kind == "rows" else type_
    return _Form(
        place=place,
        prompt=info.title or "",
        help=info.description or "",
        source=extra.get("source", ""),
        unit=extra.get("unit", ""),
        required=bool(extra.get("needed", False)),
        kind=kind,
        choices=choices,
        refers=refers,
        fields=_shown(inner) if kind in ("rows", "group") else (),
        item_name=_item_name(place, kind),
    )


Below = tuple[tuple[str, _Form], ...]


@lru_cache(maxsize=1024)
def _below(place: str, fields: tuple[str, ...]) -> Below:
    """The forms of the fields of a group, or of one entry of a list, at a place."""
    return tuple((name, _form(f"{place}/{name}")) for name in fields)


def _kind(place: str, kind: Any, refers: str) -> tuple[QuestionKind, tuple[Choice, ...]]:
    listed = typing.get_origin(kind) is list
    if refers:
        # Also where there is nothing to choose from yet: a name typed freely would point to nothing.
        return ("choices" if listed else "choice"), ()
    if listed:
        return "rows", ()
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return "group", ()
    if typing.get_origin(kind) is typing.Literal:
        # No answer is not one of the answers.
        return "choice", tuple(Choice(v, _label(v)) for v in typing.get_args(kind) if v != "")
    for python, name in ((bool, "yesno"), (int, "integer"), (float, "number"), (date, "date")):
        if kind is python:
            return typing.cast(QuestionKind, name), ()
    return ("long" if _long(place) else "text"), ()


def _long(pointer: str) -> bool:
    limits = [getattr(m, "max_length", 0) or 0 for m in edit.field_of(pointer).metadata]
    return max(limits, default=0) > SHORT


def _label(value: str) -> str:
    return _LABELS.get(value, value.replace("-", " ").capitalize())


def _referred(what: str, plan: Plan, reference: Reference) -> tuple[Choice, ...]:
    """The entries of the plan, or of the reference, that a field may point to."""
    named: dict[str, Sequence[Any]] = {
        "priorities": plan.needs.priorities,
        "segments": plan.needs.segments,
        "lines": plan.budget.lines,
        "services": plan.decommissioning.services,
        "schemes": plan.budget.schemes,
    }
    if what in named:
        return tuple(
            Choice(e.id, getattr(e, "title", "") or getattr(e, "name", "") or e.id) for e in named[what]
        )
    if what == "indicators":
        held = [reference.indicator(i) for i in reference.available(plan.area.code)]
        return tuple(Choice(i.id, i.name) for i in held)
    if what == "ambitions":
        return tuple(Choice(i.id.split(".")[1], i.label) for i in reference.framework("CFO-02").items)
    if what == "known_indicators":
        known = [reference.indicator(i) for i in reference.available()]
        return tuple(Choice(i.id, i.name) for i in known)
    if what in _OF_ODR_11:
        items = reference.framework("ODR-11").items
        return tuple(Choice(i.id, i.label) for i in items if i.group == _OF_ODR_11[what])
    if what == "equality_groups":
        return tuple(Choice(g.id, g.label) for g in reference.equality_groups())
    if what == "scope_options":
        return tuple(Choice(r.id, r.label) for r in ladder.rungs(plan, reference))
    if what == "ladder":
        return tuple(Choice(i.id, i.label) for i in ladder.shipped_rungs(reference))
    if what == "ladder_criteria":
        return tuple(Choice(i.id, i.label) for i in ladder.shipped_criteria(reference))
    if what == "valued":
        return tuple(Choice(*option) for option in _valued(plan))
    if what == "interventions":
        own = {i.id: Choice(i.id, f"{i.name} (local)") for i in plan.budget.interventions}
        return tuple(({i.id: Choice(i.id, i.name) for i in reference.interventions()} | own).values())
    if what == "assumptions":
        return tuple(dict.fromkeys(Choice(a.id, a.label) for a in reference.assumptions()))
    return ()


def _valued(plan: Plan) -> list[tuple[str, str]]:
    """What benefit can be scored: schemes, services and budget lines, told apart by their kind."""
    kinds = (
        ("scheme", plan.budget.schemes),
        ("service", plan.decommissioning.services),
        ("line", plan.budget.lines),
    )
    return [(f"{kind}:{e.id}", f"{e.name or e.id} ({kind})") for kind, entries in kinds for e in entries]


# --- what stands below a question -----------------------------------------------


class _Desk:
    """Asks the questions of one plan; what a field may point to is looked up once for all entries."""

    def __init__(self, plan: Plan, reference: Reference) -> None:
        self.plan, self.reference = plan, reference
        self._choices: dict[str, tuple[Choice, ...]] = {}
        self._sources: dict[str, str] = {"": ""}

    def ask(self, form: _Form, pointer: str, answer: Any, prompt: str = "") -> Question:
        """The question for a place that holds ``answer`` now."""
        return Question(
            path=pointer,
            prompt=prompt or form.prompt or pointer,
            kind=form.kind,
            answer=_answer(form.kind, answer),
            help=form.help,
            source=self.source(form.source),
            unit=form.unit,
            choices=self.choices(form.refers) if form.refers else form.choices,
            required=form.required,
            items=self.items(form, pointer, answer) if form.kind in ("group", "rows") else (),
            item_name=form.item_name,
        )

    def source(self, id: str) -> str:
        if id not in self._sources:
            self._sources[id] = named(self.reference, id)
        return self._sources[id]

    def choices(self, refers: str) -> tuple[Choice, ...]:
        if refers not in self._choices:
            self._choices[refers] = once(
                self.plan,
                self.reference,
                ("choices", refers),
                lambda: _referred(refers, self.plan, self.reference),
            )
        return self._choices[refers]

    def items(self, form: _Form, pointer: str, answer: Any) -> tuple[Item, ...]:
        if form.kind == "group":
            return (Item(form.prompt, self.fields(_below(form.place, form.fields), pointer, answer)),)
        below = _below(f"{form.place}/0", form.fields)
        return tuple(
            self.row(form, below, f"{pointer}/{n}", n, entry) for n, entry in enumerate(answer or [])
        )

    def row(self, form: _Form, below: Below, pointer: str, index: int, entry: Any) -> Item:
        if not isinstance(entry, BaseModel):
            number = f"Year {index + 1}" if form.place.endswith("/ramp") else str(index + 1)
            return Item(number, (self.ask(_form(f"{form.place}/0"), pointer, entry, number),))
        questions = self.fields(below, pointer, entry)
        return Item(
            _scored_label(questions) or _pointed_label(questions) or _row_label(entry, index), questions
        )

    def fields(self, below: Below, pointer: str, entry: Any) -> tuple[Question, ...]:
        """One question for each field that a person fills in; answers to banks are asked by their step."""
        return tuple(
            self.ask(form, f"{pointer}/{name}", None if entry is None else getattr(entry, name))
            for name, form in below
        )


_POINTING = ("id", "group", "indicator")


def _scored_label(questions: tuple[Question, ...]) -> str:
    """Of a score, what was scored and by whom: "Lung checks: Director of finance"; "" of anything else."""
    held = {q.path.rpartition("/")[2]: q for q in questions}
    if not {"respondent", "option"} <= held.keys():
        return ""
    option = held["option"]
    named = next((c.label for c in option.choices if c.value == option.answer), str(option.answer or ""))
    return ": ".join(words for words in (named, str(held["respondent"].answer or "")) if words)


def _pointed_label(questions: tuple[Question, ...]) -> str:
    """The name of what an entry is about by its id, as the choices give it."""
    for question in questions:
        if question.kind == "choice" and question.path.rpartition("/")[2] in _POINTING:
            return next((c.label for c in question.choices if c.value == question.answer), "")
    return ""


_NAMING = ("title", "name", "partner", "respondent", "outcome", "level", "who", "what", "group", "id")


def _row_label(entry: BaseModel, index: int) -> str:
    for name in _naming(type(entry)):
        if (text := getattr(entry, name)) and isinstance(text, str):
            return str(text)
    year = getattr(entry, "year", None)
    return str(year) if year else f"Entry {index + 1}"


@lru_cache(maxsize=256)
def _naming(model: type[BaseModel]) -> tuple[str, ...]:
    """The fields by which an entry of this kind may be called, the best first; an id where there is no other."""
    found = tuple(name for name in _NAMING if name in model.model_fields)
    return found if found == ("id",) else tuple(name for name in found if name != "id")


def _shown(model: Any) -> tuple[str, ...]:
    """The fields of an entry that a person fills in here."""
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return ()
    return tuple(
        name
        for name, info in model.model_fields.items()
        if not _own_id(name, info)
        and typing.get_origin(edit.bare(info.annotation)) is not dict
        and name != "baseline"
    )


def _own_id(name: str, info: FieldInfo) -> bool:
    """The short name of an entry, which is made for it; an id that points elsewhere is asked."""
    extra = typing.cast(dict[str, Any], info.json_schema_extra or {})
    return name == "id" and "refers" not in extra


def _item_name(pointer: str, kind: str) -> str:
    """What one entry of a list is called: by its title without the plural, where that makes a word."""
    if kind != "rows":
        return ""
    title = (edit.field_of(pointer).title or "entry").lower()
    return _ENTRIES.get(title, title.removesuffix("s"))


def _answer(kind: str, value: Any) -> Any:
    """What the plan holds, as the form needs it: the choices of a list are always text."""
    if kind in ("group", "rows"):
        return None
    return [str(v) for v in value] if kind == "choices" else _plain(value)


_AS_THEY_ARE = (str, float, int, bool, type(None))


def _plain(value: Any) -> Any:
    if type(value) in _AS_THEY_ARE:  # asked of every cell: the cheap question comes first
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return value

"""How a question reads once it is answered: words and tables, never an input.

Plain answers become facts (a label and its words), a list whose entries are
short and alike becomes a table, other lists one group of facts an entry.
Questions without an answer are named together in one sentence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from workbook import words
from workbook.blocks import Block, Cell, Column, Figure, Finding, Heading, Item, Question, Table, Tree, Words
from workbook.render.text import clean, iso_day, paragraphs, slug

UNANSWERED = "Not answered yet"
_BLANK = "not given"

# A list is a table while its columns fit a page: so many of them, so many characters in one
# cell, and so many in the longest cells of a row together.
_MOST_COLUMNS = 8
_LONGEST_CELL = 130
_WIDEST_ROW = 300


@dataclass(frozen=True)
class Fact:
    """One answered question: its label and the answer's paragraphs."""

    label: str
    paragraphs: tuple[str, ...]

    @property
    def short(self) -> bool:
        """Whether label and answer fit half a line."""
        return len(self.paragraphs) == 1 and len(self.paragraphs[0]) <= 42 and len(self.label) <= 42


@dataclass(frozen=True)
class Answers:
    """Facts that belong together, under a title where they have one, with groups below them."""

    title: str = ""
    facts: tuple[Fact, ...] = ()
    groups: tuple[Answers, ...] = ()
    source: str = ""


Shown = Heading | Words | Table | Figure | Tree | Finding | Answers


def shown(blocks: Iterable[Block], section: str = "") -> list[Shown]:
    """The blocks as a reader meets them: every run of questions turned into answers.

    ``section``: the title they stand under, which answers of the same name do not say again.
    """
    made: list[Shown] = []
    for is_question, run in groupby(blocks, key=lambda b: isinstance(b, Question)):
        if is_question:
            made += _run([b for b in run if isinstance(b, Question)], section)
            continue
        for block in run:
            assert not isinstance(block, Question)
            section = block.text if isinstance(block, Heading) else section
            made.append(block)
    return made


def _run(questions: list[Question], section: str) -> Iterator[Shown]:
    """Neighbouring questions: their answers in order, then the names of those left open."""
    answered = [q for q in questions if has_answer(q)]
    for kind, alike in groupby(answered, key=_manner):
        yield from _MANNERS[kind](list(alike), section)
    left = tuple(_open(questions))
    if left:
        yield Words((_left_open(left),), "note")


def _left_open(prompts: tuple[str, ...]) -> str:
    """ "Not answered yet: Vision, Reason and Owner." Long prompts are set apart by semicolons."""
    plain = [p.rstrip(" .:") for p in prompts]
    if any("," in p or " and " in p or "?" in p or len(p) > 40 for p in plain):
        said = "; ".join(plain).replace("?;", "?")
        return f"{UNANSWERED}: {said}" if said.endswith("?") else f"{UNANSWERED}: {said}."
    return f"{UNANSWERED}: {words.listed(plain)}."


def _manner(question: Question) -> str:
    return question.kind if question.kind in ("check", "group", "rows") else "plain"


# --- what counts as answered ---------------------------------------------------


def has_answer(question: Question) -> bool:
    """Whether anything was answered, in the question itself or in one below it."""
    if question.kind in ("group", "rows"):
        return any(has_answer(q) for item in question.items for q in item.questions)
    if question.kind == "check":
        return bool(check_parts(question))
    return not _empty(question.answer)


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, (str, list, tuple, dict)) and not _held(value))


def _held(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else len(value) > 0


def _open(questions: Iterable[Question]) -> Iterator[str]:
    """Prompts without an answer that a complete plan needs: checks, and what is marked as needed."""
    for question in questions:
        if not has_answer(question):
            if question.required or question.kind == "check":
                yield clean(question.prompt)
        elif question.kind in ("group", "rows"):
            for prompt, labels in _needed(question).items():
                yield f"{prompt} ({', '.join(labels)})"


def _needed(question: Question) -> dict[str, list[str]]:
    """Needed answers that entries of a list lack: the prompt, and the entries without it."""
    lacking: dict[str, list[str]] = {}
    for item in question.items:
        if any(has_answer(q) for q in item.questions):
            for below in item.questions:
                if below.required and not has_answer(below):
                    lacking.setdefault(clean(below.prompt), []).append(clean(item.label or question.prompt))
    return lacking


# --- the answers themselves ------------------------------------------------------


def said(question: Question) -> Cell:
    """The answer as a cell: a number stays a number, everything else is words; None where open."""
    if not has_answer(question):
        return None
    answer = question.answer
    if question.kind in ("group", "rows"):
        return "; ".join(_inline(item) for item in question.items if _inline(item))
    if question.kind == "check":
        return "; ".join(f"{label}: {text}" for label, text in check_parts(question))
    if question.kind == "yesno":
        return (
            {True: "Yes", False: "No"}.get(answer, clean(answer))
            if isinstance(answer, bool)
            else _label(question, answer)
        )
    if isinstance(answer, (int, float)) and not isinstance(answer, bool):
        return _figure(question, answer)
    if isinstance(answer, (list, tuple)):
        return words.listed(_label(question, a) for a in answer)
    return iso_day(str(answer)) if question.kind == "date" else _label(question, answer)


def _figure(question: Question, value: int | float) -> Cell:
    """A number; a financial year as "2025/26", a calendar year without a comma."""
    if (
        not question.unit
        and value == int(value)
        and 1900 <= value <= 2200
        and "year" in question.prompt.lower()
    ):
        financial = "financial" in question.prompt.lower()
        return words.financial_year(int(value)) if financial else str(int(value))
    return value


def _label(question: Question, value: Any) -> str:
    """The label of a choice; anything else as it was typed."""
    return next((clean(c.label) for c in question.choices if c.value == value), clean(value))


def _text(question: Question) -> str:
    """The answer in words, a figure with its unit."""
    value = said(question)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return words.number(value, unit=question.unit)
    return str(value or "")


def _inline(item: Item) -> str:
    """One entry of a nested list in a few words: "2026/27: £120k"."""
    texts = [(clean(q.prompt), _text(q)) for q in item.questions if has_answer(q)]
    rest = [(p, t) for p, t in texts if t != item.label]
    values = rest[0][1] if len(rest) == 1 else ", ".join(f"{p.lower()} {t}" for p, t in rest)
    return ": ".join(part for part in (clean(item.label), values) if part)


_CHECK = (
    ("answer", "Answer"),
    ("evidence", "Evidence"),
    ("owner", "Owner"),
    ("due", "Due"),
    ("priority", "Priority"),
)


def check_parts(question: Question) -> list[tuple[str, str]]:
    """The parts of a check that were filled in: answer, evidence, owner, due, priority."""
    answer = question.answer
    held = answer if isinstance(answer, dict) else {"answer": answer}
    parts = [(label, held.get(name)) for name, label in _CHECK]
    return [(label, _check_text(question, label, v)) for label, v in parts if not _empty(v)]


def _check_text(question: Question, label: str, value: Any) -> str:
    if label == "Answer":
        return _label(question, value)
    if label == "Priority":
        return clean(next((c.label for c in question.links if c.value == value), value))
    return iso_day(str(value)) if label == "Due" else clean(value)


def _fact(question: Question) -> Fact:
    return Fact(clean(question.prompt), paragraphs(_text(question)))


# --- the shapes --------------------------------------------------------------------


def _plain(questions: list[Question], section: str) -> Iterator[Shown]:
    yield Answers("", tuple(_fact(q) for q in questions), source=_sources(questions))


def _groups(questions: list[Question], section: str) -> Iterator[Shown]:
    if len(questions) > 2 and len({_below_prompts(q) for q in questions}) == 1:
        table = _alike_table(questions, section)
        if table:
            yield table
            return
    for question in questions:
        facts = [_fact(q) for item in question.items for q in item.questions if has_answer(q)]
        yield Answers(clean(question.prompt), tuple(facts), source=clean(question.source))


def _rows(questions: list[Question], section: str) -> Iterator[Shown]:
    for question in questions:
        if all(len(item.questions) == 1 for item in question.items):
            yield from _as_list(question, section)
        elif all(_alike_groups(item) for item in question.items):
            yield from _as_tables(question)
        else:
            yield _as_table(question) or _as_groups(question, section)


def _checks(questions: list[Question], section: str) -> Iterator[Shown]:
    rows = [{"Question": clean(q.prompt), **dict(check_parts(q))} for q in questions]
    longest = max(len(text) for row in rows for text in row.values())
    if len(rows) == 1 or longest > 3 * _LONGEST_CELL:
        groups = [_check_group(q) for q in questions]
        yield Answers(groups=tuple(groups), source=_sources(questions))
        return
    names = ["Question"] + [label for _, label in _CHECK if any(label in row for row in rows)]
    said = _said_once(rows, names)
    for name, usual in said.items():
        if all(row[name] == usual for row in rows):
            names.remove(name)
        else:
            rows = [row | {name: _SEE_NOTE if row[name] == usual else row[name]} for row in rows]
    yield Table(
        id=f"{slug(section or questions[0].path)}-answers",
        title=f"{section}: answers" if section else "Answers",
        columns=tuple(Column(slug(n), n) for n in names),
        rows=tuple(tuple(row.get(n) for n in names) for row in rows),
        source=_sources(questions),
        note=_usual_note(said, names),
        missing=_BLANK,
    )


_SEE_NOTE = "see note"


def _said_once(rows: list[dict[str, str]], names: list[str]) -> dict[str, str]:
    """Owner and date that most answers share, where each has one: said below the table instead of in each row.

    Of a short table with dates the owners stay, as who goes with when.
    """
    found: dict[str, str] = {}
    for name in ("Owner", "Due"):
        held = Counter(row.get(name, "") for row in rows)
        usual, count = held.most_common(1)[0]
        if name not in names or "" in held:
            continue
        alone = count == len(rows) and "Due" not in names
        if alone or 5 < len(rows) < 2 * count:
            found[name] = usual
    return found


def _usual_note(said: dict[str, str], names: list[str]) -> str:
    """ "Owner of every answer: the director of nursing." and what an empty cell stands for."""
    every = [f"{name} of every answer: {usual}." for name, usual in said.items() if name not in names]
    most = [f"{name}, where this note is named: {usual}." for name, usual in said.items() if name in names]
    return " ".join([*every, *most])


def _check_group(question: Question) -> Answers:
    facts = tuple(Fact(label, paragraphs(text)) for label, text in check_parts(question))
    return Answers(clean(question.prompt), facts)


_MANNERS = {"plain": _plain, "group": _groups, "rows": _rows, "check": _checks}


def _alike_table(questions: list[Question], section: str) -> Table | None:
    """Neighbouring groups of the same questions as one table; those answered in the same words share a row.

    None where an answer is too long for a cell of it.
    """
    fields = list(zip(*([q for i in g.items for q in i.questions] for g in questions), strict=True))
    kept = [f for f in fields if any(has_answer(q) for q in f)]
    alike: dict[tuple[Cell, ...], list[str]] = {}
    for group, cells in zip(questions, zip(*(_cells(f) for f in kept), strict=True), strict=True):
        alike.setdefault(cells, []).append(clean(group.prompt))
    rows = [("; ".join(names), *cells) for cells, names in alike.items()]
    if max(len(str(cell or "")) for row in rows for cell in row[1:]) > 3 * _LONGEST_CELL:
        return None
    return Table(
        f"{slug(section or questions[0].path)}-groups",
        f"{section}: answers" if section else "Answers",
        (Column("group", "Group"), *(_column(f) for f in kept)),
        tuple(rows),
        "; ".join(dict.fromkeys(_document(q.source) for q in questions if q.source)),
        f"{words.plural(len(questions), 'group')} with an answer{_SHARED if len(rows) < len(questions) else ''}.",
        missing="-",
    )


_SHARED = "; those answered in the same words share a row"


def _document(source: str) -> str:
    """The document of a source, without the place in it: "Equality Act 2010" of "Equality Act 2010, section 5"."""
    return clean(source).partition(", section")[0]


def _alike_groups(item: Item) -> bool:
    """Whether an entry holds nothing but groups of the same questions (beside its own name)."""
    groups = [q for q in item.questions if q.kind == "group"]
    rest = [q for q in item.questions if q.kind != "group" and not _names(item, q)]
    return len(groups) > 1 and not rest and len({_below_prompts(g) for g in groups}) == 1


def _below_prompts(group: Question) -> tuple[str, ...]:
    return tuple(q.prompt for item in group.items for q in item.questions)


def _as_tables(question: Question) -> Iterator[Shown]:
    """One table an entry: its groups are the rows, their questions the columns."""
    for item in question.items:
        groups = [q for q in item.questions if q.kind == "group" and has_answer(q)]
        fields = [tuple(q for i in g.items for q in i.questions) for g in groups]
        if groups:
            yield Table(
                slug(f"{question.path} {item.label}"),
                f"{clean(question.prompt)}: {clean(item.label)}",
                (Column("group", "Group"), *(_column(f) for f in zip(*fields, strict=True))),
                tuple((clean(g.prompt), *_cells(f)) for g, f in zip(groups, fields, strict=True)),
                clean(question.source),
                missing=_BLANK,
            )


def _as_list(question: Question, section: str) -> Iterator[Shown]:
    """Entries of one answer each, as the items of a list."""
    if question.prompt != section:
        yield Answers(clean(question.prompt), source=clean(question.source))
    texts = tuple(_text(q) for item in question.items for q in item.questions if has_answer(q))
    yield Words(texts, "list")


def _as_groups(question: Question, section: str) -> Answers:
    """One group an entry; the prompt stands above them unless the section is called the same."""
    groups = [
        Answers(
            clean(item.label),
            tuple(_fact(q) for q in item.questions if has_answer(q) and not _names(item, q) and not q.detail),
        )
        for item in question.items
        if any(has_answer(q) for q in item.questions)
    ]
    title = "" if question.prompt == section else clean(question.prompt)
    return Answers(title, groups=tuple(groups), source=clean(question.source))


def _as_table(question: Question) -> Table | None:
    """The list as a table, or None where its entries are unlike or too long for one."""
    items = [i for i in question.items if any(has_answer(q) for q in i.questions)]
    prompts = [tuple(q.prompt for q in item.questions) for item in items]
    if len(set(prompts)) != 1:
        return None
    fields = list(zip(*(item.questions for item in items), strict=True))
    named = next((f for f in fields if all(map(_names, items, f))), ())
    labels = [_text(q) for q in named] if named else [clean(item.label) for item in items]
    heading = clean(named[0].prompt) if named else _item_heading(question)
    kept = [f for f in fields if f is not named and any(has_answer(q) for q in f)]
    columns = [Column("item", heading)] + [_column(f) for f in kept]
    rows = [
        (label, *cells)
        for label, cells in zip(labels, zip(*(_cells(f) for f in kept), strict=True), strict=False)
    ]
    if not kept or not _fits(columns, rows):
        return None
    return Table(
        slug(question.path),
        clean(question.prompt),
        tuple(columns),
        tuple(rows),
        clean(question.source),
        missing=_BLANK,
    )


def _names(item: Item, question: Question) -> bool:
    """Whether the question's answer is what the entry is called by."""
    return item.label in (_text(question), str(question.answer))


def _item_heading(question: Question) -> str:
    name = clean(question.item_name).strip() or "entry"
    return name[0].upper() + name[1:]


def _column(field: tuple[Question, ...]) -> Column:
    return Column(slug(field[0].prompt), clean(field[0].prompt), clean(field[0].unit))


def _cells(field: tuple[Question, ...]) -> list[Cell]:
    return [said(q) for q in field]


def _fits(columns: list[Column], rows: list[tuple[Cell, ...]]) -> bool:
    longest = [max(len(str(row[i] or "")) for row in rows) for i in range(len(columns))]
    heads = [max(len(w) for w in c.label.split() or [""]) for c in columns]
    widths = [max(cell, head) for cell, head in zip(longest, heads, strict=True)]
    return len(columns) <= _MOST_COLUMNS and max(longest) <= _LONGEST_CELL and sum(widths) <= _WIDEST_ROW


def _sources(questions: list[Question]) -> str:
    """The sources of the questions, each document once with its items: "Guide (2014): A-1, A-2"."""
    named: dict[str, list[str]] = {}
    for source in dict.fromkeys(clean(q.source) for q in questions if q.source):
        document, _, item = source.rpartition("; ")
        named.setdefault(document, []).append(item)
    return "; ".join(
        f"{name}: {', '.join(_spans(items))}" if name else ", ".join(_spans(items))
        for name, items in named.items()
    )


def _spans(items: list[str]) -> list[str]:
    """Items of one framework that follow each other, as "CST-13.1 to CST-13.9"; two or three are named."""
    spans: list[list[str]] = []
    for item in items:
        spans[-1].append(item) if spans and _follows(spans[-1][-1], item) else spans.append([item])
    return [name for span in spans for name in ([f"{span[0]} to {span[-1]}"] if len(span) > 3 else span)]


def _follows(one: str, other: str) -> bool:
    (stem, _, first), (same, _, second) = one.rpartition("."), other.rpartition(".")
    return stem == same != "" and first.isdigit() and second.isdigit() and int(second) == int(first) + 1

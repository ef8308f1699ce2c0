"""Lessons: read from ``data/lessons``, their placeholders filled from the figures.

A lesson is written by a trainer and holds no figure of its own: ``{last}`` in
its text becomes the value that :mod:`workbook.teach.facts` works out, so that
text and chart cannot disagree. docs/teaching.md describes the file.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from workbook.errors import BadInput
from workbook.paths import shipped
from workbook.words import listed

Kind = Literal["choice", "number", "text"]
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
LONGEST = 4000  # characters of an answer that are kept


@dataclass(frozen=True)
class Choice:
    """One of the answers offered, and what is said to the person who chose it."""

    value: str
    label: str
    feedback: str = ""


@dataclass(frozen=True)
class Question:
    """What the learner commits to before the result is shown.

    ``answer`` is the right choice, or the number as text; empty where there is
    no right answer. A number within ``tolerance`` (in the question's unit) is right.
    ``low`` and ``high`` (numbers as text) span a range that is no right answer either: a
    number in it is told ``inside``, any other ``outside``.
    """

    prompt: str
    kind: Kind
    help: str = ""
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    answer: str = ""
    tolerance: float = 0.0
    right: str = ""
    wrong: str = ""
    low: str = ""
    high: str = ""
    inside: str = ""
    outside: str = ""


@dataclass(frozen=True)
class Task:
    """One step of a lesson: words and a figure, a question, and the result behind it."""

    id: str
    title: str
    words: tuple[str, ...]
    minutes: int = 0
    figure: str = ""
    question: Question | None = None
    result: tuple[str, ...] = ()
    result_figure: str = ""
    notes: tuple[str, ...] = ()  # for the trainer


@dataclass(frozen=True)
class Lesson:
    """A teaching session on one indicator of one area."""

    id: str
    title: str
    minutes: int
    audience: str
    aim: str
    area: str
    indicator: str
    steps: tuple[Task, ...]
    discussion: tuple[str, ...] = ()
    trainer: tuple[str, ...] = ()


def list_lessons() -> list[Lesson]:
    """Every lesson that ships, in order of its file's name."""
    return [read(path) for path in sorted(shipped("data").joinpath("lessons").glob("*.json"))]


def load(id: str) -> Lesson:
    """One lesson, its placeholders not yet filled.

    Raises:
        BadInput: no lesson has that name; says which there are.
    """
    found = {lesson.id: lesson for lesson in list_lessons()}
    if id not in found:
        names = listed(found) or "none"
        raise BadInput(f"There is no lesson {id!r}.", f"Lessons that ship: {names}.")
    return found[id]


def read(path: Path) -> Lesson:
    """A lesson from its file.

    Raises:
        BadInput: the file is no lesson; names the file and the place in it.
    """
    try:
        return _lesson(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadInput(f"{path.name} cannot be read as a lesson: {error}.", "Mend the file.") from None
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(
            f"{path.name} is no lesson: {_said(error)}.", "docs/teaching.md describes the file."
        ) from None


def filled(lesson: Lesson, words: Mapping[str, str], charts: Collection[str] = ()) -> Lesson:
    """The lesson with every ``{placeholder}`` replaced; ``charts`` are the names of those there are.

    Raises:
        BadInput: a placeholder or a chart that the figures do not give, or a right answer
            or a range that is not possible.
    """
    ready: Lesson = _filled(lesson, words, lesson.id)
    for task in ready.steps:
        where = f"The lesson {lesson.id}, step {task.id}"
        for name in (task.figure, task.result_figure):
            if name and name not in charts:
                raise BadInput(
                    f"{where}, asks for a chart {name!r}, which is unknown.",
                    f"Charts there are: {listed(sorted(charts))}.",
                )
        if task.question:
            _refuse_impossible(task.question, where)
    return ready


def _refuse_impossible(question: Question, where: str) -> None:
    """Refuse a right answer that nobody could give, and a range that holds nothing."""
    if question.answer and problem(question, question.answer):
        raise BadInput(
            f"{where}: {question.answer!r} is no possible answer.",
            "Let the right answer be the value of a choice, or a number.",
        )
    if (question.low or question.high) and not in_range(question, question.low):
        raise BadInput(
            f"{where}: {question.low!r} to {question.high!r} is no range.",
            "Let low and high be two numbers, the smaller first.",
        )


def is_right(question: Question, answer: str) -> bool | None:
    """Whether the answer is right; None where the question has no right answer."""
    if not question.answer:
        return None
    if question.kind != "number":
        return answer == question.answer
    given, wanted = as_number(answer), as_number(question.answer)
    return given is not None and wanted is not None and abs(given - wanted) <= question.tolerance + 1e-9


def in_range(question: Question, answer: str) -> bool | None:
    """Whether a number lies in the question's range; None where the question has none."""
    given, low, high = (as_number(text) for text in (answer, question.low, question.high))
    if given is None or low is None or high is None:
        return None
    return low <= given <= high


def as_number(text: str) -> float | None:
    """The number somebody typed, thousands commas and a unit sign allowed; None where it is none."""
    plain = text.strip().replace(",", "").replace("\u2212", "-").strip("£% ")
    try:
        value = float(plain)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def problem(question: Question, answer: str) -> str:
    """What keeps an answer from being committed, as a sentence; "" where nothing does."""
    if not answer.strip():
        return "Give an answer first: the result is shown once you have committed to one."
    if len(answer) > LONGEST:
        return f"The answer is longer than {LONGEST:,} characters. Shorten it."
    if question.kind == "number" and as_number(answer) is None:
        return "Give a number, such as 12.5."
    if question.kind == "choice" and answer not in {choice.value for choice in question.choices}:
        return "Choose one of the answers."
    return ""


# --- reading --------------------------------------------------------------------


def _lesson(data: dict[str, Any]) -> Lesson:
    if not _ID.fullmatch(data["id"]):
        raise ValueError("its id may hold small letters, digits and hyphens")
    steps = tuple(_task(step) for step in data["steps"])
    if len({step.id for step in steps}) != len(steps):
        raise ValueError("two of its steps have the same id")
    rest = {key: str(data[key]) for key in ("id", "title", "audience", "aim", "area", "indicator")}
    return Lesson(
        **rest,
        minutes=int(data["minutes"]),
        steps=steps,
        discussion=_texts(data.get("discussion", [])),
        trainer=_texts(data.get("trainer", [])),
    )


def _task(data: dict[str, Any]) -> Task:
    if not _ID.fullmatch(data["id"]):
        raise ValueError(f"the id {data['id']!r} of a step may hold small letters, digits and hyphens")
    return Task(
        id=data["id"],
        title=data["title"],
        words=_texts(data["words"]),
        minutes=int(data.get("minutes", 0)),
        figure=data.get("figure", ""),
        question=_question(data["question"]) if "question" in data else None,
        result=_texts(data.get("result", [])),
        result_figure=data.get("result_figure", ""),
        notes=_texts(data.get("notes", [])),
    )


def _question(data: dict[str, Any]) -> Question:
    if data["kind"] not in get_args(Kind):
        raise ValueError(f"a question cannot be of kind {data['kind']!r}")
    choices = tuple(Choice(**choice) for choice in data.get("choices", []))
    if (data["kind"] == "choice") != bool(choices):
        raise ValueError("a question of kind 'choice', and no other, has choices")
    # A number may be written as a number; it is compared with what somebody types.
    numbers: dict[str, Any] = {name: str(data[name]) for name in ("answer", "low", "high") if name in data}
    return Question(**{**data, **numbers, "choices": choices})


def _texts(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(str(text) for text in value)


def _said(error: Exception) -> str:
    return f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)


def _filled(value: Any, words: Mapping[str, str], lesson: str) -> Any:
    """``value`` with placeholders replaced in every text below it."""
    if isinstance(value, str):
        return _PLACEHOLDER.sub(lambda found: _word(found[1], words, lesson), value)
    if isinstance(value, tuple):
        return tuple(_filled(item, words, lesson) for item in value)
    if isinstance(value, (Lesson, Task, Question, Choice)):
        return type(value)(**{name: _filled(item, words, lesson) for name, item in vars(value).items()})
    return value


def _word(name: str, words: Mapping[str, str], lesson: str) -> str:
    if name not in words:
        raise BadInput(
            f"The lesson {lesson} asks for {{{name}}}, which the figures do not give.",
            f"Names that are known: {listed(sorted(words))}.",
        )
    return words[name]

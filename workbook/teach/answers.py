"""Committed answers: kept in ``WORKBOOK_HOME/lessons``, and never changed once committed."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Lock

from workbook.errors import BadInput
from workbook.paths import home
from workbook.plan.store import replace_file

_turn = Lock()  # requests are served side by side; commits take turns


def place(lesson: str) -> Path:
    """The file that keeps the answers to a lesson."""
    return home() / "lessons" / f"{lesson}.json"


def committed(lesson: str) -> dict[str, str]:
    """The answers committed so far, by step.

    Raises:
        BadInput: the file was altered and holds no answers.
    """
    path = place(lesson)
    try:
        answers = json.loads(path.read_text(encoding="utf-8"))["answers"]
        return {str(step): str(answer) for step, answer in answers.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise BadInput(
            f"The answers in {path} cannot be read.", "Move the file away to start the lesson again."
        ) from None


def commit(lesson: str, step: str, answer: str) -> bool:
    """Keep an answer. False, and nothing changes, where the step has one already."""
    with _turn:
        answers = committed(lesson)
        if step in answers:
            return False
        answers[step] = answer
        _write(place(lesson), lesson, answers)
        return True


def start_again(lesson: str) -> None:
    """Put the answers of this attempt aside as NAME-1.json, NAME-2.json and so on; none is lost."""
    with _turn:
        path = place(lesson)
        if not path.exists():
            return
        number = 1
        while (aside := path.with_name(f"{lesson}-{number}.json")).exists():
            number += 1
        path.rename(aside)


def attempts(lesson: str) -> int:
    """How many earlier attempts were put aside."""
    number = 0
    while place(lesson).with_name(f"{lesson}-{number + 1}.json").exists():
        number += 1
    return number


def _write(path: Path, lesson: str, answers: dict[str, str]) -> None:
    text = json.dumps({"lesson": lesson, "answers": answers}, ensure_ascii=False, indent=1)
    replace_file(path, text.encode())

"""What was typed into a field, as the plan holds it; what does not fit is refused with a sentence."""

from __future__ import annotations

from datetime import date
from typing import Any

from workbook.blocks import Question
from workbook.errors import BadInput
from workbook.plan import edit
from workbook.plan.model import Plan

_FIRST_YEAR, _LAST_YEAR = 1990, 2100  # the years a plan can hold


def put(plan: Plan, path: str, value: Any) -> Plan:
    """The plan with a value at a place; an emptied field is the empty text, or None where no text fits."""
    try:
        return edit.put(plan, path, value)
    except BadInput:
        if value != "":
            raise
        return edit.put(plan, path, None)


def reading(question: Question, value: Any) -> Any:
    """What was typed, as the plan holds it. Raises BadInput where it is no number."""
    if question.kind in ("number", "integer"):
        return _figure(question, value)
    if question.kind == "yesno":
        return {"true": True, "false": False, "": None}.get(str(value).lower(), value)
    if question.kind == "choices":
        return list(value) if isinstance(value, (list, tuple)) else []
    if question.kind == "date":
        return _day(question, value)
    if question.kind in ("group", "rows"):
        raise BadInput(f"{question.prompt} is changed entry by entry.", "Reload the page.")
    return "" if value is None else str(value)


def _day(question: Question, value: Any) -> str | None:
    """A date as the plan holds it; a year of two digits is a slip of the keyboard, not the time of the Romans."""
    typed = str(value or "").strip()
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise BadInput(
            f"{question.prompt}: “{typed[:40]}” is not a date.", "Give a date as day, month and year."
        ) from None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise BadInput(
            f"{question.prompt}: the year is {day.year}.",
            f"Give the year with four digits, from {_FIRST_YEAR} to {_LAST_YEAR}.",
        )
    return typed


def _shares(question: Question) -> bool:
    """Whether a share from 0 to 1 is asked, for which people write 45% as well."""
    return question.path.startswith("/") and edit.is_share(question.path)


def _figure(question: Question, value: Any) -> float | int | None:
    typed = str("" if value is None else value).strip()
    if not typed:
        return None
    plain = typed.replace(",", "").replace(" ", "").replace("\u00a0", "").removeprefix("£").removesuffix("%")
    try:
        number = float(plain)
    except ValueError:
        raise BadInput(
            f"{question.prompt}: “{typed[:40]}” is not a number.", "Type digits, for instance 1250 or 0.5."
        ) from None
    if typed.endswith("%") and "%" not in question.unit and not _shares(question):
        raise BadInput(
            f"{question.prompt}: “{typed[:40]}” is a percentage, and none is asked for here.",
            f"Type the figure itself{f' in {question.unit}' if question.unit else ''}.",
        )
    if question.kind == "integer":
        if not number.is_integer():
            raise BadInput(
                f"{question.prompt}: {typed[:40]} is not a whole number.", "Leave out the decimals."
            )
        return int(number)
    # "45%" is a share where one is asked; the plan holds 0.45. Rounded, as 7% is not 0.07000000000000001.
    shown = typed.endswith("%") and _shares(question)
    if shown and number > 100:
        raise BadInput(f"{question.prompt}: {typed[:40]} is more than the whole.", "Give 100% or less.")
    return float(f"{number / 100:.15g}") if shown else number

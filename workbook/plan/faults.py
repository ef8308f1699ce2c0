"""What is wrong with a value that does not fit, in the words of a reader and not of the library that checks."""

from __future__ import annotations

from typing import Any

from workbook.words import number

# The kind of fault, or the end of its name, and what is said of it; limits come from the fault itself.
_SAID = {
    "greater_than_equal": "give {ge} or more",
    "less_than_equal": "give {le} or less",
    "too_long": "no more than {max_length} characters fit",
    "too_short": "this must not be empty",
    "list_type": "this must be a list",
    "dict_type": "this must be a group of named values",
    "model_type": "this must be a group of named values",
    "string_type": "this must be text",
    "bool_type": "give true or false",
    "bool_parsing": "give true or false",
    "missing": "this must be there",
    "extra_forbidden": "a plan has no such place",
    "literal_error": "give {expected}",
    "string_pattern_mismatch": "this is not written as it must be",
    "invalid_key": "this is not text",
    "int_from_float": "give a whole number",
}
_STARTS = {"date": "this is not a date", "int": "this is not a number", "float": "this is not a number"}


def said(fault: Any) -> str:
    """One fault of a pydantic ``ValidationError`` as a phrase; what is rare keeps the library's words."""
    kind = fault["type"]
    limits = {name: _limit(value) for name, value in fault.get("ctx", {}).items()}
    for name, words in _SAID.items():
        if kind.endswith(name):
            return words.format(**limits)
    for start, words in _STARTS.items():
        if kind.startswith(start):
            return words
    if kind == "finite_number":
        return "this is not a number"
    message = str(fault["msg"]).removeprefix("Value error, ")
    return f"{message[0].lower()}{message[1:]}"


def remedy(fault: Any) -> str:
    """What to do about one fault of a pydantic ``ValidationError``; needs the value that was given."""
    kind, given = fault["type"], fault.get("input")
    if (
        kind == "less_than_equal"
        and fault["ctx"]["le"] == 1
        and isinstance(given, int | float)
        and given <= 100
    ):
        return (
            f"It is a share from 0 to 1: write {number(given / 100)} or {number(given)}%, if that is meant."
        )
    if kind in ("greater_than_equal", "less_than_equal"):
        return "Type a number within that limit; the plan was left as it was."
    if kind.startswith(("int", "float", "finite")):
        return "Type a number without letters, for instance 1250 or 0.5."
    if kind.startswith("date"):
        return "Give a date as day, month and year."
    if kind.startswith("string_pattern"):
        return "Use small letters, digits and hyphens."
    if kind.endswith("too_long"):
        return "Shorten it; the plan was left as it was."
    return "Change the value; the plan was left as it was."


def _limit(value: Any) -> Any:
    """A limit as it is read: a year without a comma, a large amount with them."""
    large = isinstance(value, int | float) and abs(value) >= 10_000
    return number(value) if large else f"{value:g}" if isinstance(value, float) else value

"""A publisher's list of indicators in JSON as a table: one row an indicator, one column a field."""

from __future__ import annotations

import json

from workbook.errors import BadInput

_NUMBER, _NAME = "indicatorid", "indicatorname"


def is_one(content: bytes) -> bool:
    """Whether a file's content is, or begins like, a JSON list of indicators."""
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return start == b"[" and b'"indicatorid"' in content.lower()


def rows(name: str, content: bytes) -> list[list[str]]:
    """The header and one row an indicator; lists and nested fields are left out.

    Raises:
        BadInput: the file broke off, or an entry has no number.
    """
    try:
        entries = json.loads(content.decode("utf-8-sig"))
        plain = [{k: _text(v) for k, v in e.items() if not isinstance(v, dict | list)} for e in entries]
    except (ValueError, AttributeError, RecursionError):
        raise BadInput(
            f"{name} cannot be read as a list of indicators (JSON).",
            "The download probably broke off; download it again.",
        ) from None
    header = list(dict.fromkeys(key for entry in plain for key in entry))
    folded = {key.casefold() for key in header}
    if not {_NUMBER, _NAME} <= folded:
        raise BadInput(
            f"{name} is JSON, and no list of indicators with their numbers and names.",
            "Fetch the same data as CSV.",
        )
    # Text that a cell would not hold: the long descriptions have line ends.
    return [header, *([" ".join(entry.get(key, "").split()) for key in header] for entry in plain)]


def _text(value: object) -> str:
    return "" if value is None else str(value)

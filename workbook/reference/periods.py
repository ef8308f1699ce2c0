"""Periods as publishers print them: "2018/19", "2017 - 19", "2011-01-01/P3Y", "July 2015 to June 2016"."""

from __future__ import annotations

import re
from dataclasses import dataclass

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

#: No indicator is printed over more years than this; a longer span is a slip of the pen.
LONGEST = 20


@dataclass(frozen=True)
class Period:
    """A period: how it is printed, the year it starts in, how long it is, and how it is written.

    ``style`` is "year", "financial", "span" (several years), "months" or "part"
    (less than half a year). ``year`` of a span is its first year.
    """

    label: str
    year: int
    years: int
    style: str
    provisional: bool = False


_YEAR = r"((?:19|20)\d{2})"
_END = r"((?:(?:19|20)\d{2})|\d{2})"
_DASH = r"\s*(?:-|–|to)\s*"
_MONTH = r"([A-Za-z]{3,9})\.?"
_DAY = r"(\d{1,2})/(\d{1,2})/" + _YEAR


def read(text: str) -> Period | None:
    """The period that ``text`` means; None if it means none."""
    clean = re.sub(r"\.0$", "", re.sub(r"\s+", " ", text.strip()))
    final = re.sub(r"\s*\((?:provisional|p)\)\s*$", "", clean, flags=re.IGNORECASE)
    for reader in (_year, _financial, _financial_span, _span, _iso, _months, _days, _quarter):
        found = reader(final)
        if found is not None:
            return Period(*found, provisional=final != clean)
    return None


Reading = tuple[str, int, int, str]


def _year(text: str) -> Reading | None:
    found = re.fullmatch(_YEAR, text)
    return (text, int(text), 1, "year") if found else None


def _financial(text: str) -> Reading | None:
    found = re.fullmatch(rf"{_YEAR}\s*[/-]\s*{_END}", text)
    if not found:
        return None
    start, end = int(found[1]), _full(found[2], int(found[1]))
    if end == start + 1:
        return f"{start}/{end % 100:02d}", start, 1, "financial"
    return None


def _financial_span(text: str) -> Reading | None:
    found = re.fullmatch(rf"{_YEAR}/(\d{{2}}){_DASH}(?:(?:19|20)?(\d{{2}}))/(\d{{2}})", text)
    if not found:
        return None
    start, last = int(found[1]), _full(found[3], int(found[1]))
    if not start <= last < start + LONGEST or _full(found[4], last) != last + 1:
        return None
    return f"{start}/{found[2]} - {last % 100:02d}/{found[4]}", start, last - start + 1, "span"


def _span(text: str) -> Reading | None:
    found = re.fullmatch(rf"{_YEAR}{_DASH}{_END}", text)
    if not found:
        return None
    start, end = int(found[1]), _full(found[2], int(found[1]))
    if not start < end < start + LONGEST:
        return None
    return f"{start} - {end % 100:02d}", start, end - start + 1, "span"


def _iso(text: str) -> Reading | None:
    found = re.fullmatch(rf"{_YEAR}-(\d{{2}})-(\d{{2}})(?:T[0-9:]+Z?)?/P(\d{{1,3}})Y", text)
    if not found or not 1 <= int(found[2]) <= 12:
        return None
    year, month, years = int(found[1]), int(found[2]), int(found[4])
    if years > 1:
        return f"{year} - {(year + years - 1) % 100:02d}", year, years, "span"
    if month == 1:
        return str(year), year, 1, "year"
    if month == 4:
        return f"{year}/{(year + 1) % 100:02d}", year, 1, "financial"
    return f"year from {MONTHS[month - 1]} {year}", year, 1, "months"


def _months(text: str) -> Reading | None:
    found = re.fullmatch(rf"{_MONTH} {_YEAR}{_DASH}{_MONTH} {_YEAR}", text)
    if not found or not (first := _month(found[1])) or not (last := _month(found[3])):
        return None
    start, end = int(found[2]), int(found[4])
    length = (end - start) * 12 + last - first + 1
    if length < 1:
        return None
    style = "part" if length < 6 else "months" if length <= 12 else "span"
    label = f"{MONTHS[first - 1]} {start} - {MONTHS[last - 1]} {end}"
    return label, start, max(1, round(length / 12)), style


def _days(text: str) -> Reading | None:
    found = re.fullmatch(rf"{_DAY}{_DASH}{_DAY}", text)
    if not found:
        return None
    start, end = int(found[3]), int(found[6])
    if (found[1], found[2], found[4], found[5]) == ("1", "1", "31", "12") and start == end:
        return str(start), start, 1, "year"
    months = [int(found[2]), int(found[5])]
    if not all(1 <= m <= 12 for m in months):
        return None
    return _months(f"{MONTHS[months[0] - 1]} {start} to {MONTHS[months[1] - 1]} {end}")


def _quarter(text: str) -> Reading | None:
    found = re.fullmatch(rf"{_YEAR}(/\d{{2}})? ?Q([1-4])", text, flags=re.IGNORECASE)
    return (text, int(found[1]), 1, "part") if found else None


def _month(name: str) -> int:
    short = name[:3].title()
    return MONTHS.index(short) + 1 if short in MONTHS else 0


def _full(end: str, start: int) -> int:
    """ "19" after 2017 is 2019; "02" after 1999 is 2002."""
    if len(end) == 4:
        return int(end)
    century = start // 100 * 100
    return century + int(end) + (100 if int(end) < start % 100 else 0)

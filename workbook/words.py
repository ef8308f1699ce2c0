"""Numbers and lists as words: one way to print a figure, everywhere."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

MISSING = "not available"


def number(value: float | int | None, decimals: int | None = None, unit: str = "") -> str:
    """A figure with its unit: "12,345", "1.4 years", "£1,234k", "12.3%"; None is "not available".

    Without ``decimals`` a figure shows those it has, up to four.
    """
    if value is None or value != value:
        return MISSING
    if decimals is None:
        decimals = len(f"{value:.4f}".rstrip("0").partition(".")[2])
    digits = f"{abs(value):,.{decimals}f}"
    sign = "-" if value < 0 and float(digits.replace(",", "")) != 0 else ""
    return sign + with_unit(digits, unit)


def signed(value: float | None, decimals: int = 1, unit: str = "%") -> str:
    """A change: "+3.2%", "-3.2%"; no sign where it is nought as printed."""
    said = number(value, decimals, unit)
    return f"+{said}" if value is not None and round(value, decimals) > 0 else said


def with_unit(digits: str, unit: str) -> str:
    """Digits with their unit in the place where readers expect it."""
    if unit == "£000s":
        return f"£{digits}k"
    if unit == "£ million":
        return f"£{digits}m"
    if unit.startswith("£"):
        return f"£{digits}{unit[1:]}"
    if unit == "%":
        return f"{digits}%"
    if ", " in unit:
        return f"{digits} ({unit})"
    return f"{digits} {unit}".strip()


def in_unit(unit: str) -> str:
    """What a table's values are counted in, after "Values": "in %", "per 100,000", "out of 1"."""
    return unit if unit.startswith(("per ", "out of ", "as a ")) else f"in {unit}"


def money(thousands: float | None) -> str:
    """Thousands of pounds as a reader says it: "£950k", "£12.4m", "£1.2bn"."""
    if thousands is None or thousands != thousands:
        return MISSING
    size = abs(thousands)
    sign = "-" if thousands < 0 and round(size) else ""
    if size >= 999_950:
        return f"{sign}£{size / 1_000_000:,.2f}bn"
    if size >= 999.5:
        return f"{sign}£{size / 1000:,.1f}m"
    return f"{sign}£{size:,.0f}k"


def day(date: datetime.date) -> str:
    """ "14 May 2026"."""
    return f"{date.day} {date:%B %Y}"


def financial_year(start: int) -> str:
    """The financial year that starts in April of ``start``: 2025 is "2025/26"."""
    return f"{start}/{(start + 1) % 100:02d}"


def listed(items: Iterable[object], joint: str = "and") -> str:
    """ "a, b and c"."""
    words = [str(i) for i in items]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"


def some(items: Sequence[object], most: int = 8) -> str:
    """ "a, b and c"; of a long list the first ones and how many others there are."""
    if len(items) <= most:
        return listed(items)
    return f"{', '.join(str(i) for i in items[:most])} and {plural(len(items) - most, 'other')}"


def plural(count: int, one: str, many: str = "") -> str:
    """ "1 scheme", "3 schemes", "no schemes"."""
    word = one if count == 1 else (many or one + "s")
    return f"{f'{count:,}' if count else 'no'} {word}"

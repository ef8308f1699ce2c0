"""How soon a service can end once notice is given.

Source: National Audit Office, Decommissioning public services: at least three
months' notice, longer where staff transfer, where people live in the service,
or where buildings and equipment have to be dealt with.
"""

from __future__ import annotations

import calendar
from datetime import date
from typing import NamedTuple

MINIMUM_MONTHS = 3
LONGER_MONTHS = 6


class Earliest(NamedTuple):
    """The first day on which the service may have ended, and the reasons, each a sentence."""

    date: date
    reasons: tuple[str, ...]


def earliest_end(
    notice_date: date,
    contract_months: int = 0,
    *,
    staff_transfer: bool = False,
    residential: bool = False,
    assets: bool = False,
    contract_end: date | None = None,
    minimum_months: int = MINIMUM_MONTHS,
    longer_months: int = LONGER_MONTHS,
) -> Earliest:
    """The earliest end of a service after notice on ``notice_date``.

    The longest of three periods in whole months: the general minimum, what the
    contract asks for, and the longer minimum where staff transfer, people live
    there or assets are involved. ``contract_end`` does not move the date; it is
    said where it falls before or after.
    """
    periods = [(minimum_months, f"At least {_months(minimum_months)} of notice are due for any service.")]
    if contract_months > minimum_months:
        periods.append((contract_months, f"The contract asks for {_months(contract_months)} of notice."))
    grounds = _grounds(staff_transfer, residential, assets)
    periods += [(longer_months, f"{ground}: {_months(longer_months)} are advised.") for ground in grounds]
    longest = max(months for months, _ in periods)
    end = add_months(notice_date, longest)
    reasons = tuple(sentence for months, sentence in periods if months == longest)
    return Earliest(end, reasons + _contract_words(end, contract_end))


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later; the last day of the month where that day does not exist."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))


def _grounds(staff_transfer: bool, residential: bool, assets: bool) -> list[str]:
    named = {
        "Staff move to another employer": staff_transfer,
        "People live in the service": residential,
        "Buildings or equipment are involved": assets,
    }
    return [ground for ground, holds in named.items() if holds]


def _contract_words(end: date, contract_end: date | None) -> tuple[str, ...]:
    if contract_end is None:
        return ()
    if contract_end < end:
        return ("The contract runs out before that day and would have to be extended.",)
    if contract_end > end:
        return ("The contract runs beyond that day: an earlier end needs its notice clause.",)
    return ()


def _months(count: int) -> str:
    return "one month" if count == 1 else f"{count} months"

"""How soon a service can end once notice is given.

Source: National Audit Office, Decommissioning public services: at least three
months' notice, longer where staff transfer, where people live in the service,
or where buildings and equipment have to be dealt with; no decision left to the
end of the financial year.
"""

from __future__ import annotations

import calendar
import datetime
from datetime import date
from typing import NamedTuple

MINIMUM_MONTHS = 3
LONGER_MONTHS = 6
NEAR_MONTHS = 1  # how near the year's end is "at the year's end"


class Earliest(NamedTuple):
    """The first day on which the service may have ended, and the reasons, each a sentence.

    ``by_notice`` is the day that the notice alone would give; the two differ
    where a contract that cannot be broken runs beyond it.
    """

    date: datetime.date
    reasons: tuple[str, ...]
    by_notice: datetime.date


def earliest_end(
    notice_date: date,
    contract_months: int = 0,
    *,
    staff_transfer: bool = False,
    residential: bool = False,
    assets: bool = False,
    contract_end: date | None = None,
    breaks: bool | None = None,
    minimum_months: int = MINIMUM_MONTHS,
    longer_months: int = LONGER_MONTHS,
) -> Earliest:
    """The earliest end of a service after notice on ``notice_date``.

    The longest of three periods in whole months: the general minimum, what the
    contract asks for, and the longer minimum where staff transfer, people live
    there or assets are involved. ``breaks`` says whether the contract may be
    ended before ``contract_end``: where it may not (False), the date is not
    before that day; where nothing is known (None), it is assumed that it may
    and that is said. A period ends on the day of the same number, or on the
    month's last where there is none: the careful reading of "six months".

    It knows notice and contract only: neither how and on whom a notice has to be
    served, nor involvement, scrutiny, a call-in, the consultation of staff or a lease.
    """
    periods = [(minimum_months, f"At least {_months(minimum_months)} of notice are advised for any service.")]
    if contract_months > minimum_months:
        periods.append((contract_months, f"The contract asks for {_months(contract_months)} of notice."))
    grounds = _grounds(staff_transfer, residential, assets)
    periods += [(longer_months, f"{ground}: {_months(longer_months)} are advised.") for ground in grounds]
    longest = max(months for months, _ in periods)
    by_notice = add_months(notice_date, longest)
    bound = contract_end if breaks is False and contract_end is not None else by_notice
    reasons = tuple(sentence for months, sentence in periods if months == longest)
    return Earliest(
        max(by_notice, bound), reasons + _contract_words(by_notice, contract_end, breaks), by_notice
    )


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later; the last day of the month where that day does not exist."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))


def year_end(day: date) -> date:
    """The last day of the financial year that holds a day: 31 March."""
    return date(day.year if day.month < 4 else day.year + 1, 3, 31)


def left_to_year_end(notice_date: date, stop_date: date) -> bool:
    """Whether an end is left to the turn of the year.

    True where the service ends within a month of a 31 March (from 1 March to 30
    April) and its notice is given after the 31 January before that day.
    """
    end = date(stop_date.year, 3, 31)
    near = date(end.year, 3, 1) <= stop_date <= add_months(end, NEAR_MONTHS)
    return near and date(end.year, 1, 31) < notice_date


def _grounds(staff_transfer: bool, residential: bool, assets: bool) -> list[str]:
    named = {
        "Staff move to another employer": staff_transfer,
        "People live in the service": residential,
        "Buildings or equipment are involved": assets,
    }
    return [ground for ground, holds in named.items() if holds]


def _contract_words(end: date, contract_end: date | None, breaks: bool | None) -> tuple[str, ...]:
    if contract_end is None or contract_end == end:
        return ()
    if contract_end < end:
        return (
            "The contract runs out before that day: extend it, or tell the provider as early that it will not be renewed.",
        )
    if breaks is False:
        return ("The contract runs beyond the notice and cannot be ended sooner.",)
    if breaks:
        return ("The contract runs beyond that day: an earlier end needs its notice clause.",)
    return (
        "The contract runs beyond that day: an earlier end needs its notice clause, and it is assumed that it has one.",
    )


def _months(count: int) -> str:
    return "one month" if count == 1 else f"{count} months"

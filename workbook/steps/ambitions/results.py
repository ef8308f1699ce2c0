"""What the ambition desk works out, as figures for results.json."""

from __future__ import annotations

import math

from workbook.blocks import Result
from workbook.steps.lines import WARNING_YEAR, Line, Outlook
from workbook.words import plural


def results_of(found: Outlook, anchor: str) -> list[Result]:
    """The baseline and what it is compared with, every line by year, plausibility, early warning and gap."""
    stem = f"ambition-{anchor}"
    rows = _now(found, stem)
    rows += [result for line in found.drawn for result in _line(found, line, stem)]
    rows += [*_plausible(found, stem), *_warning(found, stem), *_gap(found, stem)]
    return rows


def _now(found: Outlook, stem: str) -> list[Result]:
    s, i = found.standing, found.standing.indicator
    now = (
        ("baseline", "baseline", s.own.value, "As published"),
        ("peer-median-now", "peer median", s.peer_median, f"Median of {plural(len(s.peers), 'peer')}"),
        (
            "best-fifth-now",
            "threshold of the best fifth",
            s.best_fifth,
            f"Best fifth of {plural(s.areas, 'area')}",
        ),
    )
    rows = [
        Result(f"{stem}.{name}", f"{i.name}, {label}", value, i.unit, s.own.period, how, i.source)
        for name, label, value, how in now
    ]
    if s.own.count is not None and i.value_type != "mean":
        label = i.count_label or "people"
        rows.append(
            Result(
                f"{stem}.events-now",
                f"{i.name}, {label} behind the baseline",
                s.own.count,
                label,
                s.own.period,
                "As published",
                i.source,
            )
        )
    return rows


def _line(found: Outlook, line: Line, stem: str) -> list[Result]:
    """The level of a line for each year, and its limits in the last."""
    i, last = found.standing.indicator, found.years[-1]
    stem = f"{stem}.{'chosen' if line is found.chosen else line.id}"
    label = f"{i.name}, {line.label.lower()}"
    rows = [
        Result(
            f"{stem}.{year}",
            label,
            value,
            i.unit,
            str(year),
            line.how,
            i.source,
            _factors(found) if line.id == "schemes" and line is not found.chosen and year == last else {},
        )
        for year, value in zip(found.years, line.values, strict=True)
    ]
    if line.banded:
        rows += [
            Result(
                f"{stem}.{last}.{name}",
                f"{label}, {name} limit (80%)",
                limit,
                i.unit,
                str(last),
                line.how,
                i.source,
            )
            for name, limit in (("lower", line.lower[-1]), ("upper", line.upper[-1]))
        ]
    return rows


def _factors(found: Outlook) -> dict[str, float]:
    """What the line with the schemes is made of in its last year, in order; it adds up to the line."""
    if not found.delivering:
        return {}
    nothing, built = found.lines["do-nothing"].last, found.lines["schemes"].last
    factors = {"Baseline": found.baseline, "Do nothing": nothing - found.baseline}
    for d in found.delivering:
        name = d.scheme.name if d.scheme.name not in factors else f"{d.scheme.name} ({d.scheme.id})"
        factors[name] = d.amounts[-1]
    over = built - sum(factors.values())
    return factors | ({"No figure can be higher": over} if abs(over) > 1e-9 * max(abs(built), 1) else {})


def _plausible(found: Outlook, stem: str) -> list[Result]:
    """For each line, and for the level chosen, the share of past moves that were at least as good."""
    i, year = found.standing.indicator, str(found.years[-1])
    rows = []
    for name, past in found.past.items():
        if not past.moves:
            continue
        id = f"{stem}.plausibility" if name == "own" else f"{stem}.{name}.plausibility"
        what = "level chosen" if name == "own" else found.lines[name].label.lower()
        label = f"{i.name}, {what}: past moves of comparable areas at least as good"
        how = f"Share of {past.moves} past moves over {found.ahead} years"
        rows.append(Result(id, label, 100 * past.share, "%", year, how, i.source))
    return rows


def _warning(found: Outlook, stem: str) -> list[Result]:
    warning, i = found.warning, found.standing.indicator
    if warning is None or not math.isfinite(warning.hard):
        return []
    year = str(found.years[WARNING_YEAR - 1])
    left = len(found.years) - WARNING_YEAR
    kinds = (
        ("hard", warning.hard, "beyond what one in ten"),
        ("out-of-reach", warning.out_of_reach, "beyond what any"),
    )
    return [
        Result(
            f"{stem}.early-warning.{name}.{year}",
            f"{i.name}, early warning: {warning.worse} it {found.years[-1]} is {name.replace('-', ' ')}",
            value,
            i.unit,
            year,
            f"The rest would be {words} of {warning.moves} past moves over {left} years achieved",
            i.source,
        )
        for name, value, words in kinds
    ]


def _gap(found: Outlook, stem: str) -> list[Result]:
    """What lies between the line with the schemes and the level chosen, in the last year."""
    if found.chosen is None:
        return []
    i, year = found.standing.indicator, str(found.years[-1])
    gap = found.lines["schemes"].last - found.chosen.last
    how = "The line with the funded schemes less the level chosen"
    rows = [
        Result(f"{stem}.gap.{year}", f"{i.name}, gap to the level chosen", gap, i.unit, year, how, i.source)
    ]
    if (events := found.events(gap)) is not None:
        label, unit = f"{i.name}, gap to the level chosen, counted", found.events_label
        rows.append(Result(f"{stem}.gap-events.{year}", label, events, unit, year, how, i.source))
    return rows

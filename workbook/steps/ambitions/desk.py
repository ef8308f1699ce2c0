"""The lines of one ambition side by side: the baseline, the picture, the tables, and how far to trust them."""

from __future__ import annotations

from collections.abc import Callable

from workbook import charts
from workbook.blocks import Block, Column, Figure, Heading, Table, Words, table
from workbook.plan import Plan
from workbook.reference import Reference, backtest
from workbook.steps import past_moves
from workbook.steps.ambitions import doubts
from workbook.steps.lines import Line, Outlook
from workbook.steps.standing import Standing, interval_words
from workbook.words import in_unit, number

# Lines of the picture, beside what was measured and the level chosen: more would hide each other.
_PICTURED = ("do-nothing", "schemes", "peer-median", "best-quintile")


def side_by_side(plan: Plan, reference: Reference, found: Outlook, anchor: str) -> list[Block]:
    """Where the figure stands, where it could go, and what the workbook has its doubts about."""
    blocks: list[Block] = [
        Heading("Where the figure could go", f"where-{anchor}", 3),
        baseline_words(found),
    ]
    if doubtful := doubts.of_outlook(plan, reference, found):
        blocks.append(Words(tuple(doubtful), "note"))
    blocks += [_figure(plan, found, anchor), _trusted(reference, found), line_table(found, anchor)]
    if counted := _counted_table(found, anchor):
        blocks.append(counted)
    blocks += [
        _meaning_table(found, anchor),
        Words(("How the lines are made:",)),
        Words(tuple(f"{line.label}: {_sentence(line.how)}" for line in found.drawn), "list"),
    ]
    return blocks


def baseline_words(found: Outlook) -> Words:
    s, d = found.standing, found.standing.indicator.decimals
    status = {
        "replaced": " Its publisher has replaced this measure.",
        "discontinued": " This measure is no longer published.",
        "synthetic": " The figures are synthetic: made up for demonstration.",
    }.get(s.indicator.status, "")
    return Words(
        (
            f"Measure: {s.indicator.name} ({s.indicator.unit}). Baseline: {level_of(s, s.own.value)} in {s.own.period} "
            f"(95% interval: {interval_words(s.own.lower, s.own.upper, d, s.own.approximate)}).{_behind(found)}{status}",
        )
    )


def _behind(found: Outlook) -> str:
    """The number of events behind the baseline: how much chance is in it."""
    own, indicator = found.standing.own, found.standing.indicator
    if own.count is None or indicator.value_type == "mean":
        return " How many people or events stand behind it is not on hand."
    label = indicator.count_label or "people"
    return f" Behind it stand {number(own.count, 0)} {label}."


def level_of(s: Standing, value: float) -> str:
    """A value of the measure where its unit has just been named: only a per cent sign is said again."""
    return number(value, s.indicator.decimals, "%" if s.indicator.unit == "%" else "")


def _figure(plan: Plan, found: Outlook, anchor: str) -> Figure:
    s = found.standing
    history = [{"year": r.year, "value": r.value, "lower": r.lower, "upper": r.upper} for r in s.history]
    drawn = _pictured(found)
    d = s.indicator.decimals
    said = [f"{line.label} {number(line.last, d)}" for line in drawn]
    return Figure(
        f"ambition-{anchor}",
        f"{s.indicator.name}: where it could go by {found.years[-1]}",
        charts.paths(
            history,
            _chart_rows(drawn, found.years),
            unit=s.indicator.unit,
            base_year=s.own.year,
            breaks=s.indicator.break_years,
        ),
        f"{s.indicator.name} in {plan.area.name} from {s.history[0].period} to {s.own.period}, then possible lines to "
        f"{found.years[-1]}: {'; '.join(said)}. {s.indicator.unit}.",
        line_table(found, anchor),
        s.indicator.source,
    )


def _pictured(found: Outlook) -> list[Line]:
    """The lines worth drawing: none that only repeats another."""
    shown = [found.lines[name] for name in _PICTURED if name in found.lines]
    if not found.delivering:
        shown = [line for line in shown if line.id != "schemes"]
    if found.chosen:
        near = 0.5 * 10.0**-found.standing.indicator.decimals
        last = found.chosen.last
        shown = [line for line in shown if line.banded or abs(line.last - last) > near]
        shown.append(found.chosen)
    return shown


def _chart_rows(lines: list[Line], years: tuple[int, ...]) -> list[dict]:
    rows = []
    for line in lines:
        for n, year in enumerate(years):
            row = {"year": year, "value": line.values[n], "series": line.label}
            if line.banded:
                row |= {"lower": line.lower[n], "upper": line.upper[n]}
            rows.append(row)
    return rows


def _sentence(words: str) -> str:
    return words if words.endswith(".") else f"{words}."


def _trusted(reference: Reference, found: Outlook) -> Words:
    """How far such do-nothing lines missed, and how often their interval held: measured, not hoped."""
    if not found.lines["do-nothing"].banded:
        return Words(("The do-nothing line only holds the last value here, and has no interval.",), "note")
    return Words((backtest.sentence(reference, found.standing.indicator, found.areas),), "note")


# --- tables -------------------------------------------------------------------


def line_table(found: Outlook, anchor: str) -> Table:
    """Every line by year in the unit of the measure, with the 80 % limits of those that have them."""
    s = found.standing
    return table(
        f"lines-{anchor}",
        f"{s.indicator.name}: the lines side by side",
        [
            Column("line", "Line"),
            *(Column(str(year), str(year), decimals=s.indicator.decimals) for year in found.years),
        ],
        _rows(found, lambda value: value),
        source=s.indicator.source,
        note=f"Values {in_unit(s.indicator.unit)}. A line without an interval is a target and not a forecast.",
    )


def _counted_table(found: Outlook, anchor: str) -> Table | None:
    """The same lines as people or events a year; None where the measure counts nobody."""
    s, now = found.standing, found.events(found.baseline)
    if now is None:
        return None
    return table(
        f"counted-{anchor}",
        f"{s.indicator.name}: the same lines, counted in {found.events_label} a year",
        [
            Column("line", "Line"),
            *(Column(str(year), str(year), decimals=0) for year in found.years),
        ],
        _rows(found, lambda value: found.events(value) or 0.0),
        source=s.indicator.source,
        note=f"About {number(now, 0)} {found.events_label} at the level of the baseline. Each level is turned into "
        f"{found.events_label} at the population of {s.own.period}, so these are sizes and no forecast.",
    )


def _rows(found: Outlook, turned: Callable[[float], float]) -> list[dict]:
    """One row a line, and two below it for its limits."""
    rows = []
    for line in found.drawn:
        rows.append(_row(line.label, line.values, found, turned))
        if line.banded and (line.id != "schemes" or found.delivering):
            rows.append(_row(f"{line.label}, lower 80% limit", line.lower, found, turned))
            rows.append(_row(f"{line.label}, upper 80% limit", line.upper, found, turned))
    return rows


def _row(label: str, values: tuple[float, ...], found: Outlook, turned: Callable[[float], float]) -> dict:
    return {"line": label} | {
        str(year): turned(value) for year, value in zip(found.years, values, strict=True)
    }


def _meaning_table(found: Outlook, anchor: str) -> Table:
    """For each line: the change, whether it can be told from the baseline, and how often it was achieved."""
    s, last = found.standing, found.years[-1]
    rows = [
        {
            "line": line.label,
            "level": line.last,
            "change": 100 * (line.last / found.baseline - 1) if found.baseline else None,
            "events": found.events(line.last - found.lines["do-nothing"].last),
            "clear": _clears(s.own.lower, s.own.upper, line.last),
            "past": _achieved(found, line),
        }
        for line in found.drawn
    ]
    counted = found.events(0) is not None
    moves = max((p.moves for p in found.past.values()), default=0)
    return table(
        f"meaning-{anchor}",
        f"{s.indicator.name}: what each line would mean by {last}",
        [
            Column("line", "Line"),
            Column("level", f"Level in {last}", decimals=s.indicator.decimals),
            Column("change", "Change on the baseline", "%", 1),
            *([Column("events", "Against do nothing", found.events_label, 0)] if counted else []),
            Column("clear", "Outside the baseline's 95% interval"),
            Column("past", "Past moves at least as good"),
        ],
        rows,
        source=s.indicator.source,
        note=f"Level {in_unit(s.indicator.unit)}. "
        + (f"A minus sign against do nothing means fewer {found.events_label} a year. " if counted else "")
        + (
            f"Past moves: {moves:,} changes over {found.ahead} years in comparable areas, from every starting year; "
            "they overlap, so read the share as hardly ever, now and then, or often."
            if moves
            else "How plausible a change is cannot be said here."
        ),
    )


def _achieved(found: Outlook, line: Line) -> str:
    past = found.past.get("own" if line is found.chosen else line.id)
    if past is None or not past.moves:
        return "cannot be said"
    return "none" if past.share == 0 else past_moves.percent(past.share)


def _clears(lower: float | None, upper: float | None, value: float) -> str:
    if lower is None or upper is None:
        return "no interval"
    return "no" if lower <= value <= upper else "yes"

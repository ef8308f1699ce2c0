"""The lines of one ambition side by side: the baseline, the picture, and one table of what each line would mean."""

from __future__ import annotations

from workbook import charts
from workbook.blocks import Block, Column, Figure, Table, Words, table
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.reference.ambition_measures import of_ambition
from workbook.steps import past_moves
from workbook.steps.ambitions import doubts
from workbook.steps.lines import Line, Outlook, name_of
from workbook.steps.standing import Standing, counted, interval_words
from workbook.words import in_unit, number, plural

# Lines of the picture, beside what was measured and the level chosen: more would hide each other.
_PICTURED = ("do-nothing", "schemes", "peer-median", "best-quintile")


def where(plan: Plan, reference: Reference, found: Outlook, anchor: str, domain: str = "") -> list[Block]:
    """Where the figure stands, what there is to doubt about it, and the picture of where it could go."""
    blocks: list[Block] = [baseline_words(plan, reference, found, domain)]
    if doubtful := doubts.of_outlook(plan, reference, found):
        blocks.append(Words(tuple(doubtful), "note"))
    return [*blocks, _figure(plan, found, anchor)]


def baseline_words(plan: Plan, reference: Reference, found: Outlook, domain: str = "") -> Words:
    s, d = found.standing, found.standing.indicator.decimals
    status = {
        "replaced": " Its publisher has replaced this measure.",
        "discontinued": " This measure is no longer published.",
    }.get(s.indicator.status, "")
    interval = interval_words(s.own.lower, s.own.upper, d, s.own.approximate)
    return Words(
        (
            f"{domain} Measure: {name_of(reference, s.indicator.id)} ({s.indicator.unit}). Baseline: {level_of(s, s.own.value)} in "
            f"{s.own.period}{_old(plan, s)}; 95% interval: {interval}.{_behind(found)}{status}{_note(reference, found)}".strip(),
        )
    )


def _old(plan: Plan, s: Standing) -> str:
    """That the plan begins later than its figures; the do-nothing line runs on from them."""
    if s.own.year >= plan.base_year or s.hidden:
        return ""
    return f", the latest on hand before the plan's base year {plan.base_year}"


def _behind(found: Outlook) -> str:
    """The number of events behind the baseline: how much chance is in it."""
    own, indicator = found.standing.own, found.standing.indicator
    if own.count is None or indicator.value_type == "mean":
        return " How many people or events stand behind it is not on hand."
    label = indicator.count_label or "people"
    return f" Behind it stand {counted(own.count)} {label}."


def _note(reference: Reference, found: Outlook) -> str:
    """What has to be known of the measure bound here; the table of all measures holds the rest."""
    known = (m for m in of_ambition(reference, found.ambition.number) if m.measure == found.ambition.measure)
    bound = next(known, None)
    if bound is None or not bound.note or bound.status == "synthetic":
        return ""
    return f" {bound.note}" if bound.note.endswith(".") else f" {bound.note}."


def level_of(s: Standing, value: float) -> str:
    """A value of the measure where its unit has just been named: only a per cent sign is said again."""
    return number(value, s.indicator.decimals, "%" if s.indicator.unit == "%" else "")


# --- the picture --------------------------------------------------------------


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
        by_year(found, anchor),
        s.indicator.source,
    )


def _pictured(found: Outlook) -> list[Line]:
    """The lines worth drawing: none that only repeats another."""
    shown = [found.lines[name] for name in _PICTURED if name in found.lines]
    if not found.delivering:
        shown = [line for line in shown if line.id != "schemes"]
    if found.chosen:
        shown = [line for line in shown if line.banded or not _same(found, line)]
        shown.append(found.chosen)
    return shown


def _same(found: Outlook, line: Line) -> bool:
    """Whether a line ends at the level chosen, as it is printed."""
    near = 0.5 * 10.0**-found.standing.indicator.decimals
    return found.chosen is not None and abs(line.last - found.chosen.last) <= near * 1.001


def _chart_rows(lines: list[Line], years: tuple[int, ...]) -> list[dict]:
    rows = []
    for line in lines:
        for n, year in enumerate(years):
            row = {"year": year, "value": line.values[n], "series": line.label}
            if line.banded:
                row |= {"lower": line.lower[n], "upper": line.upper[n]}
            rows.append(row)
    return rows


def by_year(found: Outlook, anchor: str) -> Table:
    """Behind the picture: every line and limit by year, in the measure and in people or events."""
    s, counted = found.standing, found.events(0) is not None
    limits = [
        (line.label if not name else f"{line.label}, {name} 80% limit", values)
        for line in found.drawn
        for name, values in (("", line.values), ("lower", line.lower), ("upper", line.upper))
        if not name or (line.banded and (line.id != "schemes" or found.delivering))
    ]
    rows = []
    for label, values in limits:
        row: dict = {"line": label} | dict(zip(map(str, found.years), values, strict=True))
        if counted:
            row |= {f"n{year}": found.events(value) for year, value in zip(found.years, values, strict=True)}
        rows.append(row)
    return table(
        f"years-{anchor}",
        f"{s.indicator.name}: every line by year",
        [
            Column("line", "Line"),
            *(Column(str(year), str(year), decimals=s.indicator.decimals) for year in found.years),
            *(Column(f"n{year}", str(year), found.events_label, 0) for year in found.years if counted),
        ],
        rows,
        source=s.indicator.source,
        note=f"Values {in_unit(s.indicator.unit)}."
        + (f" Counted at the population of {s.own.period}: sizes and no forecast." if counted else ""),
    )


# --- the table ----------------------------------------------------------------


def line_table(found: Outlook, anchor: str) -> Table:
    """One row a line: its level by year, its band, the change, the events, and how often it was achieved."""
    s, d, last = found.standing, found.standing.indicator.decimals, found.years[-1]
    counted = found.events(0) is not None
    return table(
        f"lines-{anchor}",
        f"{s.indicator.name}: the lines side by side",
        [
            Column("line", "Line"),
            *(Column(str(year), str(year), decimals=d) for year in found.years),
            Column("band", f"80% band in {last}"),
            Column("change", "Relative change", "%", 1),
            *([Column("events", f"{last} against do nothing", found.events_label, 0)] if counted else []),
            Column("clear", "Outside the baseline's interval"),
            Column("past", "Past moves as good"),
        ],
        [_row(found, line) for line in _shown(found)],
        source=s.indicator.source,
        note=_under(found, counted),
        missing="none",
    )


def _shown(found: Outlook) -> list[Line]:
    """Every line; one that only repeats another stands in its row, or is named below the table."""
    lines = [line for line in found.drawn if line.id != "schemes" or found.delivering]
    kept = ("do-nothing", "schemes", "own")
    return [line for line in lines if line.id in kept or not (_held(line) or _followed(found, line))]


def _held(line: Line) -> bool:
    """Whether the area is better than the target of a line already."""
    return line.how.endswith("already: held")


def _followed(found: Outlook, line: Line) -> bool:
    """Whether the level chosen is a line's, year by year, as far as it is printed."""
    near = 0.501 * 10.0**-found.standing.indicator.decimals
    return found.chosen is not None and all(
        abs(a - b) <= near for a, b in zip(line.values, found.chosen.values, strict=True)
    )


def _row(found: Outlook, line: Line) -> dict:
    own, d = found.standing.own, found.standing.indicator.decimals
    ranged = line.banded and (line.id != "schemes" or bool(found.delivering))
    return {
        "line": _label(found, line),
        **dict(zip(map(str, found.years), line.values, strict=True)),
        "band": f"{number(line.lower[-1], d)} to {number(line.upper[-1], d)}" if ranged else None,
        "change": 100 * (line.last / found.baseline - 1) if found.baseline else None,
        "events": found.events(line.last - found.lines["do-nothing"].last),
        "clear": _clears(own.lower, own.upper, line.last),
        "past": _achieved(found, line),
    }


def _label(found: Outlook, line: Line) -> str:
    if line is not found.chosen:
        return line.label
    same = next((x for x in found.lines.values() if not x.banded and _followed(found, x)), None)
    return f"{line.label}: {same.label[:1].lower()}{same.label[1:]}" if same else line.label


def _under(found: Outlook, counted: bool) -> str:
    """What the columns count, and which lines are held because the area is better already."""
    s = found.standing
    said = [f"Levels {in_unit(s.indicator.unit)}; change on the baseline of {level_of(s, found.baseline)}."]
    if counted:
        said.append(f"A minus sign against do nothing means fewer {found.events_label} a year.")
    if moves := max((p.moves for p in found.past.values()), default=0):
        said.append(f"Past moves: {moves:,} over {found.ahead} years.")
    else:
        said.append("How plausible a change is cannot be said here.")
    said.append(f"Compared with {plural(len(s.peers), 'peer')} and {plural(s.areas, 'area')} in all.")
    said += [f"{line.label}: {line.how}." for line in found.lines.values() if _held(line)]
    if found.chosen and "interpolated" in found.chosen.how:
        said.append("Chosen level: years between those that were set are interpolated.")
    return " ".join(said)


def _achieved(found: Outlook, line: Line) -> str:
    past = found.past.get("own" if line is found.chosen else line.id)
    if past is None or not past.moves:
        return "cannot be said"
    return "none" if past.share == 0 else past_moves.percent(past.share)


def _clears(lower: float | None, upper: float | None, value: float) -> str:
    if lower is None or upper is None:
        return "no interval"
    return "no" if lower <= value <= upper else "yes"

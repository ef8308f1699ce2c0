"""Step 2: five-year ambitions: for each bound measure the lines it could follow, and the level chosen."""

from __future__ import annotations

from workbook import charts
from workbook.blocks import Block, Column, Figure, Heading, Result, Step, Table, Words, table
from workbook.plan import Plan
from workbook.plan.sections import Ambition
from workbook.reference import Reference
from workbook.steps import asking
from workbook.steps.lines import Line, Outlook, name_of, outlook
from workbook.steps.standing import Peers, Standing, interval_words, peers_of
from workbook.words import in_unit, number

_ASKED = (
    "measure",
    "line",
    "levels",
    "in_words",
    "reason",
    "second_reason",
    "must_be_true",
    "owner",
    "priorities",
)
_SHOWN = ("measure", "line", "levels")  # the words and the table of an ambition say these too


def ambitions(plan: Plan, reference: Reference) -> Step:
    """The seven ambitions, each with its lines, its chosen level, its owner and its reason."""
    from workbook.steps.thread import of_step

    group = peers_of(plan, reference)
    results: list[Result] = []
    blocks: list[Block] = [
        Words(
            (
                "Seven ambitions for five years (Commissioning for outcomes, 2014). Every measure they had then has "
                "been replaced or broken, so each is bound to a figure you choose. The lines below are possible ways "
                "for the figure to go; none of them is the answer.",
            )
        )
    ]
    seen: set[int] = set()
    used = []
    for index, ambition in enumerate(plan.ambitions.items):
        found = outlook(plan, reference, ambition, group)
        anchor = str(ambition.number) if ambition.number not in seen else f"{ambition.number}-{index}"
        seen.add(ambition.number)
        blocks += _ambition(plan, reference, index, ambition, anchor, found, group, results)
        if found:
            used.append(ambition.measure)
    blocks.append(Heading("Outcomes people chose for themselves", "citizens"))
    if not plan.ambitions.citizens:
        blocks.append(Words(("None has been written down yet.",), "note"))
    blocks += [
        asking.ask(plan, reference, "/ambitions/citizens"),
        *of_step(plan, reference, "ambitions"),
    ]
    return Step("ambitions", "Five-year ambitions", tuple(blocks), tuple(results), tuple(used))


def title_of(reference: Reference, number_: int) -> str:
    """The wording of one of the seven ambitions."""
    items = {item.id: item.label for item in reference.framework("CFO-02").items}
    return items.get(f"CFO-02.{number_}", f"Ambition {number_}")


def _ambition(
    plan: Plan,
    reference: Reference,
    index: int,
    ambition: Ambition,
    anchor: str,
    found: Outlook | None,
    group: Peers,
    results: list[Result],
) -> list[Block]:
    blocks: list[Block] = [
        Heading(f"Ambition {ambition.number}: {title_of(reference, ambition.number)}", f"ambition-{anchor}")
    ]
    if found:
        blocks += _outlook_blocks(plan, found, anchor, results)
    else:
        blocks.append(_without_figures(plan, reference, ambition))
    blocks += [
        asking.ask(
            plan,
            reference,
            f"/ambitions/items/{index}/{name}",
            prompt=f"Ambition {ambition.number}: levels by year" if name == "levels" else "",
            detail=bool(found) and name in _SHOWN,
        )
        for name in _ASKED
    ]
    return blocks


def _without_figures(plan: Plan, reference: Reference, ambition: Ambition) -> Words:
    if not ambition.measure:
        how = "it stands in words." if ambition.in_words else "it says nothing yet."
        return Words((f"No measure is bound to this ambition: {how}",), "note")
    name = name_of(reference, ambition.measure)
    recorded = ambition.baseline
    words = [f"{name} is not on hand for {plan.area.name} up to {plan.base_year}, so no line can be drawn."]
    if recorded:
        words.append(
            f"Recorded when the level was chosen: {number(recorded.value, None, recorded.unit)} ({recorded.period}; {recorded.source})."
        )
    if ambition.levels:
        levels = "; ".join(f"{level.year}: {number(level.value)}" for level in ambition.levels)
        words.append(f"Levels chosen: {levels}.")
    return Words(tuple(words), "note")


def _outlook_blocks(plan: Plan, found: Outlook, anchor: str, results: list[Result]) -> list[Block]:
    results.extend(_results(found, anchor))
    return [
        _baseline_words(plan, found),
        _figure(plan, found, anchor),
        _line_table(found, anchor),
        _chosen_words(plan, found),
        Words(("How the lines are made:",)),
        Words(tuple(f"{line.label}: {_sentence(line.how)}" for line in _drawn(found)), "list"),
    ]


def _baseline_words(plan: Plan, found: Outlook) -> Words:
    s, d = found.standing, found.standing.indicator.decimals
    status = {
        "replaced": " Its publisher has replaced this measure.",
        "discontinued": " This measure is no longer published.",
        "synthetic": " The figures are synthetic: made up for demonstration.",
    }.get(s.indicator.status, "")
    return Words(
        (
            f"Measure: {s.indicator.name} ({s.indicator.unit}). Baseline: {_level(s, s.own.value)} in {s.own.period} "
            f"(95% interval: {interval_words(s.own.lower, s.own.upper, d, s.own.approximate)}).{status}",
        )
    )


def _level(s: Standing, value: float) -> str:
    """A value of the measure where its unit has just been named: only a per cent sign is said again."""
    return number(value, s.indicator.decimals, "%" if s.indicator.unit == "%" else "")


def _figure(plan: Plan, found: Outlook, anchor: str) -> Figure:
    s = found.standing
    history = [{"year": r.year, "value": r.value, "lower": r.lower, "upper": r.upper} for r in s.history]
    shown = ["do-nothing", "peer-median", "best-quintile"]
    drawn = [found.lines[name] for name in shown if name in found.lines]
    if found.chosen:
        drawn.append(found.chosen)
    d = s.indicator.decimals
    said = [f"{line.label} {number(line.last, d)}" for line in drawn]
    return Figure(
        f"ambition-{anchor}",
        f"{s.indicator.name}: where it could go by {found.years[-1]}",
        charts.paths(history, _chart_rows(drawn, found.years), unit=s.indicator.unit, base_year=s.own.year),
        f"{s.indicator.name} in {plan.area.name} from {s.history[0].period} to {s.own.period}, then possible lines to "
        f"{found.years[-1]}: {'; '.join(said)}. {s.indicator.unit}.",
        _line_table(found, anchor),
        s.indicator.source,
    )


def _chart_rows(lines: list[Line], years: tuple[int, ...]) -> list[dict]:
    rows = []
    for line in lines:
        for n, year in enumerate(years):
            row = {"year": year, "value": line.values[n], "series": line.label}
            if line.lower and line.lower[n] == line.lower[n]:
                row |= {"lower": line.lower[n], "upper": line.upper[n]}
            rows.append(row)
    return rows


def _sentence(words: str) -> str:
    return words if words.endswith(".") else f"{words}."


def _drawn(found: Outlook) -> list[Line]:
    return [*found.lines.values(), *([found.chosen] if found.chosen else [])]


def _line_table(found: Outlook, anchor: str) -> Table:
    s, d = found.standing, found.standing.indicator.decimals
    counted = found.events(0) is not None
    events = Column("events", f"Against do nothing in {found.years[-1]}", found.events_label, 0)
    columns = [
        Column("line", "Line"),
        *(Column(str(year), str(year), decimals=d) for year in found.years),
        Column("band", f"80% interval in {found.years[-1]}"),
        Column("change", "Change on baseline", "%", 1),
        *([events] if counted else []),
        Column("clear", "Outside the baseline's interval"),
    ]
    note = f"Values {in_unit(s.indicator.unit)}."
    return table(
        f"lines-{anchor}",
        f"{s.indicator.name}: the lines side by side",
        columns,
        [_line_row(found, line) for line in _drawn(found)],
        source=s.indicator.source,
        note=f"{note} A minus sign against do nothing means fewer." if counted else note,
    )


def _line_row(found: Outlook, line: Line) -> dict:
    s, d = found.standing, found.standing.indicator.decimals
    band = ""
    if line.lower and line.lower[-1] == line.lower[-1]:
        band = f"{number(line.lower[-1], d)} to {number(line.upper[-1], d)}"
    return {
        "line": line.label,
        **{str(year): value for year, value in zip(found.years, line.values, strict=True)},
        "band": band or "none",
        "change": 100 * (line.last / found.baseline - 1) if found.baseline else None,
        "events": found.events(line.last - found.lines["do-nothing"].last),
        "clear": _clears(s.own.lower, s.own.upper, line.last),
    }


def _clears(lower: float | None, upper: float | None, value: float) -> str:
    if lower is None or upper is None:
        return "no interval"
    return "no" if lower <= value <= upper else "yes"


def _chosen_words(plan: Plan, found: Outlook) -> Words:
    if found.chosen is None:
        return Words(("No level has been chosen yet.",), "note")
    s, d = found.standing, found.standing.indicator.decimals
    gap = found.chosen.last - found.lines["do-nothing"].last
    events = found.events(gap)
    words = [
        f"Chosen: {number(found.chosen.last, d, s.indicator.unit)} by {found.years[-1]}, "
        f"from {_level(s, found.baseline)} in {s.own.period}."
    ]
    if events is not None and abs(events) >= 0.5:
        words.append(
            f"Against the do-nothing line that is about {number(abs(events), 0)} "
            f"{'fewer' if events < 0 else 'more'} {found.events_label} in {found.years[-1]}."
        )
    if found.plausibility:
        words.append(found.plausibility)
    delivered = found.lines["schemes"].last
    if found.lines["schemes"].values != found.lines["do-nothing"].values:
        words.append(
            f"The funded schemes that state an effect would bring the figure to {_level(s, delivered)}: "
            f"{_reach(found, delivered)}."
        )
    return Words((" ".join(words),))


def _reach(found: Outlook, delivered: float) -> str:
    assert found.chosen is not None
    low = found.standing.indicator.polarity == "low"
    reached = delivered <= found.chosen.last if low else delivered >= found.chosen.last
    d = found.standing.indicator.decimals
    return (
        "enough for the level chosen"
        if reached
        else f"{number(abs(delivered - found.chosen.last), d)} short of the level chosen"
    )


def _results(found: Outlook, anchor: str) -> list[Result]:
    s, i = found.standing, found.standing.indicator
    now = (
        ("baseline", "baseline", s.own.value, "As published"),
        ("peer-median-now", "peer median", s.peer_median, f"Median of {len(s.peers)} peers"),
        ("best-fifth-now", "threshold of the best fifth", s.best_fifth, f"Best fifth of {s.areas} areas"),
    )
    rows = [
        Result(f"ambition-{anchor}.{name}", f"{i.name}, {label}", value, i.unit, s.own.period, how, i.source)
        for name, label, value, how in now
    ]
    rows += [result for line in _drawn(found) for result in _line_results(found, line, anchor)]
    if found.share_achieved is not None:
        label, how = (
            "Past moves of comparable areas at least as good",
            "Share of past moves over as many years",
        )
        share, year = 100 * found.share_achieved, str(found.years[-1])
        rows.append(Result(f"ambition-{anchor}.plausibility", label, share, "%", year, how, i.source))
    return rows


def _line_results(found: Outlook, line: Line, anchor: str) -> list[Result]:
    """The level of a line for each year, and its limits in the last."""
    i, last = found.standing.indicator, str(found.years[-1])
    stem = f"ambition-{anchor}.{'chosen' if line is found.chosen else line.id}"
    label = f"{i.name}, {line.label.lower()}"
    rows = [
        Result(f"{stem}.{year}", label, value, i.unit, str(year), line.how, i.source)
        for year, value in zip(found.years, line.values, strict=True)
    ]
    if line.lower and line.lower[-1] == line.lower[-1]:
        for name, limit in (("lower", line.lower[-1]), ("upper", line.upper[-1])):
            rows.append(
                Result(
                    f"{stem}.{last}.{name}",
                    f"{label}, {name} limit (80%)",
                    limit,
                    i.unit,
                    last,
                    line.how,
                    i.source,
                )
            )
    return rows

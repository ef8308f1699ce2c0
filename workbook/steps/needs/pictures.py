"""The area among others as pictures: spine chart, funnel plot, areas in order, map."""

from __future__ import annotations

from workbook import charts
from workbook.blocks import Column, Figure, Table, Words, table
from workbook.methods import compare, funnel
from workbook.methods.funnel import Funnel
from workbook.methods.spread import Spread, spread
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps.peers import MANY
from workbook.steps.standing import Reading, Standing
from workbook.words import listed, number, plural, some

MOST_ROWS = 18
_FILLED = 10  # rows of a spine chart up to which figures without a better direction are drawn as well

_FEWEST = 5
_TOO_WIDE = 100  # times the spread that chance explains, above which a funnel shows nothing
_ORDER = ("worse", "similar", "better", "higher", "lower", "not compared")


def _marked(s: Standing) -> set[str]:
    """The peers as a picture marks them: none where every area of the kind stands in for a list of peers."""
    return {r.area for r in s.peers} if len(s.peers) <= MANY else set()


# --- spine ----------------------------------------------------------------------------


def spine_figure(plan: Plan, standings: list[Standing], behind: Table) -> list[Figure | Words]:
    """The first figures that have a range of areas, the worse ones on top; ``behind``: all of them, as a table."""
    ranged = [(s, among) for s in standings if (among := spread_of(s))]
    if len(ranged) < 2:
        return []
    shown = sorted(_worth_drawing(ranged), key=lambda pair: _ORDER.index(pair[0].versus_benchmark))
    label = _benchmark_of([s for s, _ in shown])
    figure = Figure(
        "spine",
        f"{plan.area.name} on {plural(len(shown), 'figure')}, against {label} and the range of areas",
        charts.spine([_spine_row(s, among) for s, among in shown], benchmark_label=label),
        _spine_alt(plan, shown, label),
        behind,
        some(list(dict.fromkeys(s.indicator.source for s, _ in shown if s.indicator.source)), 6),
    )
    left = len(standings) - len(shown)
    bare = len(standings) - len(ranged)
    many = "" if bare == left else f"{bare} of them "
    why = f", {many}for want of other areas' figures" if bare else ""
    said = (
        f"{plural(left, 'figure is', 'figures are')} not drawn{why}; all stand in the table behind the chart."
    )
    return [figure, *([Words((said,), "note")] if left else [])]


def _worth_drawing(ranged: list[tuple[Standing, Spread]]) -> list[tuple[Standing, Spread]]:
    """The first that can be judged; those without a better direction only fill a short chart up."""
    judged = [pair for pair in ranged if pair[0].indicator.polarity in ("low", "high")][:MOST_ROWS]
    others = [pair for pair in ranged if pair[0].indicator.polarity not in ("low", "high")]
    return [*judged, *others[: max(0, _FILLED - len(judged))]]


def spread_of(s: Standing) -> Spread | None:
    return spread([r.value for r in s.everyone], s.indicator.polarity)


def _benchmark_of(standings: list[Standing]) -> str:
    """The one benchmark, where all have the same; else the word."""
    labels = {s.benchmark_label for s in standings if s.benchmark is not None}
    short = labels.pop() if len(labels) == 1 else "benchmark"
    return short if len(short) <= 24 else "benchmark"


def _spine_row(s: Standing, among: Spread) -> dict:
    d = s.indicator.decimals
    return {
        "name": s.indicator.name,
        "value": s.own.value,
        "lower": s.own.lower,
        "upper": s.own.upper,
        "benchmark": s.benchmark,
        **among._asdict(),
        "judgement": s.versus_benchmark,
        "label": number(s.own.value, d, "%" if s.indicator.unit == "%" else ""),
        "polarity": s.indicator.polarity,
    }


def _spine_alt(plan: Plan, shown: list[tuple[Standing, Spread]], label: str) -> str:
    found = {v: [s.indicator.name for s, _ in shown if s.versus_benchmark == v] for v in _ORDER}
    said = "; ".join(f"{verdict}: {listed(names)}" for verdict, names in found.items() if names)
    return f"One row for each figure of {plan.area.name}, the worst area left, the best right, {label} in the middle. {said}."


# --- funnel ---------------------------------------------------------------------------


def funnel_figure(plan: Plan, standings: list[Standing]) -> list[Figure | Words]:
    """A funnel plot of the first figure that can have one; nothing, or why, where none can."""
    wide = []
    for s in standings:
        if s.benchmark is None or not (kind := _kind(s)) or len(sizes := _sizes(s, kind)) < _FEWEST:
            continue
        if _dispersion(s, kind, sizes) <= _TOO_WIDE:
            return _funnel(plan, s, kind, sizes)
        wide.append(s.indicator.name)
    if not wide:
        return []
    said = (
        f"No funnel plot of {listed(wide)}: so many people stand behind each figure that nearly every area lies "
        "outside the limits of chance. There the question is why areas differ, not whether."
    )
    return [Words((said,), "note")]


def _dispersion(s: Standing, kind: funnel.Kind, sizes: dict[str, float]) -> float:
    """How many times more the areas differ than chance explains."""
    shown = [r for r in s.everyone if r.area in sizes]
    people = [sizes[r.area] for r in shown]
    return funnel.dispersion([r.value for r in shown], s.benchmark or 0.0, people, s.indicator.per, kind)


def _kind(s: Standing) -> funnel.Kind | None:
    """What chance does to the figure; None where its count and its unit do not go together."""
    i = s.indicator
    if not i.per or i.value_type in ("mean", "years", "isr") or i.unit.startswith("years per"):
        return None
    return "proportion" if i.unit == "%" or i.value_type == "proportion" else "rate"


def _sizes(s: Standing, kind: funnel.Kind) -> dict[str, float]:
    """How large each area counts: its people; for a rate, the people at which its count would give it."""
    sizes = {}
    for r in s.everyone:
        if kind == "rate" and r.count and r.value > 0:
            sizes[r.area] = float(funnel.effective_population(r.count, r.value, s.indicator.per))
        elif r.denominator:
            sizes[r.area] = r.denominator
    return sizes if s.own.area in sizes else {}


def _funnel(plan: Plan, s: Standing, kind: funnel.Kind, sizes: dict[str, float]) -> list[Figure | Words]:
    assert s.benchmark is not None
    shown = [r for r in s.everyone if r.area in sizes]
    values, people = [r.value for r in shown], [sizes[r.area] for r in shown]
    at = funnel.limits(s.benchmark, people, s.indicator.per, kind)
    places = dict(zip([r.area for r in shown], map(str, funnel.places(values, at)), strict=True))
    drawn = funnel.limits(s.benchmark, funnel.grid(people, 40), s.indicator.per, kind)
    peers = _marked(s)
    rows = [
        {
            "area": r.name,
            "value": r.value,
            "denominator": sizes[r.area],
            "own": r.area == s.own.area,
            "peer": r.area in peers,
        }
        for r in shown
    ]
    own = places[s.own.area]
    outside = sum(place not in ("", funnel.WITHIN) for place in places.values())
    d, unit, name = s.indicator.decimals, s.indicator.unit, s.indicator.name
    figure = Figure(
        f"funnel-{s.indicator.id}",
        f"{name}, {s.own.period}: {plan.area.name} lies {_limits(own)}",
        charts.funnel(
            rows,
            _lines(drawn),
            unit=unit,
            benchmark=s.benchmark,
            denominator_label="people",
            benchmark_label=_short(s.benchmark_label),
        ),
        f"{plural(len(rows), 'area')} by size, around {s.benchmark_label} at {number(s.benchmark, d)} {unit}. "
        f"{plan.area.name}, {number(s.own.value, d)}, lies {_limits(own)}; {outside} of all areas lie outside the 95% limits.",
        _funnel_table(s, rows, places, at),
        s.indicator.source,
    )
    wide = _dispersion(s, kind, sizes)
    return [figure, Words((_funnel_words(kind, outside, len(rows), wide),), "note")]


def _limits(place: str) -> str:
    return place.replace(" %", "%") or "where no limit can be drawn"


def _short(label: str) -> str:
    return label.partition(" (")[0]


def _lines(drawn: Funnel) -> list[dict]:
    fields = ("denominators", "lower95", "upper95", "lower998", "upper998")
    columns = [getattr(drawn, field).tolist() for field in fields]
    names = ("denominator", *fields[1:])
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _funnel_words(kind: str, outside: int, areas: int, dispersion: float) -> str:
    expected = "By chance alone about one area in twenty would lie outside the 95% limits"
    found = f"{expected}; here it is {outside} of {areas}."
    wide = (
        " They differ far more than chance explains: a place outside is a question about causes, not yet an answer."
        if dispersion > 2
        else ""
    )
    size = (
        " The size of an area is the number of people at which its count would give its rate."
        if kind == "rate"
        else ""
    )
    return found + wide + size


def _funnel_table(s: Standing, rows: list[dict], places: dict[str, str], at: Funnel) -> Table:
    """The area, its peers, and the areas outside the outer limits; the others are drawn only."""
    d, unit = s.indicator.decimals, s.indicator.unit
    codes = list(places)
    found = [
        {
            **row,
            "lower": float(at.lower95[n]),
            "upper": float(at.upper95[n]),
            "place": _limits(places[code]),
            "kind": "the area" if row["own"] else "peer" if row["peer"] else "other",
        }
        for n, (code, row) in enumerate(zip(codes, rows, strict=True))
        if row["own"] or row["peer"] or "99.8" in places[code]
    ]
    return table(
        f"funnel-{s.indicator.id}",
        f"{s.indicator.name}: the area, its peers, and who lies outside the 99.8% limits",
        [
            Column("area", "Area"),
            Column("kind", "Which"),
            Column("denominator", "Size", "people", 0),
            Column("value", "Value", unit, d),
            Column("lower", "Lower limit at this size, 95%", unit, d),
            Column("upper", "Upper limit at this size, 95%", unit, d),
            Column("place", "Place"),
        ],
        sorted(found, key=lambda r: (not r["own"], not r["peer"], r["area"])),
        source=s.indicator.source,
    )


# --- areas in order -------------------------------------------------------------------


def ranked_figure(plan: Plan, s: Standing) -> Figure:
    """The area and its peers in order, with their intervals."""
    ordered = sorted([s.own, *s.peers], key=lambda r: r.value)
    rows = [_ranked_row(r, s.own.area) for r in ordered]
    place = next(n for n, r in enumerate(rows, 1) if r["own"])
    d, unit = s.indicator.decimals, s.indicator.unit
    return Figure(
        f"peers-{s.indicator.id}",
        f"{s.indicator.name} beside the peers, {s.own.period}",
        charts.ranked(rows, unit=unit, benchmark=s.benchmark, benchmark_label=_short(s.benchmark_label)),
        f"{plan.area.name} and {plural(len(s.peers), 'peer')}, lowest first: {plan.area.name} is number {place} of {len(rows)} "
        f"with {number(s.own.value, d)} {unit}{_middle(s)}.",
        table(
            f"peers-{s.indicator.id}",
            f"{s.indicator.name}, area and peers",
            [
                Column("area", "Area"),
                Column("value", "Value", unit, d),
                Column("lower", "Lower limit, 95%", unit, d),
                Column("upper", "Upper limit, 95%", unit, d),
            ],
            rows,
            source=s.indicator.source,
        ),
        s.indicator.source,
    )


def _middle(s: Standing) -> str:
    return (
        "" if s.peer_median is None else f"; the peer median is {number(s.peer_median, s.indicator.decimals)}"
    )


def _ranked_row(r: Reading, own: str) -> dict:
    return {"area": r.name, "value": r.value, "lower": r.lower, "upper": r.upper, "own": r.area == own}


# --- map ------------------------------------------------------------------------------


def map_figure(plan: Plan, reference: Reference, s: Standing) -> list[Figure | Words]:
    """The area among its peers and the others; a line on what to import where no outline is on hand."""
    own = s.own.area
    found = reference.boundaries([r.area for r in s.everyone]) | _of_parts(reference, own)
    if own not in found:
        return [Words((_no_outline(plan),), "note")]
    peers = _marked(s)
    rows = [
        {
            "code": r.area,
            "name": r.name,
            "rings": found.get(r.area, []),
            "role": "own" if r.area == own else "peer" if r.area in peers else "other",
            "value": r.value,
        }
        for r in s.everyone
        if r.area in found or r.area in peers
    ]
    d, unit, name = s.indicator.decimals, s.indicator.unit, s.indicator.name
    middle = compare.median([r.value for r in s.everyone])
    return [
        Figure(
            "map",
            f"{name}, {s.own.period}: {plan.area.name} among its peers",
            charts.map_(rows, unit=unit, decimals=d),
            f"A map of {plural(len(rows), 'area')}, shaded by {name}, {unit}. {plan.area.name}, outlined heavily: "
            f"{number(s.own.value, d)}; the middle of the areas: {number(middle, d)}.",
            _map_table(s, rows),
            s.indicator.source,
        )
    ]


def _of_parts(reference: Reference, own: str) -> dict[str, list[list[list[float]]]]:
    """The outline of a composed area: those of its parts, where each has one."""
    parts = reference.members(own)
    found = reference.boundaries(parts) if parts else {}
    return (
        {own: [ring for part in parts for ring in found[part]]} if parts and set(parts) <= set(found) else {}
    )


def _no_outline(plan: Plan) -> str:
    return (
        f"No outline of {plan.area.name} is on hand, so there is no map. Import the boundaries (GeoJSON, in longitude "
        "and latitude) that the Office for National Statistics publishes for this kind of area."
    )


def _map_table(s: Standing, rows: list[dict]) -> Table:
    words = {"own": "the area", "peer": "peer", "other": "other"}
    ordered = sorted(rows, key=lambda r: (list(words).index(r["role"]), r["name"]))
    return table(
        "map",
        f"{s.indicator.name} by area, as mapped",
        [
            Column("name", "Area"),
            Column("which", "Which"),
            Column("value", "Value", s.indicator.unit, s.indicator.decimals),
        ],
        [{**r, "which": words[r["role"]]} for r in ordered],
        source=s.indicator.source,
    )

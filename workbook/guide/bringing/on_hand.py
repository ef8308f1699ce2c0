"""Which figures there are for an area, from which file, and which official files would bring what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from workbook.errors import WorkbookError
from workbook.words import plural

if TYPE_CHECKING:
    from workbook.plan.model import Plan


@dataclass(frozen=True)
class Wanted:
    """Figures that the workbook has a use for: for what, which official file holds them, for which kinds of area."""

    what: str
    use: str
    publisher: str
    file: str
    prefixes: tuple[str, ...] = ()  # of the ids of indicators
    kinds: tuple[str, ...] = ()  # of area; all where empty


# As docs/data.md describes them, in the order in which a plan asks for them.
WANTED = (
    Wanted(
        "Outcomes and need, with trends",
        "needs, ambitions",
        "Office for Health Improvement and Disparities",
        "Fingertips: the CSV download of a profile for areas of your kind",
        ("ft-",),
    ),
    Wanted(
        "Deaths that health care could have prevented",
        "ambition 1",
        "Office for National Statistics",
        "Avoidable mortality by clinical commissioning group, or Fingertips for other areas",
        ("treatable-mortality", "pyll-amenable", "ft-"),
    ),
    Wanted(
        "Population by age and sex, year by year",
        "needs, five years",
        "Office for National Statistics or NHS England",
        "Population projections by area, year, sex and age group",
        ("population",),
    ),
    Wanted(
        "Deprivation",
        "needs",
        "Ministry of Housing, Communities and Local Government",
        "English Indices of Deprivation 2025: summaries by integrated care board or district",
        ("imd-2025",),
    ),
    Wanted(
        "Need for care beside its weight in population",
        "needs, budget",
        "NHS England",
        "Allocations: registered and need-weighted populations by GP practice",
        ("need",),
        ("icb",),
    ),
    Wanted(
        "Allocation and spend per head",
        "budget",
        "NHS England",
        "Clinical commissioning group allocations",
        ("allocation",),
        ("ccg",),
    ),
    Wanted(
        "Adult social care",
        "needs, ambitions",
        "Office for Local Government",
        "Adult social care measures",
        ("ascof-",),
        ("la",),
    ),
    Wanted(
        "Disease registers",
        "needs",
        "NHS England (NHS Digital)",
        "Quality and Outcomes Framework: prevalence by commissioning group",
        ("qof-",),
        ("ccg",),
    ),
    Wanted(
        "Areas like yours",
        "comparison",
        "NHS England",
        "Similar 10: the list, or its input data",
        ("peers",),
        ("ccg",),
    ),
    Wanted(
        "Outlines for maps",
        "maps",
        "Office for National Statistics, Open Geography portal",
        "Boundaries as GeoJSON in degrees (WGS84)",
        ("outline",),
    ),
)


@dataclass(frozen=True)
class OnHand:
    """Figures of an area that came from one place."""

    what: str
    source: str
    years: str
    taken: str


def on_hand(reference: Any, code: str) -> list[OnHand]:
    """What there is for an area, by the file it came from; then what ships with the workbook."""
    found = [*_imported(reference, code), *_shipped(reference, code)]
    return sorted(found, key=lambda f: (f.source, f.what))


def _imported(reference: Any, code: str) -> list[OnHand]:
    found = []
    series = reference.store.query(
        "SELECT i.file, i.source, i.taken, COUNT(DISTINCT s.indicator), MIN(s.year), MAX(s.year) FROM series s "
        "JOIN import i ON s.import = i.id WHERE s.area = ? GROUP BY i.id",
        (code,),
    )
    for file, source, taken, count, first, last in series:
        found.append(OnHand(plural(count, "measure"), _named(source, file), _years(first, last), _day(taken)))
    people = reference.store.query(
        "SELECT i.file, i.source, i.taken, MIN(p.year), MAX(p.year) FROM population p "
        "JOIN import i ON p.import = i.id WHERE p.area = ? GROUP BY i.id",
        (code,),
    )
    for file, source, taken, first, last in people:
        found.append(
            OnHand("Population by age and sex", _named(source, file), _years(first, last), _day(taken))
        )
    for table, what in (("need_index", "Need index"), ("boundary", "Outline"), ("peer", "Areas like yours")):
        for file, source, taken in reference.store.query(
            f"SELECT DISTINCT i.file, i.source, i.taken FROM {table} t JOIN import i ON t.import = i.id "
            "WHERE t.area = ?",
            (code,),
        ):
            found.append(OnHand(what, _named(source, file), "", _day(taken)))
    return found


def _shipped(reference: Any, code: str) -> list[OnHand]:
    """Of the synthetic system, whose figures ship."""
    ids = [i for i in reference.available(code) if i.startswith("demo-")]
    if not ids:
        return []
    return [
        OnHand(plural(len(ids), "measure"), "Synthetic demonstration system: made up", "", "ships with it")
    ]


def _named(source: str, file: str) -> str:
    return f"{source} ({file})" if source else str(file)


def _years(first: Any, last: Any) -> str:
    if first is None:
        return ""
    return str(first) if first == last else f"{first} to {last}"


def _day(taken: Any) -> str:
    from workbook.render.text import iso_day

    return iso_day(str(taken)[:10])


def missing(reference: Any, code: str) -> list[Wanted]:
    """What the workbook has a use for and has not got for an area."""
    kind = reference.area(code).kind
    held = list(reference.available(code))
    if len(reference.population(code)):
        held.append("population")
    if len(reference.need_index(code)):
        held.append("need")
    if reference.peers(code):
        held.append("peers")
    if reference.boundaries([code]):
        held.append("outline")
    return [
        wanted
        for wanted in WANTED
        if (not wanted.kinds or kind in wanted.kinds)
        and not any(id.startswith(prefix) for id in held for prefix in wanted.prefixes)
    ]


# --- as the page tells it ------------------------------------------------------------------


def held(plan: Plan | None, reference: Any = None) -> str:
    """What is on hand and what is missing for the area of a plan; without a plan, which files were brought in."""
    if reference is None:
        from workbook.reference import Reference

        reference = Reference.open()
    if plan is None:
        count = len(reference.imports())
        said = f"{plural(count, 'file')} of official figures {'was' if count == 1 else 'were'} brought in so far."
        return f"<p>{said if count else 'No official figures were brought in yet.'}</p>"
    code, name = plan.area.code, escape(plan.area.name)
    try:
        here, lacks = on_hand(reference, code), missing(reference, code)
    except WorkbookError as error:
        return f"<p>{escape(str(error))}</p>"
    rows = "".join(
        f'<tr><th scope="row">{escape(h.what)}</th><td>{escape(h.source)}</td><td>{escape(h.years)}</td>'
        f"<td>{escape(h.taken)}</td></tr>"
        for h in here
    )
    there = (
        '<div class="wb-scroll" role="region" aria-labelledby="wg-held-title" tabindex="0"><table class="wb-table">'
        f'<caption class="wb-caption" id="wg-held-title">On hand for {name}</caption><thead><tr><th scope="col">What</th>'
        '<th scope="col">From</th><th scope="col">Years (a span begins in)</th><th scope="col">Brought in</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
        if here
        else f"<p><strong>No figures are on hand for {name}.</strong> Charts and tables that need them say so.</p>"
    )
    return there + _lacking(lacks, plan.area.synthetic)


def _lacking(lacks: Sequence[Wanted], synthetic: bool) -> str:
    if not lacks or synthetic:
        made_up = "<p>This area is made up: no official file holds figures of it.</p>" if synthetic else ""
        return made_up
    items = "".join(
        f"<li><strong>{escape(w.what)}</strong> (for: {escape(w.use)}). {escape(w.publisher)}: "
        f"“{escape(w.file)}”.</li>"
        for w in lacks
    )
    return (
        f'<details class="wg-lacking" data-key="lacking" open><summary>Not on hand: {len(lacks)}, and who publishes it'
        f"</summary><ul>{items}</ul></details>"
    )

"""Official figures brought in on the page: what is on hand for an area, what is missing, and files taken and checked.

A file comes in pieces (``uploads.py``), is checked by a process of its own, and is shown with what it holds, what it
would add and every fault, before anything is taken. Taking is long work too, and stops clean: each file is taken whole
or not at all.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.errors import BadInput, Fault, FaultyFile, WorkbookError
from workbook.guide import addresses, uploads, work
from workbook.words import plural

if TYPE_CHECKING:
    from workbook.guide.session import Reply, Session
    from workbook.plan.model import Plan

WHERE = "figures"
_LISTED = 40  # faults of a file on the page
_SERIES = 30  # measures of a file on the page
_LARGEST = uploads.PURPOSES["figures"].largest // 10**6  # MB


# --- what is on hand ------------------------------------------------------------------


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


# --- the part of a page -----------------------------------------------------------------


def section(plan: Plan | None, reference: Any = None) -> str:
    """On the start page: what is on hand, what is missing, and the way to bring files in."""
    told = f'<div id="wg-figures-held">{held(plan, reference)}</div>'
    return (
        '<section class="wg-card wg-out" id="figures" aria-labelledby="wg-figures-title">'
        f'<h2 id="wg-figures-title">Official figures</h2>{told}{_chooser()}</section>'
    )


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


def _chooser() -> str:
    return (
        '<div class="wg-bring"><div class="wg-field"><label for="wg-figures-file">Bring in files as their publishers give them</label>'
        f'<div class="wg-hint" id="wg-figures-file-h">CSV, XLSX or GeoJSON; {_LARGEST} MB at most each, up to '
        f"{uploads.AT_ONCE} at a time. What they are is found by what they hold. You see what they would add before it is taken. Files about "
        "people (NHS numbers, dates of birth, full postcodes) are refused.</div>"
        '<p class="wg-error" id="wg-figures-file-e" hidden></p>'
        '<input type="file" id="wg-figures-file" multiple accept=".csv,.tsv,.txt,.xlsx,.geojson,.json" '
        'aria-describedby="wg-figures-file-h wg-figures-file-e"></div>'
        '<p><button type="button" data-action="figures-read">Read the files</button></p>'
        f'{work.place(WHERE)}<div id="wg-figures"></div></div>'
    )


def way(step_id: str, name: str) -> str:
    """From the needs page to where figures are brought in."""
    if step_id != "needs" or not addresses.served():
        return ""
    address = escape(addresses.of("start", name, anchor="figures"))
    return f'<p class="wg-figures-way">Figures missing? <a href="{address}">See what is on hand and bring in official files</a>.</p>'


# --- the files of one page ----------------------------------------------------------------

KINDS = frozenset(
    {"figures-begin", "figures-piece", "figures-check", "figures-take", "figures-drop", "figures-stop"}
)


class Desk:
    """The files that one page sends, until they are taken or dropped."""

    def __init__(self, works: work.Works) -> None:
        self._works = works
        self._uploads = uploads.Uploads()
        self._waiting: dict[str, str] = {}  # upload -> name
        self._begun: dict[str, str] = {}  # message -> upload
        self._id = secrets.token_hex(6)

    def answer(self, session: Session | None, message: dict[str, Any]) -> Reply:
        """The reply to one message about files."""
        kind = str(message.get("kind"))
        act: dict[str, Callable[[], Reply]] = {
            "figures-begin": lambda: self._begin(message),
            "figures-piece": lambda: self._piece(message),
            "figures-check": lambda: self._check(session),
            "figures-take": lambda: self._take(session),
            "figures-drop": self._drop,
            "figures-stop": self._stop,
        }
        try:
            return act[kind]()
        except BadInput as error:
            self._drop()
            return {"upload": {"over": True}, "figures": _sorry(str(error))}

    def _begin(self, message: dict[str, Any]) -> Reply:
        """A file is announced; a message that comes twice over a bad line announces it once."""
        number = str(message.get("id", ""))
        if number not in self._begun:
            name, size = message.get("name"), message.get("size")
            id = self._uploads.begin(str(name), size, "figures")  # type: ignore[arg-type]  # it looks itself
            self._waiting[id], self._begun[number] = uploads.shown(name), id
        return {"upload": {"id": self._begun[number], "next": 0, "share": 0}}

    def _piece(self, message: dict[str, Any]) -> Reply:
        id, number = str(message.get("upload", "")), message.get("number")
        if not isinstance(number, int):
            raise BadInput("That piece of a file has no number.", "Reload the page.")
        if id not in self._waiting:  # one that was stopped
            return {"upload": {"over": True}}
        share = self._uploads.piece(id, number, message.get("content", ""))
        return {"upload": {"id": id, "next": number + 1, "share": share}}

    def _drop(self) -> Reply:
        self._uploads.close()
        self._waiting.clear()
        return {"figures": ""}

    def _stop(self) -> Reply:
        for what in ("check", "take"):
            self._works.stop(self._job(what, []).id)
        return {}

    def _check(self, session: Session | None) -> Reply:
        return self._works.start(self._job("check", self._paths()), self._checked)

    def _take(self, session: Session | None) -> Reply:
        return self._works.start(self._job("take", self._paths()), partial(self._taken, session))

    def _paths(self) -> list[Path]:
        if not self._waiting:
            raise BadInput("No file is there any more.", "Choose it again.")
        return [self._uploads.done(id) for id in self._waiting]

    def _job(self, what: str, paths: list[Path]) -> work.Job:
        title = {"check": "Reading the files", "take": "Bringing the figures in"}[what]
        command = ("-m", "workbook.guide.figures", what, *map(str, paths))
        return work.Job(f"figures {what} {self._id}", title, command, WHERE)

    def _checked(self, state: work.State) -> Reply:
        if state.over != "done":
            self._drop()
            return {"figures": ""}  # why, the line above says
        files = state.said.get("files", [])
        if any(f["refused"] for f in files):
            self._drop()
        return {"figures": shown(files)}

    def _taken(self, session: Session | None, state: work.State) -> Reply:
        self._drop()
        if state.over == "stopped":
            return {"figures": _card("Stopped", "<p>Of the file that was being taken nothing was kept.</p>")}
        if state.over == "failed":
            return {"figures": ""}
        plan = session.plan if session is not None else None
        caught_up: Reply = {}
        if session is not None:
            session.behind = True
            caught_up = session.catch_up()
        said = "".join(f"<li>{escape(s)}</li>" for f in state.said.get("files", []) for s in f["said"])
        parts = {**caught_up.get("parts", {}), "wg-figures-held": held(plan)}
        told = (
            "<p>Every page that is open shows them within half a minute.</p>"
            if session is not None
            else "<p>Reload this page to see areas that came with them in the list of areas.</p>"
        )
        return {
            **caught_up,
            "parts": parts,
            "figures": _card("The figures were brought in", f"<ul>{said}</ul>{told}"),
        }


# --- what is said of files ------------------------------------------------------------------


def shown(files: Sequence[dict[str, Any]]) -> str:
    """What files are, what they would add and what is wrong with them; a button where nothing stands in the way."""
    about = "".join(_one(f) for f in files)
    faulty = [f for f in files if f["refused"]]
    if faulty:
        return (
            '<div class="wg-problems" role="group" aria-label="Problems of the files" tabindex="-1">'
            f"<h3>There is a problem</h3><p>Nothing was taken, of no file. Mend what is listed and choose the files again.</p>{about}</div>"
        )
    buttons = (
        '<p><button type="button" data-action="figures-take">Bring these figures in</button> '
        '<button type="button" class="wg-quiet" data-action="figures-drop">Leave everything as it is</button></p>'
    )
    return _card("What the files hold", about + buttons)


def _one(file: dict[str, Any]) -> str:
    said = "".join(f"<p>{escape(line)}</p>" for line in file["said"])
    refusing = [f for f in file["faults"] if f["refuses"]]
    warning = [f for f in file["faults"] if not f["refuses"]]
    return (
        f"<h4>{escape(file['name'])}</h4>{said}{_faults(refusing, file['refusing'], 'fault', folded=False)}"
        f"{_measures(file['series'], file['measures'])}{_faults(warning, file['warnings'], 'warning', folded=True)}"
    )


def _measures(series: Sequence[dict[str, Any]], count: int) -> str:
    if not series:
        return ""
    items = "".join(
        f"<li>{escape(s['name'])}: {escape(str(s['first']))} to {escape(str(s['last']))}, {plural(s['areas'], 'area')}, "
        f"{plural(s['points'], 'figure')}</li>"
        for s in series
    )
    more = f"<li>And {count - len(series):,} more.</li>" if count > len(series) else ""
    return f"<details><summary>{plural(count, 'measure')}</summary><ul>{items}{more}</ul></details>"


def _faults(faults: Sequence[dict[str, Any]], count: int, word: str, *, folded: bool) -> str:
    if not faults:
        return ""
    items = "".join(f"<li>{escape(f['said'])}</li>" for f in faults)
    more = f"<li>And {count - len(faults):,} more.</li>" if count > len(faults) else ""
    listed = f"<ul>{items}{more}</ul>"
    if folded:
        return f"<details><summary>{plural(count, word)}</summary>{listed}</details>"
    return f"<p><strong>{plural(count, word)}</strong></p>{listed}"


def _card(title: str, inside: str) -> str:
    return (
        f'<div class="wg-card" role="group" aria-label="{escape(title)}" tabindex="-1"><h3>{escape(title)}</h3>'
        f"{inside}</div>"
    )


def _sorry(problem: str) -> str:
    return (
        '<div class="wg-problems" role="group" aria-label="Problems of the files" tabindex="-1"><h3>There is a problem</h3>'
        f"<p>Nothing was taken. {escape(problem)}</p></div>"
    )


# --- in a process of its own ------------------------------------------------------------------


def check(paths: Sequence[Path]) -> dict[str, Any]:
    """What files hold and what is wrong with them, as the page is told."""
    from workbook.reference import Reference, importers

    work.say("looking at what they hold", 0, 0)
    reference = Reference.open()
    with suppress(WorkbookError):
        return {"files": [_record(report) for report in importers.check_all(paths, reference)]}
    # One of them is no file that is known: each is asked by itself, so that every one is told of.
    return {"files": [_alone(path, reference) for path in paths]}


def _alone(path: Path, reference: Any) -> dict[str, Any]:
    from workbook.reference import importers

    try:
        return _record(importers.check(path, reference))
    except FaultyFile as error:
        return _faulty(path.name, error.faults)
    except WorkbookError as error:
        return _faulty(path.name, [Fault(error.problem, error.remedy)])


def _faulty(name: str, faults: Sequence[Fault]) -> dict[str, Any]:
    return {"name": name, "said": [], "series": [], "measures": 0, "refused": True, **_told(faults)}


def _record(report: Any) -> dict[str, Any]:
    from workbook.reference.importers import FORMATS

    known = FORMATS.get(report.format)
    said = f"{known.title if known else report.format}: {plural(report.rows, 'row')}."
    return {
        "name": report.file,
        "said": [said, *report.said],
        "series": report.series[:_SERIES],
        "measures": len(report.series),
        "refused": report.refused,
        **_told(report.faults),
    }


def _told(faults: Sequence[Fault]) -> dict[str, Any]:
    refusing = [f for f in faults if f.severity == "refuses"]
    warning = [f for f in faults if f.severity != "refuses"]
    kept = [*refusing[:_LISTED], *warning[:_LISTED]]
    return {
        "faults": [{"said": str(f), "refuses": f.severity == "refuses"} for f in kept],
        "refusing": len(refusing),
        "warnings": len(warning),
    }


def take(paths: Sequence[Path]) -> dict[str, Any]:
    """Take the files; what is told at the end."""
    from workbook.reference import Reference, importers

    work.say("taking them", 0, 0)
    reports = importers.take(paths, Reference.open())
    return {"files": [{"name": r.file, "said": list(r.said)} for r in reports]}


if __name__ == "__main__":
    _do = {"check": check, "take": take}[sys.argv[1]]
    sys.exit(work.run(lambda: _do([Path(p) for p in sys.argv[2:]])))

"""Official figures brought in on the page: the part of the page, the files of one page, and what is said of them.

A file comes in pieces (``uploads.py``), is checked by a process of its own (``taking.py``), and is shown with what it
holds, what it would add and every fault, before anything is taken. Taking is long work too, and stops clean: each file
is taken whole or not at all. What there is already is told by ``on_hand.py``.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.errors import BadInput
from workbook.guide.bringing import on_hand, uploads
from workbook.guide.giving import work
from workbook.guide.way import addresses
from workbook.words import plural

if TYPE_CHECKING:
    from workbook.guide.answering.session import Reply, Session
    from workbook.plan.model import Plan

WHERE = "figures"
_LARGEST = uploads.PURPOSES["figures"].largest // 10**6  # MB


# --- the part of a page -----------------------------------------------------------------


def section(plan: Plan | None, reference: Any = None) -> str:
    """On the start page: what is on hand, what is missing, and the way to bring files in."""
    told = f'<div id="wg-figures-held">{on_hand.held(plan, reference)}</div>'
    return (
        '<section class="wg-card wg-out" id="figures" aria-labelledby="wg-figures-title">'
        f'<h2 id="wg-figures-title">Official figures</h2>{told}{_chooser()}</section>'
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
        command = ("-m", "workbook.guide.bringing.taking", what, *map(str, paths))
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
        parts = {**caught_up.get("parts", {}), "wg-figures-held": on_hand.held(plan)}
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

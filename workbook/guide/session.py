"""One person working on one step of one plan: every committed change is saved at once.

A session holds the plan as it was last read or saved and changes it place by
place. The answer to a change is that it is saved, or why not; what it changes
on the page takes longer to work out and follows (:meth:`Session.catch_up`), so
that somebody who types on is never kept waiting.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from workbook.blocks import Block, Finding, Question, Step
from workbook.errors import BadInput, StaleWrite, WorkbookError
from workbook.guide import addresses, containers, faults, forms, later, layout, plans, rows, ways
from workbook.guide.views import Views
from workbook.paths import home, shipped
from workbook.plan import edit, store
from workbook.plan import rows as lists
from workbook.plan.model import Plan
from workbook.steps import uncollected

Reply = dict[str, Any]
Run = Callable[[str, Plan, Any], Step]
Find = Callable[[str, Plan, Any], list[Finding]]
_FIRST_YEAR, _LAST_YEAR = 1990, 2100  # the years a plan can hold
_BACK = "Reload the page: it offers to go back to a revision before."


class Session:
    """A plan on the page of one step, of which one view is shown.

    ``view`` is the id of the view to begin with, ``at`` a place of the plan whose question is to be in view.
    """

    def __init__(
        self,
        step_id: str,
        path: Path,
        *,
        reference: Any = None,
        run: Run | None = None,
        draw: containers.Fragment | None = None,
        find: Find | None = None,
        view: str = "",
        at: str = "",
    ) -> None:
        self.step_id = step_id
        self.path = path
        self.name = plans.name_of(path)
        self.person = os.environ.get("JUPYTERHUB_USER", "")  # given by the hub in front: verified
        self.plan = store.read(path)
        self._reference = reference if reference is not None else _open_reference()
        self._run = run or _run_step
        self._fragment = draw or _draw_block
        self._find = find or _find
        self._drawn: dict[str, tuple[Block, str]] = {}
        self._opened: set[str] = set()  # what is drawn in full because somebody opened it, see later.py
        self._offered: dict[str, lists.Brought] = {}  # what a file would make of the plan, by list
        self.behind = False  # whether the page still shows an earlier plan
        self._shown = view  # the id of the view that is shown
        self._lead_to(at)
        self._work_out(at)

    # --- what the page asks for -----------------------------------------------

    def page(self) -> str:
        """The whole page as it is now."""
        if self.behind:
            self._work_out()
        return layout.page(
            self.views, self.view, self.plan, self.name, self.containers, self.findings, self.person
        )

    def show(self, view: str, at: str = "") -> Reply:
        """Another view of the step: the one of that id, or that in which ``at``, a place of the plan, is asked."""
        self._shown = view
        self._lead_to(at)
        if self.behind:
            self._work_out(at)
        else:
            self._look(at)
        return {
            "view": {"id": self.view.id, "address": addresses.of(self.step_id, self.name, view=self.view.id)},
            "order": list(self.containers),
            "patches": self.containers,
            "parts": self._parts(),
        }

    def hello(self, revision: int) -> Reply:
        """What a page that (re)connects lacks: nothing, or the whole page."""
        return {} if revision == self.plan.revision else {"page": self.page(), **self._saved()}

    def reload(self) -> Reply:
        """The plan as it is on disk now."""
        self.plan = store.read(self.path)
        self._work_out()
        return {"page": self.page(), **self._saved()}

    def change(self, path: str, value: Any, by: str = "") -> Reply:
        """Put a value at a place of the plan and save it."""
        question = self._question(path)
        with uncollected():
            try:
                plan = self._followed(put(self.plan, path, reading(question, value)), path)
            except BadInput as error:
                return {"errors": {path: str(error)}}
            saved = self._saved() if plan == self.plan else self._save(plan, by)
        return saved | {"errors": {path: ""}, "working": self.behind}

    def add(self, path: str, by: str = "") -> Reply:
        """Add an empty row at the end of a list."""
        self._question(path)
        plan = self._followed(edit.add(self.plan, path), path)
        last = len(edit.get(plan, path)) - 1
        self._opened |= {f"{path}/{last}", later.part_of(path, last)}
        return self._save(plan, by) | self.catch_up()

    def remove(self, path: str, index: int, by: str = "") -> Reply:
        """Take a row out of a list."""
        self._question(path)
        plan = self._followed(edit.remove(self.plan, path, index), path)
        self._opened = {moved for place in self._opened if (moved := _moved_up(place, path, index))}
        return self._save(plan, by) | self.catch_up()

    def open(self, place: str) -> Reply:
        """The fields of something that is drawn when it is opened: an entry of a long list, or what is asked of it."""
        asked = place.partition("#")[0]
        if asked not in self._asked:
            self._question(asked if "#" in place else asked.rpartition("/")[0])
        self._opened.add(place)
        before = self.containers
        self._draw()
        return {"patches": {key: html for key, html in self.containers.items() if before.get(key) != html}}

    def catch_up(self) -> Reply:
        """What the changes since the last time mean for the page: the parts that are other ones now."""
        return self._refresh() if self.behind else {}

    # --- lists in and out -------------------------------------------------------

    def read_rows(self, path: str, name: str, content: str, update: bool) -> Reply:
        """What a spreadsheet would change, or everything that is wrong with it; the plan stays as it is."""
        names = self._list(path)
        self._offered.pop(path, None)
        try:
            sheets = rows.uploaded(path, name, base64.b64decode(content, validate=True))
            survey = path == rows.RESPONSES
            made = rows.bring(self.plan, sheets, self._reference, update=update, only=names, survey=survey)
        except binascii.Error:
            return {"rows": {path: rows.refused([f"{name} did not arrive whole. Choose it again."])}}
        except lists.FaultyRows as error:
            return {"rows": {path: rows.refused([str(fault) for fault in error.faults])}}
        except BadInput as error:
            return {"rows": {path: rows.refused([str(error)])}}
        self._offered[path] = made
        return {"rows": {path: rows.offer(made, path, rows.doubts(self.plan, made.plan, self._reference))}}

    def take_rows(self, path: str, by: str = "") -> Reply:
        """Save what was offered after reading a file."""
        made = self._offered.pop(path, None)
        if made is None or made.plan.revision != self.plan.revision:
            problem = "The plan has changed since the file was read. Read the file again."
            return {"rows": {path: rows.refused([problem])}}
        self._opened = {place for place in self._opened if not place.startswith(f"{path}/")}
        saved = self._save(self._followed(made.plan, path), by)
        return saved if "stale" in saved else saved | self.catch_up() | {"rows": {path: rows.taken(made)}}

    def rows_out(self, path: str) -> Reply:
        """The list at a place as a spreadsheet, with those inside its entries."""
        names = self._list(path)
        content = lists.workbook(self.plan, names, rows.words(self.plan, self._reference))
        return {
            "file": {"name": f"{self.name}-{names[0]}.xlsx", "content": base64.b64encode(content).decode()}
        }

    def _list(self, path: str) -> list[str]:
        """The tables of a list of this step."""
        self._question(path)
        names = [table.name for table in lists.at(path)]
        if not names:
            raise BadInput("That list has no spreadsheet.", "Reload the page.")
        return names

    # --- how it is done ---------------------------------------------------------

    def _question(self, path: str) -> Question:
        """The question of this step that asks for a place: no other place can be changed from here."""
        found = forms.below(self._asked, path)
        if found is None:
            raise BadInput("That question is not on this page any more.", "Reload the page.")
        return found

    def _followed(self, plan: Plan, path: str) -> Plan:
        """The plan with what follows from a change; unchanged where nothing else does."""
        from workbook.steps.consequences import follow

        return follow(plan, self._reference, path)

    def _save(self, plan: Plan, by: str) -> Reply:
        try:
            self.plan = store.write(
                plan, self.path, by=self.person or by.strip()[:100], verified=bool(self.person)
            )
        except StaleWrite as error:
            return {"stale": error.problem}
        self.behind = True
        return self._saved()

    def _saved(self) -> Reply:
        return {"saved": layout.saved(self.plan), "revision": self.plan.revision}

    def _refresh(self) -> Reply:
        """What another plan changes on the page."""
        before, around, self.behind = self.containers, self._parts(), False
        try:
            self._work_out()
        except WorkbookError as error:
            return {"alert": f"Your change is saved, but this page could not be worked out. {error} {_BACK}"}
        except Exception as error:
            return {"alert": f"Your change is saved. {faults.sentence(error)}"}
        patches = {key: html for key, html in self.containers.items() if before.get(key) != html}
        order = list(self.containers) if list(before) != list(self.containers) else None
        parts = {key: html for key, html in self._parts().items() if around[key] != html}
        return {
            "patches": patches,
            "order": order,
            "bar": layout.plan_bar(self.plan, self.person),
            "parts": parts,
        }

    def _parts(self) -> dict[str, str]:
        """What stands around a view and changes with it, by the id of its element."""
        return {
            "wg-views": ways.listed(self.views, self.name, self.view, self.findings),
            "wg-where": ways.where(self.views, self.view),
            "wg-onward": ways.onward(self.views, self.name, self.view),
        }

    def _work_out(self, at: str = "") -> None:
        with uncollected():
            self.step = self._run(self.step_id, self.plan, self._reference)
            self.findings = self._find(self.step_id, self.plan, self._reference)
            self._asked = {question.path: question for question in self.step.questions()}
            self.views = Views(self.step)
            self._look(at)
        self.behind = False

    def _look(self, at: str = "") -> None:
        """Draw the view that is shown; the nearest there is, where the plan does not have it any more."""
        self.view = self.views.chosen(self._shown, at)
        self._shown = self.view.id
        self._draw()

    def _lead_to(self, at: str) -> None:
        """Have everything drawn that hides the question for a place."""
        parts = at.split("/")
        for n, part in enumerate(parts):
            if part.isdigit():
                above = "/".join(parts[:n])
                self._opened |= {f"{above}/{part}", later.part_of(above, int(part))}

    def _draw(self) -> None:
        seen: dict[str, tuple[Block, str]] = {}
        opened = later.OPENED.set(frozenset(self._opened))
        told = forms.TOLD.set(forms.by_place(self.findings))
        try:
            self.containers = containers.drawn(
                self.step, self.name, lambda b, uid: self._remember(b, uid, seen), self.view.span
            )
        finally:
            later.OPENED.reset(opened)
            forms.TOLD.reset(told)
        self._drawn = seen

    def _remember(self, block: Block, uid: str, seen: dict[str, tuple[Block, str]]) -> str:
        """A block that did not change is not drawn again: charts are what takes time."""
        kept = self._drawn.get(uid)
        html = kept[1] if kept and kept[0] == block else self._fragment(block, f"u{uid}")
        seen[uid] = (block, html)
        return html


def _moved_up(place: str, path: str, index: int) -> str:
    """A place once entry ``index`` of the list at ``path`` is gone; "" for one in that entry itself."""
    if not place.startswith(f"{path}/"):
        return place
    number, joint, below = place[len(path) + 1 :].partition("/")
    if not number.isdigit() or int(number) < index:
        return place
    return "" if int(number) == index else f"{path}/{int(number) - 1}{joint}{below}"


def go_back(step_id: str, path: Path, by: str = "") -> None:
    """Make the newest kept revision that a step can be worked out from the plan again.

    Raises BadInput where there is none. What was changed after it stays among the revisions.
    """
    for kept in reversed(store.revisions(path)):
        try:
            plan = store.read(kept)
            _run_step(step_id, plan, _open_reference())
        except Exception:  # whatever is wrong with this one, an earlier one may do
            continue
        plans.put_back(path, plan, by)
        return
    raise BadInput(
        f"No earlier revision of {plans.name_of(path)} opens.",
        "Ask the person who looks after the workbook; nothing was changed.",
    )


def put(plan: Plan, path: str, value: Any) -> Plan:
    """The plan with a value at a place; an emptied field is the empty text, or None where no text fits."""
    try:
        return edit.put(plan, path, value)
    except BadInput:
        if value != "":
            raise
        return edit.put(plan, path, None)


def reading(question: Question, value: Any) -> Any:
    """What was typed, as the plan holds it. Raises BadInput where it is no number."""
    if question.kind in ("number", "integer"):
        return _figure(question, value)
    if question.kind == "yesno":
        return {"true": True, "false": False, "": None}.get(str(value).lower(), value)
    if question.kind == "choices":
        return list(value) if isinstance(value, (list, tuple)) else []
    if question.kind == "date":
        return _day(question, value)
    if question.kind in ("group", "rows"):
        raise BadInput(f"{question.prompt} is changed entry by entry.", "Reload the page.")
    return "" if value is None else str(value)


def _day(question: Question, value: Any) -> str | None:
    """A date as the plan holds it; a year of two digits is a slip of the keyboard, not the time of the Romans."""
    typed = str(value or "").strip()
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise BadInput(
            f"{question.prompt}: “{typed[:40]}” is not a date.", "Give a date as day, month and year."
        ) from None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise BadInput(
            f"{question.prompt}: the year is {day.year}.",
            f"Give the year with four digits, from {_FIRST_YEAR} to {_LAST_YEAR}.",
        )
    return typed


def _shares(question: Question) -> bool:
    """Whether a share from 0 to 1 is asked, for which people write 45% as well."""
    return question.path.startswith("/") and edit.is_share(question.path)


def _figure(question: Question, value: Any) -> float | int | None:
    typed = str("" if value is None else value).strip()
    if not typed:
        return None
    plain = typed.replace(",", "").replace(" ", "").replace("\u00a0", "").removeprefix("£").removesuffix("%")
    try:
        number = float(plain)
    except ValueError:
        raise BadInput(
            f"{question.prompt}: “{typed[:40]}” is not a number.", "Type digits, for instance 1250 or 0.5."
        ) from None
    if typed.endswith("%") and "%" not in question.unit and not _shares(question):
        raise BadInput(
            f"{question.prompt}: “{typed[:40]}” is a percentage, and none is asked for here.",
            f"Type the figure itself{f' in {question.unit}' if question.unit else ''}.",
        )
    if question.kind == "integer":
        if not number.is_integer():
            raise BadInput(
                f"{question.prompt}: {typed[:40]} is not a whole number.", "Leave out the decimals."
            )
        return int(number)
    # "45%" is a share where one is asked; the plan holds 0.45. Rounded, as 7% is not 0.07000000000000001.
    shown = typed.endswith("%") and _shares(question)
    if shown and number > 100:
        raise BadInput(f"{question.prompt}: {typed[:40]} is more than the whole.", "Give 100% or less.")
    return float(f"{number / 100:.15g}") if shown else number


def _open_reference() -> Any:
    return _reference(home(), shipped("data"))


@lru_cache(maxsize=4)
def _reference(home: Path, data: Path) -> Any:
    """One for a process: it notices imports itself, and what was worked out from it is found again."""
    from workbook.reference import Reference

    return Reference.open(home, data)


def _run_step(step_id: str, plan: Plan, reference: Any) -> Step:
    from workbook.steps import run

    return run(step_id, plan, reference)


def _find(step_id: str, plan: Plan, reference: Any) -> list[Finding]:
    """The findings of one step."""
    from workbook.steps import thread

    return [finding for finding in thread.findings(plan, reference) if finding.step == step_id]


def _draw_block(block: Block, uid: str) -> str:
    from workbook.render.html import fragment

    return fragment(block, uid)

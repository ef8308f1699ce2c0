"""One person working on one step of one plan: every committed change is saved at once.

A session changes the plan place by place, each change on the plan as the page
showed it (its ``base``, a revision), so that what others saved meanwhile is
kept (see ``saving.py``). The answer to a change is that it is saved, or why
not; what it changes on the page takes longer to work out and follows
(:meth:`Session.catch_up`), so that somebody who types on is never kept waiting. Before
that the parts in sight are worked out alone (:meth:`Session.glances`): the chart
that is looked at does not wait for the rest of its step.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Callable, Container, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from workbook.blocks import Block, Figure, Finding, Question, Step
from workbook.errors import BadInput, WorkbookError
from workbook.guide.answering import faults
from workbook.guide.answering.typed import put, reading
from workbook.guide.bringing import rows
from workbook.guide.drawing import containers, forms, later, layout
from workbook.guide.drawing.views import WHOLE, Views
from workbook.guide.keeping import conflicts, history, locks
from workbook.guide.keeping.saving import Collision, Saving
from workbook.guide.way import addresses, plans, ways
from workbook.paths import home, shipped
from workbook.plan import edit, store
from workbook.plan import history as revisions
from workbook.plan import names as people
from workbook.plan import rows as lists
from workbook.plan.difference import difference
from workbook.plan.model import Plan
from workbook.steps import glance, uncollected
from workbook.steps.parts import Worked

Reply = dict[str, Any]
Run = Callable[[str, Plan, Any], Step | Worked]
Find = Callable[[str, Plan, Any], list[Finding]]
_TRIES = 5  # times that somebody else may be quicker to add an entry
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
        self.file = Saving(path, locks.check)
        self.lock = locks.of(self.plan, path)
        self._collisions: dict[
            str, tuple[Collision, str]
        ] = {}  # what waits for a choice, and its place, by name
        self._reference = reference if reference is not None else _open_reference()
        self._run = run or _run_step
        self._fragment = draw or _draw_block
        self._find = find or _find
        self.containers: dict[str, str] = {}  # the HTML of what is shown, by the id of its container
        self._drawn: dict[str, tuple[Block, str]] = {}
        self._opened: set[str] = set()  # what is drawn in full because somebody opened it, see later.py
        self._offered: dict[str, lists.Brought] = {}  # what a file would make of the plan, by list
        self._around: dict[str, str] = {}  # what stands around the view, as the page has it
        self.behind = False  # whether the page still shows an earlier plan
        self._others = False  # whether that is so because of what others saved, too
        self._place = ""  # what was changed last
        self._worked: Worked
        self._shown = view  # the id of the view that is shown
        self._lead_to(at)
        self._work_out(at)

    @property
    def plan(self) -> Plan:
        """The plan as it was last read or saved."""
        return self.file.plan

    # --- what the page asks for -----------------------------------------------

    def page(self) -> str:
        """The whole page as it is now."""
        if self.behind:
            self._work_out()
        notices = "".join(f'<div id="{key}">{html}</div>' for key, html in self._notices().items())
        return layout.page(
            self.views, self.view, self.plan, self.name, self.containers, self.findings, self.person, notices
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
            "parts": self._set_around(),
            "shown": self.plan.revision,
        }

    def hello(self, revision: int) -> Reply:
        """What a page that (re)connects and shows a revision lacks: nothing, or the whole page."""
        news = self.look()
        if revision == self.plan.revision and not self.behind:
            return news
        return news | {"page": self.page(), **self._saved(), "shown": self.plan.revision}

    def look(self) -> Reply:
        """What others have saved since the page heard of them last; nothing where nobody did."""
        try:
            self.file.look()
        except WorkbookError as error:
            return {"alert": f"This plan cannot be read any more. {error}"}
        if locks.of(self.plan, self.path) != self.lock:
            self.behind = True
        return self._news()

    def reload(self) -> Reply:
        """The plan as it is on disk now."""
        self.file.reread()
        self._work_out()
        return {"page": self.page(), **self._saved(), "shown": self.plan.revision} | self._news()

    def change(self, path: str, value: Any, by: str = "", base: int | None = None) -> Reply:
        """Put a value at a place of the plan and save it."""
        began = self.file.base(base, path)
        question = self._question(path, began)
        with uncollected():
            try:
                self._open_to_changes()
                plan = self._followed(put(began, path, reading(question, value)), path)
                saved = self._save(began, plan, by, path)
            except WorkbookError as error:  # a full disk too: what is not saved stays listed until it is
                return self._news() | {"errors": {path: str(error)}}
        self._place = path
        return saved | {"errors": {path: ""}, "working": self.behind}

    def add(self, path: str, by: str = "", base: int | None = None) -> Reply:
        """Add an empty row at the end of a list."""
        self._question(path, self.file.base(base))
        self._open_to_changes()
        saved: Reply = {}
        for _ in range(_TRIES):  # two who add at once get an entry each: an empty one is like any other
            self.file.look()
            saved |= self._save(self.plan, self._followed(edit.add(self.plan, path), path), by)
            if "did" in saved:
                break
        if "did" in saved:
            last = len(edit.get(self.plan, path)) - 1
            self._opened |= {f"{path}/{last}", later.part_of(path, last)}
        return saved | self.catch_up()

    def remove(self, path: str, index: int, by: str = "", base: int | None = None) -> Reply:
        """Take a row out of a list."""
        began = self.file.base(base)
        self._question(path, began)
        self._open_to_changes()
        saved = self._save(began, self._followed(edit.remove(began, path, index), path), by)
        if "did" in saved:
            self._opened = {moved for place in self._opened if (moved := _moved_up(place, path, index))}
        return saved | self.catch_up()

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

    def glances(self) -> Iterator[Reply]:
        """The same for the parts in sight, one by one, before the whole step is worked out; what is quick comes first.

        What others changed waits for the whole step: it must not move under somebody's hands (see ``static/page.js``).
        """
        for name in self._in_sight():
            if not self.behind or self._others or self.lock is not None:
                return
            try:
                with uncollected():
                    patches = self._glimpsed(name)
            except Exception:  # what is wrong is said by the whole step, which follows
                continue
            if patches:
                yield {"patches": patches}

    def _in_sight(self) -> list[str]:
        """The parts that hold what is shown; of the whole step on one page those with a picture or the changed field."""
        seen = self._worked.among(self.view.span)
        if self.view.id == WHOLE:
            seen = tuple(part for part in seen if any(map(self._stands_out, part.blocks)))
        if len(self._worked.parts) == 1:
            return []
        return [part.name for part in sorted(seen, key=lambda part: part.seconds)]

    def _stands_out(self, block: Block) -> bool:
        if isinstance(block, Question):
            return forms.below({block.path: block}, self._place) is not None
        return isinstance(block, Figure)

    def _glimpsed(self, name: str) -> dict[str, str]:
        """The containers that are other ones once a part is worked out for the plan as it is now."""
        found = glance(self.step_id, self.plan, self._reference, self._worked, [name])
        if found is None:
            return {}
        before = self.containers
        self._worked, self.step = found, found.step
        self._draw(found.places([name]))
        return {key: html for key, html in self.containers.items() if before.get(key) != html}

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
        self._open_to_changes()
        self._opened = {place for place in self._opened if not place.startswith(f"{path}/")}
        saved = self._save(self.plan, self._followed(made.plan, path), by)
        done = {"rows": {path: rows.taken(made)}} if "did" in saved else {}
        return saved | self.catch_up() | done

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

    # --- undo, history, choices, locks --------------------------------------------

    def undo(self, revision: int, by: str = "") -> Reply:
        """Take back what one revision changed; to undo that again does it once more."""
        self._open_to_changes()
        self.file.look()
        after = self.file.at(revision)
        before = self.file.at(revision - 1)
        try:
            plan = revisions.undone(self.plan, before, after)
        except BadInput as error:
            return self._news() | {"alert": str(error), "undid": revision} | self.catch_up()
        return self._save(self.plan, plan, by) | {"undid": revision} | self.catch_up()

    def back_asked(self, revision: int) -> Reply:
        """What going back to a revision would change."""
        self.file.look()
        earlier = revisions.plan_at(self.path, revision)
        about = history.way_back(self.plan, earlier)
        return {"back": {"revision": revision, "seen": self.plan.revision, "html": about}}

    def back(self, revision: int, seen: int, by: str = "") -> Reply:
        """Make an earlier revision the newest; ``seen`` is the newest that the person knew when saying yes."""
        self._open_to_changes()
        self.file.look()
        if seen != self.plan.revision:
            return self._news() | {
                "alert": "Somebody saved the plan in the meantime. Look at the history again."
            }
        before = self.plan
        name, verified = self._signed(by)
        self.file.took_over(revisions.back_to(self.path, revision, by=name, verified=verified))
        return self._done(before) | self.catch_up()

    def settle(self, name: str, choices: Mapping[str, str], by: str = "") -> Reply:
        """Save what was chosen between one's own change and that of somebody else."""
        if name not in self._collisions:
            return {"parts": self._notices()}
        collision, place = self._collisions[name]
        if lacking := conflicts.lacking(collision, choices):
            return {
                "unchosen": {"name": name, "sentence": f"Choose one of the two for: {'; '.join(lacking)}."}
            }
        self._open_to_changes()
        plan = conflicts.settled(collision, choices)
        del self._collisions[name]
        saved = self._save(collision.theirs, plan, by, place)
        done = {} if "conflict" in saved else {"settled": name}
        return saved | done | self.catch_up() | {"parts": self._notices()}

    def reopen(self, reason: str, by: str = "") -> Reply:
        """Take the signatures back, so that the plan can be changed again."""
        self.file.look()
        if self.lock is None or not self.lock.signed:
            raise BadInput("This plan is not signed, so there is nothing to take back.", "Reload the page.")
        name, verified = self._signed(by)
        plan = locks.reopened(self.plan, reason, name)
        opened = store.write(plan, self.path, by=name, verified=verified)
        before = self.plan
        self.file.took_over(opened)
        return self._done(before) | self.catch_up()

    def names(self) -> Reply:
        """The people named in the plan and its history, to be taken out."""
        self.file.look()
        return {"names": history.named(self.path, self.plan)}

    def forget(self, names: list[str], packs: bool, by: str = "") -> Reply:
        """Take names out of the plan and of all its revisions; ``packs``: delete the pack made before as well."""
        self.file.look()
        self._open_to_changes()
        name, verified = self._signed(by)
        found = people.forget(self.path, names, by=name, verified=verified)
        if packs:
            people.delete_packs(self.path)
        self.file.forget()
        self._collisions.clear()
        self.behind = True
        told = history.removed(found, bool(people.packs(self.path)))
        return self._saved() | {"forgot": True, "names": told} | self.catch_up()

    def _open_to_changes(self) -> None:
        """Raises BadInput where the plan is closed to changes."""
        locks.check(self.plan, self.path)

    # --- how it is done ---------------------------------------------------------

    def _question(self, path: str, plan: Plan | None = None) -> Question:
        """The question of this step that asks for a place: no other place can be changed from here.

        ``plan`` is the one that the page showed, which may be an earlier one.
        """
        asked = self._asked
        if plan is not None and plan is not self.plan:
            step = _worked(self._run(self.step_id, plan, self._reference)).step
            asked = {question.path: question for question in step.questions()}
        found = forms.below(asked, path)
        if found is None:
            raise BadInput("That question is not on this page any more.", "Reload the page.")
        return found

    def _followed(self, plan: Plan, path: str) -> Plan:
        """The plan with what follows from a change; unchanged where nothing else does."""
        from workbook.steps.consequences import follow

        return follow(plan, self._reference, path)

    def _signed(self, by: str) -> tuple[str, bool]:
        """The name that a change is saved under, and whether somebody vouches for it."""
        return self.person or by.strip()[:100], bool(self.person)

    def _save(self, base: Plan, plan: Plan, by: str, place: str = "") -> Reply:
        """Save what was changed from ``base`` to ``plan``, together with what others saved meanwhile."""
        if plan == base:
            return self._news() | self._saved()
        before = self.plan.revision
        name, verified = self._signed(by)
        collision = self.file.save(base, plan, by=name, verified=verified, place=place)
        news = self._news()
        if collision is not None:
            return news | self._collided(collision, place)
        if self.plan.revision == before or not self.file.wrote(
            self.plan.revision
        ):  # others made the same change
            return news | self._saved()
        return news | self._done(self.file.at(self.plan.revision - 1))

    def _collided(self, collision: Collision, place: str) -> Reply:
        name = str(max((int(n) for n in self._collisions), default=0) + 1)
        self._collisions[name] = collision, place
        return {"conflict": {"name": name, "path": place}, "parts": self._notices()}

    def _done(self, before: Plan) -> Reply:
        """That a change is saved, and what it is called where it can be taken back."""
        self.behind = True
        named = history.called(difference(before, self.plan))
        nameless = self.plan.saved is not None and not self.plan.saved.by
        did = {"revision": self.plan.revision, "called": named, "nameless": nameless}
        return self._saved() | {"did": did}

    def _news(self) -> Reply:
        """What others have saved, told once."""
        news, self.file.news = self.file.news, []
        if not news:
            return {}
        self.behind = self._others = True
        changes = [change for one in news for change in one.changes]
        by = ", ".join(dict.fromkeys(one.by for one in news))
        return {"meanwhile": conflicts.meanwhile(by, changes), **self._saved()}

    def _saved(self) -> Reply:
        return {"saved": layout.saved(self.plan), "revision": self.plan.revision}

    def _notices(self) -> dict[str, str]:
        """What stands above the page: that it is closed to changes, and choices to be made."""
        choices = (conflicts.choice(name, found) for name, (found, _) in self._collisions.items())
        return {"wg-lock": locks.notice(self.lock), "wg-conflicts": "".join(choices)}

    def _refresh(self) -> Reply:
        """What another plan changes on the page."""
        before, around, self.behind = self.containers, self._around, False
        try:
            self._work_out()
        except WorkbookError as error:
            return {"alert": f"Your change is saved, but this page could not be worked out. {error} {_BACK}"}
        except Exception as error:
            return {"alert": f"Your change is saved. {faults.sentence(error)}"}
        patches = {key: html for key, html in self.containers.items() if before.get(key) != html}
        order = list(self.containers) if list(before) != list(self.containers) else None
        parts = {key: html for key, html in self._set_around().items() if around.get(key) != html}
        return {
            "patches": patches,
            "order": order,
            "bar": layout.plan_bar(self.plan, self.person),
            "parts": parts,
            "shown": self.plan.revision,
        }

    def _set_around(self) -> dict[str, str]:
        self._around = self._parts()
        return self._around

    def _parts(self) -> dict[str, str]:
        """What stands around a view and changes with it, by the id of its element."""
        return {
            "wg-views": ways.listed(self.views, self.name, self.view, self.findings),
            "wg-where": ways.where(self.views, self.view),
            "wg-onward": ways.onward(self.views, self.name, self.view),
            **self._notices(),
        }

    def _work_out(self, at: str = "") -> None:
        with uncollected():
            self.lock = locks.of(self.plan, self.path)
            self._worked = _worked(self._run(self.step_id, self.plan, self._reference))
            self.step = self._worked.step
            self.findings = self._find(self.step_id, self.plan, self._reference)
            self._asked = {question.path: question for question in self.step.questions()}
            self.views = Views(self.step)
            self._look(at)
        self.behind = self._others = False

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

    def _draw(self, places: Container[int] | None = None) -> None:
        """Draw the view that is shown, or of it the blocks at some places of the step alone."""
        seen: dict[str, tuple[Block, str]] = {} if places is None else dict(self._drawn)
        other = {} if places is None else self.containers
        opened = later.OPENED.set(frozenset(self._opened))
        told = forms.TOLD.set(forms.by_place(self.findings))
        try:
            self.containers = other | containers.drawn(
                self.step, self.name, lambda b, uid: self._remember(b, uid, seen), self.view.span, places
            )
        finally:
            later.OPENED.reset(opened)
            forms.TOLD.reset(told)
        if self.lock is not None:
            self.containers = {
                key: locks.closed(html) if key.startswith("b-question") else html
                for key, html in self.containers.items()
            }
        self._drawn = seen

    def _remember(self, block: Block, uid: str, seen: dict[str, tuple[Block, str]]) -> str:
        """A block that did not change is not drawn again: charts are what takes time."""
        kept = self._drawn.get(uid)
        html = kept[1] if kept and kept[0] == block else self._fragment(block, f"u{uid}")
        seen[uid] = (block, html)
        return html


def _worked(found: Step | Worked) -> Worked:
    return found if isinstance(found, Worked) else Worked(found)


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


def _open_reference() -> Any:
    return _reference(home(), shipped("data"))


@lru_cache(maxsize=4)
def _reference(home: Path, data: Path) -> Any:
    """One for a process: it notices imports itself, and what was worked out from it is found again."""
    from workbook.reference import Reference

    return Reference.open(home, data)


def _run_step(step_id: str, plan: Plan, reference: Any) -> Worked:
    from workbook.steps import worked

    return worked(step_id, plan, reference)


def _find(step_id: str, plan: Plan, reference: Any) -> list[Finding]:
    """The findings of one step."""
    from workbook.steps import thread

    return [finding for finding in thread.findings(plan, reference) if finding.step == step_id]


def _draw_block(block: Block, uid: str) -> str:
    from workbook.render.html import fragment

    return fragment(block, uid)

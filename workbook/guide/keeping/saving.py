"""A plan file that several people may have open at once: it is saved, and what they changed side by side is put together.

Every change is made on the plan as its person saw it, the *base*. Where somebody else saved meanwhile, both are merged;
where both changed one place differently nothing is saved there until somebody has chosen (see ``conflicts.py``).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workbook.errors import BadInput, StaleWrite, WorkbookError
from workbook.plan import history, store
from workbook.plan.difference import Change, difference
from workbook.plan.merge import Merged, merge
from workbook.plan.model import Plan
from workbook.words import listed

_RECENT = 3  # plans kept in memory, to be a base; a few megabytes each
_TRIES = 20  # times that somebody else may be quicker
_ASKED = 10  # revisions looked into for who saved them
_Stamp = tuple[int, int, int]


@dataclass(frozen=True)
class News:
    """What others saved meanwhile: who, and what it changed."""

    by: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Collision:
    """A change that met another one at the same place, and is saved once somebody has chosen."""

    base: Plan
    mine: Plan
    theirs: Plan
    merged: Merged


class Saving:
    """The plan as it was last read or saved here, and the way to the next revision."""

    def __init__(self, path: Path, guard: Callable[[Plan, Path], None] = lambda plan, path: None) -> None:
        self.path = path
        self.plan = store.read(path)
        self.news: list[News] = []  # what others did since somebody last took it from here
        self._guard = guard
        self._stamp: _Stamp | None = _stamp(path)
        self._recent: OrderedDict[int, Plan] = OrderedDict({self.plan.revision: self.plan})
        self._own: set[int] = set()  # revisions saved here
        self._touched: dict[str, int] = {}  # the revision in which a place was last saved here

    # --- the bases of changes ---------------------------------------------------

    def base(self, revision: int | None, place: str = "") -> Plan:
        """The plan that somebody saw who changes ``place`` on a page that shows a revision.

        What was saved from here itself was known to them.
        """
        if revision is None:
            return self.plan
        known = max(revision, self._touched.get(place, 0))
        while known + 1 in self._own:
            known += 1
        if known >= self.plan.revision:
            return self.plan
        try:
            return self.at(known)
        except BadInput:  # that revision is not kept any more
            return self.plan

    def at(self, revision: int) -> Plan:
        """The plan as it was in a revision. Raises BadInput where that is not kept."""
        if revision not in self._recent:
            self._remember(history.plan_at(self.path, revision))
        return self._recent[revision]

    def _remember(self, plan: Plan) -> None:
        self._recent[plan.revision] = plan
        self._recent.move_to_end(plan.revision)
        while len(self._recent) > _RECENT:
            self._recent.popitem(last=False)

    # --- reading and saving -------------------------------------------------------

    def look(self) -> bool:
        """Whether the file holds another plan than the one known here, which is then the known one.

        Cheap where nobody touched the file. Raises a WorkbookError where it cannot be read.
        """
        stamp = _stamp(self.path)
        if stamp == self._stamp:
            return False
        return self.reread()

    def reread(self) -> bool:
        """The same, whatever the file looks like from outside."""
        stamp = _stamp(self.path)
        found = store.read(self.path)
        self._stamp = stamp
        if found.revision == self.plan.revision and found == self.plan:
            return False
        before, self.plan = self.plan, found
        self._remember(found)
        self.news.append(News(self._authors(before.revision, found), tuple(difference(before, found))))
        return True

    def save(
        self, base: Plan, mine: Plan, *, by: str = "", verified: bool = False, place: str = ""
    ) -> Collision | None:
        """Save what was changed from ``base`` to ``mine``; the collision where others changed the same place.

        Nothing is saved then. Raises BadInput where the plan is closed to changes.
        """
        for _ in range(_TRIES):
            self._guard(self.plan, self.path)
            plan = mine
            if base is not self.plan:
                merged = merge(base, mine, self.plan)
                if merged.conflicts:
                    return Collision(base, mine, self.plan, merged)
                plan = merged.plan
            try:
                if plan != self.plan:
                    self._write(plan, by, verified, place)
                return None
            except StaleWrite:
                self.reread()
        raise WorkbookError(
            f"{self.path.name} could not be saved: others are saving it all the time.",
            "Try again in a moment.",
        )

    def _write(self, plan: Plan, by: str, verified: bool, place: str) -> None:
        if (
            not self.path.exists()
        ):  # to make it anew would split a plan that was moved, or bring a deleted one back
            raise BadInput(
                f"{self.path.name} is not where it was: it was moved, renamed or deleted while this page was open. "
                "This change was not saved.",
                "Put the file back and make the change again, or open the plan where it is now.",
            )
        self.plan = store.write(plan, self.path, by=by, verified=verified)
        self._stamp = None  # somebody may have saved since: the next look reads the file
        self._took(place)

    def took_over(self, plan: Plan) -> None:
        """A revision that was saved for the person here by other means: the way back to an earlier one."""
        self.plan, self._stamp = plan, None
        self._took("")

    def wrote(self, revision: int) -> bool:
        """Whether a revision was saved from here."""
        return revision in self._own

    def forget(self) -> None:
        """The file was rewritten from here with all its revisions: nothing of what was is kept in memory."""
        self._recent.clear()
        self.took_over(store.read(self.path))

    def _took(self, place: str) -> None:
        self._own.add(self.plan.revision)
        if place:
            self._touched[place] = self.plan.revision
        self._remember(self.plan)

    def _authors(self, after: int, newest: Plan) -> str:
        """Who saved the revisions after one, as far as those are kept: "Ada and Bo"."""
        names: dict[str, None] = {}
        for revision in range(max(after + 1, newest.revision - _ASKED), newest.revision):
            if revision not in self._own:
                try:
                    saved = self.at(revision).saved
                except WorkbookError:
                    continue
                names[saved.by if saved else ""] = None
        names[newest.saved.by if newest.saved else ""] = None
        return listed([name or "somebody without a name" for name in names])


def _stamp(path: Path) -> _Stamp | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino

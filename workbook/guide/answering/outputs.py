"""What a page gives out and takes in besides the answers of its form: packs, downloads, official figures.

One object a page answers all their messages, keeps the long work of the page and notices figures that somebody else
brought in.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from workbook.guide.answering.session import Reply, Session
from workbook.guide.bringing import figures
from workbook.guide.drawing import containers
from workbook.guide.giving import downloads, packing, work

Message = dict[str, Any]


class Outputs:
    """Answers the messages in ``KINDS``; what comes later goes out by ``send``."""

    def __init__(self, send: Callable[[Reply], None]) -> None:
        self.works = work.Works(send)
        self.figures = figures.Desk(self.works)
        self._stamp: object = None

    def answer(self, session: Session | None, message: Message) -> Reply:
        """The reply to one message."""
        kind = str(message.get("kind", ""))
        if kind.startswith("figures-"):
            return self.figures.answer(session, message)
        if session is None:
            return {}
        # A file shows what the page shows once it has caught up with the last change.
        caught_up = session.catch_up() if session.behind and kind == "keep" else {}
        return {**caught_up, **_SESSION[kind](self, session, message)}

    def beat(self, session: Session | None) -> Reply:
        """What a page learns in passing: figures that were brought in elsewhere are shown."""
        if session is None:
            return {}
        stamp = getattr(session._reference, "stamp", None)
        before, self._stamp = self._stamp, stamp
        if before is None or before == stamp:
            return {}
        session.behind = True
        return {"working": True}

    # --- what is asked for ------------------------------------------------------

    def _pack(self, session: Session, message: Message) -> Reply:
        return self.works.start(packing.job(session.path, session.name), partial(_packed, session))

    def _tables(self, session: Session, message: Message) -> Reply:
        step_id = "" if message.get("whole") else session.step_id
        job = downloads.job(session.path, session.name, step_id)
        return self.works.start(job, partial(_tabled, job.id))

    def _keep(self, session: Session, message: Message) -> Reply:
        origin = downloads.Origin(session.name, session.plan, session.step)
        key, form = str(message.get("key", "")), str(message.get("form", ""))
        block = next((g[0] for place, _, g in containers.placed(session.step.blocks) if place == key), None)
        return {"file": downloads.made(origin, block, form)}

    def _pack_file(self, session: Session, message: Message) -> Reply:
        return {"file": packing.file(session.name, str(message.get("name", "")))}

    def _stop(self, session: Session, message: Message) -> Reply:
        where = message.get("where")
        for job in self._jobs(session):
            if job.where == where:
                self.works.stop(job.id)
        return {}

    def _look(self, session: Session, message: Message) -> Reply:
        """Work that was begun before this page was opened and is still going on."""
        job = packing.job(session.path, session.name)
        return self.works.follow(job, partial(_packed, session)) if self.works.is_busy(job.id) else {}

    def _jobs(self, session: Session) -> list[work.Job]:
        return [
            packing.job(session.path, session.name),
            downloads.job(session.path, session.name, session.step_id),
            downloads.job(session.path, session.name, ""),
        ]


def _packed(session: Session, state: work.State) -> Reply:
    return {"pack": packing.offered(session.name, session.plan.revision)}


def _tabled(id: str, state: work.State) -> Reply:
    return {"file": downloads.spreadsheet_file(state, id)} if state.over == "done" else {}


_SESSION: dict[str, Callable[[Outputs, Session, Message], Reply]] = {
    "pack": Outputs._pack,
    "pack-file": Outputs._pack_file,
    "tables": Outputs._tables,
    "keep": Outputs._keep,
    "work-stop": Outputs._stop,
    "work-look": Outputs._look,
}

#: The kinds of messages that are answered here.
KINDS = frozenset(_SESSION) | figures.KINDS

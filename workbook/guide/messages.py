"""What the page of a step may ask for: each kind of message, and what the session does with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workbook.guide.session import Reply, Session

Message = dict[str, Any]


def _place(message: Message) -> str:
    return str(message.get("path", ""))


def _read_rows(session: Session, message: Message, by: str) -> Reply:
    name, content = str(message.get("name", "")), str(message.get("content", ""))
    return session.read_rows(_place(message), name, content, bool(message.get("update")))


HANDLERS: dict[str, Callable[[Session, Message, str], Reply]] = {
    "hello": lambda session, m, by: session.hello(int(m.get("revision") or 0)),
    "reload": lambda session, m, by: session.reload(),
    "view": lambda session, m, by: session.show(str(m.get("view", "")), str(m.get("at", ""))),
    "row": lambda session, m, by: session.open(_place(m)),
    "change": lambda session, m, by: session.change(_place(m), m.get("value"), by),
    "add": lambda session, m, by: session.add(_place(m), by),
    "remove": lambda session, m, by: session.remove(_place(m), int(m.get("index", -1)), by),
    "rows-in": _read_rows,
    "rows-take": lambda session, m, by: session.take_rows(_place(m), by),
    "rows-out": lambda session, m, by: session.rows_out(_place(m)),
}

"""What the page of a step may ask for: each kind of message, what it may carry, and what the session does with it.

A message comes from a browser, so nothing in it is taken on trust: a field of another type or size than it may have
refuses the whole message, and so does a kind that nobody knows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from workbook.errors import BadInput
from workbook.guide.answering.session import Reply, Session
from workbook.guide.keeping import history
from workbook.guide.way import progress

Message = dict[str, Any]
Check = Callable[[Any], bool]

_MOST_FIELDS = 20
_LONGEST_ID = 80
_LARGEST_ANSWER = 200_000  # characters; the plan takes ten thousand and says so
_LARGEST_FILE = 8_000_000  # characters of a file of five megabytes as text
_LARGEST_NUMBER = 10**9
_LARGEST_FIGURE = 1e30
_HALVES = re.compile("[\ud800-\udfff]")  # halves of a character, which no file can hold


def _text(most: int) -> Check:
    return lambda value: isinstance(value, str) and len(value) <= most and not _HALVES.search(value)


def _number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -1 <= value <= _LARGEST_NUMBER


def _yes_no(value: Any) -> bool:
    return isinstance(value, bool)


def _answer(value: Any) -> bool:
    """What a field can hold: text, a number, yes or no, nothing, or several texts."""
    if isinstance(value, list):
        return len(value) <= 2_000 and all(_text(1_000)(item) for item in value)
    if isinstance(value, str):
        return _text(_LARGEST_ANSWER)(value)
    return value is None or _figure(value)


def _figure(value: Any) -> bool:
    """Yes or no, or a number that can be worked with: not endless, and not of hundreds of digits."""
    return isinstance(value, (bool, int, float)) and abs(value) <= _LARGEST_FIGURE


def _texts(value: Any) -> bool:
    """Texts by name."""
    if not isinstance(value, dict) or len(value) > 500:
        return False
    return all(_text(1_000)(key) and _text(10_000)(item) for key, item in value.items())


def _names(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= 2_000 and all(_text(300)(item) for item in value)


#: What the fields of messages may hold, by name. A field that is not named here is a short text, a number or yes or no.
FIELDS: dict[str, Check] = {
    "id": _text(_LONGEST_ID),
    "kind": _text(40),
    "by": _text(1_000),
    "path": _text(500),
    "view": _text(300),
    "at": _text(500),
    "name": _text(500),
    "value": _answer,
    "values": _texts,
    "index": _number,
    "revision": _number,
    "base": _number,
    "seen": _number,
    "before": _number,
    "first": _number,
    "last": _number,
    "update": _yes_no,
    "packs": _yes_no,
    "content": _text(_LARGEST_FILE),
    "reason": _text(10_000),
    "choices": _texts,
    "names": _names,
}


def checked(message: object) -> Message:
    """A message in which every field is of the type and size it may have. Raises BadInput where one is not."""
    if not isinstance(message, dict) or len(message) > _MOST_FIELDS:
        raise _refused("")
    for name, value in message.items():
        fits = FIELDS.get(name, _plain) if isinstance(name, str) else _nothing
        if not fits(value):
            raise _refused(str(name))
    if not message.get("kind"):
        raise _refused("kind")
    return message


def _plain(value: Any) -> bool:
    return value is None or _figure(value) or _text(_LARGEST_FILE)(value)


def _nothing(value: Any) -> bool:
    return False


def _refused(field: str) -> BadInput:
    named = f" (its part “{field[:40]}” does not fit)" if field else ""
    return BadInput(
        f"The page sent something that the workbook does not understand{named}; nothing was changed.",
        "Reload the page. If a long text was typed, keep a copy of it and make it shorter.",
    )


# --- what is done ---------------------------------------------------------------


def _place(message: Message) -> str:
    return str(message.get("path", ""))


def _whole(message: Message, name: str, otherwise: int = -1) -> int:
    value = message.get(name)
    return value if isinstance(value, int) else otherwise


def _base(message: Message) -> int | None:
    return message.get("base")


def _read_rows(session: Session, message: Message, by: str) -> Reply:
    name, content = str(message.get("name", "")), str(message.get("content", ""))
    return session.read_rows(_place(message), name, content, bool(message.get("update")))


def _history(session: Session, message: Message, by: str) -> Reply:
    before = max(0, _whole(message, "before", 0))
    return {"history": {"before": before, "html": history.panel(session.path, before)}}


def _past(session: Session, message: Message, by: str) -> Reply:
    first, last = _whole(message, "first"), _whole(message, "last")
    html = history.told(session.path, first, last)
    return {"past": {"of": f"{first}-{last}", "html": html}}


Handler = Callable[[Session, Message, str], Reply]

HANDLERS: dict[str, Handler] = {
    "ping": lambda session, m, by: session.look(),
    "hello": lambda session, m, by: session.hello(_whole(m, "revision", 0)),
    "progress": lambda session, m, by: progress.of_open(session.path, session.plan, session._reference),
    "reload": lambda session, m, by: session.reload(),
    "view": lambda session, m, by: session.show(str(m.get("view", "")), str(m.get("at", ""))),
    "row": lambda session, m, by: session.open(_place(m)),
    "change": lambda session, m, by: session.change(_place(m), m.get("value"), by, _base(m)),
    "add": lambda session, m, by: session.add(_place(m), by, _base(m)),
    "remove": lambda session, m, by: session.remove(_place(m), _whole(m, "index"), by, _base(m)),
    "rows-in": _read_rows,
    "rows-take": lambda session, m, by: session.take_rows(_place(m), by),
    "rows-out": lambda session, m, by: session.rows_out(_place(m)),
    "undo": lambda session, m, by: session.undo(_whole(m, "revision"), by),
    "settle": lambda session, m, by: session.settle(str(m.get("name", "")), m.get("choices") or {}, by),
    "names": lambda session, m, by: session.names(),
    "names-remove": lambda session, m, by: session.forget(m.get("names") or [], bool(m.get("packs")), by),
    "reopen": lambda session, m, by: session.reopen(str(m.get("reason", "")), by),
    "history": _history,
    "past": _past,
    "back-asked": lambda session, m, by: session.back_asked(_whole(m, "revision")),
    "back": lambda session, m, by: session.back(_whole(m, "revision"), _whole(m, "seen"), by),
}

#: The kinds whose reply is kept for a while, so that one that is sent twice over a bad line is done once.
SAVING = frozenset(
    (
        *("change", "add", "remove", "rows-take", "undo", "settle", "reopen", "back", "names-remove"),
        *("copy", "create", "restore"),
    )
)

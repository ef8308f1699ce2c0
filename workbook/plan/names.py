"""People named in a plan: who, where, and how a name is taken out of the plan and of everything kept of it.

Two kinds of field name people, and the schema marks both (``sections/base.py``): those that ask for a person (who
saved, who signed, who scored) and those that ask for a role or a group (owner, made by), where a name may stand all
the same. A removed name is replaced in all of them, and in any other text in which it stands as whole words.
"""

from __future__ import annotations

import json
import re
import shutil
import typing
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic_core import to_json

from workbook import paths
from workbook.errors import BadInput, WorkbookError
from workbook.plan import edit, store, wording
from workbook.plan.difference import below, deeper, where
from workbook.plan.history import INDEX
from workbook.plan.identity import Shape, extra, shapes
from workbook.plan.model import Plan
from workbook.plan.sections.base import PERSON

REMOVED = "name removed"
_LEAST = 2  # characters of a name; a single letter stands in every text
_APOSTROPHES = "'\u2019\u02bc\u2018`"
_DAMAGED = ".damaged"  # beside a plan that was gone back from


@dataclass(frozen=True)
class Named:
    """A name, and the places where it stands, in words and as JSON pointers.

    ``sure`` where a person was asked for. Who scored may be a role as well: it is one, where it owns something too.
    """

    name: str
    places: tuple[str, ...]
    sure: bool = True
    paths: tuple[str, ...] = ()


@dataclass(frozen=True)
class Forgotten:
    """What was rewritten: kept ``revisions``, and ``places`` in them and in the plan together.

    ``revision`` is that of the plan after it. ``left`` are files that are damaged in such a way that a name in them
    cannot be found: they are to be deleted by hand.
    """

    revisions: int
    places: int
    revision: int
    left: tuple[str, ...] = ()


# --- who is named ------------------------------------------------------------------------------


def named(plan: Plan) -> list[Named]:
    """Everybody named in a plan, in the order of the alphabet, with every place where the name stands."""
    texts = list(_texts(plan))
    people: dict[str, str] = {}
    asked: dict[str, set[str]] = {}
    for path, text, _, mark in texts:
        if mark and not _is_removed(text):
            people.setdefault(_plain(text), " ".join(text.split()))
            sort = "role" if mark != PERSON["names"] else _sort(edit.general(path))
            asked.setdefault(_plain(text), set()).add(sort)
    finders = {name: _Finder([spelt]) for name, spelt in people.items()}
    held: dict[str, list[tuple[str, str]]] = {name: [] for name in people}
    for path, text, place, mark in texts:
        plain = _plain(text)
        for name, finder in finders.items():
            if name in plain and ((mark and name == plain) or finder.stands_in(text)):
                held[name].append((place, path))
    return [
        Named(
            spelt, tuple(p for p, _ in held[name]), _sure(asked[name]), tuple(path for _, path in held[name])
        )
        for name, spelt in sorted(people.items())
    ]


def earlier(path: Path | str) -> list[str]:
    """People whom earlier revisions of a plan name in fields that ask for a person, and the plan itself does not.

    Reads every kept revision (3 ms each); one that is damaged is left out.
    """
    path = Path(path)
    now = {_plain(person.name) for person in named(store.read(path))} if path.exists() else set()
    found: dict[str, str] = {}
    for file in store.revisions(path):
        try:
            data = json.loads(store.content(file).decode("utf-8-sig"))
        except (BadInput, ValueError, RecursionError):
            continue
        for text in (text for way in _ways() for text in _followed(data, way)):
            if _plain(text) not in now and not _is_removed(text):
                found.setdefault(_plain(text), " ".join(text.split()))
    return [found[name] for name in sorted(found)]


@cache
def _ways() -> tuple[tuple[str, ...], ...]:
    """The ways from a plan to the fields that ask for a person; "*" is every entry of a list."""
    return (("saved", "by"), *_ways_of(Plan, ()))


def _ways_of(model: type[BaseModel], way: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for name, shape in shapes(model).items():
        if shape.kind in ("group", "entries") and shape.model is not None:
            yield from _ways_of(shape.model, (*way, name, "*") if shape.kind == "entries" else (*way, name))
        elif extra(shape.info).get("names") == PERSON["names"]:
            yield (*way, name)


def _followed(data: Any, way: tuple[str, ...]) -> Iterator[str]:
    if not way:
        if isinstance(data, str) and data.strip():
            yield data
    elif way[0] == "*":
        for item in data if isinstance(data, list) else ():
            yield from _followed(item, way[1:])
    elif isinstance(data, dict):
        yield from _followed(data.get(way[0]), way[1:])


def _sure(asked: set[str]) -> bool:
    return "person" in asked or "role" not in asked


_Text = tuple[str, str, str, Any]  # path, text, the place in words, and whether a person is asked for there


def _texts(plan: Plan) -> Iterator[_Text]:
    """Every text that somebody typed; who saved the plan first."""
    if plan.saved is not None and plan.saved.by:
        yield "/saved/by", plan.saved.by, "Saved by", True
    yield from _of_group(plan, "", (), wording.names(plan))


def _of_group(row: BaseModel, path: str, crumbs: tuple[str, ...], known: wording.Names) -> Iterator[_Text]:
    for name, shape in shapes(type(row)).items():
        held, place = getattr(row, name), below(path, name)
        if held not in (None, "", [], {}):
            yield from _of_part(held, shape, place, crumbs, name, known)


def _of_part(
    held: Any, shape: Shape, path: str, crumbs: tuple[str, ...], name: str, known: wording.Names
) -> Iterator[_Text]:
    if shape.kind == "entries":
        for n, row in enumerate(held):
            crumb = wording.entry(row, n, known)
            yield from _of_group(row, below(path, n), (*deeper(crumbs, name, shape)[:-1], crumb), known)
    elif shape.kind == "named" and shape.inner is not None:
        for key, inside in held.items():
            if isinstance(inside, BaseModel):
                about_it = (*crumbs, wording.named(key, shape.inner, known))
                yield from _of_group(inside, below(path, key), about_it, known)
    elif isinstance(held, BaseModel):
        yield from _of_group(held, path, deeper(crumbs, name, shape), known)
    else:
        for n, text in enumerate(held if isinstance(held, list) else [held]):
            place = below(path, n) if isinstance(held, list) else path
            if isinstance(text, str) and text and _sort(edit.general(place)) != "leave":
                label = where(crumbs, wording.label(shape.info, name))
                yield place, text, label, extra(shape.info).get("names", False)


# --- a plan without a name ---------------------------------------------------------------------


def without(plan: Plan, names: Collection[str], instead: str = REMOVED) -> Plan:
    """The plan with ``instead`` where a name stood; the revision stays as it is.

    People by whom entries are told apart (who scored) are numbered, so that two do not become one.
    """
    scrub = _Scrub(names, instead, _respondents(plan))
    return Plan.model_validate(scrub.of(plan.model_dump(mode="json")))


class _Finder:
    """Where names stand in a text as whole words: a full name however it is spelt, a single word only as it is."""

    def __init__(self, names: Collection[str]) -> None:
        spelt = sorted(
            {" ".join(n.split()) for n in names if len(n.strip()) >= _LEAST}, key=len, reverse=True
        )
        self.pattern = re.compile("|".join(map(_expression, spelt))) if spelt else None

    def stands_in(self, text: str) -> bool:
        return self.pattern is not None and self.pattern.search(text) is not None

    def replaced(self, text: str, instead: str) -> str:
        return self.pattern.sub(lambda _: instead, text) if self.pattern else text


def _expression(name: str) -> str:
    flag = "i" if len(name.split()) > 1 else ""
    return rf"(?<!\w)(?{flag}:{_words(name)})(?!\w)"


def _words(name: str) -> str:
    """The words of a name, with any space between them and any apostrophe in them."""
    return r"\s+".join(
        "".join(f"[{_APOSTROPHES}]" if letter in _APOSTROPHES else re.escape(letter) for letter in word)
        for word in name.split()
    )


def _plain(name: str) -> str:
    """A name as it is compared: no capitals, one space, one apostrophe."""
    return re.sub(f"[{_APOSTROPHES}]", "'", " ".join(name.split())).casefold()


def _is_removed(text: str) -> bool:
    return re.fullmatch(rf"{REMOVED}( \d+)?", " ".join(text.split())) is not None


class _Scrub:
    """Takes names out of the JSON of a plan of any schema, and counts the places."""

    def __init__(self, names: Collection[str], instead: str, respondents: Collection[str] = ()) -> None:
        self.names = list(dict.fromkeys(_plain(name) for name in names if name.strip()))
        self.find, self.instead, self.places = _Finder(names), instead, 0
        self.whole = re.compile(
            rf"\s*(?:{'|'.join(_words(name) for name in names if name.strip())})\s*", re.IGNORECASE
        )
        self.labels = self._numbered(respondents)

    def _numbered(self, respondents: Collection[str]) -> dict[str, str]:
        """What stands for each name where people are told apart by it."""
        taken = set(respondents)
        if len(self.names) == 1 and self.instead not in taken:
            return {self.names[0]: self.instead}
        free = (label for n in range(1, 10**6) if (label := f"{self.instead} {n}") not in taken)
        return {name: next(free) for name in self.names}

    def of(self, data: Any, path: str = "") -> Any:
        """The data without the names; what a newer or older schema knows and this one does not is text."""
        if isinstance(data, str):
            return self._text(data, path)
        if isinstance(data, list):
            return [self.of(item, f"{path}/{n}") for n, item in enumerate(data)]
        if isinstance(data, dict):
            return {key: self.of(value, below(path, key)) for key, value in data.items()}
        return data

    def _text(self, text: str, path: str) -> str:
        if not self.whole.fullmatch(text) and not self.find.stands_in(text):
            return text
        sort = _sort(edit.general(path))
        if sort == "leave":
            return text
        label = self.labels.get(_plain(text)) if sort != "text" else None
        made = (
            (label if sort == "apart" else self.instead) if label else self.find.replaced(text, self.instead)
        )
        if made == text:
            return text
        self.places += 1
        return made[: _most(edit.general(path))].rstrip() if len(made) > len(text) else made


@lru_cache(maxsize=8192)
def _sort(place: str) -> str:
    """What stands at a place: a "person", a person entries are told "apart" by, "text", or what is to be left alone."""
    if place == "" or place.startswith(("/area", "/schema_version")):
        return "leave" if place.startswith(("/area", "/schema_version")) else "text"
    try:
        info, kind = edit.field_of(place), edit.type_of(place)
    except BadInput:
        return "text"
    marks = extra(info)
    name = place.rpartition("/")[2]
    if name == "id" or "refers" in marks or typing.get_origin(kind) is typing.Literal:
        return "leave"
    if kind in (int, float, bool, date, datetime):
        return "leave"
    if kind is not str:  # an entry that an earlier schema held as text
        return "text"
    return ("apart" if name == "respondent" else "person") if "names" in marks else "text"


@lru_cache(maxsize=8192)
def _most(place: str) -> int:
    """The most characters that fit in a place."""
    waiting: list[Any] = []
    try:
        info = edit.field_of(place)
        waiting += [info.annotation, *info.metadata]
    except BadInput:
        return store.LARGEST
    while waiting:
        part = waiting.pop()
        if isinstance(most := getattr(part, "max_length", None), int):
            return most
        waiting += [*typing.get_args(typing.cast(Any, part)), *getattr(part, "metadata", ())]
    return store.LARGEST


def _respondents(plan: Plan) -> set[str]:
    scores: Sequence[Any] = [*plan.budget.scope.responses, *plan.budget.value.scores]
    return {row.respondent for row in scores}


# --- a plan and all that is kept of it ---------------------------------------------------------


def forget(
    path: Path | str,
    names: Collection[str],
    *,
    by: str = "",
    verified: bool = False,
    instead: str = REMOVED,
) -> Forgotten:
    """Take names out of a plan, of every revision kept of it, and of what is left of damaged ones.

    The plan is saved as its next revision, so that nobody who has it open can save the name again. Each file is
    replaced whole (a thousand revisions of the demonstration plan take some 15 seconds, in which nobody can save);
    whoever is interrupted begins again and finds the rest. Raises WorkbookError where a file cannot be
    written.
    """
    path = Path(path)
    if not [name for name in names if name.strip()]:
        raise BadInput(
            "No name was given to be removed.", f"'workbook names {path}' lists those in the plan."
        )
    if not path.exists() and not _all_kept(path):
        store.content(path)  # says that there is no such file
    with store.lock(path):
        _sweep(path)
        scrub, left = _Scrub(names, instead, _taken(path)), []
        revision, rewritten = _of_plan(path, scrub, by, verified)
        for file in [*_all_kept(path), *path.parent.glob(f"{path.name}{_DAMAGED}*")]:
            try:
                rewritten += _rewritten(file, scrub, path.name) and file.parent != path.parent
            except BadInput:
                left.append(str(file))
        (store.shelf(path) / INDEX).unlink(missing_ok=True)  # it names who saved
    return Forgotten(rewritten, scrub.places, revision, tuple(left))


def _taken(path: Path) -> set[str]:
    try:
        return _respondents(store.read(path))
    except WorkbookError:
        return set()


def _all_kept(path: Path) -> list[Path]:
    """Every file of the folder of revisions that holds a plan, also one that another stands for."""
    shelf = store.shelf(path)
    return sorted(file for file in shelf.glob("*.json*") if file.name != INDEX) if shelf.is_dir() else []


def _of_plan(path: Path, scrub: _Scrub, by: str, verified: bool) -> tuple[int, int]:
    """Save the plan without the names as its next revision, and keep the present one without them.

    The number it then has, and how many revisions were kept so.
    """
    if not path.exists():
        return 0, 0
    try:
        plan = store.read(path)
    except WorkbookError:  # damaged, or of a later version: it stays what it is, without the names
        _rewritten(path, scrub, path.name)
        return 0, 0
    before = scrub.places
    cleaned = Plan.model_validate(scrub.of(plan.model_dump(mode="json")))
    if scrub.places == before:
        return plan.revision, 0
    kept = store.shelf(path) / f"{plan.revision:06d}.json.gz"
    store.replace_file(kept, store.packed(store.to_json(cleaned).encode()), called=path.name)
    return store.place(cleaned, path, plan.revision + 1, scrub.of(by, "/saved/by"), verified).revision, 1


def _rewritten(file: Path, scrub: _Scrub, called: str) -> bool:
    """Whether a file held a name, which it now does not. Raises BadInput where it cannot be unpacked."""
    before = scrub.places
    text = store.content(file).decode("utf-8-sig", errors="surrogateescape")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        cleaned = scrub.of(text)
        content = cleaned.encode(errors="surrogateescape")
    else:
        cleaned = scrub.of(data)
        content = _written(cleaned) if scrub.places != before else b""
    if scrub.places == before:
        return False
    store.replace_file(file, store.packed(content) if file.suffix == ".gz" else content, called=called)
    return True


def _written(data: Any) -> bytes:
    """JSON as plans are written; with escapes where it holds half a letter."""
    try:
        return to_json(data, indent=1, inf_nan_mode="constants") + b"\n"
    except ValueError:
        return json.dumps(data, indent=1).encode() + b"\n"


def _sweep(path: Path) -> None:
    """Take away what a killed process left half-written; nobody writes while the lock is held."""
    for folder, pattern in ((path.parent, f".{path.name}.*.part"), (store.shelf(path), ".*.part")):
        for part in folder.glob(pattern) if folder.is_dir() else ():
            part.unlink(missing_ok=True)


# --- packs -------------------------------------------------------------------------------------


def packs(path: Path | str) -> list[Path]:
    """The packs made of a plan from its page, which hold the names as the plan had them."""
    made = paths.home() / "packs" / Path(path).name.removesuffix(store.SUFFIX)
    return [made] if (made / "manifest.json").is_file() else []


def delete_packs(path: Path | str) -> list[Path]:
    """Delete the packs made of a plan from its page; those that were deleted."""
    gone = packs(path)
    for pack in gone:
        try:
            shutil.rmtree(pack)
        except OSError as error:
            raise BadInput(
                f"{pack} could not be deleted: {error.strerror}.",
                "Close its documents and delete the folder.",
            ) from None
    return gone

"""Rows into the plan: which entry each row is, what it changes, and everything that is wrong with it.

Nothing is changed unless every row of every sheet is right. Two ways: a list that a file gives takes the place of
the plan's (the default), or its rows are added to the plan's list and change entries that are there (``update``).
Either way a column that the file does not have leaves what the plan holds there alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from workbook.plan.faults import said as in_words
from workbook.plan.model import Plan
from workbook.plan.rows import checks
from workbook.plan.rows.cells import same
from workbook.plan.rows.matching import Given, Row, matched
from workbook.plan.rows.reading import Sheet
from workbook.plan.rows.said import FaultyRows, Said
from workbook.plan.rows.tables import TAKEN_FROM, Column, Table
from workbook.words import plural

Known = Mapping[str, Mapping[str, str]]  # ids and their labels, by what refers to them
Data = dict[str, Any]
_LISTS = {
    "schemes": "/budget/schemes",
    "lines": "/budget/lines",
    "services": "/decommissioning/services",
    "priorities": "/needs/priorities",
    "segments": "/needs/segments",
}


@dataclass
class Change:
    """What a file does to one table."""

    table: str
    title: str
    new: int = 0
    changed: int = 0
    same: int = 0
    removed: int = 0

    def __str__(self) -> str:
        parts = [
            f"{self.new:,} new",
            f"{self.changed:,} changed",
            f"{self.removed:,} removed",
            f"{self.same:,} as before",
        ]
        return f"{self.title} ({self.table}): {', '.join(parts)}."


@dataclass
class Brought:
    """The plan as it would be, what changes in each table, and what is said of the files."""

    plan: Plan
    changes: list[Change]
    said: list[Said] = field(default_factory=list)

    @property
    def changes_anything(self) -> bool:
        return any(c.new or c.changed or c.removed for c in self.changes)


@dataclass
class Built:
    """An entry made from a row, for the checks that join entries."""

    row: Row
    table: Table
    entry: Data
    before: Data | None


def bring(
    plan: Plan,
    sheets: list[Sheet],
    *,
    update: bool = False,
    only: Collection[str] = (),
    known: Known | None = None,
) -> Brought:
    """The plan with the rows of ``sheets``. Raises FaultyRows with every fault there is.

    ``known`` gives the ids that lie outside the plan, with their labels, by the name of what refers to them
    ("scope_options") or of the table that they are the keys of ("budget-answers"); what is not given is not checked.
    """
    given, _ = matched(sheets, only)
    _say_other_plan(sheets, plan)
    merge = _Merge(plan, given, update, known or {})
    merge.run()
    said = [s for sheet in sheets for s in sheet.said]
    faults = [s for s in said if s.severity == "refuses"]
    if not given and not faults:
        faults = [
            Said(sheet.file, "There is no list to bring in.", "Fill in a sheet.", sheet.name)
            for sheet in sheets[:1]
        ]
    if faults:
        raise FaultyRows(faults, [s for s in said if s.severity != "refuses"])
    return Brought(merge.made(), merge.changes, [s for sheet in sheets for s in sheet.said])


def _say_other_plan(sheets: list[Sheet], plan: Plan) -> None:
    """Lists that were taken out of the plan of another area are told of, before anything else."""
    for sheet in sheets:
        for _, row in sheet.rows if same(sheet.stem) == "notes" else ():
            told = [cell.text for cell in row]
            if len(told) >= 6 and told[0] == TAKEN_FROM and told[5] != plan.area.code:
                sheets[0].said.insert(
                    0,
                    Said(
                        sheet.file,
                        f"The file was taken out of another plan: “{told[4][:100]}” ({told[5][:40]}); this one is for "
                        f"{plan.area.name} ({plan.area.code}).",
                        "Make sure that its rows are meant for this plan.",
                        severity="says",
                    ),
                )


class _Merge:
    """One go at bringing rows in: ids first, then references by name, then entries, then checks."""

    def __init__(self, plan: Plan, given: dict[str, Given], update: bool, known: Known) -> None:
        self.data = plan.model_dump(mode="json")
        self.before = plan.model_dump(mode="json")
        self.given, self.update, self.known = given, update, known
        self.changes: list[Change] = []
        self.built: list[Built] = []
        self._names: dict[str, dict[str, str]] = {}

    def run(self) -> None:
        for given in self.given.values():
            if given.table.has_id:
                self._give_ids(given)
        for given in self.given.values():
            self._resolve(given)
            self._merge(given)
        checks.run(self.built, self._ids, self.known, _list(self.data, _LISTS["schemes"]))

    def made(self) -> Plan:
        return Plan.model_validate(self.data)

    # --- short names ------------------------------------------------------------

    def _give_ids(self, given: Given) -> None:
        """A short name for each row: its own, that of the plan's entry of the same name, or one made from the name."""
        current = _list(self.before, given.table.pointer)
        named = _by_name(current)
        asked = [str(row.values.get(("id",)) or "").strip() for row in given.rows]
        used = {id for id in asked if id}
        taken = used | ({e["id"] for e in current} if self.update else set())
        first: dict[str, int] = {}
        tried: dict[str, int] = {}
        for row, id in zip(given.rows, asked, strict=True):
            name = str(row.values.get(("name",)) or "")
            if not id and not name:
                row.say("The row has neither a short name nor a name.", "Give it a name.", "Short name")
                row.wrong.add(("id",))
            if not id and (there := named.get(same(name))) and there not in used:
                id = there
            elif not id:
                id = _fresh(name or given.table.thing, taken, tried)
                if name:
                    row.say(f"Its short name is now {id}.", "Keep it from now on.", severity="says")
            elif id in first:
                row.say(
                    f"The short name {id} stands in row {first[id]} already.",
                    "Give each entry a short name of its own.",
                    "Short name",
                )
                row.wrong.add(("id",))
            else:
                first[id] = row.number
            taken.add(id)
            used.add(id)
            row.values["id",] = id

    def _ids(self, what: str) -> dict[str, str] | None:
        """The ids that a reference of a kind may name, with their names; None where they are not known here."""
        if what not in _LISTS:
            return self._outside(what) or None
        if what not in self._names:
            given = self.given.get(what)
            rows = (
                [(r.values["id",], str(r.values.get(("name",)) or "")) for r in given.rows] if given else []
            )
            kept = {e["id"]: e.get("name") or e.get("title") or "" for e in _list(self.before, _LISTS[what])}
            if given and not self.update:
                self._names[what] = {id: name or kept.get(id, "") for id, name in rows}
            else:
                self._names[what] = kept | {id: name or kept.get(id, "") for id, name in rows}
        return self._names[what]

    def _outside(self, what: str) -> dict[str, str]:
        """What is known from outside the plan, with what these files add to it; nothing where it is not known."""
        if what not in self.known:
            return {}
        own = self.given.get(what.replace("_", "-"))
        added = (
            {r.values["id",]: str(r.values.get(("name",)) or "") for r in own.rows}
            if own and own.table.has_id
            else {}
        )
        return dict(self.known.get(what, {})) | added

    def _resolve(self, given: Given) -> None:
        """References by name become short names, where only one entry is called so and nothing is called otherwise."""
        if given.table.parent:
            owners = self._owner_names(given.table)
            called = _called(owners)
            for row in given.rows:
                row.owner = _resolved(row.owner, owners, called)
        for _, column in given.columns:
            ids = self._ids(column.refers) if column.refers in _LISTS else None
            if ids is None:
                continue
            held, named = _held(self.before, given.table, column), _called(ids)
            for row in given.rows:
                if column.path not in row.values:
                    continue
                value = row.values[column.path]
                if isinstance(value, list):
                    row.values[column.path] = [v if v in held else _resolved(v, ids, named) for v in value]
                elif value not in held:
                    row.values[column.path] = _resolved(value, ids, named)

    def _owner_names(self, table: Table) -> dict[str, str]:
        return {e["id"]: e.get("name", "") for e in _list(self.data, table.pointer)}

    # --- entries ----------------------------------------------------------------

    def _merge(self, given: Given) -> None:
        table = given.table
        change = Change(table.name, table.title)
        self.changes.append(change)
        if table.parent:
            self._inside(given, change)
        elif table.shape == "scores":
            holder, last = _holder(self.data, table.pointer)
            holder[last] = _Scores(given, holder[last], change, self.update, self._outside).run()
        else:
            holder, last = _holder(self.data, table.pointer)
            holder[last] = self._collection(given, given.rows, holder[last], change)

    def _inside(self, given: Given, change: Change) -> None:
        table = given.table
        groups: dict[str, list[Row]] = {}
        for row in given.rows:
            groups.setdefault(row.owner, []).append(row)
        owners = _list(self.data, table.pointer)
        ids = {o["id"] for o in owners}
        parent = table.column("parent")
        for row in given.rows:
            if row.owner not in ids:
                _say_no_owner(row, parent, ids)
        for owner in owners:
            rows = groups.get(owner["id"], [])
            empty: Any = {} if table.shape != "rows" else []
            owner[table.field] = self._collection(given, rows, owner.get(table.field, empty), change)

    def _collection(self, given: Given, rows: list[Row], current: Any, change: Change) -> Any:
        if isinstance(current, dict):
            return self._named(given, rows, current, change)
        return self._rows(given, rows, current, change)

    def _rows(self, given: Given, rows: list[Row], current: list[Data], change: Change) -> list[Data]:
        """A list of entries; a row is the entry of the same short name or key, the second of a key the second."""
        key = _key_of(given.table)
        there: dict[Any, list[int]] = {}
        for n, entry in enumerate(current):
            there.setdefault(key(entry), []).append(n)
        made: list[Data] = []
        merged = list(current)
        seen: set[Any] = set()
        gone = set(range(len(current)))
        for row in rows:
            own = key({c.path[0]: row.values.get(c.path) for c in given.table.fields})
            if self.update and own in seen and not given.table.has_id:
                row.say("Another row is for the same entry.", "Leave in one of the two.")
            seen.add(own)
            place = there[own].pop(0) if there.get(own) else None
            before = current[place] if place is not None else None
            entry = self._entry(given, row, before, change)
            made.append(entry)
            if place is None:
                merged.append(entry)
            else:
                gone.discard(place)
                merged[place] = entry
        if self.update:
            return merged
        change.removed += len(gone)
        return made

    def _named(self, given: Given, rows: list[Row], current: Data, change: Change) -> Data:
        """Entries or numbers under their names."""
        made: Data = dict(current) if self.update else {}
        seen: set[str] = set()
        for row in rows:
            if row.key in seen:
                row.say(
                    f"{row.key or 'An empty id'} stands in an earlier row already.",
                    "Leave in one of the two.",
                    "Id",
                )
            seen.add(row.key)
            if not self._right_key(given.table, row):
                continue
            if given.table.shape == "values":
                value = row.values.get(("",))
                if value is None:
                    if not row.wrong:
                        row.say(f"No number stands for {row.key}.", "Give one, or leave the row out.")
                    continue
                made[row.key] = value
                _count(change, current.get(row.key), made[row.key])
            else:
                made[row.key] = self._entry(given, row, current.get(row.key), change)
        if not self.update:
            change.removed += sum(1 for name in current if name not in seen)
        return made

    def _right_key(self, table: Table, row: Row) -> bool:
        column = table.column("key")
        assert column is not None
        try:
            if not row.key:
                raise ValueError
            column.adapter.validate_python(row.key)
        except ValueError:
            row.say(
                f"“{row.key}” is no id." if row.key else "The id is empty.",
                "Write the id as it is listed, for instance CST-13.1.",
                column.heading,
            )
            return False
        return True

    def _entry(self, given: Given, row: Row, before: Data | None, change: Change) -> Data:
        """The entry of a row: what was there with the cells of the row put in, as the schema has it."""
        model = given.table.model
        assert model is not None
        entry: Data = _copy(before) if before is not None else {}
        for path, value in row.values.items():
            _put(entry, path, value)
        try:
            entry = model.model_validate(entry).model_dump(mode="json")
        except ValidationError as error:
            _say_invalid(error, given, row)
            return entry
        if not row.wrong:
            _count(change, before, entry)
            self.built.append(Built(row, given.table, entry, before))
        return entry


class _Scores:
    """One score in each row into responses: rows of one number, or of one person, are one response."""

    def __init__(
        self,
        given: Given,
        current: list[Data],
        change: Change,
        update: bool,
        known: Callable[[str], dict[str, str]],
    ) -> None:
        self.given, self.current, self.change = given, current, change
        self.update = update
        self.options, self.criteria = known("scope_options"), known("scope_criteria")
        self.kept = {(o, c) for r in current for o, scores in r["scores"].items() for c in [*scores, None]}

    def run(self) -> list[Data]:
        found: dict[Any, Data] = {}
        for row in self.given.rows:
            self._take(row, found)
        made = list(found.values())
        if not self.update:
            there: dict[str, list[Data]] = {}
            for response in self.current:
                there.setdefault(response["respondent"], []).append(response)
            for response in made:
                same_person = there.get(response["respondent"])
                _count(self.change, same_person.pop(0) if same_person else None, response)
            self.change.removed += sum(map(len, there.values()))
            return made
        return self._added(made)

    def _added(self, made: list[Data]) -> list[Data]:
        merged = _copy({"all": self.current})["all"]
        places = {r["respondent"]: n for n, r in enumerate(merged)}
        for response in made:
            at = places.get(response["respondent"])
            before: Data | None = merged[at] if at is not None else None
            whole: Data = _copy(before) if before else response
            for option, scores in response["scores"].items():
                whole["scores"].setdefault(option, {}).update(scores)
            _count(self.change, before, whole)
            if at is None:
                merged.append(whole)
            else:
                merged[at] = whole
        return merged

    def _take(self, row: Row, found: dict[Any, Data]) -> None:
        values = {path[0]: value for path, value in row.values.items()}
        who, number = str(values.get("respondent") or "").strip(), values.get("#response")
        name = who if number is None else number
        response = found.setdefault(name, {"respondent": who, "scores": {}})
        if response["respondent"] != who:
            row.say(
                f"Response {number} is by “{response['respondent'][:60]}” in an earlier row.",
                "Give each person one number.",
                "Response",
            )
        option = self._id(row, "Option", str(values.get("#option") or "").strip(), self.options)
        criterion = self._id(row, "Criterion", str(values.get("#criterion") or "").strip(), self.criteria)
        score = values.get("scores")
        if not option:
            if criterion or score is not None:
                row.say("The option is empty.", "Say which option was scored.", "Option")
            return
        scores = response["scores"].setdefault(option, {})
        if not criterion:
            if score is not None:
                row.say("The criterion is empty.", "Say by which criterion it was scored.", "Criterion")
        elif criterion in scores:
            row.say(
                f"{who or 'The person'} has scored this option by this criterion in an earlier row.",
                "Leave in one of the two.",
                "Score",
            )
        elif score is not None:
            scores[criterion] = score

    def _id(self, row: Row, column: str, text: str, labels: Mapping[str, str]) -> str:
        """An id from an id or its words; what the plan holds already is not asked about."""
        if not text or text in labels or not labels or any(text in pair for pair in self.kept):
            return text
        found = [id for id, label in labels.items() if same(label) == same(text) or same(id) == same(text)]
        if len(found) == 1:
            return found[0]
        row.say(
            f"“{text[:60]}” is no {column.lower()} of this plan.",
            f"Write one of these: {'; '.join(f'{id} ({label})' for id, label in labels.items())}.",
            column,
        )
        return text


# --- small things -----------------------------------------------------------------


def _count(change: Change, before: Any, now: Any) -> None:
    if before is None:
        change.new += 1
    elif before == now:
        change.same += 1
    else:
        change.changed += 1


def _holder(data: Data, pointer: str) -> tuple[Data, str]:
    *parts, last = pointer.split("/")[1:]
    for part in parts:
        data = data[part]
    return data, last


def _list(data: Data, pointer: str) -> list[Data]:
    holder, last = _holder(data, pointer)
    found: list[Data] = holder[last]
    return found


def _copy(value: Any) -> Any:
    """A copy of data of a plan down to its values; those cannot change."""
    if isinstance(value, dict):
        return {k: _copy(v) for k, v in value.items()}
    return [_copy(v) for v in value] if isinstance(value, list) else value


def _put(entry: Data, path: tuple[str, ...], value: Any) -> None:
    for part in path[:-1]:
        entry = entry.setdefault(part, {})
    entry[path[-1]] = value


def _by_name(current: list[Data]) -> dict[str, str]:
    """Short names by names that only one entry has."""
    return _told_apart((same(str(e.get("name", ""))), e["id"]) for e in current)


def _called(ids: Mapping[str, str]) -> dict[str, str]:
    """Short names by the names they stand for, where only one does."""
    return _told_apart((same(name), id) for id, name in ids.items())


def _told_apart(named: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Short names by names, without names that stand for more than one."""
    found: dict[str, str] = {}
    doubled: set[str] = set()
    for name, id in named:
        if name in found:
            doubled.add(name)
        found[name] = id
    return {name: id for name, id in found.items() if name and name not in doubled}


def _fresh(name: str, taken: Collection[str], tried: dict[str, int]) -> str:
    """A short name from a name; ``tried`` holds the number that a stem has come to, so that many alike are quick."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].strip("-") or "entry"
    number = tried.get(stem, 1)
    while (id := stem if number == 1 else f"{stem}-{number}") in taken:
        number += 1
    tried[stem] = number
    return id


def _resolved(text: str, ids: Collection[str], named: Mapping[str, str]) -> str:
    """The short name of the one entry that is called so; the text itself where it is one, or where none is."""
    if not isinstance(text, str) or not text or text in ids:
        return text
    return named.get(same(text), text)


def _held(data: Data, table: Table, column: Column) -> set[str]:
    """What the plan holds in a column now, which stays as it is."""
    holder, last = _holder(data, table.pointer)
    inside: list[Any] = [e.get(table.field) or [] for e in holder[last]] if table.parent else [holder[last]]
    found: set[str] = set()
    for entry in (x for i in inside for x in (i.values() if isinstance(i, dict) else i)):
        value: Any = entry
        for part in column.path:
            value = value.get(part) if isinstance(value, dict) else None
        found |= {str(v) for v in value} if isinstance(value, list) else {str(value)}
    return found


def _key_of(table: Table) -> Callable[[Data], Any]:
    if table.has_id:
        return lambda entry: entry.get("id")
    return lambda entry: tuple(
        str(entry.get(name) if entry.get(name) is not None else "").strip() for name in table.key
    )


def _say_no_owner(row: Row, parent: Column | None, ids: Collection[str]) -> None:
    label = parent.heading if parent else ""
    thing = label.partition(":")[0].lower()
    if not row.owner:
        row.say("The cell is empty.", f"Give the short name of the {thing} that the row belongs to.", label)
        return
    row.say(
        f"There is no {thing} {row.owner} in the plan or in these files.",
        checks.nearest(row.owner, ids),
        label,
    )


def _say_invalid(error: ValidationError, given: Given, row: Row) -> None:
    """What the schema refuses, at the column it is in; a cell that could not be read is not said twice."""
    for fault in error.errors(include_url=False, include_input=False):
        path = tuple(str(p) for p in fault["loc"])
        column = next((c for c in given.table.fields if path[: len(c.path)] == c.path), None)
        if column is None or column.path in row.wrong:
            continue
        if fault["type"] == "missing":
            row.say(
                f"The row is new, and the column “{column.heading}” is not in the file.",
                "Add the column.",
                column.heading,
            )
        elif column.name == "id":
            id = str(row.values.get(("id",), ""))
            row.say(
                f"“{id[:70]}” is no short name.",
                f"Use small letters, digits and hyphens, for instance {_fresh(id, (), {})}.",
                column.heading,
            )
        else:
            words = in_words(fault)
            row.say(f"The value does not fit: {words}.", "Change the cell.", column.heading)
        row.wrong.add(column.path)


def summary(changes: list[Change]) -> str:
    """What would change, in a sentence."""
    new, changed, removed = (sum(getattr(c, n) for c in changes) for n in ("new", "changed", "removed"))
    told = f"{plural(new, 'new row')}, {plural(changed, 'changed row')}, {plural(removed, 'removed row')}."
    return told[0].upper() + told[1:]


__all__ = ["Brought", "Change", "bring", "summary"]

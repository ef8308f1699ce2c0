"""The user's local data: one SQLite file in ``WORKBOOK_HOME``, one transaction a file taken."""

from __future__ import annotations

import dataclasses
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.errors import BadInput
from workbook.reference import questions
from workbook.reference.areas import Area
from workbook.reference.indicators import Indicator
from workbook.reference.questions import Framework

if TYPE_CHECKING:
    import pandas as pd

FILE = "reference.sqlite"
VERSION = 3

#: One point of a series is told apart by the first seven columns.
KEY = ("indicator", "area", "sex", "age", "category_type", "category", "period")
SERIES = (*KEY, "year", "value", "lower", "upper", "count", "denominator", "note")
POPULATION = ("area", "year", "sex", "age_group", "population")
NEED = ("area", "component", "label", "index")
BOUNDARY = ("area", "rings", "source")  # rings: JSON, a list of rings of [longitude, latitude]
PEER = ("area", "peer", "rank")
MEMBER = ("area", "member")
LINEAGE = ("old", "old_name", "new", "new_name", "on_date", "kind", "source")

_FIRST = """
CREATE TABLE import (
  id INTEGER PRIMARY KEY, file TEXT, format TEXT, sha256 TEXT, rows INTEGER, kept INTEGER, taken TEXT,
  source TEXT, licence TEXT, vintage TEXT);
CREATE TABLE area (
  code TEXT PRIMARY KEY, name TEXT, kind TEXT, region TEXT, ods TEXT, valid_from TEXT, valid_to TEXT,
  successors TEXT, synthetic INTEGER, source TEXT) WITHOUT ROWID;
CREATE TABLE alias (alias TEXT PRIMARY KEY, code TEXT) WITHOUT ROWID;
CREATE TABLE indicator (id TEXT PRIMARY KEY, fields TEXT) WITHOUT ROWID;
CREATE TABLE series (
  indicator TEXT, area TEXT, sex TEXT, age TEXT, category_type TEXT, category TEXT, period TEXT, year INTEGER,
  value REAL, lower REAL, upper REAL, count REAL, denominator REAL, note TEXT, import INTEGER,
  PRIMARY KEY (indicator, area, sex, age, category_type, category, period)) WITHOUT ROWID;
CREATE INDEX series_area ON series (area, indicator);
CREATE INDEX series_import ON series (import);
CREATE TABLE population (
  area TEXT, year INTEGER, sex TEXT, age_group TEXT, population REAL, import INTEGER,
  PRIMARY KEY (area, year, sex, age_group)) WITHOUT ROWID;
CREATE TABLE need_index (
  area TEXT, component TEXT, label TEXT, "index" REAL, import INTEGER,
  PRIMARY KEY (area, component)) WITHOUT ROWID;
"""
_SECOND = """
CREATE TABLE boundary (area TEXT PRIMARY KEY, rings TEXT, source TEXT, import INTEGER) WITHOUT ROWID;
CREATE TABLE peer (
  area TEXT, peer TEXT, rank INTEGER, import INTEGER, PRIMARY KEY (area, peer)) WITHOUT ROWID;
CREATE TABLE member (area TEXT, member TEXT, import INTEGER, PRIMARY KEY (area, member)) WITHOUT ROWID;
CREATE TABLE lineage (
  old TEXT, old_name TEXT, new TEXT, new_name TEXT, on_date TEXT, kind TEXT, source TEXT, import INTEGER,
  PRIMARY KEY (old, new, kind)) WITHOUT ROWID;
CREATE INDEX lineage_new ON lineage (new);
"""
_THIRD = """
CREATE TABLE bank (id TEXT PRIMARY KEY, fields TEXT, import INTEGER) WITHOUT ROWID;
"""
#: What each version added to the one before; a file of an earlier version is brought up in place.
_VERSIONS = (_FIRST, _SECOND, _THIRD)
_HELD = ("series", "population", "need_index", "boundary", "peer", "member", "lineage", "bank")
#: Every column that holds the code of an area.
_CODES = (
    *((table, "area") for table in _HELD if table not in ("lineage", "bank")),
    ("peer", "peer"),
    ("member", "member"),
    ("lineage", "old"),
    ("lineage", "new"),
)


@dataclass(frozen=True)
class Origin:
    """Where a file comes from, as its tables will say."""

    file: str
    format: str
    sha256: str
    rows: int
    source: str = ""
    licence: str = ""
    vintage: str = ""
    taken: str = ""


@dataclass
class Intake:
    """Everything that one file brings; area codes are resolved. Frames have the columns of this module."""

    origin: Origin
    series: pd.DataFrame | None = None
    population: pd.DataFrame | None = None
    need: pd.DataFrame | None = None
    boundaries: pd.DataFrame | None = None
    peers: pd.DataFrame | None = None
    members: pd.DataFrame | None = None
    lineage: pd.DataFrame | None = None
    indicators: Sequence[Indicator] = ()
    banks: Sequence[Framework] = ()
    areas: Mapping[str, Area] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What taking a file did to the series that were there."""

    added: int = 0
    replaced: int = 0
    withdrawn: int = 0


class Store:
    """The file ``reference.sqlite``; a missing file reads as empty and is made by the first import."""

    def __init__(self, home: Path) -> None:
        self.path = home / FILE

    def __bool__(self) -> bool:
        return self.path.exists()

    def stamp(self) -> tuple[int, int]:
        """What tells that the file changed, by an import in another process for instance."""
        try:
            state = self.path.stat()
        except OSError:
            return (0, 0)
        return (state.st_mtime_ns, state.st_size)

    # --- reading ---

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[tuple]:
        """The rows of one query; none where nothing was imported yet.

        Raises:
            BadInput: the file is no reference store, or was written by a later version.
        """
        if not self:
            return []
        try:
            with closing(self._connect(read_only=True)) as connection:
                if connection.execute("PRAGMA user_version").fetchone() == (0,):
                    return []  # an import stopped before it had written anything
                return connection.execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise self._unreadable(error) from error

    def areas(self) -> list[Area]:
        """The areas that imports brought or completed."""
        names = [f.name for f in dataclasses.fields(Area)]
        found = []
        for row in self.query(f"SELECT {', '.join(names)} FROM area ORDER BY code"):
            values = dict(zip(names, row, strict=True))
            values["successors"] = tuple(filter(None, values["successors"].split(";")))
            found.append(Area(**values | {"synthetic": bool(values["synthetic"])}))
        return found

    def aliases(self) -> dict[str, str]:
        """Codes that gave way to a better one when a later file told it."""
        return dict(self.query("SELECT alias, code FROM alias"))

    def indicators(self) -> list[Indicator]:
        """The indicators that imports registered."""
        return [_indicator(fields) for (fields,) in self.query("SELECT fields FROM indicator ORDER BY id")]

    def banks(self) -> list[Framework]:
        """The question banks of the person's own, by id."""
        rows = self.query("SELECT fields FROM bank ORDER BY id")
        return [questions.from_record(json.loads(fields)) for (fields,) in rows]

    def imports(self) -> list[dict[str, Any]]:
        """The files that were taken, in their order, with what they still hold."""
        names = ("id", "file", "format", "sha256", "rows", "kept", "taken", "source", "licence", "vintage")
        rows = self.query(f"SELECT {', '.join(names)} FROM import ORDER BY id")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def same(self, sha256: str, format: str) -> dict[str, Any] | None:
        """The import of the same content, if all of what it brought still stands."""
        for taken in reversed(self.imports()):
            if (taken["sha256"], taken["format"]) == (sha256, format):
                return taken if self._held(taken["id"]) == taken["kept"] else None
        return None

    def _held(self, id: int) -> int:
        counts = (self.query(f"SELECT count(*) FROM {table} WHERE import = ?", (id,)) for table in _HELD)
        return sum(rows[0][0] for rows in counts)

    # --- writing ---

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Imports take turns, from reading which areas are known to saving what was made of them.

        Two at once would each file an area that only the other knows better under a code of their own. The
        lock goes when the process ends, however it ends; where there can be none, the import goes on without.
        """
        with ExitStack() as held:
            with suppress(ImportError, OSError):
                import fcntl

                self.path.parent.mkdir(parents=True, exist_ok=True)
                folder = os.open(self.path.parent, os.O_RDONLY)
                held.callback(os.close, folder)
                fcntl.flock(folder, fcntl.LOCK_EX)
            yield

    def take(self, intake: Intake) -> Outcome:
        """Take a file whole, in one transaction; nothing is kept if anything fails.

        A series (one indicator, area, sex, age and category) that shares a period
        with what is here is a newer edition and replaces the older one whole; one
        that shares none extends it.

        Raises:
            BadInput: the store cannot be written (disk full, no permission, in use).
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._connect()) as connection, _transaction(connection):
                return _take(connection, intake)
        except (sqlite3.DatabaseError, OSError) as error:
            raise BadInput(
                f"{intake.origin.file} could not be kept in {self.path}: {error}. Nothing of it was taken.",
                "Make room on the disk, see that you may write in that folder and that no other import is "
                "running, and import the file again.",
            ) from error

    def _connect(self, read_only: bool = False) -> sqlite3.Connection:
        # Reading opens for writing too: after a killed import SQLite has to put things back first.
        target = f"{self.path.resolve().as_uri()}?mode={'rw' if read_only else 'rwc'}"
        connection = sqlite3.connect(target, uri=True, timeout=20, isolation_level=None)
        try:
            self._see_version(connection, read_only)
        except BaseException:
            connection.close()
            raise
        return connection

    def _see_version(self, connection: sqlite3.Connection, read_only: bool) -> None:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise BadInput(
                f"{self.path} was written by a later version of this program.",
                "Use that version, or move the file away and import your files again.",
            )
        if version == VERSION or (version == 0 and read_only):
            return
        try:
            with _transaction(connection):
                _bring_up(connection)
        except sqlite3.OperationalError:
            if not read_only:
                raise
            # A file that may not be written is read as it is; what it has no table for is empty.
            _bring_up(connection, aside=True)

    def _unreadable(self, error: Exception) -> BadInput:
        return BadInput(
            f"{self.path} cannot be read as the workbook's imported data: {error}.",
            "Move the file away and import your files again.",
        )


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:  # a full disk has ended it already
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _bring_up(connection: sqlite3.Connection, aside: bool = False) -> None:
    """Add the tables of later versions; what is there stays as it is. ``aside`` keeps them out of the file."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()  # another import may have been first
    for schema in _VERSIONS[version:]:
        for statement in filter(str.strip, schema.split(";")):
            text = statement.replace("CREATE TABLE", "CREATE TEMP TABLE") if aside else statement
            if not (aside and "CREATE INDEX" in text):
                connection.execute(text)
    if not aside:
        connection.execute(f"PRAGMA user_version = {VERSION}")


def _take(connection: sqlite3.Connection, intake: Intake) -> Outcome:
    _save_areas(connection, intake)
    connection.executemany(
        "INSERT OR REPLACE INTO indicator VALUES (?, ?)",
        [(i.id, json.dumps(dataclasses.asdict(i))) for i in intake.indicators],
    )
    id = _save_origin(connection, intake.origin)
    outcome = _save_series(connection, intake.series, id)
    replaced = _save_whole(connection, "population", POPULATION, intake.population, id)
    replaced += _save_whole(connection, "need_index", NEED, intake.need, id)
    replaced += _save_whole(connection, "boundary", BOUNDARY, intake.boundaries, id)
    replaced += _save_whole(connection, "peer", PEER, intake.peers, id)
    replaced += _save_whole(connection, "member", MEMBER, intake.members, id)
    replaced += _save_banks(connection, intake.banks, id)
    _save_lineage(connection, intake.lineage, id)
    kept = sum(
        connection.execute(f"SELECT count(*) FROM {table} WHERE import = ?", (id,)).fetchone()[0]
        for table in _HELD
    )
    connection.execute("UPDATE import SET kept = ? WHERE id = ?", (kept, id))
    return Outcome(kept, outcome.replaced + replaced, outcome.withdrawn)


def _save_origin(connection: sqlite3.Connection, origin: Origin) -> int:
    cursor = connection.execute(
        "INSERT INTO import (file, format, sha256, rows, kept, taken, source, licence, vintage) "
        "VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?)",
        (
            origin.file,
            origin.format,
            origin.sha256,
            origin.rows,
            origin.taken,
            origin.source,
            origin.licence,
            origin.vintage,
        ),
    )
    return int(cursor.lastrowid or 0)


def _save_areas(connection: sqlite3.Connection, intake: Intake) -> None:
    for old, new in intake.renamed.items():
        for table, column in _CODES:
            # Where both codes hold the same point, the one under the better code stays.
            connection.execute(f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {column} = ?", (new, old))
            connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (old,))
        connection.execute("DELETE FROM area WHERE code = ?", (old,))
        connection.execute("UPDATE alias SET code = ? WHERE code = ?", (new, old))
        connection.execute("INSERT OR REPLACE INTO alias VALUES (?, ?)", (old.upper(), new))
    connection.executemany(
        "INSERT OR REPLACE INTO area VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [_area_row(area) for area in intake.areas.values()],
    )


def _area_row(a: Area) -> tuple:
    return (
        a.code,
        a.name,
        a.kind,
        a.region,
        a.ods,
        a.valid_from,
        a.valid_to,
        ";".join(a.successors),
        int(a.synthetic),
        a.source,
    )


_SAME_SERIES = " AND ".join(f"s.{c} = r.{c}" for c in KEY[:-1])


def _save_series(connection: sqlite3.Connection, frame: pd.DataFrame | None, id: int) -> Outcome:
    if frame is None or frame.empty:
        return Outcome()
    series_key = ", ".join(KEY[:-1])
    connection.execute("DROP TABLE IF EXISTS temp.incoming")
    connection.execute(f"CREATE TEMP TABLE incoming ({', '.join(SERIES)}, PRIMARY KEY ({', '.join(KEY)}))")
    marks = ", ".join("?" for _ in SERIES)
    connection.executemany(f"INSERT INTO incoming VALUES ({marks})", _tuples(frame, SERIES))
    connection.execute("DROP TABLE IF EXISTS temp.renewed")
    connection.execute(
        f"CREATE TEMP TABLE renewed AS SELECT DISTINCT {series_key} FROM incoming r "
        f"WHERE EXISTS (SELECT 1 FROM series s WHERE {_SAME_SERIES} AND s.period = r.period)"
    )
    (replaced,) = connection.execute("SELECT count(*) FROM renewed").fetchone()
    (withdrawn,) = connection.execute(
        f"SELECT count(*) FROM renewed r JOIN series s ON {_SAME_SERIES} "
        f"LEFT JOIN incoming i ON {_SAME_SERIES.replace('r.', 'i.')} AND s.period = i.period "
        "WHERE i.period IS NULL"
    ).fetchone()
    connection.execute(f"DELETE FROM series WHERE ({series_key}) IN (SELECT {series_key} FROM renewed)")
    columns = ", ".join(SERIES)
    connection.execute(f"INSERT INTO series ({columns}, import) SELECT {columns}, ? FROM incoming", (id,))
    return Outcome(len(frame), replaced, withdrawn)


def _save_whole(
    connection: sqlite3.Connection, table: str, columns: Sequence[str], frame: pd.DataFrame | None, id: int
) -> int:
    """Replace what the table holds on each area of the frame; how many areas were replaced."""
    if frame is None or frame.empty:
        return 0
    areas = [(a,) for a in frame["area"].unique()]
    replaced = sum(
        connection.execute(f"SELECT EXISTS (SELECT 1 FROM {table} WHERE area = ?)", a).fetchone()[0]
        for a in areas
    )
    connection.executemany(f"DELETE FROM {table} WHERE area = ?", areas)
    marks = ", ".join("?" for _ in columns)
    named = ", ".join(f'"{c}"' for c in columns)
    connection.executemany(
        f"INSERT INTO {table} ({named}, import) VALUES ({marks}, {int(id)})", _tuples(frame, columns)
    )
    return replaced


def _save_banks(connection: sqlite3.Connection, banks: Sequence[Framework], id: int) -> int:
    """Take each bank whole, in place of the one that had its id; how many were replaced."""
    there = {row[0] for row in connection.execute("SELECT id FROM bank")}
    connection.executemany(
        "INSERT OR REPLACE INTO bank VALUES (?, ?, ?)",
        [(b.id, json.dumps(questions.to_record(b)), id) for b in banks],
    )
    return sum(b.id in there for b in banks)


def _save_lineage(connection: sqlite3.Connection, frame: pd.DataFrame | None, id: int) -> None:
    """Links add to those of other sources; where one source links the same old code anew, its older link goes.

    A look-up of the user's own stands for all links of its old codes that such look-ups brought before.
    """
    if frame is None or frame.empty:
        return
    (form,) = connection.execute("SELECT format FROM import WHERE id = ?", (id,)).fetchone()
    earlier = "import IN (SELECT id FROM import WHERE format = ? AND id < ?)"
    for old, source in sorted(set(zip(frame["old"], frame["source"], strict=True))):
        same = "" if form == "lookup" else " AND source = ?"
        values = (old, form, id) if form == "lookup" else (old, form, id, source)
        connection.execute(f"DELETE FROM lineage WHERE old = ? AND {earlier}{same}", values)
    marks = ", ".join("?" for _ in LINEAGE)
    connection.executemany(
        f"INSERT OR REPLACE INTO lineage ({', '.join(LINEAGE)}, import) VALUES ({marks}, {int(id)})",
        _tuples(frame, LINEAGE),
    )


def _tuples(frame: pd.DataFrame, columns: Sequence[str]) -> Iterator[tuple]:
    plain = frame[list(columns)].astype(object)
    return plain.where(plain.notna(), None).itertuples(index=False, name=None)


def _indicator(fields: str) -> Indicator:
    values = json.loads(fields)
    return Indicator(**values | {"break_years": tuple(values["break_years"])})

"""What every importer shares: what a format is, what a file parses into, and how series are put together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import pandas as pd

from workbook.errors import Fault
from workbook.reference import check, periods
from workbook.reference.areas import AreaBook, Sighting, kind_of
from workbook.reference.importers.table import Table
from workbook.reference.indicators import Indicator
from workbook.reference.lineage import Link
from workbook.reference.questions import Framework
from workbook.reference.store import KEY, SERIES

OGL = "Open Government Licence v3.0"


@dataclass(frozen=True)
class Known:
    """What an importer may ask: the indicators, areas and links between areas that are known so far."""

    indicators: Mapping[str, Indicator]
    book: AreaBook
    links: Sequence[Link] = ()


@dataclass
class Parsed:
    """What a file says. ``area`` in the frames is a key of ``areas``, and so are ``peer`` and ``member``;
    the codes of ``lineage`` stay as the file gives them. Rows count as spreadsheets do."""

    areas: dict[str, Sighting] = field(default_factory=dict)
    series: pd.DataFrame | None = None
    population: pd.DataFrame | None = None
    need: pd.DataFrame | None = None
    boundaries: pd.DataFrame | None = None
    peers: pd.DataFrame | None = None
    members: pd.DataFrame | None = None
    lineage: pd.DataFrame | None = None
    indicators: list[Indicator] = field(default_factory=list)
    banks: list[Framework] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class Format:
    """One format of file: by which columns it is known, and what reads it.

    ``aliases`` maps other spellings of a column to the one the reader uses.
    ``strict`` formats refuse columns they do not know; the others say them.
    ``last`` formats need the areas of the other files of the same import.
    ``quiet`` formats have many columns that are not read by design; they are not said one by one.
    ``fits`` looks further than the names of columns, and the reader then gets all of them.
    ``beside`` are the formats of files that tell more of this one, read where they come or lie with it.
    """

    id: str
    title: str
    required: tuple[str, ...]
    read: Callable[[Table, Known], Parsed]
    optional: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    harmless: tuple[str, ...] = ()
    strict: bool = False
    last: bool = False
    quiet: bool = False
    fits: Callable[[Table], bool] | None = None
    beside: tuple[str, ...] = ()
    source: str = ""
    licence: str = OGL

    def named(self, columns: Iterable[str]) -> dict[str, str]:
        """The columns of a file that this format knows, by their spelling in the file."""
        known = {_fold(c): c for c in (*self.required, *self.optional)}
        known |= {_fold(other): column for other, column in self.aliases.items()}
        return {column: known[_fold(column)] for column in columns if _fold(column) in known}

    def missing(self, columns: Iterable[str]) -> list[str]:
        """The required columns that a file lacks."""
        there = set(self.named(columns).values())
        return [c for c in self.required if c not in there]


def _fold(column: str) -> str:
    return re.sub(r"[\s_]+", " ", column.strip()).casefold()


@cache
def slug(text: str) -> str:
    """Words as the part of an id: "Hip replacements - primary" is "hip-replacements-primary"."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold().replace("&", " and ")).strip("-")


SEXES = {
    "person": "Persons",
    "persons": "Persons",
    "people": "Persons",
    "all": "Persons",
    "both": "Persons",
    "": "Persons",
    "male": "Male",
    "males": "Male",
    "men": "Male",
    "m": "Male",
    "female": "Female",
    "females": "Female",
    "women": "Female",
    "f": "Female",
    "not applicable": "Not applicable",
}


def sexes(column: pd.Series) -> pd.Series:
    """Sex in one spelling: Persons, Male, Female; other words stay as they are."""
    return column.map(lambda text: SEXES.get(text.strip().casefold(), text.strip()))


def read_periods(frame: pd.DataFrame, column: str, faults: list[Fault]) -> pd.DataFrame:
    """Columns period, year, years, style and provisional for the column's periods.

    A period that cannot be read refuses its row.
    """
    found = {text: periods.read(text) for text in frame[column].unique()}
    unread = frame[frame[column].map(lambda text: found[text] is None and text != "")]
    check.refuse(
        faults,
        unread,
        column,
        lambda c: f"{check.shown(c[column])} is no period.",
        "Write a year (2024), a financial year (2024/25) or a span of years (2022 - 24).",
    )
    blank = periods.Period("", 0, 1, "year")
    used = [found[text] or blank for text in frame[column]]
    return pd.DataFrame(
        {
            "period": [p.label for p in used],
            "year": [p.year for p in used],
            "years": [p.years for p in used],
            "style": [p.style for p in used],
            "provisional": [p.provisional for p in used],
        },
        index=frame.index,
    )


def points(frame: pd.DataFrame, **columns: object) -> pd.DataFrame:
    """A frame with the columns of a series, in order; what is not given takes its plain default."""
    plain: dict[str, object] = {
        "sex": "Persons",
        "age": "All ages",
        "category_type": "",
        "category": "",
        "lower": float("nan"),
        "upper": float("nan"),
        "count": float("nan"),
        "denominator": float("nan"),
        "note": "",
    }
    made = pd.DataFrame({**plain, **columns}, index=frame.index)
    return made[list(SERIES)]


def settle(series: pd.DataFrame, faults: list[Fault], names: Mapping[str, str]) -> pd.DataFrame:
    """The checks every series passes: interval, denominator, counts, each point once.

    ``names`` maps value, lower, upper, count and denominator to the file's columns.
    """
    check.intervals(series, faults, {"lower": "lower", "upper": "upper"} | dict(names))
    if "denominator" in names:
        check.denominators(series, faults, names["denominator"])
        check.not_negative(series, "denominator", faults, names["denominator"])
    if "count" in names:
        check.not_negative(series, "count", faults, names["count"])
    figures = ["value", "lower", "upper", "count", "denominator"]
    return check.once(
        series,
        KEY,
        figures,
        faults,
        names["value"],
        lambda c: f"{c['indicator']} for {c['area']}, {c['period']}, {c['sex'].lower()}, {c['age'].lower()}",
    )


def notes(*parts: pd.Series) -> pd.Series:
    """Notes joined with a semicolon, blanks left out."""
    joined = pd.concat([p.astype(str) for p in parts], axis=1)
    return joined.apply(lambda row: "; ".join(dict.fromkeys(filter(None, row))), axis=1)


def note_where(mask: pd.Series, text: str) -> pd.Series:
    """``text`` where the mask is true, blank elsewhere."""
    return pd.Series(text, index=mask.index).where(mask, "")


_LOCATION = re.compile(r"\bICB\s+-\s+([A-Z0-9]{3,5})\s*$")


def sighting(code: str, name: str, ods: str = "", region: str = "") -> Sighting | None:
    """An area as a list of codes names it, its kind read off the code; None if the workbook has no such kind.

    A location of a board ("NHS Sussex ICB - 70F") carries its ODS code at the end of its name.
    """
    kind = kind_of(code)
    location = _LOCATION.search(name) if kind == "ccg" else None
    if location:
        return Sighting("sub-icb", code, ods or location[1], name, region)
    return Sighting(kind, code, ods, name, region) if kind else None


def measure(known: Known, id: str, name: str, **fields: object) -> Indicator:
    """The catalogue's indicator of that id, or one registered from the file."""
    return known.indicators.get(id) or Indicator(id=id, name=name, **fields)  # type: ignore[arg-type]


def set_aside(
    part: pd.DataFrame, period: pd.DataFrame, financial: pd.Series | None = None
) -> tuple[pd.Series, pd.Series]:
    """Category columns that keep rolling periods, and parts of a year, out of the yearly series.

    Where an indicator has financial years, a period written as months (July 2015
    to June 2016) overlaps them and is no point of its own in a trend.
    """
    months = period["style"] == "months"
    rolling = months & (financial if financial is not None else False)
    short = period["style"] == "part"
    kind = note_where(rolling, "Rolling period").mask(short, "Part of a year")
    return part["category_type"].where(kind == "", kind), part["category"].where(kind == "", period["period"])

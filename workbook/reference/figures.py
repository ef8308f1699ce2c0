"""The figures behind the door: series with their breakdowns, people and need, shipped, imported or composed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from workbook.reference.store import SERIES

if TYPE_CHECKING:
    import pandas as pd

    from workbook.reference.catalogue import Reference

_ORDER = (
    "area",
    "area_name",
    "period",
    "year",
    "sex",
    "age",
    "value",
    "lower",
    "upper",
    "count",
    "denominator",
    "note",
)
_FIGURES = ("value", "lower", "upper", "count", "denominator")
_TEXT = ("indicator", "area", "period", "sex", "age", "category_type", "category", "note")


class Figures:
    """What is read of the figures of one reference; a new import calls for a new one."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self._series: dict[str, pd.DataFrame] = {}
        self._plain: dict[str, pd.DataFrame] = {}
        self._held: dict[str, frozenset[str]] = {}

    def available(self, code: str | None) -> list[str]:
        """As :meth:`Reference.available`."""
        shipped = self._reference._demo_series
        if code is None:
            imported = self._reference.store.query("SELECT DISTINCT indicator FROM series")
            return sorted({*(row[0] for row in imported), *shipped["indicator"].unique()})
        area = self._reference._code(code)
        imported = self._reference.store.query(
            "SELECT DISTINCT indicator FROM series WHERE area = ? AND category_type = ''", (area,)
        )
        mine = shipped[(shipped["area"] == area) & (shipped["category_type"] == "")]
        made = (id for id, one in self._reference.compositions.of(area).items() if one.whole)
        return sorted({*(row[0] for row in imported), *mine["indicator"].unique(), *made})

    def broken_down(self, code: str) -> list[str]:
        """Ids of the indicators with figures by category for one area, also where the whole has none; sorted."""
        area = self._reference._code(code)
        imported = self._reference.store.query(
            "SELECT DISTINCT indicator FROM series WHERE area = ? AND category_type != ''", (area,)
        )
        shipped = self._reference._demo_series
        mine = shipped[(shipped["area"] == area) & (shipped["category_type"] != "")]
        return sorted({*(row[0] for row in imported), *mine["indicator"].unique()})

    def series(
        self,
        indicator: str,
        area: str | None,
        areas: tuple[str, ...] | None,
        kind: str | None,
        sex: str | None,
        age: str | None,
    ) -> pd.DataFrame:
        """As :meth:`Reference.series`."""
        whole = self._with_composed(indicator, area, areas, kind)
        if sex is None and age is None and whole is self._whole(indicator):
            mine = self._of_areas(self._usual(indicator), area, areas, kind)
            if not mine.empty:
                return self._with_names(mine)[list(_ORDER)].reset_index(drop=True)
        whole = whole[whole["category_type"] == ""]
        mine = self._of_areas(whole, area, areas, kind)
        for column, wanted, first in (("sex", sex, "Persons"), ("age", age, "All ages")):
            # The variant is chosen over all areas, so that an area and its peers are alike.
            chosen = wanted or _variant(whole[column], first)
            if wanted is None and not (mine[column] == chosen).any():
                chosen = _variant(mine[column], first)
            mine, whole = mine[mine[column] == chosen], whole[whole[column] == chosen]
        return self._with_names(mine)[list(_ORDER)].reset_index(drop=True)

    def _usual(self, indicator: str) -> pd.DataFrame:
        """The figures of the variant that most askers mean: without category, of the sex and age chosen over all areas."""
        if indicator not in self._plain:
            whole = self._whole(indicator)
            whole = whole[whole["category_type"] == ""]
            for column, first in (("sex", "Persons"), ("age", "All ages")):
                whole = whole[whole[column] == _variant(whole[column], first)]
            self._plain[indicator] = whole
        return self._plain[indicator]

    def breakdown(self, indicator: str, area: str) -> pd.DataFrame:
        """An indicator's figures by category (deprivation decile, age, cause) for one area."""
        whole = self._with_composed(indicator, area, None, None)
        mine = whole[(whole["category_type"] != "") & (whole["area"] == self._reference._code(area))]
        return self._with_names(mine)[["category_type", "category", *_ORDER]].reset_index(drop=True)

    def _with_composed(
        self, indicator: str, area: str | None, areas: Iterable[str] | None, kind: str | None
    ) -> pd.DataFrame:
        """Every area's figures, and those of the areas asked for that are put together from others."""
        whole = self._whole(indicator)
        codes = [area] if area is not None else areas
        if codes is None and kind is not None:
            codes = (a.code for a in self._reference.areas(kind))
        asked = set(self._codes(codes or ()))
        own = self._areas_with(indicator) & asked
        made = self._reference.compositions.rows(indicator, asked, own)
        return whole if made is None else joined(whole, typed(made))

    def parts(self, indicator: str, area: str) -> pd.DataFrame:
        """By which sexes, ages and kinds of category an area's figures are told apart: the distinct
        combinations of sex, age and category_type, blank for figures without a category."""
        whole = self._with_composed(indicator, area, None, None)
        mine = whole[whole["area"] == self._reference._code(area)]
        return mine[["sex", "age", "category_type"]].drop_duplicates(ignore_index=True)

    def _of_areas(
        self, frame: pd.DataFrame, area: str | None, areas: Iterable[str] | None, kind: str | None
    ) -> pd.DataFrame:
        if area is not None:
            frame = frame[frame["area"] == self._reference._code(area)]
        if areas is not None:
            frame = frame[frame["area"].isin(self._codes(areas))]
        if kind is not None:
            frame = frame[frame["area"].isin([a.code for a in self._reference.areas(kind)])]
        return frame

    def _codes(self, codes: Iterable[str]) -> list[str]:
        """The codes that figures are filed under; whether an import changed them is looked at once for all."""
        book = self._reference._areas
        return [found.code if (found := book.find(code)) else code for code in codes]

    def _with_names(self, frame: pd.DataFrame) -> pd.DataFrame:
        areas = self._reference._areas.areas
        names = {code: areas[code].name for code in frame["area"].unique() if code in areas}
        return frame.assign(area_name=frame["area"].map(lambda code: names.get(code, code)))

    def _whole(self, indicator: str) -> pd.DataFrame:
        if indicator not in self._series:
            self._series[indicator] = self._read_series(indicator)
        return self._series[indicator]

    def _areas_with(self, indicator: str) -> frozenset[str]:
        """The areas with figures of an indicator: asked for every part of a page."""
        if indicator not in self._held:
            self._held[indicator] = frozenset(self._whole(indicator)["area"].unique())
        return self._held[indicator]

    def _read_series(self, indicator: str) -> pd.DataFrame:
        import pandas as pd

        columns = ", ".join(SERIES)
        rows = self._reference.store.query(f"SELECT {columns} FROM series WHERE indicator = ?", (indicator,))
        shipped = self._reference._demo_series
        shipped = shipped[shipped["indicator"] == indicator]
        if not rows:
            return joined(shipped, shipped[:0])
        return joined(shipped, typed(pd.DataFrame(rows, columns=list(SERIES))))

    def population(self, code: str) -> pd.DataFrame:
        """Columns year, sex, age_group and population of an area; empty where there is no projection."""
        import pandas as pd

        columns = ["year", "sex", "age_group", "population"]
        area = self._reference._code(code)
        rows = self._reference.store.query(
            f"SELECT {', '.join(columns)} FROM population WHERE area = ? ORDER BY year, sex, age_group",
            (area,),
        )
        if rows:
            return pd.DataFrame(rows, columns=columns)
        shipped = self._reference._demo_population
        mine = shipped.loc[shipped["area"] == area, columns].reset_index(drop=True)
        made = self._reference.compositions.population(area) if mine.empty else None
        return mine if made is None else made

    def need_index(self, code: str) -> pd.DataFrame:
        """Columns component, label and index (1.00 is England) of an area; empty where there is none."""
        import pandas as pd

        columns = ["component", "label", "index"]
        area = self._reference._code(code)
        rows = self._reference.store.query(
            'SELECT component, label, "index" FROM need_index WHERE area = ?', (area,)
        )
        if rows:
            return pd.DataFrame(rows, columns=columns)
        shipped = self._reference._shipped_need
        mine = shipped.loc[shipped["area"] == area, columns].reset_index(drop=True)
        made = self._reference.compositions.need_index(area) if mine.empty else None
        return mine if made is None else made


def _variant(column: pd.Series, first: str) -> str:
    """``first`` where it occurs, or else what occurs most (the first by the alphabet of several)."""
    counts = column.value_counts()
    if first in counts.index or counts.empty:
        return first
    return min(counts[counts == counts.max()].index)


def table(path: Path, columns: Iterable[str] = ()) -> pd.DataFrame:
    """A shipped table; blank text cells are "", blank figures NaN. An absent file is an empty table."""
    import pandas as pd

    if not path.exists():
        return pd.DataFrame(columns=list(columns))
    frame = pd.read_csv(path, encoding="utf-8-sig", keep_default_na=False, na_values=[""])
    words = [c for c in frame.columns if c in _TEXT or not pd.api.types.is_numeric_dtype(frame[c])]
    return frame.assign(**{c: frame[c].fillna("").astype(str) for c in words if frame[c].dtype != bool})


def joined(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """The rows of both, sorted as a series is."""
    import pandas as pd

    frame = one if other.empty else other if one.empty else pd.concat([one, other])
    return frame.sort_values(["area", "year", "period"], kind="stable", ignore_index=True)


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame of series with text, whole years and figures, whatever it was made from."""
    kinds = dict.fromkeys(_FIGURES, float) | {"year": int}
    frame = frame.assign(**{c: frame[c].astype(str) for c in _TEXT})
    return frame.astype(kinds)[list(SERIES)]

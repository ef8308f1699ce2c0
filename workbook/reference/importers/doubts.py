"""Figures that may be in the wrong unit: asked about on import, never mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbook.errors import Fault
from workbook.methods.doubt import factor_suspected
from workbook.reference.importers.base import Parsed
from workbook.words import number, plural

if TYPE_CHECKING:
    import pandas as pd

    from workbook.reference.catalogue import Reference
    from workbook.reference.indicators import Indicator

# Totals (people, pounds) differ a hundredfold between a district and England, and rightly so.
_TOTALS = {"count", "money"}
_TOTAL_UNITS = {"people", "£000s", "£ million", "rank", "score"}
_ALIKE = ["sex", "age", "category_type"]


def ask(parsed: Parsed, areas: dict[str, str], reference: Reference) -> None:
    """Add a warning for each figure, or each whole indicator, that looks 100 or 1,000 times off.

    A figure is held against the others of the file, and the file's middle figure
    against the figures of other imports. Totals are left alone: they have no size of their own.
    """
    if parsed.series is None or parsed.series.empty or any(f.severity == "refuses" for f in parsed.faults):
        return
    known = {i.id: i for i in parsed.indicators}
    for id, rows in parsed.series.groupby("indicator", sort=False):
        measure = known.get(str(id))
        if measure is None or measure.value_type in _TOTALS or measure.unit in _TOTAL_UNITS:
            continue
        figures = rows[rows["value"].notna() & (rows["value"] != 0)]
        if fault := _more_than_all(figures, measure):
            parsed.faults.append(fault)
            continue
        held = _held(measure.id, reference)
        fault = _whole_indicator(figures, measure, held) or _single_figures(figures, measure, held, areas)
        if fault:
            parsed.faults.append(fault)


_ASK = "Is the unit right? Nothing was changed: correct the file if it is not."


def _held(id: str, reference: Reference) -> np.ndarray:
    figures = reference.series(id)["value"].to_numpy(dtype=float)
    return figures[np.isfinite(figures)]


def _more_than_all(rows: pd.DataFrame, measure: Indicator) -> Fault | None:
    """A share of a whole that is more than the whole."""
    if measure.value_type != "proportion" or measure.unit != "%":
        return None
    above = rows[rows["value"] > 100.5]  # weighted survey figures may round to a little above
    if above.empty:
        return None
    alike = f" ({plural(len(above) - 1, 'more figure')} alike)" if len(above) > 1 else ""
    return Fault(
        f"{number(float(above['value'].iloc[0]))}% is more than all, and {measure.name} is a share{alike}.",
        _ASK,
        int(above.index[0]),
        None,
        "warns",
    )


def _whole_indicator(rows: pd.DataFrame, measure: Indicator, held: np.ndarray) -> Fault | None:
    """The middle figure and both quartiles of the file all lie the same factor away from what is here."""
    whole = rows.loc[rows["category_type"] == "", "value"]
    if whole.empty or held.size == 0:
        return None
    factors = {factor_suspected(float(v), held) for v in whole.quantile([0.25, 0.5, 0.75])}
    factor = factors.pop()
    if factors or factor is None:
        return None
    return Fault(
        f"The figures of {measure.name} look {_times(factor)} those that are here: their middle is "
        f"{number(float(whole.median()))}, and that of the others {number(float(np.median(held)))}.",
        _ASK,
        int(rows.index[0]),
        None,
        "warns",
    )


def _single_figures(
    rows: pd.DataFrame, measure: Indicator, held: np.ndarray, areas: dict[str, str]
) -> Fault | None:
    found: list[tuple[int, str, float, float]] = []
    for _, alike in rows.groupby(_ALIKE, sort=False):
        values = alike["value"].to_numpy(dtype=float)
        middle = float(np.median(np.abs(values)))
        # No figure within ten times of the middle can be suspected; the rest are few.
        far = (np.abs(values) > 10 * middle) | (np.abs(values) < middle / 10) | (len(values) == 1)
        for at in np.flatnonzero(far).tolist():
            factor = factor_suspected(float(values[at]), np.concatenate([np.delete(values, at), held]))
            if factor is not None:
                found.append((int(alike.index[at]), str(alike["area"].iloc[at]), float(values[at]), factor))
    if not found:
        return None
    row, area, value, factor = found[0]
    more = f" ({plural(len(found) - 1, 'more figure')} alike)" if len(found) > 1 else ""
    return Fault(
        f"{number(value)} for {measure.name} in {areas.get(area, area)} looks {_times(factor)} "
        f"the other figures{more}.",
        _ASK,
        row,
        None,
        "warns",
    )


def _times(factor: float) -> str:
    """The factor in words; it says how many times too large the figure looks."""
    return f"{factor:,.0f} times" if factor > 1 else f"{1 / factor:,.0f} times smaller than"

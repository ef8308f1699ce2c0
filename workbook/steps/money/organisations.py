"""Income and spend by organisation and financial year, adding up to the totals."""

from __future__ import annotations

import pandas as pd

from workbook.steps.money.changes import COSTS

COLUMNS = ("spend", "scheme_cost", "saving")


def by_organisation(
    years: tuple[int, ...],
    lines: pd.DataFrame,
    income: pd.DataFrame,
    schemes: pd.DataFrame,
    services: pd.DataFrame,
) -> pd.DataFrame:
    """One row an organisation and year: income (NaN where none is given), spend, scheme_cost, saving, left.

    ``spend`` is that of its lines if nothing changes. A scheme and a stopped service stand with the organisation
    of their budget line; the cost of closing stands with whoever is named to pay it. What has no organisation
    stands under "". ``left`` is income less spend and scheme_cost, plus saving; NaN without income. The
    sums over organisations are the totals of the plan: nothing is left out and nothing is counted twice.
    """
    costs = schemes.assign(amount=schemes[list(COSTS)].sum(axis=1))
    closing = services.rename(columns={"organisation": "line_of"}).rename(columns={"paid_by": "organisation"})
    parts = {
        "spend": _sum(lines, "total"),
        "scheme_cost": _sum(costs, "amount").add(_sum(closing, "transition"), fill_value=0.0),
        "saving": _sum(schemes, "cashed").add(_sum(services, "cashable"), fill_value=0.0),
    }
    known = _sum(income, "amount")
    spending = [o for part in parts.values() for o in part[part != 0].index.get_level_values("organisation")]
    names = dict.fromkeys([*_names(lines), *_names(income), *spending])
    index = pd.MultiIndex.from_product([list(names), list(years)], names=["organisation", "year"])
    frame = pd.DataFrame({name: part.reindex(index).fillna(0.0) for name, part in parts.items()}, index=index)
    frame.insert(0, "income", known.reindex(index))
    frame["left"] = frame["income"] - frame["spend"] - frame["scheme_cost"] + frame["saving"]
    return frame.reset_index()


def _sum(frame: pd.DataFrame, column: str) -> pd.Series:
    found: pd.Series = frame.groupby(["organisation", "year"])[column].sum()
    return pd.to_numeric(found)


def _names(frame: pd.DataFrame) -> list[str]:
    return list(dict.fromkeys(frame["organisation"]))

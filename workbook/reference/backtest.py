"""The back-test of the do-nothing line: over what was imported, and as it was measured on published series.

``measure`` runs it, ``verdict`` says what the table means, ``sentence`` is what
a page prints beside a projection. The measured table is data/backtest.csv; the
page docs/backtest.md shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from workbook.methods import pooled
from workbook.reference.indicators import Indicator
from workbook.words import number, plural

if TYPE_CHECKING:
    import pandas as pd

    from workbook.reference.catalogue import Reference

AREAS = 20  # fewer give no back-test worth the name
HORIZON = 5
_LEAST, _MOST = 0.65, 0.90  # a coverage outside is explained
FEW = 6  # panels of fewer areas miss by more (docs/backtest.md)
_FEWER_POINTS = pooled.POINTS  # where a series is too short for a base year with six years behind it
_NAMES = {
    "ccg": ("CCG", "CCGs"),
    "la": ("council", "councils"),
    "icb": ("integrated care board", "integrated care boards"),
    "sub-icb": ("sub-ICB location", "sub-ICB locations"),
    "region": ("region", "regions"),
}
_LINES = ("do_nothing", "hold", "mean3", "loglinear", "damped8", "damped6")


class Panel(NamedTuple):
    """One indicator's figures over the areas of one kind: a row a year, a column an area."""

    indicator: Indicator
    kind: str
    figures: pd.DataFrame

    @property
    def areas(self) -> str:
        return plural(self.figures.shape[1], *_NAMES.get(self.kind, ("area", "areas")))


def panels(reference: Reference, wanted: Iterable[str] = (), horizon: int = HORIZON) -> Iterator[Panel]:
    """Every panel with at least 20 areas and years enough; those of the indicators ``wanted`` if any is named.

    Synthetic series are left out unless they are named.

    Raises:
        UnknownIndicator: a wanted indicator is not known.
    """
    named = [reference.indicator(id) for id in wanted]
    measures = named or [i for i in map(reference.indicator, _long(reference, horizon)) if not i.synthetic]
    kinds = {area.code: area.kind for area in reference.areas()}
    for indicator in measures:
        rows = reference.series(indicator.id)
        kind_of = rows["area"].map(kinds)
        for kind in sorted(kind_of.dropna().unique()):
            mine = rows[(kind_of == kind) & rows["value"].notna()]
            figures = mine.pivot_table(index="year", columns="area", values="value", aggfunc="first")
            figures = figures[_one_nation(figures.columns)]
            if figures.shape[1] >= AREAS and len(figures) >= _FEWER_POINTS + horizon:
                yield Panel(indicator, kind, figures)


def _long(reference: Reference, horizon: int) -> list[str]:
    """Imported indicators that may be long and wide enough; one question to the store instead of a read of each."""
    rows = reference.store.query(
        "SELECT indicator FROM series WHERE category_type = '' GROUP BY indicator "
        "HAVING COUNT(DISTINCT area) >= ? AND COUNT(DISTINCT year) >= ? ORDER BY indicator",
        (AREAS, _FEWER_POINTS + horizon),
    )
    return [row[0] for row in rows]


def _one_nation(codes: Iterable[str]) -> list[str]:
    """The areas of the nation with the most; the nations count and code differently. Own codes are one more."""
    groups: dict[str, list[str]] = {}
    for code in codes:
        official = len(code) == 9 and code[1:].isdigit()
        groups.setdefault(code[0] if official else "", []).append(code)
    return max(groups.values(), key=len) if groups else []


def measure(
    reference: Reference,
    wanted: Iterable[str] = (),
    horizon: int = HORIZON,
    rule: pooled.Rule = pooled.RULE,
    say: Callable[[str], None] = lambda sentence: None,
) -> pd.DataFrame:
    """The back-test of every panel: one row a panel, with the columns of data/backtest.csv.

    Errors and coverage are shares (0.08 is 8 %). ``say`` hears a sentence for
    each panel that gave no base year. Empty where there is no panel.

    Raises:
        UnknownIndicator: a wanted indicator is not known.
    """
    import pandas as pd

    rows = []
    for panel in panels(reference, wanted, horizon):
        row = _row(panel, horizon, rule)
        if row:
            rows.append(row)
        else:
            say(
                f"{panel.indicator.name}: {panel.areas}, but no base year with enough figures before and after."
            )
    return pd.DataFrame(rows, columns=list(COLUMNS))


COLUMNS = (
    "series",
    "label",
    "kind",
    "areas",
    "first_base",
    "last_base",
    "origins",
    "points",
    "period_years",
    "horizon",
    *(f"mae_{line}" for line in _LINES),
    "coverage",
    "coverage_low",
    "coverage_high",
    "note",
)


def _row(panel: Panel, horizon: int, rule: pooled.Rule) -> dict[str, Any]:
    from workbook.methods import backtest

    indicator = panel.indicator
    for points in (backtest.FIRST_POINTS, _FEWER_POINTS):
        trials = backtest.backtest(
            panel.figures, horizon, indicator.break_years, indicator.period_years, points, rule
        )
        if len(trials):
            break
    else:
        return {}
    found = backtest.summary(trials)
    errors = {f"mae_{line}": round(found[line], 4) for line in _LINES}
    return {
        "series": indicator.id,
        "label": indicator.name,
        "kind": panel.kind,
        "areas": int(trials["areas"].max()),
        "first_base": int(trials["base_year"].min()),
        "last_base": int(trials["base_year"].max()),
        "origins": len(trials),
        "points": int(found["points"]),
        "period_years": indicator.period_years,
        "horizon": horizon,
        **errors,
        "coverage": round(found["coverage"], 4),
        "coverage_low": round(float(trials["coverage"].min()), 4),
        "coverage_high": round(float(trials["coverage"].max()), 4),
        "note": _note(len(trials), points, horizon, indicator.period_years, found["coverage"]),
    }


def _note(origins: int, points: int, horizon: int, period_years: int, held: float) -> str:
    """What stands in the way of reading a row at face value."""
    said = []
    if origins == 1:
        said.append("one base year: a single trial of the common trend, so the coverage says little")
    elif origins <= horizon:
        said.append("base years that overlap: hardly more than one trial of the common trend")
    if period_years > 1:
        said.append(f"figures of {period_years} years that overlap")
    if points < 6:
        said.append("five years of figures before the base year instead of six")
    if held < _LEAST:
        said.append("the common trend went another way than its half for most areas at once")
    elif held > _MOST:
        said.append("the common trend was calmer than it had been or is assumed to be")
    return "; ".join(said)


# --- in words -----------------------------------------------------------------


class Average(NamedTuple):
    """The mean error of each line over the series, and the coverage pooled over figures and as a mean."""

    missed: dict[str, float]
    pooled: float
    mean: float
    points: int


def average(table: pd.DataFrame) -> Average:
    """The last row of the printed table; NaN for an empty one."""
    points = int(table["points"].sum())
    missed = {line: float(table[f"mae_{line}"].mean()) for line in _LINES}
    held = float((table["coverage"] * table["points"]).sum() / points) if points else float("nan")
    return Average(missed, held, float(table["coverage"].mean()), points)


def verdict(table: pd.DataFrame, horizon: int = HORIZON) -> str:
    """What the table means, in a few sentences; what to do where it is empty."""
    from workbook.methods.backtest import LABELS, best_simple

    if table.empty:
        return (
            f"Nothing to test: no imported measure has figures for at least {AREAS} areas of one kind over at least "
            f"{_FEWER_POINTS + horizon} years. Bring some with 'workbook data import FILE'."
        )
    whole = average(table)
    simple = best_simple(whole.missed)
    ours, theirs = whole.missed["do_nothing"], whole.missed[simple]
    against = "less than" if ours < theirs else "no less than"
    sentences = [
        f"{plural(horizon, 'year')} ahead, the do-nothing line missed by {_share(ours)} on average over "
        f"{plural(len(table), 'series', 'series')}: {against} the best of the simple lines "
        f"({LABELS[simple]}, {_share(theirs)}).",
        f"Its 80% band held {_share(whole.pooled)} of {number(whole.points, 0)} figures: {_of_band(whole.pooled)}.",
    ]
    odd = table[(table["coverage"] < _LEAST) | (table["coverage"] > _MOST)]
    for _, row in odd.iterrows():
        sentences.append(f"{row['label']}: the band held {_share(row['coverage'])} ({row['note']}).")
    return " ".join(sentences)


def _of_band(held: float) -> str:
    if 0.75 <= held <= 0.85:
        return "about what it says"
    return "it was too narrow" if held < 0.75 else "it was wider than it says"


def sentence(reference: Reference, indicator: Indicator | str, panel_areas: int, ahead: int = HORIZON) -> str:
    """How the do-nothing line did on this measure in the past, or else on the series it was tried on.

    ``panel_areas``: how many areas the projection at hand is pooled from; where
    they are few the sentence says that the trials had more. ``ahead``: how many
    years it looks ahead; where that is more than the trials did, the sentence
    says so. "" where nothing was measured.
    """
    table = reference.backtests()
    if table.empty:
        return ""
    id = indicator if isinstance(indicator, str) else indicator.id
    mine = table[table["series"] == id]
    said = _of_measure(mine.iloc[0]) if len(mine) else _of_all(table)
    if panel_areas < FEW:
        said += f" Here only {plural(panel_areas, 'area')} could be pooled, so expect it to miss by more."
    if ahead > int(table["horizon"].max()):
        said += f" Here it looks {ahead} years ahead, which was not tried, so expect it to miss by more."
    return said


def _of_measure(row: pd.Series) -> str:
    base = (
        f"from base year {row['first_base']}"
        if row["origins"] == 1
        else f"from {row['origins']} base years ({row['first_base']} to {row['last_base']})"
    )
    areas = plural(int(row["areas"]), *_NAMES.get(row["kind"], ("area", "areas")))
    return (
        f"In a back-test on {areas} {base}, {row['horizon']} years ahead, this line missed by "
        f"{_share(row['mae_do_nothing'])} on average (holding the last value: {_share(row['mae_hold'])}), "
        f"and its 80% band held {_share(row['coverage'])} of the figures that came{_because(row)}."
    )


def _because(row: pd.Series) -> str:
    """Why a band held far from eight figures in ten: the last of the row's notes; "" where it did not."""
    if _LEAST <= row["coverage"] <= _MOST or not row["note"]:
        return ""
    return f": {row['note'].split('; ')[-1]}"


def _of_all(table: pd.DataFrame) -> str:
    whole = average(table)
    least, most = table["mae_do_nothing"].min(), table["mae_do_nothing"].max()
    return (
        f"This measure itself was not back-tested. On {len(table)} published series, five years ahead, the line "
        f"missed by {_share(whole.missed['do_nothing'])} on average ({_share(least)} to {_share(most)}; holding the last "
        f"value: {_share(whole.missed['hold'])}), and its 80% band held {_share(whole.pooled)} of the figures that came "
        f"({_share(table['coverage'].min())} to {_share(table['coverage'].max())} by series)."
    )


def _share(fraction: float) -> str:
    """ "7.2%" below 20 %, "82%" above: what the trials can bear."""
    return number(100 * fraction, 1 if abs(fraction) < 0.2 else 0, "%")


def printed(table: pd.DataFrame) -> str:
    """The table as lines of text: a row a series, the averages last."""
    from workbook.methods.backtest import LABELS

    heads = ["series", "areas", "base years", *(LABELS[line] for line in _LINES), "held by 80% band"]
    rows = [
        [
            row["series"],
            number(row["areas"], 0),
            f"{row['origins']} ({row['first_base']}-{row['last_base']})",
            *(_share(row[f"mae_{line}"]) for line in _LINES),
            f"{_share(row['coverage'])} ({_share(row['coverage_low'])} to {_share(row['coverage_high'])})",
        ]
        for _, row in table.iterrows()
    ]
    whole = average(table)
    rows.append(
        [
            "all series (errors: mean; held: pooled)",
            "",
            "",
            *(_share(whole.missed[line]) for line in _LINES),
            f"{_share(whole.pooled)} (mean over series {_share(whole.mean)})",
        ]
    )
    widths = [max(len(line[n]) for line in [heads, *rows]) for n in range(len(heads))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in [heads, *rows]
    )

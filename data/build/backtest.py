"""Work out ``data/backtest.csv`` and the tables of ``docs/backtest.md`` from published series.

The files are not part of the project; give their folder:

    python data/build/backtest.py ../shared/data

Only the summary goes into the project: one row a series.
"""

from __future__ import annotations

import itertools
import re
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from workbook.methods import backtest as method
from workbook.methods import pooled, projection
from workbook.reference import Reference, backtest, importers

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "data" / "backtest.csv"
PAGE = ROOT / "docs" / "backtest.md"
FILES = (
    "ccg_outcomes/ccg_avoidable_mortality_2004_2019.csv",
    "nhsof/NHSOF_1a.i_I01954_D.csv",
    "ons_els/preventable-cardiovascular-mortality-england.csv",
    "ons_els/healthy-life-expectancy.csv",
    "ons_els/adult-obesity-prevalence.csv",
    "ons_els/cancer-diagnosis-at-stage-1-and-2.csv",
    "fingertips/smok_qof_prev_noGP.csv",
)
_MORTALITY = (
    "Office for National Statistics, avoidable mortality by clinical commissioning group, 2004 to 2019"
)
_ONS = "Office for National Statistics, Explore local statistics"
SOURCES = {
    "treatable-mortality": _MORTALITY,
    "preventable-mortality": _MORTALITY,
    "pyll-amenable": "NHS Digital, NHS Outcomes Framework 1a.i, 2003 to 2014",
    "ons-preventable-cardiovascular-mortality-england": f"{_ONS}, 2001-03 to 2022-24",
    "ons-male-healthy-life-expectancy": f"{_ONS}, 2011-13 to 2022-24",
    "ons-female-healthy-life-expectancy": f"{_ONS}, 2011-13 to 2022-24",
    "ft-91547": "OHID Fingertips 91547 (Quality and Outcomes Framework), 2013/14 to 2022/23",
    "ons-adult-obesity-prevalence": f"{_ONS}, from 2015/16",
    "ons-cancer-diagnosis-at-stage-1-and-2": f"{_ONS}, from 2013",
}
MAIN = tuple(SOURCES)[:6]  # the six of the average; the others, of one base year each, stand besides
LINES = ("do_nothing", "hold", "mean3", "loglinear", "damped8", "damped6")
ERRORS = [f"mae_{line}" for line in LINES]
# What might have been chosen instead.
CENTRES = [
    pooled.Rule(damping=d, standing=s, window=w)
    for d, s, w in itertools.product((0.3, 0.4, 0.5, 0.6, 0.7), (3, 5, 7), (5, 7))
]
BANDS = [
    pooled.Rule(prior=p, prior_moves=m)
    for p, m in itertools.product((0.006, 0.008, 0.01, 0.012, 0.015), (2, 4, 8))
]


def known(folder: Path, home: Path) -> Reference:
    """A reference of its own with the published files taken in."""
    reference = Reference.open(home)
    importers.take([folder / name for name in FILES], reference)
    return reference


def measured(reference: Reference) -> pd.DataFrame:
    """The rows of data/backtest.csv."""
    table = backtest.measure(reference, SOURCES).set_index("series", drop=False).loc[list(SOURCES)]
    counted = ["average" if series in MAIN else "besides" for series in table["series"]]
    return table.assign(counted=counted, source=[SOURCES[s] for s in table["series"]]).reset_index(drop=True)


def share(value: float) -> str:
    return f"{100 * value:.1f} %"


def main_table(table: pd.DataFrame) -> list[str]:
    """A row a series, the least error in bold, and two averages."""
    heads = [
        "Series",
        "Areas",
        "Base years",
        *(method.LABELS[line].capitalize() for line in LINES),
        "Held by the band",
    ]
    rows = [heads, ["---"] * len(heads)]
    for _, row in table.iterrows():
        least = min(row[ERRORS])
        bases = (
            f"{row['origins']} ({row['first_base']} to {row['last_base']})"
            if row["origins"] > 1
            else row["first_base"]
        )
        errors = [f"**{share(row[e])}**" if row[e] == least else share(row[e]) for e in ERRORS]
        held = f"{100 * row['coverage']:.0f} % ({100 * row['coverage_low']:.0f} to {100 * row['coverage_high']:.0f})"
        rows.append([row["label"], str(row["areas"]), str(bases), *errors, held])
    main = table[table["counted"] == "average"]
    for words, part in (("Average of the first six", main), ("Average of all", table)):
        held = (part["coverage"] * part["points"]).sum() / part["points"].sum()
        errors = [share(part[e].mean()) for e in ERRORS]
        errors[0] = f"**{errors[0]}**"
        rows.append(
            [
                words,
                "",
                "",
                *errors,
                f"{100 * held:.0f} % of {part['points'].sum():,} figures "
                f"(mean over series {100 * part['coverage'].mean():.0f} %)",
            ]
        )
    return [f"| {' | '.join(row)} |" for row in rows]


def left_out(reference: Reference) -> tuple[list[str], list[str]]:
    """For each of the six: what the numbers chosen on the other five would have given on it."""
    tables = {rule: _six(reference, rule) for rule in {*CENTRES, *BANDS, pooled.RULE}}
    shipped = tables[pooled.RULE]
    centres, bands = [], []
    for series in MAIN:
        others = [s for s in MAIN if s != series]
        best = min(CENTRES, key=lambda rule: tables[rule].loc[others, "mae_do_nothing"].mean())
        narrow = min(BANDS, key=lambda rule: (tables[rule].loc[others, "coverage"] - 0.8).abs().mean())
        centres.append(
            [
                shipped.loc[series, "label"],
                f"{best.damping}",
                str(best.standing),
                str(best.window),
                tables[best].loc[series, "mae_do_nothing"],
                shipped.loc[series, "mae_do_nothing"],
            ]
        )
        bands.append(
            [
                shipped.loc[series, "label"],
                f"{100 * narrow.prior:.1f} % a year",
                f"{narrow.prior_moves:.0f}",
                tables[narrow].loc[series, "coverage"],
                shipped.loc[series, "coverage"],
            ]
        )
    heads = [
        "Left out",
        "Part of the slope",
        "Years of standing",
        "Years of slope",
        "Missed",
        "Missed as shipped",
    ]
    wide = ["Left out", "Assumed deviation", "Its weight in changes", "Held", "Held as shipped"]
    return _rows(heads, centres), _rows(wide, bands)


def _six(reference: Reference, rule: pooled.Rule) -> pd.DataFrame:
    return backtest.measure(reference, MAIN, rule=rule).set_index("series")


def _rows(heads: list[str], rows: list[list]) -> list[str]:
    last = ["Average", *[""] * (len(heads) - 3), *(float(np.mean([r[n] for r in rows])) for n in (-2, -1))]
    cells = [[share(c) if isinstance(c, float) else c for c in row] for row in [*rows, last]]
    return [f"| {' | '.join(row)} |" for row in [heads, ["---"] * len(heads), *cells]]


def common_misses(reference: Reference) -> list[str]:
    """How far the common line itself missed after five years: the ground of the assumed deviation."""
    rows = []
    for panel in backtest.panels(reference, SOURCES):
        years = panel.indicator.period_years
        trials = method.backtest(panel.figures, period_years=years)
        if not len(trials):
            trials = method.backtest(panel.figures, period_years=years, first_points=pooled.POINTS)
        misses = [_common_miss(panel.figures, int(base), years) for base in trials["base_year"]]
        rows.append([panel.indicator.id, panel.indicator.name, float(np.sqrt(np.mean(np.square(misses))))])
    rows.sort(key=lambda row: list(SOURCES).index(row[0]))
    typical = float(np.sqrt(np.mean([row[2] ** 2 for row in rows])))
    without = [float(np.sqrt(np.mean([r[2] ** 2 for r in rows if r is not row]))) for row in rows]
    lines = ["| Series | Common line missed by, after five years | The others together |", "|---|---|---|"]
    lines += [
        f"| {row[1]} | {share(row[2])} | {share(rest)} |" for row, rest in zip(rows, without, strict=True)
    ]
    return [*lines, f"| All | {share(typical)} | |"]


def _common_miss(figures: pd.DataFrame, base: int, period_years: int) -> float:
    known_then = projection.usable(figures, base)
    common = pooled.pool(np.log(known_then.to_numpy()), 5, period_years)
    line = common.at(np.array([5.0])) + common.standing
    return float(np.nanmedian(np.log(figures.loc[base + 5].to_numpy(dtype=float)) - line))


def few_areas(reference: Reference) -> list[str]:
    """The average over the six series for panels of a few areas, drawn at random among those with every year."""
    draws = np.random.default_rng(1)
    panels = list(backtest.panels(reference, MAIN))
    lines = ["| Areas | Do nothing | Hold the last value | Held by the band |", "|---|---|---|---|"]
    for size in (1, 3, 6, 12, 30):
        found = [_of_few(panel, size, draws) for panel in panels]
        missed, held, inside = np.mean(found, axis=0)
        lines.append(f"| {size} | {share(missed)} | {share(held)} | {100 * inside:.0f} % |")
    return lines


def _of_few(
    panel: backtest.Panel, size: int, draws: np.random.Generator, times: int = 60
) -> tuple[float, ...]:
    latest = panel.figures.notna().mean(axis=1) > 0.9
    whole = panel.figures[latest].dropna(axis=1)
    found = []
    for _ in range(times):
        chosen = whole.iloc[:, draws.choice(whole.shape[1], size, replace=False)]
        one = method.summary(method.backtest(chosen, period_years=panel.indicator.period_years))
        found.append((one["do_nothing"], one["hold"], one["coverage"]))
    return tuple(np.mean(found, axis=0))


def filled(page: str, parts: dict[str, list[str]]) -> str:
    """The page with what stands between ``<!-- NAME -->`` and ``<!-- end -->`` written anew."""
    for name, lines in parts.items():
        block = "\n".join([f"<!-- {name} -->", "", *lines, "", "<!-- end -->"])
        page, count = re.subn(rf"<!-- {name} -->.*?<!-- end -->", lambda _, b=block: b, page, flags=re.DOTALL)
        if count != 1:
            raise SystemExit(f"docs/backtest.md has no place for the table '{name}'.")
    return page


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as home:
        reference = known(folder, Path(home))
        table = measured(reference)
        table.to_csv(TABLE, index=False, lineterminator="\n")
        centres, bands = left_out(reference)
        parts = {"measured": main_table(table), "centres": centres, "bands": bands}
        parts |= {"common": common_misses(reference), "few": few_areas(reference)}
        PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), parts), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

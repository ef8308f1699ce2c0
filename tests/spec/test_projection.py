"""Lines into the future: worked by hand, at the edges, and tried on the real past."""

import math

import numpy as np
import pandas as pd
import pytest

from workbook.methods import projection
from workbook.reference import Reference, importers
from workbook.steps.standing import comparable


def panel(years=range(2012, 2019), yearly=-0.02, areas=6):
    """Areas that all move by the same share a year, from different levels."""
    steps = np.arange(len(years))
    return pd.DataFrame({f"A{i}": (100 + 10 * i) * (1 + yearly) ** steps for i in range(areas)}, index=years)


def test_level_and_half_the_drift_by_hand():
    frame = panel()
    path = projection.do_nothing(frame, "A0", 2018, 5)
    last = frame.loc[2018, "A0"]
    level = (last + frame.loc[2016:2018, "A0"].mean()) / 2
    assert path.level == pytest.approx(level)
    assert path.drift == pytest.approx(-0.02)
    assert list(path.years) == [2019, 2020, 2021, 2022, 2023]
    assert path.value == pytest.approx(level * 0.98 ** (np.arange(1, 6) / 2))
    assert "6 areas" in path.method and "2.0 % a year down" in path.method


def test_the_interval_holds_the_line_and_widens():
    path = projection.do_nothing(panel(), "A0", 2018, 5)
    assert (path.lower < path.value).all() and (path.value < path.upper).all()
    assert (np.diff(path.upper / path.lower) > 0).all()
    # All areas alike: only the common trend is uncertain, a deviation of drift x n / sqrt 12.
    width = math.log(path.upper[-1] / path.value[-1])
    assert width == pytest.approx(1.281552 * abs(math.log(0.98)) * 5 / math.sqrt(12), rel=1e-5)


def test_one_wild_area_does_not_move_the_others():
    frame = panel()
    frame["A5"] = frame["A5"].iloc[0] * 1.3 ** np.arange(7)
    assert projection.do_nothing(frame, "A0", 2018, 5).drift == pytest.approx(-0.02)


def test_a_shock_that_passed_does_not_set_the_interval():
    calm, shocked = panel(range(2012, 2021)), panel(range(2012, 2021))
    shocked.loc[2016] *= 0.7
    widths = [projection.do_nothing(f, "A0", 2020, 1) for f in (calm, shocked)]
    assert widths[1].upper == pytest.approx(widths[0].upper)


def test_overlapping_periods_widen_the_common_part_of_the_interval():
    frame = panel() * np.where(np.arange(7) % 2, 1.02, 1.0)[:, None]
    one = projection.do_nothing(frame, "A0", 2018, 5)
    three = projection.do_nothing(frame, "A0", 2018, 5, period_years=3)
    assert three.value == pytest.approx(one.value)
    # All areas alike: the deviations of the drift and of the wobble add as squares.
    moves = np.diff(np.log(frame["A0"]))
    wobble = 1.4826 * np.median(np.abs(moves - np.median(moves)))
    drift = math.log1p(one.drift) * 5 / math.sqrt(12)
    width = math.log(three.upper[-1] / three.value[-1]) / 1.281552
    assert width == pytest.approx(math.hypot(drift, wobble * math.sqrt(5 * 3)), rel=1e-5)
    assert "covers 3 years and overlaps" in three.interval_note and "overlaps" not in one.interval_note
    assert projection.do_nothing(frame.iloc[:3], "A0", 2014, 5, period_years=3).interval_note.startswith("No")


def test_years_after_the_base_year_are_not_looked_at():
    frame = panel(range(2012, 2024))
    early = projection.do_nothing(frame.loc[:2018], "A0", 2018, 5)
    assert projection.do_nothing(frame, "A0", 2018, 5).value == pytest.approx(early.value)


def test_years_before_a_break_are_not_looked_at():
    frame = panel(range(2009, 2019))
    broken = frame.copy()
    broken.loc[:2012] *= 3
    with_break = projection.do_nothing(broken, "A0", 2018, 3, breaks=(2013,))
    assert with_break.drift == pytest.approx(-0.02)
    assert projection.do_nothing(broken, "A0", 2018, 3).drift < -0.05
    later = projection.do_nothing(frame, "A0", 2018, 3, breaks=(2025,))
    assert later.value == pytest.approx(projection.do_nothing(frame, "A0", 2018, 3).value)


def test_one_area_alone_says_that_nothing_was_pooled():
    values = pd.DataFrame({"A0": [100, 97, 99, 94, 95, 91, 92.0]}, index=range(2012, 2019))
    path = projection.do_nothing(values, "A0", 2018, 5)
    assert "no pooling with other areas was possible" in path.method
    assert np.isfinite(path.lower).all() and "rough" in path.interval_note


@pytest.mark.parametrize("points", [1, 4])
def test_fewer_than_five_points_hold_the_last_value_without_interval(points):
    frame = panel()
    frame.iloc[: 7 - points, 0] = np.nan
    path = projection.do_nothing(frame, "A0", 2018, 5)
    assert path.value == pytest.approx([frame.loc[2018, "A0"]] * 5)
    assert np.isnan(path.lower).all() and np.isnan(path.upper).all() and math.isnan(path.drift)
    assert "last value is held" in path.method and path.interval_note.startswith("No interval")


def test_no_figure_at_all_projects_nothing():
    frame = panel().assign(A0=np.nan)
    path = projection.do_nothing(frame, "A0", 2018, 2)
    assert np.isnan(path.value).all() and "nothing can be projected" in path.method
    assert np.isnan(projection.do_nothing(panel(), "A0", 2000, 2).value).all()
    with pytest.raises(KeyError):
        projection.do_nothing(panel(), "nowhere", 2018, 2)


def test_a_series_that_ends_before_the_base_year_is_carried_on_from_its_end():
    frame = panel()
    frame.loc[2018, "A0"] = np.nan
    path = projection.do_nothing(frame, "A0", 2018, 2)
    level = (frame.loc[2017, "A0"] + frame.loc[2015:2017, "A0"].mean()) / 2
    assert path.value == pytest.approx(level * 0.98 ** (np.array([2, 3]) / 2))


def test_a_ceiling_caps_line_and_limits():
    path = projection.do_nothing(panel(yearly=0.03) * 0.8, "A0", 2018, 5, ceiling=97)
    assert path.upper.max() == 97 and path.value.max() <= 97


def test_lines_that_people_choose():
    assert list(projection.hold(90, 3)) == [90, 90, 90]
    assert projection.pledge(100) == pytest.approx([96.8, 93.7024, 90.7039, 87.8014, 84.9918], abs=1e-4)
    assert projection.pledge(100, 0.05, 2) == pytest.approx([105, 110.25])
    assert list(projection.straight(100, 80, 4)) == [95, 90, 85, 80]


def test_plausibility_counts_past_moves():
    frame = pd.DataFrame(
        {"A": [100, 90, 80], "B": [100, 100, 110], "C": [100, np.nan, 100]}, index=range(2016, 2019)
    )
    # Two-year moves: -20 %, +10 %, 0 %
    assert projection.plausibility(frame, -0.15, 2, "low") == pytest.approx((1 / 3, 3, -0.2))
    assert projection.plausibility(frame, 0.0, 2, "high") == pytest.approx((2 / 3, 3, 0.1))
    assert projection.plausibility(frame, 0.05, 2, "none") == pytest.approx((1 / 3, 3, 0.1))
    share, moves, best = projection.plausibility(frame, -0.15, 5, "low")
    assert math.isnan(share) and moves == 0 and math.isnan(best)


def test_plausibility_leaves_out_moves_across_a_break():
    frame = pd.DataFrame({"A": [100, 90, 40, 36]}, index=range(2015, 2019))
    assert projection.plausibility(frame, -0.5, 1, "low").best == pytest.approx(-5 / 9)
    share, moves, best = projection.plausibility(frame, -0.1, 1, "low", breaks=(2017,))
    assert (moves, best, share) == (2, pytest.approx(-0.1), 1)
    assert projection.plausibility(frame, -0.1, 2, "low", breaks=(2017,)).moves == 0
    assert projection.plausibility(frame.iloc[:0], -0.1, 1, "low").moves == 0


# --- the real past ------------------------------------------------------------


@pytest.fixture(scope="module")
def mortality(real):
    table = pd.read_csv(real / "ccg_outcomes" / "ccg_avoidable_mortality_2004_2019.csv")

    def series(column):
        wide = table.pivot_table(index="year", columns="ccg19cd", values=column)
        return wide.loc[2005:2018].dropna(axis=1)

    return series


@pytest.mark.real
@pytest.mark.parametrize(
    ("column", "miss", "hold"),
    [("treatable_mortality_rate", 0.083, 0.105), ("preventable_mortality_rate", 0.064, 0.081)],
)
def test_five_years_ahead_on_real_mortality(mortality, column, miss, hold):
    """191 CCGs, base years 2010 to 2013: mean absolute error as a share of the mean rate."""
    result = projection.backtest(mortality(column), horizon=5, first_origin=2010)
    assert list(result["base_year"]) == [2010, 2011, 2012, 2013]
    assert (result["areas"] == 191).all()
    means = result.mean()
    assert means["do_nothing"] == pytest.approx(miss, abs=0.003)
    assert means["hold"] == pytest.approx(hold, abs=0.003)
    assert means["do_nothing"] < 0.9 * means["hold"]
    assert 0.80 <= means["coverage"] <= 0.93


@pytest.mark.real
def test_from_every_base_year_with_five_points(mortality):
    result = projection.backtest(mortality("treatable_mortality_rate")).mean()
    assert result["do_nothing"] == pytest.approx(0.086, abs=0.003)


@pytest.fixture(scope="module")
def known(real, tmp_path_factory):
    names = [
        "ons_els/healthy-life-expectancy.csv",
        "ons_els/preventable-cardiovascular-mortality-england.csv",
        "nhsof/NHSOF_1a.i_I01954_D.csv",
        "fingertips/smok_qof_prev_noGP.csv",
    ]
    reference = Reference.open(tmp_path_factory.mktemp("figures"))
    importers.take([real / name for name in names], reference)
    return reference


@pytest.mark.real
@pytest.mark.parametrize(
    ("indicator", "bases", "miss", "hold", "held"),
    [
        ("pyll-amenable", 3, 0.118, 0.180, 0.88),
        ("ons-preventable-cardiovascular-mortality-england", 13, 0.100, 0.167, 0.86),
        ("ons-male-healthy-life-expectancy", 3, 0.036, 0.034, 0.51),
        ("ons-female-healthy-life-expectancy", 3, 0.041, 0.040, 0.51),
        ("ft-91547", 1, 0.105, 0.170, 0.15),
    ],
)
def test_five_years_ahead_on_real_series_of_councils(known, indicator, bases, miss, hold, held):
    """The table of docs/methods.md: counties and unitaries, or districts where there are no counties."""
    table = known.series(indicator, kind="la").pivot_table(index="year", columns="area", values="value")
    table = table[comparable("E08000023", table.columns)]
    years = known.indicator(indicator).period_years
    result = projection.backtest(table, period_years=years).query("areas > 0")
    assert len(result) == bases
    means = result.mean()
    assert means["do_nothing"] == pytest.approx(miss, abs=0.003)
    assert means["hold"] == pytest.approx(hold, abs=0.003)
    assert means["coverage"] == pytest.approx(held, abs=0.02)

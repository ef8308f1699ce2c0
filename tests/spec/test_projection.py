"""Lines into the future: worked by hand and at the edges. test_backtest.py tries them on the real past."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.methods import pooled, projection


def panel(years=range(2012, 2019), yearly=-0.02, areas=6):
    """Areas that all move by the same share a year, from different levels."""
    steps = np.arange(len(years))
    return pd.DataFrame({f"A{i}": (100 + 10 * i) * (1 + yearly) ** steps for i in range(areas)}, index=years)


def test_level_and_half_the_drift_by_hand():
    frame = panel()
    path = projection.do_nothing(frame, "A0", 2018, 5)
    # All move alike: the standing is a constant, and the common line starts half a year's move back.
    level = frame.loc[2018, "A0"] / math.sqrt(0.98)
    assert path.level == pytest.approx(level)
    assert path.drift == pytest.approx(-0.02)
    assert list(path.years) == [2019, 2020, 2021, 2022, 2023]
    assert path.value == pytest.approx(level * 0.98 ** (np.arange(1, 6) / 2))
    assert "6 areas" in path.method and "2.0 % a year down" in path.method


def test_the_interval_holds_the_line_and_widens():
    path = projection.do_nothing(panel(), "A0", 2018, 5)
    assert (path.lower < path.value).all() and (path.value < path.upper).all()
    assert (np.diff(path.upper / path.lower) > 0).all()
    # All areas alike: only the common trend is uncertain. Six yearly changes show drift x n / sqrt 12;
    # what is assumed beforehand, 1 % a year, weighs as four.
    variance = (6 * (math.log(0.98) * 5) ** 2 / 12 + 4 * 0.05**2) / 10
    width = math.log(path.upper[-1] / path.value[-1])
    assert width == pytest.approx(1.281552 * math.sqrt(variance), rel=1e-5)


def test_one_odd_year_hardly_moves_the_line():
    frame = panel()
    calm = projection.do_nothing(frame, "A0", 2018, 5)
    frame.loc[2018, "A0"] *= 1.25
    odd = projection.do_nothing(frame, "A0", 2018, 5)
    # One of five years of the standing, and no part of the drift.
    assert odd.value / calm.value == pytest.approx([1.25 ** (1 / 5)] * 5, rel=1e-3)
    assert odd.drift == pytest.approx(calm.drift, abs=1e-3)
    assert "starts below the last figure, since a single year is partly chance" in odd.method
    assert "starts" not in calm.method


def test_areas_that_move_apart_widen_the_band_by_chance_and_by_walk():
    """Second route: the variances that made the figures, put into the formula by hand."""
    rng = np.random.default_rng(7)
    chance, walk, years, areas = 0.08, 0.03, 15, 4000
    paths = np.cumsum(rng.normal(0, walk, (years, areas)), axis=0) + rng.normal(0, chance, (years, areas))
    common = pooled.pool(paths + 4.0, horizon=5)
    own = chance**2 * 1.2 + walk**2 * (np.arange(1, 6) + 1.2)
    assumed = 4 * (0.01 * np.arange(1, 6)) ** 2 / (14 + 4)
    assert common.spread == pytest.approx(np.sqrt(own + assumed), rel=0.06)


def test_an_area_that_comes_or_goes_does_not_move_the_common_line():
    whole = panel(range(2010, 2021), areas=9)
    gaps = whole.copy()
    gaps.iloc[:5, :4] = np.nan  # the low ones are missing at first
    for frame in (whole, gaps):
        path = projection.do_nothing(frame, "A8", 2020, 5)
        assert path.drift == pytest.approx(-0.02)
        assert path.level == pytest.approx(whole.loc[2020, "A8"] / math.sqrt(0.98))


@given(
    st.lists(st.floats(20, 500), min_size=2, max_size=8),
    st.floats(-0.1, 0.1),
    st.floats(0.01, 1000),
    st.integers(1, 10),
)
def test_the_unit_does_not_matter_and_the_band_holds_the_line(levels, yearly, factor, horizon):
    frame = pd.DataFrame(
        {f"A{n}": level * np.exp(yearly * np.arange(8)) for n, level in enumerate(levels)},
        index=range(2011, 2019),
    )
    path = projection.do_nothing(frame, "A0", 2018, horizon)
    scaled = projection.do_nothing(frame * factor, "A0", 2018, horizon)
    assert scaled.value == pytest.approx(path.value * factor)
    assert scaled.upper == pytest.approx(path.upper * factor)
    assert (path.lower < path.value).all() and (path.value < path.upper).all()
    assert (np.diff(path.upper / path.value) > 0).all()


def test_one_wild_area_does_not_move_the_others():
    frame = panel()
    frame["A5"] = frame["A5"].iloc[0] * 1.3 ** np.arange(7)
    assert projection.do_nothing(frame, "A0", 2018, 5).drift == pytest.approx(-0.02)


def test_a_shock_that_passed_does_not_set_the_interval():
    calm, shocked = panel(range(2012, 2021)), panel(range(2012, 2021))
    shocked.loc[2016] *= 0.7
    widths = [projection.do_nothing(f, "A0", 2020, 1) for f in (calm, shocked)]
    # The slope alone feels the odd year, and a little.
    assert widths[1].upper == pytest.approx(widths[0].upper, rel=0.01)


def test_overlapping_periods_widen_the_common_part_of_the_interval():
    frame = panel() * np.where(np.arange(7) % 2, 1.02, 1.0)[:, None]
    one = projection.do_nothing(frame, "A0", 2018, 5)
    three = projection.do_nothing(frame, "A0", 2018, 5, period_years=3)
    assert three.value == pytest.approx(one.value)
    # All areas alike. What the past shows (drift and wobble) weighs as its six changes over three years each.
    moves = np.diff(np.log(frame["A0"]))
    wobble = 1.4826 * np.median(np.abs(moves - np.median(moves)))
    shown = (math.log1p(one.drift) * 5) ** 2 / 12 + wobble**2 * 5 * 3
    variance = (2 * shown + 4 * 0.05**2) / (2 + 4)
    width = math.log(three.upper[-1] / three.value[-1]) / 1.281552
    assert width == pytest.approx(math.sqrt(variance), rel=1e-5)
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


def test_an_area_whose_figures_end_early_goes_on_with_the_others():
    frame = panel()
    whole = projection.do_nothing(frame, "A0", 2018, 2)
    frame.loc[2018, "A0"] = np.nan
    assert projection.do_nothing(frame, "A0", 2018, 2).value == pytest.approx(whole.value)


def test_a_panel_that_ends_before_the_base_year_is_carried_on_from_its_end():
    frame = panel()
    path = projection.do_nothing(frame, "A0", 2019, 2)
    level = frame.loc[2018, "A0"] / math.sqrt(0.98)
    assert path.value == pytest.approx(level * 0.98 ** (np.array([2, 3]) / 2))
    earlier = projection.do_nothing(frame, "A0", 2018, 2)
    assert path.upper[-1] / path.value[-1] > earlier.upper[-1] / earlier.value[-1]


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


# --- early warning ------------------------------------------------------------


def ten_moves():
    """Eleven years of one area; its three-year moves to hand, and one area that never moves."""
    return pd.DataFrame({"A": 100 * 0.95 ** np.arange(9), "B": [100.0] * 9}, index=range(2010, 2019))


def test_early_warning_by_hand():
    # Three-year moves: six of 0.95^3 - 1 and six of nothing; one in ten, like one in a hundred, did 0.95^3.
    warning = projection.early_warning(ten_moves(), 80, 100, 5, 2, "low")
    assert warning.moves == 12 and warning.worse == "above" and warning.reason == ""
    assert warning.out_of_reach == pytest.approx(80 / 0.95**3)
    assert warning.hard == pytest.approx(80 / 0.95**3)


def test_the_share_of_moves_that_would_still_do_agrees_with_plausibility():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        100 * np.exp(rng.normal(-0.01, 0.04, (12, 40)).cumsum(axis=0)), index=range(2005, 2017)
    )
    for polarity, target in (("low", 85.0), ("high", 120.0)):
        warning = projection.early_warning(frame, target, 100, 5, 2, polarity)
        needed = target / warning.hard - 1
        assert projection.plausibility(frame, needed, 3, polarity).share == pytest.approx(0.1, abs=0.01)
        best = projection.plausibility(frame, target / warning.out_of_reach - 1, 3, polarity)
        assert best.share == pytest.approx(0.01, abs=0.005)
        assert (warning.out_of_reach > warning.hard) == (polarity == "low")


def test_what_only_one_area_ever_did_is_out_of_reach_for_the_others():
    steady = pd.DataFrame(
        {f"A{i}": 100 * (1 - 0.01 * i) ** np.arange(8) for i in range(12)}, index=range(2010, 2018)
    )
    warning = projection.early_warning(steady, 80, 100, 5, 2, "low")
    assert warning.out_of_reach == pytest.approx(
        80 / 0.90**3
    )  # A10; A11, the best of all, fell by 11 % a year


@pytest.mark.parametrize("leap", [0.5, 0.1, 0.001])
def test_one_tiny_areas_leap_moves_neither_line_much(leap):
    rng = np.random.default_rng(4)
    calm = pd.DataFrame(
        100 * np.exp(rng.normal(-0.01, 0.02, (12, 30)).cumsum(axis=0)), index=range(2005, 2017)
    )
    wild = calm.assign(tiny=100.0)
    wild.loc[2009, "tiny"] *= leap
    before, after = (projection.early_warning(frame, 80, 100, 5, 2, "low") for frame in (calm, wild))
    assert after.out_of_reach == pytest.approx(before.out_of_reach, rel=0.03)
    assert after.hard == pytest.approx(before.hard, rel=0.01)


@settings(max_examples=40)
@given(
    st.integers(1, 9),
    st.integers(0, 10_000),
    st.sampled_from(["low", "high"]),
    st.integers(1, 4),
)
def test_out_of_reach_is_never_nearer_than_hard_and_both_follow_the_unit(areas, seed, polarity, at):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(100 * np.exp(rng.normal(0, 0.1, (9, areas)).cumsum(axis=0)), index=range(2010, 2019))
    warning = projection.early_warning(frame, 90, 100, 5, at, polarity)
    further = warning.out_of_reach - warning.hard
    assert further >= -1e-9 if polarity == "low" else further <= 1e-9
    scaled = projection.early_warning(frame * 7, 630, 700, 5, at, polarity)
    assert scaled.hard == pytest.approx(7 * warning.hard) and scaled.moves == warning.moves


def test_early_warning_leaves_out_moves_across_a_break_and_follows_the_target_without_polarity():
    frame = ten_moves()
    frame.loc[2014:, "A"] *= 0.1
    broken = projection.early_warning(frame, 80, 100, 5, 2, "none", breaks=(2014,))
    assert broken.out_of_reach == pytest.approx(80 / 0.95**3) and broken.worse == "above"
    assert projection.early_warning(frame, 120, 100, 5, 2, "none").worse == "below"
    assert "Only" in projection.early_warning(frame.iloc[:4], 80, 100, 5).reason


@pytest.mark.parametrize(
    ("frame", "target", "base", "horizon", "at", "says"),
    [
        (panel().iloc[:3], 80, 100, 5, 2, "figures 3 years apart"),
        (panel().iloc[:0], 80, 100, 5, 2, "figures 3 years apart"),
        (panel(), math.nan, 100, 5, 2, "above zero"),
        (panel(), 80, 0, 5, 2, "above zero"),
        (panel(), 80, 100, 2, 2, "a year between"),
    ],
)
def test_without_moves_there_is_a_reason_and_no_line(frame, target, base, horizon, at, says):
    warning = projection.early_warning(frame, target, base, horizon, at)
    assert math.isnan(warning.hard) and math.isnan(warning.out_of_reach) and says in warning.reason

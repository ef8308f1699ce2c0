"""The Similar 10 method: distances by hand, its rules, and the official input file."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tests.spec.worked import Example, Formula, check, examples
from workbook.methods import peers
from workbook.paths import shipped

FOUR = pd.DataFrame({"deprivation": [1.0, 4, 9, 16]}, index=["A", "B", "C", "D"])

GUIDE = [
    Formula(
        "Areas that are alike: Similar 10",
        peers.distances,
        "each variable: cap at mean + 5 SD, square root, z-score with the SD of all areas (divided by n)\n"
        "distance = Σ weight · (z - z of the area)²        no root; the ten smallest are the peers",
        "Peers on any set of variables and weights; the official list of 2021 weighs deprivation 0.25, population 0.15, "
        "rurality 0.15, ages 18-39, 65-84 and 85 and over 0.10 each, five ethnic shares 0.03 each.",
        "An area that lacks a variable is left out and named. A variable that is the same everywhere tells nothing and is named. "
        "Weights need not add up to one; one of 0 is not looked at. Negative figures have no square root: a sentence says which.",
        "NHS England, Similar 10 CCG Explorer Tool, 2021.",
        [
            Example(
                "from A, weight 0.5",
                {"frame": FOUR, "weights": {"deprivation": 0.5}, "area": "A"},
                {"B": 0.4, "C": 1.6, "D": 3.6},
                "roots 1, 2, 3, 4 with variance 1.25: 0.5 · gap² / 1.25",
            ),
        ],
    ),
]


@examples(GUIDE)
def test_worked_example(formula, example):
    check(formula, example)


def frame(**columns):
    return pd.DataFrame(columns, index=["A", "B", "C", "D"], dtype=float)


def test_distances_by_hand():
    # Roots 1, 2, 3, 4: mean 2.5, population deviation sqrt(1.25); from A the gaps are 1, 2, 3 over it.
    found = peers.distances(frame(x=[1, 4, 9, 16]), {"x": 0.5}, "A")
    assert list(found.index) == ["B", "C", "D"]
    assert found.to_numpy() == pytest.approx([0.5 * 1 / 1.25, 0.5 * 4 / 1.25, 0.5 * 9 / 1.25])


def test_weights_decide_and_the_area_itself_is_left_out():
    two = frame(x=[1, 1, 9, 9], y=[1, 9, 1, 9])
    assert peers.similar(two, {"x": 0.9, "y": 0.1}, "A") == ["B", "C", "D"]
    assert peers.similar(two, {"x": 0.1, "y": 0.9}, "A", n=1) == ["C"]


def test_an_extreme_value_is_capped_at_five_deviations():
    values = pd.DataFrame({"x": [*np.full(99, 4.0), 10_000.0]}, index=[f"{i:03d}" for i in range(100)])
    cap = values["x"].mean() + 5 * values["x"].std(ddof=0)
    capped = values.clip(upper=cap)
    far = peers.distances(values, {"x": 1.0}, "000")["099"]
    assert far == pytest.approx(peers.distances(capped, {"x": 1.0}, "000")["099"], rel=1e-6)


def test_a_constant_variable_tells_nothing_and_ties_stand_by_code():
    assert peers.similar(frame(x=[2, 2, 2, 2]), {"x": 1.0}, "C") == ["A", "B", "D"]


def test_areas_that_lack_a_figure():
    gap = frame(x=[1, np.nan, 3, 4])
    assert peers.similar(gap, {"x": 1.0}, "A") == ["C", "D"]
    with pytest.raises(ValueError, match="lacks a variable"):
        peers.similar(gap, {"x": 1.0}, "B")
    with pytest.raises(KeyError):
        peers.similar(gap, {"x": 1.0}, "Z")
    with pytest.raises(ValueError, match="may not be negative"):
        peers.similar(frame(x=[1, -1, 3, 4]), {"x": 1.0}, "A")


@pytest.fixture(scope="module")
def official() -> dict[str, float]:
    """The weights that the workbook ships, by the names of the official input file."""
    shipped_weights = pd.read_csv(shipped("data") / "peer_variables.csv")
    return dict(zip(shipped_weights["column"], shipped_weights["weight"], strict=True))


@pytest.mark.real
def test_the_weights_are_those_of_the_official_file(real, official):
    path = real / "peers" / "April2021_Similar10CCG_InputData_HD.xlsx"
    sheet = pd.read_excel(path, sheet_name="Variable Descriptions", index_col=0)
    assert sheet["Weights"].to_dict() == pytest.approx(official)


@pytest.mark.real
def test_the_official_input_gives_south_tyneside_its_north_eastern_likes(real, official):
    table = pd.read_excel(real / "peers" / "April2021_Similar10CCG_InputData_HD.xlsx", index_col=0)
    found = peers.similar(table, official, "00N")
    assert len(found) == 10 and "00N" not in found
    assert "NHS Sunderland CCG" in set(table.loc[found, "name"])

    # The same again by another route.
    x = table[list(official)].to_numpy(dtype=float)
    scored = stats.zscore(np.sqrt(np.minimum(x, x.mean(axis=0) + 5 * x.std(axis=0))))
    own = scored[table.index.get_loc("00N")]
    order = np.argsort((np.array(list(official.values())) * (scored - own) ** 2).sum(axis=1))
    assert found == list(table.index[order[1:11]])


NUMBERS = st.lists(st.integers(0, 100), min_size=6, max_size=6)


@given(NUMBERS, NUMBERS, st.floats(0.01, 1), st.floats(0.01, 1), st.floats(0.1, 50))
def test_only_the_ratios_of_the_weights_decide(x, y, a, b, times):
    figures = pd.DataFrame({"x": x, "y": y}, index=list("ABCDEF"), dtype=float)
    one = peers.distances(figures, {"x": a, "y": b}, "A")
    other = peers.distances(figures, {"x": a * times, "y": b * times}, "A")
    assert (one >= 0).all() and (other[one.index] / times).to_numpy() == pytest.approx(one.to_numpy())


@given(NUMBERS, NUMBERS)
def test_an_area_is_as_far_from_another_as_that_from_it(x, y):
    figures = pd.DataFrame({"x": x, "y": y}, index=list("ABCDEF"), dtype=float)
    weights = {"x": 0.7, "y": 0.3}
    assert peers.distances(figures, weights, "A")["B"] == pytest.approx(
        peers.distances(figures, weights, "B")["A"]
    )


@given(NUMBERS, st.floats(0.001, 1000))
def test_the_unit_of_a_variable_does_not_matter(x, times):
    figures = pd.DataFrame({"x": x}, index=list("ABCDEF"), dtype=float)
    one, other = (peers.distances(f, {"x": 1.0}, "A").sort_index() for f in (figures, figures * times))
    assert other.to_numpy() == pytest.approx(one.to_numpy(), abs=1e-6)


def test_the_parts_add_up_and_what_was_not_looked_at_is_named():
    figures = frame(x=[1, 4, 9, np.nan], same=[5, 5, 5, 5], y=[1, 9, 4, 4], none=[-1, -1, -1, -1])
    found = peers.find(figures, {"x": 0.5, "same": 0.2, "y": 0.3, "none": 0}, "A")
    assert found.codes == ("B", "C") and found.reason == ""
    assert found.missing == {"D": ("x",)} and found.constant == ("same",)
    assert found.parts.sum(axis=1).to_numpy() == pytest.approx(found.distances.to_numpy())
    assert list(found.parts.columns) == ["x", "same", "y"]


@pytest.mark.parametrize(
    ("weights", "area", "words"),
    [
        ({"x": 0.0}, "A", "at least one is above zero"),
        ({"x": -1.0}, "A", "Weights are zero or more"),
        ({"x": float("nan")}, "A", "Weights are zero or more"),
        ({"z": 1.0}, "A", "No figures on hand for z"),
        ({"x": 1.0}, "Z", "Area Z is not among"),
        ({"low": 1.0}, "A", "may not be negative: low"),
        ({"x": 1.0}, "B", "Area B lacks a variable of the Similar 10 method: x"),
    ],
)
def test_why_there_are_no_peers_is_said(weights, area, words):
    found = peers.find(frame(x=[1, np.nan, 3, 4], low=[1, -1, 3, 4]), weights, area)
    assert found.codes == () and words in found.reason

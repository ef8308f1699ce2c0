"""The Similar 10 method: distances by hand, its rules, and the official input file."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from workbook.methods import peers


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


@pytest.mark.real
def test_the_weights_are_those_of_the_official_file(real):
    path = real / "peers" / "April2021_Similar10CCG_InputData_HD.xlsx"
    sheet = pd.read_excel(path, sheet_name="Variable Descriptions", index_col=0)
    assert sheet["Weights"].to_dict() == pytest.approx(peers.WEIGHTS_2021)


@pytest.mark.real
def test_the_official_input_gives_south_tyneside_its_north_eastern_likes(real):
    table = pd.read_excel(real / "peers" / "April2021_Similar10CCG_InputData_HD.xlsx", index_col=0)
    found = peers.similar(table, peers.WEIGHTS_2021, "00N")
    assert len(found) == 10 and "00N" not in found
    assert "NHS Sunderland CCG" in set(table.loc[found, "name"])

    # The same again by another route.
    x = table[list(peers.WEIGHTS_2021)].to_numpy(dtype=float)
    scored = stats.zscore(np.sqrt(np.minimum(x, x.mean(axis=0) + 5 * x.std(axis=0))))
    own = scored[table.index.get_loc("00N")]
    order = np.argsort((np.array(list(peers.WEIGHTS_2021.values())) * (scored - own) ** 2).sum(axis=1))
    assert found == list(table.index[order[1:11]])

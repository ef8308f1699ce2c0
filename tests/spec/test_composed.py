"""Figures of an area that is put together from others: worked by hand, then as properties."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.errors import BadInput
from workbook.methods import intervals, standardise
from workbook.reference import Area, Indicator, Reference, composition, importers
from workbook.reference.composed import compose
from workbook.reference.store import SERIES, Intake, Origin

COUNT = Indicator("visits", "Visits", unit="people", value_type="count")
MONEY = Indicator("budget", "Budget", unit="£000s", value_type="money")
SHARE = Indicator("smoking", "People who smoke", unit="%", per=100, value_type="proportion")
RATE = Indicator("falls", "Falls", unit="per 1,000", per=1000, value_type="crude rate")
MEAN = Indicator("quality", "Quality of life", unit="out of 1", value_type="mean")
RATIO = Indicator(
    "smr", "Deaths against expected", unit="as a ratio, England = 100", per=100, value_type="isr"
)
DIRECT = Indicator("mortality", "Mortality", unit="per 100,000", per=100_000, value_type="dsr")
NAMES = {"A": "Northmoor", "B": "Southfield", "C": "Eastleigh Vale"}


def row(indicator: Indicator, area: str, value: float, **given: object) -> dict[str, object]:
    """One point of a series."""
    plain: dict[str, object] = {
        "indicator": indicator.id, "area": area, "sex": "Persons", "age": "All ages", "category_type": "",
        "category": "", "period": "2024", "year": 2024, "value": value, "lower": math.nan, "upper": math.nan,
        "count": math.nan, "denominator": math.nan, "note": "",
    }  # fmt: skip
    return plain | given


def made(indicator: Indicator, *rows: dict[str, object], members: str = "AB"):
    frame = pd.DataFrame(rows, columns=list(SERIES))
    return compose(indicator, frame, "WHOLE", tuple(members), NAMES)


def one(indicator: Indicator, *rows: dict[str, object], members: str = "AB") -> pd.Series:
    found = made(indicator, *rows, members=members)
    assert not found.refused
    assert len(found.rows) == 1
    return found.rows.iloc[0]


# --- by hand ----------------------------------------------------------------------


def test_money_and_counts_are_added():
    assert one(MONEY, row(MONEY, "A", 1200), row(MONEY, "B", 800))["value"] == 2000
    both = one(COUNT, row(COUNT, "A", 30, count=30), row(COUNT, "B", 12, count=12))
    assert (both["value"], both["count"], both["area"]) == (42, 42, "WHOLE")
    assert both["note"] == "put together from Northmoor and Southfield"


def test_an_amount_a_head_is_weighted_by_heads():
    head = Indicator("spend", "Spend", unit="£ per head", value_type="money")
    both = one(head, row(head, "A", 100, denominator=3000), row(head, "B", 200, denominator=1000))
    assert both["value"] == 125
    assert "mean" in made(head, row(head, "A", 100), row(head, "B", 200)).refused


def test_a_percentage_is_its_numerators_over_its_denominators_with_wilsons_interval():
    both = one(
        SHARE,
        row(SHARE, "A", 10, count=100, denominator=1000),
        row(SHARE, "B", 20, count=600, denominator=3000),
    )
    # 700 of 4,000; Wilson 1927 by hand: (2x + z2 -+ z sqrt(z2 + 4x(1 - p))) / 2(n + z2)
    z, x, n = 1.959963984540054, 700, 4000
    spread = z * math.sqrt(z**2 + 4 * x * (1 - x / n))
    assert both["value"] == 17.5
    assert both["lower"] == pytest.approx(100 * (2 * x + z**2 - spread) / (2 * (n + z**2)))
    assert both["upper"] == pytest.approx(100 * (2 * x + z**2 + spread) / (2 * (n + z**2)))
    assert (both["count"], both["denominator"]) == (700, 4000)


def test_a_crude_rate_takes_byars_interval():
    both = one(
        RATE,
        row(RATE, "A", 20, count=200, denominator=10_000),
        row(RATE, "B", 30, count=150, denominator=5_000),
    )
    assert both["value"] == pytest.approx(350 / 15)
    lower = 350 * (1 - 1 / (9 * 350) - 1.959963984540054 / (3 * math.sqrt(350))) ** 3
    assert both["lower"] == pytest.approx(lower / 15)


def test_a_surveys_own_wider_intervals_are_combined():
    # 1,000 asked in each, design effect 4: twice the width that Wilson would give.
    a = row(SHARE, "A", 50, lower=44, upper=56, count=500, denominator=1000)
    b = row(SHARE, "B", 40, lower=34, upper=46, count=400, denominator=1000)
    both = one(SHARE, a, b)
    half = math.sqrt((0.5 * 6) ** 2 + (0.5 * 6) ** 2)
    assert both["value"] == 45
    assert (both["lower"], both["upper"]) == (pytest.approx(45 - half), pytest.approx(45 + half))


def test_a_mean_is_weighted_by_how_many_were_measured():
    a = row(MEAN, "A", 0.7, lower=0.68, upper=0.72, denominator=300)
    b = row(MEAN, "B", 0.8, lower=0.76, upper=0.84, denominator=100)
    both = one(MEAN, a, b)
    assert both["value"] == pytest.approx(0.725)
    half = math.sqrt((0.75 * 0.02) ** 2 + (0.25 * 0.04) ** 2)
    assert both["upper"] - both["value"] == pytest.approx(half)
    assert math.isnan(one(MEAN, a | {"lower": math.nan}, b)["lower"])


def test_an_indirectly_standardised_ratio_is_observed_over_expected():
    # A: 120 observed, 100 expected; B: 90 observed, 150 expected. Together 210 over 250.
    both = one(RATIO, row(RATIO, "A", 120, count=120), row(RATIO, "B", 60, count=90))
    assert both["value"] == pytest.approx(84)
    low, high = intervals.count(210)
    assert (both["lower"], both["upper"]) == (pytest.approx(100 * low / 250), pytest.approx(100 * high / 250))


def test_the_national_rate_cancels_out_of_an_indirectly_standardised_percentage():
    # The same areas, published as ratio x a national 5 %: still 0.84 of it.
    share = Indicator("readmissions", "Readmissions", unit="%", per=100, value_type="isr")
    both = one(
        share, row(share, "A", 6, count=120, denominator=9), row(share, "B", 3, count=90, denominator=9)
    )
    assert both["value"] == pytest.approx(0.84 * 5)


def test_a_ratio_with_no_event_in_a_member_is_refused():
    found = made(RATIO, row(RATIO, "A", 120, count=120), row(RATIO, "B", 0, count=0))
    assert found.refused.startswith("No period can be put together: a member had no event")


# --- standardised for age -----------------------------------------------------------


def banded(area: str, counts: np.ndarray, people: np.ndarray, **given: object) -> list[dict[str, object]]:
    """A directly standardised rate with the events and people of its 19 bands."""
    rate, lower, upper = standardise.direct(counts, people)
    whole = row(DIRECT, area, rate, lower=lower, upper=upper, count=counts.sum(), denominator=people.sum())
    labels = [f"{5 * i}-{5 * i + 4}" for i in range(18)] + ["90+"]
    parts = [
        row(DIRECT, area, 1e5 * x / n, category_type="Age band", category=label, count=x, denominator=n)
        for label, x, n in zip(labels, counts, people, strict=True)
    ]
    return [whole | given, *parts]


def test_a_directly_standardised_rate_comes_from_its_age_bands():
    young, old = np.linspace(9000, 1000, 19), np.linspace(3000, 6000, 19)
    few, many = np.arange(1.0, 20), np.arange(1.0, 20) * 3
    found = made(DIRECT, *banded("A", few, young), *banded("B", many, old))
    whole = found.rows[found.rows["category_type"] == ""].iloc[0]
    value, lower, upper = standardise.direct(few + many, young + old)
    assert (whole["value"], whole["lower"], whole["upper"]) == pytest.approx((value, lower, upper))


def test_without_age_bands_it_is_refused_and_says_why():
    found = made(DIRECT, row(DIRECT, "A", 300, count=30, denominator=10_000), row(DIRECT, "B", 200))
    assert found.rows.empty
    assert "age band" in found.refused
    assert "average of the members' rates would not be its rate" in found.refused


def test_bands_that_do_not_give_the_published_rate_are_not_believed():
    people, few = np.full(19, 5000.0), np.arange(1.0, 20)
    found = made(DIRECT, *banded("A", few, people), *banded("B", few, people, value=999.0))
    assert "does not come out of its own age bands" in found.refused


@pytest.mark.parametrize(
    ("value_type", "word"),
    [
        ("years", "life table"),
        ("median", "median"),
        ("rank", "rank"),
        ("index", "score"),
        ("", "Nothing says"),
    ],
)
def test_what_cannot_be_put_together_says_why(value_type: str, word: str):
    thing = Indicator("thing", "Thing", unit="per 100,000", value_type=value_type)
    found = made(
        thing, row(thing, "A", 80, count=8, denominator=10), row(thing, "B", 90, count=9, denominator=10)
    )
    assert found.rows.empty
    assert word in found.refused
    assert found.refused.endswith(".")


# --- gaps ---------------------------------------------------------------------------


def shares(area: str, period: str, value: float, **given: object) -> dict[str, object]:
    count = given.pop("count", value * 10)
    extra = {"period": period, "year": int(period), "count": count, "denominator": 1000.0}
    return row(SHARE, area, value, **(extra | given))


def test_a_suppressed_value_is_never_nothing():
    found = made(
        SHARE,
        shares("A", "2023", 10), shares("B", "2023", 20),
        shares("A", "2024", 10), shares("B", "2024", math.nan, count=math.nan, note="suppressed"),
    )  # fmt: skip
    assert list(found.rows["period"]) == ["2023"]
    assert found.left_out == {"2024": "suppressed for Southfield"}
    assert found.rows.iloc[0]["note"].endswith("; left out: 2024 (suppressed for Southfield)")


def test_a_period_that_one_member_lacks_is_left_out_and_said():
    found = made(SHARE, shares("A", "2022", 9), shares("A", "2023", 10), shares("B", "2023", 20))
    assert list(found.rows["period"]) == ["2023"]
    assert found.left_out == {"2022": "no figure for Southfield"}


def test_a_member_without_the_indicator_refuses_it():
    assert made(SHARE, shares("A", "2023", 10)).refused == "There are no figures for Southfield."


def test_a_weighted_percentage_is_refused():
    found = made(SHARE, shares("A", "2023", 10, count=160), shares("B", "2023", 20))
    assert "weighted or adjusted" in found.refused


def test_a_percentage_without_numerators_is_refused():
    found = made(SHARE, shares("A", "2023", 10, count=math.nan), shares("B", "2023", 20))
    assert "numerators and denominators are not all published" in found.refused


def test_groups_are_put_together_like_the_whole():
    poorest = {"category_type": "Deprivation", "category": "Most deprived"}
    found = made(
        SHARE, shares("A", "2023", 10), shares("B", "2023", 20),
        shares("A", "2023", 30, **poorest), shares("B", "2023", 40, **poorest),
    )  # fmt: skip
    group = found.rows[found.rows["category"] == "Most deprived"].iloc[0]
    assert group["value"] == 35


def test_what_a_publisher_noted_is_kept_with_the_members_name():
    noted = one(SHARE, shares("A", "2023", 10, note="small sample"), shares("B", "2023", 20))
    assert noted["note"] == "put together from Northmoor and Southfield; Northmoor: small sample"


# --- properties -----------------------------------------------------------------------

FIGURES = st.lists(st.tuples(st.integers(10, 5000), st.integers(5000, 10**6)), min_size=2, max_size=3)


def rated(indicator: Indicator, figures: list[tuple[int, int]]) -> list[dict[str, object]]:
    per = indicator.per
    return [
        row(indicator, area, per * count / people, count=float(count), denominator=float(people))
        for area, (count, people) in zip("ABC", figures, strict=False)
    ]


@given(FIGURES, st.sampled_from([SHARE, RATE]))
def test_a_rate_lies_between_its_members(figures, indicator):
    rows = rated(indicator, figures)
    both = one(indicator, *rows, members="ABC"[: len(rows)])
    values = [float(r["value"]) for r in rows]  # type: ignore[arg-type]
    assert min(values) - 1e-9 <= both["value"] <= max(values) + 1e-9
    assert both["lower"] <= both["value"] <= both["upper"]


@given(FIGURES, st.sampled_from([SHARE, RATE, COUNT]), st.randoms(use_true_random=False))
def test_the_order_of_members_and_rows_does_not_matter(figures, indicator, random):
    rows = rated(RATE, figures)
    members = list("ABC"[: len(rows)])
    first = made(indicator, *rows, members="".join(members))
    random.shuffle(rows)
    random.shuffle(members)
    again = made(indicator, *rows, members="".join(members))
    assert first.refused == again.refused
    pd.testing.assert_frame_equal(first.rows, again.rows)


@given(FIGURES)
def test_sums_of_counts_hold(figures):
    rows = rated(RATE, figures)
    both = one(RATE, *rows, members="ABC"[: len(rows)])
    assert both["count"] == sum(count for count, _ in figures)
    assert both["denominator"] == sum(people for _, people in figures)


@given(
    st.floats(0.1, 99), st.sampled_from([COUNT, MONEY, SHARE, RATE, MEAN, RATIO, DIRECT]), st.floats(0.1, 5)
)
def test_one_member_alone_is_that_member(value, indicator, half):
    alone = one(indicator, row(indicator, "A", value, lower=value - half, upper=value + half), members="A")
    assert (alone["value"], alone["lower"], alone["upper"]) == (value, value - half, value + half)
    assert alone["area"] == "WHOLE"


# --- through the reference --------------------------------------------------------------

CODES = ("E06999901", "E06999902", "E06999903")


@pytest.fixture
def reference(home: Path) -> Reference:
    """Three invented councils with smoking, a life expectancy and a population."""
    known = Reference.open(home)
    councils = [Area(code, f"Council {i}", "la") for i, code in enumerate(CODES, start=1)]
    smoking = Indicator("ft-smoking", "Smoking", unit="%", per=100, value_type="proportion")
    life = Indicator("ft-life", "Life expectancy", unit="years", value_type="years")
    rows = [
        row(smoking, code, 10 + 5 * i, count=100 + 50 * i, denominator=1000) for i, code in enumerate(CODES)
    ]
    rows += [row(life, code, 80.0) for code in CODES]
    people = [
        {"area": code, "year": year, "sex": sex, "age_group": "0-4", "population": 100.0}
        for code in CODES for year in (2025, 2026) for sex in ("Female", "Male")
        if (code, year, sex) != (CODES[1], 2026, "Male")
    ]  # fmt: skip
    known.store.take(
        Intake(
            Origin("invented.csv", "fingertips", "0", len(rows)),
            series=pd.DataFrame(rows, columns=list(SERIES)),
            population=pd.DataFrame(people),
            indicators=[smoking, life],
            areas={a.code: a for a in councils},
        )
    )
    known.refresh()
    return known


def test_a_composed_area_answers_as_any_other(reference: Reference):
    said = composition.write(reference, "PLACE-X", "The Vale", CODES[:2])
    assert said == "PLACE-X is The Vale, put together from 2 areas: Council 1 and Council 2."
    assert reference.area("PLACE-X").kind == "composed"
    assert reference.members("PLACE-X") == CODES[:2]
    assert reference.available("PLACE-X") == ["ft-smoking"]
    frame = reference.series("ft-smoking", area="PLACE-X")
    assert frame[["area_name", "value", "count"]].values.tolist() == [["The Vale", 12.5, 250]]
    assert "life table" in reference.refused("PLACE-X")["ft-life"]
    assert reference.series("ft-life", area="PLACE-X").empty


def test_a_year_that_one_member_has_only_in_part_has_no_population(reference: Reference):
    composition.write(reference, "PLACE-X", "The Vale", CODES[:2])
    people = reference.population("PLACE-X")
    assert people[["year", "population"]].values.tolist() == [[2025, 200], [2025, 200]]


def test_nobody_counts_twice_among_several_areas(reference: Reference):
    composition.write(reference, "PLACE-X", "The Vale", CODES[:2])
    assert reference.overlaps("PLACE-X") == set(CODES[:2])
    assert reference.overlaps(CODES[0]) == {"PLACE-X"}
    assert reference.overlaps(CODES[2]) == set()
    together = reference.series("ft-smoking", areas=["PLACE-X", *CODES])
    assert list(together["area"]) == list(CODES)
    apart = reference.series("ft-smoking", areas=["PLACE-X", CODES[2]])
    assert list(apart["area"]) == [CODES[2], "PLACE-X"]


def test_a_later_composition_replaces_the_earlier(reference: Reference):
    composition.write(reference, "PLACE-X", "The Vale", CODES[:2])
    composition.write(reference, "PLACE-X", "The Vale", CODES[1:])
    assert reference.members("PLACE-X") == CODES[1:]
    assert reference.series("ft-smoking", area="PLACE-X")["value"].tolist() == [17.5]


@pytest.mark.parametrize(
    ("code", "members", "said"),
    [
        ("PLACE-X", [CODES[0], CODES[0]], "would count twice"),
        ("PLACE-X", [CODES[0], "E06999999"], "There is no area 'E06999999'"),
        ("PLACE-X", [CODES[0], "E54000008"], "several kinds"),
        ("PLACE-X", [CODES[0]], "one member only"),
        ("PLACE X", CODES[:2], "is no code"),
        (CODES[2], CODES[:2], "is the code of Council 3 already"),
        ("PLACE-X", ["E54000027", "E54000071"], "lies within, or became"),
    ],
)
def test_members_that_do_not_go_together_are_refused(reference: Reference, code, members, said: str):
    with pytest.raises(BadInput, match="was not put together") as caught:
        composition.write(reference, code, "The Vale", members)
    assert said in str(caught.value)
    assert not reference.store.query("SELECT * FROM member")


def test_an_area_put_together_is_no_member_of_another(reference: Reference):
    composition.write(reference, "PLACE-X", "The Vale", CODES[:2])
    with pytest.raises(BadInput, match="itself made of other areas"):
        composition.write(reference, "PLACE-Y", "Larger", ["PLACE-X", CODES[2]])


def test_a_board_into_which_others_merged_whole_composes_itself(home: Path):
    reference = Reference.open(home)
    assert reference.members("E54000071") == ("E54000027", "E54000028")
    index = reference.need_index("E54000071").set_index("component")["index"]
    parts = [reference.need_index(c).set_index("component")["index"] for c in reference.members("E54000071")]
    assert (index >= np.minimum(*parts) - 1e-9).all()
    assert (index <= np.maximum(*parts) + 1e-9).all()


def test_a_board_made_from_parts_says_why_it_has_no_figures(home: Path):
    reference = Reference.open(home)
    assert reference.members("E54000065") == ()
    assert (
        "took over parts of NHS Hertfordshire and West Essex ICB"
        in reference.compositions.known["E54000065"].refused
    )
    assert reference.need_index("E54000065").empty


def test_a_county_and_its_districts_do_not_both_count_in_what_they_became():
    whole = Area("E06000065", "North Vale", "la")
    county = Area("E10000099", "North Vale", "la", successors=("E06000065",))
    districts = [Area(f"E0700099{i}", f"District {i}", "la", successors=("E06000065",)) for i in (1, 2)]
    every = [whole, county, *districts]
    made = composition.derived(whole, every)
    assert made
    assert made.members == ("E10000099",)
    shared = Area("E10000099", "North Vale", "la", successors=("E06000065", "E06000064"))
    made = composition.derived(whole, [whole, shared, *districts])
    assert made
    assert made.members == ("E07000991", "E07000992")
    assert composition.derived(whole, [whole]) is None


@pytest.mark.real
def test_smoking_of_a_merged_board_from_the_published_figures(real: Path, home: Path):
    reference = Reference.open(home)
    importers.take([real / "fingertips" / "smok_qof_prev_noGP.csv"], reference)
    whole = reference.series("ft-91547", area="E54000071").set_index("period")
    parts = [reference.series("ft-91547", area=c).set_index("period") for c in ("E54000027", "E54000028")]
    counts = sum(p.loc["2022/23", "count"] for p in parts)
    people = sum(p.loc["2022/23", "denominator"] for p in parts)
    assert whole.loc["2022/23", "value"] == pytest.approx(100 * counts / people)
    # England through the same rule: its regions, put together, are England as published.
    regions = [a.code for a in reference.areas("region") if a.code.startswith("E12")]
    composition.write(reference, "ENGLAND-AGAIN", "England again", regions)
    again = reference.series("ft-91547", area="ENGLAND-AGAIN").set_index("period")
    england = reference.series("ft-91547", area="E92000001").set_index("period")
    shared = again.index.intersection(england.index)
    assert len(shared)
    assert np.allclose(again.loc[shared, "value"], england.loc[shared, "value"], rtol=0.002)


@pytest.mark.real
def test_allocations_of_a_cluster_add_up(real: Path, home: Path):
    reference = Reference.open(home)
    importers.take([real / "allocations" / "ccg_allocations_2013-14_to_2019-20.csv"], reference)
    members = ["00N", "00P", "00J"]
    composition.write(reference, "CLUSTER", "Three groups", members)
    whole = reference.series("allocation", area="CLUSTER").set_index("year")["value"]
    parts = reference.series("allocation", areas=members).groupby("year")["value"].sum()
    assert whole.to_dict() == parts.to_dict()

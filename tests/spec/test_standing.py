"""How an area stands: which areas it may be compared with, and where an interval may be made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from workbook.errors import UnknownArea
from workbook.plan import Plan
from workbook.plan.sections import Ambition
from workbook.reference import Indicator, Reference, importers
from workbook.reference.areas import Area
from workbook.steps.lines import Outlook, outlook
from workbook.steps.needs import answers
from workbook.steps.standing import Peers, comparable, peers_of, readings, standing

COUNTY, DISTRICT, UNITARY, WELSH = "E10000032", "E07000223", "E06000043", "W06000001"
COLUMNS = ["area", "area_name", "period", "year", "value", "lower", "upper", "count", "denominator"]


class Figures:
    """A reference of one indicator: (area, kind, year, value) a row; each interval is the value +- 1."""

    def __init__(self, rows: list[tuple[str, str, int, float]], **indicator: Any) -> None:
        self.kinds = {area: kind for area, kind, _, _ in rows}
        self.measure = Indicator(**{"id": "m", "name": "Measure", "polarity": "low", **indicator})
        self.frame = pd.DataFrame(
            [(a, a, str(y), y, v, v - 1, v + 1, None, None) for a, _, y, v in rows], columns=COLUMNS
        )

    def indicator(self, id: str) -> Indicator:
        return self.measure

    def available(self, code: str | None = None) -> list[str]:
        return ["m"]

    def areas(self, kind: str | None = None) -> list[Area]:
        return [Area(code, code, k) for code, k in self.kinds.items() if kind in (None, k)]

    def area(self, code: str) -> Area:
        if code not in self.kinds:
            raise UnknownArea(f"There is no area {code!r}.")
        return Area(code, code, self.kinds[code])

    def peers_from(self, code: str) -> str:
        return ""

    def members(self, code: str) -> tuple[str, ...]:
        return ()

    def overlaps(self, code: str) -> set[str]:
        return set()

    def peer_variables(self) -> list[Any]:
        return []

    def peers(self, code: str) -> tuple[str, ...]:
        return ()

    def assumption(self, id: str, year: int) -> Any:
        return Reference.open().assumption(id, year)

    def series(self, id: str, *, area: str = "", areas: Any = None, kind: str = "") -> pd.DataFrame:
        chosen = set(areas if areas is not None else [area] if area else self.kinds)
        chosen = {c for c in chosen if not kind or self.kinds.get(c) == kind}
        return self.frame[self.frame["area"].isin(chosen)].reset_index(drop=True)


def plan(code: str, kind: str, base_year: int = 2022, **more: Any) -> Plan:
    area = {"code": code, "name": code, "kind": kind}
    return Plan.model_validate({"area": area, "base_year": base_year, **more})


def looked(figures: Figures, code: str, kind: str, base_year: int = 2022, **more: Any) -> Any:
    made, reference = plan(code, kind, base_year, **more), figures
    return standing(made, reference, "m", peers_of(made, reference))  # type: ignore[arg-type]


# --- which areas ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        (COUNTY, [COUNTY, UNITARY]),
        (DISTRICT, [DISTRICT, UNITARY]),
        (UNITARY, [COUNTY, UNITARY]),  # figures for counties are known: it stands among them
        (WELSH, [WELSH]),
    ],
)
def test_a_county_and_its_districts_are_never_compared(area: str, expected: list[str]) -> None:
    assert comparable(area, [COUNTY, DISTRICT, UNITARY, WELSH]) == expected


def test_without_counties_a_unitary_stands_among_districts_and_own_codes_stay_together() -> None:
    assert comparable(UNITARY, [DISTRICT, UNITARY]) == [DISTRICT, UNITARY]
    assert comparable("SYN01", ["SYN01", "SYN02"]) == ["SYN01", "SYN02"]
    assert comparable("West", ["West", "South", "North"]) == ["West", "South", "North"]


def test_the_districts_of_a_county_move_neither_its_median_nor_its_fifth() -> None:
    counties = [(f"E1000000{i}", "la", 2022, 10.0 + i) for i in range(6)]
    districts = [(f"E0700000{i}", "la", 2022, 50.0) for i in range(6)]
    found = looked(Figures(counties + districts), "E10000005", "la")
    assert (found.areas, len(found.peers), found.peer_median) == (6, 5, 12)
    assert (found.quintile, found.best_fifth) == (5, 11)


def test_a_peer_that_a_person_chose_stays_whatever_its_kind() -> None:
    figures = Figures([(COUNTY, "la", 2022, 10.0), (DISTRICT, "la", 2022, 20.0)])
    found = looked(figures, COUNTY, "la", needs={"peers": [DISTRICT], "peers_reason": "asked"})
    assert [r.area for r in found.peers] == [DISTRICT]


def test_the_median_of_two_peers_of_many_is_none_and_that_of_two_named_ones_is() -> None:
    codes = [f"E0700000{n}" for n in range(8)]
    figures = Figures([(code, "la", 2022, 10.0 + n) for n, code in enumerate(codes)])
    few = looked(figures, codes[0], "la", needs={"peers": [codes[1], codes[2]], "peers_reason": "asked"})
    assert (few.peer_median, few.versus_peers) == (11.5, "better")
    named = [codes[1], *(f"E0600000{n}" for n in range(4)), codes[2]]
    for code in named[1:5]:  # known areas without the figure
        figures.kinds[code] = "la"
    many = looked(figures, codes[0], "la", needs={"peers": named, "peers_reason": "asked"})
    assert len(many.peers) == 2
    assert (many.peer_median, many.versus_peers) == (None, "not compared")
    assert "Only 2 peers have this figure: too few for a median." in answers._among(many)


def test_locations_and_the_groups_whose_codes_they_kept_are_one_kind() -> None:
    groups = [(f"E3800000{i}", "ccg", 2022, 10.0 + i) for i in range(5)]
    found = looked(Figures([*groups, ("E38000240", "sub-icb", 2022, 20.0)]), "E38000240", "sub-icb")
    assert (found.areas, found.quintile) == (6, 5)


def test_a_country_is_not_compared_with_itself() -> None:
    found = looked(Figures([("E92000001", "country", 2022, 10.0)]), "E92000001", "country")
    assert (found.benchmark, found.versus_benchmark) == (None, "not compared")
    assert "the country itself" in found.benchmark_label


# --- where an interval may be made ------------------------------------------------------


def interval(value: float, count: float, people: float | None, **indicator: Any) -> tuple:
    row = pd.DataFrame([("A", "A", "2022", 2022, value, None, None, count, people)], columns=COLUMNS)
    found = readings(row, 2022, Indicator(id="m", name="Measure", **indicator))[0]
    return found.lower, found.upper, found.approximate


def test_a_rate_takes_the_limits_of_its_count() -> None:
    # Byar on 100: 81.3625 to 121.6283
    assert interval(50, 100, None, unit="per 100,000", per=100_000) == (
        pytest.approx(50 * 0.813625, abs=1e-3),
        pytest.approx(50 * 1.216283, abs=1e-3),
        True,
    )


def test_a_percentage_takes_wilsons_limits() -> None:
    # Newcombe 1998: 81 of 263. The limits of a count of 81 would be 24.5 to 38.3.
    lower, upper, approximate = interval(100 * 81 / 263, 81, 263, unit="%", per=100, value_type="proportion")
    assert (lower, upper) == (pytest.approx(25.53, abs=5e-3), pytest.approx(36.62, abs=5e-3))
    assert approximate
    assert interval(99.0, 990, 1000, unit="%", per=100)[1] < 100


@pytest.mark.parametrize(
    ("more", "people"),
    [
        ({"unit": "out of 1", "value_type": "mean"}, 500.0),  # the "count" is a sum of scores
        ({"unit": "out of 1", "value_type": "mean", "per": 1}, 500.0),
        ({}, 500.0),  # nobody says what the figure is
        ({"unit": "%", "per": 100}, None),  # a percentage of nobody knows how many
    ],
)
def test_where_none_can_be_made_none_is_shown(more: dict[str, Any], people: float | None) -> None:
    assert interval(0.75, 375, people, **more) == (None, None, False)


# --- the lines that follow from it ------------------------------------------------------


def lines(figures: Figures, code: str, kind: str, base_year: int, **more: Any) -> Outlook:
    made = plan(code, kind, base_year, **more)
    ambition = Ambition(number=1, measure="m", **more.pop("ambition", {}))
    found = outlook(made, figures, ambition, Peers((), "none", True))  # type: ignore[arg-type]
    assert found
    return found


def falling(areas: int = 6, last: int = 2018, **indicator: Any) -> Figures:
    rows = [
        (f"C{i}", "ccg", year, (100 + i) * 0.98 ** (year - 2010))
        for i in range(areas)
        for year in range(2010, last + 1)
    ]
    return Figures(rows, **indicator)


def test_a_pledge_and_a_target_begin_with_the_plan_even_where_the_baseline_is_older() -> None:
    found = lines(falling(last=2014), "C5", "ccg", 2018)
    start, target = found.baseline, found.standing.best_fifth
    assert found.standing.own.year == 2014 and found.years == (2019, 2020, 2021, 2022, 2023)
    assert found.lines["pledge"].values[0] == pytest.approx(start * 0.968)
    assert found.lines["best-quintile"].values[0] == pytest.approx(start + (target - start) / 5)
    # What happens by itself does not wait for the plan: five years of half the drift by 2019.
    level = (
        start / 0.98**0.5
    )  # all move alike: the line starts at the mean of the last year and the last three
    assert found.lines["do-nothing"].values[0] == pytest.approx(level * 0.98**2.5)


def test_a_plan_may_name_its_area_by_another_code() -> None:
    figures = falling()
    known = figures.series
    figures.series = lambda id, *, area="", **more: known(id, area="C5" if area == "05C" else area, **more)  # type: ignore[method-assign]
    assert lines(figures, "05C", "ccg", 2018).lines["do-nothing"].values == pytest.approx(
        lines(falling(), "C5", "ccg", 2018).lines["do-nothing"].values
    )


@pytest.mark.parametrize(("unit", "ceiling"), [("%", 100), ("out of 100", 100), ("out of 1", 1)])
def test_no_line_passes_what_its_unit_allows(unit: str, ceiling: float) -> None:
    rows = [
        (f"C{i}", "ccg", year, ceiling * 0.9 * 1.012 ** (year - 2012))
        for i in range(6)
        for year in range(2012, 2019)
    ]
    scheme = {
        "id": "s",
        "name": "Scheme",
        "funded": True,
        "start_year": 2019,
        "ambitions": [1],
        "effects": [{"ambition": 1, "percent": 10}],
        "evidence_source": "A trial",
    }
    found = lines(
        Figures(rows, unit=unit, polarity="high"), "C0", "ccg", 2018, budget={"schemes": [scheme]}
    ).lines
    assert max(*found["do-nothing"].upper, *found["schemes"].values) == ceiling


def test_overlapping_periods_widen_the_band_and_are_said() -> None:
    rows = [
        (f"C{i}", "ccg", year, (100 + i) * (0.97 if year % 2 else 1.0))
        for i in range(6)
        for year in range(2010, 2019)
    ]
    one, three = (
        lines(Figures(rows, period_years=years), "C0", "ccg", 2018).lines["do-nothing"] for years in (1, 3)
    )
    assert three.values == one.values
    assert three.upper[-1] > one.upper[-1]
    assert "covers 3 years and overlaps the next" in three.how and "overlaps" not in one.how


# --- the published figures --------------------------------------------------------------


@pytest.mark.real
def test_smoking_of_boards_counties_and_districts(real: Path, home: Path) -> None:
    reference = Reference.open(home)
    importers.take([real / "fingertips" / "smok_qof_prev_noGP.csv"], reference)
    expected = {  # area: kind, against England, areas compared
        "QHM": ("icb", "worse", 42),
        "E10000032": ("la", "better", 153),
        "E07000223": ("la", "similar", 296),
        "E06000043": ("la", "worse", 153),
        "E38000014": ("ccg", "worse", 106),
    }
    for code, (kind, versus, areas) in expected.items():
        area = reference.area(code)
        made = plan(area.code, area.kind)
        found = standing(made, reference, "ft-91547", peers_of(made, reference))
        assert found and (area.kind, found.versus_benchmark, found.areas) == (kind, versus, areas), code
        assert (found.benchmark_label, found.own.year, found.own.period) == ("England", 2022, "2022/23")


def test_a_peer_may_be_named_by_its_ods_code_and_an_unknown_one_is_left_out(home: Path) -> None:
    made = plan("SYN01", "synthetic", needs={"peers": ["QJK", "", "nowhere"]})
    assert peers_of(made, Reference.open(home)).codes == ("E54000037",)

"""Growth of the population from the projection on hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pandas as pd
import pytest

from workbook.plan import Plan
from workbook.reference import Reference, importers
from workbook.steps.money import population_growth


class Projection:
    def __init__(self, people: dict[int, float]) -> None:
        self.people = people

    def population(self, code: str) -> pd.DataFrame:
        rows = [(y, sex, "0-4", n / 2) for y, n in self.people.items() for sex in ("Male", "Female")]
        return pd.DataFrame(rows, columns=["year", "sex", "age_group", "population"])


def growth(people: dict[int, float]) -> dict[int, float]:
    area: dict[str, Any] = {"code": "A", "name": "A", "kind": "icb"}
    plan = Plan.model_validate({"area": area, "base_year": 2025})
    return population_growth(plan, cast(Reference, Projection(people)))


def test_each_year_against_the_year_before() -> None:
    assert growth({2025: 1000, 2026: 1010, 2027: 1010}) == pytest.approx({2026: 0.01, 2027: 0})


def test_five_years_of_growth_do_not_fall_into_one() -> None:
    found = growth({2025: 1000, 2030: 1050})
    assert found == pytest.approx({2025 + n: 10 / (1000 + 10 * (n - 1)) for n in range(1, 6)})


def test_no_projection_no_growth() -> None:
    assert growth({}) == {}


# --- by age -------------------------------------------------------------------------


class Ages:
    """A projection by age and a profile: the young cost 1, those of 70 and over 4."""

    def __init__(self, rows: list[tuple[int, str, float]]) -> None:
        self.rows = rows

    def population(self, code: str) -> pd.DataFrame:
        rows = [(y, "Female", band, n) for y, band, n in self.rows]
        return pd.DataFrame(rows, columns=["year", "sex", "age_group", "population"])

    def age_weights(self) -> pd.DataFrame:
        bands = [f"{a:02d}-{a + 4:02d}" for a in range(0, 90, 5)] + ["90+"]
        rows = [("acute", band, 4.0 if int(band[:2]) >= 70 else 1.0, "assumed", "x", "") for band in bands]
        return pd.DataFrame(rows, columns=["setting", "age_group", "weight", "status", "source", "reference"])


def weighted(rows: list[tuple[int, str, float]], setting: str = "acute") -> dict[int, float]:
    area: dict[str, Any] = {"code": "A", "name": "A", "kind": "icb"}
    plan = Plan.model_validate({"area": area, "base_year": 2025})
    return population_growth(plan, cast(Reference, Ages(rows)), setting)


YOUNG_AND_OLD = [(2025, "30-34", 900), (2025, "70-74", 100), (2026, "30-34", 900), (2026, "70-74", 110)]


def test_people_count_by_what_their_age_costs() -> None:
    assert weighted(YOUNG_AND_OLD) == pytest.approx({2026: 40 / 1300})  # 900 + 400; 900 + 440
    assert weighted(YOUNG_AND_OLD, "") == pytest.approx({2026: 0.01})
    assert weighted(YOUNG_AND_OLD, "housing") == pytest.approx({2026: 0.01})  # no profile: every person alike


def test_a_wide_band_takes_the_mean_of_the_ages_in_it() -> None:
    found = weighted([(2025, "60-79", 100), (2025, "0-59", 100), (2026, "60-79", 110), (2026, "0-59", 100)])
    assert found == pytest.approx({2026: 25 / 350})  # two bands at 1 and two at 4: 2.5


def test_a_narrow_or_open_band_takes_that_of_its_ages() -> None:
    found = weighted([(2025, "71-72", 100), (2025, "85+", 100), (2026, "71-72", 100), (2026, "85+", 120)])
    assert found == pytest.approx({2026: 80 / 800})


def test_without_bands_of_age_everyone_counts_alike() -> None:
    assert weighted([(2025, "All ages", 100), (2026, "All ages", 103)]) == pytest.approx({2026: 0.03})


def test_the_shipped_profiles_go_through_the_three_ages_that_were_printed() -> None:
    table = Reference.open().age_weights()
    acute = table[table["setting"] == "acute"].set_index("age_group")["weight"]
    assert acute["30-34"] == 1 and acute["90+"] == 8
    assert (acute["65-69"] + acute["70-74"]) / 2 == pytest.approx(3)  # at 70, where the two bands meet
    assert set(table["status"]) == {"assumed"}


@pytest.mark.real
def test_in_every_published_area_demand_for_hospital_care_grows_faster_than_the_population(
    real: Path, tmp_path: Path
) -> None:
    reference = Reference.open(tmp_path)
    importers.take([real / "populations" / "snpp2018_principal_icb_england_quinary.csv"], reference)
    ahead = []
    for known in reference.areas("icb"):
        area: dict[str, Any] = {"code": known.code, "name": known.name, "kind": "icb"}
        plan = Plan.model_validate({"area": area, "base_year": 2025})
        people, acute = (population_growth(plan, reference, setting) for setting in ("", "acute"))
        ahead += [acute[2026] - people[2026]] if people else []
    assert len(ahead) >= 30
    assert all(0 < more < 0.015 for more in ahead)

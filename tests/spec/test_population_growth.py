"""Growth of the population from the projection on hand."""

from __future__ import annotations

from typing import Any, cast

import pandas as pd
import pytest

from workbook.plan import Plan
from workbook.reference import Reference
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

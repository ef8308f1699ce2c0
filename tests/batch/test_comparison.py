"""All packs of a batch side by side: what may be compared, what stands out, and what the files hold."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from workbook.pack import summary
from workbook.pack.comparison import FILES, Pack, files, of_results, said
from workbook.pack.comparison.groups import groups, money_of, purses, same_levels, spread
from workbook.pack.comparison.page import page


def figure(id: str, value: Any, unit: str = "per 100,000", period: str = "2024") -> dict[str, Any]:
    return {"id": id, "label": "Deaths, baseline", "value": value, "unit": unit, "period": period}


def record(
    baseline: float = 100.0, chosen: float | None = 81.0, gap: float = -50.0, **more: Any
) -> dict[str, Any]:
    """The record of a pack with one ambition and two years; ``more`` changes the baseline's figure."""
    found = [
        {**figure("ambition-1.baseline", baseline), **more},
        figure("ambition-1.chosen.2027", chosen),
        figure("ambition-1.do-nothing.2027", 95.0),
        figure("ambition-1.plausibility", 40.0, "%"),
        figure("ambition-1.do-nothing.plausibility", 60.0, "%"),
        figure("ambition-2.baseline", None, ""),
        *(figure(f"budget.gap-after.{y}", g, "£000s") for y, g in ((2025, 7.0), (2026, 10.0), (2027, gap))),
        *(figure(f"budget.spend-after.{y}", 1000.0, "£000s") for y in (2025, 2026, 2027)),
    ]
    results = {
        "area": {"kind": "ccg"},
        "plan": {"base_year": 2025, "last_year": 2027},
        "results": found,
        "findings": [{"step": "needs", "severity": "doubt"}, {"step": "needs", "severity": "blocks"}],
    }
    return of_results(results, {"data": [1, 2]})


def pack(n: int, figures: dict[str, Any] | None = None, **more: Any) -> Pack:
    made = Pack(f"A{n}", f"A{n}", f"Area {n}", "complete", False, record() if figures is None else figures)
    return replace(made, **more)


def many(*chosen: float) -> list[Pack]:
    return [pack(n, record(100.0 + n / 100, level)) for n, level in enumerate(chosen)]


SPREAD = (80.0, 81.0, 82.0, 83.0, 84.0, 85.0, 86.0, 40.0)


def test_a_change_of_a_rate_is_compounded_over_the_years_of_the_plan() -> None:
    [a] = record()["ambitions"]  # 100 x 0.9 x 0.9 is 81; ambition 2 has no measure and is left out
    assert a["change"] == pytest.approx(-10)
    assert a["change_unit"] == "% a year"


def test_a_share_changes_by_points_and_a_level_of_nought_by_no_per_cent() -> None:
    [a] = record(unit="%")["ambitions"]
    assert (a["change"], a["change_unit"]) == (-9.5, "percentage points a year")
    assert record(chosen=0.0)["ambitions"][0]["change"] is None
    assert record(chosen=None)["ambitions"][0]["change"] is None


def test_money_is_worked_out_by_hand_and_the_base_year_plays_no_part() -> None:
    assert record()["money"] == [[2026, 10.0, 1000.0], [2027, -50.0, 1000.0]]
    assert money_of(record()["money"]) == {
        "gap": -50.0, "share": -5.0, "total": -40.0, "total_share": -2.0, "lowest": -50.0, "lowest_year": 2027
    }  # fmt: skip
    assert money_of([[2026, None, 1.0], [2027, 5.0, 0]])["total"] is None
    assert money_of([[2026, 5.0, 0]])["share"] is None


def test_the_rule_by_hand() -> None:
    # Median 83; deviations 3 2 1 0 1 2 3 43 around it, of which the median is 2; 3 x 1.4826 x 2 is 8.9.
    found = spread([80, 81, 82, 83, 83, 84, 85, 86, 40])
    assert found.middle == 83
    assert found.outside == (8,)
    assert spread([80, 81, 82, 83, 83, 84, 85, 86, 83 - 8.8]).outside == ()


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ([1, 2, 3, 4, 5, 6, 100, None], "fewer than 8"),
        ([0, 0, 0, 0, 0, 0, 1, 2], "the same figure"),
        ([1.19, 1.19, 1.19, 1.1901, 1.1901, 1.1899, 1.1898, 1.1915], "the same figure"),
        ([None], "no area"),
    ],
)
def test_nobody_stands_out_where_the_rule_says_nothing(values: list[float | None], why: str) -> None:
    found = spread(values)
    assert found.outside == ()
    assert why in found.problem


def test_what_differs_is_said_with_figures_and_without_blame() -> None:
    [group] = groups(many(*SPREAD))
    words = " ".join(said.of_group(group))
    assert "Area 7 (A7) with -36.8 differs; look whether the figure or the choice explains it." in words
    assert "half of 8 areas lie between" in words


@pytest.mark.parametrize(
    "other",
    [
        pack(9, record(unit="%")),
        pack(9, record(period="2023")),
        pack(9, record(label="Births, baseline")),
        pack(9, {**record(), "kind": "icb"}),
        pack(9, {**record(), "base_year": 2024}),
        pack(9, synthetic=True),
    ],
)
def test_what_differs_in_kind_is_never_compared_and_said(other: Pack) -> None:
    packs = [pack(1), pack(2), other]
    found = groups(packs)
    assert [len(g.members) for g in found] == [2, 1]
    assert "2 groups that are not compared with each other" in " ".join(said.of_batch(packs, found))


def test_money_of_other_years_or_kinds_is_not_compared() -> None:
    assert [len(p.members) for p in purses([pack(1), pack(2, {**record(), "kind": "icb"}), pack(3)])] == [
        2,
        1,
    ]


def test_the_same_level_from_different_baselines_is_said() -> None:
    [group] = groups([pack(n, record(100.0 + n)) for n in range(3)])
    assert [(level, len(packs)) for level, packs in same_levels(group)] == [(81.0, 3)]
    assert "3 areas chose exactly the same level, 81.0" in " ".join(said.of_group(group))
    [group] = groups([pack(n) for n in range(3)])
    assert same_levels(group) == []


def test_levels_beyond_the_past_and_below_doing_nothing_are_said() -> None:
    figures = [record() for _ in range(3)]
    figures[0]["ambitions"][0]["plausibility"] = 0.0
    figures[1]["ambitions"][0]["plausibility"] = 9.0
    figures[2]["ambitions"][0]["plausibility"] = 61.0
    words = said.of_group(groups([pack(n, f) for n, f in enumerate(figures)])[0])
    assert any("no comparable area ever achieved" in w and "Area 0" in w for w in words)
    assert any("fewer than 10%" in w and "Area 1" in w for w in words)
    assert any("less than is expected if nothing is done" in w and "Area 2" in w for w in words)


def test_one_pack_and_none_say_that_there_is_nothing_to_compare() -> None:
    assert "Only one pack" in page([pack(1)])
    none = page([pack(1, {}, status="failed")])
    assert "No pack was made" in none
    assert "<script" not in none


def test_a_hostile_name_stays_text(tmp_path: Path) -> None:
    name = "=1+1</script><script>alert('x')</script>"
    packs = [pack(1, name=name, key="a b'c"), pack(2)]
    made = page(packs)
    assert "<script>alert" not in made
    assert 'href="a%20b%27c/plan.html"' in made
    rows = list(csv.DictReader(io.StringIO(files.table(packs, summary.safe))))
    assert {row["name"] for row in rows if row["code"] == "A1"} == {"'" + name}


def test_the_tidy_table_holds_every_figure_with_its_unit_and_period() -> None:
    rows = list(csv.DictReader(io.StringIO(files.table(many(*SPREAD), summary.safe))))
    own = {row["figure"]: row for row in rows if row["code"] == "A7" and row["subject"] == "ambition-1"}
    assert list(own) == ["baseline", "chosen", "change", "do_nothing", "plausibility"]
    assert (own["change"]["unit"], own["change"]["period"]) == ("% a year", "2025 to 2027")
    assert [f for f, row in own.items() if row["stands_out"] == "yes"] == ["change"]
    assert {row["period"] for row in rows if row["figure"] == "spend"} == {"2026/27", "2027/28"}


def rows_of(packs: list[Pack]) -> list[summary.Row]:
    return [
        summary.Row(p.key, p.code, p.name, p.status, synthetic=p.synthetic, figures=p.figures) for p in packs
    ]


def test_the_same_packs_give_the_same_bytes(tmp_path: Path) -> None:
    packs = many(*SPREAD)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        summary.write(tmp_path / name, json_again(rows_of(packs)) if name == "two" else rows_of(packs))
    for file in summary.FILES:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes(), file
    with zipfile.ZipFile(tmp_path / "one" / "comparison.xlsx") as book:
        assert book.testzip() is None
    assert "comparison.html" in (tmp_path / "one" / "index.html").read_text()


def json_again(rows: list[summary.Row]) -> list[summary.Row]:
    """The rows as they come from another process."""
    return [replace(r, figures=json.loads(json.dumps(r.figures))) for r in rows]


def test_a_thousand_areas_stay_a_small_page() -> None:
    packs = [pack(n, record(100.0 + n % 40, 80.0 + n % 17, float(n % 90))) for n in range(1000)]
    assert len(page(packs)) < 3_000_000
    assert set(FILES) <= set(summary.FILES)

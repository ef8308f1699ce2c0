"""The library of interventions: an effect only where it was read, and what the page makes of it."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from workbook.blocks import Question, Table, Words
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.reference.interventions import CASHABILITY, EVIDENCE, Intervention
from workbook.steps import asking
from workbook.steps.budget import library

REFERENCE = Reference.open()
SHIPPED = REFERENCE.interventions()


def plan(**budget: object) -> Plan:
    return Plan.model_validate(
        {
            "area": {
                "code": "SYN01",
                "name": "Northmere (synthetic)",
                "kind": "synthetic",
                "synthetic": True,
            },
            "base_year": 2024,
            "ambitions": {"items": [{"number": 3}]},
            "budget": budget,
        }
    )


def scheme(follows: str, percent: float | None) -> dict[str, object]:
    return {
        "id": "classes",
        "name": "Classes",
        "intervention": follows,
        "effects": [{"ambition": 3, "percent": percent}],
    }


def words(of: Plan) -> str:
    blocks = library.part(of, REFERENCE, [])
    return " ".join(p for b in blocks if isinstance(b, Words) for p in b.paragraphs)


def rows(of: Plan) -> list[dict[str, object]]:
    (shown,) = [b for b in library.part(of, REFERENCE, []) if isinstance(b, Table) and b.id == "library"]
    return [dict(zip([c.name for c in shown.columns], row, strict=True)) for row in shown.rows]


# --- the data -------------------------------------------------------------------


def test_there_are_forty_entries_or_more_and_no_id_twice() -> None:
    assert len(SHIPPED) >= 40
    assert len({i.id for i in SHIPPED}) == len(SHIPPED)


@pytest.mark.parametrize("entry", SHIPPED, ids=lambda i: i.id)
def test_an_entry_says_for_whom_what_stands_in_the_way_who_could_lose_and_where_from(
    entry: Intervention,
) -> None:
    assert all((entry.for_whom, entry.barriers, entry.could_lose, entry.source, entry.checked_on))
    assert entry.evidence in EVIDENCE
    assert entry.cashability in CASHABILITY
    assert entry.ambitions
    assert set(entry.ambitions) <= set(range(1, 8))
    assert not entry.local


@pytest.mark.parametrize("entry", SHIPPED, ids=lambda i: i.id)
def test_an_effect_stands_only_where_its_publication_was_opened(entry: Intervention) -> None:
    figures = (entry.effect, entry.effect_low, entry.effect_high)
    if not entry.opened:
        assert figures == (None, None, None)
        assert not entry.reference
    if entry.effect is None:
        assert figures == (None, None, None)
        assert not entry.measure
    else:
        assert entry.measure
        assert entry.reference.startswith("https://")
        assert entry.effect_where
    if entry.opened:
        assert entry.reference


@pytest.mark.parametrize("entry", [i for i in SHIPPED if i.effect is not None], ids=lambda i: i.id)
def test_a_range_is_in_order_and_holds_its_effect(entry: Intervention) -> None:
    assert entry.effect is not None
    assert (entry.effect_low is None) == (entry.effect_high is None)
    if entry.effect_low is not None and entry.effect_high is not None:
        assert entry.effect_low <= entry.effect <= entry.effect_high


@pytest.mark.parametrize(
    ("id", "ratio", "low", "high"),
    [
        ("falls-exercise", 0.77, 0.71, 0.83),
        ("stop-smoking", 1.83, 1.68, 1.98),
        ("blood-pressure", 0.80, 0.77, 0.83),
        ("cardiac-rehab", 0.72, 0.55, 0.93),
        ("diabetes-prevention", 0.938, 0.905, 0.972),
        ("hospital-at-home", 0.53, 0.41, 0.69),
        ("housing-first", 0.76, 0.70, 0.83),
        ("opioid-treatment", 0.47, 0.42, 0.53),
        ("pulmonary-rehab", 0.47, 0.29, 0.75),
        ("early-psychosis", 0.74, 0.61, 0.90),
    ],
)
def test_an_effect_is_the_printed_ratio_as_a_change_in_per_cent(
    id: str, ratio: float, low: float, high: float
) -> None:
    """A rate ratio of 0.77 is 23 per cent fewer: (0.77 - 1) x 100."""
    entry = next(i for i in SHIPPED if i.id == id)
    found = (entry.effect, entry.effect_low, entry.effect_high)
    assert found == pytest.approx([(r - 1) * 100 for r in (ratio, low, high)])


def test_no_sum_of_money_or_lead_time_that_nobody_stated() -> None:
    for entry in SHIPPED:
        assert entry.cost == "not opened" or "£" in entry.cost
        assert entry.lead_time_months is None
        assert entry.ramp == ()


def test_the_think_family_figure_is_an_account_and_no_effect() -> None:
    entry = next(i for i in SHIPPED if i.id == "think-family")
    assert "£2.10" in entry.effect_where
    assert entry.effect is None


def test_the_cases_are_those_of_their_lists() -> None:
    for framework in ("PVW-04", "PVW-06", "TDC-06", "TDC-07", "TDC-09", "CST-26"):
        items = [i.id for i in REFERENCE.framework(framework).items]
        assert [c.id for c in REFERENCE.cases(framework)] == items
    assert {c.kind for c in REFERENCE.cases("PVW-04")} == {"failed"}
    assert len(REFERENCE.cases()) == 20


# --- the page -------------------------------------------------------------------


def test_local_entries_stand_beside_the_library_and_are_marked() -> None:
    own = {
        "id": "tea",
        "name": "Tea at four",
        "effect": -3,
        "effect_low": -5,
        "effect_high": -1,
        "source": "Audit",
    }
    found = library.entries(plan(interventions=[own]), REFERENCE)
    assert len(found) == len(SHIPPED) + 1
    assert [i.name for i in found if i.local] == ["Tea at four"]
    offered = asking.ask(
        plan(interventions=[own], schemes=[scheme("", None)]), REFERENCE, "/budget/schemes/0/intervention"
    )
    labels = {c.value: c.label for c in offered.choices}
    assert labels["tea"] == "Tea at four (local)"
    assert labels["falls-exercise"] == "Exercise classes against falls"


def test_a_local_entry_of_a_shipped_id_stands_for_it() -> None:
    own = {"id": "falls-exercise", "name": "Our classes"}
    found = library.entries(plan(interventions=[own]), REFERENCE)
    assert [i.name for i in found if i.id == "falls-exercise"] == ["Our classes"]


def test_the_page_shows_what_schemes_follow_and_not_the_whole_library() -> None:
    shown = rows(plan(schemes=[scheme("falls-exercise", None)]))
    assert [(r["name"], r["followed"]) for r in shown] == [("Exercise classes against falls", "Classes")]
    assert shown[0]["effect"] == "-23% (-29% to -17%): rate of falls"
    assert "source" in shown[0] and "Cochrane" in str(shown[0]["source"])


def test_an_ambition_that_no_followed_entry_serves_gets_the_one_with_the_best_evidence() -> None:
    (only,) = rows(plan())
    assert only["followed"] == "no scheme"
    assert only["evidence"] == "strong"
    assert "no effect size" not in str(only["effect"])


def test_an_effect_on_an_area_larger_than_on_those_treated_is_doubted() -> None:
    assert "more than was shown" in words(plan(schemes=[scheme("falls-exercise", -40)]))
    assert "more than was shown" not in words(plan(schemes=[scheme("falls-exercise", -4)]))


def test_an_effect_without_one_in_the_library_rests_on_the_plan() -> None:
    said = words(plan(schemes=[scheme("reablement", 2) | {"evidence_source": "Own evaluation"}]))
    assert "it states an effect of +2.0%, the library none" in said
    assert "rests on the plan's own evidence" in said
    assert "counts for nothing until it names one" in words(plan(schemes=[scheme("reablement", 2)]))


def test_a_scheme_that_follows_an_entry_without_effect_and_states_none_counts_for_nothing_and_says_so() -> (
    None
):
    without = "“Classes” follows an entry without an effect size and states none: it counts for nothing"
    assert without in words(plan(schemes=[scheme("reablement", None)]))
    assert without not in words(plan(schemes=[scheme("falls-exercise", None)]))


def test_a_name_that_is_no_entry_is_said() -> None:
    assert "follows “nothing-known”, which is no entry" in words(
        plan(schemes=[scheme("nothing-known", None)])
    )


def test_the_local_entries_are_asked() -> None:
    asked = [b.path for b in library.part(plan(), REFERENCE, []) if isinstance(b, Question)]
    assert asked == ["/budget/interventions"]


def test_the_documentation_page_is_current() -> None:
    path = Path(__file__).resolve().parents[2] / "data" / "build" / "library_page.py"
    spec = importlib.util.spec_from_file_location("library_page", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.PAGE.read_text(encoding="utf-8") == module.page(), "run data/build/library_page.py"

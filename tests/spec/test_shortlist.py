"""The shortlist on the page: what is ranked, and the order that the weights make."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from workbook.blocks import Figure, Step, Table, Words
from workbook.plan import Plan, edit
from workbook.reference import Reference
from workbook.steps import run
from workbook.steps.needs import shortlist

NAN = math.nan


def test_a_missing_score_takes_the_mean_of_the_others_and_one_known_too_little_stays_out() -> None:
    scored = pd.DataFrame(
        {
            "size": [1.0, NAN, 0.2, NAN],
            "trend": [0.5, 1.0, NAN, NAN],
            "voice": [0.0, 0.5, 1.0, 1.0],
            "inequality": [NAN] * 4,
        },
        index=["a", "b", "c", "d"],
    )
    ready = shortlist.filled(scored, {"size": 1, "trend": 1, "voice": 1, "inequality": 1})
    assert ready.loc["b"].tolist()[:3] == [0.6, 1.0, 0.5]
    assert ready.loc["c"].tolist()[:3] == [0.2, 0.75, 1.0]
    assert ready.loc["d"].isna().all()
    assert ready["inequality"].isna().all()
    alone = shortlist.filled(scored, {"voice": 1, "size": 0, "trend": 0, "inequality": 0})
    assert alone["voice"].tolist() == [0.0, 0.5, 1.0, 1.0]  # where one criterion counts, it is enough


# --- on the page -----------------------------------------------------------------


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.open()


def planned(**needs: object) -> Plan:
    return Plan.model_validate(
        {
            "area": {
                "code": "SYN01",
                "name": "Northmere (synthetic)",
                "kind": "synthetic",
                "synthetic": True,
            },
            "base_year": 2024,
            "needs": needs,
        }
    )


def block(step: Step, id: str):
    return next(b for b in step.blocks if isinstance(b, (Table, Figure)) and b.id == id)


def column(step: Step, name: str) -> dict[str, object]:
    table = block(step, "shortlist")
    names = [c.name for c in table.columns]
    return {str(row[names.index("name")]): row[names.index(name)] for row in table.rows}


def test_moving_a_weight_changes_the_order_at_once(reference: Reference) -> None:
    plan = planned()
    before = list(column(run("needs", plan, reference), "rank"))
    for criterion in ("size", "significance", "inequality", "voice"):
        plan = edit.put(plan, f"/needs/shortlist/{criterion}", 0)
    after = run("needs", plan, reference)
    assert list(column(after, "rank")) != before
    trends = [t for t in column(after, "trend").values() if t is not None]
    assert trends == sorted(trends, reverse=True)


def test_the_rank_is_that_of_the_weighted_mean_by_hand(reference: Reference) -> None:
    step = run("needs", planned(), reference)
    table = block(step, "shortlist")
    names = [c.name for c in table.columns]
    frame = pd.DataFrame(table.rows, columns=names)
    assert frame["score"].tolist() == sorted(frame["score"], reverse=True)
    told = frame[frame[["size", "significance", "trend"]].notna().all(axis=1) & frame["inequality"].notna()]
    for _, row in told.iterrows():
        known = [
            row[c] for c in ("size", "significance", "inequality", "trend")
        ]  # nobody's words: voice is out
        assert row["score"] == pytest.approx(np.mean(known))


def test_the_page_says_which_criterion_counts_for_nothing_and_how_firm_the_order_is(
    reference: Reference,
) -> None:
    step = run("needs", planned(), reference)
    words = " ".join(p for b in step.blocks if isinstance(b, Words) for p in b.paragraphs)
    assert "Local voice counts for nothing yet" in words
    assert "of 100 sets and comes first in" in words
    assert block(step, "shortlist-stability").alt.startswith("For each figure, its rank")


def test_all_weights_zero_is_said(reference: Reference) -> None:
    nothing = dict.fromkeys(shortlist.CRITERIA, 0)
    step = run("needs", planned(shortlist=nothing), reference)
    assert "Every weight is zero" in " ".join(
        p for b in step.blocks if isinstance(b, Words) for p in b.paragraphs
    )
    assert not [t for t in step.tables() if t.id == "shortlist"]


def test_one_figure_that_can_be_scored_makes_no_order(reference: Reference) -> None:
    only_inequality = {**dict.fromkeys(shortlist.CRITERIA, 0), "inequality": 1}
    plan = planned(indicators=["demo-smoking", "demo-pyll"], shortlist=only_inequality)
    step = run("needs", plan, reference)
    words = " ".join(p for b in step.blocks if isinstance(b, Words) for p in b.paragraphs)
    assert "Only Adults who smoke can be scored, and one figure makes no order." in words
    assert not [t for t in step.tables() if t.id == "shortlist"]


def test_an_area_without_figures_is_told_so(reference: Reference) -> None:
    plan = Plan.model_validate({"area": {"code": "X1", "name": "Nowhere"}, "base_year": 2024})
    words = " ".join(
        p for b in run("needs", plan, reference).blocks if isinstance(b, Words) for p in b.paragraphs
    )
    assert "at least two figures on hand" in words


def test_voices_count_by_kinds_of_people(reference: Reference) -> None:
    plan = planned(
        priorities=[{"id": "p", "title": "Falls", "indicators": ["demo-falls-65"]}],
        voices=[
            {"who": "a", "kind": "carers", "priority": "p"},
            {"who": "b", "kind": "carers", "priority": "p"},
        ],
    )
    assert shortlist.kinds_speaking(plan, "demo-falls-65") == 1
    assert shortlist.kinds_speaking(plan, "demo-pyll") == 0
    both = edit.put(plan, "/needs/voices/1/kind", "staff")
    assert shortlist.kinds_speaking(both, "demo-falls-65") == 2
    assert shortlist.kinds_speaking(planned(), "demo-pyll") is None

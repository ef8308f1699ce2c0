"""How services compare: an analyst's questions answered in words, and a sentence for each bad input."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.blocks import Figure, Heading, Step, Table, Words
from workbook.methods import change
from workbook.methods.quadrant import Quadrant
from workbook.methods.spread import spread
from workbook.pack.documents import annex
from workbook.plan import Plan
from workbook.reference import Indicator, Reference, importers
from workbook.reference.areas import Area
from workbook.reference.comparison import PeerVariable, SpendAndOutcome
from workbook.reference.lineage import Link
from workbook.steps import run
from workbook.steps.needs import answers, geography, opportunities, performance, pictures, spend
from workbook.steps.needs.history import trend_figure
from workbook.steps.needs.opportunities import gap_to_peers
from workbook.steps.peers import Peers, Variable, of_kind, peers_of
from workbook.steps.standing import Standing, alongside, standing, suspected
from workbook.steps.thread import findings

COLUMNS = [
    "area",
    "area_name",
    "period",
    "year",
    "sex",
    "age",
    "value",
    "lower",
    "upper",
    "count",
    "denominator",
    "note",
]
LAST = 2020


class World:
    """Twelve areas, A1 to A12, and England; A1 is the plan's. One measure, ``m``, and what a test changes.

    Each area has ten years to 2020: A1 at 120, the others from 80 upwards by 2, all
    per 100,000 of a million people, so that the count is ten times the value.
    """

    def __init__(self, **indicator: Any) -> None:
        given = {
            "id": "m",
            "name": "Deaths",
            "unit": "per 100,000",
            "polarity": "low",
            "decimals": 1,
            "per": 100_000,
        }
        self.measures = {
            "m": Indicator(**(given | {"count_label": "deaths", "source": "made by hand"} | indicator))
        }
        self.kinds = {f"A{n}": "ccg" for n in range(1, 13)} | {"E": "country"}
        self.listed: tuple[str, ...] = tuple(f"A{n}" for n in range(2, 12))
        self.parts: tuple[str, ...] = ()
        self.shared: set[str] = set()
        self.variables: list[PeerVariable] = []
        levels = {"A1": 120.0, "E": 95.0} | {f"A{n}": 80.0 + 2 * (n - 2) for n in range(2, 13)}
        self.rows = {
            (code, year): self.row(code, year, level)
            for code, level in levels.items()
            for year in range(2011, LAST + 1)
        }

    def row(self, code: str, year: int, value: float | None, **more: Any) -> dict[str, Any]:
        known = value is not None
        figures = {
            "value": value,
            "lower": value - 4 if known else None,
            "upper": value + 4 if known else None,
        }  # type: ignore[operator]
        who = {"area": code, "area_name": "England" if code == "E" else f"Area {code}", "period": str(year)}
        rest = {
            "year": year,
            "sex": "Persons",
            "age": "All ages",
            "count": value and 10 * value,
            "denominator": 1e6,
        }
        return {**dict.fromkeys(COLUMNS), "note": "", **who, **rest, **figures, **more}

    def put(self, code: str, year: int, value: float | None, **more: Any) -> None:
        self.rows[code, year] = self.row(code, year, value, **more)

    def drop(self, code: str, *years: int) -> None:
        for year in years:
            self.rows.pop((code, year), None)

    # what a step asks of the reference

    def indicator(self, id: str) -> Indicator:
        return self.measures[id]

    def indicators(self) -> list[Indicator]:
        return list(self.measures.values())

    def available(self, code: str | None = None) -> list[str]:
        return list(self.measures)

    def area(self, code: str) -> Area:
        from workbook.errors import UnknownArea

        if code not in self.kinds:
            raise UnknownArea(f"There is no area {code!r}.")
        return Area(code, "England" if code == "E" else f"Area {code}", self.kinds[code])

    def areas(self, kind: str | None = None) -> list[Area]:
        return [self.area(code) for code, k in self.kinds.items() if kind in (None, k)]

    def peers(self, code: str) -> tuple[str, ...]:
        return self.listed

    def peers_from(self, code: str) -> str:
        return "a list made by hand"

    def members(self, code: str) -> tuple[str, ...]:
        return self.parts if code == "A1" else ()

    def overlaps(self, code: str) -> set[str]:
        return self.shared

    def peer_variables(self) -> list[PeerVariable]:
        return self.variables

    def series(
        self, id: str, *, area: str | None = None, areas: Any = None, kind: str | None = None
    ) -> pd.DataFrame:
        chosen = {area} if area else set(areas) if areas is not None else set(self.kinds)
        scale = {"m": 1.0, "size": 1000.0, "score": 0.1}[id]
        rows = [r for (code, _), r in self.rows.items() if code in chosen]
        frame = pd.DataFrame(rows, columns=COLUMNS)
        if scale != 1.0:
            frame["value"] = frame["value"] * scale
        return frame


def plan(**needs: Any) -> Plan:
    area = {"code": "A1", "name": "Area A1", "kind": "ccg"}
    return Plan.model_validate({"area": area, "base_year": LAST, "needs": needs})


def looked(world: World, **needs: Any) -> Standing:
    made, reference = plan(**needs), world
    found = standing(made, reference, "m", peers_of(made, reference))  # type: ignore[arg-type]
    assert found
    return found


def said(world: World, **needs: Any) -> dict[str, str]:
    """The answers on the measure, by their question."""
    s = looked(world, **needs)
    return {
        text.partition("? ")[0] + "?": text.partition("? ")[2] for text in answers.answers(s, gap_to_peers(s))
    }


# --- the five questions -----------------------------------------------------------------


def test_the_five_questions_are_answered_with_unit_period_and_what_they_are_held_against() -> None:
    found = said(World())
    assert list(found) == [
        "Is it worse than England?",
        "Is it getting worse?",
        "Could it be chance?",
        "How many people does it concern?",
        "What would be ambitious?",
    ]
    assert found["Is it worse than England?"] == (
        "Yes, by more than chance would explain: 120.0 per 100,000 in 2020 (95% interval 116.0 to 124.0); "
        "England: 95.0 per 100,000. Beside 10 peers it is worse than their median of 89.0 per 100,000. "
        "Among 12 areas it stands in the last fifth, where the first is the best."
    )
    assert found["Is it getting worse?"].startswith("Not that can be told.")
    assert "larger than chance would make in 19 cases of 20" in found["Could it be chance?"]
    assert "It rests on 1,200 deaths among 1,000,000 people." in found["Could it be chance?"]
    # The best five of ten are 80, 82, 84, 86, 88: a gap of 36 per 100,000 of a million people.
    assert (
        "would have meant 360 fewer deaths in 2020 among the 1,000,000 measured"
        in found["How many people does it concern?"]
    )
    assert found["How many people does it concern?"].endswith("as well as the median of the peers: 310.")
    # Twelve areas: the best fifth holds three of them, 80, 82 and 84.
    assert (
        "the best fifth of 12 areas stood at 84.0 per 100,000 or lower." in found["What would be ambitious?"]
    )
    assert "The mean of the best five peers was 84.0 per 100,000." in found["What would be ambitious?"]


@pytest.mark.parametrize(
    ("value", "start"),
    [(120.0, "Yes, by more than chance"), (96.0, "It cannot be told apart"), (80.0, "No, it is better")],
)
def test_worse_similar_and_better(value: float, start: str) -> None:
    world = World()
    world.put("A1", LAST, value)
    assert said(world)["Is it worse than England?"].startswith(start)


def test_a_rise_of_a_figure_that_should_fall_is_getting_worse() -> None:
    world = World()
    for year in range(2011, LAST + 1):
        world.put("A1", year, 80.0 + 8 * (year - 2011))
    answer = said(world)["Is it getting worse?"]
    assert answer.startswith(
        "Yes. Over 2016 to 2020 the figures are increasing by more than chance would explain."
    )
    assert answer.endswith("120.0 per 100,000 in 2016, 152.0 per 100,000 in 2020.")


def test_an_area_as_good_as_its_best_peers_has_nothing_to_gain_from_them() -> None:
    world = World()
    world.put("A1", LAST, 80.0)
    found = said(world)
    assert found["How many people does it concern?"].startswith("None beyond the peers")
    assert "already stood in the best fifth" in found["What would be ambitious?"]


def test_a_wide_interval_says_that_the_gap_could_be_chance() -> None:
    world = World()
    world.put("A1", LAST, 100.0, lower=70.0, upper=130.0)
    found = said(world)
    assert "The gap to the best five peers could be chance." in found["Could it be chance?"]
    assert "and this could be chance" in found["How many people does it concern?"]


# --- bad input: each has its sentence ---------------------------------------------------


def test_fewer_than_five_points() -> None:
    world = World()
    world.drop("A1", *range(2011, 2018))
    answer = said(world)["Is it getting worse?"]
    assert "A trend cannot be told. There are fewer than five points: 3 of the 5" in answer
    assert (
        "The figures 2 years apart: 120.0 per 100,000 in 2018, 120.0 per 100,000 in 2020, a difference that could be chance."
        in answer
    )


def test_a_suppressed_latest_value_is_named_and_the_answers_are_of_the_year_before() -> None:
    world = World()
    world.put("A1", LAST, None, note="suppressed")
    found = said(world)
    assert found["Is this the latest?"] == (
        "The figure of 2020 is not shown (the publisher's note: suppressed); what follows is of 2019."
    )
    assert "in 2019" in found["Is it worse than England?"]


def test_a_suppressed_year_within_the_last_five_ends_the_trend_and_is_not_skipped() -> None:
    world = World()
    world.put("A1", 2018, None, note="suppressed")
    assert "The figure of 2018 is suppressed or missing, so no trend" in said(world)["Is it getting worse?"]


def test_nothing_but_suppressed_values_is_said_and_no_figure_vanishes_in_silence() -> None:
    world = World()
    for year in range(2011, LAST + 1):
        world.put("A1", year, None, note="suppressed")
    made, reference = plan(), world
    assert standing(made, reference, "m", peers_of(made, reference)) is None  # type: ignore[arg-type]
    assert performance._silent(made, reference, []) == (  # type: ignore[arg-type]
        "Nothing can be said of Deaths: up to 2020 every figure for the area is suppressed or missing.",
    )


def test_a_zero_has_an_upper_limit_and_is_not_called_no_risk() -> None:
    world = World()
    world.put("A1", LAST, 0.0, lower=None, upper=None, count=0.0)
    s = looked(world)
    # No event among a million: the exact upper limit is 3.689 events, 0.3689 per 100,000.
    assert (s.own.lower, s.own.upper) == (0.0, pytest.approx(0.3689, abs=1e-4))
    assert s.own.approximate
    answer = said(world)["Could it be chance?"]
    assert (
        "None were counted, which is not the same as no risk: the upper limit is 0.4 per 100,000." in answer
    )


def test_a_zero_without_a_population_has_no_interval_and_says_so() -> None:
    world = World()
    world.put("A1", LAST, 0.0, lower=None, upper=None, count=0.0, denominator=None)
    found = said(world)
    assert "because the figure has no interval" in found["Is it worse than England?"]
    assert "not the same as no risk: no interval can be given." in found["Could it be chance?"]


def test_a_mean_rests_on_people_not_on_the_sum_of_their_scores() -> None:
    world = World(value_type="mean", unit="out of 1", per=0)
    world.put("A1", LAST, 120.0, count=2927.4, denominator=3951.0)
    answer = said(world)["Could it be chance?"]
    assert "It is a mean over 3,951 people." in answer and "2,927" not in answer


def test_a_handful_of_events_is_called_so_few_that_one_more_shows() -> None:
    world = World()
    world.put("A1", LAST, 100.0, count=7.0, denominator=7000.0)
    assert (
        "It rests on 7 deaths among 7,000 people: so few that one more or fewer shows."
        in said(world)["Could it be chance?"]
    )


def test_a_series_broken_last_year_is_compared_and_has_no_trend() -> None:
    world = World(break_years=(LAST,))
    found = said(world)
    assert (
        "The series was broken in 2020 and has only 1 of the 5 yearly points" in found["Is it getting worse?"]
    )
    assert "The figures" not in found["Is it getting worse?"], "no comparison across the break"
    assert found["Is it worse than England?"].startswith("Yes")


def test_what_rests_on_provisional_peers_carries_the_word() -> None:
    listed = looked(World())
    found = replace(listed, provisional=True)
    gap = gap_to_peers(found)
    told = " ".join(answers.answers(found, gap))
    assert "The gap to the best five of the provisional peers is beyond chance" in told
    assert "the best five of 10 provisional peers would have meant" in told
    assert "Beside 10 provisional peers it is worse than" in told
    assert "The mean of the best five of the provisional peers was" in told
    assert "provisional" not in " ".join(answers.answers(listed, gap))
    counted = opportunities._words([(found, gap)], [(found, gap)])
    assert "a gap to the best five of the provisional peers, and it is beyond chance" in counted.paragraphs[0]


@pytest.mark.parametrize(
    ("count", "words"),
    [(212.5, "about 213 deaths"), (213.5, "about 214 deaths"), (212.0, "rests on 212 deaths")],
)
def test_a_count_worked_out_from_a_rate_is_said_to_be_about_and_a_half_goes_up(
    count: float, words: str
) -> None:
    world = World()
    world.put("A1", LAST, 120.0, count=count)
    assert words in said(world)["Could it be chance?"]


def test_a_median_of_few_of_the_areas_is_not_drawn() -> None:
    world = World()
    for code in ("A2", "A3", "A4", "A5"):
        world.drop(code, 2012)
    world.drop("A12", 2013)
    made, found = plan(), looked(world)
    assert sorted(alongside(world, found)[1]) == [2011, *range(2013, LAST + 1)]  # type: ignore[arg-type]
    cut = "A median is drawn only in years in which nine in ten"
    assert cut in trend_figure(made, world, found).table.note  # type: ignore[arg-type]
    whole = World()
    assert cut not in trend_figure(made, whole, looked(whole)).table.note  # type: ignore[arg-type]


def test_spend_beside_outcome_names_its_figures_and_peers_that_were_found_by_it() -> None:
    outcome = looked(World())
    money = Indicator(
        id="a-head", name="Spend a head", unit="£ per head", polarity="none", decimals=0, source="Accounts"
    )
    dear = replace(outcome, indicator=money)
    pair = SpendAndOutcome("Cancer", "a-head", "m")
    place = Quadrant(0.1, 0.2, "about the same", "worse", 0, 10)
    variable = Variable("a-head", "spend a head", "£", 0, 1.0, LAST)
    told = spend._rests_on(
        Peers((), "by size", True, variables=(variable,)), [(pair, (dear, outcome), place)]
    )
    assert told == [
        "Cancer rests on Spend a head (£120 per head in 2020) and on Deaths (120.0 per 100,000 in 2020).",
        "The provisional peers were chosen by this spend among other figures, so it is alike for that reason, "
        "and only the outcome compares.",
        "Sources: Accounts; made by hand.",
    ]
    assert len(spend._rests_on(Peers((), "a list", False), [(pair, (dear, outcome), place)])) == 2


def test_how_to_read_a_funnel_stands_where_the_funnel_stands() -> None:
    note = Words((pictures._funnel_words("rate", 85, 191, 3.0),), "note")
    assert annex.left(Step("needs", "Needs", (note,))).blocks == ()


def test_an_area_with_no_peers_says_so_and_counts_no_opportunity() -> None:
    world = World()
    world.listed = ()
    world.kinds = {"A1": "ccg", "E": "country"}
    found = said(world)
    assert "No other area's figure is on hand to compare with" in found["Is it worse than England?"]
    assert found["How many people does it concern?"] == (
        "Cannot be said: no peer has this figure, and at least five are needed."
    )
    assert found["What would be ambitious?"].startswith("Cannot be said from comparison.")


def test_every_area_of_a_kind_is_no_list_of_peers() -> None:
    world = World()
    world.listed = ()
    for n in range(13, 60):
        world.kinds[f"A{n}"] = "ccg"
        world.put(f"A{n}", LAST, 90.0)
    gap = gap_to_peers(looked(world))
    assert gap.reason.startswith("No peers are on hand, only all areas of the same kind")


def test_without_a_better_direction_nothing_is_judged() -> None:
    found = said(World(polarity="none"))
    assert found["Is it worse than England?"].startswith(
        "It is higher, but which direction is better is not known for this figure, so no judgement is made"
    )
    assert found["How many people does it concern?"].startswith(
        "Cannot be said: no direction of this measure is"
    )
    assert found["What would be ambitious?"] == (
        "Cannot be said: which direction is better is not known for this figure."
    )


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (100, "a hundred times too large"),
        (1000, "a thousand times too large"),
        (0.01, "a hundred times too small"),
        (0.001, "a thousand times too small"),
    ],
)
def test_a_value_in_the_wrong_unit_is_asked_about_and_never_changed(factor: float, words: str) -> None:
    world = World()
    world.put("A1", LAST, 90.0 * factor)
    s = looked(world)
    assert s.own.value == 90.0 * factor
    answer = said(world)["Is the unit right?"]
    assert f"looks {words} beside the figures of 11 comparable areas. Nothing was changed" in answer
    assert suspected(plan(), world, "m") == s.suspicion  # type: ignore[arg-type]


def test_a_year_in_the_wrong_unit_is_found_beside_the_other_years() -> None:
    world = World()
    world.put("A1", 2015, 12_000.0)
    found = looked(world).suspicion
    assert found and (found.factor, found.period, found.others) == (
        100,
        "2015",
        "the area's figures of other years",
    )


def test_figures_of_the_ordinary_spread_are_not_suspected() -> None:
    assert looked(World()).suspicion is None


def test_a_figure_in_the_wrong_unit_is_a_finding_where_the_plan_rests_on_it(
    demo: Plan, reference: Reference
) -> None:
    measure = demo.needs.priorities[0].indicators[0]
    assert not [f for f in findings(demo, reference) if f.code == "unit-suspected"]
    frame = reference._demo_series
    latest = frame[(frame["indicator"] == measure) & (frame["area"] == demo.area.code)]["year"].max()
    wrong = Reference.open()
    spoilt = wrong._demo_series.copy()
    own = (spoilt["indicator"] == measure) & (spoilt["area"] == demo.area.code) & (spoilt["year"] == latest)
    spoilt.loc[own, ["value", "lower", "upper"]] *= 1000
    wrong.__dict__["_demo_series"] = spoilt
    found = [f for f in findings(demo, wrong) if f.code == "unit-suspected"]
    assert [f.path for f in found] == ["/needs/priorities/0/indicators"]
    assert "a thousand times too large" in found[0].sentence and "Nothing was changed" in found[0].remedy


# --- peers ------------------------------------------------------------------------------


def test_peers_are_the_plans_own_then_its_variables_then_a_list_then_the_official_variables() -> None:
    world = World()
    world.measures |= {
        "size": Indicator(id="size", name="Size", unit="people", decimals=0),
        "score": Indicator(id="score", name="Score"),
    }
    mine = {"peer_variables": [{"indicator": "size", "weight": 3}, {"indicator": "score", "weight": 1}]}

    def found(**needs: Any) -> Any:
        return peers_of(plan(**needs), world)  # type: ignore[arg-type]

    chosen = found(peers=["A5", "A6"], peers_reason="asked", **mine)
    assert (chosen.codes, chosen.how) == (("A5", "A6"), "locally, for the reason below")
    by_own = found(**mine)
    # A1 stands at 120; the nearest are the highest of the others.
    assert by_own.codes[:3] == ("A12", "A11", "A10") and len(by_own.codes) == 10
    assert "figures and weights chosen here" in by_own.how
    assert [v.share for v in by_own.variables] == [0.75, 0.25]
    assert by_own.alike[0].values == (pytest.approx(100_000), pytest.approx(10))
    assert (found().codes, found().how) == (world.listed, "by a list made by hand")
    world.listed = ()
    world.variables = [PeerVariable("size", "Size", 0.6), PeerVariable("score", "Score", 0.4)]
    assert found().how == "by the official method of 2021 (Similar 10) with its 2 variables"
    assert not found().provisional
    world.variables = [PeerVariable("size", "Size", 0.6), PeerVariable("missing", "Missing", 0.4)]
    assert found().provisional and "every area of the same kind" in found().how


def test_the_parts_of_an_area_and_what_shares_its_people_are_never_its_peers() -> None:
    world = World()
    world.parts, world.shared = ("A2", "A3"), {"A4"}
    world.kinds["A1"] = "composed"
    found = peers_of(plan(), world)  # type: ignore[arg-type]
    assert found.codes == tuple(f"A{n}" for n in range(5, 12))
    assert set(of_kind(plan(), world)) == {"A1", *(f"A{n}" for n in range(5, 13))}  # type: ignore[arg-type]
    by_hand = peers_of(plan(peers=["A2", "A9"]), world)  # type: ignore[arg-type]
    assert by_hand.codes == ("A9",)
    everyone = looked(world)
    assert {"A2", "A3", "A4"}.isdisjoint(r.area for r in everyone.everyone)


# --- opportunity in people and pounds -----------------------------------------------------


def opportunity_blocks(world: World, **needs: Any) -> tuple[list[Any], dict[str, Any]]:
    made, results = plan(**needs), []  # type: ignore[var-annotated]
    blocks = opportunities.part(made, world, [looked(world, **needs)], results)  # type: ignore[arg-type]
    return blocks, {r.id: r.value for r in results}


def test_pounds_are_people_times_what_an_event_costs_with_its_interval() -> None:
    costs = [{"indicator": "m", "amount": 2000, "source": "Costing book 2020"}]
    blocks, results = opportunity_blocks(World(), costs=costs)
    people, low, high = (results[f"needs.m.opportunity{end}"] for end in ("", "-lower", "-upper"))
    # se = 8 / 3.92 = 2.0408; of the mean of five, 0.9127; together 2.2356; 36 +- 1.96 x 2.2356.
    assert people == pytest.approx(360)
    assert (low, high) == (pytest.approx(316.2, abs=0.1), pytest.approx(403.8, abs=0.1))
    assert results["needs.m.opportunity-pounds"] == pytest.approx(720)
    assert results["needs.m.opportunity-pounds-lower"] == pytest.approx(2 * low)
    shown = next(b for b in blocks if isinstance(b, Table))
    row = dict(zip([c.name for c in shown.columns], shown.rows[0], strict=True))
    assert row["pounds"] == "£720k (£632k to £808k)"
    assert "not cash that is released" in shown.note and "Costing book 2020" in shown.note


def test_without_a_cost_there_are_no_pounds_and_rows_are_never_to_be_added() -> None:
    blocks, results = opportunity_blocks(World())
    shown = next(b for b in blocks if isinstance(b, Table))
    assert not [c for c in shown.columns if c.name == "pounds"]
    assert not [id for id in results if "pounds" in id]
    assert "Never add these up" in shown.note


def test_a_figure_without_an_interval_says_why_it_is_not_counted() -> None:
    world = World()
    world.put("A1", LAST, 120.0, lower=None, upper=None, count=None)
    blocks, results = opportunity_blocks(world)
    words = " ".join(p for b in blocks if isinstance(b, Words) for p in b.paragraphs)
    assert not results and "Not counted: Deaths. The area has no figure with an interval" in words


# --- the methods behind the words ---------------------------------------------------------


def test_a_change_by_hand() -> None:
    # 10 (8.04 to 11.96) to 13 (11.04 to 14.96): both errors 1; 3 +- 1.96 sqrt 2
    found = change.between(10, (8.04, 11.96), 13, (11.04, 14.96))
    assert found.difference == 3 and found.percent == pytest.approx(30)
    assert (found.lower, found.upper) == (pytest.approx(0.2281, abs=1e-3), pytest.approx(5.7719, abs=1e-3))
    assert found.chance is False
    assert change.between(10, (8.04, 11.96), 12, (10.04, 13.96)).chance is True


def test_a_change_without_intervals_is_not_judged() -> None:
    found = change.between(0, (None, None), 5, (1, 2))
    assert found.chance is None and math.isnan(found.lower) and math.isnan(found.percent)


@given(st.floats(1, 1e4), st.floats(0.1, 100), st.floats(1, 1e4), st.floats(0.1, 100))
def test_a_change_turned_round_is_its_own_negative(a: float, wide: float, b: float, wider: float) -> None:
    there = change.between(a, (a - wide, a + wide), b, (b - wider, b + wider))
    back = change.between(b, (b - wider, b + wider), a, (a - wide, a + wide))
    assert there.lower == pytest.approx(-back.upper) and there.chance == back.chance
    assert there.lower <= there.difference <= there.upper


@given(st.lists(st.floats(-1e6, 1e6), min_size=5, max_size=60))
def test_the_spread_is_that_of_numpy_and_the_better_end_follows_polarity(values: list[float]) -> None:
    low, high = spread(values, "low"), spread([*values, None], "high")
    assert low and high
    assert (low.best, low.worst) == (min(values), max(values)) == (high.worst, high.best)
    assert (low.p25, low.p75) == (np.quantile(values, 0.25), np.quantile(values, 0.75))


def test_fewer_than_five_areas_have_no_spread() -> None:
    assert spread([1, 2, 3, 4, None], "low") is None


# --- the whole page -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.open()


@pytest.fixture(scope="module")
def demo(reference: Reference) -> Plan:
    from workbook import paths
    from workbook.plan import store

    return store.read(paths.shipped("data") / "demo" / "demo.plan.json")


def test_the_demonstration_answers_each_chosen_figure_and_keeps_its_pictures_few(
    demo: Plan, reference: Reference
) -> None:
    step = run("needs", demo, reference)
    named = [p.indicators[0] for p in demo.needs.priorities][:4]
    headings = [b.id for b in step.blocks if isinstance(b, Heading)]
    assert [h for h in headings if h.startswith("answers-")] == [f"answers-{i}" for i in named]
    figures = [b.id for b in step.blocks if isinstance(b, Figure)]
    assert "spine" in figures and len([f for f in figures if f.startswith("trend-")]) <= 4
    assert len(figures) <= 10


def test_every_figure_of_the_standing_table_has_its_result(demo: Plan, reference: Reference) -> None:
    step = run("needs", demo, reference)
    shown = next(b for b in step.blocks if isinstance(b, Table) and b.id == "standing")
    ids = [r.id for r in step.results]
    assert len([i for i in ids if i.endswith(".value")]) == len(shown.rows) and len(ids) == len(set(ids))


# --- published figures --------------------------------------------------------------------


@pytest.fixture(scope="module")
def published(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Reference:
    found = Reference.open(tmp_path_factory.mktemp("published"))
    files = [
        "nhsof/NHSOF_1a.i_I01954_D.csv",
        "ccg_outcomes/ccg_avoidable_mortality_2004_2019.csv",
        "peers/April2021_Similar10CCG_InputData_HD.xlsx",
    ]
    for file in files:
        importers.take([real / file], found)
    return found


def page(reference: Reference, code: str, base_year: int) -> Any:
    area = reference.area(code)
    made = Plan.model_validate(
        {"area": {"code": area.code, "name": area.name, "kind": area.kind}, "base_year": base_year}
    )
    return run("needs", made, reference)


def words_of(step: Any) -> str:
    return " ".join(p for b in step.blocks if isinstance(b, Words) for p in b.paragraphs)


@pytest.mark.real
@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("E08000023", "It cannot be told apart"),  # South Tyneside
        ("E08000008", "Yes, by more than chance"),  # Tameside
        ("E08000032", "Yes, by more than chance"),  # Bradford
    ],
)
def test_years_of_life_lost_of_three_councils(published: Reference, code: str, verdict: str) -> None:
    said = words_of(page(published, code, 2014))
    assert f"Is it worse than England? {verdict}" in said
    assert "years per 100,000 in 2014" in said and "What would be ambitious?" in said


@pytest.mark.real
def test_a_group_of_2018_has_the_peers_of_the_official_method_and_an_approximate_interval(
    published: Reference,
) -> None:
    step = page(published, "E38000220", 2018)  # Birmingham and Solihull
    said = words_of(step)
    assert "How chosen: by the official method of 2021 (Similar 10) with its 11 variables." in said
    assert "approximate, made from the count" in said
    assert {"funnel-treatable-mortality", "trend-treatable-mortality"} <= {
        b.id for b in step.blocks if isinstance(b, Figure)
    }


def test_spend_and_outcome_say_what_stands_out_and_that_they_are_no_value_for_money(
    demo: Plan, reference: Reference
) -> None:
    blocks = run("needs", demo, reference).blocks
    at = next(n for n, b in enumerate(blocks) if isinstance(b, Heading) and b.id == "spend")
    picture, words = blocks[at + 1], blocks[at + 2]
    assert isinstance(picture, Figure) and isinstance(words, Words)
    assert "Falls and fractures: spend much higher, outcome worse." in words.paragraphs[0]
    assert words.paragraphs[0].endswith("This shows what to ask, not value for money.")
    assert len(picture.table.rows) == 8


@pytest.mark.real
def test_a_cluster_of_boards_is_drawn_from_its_parts_and_not_among_them(real: Path, tmp_path: Path) -> None:
    held = Reference.open(tmp_path / "home")
    members = ["E54000050", "E54000054"]
    rows = "".join(f"NORTH,North cluster,{code}\n" for code in members)
    (tmp_path / "cluster.csv").write_text(f"code,name,member\n{rows}", encoding="utf-8")
    for path in (
        real / "fingertips" / "smok_qof_prev_noGP.csv",
        real / "boundaries" / "icb_april2023_BSC.geojson",
        tmp_path / "cluster.csv",
    ):
        importers.take([path], held)
    step = page(held, "NORTH", 2022)
    picture = next(b for b in step.blocks if isinstance(b, Figure) and b.id == "map")
    names = [str(row[0]) for row in picture.table.rows]
    assert names[0] == "North cluster" and len(names) > 30
    assert not [n for n in names if "West Yorkshire" in n or "North East and North Cumbria" in n]
    assert "is put together here from 2 areas" in words_of(step)
    assert not [b for b in step.blocks if isinstance(b, Figure) and b.id.startswith("peers-")]


# --- a page of many figures stays short ----------------------------------------------------


def standings_of(count: int, made: Standing) -> list[Standing]:
    verdicts = ("similar", "worse", "better")
    return [
        replace(
            made,
            indicator=replace(made.indicator, id=f"m{n}", name=f"Figure {n}"),
            versus_benchmark=verdicts[n % 3],
        )
        for n in range(count)
    ]


def test_of_many_figures_the_page_shows_the_first_and_says_how_many_more_there_are(
    demo: Plan, reference: Reference
) -> None:
    plan = Plan.model_validate({"area": demo.area.model_dump(), "base_year": demo.base_year})
    one = standing(plan, reference, "demo-pyll", peers_of(plan, reference))
    assert one is not None
    made = standings_of(171, one)
    shown = performance._standing_table(plan, made)
    assert len(shown.rows) == 20 and "151 more stand in the spreadsheet" in shown.note
    assert all(str(row[3]).startswith("worse than") for row in shown.rows)  # what is worse comes first
    words = " ".join(performance._verdicts(plan, made).paragraphs)
    assert (
        "Of 171 figures compared here, 57 are worse than the benchmark beyond chance and 57 are better"
        in words
    )
    assert "and 51 more" in words and len(words) < 1500
    assert len(performance._behind(reference, made).rows) == 171


def test_where_no_figure_is_named_those_are_looked_at_of_which_most_can_be_told(
    demo: Plan, reference: Reference
) -> None:
    plan = Plan.model_validate({"area": demo.area.model_dump(), "base_year": demo.base_year})
    one = standing(plan, reference, "demo-pyll", peers_of(plan, reference))
    assert one is not None
    bare = [replace(s, areas=1, peers=()) for s in standings_of(6, one)]
    full = replace(one, versus_benchmark="similar")
    assert performance.chosen(plan, [*bare, full])[0] is full
    undirected = replace(one, indicator=replace(one.indicator, polarity="none"))
    assert undirected not in performance.chosen(plan, [undirected, full])
    assert performance.chosen(plan, [undirected]) == [undirected]


def test_what_is_worse_and_getting_worse_is_named_before_what_is_only_worse(
    demo: Plan, reference: Reference
) -> None:
    said = next(
        b.paragraphs
        for b in run("needs", demo, reference).blocks
        if isinstance(b, Words) and b.paragraphs[0].startswith("Of 16 figures compared here")
    )
    assert said[1].startswith("Worse, and getting worse: Avoidable emergency admissions;")
    assert not any("(synthetic)" in line for line in said)


def test_a_gap_that_is_chance_though_its_interval_leaves_out_none_says_why(
    demo: Plan, reference: Reference
) -> None:
    """The best five are partly the luckiest: with their luck taken off, a gap of 8 to 78 may be nil."""
    one = standing(demo, reference, "demo-loneliness", peers_of(demo, reference))
    assert one is not None
    gap = gap_to_peers(one)
    assert gap.chance and gap.lower > 0
    assert "once their luck in being the best five is taken off" in answers.by_chance(one, gap)


def test_a_figure_without_an_interval_is_not_said_to_lack_a_benchmark(
    demo: Plan, reference: Reference
) -> None:
    one = standing(demo, reference, "demo-loneliness", peers_of(demo, reference))
    assert one is not None and one.benchmark is not None
    bare = replace(one, versus_benchmark="not compared", own=replace(one.own, lower=None, upper=None))
    said = answers.by_chance(bare, gap_to_peers(bare))
    assert "the figure has no interval." in said and "no benchmark" not in said
    lone = replace(bare, benchmark=None)
    assert "there is no benchmark or no interval." in answers.by_chance(lone, gap_to_peers(lone))


def test_old_figures_are_counted_in_words(demo: Plan, reference: Reference) -> None:
    later = demo.model_copy(update={"base_year": 2030})
    plan = Plan.model_validate({"area": demo.area.model_dump(), "base_year": 2024})
    one = standing(plan, reference, "demo-pyll", peers_of(plan, reference))
    assert one is not None and one.own.year == 2024
    assert "1 of the figures is 5 years old or more" in " ".join(
        performance._verdicts(later, [one]).paragraphs
    )
    assert "years old" not in " ".join(performance._verdicts(plan, [one]).paragraphs)


# --- where an area comes from ----------------------------------------------------------------


class Lineage(World):
    """The world with one link and one refusal, both made by hand."""

    def __init__(self, kind: str = "continued") -> None:
        super().__init__()
        self.link = Link("B1", "Old A1", "A1", "Area A1", "2019-04-01", kind, "made by hand")

    def lineage(self, code: str) -> list[Link]:
        return [self.link]

    def refused(self, code: str) -> dict[str, str]:
        return {"m": "Part of an area came with it, and which part is not known."}


def test_figures_under_the_other_code_of_the_same_body_are_pointed_to() -> None:
    found = geography.elsewhere(plan(), Lineage())  # type: ignore[arg-type]
    assert found == [
        "1 figure is on hand under its other code, Old A1 (B1); its boundary may differ. A plan made for that code "
        "shows them."
    ]
    assert geography.elsewhere(plan(), Lineage("merged")) == []  # type: ignore[arg-type]


def test_a_board_whose_parts_cannot_be_put_together_says_why_though_it_has_no_members() -> None:
    blocks = geography.part(plan(), Lineage(), [])  # type: ignore[arg-type]
    refused = next(b for b in blocks if isinstance(b, Table) and b.id == "refused")
    assert refused.rows == (("Part of an area came with it, and which part is not known.", 1, "Deaths"),)


def test_a_spine_chart_draws_what_can_be_judged_and_fills_up_with_the_rest(
    demo: Plan, reference: Reference
) -> None:
    one = standing(demo, reference, "demo-pyll", peers_of(demo, reference))
    assert one is not None
    judged = standings_of(3, one)
    others = [
        replace(s, indicator=replace(s.indicator, polarity="none"), versus_benchmark="higher")
        for s in standings_of(20, one)
    ]
    figure, left = pictures.spine_figure(demo, [*others, *judged], performance._behind(reference, judged))
    assert isinstance(figure, Figure) and isinstance(left, Words)
    assert "on 10 figures" in figure.title
    assert left.paragraphs[0].startswith("13 figures are not drawn; all stand in the table")

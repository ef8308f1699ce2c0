"""The synthetic system, the demonstration plan with its planted faults, the pattern and the first lesson."""

from __future__ import annotations

import csv
import dataclasses
import itertools
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from workbook.methods import appraisal, intervals
from workbook.plan import Plan, store
from workbook.reference import Reference
from workbook.steps import TITLES, asking, decommissioning, lines, new, run, standing, telling, thread
from workbook.steps.budget import scope
from workbook.steps.needs import people
from workbook.teach import facts, lessons
from workbook.words import number

DATA = Path(__file__).resolve().parents[2] / "data"
DEMO = DATA / "demo"

# What was planted in the demonstration plan, the finding it has to give, and where.
PLANTED = [
    ("a priority that no ambition serves", "need-without-ambition", "/needs/priorities/3"),
    ("an ambition that only an unfunded scheme serves", "ambition-without-scheme", "/ambitions/items/4"),
    ("a saving for which no service stops", "saving-without-stop", "/budget/schemes/8/stops"),
    ("income shown as confirmed that is assumed", "assumed-shown-as-confirmed", "/budget/income/11/status"),
    ("a price that was left at last year's", "activity-unlike-spend", "/budget/lines/1/activity"),
    ("a share of risk unlike the contribution", "risk-unlike-contribution", "/budget/fund/partners"),
    (
        "users whose need goes nowhere when a service ends",
        "stop-without-destination",
        "/decommissioning/services/2/destinations",
    ),
    (
        "need handed back that no priority takes up",
        "unmet-without-priority",
        "/decommissioning/services/2/unmet_priority",
    ),
    (
        "a last day before the notice allows",
        "stop-before-notice",
        "/decommissioning/services/1/stop_date",
    ),
]


@pytest.fixture(scope="module")
def series() -> pd.DataFrame:
    return pd.read_csv(
        DEMO / "series.csv", keep_default_na=False, na_values={"value": "", "lower": "", "upper": ""}
    )


@pytest.fixture(scope="module")
def plan() -> Plan:
    return store.read(DEMO / "demo.plan.json")


@pytest.fixture(scope="module")
def pattern() -> Plan:
    return store.read(DEMO / "ccg-pattern.plan.json")


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    return Reference.open(tmp_path_factory.mktemp("empty-home"))


# --- the system ----------------------------------------------------------------------


def test_the_scripts_give_the_same_bytes_again(tmp_path: Path) -> None:
    for script in ("demo_system.py", "demo_plan.py"):
        subprocess.run([sys.executable, str(DATA / "build" / script), str(tmp_path)], check=True)
    for made in sorted(tmp_path.iterdir()):
        assert made.read_bytes() == (DEMO / made.name).read_bytes(), f"{made.name}: run data/build again"
    assert len(list(tmp_path.iterdir())) == 7


def test_ten_years_of_seventeen_indicators_for_the_country_and_23_areas(series: pd.DataFrame) -> None:
    whole = series[(series["sex"] == "Persons") & (series["category"] == "")]
    spending = whole[whole["indicator"].str.startswith("demo-spend-")]
    rolling = whole[whole["indicator"] == "demo-cvd-mortality"]
    assert spending.groupby(["indicator", "area"])["year"].agg(
        ["min", "max", "count"]
    ).drop_duplicates().values.tolist() == [[2020, 2024, 5]]
    assert spending["indicator"].nunique() == 8
    assert rolling["period"].unique().tolist() == [f"{y} - {y + 2 - 2000}" for y in range(2013, 2023)]
    whole = whole[~whole["indicator"].isin([*spending["indicator"], *rolling["indicator"]])]
    assert whole.groupby(["indicator", "area"])["year"].agg(
        ["min", "max", "count"]
    ).drop_duplicates().values.tolist() == [[2015, 2024, 10]]
    assert whole["indicator"].nunique() == 16
    assert whole["area"].nunique() == 24


def test_every_area_is_called_synthetic_and_named_like_no_real_one() -> None:
    made = pd.read_csv(DEMO / "areas.csv")
    real = pd.read_csv(DATA / "areas.csv")
    assert made["synthetic"].all()
    assert made["name"].str.contains("synthetic", case=False).all()
    words = {w.casefold() for name in real["name"] for w in re.findall(r"[A-Za-z]{5,}", name)}
    invented = {n.split(" (")[0].split()[0].casefold() for n in made.loc[made["kind"] == "synthetic", "name"]}
    assert not invented & words


def test_northmere_has_ten_peers_in_order() -> None:
    peers = pd.read_csv(DEMO / "peers.csv")
    own = peers[peers["area"] == "SYN01"]
    assert sorted(own["peer"]) == [f"SYN{n:02d}" for n in range(2, 12)]
    assert own["rank"].tolist() == list(range(1, 11))


def test_rates_and_shares_have_the_interval_that_their_counts_give(series: pd.DataFrame) -> None:
    counted = series[series["lower"].notna() & (series["count"] != "")]
    for row in counted[counted["indicator"] == "demo-falls-65"].to_dict("records"):
        found = intervals.rate(int(row["count"]), int(row["denominator"]), 100_000)
        assert (row["value"], row["lower"], row["upper"]) == pytest.approx(found, abs=0.5001)
    for row in counted[counted["indicator"] == "demo-loneliness"].to_dict("records"):
        found = [100 * v for v in intervals.proportion(int(row["count"]), int(row["denominator"]))]
        assert (row["value"], row["lower"], row["upper"]) == pytest.approx(found, abs=0.05001)


def test_a_value_lies_inside_its_interval(series: pd.DataFrame) -> None:
    known = series[series["lower"].notna()]
    assert ((known["lower"] <= known["value"]) & (known["value"] <= known["upper"])).all()
    without = set(series.loc[series["lower"].isna() & series["value"].notna(), "indicator"])
    assert {id for id in without if not id.startswith("demo-spend-")} == {"demo-emergency-bed-days"}


def test_the_country_is_all_areas_together_and_an_area_all_its_parts(series: pd.DataFrame) -> None:
    known = series[(series["count"] != "") & series["value"].notna()].astype({"count": float})
    whole = known[(known["sex"] == "Persons") & (known["category"] == "")]
    nation = whole[whole["area"] == "SYN00"].set_index(["indicator", "year"])["count"]
    areas = whole[whole["area"] != "SYN00"].groupby(["indicator", "year"])["count"].sum()
    complete = [key for key in nation.index if key != ("demo-reablement", 2019)]  # one count is suppressed
    assert (nation.loc[complete] == areas.loc[complete]).all()
    men_and_women = known[known["sex"] != "Persons"].groupby(["indicator", "area", "year"])["count"].sum()
    own = whole.set_index(["indicator", "area", "year"])["count"]
    assert (own.loc[men_and_women.index] == men_and_women).all()
    # Ethnic groups do not add up: the smallest is kept back.
    for kind, parts in known[known["category"] != ""].groupby("category_type"):
        added = parts.groupby(["indicator", "area", "year"])["count"].sum()
        if kind != "Ethnic group":
            assert (own.loc[added.index] == added).all(), kind


def test_the_series_holds_a_break_a_suppressed_value_and_a_year_like_2020(series: pd.DataFrame) -> None:
    assert set(series.loc[series["note"].str.contains("questionnaire"), "year"]) == {2020}
    hidden = series[series["note"].str.contains("Suppressed") & (series["category"] == "")]
    assert len(hidden) == 1
    assert hidden["value"].isna().all()
    nation = series[
        (series["area"] == "SYN00")
        & (series["indicator"] == "demo-avoidable-admissions")
        & (series["category"] == "")
    ].set_index("year")["value"]
    assert nation[2020] < 0.85 * nation[2019]
    assert nation[2024] > nation[2021]


def test_the_population_of_the_projection_is_the_denominator_of_the_series(series: pd.DataFrame) -> None:
    projected = pd.read_csv(DEMO / "population.csv")
    own = projected[(projected["area"] == "SYN01") & (projected["year"] == 2024)]
    rows = series[(series["area"] == "SYN01") & (series["year"] == 2024) & (series["category"] == "")]
    of = rows[rows["sex"] == "Persons"].set_index("indicator")["denominator"].astype(int)
    assert own["population"].sum() == of["demo-pyll"] == of["demo-avoidable-admissions"]
    assert own.loc[own["age_group"] >= "65", "population"].sum() == of["demo-falls-65"]


def fifths(reference: Reference, indicator: str, year: int = 2024) -> pd.DataFrame:
    parts = reference.breakdown(indicator, "SYN01")
    return parts[(parts["category_type"] == "Deprivation quintile") & (parts["year"] == year)]


@pytest.mark.parametrize(
    ("indicator", "direction"),
    [
        ("demo-smoking", 1),
        ("demo-avoidable-admissions", 1),
        ("demo-loneliness", 1),
        ("demo-early-cancer", -1),
        ("demo-flu-vaccination", 0),
    ],
)
def test_five_indicators_have_a_gradient_and_one_has_none(
    indicator: str, direction: int, reference: Reference
) -> None:
    """The slope index by its own method; its 95% interval says whether there is a gradient."""
    parts = fifths(reference, indicator)
    assert parts["category"].tolist() == ["1 most deprived", "2", "3", "4", "5 least deprived"]
    shares = parts["denominator"] / parts["denominator"].sum()
    middle = shares.cumsum() - shares / 2
    se = (parts["upper"] - parts["lower"]) / 3.92
    weight = 1 / se**2
    centred = middle - (weight * middle).sum() / weight.sum()
    slope = (weight * centred * parts["value"]).sum() / (weight * centred**2).sum()
    z = slope * float((weight * centred**2).sum()) ** 0.5
    assert (
        (abs(z) < 1.96) if direction == 0 else (-direction * z > 1.96)
    )  # position runs to the least deprived


def test_breakdowns_by_sex_age_and_ethnic_group_and_a_group_kept_back(reference: Reference) -> None:
    assert len(reference.series("demo-smoking", area="SYN01", sex="Female")) == 10
    assert set(reference.breakdown("demo-smoking", "SYN01")["category_type"]) == {
        "Age",
        "Deprivation quintile",
    }
    groups = reference.breakdown("demo-gp-experience", "SYN01")
    groups = groups[(groups["category_type"] == "Ethnic group") & (groups["year"] == 2024)].set_index(
        "category"
    )
    assert groups["value"].isna().sum() == 1
    assert "Suppressed" in groups.loc["Other", "note"]


def test_three_year_periods_overlap_and_say_so(series: pd.DataFrame, reference: Reference) -> None:
    assert reference.indicator("demo-cvd-mortality").period_years == 3
    own = series[(series["indicator"] == "demo-cvd-mortality") & (series["area"] == "SYN01")]
    moves = own["value"].diff().abs().iloc[1:].to_numpy()
    assert (
        moves < (own["upper"] - own["value"]).to_numpy()[1:]
    ).mean() > 0.5  # neighbours share two of three years


def test_spend_and_outcome_pairs_have_figures_for_all_areas(reference: Reference) -> None:
    pairs = [r for r in csv.DictReader((DATA / "quadrants.csv").open()) if r["spend"].startswith("demo-")]
    assert len(pairs) == 8
    for pair in pairs:
        for id in (pair["spend"], pair["outcome"]):
            latest = reference.series(id, kind="synthetic").groupby("area").tail(1)
            assert len(latest) == 23, id


def test_outlines_are_pieces_of_a_jigsaw_that_fit(reference: Reference) -> None:
    codes = [a.code for a in reference.areas("synthetic")]
    found = reference.boundaries(codes)
    assert list(found) == codes
    sides: dict[frozenset, int] = {}
    for (ring,) in found.values():
        assert ring[0] == ring[-1]
        for one, two in itertools.pairwise(map(tuple, ring)):
            sides[frozenset((one, two))] = sides.get(frozenset((one, two)), 0) + 1
    assert set(sides.values()) == {1, 2}  # sea on the other side, or exactly one neighbour
    assert sum(n == 2 for n in sides.values()) > 200
    assert "Made up: no real place." in (DEMO / "boundaries.geojson").read_text()


# --- the demonstration plan -----------------------------------------------------------


def test_the_plan_is_filled_in_completely(plan: Plan, reference: Reference) -> None:
    left = []
    for name in TITLES:
        for question in run(name, plan, reference).questions():
            left += [f"{name} {label}: {q.path}" for label, q in asking.open_required(question)]
            own_model = "/schemes/" in question.path  # written for the main schemes alone
            told = question.path.startswith(
                "/case/answers/"
            )  # each item is told from the plan; more is for who has more
            if question.kind == "check" and not own_model and not told and not asking.answered(question):
                left.append(f"{name}: {question.path}")
    assert left == []
    assert len(plan.budget.schemes) == 21
    assert [a.number for a in plan.ambitions.items] == list(range(1, 8))
    assert all(a.measure and len(a.levels) == plan.horizon for a in plan.ambitions.items[:6])
    in_words = plan.ambitions.items[6]  # no figure shows avoidable deaths; one stands in
    assert in_words.in_words and in_words.proxy and not in_words.measure and not in_words.levels
    assert {s.id: len(s.answers) for s in plan.decommissioning.services} == {
        "ward-9": 70,
        "walk-in-centre": 67,
        "day-hospital": 63,
    }


@pytest.mark.parametrize(("what", "code", "path"), PLANTED, ids=[code for _, code, _ in PLANTED])
def test_the_thread_finds_what_was_planted(
    what: str, code: str, path: str, plan: Plan, reference: Reference
) -> None:
    found = {(f.code, f.path) for f in thread.findings(plan, reference)}
    assert (code, path) in found, what


def test_nothing_blocks_so_the_first_pack_is_no_draft(plan: Plan, reference: Reference) -> None:
    assert [f.sentence for f in thread.findings(plan, reference) if f.severity == "blocks"] == []


def test_findings_beyond_the_planted_ones_are_few_and_known(plan: Plan, reference: Reference) -> None:
    planted = {code for _, code, _ in PLANTED}
    others = {f.code for f in thread.findings(plan, reference)} - planted
    assert others <= {
        "schemes-fall-short",
        "break-in-baseline",
        "gap-not-closed",
        "driver-outside-scope",
        "efficiency-above-average",
    }


def test_one_service_is_ready_and_two_are_not(plan: Plan, reference: Reference) -> None:
    gates = {s.id: decommissioning.gate(plan, reference, s)[0] for s in plan.decommissioning.services}
    assert gates["ward-9"] == "ready"
    assert gates["walk-in-centre"] != "ready"
    assert gates["day-hospital"] != "ready"


def test_reasons_quote_the_figures_of_the_series(plan: Plan, reference: Reference) -> None:
    reasons = {p.id: p.reason for p in plan.needs.priorities}
    for priority, quoted in {
        "early-death": ("demo-pyll", "demo-early-cancer", "demo-smoking"),
        "avoidable-stays": ("demo-avoidable-admissions", "demo-emergency-bed-days"),
        "falls": ("demo-falls-65", "demo-reablement"),
        "loneliness": ("demo-loneliness",),
        "mind-and-body": ("demo-eq5d", "demo-mental-health-access"),
    }.items():
        for id in quoted:
            latest = reference.series(id, area="SYN01").iloc[-1]["value"]
            assert number(latest, reference.indicator(id).decimals) in reasons[priority], id


def test_recorded_baselines_are_the_figures_in_the_catalogues_unit(plan: Plan, reference: Reference) -> None:
    for ambition in plan.ambitions.items[:6]:
        assert ambition.baseline == new.recorded(plan, reference, ambition.measure)


def test_segments_hold_and_add_up_to_the_population_and_about_the_budget(plan: Plan) -> None:
    people = (
        pd.read_csv(DEMO / "population.csv").query("area == 'SYN01' and year == 2024")["population"].sum()
    )
    assert sum(s.population or 0 for s in plan.needs.segments) == pytest.approx(people / 1000, abs=0.05)
    spend = sum(line.amount for line in plan.budget.lines) / 1000
    traced = sum(s.total or 0 for s in plan.needs.segments)
    assert 0.85 * spend < traced < spend
    heavy = [s for s in plan.needs.segments if s.group in ("Several long-term conditions", "Frailty")]
    assert sum(s.total or 0 for s in heavy) > 0.4 * traced  # "more than two fifths of the money"


def test_the_scope_chosen_wins_only_if_legal_complexity_is_turned_round(
    plan: Plan, reference: Reference
) -> None:
    assert scope.scored(plan, reference).ranked["option"].iloc[0] == plan.budget.scope.chosen == "ODR-12.r2"
    as_printed = appraisal.appraise(scope.scores_of(plan), plan.budget.scope.weights)
    assert as_printed["option"].iloc[0] == "ODR-12.r4"


def test_income_pays_for_the_base_year_of_each_organisation(plan: Plan) -> None:
    income = {i.organisation: i.amount for i in plan.budget.income if i.year == plan.base_year}
    spend: dict[str, float] = {}
    for line in plan.budget.lines:
        spend[line.organisation] = spend.get(line.organisation, 0) + line.amount
    assert income == spend
    assert 1_800_000 < sum(spend.values()) < 2_000_000


def test_no_effect_is_stated_without_saying_that_it_is_made_up(plan: Plan) -> None:
    for scheme in plan.budget.schemes:
        assert "ynthetic example" in scheme.evidence_source
        assert (not scheme.effects) == ("no effect claimed" in scheme.evidence_source)


def test_people_are_named_by_role_only(plan: Plan) -> None:
    sign = plan.sign_off
    assert [s.name for s in (sign.commissioner, sign.analyst, sign.assurer, sign.approver)] == [""] * 4
    assert len({s.post for s in (sign.commissioner, sign.analyst, sign.assurer, sign.approver)}) == 4


# --- the pattern ----------------------------------------------------------------------


def test_the_pattern_names_no_place_and_binds_no_measure(pattern: Plan) -> None:
    texts = json.dumps(pattern.model_dump(mode="json", exclude={"area"}))
    assert not re.search("northmere|synthetic|demo-", texts, re.IGNORECASE)
    assert [a.number for a in pattern.ambitions.items] == list(range(1, 8))
    assert not any(a.measure for a in pattern.ambitions.items)
    assert pattern.ambitions.items[0].line == "peer-median"


def test_a_plan_can_be_made_from_the_pattern(pattern: Plan, reference: Reference) -> None:
    made = new.new_plan("SYN02", reference, pattern=pattern, base_year=2018, bind={1: "demo-pyll"})
    assert made.area.code == "SYN02"
    assert made.ambitions.items[0].measure == "demo-pyll"
    assert [s.id for s in made.budget.schemes] == [s.id for s in pattern.budget.schemes]
    blocking = [f.sentence for f in thread.findings(made, reference) if f.severity == "blocks"]
    assert blocking == []


def test_what_nobody_said_or_decided_is_marked_wherever_it_is_printed(
    pattern: Plan, reference: Reference
) -> None:
    made = new.new_plan("SYN02", reference, pattern=pattern, base_year=2018, bind={1: "demo-pyll"})
    assert {v.asked for v in made.needs.voices} == {0}
    printed = [text for v in made.needs.voices for text in (v.who, v.said, v.not_heard)]
    printed += [c.outcome for c in made.ambitions.citizens]
    printed += [d.group for s in made.decommissioning.services for d in s.destinations]
    printed += [text for d in made.decisions for text in (d.what, d.made_by, d.taken_by, d.conflicts)]
    assert [text for text in printed if not text.startswith("Example")] == []
    assert "stand behind this" not in " ".join(telling.heard(made))
    assert "“Example from the pattern: someone to talk to”" in telling.heard(made)[0]
    assert telling.not_heard(made) == []
    assert "Nobody's words are in the plan yet" in people.heard(made).paragraphs[0]
    for word in ("what people said", "services", "decisions", "historic figures"):
        assert word in made.sign_off.limits


def test_the_ward_of_the_pattern_closes_its_beds(pattern: Plan) -> None:
    ward = pattern.decommissioning.services[0]
    stopping = next(s for s in pattern.budget.schemes if s.stops == ward.id)
    assert ward.beds_closed == -stopping.beds > 0  # below zero closes beds
    assert ward.assets
    assert ward.bed_condition == "alternative"


# --- the lesson -----------------------------------------------------------------------


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for entry in value:
            yield from _texts(entry)
    elif dataclasses.is_dataclass(value):
        yield from _texts(tuple(vars(value).values()))


def test_the_lesson_types_no_figure_of_its_own() -> None:
    lesson = lessons.load("trend-and-ambition")
    shown = dataclasses.replace(lesson, trainer=())
    typed = [n for text in _texts(shown) for n in re.findall(r"\d[\d,.]*\d{2}", re.sub(r"\{\w+\}", "", text))]
    assert set(typed) <= {"2020", "2021"}  # the years of the pandemic


def test_the_lesson_has_the_right_answers_that_its_words_explain(reference: Reference) -> None:
    lesson = lessons.load("trend-and-ambition")
    known = facts.facts(lesson.area, lesson.indicator, reference)
    steps = {s.id: s for s in lessons.filled(lesson, known.words, known.figures).steps}
    right = {id: s.question.answer for id, s in steps.items() if s.question}
    assert right == {
        "two-figures": "cannot-tell",
        "chance": "worse",
        "three-years": "cannot be calculated",
        "five-points": "no significant change",
        "do-nothing": "",
        "choose": "",
        "defend": "",
    }
    assert sum(s.minutes for s in lesson.steps) < lesson.minutes


def test_no_scheme_releases_more_than_the_service_it_stops(plan: Plan, pattern: Plan) -> None:
    for made in (plan, pattern):
        released = {s.id: s.released for s in made.decommissioning.services}
        claims = {s.stops: s.gross_saving for s in made.budget.schemes if s.stops}
        assert claims
        assert all(claims[service] <= released[service] for service in claims)


def test_a_level_that_aims_at_a_line_follows_it_year_by_year(plan: Plan, reference: Reference) -> None:
    group = standing.peers_of(plan, reference)
    for ambition in plan.ambitions.items:
        if ambition.line in (None, "own"):
            continue
        found = lines.outlook(plan, reference, ambition, group)
        assert found and found.chosen
        decimals = found.standing.indicator.decimals
        for typed, drawn in zip(found.chosen.values, found.lines[str(ambition.line)].values, strict=True):
            assert typed == pytest.approx(drawn, abs=0.6 * 10**-decimals)

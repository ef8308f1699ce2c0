"""The ambition desk: what is ambitious, what delivers it, how sure that is, and what bad figures get instead of a number."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook import paths
from workbook.blocks import Figure, Question, Step, Table, Words
from workbook.methods import projection
from workbook.methods.projection import Plausibility
from workbook.plan import Plan, store
from workbook.plan.sections import CitizenOutcome
from workbook.reference import Indicator, Reference
from workbook.reference.ambition_measures import of_ambition
from workbook.reference.areas import Area
from workbook.steps import past_moves, thread
from workbook.steps.ambitions import ambitions
from workbook.steps.lines import Outlook, outlook
from workbook.steps.peers import peers_of

Row = tuple[str, int, float | None]
COLUMNS = ["area", "period", "year", "sex", "age", "value", "lower", "upper", "count", "denominator", "note"]


class Figures(Reference):
    """The shipped reference with one more indicator, "m": rows of (area, year, value); each area is a CCG.

    Each interval is the value +- 5 %, and the count a tenth of the value.
    """

    def __init__(self, rows: Iterable[Row], count: float = 0.1, **indicator: Any) -> None:
        super().__init__(paths.home(), paths.shipped("data"))
        self.rows = list(rows)
        known = {
            "id": "m",
            "name": "Measure",
            "unit": "per 100,000",
            "polarity": "low",
            "count_label": "deaths",
        }
        self.measure = Indicator(**{**known, "per": 100_000, "source": "A table", **indicator})
        self.frame = pd.DataFrame(
            [
                (
                    a,
                    str(y),
                    y,
                    "",
                    "",
                    v,
                    *((v * 0.95, v * 1.05, v * count) if v is not None else (None,) * 3),
                    None,
                    "",
                )
                for a, y, v in self.rows
            ],
            columns=COLUMNS,
        ).astype({"value": float, "lower": float, "upper": float, "count": float})

    def indicator(self, id: str) -> Indicator:
        return self.measure if id == "m" else super().indicator(id)

    def indicators(self) -> list[Indicator]:
        return [*super().indicators(), self.measure]

    def available(self, code: str | None = None) -> list[str]:
        return ["m"] if code is None or code in set(self.frame["area"]) else []

    def areas(self, kind: str | None = None, find: str | None = None, on: str | None = None) -> list[Area]:
        codes = dict.fromkeys(a for a, _, _ in self.rows)
        return [Area(code, code, "ccg") for code in codes] if kind in (None, "ccg") else []

    def area(self, code: str) -> Area:
        return Area(code, code, "ccg")

    def series(
        self, indicator: str, *, area: Any = None, areas: Any = None, kind: Any = None, **more: Any
    ) -> pd.DataFrame:
        rows = self.frame if indicator == "m" else self.frame.iloc[:0]
        chosen = set(areas) if areas is not None else {area} if area else set(rows["area"])
        return rows[rows["area"].isin(chosen)].assign(area_name=lambda f: f["area"]).reset_index(drop=True)


def rows(areas: int = 12, first: int = 2006, last: int = 2018, level: float = 200.0) -> list[Row]:
    """Areas that fall by 1 % to 4 % a year, and wobble."""
    return [
        (
            f"C{i}",
            year,
            level
            * (1 + 0.02 * i)
            * (0.99 - 0.0025 * i) ** (year - first)
            * (1.01 if (year + i) % 3 else 1.0),
        )
        for i in range(areas)
        for year in range(first, last + 1)
    ]


def changed(own: dict[int, float | None], **more: Any) -> list[Row]:
    """The rows with other values for the area itself; a year that is mapped to NaN has no row at all."""
    made = [(a, y, own.get(y, v) if a == "C0" else v) for a, y, v in rows(**more)]
    return [r for r in made if r[2] is None or r[2] == r[2]]


def plan(ambition: dict[str, Any] | None = None, schemes: Iterable[dict[str, Any]] = (), **more: Any) -> Plan:
    bound = {"number": 1, "measure": "m", "line": "best-quintile", **(ambition or {})}
    return Plan.model_validate(
        {
            "area": {"code": "C0", "name": "C0", "kind": "ccg"},
            "base_year": 2018,
            "ambitions": {"items": [bound]},
            "budget": {"schemes": list(schemes)},
            **more,
        }
    )


def scheme(id: str, effect: float | None = -10, **more: Any) -> dict[str, Any]:
    given_ = {"id": id, "name": f"Scheme {id}", "funded": True, "ambitions": [1], "start_year": 2019}
    low, high = more.pop("low", None), more.pop("high", None)
    effects = [{"ambition": 1, "percent": effect, "low": low, "high": high}]
    return {**given_, "effects": effects, "evidence_source": "A trial", **more}


def words(step: Step) -> str:
    return " ".join(p for b in step.blocks if isinstance(b, Words) for p in b.paragraphs)


def table(step: Step, id: str) -> list[dict[str, Any]]:
    found = next(b for b in step.blocks if isinstance(b, Table) and b.id == id)
    return [dict(zip([c.name for c in found.columns], row, strict=True)) for row in found.rows]


def behind(step: Step, id: str) -> list[dict[str, Any]]:
    """The table behind a figure."""
    found = next(b.table for b in step.blocks if isinstance(b, Figure) and b.id == id)
    return [dict(zip([c.name for c in found.columns], row, strict=True)) for row in found.rows]


def results(step: Step) -> dict[str, Any]:
    return {r.id: r.value for r in step.results}


# --- bad input: each its sentence ---------------------------------------------------------

NAN = math.nan
GONE = dict.fromkeys(range(2006, 2015), NAN)

BAD: dict[str, tuple[Figures, dict[str, Any], str]] = {
    "four points": (
        Figures(changed(GONE)),
        {},
        "4 comparable yearly figures up to 2018: fewer than the 5 that a drift needs.",
    ),
    "one point": (
        Figures(changed(dict.fromkeys(range(2006, 2018), NAN))),
        {},
        "1 comparable yearly figure up to 2018",
    ),
    "a baseline of zero": (Figures(changed({2018: 0.0})), {}, "The baseline is zero (2018)"),
    "a zero on the way": (Figures(changed({2016: 0.0})), {}, "The figure of 2016 is zero: left out"),
    "a suppressed baseline": (
        Figures(changed({2018: None})),
        {},
        "The figure of 2018 is suppressed or missing, so the baseline is that of 2017.",
    ),
    "suppressed years on the way": (
        Figures(changed({2015: None, 2016: None})),
        {},
        "The figures of 2015 and 2016 are suppressed or missing and left out.",
    ),
    "everything suppressed": (
        Figures(changed(dict.fromkeys(range(2006, 2019)))),
        {},
        "suppressed or missing in the file",
    ),
    "broken last year": (
        Figures(rows(), break_years=(2018,)),
        {},
        "The series was broken in 2018: figures before and after do not compare, and only the 1 yearly figure",
    ),
    "no peers": (
        Figures(rows(areas=1)),
        {},
        "No peer has a figure for 2018, so there is no line to the peers.",
    ),
    "no other area": (Figures(rows(areas=1)), {}, "rests on this area alone and is rough"),
    "too few areas": (Figures(rows(areas=3)), {}, "too few to say where the best fifth begins"),
    "no direction": (
        Figures(rows(), polarity="none"),
        {"line": "hold"},
        "Nobody has said which direction of this figure is better.",
    ),
    "1,000 times too large": (
        Figures(changed(dict.fromkeys(range(2006, 2019), 170_000.0))),
        {},
        "looks 1,000 times too large beside",
    ),
    "100 times too small": (
        Figures(changed(dict.fromkeys(range(2006, 2019), 1.7))),
        {},
        "looks 100 times too small beside",
    ),
    "one year in another unit": (Figures(changed({2010: 20_000.0})), {}, "The figure of 2010"),
    "a level in another unit": (
        Figures(rows()),
        {"line": "own", "levels": [{"year": 2023, "value": 1.8}]},
        "Was it typed in another unit? Nothing was changed.",
    ),
    "few events": (Figures(rows(level=60.0)), {}, "chance alone can move it far"),
    "an old figure": (
        Figures(rows(last=2015)),
        {},
        "in 2015, the latest on hand before the plan's base year 2018; 95% interval: ",
    ),
}


@pytest.mark.parametrize(("figures", "ambition", "sentence"), BAD.values(), ids=list(BAD))
def test_bad_figures_get_a_sentence_and_no_crash(
    figures: Figures, ambition: dict[str, Any], sentence: str
) -> None:
    assert sentence in words(ambitions(plan(ambition, [scheme("a")]), figures))


def test_sound_figures_get_none_of_these_sentences() -> None:
    said = words(ambitions(plan({}, [scheme("a")]), Figures(rows())))
    for phrase in (
        "suppressed",
        "zero",
        "was broken",
        "No peer",
        "another unit",
        "too few",
        "chance alone",
        "latest on hand",
    ):
        assert phrase not in said, phrase


def test_a_suspected_figure_is_shown_as_it_is() -> None:
    step = ambitions(plan(), Figures(changed(dict.fromkeys(range(2006, 2019), 170_000.0))))
    assert results(step)["ambition-1.baseline"] == 170_000


def test_too_few_points_have_a_line_and_no_interval() -> None:
    step = ambitions(plan(), Figures(changed(GONE)))
    own = {y: v for a, y, v in rows() if a == "C0"}
    assert [r["line"] for r in behind(step, "ambition-1") if "limit" in r["line"]] == []
    assert {(r["2023"], r["band"]) for r in table(step, "lines-1") if r["line"] == "Do nothing"} == {
        (own[2018], None)
    }
    assert "The line has no interval." in words(step)


@settings(max_examples=25)
@given(
    st.lists(st.one_of(st.none(), st.just(NAN), st.floats(0, 1e7)), min_size=13, max_size=13),
    st.sampled_from(["low", "high", "none"]),
    st.sampled_from(["per 100,000", "%", "out of 1"]),
)
def test_whatever_the_figures_are_the_page_stands(
    values: list[float | None], polarity: str, unit: str
) -> None:
    own = dict(zip(range(2006, 2019), values, strict=True))
    step = ambitions(plan({}, [scheme("a")]), Figures(changed(own), polarity=polarity, unit=unit))
    for b in step.blocks:
        for cell in (c for row in b.rows for c in row) if isinstance(b, Table) else ():
            assert not isinstance(cell, float) or math.isfinite(cell)


# --- what the schemes deliver -------------------------------------------------------------


def test_growth_comes_first_and_overlapping_effects_multiply() -> None:
    step = ambitions(plan({}, [scheme("a"), scheme("b")]), Figures(rows()))
    found = results(step)
    nothing = found["ambition-1.do-nothing.2023"]
    assert found["ambition-1.schemes.2023"] == pytest.approx(nothing * 0.9 * 0.9)
    factors = next(r.factors for r in step.results if r.id == "ambition-1.schemes.2023")
    assert list(factors) == ["Baseline", "Do nothing", "Scheme a", "Scheme b"]
    assert sum(factors.values()) == pytest.approx(found["ambition-1.schemes.2023"])
    assert factors["Scheme a"] == pytest.approx(-0.1 * nothing)
    assert factors["Scheme b"] == pytest.approx(-0.09 * nothing)


def test_the_band_joins_the_lines_own_with_the_ranges_of_the_effects() -> None:
    ranged = {"low": -15, "high": -5}
    found = results(ambitions(plan({}, [scheme("a", **ranged)]), Figures(rows())))
    nothing, built = found["ambition-1.do-nothing.2023"], found["ambition-1.schemes.2023"]
    below = math.hypot(math.log(nothing / found["ambition-1.do-nothing.2023.lower"]), math.log(0.9 / 0.85))
    above = math.hypot(math.log(found["ambition-1.do-nothing.2023.upper"] / nothing), math.log(0.95 / 0.9))
    assert found["ambition-1.schemes.2023.lower"] == pytest.approx(built * math.exp(-below))
    assert found["ambition-1.schemes.2023.upper"] == pytest.approx(built * math.exp(above))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"funded": False}, "not funded"),
        ({"effects": []}, "no effect stated"),
        ({"evidence_source": ""}, "no source for its effect"),
        ({"start_year": None}, "no starting year"),
        ({"start_year": 2024}, "starts after 2023"),
    ],
)
def test_a_scheme_that_counts_for_nothing_is_named_with_the_reason(
    changes: dict[str, Any], reason: str
) -> None:
    step = ambitions(plan({}, [{**scheme("a"), **changes}]), Figures(rows()))
    found = results(step)
    assert f"Counts for nothing here: “Scheme a” ({reason})." in words(step)
    assert found["ambition-1.schemes.2023"] == found["ambition-1.do-nothing.2023"]


def test_a_scheme_without_a_range_is_named_because_the_band_is_too_narrow() -> None:
    said = words(ambitions(plan({}, [scheme("a")]), Figures(rows())))
    assert "“Scheme a” states no range, so the band is narrower than it should be." in said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"effect": -2, "low": -3, "high": -1}, "2% down (1% to 3%)"),
        ({"effect": -2, "low": -3, "high": 1.5}, "2% down (3% down to 1.5% up)"),
        ({"effect": 4, "low": 0, "high": 6}, "4% up (0% to 6%)"),
        ({"effect": -2.5}, "2.5% down (no range)"),
    ],
)
def test_an_effect_is_said_with_its_range(changes: dict[str, Any], said: str) -> None:
    step = ambitions(plan({}, [scheme("a", **changes)]), Figures(rows()))
    assert table(step, "schemes-1")[0]["effect"] == said


def test_the_gap_is_said_in_the_measure_and_in_events() -> None:
    step = ambitions(
        plan({"line": "own", "levels": [{"year": 2023, "value": 50}]}, [scheme("a")]), Figures(rows())
    )
    found = results(step)
    gap = found["ambition-1.schemes.2023"] - 50
    deaths = gap * found["ambition-1.events-now"] / found["ambition-1.baseline"]
    assert found["ambition-1.gap.2023"] == pytest.approx(gap)
    assert found["ambition-1.gap-events.2023"] == pytest.approx(deaths)
    said = words(step)
    assert f"That is {gap:,.1f} short of the level chosen (50.0), about {deaths:,.0f} deaths in 2023." in said
    assert "lies outside that interval: these schemes alone are unlikely to do." in said


def test_the_waterfall_goes_from_the_gap_to_what_is_left_of_it() -> None:
    step = ambitions(
        plan({"line": "own", "levels": [{"year": 2023, "value": 50}]}, [scheme("a"), scheme("b")]),
        Figures(rows()),
    )
    figure = next(b for b in step.blocks if isinstance(b, Figure) and b.id == "waterfall-1")
    amounts = [row[1] for row in figure.table.rows]
    assert amounts[0] == pytest.approx(results(step)["ambition-1.do-nothing.2023"] - 50)
    assert sum(amounts[:-1]) == pytest.approx(amounts[-1])  # type: ignore[arg-type]


def test_where_more_is_better_the_gap_still_counts_what_is_to_be_won() -> None:
    rising = [(a, y, 50 + 0.1 * (y - 2006) + int(a[1:])) for a, y, _ in rows()]
    step = ambitions(
        plan({"line": "own", "levels": [{"year": 2023, "value": 60}]}, [scheme("a", 4), scheme("b", 3)]),
        Figures(rising, polarity="high", unit="%", per=100),
    )
    amounts = [float(r["amount"]) for r in behind(step, "waterfall-1")]
    assert 0 < amounts[-1] < amounts[0]


@pytest.mark.parametrize(("level", "schemes"), [(50, ["a"]), (190, ["a", "b"]), (50, [])])
def test_there_is_no_waterfall_where_the_table_says_as_much(level: float, schemes: list[str]) -> None:
    step = ambitions(plan(own_level(level), [scheme(id) for id in schemes]), Figures(rows()))
    assert [b.id for b in step.blocks if isinstance(b, Figure)] == ["ambition-1"]


def test_a_level_that_only_the_middle_of_the_band_reaches_is_not_called_sure() -> None:
    figures = Figures(rows())
    found = results(ambitions(plan({}, [scheme("a", low=-20, high=-1)]), figures))
    built, upper = found["ambition-1.schemes.2023"], found["ambition-1.schemes.2023.upper"]

    def said(level: float) -> str:
        ranged = scheme("a", low=-20, high=-1)
        return words(ambitions(plan(own_level(level), [ranged]), figures))

    assert "in the middle of the band, and not at its worse end." in said((built + upper) / 2)
    assert "even at the worse end of the band." in said(upper + 1)


def test_each_scheme_is_asked_which_ambition_it_serves_where_the_budget_step_asks_it() -> None:
    step = ambitions(plan({}, [scheme("a"), scheme("b", ambitions=[])]), Figures(rows()))
    asked = {q.path: q.answer for q in step.questions() if q.path.startswith("/budget")}
    assert asked == {"/budget/schemes/0/ambitions": ["1"], "/budget/schemes/1/ambitions": []}
    offered = {c.label for q in step.questions() if q.path.startswith("/budget") for c in q.choices}
    assert offered == set("1234567")  # their wording stands in the table
    assert table(step, "schemes-and-ambitions")[0]["funded"] == "Scheme a"


# --- the lines side by side ---------------------------------------------------------------


def test_every_line_stands_in_the_measure_and_in_events_with_its_limits_by_year() -> None:
    step = ambitions(plan({}, [scheme("a")]), Figures(rows()))
    found = behind(step, "ambition-1")
    assert [r["line"] for r in found if "limit" in r["line"]] == [
        "Do nothing, lower 80% limit",
        "Do nothing, upper 80% limit",
        "Do nothing plus the funded schemes, lower 80% limit",
        "Do nothing plus the funded schemes, upper 80% limit",
    ]
    for row in found:  # a tenth of the measure is the count
        assert [row[f"n{y}"] for y in range(2019, 2024)] == pytest.approx(
            [row[str(y)] / 10 for y in range(2019, 2024)]
        )


def test_the_table_holds_the_level_of_each_year_and_the_band_of_the_last() -> None:
    step = ambitions(plan(own_level(80), [scheme("a")]), Figures(rows()))
    found = {r["line"]: r for r in table(step, "lines-1")}
    known = results(step)
    assert list(found) == [
        "Do nothing",
        "Hold the baseline",
        "Reach the peer median",
        "Reach the best fifth",
        "A pledge",
        "Do nothing plus the funded schemes",
        "Chosen level",
    ]
    assert found["Do nothing"]["2021"] == known["ambition-1.do-nothing.2021"]
    low, high = (known[f"ambition-1.do-nothing.2023.{end}"] for end in ("lower", "upper"))
    assert found["Do nothing"]["band"] == f"{low:.1f} to {high:.1f}"
    assert found["Chosen level"]["band"] is None


def test_a_line_to_a_target_that_is_passed_is_named_below_the_table() -> None:
    best = changed(dict.fromkeys(range(2006, 2019), 50.0))
    step = ambitions(plan({"line": "hold"}), Figures(best))
    assert [r["line"] for r in table(step, "lines-1")] == [
        "Do nothing",
        "A pledge",
        "Chosen level: hold the baseline",
    ]
    note = next(b.note for b in step.tables() if b.id == "lines-1")
    assert "Reach the peer median: better than the median of 11 peers already: held." in note


def test_a_line_that_the_level_chosen_follows_stands_once() -> None:
    lines = [r["line"] for r in table(ambitions(plan(), Figures(rows())), "lines-1")]
    assert "Chosen level: reach the best fifth" in lines and "Reach the best fifth" not in lines
    assert "Do nothing plus the funded schemes" not in lines  # no scheme: it is the do-nothing line


def test_a_mean_counts_nobody() -> None:
    step = ambitions(plan(), Figures(rows(), value_type="mean", per=0))
    assert not [c for r in behind(step, "ambition-1") for c in r if c.startswith("n2")]
    assert "How many people or events stand behind it is not on hand." in words(step)


def test_years_of_life_without_a_population_are_counted_in_deaths() -> None:
    said = words(ambitions(plan(own_level(50)), Figures(rows(), unit="years per 100,000")))
    assert "fewer deaths in 2023" in said and "fewer years of life" not in said


def test_each_line_has_its_share_of_past_moves_and_stands_inside_or_outside_the_interval() -> None:
    figures = Figures(rows())
    found = {r["line"]: r for r in table(ambitions(plan(), figures), "lines-1")}
    panel = figures.frame.pivot_table(index="year", columns="area", values="value")
    own = panel.loc[2018, "C0"]
    past = projection.plausibility(panel, 0.968**5 - 1, 5, "low")
    assert found["A pledge"]["past"] == past_moves.percent(past.share)
    assert found["A pledge"]["change"] == pytest.approx(100 * (0.968**5 - 1))
    assert found["A pledge"]["clear"] == "yes" and own * 0.968**5 < own * 0.95
    assert found["Hold the baseline"]["clear"] == "no"
    assert (
        found["Hold the baseline"]["events"] > 0
    )  # others fall: to hold means more deaths than doing nothing


def test_the_measured_error_stands_beside_the_projection() -> None:
    assert "80% band held" in words(ambitions(plan(), Figures(rows())))


# --- what would be ambitious --------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "past", "said"),
    [
        (-0.1, (0.42, 100, -0.3), "A change of -10.0% in 5 years has often been achieved: 42% of 100 past 5-year moves"),
        (-0.1, (0.42, 100, -0.3), "of comparable areas were as good or better."),
        (-0.1, (0.2, 100, -0.3), "has been achieved now and then: 20%"),
        (-0.1, (0.05, 100, -0.3), "has seldom been achieved: 5%"),
        (-0.1, (0.001, 1000, -0.3), "has hardly ever been achieved: less than 1% of 1,000 past"),
        (0.0, (0.9, 100, -0.3), "Holding the level for 5 years has often been achieved: 90%"),
        (-0.5, (0.0, 1200, -0.3), "A change of -50.0% in 5 years is more than any comparable area ever achieved: the best"),
        (-0.5, (0.0, 1200, -0.3), "the best of 1,200 past 5-year moves was -30.0%."),
        (-0.1, (NAN, 0, NAN), "No comparable area has a series long enough to say how plausible this is."),
        (0.5, (1.0, 10, -0.3), "100% of 10 past 5-year moves of comparable areas were as good or better."),
    ],
)  # fmt: skip
def test_the_percentile_is_said_in_words(change: float, past: tuple[float, int, float], said: str) -> None:
    assert said in past_moves.sentence(change, Plausibility(*past), 5)


def own_level(value: float) -> dict[str, Any]:
    return {"line": "own", "levels": [{"year": y, "value": value} for y in range(2019, 2024)]}


@pytest.mark.parametrize(
    ("ambition", "said"),
    [
        (own_level(1), "So it needs a second reason why it can be done here."),
        (own_level(200), "It asks for less than is expected to happen anyway ("),
        ({"line": "best-quintile"}, ": where the best fifth stand today."),
        ({"line": None}, "No level has been chosen yet."),
    ],
)
def test_the_level_chosen_is_held_against_the_best_fifth_and_the_past(
    ambition: dict[str, Any], said: str
) -> None:
    assert said in words(ambitions(plan(ambition), Figures(rows())))


def outlook_of(made: Plan, figures: Figures) -> Outlook:
    found = outlook(made, figures, made.ambitions.items[0], peers_of(made, figures))
    assert found
    return found


def test_a_level_as_expected_anyway_asks_for_no_more() -> None:
    figures = Figures(rows())
    nothing = outlook_of(plan(), figures).lines["do-nothing"].last
    said = words(ambitions(plan(own_level(nothing)), figures))
    assert "It asks for no more than what is expected to happen anyway." in said


@pytest.mark.parametrize(
    ("fall", "said"),
    [
        (
            0.06,
            "A change of this size may not be told from chance in 2023 alone",
        ),  # outside the baseline's own 5 %
        (0.07, "A change of this size could be told from chance in 2023 alone"),
        (0.0, "It is the level of the baseline, so the figure of 2023 alone could not show success"),
    ],
)
def test_a_change_is_held_against_the_errors_of_both_figures(fall: float, said: str) -> None:
    """Each figure +- 5 %: 1.96 standard errors of the difference are 5 % of sqrt(1 + 0.94^2), 6.9 % of the baseline."""
    figures = Figures(rows())
    own = outlook_of(plan(), figures).baseline
    found = words(ambitions(plan(own_level(own * (1 - fall))), figures))
    assert said in found
    assert fall == 0 or "as large relative to its level as the baseline's" in found


def restless() -> list[Row]:
    """The rows with the noise of small numbers, so that no two moves are alike."""
    noise = np.random.default_rng(5).normal(0, 0.06, (12, 20))
    return [(a, y, v * math.exp(noise[int(a[1:]), y - 2006])) for a, y, v in rows() if v]


def test_the_early_warning_is_what_the_method_gives_and_is_said() -> None:
    figures = Figures(restless())
    step = ambitions(plan(own_level(80)), figures)
    panel = figures.frame.pivot_table(index="year", columns="area", values="value")
    found = projection.early_warning(panel, 80, panel.loc[2018, "C0"], 5, 2, "low")
    assert results(step)["ambition-1.early-warning.hard.2020"] == pytest.approx(found.hard)
    assert results(step)["ambition-1.early-warning.out-of-reach.2020"] == pytest.approx(found.out_of_reach)
    assert f"If the figure of 2020 is above {found.hard:.1f}, the level for 2023 is hard to reach" in words(
        step
    )
    assert f"If it is above {found.out_of_reach:.1f}, it is out of reach" in words(step)


def test_each_year_but_the_last_has_its_early_warning() -> None:
    figures = Figures(rows())
    panel = figures.frame.pivot_table(index="year", columns="area", values="value")
    found = table(ambitions(plan(own_level(150)), figures), "waypoints-1")
    for n, row in enumerate(found[:-1]):
        warning = projection.early_warning(panel, 150, panel.loc[2018, "C0"], 5, n + 1, "low")
        assert (row["hard"], row["lost"]) == pytest.approx((warning.hard, warning.out_of_reach))
    assert (found[-1]["hard"], found[-1]["lost"]) == (None, None)


def test_a_year_whose_rest_nobody_has_a_past_for_has_no_early_warning() -> None:
    short = [(a, y, v) for a, y, v in rows() if y >= 2015]  # four years: no move is longer than three
    found = table(ambitions(plan(own_level(150)), Figures(short)), "waypoints-1")
    assert [row["hard"] is None for row in found] == [True, False, False, False, True]


def test_one_small_areas_leap_does_not_put_the_early_warning_off() -> None:
    leap = [(a, y, v if (a, y) not in (("C9", 2009), ("C9", 2010)) else 900.0) for a, y, v in rows()]
    key = "ambition-1.early-warning.out-of-reach.2020"
    calm, wild = (results(ambitions(plan(own_level(150)), Figures(r)))[key] for r in (rows(), leap))
    assert wild == pytest.approx(calm, rel=0.02)


def test_a_waypoint_that_is_past_the_early_warning_is_said() -> None:
    figures = Figures(restless())
    found = results(ambitions(plan(own_level(150)), figures))
    hard, lost = (found[f"ambition-1.early-warning.{kind}.2020"] for kind in ("hard", "out-of-reach"))

    def said(waypoint: float) -> str:
        levels = [{"year": 2020, "value": waypoint}, {"year": 2023, "value": 150}]
        return words(ambitions(plan({"line": "own", "levels": levels}), figures))

    assert "is past the first itself: the plan leaves much to its last years." in said((hard + lost) / 2)
    assert "is past both itself" in said(lost + 1)
    assert "past the first itself" not in said(hard - 1)


def test_a_warning_beyond_todays_figure_says_that_it_comes_late_and_the_waypoint_leads() -> None:
    figures = Figures(restless())
    now = outlook_of(plan(), figures)

    def said(level: float) -> str:
        found = words(ambitions(plan(own_level(level)), figures))
        return found[found.index("When would we know that it has failed?") :]

    late, early = said(round(now.baseline, 1)), said(80)
    lead = "When would we know that it has failed? Hold the figure of 2020 against its waypoint, "
    assert late.startswith(
        f"{lead}{now.baseline:.1f}. By the past of others, only a figure worse than today's"
    )
    assert "one year's figure alone cannot warn early here. If the figure of 2020 is above" in late
    assert early.startswith("When would we know that it has failed? If the figure of 2020 is above")
    assert "cannot warn early" not in early


def test_a_plan_of_two_years_leaves_no_time_for_a_warning() -> None:
    assert "needs a year between" in words(ambitions(plan(horizon=2), Figures(rows())))


def test_every_year_has_its_waypoint_with_who_looks_at_it() -> None:
    step = ambitions(plan({**own_level(80), "owner": "Director"}), Figures(rows()))
    assert [r["level"] for r in table(step, "waypoints-1")] == [80] * 5
    note = next(b.note for b in step.tables() if b.id == "waypoints-1")
    assert "looked at by Director" in note


# --- measures then and now, and ambitions in words ----------------------------------------


def test_a_source_of_several_measures_is_named_once() -> None:
    items = [{"number": number} for number in range(1, 8)]
    area = {"code": "E1", "name": "Somewhere", "kind": "ccg"}
    of_seven = Plan.model_validate({"area": area, "base_year": 2018, "ambitions": {"items": items}})
    made = ambitions(of_seven, Reference.open())
    named = next(b.source for b in made.tables() if b.id == "measures").split("; ")
    assert len(named) > 1 and len(named) == len(set(named))


def of_kind(kind: str, number: int, **more: Any) -> Step:
    made = {"area": {"code": "E1", "name": "Somewhere", "kind": kind}, "base_year": 2020}
    return ambitions(
        Plan.model_validate({**made, "ambitions": {"items": [{"number": number, **more}]}}), Reference.open()
    )


def test_seven_ambitions_stand_on_five_domains_and_two_share_theirs() -> None:
    said = [words(of_kind("icb", n)) for n in range(1, 8)]
    assert [next(str(d) for d in range(1, 6) if f"Outcome domain {d}:" in s) for s in said] == list("1223445")
    assert ["which it shares with ambition" in s for s in said] == [
        False,
        True,
        True,
        False,
        True,
        True,
        False,
    ]


def test_ambition_7_has_no_series_anywhere_and_ambition_4_none_for_a_board() -> None:
    for kind in ("icb", "ccg", "la"):
        assert "No local measure existed in 2014" in words(of_kind(kind, 7))
    assert "No series for integrated care boards" in words(of_kind("icb", 4))
    assert "No series for integrated care boards" not in words(of_kind("la", 4))


def test_a_real_area_is_shown_no_synthetic_measure() -> None:
    for number in range(1, 8):
        named = {r["name"] for r in table(of_kind("icb", number), "measures")}
        assert named and not any("synthetic" in name for name in named)


def test_every_ambition_has_a_measure_of_2014_with_status_and_what_came_of_it() -> None:
    reference = Reference.open()
    ids = {i.id for i in reference.indicators()}
    for number in range(1, 8):
        found = of_ambition(reference, number)
        assert [m for m in found if m.used_in_2014]
        assert all(m.name and m.level and m.status and m.source for m in found)
        assert {m.successor for m in found if m.successor} <= ids


def test_an_ambition_in_words_asks_for_a_figure_that_stands_in_and_another_does_not() -> None:
    asked = {q.path for q in of_kind("icb", 2).questions()}
    assert "/ambitions/items/0/proxy" in asked
    bound = {q.path for q in ambitions(plan(), Figures(rows())).questions()}
    assert "/ambitions/items/0/proxy" not in bound


def test_an_ambition_in_words_is_asked_for_no_level() -> None:
    asked = {q.path.rpartition("/")[2] for q in of_kind("icb", 7, in_words="x").questions()}
    assert not asked & {"line", "levels", "second_reason"}
    held = of_kind("icb", 7, levels=[{"year": 2021, "value": 3}])  # what a plan holds is shown
    assert "/ambitions/items/0/levels" in {q.path for q in held.questions()}


def test_the_figure_that_stands_in_shows_its_trend() -> None:
    step = ambitions(
        plan({"measure": "", "line": None, "in_words": "x", "proxy": "m", "proxy_reason": "It moves too."}),
        Figures(rows()),
    )
    assert "Stands in for it: Measure" in words(step) and "Trend:" in words(step)
    assert [q.answer for q in step.questions() if q.path.endswith("/proxy_reason")] == ["It moves too."]
    assert [b.id for b in step.blocks if isinstance(b, Figure)] == ["stand-in-1"]
    assert step.series == ("m",)


def test_a_figure_that_stands_in_and_is_not_on_hand_is_said() -> None:
    said = words(of_kind("icb", 7, in_words="x", proxy="treatable-mortality"))
    assert "Stands in for it: Mortality from causes treatable by health care, which is not on hand" in said


def test_an_ambition_in_words_without_a_figure_that_stands_in_is_a_note() -> None:
    def found(**more: Any) -> dict[str, str]:
        made = {"area": {"code": "E1", "name": "Somewhere", "kind": "icb"}, "base_year": 2020}
        items = [{"number": 7, "in_words": "Every death is reviewed", **more}]
        checked = Plan.model_validate({**made, "ambitions": {"items": items}})
        return {f.code: f.severity for f in thread.findings(checked, Reference.open())}

    assert found()["proxy-missing"] == "note"
    assert "proxy-missing" not in found(proxy="treatable-mortality")
    assert "proxy-missing" not in found(in_words="")


# --- people, the local framework, advice --------------------------------------------------


def citizens(*entries: dict[str, Any], **more: Any) -> Step:
    made = plan(**more).model_dump() | {"ambitions": {"items": [{"number": 1}], "citizens": list(entries)}}
    return ambitions(Plan.model_validate(made), Reference.open())


def test_ambitions_that_no_citizens_outcome_goes_with_are_named() -> None:
    step = citizens({"outcome": "My home is warm", "ambitions": [1, 3]}, {"outcome": "I have company"})
    assert (
        "No outcome that people named goes with ambitions 2, 4, 5, 6 and 7. They have not been linked to what people said"
        in words(step)
    )
    assert "1 of 2 goes with none of the seven" in words(step)
    assert [r["ambitions"] for r in table(step, "citizens")] == ["1 and 3", "none of the seven"]
    assert "None has been written down yet." in words(citizens())


@pytest.mark.parametrize(
    ("linked", "said"),
    [
        ([], "“Company” matters to people, and it has not been linked to an ambition."),
        ([2], "“Company” matters to people, and no ambition that is set goes with it."),
    ],
)
def test_an_outcome_that_was_not_linked_is_told_from_one_whose_ambition_is_not_set(
    linked: list[int], said: str
) -> None:
    made = plan()
    made.ambitions.citizens = [CitizenOutcome(outcome="Company", ambitions=linked)]
    assert said in [f.sentence for f in thread.findings(made, Figures(rows()))]


def test_where_outcomes_reach_wider_determinants_the_scope_must_follow() -> None:
    priority = {"id": "homes", "title": "Warm homes", "determinants": ["ODR-11.d2", "ODR-11.d4"]}
    far = citizens({"outcome": "I have company"}, needs={"priorities": [priority]})
    assert "priorities driven by physical environment and outcomes of people's own beyond" in words(far)
    assert "No scope of budgets has been chosen yet." in words(far)
    chosen = citizens({"outcome": "I have company"}, budget={"scope": {"chosen": "ODR-12.r6"}})
    assert "takes in every rung of the ladder" in words(chosen)
    near = citizens({"outcome": "I have company", "ambitions": [1]})
    assert "This plan reaches that far" not in words(near)


def test_the_first_advice_stands_beside_the_plausibility() -> None:
    step = ambitions(plan(), Figures(rows()))
    banked = [q.path for q in step.questions() if q.path.startswith("/ambitions/answers/")]
    assert banked == ["/ambitions/answers/ODR-06.1", *(f"/ambitions/answers/PVW-07.{n}" for n in range(1, 6))]
    place = next(
        i for i, b in enumerate(step.blocks) if isinstance(b, Question) and b.path.endswith("PVW-07.1")
    )
    beside = step.blocks[place - 1]
    assert isinstance(beside, Words) and beside.paragraphs == (
        "Often achieved, or no more than is expected anyway: ambition 1.",
    )


def test_every_piece_of_advice_says_what_good_looks_like_the_risk_and_what_to_do_in_haste() -> None:
    for item in (*Reference.open().framework("PVW-07").items, *Reference.open().framework("ODR-06").items):
        assert item.help and item.good and item.risk and item.short_of_time


# --- said once ----------------------------------------------------------------------------


def test_how_lines_are_made_is_said_once_and_in_no_ambition() -> None:
    bound = {"number": 1, "measure": "m", "line": "best-quintile"}
    both = plan(ambitions={"items": [bound, {**bound, "number": 2}]}, schemes=[scheme("a")])
    step = ambitions(both, Figures(rows()))
    said = words(step)
    for once in ("half of the yearly change", "A pledge: -3.2% every year", "5 years ahead|five years ahead"):
        assert sum(said.count(form) for form in once.split("|")) == 1, once
    assert "How to read the lines" not in str(ambitions(plan({"measure": ""}), Figures(rows())).blocks)


def test_a_percentage_changes_by_points_and_counts_those_it_asked() -> None:
    figures = Figures([(a, y, v / 4) for a, y, v in rows()], unit="%", per=100)
    figures.frame["denominator"] = 640.0
    said = words(ambitions(plan({"line": "hold"}), figures))
    assert "80% band" in said and "points; 80% band:" in said
    assert "than if nothing is done, among the 640 that the figure counts." in said


def test_a_synthetic_measure_is_called_so_where_it_is_named_and_not_each_time() -> None:
    plan = store.read(paths.shipped("data") / "demo" / "demo.plan.json")
    step = ambitions(plan, Reference.open())
    said = [line for b in step.blocks if isinstance(b, Words) for line in b.paragraphs]
    assert any("Measure: Years of life lost from treatable causes (synthetic) (" in line for line in said)
    titles = [b.title for b in step.blocks if isinstance(b, Figure | Table)]
    assert any("Years of life lost" in title for title in titles)
    assert not any("(synthetic):" in title or "(synthetic)," in title for title in titles)
    assert not any("(synthetic)" in result.label for result in step.results)

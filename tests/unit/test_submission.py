"""The submission sheets: figures that reconcile with the plan's own results, and what is missing said in words."""

from __future__ import annotations

import io
from functools import cache

import openpyxl
import pytest

from workbook.blocks import Result, Step
from workbook.pack import documents, submission
from workbook.pack.report import known
from workbook.pack.submission import required
from workbook.paths import shipped
from workbook.plan import store
from workbook.plan.model import Plan
from workbook.plan.sections import BudgetLine, Income, Scheme
from workbook.render import xlsx
from workbook.steps import TITLES, run
from workbook.words import financial_year

Row = dict[str, object]


@cache
def demo() -> tuple[Plan, dict[str, Step]]:
    plan = store.read(shipped("data") / "demo" / "demo.plan.json")
    return plan, {id: run(id, plan, known()) for id in TITLES}


def _book(plan: Plan, steps: dict[str, Step]) -> openpyxl.Workbook:
    document = documents.document(plan, steps, known())
    return openpyxl.load_workbook(io.BytesIO(submission.page(plan, steps, known(), document)))


@cache
def of_demo() -> openpyxl.Workbook:
    return _book(*demo())


def rows(book: openpyxl.Workbook, table: str) -> list[Row]:
    """The rows of a table, each by its headings on one line."""
    for sheet in book.worksheets:
        if f"table_{table}" in sheet.tables:
            head, *cells = sheet[sheet.tables[f"table_{table}"].ref]
            names = [" ".join(str(c.value).split()) for c in head]
            return [dict(zip(names, (c.value for c in row), strict=True)) for row in cells]
    raise AssertionError(f"no table {table}")


def result(id: str) -> float:
    _, steps = demo()
    (found,) = (r for s in steps.values() for r in s.results if r.id == id)
    assert isinstance(found.value, (int, float))
    return float(found.value)


def years() -> list[tuple[int, str]]:
    plan, _ = demo()
    return [(y, financial_year(y)) for y in (plan.base_year, *plan.years)]


def _sum(table: str, heading: str, **where: str) -> float:
    found = (r for r in rows(of_demo(), table) if all(r[k] == v for k, v in where.items()))
    return sum(float(r[heading]) for r in found if r[heading] != "no figure")  # type: ignore[arg-type]


# --- the figures are those of the plan ---------------------------------------------------


@pytest.mark.parametrize(
    ("line", "id"),
    [
        ("Income", "income"),
        ("Spend, if nothing changes", "spend"),
        ("Cost of schemes and closing, together", "scheme-cost"),
        ("Cashed savings, together", "saving"),
        ("Spend, as planned", "spend-after"),
        ("Surplus, or gap below zero, if nothing changes", "gap-before"),
        ("Surplus, or gap below zero, as planned", "gap-after"),
    ],
)
def test_the_totals_are_the_results(line: str, id: str):
    for year, label in years():
        held = _sum("finance_totals", f"{label} (GBP 000s)", Line=line)
        assert held == pytest.approx(result(f"budget.{id}.{year}"), rel=1e-9, abs=1e-9)


def test_lines_organisations_and_schemes_add_up_to_the_totals():
    for year, label in years():
        column = f"{label} (GBP 000s)"
        spend, cost = result(f"budget.spend.{year}"), result(f"budget.scheme-cost.{year}")
        assert _sum("finance_lines", column) == pytest.approx(spend, rel=1e-9)
        assert _sum("finance_organisations", column, Line="Spend, if nothing changes") == pytest.approx(
            spend, rel=1e-9
        )
        invested = sum(
            _sum("finance_schemes", column, Line=f"Investment: {what}")
            for what in ("set-up cost", "running cost", "double running")
        )
        closing = _sum("finance_closing", column, Line="Closing, once")
        assert invested + closing == pytest.approx(cost, rel=1e-9, abs=1e-9)
        cashed = _sum("finance_schemes", column, Line="of which: cashed")
        own = _sum("finance_closing", column, Line="Saving cashed, not counted with a scheme")
        assert cashed + own == pytest.approx(result(f"budget.saving.{year}"), rel=1e-9, abs=1e-9)


def test_released_capacity_is_what_is_cashed_and_what_is_not():
    assert _sum("finance_schemes", f"{years()[-1][1]} (GBP 000s)", Line="Capacity released") > 0
    for _, label in years():
        column = f"{label} (GBP 000s)"
        parts = [
            _sum("finance_schemes", column, Line=f"of which: {w}") for w in ("cashed", "cannot be cashed")
        ]
        assert sum(parts) == pytest.approx(
            _sum("finance_schemes", column, Line="Capacity released"), rel=1e-9, abs=1e-9
        )


def test_activity_of_lines_and_schemes_adds_up_to_the_results():
    units = {row["Counted in"] for row in rows(of_demo(), "activity_lines")} - {"nothing entered"}
    totals = {r["Counted in"]: r for r in rows(of_demo(), "activity_totals")}
    assert len(units) >= 5
    for n, unit in enumerate(dict.fromkeys(r["Counted in"] for r in rows(of_demo(), "activity_totals")), 1):
        if unit not in units:
            continue
        for year, label in years():
            parts = _sum("activity_lines", label, **{"Counted in": str(unit)})
            parts += _sum("activity_schemes", label, **{"Counted in": str(unit)})
            assert parts == pytest.approx(float(totals[unit][label]), rel=1e-9)  # type: ignore[arg-type]
            assert parts == pytest.approx(result(f"budget.activity-{n}.{year}"), rel=1e-9)


def test_staff_and_capital_of_lines_and_schemes_add_up_to_the_results():
    for year, label in years():
        staff = f"{label} (whole-time equivalents)"
        found = _sum("workforce_lines", staff) + _sum("workforce_schemes", staff)
        assert found == pytest.approx(result(f"budget.staff.{year}"), rel=1e-9)
        money = f"{label} (GBP 000s)"
        assert _sum("capital_lines", money) == pytest.approx(result(f"budget.capital-lines.{year}"), rel=1e-9)
        assert _sum("capital_schemes", money) == pytest.approx(
            result(f"budget.capital-schemes.{year}"), rel=1e-9
        )


def test_the_pooled_fund_is_its_contributions():
    plan, _ = demo()
    column = f"{financial_year(plan.base_year)} (GBP 000s)"
    assert _sum("finance_fund", column, Line="Contribution") == sum(
        c.amount for c in plan.budget.fund.contributions
    )


def test_outcomes_are_the_levels_chosen_and_the_lines_of_the_results():
    plan, _ = demo()
    found = rows(of_demo(), "outcomes")
    first = next(r for r in found if str(r["Ambition"]).startswith("1 ") and r["Line"] == "Level chosen")
    assert first["Baseline"] == result("ambition-1.baseline") == 2270
    assert (first["Unit"], first["Period of the baseline"]) == ("years per 100,000", "2024")
    for year in plan.years:
        assert first[str(year)] == result(f"ambition-1.chosen.{year}")
    nothing = next(r for r in found if str(r["Ambition"]).startswith("1 ") and r["Line"] == "Do nothing")
    assert nothing["2030"] == result("ambition-1.do-nothing.2030")
    assert {str(r["Ambition"])[0] for r in found} == set("1234567")
    assert first["Status"] == "chosen, synthetic"


def test_no_line_of_the_schemes_stands_where_none_states_an_effect():
    found = rows(of_demo(), "outcomes")
    carried = {str(r["Ambition"])[0] for r in found if r["Line"] == "Do nothing plus the funded schemes"}
    assert "1" in carried
    for number in carried:
        lines = {r["Line"]: r for r in found if str(r["Ambition"])[0] == number}
        assert lines["Do nothing plus the funded schemes"]["2030"] != lines["Do nothing"]["2030"]
    assert "5" not in carried  # no funded scheme serves it


def test_every_line_says_how_sure_it_is_and_that_it_is_synthetic():
    for table in (
        "finance_totals",
        "finance_lines",
        "activity_lines",
        "workforce_totals",
        "capital_lines",
        "outcomes",
    ):
        stated = {str(row["Status"]) for row in rows(of_demo(), table)} - {"not entered"}
        assert stated and all(words.endswith("synthetic") for words in stated)


# --- a worked example by hand -------------------------------------------------------------


def worked() -> tuple[Plan, dict[str, Step]]:
    """One line of 1,000 that neither grows nor shrinks, and a scheme that costs 50 and takes 10 to set up in 2027/28.

    Activity 200 contacts, of which the scheme takes 40 at full scale, half of it in its first year.
    """
    full, _ = demo()
    plan = Plan(title="Worked", area=full.area, base_year=2025, horizon=3)
    flat = {"own_growth": 0, "own_price": 0, "own_efficiency": 0, "own_reason": "By hand"}
    line = BudgetLine(
        id="a",
        name="Line",
        organisation="Board",
        amount=1000,
        activity=200,
        activity_unit="contacts",
        capital=30,
        **flat,
    )
    scheme = Scheme(
        id="s",
        name="Scheme",
        funded=True,
        line="a",
        start_year=2027,
        ramp=[0.5, 1],
        set_up_cost=10,
        recurrent_cost=50,
    )
    plan.budget.lines = [line]
    plan.budget.schemes = [
        scheme.model_copy(update={"activity": -40.0, "activity_unit": "contacts", "capital": 7.0})
    ]
    plan.budget.income = [
        Income(organisation="Board", year=y, amount=1040, status="confirmed") for y in range(2025, 2029)
    ]
    return plan, {id: run(id, plan, known()) for id in TITLES}


def test_the_worked_example():
    plan, steps = worked()
    book = _book(plan, steps)
    totals = {r["Line"]: r for r in rows(book, "finance_totals")}
    columns = [f"{financial_year(y)} (GBP 000s)" for y in range(2025, 2029)]

    def line(name: str) -> list[float]:
        return [float(totals[name][c]) for c in columns]  # type: ignore[arg-type]

    spend = line("Spend, if nothing changes")
    assert spend[0] == 1000
    assert line("Investment: set-up cost of schemes") == [0, 0, 10, 0]
    assert line("Investment: running cost of schemes") == [0, 0, 25, 50]
    assert line("Spend, as planned") == pytest.approx([spend[0], spend[1], spend[2] + 35, spend[3] + 50])
    assert line("Surplus, or gap below zero, as planned") == pytest.approx(
        [40, 1040 - spend[1], 1040 - spend[2] - 35, 1040 - spend[3] - 50]
    )
    (changed,) = rows(book, "activity_schemes")
    assert [changed[financial_year(y)] for y in range(2025, 2029)] == [0, 0, -20, -40]
    (once,) = rows(book, "capital_schemes")
    assert [once[c] for c in columns] == [0, 0, 7, 0]
    for table in ("capital_lines", "capital_totals"):
        held, *_ = rows(book, table)
        assert [held[c] for c in columns] == [30, "no figure", "no figure", "no figure"]


# --- what is missing ----------------------------------------------------------------------


def test_completeness_is_said_in_words_with_the_names_and_where_to_mend_it():
    plan, _ = demo()
    (activity,) = (r for r in rows(of_demo(), "completeness") if r["Field on the page"] == "Activity a year")
    lacking = [line.name for line in plan.budget.lines if line.activity is None]
    assert activity["State"] == f"Missing: for {len(lacking)} of {len(plan.budget.lines)}"
    assert lacking[0] in str(activity["What is missing"])
    assert (activity["Sheet"], activity["Mend it in step"]) == (
        "Activity",
        "Budget scope and five-year money",
    )


def test_the_fill_agrees_with_the_words_and_the_link_leads_to_the_gap():
    sheet, met = of_demo()["Completeness"], set()
    for row in sheet.iter_rows(min_row=5):
        state, needed, link = row[2], row[4].value == "yes", row[8]
        if state.value == "Complete":
            assert state.fill.fgColor.rgb == "FFD7EFDB"
            met.add("complete")
        elif needed and str(state.value).startswith("Missing"):
            assert state.fill.fgColor.rgb == "FFFBD9D6"
            met.add("missing")
        if row[1].value == "Activity of each budget line":
            name, _, cell = link.hyperlink.location.rpartition("!")
            assert of_demo()[name.strip("'")][cell].value == "no figure"
            met.add("link")
    assert met == {"complete", "missing", "link"}


def test_a_plan_of_nothing_says_so_on_every_sheet():
    full, _ = demo()
    plan = Plan(title="", area=full.area, base_year=2025, horizon=5)
    book = _book(plan, {id: run(id, plan, known()) for id in TITLES})
    said = {
        "finance_lines": "The plan holds no budget lines.",
        "activity_lines": "The plan holds no activity.",
        "workforce_totals": "The plan holds no staff.",
        "capital_totals": "The plan holds no capital.",
        "outcomes": "The plan holds no ambition.",
        "finance_fund": "The plan holds no pooled fund.",
    }
    for table, sentence in said.items():
        (row,) = rows(book, table)
        first, *rest = row.values()
        assert first == sentence and set(rest) == {"no figure"}
    states = {r["What is needed"]: r["State"] for r in rows(book, "completeness")}
    assert "Complete" not in states.values()
    assert states["Spend of each budget line"] == "Missing: no entry yet"
    assert states["What the activity counts"] == "Not asked: no entry that it belongs to"
    assert (
        book["Completeness"]["A1"].value
        == "Completeness: 0 of 15 required fields of the submission are complete"
    )


@pytest.mark.parametrize("field", required.fields(), ids=lambda f: f.id)
def test_every_field_is_called_as_on_the_page_and_stands_in_a_table(field: required.Field):
    assert field.step in TITLES
    book = of_demo()
    assert field.sheet in book.sheetnames
    if field.table:
        assert rows(book, field.table.replace("-", "_"))
    if not field.path.startswith("result:"):
        assert field.field == _title(Plan, field.path.strip("/").split("/"))


def _title(model: type, parts: list[str]) -> str | None:
    """The label of the field that a path leads to, from the plan's own schema."""
    schema = model.model_json_schema()
    here, title = schema, None
    for part in parts:
        if part.startswith("*"):
            here = here["items"]
        else:
            here = here["properties"][part.split("|")[0]]
            title = here.get("title", title)
        here = next((k for k in here.get("anyOf", []) if k.get("type") != "null"), here)
        if "$ref" in here:
            here = schema["$defs"][here["$ref"].rpartition("/")[2]]
    return title


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/budget/lines/*/activity", [("Line", True)]),
        ("/budget/lines/*[beds]/wte", []),
        ("/budget/schemes/*[funded]/capital", [("Scheme", True)]),
        ("/budget/lines/*/beds|activity", [("Line", True)]),
        ("/sign_off/version", [("the plan", False)]),
    ],
)
def test_paths_lead_to_entries(path: str, expected: list[tuple[str, bool]]):
    assert list(required._entries(worked()[0], path.strip("/").split("/"))) == expected


def test_a_result_without_a_value_is_missing():
    plan, _ = worked()
    steps = {"budget": Step("budget", "B", (), (Result("budget.income.2025", "", 1.0, "", "", "", ""),))}
    (income,) = (h for h in required.held(plan, steps) if h.field.id == "income")
    assert income.entries == 4 and len(income.lacking) == 3


def test_a_level_worked_out_from_the_line_chosen_counts_as_given():
    """An ambition may choose a line and enter no level of its own: the sheet Outcomes then shows its levels."""
    plan, steps = demo()
    ambition = next(a for a in plan.ambitions.items if a.measure and a.line)
    items = [ambition.model_copy(update={"levels": []})]
    bare = plan.model_copy(update={"ambitions": plan.ambitions.model_copy(update={"items": items})})
    (level,) = (h for h in required.held(bare, steps) if h.field.id == "level")
    assert level.complete
    (without,) = (h for h in required.held(bare, {}) if h.field.id == "level")
    assert without.lacking == (f"ambition {ambition.number}",)


def test_an_ambition_in_words_is_said_beside_those_with_a_measure():
    """It is not missing, for it has nothing to measure; one with neither is."""
    plan, steps = demo()
    first = next(a for a in plan.ambitions.items if a.measure)
    worded = first.model_copy(
        update={"measure": "", "line": "", "levels": [], "in_words": "Nobody waits alone"}
    )
    bare = worded.model_copy(update={"in_words": ""})

    def states(*items: object) -> dict[str, str]:
        ambitions = plan.ambitions.model_copy(update={"items": list(items)})
        found = required.held(plan.model_copy(update={"ambitions": ambitions}), steps)
        return {h.field.id: h.state for h in found if h.field.id in ("measure", "level", "baseline")}

    assert set(states(first).values()) == {"Complete"}
    assert set(states(first, worded, worded).values()) == {"Complete for 1 of 3; 2 stand in words"}
    assert set(states(worded).values()) == {"Complete for 0 of 1; 1 stands in words"}
    assert states(first, bare)["measure"] == states(first, bare)["level"] == "Missing: for 1 of 2"


def test_the_cover_of_the_tables_says_the_limits_too():
    plan, steps = demo()
    document = documents.document(plan, steps, known())
    book = openpyxl.load_workbook(io.BytesIO(xlsx.page(document, (submission.limits(plan),))))
    said = [str(c.value) for c in book.worksheets[0]["A"]]
    assert "Limits and uncertainty" in said and any(s.startswith("Uncertainty: ") for s in said)

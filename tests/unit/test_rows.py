"""Lists of a plan out to a spreadsheet and to CSV, and back in: nothing lost, every fault said, nothing half done."""

from __future__ import annotations

import csv
import io
import re
import time
import zipfile
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbook.errors import BadInput, UsageError
from workbook.paths import shipped
from workbook.plan import Plan, edit, rows, store
from workbook.plan.rows import cells
from workbook.plan.rows.tables import Column

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "rows"
_NASTY = (
    *(
        "=1+1",
        "+44 1803",
        "-",
        "@home",
        "'=x",
        "''",
        "a\nb",
        "a\r\nb",
        "\t",
        "a;b",
        "a\\;b",
        "\\",
        "\\_",
        "_x000D_",
    ),
    *(
        "x005F_",
        "ünïcode – £",
        "漢字 \U0001f9e1",
        "#N/A",
        "TRUE",
        "0.1",
        "2026-04-01",
        "1e5",
        "\x00\x0b",
        "_x0020_",
    ),
    *("_x005F_x0041_", " ", "word " * 60),
)
NASTY = st.sampled_from(_NASTY)
TEXT = st.one_of(NASTY, st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
MODERATE = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@pytest.fixture(scope="module")
def demo() -> Plan:
    return store.read(shipped("data") / "demo" / "demo.plan.json")


def emptied(plan: Plan) -> Plan:
    data = plan.model_dump(mode="json")
    data |= {"budget": {}, "decommissioning": {}}
    return Plan.model_validate(data)


# --- any plan ---------------------------------------------------------------------


def values(column: Column) -> st.SearchStrategy[Any]:
    if column.name == "id":
        return st.from_regex(r"[a-z0-9][a-z0-9-]{0,8}", fullmatch=True)
    if column.kind == "list":
        return st.lists(one(column, column.inner), max_size=4)
    value = one(column, column.kind)
    return st.none() | value if column.empty_is_none else value


def one(column: Column, kind: str) -> st.SearchStrategy[Any]:
    if kind == "choice":
        return st.sampled_from(column.choices)
    if kind == "yesno":
        return st.booleans()
    if kind == "date":
        return st.dates(date(1990, 1, 1), date(2100, 12, 31))
    if kind == "integer":
        return st.integers(int(column.least or 0), int(column.most or 100))
    if kind == "number":
        return st.floats(column.least, column.most) | st.sampled_from([0.1, 0.3, 0.0]).filter(
            lambda v: column.most is None or v <= column.most
        )
    return TEXT


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    data: dict[str, Any] = {
        "area": {"code": "X", "name": "X"},
        "base_year": 2025,
        "budget": {},
        "decommissioning": {},
    }
    drawn = draw(
        st.sets(
            st.sampled_from([t.name for t in rows.tables().values() if not t.parent]), min_size=1, max_size=3
        )
    )
    for table in rows.tables().values():
        if table.parent:
            for owner in at(data, table.pointer) or []:
                owner[table.field] = draw(held(table.name))
        elif table.name in drawn:
            *parts, last = table.pointer.split("/")[1:]
            holder = data
            for part in parts:
                holder = holder.setdefault(part, {})
            holder[last] = draw(held(table.name))
    return Plan.model_validate(data)


def at(data: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        data = data.get(part, {})
    return data


@cache
def held(name: str) -> st.SearchStrategy[Any]:
    table = rows.tables()[name]
    names = st.from_regex(r"[A-Z]{3}-\d{2}\.[a-z0-9]{1,4}", fullmatch=True)
    if table.shape == "scores":
        scores = st.dictionaries(names, st.dictionaries(names, st.integers(1, 5), max_size=3), max_size=3)
        return st.lists(st.fixed_dictionaries({"respondent": TEXT, "scores": scores}), max_size=3)
    if table.shape == "values":
        return st.dictionaries(names, st.floats(0, 100), max_size=3)
    entry = st.fixed_dictionaries({c.path: values(c) for c in table.fields}).map(nested)
    if table.shape == "named":
        return st.dictionaries(names, entry, max_size=2)
    return st.lists(entry, max_size=2, unique_by=(lambda e: e["id"]) if table.has_id else None)


def nested(flat: dict[tuple[str, ...], Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for path, value in flat.items():
        inner = made
        for part in path[:-1]:
            inner = inner.setdefault(part, {})
        inner[path[-1]] = value
    return made


@MODERATE
@given(plans())
def test_any_plan_comes_back_from_a_spreadsheet_as_it_went(plan: Plan):
    back = rows.bring(plan, rows.sheets_of("plan.xlsx", rows.workbook(plan))).plan if has_rows(plan) else plan
    assert store.to_json(back) == store.to_json(plan)


@MODERATE
@given(plans())
def test_any_plan_comes_back_from_csv_as_it_went(plan: Plan):
    if not has_rows(plan):
        return
    read = [s for name, content in rows.csv_files(plan).items() for s in rows.sheets_of(name, content)]
    assert store.to_json(rows.bring(plan, read).plan) == store.to_json(plan)


def has_rows(plan: Plan) -> bool:
    return any(len(content.splitlines()) > 1 for content in rows.csv_files(plan).values())


@given(st.text(st.characters(exclude_categories=["Cs"])) | NASTY)
def test_escapes_and_guards_give_back_what_they_were_given(text: str):
    assert cells.unescaped(cells.escaped(text)) == text
    assert cells.unguarded(cells.guarded(text)) == text
    assert not cells.guarded(text).startswith(("=", "+", "-", "@"))


@given(st.lists(TEXT.map(str.strip), max_size=5))
def test_a_list_in_one_cell_is_parted_where_it_was_joined(items: list[str]):
    if any(i != i.strip(" \t\r\n\u00a0") for i in items):
        return
    assert cells.parted(cells.joined(items)) == items if items else cells.joined(items) == ""


# --- the demonstration plan ---------------------------------------------------------


def test_the_demonstration_comes_back_whole_into_a_plan_without_lists(demo: Plan):
    for read in (
        rows.sheets_of("plan.xlsx", rows.workbook(demo)),
        [s for name, content in rows.csv_files(demo).items() for s in rows.sheets_of(name, content)],
    ):
        back = rows.bring(emptied(demo), read).plan
        for table in rows.tables().values():
            assert edit.get(back, table.pointer) == edit.get(demo, table.pointer), table.name


def test_the_same_plan_gives_the_same_bytes(demo: Plan):
    assert rows.workbook(demo) == rows.workbook(demo)


def test_every_list_of_the_two_steps_is_a_table():
    named = set(rows.tables())
    asked = "schemes services lines organisations income fund-contributions fund-pots fund-partners contracts contracts-shares"
    asked += (
        " value-scores risks scope-responses interventions budget-answers schemes-answers services-answers"
    )
    asked += " services-destinations services-shunted services-quality services-equality schemes-effects"
    assert set(asked.split()) <= named


def test_lists_without_short_names_have_something_to_tell_entries_apart():
    for table in rows.tables().values():
        if table.shape == "rows" and not table.has_id:
            assert table.key, table.name
            assert set(table.key) <= {c.name for c in table.fields}


def test_headings_of_a_table_differ():
    for table in rows.tables().values():
        headings = [cells.same(c.heading) for c in table.columns]
        assert len(set(headings)) == len(headings), table.name


# --- the spreadsheet ----------------------------------------------------------------


def test_the_spreadsheet_is_one_named_table_a_sheet_without_formulas_or_merged_cells(demo: Plan):
    nasty = edit.put(demo, "/budget/schemes/0/description", "=SUM(A1:A9)")
    content = rows.workbook(nasty)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames[-1] == "notes"
    for sheet in book:
        [table] = sheet.tables.values()
        assert table.ref.startswith("A1:")
        assert not sheet.merged_cells.ranges
        assert all(isinstance(c.value, str) for c in sheet[1])
        assert all(c.data_type != "f" for line in sheet.iter_rows() for c in line)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not any(
            re.search(rb"<f[ >]", archive.read(n)) for n in archive.namelist() if "worksheets/" in n
        )
    description = [c.value for c in book["schemes"][1]].index("What will change for people") + 1
    assert book["schemes"].cell(2, description).value == "=SUM(A1:A9)"
    assert book["schemes"].cell(2, description).data_type != "f"


def test_the_notes_tell_of_every_column(demo: Plan):
    book = openpyxl.load_workbook(io.BytesIO(rows.workbook(demo)))
    told = {(line[0].value, line[1].value) for line in book["notes"].iter_rows(min_row=2)}
    for table in rows.tables().values():
        assert {(table.name, c.heading) for c in table.columns} <= told
    assert ("how to use", "rule 1") in told


def test_choices_are_offered_and_dates_are_dates(demo: Plan):
    book = openpyxl.load_workbook(io.BytesIO(rows.workbook(demo)))
    rules = [rule.formula1 for rule in book["schemes"].data_validations.dataValidation]
    assert '"yes,no"' in rules
    assert '"strong,some,weak,none"' in rules
    services = book["services"]
    column = [c.value for c in services[1]].index("Last day of the service") + 1
    found = [services.cell(r, column) for r in range(2, services.max_row + 1)]
    assert any(c.is_date for c in found if c.value)


def test_only_names_the_tables_and_what_is_inside_their_entries(demo: Plan):
    assert list(rows.csv_files(demo, ["schemes"])) == [
        "schemes.csv",
        "schemes-effects.csv",
        "schemes-answers.csv",
    ]
    with pytest.raises(UsageError, match="no table skemes"):
        rows.workbook(demo, ["skemes"])


def test_a_template_that_is_filled_in_partly_takes_nothing_out_of_the_plan(demo: Plan):
    book = openpyxl.load_workbook(io.BytesIO(rows.workbook(None)))
    sheet = book["risks"]
    heads = [c.value for c in sheet[1]]
    sheet.cell(2, heads.index("Risk") + 1).value = "Nobody comes"
    made = rows.bring(demo, rows.sheets_of("t.xlsx", saved(book)))
    assert [r.id for r in made.plan.budget.risks] == ["nobody-comes"]
    assert made.plan.budget.schemes == demo.budget.schemes
    assert [c.table for c in made.changes] == ["risks"]


# --- bringing in --------------------------------------------------------------------


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text(name: str, *lines: list[str]) -> list[rows.Sheet]:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(lines)
    return rows.sheets_of(f"{name}.csv", out.getvalue().encode())


def faults(plan: Plan, sheets: list[rows.Sheet], **how: Any) -> list[str]:
    with pytest.raises(rows.FaultyRows) as raised:
        rows.bring(plan, sheets, **how)
    return [str(f) for f in raised.value.faults]


def test_a_list_takes_the_place_of_the_plans_and_keeps_what_the_file_does_not_have(demo: Plan):
    first, second = demo.budget.schemes[:2]
    made = rows.bring(
        demo, text("schemes", ["Short name", "Scheme"], [second.id, "Renamed"], [first.id, first.name])
    )
    assert [s.id for s in made.plan.budget.schemes] == [second.id, first.id]
    assert made.plan.budget.schemes[0] == second.model_copy(update={"name": "Renamed"})
    [change] = made.changes
    assert (change.new, change.changed, change.same, change.removed) == (
        0,
        1,
        1,
        len(demo.budget.schemes) - 2,
    )


def test_an_update_adds_and_changes_and_takes_nothing_out(demo: Plan):
    first = demo.budget.schemes[0]
    made = rows.bring(
        demo, text("schemes", ["Short name", "Scheme"], ["", "A new one"], [first.id, "Renamed"]), update=True
    )
    assert len(made.plan.budget.schemes) == len(demo.budget.schemes) + 1
    assert made.plan.budget.schemes[0].name == "Renamed"
    assert made.plan.budget.schemes[-1].id == "a-new-one"
    [change] = made.changes
    assert (change.new, change.changed, change.removed) == (1, 1, 0)


def test_short_names_are_made_from_names_and_told_apart():
    plan = Plan(area={"code": "X", "name": "X"}, base_year=2025)
    made = rows.bring(plan, text("schemes", ["Scheme"], ["Été: at home"], ["Ete at home"], ["£"]))
    assert [s.id for s in made.plan.budget.schemes] == ["ete-at-home", "ete-at-home-2", "entry"]
    assert "Its short name is now ete-at-home." in str(made.said[0])


def test_a_row_without_a_short_name_is_the_entry_of_that_name(demo: Plan):
    first = demo.budget.schemes[0]
    made = rows.bring(demo, text("schemes", ["Scheme", "Owner"], [first.name, "Somebody"]))
    assert [s.id for s in made.plan.budget.schemes] == [first.id]
    assert made.plan.budget.schemes[0].effects == first.effects


def test_entries_are_found_by_their_names_also_those_of_the_same_files(demo: Plan):
    sheets = text("services", ["Service", "Provider", "Why"], ["Day unit", "Trust", "Unused"])
    sheets += text(
        "services-destinations",
        ["Service: short name", "Group of users", "People a year"],
        ["Day Unit", "All", "10"],
    )
    sheets += text("risks", ["Risk", "Service it concerns"], ["Late", "Day unit"])
    made = rows.bring(demo, sheets, update=True).plan
    assert made.decommissioning.services[-1].destinations[0].people == 10
    assert made.budget.risks[-1].service == "day-unit"


@pytest.mark.parametrize(
    ("column", "cell", "held"),
    [
        ("Share that can be cashed", "45%", 0.45),
        ("Share that can be cashed", "0.45", 0.45),
        ("Share that can be cashed", "7%", 0.07),
        ("Set-up cost, once (£000s)", "£1,250.50", 1250.5),
        ("Starts in financial year", "2026/27", 2026),
        ("Starts in financial year", "2026", 2026),
        ("Funded", "Yes", True),
        ("Pilot: Ends on", "31/03/2027", date(2027, 3, 31)),
        ("Pilot: Ends on", "31 March 2027", date(2027, 3, 31)),
        ("pilot.ends", "2027-03-31", date(2027, 3, 31)),
        ("Share in effect, year by year from the start", "25%; 0.75; 1", [0.25, 0.75, 1]),
        ("Share in effect, year by year from the start", "0.25, 0.75, 1", [0.25, 0.75, 1]),
        ("Lead time (months)", "", None),
        ("Lead time (months)", "0", 0),
        ("Evidence", "Some", "some"),
    ],
)
def test_what_people_type_is_understood(column: str, cell: str, held: Any):
    plan = Plan(area={"code": "X", "name": "X"}, base_year=2025)
    scheme = rows.bring(plan, text("schemes", ["Scheme", column], ["A", cell])).plan.budget.schemes[0]
    found = next(c for c in rows.tables()["schemes"].columns if column in (c.heading, c.name))
    value: Any = scheme
    for part in found.path:
        value = getattr(value, part)
    assert value == held


@pytest.mark.parametrize(
    ("table", "column", "cell", "said"),
    [
        ("lines", "Spend in the base year (£000s)", "-5", "“-5” is too low. Give a number, 0 or more."),
        ("lines", "Spend in the base year (£000s)", "(5)", "is too low"),
        ("lines", "Spend in the base year (£000s)", "about 5", "“about 5” is not a number."),
        ("lines", "Spend in the base year (£000s)", "1.2m", "is not a number."),
        ("lines", "Spend in the base year (£000s)", "1,25", "is not a number."),
        ("lines", "Spend in the base year (£000s)", "45%", "is a percentage where a plain number is asked"),
        ("lines", "Spend in the base year (£000s)", "", "The cell is empty. Give a number, 0 or more"),
        ("lines", "Share of the spend that is pay", "45", "is a share from 0 to 1. Write 0.45 or 45%, if that is meant."),
        ("lines", "Share of the spend that is pay", "450", "is too high"),
        ("lines", "Growth assumption", "fast", "is not one of the choices. Write acute, acute-ae"),
        ("lines", "Other growth of this line (% a year)", "150%", "is too high. Give a number from -50 to 100."),
        ("value-scores", "Benefit to one person", "101", "Give a number from 0 to 100."),
        ("schemes", "Lead time (months)", "3.5", "is not a whole number. Leave out the decimals."),
        ("schemes", "Starts in financial year", "2026/28", "is no financial year."),
        ("schemes", "Funded", "perhaps", "is neither yes nor no."),
        ("schemes", "Pilot: Ends on", "31/02/2027", "is not a date."),
        ("schemes", "Pilot: Ends on", "31/03/27", "is not a date."),
        ("schemes", "Pilot: Ends on", "46000", "is not a date."),
        ("schemes", "Short name", "Falls Service", "no short name. Use small letters, digits and hyphens, for instance falls-service."),
        ("schemes", "Budget line whose spend it changes", "acute-bed", "There is no acute-bed among lines."),
        ("schemes", "Owner", "x" * 301, "no more than 300 characters fit"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_its_place(table: str, column: str, cell: str, said: str):
    plan = Plan(area={"code": "X", "name": "X"}, base_year=2025)
    needed = {
        "lines": ("Budget line", "Spend in the base year (£000s)", "1"),
        "schemes": ("Scheme", "Owner", "x"),
    }
    name, other, value = needed.get(table, ("Scored by", "Option", ""))
    extra = [] if other == column else [other]
    found = faults(plan, text(table, [name, column, *extra], ["A", cell, *([value] if extra else [])]))
    assert len(found) == 1, found
    assert f"{table}.csv, row 2, column {column}: " in found[0]
    assert said in found[0]


def test_every_fault_is_said_and_nothing_is_changed(demo: Plan):
    before = store.to_json(demo)
    sheets = text("services", ["Service", "Cost a year (£000s)", "Contract began on", "Contract ends on", "Nonsense"],
        ["A", "x", "2026-04-01", "2025-03-31", ""], ["", "-1", "", "", ""], ["C", "1", "2026-04-01", "2025-03-31", ""])  # fmt: skip
    sheets += text("schemes", ["Short name", "Scheme"], ["a", "A"], ["a", "B"])
    sheets += text("schemes-effects", ["Scheme: short name", "Ambition"], ["zz", "9"])
    said = "\n".join(faults(demo, sheets))
    for part in (
        "“Nonsense” is no column of the list services",
        "services.csv, row 2, column Cost a year (£000s): “x” is not a number",
        "services.csv, row 3, column Cost a year (£000s): “-1” is too low",
        "services.csv, row 3, column Short name: The row has neither a short name nor a name.",
        "services.csv, row 4, column Contract ends on: 31 March 2025 is before 1 April 2026",
        "schemes.csv, row 3, column Short name: The short name a stands in row 2 already.",
        "schemes-effects.csv, row 2, column Ambition: “9” is too high",
        "schemes-effects.csv, row 2, column Scheme: short name: There is no scheme zz in the plan or in these files.",
    ):
        assert part in said
    assert store.to_json(demo) == before


def test_schemes_that_wait_for_each_other_are_refused():
    plan = Plan(area={"code": "X", "name": "X"}, base_year=2025)
    heads = ["Short name", "Scheme", "Schemes that must come first"]
    said = faults(plan, text("schemes", heads, ["a", "A", "b"], ["b", "B", "c"], ["c", "C", "b"]))
    assert [s.partition(": ")[2].partition(".")[0] for s in said] == [
        "b waits for itself: b after c after b",
        "c waits for itself: c after b after c",
    ]
    plan = rows.bring(plan, text("schemes", heads, ["a", "A", "b"], ["b", "B", ""])).plan
    assert "b after a after b" in faults(plan, text("schemes", heads[::2], ["b", "a"]), update=True)[0]


def test_columns_that_are_misspelt_missing_or_doubled_are_named(demo: Plan):
    assert "Is “Scheme” meant?" in "".join(faults(demo, text("schemes", ["Scheem"], ["A"])))
    assert "The column “Scheme: short name” is missing." in "".join(
        faults(demo, text("schemes-effects", ["Ambition"], ["1"]))
    )
    assert "stands twice" in "".join(faults(demo, text("schemes", ["Scheme", "scheme"], ["A", "B"])))
    said = faults(demo, text("lines", ["Budget line"], ["Entirely new"]))
    assert "The row is new, and the column “Spend in the base year (£000s)” is not in the file." in said[0]


def test_a_file_is_known_by_its_header_and_otherwise_named(demo: Plan):
    sheets = text(
        "whatever", ["Organisation", "Financial year", "Income (£000s)"], ["Council", "2026/27", "5"]
    )
    assert rows.bring(demo, sheets).changes[0].table == "income"
    assert "It is none of the lists of a plan" in faults(demo, text("skemes", ["Colour"], ["red"]))[0]


def test_what_the_plan_holds_already_is_not_held_against_the_file(demo: Plan):
    dangling = edit.put(demo, "/budget/schemes/0/line", "gone-long-ago")
    assert rows.bring(dangling, rows.sheets_of("p.xlsx", rows.workbook(dangling))).plan == dangling


def test_ids_from_outside_the_plan_are_checked_where_they_are_known(demo: Plan):
    sheet = text("budget-answers", ["Id", "Answer"], ["CST-99.1", "Yes"])
    assert rows.bring(demo, sheet, update=True).plan.budget.answers["CST-99.1"].answer == "Yes"
    said = faults(demo, sheet, update=True, known={"budget-answers": {"CST-13.1": "Words"}})
    assert "There is no CST-99.1 to answer here." in said[0]
    assert "is no id" in faults(demo, text("budget-answers", ["Id", "Answer"], ["first", "Yes"]))[0]


def test_three_hundred_rows_come_in_within_two_seconds():
    plan = Plan(area={"code": "X", "name": "X"}, base_year=2025)
    schemes = [
        ["Scheme", "Set-up cost, once (£000s)", "Funded"],
        *([f"Scheme {n}", str(n), "yes"] for n in range(200)),
    ]
    services = [
        ["Service", "Provider", "Cost a year (£000s)"],
        *([f"Service {n}", "Trust", str(n)] for n in range(60)),
    ]
    full = rows.bring(plan, text("schemes", *schemes) + text("services", *services)).plan
    content = rows.workbook(full)
    start = time.perf_counter()
    made = rows.bring(plan, rows.sheets_of("plan.xlsx", content))
    assert time.perf_counter() - start < 2
    assert made.plan == full


# --- files from anybody ----------------------------------------------------------------


def test_formulas_errors_merged_and_hidden_cells_are_said(demo: Plan):
    book = openpyxl.load_workbook(io.BytesIO(rows.workbook(demo, ["income"])))
    sheet = book["income"]
    sheet["C2"].value, sheet["C3"].value = "=1+1", "#REF!"
    sheet.merge_cells("A4:A5")
    sheet.row_dimensions[6].hidden = True
    said = "\n".join(faults(demo, rows.sheets_of("f.xlsx", saved(book))))
    assert "f.xlsx, sheet income, row 2, column C: Cell C2 holds a formula" in said
    assert "Cell C3 holds the error #REF!" in said
    assert "Cells are merged (A4:A5)" in said
    book = openpyxl.load_workbook(io.BytesIO(rows.workbook(demo, ["income", "risks"])))
    book["income"].row_dimensions[6].hidden = True
    book.create_sheet("extra").append(["x"])
    book["extra"].sheet_state = "hidden"
    made = rows.bring(demo, rows.sheets_of("f.xlsx", saved(book)))
    said = "\n".join(map(str, made.said))
    assert "Hidden rows were read too: 6." in said
    assert "sheet extra: The sheet is hidden, so nothing of it was read." in said


def test_a_percentage_cell_is_read_as_it_is_shown(demo: Plan):
    book = openpyxl.load_workbook(io.BytesIO(rows.workbook(None, ["lines"])))
    sheet = book["lines"]
    heads = [c.value for c in sheet[1]]
    row = {
        "Budget line": "A",
        "Spend in the base year (£000s)": 1,
        "Share of the spend that is pay": 0.6,
        "Price uplift of this line (% a year)": 0.02,
    }
    for name, value in row.items():
        sheet.cell(2, heads.index(name) + 1).value = value
    for name in list(row)[2:]:
        sheet.cell(2, heads.index(name) + 1).number_format = "0%"
    line = rows.bring(demo, rows.sheets_of("f.xlsx", saved(book))).plan.budget.lines[0]
    assert (line.pay_share, line.own_price) == (0.6, 2)


def archive(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/") + ".xml", content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04 torn", "damaged"),
        (archive(word__document=b"<a/>"), "not a spreadsheet"),
        (archive(xl__workbook=b"<a/>", xl__bomb=b"0" * 210_000_000), "unpacks to more than"),
        (archive(xl__workbook=b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "declares entities"),
        (
            archive(xl__workbook='<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a>'.encode("utf-16")),
            "declares entities",
        ),
        (archive(xl__workbook=b"<a/>"), "damaged"),
        (b"Scheme\nCaf\xe9", "line 2 holds a letter in another encoding"),
        (b"%PDF-1.7", "neither a spreadsheet"),
        (b"<html>", "web page"),
        (b'Scheme\n"open', "quotation mark is probably left open"),
        (b"a\n" * 50_002, "more than 50,000 rows"),
        (b"a" * 20_000_001, "larger than 20 MB"),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_files_that_are_no_lists_are_refused_in_words(content: bytes, said: str):
    with pytest.raises(BadInput, match=said):
        rows.sheets_of("file.xlsx", content)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 10_000))
def test_a_mutilated_spreadsheet_is_refused_in_words_or_read(noise: bytes, place: int):
    plan = Plan(area={"code": "X", "name": "X"}, base_year=2025, budget={"risks": [{"id": "a", "name": "A"}]})
    whole = rows.workbook(plan, ["risks"])
    place %= len(whole)
    try:
        rows.bring(plan, rows.sheets_of("f.xlsx", whole[:place] + noise + whole[place + len(noise) :]))
    except BadInput as error:
        assert str(error)


def test_a_folder_without_csv_and_a_file_that_is_not_there_are_said(tmp_path: Path):
    with pytest.raises(BadInput, match="holds no CSV file"):
        rows.sheets(tmp_path)
    with pytest.raises(BadInput, match="There is no file"):
        rows.sheets(tmp_path / "none.csv")


# --- many rows, and rows that do not fit together ---------------------------------------


def test_a_share_above_the_whole_is_not_told_to_be_a_tenth_of_it():
    plan = Plan(area={"code": "X", "name": "X"}, base_year=2025)
    [said] = faults(plan, text("schemes", ["Scheme", "Share that can be cashed"], ["A", "450%"]))
    assert "“450%” is too high. Give a number from 0 to 1, or a percentage such as 45%." in said


@pytest.mark.parametrize(
    ("low", "middle", "high", "words"),
    [
        ("-1", "-4", "-6", "-1, -4 and -6"),
        ("5", "", "2", "5 and 2"),
        ("", "-4", "-5", "-4 and -5"),
    ],
)
def test_a_range_that_is_turned_round_is_refused(demo: Plan, low: str, middle: str, high: str, words: str):
    heads = ["Scheme: short name", "Ambition", "percent", "low", "high"]
    rows_ = text("schemes-effects", heads, [demo.budget.schemes[0].id, "7", middle, low, high])
    [said] = faults(demo, rows_, update=True)
    assert f"The range runs {words}" in said.replace("\u2212", "-")
    assert "column Effect, lower end (%)" in said


def test_names_and_short_names_are_told_apart_among_thousands_of_rows():
    plan = Plan(area={"code": "X", "name": "X"}, base_year=2025)
    for lines in (
        [["Short name", "Risk"], *(["same", "A"] for _ in range(8000))],
        [["Risk"], *(["Same"] for _ in range(8000))],
        [["Risk", "Scheme it concerns"], *([f"R{n}", f"nothing {n}"] for n in range(8000))],
    ):
        start = time.perf_counter()
        try:
            made = rows.bring(plan, text("risks", *lines)).plan.budget.risks
            assert [r.id for r in made[:3]] == ["same", "same-2", "same-3"]
        except rows.FaultyRows as error:
            assert len(error.faults) >= 7999
            assert "\n  and 7,799 more" in str(error) or "\n  and 7,800 more" in str(error)
        assert time.perf_counter() - start < 20  # a search for each row takes minutes


def test_a_title_above_the_column_names_is_said_once_and_not_for_each_row(demo: Plan):
    lines = [["Our risks"], ["Short name", "Risk", "Owner"], ["a", "A", "B"], ["c", "C", "D"]]
    said = faults(demo, text("risks", *lines))
    assert (
        "“Our risks” stands alone in the first row, and the column names seem to stand in row 2." in said[0]
    )
    assert len(said) <= 2


def test_a_first_line_that_names_the_mark_between_cells_is_no_header(demo: Plan):
    for mark in (";", ","):
        content = f"sep={mark}\r\nRisk{mark}Owner\r\nA{mark}B\r\nC{mark}\r\n".encode()
        sheets = rows.sheets_of("risks.csv", content)
        assert [number for number, _ in sheets[0].rows] == [3, 4]
        assert [r.owner for r in rows.bring(demo, sheets).plan.budget.risks] == ["B", ""]


def test_a_file_of_another_plan_is_told_of_before_it_is_taken(demo: Plan):
    other = Plan(
        area={"code": "X1", "name": "Elsewhere"}, base_year=2025, budget={"risks": [{"id": "a", "name": "A"}]}
    )
    made = rows.bring(demo, rows.sheets_of("f.xlsx", rows.workbook(other)))
    assert "taken out of another plan: “Elsewhere” (X1); this one is for" in str(made.said[0])
    own = rows.bring(demo, rows.sheets_of("f.xlsx", rows.workbook(demo)))
    assert not any("another plan" in str(s) for s in own.said)

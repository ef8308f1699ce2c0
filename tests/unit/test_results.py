"""What stands in results.json: every figure, whole, and as its schema says."""

import copy
import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from workbook import steps as rooms
from workbook.blocks import Column, Figure, Result, Step, Table
from workbook.pack import results as figures
from workbook.pack.results import results
from workbook.pack.summary import BatchSummary, Row
from workbook.pack.written import as_bytes
from workbook.plan import Plan, store
from workbook.reference import Reference

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
DEMO = DATA / "demo" / "demo.plan.json"
CASES = sorted((DATA / "cases").glob("*.plan.json"))


def schema(name: str) -> dict[str, Any]:
    return json.loads((DATA / f"{name}.schema.json").read_text(encoding="utf-8"))


def check(name: str, content: Any) -> None:
    """A file as it is written, against its published schema."""
    kind = jsonschema.Draft202012Validator
    kind(schema(name), format_checker=kind.FORMAT_CHECKER).validate(json.loads(as_bytes(content)))


def made(plan: Plan, home: Path | None = None) -> tuple[dict[str, Any], Mapping[str, Step]]:
    reference = Reference.open(home) if home else Reference.open()
    steps = {id: rooms.run(id, plan, reference) for id in rooms.TITLES}
    return results(plan, steps, reference), steps


@pytest.fixture(scope="module")
def demo() -> tuple[dict[str, Any], Mapping[str, Step]]:
    return made(store.read(DEMO))


def empty() -> Plan:
    return Plan.model_validate({"area": {"code": "E54000050", "name": "Nowhere"}, "base_year": 2024})


def by_id(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    cells = (cell for table in content["tables"] for cell in table["cells"])
    return {record["id"]: record for record in (*content["results"], *cells)}


# --- the schemas ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["results", "manifest", "summary"])
def test_a_published_schema_is_one_and_says_what_every_field_is(name: str) -> None:
    content = schema(name)
    jsonschema.Draft202012Validator.check_schema(content)
    assert content["$id"].startswith("urn:commissioning-workbook:schema:")

    def look(held: Any, where: str) -> None:
        if isinstance(held, dict):
            for field, described in held.get("properties", {}).items():
                if where.rpartition("/")[2] not in ("if", "then", "else"):
                    assert described.get("$ref") or (described["title"] and described["description"]), (
                        f"{where}: {field}"
                    )
            for key, inner in held.items():
                look(inner, f"{where}/{key}")

    look(content, name)


def test_the_demonstration_plan_keeps_to_the_schema(demo) -> None:
    check("results", demo[0])


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.name.partition(".")[0])
def test_every_case_keeps_to_the_schema(path: Path) -> None:
    check("results", made(store.read(path))[0])


def test_an_empty_plan_keeps_to_the_schema_and_says_what_is_missing() -> None:
    content = made(empty())[0]
    check("results", content)
    gap = by_id(content)["budget.gap-after.2029"]
    assert (gap["value"], gap["reason"]) == (None, "No budget line is entered.")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda c: c["results"][0].pop("unit"),
        lambda c: c["results"][0].update(value=None),  # without a reason
        lambda c: c["results"][0].update(reason="Not known."),  # although there is a value
        lambda c: c["results"][0].update(lower=1.0),  # without the upper limit
        lambda c: c["results"][0].update(status="guessed"),
        lambda c: c["results"][0].update(method_id="somewhere"),
        lambda c: c["results"][0].update(note="a field nobody described"),
        lambda c: c["tables"][0]["cells"][0].pop("period"),
        lambda c: c["plan"].update(revision=-1),
        lambda c: c.update(schema_version=2),
    ],
)
def test_the_schema_refuses_what_is_wrong(demo, spoil) -> None:
    small = {**demo[0], "results": demo[0]["results"][:1], "tables": demo[0]["tables"][:1]}
    check("results", small)
    content = copy.deepcopy(small)
    spoil(content)
    with pytest.raises(jsonschema.ValidationError):
        check("results", content)


def test_the_summary_of_a_batch_keeps_to_its_schema(tmp_path: Path) -> None:
    rows = (
        Row("E1", "E1", "South", "complete", findings=2, blocking=0, gap=-12.5),
        Row("X", "X", "", "failed"),
    )
    record = BatchSummary(tmp_path, rows, ("A code was listed twice.",)).as_record()
    check("summary", record)
    with pytest.raises(jsonschema.ValidationError):
        check("summary", {**record, "exit_code": 1})


# --- every figure that is printed -------------------------------------------------------


def printed(steps: Mapping[str, Step]) -> list[tuple[str, Table]]:
    found = []
    for step in steps.values():
        tables = [b.table if isinstance(b, Figure) else b for b in step.blocks]
        found += [(step.id, t) for t in tables if isinstance(t, Table)]
    return found


def test_every_number_of_every_table_is_a_result(demo) -> None:
    content, steps = demo
    held = {table["id"]: [cell["value"] for cell in table["cells"]] for table in content["tables"]}
    numbers = 0
    for step, table in printed(steps):
        rest = list(held.get(f"{step}.table.{table.id}", ()))
        for row in table.rows:
            # The first column says what a row is about, some others too.
            for column, value in list(zip(table.columns, row, strict=True))[1:]:
                if (
                    isinstance(value, (int, float))
                    and not isinstance(value, bool)
                    and column.name not in figures._ABOUT
                ):
                    assert value in rest, f"{table.id}: {row[0]}, {column.label}"
                    numbers += 1
    assert numbers > 3000


def test_every_figure_a_step_names_is_there_once(demo) -> None:
    content, steps = demo
    ids = [r["id"] for r in content["results"]] + [c["id"] for t in content["tables"] for c in t["cells"]]
    assert len(ids) == len(set(ids))
    assert {r.id for step in steps.values() for r in step.results} <= set(ids)


def test_no_figure_is_of_a_family_nobody_described(demo) -> None:
    content, _ = demo
    last = {f.pattern.pattern for f in figures.families()[-2:]}
    ids = [r["id"] for r in content["results"]] + [t["id"] for t in content["tables"]]
    assert not [id for id in ids if figures.family(id).pattern.pattern in last]


def test_every_method_leads_to_a_section_of_the_documentation() -> None:
    for known in figures.families():
        page, _, place = known.method_id.partition("#")
        text = (ROOT / "docs" / page).read_text(encoding="utf-8")
        titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        assert place in {re.sub(r"[^\w\- ]", "", t.lower()).replace(" ", "-") for t in titles}, (
            known.method_id
        )


def test_limits_stand_with_the_figure_they_are_of(demo) -> None:
    held = by_id(demo[0])
    gap = held["budget.gap-after.2030"]
    assert gap["lower"] == held["budget.gap-after-p10.2030"]["value"]
    assert gap["upper"] == held["budget.gap-after-p90.2030"]["value"]
    assert gap["lower"] < gap["value"] < gap["upper"]


def test_money_left_over_is_income_less_spend_by_its_factors(demo) -> None:
    gap = by_id(demo[0])["budget.gap-after.2030"]
    income, spend = gap["factors"]
    assert (income["id"], spend["id"]) == ("budget.income.2030", "budget.spend-after.2030")
    assert math.isclose(income["value"] - spend["value"], gap["value"], abs_tol=1e-6)


def test_a_factor_that_is_a_figure_of_the_file_has_its_value(demo) -> None:
    held = by_id(demo[0])
    factors = [f for r in demo[0]["results"] for f in r["factors"] if "#" not in f["id"]]
    assert len(factors) > 100
    assert all(held[f["id"]]["value"] == f["value"] for f in factors)


def test_everything_of_a_synthetic_area_is_called_so(demo) -> None:
    assert {r["status"] for r in (*demo[0]["results"], *demo[0]["tables"])} == {"synthetic"}


def test_the_same_plan_gives_the_same_bytes(demo) -> None:
    content, steps = demo
    assert as_bytes(results(store.read(DEMO), steps, Reference.open())) == as_bytes(content)


# --- by hand ----------------------------------------------------------------------------


def by_hand() -> dict[str, Any]:
    table = Table(
        "beds",
        "Beds",
        (Column("name", "Ward"), Column("status", "Status"), Column("2025", "2025/26", "beds"), Column("range", "Range"),
         Column("said", "Share", "%")),
        (("North", "confirmed", 12, "a", "10 to 20"), ("North", "assumed", None, "b", None), ("North", "assumed", 3, "c", "7")),
        missing="not counted",
    )  # fmt: skip
    result = Result(
        "odd.figure", "Odd", float("nan"), "beds", "", "Counted", "ONS", {"Of which new": float("inf")}
    )
    plan = Plan.model_validate({"area": {"code": "E1", "name": "South"}, "base_year": 2024, "revision": 7})
    return results(plan, {"budget": Step("budget", "Budget", (table,), (result,))})


def test_what_is_no_number_is_null_with_a_reason() -> None:
    content = by_hand()
    check("results", content)
    odd = by_id(content)["odd.figure"]
    assert (odd["value"], odd["reason"], odd["period"]) == (None, "Not available.", "2025/26 to 2029/30")
    assert odd["factors"] == [{"id": "odd.figure#of-which-new", "label": "Of which new", "value": None}]
    assert odd["vintage"] == "Revision 7 of the plan"
    assert "NaN" not in as_bytes(content).decode()
    assert "Infinity" not in as_bytes(content).decode()


def test_rows_of_one_name_are_told_apart_and_state_their_status() -> None:
    held = by_id(by_hand())
    assert [id for id in held if id.startswith("budget.table")] == [
        "budget.table.beds.north-confirmed.2025", "budget.table.beds.north-confirmed.said",
        "budget.table.beds.north-assumed.2025", "budget.table.beds.north-assumed.said",
        "budget.table.beds.north-assumed~2.2025", "budget.table.beds.north-assumed~2.said",
    ]  # fmt: skip
    first, second = (
        held["budget.table.beds.north-confirmed.2025"],
        held["budget.table.beds.north-assumed.2025"],
    )
    assert (first["value"], first["unit"], first["period"], first["status"]) == (
        12,
        "beds",
        "2025/26",
        "confirmed",
    )
    assert (second["value"], second["reason"], second["status"]) == (None, "Not counted.", "assumed")


def test_a_range_in_words_is_a_figure_and_a_sentence_is_none() -> None:
    columns = (Column("name", "Name"), Column("a", "A"), Column("b", "B"))
    table = Table("t", "T", columns, (("x", "12 to 14", "2 wards closed"), ("y", "9 to 10", "None")))
    assert figures.holds_figures(table, 1)
    assert not figures.holds_figures(table, 2)

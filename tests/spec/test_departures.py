"""Where a plan goes its own way, and whether it says why."""

from __future__ import annotations

import pytest

from workbook.paths import shipped
from workbook.plan import Plan, edit, store
from workbook.reference import Reference
from workbook.steps import run, thread
from workbook.steps.departures import Departure, departures


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.open()


@pytest.fixture(scope="module")
def demo() -> Plan:
    return store.read(shipped("data") / "demo" / "demo.plan.json")


def changed(plan: Plan, **values: object) -> Plan:
    for place, value in values.items():
        plan = edit.put(plan, "/" + place.replace("__", "/"), value)
    return plan


def at(plan: Plan, reference: Reference, path: str) -> list[Departure]:
    return [d for d in departures(plan, reference) if d.path == path]


def test_an_empty_plan_departs_from_nothing(reference: Reference) -> None:
    from workbook.steps.new import new_plan

    plan = new_plan("SYN01", reference, base_year=2025, horizon=5)
    assert departures(plan, reference) == []
    page = run("plan", plan, reference)
    assert "follows what the workbook suggests everywhere" in str(page.blocks)


@pytest.mark.parametrize(
    ("values", "path", "suggested", "chosen"),
    [
        (
            {"needs__shortlist__voice": 40},
            "/needs/shortlist/reason",
            "all alike, 20 each",
            "Size 20; Beyond chance 20; Inequality 25; Trend 10; Local voice 40",
        ),
        (
            {"budget__lines__0__own_growth": 4.5},
            "/budget/lines/0/own_reason",
            "the dated assumptions",
            "growth 4.5% a year",
        ),
        (
            {"decommissioning__quality__gate": 9},
            "/decommissioning/quality/reason",
            "the four bands that most use, a full assessment above 8",
            "a full assessment above 9",
        ),
        ({"assumptions__0__value": 3.25}, "/assumptions/0/reason", "2.50% (assumed)", "3.25% (assumed)"),
    ],
)
def test_each_says_what_is_suggested_and_what_the_plan_has(
    demo: Plan, reference: Reference, values: dict[str, object], path: str, suggested: str, chosen: str
) -> None:
    [found] = at(changed(demo, **values), reference, path)
    assert (found.suggested, found.chosen) == (suggested, chosen)


def test_weights_that_are_all_alike_are_no_departure_however_large(demo: Plan, reference: Reference) -> None:
    names = ("size", "significance", "inequality", "trend", "voice")
    alike = changed(demo, **{f"needs__shortlist__{name}": 7 for name in names})
    assert at(alike, reference, "/needs/shortlist/reason") == []


def test_a_share_of_risk_departs_by_the_share_paid_in(demo: Plan, reference: Reference) -> None:
    found = at(demo, reference, "/budget/fund/shares_reason")
    paid = {c.partner: 0.0 for c in demo.budget.fund.contributions}
    for c in demo.budget.fund.contributions:
        paid[c.partner] += c.amount
    for departure in found:
        partner = departure.what.removeprefix("Share of an overspend that ").removesuffix(" bears")
        assert departure.suggested == f"{100 * paid[partner] / sum(paid.values()):.0f}%, as it pays in"


@pytest.mark.parametrize(
    ("place", "note"),
    [
        ("needs__shortlist__voice", "/needs/shortlist/reason"),
        ("decommissioning__quality__gate", "/decommissioning/quality/reason"),
    ],
)
def test_a_departure_without_a_note_is_a_finding_and_with_one_it_is_none(
    demo: Plan, reference: Reference, place: str, note: str
) -> None:
    field = note[1:].replace("/", "__")
    bare = changed(demo, **{place: 11, field: ""})
    codes = [(f.code, f.path) for f in thread.findings(bare, reference)]
    assert ("departure-without-note", note) in codes
    told = changed(bare, **{field: "Agreed by the board in March."})
    assert ("departure-without-note", note) not in [
        (f.code, f.path) for f in thread.findings(told, reference)
    ]


def test_every_note_has_its_question_on_the_page_of_its_step(demo: Plan, reference: Reference) -> None:
    from workbook.guide.drawing.views import Views

    plan = changed(demo, decommissioning__quality__gate=9)
    found = departures(plan, reference)
    assert len({d.path.split("/")[1] for d in found}) >= 3
    lost = [d.path for d in found if Views(run(d.step, plan, reference)).asking(d.path) is None]
    assert lost == []


def test_the_page_of_the_plan_lists_them_with_the_note_or_its_absence(
    demo: Plan, reference: Reference
) -> None:
    bare = changed(demo, needs__shortlist__reason="")
    [table] = [t for t in run("plan", bare, reference).tables() if t.id == "departures"]
    cells = {row[0]: row for row in table.rows}
    assert cells["Weights of the shortlist"][3] == "no note"
    assert len(table.rows) == len(departures(bare, reference))

"""The plan document as it is read: one page, a summary, every section findable, the rest looked up in the annex."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from typing import Any

import pikepdf
import pytest

from workbook.blocks import (
    Block,
    Column,
    Figure,
    Finding,
    Heading,
    Item,
    Question,
    Step,
    Table,
    Tree,
    Words,
    table,
)
from workbook.pack import documents
from workbook.pack.documents import annex
from workbook.paths import shipped
from workbook.plan import Plan, store
from workbook.plan.sections import Service
from workbook.reference import Reference
from workbook.render import pdf
from workbook.render.document import Document
from workbook.steps import TITLES, case, in_short, run, telling, thread
from workbook.steps.decommissioning import money as stopping

AREA = {"code": "SYN01", "name": "Northmere", "kind": "synthetic", "synthetic": True}


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.open()


@pytest.fixture(scope="module")
def demo() -> Plan:
    return store.read(shipped("data") / "demo" / "demo.plan.json")


@pytest.fixture(scope="module")
def steps(demo: Plan, reference: Reference) -> dict[str, Step]:
    return {step: run(step, demo, reference) for step in TITLES}


@pytest.fixture(scope="module")
def document(demo: Plan, steps: dict[str, Step], reference: Reference) -> Document:
    return documents.document(demo, steps, reference)


@pytest.fixture(scope="module")
def begins(document: Document) -> dict[str, int]:
    """On which page of the PDF each part begins, by its title; the page after the last under ""."""
    with pikepdf.open(io.BytesIO(pdf.page(document))) as opened, opened.open_outline() as outline:
        places = {page.objgen: n for n, page in enumerate(opened.pages, 1)}
        found = {str(i.title): places[_page(i.destination).objgen] for i in outline.root}
        return {**found, "": len(opened.pages) + 1}


def _page(destination: Any) -> Any:
    return destination[0] if isinstance(destination, pikepdf.Array) else destination.D[0]


def plan(**changes: Any) -> Plan:
    return Plan.model_validate({"area": AREA, "base_year": 2024, **changes})


def paragraphs(blocks: Any) -> list[str]:
    return [p for b in blocks if isinstance(b, Words) for p in b.paragraphs]


def part(document: Document, id: str) -> tuple[Block, ...]:
    return next(p.blocks for p in document.parts if p.id == id)


# --- how long, and in which order ---------------------------------------------------------


def test_the_plan_on_a_page_is_one_page_and_the_summary_no_more_than_two(begins: dict[str, int]) -> None:
    assert begins["Executive summary"] - begins["Plan on a page"] == 1
    assert 1 <= begins["Needs assessment"] - begins["Executive summary"] <= 2


def test_a_board_reads_sixty_pages_at_most_before_the_annex(begins: dict[str, int]) -> None:
    assert begins["Annex: what was entered"] - begins["Plan on a page"] <= 60


def test_every_section_can_be_found_in_the_contents(begins: dict[str, int]) -> None:
    wanted = [
        "Plan on a page", "Executive summary", "Needs assessment", "Five-year ambitions", "Budget scope and five-year money",
        "Decommissioning checks", "From need to outcome", "Everything broken or in doubt", "Decisions",
        "Where the plan goes its own way", "How complete the plan is", "Uncertainty", "Limits of use",
        "Version and how long it holds", "Sign-off", "Annex: what was entered", "Sources and licences",
    ]  # fmt: skip
    assert [title for title in begins if title in wanted] == wanted


# --- what stands in the annex ---------------------------------------------------------------


def test_nothing_of_a_step_is_lost_between_chapter_and_annex(
    document: Document, steps: dict[str, Step]
) -> None:
    printed = [b for p in document.parts for b in p.blocks]
    shown = {b.id for b in printed if isinstance(b, (Table, Figure, Tree))}
    asked = {b.path for b in printed if isinstance(b, Question)}
    for step in ("needs", "ambitions", "budget", "decommissioning"):
        blocks = steps[step].blocks
        assert {b.id for b in blocks if isinstance(b, (Table, Figure, Tree))} <= shown
        checks = [b for b in blocks if isinstance(b, Question) and b.kind == "check" and not b.detail]
        assert {b.path for b in checks} <= asked


def test_no_table_or_figure_stands_in_a_chapter_and_in_the_annex(document: Document) -> None:
    below = {b.id for b in part(document, "annex") if isinstance(b, (Table, Figure, Tree))}
    read = {
        b.id
        for p in document.parts
        if p.id != "annex"
        for b in p.blocks
        if isinstance(b, (Table, Figure, Tree))
    }
    assert below & read == set()


def test_every_row_of_the_annex_fits_something_or_is_for_plans_that_lack_it() -> None:
    assert all(place.step in {"*", *TITLES} for place in annex.places())
    assert len(annex.places()) == len({(p.step, p.kind, p.id) for p in annex.places()})


def test_a_section_goes_to_the_annex_with_all_below_it_and_the_next_one_stays() -> None:
    columns = [documents.common.Column("a", "A")]
    blocks = (
        Heading("How to read the lines", "how-to-read"),
        Words(("By their colour.",)),
        Heading("In detail", "in-detail", 3),
        table("t", "T", columns, [{"a": 1}]),
        Heading("Ambition 1", "ambition-1"),
        Words(("Longer lives.",)),
    )
    step = Step("ambitions", "Ambitions", blocks)
    assert paragraphs(annex.left(step).blocks) == ["Longer lives."]
    assert [b.id for b in annex.blocks([step]) if isinstance(b, (Heading, Table))] == [
        "annex-ambitions", "annex-how-to-read", "annex-in-detail", "t",
    ]  # fmt: skip


def test_a_list_and_what_is_looked_up_below_it_share_their_title() -> None:
    name = Question("/decommissioning/services/0/name", "Name", answer="Ward 9")
    listed = Question(
        "/decommissioning/services",
        "Services considered",
        "rows",
        detail=True,
        items=(Item("Ward 9", (name,)),),
    )
    below = Table("checks", "How the questions stand", (Column("a", "A"),), ((1,),), detail=True)
    head = (Heading("Services considered", "services"), listed, below)
    said = list(annex.blocks([Step("decommissioning", "Decommissioning checks", head)]))
    assert [b.text for b in said if isinstance(b, Heading)] == ["Decommissioning checks"]
    assert said[1:] == [listed, replace(below, detail=False)]


def test_findings_of_one_kind_are_told_as_one_in_the_annex_and_stay_apart_in_the_step() -> None:
    notes = tuple(
        Finding("w", "note", f"Ambition {n} stands in words.", "Bind.", "ambitions") for n in range(2, 8)
    )
    step = Step("plan", "The plan", (Heading("Within ambitions", "findings-0", 3), *notes))
    (told,) = (b for b in annex.blocks([step]) if isinstance(b, Finding))
    assert told.sentence.endswith("The same kind is found 5 times more: ambitions 3, 4, 5, 6 and 7.")
    assert step.findings() == notes


def test_findings_for_information_stand_in_the_annex_and_the_others_before_it(document: Document) -> None:
    weights = {p.id: {b.severity for b in p.blocks if isinstance(b, Finding)} for p in document.parts}
    assert weights["findings"] == {"doubt"}
    assert weights["annex"] == {"note"}


# --- sign-off ---------------------------------------------------------------------------------


def signed(*roles: str, **more: Any) -> dict[str, Any]:
    return {**{role: {"name": "A. B.", "post": "Director", "signed": "2026-05-14"} for role in roles}, **more}


@pytest.mark.parametrize(
    ("sign_off", "said"),
    [
        ({}, "Nobody has signed the plan yet. Nobody is named as the commissioner, the analyst, the assurer or the approver."),
        (
            {"approver": {"post": "Chief executive"}},
            "Still to sign: the approver (Chief executive). Nobody is named as the commissioner, the analyst or the assurer.",
        ),
        (signed("analyst"), "Signed by the analyst, and not yet by the commissioner, assurer or approver."),
        (signed("analyst"), "Signed with this open:"),
    ],
)  # fmt: skip
def test_who_has_still_to_sign_is_said(sign_off: dict[str, Any], said: str, reference: Reference) -> None:
    page = run("plan", plan(sign_off=sign_off), reference)
    assert said in " ".join(paragraphs(page.blocks))


@pytest.mark.parametrize(
    ("sign_off", "said"),
    [
        ({}, "The plan has no version. No date is set after which the plan must not be used without review."),
        (
            {"version": "1.0", "review_by": "2027-03-31"},
            "Version 1.0. Valid until 31 March 2027: not to be used after that date without review.",
        ),
    ],
)
def test_how_long_a_plan_holds_is_said(sign_off: dict[str, Any], said: str, reference: Reference) -> None:
    assert said in paragraphs(run("plan", plan(sign_off=sign_off), reference).blocks)


def test_an_empty_limit_and_uncertainty_are_said(reference: Reference) -> None:
    told = paragraphs(run("plan", plan(), reference).blocks)
    assert "Nobody has said what the plan must not be used for." in told
    assert "Nobody has said in plain words what could make the plan wrong." in told


def test_limits_and_uncertainty_are_printed_as_prose(document: Document, demo: Plan) -> None:
    assert part(document, "limits") == (Words((demo.sign_off.limits,)),)
    assert part(document, "uncertainty-statement") == (Words((demo.sign_off.uncertainty,)),)


# --- sentences ----------------------------------------------------------------------------------


def context(made: Plan, reference: Reference) -> thread.Context:
    return thread.Context(made, reference)


def scheme(name: str, **changes: Any) -> dict[str, Any]:
    return {"id": name.lower(), "name": name, **changes}


@pytest.mark.parametrize(
    ("schemes", "said"),
    [
        ([], "No scheme has been entered yet: nothing yet carries the ambitions."),
        ([scheme("A")], "The one scheme entered is not funded."),
        ([scheme("A"), scheme("B")], "None of the 2 schemes entered is funded."),
        (
            [scheme("A", funded=True, recurrent_cost=950)],
            "The plan funds one scheme, “A”: it costs £950k a year when in full effect. "
            "It does not say how long it takes to begin. It names no evidence.",
        ),
        (
            [scheme("A", funded=True, recurrent_cost=950, evidence="some", lead_time_months=1), scheme("B")],
            "The plan funds 1 of 2 schemes: it costs £950k a year when in full effect. "
            "From decision to the first person helped takes 1 month. Its evidence is called some.",
        ),
        (
            [
                scheme("A", funded=True, recurrent_cost=950, evidence="some"),
                scheme("B", funded=True, set_up_cost=20),
            ],
            "The plan funds both schemes: they cost £950k a year when in full effect and £20k once to set up. "
            "The dearest is “A” (£950k a year). None says how long it takes to begin. "
            "Of these, 1 rests on some evidence and 1 names none.",
        ),
    ],
)
def test_schemes_from_none_to_several_read_as_english(
    schemes: list[dict[str, Any]], said: str, reference: Reference
) -> None:
    made = plan(budget={"schemes": schemes})
    assert telling.schemes(made, context(made, reference)) == [said]


@pytest.mark.parametrize(
    ("service", "said"),
    [
        ({}, "Clinic is to stop, on a date not yet set. Stopping it releases no money. "
         "How many people use it is not entered, so nobody can say where their need goes."),
        (
            {"stop_date": "2027-09-30", "released": 100, "cashable": 60, "transition_cost": 5, "users": 10},
            "Clinic is to stop on 30 September 2027; 10 people use it a year. Stopping it releases £100k a year, of which £60k "
            "can be spent elsewhere, at £5k once to close. Of what it releases, £40k a year stays as a cost of the provider. "
            "For 10 of those who use it there is no place with room yet.",
        ),
        (
            {"decision": "change", "released": 100, "users": 10,
             "destinations": [{"group": "All", "people": 10, "goes_to": "Home", "capacity": "confirmed"}]},
            "Clinic is to change; 10 people use it a year. The change releases £100k a year, none of it in cash. "
            "Of what it releases, £100k a year stays as a cost of the provider. "
            "Everybody who uses it has a place to go.",
        ),
        (
            {"decision": "change", "users": 10,
             "destinations": [{"group": "All", "people": 10, "goes_to": "Home", "capacity": "assumed"}]},
            "Clinic is to change; 10 people use it a year. Everybody who uses it is assumed to have a place to go; "
            "no room has been confirmed.",
        ),
        (
            {"stop_date": "2027-09-30", "released": 100, "cashable": 60, "stranded_with": "Trust", "stranded_years": 2},
            "Clinic is to stop on 30 September 2027. Stopping it releases £100k a year, of which £60k can be spent elsewhere. "
            "Of what it releases, £40k a year stays as a cost of Trust for 2 years. "
            "How many people use it is not entered, so nobody can say where their need goes.",
        ),
        ({"decision": "keep"}, "No service is to stop or change."),
        ({"decision": "considering"}, "No service is to stop or change so far; Clinic is still considered."),
    ],
)  # fmt: skip
def test_a_service_that_ends_is_told_with_money_and_place(service: dict[str, Any], said: str) -> None:
    entry = {"id": "clinic", "name": "Clinic", "decision": "stop", **service}
    assert telling.stops(plan(decommissioning={"services": [entry]})) == [said]


def test_many_services_are_counted_and_not_told_one_by_one() -> None:
    services = [
        {"id": f"s{n}", "name": f"S{n}", "decision": "stop", "users": 2, "released": 10, "cashable": 5}
        for n in range(5)
    ]
    services.append({"id": "c", "name": "C", "decision": "change"})
    assert telling.stops(plan(decommissioning={"services": services})) == [
        "The plan has 5 services to stop and 1 service to change. Together 10 people a year use them. "
        "Stopping releases £50k a year, of which £25k can be spent elsewhere."
    ]


def claimed(**changes: Any) -> Plan:
    """A service to be stopped whose saving a funded scheme counts as its own."""
    stopped = {"id": "ward", "name": "Ward", "decision": "stop", "released": 100, "cashable": 60}
    saving = {"funded": True, "stops": "ward", "gross_saving": 100, "cashable_share": 0.6}
    home = scheme("Home", **{**saving, "recurrent_cost": 50, **changes})
    return plan(decommissioning={"services": [stopped]}, budget={"schemes": [home]})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "of which £60k is in cash and pays for “Home” (£50k a year)."),
        ({"recurrent_cost": 90}, "of which £60k is in cash and goes towards “Home” (£90k a year)."),
        ({"recurrent_cost": 0}, "of which £60k can be spent elsewhere."),
        ({"gross_saving": 0}, "of which £60k can be spent elsewhere."),
        ({"funded": False}, "of which £60k can be spent elsewhere."),
    ],
)
def test_money_that_pays_for_a_scheme_cannot_be_spent_elsewhere(changes: dict[str, Any], said: str) -> None:
    assert said in telling.stops(claimed(**changes))[0]


def test_of_many_services_the_money_that_pays_for_schemes_is_said() -> None:
    made = claimed()
    more = [Service(id=f"s{n}", name=f"S{n}", decision="stop", released=10, cashable=5) for n in range(4)]
    made.decommissioning.services.extend(more)
    said = "of which £80k is in cash; £60k of it pays for schemes that count it as their saving."
    assert said in telling.stops(made)[0]


def test_the_picture_of_stopping_names_the_scheme_that_its_money_pays_for() -> None:
    made = claimed()
    made.decommissioning.services[0].stop_date = date(made.base_year + 2, 3, 31)
    found = stopping.stopping(made)
    (picture,) = (b for b in stopping.overview(made, found) if isinstance(b, Figure))
    assert picture.title.endswith("of which £60k is in cash and pays for “Home”")


def test_a_need_without_a_figure_is_told_by_the_measure_of_an_ambition_that_serves_it(
    reference: Reference,
) -> None:
    priorities = [{"id": "early", "title": "Early death"}]
    serving = {"number": 1, "measure": "demo-pyll", "priorities": ["early"]}
    bare = plan(needs={"priorities": priorities}, ambitions={"items": [{**serving, "priorities": []}]})
    told = plan(needs={"priorities": priorities}, ambitions={"items": [serving]})
    assert "The plan ties no figure on hand to these needs." in telling.needs(bare, context(bare, reference))
    said = " ".join(telling.needs(told, context(told, reference)))
    assert (
        "No figure is tied to them; the ambitions that serve them are measured by: " in said
        and "beyond chance" in said
    )


@pytest.mark.parametrize(
    ("low", "high", "said", "unsaid"),
    [
        (0.9, 1.2, "it cannot be said that these change by", "get worse"),
        (1.05, 1.2, "these are expected to get worse by", "which includes the"),
        (float("nan"), float("nan"), "for which no range is on hand", "get worse"),
    ],
)
def test_doing_nothing_is_called_worse_only_where_its_range_leaves_the_last_figure_behind(
    low: float, high: float, said: str, unsaid: str, demo: Plan, reference: Reference
) -> None:
    here = context(demo, reference)
    place, found = next(
        (n, f) for n, f in here.outlooks.items() if f and f.standing.indicator.polarity == "low" and f.chosen
    )
    lines, b = found.lines, found.baseline
    nothing = replace(lines["do-nothing"], values=(1.1 * b,), lower=(low * b,), upper=(high * b,))
    found = replace(found, lines={**lines, "do-nothing": nothing})
    here.outlooks.update(dict.fromkeys(here.outlooks) | {place: found})
    told = " ".join(paragraphs(tuple(case._left_alone(demo, here))))
    assert said in told and unsaid not in told
    holds = "which includes the" in " ".join(telling.aims(here.plan, here))
    assert holds == (low < 1)


def test_a_level_no_better_than_doing_nothing_is_called_that(reference: Reference) -> None:
    items = [{"number": 1, "measure": "demo-pyll", "line": "do-nothing"}]
    made = plan(ambitions={"items": items})
    (said,) = telling.aims(made, context(made, reference))
    assert said.startswith("1 ambition is set for 2029/30: 1 by a figure. The one by a figure is ")
    assert "that is expected if nothing is done." in said


def test_one_ambition_alone_is_told_in_the_singular(reference: Reference) -> None:
    items = [{"number": 3, "in_words": "Help comes before the ambulance."}]
    made = plan(ambitions={"items": items})
    assert telling.aims(made, context(made, reference)) == [
        "1 ambition is set for 2029/30: 1 in words. The first says: Help comes before the ambulance."
    ]


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({}, "Which needs come first: the plan names none yet."),
        ({}, "Whether to approve the plan for use, and until which date: none is set."),
        ({"budget": {"lines": [{"id": "a", "name": "A", "amount": 10}]}}, "Which income to count on for 2029/30: none is entered."),
        ({"case": {"bound": [{"partner": "Council"}]}}, "Whether to go on before Council has agreed to be bound."),
        ({"budget": {"schemes": [scheme("A")]}}, "Whether “A” stays unfunded."),
    ],
)  # fmt: skip
def test_the_board_is_asked_what_follows_from_the_plan(
    changes: dict[str, Any], asked: str, reference: Reference
) -> None:
    made = plan(**changes)
    assert asked in paragraphs(in_short.in_short(made, reference, context(made, reference)))


def test_nothing_is_asked_that_is_settled(demo: Plan, reference: Reference) -> None:
    settled = demo.model_copy(deep=True)
    settled.sign_off.approver.signed = settled.sign_off.assurer.signed
    told = " ".join(paragraphs(in_short.in_short(settled, reference, context(settled, reference))))
    assert "Whether to approve" not in told

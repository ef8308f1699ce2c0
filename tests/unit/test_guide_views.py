"""A step is shown view by view: what a view holds, how it is found, and the way through them."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from pathlib import Path
from shutil import which

import pytest

from workbook.blocks import Column, Finding, Heading, Item, Question, Step, Table, Words
from workbook.guide.drawing import containers, forms
from workbook.guide.drawing.views import WHOLE, Views
from workbook.guide.server import scripts
from workbook.guide.way import addresses, ways
from workbook.paths import shipped
from workbook.plan import store
from workbook.reference import Reference, why
from workbook.steps import run, thread
from workbook.steps.new import new_plan

TABLE = Table("sizes", "Sizes", (Column("name", "Name"),), (("a",),))


def _questions(stem: str, count: int) -> tuple[Question, ...]:
    return tuple(Question(f"/needs/answers/{stem}.{n}", f"{stem} {n}") for n in range(count))


def _long() -> Step:
    """A lead, a short section, a long one in parts, and one with an entry of a list in it."""
    name = Question("/budget/schemes/0/name", "Name")
    rows = Question(
        "/budget/schemes",
        "Schemes",
        "rows",
        items=(Item("One", (name, Question("/budget/schemes/0/what", "What", "long"))),),
    )
    blocks = (
        Words(("What this is about.",), "lead"),
        Heading("Short", "short"),
        *_questions("AAA-01", 2),
        Heading("Ward 9", "ward"),
        Words(("How it stands.",)),
        Heading("Ward 9: nine principles", "nine", 3),
        *_questions("BBB-01", 9),
        Heading("Tests", "tests", 3),
        TABLE,
        *_questions("CCC-01", 4),
        Heading("Lists", "lists"),
        rows,
    )
    return Step("needs", "Needs", blocks)


def test_a_view_is_a_section_or_a_part_of_a_long_one() -> None:
    found = Views(_long()).all
    assert [(v.id, v.title, v.section) for v in found] == [
        ("short", "Short", ""),
        ("nine", "Nine principles", "Ward 9"),
        ("tests", "Tests", "Ward 9"),
        ("lists", "Lists", ""),
    ]


def test_a_short_step_is_one_view() -> None:
    step = Step("needs", "Needs", (Heading("A", "a"), *_questions("AAA-01", 3), Heading("B", "b"), TABLE))
    assert [v.id for v in Views(step).all] == [WHOLE]
    listed = ways.listed(Views(step), "north", Views(step).all[0])
    assert "Not started" in listed and "<a" not in listed, "there is nothing to choose from"
    assert ways.where(Views(step), Views(step).all[0]) == ""


@pytest.mark.parametrize(
    ("wanted", "at", "id"),
    [
        ("", "", "short"),
        ("tests", "", "tests"),
        ("gone-with-its-service", "", "short"),
        (WHOLE, "", WHOLE),
        ("short", "/needs/answers/BBB-01.3", "nine"),
        ("short", "/needs/answers/CCC-01.3/owner", "tests"),
        ("short", "/budget/schemes/0/name", "lists"),
        ("tests", "/nowhere", "tests"),
    ],
)
def test_a_view_is_found_by_its_name_or_by_a_place_it_asks_for(wanted: str, at: str, id: str) -> None:
    assert Views(_long()).chosen(wanted, at).id == id


def test_blocks_are_called_the_same_in_a_view_and_in_the_whole_step() -> None:
    step = _long()
    whole = containers.drawn(step, "north", lambda block, uid: uid)
    parts = [containers.drawn(step, "north", lambda block, uid: uid, v.span) for v in Views(step).all]
    assert {key: html for part in parts for key, html in part.items()} == whole
    assert [key for part in parts for key in part] == list(whole)


def test_the_menu_says_what_is_answered_and_what_is_open_in_each_view() -> None:
    step = _long()
    found = [
        Finding("x", "blocks", "A link is broken.", "Mend it.", "needs", "/needs/answers/BBB-01.1"),
        Finding("y", "doubt", "It is in doubt.", "Look.", "needs", "/budget/schemes/0/name"),
    ]
    listed = ways.listed(Views(step), "north", Views(step).all[1], found)
    assert re.search(
        r"Nine principles<span[^>]*><span[^>]*>: </span>0 of 9 answered; 1 blocks sign-off", listed
    )
    assert re.search(r"Lists<span[^>]*><span[^>]*>: </span>0 of 1 answered; 1 in doubt", listed)
    assert listed.count(" open>") == 1 and 'data-view="nine" aria-current="true"' in listed


def test_the_way_on_leads_from_view_to_view_and_to_the_next_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5.13")
    found = Views(_long())
    assert "Back" not in ways.onward(found, "north", found.all[0])
    assert 'href="1_needs.ipynb?plan=north&amp;view=tests"' in ways.onward(found, "north", found.all[1])
    assert 'href="2_ambitions.ipynb?plan=north"' in ways.onward(found, "north", found.all[-1])
    assert "Part 2 of 4: Ward 9" in ways.where(found, found.all[1])


def test_a_finding_is_told_beside_its_question_and_at_the_entry_that_holds_it() -> None:
    question = _long().questions()[-1]
    found = Finding("y", "doubt", "The name is <b>in doubt</b>.", "Look.", "needs", "/budget/schemes/0/name")
    before = forms.TOLD.set(forms.by_place([found]))
    try:
        html = forms.draw(question)
    finally:
        forms.TOLD.reset(before)
    assert "The name is &lt;b&gt;in doubt&lt;/b&gt;. Look." in html
    assert 'aria-describedby="q-budget-schemes-0-name-f q-budget-schemes-0-name-e"' in html
    assert "1 in doubt" in html


@pytest.fixture(scope="module")
def demonstration() -> dict[str, Step]:
    plan, reference = store.read(shipped("data") / "demo" / "demo.plan.json"), Reference.open()
    return {step_id: run(step_id, plan, reference) for step_id in addresses.NOTEBOOKS}


def test_every_block_of_the_demonstration_is_in_one_view_and_no_view_asks_too_much(
    demonstration: dict[str, Step],
) -> None:
    for step in demonstration.values():
        found = Views(step).all
        assert [block for view in found for block in view.blocks] == list(step.blocks)
        assert len({v.id for v in found}) == len(found)
        assert max(len(v.questions) for v in found) <= 24
        assert max(sum(1 for b in v.blocks if type(b).__name__ == "Figure") for v in found) <= 2


def test_every_place_a_finding_speaks_of_is_asked_in_a_view(demonstration: dict[str, Step]) -> None:
    plan, reference = store.read(shipped("data") / "demo" / "demo.plan.json"), Reference.open()
    found = [f for f in thread.findings(plan, reference) if f.path and f.step in demonstration]
    lost = [(f.step, f.path) for f in found if Views(demonstration[f.step]).asking(f.path) is None]
    assert lost == []


def test_the_modules_of_the_page_are_one_script_without_a_name_given_twice(tmp_path: Path) -> None:
    text = scripts.joined()
    assert "import " not in text and text.count("export ") == 1
    names = re.findall(r"^(?:async )?(?:function|class|const|let) (\w+)", text, re.MULTILINE)
    assert [name for name, n in Counter(names).items() if n > 1] == []
    assert sorted(scripts.order("form.js")) == sorted(
        p.name for p in scripts.STATIC.glob("*.js") if p.name != "host.js"
    )
    node = which("node")
    if node:
        (tmp_path / "page.mjs").write_text(text, encoding="utf-8")
        assert subprocess.run([node, "--check", tmp_path / "page.mjs"]).returncode == 0


def _of_views(step: Step) -> list[str]:
    """The ids by which the reasons of a step are looked up: its views, or the headings of a step that is one view."""
    found = Views(step).all
    if found[0].id != WHOLE:
        return [view.id for view in found]
    return [b.id for b in step.blocks if isinstance(b, Heading) and b.level == 2]


@pytest.mark.parametrize("step_id", addresses.NOTEBOOKS)
def test_every_view_says_why_it_asks_with_a_source_and_an_example(
    demonstration: dict[str, Step], step_id: str
) -> None:
    reference = Reference.open()
    empty = run(step_id, new_plan("SYN01", reference), reference)
    for step in (demonstration[step_id], empty):
        views = {view.id: view for view in Views(step).all}
        for id in _of_views(step):
            told = why.of(step_id, id)
            assert told is not None, id
            asks = views[id].questions if id in views else ()
            assert told.example or not asks, f"{id} asks without an example"


def test_the_reason_for_a_view_is_that_of_its_own_name_before_that_of_a_pattern() -> None:
    assert "Nine principles" in why.of("decommissioning", "asked-ward-9-cst-13").why  # type: ignore[union-attr]
    assert "your own network" in why.of("decommissioning", "asked-ward-9-loc-1").why  # type: ignore[union-attr]
    assert why.of("needs", "nowhere") is None


def test_the_reason_is_folded_below_the_heading_and_is_said_to_be_made_up_where_it_is() -> None:
    step = Step("needs", "Needs", (Heading("Priorities", "priorities", 3), *_questions("AAA-01", 2)))
    drawn = containers.drawn(step, "north", lambda block, uid: "<h3>Priorities</h3>")
    html = drawn["b-heading-priorities"]
    assert html.startswith('<h3>Priorities</h3><details class="wg-why"') and " open" not in html
    assert "An answer, as an example (made up):" in html and "Source: " in html


def test_a_view_that_begins_inside_a_section_has_its_heading_raised() -> None:
    step, levels = _long(), []
    for view in Views(step).all:
        containers.drawn(
            step,
            "north",
            lambda block, uid: levels.append(block.level) or "" if isinstance(block, Heading) else "",  # type: ignore[func-returns-value]
            view.span,
        )
    assert levels == [2, 2, 3, 2, 2], "no view begins with a heading of the third level"


def test_a_long_title_ends_at_a_word_in_the_menu_and_a_section_does_not_repeat_its_name() -> None:
    assert ways._short("Short") == "Short"
    long = "Ambition 2: Better health-related quality of life for people with one or more conditions"
    assert ways._short(long) == "Ambition 2: Better health-related quality of life for…"
    blocks = (
        Heading("Ward 9", "ward"),
        *_questions("AAA-01", 6),
        Heading("Tests", "tests", 3),
        *_questions("BBB-01", 9),
    )
    views = Views(Step("needs", "Needs", blocks))
    listed = ways.listed(views, "north", views.all[0])
    assert listed.count("Ward 9") == 1 and ">Overview<" in listed

"""Questions become HTML that a person can use without seeing the screen, and nothing typed is markup."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from tests.unit import guide_step
from workbook.blocks import Choice, Item, Question
from workbook.guide.drawing import forms
from workbook.paths import shipped
from workbook.plan import store
from workbook.reference import Reference
from workbook.steps.asking import ask

HOSTILE = "\"><script>alert('x')</script> & <b>"


class Tags(HTMLParser):
    """Every start tag of a piece of HTML with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def of(self, *names: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.found if tag in names]


def everything() -> str:
    plan = guide_step.plan()
    return "".join(forms.draw(q) for q in guide_step.run("needs", plan, None).questions())


def test_every_control_has_a_label_or_a_legend_and_points_at_its_error_slot() -> None:
    tags = Tags(everything())
    labelled = {label["for"] for label in tags.of("label")}
    ids = {attrs["id"] for _tag, attrs in tags.found if "id" in attrs}
    controls = tags.of("input", "textarea", "select")
    assert len(controls) > 12
    for control in controls:
        assert control["id"] in labelled
        for target in (control.get("aria-describedby") or "").split():
            assert target in ids
    for group in tags.of("fieldset"):
        assert f"{group['id']}-e" in ids


def test_no_id_stands_twice() -> None:
    ids = [attrs["id"] for _tag, attrs in Tags(everything()).found if "id" in attrs]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    "question",
    [
        Question("/purpose", HOSTILE, "text", HOSTILE, help=HOSTILE, source=HOSTILE, example=HOSTILE),
        Question("/purpose", HOSTILE, "long", HOSTILE),
        Question("/purpose", HOSTILE, "number", HOSTILE, unit=HOSTILE),
        Question("/purpose", HOSTILE, "choice", HOSTILE, choices=(Choice(HOSTILE, HOSTILE, HOSTILE),)),
        Question("/purpose", HOSTILE, "choices", [HOSTILE], choices=(Choice("a", HOSTILE),)),
        Question(
            "/purpose",
            HOSTILE,
            "check",
            {"answer": HOSTILE, "evidence": HOSTILE, "owner": HOSTILE, "due": HOSTILE},
            notes=((HOSTILE, HOSTILE),),
        ),
        Question(
            f"/{HOSTILE}",
            HOSTILE,
            "rows",
            items=(Item(HOSTILE, (Question(f"/{HOSTILE}/0", HOSTILE, "long", HOSTILE),)),),
            item_name=HOSTILE,
        ),
    ],
    ids=lambda q: q.kind,
)
def test_what_people_typed_is_never_markup(question: Question) -> None:
    tags = {tag for tag, _attrs in Tags(forms.draw(question)).found}
    assert "script" not in tags
    assert "b" not in tags


def test_required_is_said_in_words_and_to_assistive_software() -> None:
    drawn = forms.draw(Question("/title", "Title", required=True))
    assert "(required)" in drawn
    assert 'aria-required="true"' in drawn


def test_up_to_six_choices_are_radios_and_more_are_a_list() -> None:
    six = tuple(Choice(str(n), f"Choice {n}") for n in range(6))
    assert forms.draw(Question("/a", "A", "choice", choices=six)).count('type="radio"') == 6
    assert "<select" in forms.draw(Question("/a", "A", "choice", choices=(*six, Choice("7", "Seven"))))


@pytest.mark.parametrize("kind", ["choice", "choices"])
def test_a_question_with_nothing_to_choose_from_says_so(kind: str) -> None:
    drawn = forms.draw(Question("/a", "A", kind))  # type: ignore[arg-type]
    assert "There is nothing to choose from yet." in drawn
    assert "<input" not in drawn


def test_a_choice_can_be_cleared_only_where_the_plan_may_hold_no_answer() -> None:
    choices = (Choice("stop", "Stop"), Choice("keep", "Keep"))
    decision = Question("/decommissioning/services/0/decision", "Decision", "choice", "stop", choices=choices)
    closes = Question("/budget/schemes/0/stops", "Service that closes", "choice", "stop", choices=choices)
    assert "Clear the answer" not in forms.draw(decision)
    assert "Clear the answer" in forms.draw(closes)


def test_an_answer_that_is_no_longer_offered_stays_visible_and_chosen() -> None:
    drawn = forms.draw(Question("/a", "A", "choice", "gone", choices=(Choice("x", "X"),)))
    chosen = [box for box in Tags(drawn).of("input") if "checked" in box]
    assert [box["value"] for box in chosen] == ["gone"]
    assert "No longer offered here." in drawn


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (0, "0"),
        (5.0, "5"),
        (0.25, "0.25"),
        (2026, "2026"),
        (123456, "123,456"),
        (-10000.5, "-10,000.5"),
    ],
)
def test_a_number_stands_in_its_field_as_a_reader_writes_it(value: float | None, shown: str) -> None:
    assert forms.figure(value) == shown


def test_a_text_that_begins_with_a_line_break_keeps_it() -> None:
    assert ">\n\nsecond line</textarea>" in forms.draw(Question("/a", "A", "long", "\nsecond line"))


def test_the_places_of_a_check_are_its_four_parts() -> None:
    question = Question("/needs/answers/CST-04.1", "Asked?", "check")
    assert [p.rsplit("/", 1)[1] for p in forms.paths(question)] == ["answer", "evidence", "owner", "due"]


def test_the_places_of_nested_rows_are_all_reachable() -> None:
    inner = Question("/l/0/d", "Inner", "rows", items=(Item("", (Question("/l/0/d/0/n", "Name"),)),))
    outer = Question("/l", "Outer", "rows", items=(Item("one", (inner,)),))
    assert set(forms.paths(outer)) == {"/l", "/l/0/d", "/l/0/d/0/n"}
    assert forms.draw(outer).count('data-action="add"') == 2


def test_no_answer_is_not_offered_as_an_answer_and_can_be_gone_back_to() -> None:
    plan = store.read(shipped("data") / "demo" / "demo.plan.json")
    html = forms.draw(
        ask(plan, Reference.open(), "/decommissioning/services/0/equality/age/effect", prompt="Effect")
    )
    assert 'value=""' not in html
    assert 'data-action="clear"' in html

"""How answered questions read: facts, tables, lists, and one sentence for what is open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit import render_sample as sample
from workbook.blocks import Choice, Column, Finding, Heading, Item, Question, Table, Words
from workbook.render import text
from workbook.render.answers import Answers, said, shown

question = sample.question


def test_neighbouring_answers_become_facts_and_open_questions_one_sentence():
    made = shown(
        (
            question("Vision", "long", "Living well.\n\nAt home."),
            question("Owner", "text", "  ", required=True),
            question("Reviewer", "text", ""),  # nobody needs it, so nobody is told
            question("Reviewed on", "date", "2026-05-01"),
            question("Peers", "rows", required=True),
        )
    )
    facts, left = made
    assert isinstance(facts, Answers)
    assert [(f.label, f.paragraphs) for f in facts.facts] == [
        ("Vision", ("Living well.", "At home.")),
        ("Reviewed on", ("1 May 2026",)),
    ]
    assert left == Words(("Not answered yet: Owner and Peers.",), "note")


def test_an_open_prompt_that_asks_keeps_its_question_mark():
    (left,) = shown(
        (question("Were residents asked, and who?", required=True), question("Is it fair?", required=True))
    )
    assert left == Words(("Not answered yet: Were residents asked, and who? Is it fair?",), "note")


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (question("Cashable", "yesno", True), "Yes"),
        (question("Cashable", "yesno", False), "No"),
        (question("People", "integer", 0), 0),
        (question("Financial year", "integer", 2026), "2026/27"),
        (question("Year", "integer", 2026), "2026"),
        (question("Cost", "number", 1250.5, unit="£000s"), 1250.5),
        (question("Scope", "choice", "partly", choices=sample.SCORES), "Partly"),
        (question("Scope", "choice", "gone", choices=sample.SCORES), "gone"),
        (question("Serves", "choices", ["yes", "no"], choices=sample.SCORES), "Yes, fully and No"),
        (question("Due", "date", "not a date"), "not a date"),
        (question("Serves", "choices", []), None),
    ],
)
def test_an_answer_is_said_in_the_words_of_its_kind(asked: Question, answer: object):
    assert said(asked) == answer


def test_checks_become_a_table_of_answer_evidence_owner_and_due():
    table, left = shown((Heading("Nine principles", "p"), *sample.checks()))[1:]
    assert isinstance(table, Table)
    assert table.title == "Nine principles: answers"
    assert [c.label for c in table.columns] == ["Question", "Answer", "Evidence", "Owner", "Due"]
    assert table.rows[0][1] == "Partly" and table.rows[0][4] == "30 September 2026"
    assert table.rows[1][4] is None and table.missing == "not given"
    assert table.source == "TDC-01.1, TDC-01.2"
    assert left == Words(("Not answered yet: Is the effect on equality assessed?",), "note")


def test_one_check_alone_reads_as_facts():
    (answers,) = shown(sample.checks()[:1])
    assert isinstance(answers, Answers)
    assert [f.label for f in answers.groups[0].facts] == ["Answer", "Evidence", "Owner", "Due"]


def test_sources_name_each_document_once_with_its_items():
    asked = [
        question(f"Q{n}", "text", "a", source=s)
        for n, s in enumerate(("Guide (2014), theme 3; A-1", "Guide (2014), theme 3; A-2", "B-7"))
    ]
    assert shown(asked)[0].source == "Guide (2014), theme 3: A-1, A-2; B-7"


def test_short_uniform_rows_become_a_table_whose_numbers_stay_numbers():
    table, left = shown((sample.priorities(),))
    assert isinstance(table, Table)
    assert [c.label for c in table.columns] == ["Priority", "Why this, and why now", "Owner", "Size"]
    assert table.columns[3] == Column("size", "Size", "people")
    assert table.rows[0][2:] == (None, 1200)
    assert left == Words(("Not answered yet: Owner (Priority 1).",), "note")


def test_long_rows_become_one_group_an_entry_without_its_name_twice():
    answers, left = shown((sample.schemes(),))
    assert isinstance(answers, Answers)
    assert len(answers.groups) == 20
    labels = [f.label for f in answers.groups[0].facts]
    assert "Scheme" not in labels and "Mitigation" not in labels
    phasing = next(f for f in answers.groups[0].facts if f.label == "Phasing")
    assert phasing.paragraphs[0].startswith("2026/27: £101k; 2027/28: £102k")
    assert isinstance(left, Words) and left.paragraphs[0].startswith("Not answered yet: Owner (Scheme 3")


def test_rows_of_one_answer_each_become_a_list():
    items = tuple(
        Item(str(n), (question(str(n), "text", t),)) for n, t in enumerate(("At home", "Not alone", ""))
    )
    assert shown((Question("/c", "Outcomes", "rows", items=items),)) == [
        Answers("Outcomes"),
        Words(("At home", "Not alone"), "list"),
    ]


def test_rows_of_groups_become_one_table_an_entry():
    def option(name: str, *scores: int) -> Question:
        below = tuple(question(c, "integer", s) for c, s in zip(("Fit", "Reach"), scores, strict=True))
        return Question("/o", name, "group", items=(Item("", below),))

    scores = Question(
        "/s",
        "Scores",
        "rows",
        items=(
            Item("Chair", (question("By", "text", "Chair"), option("Narrow", 1, 2), option("Wide", 3, 4))),
        ),
    )
    (table,) = shown((scores,))
    assert isinstance(table, Table)
    assert table.title == "Scores: Chair"
    assert table.rows == (("Narrow", 1, 2), ("Wide", 3, 4))


def test_blocks_that_are_no_questions_stay_as_they_are_and_in_order():
    finding = Finding("T", "note", "s", "", "needs")
    made = shown((Heading("A", "a"), question("Q", "text", "x"), finding, Words(("w",))))
    assert [type(b) for b in made] == [Heading, Answers, Finding, Words]


def test_choices_show_their_label_in_a_list_column():
    item = Item(
        "One",
        (question("Name", "text", "One"), question("Kind", "choice", "a", choices=(Choice("a", "Alpha"),))),
    )
    (table,) = shown((Question("/k", "Kinds", "rows", items=(item,)),))
    assert isinstance(table, Table) and table.rows == (("One", "Alpha"),)


# --- cells ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "values", "printed"),
    [
        (Column("year", "Year"), (2025, 2026), ["2025", "2026"]),
        (Column("people", "People"), (2025, 1234567), ["2,025", "1,234,567"]),
        (Column("rate", "Rate", "per 100,000", 1), (150.25, None), ["150.2", "not available"]),
        (Column("cost", "Cost", "£000s"), (1250.0, 900.5, 0.25), ["1,250", "900.5", "0.25"]),
        (Column("share", "Share"), (1 / 7, 0.5), ["0.143", "0.500"]),
        (Column("ratio", "Ratio"), (100 / 7, 2.0), ["14.3", "2.0"]),
        (Column("open", "Open"), (True, False), ["Yes", "No"]),
        (Column("word", "Word"), ("", float("nan")), ["not available", "not available"]),
        (Column("limit", "Limit"), (float("inf"), 1), ["not available", "1"]),
    ],
)
def test_cells_are_printed_as_readers_expect(column: Column, values: tuple, printed: list[str]):
    table = Table("t", "T", (column,), tuple((v,) for v in values))
    assert [row[0] for row in text.printed(table)] == printed


def test_text_loses_what_no_file_can_hold_and_keeps_the_rest():
    assert text.clean("a\x00\x07b\ud800\r\nc\td") == "ab\nc\td"
    assert text.breakable("short words stay") == "short words stay"
    assert text.breakable("x" * 30).count("\u200b") == 2


def test_one_owner_of_all_answers_is_said_once_below_the_table():
    given = {"answer": "Yes, in full.", "evidence": "Minutes", "owner": "Director of strategy"}
    asked = [question(f"Q{n}?", "check", given) for n in range(3)]
    (table,) = shown(asked)
    assert isinstance(table, Table)
    assert [c.label for c in table.columns] == ["Question", "Answer", "Evidence"]
    assert table.note == "Owner of every answer: Director of strategy."


def group(name: str, effect: str, evidence: str = "") -> Question:
    inner = (question("Effect", "text", effect), question("What shows it", "long", evidence))
    return question(name, "group", items=(Item(name, inner),))


def test_neighbouring_groups_of_the_same_fields_are_one_table_and_like_answers_one_row():
    asked = [
        group("Age", "Better", "Ten asked"),
        *(group(n, "None", "Users by group") for n in ("Sex", "Race")),
    ]
    (table,) = shown((*asked, group("Religion", "")))
    assert isinstance(table, Table)
    assert [c.label for c in table.columns] == ["Group", "Effect", "What shows it"]
    assert table.rows == (("Age", "Better", "Ten asked"), ("Sex; Race", "None", "Users by group"))
    assert table.note == "3 groups with an answer; those answered in the same words share a row."


def test_groups_are_not_said_to_share_a_row_where_none_does():
    effects = {"Age": "Better", "Sex": "None", "Race": "Worse"}
    (table,) = shown([group(name, effect) for name, effect in effects.items()])
    assert table.note == "3 groups with an answer."


def test_groups_too_long_for_a_cell_stay_apart():
    made = shown([group(n, "Worse", "word " * 300) for n in ("Age", "Sex", "Race")])
    assert [type(m) for m in made] == [Answers] * 3


def test_what_a_table_shows_already_is_left_out_of_an_entry():
    fields = (question("Name", "text", "Ward 9"), question("Why", "long", "Empty. " * 60))
    hidden = question(
        "Where the need goes", "rows", items=(Item("All", (question("Group", "text", "All"),)),)
    )
    items = tuple(Item("Ward 9", (*fields, replace(hidden, detail=d))) for d in (True, False))
    (made,) = shown([question("Services", "rows", items=items)])
    assert isinstance(made, Answers)
    assert [[f.label for f in g.facts] for g in made.groups] == [["Why"], ["Why", "Where the need goes"]]


def test_the_owner_of_most_answers_is_said_once_and_the_others_where_they_stand():
    def one(n: int, owner: str) -> Question:
        return question(f"Q{n}", "check", {"answer": "yes", "owner": owner, "due": f"2026-05-0{n + 1}"})

    (table,) = shown([one(n, "Finance" if n == 3 else "Nursing") for n in range(7)])
    assert isinstance(table, Table)
    owner = [c.label for c in table.columns].index("Owner")
    assert [row[owner] for row in table.rows] == [*["see note"] * 3, "Finance", *["see note"] * 3]
    assert table.note == "Owner, where this note is named: Nursing."
    (table,) = shown([one(n, "" if n == 3 else "Nursing") for n in range(7)])
    assert isinstance(table, Table)
    assert [row[owner] for row in table.rows] == ["Nursing"] * 3 + [None] + ["Nursing"] * 3


def test_sources_that_follow_each_other_are_named_as_a_span():
    asked = [question(f"Q{n}", "text", "a", source=f"Guide (2014); A-1.{n}") for n in (1, 2, 3, 4, 7, 8)]
    (answers,) = shown(asked)
    assert isinstance(answers, Answers)
    assert answers.source == "Guide (2014): A-1.1 to A-1.4, A-1.7, A-1.8"

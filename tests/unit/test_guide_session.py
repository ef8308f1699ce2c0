"""Each committed change is saved at once, and the answer says what changed on the page."""

from __future__ import annotations

import base64
import errno
from pathlib import Path

import pytest

from tests.unit import guide_step
from workbook.blocks import Block, Question, Step
from workbook.errors import BadInput
from workbook.guide.answering.session import Session, reading
from workbook.guide.drawing import views
from workbook.plan import Plan, edit, store
from workbook.reference import Reference
from workbook.steps.asking import ask


def fragment(block: Block, uid: str) -> str:
    return f'<p id="{uid}">{type(block).__name__} {getattr(block, "title", "")}</p>'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "test.plan.json"
    store.create(guide_step.plan(), file)
    return file


@pytest.fixture
def session(path: Path) -> Session:
    return Session("needs", path, reference=object(), run=guide_step.run, draw=fragment, find=guide_step.find)


def test_a_change_is_on_disk_before_the_page_hears_of_it(session: Session, path: Path) -> None:
    reply = session.change("/purpose", "To plan", by="A. Planner")
    saved = store.read(path)
    assert (saved.purpose, saved.revision, saved.saved.by) == ("To plan", 2, "A. Planner")
    assert reply["revision"] == 2
    assert "A. Planner" in reply["saved"]


def test_only_what_changed_is_sent(session: Session) -> None:
    assert session.change("/purpose", "To plan")["working"]
    reply = session.catch_up()
    assert list(reply["patches"]) == ["b-question-purpose"]
    assert reply["order"] is None


def test_several_changes_are_worked_out_once(session: Session) -> None:
    session.change("/purpose", "To plan")
    session.change("/horizon", "7")
    assert set(session.catch_up()["patches"]) == {"b-question-purpose", "b-question-vision"}
    assert session.catch_up() == {}


def test_a_row_changes_the_chart_and_brings_a_finding(session: Session) -> None:
    reply = session.add("/needs/priorities")
    assert "1 priorities are chosen" in reply["patches"]["b-figure-chart"]
    assert "b-finding-1" in reply["patches"]
    assert reply["order"].index("b-finding-1") < reply["order"].index("b-figure-chart")


def test_a_removed_row_is_gone_and_the_revision_before_is_kept(session: Session, path: Path) -> None:
    session.add("/needs/priorities")
    session.change("/needs/priorities/0/title", "Heart")
    session.remove("/needs/priorities", 0)
    assert store.read(path).needs.priorities == []
    assert "Heart" in store.content(store.revisions(path)[-1]).decode()


def test_a_value_that_does_not_fit_is_said_at_its_field_and_nothing_is_saved(
    session: Session, path: Path
) -> None:
    reply = session.change("/base_year", "soon")
    assert "is not a number" in reply["errors"]["/base_year"]
    assert store.read(path).revision == 1


def test_the_same_value_again_makes_no_revision(session: Session, path: Path) -> None:
    session.change("/purpose", "To plan")
    session.change("/purpose", "To plan")
    assert store.read(path).revision == 2


def test_what_somebody_else_saved_elsewhere_stays_and_is_told(session: Session, path: Path) -> None:
    store.write(edit.put(store.read(path), "/purpose", "Theirs"), path, by="B. Other")
    reply = session.change("/horizon", "7", base=1)
    assert "B. Other" in reply["meanwhile"]
    assert "Theirs" in reply["meanwhile"]
    saved = store.read(path)
    assert (saved.revision, saved.purpose, saved.horizon) == (3, "Theirs", 7)
    assert "b-question-purpose" in session.catch_up()["patches"]


def test_two_who_add_an_entry_at_once_get_one_each(session: Session, path: Path) -> None:
    other = Session(
        "needs", path, reference=object(), run=guide_step.run, draw=fragment, find=guide_step.find
    )
    other.add("/needs/priorities")
    assert session.add("/needs/priorities", base=1)["did"]["revision"] == 3
    assert len(store.read(path).needs.priorities) == 2


def test_what_somebody_else_changed_alike_at_once_is_not_ones_own_to_undo(
    session: Session, path: Path
) -> None:
    other = Session(
        "needs", path, reference=object(), run=guide_step.run, draw=fragment, find=guide_step.find
    )
    other.change("/purpose", "To plan", by="Ada")
    reply = session.change("/purpose", "To plan", base=1)
    assert "did" not in reply
    assert "Ada" in reply["saved"]


def test_a_plan_that_was_moved_away_is_not_made_anew(session: Session, path: Path) -> None:
    path.rename(path.with_name("moved.plan.json"))
    assert "moved, renamed or deleted" in session.change("/purpose", "To plan")["errors"]["/purpose"]
    assert not path.exists()


def test_what_a_full_disk_keeps_from_being_saved_is_said_at_its_field(
    session: Session, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(store.os, "fsync", full)
        assert "the disk is full" in session.change("/purpose", "To plan")["errors"]["/purpose"]
    assert session.change("/purpose", "To plan")["errors"] == {"/purpose": ""}
    assert store.read(path).purpose == "To plan"


def test_a_place_that_the_page_does_not_ask_for_cannot_be_changed(session: Session, path: Path) -> None:
    for place in ("/schema_version", "/saved", "/budget/lines", "/purpose/x", ""):
        with pytest.raises(BadInput):
            session.change(place, "x")
    assert store.read(path).revision == 1


def test_an_answer_of_a_question_bank_is_made_part_by_part(session: Session, path: Path) -> None:
    session.change("/needs/answers/CST-04.1/owner", "Director")
    session.change("/needs/answers/CST-04.1/due", "2026-12-31")
    session.change("/needs/answers/CST-04.1/due", "")
    answer = store.read(path).needs.answers["CST-04.1"]
    assert (answer.owner, answer.due) == ("Director", None)


def test_a_block_that_cannot_be_drawn_leaves_the_others(path: Path, capfd: pytest.CaptureFixture) -> None:
    def broken(block: Block, uid: str) -> str:
        if uid.endswith("chart"):
            raise RuntimeError("secret detail")
        return fragment(block, uid)

    page = Session(
        "needs", path, reference=object(), run=guide_step.run, draw=broken, find=guide_step.find
    ).page()
    assert "reference number" in page
    assert "secret detail" not in page
    assert "secret detail" in capfd.readouterr().err
    assert "Add a priority" in page


def test_a_saved_change_is_called_saved_even_when_the_page_fails(path: Path) -> None:
    def run(step_id, plan, reference):
        if plan.purpose:
            raise RuntimeError("secret detail")
        return guide_step.run(step_id, plan, reference)

    session = Session("needs", path, reference=object(), run=run, draw=fragment, find=guide_step.find)
    assert session.change("/purpose", "To plan")["revision"] == 2
    reply = session.catch_up()
    assert "is saved" in reply["alert"]
    assert "Reload the page" in reply["alert"]
    assert "secret" not in reply["alert"]
    assert store.read(path).purpose == "To plan"


def test_a_page_that_reconnects_gets_what_it_lacks(session: Session) -> None:
    assert session.hello(1) == {}
    session.change("/purpose", "Newer words")
    assert "Newer words" in session.hello(1)["page"]


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("number", "1,234.5", 1234.5),
        ("number", " £12 ", 12),
        ("number", "", None),
        ("integer", "2026", 2026),
        ("yesno", "true", True),
        ("yesno", "false", False),
        ("date", "", None),
        ("date", "2026-12-31", "2026-12-31"),
        ("choices", ["a", "b"], ["a", "b"]),
        ("choices", "a", []),
        ("text", None, ""),
    ],
)
def test_what_is_typed_is_read_as_the_plan_holds_it(kind: str, typed: object, value: object) -> None:
    assert reading(Question("/x", "X", kind), typed) == value  # type: ignore[arg-type]


@pytest.mark.parametrize("typed", ["0026-12-31", "1066-10-14", "9999-12-31", "tomorrow", "2026-02-30"])
def test_what_is_no_date_of_our_time_is_said_in_a_sentence(typed: str) -> None:
    with pytest.raises(BadInput, match=r"X: .*(the year is|is not a date)"):
        reading(Question("/x", "X", "date"), typed)


@pytest.mark.parametrize(
    ("kind", "typed"), [("number", "about 5"), ("integer", "2.5"), ("number", "nan years")]
)
def test_what_is_no_number_is_said_in_a_sentence(kind: str, typed: str) -> None:
    with pytest.raises(BadInput, match=r"X: .*number"):
        reading(Question("/x", "X", kind), typed)  # type: ignore[arg-type]


def test_a_percentage_is_read_where_one_is_asked_and_refused_where_it_is_not() -> None:
    share = Question("/budget/fund/partners/0/overspend", "Share of an overspend", "number")
    rate = Question("/budget/lines/0/own_growth", "Other growth", "number", unit="% a year")
    spend = Question("/budget/lines/0/amount", "Spend", "number", unit="£000s")
    assert reading(share, "45%") == 0.45
    assert reading(rate, "2.5%") == 2.5
    with pytest.raises(BadInput, match="“45%” is a percentage, and none is asked for here"):
        reading(spend, "45%")


# --- lists from and to a spreadsheet ---------------------------------------------------

SCHEMES = "/budget/schemes"


@pytest.fixture
def budget(path: Path) -> Session:
    return Session("budget", path, reference=Reference.open(), run=lists_only, draw=fragment)


def lists_only(step_id: str, plan: Plan, reference: object) -> Step:
    """A step with nothing but two lists."""
    asked = (Question(p, p, "rows") for p in (SCHEMES, "/budget/scope/responses"))
    return Step("budget", "Budget", tuple(asked))


def sent(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_a_spreadsheet_is_offered_first_and_saved_when_it_is_taken(budget: Session, path: Path) -> None:
    reply = budget.read_rows(
        SCHEMES, "mine.csv", sent("Scheme,Funded\nFalls clinic,yes\nHome first,no\n"), False
    )
    assert "2 new" in reply["rows"][SCHEMES]
    assert "Bring in these rows" in reply["rows"][SCHEMES]
    assert store.read(path).revision == 1
    reply = budget.take_rows(SCHEMES, "A. Planner")
    assert "2 new rows" in reply["rows"][SCHEMES]
    assert [s.id for s in store.read(path).budget.schemes] == ["falls-clinic", "home-first"]
    assert store.read(path).saved.by == "A. Planner"
    assert len(store.revisions(path)) == 1


def test_every_fault_of_a_spreadsheet_is_listed_and_nothing_saved(budget: Session, path: Path) -> None:
    faulty = "Scheme,Funded,Lead time (months)\nA,perhaps,<b>\n"
    html = budget.read_rows(SCHEMES, "mine.csv", sent(faulty), False)["rows"][SCHEMES]
    assert "row 2, column Funded" in html
    assert "“&lt;b&gt;” is not a number" in html
    assert 'tabindex="-1"' in html
    assert "Read the file again" in budget.take_rows(SCHEMES)["rows"][SCHEMES]
    assert store.read(path).revision == 1


def test_what_was_offered_is_not_taken_once_the_plan_has_moved_on(budget: Session, path: Path) -> None:
    budget.read_rows(SCHEMES, "mine.csv", sent("Scheme\nA\n"), False)
    budget.add(SCHEMES)
    assert "The plan has changed since" in budget.take_rows(SCHEMES)["rows"][SCHEMES]
    assert len(store.read(path).budget.schemes) == 1


def test_a_list_goes_out_and_comes_back_the_same(budget: Session) -> None:
    budget.read_rows(SCHEMES, "mine.csv", sent("Scheme\nA\n"), False)
    budget.take_rows(SCHEMES)
    file = budget.rows_out(SCHEMES)["file"]
    assert file["name"] == "test-schemes.xlsx"
    assert (
        "Nothing would change"
        in budget.read_rows(SCHEMES, file["name"], file["content"], False)["rows"][SCHEMES]
    )


def test_a_survey_is_understood_under_the_scores(budget: Session) -> None:
    place = "/budget/scope/responses"
    survey = "Email,Role,Core health and care [Data availability]\na@example.org,GP,4\n"
    html = budget.read_rows(place, "survey.csv", sent(survey), False)["rows"][place]
    assert "1 new" in html
    assert "Not kept, because it could tell who answered" in html


def test_no_list_but_those_of_the_page_can_be_brought_in(budget: Session) -> None:
    with pytest.raises(BadInput):
        budget.read_rows("/decommissioning/services", "x.csv", sent("Service\nA\n"), False)
    assert "did not arrive whole" in budget.read_rows(SCHEMES, "x.csv", "%%%", False)["rows"][SCHEMES]
    assert (
        "larger than 5 MB"
        in budget.read_rows(SCHEMES, "x.csv", sent("a" * 5_000_001), False)["rows"][SCHEMES]
    )


def test_an_entry_of_a_long_list_is_drawn_when_it_is_opened(path: Path) -> None:
    session = Session("budget", path, reference=Reference.open(), run=asked, draw=fragment)
    names = "\n".join(f"Scheme {n}" for n in range(60))
    session.read_rows(SCHEMES, "mine.csv", sent(f"Scheme\n{names}\n"), False)
    session.take_rows(SCHEMES)
    [key] = session.containers
    assert 'data-later="/budget/schemes/59"' in session.containers[key]
    assert "q-budget-schemes-59-owner" not in session.containers[key]
    assert 'id="q-budget-schemes-59-owner"' in session.open(f"{SCHEMES}/59")["patches"][key]
    session.remove(SCHEMES, 3)
    assert 'id="q-budget-schemes-58-owner"' in session.containers[key]
    session.add(SCHEMES)
    assert 'id="q-budget-schemes-59-owner"' in session.containers[key]


def asked(step_id: str, plan: Plan, reference: Reference) -> Step:
    return Step("budget", "Budget", (ask(plan, reference, SCHEMES),))


# --- long pages ------------------------------------------------------------------------


def many(count: int) -> Plan:
    """A plan with so many services to stop, each with its questions, and as many schemes."""
    services = [
        {"id": f"s{n}", "name": f"Service {n}", "decision": "stop", "substantial": True} for n in range(count)
    ]
    schemes = [{"id": f"n{n}", "name": f"Scheme {n}", "owner": "Director"} for n in range(count)]
    given = {"decommissioning": {"services": services}, "budget": {"schemes": schemes}}
    return Plan.model_validate(guide_step.plan().model_dump() | given)


@pytest.fixture
def long(tmp_path: Path) -> Session:
    file = tmp_path / "long.plan.json"
    store.create(many(20), file)
    return Session("decommissioning", file, draw=fragment, view=views.WHOLE)


def test_what_is_asked_of_many_entries_is_drawn_when_it_is_opened(long: Session) -> None:
    place = "/decommissioning/services/3/answers/CST-13.1"
    key = "b-question-decommissioning-services-3-answers-CST-13-1"
    folded = long.containers[key]
    assert f'data-later="{place}"' in folded
    assert "Service 3" in folded
    assert "questions, 0 answered" in folded
    assert "q-decommissioning-services-3-answers-CST-13-" in folded, "an address leads to what it will hold"
    assert "<input" not in folded
    opened = long.open(place)["patches"]
    assert list(opened) == [key]
    assert 'id="q-decommissioning-services-3-answers-CST-13-1-owner"' in opened[key]
    assert len(long.page()) < 1_000_000


def test_an_answer_given_in_an_opened_part_is_counted_in_it(long: Session) -> None:
    place = "/decommissioning/services/3/answers/CST-13.1"
    key = "b-question-decommissioning-services-3-answers-CST-13-1"
    long.open(place)
    long.change(f"{place}/answer", "partly")
    assert "questions, 1 answered" in long.catch_up()["patches"][key]
    session = Session("decommissioning", long.path, draw=fragment, view=views.WHOLE)
    assert "<p>Partly: 1.</p>" in session.containers[key]


def test_what_was_opened_stays_open_where_an_entry_before_it_goes(long: Session) -> None:
    long.open("/decommissioning/services/3/answers/CST-13.1")
    long.open("/decommissioning/services/5")
    long.remove("/decommissioning/services", 1)
    key = "b-question-decommissioning-services-{}-answers-CST-13-1"
    assert "<input" in long.containers[key.format(2)]
    assert "<input" not in long.containers[key.format(3)]
    assert 'id="q-decommissioning-services-4-name"' in long.containers["b-question-decommissioning-services"]


def test_a_part_that_is_not_on_the_page_cannot_be_opened(long: Session) -> None:
    for place in ("/budget/schemes/3", "/saved", "", "#1"):
        with pytest.raises(BadInput):
            long.open(place)


def test_a_short_list_and_few_questions_are_drawn_at_once(tmp_path: Path) -> None:
    file = tmp_path / "short.plan.json"
    store.create(many(3), file)
    page = Session("decommissioning", file, draw=fragment, view=views.WHOLE).page()
    assert "data-later" not in page
    assert 'id="q-decommissioning-services-2-answers-CST-13-1-owner"' in page


def test_a_very_long_list_is_opened_a_hundred_at_a_time(tmp_path: Path) -> None:
    file = tmp_path / "hundreds.plan.json"
    store.create(many(301), file)
    session = Session("budget", file, reference=Reference.open(), run=asked, draw=fragment)
    [key] = session.containers
    assert session.containers[key].count("data-later") == 4
    assert "Scheme 201 to 300" in session.containers[key]
    assert "From “Scheme 300” to “Scheme 300”." in session.containers[key]
    html = session.open(f"{SCHEMES}#2")["patches"][key]
    assert html.count("data-later") == 3 + 100
    assert "Owner: Director" in html, "a closed entry says what is known of it"
    session.add(SCHEMES)
    assert 'id="q-budget-schemes-301-owner"' in session.containers[key], "a new entry is there to fill in"

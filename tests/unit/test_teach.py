"""Lessons: figures worked out, results that wait, answers that stand, and visitors who mean harm."""

from __future__ import annotations

import http.client
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pandas as pd
import pytest

import workbook as package
from tests.unit import teach_sample as sample
from workbook import paths
from workbook.errors import BadInput, UsageError
from workbook.reference import Reference
from workbook.teach import answers, desk, facts, lessons


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path) -> Path:
    """A folder of lessons of the test's own."""
    folder = tmp_path / "lessons"
    folder.mkdir()
    monkeypatch.setattr(lessons, "shipped", lambda name: tmp_path)
    put(folder)
    return folder


def put(folder: Path, **changes) -> Path:
    path = folder / f"{changes.get('id', 'sample')}.json"
    path.write_text(json.dumps(sample.lesson(**changes)), encoding="utf-8")
    return path


@pytest.fixture
def table(shelf: Path) -> desk.Desk:
    return desk.Desk(sample.World(), key="trainers-key", token="form-token")  # type: ignore[arg-type]


def page(table: desk.Desk) -> str:
    return table.get("/sample", {}).body


def answer(table: desk.Desk, step: str, value: str, token: str = "form-token") -> desk.Reply:
    return table.post("/sample/answer", {"token": [token], "step": [step], "answer": [value]})


# --- figures ------------------------------------------------------------------


def test_the_words_of_a_lesson_are_worked_out_from_the_series():
    words = facts.facts("A1", "years-lost", sample.World()).words  # type: ignore[arg-type]
    assert words["first"] == "1,000 years"
    assert words["last"] == "820 years"
    assert words["change"] == "18% lower"
    assert words["direction"] == "decreasing"
    assert words["trend_judgement"] == "getting better"
    assert words["short_direction"] == "cannot be calculated"
    # 790 to 850 holds the country's 800
    assert words["judgement"] == "similar"
    # in order 700, 750, 800, 820, 850, 900: the first fifth of six areas holds two
    assert words["best_fifth_plain"] == "750"
    assert words["best_fifth_change"] == "9% lower"
    assert words["peer_median_plain"] == "750"
    assert words["target_year"] == "2029"


def test_too_short_a_series_is_refused_with_a_sentence(monkeypatch):
    monkeypatch.setattr(sample, "YEARS", range(2021, 2025))
    with pytest.raises(BadInput, match="4 yearly figures of Years lost"):
        facts.facts("A1", "years-lost", sample.World())  # type: ignore[arg-type]


def test_a_range_stands_with_its_unit_once():
    words = facts.facts("A1", "years-lost", sample.World()).words  # type: ignore[arg-type]
    assert words["interval"] == "790 to 850 years"


def test_a_change_over_a_break_is_no_past_change(monkeypatch):
    """Nothing that crosses 2020 counts, so no move of five years is left of ten."""
    world = sample.World()
    broken = replace(world.indicator("years-lost"), break_years=(2020,))
    monkeypatch.setattr(world, "indicator", lambda id: broken)
    assert facts.facts("A1", "years-lost", world).words["past_moves"] == "0"  # type: ignore[arg-type]


def test_a_country_without_a_figure_gives_way_to_the_median_of_the_areas(monkeypatch):
    """In 2023 the six areas stand at 700, 750, 800, 840, 850 and 900, the country at nothing."""
    world = sample.World()
    series = world.series

    def late(indicator: str, **asked) -> pd.DataFrame:
        rows = series(indicator, **asked)
        return rows[(rows["area"] != "C") & (rows["year"] < 2024)]

    monkeypatch.setattr(world, "series", late)
    words = facts.facts("A1", "years-lost", world).words  # type: ignore[arg-type]
    assert (words["last_year"], words["country_value"]) == ("2023", "820 years")
    assert words["country"] == "median of 6 areas (no national figure on hand)"
    assert words["judgement"] == "similar"


def test_an_area_may_be_named_by_another_of_its_codes(monkeypatch):
    """Figures are filed under one code; the ranked chart finds the area there."""
    world = sample.World()
    area, series = world.area, world.series
    monkeypatch.setattr(world, "area", lambda code: area("A1" if code == "ODS" else code))
    monkeypatch.setattr(
        world,
        "series",
        lambda id, **asked: series(id, **asked | ({"area": "A1"} if asked.get("area") == "ODS" else {})),
    )
    ranked = facts.facts("ODS", "years-lost", world).figures["areas"]  # type: ignore[arg-type]
    assert "Ambleford is number 4 from the lowest" in ranked.alt


def test_a_lesson_says_what_a_plan_would_say(home: Path):
    """The shipped lesson's figures are those of the ambitions step of the demonstration plan."""
    reference = Reference.open()
    words = facts.facts("SYN01", "demo-pyll", reference).words
    plan = package.open_plan(paths.shipped("data") / "demo" / "demo.plan.json")
    results = {r.id: r.value for r in package.step("ambitions", plan).results}
    assert words["last_plain"] == f"{results['ambition-1.baseline']:.6g}"
    assert words["peer_median_plain"] == f"{results['ambition-1.peer-median-now']:.6g}"
    assert words["best_fifth_plain"] == f"{results['ambition-1.best-fifth-now']:.6g}"
    assert words["do_nothing_plain"] == f"{results['ambition-1.do-nothing.2029']:.6g}"


def test_a_lesson_on_chance_says_what_the_needs_page_would_say(home: Path):
    found = facts.facts("SYN01", "demo-loneliness", Reference.open())
    plan = package.open_plan(paths.shipped("data") / "demo" / "demo.plan.json")
    results = {r.id: r.value for r in package.step("needs", plan).results}
    gap = [results[f"needs.demo-loneliness.opportunity{part}"] for part in ("", "-lower", "-upper")]
    assert [found.words["gap_people_plain"], *found.words["gap_interval"].split(" to ")] == [
        f"{value:.0f}" for value in gap
    ]
    # By hand: the five lowest of the ten peers are 6.6, 6.7, 6.8, 7.0 and 7.0; 3,645 people were asked.
    best = (6.6 + 6.7 + 6.8 + 7.0 + 7.0) / 5
    assert found.words["best_five"] == f"{best:.1f}%"
    assert found.words["gap_people_plain"] == f"{(8.0 - best) / 100 * 3645:.0f}"
    assert found.words["gap_verdict"] == "this could be chance"


def test_the_place_in_the_funnel_is_the_one_of_the_formula(home: Path):
    found = facts.facts("SYN01", "demo-loneliness", Reference.open())
    spread = 1.96 * (0.07 * 0.93 / 3645) ** 0.5 * 100  # around the country's 7.0 % at 3,645 people
    assert found.words["funnel_low"] == f"{7 - spread:.1f}%"
    assert found.words["funnel_high"] == f"{7 + spread:.1f}%"
    assert 7 + spread < 8.0 < 7 + spread * 3.09 / 1.96
    assert found.words["funnel_place"] == "above the 95% limit"
    assert {"funnel", "peers"} <= set(found.figures)


def test_a_figure_without_a_funnel_or_enough_peers_says_so():
    found = facts.facts("A1", "years-lost", sample.World())  # type: ignore[arg-type]
    assert found.words["funnel_place"] == "not drawn"
    assert "funnel" not in found.figures
    assert found.words["gap_verdict"] == "Only 3 peers have a figure; at least 5 are needed."
    assert found.words["gap_people"] == "not available"


# --- files --------------------------------------------------------------------


def test_a_lesson_is_listed_with_its_title_and_time(shelf: Path):
    assert [(found.id, found.title, found.minutes) for found in lessons.list_lessons()] == [
        ("sample", "Reading a trend", 20)
    ]


def test_a_lesson_that_does_not_exist_names_those_that_do(shelf: Path):
    with pytest.raises(BadInput, match="no lesson 'nonsense'.*sample"):
        lessons.load("nonsense")


def asking(kind: str, **more) -> dict:
    """A step with a question of the given kind."""
    return {"id": "a", "title": "A", "words": [], "question": {"prompt": "?", "kind": kind, **more}}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"minutes": "long"}, "invalid literal"),
        ({"id": "../up"}, "small letters"),
        ({"steps": [{"id": "a", "title": "A"}]}, "'words' is missing"),
        ({"steps": [{"id": "a", "title": "A", "words": []}] * 2}, "same id"),
        (
            {
                "steps": [
                    {"id": "a", "title": "A", "words": [], "question": {"prompt": "?", "kind": "slider"}}
                ]
            },
            "kind 'slider'",
        ),
        (
            {
                "steps": [
                    {"id": "a", "title": "A", "words": [], "question": {"prompt": "?", "kind": "choice"}}
                ]
            },
            "has choices",
        ),
    ],
)
def test_a_faulty_lesson_is_named_with_its_fault(tmp_path: Path, changes: dict, said: str):
    path = tmp_path / "faulty.json"
    path.write_text(json.dumps(sample.lesson(**changes)), encoding="utf-8")
    with pytest.raises(BadInput, match=rf"faulty\.json.*{said}"):
        lessons.read(path)


def test_a_file_that_is_no_json_is_named(tmp_path: Path):
    path = tmp_path / "torn.json"
    path.write_text('{"id": "to', encoding="utf-8")
    with pytest.raises(BadInput, match=r"torn\.json cannot be read"):
        lessons.read(path)


def test_a_placeholder_that_no_figure_gives_is_said(shelf: Path):
    with pytest.raises(BadInput, match="asks for {nothing_such}"):
        lessons.filled(lessons.read(put(shelf, aim="Read {nothing_such}.")), {"area": "x"})


@pytest.mark.parametrize(
    ("typed", "right"), [("750", True), ("760", True), ("761", False), ("1,750", False), ("£750", True)]
)
def test_a_number_is_right_within_its_tolerance(typed: str, right: bool):
    question = lessons.Question("?", "number", answer="750", tolerance=10)
    assert lessons.is_right(question, typed) is right


GUESS = {"prompt": "Your guess", "kind": "number", "inside": "In the range.", "outside": "Out of the range."}


@pytest.mark.parametrize(("typed", "said"), [("750", "In the range."), ("749.9", "Out of the range.")])
def test_a_guess_is_placed_in_its_range_and_not_judged(shelf: Path, typed: str, said: str):
    ranged = GUESS | {"low": "{best_fifth_plain}", "high": 850}
    step = {"id": "guess", "title": "Guess", "words": [], "question": ranged, "result": ["RESULT"]}
    put(shelf, steps=[step])
    desk_ = desk.Desk(sample.World(), key="trainers-key", token="form-token")  # type: ignore[arg-type]
    assert "range" not in page(desk_)
    answer(desk_, "guess", typed)
    assert said in page(desk_)
    assert "Right." not in page(desk_)
    assert "850" in desk_.get("/sample/trainer", {"key": ["trainers-key"]}).body


def test_a_range_the_wrong_way_round_is_said(shelf: Path):
    step = asking("number", low=9, high=5)
    with pytest.raises(BadInput, match=r"step a: '9' to '5' is no range"):
        lessons.filled(lessons.read(put(shelf, steps=[step])), {"area": "x"})


def test_a_right_answer_may_be_written_as_a_number(shelf: Path):
    read = lessons.read(put(shelf, steps=[asking("number", answer=750)]))
    assert read.steps[0].question and lessons.is_right(read.steps[0].question, "750")


# --- the learner --------------------------------------------------------------


def test_no_result_is_in_the_page_before_its_answer(table: desk.Desk):
    first = page(table)
    assert "Ambleford over 10 years." in first
    assert "Which way?" in first
    for later in (
        "RESULT-",
        "What level does",
        "Well read",
        "Look at the axis",
        "TRAINER-ONLY",
        "Who would lose",
    ):
        assert later not in first


def test_an_answer_opens_its_result_and_the_next_step(table: desk.Desk):
    reply = answer(table, "look", "decreasing")
    assert (reply.status, reply.to) == (303, "/sample#look")
    after = page(table)
    assert "Right. It falls. Well read." in after
    assert "RESULT-ONE: Over 2020 to 2024" in after
    assert "What level does the best fifth reach?" in after
    assert "RESULT-TWO" not in after


def test_a_wrong_answer_gets_its_own_feedback(table: desk.Desk):
    answer(table, "look", "increasing")
    assert "Not quite. Look at the axis. Read it again." in page(table)


def test_a_committed_answer_cannot_be_changed(table: desk.Desk):
    answer(table, "look", "increasing")
    reply = answer(table, "look", "decreasing")
    assert reply.status == 422
    assert "Your first answer stands" in reply.body
    assert answers.committed("sample") == {"look": "increasing"}
    assert "Your answer: Up" in page(table)


def test_answers_are_there_after_the_program_ended(table: desk.Desk):
    answer(table, "look", "decreasing")
    another = desk.Desk(sample.World())  # type: ignore[arg-type]
    assert "Your answer: Down" in page(another)


def test_steps_cannot_be_answered_ahead(table: desk.Desk):
    reply = answer(table, "guess", "750")
    assert reply.status == 403
    assert answers.committed("sample") == {}


@pytest.mark.parametrize(
    ("step", "typed", "said"),
    [
        ("look", "", "Give an answer first"),
        ("look", "sideways", "Choose one of the answers"),
        ("guess", "about 700", "Give a number"),
        ("guess", "nan", "Give a number"),
        ("why", "   ", "Give an answer first"),
        ("why", "x" * 5000, "longer than 4,000"),
    ],
)
def test_an_answer_that_does_not_fit_is_said_and_kept_in_the_form(
    table: desk.Desk, step: str, typed: str, said: str
):
    for id, value in (("look", "decreasing"), ("guess", "750")):
        if id == step:
            break
        answer(table, id, value)
    reply = answer(table, step, typed)
    assert reply.status == 422
    assert said in reply.body
    assert "<title>Error:" in reply.body
    assert f'href="#answer-{step}"' in reply.body
    assert f'id="answer-{step}"' in reply.body
    assert step not in answers.committed("sample")
    if step != "look":
        assert typed.strip() in reply.body


def test_the_end_has_the_discussion_and_the_count(table: desk.Desk):
    for id, value in (("look", "decreasing"), ("guess", "100"), ("why", "Because.")):
        answer(table, id, value)
    end = page(table)
    assert "Who would lose?" in end
    assert "You had 1 right of 2 questions" in end


def test_starting_again_puts_answers_aside_and_loses_none(table: desk.Desk, home: Path):
    answer(table, "look", "increasing")
    table.post("/sample/again", {"token": ["form-token"]})
    assert answers.committed("sample") == {}
    assert answers.attempts("sample") == 1
    aside = json.loads((home / "lessons" / "sample-1.json").read_text())
    assert aside["answers"] == {"look": "increasing"}


def test_altered_answers_are_said_and_not_overwritten(table: desk.Desk, home: Path):
    path = answers.place("sample")
    path.parent.mkdir(parents=True)
    path.write_text("[1, 2")
    with pytest.raises(BadInput, match="cannot be read"):
        page(table)
    with pytest.raises(BadInput, match="cannot be read"):
        answers.commit("sample", "look", "decreasing")
    assert path.read_text() == "[1, 2"


def test_every_control_has_a_label_and_the_page_its_landmarks(table: desk.Desk):
    answer(table, "look", "decreasing")
    html = page(table)
    for id in re.findall(r'<(?:input|textarea)(?![^>]*type="hidden")[^>]* id="([^"]+)"', html):
        assert f'for="{id}"' in html
    assert html.count("<h1>") == 1
    assert '<main id="main"' in html
    assert '<a class="wb-skip" href="#main">' in html
    assert '<html lang="en-GB">' in html
    assert len(re.findall(r' id="([^"]+)"', html)) == len(set(re.findall(r' id="([^"]+)"', html)))
    assert "<script" not in html


def test_a_synthetic_area_is_called_so_and_a_real_one_is_not(shelf: Path):
    assert "Synthetic figures" in page(desk.Desk(sample.World()))  # type: ignore[arg-type]
    assert "Synthetic figures" not in page(desk.Desk(sample.World(synthetic=False)))  # type: ignore[arg-type]


# --- the trainer --------------------------------------------------------------


def test_the_trainers_page_has_everything_and_asks_for_its_key(table: desk.Desk):
    shown = table.get("/sample/trainer", {"key": ["trainers-key"]}).body
    for part in (
        "RESULT-ONE",
        "RESULT-TWO: 750 years",
        "TRAINER-ONLY",
        "Right answer: Down",
        "Ask for reasons.",
    ):
        assert part in shown
    assert "Right answer: 750 years, give or take 10" in shown
    for key in ({}, {"key": [""]}, {"key": ["guess"]}, {"key": ["ü"]}):
        refused = table.get("/sample/trainer", key)
        assert refused.status == 403
        assert "RESULT" not in refused.body
    assert "trainers-key" not in page(table)


# --- visitors who mean harm ---------------------------------------------------


def test_what_people_type_is_text_wherever_it_is_shown(table: desk.Desk):
    for id, value in (("look", "decreasing"), ("guess", "1"), ("why", f"\"{sample.HOSTILE}'")):
        answer(table, id, value)
    for shown in (page(table), table.get("/sample/trainer", {"key": ["trainers-key"]}).body):
        assert sample.HOSTILE not in shown
        assert "&lt;script&gt;" in shown
    refused = answer(table, "why", sample.HOSTILE)
    assert sample.HOSTILE not in refused.body


def test_a_hostile_name_or_lesson_is_text(shelf: Path):
    put(shelf, title=sample.HOSTILE, aim=f"{sample.HOSTILE}{{area}}")
    shown = page(desk.Desk(sample.World(name=f"{sample.HOSTILE}ford")))  # type: ignore[arg-type]
    assert "<script" not in shown


def test_a_form_without_this_runs_token_is_refused(table: desk.Desk):
    assert answer(table, "look", "decreasing", token="").status == 403
    assert answer(table, "look", "decreasing", token="ünknown").status == 403
    assert table.post("/sample/again", {}).status == 403
    assert answers.committed("sample") == {}


@pytest.mark.parametrize(
    "path", ["/../etc/passwd", "/sample/../..", "/%2e%2e/x", "/nonsense", "/sample/secret", "//"]
)
def test_an_address_that_is_none_leads_nowhere(table: desk.Desk, path: str):
    assert table.get(path, {}).status == 404
    assert table.post(path, {"token": ["form-token"]}).status == 404


@pytest.fixture
def port(table: desk.Desk) -> Iterator[int]:
    with desk.server(table) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running.server_address[1]
        running.shutdown()
        thread.join()


def ask(
    port: int, method: str, path: str, body: str | None = None, **headers: str
) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, body, {key.replace("_", "-"): value for key, value in headers.items()})
    return connection.getresponse()


def test_the_server_answers_with_a_strict_policy_and_redirects_after_a_form(port: int):
    reply = ask(port, "GET", "/sample")
    assert reply.status == 200
    policy = reply.getheader("Content-Security-Policy")
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert " style=" not in re.sub(r"<style.*?</style>", "", reply.read().decode(), flags=re.DOTALL)
    form = urlencode({"token": "form-token", "step": "look", "answer": "decreasing"})
    taken = ask(port, "POST", "/sample/answer", form, Content_Type="application/x-www-form-urlencoded")
    assert (taken.status, taken.getheader("Location")) == (303, "/sample#look")
    assert "RESULT-ONE" in ask(port, "GET", "/sample").read().decode()


def test_another_name_for_this_machine_is_refused(port: int):
    assert ask(port, "GET", "/sample", Host=f"evil.example:{port}").status == 403
    assert ask(port, "GET", "/sample", Host=f"localhost:{port}").status == 200


def test_a_form_without_end_is_not_read(port: int):
    assert ask(port, "POST", "/sample/answer", "x", Content_Length="9999999999").status == 403
    assert ask(port, "POST", "/sample/answer", "x", Content_Length="-1").status == 403


def test_a_fault_shows_a_sentence_and_no_traceback(table: desk.Desk, port: int, monkeypatch, capsys):
    def broken(*_: object, **__: object) -> str:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(desk.pages, "learner", broken)
    reply = ask(port, "GET", "/sample")
    text = reply.read().decode()
    assert reply.status == 500
    assert "fault of its own" in text
    assert "secret detail" not in text
    assert "secret detail" in capsys.readouterr().err


def test_a_port_that_is_taken_is_said(port: int, table: desk.Desk):
    with pytest.raises(UsageError, match="cannot be used"):
        desk.server(table, port)
    with pytest.raises(UsageError, match="cannot be used"):
        desk.server(table, 99_999)


# --- the lessons that ship ----------------------------------------------------

SHIPPED = [lesson.id for lesson in lessons.list_lessons()]


def test_a_lesson_ships():
    assert SHIPPED


@pytest.mark.parametrize("id", SHIPPED)
def test_a_shipped_lesson_can_be_walked_through(id: str, home: Path):
    """Every placeholder and chart is there; each result waits; right answers are right."""
    table = desk.Desk(Reference.open(), token="t")
    lesson, _ = table._lesson(id)
    assert sum(task.minutes for task in lesson.steps) <= lesson.minutes
    assert lesson.discussion
    assert lesson.trainer
    for task in lesson.steps:
        if task.question is None:
            continue
        before = table.get(f"/{id}", {}).body
        assert task.title in before
        for paragraph in task.result:
            assert paragraph[:60] not in before
        given = task.question.answer or "1"
        if task.question.kind == "choice" and not task.question.answer:
            given = task.question.choices[0].value
        reply = table.post(f"/{id}/answer", {"token": ["t"], "step": [task.id], "answer": [given]})
        assert reply.status == 303, reply.body
        if task.question.answer:
            assert lessons.is_right(task.question, given)
    assert "To discuss" in table.get(f"/{id}", {}).body
    assert "Synthetic" in table.get(f"/{id}", {}).body


@pytest.mark.browser
def test_a_lesson_works_in_a_browser_without_script(port: int, chromium):
    context = chromium.new_context(java_script_enabled=False)
    browsed = context.new_page()
    foreign, complaints = [], []
    browsed.on("request", lambda r: foreign.append(r.url) if f"127.0.0.1:{port}" not in r.url else None)
    browsed.on("console", lambda message: complaints.append(message.text))
    browsed.goto(f"http://127.0.0.1:{port}/sample")
    browsed.get_by_label("Down").check()
    browsed.get_by_role("button", name="Commit this answer").press("Enter")
    browsed.reload()
    assert browsed.get_by_text("RESULT-ONE").is_visible()
    assert browsed.get_by_label("Best fifth").is_visible()
    assert not [url for url in foreign if not url.startswith("data:")]
    assert not complaints
    context.close()

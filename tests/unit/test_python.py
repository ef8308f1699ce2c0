"""The package from Python: every example of its page, what notebooks show, errors as sentences, a light import."""

from __future__ import annotations

import doctest
import inspect
import json
import pydoc
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

import workbook as wb
from workbook import charts
from workbook.blocks import Column, Figure, Finding, Step, Table, table
from workbook.errors import BadInput, StaleWrite, UnknownArea, UsageError, WorkbookError
from workbook.render import show

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "python.md"


@pytest.fixture
def plan(home: Path) -> Any:
    return wb.demonstration()


# --- the page -------------------------------------------------------------------


def test_every_example_of_the_page_prints_what_stands_below_it(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = re.sub(r"^```.*$", "", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    found = doctest.DocTestParser().get_doctest(text, {}, "docs/python.md", str(PAGE), 0)
    said: list[str] = []
    outcome = doctest.DocTestRunner(optionflags=options).run(found, out=said.append)
    assert outcome.attempted > 25
    assert outcome.failed == 0, "".join(said)


def test_the_page_and_the_help_name_everything_the_door_offers() -> None:
    page, help_ = PAGE.read_text(encoding="utf-8"), wb.__doc__ or ""
    for name in set(wb.__all__) - {"start", "step"}:
        assert re.search(rf"\b{name}\b", help_), f"help(wb) does not list {name}"
        assert f"wb.{name}" in page, f"docs/python.md does not show wb.{name}"


@pytest.mark.parametrize("name", sorted(set(wb.__all__) - {"pack"}))
def test_every_function_says_what_it_gives(name: str) -> None:
    made = getattr(wb, name)
    assert len(inspect.getdoc(made) or "") > 40
    assert name in pydoc.plain(pydoc.render_doc(made))


# --- a light import -----------------------------------------------------------------

_LIGHT = """
import sys, workbook
heavy = {"IPython", "altair", "anywidget", "jupyterlab", "numpy", "pandas", "pydantic", "scipy", "vl_convert"}
print(sorted(heavy & {name.split(".")[0] for name in sys.modules}))
print(len([name for name in sys.modules if name.startswith("workbook")]))
"""


def test_importing_the_package_imports_nothing_heavy() -> None:
    out = subprocess.run([sys.executable, "-c", _LIGHT], capture_output=True, text=True, check=True).stdout
    assert out.split("\n")[:2] == ["[]", "1"]


# --- plans --------------------------------------------------------------------------


def test_a_plan_is_saved_opened_by_name_and_by_file(plan: Any, home: Path, tmp_path: Path) -> None:
    wb.save(plan, "north", by="A. Analyst")
    assert (home / "plans" / "north.plan.json").is_file()
    assert wb.plans() == ["north"]
    assert wb.open_plan("north") == wb.open_plan(home / "plans" / "north.plan.json")
    wb.save(plan, tmp_path / "elsewhere.plan.json", by="A. Analyst")
    assert wb.open_plan(str(tmp_path / "elsewhere.plan.json")).saved.by == "A. Analyst"
    assert wb.needs("north").id == "needs"


def test_what_somebody_else_saved_is_not_written_over(plan: Any, home: Path) -> None:
    mine = wb.save(plan, "north", by="A. Analyst")
    wb.save(wb.change(mine, "/title", "Theirs"), "north", by="B. Other")
    with pytest.raises(StaleWrite, match="B. Other"):
        wb.save(wb.change(mine, "/title", "Mine"), "north", by="A. Analyst")
    assert wb.open_plan("north").title == "Theirs"


def test_a_plan_spoilt_by_hand_is_refused_with_the_place_and_nothing_is_saved(plan: Any, home: Path) -> None:
    saved = wb.save(plan, "north", by="A. Analyst")
    spoilt = saved.model_copy(update={"horizon": 99})
    with pytest.raises(BadInput, match="^/horizon: give 15 or less"):
        wb.save(spoilt, "north", by="A. Analyst")
    assert wb.open_plan("north").horizon == plan.horizon


def test_change_leaves_the_plan_as_it_was(plan: Any) -> None:
    other = wb.change(plan, "/needs/priorities/0/title", "Another")
    assert other.needs.priorities[0].title == "Another"
    assert plan.needs.priorities[0].title != "Another"
    (change,) = wb.difference(plan, other)
    assert change.path == "/needs/priorities/0/title"


def test_a_new_plan_takes_what_its_pattern_decided(plan: Any) -> None:
    made = wb.new_plan("SYN05", like=plan, horizon=3)
    assert (made.area.code, made.horizon, made.revision) == ("SYN05", 3, 0)
    assert len(made.budget.schemes) == len(plan.budget.schemes)
    assert wb.new_plan("SYN05").budget.schemes == []


# --- errors ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "kind", "words"),
    [
        (lambda p: wb.open_plan("nothing"), BadInput, "There is no plan called nothing"),
        (lambda p: wb.open_plan("nothing.plan.json"), BadInput, "There is no file"),
        (lambda p: wb.needs(3), UsageError, "int was given"),
        (lambda p: wb.step("option", p), UsageError, "The steps are start, needs"),
        (lambda p: wb.table(p, "x"), UsageError, "A step is asked for"),
        (lambda p: wb.table(wb.needs(p), "prioritys"), UsageError, "It has priorities"),
        (lambda p: wb.series("demo-falls-65", "SYN99"), UnknownArea, "Did you mean"),
        (lambda p: wb.indicators(area="SYN99"), UnknownArea, "Did you mean"),
        (lambda p: wb.save(p, "north", by=" "), UsageError, "under a name"),
        (lambda p: wb.save(p, "north.json", by="A"), UsageError, "end in .plan.json"),
        (lambda p: wb.change(p, "/nowhere", 1), BadInput, "nowhere"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(wrong: Any, kind: type, words: str, plan: Any) -> None:
    with pytest.raises(kind) as caught:
        wrong(plan)
    assert words in str(caught.value)


def test_a_notebook_shows_the_sentence_and_no_traceback() -> None:
    shell = InteractiveShell()
    seen: list[Any] = []
    shell._showtraceback = lambda kind, value, lines: seen.append(lines)  # type: ignore[method-assign]
    result = shell.run_cell("import workbook as wb\nwb.step('nothing', wb.demonstration())")
    assert isinstance(result.error_in_exec, WorkbookError)
    assert seen == [["There is no step 'nothing'. " + result.error_in_exec.remedy]]


# --- figures -----------------------------------------------------------------------


def test_a_series_carries_its_unit_and_source_and_its_figures_are_those_of_the_reference(home: Path) -> None:
    from workbook.reference import Reference

    frame = wb.series("demo-falls-65", ["SYN01", "SYN02"])
    assert set(frame["area"]) == {"SYN01", "SYN02"}
    assert frame.attrs["unit"] == "per 100,000"
    assert frame.attrs["better"] == "a lower value"
    same = Reference.open().series("demo-falls-65", areas=["SYN01", "SYN02"])
    assert frame["value"].tolist() == same["value"].tolist()
    frame.loc[:, "value"] = 0.0
    assert wb.series("demo-falls-65", "SYN01")["value"].min() > 0


def test_areas_are_found_by_name_and_day(home: Path) -> None:
    assert wb.areas("northmere")["code"].tolist() == ["SYN01"]
    assert set(wb.areas(kind="icb")["kind"]) == {"icb"}
    assert len(wb.areas(kind="icb", on="any")) > len(wb.areas(kind="icb"))
    assert wb.areas("no such place").empty


def test_a_table_is_the_steps_own_row_by_row(plan: Any) -> None:
    step = wb.budget(plan)
    frame = wb.table(step, "money")
    (own,) = [t for t in step.tables() if t.id == "money"]
    assert [tuple(row) for row in frame.itertuples(index=False)] == [tuple(row) for row in own.rows]
    assert frame.attrs["units"] == {c.name: c.unit for c in own.columns}
    figure = next(b for b in step.blocks if isinstance(b, Figure))
    assert len(wb.table(step, figure.id)) == len(figure.table.rows)


# --- what is shown -----------------------------------------------------------------


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A notebook's shell that knows how to show what is ours."""
    shell = InteractiveShell()
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    wb._at_home_in_notebooks()
    return shell


def drawn(shell: Any, thing: Any) -> str:
    bundle, _ = shell.display_formatter.format(thing)
    return str(bundle.get("text/html", ""))


def test_what_is_ours_shows_itself_in_a_notebook(shell: Any, plan: Any) -> None:
    assert "The plan at a glance" in drawn(shell, plan)
    needs = wb.needs(plan)
    page = drawn(shell, needs)
    assert page.count('<details class="wb-section">') == sum(
        getattr(b, "level", 9) <= 2 for b in needs.blocks
    )
    assert page.count("<svg") == sum(isinstance(b, Figure) for b in needs.blocks)
    assert "wb-finding" in drawn(shell, wb.findings(plan))
    assert "wb-finding" in drawn(shell, needs.findings())
    assert "<table" in drawn(shell, wb.budget(plan).tables()[0])
    assert "Years ahead" in drawn(shell, wb.difference(plan, wb.change(plan, "/horizon", 4)))


@pytest.mark.parametrize("thing", [[], (), [1, 2], ["a"], [None], ({"a": 1},)])
def test_other_lists_are_shown_as_ever(shell: Any, thing: Any) -> None:
    assert drawn(shell, thing) == ""


def test_ids_are_never_twice_on_a_page_of_many_outputs(plan: Any) -> None:
    needs = wb.needs(plan)
    tables = needs.tables()[:2]
    page = show.html(tables) + show.html(tables)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_markup_that_somebody_typed_stays_words(shell: Any, plan: Any) -> None:
    hostile = wb.change(plan, "/title", "<script>alert(1)</script>")
    assert "<script>" not in drawn(shell, hostile)
    step = Step("own", "<b>own</b>", (Finding("x", "doubt", "<i>s</i>", "<u>r</u>", "needs"),))
    page = drawn(shell, step)
    assert not re.search(r"<(b|i|u)>", page)


def test_the_short_form_is_one_line(plan: Any) -> None:
    rows = table("own", "Own", [Column("a", "A"), Column("b", "B")], [{"a": 1, "b": 2}])
    assert repr(rows) == "<Table own: 'Own', 1 row of a, b>"
    figure = Figure("f", "It rose", charts.trend([], unit=""), "words", rows)
    assert repr(figure) == "<Figure f: 'It rose'>"
    for thing in (plan, wb.needs(plan), *wb.findings(plan)[:3], wb.show(rows, figure)):
        assert len(repr(thing)) < 400
        assert "\n" not in repr(thing)
    assert isinstance(rows, Table)


# --- files -------------------------------------------------------------------------


def test_figures_come_in_from_python(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(
        "indicator,indicator_name,area,period,value,unit,polarity\nlocal-a,A,SYN01,2024,1.5,%,high\n"
    )
    assert wb.check_file(file).faults == []
    assert "local-a" not in set(wb.indicators()["id"])
    (report,) = wb.import_files(file)
    assert report.taken
    assert wb.series("local-a", "SYN01")["value"].tolist() == [1.5]


@pytest.mark.slow
def test_a_pack_is_made_and_prints_a_bank_of_ones_own_with_its_answer(plan: Any, tmp_path: Path) -> None:
    wb.import_files(ROOT / "tests" / "fixtures" / "imports" / "question-bank.csv")
    answer = {"answer": "partly", "evidence": "Audit of 14 practices"}
    wb.save(wb.change(plan, "/needs/answers/LOC-01-FRAILTY.1", answer), "north", by="A. Analyst")
    made = wb.pack("north", tmp_path / "pack")
    page = (tmp_path / "pack" / "plan.html").read_text(encoding="utf-8")
    assert "Frailty: are we ready?" in page
    assert "Audit of 14 practices" in page
    assert "Readiness to share money" in page
    assert json.loads((tmp_path / "pack" / "manifest.json").read_text(encoding="utf-8"))
    assert repr(made).startswith("<Pack in ")
    import workbook.pack as room

    assert wb.pack is room, "the same name before and after the room is opened"
    assert callable(room.build)

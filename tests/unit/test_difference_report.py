"""What is said of two packs, two revisions of a plan, and two batches beside each other."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from workbook.cli import main
from workbook.pack import difference_batch, difference_page, results
from workbook.pack.difference import Change, Side, attributed, difference, of_plan, without_years
from workbook.plan import Plan, store
from workbook.render import html

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "data" / "demo" / "demo.plan.json"


def figure(
    id: str, value: Any, unit: str = "£000s", step: str = "budget", period: str = "2030/31"
) -> dict[str, Any]:
    return {"id": id, "label": id.title(), "value": value, "unit": unit, "period": period, "step": step}


def finding(sentence: str, code: str = "T-01", path: str = "/a", severity: str = "doubt") -> dict[str, str]:
    return {
        "code": code,
        "severity": severity,
        "sentence": sentence,
        "remedy": "Mend it.",
        "step": "budget",
        "path": path,
    }


def side(
    *figures: dict[str, Any], findings: tuple = (), tables: tuple = (), plan: dict | None = None, **more: Any
) -> Side:
    given = {"area": {"code": "E1", "name": "South"}, "base_year": 2025, **(plan or {})}
    held = {"results": list(figures), "tables": list(tables), "findings": list(findings)}
    return Side("pack", Plan.model_validate(given), held, **{"version": "1.0", "data": "d", **more})


def test_nothing_differs_between_a_pack_and_itself() -> None:
    one = side(
        figure("budget.x", 1.0), findings=(finding("Spend is above income."),), files={"plan.html": "a"}
    )
    found = difference(one, one)
    assert found.nothing
    assert difference_page.said(found) == "Nothing differs."
    assert "Nothing differs." in html.page(difference_page.document(found))


def test_the_change_is_after_less_before_and_the_heaviest_comes_first() -> None:
    old = side(figure("budget.a", 1000.0), figure("budget.b", 10.0), figure("needs.c", "worse", "", "needs"))
    new = side(
        figure("budget.a", 1100.0), figure("budget.b", -10.0), figure("needs.c", "similar", "", "needs")
    )
    found = difference(old, new)
    assert [(c.id, c.change) for c in found.changes] == [
        ("needs.c", None),
        ("budget.b", -20.0),
        ("budget.a", 100.0),
    ]
    assert [c.weight for c in found.changes] == [1.0, 1.0, pytest.approx(100 / 1100)]


def test_a_change_below_what_is_printed_is_counted_and_not_listed() -> None:
    found = difference(side(figure("budget.a", 1000.1)), side(figure("budget.a", 1000.3)))
    assert (found.changes, found.hidden, found.nothing) == ((), 1, False)
    page = html.page(difference_page.document(found))
    assert "1 figure changed by less than is printed, and is not listed." in page


def test_a_series_by_year_is_told_once_with_its_last_year() -> None:
    changes = [
        Change(f"budget.a.{y}", "A", "budget", "£000s", str(y), 1.0, float(y)) for y in (2029, 2030, 2028)
    ]
    (told,) = without_years(changes)
    assert (told.period, told.after, told.years) == ("2030", 2030.0, 3)


def test_a_figure_that_came_or_went_is_named() -> None:
    found = difference(side(figure("budget.a", 1)), side(figure("budget.b", None)))
    assert [f["id"] for f in found.figures_new] == ["budget.b"]
    assert [f["id"] for f in found.figures_gone] == ["budget.a"]


def test_a_finding_that_moved_or_tells_another_figure_is_still_the_same() -> None:
    old = side(
        findings=(finding("A is 1.", path="/a/0"), finding("B is 2.", path="/b"), finding("C.", "T-09", "/c"))
    )
    new = side(
        findings=(finding("A is 1.", path="/a/1"), finding("B is 3.", path="/b"), finding("D.", "T-08", "/d"))
    )
    found = difference(old, new)
    assert [f["sentence"] for f in found.findings_open] == ["A is 1.", "B is 3."]
    assert [f["sentence"] for f in found.findings_gone] == ["C."]
    assert [f["sentence"] for f in found.findings_new] == ["D."]


# --- what is not compared ------------------------------------------------------------------


def test_packs_of_different_areas_are_not_compared() -> None:
    other = side(figure("budget.a", 9.0), plan={"area": {"code": "E2", "name": "North"}})
    found = difference(side(figure("budget.a", 1.0)), other)
    assert (found.changes, found.decided, found.nothing) == ((), (), False)
    assert found.not_compared[0].startswith("The two are of different areas, South (E1) and North (E2)")
    assert difference_page.said(found) == "The two are of different areas and were not compared."


def test_with_another_base_year_inputs_are_compared_and_figures_are_not() -> None:
    found = difference(side(figure("budget.a", 1.0)), side(figure("budget.a", 9.0), plan={"base_year": 2026}))
    assert found.changes == ()
    assert [c.path for c in found.decided] == ["/base_year"]
    assert "The base year was 2025 and is 2026" in found.not_compared[0]
    assert difference_page.said(found).startswith("1 input changed; figures were not compared;")


def test_an_ambition_with_another_measure_is_not_compared_and_the_rest_is() -> None:
    def plan(measure: str) -> dict[str, Any]:
        return {"ambitions": {"items": [{"number": 1, "measure": measure}, {"number": 2, "measure": "same"}]}}

    def figures(value: float) -> list[dict[str, Any]]:
        return [figure(f"ambition-{n}.chosen.2030", value, "%", "ambitions", "2030") for n in (1, 2)]

    found = difference(side(*figures(1.0), plan=plan("deaths")), side(*figures(2.0), plan=plan("stays")))
    assert [c.id for c in found.changes] == ["ambition-2.chosen.2030"]
    assert found.not_compared == (
        "Ambition 1 had the measure deaths and has stays: its figures were not compared.",
    )


# --- where changes come from ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "causes", "words"),
    [
        ({"plan": {"purpose": "Less waiting"}}, ("plan",), "Every change of a figure follows from the plan (1 input changed)"),
        ({"data": "e"}, ("data",), "follows from the figures on hand: the plan and the program are the same."),
        ({"version": "1.1"}, ("program",), "follows from the program: the plan and the figures on hand are the same."),
        ({"version": "1.1", "data": "e"}, ("data", "program"), "may follow from the figures on hand and the program."),
        ({}, (), "run 'workbook verify' on both"),
    ],
)  # fmt: skip
def test_a_change_of_a_figure_is_traced_to_what_changed(changes: dict, causes: tuple, words: str) -> None:
    found = difference(side(figure("budget.a", 1.0)), side(figure("budget.a", 2.0), **changes))
    assert found.causes == causes
    assert words in attributed(found)


# --- the demonstration plan ------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo() -> Side:
    return of_plan(store.read(DEMO), "first")


@pytest.fixture(scope="module")
def changed() -> Side:
    plan = json.loads(DEMO.read_text(encoding="utf-8"))
    plan["revision"] += 1
    plan["ambitions"]["items"][0]["levels"][-1]["value"] = 1900
    next(s for s in plan["budget"]["schemes"] if s["funded"])["funded"] = False
    next(s for s in plan["decommissioning"]["services"] if s["decision"] != "stop")["decision"] = "stop"
    return of_plan(Plan.model_validate(plan), "second")


def test_what_was_decided_and_what_followed_stand_in_the_report(demo: Side, changed: Side) -> None:
    found = difference(demo, changed)
    assert {c.path.split("/")[1] for c in found.decided} == {"ambitions", "budget", "decommissioning"}
    assert len(found.decided) == 3
    ids = {c.id: c for c in found.changes}
    chosen = ids["ambition-1.chosen.2030"]
    assert (chosen.before, chosen.after) == (2040, 1900)
    gap = ids["budget.gap-after.2030"]
    values = [{f["id"]: f["value"] for f in s.figures["results"]} for s in (demo, changed)]
    assert gap.change == pytest.approx(values[1][gap.id] - values[0][gap.id])
    assert "budget.gap-after-p10.2030" not in ids  # a limit goes with its figure
    assert found.causes == ("plan",)
    page = html.page(difference_page.document(found))
    for words in (
        "What was decided anew",
        "What followed",
        "Find and treat high blood pressure",
        "Still open",
    ):
        assert words in page


def test_the_report_of_the_same_two_is_the_same_bytes(demo: Side, changed: Side) -> None:
    def made() -> list[bytes]:
        found = difference(demo, changed)
        return [
            write()
            for write in difference_page.files(difference_page.document(found), found.as_record()).values()
        ]

    assert made() == made()


def test_every_table_of_the_report_has_its_rows_in_the_record(demo: Side, changed: Side) -> None:
    record = json.loads(json.dumps(difference(demo, changed).as_record(), allow_nan=False))
    assert {c["path"] for c in record["inputs"]} >= {"/ambitions/items/0/levels/4/value"}
    assert all(c["before"] != c["after"] for c in record["figures"])


# --- packs and batches -------------------------------------------------------------------


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory, demo: Side) -> Path:
    """The files of a pack that a report reads."""
    folder = tmp_path_factory.mktemp("packs") / "SYN01"
    folder.mkdir()
    (folder / "plan.json").write_text(store.to_json(demo.plan), encoding="utf-8")
    (folder / "results.json").write_bytes(results.as_bytes(demo.figures))
    stated = {
        "program": "commissioning-workbook", "version": "0.1.0", "status": "FOR SIGN-OFF",
        "inputs": {"data": "a" * 64}, "packages": {"numpy": "2.0"}, "data": [], "files": {"plan.html": "a" * 64},
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(stated), encoding="utf-8")
    return folder


def altered(pack: Path, to: Path, **changes: Any) -> Path:
    """A copy of a pack with other words in its manifest."""
    shutil.copytree(pack, to)
    stated = json.loads((pack / "manifest.json").read_text(encoding="utf-8"))
    (to / "manifest.json").write_text(json.dumps({**stated, **changes}), encoding="utf-8")
    return to


def test_packs_of_two_versions_of_the_program_say_so(pack: Path, tmp_path: Path, capsys) -> None:
    other = altered(
        pack, tmp_path / "later", version="0.2.0", packages={"numpy": "2.1"}, files={"plan.pdf": "b" * 64}
    )
    assert main(["compare", str(pack), str(other), "--out", str(tmp_path / "report"), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert [row["what"] for row in record["versions"]] == ["The workbook", "Package numpy"]
    assert record["files"] == [{"name": "plan.html", "is": "gone"}, {"name": "plan.pdf", "is": "added"}]
    assert record["figures"] == []
    assert {path.name for path in (tmp_path / "report").iterdir()} == set(difference_page.NAMES)


def test_two_revisions_of_a_plan_are_compared(home: Path, tmp_path: Path, capsys) -> None:
    plan = store.read(DEMO)
    path = tmp_path / "own.plan.json"
    first = store.write(plan, path, by="A")
    store.write(first.model_copy(update={"purpose": "Shorter waits"}), path, by="A")
    assert main(["compare", str(path), "--out", str(tmp_path / "report"), "--json"]) == 0
    assert [c["path"] for c in json.loads(capsys.readouterr().out)["inputs"]] == ["/purpose"]


@pytest.mark.parametrize(
    "words", [["no-such-pack", "neither"], ["{pack}"], ["{pack}", "{pack}", "--from", "1"]]
)
def test_what_cannot_be_compared_is_refused_with_a_sentence(
    words: list[str], pack: Path, tmp_path: Path, capsys
) -> None:
    given = [word.format(pack=pack) for word in words]
    assert main(["compare", *given, "--out", str(tmp_path / "report")]) in (2, 4)
    assert capsys.readouterr().err.strip()
    assert not (tmp_path / "report").exists()


def batch(folder: Path, packs: dict[str, Path], *failed: str) -> Path:
    for key, pack in packs.items():
        shutil.copytree(pack, folder / key)
    rows = [{"key": k, "code": k, "name": f"Area {k}", "status": "complete"} for k in packs]
    rows += [{"key": k, "code": k, "name": f"Area {k}", "status": "failed"} for k in failed]
    (folder / "summary.json").write_text(json.dumps({"packs": rows}), encoding="utf-8")
    return folder


def test_two_batches_list_what_changed_and_what_only_one_has(pack: Path, tmp_path: Path) -> None:
    later = altered(pack, tmp_path / "later", version="0.2.0")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    one = batch(tmp_path / "one", {"A": pack, "B": pack, "C": pack}, "F")
    two = batch(tmp_path / "two", {"A": pack, "B": later, "D": pack, "F": pack})
    runs = difference_batch.difference(one, two)
    assert [area.key for area in runs.changed] == ["B"]
    assert (runs.gone, runs.added) == (("Area C (C)",), ("Area D (D)",))
    assert [(a.key, a.problem) for a in runs.problems] == [("F", "No pack was made in the first batch.")]
    assert "Area D (D)" in html.page(difference_batch.document(runs))
    assert difference_batch.difference(one, one).changed == ()


def test_a_pack_whose_figures_are_spoilt_is_named(pack: Path, tmp_path: Path, capsys) -> None:
    spoilt = altered(pack, tmp_path / "spoilt")
    (spoilt / "results.json").write_text("[1, 2", encoding="utf-8")
    assert main(["compare", str(pack), str(spoilt), "--out", str(tmp_path / "report")]) == 4
    assert "figures of" in capsys.readouterr().err

"""Batches with packs that are quick to make: what goes wrong, and what the summary says."""

import csv
import json
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from workbook.errors import BadInput
from workbook.pack.batch import batch
from workbook.pack.verify import verify
from workbook.plan import Plan, store

BUILDER = "tests.batch.fake_builders:build"


def plan(folder: Path, code: str, title: str = "good") -> Path:
    path = folder / f"{code.lower()}.plan.json"
    area = {"code": code, "name": f"Area <{code}>", "kind": "ccg"}
    path.write_text(store.to_json(Plan(title=title, area=area, base_year=2025)), encoding="utf-8")
    return path


def run(plans, out: Path, **settings):
    settings = {"progress": False, "workers": 2, "builder": BUILDER, **settings}
    return batch(plans=plans, out=out, **settings)


def status(summary) -> dict[str, str]:
    return {row.key: row.status for row in summary.rows}


def test_one_broken_plan_among_fifty_fails_alone(tmp_path):
    paths = [plan(tmp_path, f"A{n:02d}") for n in range(50)]
    paths[17].write_text('{"schema_version": 1, "area": {"code": "A17", "name": "Area 17"}', encoding="utf-8")
    summary = run(paths, tmp_path / "out")
    assert summary.exit_code == 5
    assert [row.code for row in summary.failed] == ["a17"]
    whole = [f"A{n:02d}" for n in range(50) if n != 17]
    assert all(verify(tmp_path / "out" / code).whole for code in whole)
    assert not (tmp_path / "out" / "A17").exists()


def test_crash_hang_fault_and_refusal_are_each_said(tmp_path):
    titles = {"A1": "good", "A2": "crash", "A3": "hang", "A4": "fault", "A5": "refuse", "A6": "draft"}
    paths = [plan(tmp_path, code, title) for code, title in titles.items()]
    out = tmp_path / "out"
    summary = run(paths, out, timeout=3)
    assert status(summary) == {
        "A1": "complete", "A2": "failed", "A3": "failed", "A4": "failed", "A5": "failed", "A6": "draft"
    }  # fmt: skip
    said = {row.key: row.problem for row in summary.rows}
    assert "ended unexpectedly" in said["A2"]
    assert "longer than 3 seconds" in said["A3"]
    assert "ZeroDivisionError" in said["A4"]
    assert "Traceback" in (out / "faults" / "A4.txt").read_text()
    assert said["A5"] == "Step 'needs' could not be worked out. Mend the plan."
    assert sorted(p.name for p in out.iterdir()) == [
        "A1", "A6", "comparison.csv", "comparison.html", "comparison.xlsx", "faults", "index.html",
        "summary.csv", "summary.json",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("titles", "code"), [(["good", "good"], 0), (["good", "draft"], 3), (["draft", "refuse"], 5)]
)
def test_exit_codes(tmp_path, titles, code):
    paths = [plan(tmp_path, f"B{n}", title) for n, title in enumerate(titles)]
    assert run(paths, tmp_path / "out").exit_code == code


def test_the_three_summaries_agree(tmp_path):
    paths = [plan(tmp_path, "C1"), plan(tmp_path, "C2", "draft"), plan(tmp_path, "C3", "refuse")]
    out = tmp_path / "out"
    run(paths, out)
    data = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert data["counts"] == {"complete": 1, "draft": 1, "failed": 1}
    rows = list(csv.DictReader((out / "summary.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [row["status"] for row in rows] == ["complete", "draft", "failed"]
    assert (rows[0]["baseline"], rows[0]["chosen"], rows[0]["gap"]) == ("84.2", "70.0", "-1250.0")
    page = (out / "index.html").read_text(encoding="utf-8")
    assert "Area &lt;C1&gt;" in page
    assert "Area <C1>" not in page
    assert "-£1.2m" in page
    assert set(_links(page)) >= {"C1/plan.html", "C1/plan.pdf", "C2/tables.xlsx", "summary.csv"}
    assert not [link for link in _links(page) if link.startswith("C3")]


def _links(page: str) -> list[str]:
    found = []

    class Links(HTMLParser):
        def handle_starttag(self, tag, attrs):
            found.extend(value for name, value in attrs if name == "href")

    Links().feed(page)
    return found


def test_a_cell_that_looks_like_a_formula_is_text(tmp_path):
    path = plan(tmp_path, "D1", "refuse")
    data = json.loads(path.read_text())
    data["area"]["name"] = "=HYPERLINK(1)"
    path.write_text(json.dumps(data))
    run([path], tmp_path / "out")
    assert "'=HYPERLINK(1)" in (tmp_path / "out" / "summary.csv").read_text(encoding="utf-8-sig")


def test_two_plans_for_one_area_keep_apart(tmp_path):
    one, two = plan(tmp_path, "E1"), tmp_path / "later.plan.json"
    two.write_bytes(one.read_bytes())
    summary = run(str(tmp_path / "*.plan.json"), tmp_path / "out")
    assert sorted(status(summary)) == ["E1-e1", "E1-later"]
    assert "their folders carry the plan's name" in summary.sentence()


def test_a_code_cannot_lead_out_of_the_folder(tmp_path):
    summary = run([plan(tmp_path, "x", "good")], tmp_path / "deep" / "out")
    assert status(summary) == {"x": "complete"}
    path = plan(tmp_path, "y")
    path.write_text(path.read_text().replace('"y"', '"../../evil"'))
    summary = run([path], tmp_path / "deep" / "out")
    assert list(status(summary)) == ["evil"]
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize("name", ["index.html", "summary.csv", "Summary.JSON", "faults", "x" * 400])
def test_a_code_cannot_stand_where_the_summary_goes(tmp_path, name):
    path = plan(tmp_path, "y")
    path.write_text(path.read_text().replace('"y"', f'"{name}"'))
    summary = run([path], tmp_path / "out")
    assert (tmp_path / "out" / "index.html").is_file()
    assert len(summary.rows) == 1


def test_resume_makes_only_what_is_missing_altered_or_out_of_date(tmp_path):
    paths = {code: plan(tmp_path, code) for code in ("H1", "H2", "H3", "H4")}
    out = tmp_path / "out"
    run(paths.values(), out)
    (out / "H2" / "plan.html").write_text("altered by hand")
    store.write(store.read(paths["H3"]), paths["H3"], by="A. Planner")
    shutil.rmtree(out / "H4")
    summary = run(paths.values(), out, resume=True)
    assert {row.key: row.kept for row in summary.rows} == {"H1": True, "H2": False, "H3": False, "H4": False}
    assert summary.exit_code == 0
    assert "Kept from an earlier run: 1." in summary.sentence()
    assert all(verify(out / code).whole for code in paths)


def test_no_plan_fits(tmp_path):
    with pytest.raises(BadInput, match="No plan fits"):
        run(str(tmp_path / "*.plan.json"), tmp_path / "out")


def test_the_progress_bar_goes_to_stderr(tmp_path, capfd):
    run([plan(tmp_path, "F1", "noisy")], tmp_path / "out", progress=True)
    said = capfd.readouterr()
    assert said.out == ""
    assert "Packs: 100%" in said.err


def test_another_executor_can_take_the_jobs(tmp_path):
    from workbook.pack.workers import Outcome

    def here(jobs, task, *, workers, timeout):
        for key, words in jobs.items():
            yield Outcome(key, problem=f"{task} was not asked for {words['plan_path'][-12:]}")

    summary = run([plan(tmp_path, "G1")], tmp_path / "out", executor=here)
    assert summary.rows[0].problem == "workbook.pack.batch:one was not asked for g1.plan.json"

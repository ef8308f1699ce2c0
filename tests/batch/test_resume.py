"""A batch that was killed goes on where it stopped, trusts nothing that changed, and leaves nothing running."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.batch.notebook_tasks import shelf
from tests.batch.test_batch import BUILDER, plan, run
from workbook.cli import main
from workbook.errors import BadInput
from workbook.pack import apart, workers
from workbook.pack.verify import verify, verify_all
from workbook.paths import shipped

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the machine cannot fork")
ROOT = Path(__file__).parents[2]
CODES = [f"K{n}" for n in range(6)]


def until(true: Callable[[], object], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)


def begun(plans: Path, out: Path, marks: Path) -> subprocess.Popen[bytes]:
    """A batch in a process of its own, one pack at a time, that can be killed."""
    words = f"batch(plans={str(plans / '*.plan.json')!r}, out={str(out)!r}, workers=1, builder={BUILDER!r})"
    return subprocess.Popen(
        [sys.executable, "-c", f"from workbook.pack.batch import batch\nif __name__ == '__main__': {words}"],
        cwd=ROOT, env={**os.environ, "WORKBOOK_TEST_MARKS": str(marks)}, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def of_batch(out: Path, marks: Path) -> list[int]:
    """The processes alive that belong to a batch with this folder of marks, whoever their parent is."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if f"WORKBOOK_TEST_MARKS={marks}".encode() in (entry / "environ").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def made(marks: Path) -> dict[str, int]:
    return {path.name: len(path.read_text().splitlines()) for path in marks.iterdir()}


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """A batch killed in the middle by -9, then a byte altered in one pack and a file added to another, resumed."""
    place = tmp_path_factory.mktemp("killed")
    plans, out, marks = place / "plans", place / "out", place / "marks"
    for folder in (plans, marks):
        folder.mkdir()
    paths = [plan(plans, code, "counted") for code in CODES]
    process = begun(plans, out, marks)
    until(lambda: (marks / "K3").exists())
    process.send_signal(signal.SIGKILL)
    process.wait()
    time.sleep(0.1)
    before = {"made": made(marks), "left": [p.name for p in out.iterdir() if p.name.startswith(".")]}
    until(lambda: not of_batch(out, marks), 5)
    html = out / "K0" / "plan.html"
    html.write_bytes(html.read_bytes().replace(b"counted", b"Counted"))
    (out / "K1" / "added.txt").write_text("by hand")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBOOK_TEST_MARKS", str(marks))
        summary = run(paths, out, resume=True)
    return out, marks, before, summary


def test_only_what_is_missing_or_changed_is_made_again(killed):
    out, marks, before, summary = killed
    assert before["made"] == {"K0": 1, "K1": 1, "K2": 1, "K3": 1}
    assert made(marks) == {"K0": 2, "K1": 2, "K2": 1, "K3": 2, "K4": 1, "K5": 1}
    assert [row.key for row in summary.rows if row.kept] == ["K2"]
    assert summary.exit_code == 0
    assert all(verify(out / code).whole for code in CODES)


def test_what_the_killed_run_left_is_swept(killed):
    out, _, before, _ = killed
    assert len(before["left"]) == 1
    assert before["left"][0].startswith(".K3.making-")
    assert not [p.name for p in out.iterdir() if p.name.startswith(".")]


def test_the_resumed_batch_has_the_bytes_of_a_clean_one(killed, tmp_path, monkeypatch):
    out = killed[0]
    monkeypatch.setenv("WORKBOOK_TEST_MARKS", str(tmp_path))
    run(sorted((out.parent / "plans").iterdir()), tmp_path / "out")
    for code in CODES:
        for path in (tmp_path / "out" / code).iterdir():
            assert (out / code / path.name).read_bytes() == path.read_bytes()


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes cannot be listed")
def test_nothing_outlives_a_batch_that_was_killed_while_a_pack_hangs(tmp_path):
    marks = tmp_path / "marks"
    marks.mkdir()
    plan(tmp_path, "A1", "counted")
    plan(tmp_path, "A2", "hang")
    process = begun(tmp_path, tmp_path / "out", marks)
    until(lambda: list((tmp_path / "out").glob(".A2.making-*")))
    assert of_batch(tmp_path / "out", marks)
    process.send_signal(signal.SIGKILL)
    process.wait()
    until(lambda: not of_batch(tmp_path / "out", marks), 5)


def test_a_second_batch_in_the_same_folder_is_refused(tmp_path):
    marks = tmp_path / "marks"
    marks.mkdir()
    path = plan(tmp_path, "A1", "hang")
    process = begun(tmp_path, tmp_path / "out", marks)
    try:
        until(lambda: list((tmp_path / "out").glob(".A1.making-*")))
        with pytest.raises(BadInput, match="Another batch is writing its packs"):
            run([path], tmp_path / "out")
    finally:
        process.kill()
        process.wait()


# --- where it failed -------------------------------------------------------------

PLAN = str(shipped("data") / "demo" / "demo.plan.json")


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("exception", "notebook 0_bad.ipynb, cell 3"),
        ("kill", "signal 9"),
        ("hang", "longer than 15 seconds and was stopped while working out bad (cell 3 of its notebook)"),
        ("stem", "exit code 70) while working out bad (cell 3 of its notebook)"),
    ],
)
def test_a_failure_in_a_notebook_names_its_step_and_cell(tmp_path, bad, said):
    folder = shelf(tmp_path / "shelf", bad, tmp_path / "sign")
    job = {"plan": PLAN, "out": str(tmp_path / "out"), "folder": str(folder)}
    run = workers.run({"a": job}, "tests.batch.notebook_tasks:run", workers=1, timeout=15)
    outcome = next(iter(run))
    assert said in outcome.problem
    # The cell with the parameters of this run is put in as the second.
    assert (outcome.step, outcome.cell) == ("bad", 3)


def test_step_and_cell_are_on_the_page_in_the_table_and_in_the_data(tmp_path):
    def nowhere(jobs, task, *, workers, timeout):
        from workbook.pack.workers import Outcome

        yield from (Outcome(key, problem="It hung.", step="needs", cell=4) for key in jobs)

    out = tmp_path / "out"
    run([plan(tmp_path, "A1")], out, executor=nowhere)
    row = json.loads((out / "summary.json").read_text(encoding="utf-8"))["packs"][0]
    assert (row["step"], row["cell"], row["problem"]) == ("needs", 4, "It hung.")
    assert "needs,4" in (out / "summary.csv").read_text(encoding="utf-8-sig")
    assert "<td>needs, cell 4</td>" in (out / "index.html").read_text(encoding="utf-8")


def test_a_hang_while_a_document_is_written_says_which(tmp_path):
    job = {"words": "the PDF"}
    outcome = next(iter(workers.run({"a": job}, "tests.batch.tasks:hang_at", workers=1, timeout=2)))
    assert outcome.problem == "It took longer than 2 seconds and was stopped while making the PDF."
    assert (outcome.step, outcome.cell) == ("", None)


# --- a whole batch held against its manifests ------------------------------------------


@pytest.fixture
def packs(tmp_path):
    out = tmp_path / "out"
    run([plan(tmp_path, code) for code in ("V1", "V2", "V3")], out)
    return out


def test_every_pack_of_a_batch_is_verified(packs, capsys):
    assert main(["verify", str(packs)]) == 0
    assert capsys.readouterr().out.splitlines() == ["V1: whole", "V2: whole", "V3: whole"]


def test_what_is_wrong_in_a_batch_is_said_pack_by_pack(packs, capsys):
    (packs / "V1" / "plan.html").write_text("altered")
    (packs / "V2" / "manifest.json").unlink()
    os.rename(packs / "V3", packs / "elsewhere")
    (packs / ".V3.making-abc").mkdir()
    assert main(["verify", str(packs)]) == 4
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert "V1: altered: plan.html" in lines
    assert any(re.match(r"V2: .*has no manifest\.json", line) for line in lines)
    assert "V3: the pack is missing, which the batch's summary names" in lines
    assert ".V3.making-abc: left behind by a run that was killed; the next one clears it" in lines
    assert "elsewhere: whole" in lines
    assert "4 of 5 packs not as the manifest says" in said.err


def test_a_pack_with_hostile_things_in_it_is_told_in_json(packs, capsys):
    pack = packs / "V1"
    outside = packs / "outside"
    outside.write_bytes((pack / "plan.html").read_bytes())
    (pack / "plan.html").unlink()
    (pack / "plan.html").symlink_to(outside)  # the same bytes, but elsewhere
    (pack / "loop").symlink_to(pack)
    (pack / "empty" / "deeper").mkdir(parents=True)
    os.mkfifo(pack / "pipe")
    (pack / os.fsdecode(b"half\xff\n")).write_text("")
    stated = json.loads((pack / "manifest.json").read_text())
    stated["files"] |= {"../outside": "0", "/etc/passwd": 7}
    (pack / "manifest.json").write_text(json.dumps(stated))
    assert main(["verify", str(pack), "--json"]) == 4
    found = json.loads(capsys.readouterr().out)
    assert (found["kind"], found["whole"]) == ("pack", False)
    assert found["packs"][0]["altered"] == ["plan.html"]
    assert found["packs"][0]["missing"] == ["../outside", "/etc/passwd"]
    assert found["packs"][0]["added"] == ["empty/deeper/", "half?\n", "loop", "pipe"]
    assert main(["verify", str(pack)]) == 4
    assert "added: half??" in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("kind", ["pipe", "huge", "folder", "loop"])
def test_a_manifest_that_cannot_be_one_is_not_opened(packs, kind):
    path = packs / "V1" / "manifest.json"
    path.unlink()
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "loop":
        path.symlink_to(path)
    else:
        with path.open("wb") as file:
            file.truncate(1 << 40)
    assert main(["verify", str(packs / "V1")]) == 4
    assert main(["verify", str(packs)]) == 4


@pytest.mark.parametrize(
    "text", ["[]", '{"packs": [7]}', '{"packs": [{"key": "../x", "status": "complete"}]}', "\0"]
)
def test_a_summary_that_is_none_does_not_stop_the_check(packs, text, capsys):
    (packs / "summary.json").write_text(text)
    assert main(["verify", str(packs)]) == 0
    assert "V2: whole" in capsys.readouterr().out


def test_a_folder_that_is_neither_is_said(tmp_path):
    with pytest.raises(BadInput, match="is not a pack"):
        verify_all(tmp_path)


def test_a_fault_of_a_child_is_a_line_and_a_full_disk_stays_one():
    fault = apart._problem({"kind": "", "problem": "Traceback\n  deep\nValueError: seven\n"})
    assert str(fault) == "ValueError: seven"
    assert fault.__notes__ == ["Traceback\n  deep\nValueError: seven\n"]
    full = apart._problem({"kind": "", "problem": "Traceback", "errno": 28, "strerror": "No space left"})
    assert isinstance(full, OSError)
    assert full.errno == 28

"""The pack as its page offers it: status, what blocks, whether it is stale, links with sizes, one file of all."""

from __future__ import annotations

import base64
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from workbook.blocks import Finding
from workbook.errors import BadInput, WorkbookError
from workbook.guide.giving import packing, work
from workbook.pack import stages


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5.13")
    return tmp_path


class Made:
    """What the making of a pack gives back."""

    status = "DRAFT"
    seconds = 1.0
    findings = (
        Finding(
            "a", "blocks", "No owner of <b>scheme</b> 1.", "Name one.", "budget", "/budget/schemes/0/owner"
        ),
        Finding("b", "doubt", "A doubt.", "Look.", "needs"),
    )


def fake(out: Path, status: str = "DRAFT", revision: Any = 3) -> Made:
    """A pack of the least that one is."""
    stages.expect(2)
    (out / "notebooks").mkdir(parents=True, exist_ok=True)
    stages.begin("the page")
    (out / "plan.html").write_text("<p>" + "x" * 2_400_000)
    stages.begin("the plan")
    (out / "plan.json").write_text(json.dumps({"revision": revision}))
    (out / "notebooks" / "1.ipynb").write_text("{}")
    plan = {"revision": revision, "blocking": 1}
    (out / "manifest.json").write_text(json.dumps({"plan": plan, "status": status}))
    return Made()


@pytest.fixture
def made(home: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int, int]]:
    said: list[tuple[str, int, int]] = []
    monkeypatch.setattr("workbook.pack.build", lambda plan, out: fake(out))
    monkeypatch.setattr(work, "say", lambda *words: said.append(words))
    packing.make(home / "x.plan.json", "north plan")
    return said


def test_the_parts_are_told_one_by_one(made: list[tuple[str, int, int]]) -> None:
    assert made == [("the page", 1, 3), ("the plan", 2, 3), ("one file of all", 3, 3)]


def test_the_real_pack_tells_as_many_parts_as_it_expects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workbook.pack import make, run

    def numbered(plan: Path, out: Path) -> dict[str, Any]:
        for step_id in run.notebooks():
            stages.step(step_id)
        raise WorkbookError("enough")

    monkeypatch.setattr(make, "run_notebooks", numbered)
    said: list[tuple[str, int, int]] = []
    from workbook.paths import shipped

    with stages.heard(lambda *words: said.append(words)), pytest.raises(WorkbookError, match="enough"):
        make.make(shipped("data") / "demo" / "demo.plan.json", tmp_path / "out")
    steps = len(run.notebooks())
    assert [(at, of) for _, at, of in said] == [
        (n, steps + len(make._writings())) for n in range(1, steps + 1)
    ]


def test_a_draft_is_said_plainly_with_what_blocks_and_the_way_there(made: Any) -> None:
    html = packing.offered("north plan", 3)
    assert "<strong>DRAFT:</strong> 1 finding blocks sign-off" in html
    assert "No owner of &lt;b&gt;scheme&lt;/b&gt; 1. Name one." in html
    assert "3_budget.ipynb?plan=north%20plan&amp;at=/budget/schemes/0/owner" in html
    assert "A doubt" not in html and "Out of date" not in html


def test_a_pack_of_an_earlier_revision_is_stale(made: Any) -> None:
    assert "Out of date: the plan was saved 2 times since." in packing.offered("north plan", 5)
    assert "saved 1 time since" in packing.offered("north plan", 4)


def test_every_document_has_a_link_and_its_size(made: Any) -> None:
    html = packing.offered("north plan", 3)
    assert (
        '<a href="../../packs/north%20plan/plan.html" target="_blank">plan.html (web page, 2.4 MB)</a>'
        in html
    )
    assert '<a href="../../packs/_zip/north%20plan.zip" download>north plan.zip (ZIP, 3 KB)</a>' in html
    assert "plan.pdf" not in html  # it is not there


def test_the_one_file_holds_all_and_is_the_same_twice(made: Any, home: Path) -> None:
    first = packing.zipped("north plan").read_bytes()
    with zipfile.ZipFile(packing.zipped("north plan")) as whole:
        assert "north plan/notebooks/1.ipynb" in whole.namelist() and whole.testzip() is None
    packing.make(home / "x.plan.json", "north plan")
    assert packing.zipped("north plan").read_bytes() == first
    assert not list(packing.zipped("x").parent.glob(".*"))


def test_a_zip_of_another_revision_is_not_offered(made: Any) -> None:
    fake(packing.folder() / "north plan", revision=4)
    assert "ZIP" not in packing.offered("north plan", 4)


@pytest.mark.parametrize("content", ["", "[]", "nonsense", '{"plan": 3}', '{"plan": {"revision": "<b>"}}'])
def test_a_damaged_pack_is_no_fault(content: str) -> None:
    folder = packing.folder() / "bad"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(content)
    assert "<b>" not in packing.offered("bad", 1)
    assert packing.offered("none", 1) == ""


def test_elsewhere_documents_come_by_message(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SERVER_SOFTWARE")
    html = packing.offered("north plan", 3)
    assert "<a " not in html and 'data-file="plan.html"' in html
    kept = packing.file("north plan", "plan.json")
    assert kept["name"] == "north plan-plan.json" and base64.b64decode(kept["content"]) == b'{"revision": 3}'
    assert packing.file("north plan", "north plan.zip")["name"] == "north plan.zip"
    for other in ("../../reference.sqlite", "manifest.json", "plan.pdf", ""):
        with pytest.raises(BadInput):
            packing.file("north plan", other)


def test_a_full_disk_is_a_sentence(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno

    def full(made: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("workbook.pack.build", lambda plan, out: fake(out))
    monkeypatch.setattr(packing, "_zip", full)
    with pytest.raises(WorkbookError, match="the disk is full"):
        packing.make(home / "x.plan.json", "north")


@pytest.mark.parametrize(
    ("size", "words"), [(1, "1 KB"), (1499, "1 KB"), (999_400, "999 KB"), (2_600_000, "2.6 MB")]
)
def test_sizes_as_people_say_them(size: int, words: str) -> None:
    assert packing.words_of_size(size) == words

"""Official figures on the page: what is on hand, what is missing, files checked before they are taken."""

from __future__ import annotations

import asyncio
import base64
import time
from pathlib import Path
from typing import Any

import pytest

from workbook.guide.answering.outputs import KINDS, Outputs
from workbook.guide.bringing import figures, on_hand, uploads
from workbook.guide.giving import work
from workbook.plan.model import AreaRef, Plan
from workbook.reference import Reference

LOCAL = (
    "indicator,indicator_name,area,period,value,unit,polarity\n"
    "local-falls,People seen by the falls clinic,E54000050,2023/24,410,people,none\n"
    "local-falls,People seen by the falls clinic,E54000050,2024/25,412,people,none\n"
)
REAL = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    monkeypatch.setattr(work, "_LOOK", 0.05)
    return tmp_path


def plan(code: str = "E54000050", *, synthetic: bool = False) -> Plan:
    return Plan(
        title="A plan",
        area=AreaRef(code=code, name="North <b>board</b>", kind="icb", synthetic=synthetic),
        base_year=2025,
        horizon=5,
    )


class Browser:
    """A page that sends files as ``static/figures.js`` does, and hears what comes back."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.outputs = Outputs(self.heard.append)
        self.number = 0

    def send(self, kind: str, **more: Any) -> dict[str, Any]:
        self.number += 1
        return self.outputs.answer(None, {"id": str(self.number), "kind": kind, **more})

    def upload(self, name: str, content: bytes) -> dict[str, Any]:
        reply = self.send("figures-begin", name=name, size=len(content))
        while "upload" in reply and "id" in reply["upload"] and reply["upload"]["share"] < 1:
            told = reply["upload"]
            start = told["next"] * uploads.PIECE
            piece = base64.b64encode(content[start : start + uploads.PIECE]).decode()
            reply = self.send("figures-piece", upload=told["id"], number=told["next"], content=piece)
        return reply

    def until_said(self, kind: str) -> str:
        """Send a message and wait until something is said of the files."""

        async def wait() -> str:
            seen = len(self.heard)
            reply = self.send(kind)
            until = time.monotonic() + 60
            while "figures" not in reply and time.monotonic() < until:
                await asyncio.sleep(0.05)
                reply = {k: v for told in self.heard[seen:] for k, v in told.items()}
            return str(reply["figures"])

        return asyncio.run(wait())


def test_a_file_is_shown_before_it_is_taken_and_then_on_hand(home: Path) -> None:
    browser = Browser()
    assert browser.upload("mine.csv", LOCAL.encode())["upload"]["share"] == 1
    told = browser.until_said("figures-check")
    assert "mine.csv" in told and "2 rows" in told and "2023/24 to 2024/25" in told
    assert "Bring these figures in" in told
    assert not (home / "reference.sqlite").exists()
    taken = browser.until_said("figures-take")
    assert "mine.csv was taken: 1 indicator with 2 points." in taken
    html = on_hand.held(plan())
    assert "1 measure" in html and "mine.csv" in html and "2023 to 2024" in html
    assert "North &lt;b&gt;board" in html


def test_files_about_people_are_refused_with_the_reason(home: Path) -> None:
    browser = Browser()
    browser.upload("people.csv", b"NHS number,area,value\n9434765919,E54000050,2\n")
    told = browser.until_said("figures-check")
    assert "the file is about people" in told and "NHS number" in told
    assert "Bring these figures in" not in told
    assert "No file is there any more" in browser.send("figures-take")["figures"]
    assert not (home / "reference.sqlite").exists()


def test_faults_have_row_and_column_and_every_file_is_told_of() -> None:
    browser = Browser()
    browser.upload("mine.csv", LOCAL.replace(",412,", ",4x2,").encode())
    browser.upload("other.csv", b"a,b\n1,2\n")
    told = browser.until_said("figures-check")
    assert "row 3, column value" in told
    assert "other.csv is in no format the workbook knows" in told
    assert "There is a problem" in told and 'tabindex="-1"' in told


def test_one_of_two_files_at_fault_takes_neither(home: Path) -> None:
    browser = Browser()
    browser.upload("mine.csv", LOCAL.encode())
    browser.upload("bad.csv", LOCAL.replace(",412,", ",4x2,").encode())
    told = browser.until_said("figures-check")
    assert "Nothing was taken, of no file" in told and "Bring these figures in" not in told


@pytest.mark.parametrize(
    ("name", "size", "said"),
    [
        ("x.csv", 0, "empty"),
        ("x.csv", 100_000_001, "larger than 100 MB"),
        ("x.csv", -1, "no size"),
        ("x.csv", "9", "no size"),
        ("x.csv", None, "no size"),
    ],
)
def test_what_is_announced_is_looked_at(name: str, size: Any, said: str) -> None:
    reply = Browser().send("figures-begin", name=name, size=size)
    assert said in reply["figures"] and reply["upload"] == {"over": True}


def test_a_message_that_comes_twice_announces_one_file() -> None:
    browser = Browser()
    message = {"id": "7", "kind": "figures-begin", "name": "a.csv", "size": 3}
    assert browser.outputs.answer(None, dict(message)) == browser.outputs.answer(None, dict(message))


def test_pieces_that_make_no_sense_are_said_and_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    for number, content in (
        (5, "YQ=="),
        (0, "not base64 at all!"),
        ("x", "YQ=="),
        (0, None),
        (0, "A" * 2_000_000),
    ):
        browser = Browser()
        id = browser.send("figures-begin", name="a.csv", size=3)["upload"]["id"]
        reply = browser.send("figures-piece", upload=id, number=number, content=content)
        assert "There is a problem" in reply["figures"]
        assert "No file is there" in browser.send("figures-check")["figures"]
    assert Browser().send("figures-piece", upload="unknown", number=0, content="YQ==") == {
        "upload": {"over": True}
    }


def test_a_web_page_is_no_table() -> None:
    reply = Browser().upload("figures.csv", b"<!DOCTYPE html><html></html>")
    assert "is a web page" in reply["figures"]


def test_names_of_files_are_inert() -> None:
    browser = Browser()
    browser.upload("../../<img src=x onerror=alert(1)>.csv", LOCAL.encode())
    told = browser.until_said("figures-check")
    assert "<img" not in told and "There is a problem" not in told


def test_what_is_missing_names_publisher_and_file(home: Path) -> None:
    html = figures.section(plan(), Reference.open())
    assert "No figures are on hand for North" in html
    assert "Office for Health Improvement and Disparities" in html and "Fingertips" in html
    assert "Similar 10" not in html  # of groups, not of boards
    assert "made up: no official file" in on_hand.held(plan("SYN01", synthetic=True))
    assert "No official figures were brought in yet" in on_hand.held(None)


def test_an_area_nobody_knows_is_a_sentence() -> None:
    assert "There is no area" in on_hand.held(plan("E54999999"))


def test_every_wanted_figure_is_of_a_known_kind() -> None:
    indicators = {i.id for i in Reference.open().indicators()}
    brought = {"population", "need", "peers", "outline", "ft-", "ascof-", "qof-", "imd-2025"}
    for wanted in on_hand.WANTED:
        for prefix in wanted.prefixes:
            assert prefix in brought or any(i.startswith(prefix) for i in indicators), prefix


def test_every_message_of_the_page_is_answered() -> None:
    for kind in sorted(KINDS):
        assert isinstance(Browser().send(kind), dict)


@pytest.mark.skipif(not REAL.exists(), reason="the publishers' files are not here: ../shared/data")
def test_a_real_file_of_a_publisher_is_taken(home: Path) -> None:
    path = REAL / "allocations" / "ICB_tool_2025_2026.csv"
    browser = Browser()
    browser.upload(path.name, path.read_bytes())
    assert "Need-weighted populations" in browser.until_said("figures-check")
    assert "need index of 42 areas" in browser.until_said("figures-take")
    assert "Need index" in on_hand.held(plan())

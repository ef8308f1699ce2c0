"""What leaves a page: pictures with title, period and source, tables that open right and run nothing."""

from __future__ import annotations

import base64
import csv
import io
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.unit import guide_step
from workbook.blocks import Column, Figure, Heading, Step, Table
from workbook.errors import BadInput
from workbook.guide.answering.outputs import Outputs
from workbook.guide.answering.session import Session
from workbook.guide.drawing import containers
from workbook.guide.giving import downloads
from workbook.guide.giving.downloads import Origin
from workbook.plan import store

TABLE = Table(
    "spend",
    "Spend, by what it buys",
    (
        Column("what", "What"),
        Column("spend", "Spend", "£000s", 1, "Before inflation."),
        Column("counted", "Counted", ""),
    ),
    (
        ("=cmd|' /C calc'!A0", 1234.5, True),
        ("-5% of it", -3, False),
        ("@home, “quoted”, and\nin two lines", None, None),
        ("ordinary", 0.1 + 0.2, True),
    ),
    source="Ledger of 2025/26",
    note="Net of income.",
)


@pytest.fixture(scope="module")
def origin() -> Origin:
    plan = guide_step.plan()
    return Origin("north plan", plan, guide_step.run("needs", plan, None))


def read(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")  # else Excel takes the pound sign for two letters
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_table_has_units_source_note_and_where_it_comes_from(origin: Origin) -> None:
    head, *rows = read(downloads.as_csv(TABLE, origin))
    assert head == ["What", "Spend (£000s)", "Counted", "Table", "Source", "Notes", "Plan"]
    assert all(len(row) == len(head) for row in rows) and len(rows) == len(TABLE.rows)
    told = dict(zip(head, rows[3], strict=True))
    assert told["Spend (£000s)"] == "0.3" and told["Counted"] == "Yes"
    assert told["Source"] == "Ledger of 2025/26"
    assert (
        told["Notes"]
        == "Net of income. Spend: Before inflation. Synthetic figures: made up for demonstration."
    )
    assert told["Plan"].startswith("Exampleton, 2026/27 to 2030/31. Plan “Better health")
    assert "revision 0, not yet saved" in told["Plan"]


def test_figures_stay_figures_and_what_is_missing_is_empty(origin: Origin) -> None:
    rows = read(downloads.as_csv(TABLE, origin))[1:]
    assert [row[1] for row in rows] == ["1234.5", "-3", "", "0.3"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "  =", "＝", "\n+"])
def test_typed_text_runs_nothing_in_a_spreadsheet(start: str, origin: Origin) -> None:
    text = f"{start}1+1"
    plan = origin.plan.model_copy(update={"title": text})
    table = Table(
        "t", text, (Column("a", text), Column("b", text, text)), ((text, text),), source=text, note=text
    )
    for row in read(downloads.as_csv(table, Origin("n", plan, origin.step))):
        for cell in row:
            assert not re.match(r"[\s\ufeff]*[=+\-@＝＋－＠]", cell), cell


def test_headings_are_told_apart(origin: Origin) -> None:
    table = Table("t", "T", (Column("source", "Source"), Column("blank", " ")), (("a", 1),))
    head = read(downloads.as_csv(table, origin))[0]
    assert head == ["Source", "Row", "Table", "Source of this file", "Notes", "Plan"]


def figure(title: str = "Spend rises <b>& rises</b>") -> Figure:
    found = next(b for b in guide_step.run("needs", guide_step.plan(), None).blocks if isinstance(b, Figure))
    return Figure("needs-rise", title, found.spec, "A bar.", TABLE, source="Ledger & co")


def test_a_picture_stands_by_itself(origin: Origin) -> None:
    drawn = downloads.picture(figure(), origin)
    root = ElementTree.fromstring(drawn)
    texts = [e.text or "" for e in root.iter("{http://www.w3.org/2000/svg}text")]
    whole = " ".join(texts)
    assert texts[0] == "Spend rises <b>& rises</b>"
    for words in ("Exampleton, 2026/27 to 2030/31.", "Source: Ledger & co", "Synthetic figures"):
        assert words in whole
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    from workbook.render import svg

    inner = svg.size(svg.picture(figure().spec))
    assert width >= inner[0] + 32 and height > inner[1] + 60
    assert "href" not in re.sub(r"xmlns:xlink", "", drawn) and "<script" not in drawn


def test_a_long_title_takes_lines_and_none_runs_out_of_the_picture(origin: Origin) -> None:
    from workbook.render import lettering

    drawn = downloads.picture(figure("A title that says what the chart shows, at length. " * 6), origin)
    root = ElementTree.fromstring(drawn)
    bold = [e for e in root.iter("{http://www.w3.org/2000/svg}text") if e.attrib.get("font-weight") == "bold"]
    titles = [e.text or "" for e in bold if e.attrib.get("font-size") == "15"]
    assert len(titles) > 2
    assert all(lettering.width(line, 15, True) <= float(root.attrib["width"]) - 32 for line in titles)


def test_names_of_files_say_what_they_are_and_lead_nowhere(origin: Origin) -> None:
    made = downloads.made(origin, figure(), "svg")
    assert made["name"] == "north-plan-needs-rise-r0.svg"
    hostile = Origin("..\\../etc/pass\x00wd", origin.plan, origin.step)
    assert re.fullmatch(r"[\w.-]+", hostile.file("a/b:c*?" * 40, "csv"))
    assert not hostile.file("x", "csv").startswith(".")


def test_what_is_not_there_is_said(origin: Origin) -> None:
    for block, form in ((None, "csv"), (Heading("H", "h"), "csv"), (TABLE, "png"), (figure(), "exe")):
        with pytest.raises(BadInput, match="not on this page"):
            downloads.made(origin, block, form)


def test_controls_are_named_for_a_screen_reader() -> None:
    drawn = downloads.controls(figure('A "chart"'), "b-figure-x")
    assert drawn.count("<button") == 3
    assert "download the chart “A &quot;chart&quot;”" in drawn
    assert downloads.controls(TABLE, "b-table-x").count("<button") == 1
    assert downloads.controls(Heading("H", "h"), "b-heading-h") == ""
    assert downloads.controls(Table("t", "T", (Column("a", "A"),), ()), "b-table-t") == ""


@pytest.fixture
def session(tmp_path: Path) -> Session:
    path = tmp_path / "plans" / "north.plan.json"
    store.create(guide_step.plan(), path)
    return Session(
        "needs", path, reference=object(), run=guide_step.run, draw=lambda b, u: "", find=guide_step.find
    )


def test_the_page_asks_by_the_id_of_a_container(session: Session) -> None:
    keys = [k for k, _, g in containers.placed(session.step.blocks) if isinstance(g[0], (Figure, Table))]
    for key in keys:
        assert 'data-action="keep"' in session.containers[key]
        made: Any = Outputs(print).answer(session, {"kind": "keep", "key": key, "form": "csv"})["file"]
        assert made["name"].endswith("-r1.csv") and read(base64.b64decode(made["content"]))
    with pytest.raises(BadInput):
        Outputs(print).answer(session, {"kind": "keep", "key": "b-figure-none", "form": "svg"})


def test_a_file_shows_the_change_just_made(session: Session) -> None:
    session.add("/needs/priorities")
    session.behind = True
    key = next(k for k, _, g in containers.placed(session.step.blocks) if isinstance(g[0], Table))
    reply = Outputs(print).answer(session, {"kind": "keep", "key": key, "form": "csv"})
    assert not session.behind and "patches" in reply
    assert read(base64.b64decode(reply["file"]["content"]))[1][:2] == ["Chosen", "1"]


def test_the_tables_of_a_step_are_one_accessible_spreadsheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import openpyxl

    from workbook.guide.giving import work
    from workbook.paths import shipped

    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path))
    demo = shipped("data") / "demo" / "demo.plan.json"
    told = downloads.spreadsheet(demo, "demo", "ambitions")
    assert told["file"] == "demo-ambitions-tables-r1.xlsx"
    made = downloads.spreadsheet_file(work.State(said=told), downloads.job(demo, "demo", "ambitions").id)
    book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(made["content"])))
    assert book.sheetnames[:2] == ["Cover", "Contents"] and len(book.sheetnames) > 5
    assert "ambitions" in str(book["Cover"]["A1"].value).lower()


def test_the_part_for_printing_is_for_pages_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    step = Step("needs", "Needs", ())
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5.13")
    assert "Print the whole step" in downloads.section(step)
    monkeypatch.delenv("SERVER_SOFTWARE")
    assert "Print the whole step" not in downloads.section(step)

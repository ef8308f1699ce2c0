"""The rules for accessible spreadsheets, held over both spreadsheets of a plan, a sparse and a hostile one too."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache
from itertools import pairwise

import openpyxl
import pytest

from tests.unit import render_sample as sample
from workbook.pack import documents, submission
from workbook.pack.report import known
from workbook.paths import shipped
from workbook.plan import store
from workbook.plan.model import Plan
from workbook.render import xlsx
from workbook.render.sheets import LONGEST, sheet_name
from workbook.steps import TITLES, run

HOSTILE = (
    *(
        "=cmd|' /C calc'!A0",
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "x" * 9_000,
        "a\x00b\x0bc\x1b",
        "\u202eabc\u200f",
    ),
    *("\U0001f600 \ud83d", "_x000D_", "line\r\nline", "'quoted", "</t><script>", "&amp;", "[x]!A1"),
)


def _made(plan: Plan) -> dict[str, bytes]:
    reference = known()
    steps = {id: run(id, plan, reference) for id in TITLES}
    document = documents.document(plan, steps, reference)
    return {
        "tables": xlsx.page(document, (submission.limits(plan),)),
        "submission": submission.page(plan, steps, reference, document),
    }


def demo() -> Plan:
    return store.read(shipped("data") / "demo" / "demo.plan.json")


def sparse() -> Plan:
    """The demonstration plan with all but its area taken away."""
    full = demo()
    return Plan(title="", area=full.area, base_year=full.base_year, horizon=full.horizon)


def hostile() -> Plan:
    """The demonstration plan with hostile words in names, units and reasons."""
    plan = demo()
    for n, (line, scheme) in enumerate(zip(plan.budget.lines, plan.budget.schemes, strict=False)):
        line.name = scheme.name = scheme.owner = (
            HOSTILE[n % len(HOSTILE)][:300].encode("utf-8", "ignore").decode()
        )
        line.activity_unit = line.organisation = line.name
        scheme.description = HOSTILE[5]
    return plan


PLANS = {"demo": demo, "sparse": sparse, "hostile": hostile}


@cache
def files(plan: str) -> dict[str, bytes]:
    return _made(PLANS[plan]())


@cache
def book(plan: str, file: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(files(plan)[file]))


every = pytest.mark.parametrize(
    ("plan", "file"), [(plan, file) for plan in PLANS for file in ("tables", "submission")]
)


def _tables(found: openpyxl.Workbook) -> list[tuple]:
    return [(sheet, table) for sheet in found.worksheets for table in sheet.tables.values()]


@every
def test_sheets_are_named_seen_and_begin_with_what_they_are(plan: str, file: str):
    found = book(plan, file)
    names = found.sheetnames
    assert len({n.casefold() for n in names}) == len(names)
    assert all(re.fullmatch(r"[\w ().,-]{1,31}", n) for n in names), names
    for sheet in found.worksheets:
        assert sheet["A1"].value and sheet["A1"].font.b
        assert sheet.sheet_state == "visible"
        assert not sheet.merged_cells.ranges
        assert sheet.freeze_panes


@every
def test_tables_are_marked_named_described_and_apart(plan: str, file: str):
    found = book(plan, file)
    tables = _tables(found)
    assert {s.title for s, _ in tables} == set(found.sheetnames) - {"Cover"}
    assert len({t.name for _, t in tables}) == len(tables)
    assert all(t.headerRowCount in (None, 1) and not t.totalsRowCount for _, t in tables)
    described = re.findall(r"altTextSummary=", _xml(plan, file, r"xl/tables/"))
    assert len(described) == len(tables)
    for sheet in found.worksheets:
        rows = sorted((r[0], r[1]) for r in map(_rows, sheet.tables.values()))
        assert all(below[0] > above[1] + 1 for above, below in pairwise(rows))


def _rows(table: object) -> tuple[int, int]:
    first, last = (int(re.sub(r"\D", "", end)) for end in table.ref.split(":"))  # type: ignore[attr-defined]
    return first, last


@every
def test_no_cell_of_a_table_is_empty_and_none_is_a_formula(plan: str, file: str):
    for sheet, table in _tables(book(plan, file)):
        cells = [cell for row in sheet[table.ref] for cell in row]
        empty = [
            c.coordinate
            for c in cells
            if c.value is None or (isinstance(c.value, str) and not c.value.strip())
        ]
        assert not empty, (sheet.title, table.name, empty[:5])
        assert all(c.data_type in "sn" for c in cells)


@every
def test_type_is_large_enough_columns_have_widths_and_fills_can_be_read(plan: str, file: str):
    for sheet in book(plan, file).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    assert cell.font.sz >= 10
                    if cell.fill.fill_type == "solid":
                        assert _contrast(cell.font.color.rgb, cell.fill.fgColor.rgb) >= 4.5
        wide = {c for _, t in ((sheet, t) for t in sheet.tables.values()) for c in _columns(t)}
        assert all(5 <= sheet.column_dimensions[c].width <= 70 for c in wide)


def _columns(table: object) -> list[str]:
    last = re.sub(r"\d", "", table.ref.split(":")[1])  # type: ignore[attr-defined]
    return [chr(c) for c in range(ord("A"), ord(last) + 1)]


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_light(one), _light(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _light(colour: str) -> float:
    parts = [int(colour[-6:][i : i + 2], 16) / 255 for i in (0, 2, 4)]
    r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def test_contrast_is_worked_out_as_the_guidelines_do():
    assert _contrast("FFFFFFFF", "FF000000") == pytest.approx(21)
    assert _contrast("FF777777", "FFFFFFFF") == pytest.approx(4.48, abs=0.01)


@every
def test_the_file_says_what_it_is_who_made_it_and_in_which_language(plan: str, file: str):
    about = book(plan, file).properties
    assert about.title.endswith(file) and about.creator and about.language == "en-GB"


@every
def test_links_lead_to_cells_that_hold_something(plan: str, file: str):
    found = book(plan, file)
    links = [c.hyperlink for s in found.worksheets for row in s.iter_rows() for c in row if c.hyperlink]
    assert links
    for link in links:
        name, _, cell = link.location.rpartition("!")
        assert found[name.strip("'")][cell].value is not None


def test_the_same_plan_gives_the_same_bytes():
    assert _made(hostile()) == files("hostile")


def test_hostile_words_stand_in_the_files_as_they_were_typed():
    for file in ("tables", "submission"):
        held = {c.value for s in book("hostile", file).worksheets for row in s.iter_rows() for c in row}
        assert {"=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "_x000D_", "</t><script>"} <= held
        outside = _xml("hostile", file, r"\.rels$")
        assert "TargetMode" not in outside


def test_a_text_longer_than_a_cell_is_cut_and_a_name_longer_than_a_tab():
    long = sample.question("Long", answer="y" * 40_000)
    document = sample.document(summary=(long,), parts=())
    found = openpyxl.load_workbook(io.BytesIO(xlsx.page(document)))
    (cell,) = (c for row in found["Answers"].iter_rows() for c in row if str(c.value).startswith("yyy"))
    assert len(cell.value) == LONGEST < 32_767
    assert sheet_name("'=[a]:*?/\\ " + "word " * 20) == "a word word word word word word"
    assert sheet_name("\U0001f600") == "Table"


def test_the_demonstration_plan_fits_seventy_sheets_and_loses_no_table():
    plan, reference = demo(), known()
    steps = {id: run(id, plan, reference) for id in TITLES}
    document = documents.document(plan, steps, reference)
    found = book("demo", "tables")
    assert len(found.sheetnames) <= 70
    listed = [row[2] for row in found["Contents"].iter_rows(min_row=5, values_only=True)]
    labels = {e.label for c in xlsx.chapters(document) for e in c.entries if e.label}
    missing = labels - set(listed)
    assert not missing, "the contents lead to every table and figure of the documents"


def _xml(plan: str, file: str, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(files(plan)[file])) as archive:
        return "".join(archive.read(n).decode() for n in archive.namelist() if re.search(name, n))

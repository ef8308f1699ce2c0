"""Files from anybody: taken piece by piece within limits, judged by what they hold, refused in a sentence, in little memory."""

from __future__ import annotations

import base64
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from workbook.errors import BadInput, FaultyFile
from workbook.guide.bringing import uploads
from workbook.guide.bringing.uploads import PIECE, Uploads
from workbook.plan import rows
from workbook.reference import Reference, importers

CSV = b"Scheme,Cost\nFalls,1\n"


@pytest.fixture
def taking(tmp_path: Path) -> Uploads:
    return Uploads(tmp_path)


def pieces(content: bytes, size: int = PIECE) -> list[str]:
    return [base64.b64encode(content[n : n + size]).decode() for n in range(0, len(content), size)]


def sent(taking: Uploads, content: bytes, name: str = "list.csv", purpose: str = "rows") -> Path:
    id = taking.begin(name, len(content), purpose)
    for number, piece in enumerate(pieces(content)):
        taking.piece(id, number, piece)
    return taking.done(id)


def book(**sheets: list[list[object]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, lines in sheets.items():
        sheet = made.create_sheet(title)
        for line in lines:
            sheet.append(line)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def altered(content: bytes, member: str, by: bytes) -> bytes:
    """A spreadsheet with one of its parts put in another's place."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, by if name == member else old.read(name))
    return out.getvalue()


# --- pieces ---------------------------------------------------------------------------


def test_a_file_arrives_whole_and_alone_in_a_private_folder(taking: Uploads, tmp_path: Path) -> None:
    content = CSV * 150_000
    id = taking.begin("my list.csv", len(content), "rows")
    shares = [taking.piece(id, n, piece) for n, piece in enumerate(pieces(content))]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    path = taking.done(id)
    assert path.read_bytes() == content
    assert path.name == "my list.csv"
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o777 == 0o600
    taking.drop(id)
    assert not list(tmp_path.rglob("*.csv"))


def test_the_last_piece_may_come_twice_as_after_a_break(taking: Uploads) -> None:
    id = taking.begin("a.csv", len(CSV), "rows")
    half = len(CSV) // 2
    first, second = pieces(CSV[:half])[0], pieces(CSV[half:])[0]
    assert taking.piece(id, 0, first) == taking.piece(id, 0, first) < 1
    assert taking.piece(id, 1, second) == taking.piece(id, 1, second) == 1
    assert taking.done(id).read_bytes() == CSV


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([(1, CSV)], "did not come in their order"),
        ([(0, CSV[:5]), (2, CSV[5:])], "did not come in their order"),
        ([(0, CSV[:5]), (0, CSV[5:9])], "did not come in their order"),
        ([(0, CSV[:5]), (-1, CSV[5:])], "did not come in their order"),
        ([(0, CSV + b"more")], "not of the size"),
        ([(0, b"")], "not of the size"),
        ([(0, CSV[:5])], "did not arrive whole"),
        ([], "did not arrive whole"),
    ],
)
def test_pieces_that_do_not_fit_are_refused_and_nothing_is_kept(
    taking: Uploads, tmp_path: Path, steps: list[tuple[int, bytes]], said: str
) -> None:
    id = taking.begin("a.csv", len(CSV), "rows")

    def send() -> None:
        for number, content in steps:
            taking.piece(id, number, base64.b64encode(content).decode())
        taking.done(id)

    with pytest.raises(BadInput, match=said):
        send()
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]
    with pytest.raises(BadInput, match="not on its way any more"):
        taking.piece(id, 0, "")


@pytest.mark.parametrize("content", ["no base64!", "QQ", "é", "A" * (2 * PIECE), None, 7, ["QQ=="]])
def test_what_is_no_piece_is_refused(taking: Uploads, content: object) -> None:
    id = taking.begin("a.csv", 10, "rows")
    with pytest.raises(BadInput, match="whole|too large|size"):
        taking.piece(id, 0, content)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("size", "purpose", "said"),
    [
        (0, "rows", "is empty"),
        (-1, "rows", "has no size"),
        (True, "rows", "has no size"),
        ("9", "rows", "has no size"),
        (1.5, "rows", "has no size"),
        (5_000_001, "rows", "larger than 5 MB"),
        (100_000_001, "figures", "larger than 100 MB"),
        (10, "pictures", "No file of that kind"),
        (10, "__class__", "No file of that kind"),
    ],
)
def test_what_is_not_taken_is_said_before_a_byte_is_sent(
    taking: Uploads, size: object, purpose: str, said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        taking.begin("a.csv", size, purpose)  # type: ignore[arg-type]


def test_a_page_sends_a_few_files_at_a_time(taking: Uploads) -> None:
    ids = [taking.begin("a.csv", 10, "rows") for _ in range(uploads.AT_ONCE)]
    with pytest.raises(BadInput, match="too many files"):
        taking.begin("a.csv", 10, "rows")
    taking.drop(ids[0])
    taking.begin("a.csv", 10, "rows")
    taking.close()
    taking.begin("a.csv", 100_000_000, "figures")
    taking.begin("a.csv", 100_000_000, "figures")
    with pytest.raises(BadInput, match="too many files"):
        taking.begin("a.csv", 100_000_000, "figures")


def test_what_is_not_read_in_time_goes(tmp_path: Path) -> None:
    now = [0.0]
    taking = Uploads(tmp_path, clock=lambda: now[0])
    id = taking.begin("a.csv", len(CSV), "rows")
    taking.piece(id, 0, pieces(CSV)[0])
    now[0] = uploads.SECONDS + 1
    with pytest.raises(BadInput, match="not on its way any more"):
        taking.done(id)
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]


def test_what_is_left_goes_with_the_page_and_with_its_process(tmp_path: Path) -> None:
    taking = Uploads(tmp_path)
    sent(taking, CSV)
    assert list(tmp_path.iterdir())
    del taking
    assert not list(tmp_path.iterdir())
    code = (
        "import sys; from pathlib import Path; from workbook.guide.bringing.uploads import Uploads; "
        "u = Uploads(Path(sys.argv[1])); u.begin('a.csv', 10, 'rows'); print(len(list(Path(sys.argv[1]).iterdir())))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "1"
    assert not list(tmp_path.iterdir())


# --- names ------------------------------------------------------------------------------

NAMES = (
    "../../etc/passwd",
    "..\\..\\windows\\system32\\x.csv",
    "/etc/passwd",
    "C:\\x.csv",
    "C:x.csv",
    "\\\\host\\share\\x.csv",
    "..",
    ".",
    "",
    " ",
    ".hidden.csv",
    "con.csv",
    "NUL",
    "lpt1.txt",
    "a\x00b.csv",
    "a\nb.csv",
    "x" * 5000 + ".csv",
    "é" * 5000,
    "\u202egnp.vsc",
    "\u2025/\u2024\u2024/x",
    "a\u2215b\uff0fc.csv",
    "..%2f..%2fx.csv",
    "a:b.csv",
    "x.csv::$DATA",
    "-rf",
    "$(reboot).csv",
    "`x`|y;z.csv",
    "\ud800.csv",
    "<script>alert(1)</script>.csv",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_leads_nowhere(taking: Uploads, tmp_path: Path, name: str) -> None:
    path = sent(taking, CSV, name)
    assert path.resolve().is_relative_to(tmp_path.resolve())
    assert len(path.relative_to(tmp_path).parts) == 3
    assert len(path.name.encode()) <= 130
    assert not path.name.startswith((".", " "))
    assert not set(path.name) & set('/\\:*?"<>|\x00\n\u202e$`;')
    assert path.stem.lower() not in {"con", "nul", "lpt1"}
    assert path.read_bytes() == CSV


def test_a_sentence_quotes_a_name_on_one_line_and_shortened() -> None:
    assert uploads.shown("a\nb\u202e.csv") == "ab.csv"
    assert len(uploads.shown("x" * 5000)) == 100
    assert uploads.shown("C:\\Users\\me\\plan.csv") == "plan.csv"


# --- what a file holds ----------------------------------------------------------------

TABLE = book(Schemes=[["Scheme", "Cost"], ["Falls", 1]])
WRONG = {
    "a program": (b"MZ\x90\x00", "a program"),
    "a script": (b"#!/bin/sh\nreboot\n", "a program"),
    "a PDF": (b"%PDF-1.7", "a PDF document"),
    "a picture": (b"\x89PNG\r\n", "a picture"),
    "a web page": (b"  <!DOCTYPE html><html>", "a web page"),
    "a drawing": (b"<svg onload='x'>", "a web page or a drawing"),
    "markup": (b"\xef\xbb\xbf<?xml version='1.0'?>", "a web page or a drawing"),
    "an archive": (b"\x1f\x8b\x08", "a compressed archive"),
    "an old spreadsheet": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel file"),
    "UTF-16": ("Scheme,Cost\n".encode("utf-16"), "UTF-16 text"),
    "UTF-16 without its mark": ("Scheme,Cost\n".encode("utf-16-le"), "a binary file"),
    "NUL bytes": (b"Scheme,Cost\nFalls\x00,1\n", "a binary file"),
    "late NUL bytes": (CSV * 60_000 + b"\x00", "a binary file"),
    "JSON": (b'{"a": 1}', "data of a program"),
    "a torn spreadsheet": (TABLE[:-200], "damaged or locked"),
    "a torn archive": (b"PK\x03\x04", "damaged or locked"),
}


@pytest.mark.parametrize(("content", "said"), WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
def test_a_file_is_judged_by_what_it_holds(taking: Uploads, name: str, content: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said) as caught:
        sent(taking, content, name)
    assert name in caught.value.problem
    assert caught.value.remedy


def swelling(size: int) -> bytes:
    """A spreadsheet whose sheet is blanks, a thousandth of its size."""
    return altered(TABLE, "xl/worksheets/sheet1.xml", b"<worksheet>" + b" " * size + b"</worksheet>")


def many_parts(count: int) -> bytes:
    out = io.BytesIO(TABLE)
    with zipfile.ZipFile(out, "a") as archive:
        for n in range(count):
            archive.writestr(f"xl/media/{n}", b"")
    return out.getvalue()


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a0 "ha">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
    + b"]><worksheet><sheetData><row><c t='inlineStr'><is><t>&a9;</t></is></c></row></sheetData></worksheet>"
)
OUTSIDE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><sst><si><t>&x;</t></si></sst>'
HOSTILE = {
    "swells": (swelling(60_000_000), "unpacks to"),
    "swells beyond any": (swelling(210_000_000), "unpacks to more than 200 MB"),
    "thousands of parts": (many_parts(3000), "unpacks to more than"),
    "a billion laughs": (altered(TABLE, "xl/worksheets/sheet1.xml", LAUGHS), "declares entities"),
    "a file from outside": (altered(TABLE, "xl/styles.xml", OUTSIDE), "declares entities"),
    "in UTF-16": (
        altered(TABLE, "xl/workbook.xml", LAUGHS.decode().encode("utf-16")),
        "hides whether it declares entities",
    ),
    "in EBCDIC": (
        altered(TABLE, "xl/workbook.xml", LAUGHS.decode().encode("cp037")),
        "hides whether it declares entities",
    ),
    "in UTF-7": (
        altered(TABLE, "xl/workbook.xml", b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE'),
        "hides whether it declares entities",
    ),
    "across two pieces": (
        altered(TABLE, "xl/styles.xml", b"<a>" + b" " * ((1 << 20) - 8) + b"<!DOCTYPE a>"),
        "declares entities",
    ),
}


@pytest.mark.parametrize(("content", "said"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_spreadsheet_is_refused_by_page_lists_and_importers(
    taking: Uploads, tmp_path: Path, reference: Reference, content: bytes, said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        sent(taking, content, "list.xlsx")
    with pytest.raises(BadInput, match=said):
        rows.sheets_of("list.xlsx", content)
    path = tmp_path / "list.xlsx"
    path.write_bytes(content)
    if "200 MB" not in said:
        with pytest.raises(BadInput, match=said):
            importers.check(path, reference)


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    return Reference.open(tmp_path_factory.mktemp("figures"))


def test_a_formula_is_refused_and_text_that_looks_like_one_stays_text(tmp_path: Path) -> None:
    made = rows.sheets_of("a.xlsx", book(Schemes=[["Scheme"], ['=HYPERLINK("http://a.invalid")']]))
    assert "holds a formula" in str(made[0].said[0])
    made = rows.sheets_of("a.csv", b"Scheme\n=cmd|'/C calc'!A0\n")
    assert made[0].rows[0][1][0].value == "=cmd|'/C calc'!A0"


ENCODINGS = {
    "cp1252": ("Scheme\nCafé\n".encode("cp1252"), "another encoding"),
    "latin and UTF-8 mixed": (
        "Scheme\nCafé\n".encode() + b"Caf\xe9\n",
        "line 3 holds a letter in another encoding",
    ),
    "cp437": ("Scheme\nCafé\n".encode("cp437"), "another encoding"),
    "UTF-16": ("Scheme\nCafé\n".encode("utf-16"), "neither a spreadsheet"),
    "UTF-32": ("Scheme\nCafé\n".encode("utf-32"), "neither a spreadsheet"),
    "half a surrogate": (b"Scheme\n\xed\xa0\x80\n", "another encoding"),
    "overlong": (b"Scheme\n\xc0\xaf\n", "another encoding"),
}


@pytest.mark.parametrize(("content", "said"), ENCODINGS.values(), ids=ENCODINGS)
def test_another_encoding_is_said(content: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        rows.sheets_of("a.csv", content)


# --- bounded memory and time --------------------------------------------------------------

MEASURED = """
import resource, sys, time
from pathlib import Path
from workbook.errors import WorkbookError
sys.setrecursionlimit(1000)
kind, path = sys.argv[1], Path(sys.argv[2])
if kind == "rows":
    from workbook.plan import rows
    read = lambda: rows.sheets(path)
else:
    from workbook.reference.importers import table
    read = lambda: table.read(path)
begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    read(); said = "read"
except WorkbookError as error:
    said = f"{type(error).__name__}: {error}"
print(f"{time.perf_counter() - begun:.1f}|{(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024}|{said}")
"""


def measured(kind: str, path: Path) -> tuple[float, int, str]:
    """Seconds, megabytes and the sentence of a file that is read by a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, kind, str(path)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    seconds, megabytes, said = done.stdout.strip().split("|", 2)
    return float(seconds), int(megabytes), said


def far_cells(count: int) -> bytes:
    """A sheet of rows that each hold one cell, in the last column there is."""
    lines = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>a{n}</t></is></c><c r="XFD{n}"><v>1</v></c></row>'
        for n in range(1, count + 1)
    )
    sheet = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{lines}</sheetData></worksheet>'
    return altered(TABLE, "xl/worksheets/sheet1.xml", sheet.encode())


def slow_markup() -> bytes:
    """A comment on which a careless search for formulas goes to and fro for hours."""
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><!-- '
        + '<c r="A1"<row <mergeCell ' * 200_000
        + "--><sheetData><row r='1'><c r='A1'><v>1</v></c><c r='B1'><v>1</v></c></row></sheetData></worksheet>"
    )
    return altered(TABLE, "xl/worksheets/sheet1.xml", sheet.encode())


LARGE = {
    "100 MB of text": (
        "both",
        lambda: b"Area Code,Value\n" + b"E08000025,12.5\n" * 6_600_000,
        "read|larger than",
    ),
    "100 MB of foreign letters": (
        "both",
        lambda: b"a,b\n" + b"\xe9" * 100_000_000,
        "another encoding|larger than",
    ),
    "100 MB of curly quotes": (
        "both",
        lambda: b"a,b\n" + b"\x93" * 100_000_000,
        "cannot be read|larger than",
    ),
    "100 MB of one line": (
        "both",
        lambda: b"a," + b"x" * 100_000_000,
        "cannot be read as a table|larger than",
    ),
    "100 MB of commas": ("both", lambda: b"," * 100_000_000, "million cells|larger than"),
    "a million columns": (
        "both",
        lambda: b",".join(b"c%d" % n for n in range(1_000_000)) + b"\n1,2\n",
        "a row of",
    ),
    "a wide header over short rows": (
        "both",
        lambda: b",".join(b"c%d" % n for n in range(16_000)) + b"\n" + b"1,2\n" * 49_000,
        "million cells|a row of more than",
    ),
    "cells in the last column": ("both", lambda: far_cells(5000), "million cells|far to the right"),
    "markup that is slow to search": ("both", slow_markup, "read|column|is damaged|no filled|no table"),
    "deep JSON": (
        "table",
        lambda: b'{"type":"FeatureCollection","features":' + b"[" * 500_000,
        "cannot be read as GeoJSON",
    ),
    "deeper JSON": (
        "table",
        lambda: b'{"type":"FeatureCollection","features":' + b"[" * 20_000_000,
        "millions of",
    ),
    "a deep list": ("table", lambda: b'["indicatorid",' + b'{"a":' * 400_000, "cannot be read as a list"),
    "a long number": (
        "table",
        lambda: (
            json.dumps({"type": "FeatureCollection", "features": []}).encode()[:-2] + b"9" * 5_000_000 + b"]}"
        ),
        "cannot be read as GeoJSON",
    ),
    "points without end": (
        "table",
        lambda: b'{"type":"FeatureCollection","features":[' + b"[0,0]," * 16_000_000 + b"[0,0]]}",
        "millions of",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "large"),
    [
        (k, name)
        for name, (kinds, _, _) in LARGE.items()
        for k in (("rows", "table") if kinds == "both" else (kinds,))
    ],
)
def test_a_large_file_is_refused_in_words_in_little_memory_and_time(
    tmp_path: Path, kind: str, large: str
) -> None:
    _, made, said = LARGE[large]
    path = tmp_path / "large.bin"
    path.write_bytes(made())
    seconds, megabytes, sentence = measured(kind, path)
    assert any(words in sentence for words in said.split("|")), sentence[:500]
    assert seconds < 60
    assert megabytes < (3000 if sentence == "read" else 1500)


# --- people ------------------------------------------------------------------------------

VALID = ("9434765919", "943 476 5919", "943-476-5919", "4010232137", "4857773456", "9876543210")
PEOPLE = {
    "a column of NHS numbers": "Scheme,Reference\n" + "".join(f"S{n},{v}\n" for n, v in enumerate(VALID[:5])),
    "a header": "NHS Number,Scheme\n,Falls\n",
    "a header of a patient": "Scheme,Patient's Date of Birth\nFalls,\n",
    "D.O.B.": "Scheme,D.O.B.\nFalls,1\n",
    "a home postcode": "Scheme,Home postcode\nFalls,\n",
    "a column of postcodes": "Scheme,Where\n" + "".join(f"S{n},B{n} {n}AA\n" for n in range(1, 7)),
    "a number in a sentence": "Scheme,Note\nFalls,Ask Mrs Smith (NHS no. 9434765919)\n",
    "a number as it is written": "Scheme,Note\nFalls,for 943 476 5919 only\n",
    "a birth date in a sentence": "Scheme,Note\nFalls,\"seen at home, DOB: 3/4/1941\"\n",
    "a surname": "Scheme,Patient surname\nFalls,Smith\n",
    "to the right of the header": "Scheme\nFalls,943 476 5919\n",
    "further down than anybody looks": "Scheme,Code\n" + "a,\n" * 3000 + "b,9434765919\n" * 1 + "".join(f"c,{v}\n" for v in VALID),
}  # fmt: skip


@pytest.mark.parametrize("text", PEOPLE.values(), ids=PEOPLE)
def test_a_list_about_people_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="about people|tells of a person") as caught:
        rows.sheets_of("list.csv", text.encode())
    assert "9434765919" not in str(caught.value).replace(" ", "").replace("-", "")


@pytest.mark.parametrize("text", PEOPLE.values(), ids=PEOPLE)
def test_a_file_of_figures_about_people_is_refused(text: str, tmp_path: Path, reference: Reference) -> None:
    lines = text.splitlines()
    path = tmp_path / "figures.csv"
    wide = max(line.count(",") for line in lines)
    path.write_text("\n".join(lines) + "\n" if lines[0].count(",") == wide else f"{lines[0]},x\n{lines[1]}\n")
    with pytest.raises(FaultyFile, match="about people"):
        importers.check(path, reference)


HARMLESS = {
    "telephone numbers": "Scheme,Telephone\n" + "".join(f"S{n},0121 476 {n:04}\n" for n in range(900, 960)),
    "ten digits by chance": "Scheme,Code\n" + "".join(f"S{n},{1_234_567_000 + 37 * n}\n" for n in range(60)),
    "a budget of a thousand million": "Scheme,Cost\nFalls,1000000000\nOthers,2345678901\n",
    "years and codes": "Scheme,Year,Area code\nFalls,2026,E54000050\n",
    "births": "Scheme,Births,Birth weight,Date of publication\nFalls,120,3.2,2026-01-02\n",
    "postcode areas": "Scheme,Where\n" + "".join(f"S{n},B{n}\n" for n in range(1, 20)),
    "one site": "Scheme,Place\n" + "".join(f"S{n},Ward {n}\n" for n in range(30)) + "S,B15 2TH\n",
    "words": "Scheme,Note\nFalls,born out of the review of 2024\n",
}


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS)
def test_a_list_about_no_person_is_read(text: str) -> None:
    assert rows.sheets_of("list.csv", text.encode())[0].rows


@pytest.mark.real
def test_no_published_file_is_taken_for_one_about_people(real: Path, reference: Reference) -> None:
    looked_at = 0
    for path in sorted(real.rglob("*.csv")):
        try:
            importers.check(path, reference)
        except FaultyFile as error:
            raise AssertionError(f"{path.name}: {error}") from None
        except BadInput:
            continue
        looked_at += 1
    assert looked_at > 20

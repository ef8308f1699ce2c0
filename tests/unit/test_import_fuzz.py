"""Every format on files that were mutilated: taken, or refused in words with a remedy; never a fault of the program."""

from __future__ import annotations

import csv
import io
import json
import random
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbook.errors import BadInput, FaultyFile
from workbook.reference import Reference, importers

FILES = Path(__file__).resolve().parent.parent / "fixtures" / "imports"
TABLES = sorted(p.name for p in FILES.iterdir() if p.suffix == ".csv")
#: What people, spreadsheets and ill will put in a cell.
CELLS = (
    *(
        "",
        " ",
        "*",
        "-",
        "n/a",
        "#REF!",
        "#DIV/0!",
        "NULL",
        "nan",
        "inf",
        "-inf",
        "1e400",
        "-1",
        "0",
        "1e-320",
    ),
    *("1,234", "1,23", "12,5", "£5", "45%", "0x10", "1_000", "٣", "½", "²", "1" * 400, "TRUE", "2020-13-45"),
    *("99999", "0000", "2024/26", "1999-2050", "2020/21 Q9", "12/2020", "January", "-2020", "20 20"),
    *(
        "=1+1",
        "=cmd|'/C calc'!A0",
        "@SUM(A1)",
        "<script>",
        "\u202e",
        "\ufeff",
        "\x1b[31m",
        "a\nb",
        'a"b',
        "'",
    ),
    *(
        "E99999999",
        "e08000023",
        "E0800002３",
        "E08000023 ",
        "X" * 5000,
        "Ｅ92000001",
        "[c]",
        "[z]",
        "..",
        ":",
    ),
)


def mutilated(rows: list[list[str]], chance: random.Random) -> bytes:
    """A table with some things wrong in it, as bytes."""
    rows = [list(r) for r in rows]
    for _ in range(chance.randint(1, 4)):
        what = chance.choice(
            ("cell", "cell", "cell", "column", "twice", "order", "row", "header", "cut", "blank")
        )
        at = chance.randrange(len(rows))
        width = len(rows[at]) or 1
        if what == "cell" and rows[at]:
            rows[at][chance.randrange(len(rows[at]))] = chance.choice(CELLS)
        elif what == "column":
            gone = chance.randrange(len(rows[0]) or 1)
            rows = [r[:gone] + r[gone + 1 :] for r in rows]
        elif what == "twice":
            again = chance.randrange(len(rows[0]) or 1)
            rows = [r + r[again : again + 1] for r in rows]
        elif what == "order":
            order = chance.sample(range(len(rows[0])), len(rows[0]))
            rows = [[r[i] for i in order if i < len(r)] for r in rows]
        elif what == "row":
            rows.insert(chance.randrange(len(rows) + 1), list(rows[at]))
        elif what == "header" and rows[0]:
            i = chance.randrange(len(rows[0]))
            rows[0][i] = chance.choice((rows[0][i].upper(), f" {rows[0][i]} ", rows[0][i].replace(" ", "_")))
        elif what == "cut":
            rows[at] = rows[at][: chance.randrange(width)]
        elif what == "blank":
            rows[at] = [""] * width
        if not rows[0]:
            rows[0] = ["x"]
    text = io.StringIO(newline="")
    csv.writer(
        text, delimiter=chance.choice(",,,,;\t"), lineterminator=chance.choice(("\n", "\r\n"))
    ).writerows(rows)
    content = text.getvalue().encode(
        chance.choice(("utf-8", "utf-8-sig", "utf-8", "utf-16")), errors="replace"
    )
    if chance.random() < 0.15:
        cut = chance.randrange(len(content) + 1)
        content = (
            content[:cut]
            + chance.choice((b"", b"\xe9", b"\x00", b'"', b"\x93"))
            + content[cut:][: chance.randrange(900)]
        )
    return content


def held_against_the_rules(path: Path, reference: Reference) -> None:
    """The file is taken, or refused in words; and a refused one leaves nothing behind."""
    before = len(reference.imports())
    try:
        report = importers.check(path, reference)
    except BadInput as error:
        assert error.problem and error.remedy
        return
    for fault in report.faults:
        assert fault.problem.strip() and fault.remedy.strip()
        assert fault.severity in ("warns", "refuses")
    try:
        importers.take([path], reference)
    except FaultyFile as error:
        assert report.refused and error.faults
        assert len(reference.imports()) == before
    else:
        assert not report.refused
        read_back(reference, report)


def read_back(reference: Reference, report: importers.Report) -> None:
    """What was taken can be read by everything that asks for it."""
    for one in report.series:
        figures = reference.series(one["indicator"])
        inside = figures.dropna(subset=["value", "lower", "upper"])
        slack = 1e-9 * inside["value"].abs() + 1e-9
        assert (inside["lower"] <= inside["value"] + slack).all()
        assert (inside["value"] <= inside["upper"] + slack).all()
        assert figures["year"].between(1800, 2200).all()
        json.dumps(figures.to_dict("records"))
    reference.areas()
    reference.links()


def tries(path: Path, reference: Reference, seed: int) -> None:
    """One mutilation of a file, by its seed."""
    chance = random.Random(seed)
    name = chance.choice(TABLES)
    rows = list(csv.reader(io.StringIO((FILES / name).read_text(encoding="utf-8-sig"), newline="")))
    path.write_bytes(mutilated(rows, chance))
    held_against_the_rules(path, reference)


@pytest.fixture
def reference(home: Path) -> Reference:
    return Reference.open(home, data=FILES / "data")


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(seed=st.integers(0, 2**32))
def test_a_mutilated_table_is_taken_or_refused_in_words(
    seed: int, reference: Reference, tmp_path: Path
) -> None:
    tries(tmp_path / "mutilated.csv", reference, seed)


def scrambled(value: object, chance: random.Random) -> object:
    """A piece of JSON with something in it replaced."""
    odd = (None, True, -1, 1e300, "", "x", [], {}, [[]], [None], {"a": 1}, 10**30)
    if chance.random() < 0.04:
        return chance.choice(odd)
    if isinstance(value, dict):
        return {k: scrambled(v, chance) for k, v in value.items() if chance.random() > 0.03}
    if isinstance(value, list):
        return [scrambled(v, chance) for v in value if chance.random() > 0.03]
    return value


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(seed=st.integers(0, 2**32))
def test_mutilated_outlines_are_taken_or_refused_in_words(
    seed: int, reference: Reference, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    whole = json.loads((FILES / "boundaries.geojson").read_text(encoding="utf-8"))
    path = tmp_path / "mutilated.geojson"
    path.write_text(json.dumps(scrambled(whole, chance)), encoding="utf-8")
    held_against_the_rules(path, reference)


#: Invented: the check digit is right, and the numbers are of the range kept for tests.
PEOPLE = {
    "NHS number": "9990000018",
    "Date of birth": "1950-02-03",
    "Postcode": "ZZ99 3VZ",
    "who": "9990000018",
}


@pytest.mark.parametrize("column", PEOPLE)
@pytest.mark.parametrize("name", TABLES)
def test_a_file_about_people_is_refused_in_every_format(
    name: str, column: str, reference: Reference, tmp_path: Path
) -> None:
    header, *rows = csv.reader(io.StringIO((FILES / name).read_text(encoding="utf-8-sig"), newline=""))
    path = tmp_path / "a.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([[*header, column], *([*row, PEOPLE[column]] for row in rows)])
    with pytest.raises(FaultyFile, match="so the file is about people"):
        importers.take([path], reference)
    assert not reference.imports()


@pytest.mark.parametrize("column", PEOPLE)
def test_outlines_and_lists_about_people_are_refused(
    column: str, reference: Reference, tmp_path: Path
) -> None:
    whole = json.loads((FILES / "boundaries.geojson").read_text(encoding="utf-8"))
    for feature in whole["features"]:
        feature["properties"][column] = PEOPLE[column]
    entry = {
        "indicatorID": 1,
        "indicatorName": "a",
        "polarity": "",
        "valueType": "",
        "periodType": "",
        "frequency": "",
    }
    for name, content in (("a.geojson", whole), ("a.json", [entry | {column: PEOPLE[column]}])):
        (tmp_path / name).write_text(json.dumps(content), encoding="utf-8")
        with pytest.raises(FaultyFile, match="so the file is about people"):
            importers.take([tmp_path / name], reference)
    assert not reference.imports()


def test_what_a_wide_table_gives_twice_is_found_by_its_place(reference: Reference, tmp_path: Path) -> None:
    rows = list(csv.reader(io.StringIO((FILES / "similar10-list.csv").read_text(encoding="utf-8-sig"))))
    path = tmp_path / "a.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([*rows, rows[1], [*rows[1][:-1], rows[1][-2]]])
    held_against_the_rules(path, reference)


def test_a_hidden_sheet_is_no_table_while_another_can_be_seen(reference: Reference, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    rows = list(csv.reader(io.StringIO((FILES / "local.csv").read_text(encoding="utf-8-sig"), newline="")))
    for row in rows:
        book.active.append(row)
    hidden = book.create_sheet("pivot")
    hidden.append([*rows[0], "more", "columns"])
    hidden.append(["x"] * (len(rows[0]) + 2))
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    (report,) = importers.take([tmp_path / "a.xlsx"], reference)
    assert report.format == "local" and report.rows == len(rows) - 1

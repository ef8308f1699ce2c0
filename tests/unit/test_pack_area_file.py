"""Lists of areas as people keep them."""

import time

import pytest

from workbook.errors import BadInput
from workbook.pack import area_file


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("E38000163\nE38000182\n", ("E38000163", "E38000182")),
        ("\ufeffE38000163\r\nE38000182\r\n", ("E38000163", "E38000182")),
        ("# the north\n\n  QF7  \nQHM # the coast\n", ("QF7", "QHM")),
        ("area\nQF7\n", ("QF7",)),
        ("Area\nQF7\n", ("QF7",)),
        ("name,area,owner\nSouth,QF7,me\nNorth,QHM\n\n", ("QF7", "QHM")),
        ('"name","area"\n"North, and South","QF7"\n', ("QF7",)),
        ("name,area\nshort\nNorth,QHM\n", ("QHM",)),
        ("area;name\nQF7;South, with a comma\n", ("QF7",)),
        ("name\tarea\nSouth\tQF7\n", ("QF7",)),
    ],
)
def test_codes_are_found(tmp_path, text, codes):
    file = tmp_path / "areas.txt"
    file.write_text(text, encoding="utf-8", newline="")
    assert area_file.read(file) == area_file.AreaList(codes)


def test_a_code_named_twice_is_taken_once_and_said(tmp_path):
    file = tmp_path / "areas.txt"
    file.write_text("QF7\nQHM\nQF7\n")
    found = area_file.read(file)
    assert found.codes == ("QF7", "QHM")
    assert found.notes == ("areas.txt names 1 area more than once; taken once: QF7.",)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "holds no area code"),
        (b"# nothing yet\n", "holds no area code"),
        (b"code,name\nQF7,South\n", "has no column 'area'; its columns are code and name"),
        ("QF7\n".encode("utf-16"), "is not text in UTF-8"),
        (b"area,name\nQF7," + b"x" * 200_000, "cannot be read as a table"),
    ],
)
def test_a_list_that_cannot_be_used_is_said(tmp_path, content, sentence):
    file = tmp_path / "areas.csv"
    file.write_bytes(content)
    with pytest.raises(BadInput, match=sentence):
        area_file.read(file)


def test_a_list_that_is_not_there_is_said(tmp_path):
    with pytest.raises(BadInput, match="There is no file"):
        area_file.read(tmp_path / "none.txt")
    with pytest.raises(BadInput, match="cannot be read"):
        area_file.read(tmp_path)


def test_a_long_list_is_read_at_once(tmp_path):
    file = tmp_path / "areas.txt"
    file.write_text("".join(f"E{n:08d}\n" for n in range(50_000)))
    began = time.perf_counter()
    assert len(area_file.read(file).codes) == 50_000
    assert time.perf_counter() - began < 5

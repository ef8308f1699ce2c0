"""Files about areas that are wrong: outlines, look-ups and composed areas refused in a sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.errors import BadInput, FaultyFile
from workbook.reference import Area, Reference, importers, template
from workbook.reference.composition import write
from workbook.reference.importers import boundaries, codes, geojson
from workbook.reference.store import Intake, Origin

FILES = Path(__file__).resolve().parent.parent / "fixtures" / "imports"
SQUARE = [[[0, 54], [1, 54], [1, 55], [0, 55], [0, 54]]]


@pytest.fixture
def reference(home: Path) -> Reference:
    """The fixture's areas, a county with its district, and two synthetic areas."""
    opened = Reference.open(home, data=FILES / "data")
    more = [
        Area("E10999901", "Oldshire", "la"),
        Area("E07999902", "Old Fell", "la"),
        Area("E38999901", "Northmoor and Fell", "ccg", ods="99A"),
        Area("E38999902", "St Bede on Tarn", "ccg", ods="99B"),
    ]
    opened.store.take(Intake(Origin("areas", "test", "x", 1), areas={a.code: a for a in more}))
    opened.refresh()
    return opened


def faults(reference: Reference, path: Path) -> list[str]:
    report = importers.check(path, reference)
    with pytest.raises(FaultyFile):
        importers.take([path], reference)
    return [f"{f.column}: {f.problem} {f.remedy}" for f in report.faults if f.severity == "refuses"]


def collection(path: Path, *features: tuple[dict, list], kind: str = "Polygon") -> Path:
    made = [
        {"type": "Feature", "properties": p, "geometry": {"type": kind, "coordinates": c}}
        for p, c in features
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": made}))
    return path


# --- outlines -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (
            '{"type": "FeatureCollection", "features": [{"type": "Fea',
            "cannot be read as GeoJSON.*download it again",
        ),
        ('{"type": "FeatureCollection", "features": []}', "without the outline of any area"),
        ('{"type": "Topology", "objects": {}}', "JSON, not a table and no GeoJSON"),
    ],
)
def test_json_that_holds_no_outlines_is_said(
    content: str, problem: str, reference: Reference, tmp_path: Path
) -> None:
    path = tmp_path / "map.geojson"
    path.write_text(content)
    with pytest.raises(BadInput, match=problem):
        importers.check(path, reference)


def test_outlines_in_metres_are_refused_with_what_to_download(reference: Reference, tmp_path: Path) -> None:
    metres = [[[374405, 380936], [374505, 380936], [374505, 381036], [374405, 380936]]]
    path = collection(tmp_path / "grid.geojson", ({"ICB23CD": "E54999901"}, metres))
    with pytest.raises(BadInput, match=r"metres of a grid \(374405, 380936\).*WGS84"):
        importers.check(path, reference)


CORNERS = [[-1.5, 54.5], [-1.3, 54.5], [-1.3, 54.7], [-1.5, 54.7], [-1.5, 54.5]]
OWN = {"LAD23CD": "E06999901", "LAD23NM": "Northmoor"}


def one_feature(geometry: object, properties: object = OWN) -> str:
    """A GeoJSON collection of one feature."""
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


def polygon(ring: object) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (one_feature(polygon([[float("nan"), 54], *CORNERS])), "a point that is no pair of numbers"),
        (one_feature(polygon([[float("inf"), 54], *CORNERS])), "a point that is no pair of numbers"),
        (one_feature(polygon([[None, 54], *CORNERS])), "a point that is no pair of numbers"),
        (one_feature(polygon([{}, *CORNERS])), "a point that is no pair of numbers"),
        (one_feature(polygon([10**400, *CORNERS])), "a point that is no pair of numbers"),
        (one_feature(polygon([[y, x] for x, y in CORNERS])), "outside the United Kingdom.*longitude first"),
        (one_feature(polygon([[x + 150, y - 88] for x, y in CORNERS])), "outside the United Kingdom"),
        (one_feature(polygon([[0, 54]] * 6)), "without the outline of any area"),
        (one_feature({"type": "Polygon", "coordinates": {"a": 1}}), "cannot be read as GeoJSON"),
        (one_feature({"type": "Polygon", "coordinates": [7]}), "cannot be read as GeoJSON"),
        (one_feature({"type": "MultiPolygon", "coordinates": 5}), "cannot be read as GeoJSON"),
        (one_feature([1]), "cannot be read as GeoJSON"),
        (one_feature(polygon(CORNERS), [1, 2]), "cannot be read as GeoJSON"),
        (one_feature(polygon(CORNERS), None), "names no code in every area"),
    ],
)
def test_outlines_that_are_none_are_refused_in_a_sentence(
    text: str, said: str, reference: Reference, tmp_path: Path
) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(text)
    before = len(reference.imports())
    with pytest.raises(BadInput, match=said):
        importers.take([path], reference)
    assert len(reference.imports()) == before


def test_an_outline_smaller_than_a_point_is_left_out_and_said(reference: Reference, tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    tiny = [[-1.5 + x / 10**6, 54.5 + y / 10**6] for x, y in CORNERS]
    path.write_text(one_feature(polygon(tiny)))
    (report,) = importers.take([path], reference)
    assert "smaller than a point on a map" in str(report.faults[0])
    assert reference.boundaries(["E06999901"]) == {}


def test_outlines_with_millions_of_points_are_refused(
    reference: Reference, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(one_feature(polygon(CORNERS)))
    for limit in ("_MOST_POINTS", "_LARGEST"):
        with monkeypatch.context() as patched:
            patched.setattr(geojson, limit, 4)
            with pytest.raises(BadInput, match="super-generalised"):
                importers.take([path], reference)


def test_a_name_that_would_move_the_cursor_is_kept_without_that(reference: Reference, tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(
        one_feature(polygon(CORNERS), OWN | {"LAD23CD": "E06999977", "LAD23NM": "\x1b[2JNew\nplace"})
    )
    importers.take([path], reference)
    assert reference.area("E06999977").name == "[2JNew place"


def test_points_are_no_outlines(reference: Reference, tmp_path: Path) -> None:
    path = collection(tmp_path / "points.geojson", ({"code": "E54999901"}, [0, 54]), kind="Point")
    with pytest.raises(BadInput, match="Download the boundaries .polygons. and not points"):
        importers.check(path, reference)


def test_outlines_without_codes_are_refused_with_their_properties(
    reference: Reference, tmp_path: Path
) -> None:
    path = collection(tmp_path / "named.geojson", ({"title": "Northmoor", "FID": 1}, SQUARE))
    with pytest.raises(BadInput, match="its properties are title, FID"):
        importers.check(path, reference)


def test_outlines_of_kinds_nobody_plans_for_are_refused(reference: Reference, tmp_path: Path) -> None:
    path = collection(tmp_path / "lsoa.geojson", ({"LSOA21CD": "E01000001"}, SQUARE))
    (fault,) = faults(reference, path)
    assert "1 of 1 outlines are of a kind of area that the workbook does not know, such as E01000001" in fault


def test_one_area_in_two_features_is_refused(reference: Reference, tmp_path: Path) -> None:
    path = collection(tmp_path / "parts.geojson", *[({"ICB23CD": "E54999901"}, SQUARE)] * 2)
    (fault,) = faults(reference, path)
    assert "E54999901 has an outline already. Join the parts" in fault


def test_codes_of_ones_own_are_taken_where_the_areas_are_known(reference: Reference, tmp_path: Path) -> None:
    path = collection(tmp_path / "own.geojson", ({"code": "SYN01", "name": "Testmere"}, SQUARE))
    importers.take([path], reference)
    assert len(reference.boundaries(["SYN01"])["SYN01"][0]) == 5


@given(
    st.lists(
        st.tuples(st.floats(0.02, 0.98), st.floats(-0.004, 0.004)),
        min_size=1,
        max_size=40,
        unique_by=lambda p: p[0],
    )
)
def test_neighbours_share_every_point_of_their_border(wiggle: list[tuple[float, float]]) -> None:
    """However the border runs, and wherever each ring begins, both sides keep the same points of it."""
    border = [[1 + x, 54 + y] for y, x in sorted(wiggle)]
    west = [[0, 54], [1, 54], *border, [1, 55], [0, 55], [0, 54]]
    east = [[2, 55], [1, 55], *border[::-1], [1, 54], [2, 54], [2, 55]]
    made = boundaries.simplified({"W": [west], "E": [east]})
    own, other = ({tuple(p) for p in made[code][0]} for code in ("W", "E"))
    middle = {p for p in own if 0.5 < p[0] < 1.5}
    assert middle == {p for p in other if 0.5 < p[0] < 1.5}
    assert {(1, 54), (1, 55)} <= middle
    for x, y in border:
        assert min(abs(x - p[0]) for p in middle) <= 2 * boundaries.TOLERANCE
        assert 54 <= y <= 55


def test_an_island_keeps_its_shape_though_small() -> None:
    tiny = [[0, 54], [0.01, 54], [0.01, 54.01], [0, 54.01], [0, 54]]
    assert len(boundaries.simplified({"X": [tiny]})["X"]) == 1


# --- look-ups -------------------------------------------------------------------


def lookup(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(("old,old_name,new,new_name,on,kind,source", *rows)) + "\n")
    return path


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("A1,,B1,,2021-04-01,swallowed,", "'swallowed' is no kind of change. Write merged, split"),
        ("A1,,B1,,April 2021,merged,", "'April 2021' is no day. Write the day as 2021-04-01"),
        ("A1,,A1,,,renamed,", "A1 leads to itself"),
        ("A1,,,,,merged,", "The cell is blank"),
    ],
)
def test_a_wrong_link_is_refused(row: str, fault: str, reference: Reference, tmp_path: Path) -> None:
    found = faults(reference, lookup(tmp_path / "links.csv", row))
    assert any(fault in text for text in found), found


def test_links_that_run_in_a_circle_are_refused_at_the_one_that_closes_it(
    reference: Reference, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "old,new,kind\nE06999901,E06999902,merged\nE06999902,E06999903,renamed\nE06999903,E06999901,merged\n"
    )
    assert faults(reference, path) == [
        "new: E06999903 leads to E06999901, and by the rows before E06999901 leads to E06999903. "
        "Delete the link that is wrong; no area comes after itself."
    ]


def test_a_link_with_two_days_is_refused(reference: Reference, tmp_path: Path) -> None:
    rows = ("A1,,B1,,2021-04-01,merged,", "A1,,B1,,2020-04-01,merged,")
    (fault,) = faults(reference, lookup(tmp_path / "links.csv", *rows))
    assert "The link from A1 to B1 stands in row 2 with another figure" in fault


def test_a_corrected_look_up_takes_the_wrong_link_away_and_leaves_the_publishers(
    reference: Reference, tmp_path: Path
) -> None:
    codes_file = tmp_path / "codes.csv"
    codes_file.write_text(
        "ltla23_code,ltla23_name,utla23_code,utla23_name\nE07999902,Old Fell,E10999901,Oldshire\n"
    )
    importers.take([codes_file], reference)
    importers.take([lookup(tmp_path / "a.csv", "E07999902,,E06999909,,2020-04-01,merged,")], reference)
    importers.take(
        [lookup(tmp_path / "b.csv", "E07999902,,E06999901,,2020-04-01,merged,A letter")], reference
    )
    assert {(li.new, li.kind) for li in reference.lineage("E07999902")} == {
        ("E06999901", "merged"),
        ("E10999901", "within"),
    }


@pytest.mark.parametrize(
    ("columns", "kinds"),
    [
        (["CCG13CD", "CCG13CDH", "CCG13NM"], ["ccg"]),
        (["ltla23_name", "ltla23_code", "region23_name", "region23_code"], ["la", "region"]),
        (["CCG Code", "ICB Code", "ICB NAME"], ["ccg", "icb"]),
        (["ccg21_code", "prevalence"], []),
        (["colour", "size"], []),
    ],
)
def test_the_kinds_of_a_code_list_are_read_off_its_columns(columns: list[str], kinds: list[str]) -> None:
    assert [g.kind for g in codes.groups(columns)] == kinds


def test_curly_quotation_marks_of_windows_are_read_and_said(reference: Reference, tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    path.write_bytes(b"CCG13CD,CCG13CDH,CCG13NM\nE38999903,99Q,NHS Queen\x92s Fell\n")
    (report,) = importers.take([path], reference)
    assert [f.row for f in report.faults] == [2]
    assert reference.area("99Q").name == "Queen’s Fell"


# --- composed areas -------------------------------------------------------------


def composition(path: Path, *members: str, code: str = "MY-NORTH", name: str = "North cluster") -> Path:
    path.write_text("\n".join(("code,name,member", *(f"{code},{name},{m}" for m in members))) + "\n")
    return path


@pytest.mark.parametrize(
    ("members", "fault"),
    [
        (("E54999902", "E54999909"), "There is no area 'E54999909'. Did you mean E5499990"),
        (("E54999902", "QZB"), "QZB is a member of MY-NORTH already"),
        (("E54999902",), "MY-NORTH has one member only"),
        (
            ("E54999902", "99A"),
            "several kinds and may overlap: NHS Southvale ICB is an integrated care board",
        ),
        (("E10999901", "E07999902"), "Oldshire is a county and Old Fell a district that may lie within it"),
        (("E54999901", "E54999903"), "lies within, or became, NHS Northmoor and Eastfen ICB (E54999903)"),
        (("SYN01", "SYN02", "E54999902"), "of several kinds"),
    ],
)
def test_members_that_would_count_twice_are_refused(
    members: tuple[str, ...], fault: str, reference: Reference, tmp_path: Path
) -> None:
    found = faults(reference, composition(tmp_path / "mine.csv", *members))
    assert any(fault in text for text in found), found
    assert reference.members("MY-NORTH") == ()


def test_a_district_and_its_county_are_known_by_the_look_up(reference: Reference, tmp_path: Path) -> None:
    links = lookup(tmp_path / "links.csv", "E07999902,,E10999901,,,within,", "99A,,E38999902,,,within,")
    made = composition(tmp_path / "mine.csv", "99A", "99B")
    with pytest.raises(FaultyFile, match="Northmoor and Fell .E38999901. lies within, or became, St Bede"):
        importers.take([links, made], reference)  # the look-up of the same import is heeded
    importers.take([links], reference)
    found = faults(reference, composition(tmp_path / "mine.csv", "E10999901", "E07999902"))
    assert any("Old Fell (E07999902) lies within, or became, Oldshire" in text for text in found)


def test_a_composed_area_is_no_member_of_another(reference: Reference, tmp_path: Path) -> None:
    importers.take([composition(tmp_path / "a.csv", "E54999902", "E54999903")], reference)
    found = faults(
        reference, composition(tmp_path / "b.csv", "MY-NORTH", "E54999901", code="MY-ALL", name="All")
    )
    assert any("MY-NORTH is itself made of other areas" in text for text in found)


@pytest.mark.parametrize(
    ("code", "name", "fault"),
    [
        ("E06999901", "North", "is the code of Northmoor already"),
        ("my north!", "North", "is no code. Use at most 40 capital letters"),
        ("Y" * 41, "North", "is no code. Use at most 40 capital letters"),
        ("MY-OTHER", "North  Cluster", "MY-NORTH has that name already"),
        ("MY-OTHER", "North\u202ehtroN", "is no name that can be printed"),
        ("MY-OTHER", "\x1b[31mNorth", "is no name that can be printed"),
        ("MY-OTHER", "N" * 121, "is no name that can be printed"),
    ],
)
def test_a_composed_area_has_a_code_and_a_name_of_its_own(
    code: str, name: str, fault: str, reference: Reference, tmp_path: Path
) -> None:
    importers.take([composition(tmp_path / "a.csv", "E54999902", "E54999903")], reference)
    found = faults(reference, composition(tmp_path / "b.csv", "99A", "99B", code=code, name=name))
    assert any(fault in text for text in found), found


def test_a_composed_area_that_is_put_together_anew_takes_its_new_name(
    reference: Reference, tmp_path: Path
) -> None:
    importers.take([composition(tmp_path / "a.csv", "99A", "99B", name="Old name")], reference)
    importers.take([composition(tmp_path / "b.csv", "99A", "99B", name="New name")], reference)
    assert reference.area("MY-NORTH").name == "New name"
    importers.take(
        [composition(tmp_path / "c.csv", "99A", "99B", code="MY-OTHER", name="Old name")], reference
    )
    assert reference.area("MY-OTHER").name == "Old name"


@pytest.mark.parametrize("name", ["", "  ", "two\nlines", "nul\x00", "n" * 5000])
def test_a_name_that_cannot_be_printed_is_refused_before_anything_is_written(
    name: str, reference: Reference
) -> None:
    before = len(reference.imports())
    with pytest.raises(BadInput, match="Give it a name of one line"):
        write(reference, "MY-NORTH", name, ["99A", "99B"])
    assert len(reference.imports()) == before


def test_a_code_of_any_length_is_refused_in_a_sentence(reference: Reference) -> None:
    with pytest.raises(BadInput, match="Use at most 40 capital letters"):
        write(reference, "Y" * 4000, "North", ["99A", "99B"])


def test_a_later_file_replaces_the_members(reference: Reference, tmp_path: Path) -> None:
    importers.take([composition(tmp_path / "a.csv", "E54999902", "E54999903")], reference)
    importers.take([composition(tmp_path / "b.csv", "99A", "99B")], reference)
    assert reference.members("MY-NORTH") == ("E38999901", "E38999902")


def test_an_area_of_synthetic_areas_is_synthetic(reference: Reference, tmp_path: Path) -> None:
    importers.take([composition(tmp_path / "a.csv", "SYN01", "SYN02")], reference)
    assert reference.area("MY-NORTH").synthetic


@pytest.mark.parametrize("name", ["lookup", "composition"])
@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_the_examples_of_the_templates_are_refused(
    name: str, ending: str, reference: Reference, tmp_path: Path
) -> None:
    path = template.write(name, tmp_path / f"mine{ending}")
    report = importers.check(path, reference)
    assert report.format == name
    assert any("example row of the template" in f.problem for f in report.faults)

"""What the store of version 2 adds: outlines, peers, members and old codes; and a home from before."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import pandas as pd
import pytest

from workbook.errors import BadInput
from workbook.reference import Area, Link, Reference, lineage, store
from workbook.reference.store import Intake, Origin, Store

DATA = Path(__file__).resolve().parent.parent / "fixtures" / "imports" / "data"
SQUARE = [[[0.0, 50.0], [1.0, 50.0], [1.0, 51.0], [0.0, 50.0]]]


def first_version(home: Path) -> Path:
    """A store as the first version of the program left it, with one row in each table."""
    path = home / store.FILE
    connection = sqlite3.connect(path)
    connection.executescript(store._FIRST)
    connection.execute("PRAGMA user_version = 1")
    connection.execute(
        "INSERT INTO import VALUES (1, 'a.csv', 'local', 'x', 1, 3, '2026-01-01', 'S', 'L', '')"
    )
    connection.execute(
        "INSERT INTO area VALUES ('E38999901', 'Northmoor', 'ccg', '', '99A', '', '', '', 0, 'a file')"
    )
    connection.execute("INSERT INTO alias VALUES ('CCG-NORTHMOOR', 'E38999901')")
    connection.execute(
        "INSERT INTO indicator VALUES ('local-a', ?)",
        (json.dumps({"id": "local-a", "name": "A", "break_years": []}),),
    )
    connection.execute(
        "INSERT INTO series VALUES ('local-a', 'E38999901', 'Persons', 'All ages', '', '', '2020', 2020, "
        "7, NULL, NULL, NULL, NULL, '', 1)"
    )
    connection.execute("INSERT INTO population VALUES ('E38999901', 2020, 'Female', '00-04', 12, 1)")
    connection.execute("INSERT INTO need_index VALUES ('E38999901', 'overall', 'Overall', 1.1, 1)")
    connection.commit()
    connection.close()
    return path


def dump(path: Path, tables: tuple[str, ...]) -> list[list[tuple]]:
    connection = sqlite3.connect(path)
    rows = [connection.execute(f"SELECT * FROM {t}").fetchall() for t in tables]
    connection.close()
    return rows


HELD_BEFORE = ("import", "area", "alias", "indicator", "series", "population", "need_index")


def test_a_home_of_the_first_version_is_brought_up_and_nothing_is_lost(home: Path) -> None:
    path = first_version(home)
    before = dump(path, HELD_BEFORE)
    reference = Reference.open(home, data=DATA)
    assert reference.area("CCG-NORTHMOOR").name == "Northmoor"
    assert reference.series("local-a", area="99A")["value"].tolist() == [7]
    assert reference.population("99A")["population"].tolist() == [12]
    assert reference.need_index("99A")["index"].tolist() == [1.1]
    assert (reference.members("99A"), reference.boundaries(["99A"])) == ((), {})
    assert dump(path, HELD_BEFORE) == before
    assert dump(path, ("boundary", "peer", "member", "lineage")) == [[], [], [], []]
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (store.VERSION,)
    connection.close()


def test_the_first_import_into_a_home_of_the_first_version_keeps_what_was_there(home: Path) -> None:
    first_version(home)
    Store(home).take(intake(peers=pd.DataFrame({"area": ["E38999901"], "peer": ["E38999902"], "rank": [1]})))
    reference = Reference.open(home, data=DATA)
    assert reference.series("local-a")["value"].tolist() == [7]
    assert reference.peers("99A") == ("E38999902",)
    assert [i["file"] for i in reference.imports()] == ["a.csv", "b.csv"]


def test_a_bring_up_that_fails_leaves_the_first_version_as_it_was(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = first_version(home)
    before = path.read_bytes()
    broken = store._SECOND + "CREATE TABLE nonsense (;"
    monkeypatch.setattr(store, "_VERSIONS", (store._FIRST, broken))
    with pytest.raises(BadInput, match="Nothing of it was taken"):
        Store(home).take(intake())
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert Reference.open(home, data=DATA).series("local-a")["value"].tolist() == [7]


def test_a_home_that_may_not_be_written_is_read_all_the_same(home: Path) -> None:
    path = first_version(home)
    path.chmod(0o444)
    home.chmod(0o555)
    if os.access(home, os.W_OK):
        home.chmod(0o755)
        pytest.skip("this user may write anything, as root may")
    try:
        assert Reference.open(home, data=DATA).peers("99A") == ()
    finally:
        home.chmod(0o755)


def test_tables_set_aside_leave_the_file_alone(home: Path) -> None:
    path = first_version(home)
    before = path.read_bytes()
    connection = sqlite3.connect(path)
    store._bring_up(connection, aside=True)
    assert connection.execute("SELECT count(*) FROM lineage").fetchone() == (0,)
    connection.close()
    assert path.read_bytes() == before


def intake(**parts: object) -> Intake:
    return Intake(Origin("b.csv", "test", "y", 1, source="A list"), **parts)  # type: ignore[arg-type]


def link(old: str, new: str, kind: str, on: str = "2020-04-01") -> dict[str, str]:
    names = {"old_name": old.lower(), "new_name": new.lower()}
    return {"old": old, "new": new, "kind": kind, "on_date": on, "source": "A list", **names}


def test_imported_peers_stand_before_the_shipped_list_and_say_where_they_come_from(home: Path) -> None:
    reference = Reference.open(home, data=DATA)
    assert reference.peers("SYN01") == ("SYN02", "E54999902")
    assert reference.peers_from("SYN01") == "the synthetic system's own list"
    assert reference.peers_from("E06999901") == ""
    frame = pd.DataFrame({"area": ["SYN01"] * 2, "peer": ["E54999902", "SYN02"], "rank": [1, 2]})
    reference.store.take(intake(peers=frame))
    assert reference.peers("SYN01") == ("E54999902", "SYN02")
    assert reference.peers_from("SYN01") == "A list (imported from b.csv)"


def test_members_and_outlines_are_given_under_any_code(home: Path) -> None:
    reference = Reference.open(home, data=DATA)
    area = Area("CMP-NORTH", "North", "composed")
    members = pd.DataFrame({"area": ["CMP-NORTH"] * 2, "member": ["E54999902", "E06999901"]})
    outline = pd.DataFrame({"area": ["E54999902"], "rings": [json.dumps(SQUARE)], "source": ["ONS"]})
    reference.store.take(intake(areas={"CMP-NORTH": area}, members=members, boundaries=outline))
    assert reference.area("CMP-NORTH").kind == "composed"
    assert reference.members("CMP-NORTH") == ("E06999901", "E54999902")
    assert reference.members("E06999901") == ()
    assert reference.boundaries(["QZB", "E06999901"]) == {"QZB": SQUARE}


def test_a_list_of_areas_tells_what_an_area_became(home: Path) -> None:
    (merged,) = Reference.open(home, data=DATA).lineage("E54999901")
    assert (merged.old, merged.new, merged.kind) == ("E54999901", "E54999903", "renamed")


def test_shipped_boards_lead_to_their_successors(home: Path) -> None:
    reference = Reference.open(home)
    split = reference.lineage("E54000034")
    assert {(li.new, li.kind, li.on) for li in split} == {
        ("E54000067", "split", "2026-04-01"),
        ("E54000069", "split", "2026-04-01"),
        ("E54000070", "split", "2026-04-01"),
    }
    assert {(li.old, li.kind) for li in reference.lineage("E54000071")} == {
        ("E54000027", "merged"),
        ("E54000028", "merged"),
    }


def test_an_old_code_is_followed_step_by_step_to_what_stands_today(home: Path) -> None:
    reference = Reference.open(home, data=DATA)
    rows = [
        link("E38999901", "E38999903", "merged"),
        link("E38999902", "E38999903", "merged"),
        link("E38999903", "E54999902", "within", "2022-07-01"),
    ]
    reference.store.take(intake(lineage=pd.DataFrame(rows)))
    assert [(li.old, li.new) for li in reference.lineage("E38999901")] == [
        ("E38999901", "E38999903"),
        ("E38999903", "E54999902"),
    ]
    assert isinstance(reference.lineage("E38999901")[0], Link)
    # An area names what was merged into it; what merely lies within a board is not listed under the board.
    assert [li.old for li in reference.lineage("E38999903") if li.kind == "merged"] == [
        "E38999901",
        "E38999902",
    ]
    assert reference.lineage("E54999902") == []


def test_links_that_run_in_a_circle_end(home: Path) -> None:
    reference = Reference.open(home, data=DATA)
    rows = [link("A1", "B1", "renamed"), link("B1", "A1", "renamed")]
    reference.store.take(intake(lineage=pd.DataFrame(rows)))
    assert len(reference.lineage("A1")) == 2


def test_a_location_keeps_the_code_of_its_commissioning_group(home: Path) -> None:
    reference = Reference.open(home, data=DATA)
    area = Area("E38000009", "Far ICB - 99Z", "sub-icb", ods="99Z")
    reference.store.take(intake(areas={area.code: area}))
    (kept,) = reference.lineage("99Z")
    assert (kept.old, kept.new, kept.on, kept.kind) == ("E38000009", "E38000009", "2022-07-01", "continued")
    assert kept.old_name == "clinical commissioning group 99Z"


def test_a_better_code_is_put_in_every_table(home: Path) -> None:
    reference = Reference.open(home, data=DATA)
    frames = {
        "peers": pd.DataFrame({"area": ["OLD", "E54999902"], "peer": ["E54999902", "OLD"], "rank": [1, 1]}),
        "members": pd.DataFrame({"area": ["OLD", "CMP"], "member": ["E06999901", "OLD"]}),
        "boundaries": pd.DataFrame({"area": ["OLD"], "rings": [json.dumps(SQUARE)], "source": [""]}),
        "lineage": pd.DataFrame([link("OLD", "E54999902", "within")]),
    }
    reference.store.take(intake(**frames))
    better = {"E38999905": Area("E38999905", "Better", "ccg")}
    reference.store.take(intake(areas=better, renamed={"OLD": "E38999905"}))
    assert reference.peers("E38999905") == ("E54999902",)
    assert reference.peers("E54999902") == ("E38999905",)
    assert (reference.members("OLD"), reference.members("CMP")) == (("E06999901",), ("E38999905",))
    assert reference.boundaries(["E38999905"]) == {"E38999905": SQUARE}
    assert [li.old for li in reference.lineage("E38999905")] == ["E38999905"]


# --- one body under two codes -------------------------------------------------------


def two_codes(home: Path, *areas: Area) -> Reference:
    """A home that knows those areas."""
    Store(home).take(intake(areas={a.code: a for a in areas}))
    return Reference.open(home, data=DATA)


@pytest.mark.parametrize(
    ("old", "new", "name", "kind"),
    [
        ("E08000020", "E08000037", "Gateshead", "la"),
        ("E07000097", "E07000242", "East Hertfordshire", "la"),
        ("E10000027", "E06000066", "Somerset", "la"),  # a county that became one council
    ],
)
def test_a_council_under_two_codes_is_linked_and_never_compared_with_itself(
    old: str, new: str, name: str, kind: str, home: Path
) -> None:
    reference = two_codes(home, Area(old, name, kind), Area(new, name, kind))
    for code in (old, new):
        (link,) = [li for li in reference.lineage(code) if li.kind == "continued"]
        assert (link.old, link.new, link.on) == (old, new, "")
        assert "the same name under a later ONS code" in link.source
    assert (reference.overlaps(old), reference.overlaps(new)) == ({new}, {old})
    # They stay two: nobody says that the boundary did not matter.
    assert reference.area(old).code == old


def test_councils_of_other_names_are_not_linked(home: Path) -> None:
    reference = two_codes(
        home, Area("E08000020", "Gateshead", "la"), Area("E08000037", "South Tyneside", "la")
    )
    assert reference.lineage("E08000020") == []
    assert reference.overlaps("E08000020") == set()


def test_a_body_known_by_an_undated_code_too_is_meant_by_the_shipped_one(home: Path) -> None:
    Store(home).take(intake(areas={"E54000053": Area("E54000053", "NHS Sussex ICB", "icb", ods="QNX")}))
    reference = Reference.open(home)
    assert reference.area("QNX").code == "E54000064"
    (link,) = [li for li in reference.lineage("QNX") if li.kind == "continued"]
    # The board began in July 2022; when its boundary moved is not known, so no day is given.
    assert (link.old, link.new, link.on) == ("E54000053", "E54000064", "")


def test_long_and_circular_ways_are_followed_in_no_time(home: Path) -> None:
    links = [Link(f"Z{i}", "", f"Z{(i + 1) % 20_000}", "", "", "renamed", "x") for i in range(20_000)]
    assert len(lineage.reached({"Z0"}, links)) == 20_000

"""Taking files: whole or not at all, once, newer for older, in any order, and never half-written."""

from __future__ import annotations

import itertools
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

from workbook.errors import BadInput, FaultyFile
from workbook.reference import Reference, importers, store

FILES = Path(__file__).resolve().parent.parent / "fixtures" / "imports"
THREE = ("ccg-mortality.csv", "ccg-allocations.csv", "ccg-outcomes.csv")


@pytest.fixture
def reference(home: Path) -> Reference:
    return Reference.open(home, data=FILES / "data")


def local(path: Path, *rows: str) -> Path:
    head = "indicator,indicator_name,area,period,value,unit,polarity"
    path.write_text("\n".join((head, *(f"local-a,A,E06999901,{row},%,low" for row in rows))) + "\n")
    return path


def values(reference: Reference) -> dict[int, float]:
    frame = reference.series("local-a")
    return dict(zip(frame["year"], frame["value"], strict=True))


def test_the_same_content_again_is_said_and_changes_nothing(reference: Reference, tmp_path: Path) -> None:
    first = local(tmp_path / "a.csv", "2020,1")
    importers.take([first], reference)
    (again,) = importers.take([local(tmp_path / "copy.csv", "2020,1")], reference)
    assert not again.taken
    assert "nothing was changed" in again.said[0]
    assert [i["file"] for i in reference.imports()] == ["a.csv"]


def test_a_newer_edition_replaces_the_series_whole_and_says_so(reference: Reference, tmp_path: Path) -> None:
    importers.take([local(tmp_path / "a.csv", "2018,1", "2019,2", "2020,3")], reference)
    (newer,) = importers.take([local(tmp_path / "b.csv", "2019,20", "2020,30")], reference)
    assert values(reference) == {2019: 20, 2020: 30}
    assert newer.said[1:] == (
        "1 series of an earlier file replaced by newer figures.",
        "1 earlier point that the newer file lacks went with the old one.",
    )


def test_a_file_that_shares_no_period_extends_the_series(reference: Reference, tmp_path: Path) -> None:
    importers.take([local(tmp_path / "a.csv", "2018,1", "2019,2")], reference)
    (later,) = importers.take([local(tmp_path / "b.csv", "2020,3")], reference)
    assert values(reference) == {2018: 1, 2019: 2, 2020: 3}
    assert len(later.said) == 1


def test_an_older_edition_can_be_brought_back(reference: Reference, tmp_path: Path) -> None:
    old, new = local(tmp_path / "a.csv", "2020,1"), local(tmp_path / "b.csv", "2020,2")
    importers.take([old], reference)
    importers.take([new], reference)
    (back,) = importers.take([old], reference)
    assert back.taken
    assert values(reference) == {2020: 1}


def test_one_faulty_file_keeps_the_whole_import_out(reference: Reference, tmp_path: Path) -> None:
    sound, faulty = local(tmp_path / "a.csv", "2020,1"), local(tmp_path / "b.csv", "2020,one")
    with pytest.raises(FaultyFile) as caught:
        importers.take([sound, faulty], reference)
    assert caught.value.file == "b.csv"
    assert reference.imports() == []
    assert reference.available() == ["demo-falls"]


def test_a_failure_half_way_leaves_the_store_as_it_was(
    reference: Reference, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    importers.take([local(tmp_path / "a.csv", "2020,1")], reference)

    def full(*_: object) -> int:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(store, "_save_whole", full)
    with pytest.raises(BadInput, match="disk is full. Nothing of it was taken. Make room"):
        importers.take([local(tmp_path / "b.csv", "2020,2")], reference)
    fresh = Reference.open(reference.home, data=reference.data)
    assert values(fresh) == {2020: 1}
    assert [i["file"] for i in fresh.imports()] == ["a.csv"]


_KILLED = """
import os, signal, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size = 1")  # so that half of the work is in the file already
connection.execute("BEGIN IMMEDIATE")
connection.execute("UPDATE series SET value = 99")
for number in range(20000):
    connection.execute("INSERT INTO alias VALUES (?, 'x')", (f"junk {number}",))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_an_import_that_was_killed_leaves_the_store_as_it_was(reference: Reference, tmp_path: Path) -> None:
    importers.take([local(tmp_path / "a.csv", "2020,1")], reference)
    child = subprocess.run([sys.executable, "-c", _KILLED, str(reference.store.path)], check=False)
    assert child.returncode == -signal.SIGKILL
    assert reference.store.path.with_name(store.FILE + "-journal").exists()
    fresh = Reference.open(reference.home, data=reference.data)
    assert values(fresh) == {2020: 1}
    assert fresh.store.aliases() == {}


def test_two_imports_at_once_take_turns(home: Path) -> None:
    """The second knows the areas of the first: each file says another part of who an area is."""

    def areas(folder: str, workers: int) -> list[tuple]:
        def take(name: str) -> None:
            importers.take([FILES / name], Reference.open(home / folder, data=FILES / "data"))

        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(take, THREE))
        filed = "SELECT DISTINCT indicator, area FROM series ORDER BY indicator, area"
        return Reference.open(home / folder, data=FILES / "data").store.query(filed)

    assert areas("at-once", workers=len(THREE)) == areas("one-by-one", workers=1)


def test_an_open_reference_sees_what_another_one_imported(reference: Reference, tmp_path: Path) -> None:
    page = Reference.open(reference.home, data=reference.data)
    importers.take([local(tmp_path / "a.csv", "2020,1")], reference)
    assert values(page) == {2020: 1}
    importers.take([local(tmp_path / "b.csv", "2020,2"), FILES / "ccg-mortality.csv"], reference)
    assert values(page) == {2020: 2}
    assert page.area("99A").name == "Northmoor and Fell"


def test_a_store_that_is_none_is_said(home: Path) -> None:
    (home / store.FILE).write_text("not a database, but long enough to be read as one " * 40)
    with pytest.raises(BadInput, match="cannot be read as the workbook's imported data.*Move the file away"):
        Reference.open(home, data=FILES / "data").imports()


def test_a_store_of_a_later_version_is_refused_and_left_alone(home: Path, tmp_path: Path) -> None:
    with sqlite3.connect(home / store.FILE) as connection:
        connection.execute(f"PRAGMA user_version = {store.VERSION + 1}")
    connection.close()
    reference = Reference.open(home, data=FILES / "data")
    with pytest.raises(BadInput, match="written by a later version"):
        importers.take([local(tmp_path / "a.csv", "2020,1")], reference)


@pytest.mark.parametrize("order", list(itertools.permutations(THREE)), ids=lambda o: " ".join(o))
@pytest.mark.parametrize("together", [True, False])
def test_files_meet_at_the_same_areas_in_any_order(
    order: tuple[str, ...], together: bool, reference: Reference
) -> None:
    calls = [order] if together else [(name,) for name in order]
    for names in calls:
        importers.take([FILES / name for name in names], reference)
    for code in ("E38999901", "99A"):
        area = reference.area(code)
        assert (area.code, area.kind, area.name) == ("E38999901", "ccg", "Northmoor and Fell")
        assert {"allocation", "treatable-mortality", "ccgois-1.1"} <= set(reference.available(code))
    assert [a.code for a in reference.areas("ccg")] == ["CCG-UNHEARD-OF-AND-FAR", "E38999901", "E38999902"]


def test_a_stand_in_code_still_finds_the_area_once_the_real_one_is_known(reference: Reference) -> None:
    importers.take([FILES / "ccg-outcomes.csv"], reference)
    assert reference.area("CCG-NORTHMOOR-AND-FELL").code == "CCG-NORTHMOOR-AND-FELL"
    importers.take([FILES / "ccg-mortality.csv"], reference)
    fresh = Reference.open(reference.home, data=reference.data)
    assert fresh.area("CCG-NORTHMOOR-AND-FELL").code == "E38999901"
    assert fresh.series("ccgois-1.1", area="99A")["value"].tolist() == [2100]


def test_sources_tell_what_was_imported(reference: Reference) -> None:
    importers.take([FILES / "ccg-mortality.csv", FILES / "ccg-allocations.csv"], reference)
    treatable, money = reference.sources(["treatable-mortality", "allocation"])
    assert treatable["source"] == "Test catalogue"
    assert treatable["vintage"] == "figures for 2004 to 2018"
    assert money["source"] == "Allocations to clinical commissioning groups, NHS England"
    assert money["licence"] == "Open Government Licence v3.0"


def test_thirty_thousand_rows_are_checked_in_a_few_seconds(reference: Reference, tmp_path: Path) -> None:
    import time

    ages = [f"{a:02d}-{a + 4:02d}" for a in range(0, 90, 5)]
    rows = itertools.product(
        [f"E5400{i:04d}" for i in range(43)], range(2018, 2038), ("Female", "Male"), ages
    )
    frame = pd.DataFrame(rows, columns=["area_code", "year", "sex", "age_group"]).assign(population="1,000")
    assert len(frame) > 30_000
    frame.to_csv(tmp_path / "big.csv", index=False)
    start = time.perf_counter()
    assert importers.check(tmp_path / "big.csv", reference).rows == len(frame)
    assert time.perf_counter() - start < 8

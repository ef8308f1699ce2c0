"""Plans on disk: nothing lost, nothing half-written, everything wrong said in a sentence."""

from __future__ import annotations

import errno
import json
import operator
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from functools import reduce
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.errors import BAD_INPUT, BadInput, NewerSchema, StaleWrite, WorkbookError
from workbook.paths import shipped
from workbook.plan import Plan, edit, store
from workbook.plan.model import SCHEMA_VERSION

AT = datetime(2026, 3, 31, 12, tzinfo=UTC)


def plan(**more: object) -> Plan:
    return Plan.model_validate(
        {"title": "A plan", "area": {"code": "SYN01", "name": "Northmere"}, "base_year": 2025, **more}
    )


def test_a_saved_plan_comes_back_equal_with_its_revision_and_who_saved_it(tmp_path: Path) -> None:
    saved = store.create(plan(), tmp_path / "a.plan.json", by="Ada", at=AT)
    assert (saved.revision, saved.saved.by, saved.saved.at) == (1, "Ada", AT)
    assert store.read(tmp_path / "a.plan.json") == saved


def test_the_revision_before_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.plan.json"
    first = store.create(plan(), path, at=AT)
    first.title = "Another title"
    second = store.write(first, path, at=AT)
    assert second.revision == 2
    assert [p.name for p in store.revisions(path)] == ["000001.json.gz"]
    assert store.read(store.revisions(path)[0]).title == "A plan"


def test_a_kept_revision_is_compressed_and_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    kept = []
    for name in ("a", "b"):
        path = tmp_path / f"{name}.plan.json"
        first = store.create(plan(), path, at=AT)
        store.write(first, path, at=AT)
        kept.append(store.revisions(path)[0].read_bytes())
    assert kept[0] == kept[1]
    assert kept[0] == store.packed(store.content(store.revisions(path)[0]))
    assert len(kept[0]) < len(store.to_json(first)) / 2


def test_a_revision_kept_by_an_earlier_version_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.plan.json"
    first = store.create(plan(), path, at=AT)
    shelf = store.shelf(path)
    shelf.mkdir()
    (shelf / "000001.json").write_bytes(path.read_bytes())
    (shelf / "000001.json.bak").write_text("not one of ours")
    second = store.write(first.model_copy(update={"title": "Second"}), path, at=AT)
    store.write(second, path, at=AT)
    assert [p.name for p in store.revisions(path)] == ["000001.json.gz", "000002.json.gz"]
    assert [store.read(p).title for p in store.revisions(path)] == ["A plan", "Second"]
    (shelf / "000001.json.gz").unlink()
    assert store.read(store.revisions(path)[0]).title == "A plan"


@pytest.mark.parametrize("damage", ["empty", "cut", "flipped", "swollen", "plain"])
def test_a_damaged_revision_is_said(tmp_path: Path, damage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.plan.json"
    store.write(store.create(plan(), path, at=AT), path, at=AT)
    kept = store.revisions(path)[0]
    whole = kept.read_bytes()
    if damage == "swollen":  # a file that would unpack to more than any plan takes
        monkeypatch.setattr(store, "LARGEST", 300)
        kept.write_bytes(store.packed(b" " * 5000))
    else:
        middle = len(whole) // 2
        kept.write_bytes(
            {
                "empty": b"",
                "cut": whole[:middle],
                "flipped": whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :],
                "plain": store.to_json(plan()).encode(),
            }[damage]
        )
    with pytest.raises(BadInput) as caught:
        store.read(kept)
    assert "000001.json.gz" in caught.value.problem
    assert caught.value.remedy


def test_a_stale_write_is_refused_and_says_who_saved_in_the_meantime(tmp_path: Path) -> None:
    path = tmp_path / "a.plan.json"
    mine = store.create(plan(), path, at=AT)
    theirs = store.write(mine.model_copy(update={"title": "Theirs"}), path, by="Grace", at=AT)
    with pytest.raises(StaleWrite, match="Grace on 31 March 2026"):
        store.write(mine.model_copy(update={"title": "Mine"}), path)
    assert store.read(path) == theirs


def test_a_new_plan_never_writes_over_one_that_is_there(tmp_path: Path) -> None:
    store.create(plan(), tmp_path / "a.plan.json", at=AT)
    with pytest.raises(BadInput, match="is there already"):
        store.create(plan(), tmp_path / "a.plan.json")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not valid JSON"),
        (b"[1, 2]", "is not a plan"),
        (b'{"title": "x"}', "no schema_version"),
        (b'{"schema_version": true}', "no schema_version"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
        (b"%PDF-1.7", "not valid JSON (line 1"),
        (b"[" * 100_000, "is not a plan"),
        (b'{"schema_version": 1, "revision": ' + b"9" * 5_000 + b"}", "not valid JSON"),
    ],
)
def test_a_file_that_is_no_plan_is_named_with_a_remedy(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "x.plan.json"
    path.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        store.read(path)
    assert said in str(caught.value)
    assert "x.plan.json" in caught.value.problem
    assert caught.value.remedy
    assert caught.value.exit_code == BAD_INPUT


def test_a_missing_file_and_a_folder_are_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no file"):
        store.read(tmp_path / "none.plan.json")
    with pytest.raises(BadInput, match="cannot be read"):
        store.read(tmp_path)


@pytest.mark.parametrize("name", ["file/below.plan.json", "x" * 300])
def test_a_name_that_no_file_can_have_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadInput, match="cannot be read"):
        store.read(tmp_path / name)


def test_a_plan_of_a_newer_schema_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.plan.json"
    path.write_text(json.dumps({"schema_version": 99, "something": "new"}))
    before = path.read_bytes()
    with pytest.raises(NewerSchema, match="later version"):
        store.read(path)
    assert path.read_bytes() == before


def test_a_hand_edited_value_of_the_wrong_type_names_its_place(tmp_path: Path) -> None:
    path = tmp_path / "a.plan.json"
    store.create(plan(budget={"lines": [{"id": "a", "name": "A", "amount": 5}]}), path, at=AT)
    path.write_text(path.read_text().replace('"amount": 5.0', '"amount": "plenty"'))
    with pytest.raises(
        BadInput, match="/budget/lines/0/amount \\(Spend in the base year of “A”\\): this is not"
    ):
        store.read(path)


def test_a_plan_too_large_to_be_opened_again_is_not_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.plan.json"
    first = store.create(plan(), path, at=AT)
    before = path.read_bytes()
    monkeypatch.setattr(store, "LARGEST", len(before) + 1100)
    larger = edit.put(first, "/purpose", "x" * 2000)
    with pytest.raises(BadInput, match="can be opened again. The file on disk is as it was"):
        store.write(larger, path)
    assert path.read_bytes() == before
    assert store.revisions(path) == []
    with pytest.raises(BadInput, match="was not saved"):
        store.create(larger, tmp_path / "b.plan.json")
    assert not (tmp_path / "b.plan.json").exists()


@pytest.mark.parametrize(
    ("section", "place"),
    [
        ({"needs": {"segments": [{"id": "a", "name": "A"}] * 2}}, "/needs/segments"),
        ({"needs": {"priorities": [{"id": "a", "title": "A"}] * 2}}, "/needs/priorities"),
        ({"budget": {"lines": [{"id": "a", "name": "A", "amount": 5}] * 2}}, "/budget/lines"),
        ({"budget": {"schemes": [{"id": "a", "name": "A"}] * 2}}, "/budget/schemes"),
        ({"decommissioning": {"services": [{"id": "a", "name": "A"}] * 2}}, "/decommissioning/services"),
    ],
)
def test_two_entries_with_one_short_name_are_refused(tmp_path: Path, section: dict, place: str) -> None:
    """Their money would count twice, and what refers to them would mean the first."""
    path = tmp_path / "a.plan.json"
    path.write_text(json.dumps(json.loads(store.to_json(plan())) | section))
    with pytest.raises(
        BadInput, match=f"{place} \\([A-Z][a-z ]+\\): more than one entry has the short name a"
    ):
        store.read(path)


def test_a_plan_with_a_byte_order_mark_opens(tmp_path: Path) -> None:
    path = tmp_path / "a.plan.json"
    saved = store.create(plan(), path, at=AT)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert store.read(path) == saved


def test_a_full_disk_leaves_the_old_plan_and_no_debris(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.plan.json"
    saved = store.create(plan(), path, at=AT)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WorkbookError, match="the disk is full"):
        store.write(saved, path)
    monkeypatch.undo()
    assert store.read(path) == saved
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.skipif(os.name != "posix", reason="modes of files are those of POSIX")
def test_a_plan_may_be_read_by_whom_its_folder_is_for(tmp_path: Path) -> None:
    path = tmp_path / "a.plan.json"
    mask = os.umask(0o027)
    try:
        saved = store.create(plan(), path, at=AT)
    finally:
        os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o640
    path.chmod(0o664)
    store.write(saved, path)
    assert path.stat().st_mode & 0o777 == 0o664


def test_a_place_that_cannot_be_written_is_the_persons_to_mend(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file" / "a.plan.json", tmp_path / f"{'x' * 300}.plan.json"):
        with pytest.raises(BadInput, match="could not be saved.*choose another name"):
            store.create(plan(), path)


def test_a_killed_writer_leaves_a_whole_plan(tmp_path: Path) -> None:
    """A process is killed while it saves over and over; what is on disk can always be read."""
    path = tmp_path / "a.plan.json"
    store.create(plan(), path, at=AT)
    program = (
        "import sys; from workbook.plan import store\n"
        "path = sys.argv[1]; plan = store.read(path); print('ready', flush=True)\n"
        "while True: plan = store.write(plan, path)\n"
    )
    for _ in range(3):
        running = subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE)
        assert running.stdout is not None
        running.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            running.wait(0.15)
        running.kill()
        running.wait()
        running.stdout.close()
        assert store.read(path).title == "A plan"
    assert store.write(store.read(path), path).revision > 1


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(title=texts, purpose=texts, horizon=st.integers(1, 15), wants=st.lists(texts, max_size=4))
def test_any_plan_survives_the_journey_through_its_file(
    tmp_path_factory: pytest.TempPathFactory, title: str, purpose: str, horizon: int, wants: list[str]
) -> None:
    path = tmp_path_factory.mktemp("plans") / "p.plan.json"
    saved = store.create(
        plan(title=title, purpose=purpose, horizon=horizon, vision={"wants": wants}), path, at=AT
    )
    assert store.read(path) == saved
    assert store.to_json(store.read(path)).encode() == path.read_bytes()


@given(content=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_any_bytes_are_a_plan_or_a_sentence(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("plans") / "p.plan.json"
    path.write_bytes(content)
    with pytest.raises(WorkbookError):
        store.read(path)


junk = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=10) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(section=st.sampled_from(sorted(Plan.model_fields)), value=junk)
def test_any_value_in_any_section_is_taken_or_refused_with_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, section: str, value: object
) -> None:
    path = tmp_path_factory.mktemp("plans") / "p.plan.json"
    data = json.loads(store.to_json(plan()))
    path.write_text(json.dumps({**data, section: value}))
    try:
        store.read(path)
    except WorkbookError as error:
        assert error.problem
        assert error.remedy


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("/needs/segments/0/levels", "high", "this must be a list"),
        ("/needs/segments/0/levels/0/reached", 1.5, "give 1 or less"),
        ("/needs/segments/0/levels/0/reduction_low", "some", "this is not a number"),
        ("/needs/voices/0/kind", "aliens", "give 'residents'"),
        ("/needs/voices/0/asked", 2.5, "give a whole number"),
        ("/needs/peer_variables", {"a": 1}, "this must be a list"),
        ("/needs/costs/0/amount", -1, "give 0 or more"),
        ("/needs/unseen/0", 5, "this must be a group of named values"),
        ("/needs/shortlist", [20], "this must be a group of named values"),
        ("/needs/shortlist/size", 101, "give 100 or less"),
        ("/needs/shortlist/luck", 1, "a plan has no such place"),
        ("/needs/priorities/0/determinants", None, "this must be a list"),
        ("/ambitions/citizens", {"outcome": "A warm home"}, "this must be a list"),
        ("/ambitions/citizens/0", ["A warm home"], "this must be a group of named values"),
        ("/ambitions/citizens/0/ambitions/0", 8, "give 7 or less"),
        ("/ambitions/items/0/proxy", 3, "this must be text"),
    ],
)
def test_a_wrong_value_in_a_field_of_the_second_schema_is_said_in_plain_words(
    tmp_path: Path, version: int, place: str, value: object, said: str
) -> None:
    data = json.loads((shipped("data") / "demo" / "demo.plan.json").read_text(encoding="utf-8"))
    data["schema_version"] = version
    data["needs"]["costs"] = [{"source": "made up"}]
    data["needs"]["segments"][0]["levels"] = [{"level": "highest"}]
    *way, last = (int(part) if part.isdigit() else part for part in place.strip("/").split("/"))
    reduce(operator.getitem, way, data)[last] = value
    path = tmp_path / "hostile.plan.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        store.read(path)
    assert re.search(rf"{re.escape(place)}( \([^\n]+\))?: {re.escape(said)}", caught.value.problem)


def test_a_plan_of_the_first_schema_keeps_what_citizens_said(tmp_path: Path) -> None:
    data = json.loads((shipped("data") / "demo" / "demo.plan.json").read_text(encoding="utf-8"))
    data["schema_version"] = 1
    data["ambitions"]["citizens"] = ["My home is warm and safe"]
    for answers in (data["needs"]["answers"], data["ambitions"]["answers"]):
        for answer in answers.values():
            answer.pop("priority")
    old = tmp_path / "old.plan.json"
    old.write_text(json.dumps(data), encoding="utf-8")

    plan = store.read(old)

    assert plan.schema_version == SCHEMA_VERSION
    assert [c.outcome for c in plan.ambitions.citizens] == ["My home is warm and safe"]
    assert json.loads(old.read_text(encoding="utf-8"))["schema_version"] == 1, "reading rewrites nothing"


def test_a_plan_of_the_second_schema_keeps_its_effects_and_its_shares_of_risk(tmp_path: Path) -> None:
    data = json.loads((shipped("data") / "demo" / "demo.plan.json").read_text(encoding="utf-8"))
    data["schema_version"] = 2
    data["assumptions"], data["decommissioning"] = [], {}
    data["budget"] = {
        "schemes": [
            {"id": "a", "name": "A", "ambitions": [1, 3], "effect": -2, "effect_low": -3, "effect_high": -1},
            {"id": "b", "name": "B", "ambitions": [2], "effect": None},
        ],
        "pooled": [
            {"partner": "Board", "pot": "section-75", "amount": 600, "risk_share": 0.67},
            {"partner": "Board", "pot": "aligned", "amount": 100},
            {"partner": "Council", "amount": 300, "risk_share": 0.33},
        ],
    }
    old = tmp_path / "old.plan.json"
    old.write_text(json.dumps(data), encoding="utf-8")

    budget = store.read(old).budget

    stated = [(e.ambition, e.percent, e.low, e.high) for e in budget.schemes[0].effects]
    assert stated == [(1, -2, -3, -1), (3, -2, -3, -1)]
    assert budget.schemes[1].effects == []
    assert [(c.partner, c.pot, c.amount) for c in budget.fund.contributions] == [
        ("Board", "section-75", 600),
        ("Board", "aligned", 100),
        ("Council", "section-75", 300),
    ]
    assert [(p.partner, p.overspend, p.underspend) for p in budget.fund.partners] == [
        ("Board", 0.67, 0),
        ("Council", 0.33, 0),
    ]


@pytest.mark.parametrize("by_hand", ['"base_year": "soon"', '"base_year": 2025,'])
def test_a_plan_that_somebody_spoilt_by_hand_in_between_is_not_written_over(
    tmp_path: Path, by_hand: str
) -> None:
    """Also by who wrote it last and therefore does not check its own bytes again."""
    path = tmp_path / "a.plan.json"
    saved = store.write(store.create(plan(), path, at=AT), path, at=AT)
    spoilt = path.read_text(encoding="utf-8").replace('"base_year": 2025', by_hand)
    path.write_text(spoilt, encoding="utf-8")
    with pytest.raises(BadInput):
        store.write(saved, path)
    assert path.read_text(encoding="utf-8") == spoilt

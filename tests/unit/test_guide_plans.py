"""Plans are opened by name from one folder; no name leads out of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit import guide_step
from workbook.errors import BadInput
from workbook.guide.way import plans
from workbook.plan import store


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBOOK_HOME", str(tmp_path / "home"))
    monkeypatch.delenv(plans.OPENED, raising=False)
    made = tmp_path / "home" / "plans"
    made.mkdir(parents=True)
    store.create(guide_step.plan(), made / "north.plan.json")
    return made


def test_a_plan_is_found_by_its_name(folder: Path) -> None:
    assert plans.find("north") == folder / "north.plan.json"


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../secret",
        "..\\secret",
        "/etc/passwd",
        "a/b",
        "north\0",
        "~root",
        "x" * 200,
        "ä" * 80 + "/..",
        "\N{GRINNING FACE}",
        "𝔞" * 80,
        "C:north",
        "<script>",
    ],
)
def test_hostile_names_are_refused_with_a_sentence(folder: Path, name: str) -> None:
    store.create(guide_step.plan(), folder.parent / "secret.plan.json")
    with pytest.raises(BadInput, match="Choose one from the list"):
        plans.find(name)


def test_a_link_that_leads_out_of_the_folder_is_refused_and_not_listed(folder: Path) -> None:
    store.create(guide_step.plan(), folder.parent / "secret.plan.json")
    (folder / "inside.plan.json").symlink_to(folder.parent / "secret.plan.json")
    with pytest.raises(BadInput):
        plans.find("inside")
    assert [entry.name for entry in plans.entries()] == ["north"]


def test_the_plan_the_server_was_started_with_may_stand_elsewhere(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "desk" / "south.plan.json"
    store.create(guide_step.plan(), elsewhere)
    monkeypatch.setenv(plans.OPENED, str(elsewhere))
    assert plans.find("south") == elsewhere
    assert [entry.name for entry in plans.entries()] == ["north", "south"]


def test_a_damaged_plan_is_listed_with_what_is_wrong(folder: Path) -> None:
    (folder / "torn.plan.json").write_text("{", encoding="utf-8")
    torn = plans.entries()[-1]
    assert (torn.name, torn.glance) == ("torn", None)
    assert "not valid JSON" in torn.problem


@pytest.mark.parametrize("name", ["Süd (final)", "a..b", "north & south", "2026 plan", "план"])
def test_a_file_that_a_person_has_named_is_listed_and_opens(folder: Path, name: str) -> None:
    store.create(guide_step.plan(), folder / f"{name}.plan.json")
    assert name in [entry.name for entry in plans.entries()]
    assert plans.find(name) == folder / f"{name}.plan.json"


def test_a_hidden_file_is_no_plan(folder: Path) -> None:
    store.create(guide_step.plan(), folder / ".north.plan.json")
    assert [entry.name for entry in plans.entries()] == ["north"]


@pytest.mark.parametrize(
    ("title", "name"), [("Münster & Wäveney: ../ %2e", "munster-waveney-2e"), ("план", "plan"), ("", "plan")]
)
def test_a_title_gives_the_name_of_the_file(title: str, name: str) -> None:
    assert plans._slug(title) == name


def test_a_plan_is_put_back_as_its_newest_revision_and_nothing_is_lost(folder: Path) -> None:
    path = folder / "north.plan.json"
    first = store.read(path)
    store.write(first.model_copy(update={"title": "Later"}), path)
    plans.put_back(path, first, "A. Planner")
    back = store.read(path)
    assert (back.revision, back.title, back.saved.by) == (3, first.title, "A. Planner")
    path.write_text("{", encoding="utf-8")
    plans.put_back(path, first)
    again = store.read(path)
    assert (again.revision, again.title) == (4, first.title), "2 is the last one kept, 3 the damaged one"
    assert path.with_name("north.plan.json.damaged").read_text(encoding="utf-8") == "{"


def test_a_plan_is_copied_under_a_new_title_without_its_history(folder: Path) -> None:
    path = folder / "north.plan.json"
    store.write(store.read(path), path, by="A. Planner")
    name = plans.copied("north", "North, with housing", "B. Planner")
    copy = store.read(plans.find(name))
    assert (name, copy.title, copy.revision) == ("north-with-housing", "North, with housing", 1)
    assert store.read(path).revision == 2, "the plan itself stays as it is"
    assert plans.find(plans.copied("north", "North, with housing")).name == "north-with-housing-2.plan.json"


@pytest.mark.parametrize(
    ("typed", "code"), [("Exampleton (SYN01)", "SYN01"), (" QE1 ", "QE1"), ("A (b) (E54)", "E54")]
)
def test_the_area_is_read_from_what_the_list_puts_in_the_field(typed: str, code: str) -> None:
    assert plans.area_code(typed) == code

"""Every step notebook, executed through Papermill on the demonstration plan."""

import json
import shutil
from pathlib import Path

import nbformat
import pytest

from workbook.blocks import Figure, Heading, Step
from workbook.pack.run import notebooks, recorded, run_notebooks
from workbook.paths import shipped
from workbook.render import html

STEPS = ["start", "needs", "ambitions", "budget", "decommissioning", "plan"]

pytestmark = pytest.mark.slow


def executed(folder: Path) -> dict[str, Step]:
    folder.mkdir(parents=True)
    shutil.copy(shipped("data") / "demo" / "demo.plan.json", folder / "plan.json")
    return run_notebooks(folder / "plan.json", folder)


@pytest.fixture(scope="module")
def pack(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("demo") / "pack"


@pytest.fixture(scope="module")
def steps(pack) -> dict[str, Step]:
    return executed(pack)


def test_the_notebooks_are_the_steps_in_order():
    assert list(notebooks()) == STEPS


@pytest.mark.parametrize("step_id", STEPS)
def test_a_notebook_records_its_step(steps, pack, step_id):
    step = steps[step_id]
    assert step.id == step_id
    assert any(isinstance(block, Heading) for block in step.blocks)
    kept = nbformat.read(pack / "notebooks" / notebooks()[step_id].name, as_version=4)
    nbformat.validate(kept)
    assert recorded(kept, step_id) == step


@pytest.mark.parametrize("step_id", ["needs", "ambitions", "budget"])
def test_an_executed_notebook_can_be_read_by_itself(steps, pack, step_id):
    """Every chart of the step stands in the notebook as a picture with its title."""
    text = (pack / "notebooks" / notebooks()[step_id].name).read_text(encoding="utf-8")
    shown = "".join(
        "".join(output["data"].get("text/html", ""))
        for cell in json.loads(text)["cells"]
        for output in cell.get("outputs", [])
        if "data" in output
    )
    figures = [block for block in steps[step_id].blocks if isinstance(block, Figure)]
    assert figures
    assert shown.count("<svg ") == len(figures)


@pytest.mark.parametrize("name", [path.name for path in notebooks().values()])
def test_a_notebook_is_thin_and_comes_without_outputs(name):
    nb = nbformat.read(shipped("notebooks") / name, as_version=4)
    code = [cell for cell in nb.cells if cell.cell_type == "code"]
    assert [cell for cell in code if "parameters" in cell.metadata.get("tags", [])]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    assert sum(len(cell.source.splitlines()) for cell in code) <= 12


def test_the_same_plan_gives_the_same_notebooks(steps, pack, tmp_path):
    executed(tmp_path / "again")
    for path in (pack / "notebooks").iterdir():
        assert path.read_bytes() == (tmp_path / "again" / "notebooks" / path.name).read_bytes(), path.name


def test_an_ordinary_kernel_gives_the_same_notebooks(steps, pack, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_ENGINE", "kernel")
    assert executed(tmp_path / "kernel") == steps
    for path in (pack / "notebooks").iterdir():
        assert path.read_bytes() == (tmp_path / "kernel" / "notebooks" / path.name).read_bytes(), path.name


def test_what_a_person_typed_is_shown_as_text(steps):
    typed = "<script>alert(1)</script>"
    block = Heading(typed, "typed")
    assert typed not in html.fragment(block, "uid")

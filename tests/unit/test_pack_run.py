"""Step notebooks run and read back; what fails is said with step and cell."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from workbook.blocks import Heading, Result, Step, Words
from workbook.errors import BadInput, WorkbookError
from workbook.pack.run import notebooks, run_notebooks

RECORD = """
from IPython.display import display
from workbook.blocks import Heading, Result, Step, Words, to_record
from workbook.pack.report import RECORD
step = Step("needs", "Needs", (Heading("Figures", "figures"), Words(("As " + open(plan_path).read(),))),
            (Result("rate", "Rate", 84.2, "per 100,000", "2018", "As published", "ONS", {"baseline": 84.2}),),
            ("ft-1",))
display({RECORD: to_record(step), "text/plain": "Recorded"}, raw=True)
"""
STEP = Step(
    "needs",
    "Needs",
    (Heading("Figures", "figures"), Words(("As decided",))),
    (Result("rate", "Rate", 84.2, "per 100,000", "2018", "As published", "ONS", {"baseline": 84.2}),),
    ("ft-1",),
)


def shelf(tmp_path: Path, **sources: str) -> Path:
    folder = tmp_path / "shelf"
    folder.mkdir()
    for name, source in sources.items():
        parameters = new_code_cell('plan_path = ""\nmode = "guide"', metadata={"tags": ["parameters"]})
        nb = new_notebook(cells=[parameters, new_code_cell(source)])
        nbformat.write(nb, folder / f"{name.removeprefix('n')}.ipynb")
    return folder


@pytest.fixture
def pack(tmp_path):
    folder = tmp_path / "pack"
    folder.mkdir()
    (folder / "plan.json").write_text("decided")
    return folder


def test_the_recorded_step_comes_back_equal_and_the_notebook_is_kept(tmp_path, pack):
    steps = run_notebooks(pack / "plan.json", pack, folder=shelf(tmp_path, n1_needs=RECORD))
    assert steps == {"needs": STEP}
    kept = (pack / "notebooks" / "1_needs.ipynb").read_text(encoding="utf-8")
    assert '"../plan.json\\"' in kept
    assert str(tmp_path) not in kept


def test_notebooks_are_taken_in_order_of_their_numbers(tmp_path):
    folder = shelf(tmp_path, n9_plan="1", n0_start="1", n2_ambitions="1", scratch="1")
    assert list(notebooks(folder)) == ["start", "ambitions", "plan"]


def test_no_notebooks_is_a_broken_installation(tmp_path):
    with pytest.raises(WorkbookError, match="Install the workbook again"):
        notebooks(tmp_path)


def test_an_error_for_people_keeps_its_words_and_its_kind(tmp_path, pack):
    source = "from workbook.errors import BadInput\nraise BadInput('No such measure.', 'Choose another.')"
    with pytest.raises(BadInput) as said:
        run_notebooks(pack / "plan.json", pack, folder=shelf(tmp_path, n2_ambitions=source))
    assert str(said.value) == (
        "Step 'ambitions' could not be worked out (notebook 2_ambitions.ipynb, cell 3): "
        "No such measure. Choose another."
    )


def test_a_fault_of_the_program_is_called_one(tmp_path, pack):
    with pytest.raises(
        WorkbookError, match=r"cell 3\): the program met a fault of its own \(ZeroDivisionError"
    ):
        run_notebooks(pack / "plan.json", pack, folder=shelf(tmp_path, n1_needs="1 / 0"))


def test_a_notebook_that_records_nothing_is_said(tmp_path, pack):
    with pytest.raises(WorkbookError, match="The notebook of step 'needs' recorded nothing"):
        run_notebooks(pack / "plan.json", pack, folder=shelf(tmp_path, n1_needs="1"))


def test_an_ordinary_kernel_gives_the_same_notebook_and_step(tmp_path, pack, monkeypatch):
    folder = shelf(tmp_path, n1_needs=RECORD)
    ours = run_notebooks(pack / "plan.json", pack, folder=folder)
    kept = (pack / "notebooks" / "1_needs.ipynb").read_bytes()
    monkeypatch.setenv("WORKBOOK_ENGINE", "kernel")
    assert run_notebooks(pack / "plan.json", pack, folder=folder) == ours
    assert (pack / "notebooks" / "1_needs.ipynb").read_bytes() == kept

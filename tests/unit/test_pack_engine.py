"""The engine that runs notebooks in process, and what is taken out of an executed notebook."""

import os
import sys
from pathlib import Path

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from papermill import execute_notebook
from papermill.exceptions import PapermillExecutionError

from workbook.pack import engine, normalise

CELLS = [
    "print('one'); print('two')\nfrom IPython.display import display\n"
    "display({'text/html': '<b>x</b>', 'text/plain': 'x'}, raw=True)\nprint('three')\nplan_path",
    "import os, sys\nsys.stderr.write('for the terminal')\nobject()",
    "'a value';",
    "",
    "import pandas as pd\npd.DataFrame({'a': [1, 2]})",
    "__name__, callable(get_ipython), os.path.basename(os.getcwd())",
    "def square(n):\n    return n * n\n[square(n) for n in range(3)]",
    "import asyncio\nawait asyncio.sleep(0, 'later')",
]


def notebook(*sources: str):
    parameters = new_code_cell('plan_path = ""\nmode = "guide"', metadata={"tags": ["parameters"]})
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    cells = [new_markdown_cell("# Title"), parameters, *(new_code_cell(s) for s in sources)]
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def execute(nb, folder: Path, name: str = engine.NAME):
    engine.register()
    place = {"folder": folder} if name == engine.NAME else {"resources": {"metadata": {"path": str(folder)}}}
    return execute_notebook(
        nb, None, parameters={"plan_path": "../plan.json", "mode": "report"}, engine_name=name,
        kernel_name="python3", progress_bar=False, request_save_on_cell_execute=False, **place,
    )  # fmt: skip


def text(nb) -> str:
    return normalise.written(normalise.normalised(nb)).decode()


def test_same_bytes_as_an_ordinary_kernel(tmp_path):
    ours = text(execute(notebook(*CELLS), tmp_path))
    assert ours == text(execute(notebook(*CELLS), tmp_path, engine.KERNEL))
    assert ours == text(execute(notebook(*CELLS), tmp_path)), "a second run is the same too"
    nbformat.validate(nbformat.reads(ours, as_version=4))


def test_a_notebook_leaves_nothing_behind(tmp_path):
    before = (os.getcwd(), dict(os.environ), list(sys.path), sys.modules["__main__"])
    execute(
        notebook("import os, sys\nos.environ['LEFT'] = '1'\nos.chdir('/')\nsys.path.append('/x')\nleft = 1"),
        tmp_path,
    )
    assert before == (os.getcwd(), dict(os.environ), list(sys.path), sys.modules["__main__"])
    last = execute(notebook("'left' in globals()"), tmp_path).cells[-1]
    assert last.outputs[0].data["text/plain"] == "False"


def test_display_outside_the_notebook_is_as_before(tmp_path):
    before = InteractiveShell._instance
    execute(notebook("1"), tmp_path)
    assert InteractiveShell._instance is before


def test_the_first_failing_cell_ends_the_run(tmp_path):
    with pytest.raises(PapermillExecutionError) as said:
        execute(notebook("1", "raise ValueError('seven')", "open('reached', 'w')"), tmp_path)
    assert (said.value.ename, said.value.evalue, said.value.cell_index) == ("ValueError", "seven", 4)
    assert not (tmp_path / "reached").exists()


def test_a_syntax_error_is_an_error(tmp_path):
    with pytest.raises(PapermillExecutionError) as said:
        execute(notebook("this is, not Python:"), tmp_path)
    assert said.value.ename == "SyntaxError"


def test_nothing_of_the_clock_the_machine_or_chance_is_left(tmp_path):
    made = text(execute(notebook(*CELLS), tmp_path, engine.KERNEL))
    assert "0x7" not in made
    assert made.count("for the terminal") == 1, "the source, not the output"
    assert str(tmp_path) not in made
    assert "duration" not in made
    assert "papermill" not in made
    assert [c.id for c in nbformat.reads(made, as_version=4).cells][:2] == ["cell-01", "cell-02"]


@pytest.mark.parametrize(
    ("value", "name"), [("", "workbook"), ("kernel", "nbclient"), ("Kernel", "nbclient")]
)
def test_the_environment_chooses_the_engine(monkeypatch, value, name):
    monkeypatch.setenv("WORKBOOK_ENGINE", value)
    assert engine.chosen() == name

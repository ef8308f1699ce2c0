"""One Papermill run for each step of a plan, and the steps read back from the executed notebooks."""

from __future__ import annotations

import copy
import functools
import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import orjson
from nbformat import NotebookNode
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import raise_for_execution_errors
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from workbook import errors
from workbook.blocks import Step, from_record
from workbook.errors import WorkbookError
from workbook.pack import apart, engine, normalise, stages
from workbook.pack.report import RECORD
from workbook.paths import shipped

_SECONDS_A_CELL = 120  # only an ordinary kernel can be stopped; a batch has its own watch

# Papermill announces every notebook it reads; a pack says what matters by itself.
logging.getLogger("papermill").setLevel(logging.ERROR)


def notebooks(folder: Path | None = None) -> dict[str, Path]:
    """The step notebooks in order of their numbers, by step id ("1_needs.ipynb" is "needs")."""
    folder = folder or shipped("notebooks")
    found = sorted(folder.glob("[0-9]_*.ipynb"))
    if not found:
        raise WorkbookError(f"No notebooks were found in {folder}.", "Install the workbook again.")
    return {path.stem.split("_", 1)[1]: path for path in found}


def run_notebooks(plan_path: Path, out_dir: Path, *, folder: Path | None = None) -> dict[str, Step]:
    """Run every step notebook for a plan and write it, executed and normalised, to ``out_dir/notebooks``.

    The notebooks are told the plan's place seen from their own folder, so that they
    can be run again where they lie. In a batch they run in a process of their own
    (:mod:`workbook.pack.apart`). Raises WorkbookError naming the step and the cell.
    """
    if not apart.stands_by() or engine.chosen() != engine.NAME:
        return run_here(plan_path, out_dir, stages.step, folder)
    apart.run(plan_path, out_dir, stages.step, folder)
    kept = Path(out_dir) / "notebooks"
    return {
        step_id: recorded(orjson.loads((kept / path.name).read_bytes()), step_id)
        for step_id, path in notebooks(folder).items()
    }


def run_here(
    plan_path: Path, out_dir: Path, begun: Callable[[str], None], folder: Path | None = None
) -> dict[str, Step]:
    """Run the notebooks in this process, or in ordinary kernels where those are chosen.

    ``begun`` is told the id of each step.
    """
    engine.register()
    target = Path(out_dir) / "notebooks"
    target.mkdir(parents=True, exist_ok=True)
    plan = Path(os.path.relpath(plan_path, target)).as_posix()
    steps = {}
    for step_id, path in notebooks(folder).items():
        begun(step_id)
        executed = normalise.normalised(_execute(step_id, path, plan, target))
        (target / path.name).write_bytes(normalise.written(executed))
        steps[step_id] = recorded(executed, step_id)
    return steps


def warm() -> list[str]:
    """Read the shipped notebooks once, so that they need not be read again; gives the ids of their steps."""
    engine.register()
    found = notebooks()
    for path in found.values():
        _read(path)
    return list(found)


def recorded(nb: Mapping[str, Any], step_id: str) -> Step:
    """The step that the last cells of an executed notebook recorded."""
    for cell in reversed(nb["cells"]):
        for output in cell.get("outputs", []):
            if RECORD in output.get("data", {}):
                return from_record(output["data"][RECORD])
    raise WorkbookError(
        f"The notebook of step '{step_id}' recorded nothing.", "Let its last cell be page.record()."
    ).at(step_id)


def _execute(step_id: str, path: Path, plan: str, folder: Path) -> NotebookNode:
    """The notebook given its parameters, run and looked through for errors, each by Papermill.

    Its own ``execute_notebook`` would do the same and write the whole notebook twice besides, to nowhere.
    """
    name = engine.chosen()
    nb = parameterize_notebook(
        _read(path),
        {"plan_path": plan, "mode": "report"},
        kernel_name="python3",
        language="python",
        engine_name=name,
    )
    nb = papermill_engines.execute_notebook_with_engine(
        name, nb, kernel_name="python3", input_path=str(path), output_path=None, progress_bar=False,
        log_output=False, start_timeout=60, stdout_file=None, stderr_file=None, **_place(name, folder),
    )  # fmt: skip
    try:
        raise_for_execution_errors(nb, None)
    except PapermillExecutionError as error:
        raise _sentence(step_id, path.name, error) from None
    return nb


def _read(path: Path) -> NotebookNode:
    """A notebook as Papermill reads it; its text is taken from disk and looked through once a process."""
    stat = path.stat()
    return copy.deepcopy(_loaded(str(path), stat.st_mtime_ns, stat.st_size))


@functools.lru_cache(maxsize=64)
def _loaded(path: str, changed: int, size: int) -> NotebookNode:
    return load_notebook_node(path)


def _place(name: str, folder: Path) -> dict[str, Any]:
    """How each engine is told the folder in which the notebook runs."""
    if name == engine.NAME:
        return {"folder": folder}
    return {"resources": {"metadata": {"path": str(folder)}}, "execution_timeout": _SECONDS_A_CELL}


def _sentence(step_id: str, notebook: str, error: PapermillExecutionError) -> WorkbookError:
    """What went wrong in a cell, as an error of the kind that was raised there."""
    where = f"Step '{step_id}' could not be worked out (notebook {notebook}, cell {error.cell_index + 1})"
    kind = getattr(errors, error.ename, None)
    if isinstance(kind, type) and issubclass(kind, WorkbookError) and kind is not errors.FaultyFile:
        return kind(f"{where}: {error.evalue}").at(step_id, error.cell_index + 1)
    return WorkbookError(
        f"{where}: the program met a fault of its own ({error.ename}: {error.evalue}).",
        "Nothing was lost; please report it with the plan's revision.",
    ).at(step_id, error.cell_index + 1)

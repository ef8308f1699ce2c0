"""The notebooks under nbval: each cell in an ordinary kernel, as a reader runs them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from workbook.pack.run import notebooks, run_notebooks
from workbook.paths import shipped

pytestmark = pytest.mark.slow


def nbval(*words: str, home: Path) -> subprocess.CompletedProcess:
    """pytest with nbval alone: this project's own settings and plug-ins stay out of it."""
    command = [
        sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull,
        "--nbval-current-env", "--nbval-kernel-startup-timeout=60", *words,
    ]  # fmt: skip
    environment = {**os.environ, "WORKBOOK_HOME": str(home)}
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=home, timeout=300)


def test_shipped_notebooks_run_without_a_plan(home):
    """Opened as they ship, without a plan, they offer a choice and raise nothing."""
    folder = home / "notebooks"
    shutil.copytree(shipped("notebooks"), folder)
    done = nbval("--nbval-lax", str(folder), home=home)
    assert done.returncode == 0, done.stdout
    assert f"{_cells(folder)} passed" in done.stdout


def test_executed_notebooks_run_again_to_the_same_outputs(home):
    """The notebooks of a pack are its audit trail: run where they lie, they show what they showed."""
    shutil.copy(shipped("data") / "demo" / "demo.plan.json", home / "plan.json")
    run_notebooks(home / "plan.json", home)
    done = nbval("--nbval", str(home / "notebooks"), home=home)
    assert done.returncode == 0, done.stdout[-3000:]
    assert f"{_cells(home / 'notebooks')} passed" in done.stdout


def _cells(folder: Path) -> int:
    import nbformat

    found = [nbformat.read(folder / path.name, as_version=4) for path in notebooks().values()]
    return sum(cell.cell_type == "code" for nb in found for cell in nb.cells)

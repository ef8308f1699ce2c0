"""Runs a notebook inside this process, as a Papermill engine.

A pack needs six notebooks, and an ordinary kernel costs two seconds a notebook
to start. This engine runs the cells on IPython's own shell in a fresh namespace
instead; after :mod:`workbook.pack.normalise` the bytes equal those of an ordinary
kernel. What a notebook does to the working folder, the environment or its own
names ends with it; what it does to modules lasts as long as the process, which
is why a batch gives its packs to worker processes.

``WORKBOOK_ENGINE=kernel`` chooses ordinary kernels instead.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode
from papermill.engines import Engine, papermill_engines
from traitlets import Type
from traitlets.config import Config

from workbook.pack import stages

NAME = "workbook"
KERNEL = "nbclient"

# The shell, the working folder and the environment belong to the whole process.
_one_at_a_time = threading.RLock()


def chosen() -> str:
    """The name of the Papermill engine to use: ours, or "nbclient" where ``WORKBOOK_ENGINE=kernel``."""
    return KERNEL if os.environ.get("WORKBOOK_ENGINE", "").lower() == "kernel" else NAME


def output(kind: str, **fields: Any) -> NotebookNode:
    """One output of a cell.

    Its data stay the plain dictionaries they are: nbformat's own maker would turn every one of the
    thousands in a recorded step into a node, for nothing.
    """
    made = NotebookNode(output_type=kind)
    for name, value in fields.items():
        dict.__setitem__(made, name, value)
    return made


class Outputs(list):
    """The outputs of one cell, in the order in which they came."""

    def stream(self, text: str) -> None:
        """Add printed text; text printed in one go is one output, as in a kernel."""
        if self and self[-1].output_type == "stream":
            self[-1].text += text
        elif text:
            self.append(output("stream", name="stdout", text=text))


class _Publisher(DisplayPublisher):
    """Collects what ``display`` publishes."""

    shell: Any

    def publish(
        self, data: dict[str, Any], metadata: dict[str, Any] | None = None, *args: Any, **kwargs: Any
    ) -> None:
        self.shell.outputs.append(output("display_data", data=data, metadata=metadata or {}))

    def clear_output(self, wait: bool = False) -> None:
        self.shell.outputs.clear()


class _Hook(DisplayHook):
    """Collects the value of a cell's last line; the standard hook would print "Out[3]:"."""

    shell: Any

    def quiet(self) -> bool:
        return self.semicolon_at_end_of_expression(self.shell.source)

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        count = self.shell.count
        made = output("execute_result", data=format_dict, metadata=md_dict or {}, execution_count=count)
        self.shell.outputs.append(made)

    def write_output_prompt(self) -> None:
        pass

    def update_user_ns(self, result: Any) -> None:
        pass

    def log_output(self, format_dict: dict[str, Any]) -> None:
        pass

    def finish_displayhook(self) -> None:
        self._is_active = False


class _Stdout:
    """Stands in for ``sys.stdout`` while a cell runs."""

    encoding = "utf-8"
    closed = False

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def write(self, text: str) -> int:
        self._shell.outputs.stream(text)
        return len(text)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False


class Shell(InteractiveShell):
    """IPython's shell without history, terminal or profile, collecting outputs in a list."""

    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)
    outputs: Outputs
    count = 0
    source = ""

    def init_ipython_dir(self, ipython_dir: Any) -> None:
        pass  # nothing is kept, so no folder is made in the user's home

    def init_profile_dir(self, profile_dir: Any) -> None:
        pass

    def init_virtualenv(self) -> None:
        pass

    def init_sys_modules(self) -> None:
        pass  # "__main__" stays what it is for the process around us

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        made = output("error", ename=etype.__name__, evalue=str(evalue), traceback=list(stb))
        self.outputs.append(made)

    def run(self, source: str, count: int) -> tuple[Outputs, bool]:
        """Run one cell; gives its outputs and whether it failed."""
        self.outputs, self.count, self.source = Outputs(), count, source
        with contextlib.redirect_stdout(_Stdout(self)):
            result = self.run_cell(source, store_history=False)
        return self.outputs, not result.success


def _new_shell() -> Shell:
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    config.InteractiveShell.colors = "nocolor"
    shell = Shell(config=config)
    shell.outputs = Outputs()
    return shell


_shell: Shell | None = None


def warm() -> None:
    """Make the shell ahead of the first notebook."""
    with _fresh_shell() as shell:
        shell.run("None", 1)


@contextlib.contextmanager
def _fresh_shell() -> Iterator[Shell]:
    """Our shell with an empty namespace, as the process's IPython for the time being.

    Inside a kernel there is already a shell; ``display`` must reach ours while
    the notebook runs, and the kernel's own again afterwards.
    """
    global _shell
    before: Any = InteractiveShell._instance
    if _shell is None:
        _shell = _new_shell()
    # Swapping the namespace takes no time; IPython's reset() collects garbage for 87 ms.
    _shell.user_module = types.ModuleType("__main__")
    _shell.user_ns = _shell.user_module.__dict__
    _shell.init_user_ns()
    InteractiveShell._instance = _shell  # type: ignore[assignment]
    try:
        yield _shell
    finally:
        InteractiveShell._instance = before


@contextlib.contextmanager
def _own_surroundings(folder: str | Path | None) -> Iterator[None]:
    """The working folder and the environment of one notebook; both are put back."""
    environment = dict(os.environ)
    folder_before, path_before, main = os.getcwd(), list(sys.path), sys.modules.get("__main__")
    try:
        if folder is not None:
            os.chdir(folder)
        yield
    finally:
        os.chdir(folder_before)
        os.environ.clear()
        os.environ.update(environment)
        sys.path[:] = path_before
        if main is not None:
            sys.modules["__main__"] = main


class InProcess(Engine):
    """The engine Papermill knows as "workbook"."""

    @classmethod
    def execute_notebook(
        cls,
        nb: NotebookNode,
        kernel_name: str | None = None,
        *,
        folder: str | Path | None = None,
        **kwargs: Any,
    ) -> NotebookNode:
        """Run every code cell, stopping at the first that fails; returns ``nb`` with outputs.

        ``execute_managed_notebook`` is passed by on purpose: its manager writes
        the clock into the notebook and saves it after every cell.
        """
        with _one_at_a_time, _own_surroundings(folder), _fresh_shell() as shell:
            _run_cells(nb, shell)
        return nb


def _run_cells(nb: NotebookNode, shell: Shell) -> None:
    cells = [cell for cell in nb.cells if cell.cell_type == "code"]
    for cell in cells:
        cell.outputs, cell.execution_count = [], None
    at = {id(cell): n for n, cell in enumerate(nb.cells, start=1)}
    for count, cell in enumerate((c for c in cells if c.source.strip()), start=1):
        stages.cell(at[id(cell)])
        outputs, failed = shell.run(cell.source, count)
        cell.outputs, cell.execution_count = list(outputs), count
        if failed:
            return


def register() -> None:
    """Make the engine known to Papermill under its name."""
    papermill_engines.register(NAME, InProcess)

"""A step in report mode: what its notebook shows when Papermill runs it.

``show`` puts the step's answers into the notebook as HTML, so that the executed
notebook can be read by itself; ``record`` puts the step into it as data, and
the documents of the pack are built from that record.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from workbook import paths
from workbook.blocks import Step, to_record
from workbook.words import plural

RECORD = "application/vnd.commissioning-workbook.step+json"


class Page:
    """One step of one plan, worked out once when the page is made.

    Raises the errors of reading the plan (BadInput, NewerSchema) and of the step itself.
    """

    def __init__(self, step_id: str, plan_path: str | Path) -> None:
        from workbook.plan import store
        from workbook.steps import run

        self.step: Step = run(step_id, store.read(plan_path), known())

    def show(self) -> None:
        """Display the step as HTML."""
        words = f"{self.step.title}: {plural(len(self.step.blocks), 'block')}"
        _display({"text/html": self._html(), "text/plain": words})

    def record(self) -> None:
        """Display the step as data, with a line that says how much was recorded."""
        blocks, results = len(self.step.blocks), len(self.step.results)
        words = f"Recorded: {plural(blocks, 'block')}, {plural(results, 'figure')}."
        _display({RECORD: to_record(self.step), "text/plain": words})

    def _html(self) -> str:
        from workbook.render import html

        style = (paths.shipped("templates") / "documents" / "blocks.css").read_text(encoding="utf-8")
        fragments = [html.fragment(b, f"{self.step.id}-{n}") for n, b in enumerate(self.step.blocks, start=1)]
        return "\n".join([f"<style>{style}</style>", '<div class="wb-report">', *fragments, "</div>"])


def known() -> Any:
    """The Reference, opened once a process for as long as nothing is imported."""
    home = paths.home()
    return _opened(home, _stamp(home))


@lru_cache(maxsize=2)
def _opened(home: Path, stamp: int) -> Any:
    from workbook.reference import Reference

    return Reference.open(home)


def _stamp(home: Path) -> int:
    """When something was last imported, so that it is seen at once."""
    from workbook.reference.store import FILE

    try:
        return (home / FILE).stat().st_mtime_ns
    except OSError:
        return 0


def _display(bundle: dict[str, Any]) -> None:
    from IPython.display import display

    display(bundle, raw=True)

"""The whole pack of one plan: notebooks run, documents, tables and data written, manifest last."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from workbook import __version__
from workbook.blocks import Finding, Step
from workbook.errors import BLOCKED, DONE, BadInput
from workbook.pack import documents, manifest, stages, used
from workbook.pack.aside import aside
from workbook.pack.report import known
from workbook.pack.results import as_file as figures
from workbook.pack.run import notebooks, run_notebooks
from workbook.plan import store
from workbook.plan.model import Plan
from workbook.render import house
from workbook.render.document import Document
from workbook.words import plural


@dataclass(frozen=True)
class Made:
    """What the documents of a pack are written from."""

    plan: Plan
    steps: Mapping[str, Step]
    reference: Any

    @cached_property
    def document(self) -> Document:
        """The plan as a document."""
        return documents.document(self.plan, self.steps, self.reference)

    @cached_property
    def case(self) -> Document:
        """The case for change as a document."""
        return documents.case(self.plan, self.steps, self.reference, self.document)


def _writings() -> tuple[tuple[str, dict[str, Callable[[Made], bytes]]], ...]:
    """What is written besides the notebooks, in order: words for whoever waits, and how each file is made."""
    from workbook.pack import submission
    from workbook.render import docx, html, pdf, xlsx

    return (
        ("the page to read", {"plan.html": lambda made: html.page(made.document).encode()}),
        ("the PDF", {"plan.pdf": lambda made: pdf.page(made.document)}),
        ("the Word document", {"plan.docx": lambda made: docx.page(made.document)}),
        (
            "the case for change",
            {
                "case-for-change.html": lambda made: html.page(made.case).encode(),
                "case-for-change.pdf": lambda made: pdf.page(made.case),
                "case-for-change.docx": lambda made: docx.page(made.case),
            },
        ),
        (
            "the spreadsheets",
            {
                "tables.xlsx": lambda made: xlsx.page(made.document, (submission.limits(made.plan),)),
                "submission.xlsx": lambda made: submission.page(
                    made.plan, made.steps, made.reference, made.document
                ),
            },
        ),
        (
            "figures and their sources",
            {"results.json": lambda made: figures(made.plan, made.steps, made.reference)},
        ),
    )


@dataclass(frozen=True)
class Pack:
    """A pack that was made: where, with which files and findings, in how many seconds."""

    out: Path
    status: str
    findings: tuple[Finding, ...]
    files: tuple[str, ...]
    seconds: float

    def __repr__(self) -> str:
        found = plural(len(self.findings), "finding")
        return f"<Pack in {self.out}: {self.status}, {plural(len(self.files), 'file')}, {found}>"

    @property
    def blocking(self) -> int:
        return sum(finding.severity == "blocks" for finding in self.findings)

    @property
    def exit_code(self) -> int:
        """3 where findings block, else 0."""
        return BLOCKED if self.blocking else DONE

    def as_record(self) -> dict[str, Any]:
        """The pack as JSON-ready data."""
        return {
            "out": str(self.out),
            "status": self.status,
            "exit_code": self.exit_code,
            "blocking": self.blocking,
            "findings": [asdict(finding) for finding in self.findings],
            "files": list(self.files),
            "seconds": round(self.seconds, 1),
        }


def make(plan_path: Path, out: Path, *, force: bool = True) -> Pack:
    """Make the pack of a plan in the folder ``out``, whole or not at all.

    An earlier pack at ``out`` is replaced when the new one is complete (with ``force=False`` it is
    refused). Raises BadInput for a plan that cannot be read or a folder that holds other things,
    WorkbookError where a step fails or the disk is full.
    """
    began = time.monotonic()
    plan = store.read(plan_path)
    out = Path(out)
    if not force and manifest.is_pack(out):
        raise BadInput(f"{out} holds a pack already.", "Give a new folder.")
    with aside(out) as folder:
        status, findings, files = _fill(folder, plan)
    return Pack(out, status, findings, files, time.monotonic() - began)


def inputs(plan: Plan) -> dict[str, str]:
    """Fingerprints of what a pack is made from: the plan, the figures on hand and the program.

    The plan's revision and who saved it are part of it, because they are printed.
    """
    held = [{k: v for k, v in taken.items() if k != "taken"} for taken in known().imports()]
    return {
        "plan": manifest.fingerprint(plan.model_dump(mode="json")),
        "data": manifest.fingerprint(held),
        "program": __version__,
        "style": house.current().fingerprint,
    }


def _fill(folder: Path, plan: Plan) -> tuple[str, tuple[Finding, ...], tuple[str, ...]]:
    writings = _writings()
    stages.expect(len(notebooks()) + len(writings))
    (folder / "plan.json").write_bytes(store.to_json(plan).encode())
    made = Made(plan, run_notebooks(folder / "plan.json", folder), known())
    for words, files in writings:
        stages.begin(words)
        for name, write in files.items():
            (folder / name).write_bytes(write(made))
    sources = used.write(folder / "data", plan, made.steps, made.reference)
    findings = documents.findings(made.steps)
    written = manifest.write(
        folder, plan=_about(plan, findings), status=made.document.status, data=sources, inputs=inputs(plan)
    )
    return made.document.status, findings, (*written["files"], manifest.NAME)


def _about(plan: Plan, findings: tuple[Finding, ...]) -> dict[str, Any]:
    """What the manifest says of the plan."""
    return {
        "title": plan.title,
        "area": plan.area.code,
        "area_name": plan.area.name,
        "synthetic": plan.area.synthetic,
        "period": documents.period(plan),
        "last_year": plan.last_year,
        "revision": plan.revision,
        "schema_version": plan.schema_version,
        "saved": plan.saved.model_dump(mode="json") if plan.saved else None,
        "findings": len(findings),
        "blocking": sum(finding.severity == "blocks" for finding in findings),
    }

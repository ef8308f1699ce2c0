"""The document of a plan, from the plan and the steps its notebooks recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from workbook import __version__
from workbook.blocks import Block, Column, Finding, Heading, Question, Step, Table, Words, table
from workbook.plan.model import Plan
from workbook.render.document import Document, Part, Status
from workbook.steps import asking
from workbook.words import financial_year

OGL = "Contains public sector information licensed under the Open Government Licence v3.0."

# The steps whose pages are chapters, in reading order. The start page is for the
# screen, and the page of the whole plan is split between the front and the back.
_CHAPTERS = ("needs", "ambitions", "budget", "decommissioning")


def document(plan: Plan, steps: Mapping[str, Step], reference: Any) -> Document:
    """The plan as a document: summary, one part a step, then what stands behind the plan."""
    front, *back = _sections(steps["plan"])
    sources = reference.sources(series_used(steps))
    return Document(
        title=plan.title or f"Commissioning plan for {plan.area.name}",
        area=plan.area.name,
        period=period(plan),
        status=status(plan, findings(steps)),
        revision=plan.revision,
        saved=plan.saved.at if plan.saved else None,
        saved_by=_saved_by(plan),
        synthetic=plan.area.synthetic,
        summary=front.blocks,
        parts=tuple(_parts(steps, back, sources)),
        attribution=attribution(sources),
        version=__version__,
    )


def findings(steps: Mapping[str, Step]) -> tuple[Finding, ...]:
    """Every finding of the plan, as its last page lists them."""
    return steps["plan"].findings()


def status(plan: Plan, found: Iterable[Finding]) -> Status:
    """DRAFT while a finding blocks, SIGNED OFF once the approver has signed, else FOR SIGN-OFF."""
    if any(finding.severity == "blocks" for finding in found):
        return "DRAFT"
    approver = plan.sign_off.approver
    return "SIGNED OFF" if approver.signed and approver.name else "FOR SIGN-OFF"


def period(plan: Plan) -> str:
    """The financial years planned for: "2026/27 to 2030/31"."""
    first, last = financial_year(plan.years[0]), financial_year(plan.last_year)
    return first if first == last else f"{first} to {last}"


def series_used(steps: Mapping[str, Step]) -> list[str]:
    """The indicators whose series any step used, each once, in reading order."""
    return list(dict.fromkeys(indicator for step in steps.values() for indicator in step.series))


def attribution(sources: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The line that the licence of public figures asks for, where such figures are shown."""
    public = any(
        "ogl" in (s := str(row.get("licence", "")).lower()) or "open government" in s for row in sources
    )
    return (OGL,) if public else ()


def _saved_by(plan: Plan) -> str:
    if not plan.saved or not plan.saved.by:
        return ""
    return plan.saved.by if plan.saved.verified else f"{plan.saved.by} (name not verified)"


def _parts(
    steps: Mapping[str, Step], back: Iterable[Part], sources: Sequence[Mapping[str, Any]]
) -> Iterator[Part]:
    chapters = [steps[step_id] for step_id in _CHAPTERS if step_id in steps]
    for step in chapters:
        yield Part(step.id, step.title, _chapter(step.blocks))
    yield from back
    yield Part("annex", "Annex: what was entered", tuple(_annex(chapters)), dense=True)
    yield Part("sources", "Sources and licences", tuple(_sources(sources)))


def _chapter(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """A step as a chapter: without the list of its findings, which the document gives once for all
    steps, and without the details that a table shows, which stand in the annex."""
    kept: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading) and block.id.endswith("-findings"):
            break
        if not (isinstance(block, (Question, Table)) and block.detail):
            kept.append(block)
    return tuple(b for n, b in enumerate(kept) if not _heads_nothing(kept, n))


def _heads_nothing(blocks: Sequence[Block], index: int) -> bool:
    """Whether a block is a heading with nothing below it but the next one of its level."""
    block = blocks[index]
    if not isinstance(block, Heading):
        return False
    below = blocks[index + 1] if index + 1 < len(blocks) else None
    return below is None or (isinstance(below, Heading) and below.level <= block.level)


# Lists that a table of the step shows side by side, one row for each entry.
_SIDE_BY_SIDE = ("/budget/schemes", "/budget/value/scores")


def _annex(chapters: Sequence[Step]) -> Iterator[Block]:
    """Everything entered in long lists, step by step, as it was entered."""
    for step in chapters:
        # The levels of an ambition stand in its own table, year by year.
        details = [
            q
            for q in step.questions()
            if q.detail
            and q.items
            and q.kind == "rows"
            and step.id != "ambitions"
            and q.path not in _SIDE_BY_SIDE
        ]
        # The vision and the choices of a level are printed in full where they stand.
        below = list(_by_section(step)) if step.id in ("budget", "decommissioning") else []
        if details or below:
            yield Heading(step.title, f"annex-{step.id}", 2)
            yield from details
            yield from below


_IN_PARTS = ("check", "group")


def _by_section(step: Step) -> Iterator[Block]:
    """Tables to look things up in, and what was entered and stands in a table or a gate of the step, by its headings."""
    heading: Heading | None = None
    for block in step.blocks:
        if isinstance(block, Heading):
            heading = block
        elif _stands_below(block):
            if heading:
                yield Heading(heading.text, f"annex-{heading.id}", 3)
                heading = None
            yield replace(block, detail=False) if isinstance(block, Table) else block


def _stands_below(block: Block) -> bool:
    """Whether a chapter leaves a block to the annex: a table to look things up in, or a check that was answered."""
    if isinstance(block, Table):
        return block.detail
    return isinstance(block, Question) and block.detail and block.kind in _IN_PARTS and _said(block)


def _said(question: Question) -> bool:
    """Whether anything was entered; of a check also its evidence, owner or date without an answer."""
    if question.kind == "check":
        return any((question.answer or {}).values())
    return asking.answered(question)


def _sections(step: Step) -> list[Part]:
    """A step cut at its headings of level 2, each section a part of its own."""
    parts: list[Part] = []
    for block in step.blocks:
        if isinstance(block, Heading) and block.level == 2:
            parts.append(Part(block.id, block.text, ()))
        elif parts:
            inner = replace(block, level=block.level - 1) if isinstance(block, Heading) else block
            # Findings are read in a row: one line of the contents leads to all of them.
            listed = parts[-1].listed and not isinstance(block, Finding)
            parts[-1] = replace(parts[-1], blocks=(*parts[-1].blocks, inner), listed=listed)
    return parts


# --- what stands behind the plan ------------------------------------------------


def _sources(sources: Sequence[Mapping[str, Any]]) -> list[Block]:
    if not sources:
        return [Words(("No series of figures was used: none is on hand for this area.",))]
    columns = [
        Column("source", "Source"),
        Column("names", "Figures"),
        Column("licence", "Licence"),
        Column("vintage", "As of"),
    ]
    rows: dict[tuple[str, ...], list[str]] = {}
    for source in sources:
        rows.setdefault(tuple(str(source.get(k, "")) for k in ("source", "licence", "vintage")), []).append(
            str(source.get("name", ""))
        )
    grouped = [
        {"source": source, "names": "; ".join(names), "licence": licence, "vintage": vintage}
        for (source, licence, vintage), names in rows.items()
    ]
    blocks: list[Block] = [table("sources", "Where the figures come from", columns, grouped)]
    return [*blocks, *(Words((line,), "note") for line in attribution(sources))]

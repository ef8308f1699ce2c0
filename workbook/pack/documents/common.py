"""What all documents of a plan share: what they are about, their status, their sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workbook import __version__
from workbook.blocks import Block, Column, Finding, Heading, Question, Step, Words, table
from workbook.plan.model import Plan
from workbook.render.document import Document, Part, Status
from workbook.steps.decommissioning.gate import NOT_READY
from workbook.words import financial_year, plural

OGL = "Contains public sector information licensed under the Open Government Licence v3.0."

Sources = Sequence[Mapping[str, Any]]


def made(
    plan: Plan,
    steps: Mapping[str, Step],
    title: str,
    summary: Iterable[Block],
    parts: Iterable[Part],
    sources: Sources,
) -> Document:
    """A document of the plan: its title and blocks, with what every document says of the plan it is made from."""
    return Document(
        title=title,
        area=plan.area.name,
        period=period(plan),
        status=status(plan, findings(steps)),
        revision=plan.revision,
        saved=plan.saved.at if plan.saved else None,
        saved_by=_saved_by(plan),
        synthetic=plan.area.synthetic,
        summary=tuple(summary),
        parts=tuple(parts),
        attribution=attribution(sources),
        version=__version__,
        besides=_at_the_gate(plan, steps),
    )


def _at_the_gate(plan: Plan, steps: Mapping[str, Step]) -> str:
    """What the cover adds to the status where the gate of a service that is to end refuses it."""
    stood = {result.id: result.value for step in steps.values() for result in step.results}
    ending = [s.id for s in plan.decommissioning.services if s.decision in ("stop", "change")]
    held = sum(stood.get(f"decommissioning.{id}.gate") == NOT_READY for id in ending)
    if not held:
        return ""
    return f"{plural(held, 'service')} to stop or change {'is' if held == 1 else 'are'} not ready"


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


def attribution(sources: Sources) -> tuple[str, ...]:
    """The line that the licence of public figures asks for, where such figures are shown."""
    public = any(
        "ogl" in (s := str(row.get("licence", "")).lower()) or "open government" in s for row in sources
    )
    return (OGL,) if public else ()


def sources_part(sources: Sources) -> Part:
    """Where every series comes from, under which licence, as of when."""
    return Part("sources", "Sources and licences", tuple(_sources(sources)))


def sections(step: Step, level: int = 2) -> dict[str, tuple[Heading, tuple[Block, ...]]]:
    """A step cut at its headings of a level: by the heading's id the heading and the blocks below it, in order."""
    found: dict[str, tuple[Heading, tuple[Block, ...]]] = {}
    current = ""
    for block in step.blocks:
        if isinstance(block, Heading) and block.level <= level:
            current = block.id if block.level == level else ""
            if current:
                found[current] = (block, ())
        elif current:
            heading, blocks = found[current]
            found[current] = (heading, (*blocks, block))
    return found


# Fields that a document prints as prose under their heading, and those that a sentence there says already.
_PROSE = ("/sign_off/uncertainty", "/sign_off/limits")
_SAID = ("/sign_off/version", "/sign_off/review_by")


def in_prose(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks with long answers as paragraphs, and without the fields that a sentence says already."""
    kept: list[Block] = []
    for block in blocks:
        path = block.path if isinstance(block, Question) else ""
        if isinstance(block, Question) and path in _PROSE:
            kept += [Words(tuple(str(block.answer).split("\n\n")))] if block.answer else []
        elif path not in _SAID:
            kept.append(block)
    return tuple(kept)


def _saved_by(plan: Plan) -> str:
    if not plan.saved or not plan.saved.by:
        return ""
    return plan.saved.by if plan.saved.verified else f"{plan.saved.by} (name not verified)"


def _sources(sources: Sources) -> list[Block]:
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

"""The document of a plan, from the plan and the steps its notebooks recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workbook import __version__
from workbook.blocks import Block, Column, Finding, Heading, Step, Table, Words, table
from workbook.plan.model import Plan
from workbook.render.document import Document, Part, Status
from workbook.words import financial_year, plural

OGL = "Contains public sector information licensed under the Open Government Licence v3.0."

# The steps whose pages are chapters, in reading order. The start page is for the
# screen, and the page of the whole plan is split between the front and the back.
_CHAPTERS = ("needs", "ambitions", "budget", "decommissioning")


def document(plan: Plan, steps: Mapping[str, Step], reference: Any) -> Document:
    """The plan as a document: summary, one part a step, then what stands behind the plan."""
    front, back = _split(steps["plan"])
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
        summary=tuple(front),
        parts=tuple(_parts(plan, steps, back, reference, sources)),
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


def _split(step: Step) -> tuple[list[Block], list[Block]]:
    """The last page's first section, which sums the plan up, and the sections after it."""
    opens = [n for n, b in enumerate(step.blocks) if isinstance(b, Heading) and b.level == 2]
    cut = opens[0] if opens and opens[0] > 0 else (opens[1] if len(opens) > 1 else len(step.blocks))
    return list(step.blocks[:cut]), list(step.blocks[cut:])


def _parts(
    plan: Plan,
    steps: Mapping[str, Step],
    back: list[Block],
    reference: Any,
    sources: Sequence[Mapping[str, Any]],
) -> Iterable[Part]:
    for step_id in _CHAPTERS:
        if step_id in steps:
            yield Part(step_id, steps[step_id].title, steps[step_id].blocks)
    yield Part("plan", "The whole plan and its sign-off", tuple(back))
    yield Part("assumptions", "Assumptions", tuple(_assumptions(plan, reference)))
    yield Part("sources", "Sources and licences", tuple(_sources(sources)))


# --- what stands behind the plan ------------------------------------------------


def _assumptions(plan: Plan, reference: Any) -> list[Block]:
    blocks: list[Block] = [
        Words(
            (
                "Every assumption has a date and a source. "
                "Those changed for this plan are listed with the reason.",
            )
        )
    ]
    held = [a for a in reference.assumptions() if _applies(a, plan)]
    if held:
        blocks.append(_assumption_table(held))
    blocks.append(
        _changed(plan) if plan.assumptions else Words(("No assumption was changed for this plan.",))
    )
    return blocks


def _applies(assumption: Any, plan: Plan) -> bool:
    to = assumption.to_year if assumption.to_year is not None else plan.last_year
    return assumption.from_year <= plan.last_year and to >= plan.base_year


def _assumption_table(held: Sequence[Any]) -> Table:
    columns = [
        Column("label", "Assumption"),
        Column("value", "Value"),
        Column("unit", "Unit"),
        Column("range", "Range"),
        Column("years", "Years"),
        Column("status", "Status"),
        Column("source", "Source"),
    ]
    return table(
        "assumptions", "Dated assumptions of the years planned for", columns, [_assumption(a) for a in held]
    )


def _assumption(a: Any) -> dict[str, Any]:
    spread = f"{a.low:g} to {a.high:g}" if a.low is not None and a.high is not None else "not stated"
    last = "on" if a.to_year is None else f"to {a.to_year}"
    return {
        "label": a.label,
        "value": a.value,
        "unit": a.unit,
        "range": spread,
        "years": f"{a.from_year} {last}" if a.to_year != a.from_year else str(a.from_year),
        "status": a.status,
        "source": a.source,
    }


def _changed(plan: Plan) -> Table:
    columns = [
        Column("id", "Assumption"),
        Column("value", "Value used instead"),
        Column("reason", "Why"),
        Column("by", "By whom"),
        Column("on", "On"),
    ]
    rows = [change.model_dump(mode="json") for change in plan.assumptions]
    return table(
        "changed-assumptions", f"{plural(len(rows), 'assumption')} changed for this plan", columns, rows
    )


def _sources(sources: Sequence[Mapping[str, Any]]) -> list[Block]:
    if not sources:
        return [Words(("No series of figures was used: none is on hand for this area.",))]
    columns = [
        Column("name", "Figures"),
        Column("source", "Source"),
        Column("licence", "Licence"),
        Column("vintage", "As of"),
    ]
    blocks: list[Block] = [
        table("sources", "Where the figures come from", columns, [dict(s) for s in sources])
    ]
    return [*blocks, *(Words((line,), "note") for line in attribution(sources))]

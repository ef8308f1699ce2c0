"""A small step with every kind of block and question, for the tests of the guide."""

from __future__ import annotations

from workbook import charts
from workbook.blocks import (
    Choice,
    Column,
    Figure,
    Finding,
    Heading,
    Item,
    Question,
    Step,
    Table,
    Words,
)
from workbook.plan.model import AreaRef, Plan


def plan() -> Plan:
    return Plan(
        title="Better health for <b>Exampleton</b>",
        area=AreaRef(code="SYN01", name="Exampleton", kind="synthetic", synthetic=True),
        base_year=2025,
        horizon=5,
    )


def find(step_id: str, plan: Plan, reference: object) -> list[Finding]:
    """The findings of the step, without the rules of the thread."""
    return _findings(plan)


def run(step_id: str, plan: Plan, reference: object) -> Step:
    """Needs in miniature: a chart and a table that follow the number of priorities, and questions."""
    count = len(plan.needs.priorities)
    counts = Table(
        "counts",
        "Priorities",
        (Column("what", "What"), Column("n", "Number", "priorities", 0)),
        (("Chosen", count),),
    )
    spec = charts.bars([{"category": "Chosen", "value": count, "series": "Priorities"}], unit="priorities")
    blocks = (
        Words(("What the population needs.",), "lead"),
        Heading("Priorities", "priorities"),
        *_findings(plan),
        Figure("chart", f"{count} priorities are chosen", spec, f"A bar of {count}.", counts),
        counts,
        _priorities(plan),
        Heading("What people said", "voices"),
        _more(plan),
        Question("/purpose", "What the plan is for", "long", plan.purpose, required=True),
        Question("/base_year", "Base year", "integer", plan.base_year, help="The last year before the plan."),
        Question(
            "/needs/answers/CST-04.1",
            "Do we know what people want?",
            "check",
            _held(plan, "CST-04.1"),
            source="CST-04",
            choices=(Choice("yes", "Yes"), Choice("partly", "Partly"), Choice("no", "No")),
            notes=(("What good looks like", "People were asked."), ("Risk if skipped", "Nobody comes.")),
        ),
    )
    return Step(step_id, "Needs", blocks)


def _findings(plan: Plan) -> tuple[Finding, ...]:
    return tuple(
        Finding("PRI-1", "blocks", f"{p.title or 'A priority'} has no owner.", "Name a role.", "needs",
                f"/needs/priorities/{n}/owner")
        for n, p in enumerate(plan.needs.priorities)
        if not p.owner
    )  # fmt: skip


def _priorities(plan: Plan) -> Question:
    items = tuple(
        Item(
            p.title or "New priority",
            (
                Question(f"/needs/priorities/{n}/title", "Priority", "text", p.title, required=True),
                Question(f"/needs/priorities/{n}/owner", "Owner", "text", p.owner, "A role."),
                Question(f"/needs/priorities/{n}/reason", "Why this", "long", p.reason),
            ),
        )
        for n, p in enumerate(plan.needs.priorities)
    )
    return Question("/needs/priorities", "Priorities", "rows", items=items, item_name="priority")


def _more(plan: Plan) -> Question:
    wants = tuple(
        Item("", (Question(f"/vision/wants/{n}", "Want", "text", want),))
        for n, want in enumerate(plan.vision.wants)
    )
    questions = (
        Question("/vision/wants", "What we want", "rows", items=wants, item_name="want"),
        Question("/sign_off/review_by", "Valid until", "date", plan.sign_off.review_by),
        Question("/horizon", "Years ahead", "number", plan.horizon, unit="years"),
        Question("/area/synthetic", "Made up?", "yesno", plan.area.synthetic),
        Question("/budget/scope/chosen", "Scope", "choice", plan.budget.scope.chosen,
                 choices=tuple(Choice(f"s{n}", f"Scope {n}") for n in range(8))),
        Question("/needs/peers", "Peers", "choices", plan.needs.peers,
                 choices=(Choice("SYN02", "Northbury", "synthetic"), Choice("SYN03", "Southwick"))),
    )  # fmt: skip
    return Question("/vision", "Around it", "group", items=(Item("", questions),))


def _held(plan: Plan, item: str) -> dict | None:
    answer = plan.needs.answers.get(item)
    return answer.model_dump(mode="json") if answer else None

"""What people named for themselves, the local outcomes they make up, and the advice of those who went before."""

from __future__ import annotations

from workbook.blocks import Block, Column, Heading, Words, table
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import asking, ladder
from workbook.steps.ambitions.measures import title_of
from workbook.steps.budget import scope
from workbook.steps.lines import Outlook
from workbook.words import listed

# The determinants of health that lie outside health care and the person: ODR-11.
_WIDER = ("ODR-11.d1", "ODR-11.d2")


def citizens(plan: Plan, reference: Reference) -> list[Block]:
    """Citizens' own outcomes beside the seven ambitions."""
    blocks: list[Block] = [
        Heading("Outcomes people chose for themselves", "citizens"),
        Words(
            (
                "What matters most to people reaches beyond health care. Their outcomes stand beside the seven "
                "ambitions, in their words, and show which partners are needed.",
            )
        ),
    ]
    if plan.ambitions.citizens:
        blocks += [_table(plan), Words(tuple(_unmatched(plan, reference)))]
    else:
        blocks.append(Words(("None has been written down yet.",), "note"))
    return [*blocks, asking.ask(plan, reference, "/ambitions/citizens", detail=bool(plan.ambitions.citizens))]


def _table(plan: Plan) -> Block:
    titles = {p.id: p.title for p in plan.needs.priorities}
    return table(
        "citizens",
        "Citizens' own outcomes beside the seven ambitions",
        [
            Column("outcome", "What matters to people"),
            Column("who", "Who named it, and when"),
            Column("sign", "How we would know"),
            Column("ambitions", "Ambitions it goes with"),
            Column("priority", "Priority it speaks to"),
        ],
        [
            {
                "outcome": c.outcome,
                "who": c.who or None,
                "sign": c.sign or None,
                "ambitions": listed(sorted(c.ambitions)) or "none of the seven",
                "priority": titles.get(c.priority),
            }
            for c in plan.ambitions.citizens
        ],
        source="What people said, as entered in this plan",
        missing="not said",
    )


def _unmatched(plan: Plan, reference: Reference) -> list[str]:
    """Ambitions that no citizen's outcome goes with, and outcomes that go with none of the seven."""
    met = {n for c in plan.ambitions.citizens for n in c.ambitions}
    unmet = [n for n in range(1, 8) if n not in met]
    beyond = sum(not c.ambitions for c in plan.ambitions.citizens)
    said = []
    if unmet:
        names = f" ({title_of(reference, unmet[0])})" if len(unmet) == 1 else ""
        said.append(
            f"No outcome that people named goes with {'ambition' if len(unmet) == 1 else 'ambitions'} {listed(unmet)}{names}. "
            f"{'It has' if len(unmet) == 1 else 'They have'} not been linked to what people said: link what belongs there, or ask."
        )
    else:
        said.append("Each of the seven ambitions has an outcome that people named for themselves.")
    if beyond:
        said.append(
            f"{beyond} of {len(plan.ambitions.citizens)} {'goes' if beyond == 1 else 'go'} with none of the seven: partners outside "
            "health care have to carry them, or nobody does."
        )
    return said


def local_framework(plan: Plan, reference: Reference) -> list[Block]:
    """The local outcomes framework, and whether the scope of budgets follows how far it reaches."""
    bank = reference.framework("ODR-06")
    return [
        Heading("A local outcomes framework", "local-framework"),
        Words(tuple(_reach(plan, reference))),
        asking.about(bank),
        *asking.bank(plan, bank, "/ambitions/answers", links=asking.priorities(plan)),
    ]


def _reach(plan: Plan, reference: Reference) -> list[str]:
    """What the plan itself says of how far its outcomes reach, beside the scope chosen."""
    named = {item.id: item.label for item in reference.framework("ODR-11").items}
    wider = sorted({named[d] for p in plan.needs.priorities for d in p.determinants if d in _WIDER})
    beyond = [c.outcome for c in plan.ambitions.citizens if not c.ambitions]
    said = [
        "Outcomes come from the needs assessment and from what people said. If they reach wider determinants, such as "
        "housing or work, outcomes of local government come in, and the scope of the budgets must follow."
    ]
    if not wider and not beyond:
        return said
    reasons = [f"priorities driven by {listed(w.lower() for w in wider)}"] if wider else []
    reasons += [f"outcomes of people's own beyond the seven ({'; '.join(beyond)})"] if beyond else []
    rungs = {r.id: r.label for r in ladder.rungs(plan, reference)}
    chosen = rungs.get(plan.budget.scope.chosen)
    inside = scope.in_scope(plan, reference)
    widest = bool(inside) and len(inside) == len(rungs)
    said.append(
        f"This plan reaches that far: it has {listed(reasons)}. "
        + (
            f"The scope chosen, “{chosen}”, takes in every rung of the ladder."
            if widest
            else f"The scope chosen is “{chosen}”: check that it takes in the budgets those outcomes depend on."
            if chosen
            else "No scope of budgets has been chosen yet."
        )
    )
    return said


def advice(plan: Plan, reference: Reference, outlooks: list[Outlook | None]) -> list[Block]:
    """Five pieces of advice that can be checked, the first beside the plausibility worked out above."""
    bank = reference.framework("PVW-07")
    return [
        Heading("Advice that can be checked", "advice"),
        asking.about(bank),
        Words(tuple(_plausible(plan, outlooks)), "list"),
        *asking.bank(plan, bank, "/ambitions/answers", links=asking.priorities(plan)),
    ]


_KINDS = (
    ("none", "More than any comparable area achieved"),
    ("few", "Achieved by fewer than one past move in ten"),
    ("some", "Achieved now and then"),
    ("many", "Often achieved, or no more than is expected anyway"),
    ("unknown", "Cannot be said"),
)


def _plausible(plan: Plan, outlooks: list[Outlook | None]) -> list[str]:
    """The levels chosen, by how often others achieved such a change."""
    kinds: dict[str, list[str]] = {}
    for ambition, found in zip(plan.ambitions.items, outlooks, strict=True):
        if found and found.chosen:
            kinds.setdefault(_kind(found), []).append(str(ambition.number))
    said = [
        f"{words}: {'ambition' if len(kinds[kind]) == 1 else 'ambitions'} {listed(kinds[kind])}."
        for kind, words in _KINDS
        if kind in kinds
    ]
    return said or ["No level has been chosen by a figure, so nothing can be said of what others achieved."]


def _kind(found: Outlook) -> str:
    share = found.share_achieved
    if share is None:
        return "unknown"
    limits = ((0.0, "none"), (0.1, "few"), (1 / 3, "some"))
    return next((kind for most, kind in limits if share < most or share == 0), "many")

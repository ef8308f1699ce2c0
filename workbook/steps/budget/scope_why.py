"""Why budgets are planned together at all (ODR-10), and what stands in the way (CFO-03)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from workbook.blocks import Block, Heading, Question, Words
from workbook.plan import Plan
from workbook.reference import Framework, FrameworkItem, Reference
from workbook.steps import asking
from workbook.words import listed, plural

HARMS, BARRIERS = "ODR-10", "CFO-03"
_SEEN = ("yes", "partly", "no", "")


def harms(plan: Plan, reference: Reference) -> list[Block]:
    """The eight harms of budgets that are planned apart: how many are seen here, and each as a question."""
    bank = reference.framework(HARMS)
    return [
        Heading("Why plan them together", "why-together", 3),
        Words((_harms_in_words(plan, bank),)),
        asking.about(bank),
        *folded(asking.bank(plan, bank, "/budget/answers")),
    ]


def folded(questions: list[Question]) -> list[Question]:
    """Questions whose answers a document prints in its annex, because the words beside them sum them up.

    Those without an answer stay, so that the chapter names them.
    """
    return [replace(q, detail=any((q.answer or {}).values())) for q in questions]


def barriers(plan: Plan, reference: Reference) -> list[Block]:
    """The twelve barriers in their five groups: how many are seen here and where, and each as a question."""
    bank = reference.framework(BARRIERS)
    groups = list(dict.fromkeys(i.group for i in bank.items))
    blocks: list[Block] = [
        Heading("What stands in the way", "barriers", 3),
        Words((_barriers_in_words(plan, bank),)),
    ]
    blocks.append(asking.about(bank))
    for group in groups:
        blocks.append(Heading(group, f"barriers-{group.lower().replace(' ', '-')}", 4))
        blocks += folded(asking.bank(plan, bank, "/budget/answers", only=group))
    return blocks


def answer_of(plan: Plan, item: str) -> str:
    """ "yes", "partly", "no", or nothing where it has not been answered so; older answers begin with the word."""
    given = plan.budget.answers.get(item)
    said = given.answer.strip().casefold() if given else ""
    return next((kind for kind in _SEEN[:3] if said == kind or said.startswith(f"{kind}.")), "")


def _by_answer(plan: Plan, items: list[FrameworkItem]) -> dict[str, list[FrameworkItem]]:
    return {kind: [i for i in items if answer_of(plan, i.id) == kind] for kind in _SEEN}


def _harms_in_words(plan: Plan, bank: Framework) -> str:
    """How many of the harms are seen here, which, and what follows from it."""
    found = _by_answer(plan, list(bank.items))
    if len(found[""]) == len(bank.items):
        return "Eight harms of budgets that are planned apart: say which are seen here."
    said = f"Of the {plural(len(bank.items), 'harm')} of budgets that are planned apart, {_counts(found)}."
    if found["yes"]:
        said += f" Seen: {'; '.join(_small(i.label) for i in found['yes'])}."
    weight = len(found["yes"]) + len(found["partly"]) / 2
    if not found[""]:
        said += (
            " Half of them or more are felt: the case for planning together rests on what happens here."
            if weight >= len(bank.items) / 2
            else " Fewer than half are felt: what planning together mends has to be worth its complexity."
        )
    return said


def _barriers_in_words(plan: Plan, bank: Framework) -> str:
    found = _by_answer(plan, list(bank.items))
    if len(found[""]) == len(bank.items):
        return (
            "Twelve barriers to commissioning for outcomes, in five groups. A scope that looks right on paper fails "
            "on those that nobody works on: say which are met here, what is done, and who answers for it."
        )
    met = [*found["yes"], *found["partly"]]
    alone = [i for i in met if not plan.budget.answers[i.id].owner]
    said = f"Of {plural(len(bank.items), 'barrier')} to commissioning for outcomes, {_counts(found)}."
    if groups := _by_group(found["yes"]):
        said += f" Those seen lie in {groups}."
    if met:
        said += (
            f" Met, and nobody answers for it yet: {'; '.join(_small(i.label) for i in alone)}."
            if alone
            else " Each of those met has an owner."
        )
    return said


def _by_group(items: list[FrameworkItem]) -> str:
    """ "incentives (2), measures (1) and complexity (1)", the most first."""
    counts = Counter(i.group.lower() for i in items)
    return listed(f"{group} ({n})" for group, n in counts.most_common())


def _counts(found: dict[str, list[FrameworkItem]]) -> str:
    """ "5 are seen here, 3 in part, none not at all and 2 have no answer yet"."""
    parts = [
        (len(found["yes"]), "seen here"),
        (len(found["partly"]), "in part"),
        (len(found["no"]), "not"),
        (len(found[""]), "without an answer yet"),
    ]
    (first, words), *rest = [part for part in parts if part[0]]
    said = [f"{first} {'is' if first == 1 else 'are'} {words}", *(f"{n} {words}" for n, words in rest)]
    return listed(said)


def _small(label: str) -> str:
    return f"{label[:1].lower()}{label[1:]}"

"""The questions asked before a service stops: which banks apply, how they stand, and the questions themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from workbook.blocks import Block, Column, Heading, Table, table
from workbook.plan import Plan
from workbook.plan.sections import Service
from workbook.reference import Framework, FrameworkItem, Reference
from workbook.steps import asking
from workbook.words import listed, number, plural

BANKS = ("CST-13", "CST-14", "NAO-01", "SCT-01", "SCT-02")
# Asked with the decision to come, and of no weight before it: a closure cannot be reviewed before it is done.
LATER_STAGES = ("Carry out", "Review")
BED_TEST = "bed test"
TESTS = "SCT-01"
# Duties that arise only where the change is substantial.
ONLY_SUBSTANTIAL = ("SCT-02.4", "SCT-02.5")
ANSWERS = ("yes", "partly", "no", "")
_OPEN = ("considering", "stop", "change")


@dataclass(frozen=True)
class Asked:
    """One question as it stands for one service; ``counts`` where an open answer keeps the gate from "ready"."""

    bank: Framework
    item: FrameworkItem
    answer: str
    counts: bool


def banks(reference: Reference) -> list[Framework]:
    """The banks of this step that the tables hold, in the order in which they are asked."""
    known = {f.id: f for f in reference.frameworks()}
    return [known[name] for name in BANKS if name in known]


def short_title(bank: Framework) -> str:
    """ "Stages of decommissioning", without whose they are and what they hold."""
    return bank.title.partition(" (")[0].partition(":")[0]


def is_asked(service: Service) -> bool:
    """Whether the questions are asked: a service that is kept needs none."""
    return service.decision in _OPEN


def asked(reference: Reference, service: Service) -> list[Asked]:
    """Every question that is asked of a service, with its answer ("yes", "partly", "no" or "")."""
    if not is_asked(service):
        return []
    bed_met = _bed_test_met(reference, service)
    found = []
    for bank in banks(reference):
        for item in bank.items:
            if applies(service, item):
                answer = answer_of(service, item.id)
                found.append(Asked(bank, item, answer, _counts(service, item, answer, bed_met)))
    return found


def applies(service: Service, item: FrameworkItem) -> bool:
    """Whether a question is put at all: the tests of service change belong to a substantial one, the bed test to beds."""
    if item.framework != TESTS:
        return True
    return service.beds_closed > 0 if item.group == BED_TEST else service.substantial


def answer_of(service: Service, item: str) -> str:
    """The answer to one item, "" where there is none that the bank knows."""
    given = service.answers.get(item)
    answer = given.answer.strip().lower() if given else ""
    return answer if answer in ANSWERS else ""


def _counts(service: Service, item: FrameworkItem, answer: str, bed_met: bool) -> bool:
    if item.group in LATER_STAGES:
        return False
    if item.group == BED_TEST and item.framework == TESTS:
        return not bed_met or answer == "yes"  # one of its three conditions is enough
    return service.substantial or item.id not in ONLY_SUBSTANTIAL


def _bed_test_met(reference: Reference, service: Service) -> bool:
    tests = next((b for b in banks(reference) if b.id == TESTS), None)
    conditions = [i for i in tests.items if i.group == BED_TEST] if tests else []
    return any(answer_of(service, i.id) == "yes" for i in conditions)


def standing(reference: Reference, service: Service) -> dict[str, list[str]]:
    """The ids of the questions that count, by answer: "yes", "partly", "no", and "" for those without one."""
    found: dict[str, list[str]] = {answer: [] for answer in ANSWERS}
    for one in asked(reference, service):
        if one.counts:
            found[one.answer].append(one.item.id)
    return found


def summary(reference: Reference, service: Service) -> str:
    """How the questions of one service stand, in a sentence."""
    counts = {answer: len(ids) for answer, ids in standing(reference, service).items()}
    named = (("yes", "yes"), ("partly", "partly"), ("no", "no"), ("", "not answered yet"))
    said = listed(f"{number(counts[answer], 0)} {words}" for answer, words in named if counts[answer])
    return f"Of {plural(sum(counts.values()), 'question')} that weigh in: {said}."


def overview(reference: Reference, services: Iterable[Service]) -> Table:
    """How the questions stand, a row a service: the answers themselves are asked below and printed in the annex."""
    rows = []
    for service in services:
        if is_asked(service):
            found = standing(reference, service)
            later = [a for a in asked(reference, service) if a.item.group in LATER_STAGES]
            rows.append(
                {"name": service.name, "all": sum(map(len, found.values()))}
                | {answer or "open": len(ids) for answer, ids in found.items()}
                | {"later": len(later), "ready": sum(a.answer != "" for a in later)}
            )
    return table(
        "checks",
        "How the questions stand",
        [
            Column("name", "Service"),
            Column("all", "Questions that weigh in", "", 0),
            Column("yes", "Yes", "", 0),
            Column("partly", "Partly", "", 0),
            Column("no", "No", "", 0),
            Column("open", "No answer yet", "", 0),
            Column("later", "Asked ahead", "", 0),
            Column("ready", "Of those, answered", "", 0),
        ],
        rows,
        source="Answers of this plan",
        note="Asked ahead: the stages “carry out” and “review”, which weigh in only once the decision is taken.",
    )


def questions(plan: Plan, reference: Reference, index: int, service: Service) -> list[Block]:
    """Every question asked of a service, bank by bank, with what good looks like, the risk, and what to do when time is short.

    The headings name the service, as a document prints the answers in its annex.
    """
    base = f"/decommissioning/services/{index}/answers"
    found: list[Block] = []
    for bank in banks(reference):
        items = tuple(i for i in bank.items if applies(service, i))
        if items:
            short = short_title(bank)
            title = f"{service.name}: {short[:1].lower()}{short[1:]}"
            found.append(Heading(title, f"asked-{service.id}-{bank.id.lower()}", 3))
            found += asking.bank(plan, replace(bank, items=items), base, detail=True)
    return found + _own(plan, reference, base, service)


def _own(plan: Plan, reference: Reference, base: str, service: Service) -> list[Block]:
    """The banks of the person's own that name this step. They inform: the gate weighs the sources' questions only."""
    found: list[Block] = []
    for bank in reference.local_banks("decommissioning"):
        title = f"{service.name}: {bank.title}"
        found += [Heading(title, f"asked-{service.id}-{bank.id.lower()}", 3), asking.about(bank)]
        found += asking.grouped(plan, bank, base)
    return found


def about(reference: Reference) -> Block:
    """Where the questions come from and what binds today."""
    return asking.about(*banks(reference))

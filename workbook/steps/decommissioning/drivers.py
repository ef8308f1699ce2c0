"""What should count in a decision to stop a service, against what is said to be driving it.

The two stand side by side and are never added up: many good reasons do not
outweigh a bad one, and a bad one does not cancel them.
"""

from __future__ import annotations

from workbook.blocks import Block, Question, Words
from workbook.plan import Plan
from workbook.plan.sections import Service
from workbook.reference import Framework, FrameworkItem, Reference
from workbook.steps import asking
from workbook.steps.decommissioning.banks import answer_of
from workbook.words import number, some

SHOULD, DOES = "DRV-01", "DRV-02"
# What the money and what the care speak through, among the considerations that should count.
_MONEY = ("DRV-01.6", "DRV-01.8")
_CLINICAL = ("DRV-01.5", "DRV-01.11", "DRV-01.15")
_PEOPLE = ("DRV-01.1", "DRV-01.14")
_LEADS = ("Has ", "Have ", "Is it being decided by ", "Is it easier because ", "Is it ", "Is ")
_TAILS = (
    ", and been said openly",
    ", with its strength",
    " counted",
    " driving it",
    " that drives it",
    " at work, or one for it",
)


def banks(reference: Reference) -> list[Framework]:
    """The two banks on drivers, what should drive the decision first, as far as they are shipped."""
    known = {f.id: f for f in reference.frameworks()}
    return [known[name] for name in (SHOULD, DOES) if name in known]


def by_answer(reference: Reference, service: Service, bank: str) -> dict[str, list[FrameworkItem]]:
    """The items of one of the two banks by answer; "" for those without one."""
    found: dict[str, list[FrameworkItem]] = {"yes": [], "partly": [], "no": [], "": []}
    for framework in banks(reference):
        if framework.id == bank:
            for item in framework.items:
                found[answer_of(service, item.id)].append(item)
    return found


def money_alone(reference: Reference, service: Service) -> list[str]:
    """Where money is said to count, and clinical evidence or people's views not, in sentences."""
    counts = by_answer(reference, service, SHOULD)
    said = {i.id for how in ("yes", "partly") for i in counts[how]}
    answered = said | {i.id for i in counts["no"]}
    found = []
    for others, words in (
        (_CLINICAL, "clinical evidence, effect and safety are"),
        (_PEOPLE, "those who would lose and what people said are"),
    ):
        if said & set(_MONEY) and answered & set(others) and not said & set(others):
            found.append(f"Money is said to count, and {words} said not to.")
    return found


def imbalance(reference: Reference, service: Service) -> list[str]:
    """Where what drives the decision and what should count fall apart, in sentences; empty where they do not.

    What drives it is told as it was answered and accuses nobody: a law or the
    state of a building may rightly be at work.
    """
    found = money_alone(reference, service)
    driving = by_answer(reference, service, DOES)["yes"]
    if driving:
        names = some([short(i) for i in driving], 4)
        found.append(
            f"Said to be at work besides: {names}. That makes no decision wrong; it belongs in the record."
        )
    return found


def short(item: FrameworkItem) -> str:
    """A consideration without the words of the question: "the evidence base"."""
    words = item.label.rstrip("?").split(":")[0].split(", such as")[0]
    lead = next((lead for lead in _LEADS if words.startswith(lead)), "")
    words = words.removeprefix(lead)
    for tail in _TAILS:
        words = words.removesuffix(tail)
    return words.strip()


def part(reference: Reference, service: Service) -> list[Block]:
    """Both lists against each other in words, with what falls apart; the answers themselves stand with the questions."""
    counts = by_answer(reference, service, SHOULD)
    drives = by_answer(reference, service, DOES)
    if not any(found[how] for found in (counts, drives) for how in ("yes", "partly", "no")):
        return [Words(("What should count, and what is driving the decision, has not been said yet.",))]
    said = imbalance(reference, service)
    return [Words((f"{_counted(counts)} {_driving(drives)}", *said))]


def _counted(counts: dict[str, list[FrameworkItem]]) -> str:
    """ "Of 16 considerations that should count, 14 do; 2 in part: ...; not: ..."."""
    whole = sum(map(len, counts.values()))
    said = f"Of {number(whole, 0)} considerations that should count, {number(len(counts['yes']), 0)} {'does' if len(counts['yes']) == 1 else 'do'}"
    return f"{said}{_rest(counts, ('partly', 'in part'), ('no', 'not'))}."


def _driving(drives: dict[str, list[FrameworkItem]]) -> str:
    whole = sum(map(len, drives.values()))
    held = len(drives["yes"])
    said = (
        f"Of {number(whole, 0)} more that experts see at work in practice, "
        f"{number(held, 0)} {'is' if held == 1 else 'are'} said to be at work here"
    )
    return f"{said}{_rest(drives, ('partly', 'in part'))}."


def _rest(found: dict[str, list[FrameworkItem]], *named: tuple[str, str]) -> str:
    parts = [f"; {words}: {some([short(i) for i in found[how]], 4)}" for how, words in named if found[how]]
    left = f"; {number(len(found['']), 0)} without an answer" if found[""] else ""
    return "".join(parts) + left


def questions(plan: Plan, reference: Reference, index: int) -> list[Question]:
    """The considerations of both lists as questions."""
    base = f"/decommissioning/services/{index}/answers"
    return [q for bank in banks(reference) for q in asking.bank(plan, bank, base, detail=True)]

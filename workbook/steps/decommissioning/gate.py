"""The gate: ready, ready with conditions or not ready, with the sentences that stand in the way."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workbook.blocks import Branch, Finding, Tree
from workbook.plan import Plan
from workbook.plan.sections import Service
from workbook.reference import Reference
from workbook.steps.decommissioning import banks, equality, need, quality
from workbook.words import listed, number, plural

READY, CONDITIONS, NOT_READY = "ready", "ready with conditions", "not ready"
CHECKS, DUTIES, DATES, MONEY = "Questions", "Tests and duties", "Notice and dates", "Money"
NEED, IMPACT, RECORD, LINKS = "Where the need goes", "Quality and equality", "Record", "Other links"
# The weightiest first: what the law asks, what it does to people, then what was asked, the money, the dates.
GROUPS = (DUTIES, IMPACT, NEED, CHECKS, MONEY, DATES, RECORD, LINKS)

# Which findings belong to which group, by the beginning of their code; what is not named is another link.
_GROUP_OF = (
    (DUTIES, ("not-notified", "notified-", "not-consulted", "bed-", "substantial-")),
    (
        DATES,
        (
            "stop-before-",
            "stop-without-notice",
            "stop-without-date",
            "contract-",
            "left-to-",
            "decision-after-",
        ),
    ),
    (IMPACT, ("quality-", "equality-", "drivers-")),
    (NEED, ("stop-without-destination", "destination-", "room-", "unmet-", "more-placed", "people-sent-")),
    (MONEY, ("money-of-", "stop-above-", "shunted-", "transition-", "saving-", "service-counted")),
    (RECORD, ("decision-", "owner-", "service-twice")),
)
# Said here by bank instead, with the number of questions.
_SAID_BY_BANK = ("stop-against-checks", "stop-without-checks")
_MOST_NAMED = 2  # questions that one sentence names
_DUTY_BANKS = ("SCT-01", "SCT-02")
_SERVICE = re.compile(r"^/decommissioning/services/(\d+)(?:/|$)")


@dataclass(frozen=True)
class Point:
    """One thing that stands in the way: what it comes from, its sentence, and whether it blocks."""

    group: str
    sentence: str
    blocks: bool
    remedy: str = ""


@dataclass(frozen=True)
class Gate:
    """The standing of one service; a service that is kept has no gate to pass and is ready."""

    verdict: str
    points: tuple[Point, ...]

    def count(self, group: str, *, blocking: bool) -> int:
        """How many points of one group block, or are conditions."""
        return sum(p.group == group and p.blocks == blocking for p in self.points)

    @property
    def groups(self) -> list[str]:
        """What its points come from: what blocks first, then in the order of weight."""
        held = [g for g in GROUPS if any(p.group == g for p in self.points)]
        return sorted(held, key=lambda g: not self.count(g, blocking=True))

    @property
    def headline(self) -> str:
        """The verdict and what it hangs on, to be read at a glance."""
        blocking = sum(p.blocks for p in self.points)
        said = [f"{plural(blocking, 'point blocks', 'points block')}"] if blocking else []
        left = len(self.points) - blocking
        said += [plural(left, "condition")] if left else []
        most = [g for g in self.groups if self.count(g, blocking=True)] or self.groups
        where = f" ({', '.join(_small(g) for g in most)})" if most else ""
        if blocking:
            return f"{self.verdict.capitalize()}: {said[0]}{where}{f'; {said[1]} besides' if left else ''}."
        return (
            f"{self.verdict.capitalize()}{f': {said[0]}{where}' if left else ': nothing stands in the way'}."
        )

    @property
    def sentences(self) -> list[str]:
        """What each point says, in their order."""
        return [p.sentence for p in self.points]


def gates(plan: Plan, reference: Reference) -> list[Gate]:
    """The gate of every service, the findings of the thread looked up once for all of them."""
    from workbook.steps import thread

    found: dict[int, list[Finding]] = {}
    for finding in thread.findings(plan, reference):
        if place := _SERVICE.match(finding.path):
            found.setdefault(int(place[1]), []).append(finding)
    return [
        _gate(plan, reference, service, found.get(n, []))
        for n, service in enumerate(plan.decommissioning.services)
    ]


def gate_of(plan: Plan, reference: Reference, service: Service) -> Gate:
    """The gate of one service; for several ask :func:`gates`."""
    from workbook.steps import thread

    return _gate(plan, reference, service, thread.of_service(plan, reference, service))


def _gate(plan: Plan, reference: Reference, service: Service, found: list[Finding]) -> Gate:
    points = [
        *_without_name(service),
        *_of_checks(reference, service),
        *_of_considered(plan, reference, service),
    ]
    points += [
        Point(group_of(f.code), f.sentence, f.severity == "blocks", f.remedy)
        for f in found
        if f.severity != "note" and f.code not in _SAID_BY_BANK
    ]
    holding = {p.group for p in points if p.blocks}
    unique = tuple(
        dict.fromkeys(
            sorted(points, key=lambda p: (p.group not in holding, GROUPS.index(p.group), not p.blocks))
        )
    )
    if any(p.blocks for p in unique):
        return Gate(NOT_READY, unique)
    return Gate(CONDITIONS if unique else READY, unique)


def _without_name(service: Service) -> list[Point]:
    """Nobody can tell what is decided on a service that has no name."""
    blank = banks.is_asked(service) and not service.name.strip()
    return [Point(RECORD, "The service has no name.", True)] if blank else []


def _of_considered(plan: Plan, reference: Reference, service: Service) -> list[Point]:
    """What the thread will ask once a service that is only considered is decided: said ahead, as conditions."""
    if service.decision != "considering":
        return []
    left = need.unplaced(service)
    above = quality.above_gate(quality.matrix(plan, reference), service)
    groups = equality.open_groups(reference, service)
    ahead = (
        (NEED, left > 0.5, f"Of its users {number(left, 0)} a year have no place to go yet."),
        (IMPACT, not service.quality, "Quality impact has not been scored."),
        (
            IMPACT,
            bool(above) and not service.assessed,
            f"Quality: {plural(len(above), 'area asks', 'areas ask')} for a full assessment that is not recorded.",
        ),
        (
            IMPACT,
            bool(groups),
            f"Equality: {plural(len(groups), 'group')} without an answer or a reason why.",
        ),
        (
            DUTIES,
            service.substantial and not service.consulted and not service.urgent,
            "Health scrutiny has not been consulted.",
        ),
        (
            DUTIES,
            service.substantial and not service.notified and not service.urgent,
            "The Secretary of State has not been notified.",
        ),
    )
    return [Point(group, sentence, False) for group, holds, sentence in ahead if holds]


def _small(group: str) -> str:
    """The name of a group within a sentence."""
    return group[:1].lower() + group[1:]


def group_of(code: str) -> str:
    """What a finding comes from, by its code."""
    for group, starts in _GROUP_OF:
        if code.startswith(starts):
            return group
    return LINKS


def _of_checks(reference: Reference, service: Service) -> list[Point]:
    """What the questions say, by bank: an open question or a no blocks, one met in part is a condition."""
    by_bank: dict[str, tuple[str, dict[str, int]]] = {}
    named: dict[str, list[str]] = {}
    for one in banks.asked(reference, service):
        if one.counts:
            if one.answer == "no":
                named.setdefault(one.bank.id, []).append(one.item.label)
            _, counts = by_bank.setdefault(
                one.bank.id, (banks.short_title(one.bank), dict.fromkeys(banks.ANSWERS, 0))
            )
            counts[one.answer] += 1
    points = []
    for bank, (title, counts) in by_bank.items():
        group = DUTIES if bank in _DUTY_BANKS else CHECKS
        for answer, verb, blocks in (
            ("no", "answered no", True),
            ("", "not answered yet", True),
        ):
            if counts[answer]:
                isare = "is" if counts[answer] == 1 else "are"
                which = _named(named[bank]) if answer == "no" else ""
                said = f"{title}: {plural(counts[answer], 'question')} {isare} {verb}{which}."
                points.append(Point(group, said, blocks))
    for group in (CHECKS, DUTIES):
        parts = sum(c["partly"] for b, (_, c) in by_bank.items() if (b in _DUTY_BANKS) == (group == DUTIES))
        if parts:
            said = f"{plural(parts, 'question is', 'questions are')} met only in part."
            points.append(Point(group, said, False))
    return points


def _named(labels: list[str]) -> str:
    """The first questions that were answered no, after their number."""
    left = len(labels) - _MOST_NAMED
    more = [f"{number(left, 0)} more"] if left > 0 else []
    return f": {listed([*(f'“{label}”' for label in labels[:_MOST_NAMED]), *more])}"


def tree(service: Service, gate: Gate) -> Tree:
    """What stands in the way, by what it comes from; what blocks stands first."""
    branches = []
    for blocks, standing in ((True, "blocks"), (False, "condition")):
        for group in gate.groups:
            own = tuple(Branch(p.sentence) for p in gate.points if (p.group, p.blocks) == (group, blocks))
            if own:
                branches.append(Branch(f"{group}: {standing if blocks else plural(len(own), standing)}", own))
    title = "What stands in the way" if gate.verdict == NOT_READY else "On these conditions"
    return Tree(f"gate-{service.id}", title, tuple(branches))

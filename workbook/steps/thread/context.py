"""What every rule works with: the plan, and what is worked out from it at most once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from workbook.blocks import Finding, Severity
from workbook.plan import Plan
from workbook.plan.sections import Ambition, Scheme, Service
from workbook.reference import Reference
from workbook.steps import lines, standing
from workbook.steps.money import Money, money


@dataclass(frozen=True)
class Context:
    """A plan with what is worked out from it, worked out at most once."""

    plan: Plan
    reference: Reference

    @cached_property
    def money(self) -> Money:
        return money(self.plan, self.reference)

    @cached_property
    def outlooks(self) -> dict[int, lines.Outlook | None]:
        group = standing.peers_of(self.plan, self.reference)
        return {
            n: lines.outlook(self.plan, self.reference, a, group)
            for n, a in enumerate(self.plan.ambitions.items)
        }

    @cached_property
    def funded(self) -> list[Scheme]:
        return [s for s in self.plan.budget.schemes if s.funded]

    @cached_property
    def stopping(self) -> list[Service]:
        return [s for s in self.plan.decommissioning.services if s.decision == "stop"]


Rule = Callable[[Context], Iterator[Finding]]
RULES: list[Rule] = []


def rule(function: Rule) -> Rule:
    """Register a rule; the order here is the order on the page within one severity."""
    RULES.append(function)
    return function


def finding(code: str, severity: Severity, sentence: str, remedy: str, step: str, path: str) -> Finding:
    return Finding(code, severity, sentence, remedy, step, path)


def is_set(ambition: Ambition) -> bool:
    """Whether a level, or an ambition in words, has been chosen."""
    return bool(ambition.levels or ambition.line or ambition.in_words)

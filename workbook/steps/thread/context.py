"""What every rule works with: the plan, and what is worked out from it at most once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from workbook.blocks import Finding, Severity
from workbook.plan import Plan
from workbook.plan.sections import Ambition, Scheme, Service
from workbook.reference import Reference
from workbook.steps import lines, standing
from workbook.steps.money import Money, money

_ESTIMATE = "population-mid-year"


@dataclass(frozen=True)
class Context:
    """A plan with what is worked out from it, worked out at most once."""

    plan: Plan
    reference: Reference
    so_far: list[Finding] = field(default_factory=list)  # what the rules before found

    @property
    def people_year(self) -> int:
        """The year whose people are counted: the base year, or the nearest one on hand."""
        return self._counted[0]

    @property
    def people(self) -> float:
        """The people who live in the area in that year; 0 where neither a projection nor an estimate is on hand."""
        return self._counted[1]

    @cached_property
    def _counted(self) -> tuple[int, float]:
        """A projection's first year from the base year on, else the mid-year estimate up to the base year."""
        base, code = self.plan.base_year, self.plan.area.code
        known = self.reference.population(code)
        if len(known):
            year = max(base, int(known["year"].min()))
            return year, float(known.loc[known["year"] == year, "population"].sum())
        rows = self.reference.series(_ESTIMATE, areas=[standing.known_code(self.reference, code) or code])
        estimates = (
            rows.dropna(subset=["value"]).drop_duplicates("year").set_index("year")["value"].sort_index()
        )
        if estimates.empty:
            return base, 0.0
        year = int(max((y for y in estimates.index if y <= base), default=estimates.index.min()))
        return year, float(estimates[year])

    @cached_property
    def money(self) -> Money:
        """The five-year money."""
        return money(self.plan, self.reference)

    @cached_property
    def outlooks(self) -> dict[int, lines.Outlook | None]:
        """The lines of every ambition by its place in the plan; None where its measure is not on hand."""
        group = standing.peers_of(self.plan, self.reference)
        return {
            n: lines.outlook(self.plan, self.reference, a, group)
            for n, a in enumerate(self.plan.ambitions.items)
        }

    @cached_property
    def funded(self) -> list[Scheme]:
        """The schemes that count."""
        return [s for s in self.plan.budget.schemes if s.funded]

    @cached_property
    def stopping(self) -> list[Service]:
        """The services that are to be stopped."""
        return [s for s in self.plan.decommissioning.services if s.decision == "stop"]


Look = Callable[[Context], Iterator[Finding]]


@dataclass(frozen=True)
class Rule:
    """One kind of broken or doubtful link: how to look for it, and the parts of the plan that it joins.

    A rule that joins fewer than two parts looks at one of them alone: it is no link, and is not counted as one.
    """

    look: Look
    joins: tuple[str, ...]

    @property
    def is_link(self) -> bool:
        """Whether it joins two parts or more."""
        return len(set(self.joins)) > 1

    @property
    def says(self) -> str:
        """What it looks for: the first line of its docstring, else its name."""
        words = self.look.__doc__ or f"{self.name.replace('_', ' ').capitalize()}."
        return words.strip().split("\n")[0]

    @property
    def name(self) -> str:
        return self.look.__name__

    def __call__(self, context: Context) -> Iterator[Finding]:
        return self.look(context)


# The parts of a plan that a rule can join.
PARTS = (
    *("needs", "ambitions", "scope", "money", "fund", "schemes", "value"),
    *("stopping", "risks", "assumptions", "sign-off"),
)
RULES: list[Rule] = []


def rule(*joins: str) -> Callable[[Look], Look]:
    """Register a rule that joins these parts; the order here is the order on the page within one severity."""
    unknown = set(joins) - set(PARTS)
    if unknown:
        raise ValueError(f"no part of a plan: {', '.join(sorted(unknown))}")

    def register(look: Look) -> Look:
        RULES.append(Rule(look, joins))
        return look

    return register


def finding(code: str, severity: Severity, sentence: str, remedy: str, step: str, path: str) -> Finding:
    """One finding with all it needs to say."""
    return Finding(code, severity, sentence, remedy, step, path)


def is_set(ambition: Ambition) -> bool:
    """Whether a level, or an ambition in words, has been chosen."""
    return bool(ambition.levels or ambition.line or ambition.in_words)

"""Findings by the link they concern, and many of one kind as one: sixty of them must stay readable.

Beside its field every finding stands alone; where all are listed, more than eight that say the same of
different entries become one with the entries named, and in the annex of a plan more than three.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from workbook.blocks import SEVERITIES, Cell, Column, Finding, Table
from workbook.steps.thread.context import PARTS, Rule
from workbook.words import listed, some

_ALIKE = 8  # so many of one kind are told one by one
_PARTS = 4  # a link of more parts is one of the whole plan
_NAMED = 60  # so many entries are named; the others are counted
_QUOTED = re.compile("“[^”]+”")
_AMBITION = re.compile(r"^Ambition (\d)\b")
_ORDER = list(SEVERITIES)

# What each part of a plan is called where findings are grouped.
_WORDS = {
    "needs": "needs",
    "ambitions": "ambitions",
    "scope": "the scope",
    "money": "five-year money",
    "fund": "the pooled fund",
    "schemes": "schemes",
    "value": "value for money",
    "stopping": "services that stop",
    "risks": "risks",
    "assumptions": "assumptions",
    "sign-off": "decisions and sign-off",
}

Found = tuple[Rule, Finding]


@dataclass(frozen=True)
class Link:
    """The findings on one link between parts of the plan, or within one part."""

    joins: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def title(self) -> str:
        """ "Between needs and ambitions", or "Within schemes"."""
        named = [_WORDS[part] for part in self.joins]
        if len(named) > _PARTS:
            return "Across the whole plan"
        return f"Between {listed(named)}" if len(named) > 1 else f"Within {listed(named)}"

    def count(self, severity: str) -> int:
        """How many of its findings are of one severity."""
        return sum(f.severity == severity for f in self.findings)


def by_link(found: Iterable[Found]) -> list[Link]:
    """The findings grouped by the parts that their rules join, in the order of the thread."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for rule, finding in found:
        groups.setdefault(_joins(rule, finding), []).append(finding)
    order = sorted(groups, key=lambda joins: [PARTS.index(part) for part in joins])
    return [Link(joins, tuple(sorted(groups[joins], key=_weight))) for joins in order]


def _joins(rule: Rule, finding: Finding) -> tuple[str, ...]:
    """The parts in the order of the thread; a rule of one part says it, or its findings' place does."""
    named = tuple(sorted(set(rule.joins), key=PARTS.index))
    return named or (_part_of(finding.path),)


_PLACES = {
    "needs": "needs",
    "ambitions": "ambitions",
    "assumptions": "assumptions",
    "decommissioning": "stopping",
    "decisions": "sign-off",
    "sign_off": "sign-off",
    "budget/schemes": "schemes",
    "budget/interventions": "schemes",
    "budget/scope": "scope",
    "budget/fund": "fund",
    "budget/contracts": "fund",
    "budget/value": "value",
    "budget/risks": "risks",
    "budget": "money",
}


def _part_of(path: str) -> str:
    return next((part for place, part in _PLACES.items() if path.startswith(f"/{place}")), "sign-off")


def _weight(finding: Finding) -> int:
    return _ORDER.index(finding.severity)


def joined(findings: Sequence[Finding], named: int = _NAMED, alone: int = _ALIKE) -> list[Finding]:
    """The findings, more than ``alone`` of one code and severity as one that names every entry, or the first ``named``."""
    return [
        one for alike in _kinds(findings) for one in ([_one(alike, named)] if len(alike) > alone else alike)
    ]


def left_out(findings: Sequence[Finding], told: Sequence[Finding]) -> int:
    """How many of the findings those ``told``, some of them joined, do not stand for."""
    kinds = {_kind(finding) for finding in told}
    whole = sum(len(alike) for alike in _kinds(findings) if len(alike) > _ALIKE and _kind(alike[0]) in kinds)
    return len(findings) - whole - sum(finding in findings for finding in told)


def _kind(finding: Finding) -> tuple[str, str, str, str]:
    return (finding.code, finding.severity, finding.step, finding.remedy)


def _kinds(findings: Sequence[Finding]) -> list[list[Finding]]:
    kinds: dict[tuple[str, str, str, str], list[Finding]] = {}
    for finding in findings:
        kinds.setdefault(_kind(finding), []).append(finding)
    return list(kinds.values())


def _one(alike: list[Finding], named: int) -> Finding:
    """ "...first sentence... The same kind is found 39 times more: “B”, “C” and 37 others." """
    first, *rest = alike
    told = [name for name in dict.fromkeys(map(_name, rest)) if name and name != _name(first)]
    more = f"The same kind is found {len(rest)} times more"
    if not told:
        return replace(first, sentence=f"{first.sentence} {more}.")
    whose = "ambitions " if all(_AMBITION.match(f.sentence) for f in alike) else ""
    return replace(first, sentence=f"{first.sentence} {more}: {whose}{some(told, named)}.")


def _name(finding: Finding) -> str:
    """The entry that a finding is about: the number of its ambition, or the first words in quotation marks."""
    if ambition := _AMBITION.match(finding.sentence):
        return ambition[1]
    found = _QUOTED.search(finding.sentence)
    return found.group() if found else ""


def counted(links: Sequence[Link]) -> Table:
    """How many findings there are on each link, by weight."""
    columns = (
        Column("link", "Link"),
        *(Column(severity, label, "", 0) for severity, label in SEVERITIES.items()),
        Column("all", "All", "", 0),
    )
    rows: list[tuple[Cell, ...]] = [
        (link.title, *(link.count(s) for s in SEVERITIES), len(link.findings)) for link in links
    ]
    return Table("findings-by-link", "Findings by link", columns, tuple(rows))

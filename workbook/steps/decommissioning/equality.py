"""Equality impact: every group answered, or the missing evidence explained.

Equality Act 2010, section 149 asks for due regard to each protected
characteristic; the inclusion groups stand beside them.
"""

from __future__ import annotations

from dataclasses import dataclass

from workbook.blocks import Block, Column, Item, Question, Table, Words, table
from workbook.plan import Plan
from workbook.plan.sections import EqualityImpact, Service
from workbook.reference import Reference
from workbook.reference.equality import EqualityGroup
from workbook.steps import asking
from workbook.steps.kept import once
from workbook.words import listed, plural, some

_EFFECTS = {
    "worse": "worse off",
    "not-known": "not known",
    "better": "better off",
    "none": "without an effect",
}
_FIELDS = ("effect", "evidence", "missing", "mitigation")


@dataclass(frozen=True)
class Impact:
    """One group and what is said of it; ``entry`` is empty where nothing is."""

    group: EqualityGroup
    entry: EqualityImpact

    @property
    def answered(self) -> bool:
        """Whether the effect is said, or why it is not known: "not known" alone is no answer."""
        return bool(self.entry.missing) if self.entry.effect in ("", "not-known") else True

    @property
    def bare(self) -> bool:
        """Whether an effect is claimed without anything that shows it."""
        return self.entry.effect in ("better", "none", "worse") and not (
            self.entry.evidence or self.entry.missing
        )


_NOTHING = EqualityImpact()


def impacts(reference: Reference, service: Service) -> list[Impact]:
    """Every group of the tables, in their order, with what the plan says of it."""
    return [Impact(g, service.equality.get(g.id, _NOTHING)) for g in reference.equality_groups()]


def open_groups(reference: Reference, service: Service) -> list[str]:
    """The groups without an answer and without a reason why there is none."""
    return [i.group.label for i in impacts(reference, service) if not i.answered]


def worse_without_mitigation(reference: Reference, service: Service) -> list[str]:
    """The groups that are worse off and for whom nothing is done."""
    return [
        i.group.label
        for i in impacts(reference, service)
        if i.entry.effect == "worse" and not i.entry.mitigation
    ]


def part(reference: Reference, service: Service) -> list[Block]:
    """How many groups are worse off, not known or not asked, and the table of those that need reading."""
    found = impacts(reference, service)
    said = [i for i in found if i.entry != _NOTHING]
    if not said:
        return [
            Words(
                (
                    f"None of the {len(found)} groups has been looked at yet, neither the nine protected "
                    "characteristics nor the others.",
                )
            )
        ]
    blocks: list[Block] = [Words((summary(reference, service),))]
    told = [i for i in said if i.entry.effect != "none" or i.bare]
    return [*blocks, _table(service, told)] if told else blocks


def summary(reference: Reference, service: Service) -> str:
    """The standing of all groups in one sentence or two, in words and numbers."""
    found = impacts(reference, service)
    by: dict[str, list[str]] = {}
    for impact in found:
        by.setdefault(impact.entry.effect if impact.entry != _NOTHING else "", []).append(impact.group.label)
    parts = [f"{len(by[effect])} {words}" for effect, words in _EFFECTS.items() if by.get(effect)]
    said = f"Of {plural(len(found), 'group')}: {listed(parts)}." if parts else ""
    explained = [i for i in found if i.entry.effect in ("", "not-known") and i.entry.missing]
    if explained:
        said += f" For {plural(len(explained), 'group')} the missing evidence is explained."
    left = open_groups(reference, service)
    if left:
        said += f" Neither an answer nor a reason why there is none: {some([w.lower() for w in left], 5)}."
    return said.strip()


def _table(service: Service, told: list[Impact]) -> Table:
    order = list(_EFFECTS)
    alike: dict[tuple[str, str, str], list[str]] = {}
    for i in sorted(told, key=lambda i: order.index(i.entry.effect) if i.entry.effect in order else 9):
        alike.setdefault(_said_of(i), []).append(i.group.label)
    rows = [
        {"group": "; ".join(groups), "effect": effect, "evidence": evidence, "mitigation": mitigation}
        for (effect, evidence, mitigation), groups in alike.items()
    ]
    return table(
        f"equality-{service.id}",
        f"{service.name}: groups for whom something changes, or is not known",
        [
            Column("group", "Group"),
            Column("effect", "Effect"),
            Column("evidence", "What shows it, or why nothing does"),
            Column("mitigation", "What is done about it"),
        ],
        rows,
        source="Inputs of this plan; groups: Equality Act 2010, Core20PLUS5, inclusion health framework",
        note="Groups for whom no effect is expected, with evidence, are left out here and stand with the answers.",
        missing="",
    )


def _said_of(impact: Impact) -> tuple[str, str, str]:
    """Effect, evidence and mitigation in words: groups of which the same is said share a row."""
    entry = impact.entry
    evidence = entry.evidence or (f"Missing: {entry.missing}" if entry.missing else "none given")
    mitigation = entry.mitigation or ("nothing is said" if entry.effect == "worse" else "")
    return _EFFECTS.get(entry.effect, "not answered"), evidence, mitigation


def questions(plan: Plan, reference: Reference, index: int, service: Service) -> list[Question]:
    """One group of questions for each group of people, bound to its place in the plan."""
    base = f"/decommissioning/services/{index}/equality"
    forms = _forms(plan, reference)
    return [_group(forms, base, i) for i in impacts(reference, service)]


def _forms(plan: Plan, reference: Reference) -> list[Question]:
    """The four questions as the schema draws them, worked out once for all groups and services."""
    here = "/decommissioning/services/0/equality/age"
    return once(
        plan,
        reference,
        ("equality forms",),
        lambda: [asking.ask(plan, reference, f"{here}/{name}") for name in _FIELDS],
    )


def _group(forms: list[Question], base: str, impact: Impact) -> Question:
    path = f"{base}/{impact.group.id}"
    # Built field by field: a large plan has thousands of these, and a copied question takes several times as long.
    inner = tuple(
        Question(
            path=f"{path}/{name}",
            prompt=form.prompt,
            kind=form.kind,
            answer=getattr(impact.entry, name),
            help=form.help,
            source=form.source,
            choices=form.choices,
            required=form.required,
        )
        for form, name in zip(forms, _FIELDS, strict=True)
    )
    return Question(
        path=path,
        prompt=impact.group.label,
        kind="group",
        help=impact.group.note,
        source=impact.group.source,
        items=(Item(impact.group.label, inner),),
        detail=True,
    )

"""What the schemes of a plan deliver of an ambition: whose effect counts, and how much it is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbook.methods import effects, phasing
from workbook.plan import Plan
from workbook.plan.sections import AmbitionEffect, Scheme
from workbook.words import listed, plural


@dataclass(frozen=True)
class Delivery:
    """One scheme that names an ambition: its place in the plan, what it changes, or why it counts for nothing.

    ``amounts`` is the change of the measure in each year of the plan, in its
    unit; ``reach`` the share in effect; ``effect`` what it states for this ambition.
    """

    index: int
    scheme: Scheme
    effect: AmbitionEffect | None
    missing: str
    reach: tuple[float, ...]
    amounts: tuple[float, ...]

    @property
    def counts(self) -> bool:
        return not self.missing

    @property
    def ranged(self) -> bool:
        """Whether the scheme says how far its effect may lie from the one stated."""
        return self.effect is not None and self.effect.low is not None and self.effect.high is not None


def deliver(
    plan: Plan, number: int, value: Sequence[float], lower: Sequence[float], upper: Sequence[float]
) -> tuple[effects.Applied, tuple[Delivery, ...]]:
    """The do-nothing line of ambition ``number`` with the effects of the schemes that serve it.

    A scheme counts with an effect whose source is named, once it is funded and
    has a starting year; the others are kept with the reason.
    """
    serving = [(n, s) for n, s in enumerate(plan.budget.schemes) if number in s.ambitions]
    counting = [s for _, s in serving if not _missing(s, plan, number)]
    stated = [_effect(plan, s, effect) for s in counting if (effect := effect_on(s, number))]
    found = effects.applied(value, lower, upper, stated)
    amounts = {id(s): row for s, row in zip(counting, found.amounts.tolist(), strict=True)}
    nothing = [0.0] * len(value)
    return found, tuple(
        Delivery(
            n,
            s,
            effect_on(s, number),
            _missing(s, plan, number),
            tuple(_reach(plan, s).tolist()),
            tuple(amounts.get(id(s), nothing)),
        )
        for n, s in serving
    )


def how(delivered: Sequence[Delivery], band: bool) -> str:
    """How the line with the schemes is made, in a sentence without its full stop."""
    counting = [d for d in delivered if d.counts]
    if not counting:
        return "no funded scheme states an effect with its source, so this is the do-nothing line"
    many = len(counting) > 1
    said = (
        f"the do-nothing line times the {'effects' if many else 'effect'} of {plural(len(counting), 'funded scheme')}"
        f"{': an effect acts on what the ones before have left' if many else ''}"
    )
    if not band:
        return f"{said}. There is no interval, because the do-nothing line has none"
    said += (
        ". The band joins that line's own with the ranges stated for the effects, each taken to hold the effect "
        "in 8 cases of 10 and to be independent of the others"
    )
    bare = [f"“{d.scheme.name}”" for d in counting if not d.ranged]
    states = "states" if len(bare) == 1 else "state"
    return (
        f"{said}. {listed(bare)} {states} no range, so the band is narrower than it should be"
        if bare
        else said
    )


def effect_on(scheme: Scheme, number: int) -> AmbitionEffect | None:
    """What a scheme states for the measure of one ambition; None where it states nothing."""
    return next((e for e in scheme.effects if e.ambition == number and e.percent), None)


def _missing(scheme: Scheme, plan: Plan, number: int) -> str:
    """Why the effect of a scheme counts for nothing; "" where it counts."""
    if not scheme.funded:
        return "not funded"
    if effect_on(scheme, number) is None:
        return "no effect stated"
    if not scheme.evidence_source:
        return "no source for its effect"
    if scheme.start_year is None:
        return "no starting year"
    return f"starts after {plan.last_year}" if scheme.start_year > plan.last_year else ""


def _reach(plan: Plan, scheme: Scheme) -> np.ndarray:
    return phasing.effect(plan.years, scheme.start_year, scheme.ramp)


def _effect(plan: Plan, scheme: Scheme, stated: AmbitionEffect) -> effects.Effect:
    def share(percent: float | None) -> float:
        return math.nan if percent is None else percent / 100

    return effects.Effect(share(stated.percent), share(stated.low), share(stated.high), _reach(plan, scheme))

"""Value for money: what was scored, what it costs, which options do most, and what of the funded does least."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean
from typing import Literal

from workbook.methods import value as star
from workbook.plan import Plan
from workbook.plan.sections import BenefitScore, Scheme
from workbook.reference import Reference
from workbook.steps.kept import once
from workbook.words import money as pounds
from workbook.words import number

Kind = Literal["scheme", "service", "line"]
PER = "points for £1,000"


@dataclass(frozen=True)
class Option:
    """One thing that money is spent on, or could be, as people scored it.

    ``benefit`` (0 to 100) and ``chance`` (0 to 1) are means over those who
    scored it, NaN where nobody did; a chance that nobody gave is taken as
    certain. ``cost`` in £000s a year, ``value`` in points a year, ``per`` in
    points for £1,000. ``index`` is its place in its list of the plan.
    """

    kind: Kind
    id: str
    index: int
    name: str
    funded: bool
    cost: float
    people: float
    benefit: float
    chance: float
    chance_given: bool
    scored_by: int
    group: str = ""
    after: tuple[str, ...] = ()

    @cached_property
    def key(self) -> str:
        """Kind and id, as a score names the option."""
        return f"{self.kind}:{self.id}"

    @cached_property
    def value(self) -> float:
        """Points a year; NaN where benefit or people are not known."""
        return float(star.points(self.benefit, self.people, self.chance))

    @cached_property
    def per(self) -> float:
        """Points for £1,000."""
        return float(star.per_cost(self.value, self.cost))

    @property
    def known(self) -> bool:
        """Whether benefit, people and cost are all there, so that it can be compared."""
        return not math.isnan(self.value) and (self.cost > 0 or self.kind == "scheme")


@dataclass(frozen=True)
class Candidate:
    """Something that is funded already, with the value that each pound of it buys.

    ``cost`` is what stopping would release, in £000s a year; ``per`` is points for
    £1,000. ``considered`` says where step 4 has it already: "" where it has not.
    ``beaten``: an option that is not funded would buy more for each pound.
    """

    kind: Kind
    id: str
    name: str
    value: float
    cost: float
    per: float
    why: str
    considered: str
    beaten: bool


def annual_cost(scheme: Scheme, horizon: int) -> float:
    """The running cost of a scheme with its set-up cost spread evenly over the years of the plan, £000s a year."""
    return scheme.recurrent_cost + scheme.set_up_cost / max(horizon, 1)


def options(plan: Plan, reference: Reference) -> tuple[Option, ...]:
    """Every scheme, service and budget line with its scores, in the order of the plan; gathered once for all pages."""
    return once(plan, reference, ("valued options",), lambda: _options(plan))


def _options(plan: Plan) -> tuple[Option, ...]:
    scores: dict[str, list[BenefitScore]] = {}
    for score in plan.budget.value.scores:
        scores.setdefault(score.option, []).append(score)

    def of(kind: Kind, n: int, entry: object, funded: bool, cost: float, people: float | None) -> Option:
        id, name = str(getattr(entry, "id", "")), str(getattr(entry, "name", ""))
        given = scores.get(f"{kind}:{id}", [])
        benefits = [s.benefit for s in given if s.benefit is not None]
        chances = [s.chance for s in given if s.chance is not None]
        return Option(
            kind,
            id,
            n,
            name or id,
            funded,
            cost,
            math.nan if people is None else people,
            fmean(benefits) if benefits else math.nan,
            fmean(chances) if chances else 1.0,
            bool(chances),
            len(benefits),
            *((entry.variant_of, tuple(entry.after)) if isinstance(entry, Scheme) else ()),
        )

    return (
        *(
            of("scheme", n, s, s.funded, annual_cost(s, plan.horizon), s.people)
            for n, s in enumerate(plan.budget.schemes)
        ),
        *(
            of("service", n, s, True, s.annual_cost, s.users or None)
            for n, s in enumerate(plan.decommissioning.services)
        ),
        *(of("line", n, x, True, x.amount, x.people) for n, x in enumerate(plan.budget.lines)),
    )


def candidates(plan: Plan, reference: Reference) -> tuple[Candidate, ...]:
    """What is funded already, the least value for each pound first: the same chain read backwards.

    Only what was scored and has people and a cost: services and budget lines
    that run, and schemes that are funded. Empty where nothing was scored.
    """
    known = [o for o in options(plan, reference) if o.known]
    waiting = [o for o in known if o.kind == "scheme" and not o.funded and o.cost > 0]
    best = max(waiting, key=lambda o: o.per, default=None)
    running = [o for o in known if o.funded and o.cost > 0]
    places = star.order([o.value for o in running], [o.cost for o in running])[::-1].tolist()
    return tuple(_candidate(plan, running[n], best) for n in places)


def _candidate(plan: Plan, option: Option, best: Option | None) -> Candidate:
    said = f"“{option.name}” buys {number(option.per, 1)} {PER}; stopping it would release {pounds(option.cost)} a year"
    beaten = best is not None and option.per < best.per
    if best is None:
        said += ". No scored scheme waits for money."
    elif beaten:
        said += f". The unfunded scheme “{best.name}” would buy {number(best.per, 1)}."
    else:
        said += (
            f". No unfunded scheme would buy more: the best of them, “{best.name}”, {number(best.per, 1)}."
        )
    return Candidate(
        option.kind,
        option.id,
        option.name,
        option.value,
        option.cost,
        option.per,
        said,
        _considered(plan, option),
        beaten,
    )


_DECISIONS = {
    "considering": "being considered",
    "stop": "to be stopped",
    "change": "to be changed",
    "keep": "to be kept",
}


def _considered(plan: Plan, option: Option) -> str:
    """What step 4 says of it so far."""
    services = plan.decommissioning.services
    if option.kind == "service":
        return _DECISIONS[services[option.index].decision]
    named = [s.name for s in services if option.kind == "line" and s.line == option.id]
    return f"in part: {', '.join(f'“{name}”' for name in named)}" if named else ""

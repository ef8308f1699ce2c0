"""Rules on value for money: scores that cannot be relied on, and money that goes against them without a reason."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from workbook.blocks import Finding
from workbook.steps.budget.value import PER, Option, annual_cost, options
from workbook.steps.budget.value_judged import judged
from workbook.steps.thread.context import Context, finding, rule
from workbook.words import listed, number, plural, some
from workbook.words import money as pounds

_FEW = 3  # one figure for fewer options than these may be chance


def _schemes(c: Context) -> list[Option]:
    return [o for o in options(c.plan, c.reference) if o.kind == "scheme"]


@rule("schemes", "money")
def two_variants_funded(c: Context) -> Iterator[Finding]:
    """More than one version of what can be bought only once."""
    groups: dict[str, list[int]] = {}
    for n, scheme in enumerate(c.plan.budget.schemes):
        if scheme.funded and scheme.variant_of:
            groups.setdefault(scheme.variant_of, []).append(n)
    for name, places in groups.items():
        if len(places) > 1:
            some_ = [c.plan.budget.schemes[n] for n in places]
            cost = sum(annual_cost(s, c.plan.horizon) for s in some_)
            yield finding(
                "two-variants-funded",
                "doubt",
                f"{listed(f'“{s.name}”' for s in some_)} are variants of “{name}”, of which only one can be chosen, and "
                f"{len(places)} are funded, for {pounds(cost)} a year.",
                "Fund one, or say that they are schemes of their own.",
                "budget",
                f"/budget/schemes/{places[-1]}/variant_of",
            )


@rule("schemes", "value")
def funded_though_dominated(c: Context) -> Iterator[Finding]:
    """A funded variant that another beats, by as much value for no more money."""
    found = judged(c.plan, c.reference)
    for _, group in found.variants if found else ():
        for v in group:
            if v.state != "dominated" or v.by[0] < 0 or found is None or not found.options[v.option].funded:
                continue
            mine, other = found.options[v.option], found.options[v.by[0]]
            yield finding(
                "funded-though-dominated",
                "doubt",
                f"“{mine.name}” is funded at {pounds(mine.cost)} a year with {number(mine.value, 0)} points; its variant “{other.name}” "
                f"does {number(other.value, 0)} points for {pounds(other.cost)}.",
                "Fund the variant that does more for no more money, or say what the scores leave out.",
                "budget",
                f"/budget/schemes/{mine.index}/funded",
            )


@rule("schemes", "value", "sign-off")
def better_value_waits(c: Context) -> Iterator[Finding]:
    """A scheme that is not funded, scored higher for each pound than ones that are, without a decision that says why."""
    found = _schemes(c)
    known = [o for o in found if o.known and o.cost > 0]
    said = " ".join(f"{d.what} {d.rationale}" for d in c.plan.decisions).casefold()
    funded = sorted((o for o in known if o.funded and o.name.casefold() not in said), key=lambda o: o.per)
    places = [o.per for o in funded]
    running = {o.id for o in found if o.funded}
    groups = {o.group for o in found if o.funded and o.group}
    for o in known:
        if o.funded or o.group in groups or not running.issuperset(o.after) or o.name.casefold() in said:
            continue
        lower = bisect_left(places, o.per)
        if lower:
            yield finding(
                "better-value-waits",
                "doubt",
                f"“{o.name}” is not funded, although it was scored at {number(o.per, 1)} {PER}: more than "
                f"{plural(lower, 'funded scheme')}, the lowest of them “{funded[0].name}” with {number(places[0], 1)}.",
                "Fund it, or write down the decision that says why not, by its name.",
                "budget",
                f"/budget/schemes/{o.index}/funded",
            )


@rule("schemes", "value")
def schemes_above_the_money(c: Context) -> Iterator[Finding]:
    """Funded schemes that cost more a year than the money for new schemes."""
    money = c.plan.budget.value.money
    cost = sum(annual_cost(s, c.plan.horizon) for s in c.funded)
    if money is not None and cost > money + 0.5:
        yield finding(
            "schemes-above-the-money",
            "doubt",
            f"The funded schemes cost {pounds(cost)} a year, set-up spread over {plural(c.plan.horizon, 'year')}, and the money for new "
            f"schemes is {pounds(money)}.",
            "Fund less, or say where the rest comes from.",
            "budget",
            "/budget/value/money",
        )


@rule("schemes", "value")
def scores_missing(c: Context) -> Iterator[Finding]:
    """Schemes that nobody scored, once others were; and scores without people to multiply them by."""
    found = _schemes(c)
    if not any(o.scored_by for o in found):
        return
    without = [o for o in found if not o.scored_by]
    if without:
        yield finding(
            "scores-missing",
            "doubt" if any(o.funded for o in without) else "note",
            f"{plural(len(without), 'scheme')} of {len(found)} {'has' if len(without) == 1 else 'have'} no benefit score, so "
            f"{'it' if len(without) == 1 else 'they'} cannot be compared: {some([f'“{o.name}”' for o in without], 5)}.",
            "Ask those who scored the others.",
            "budget",
            "/budget/value/scores",
        )


@rule("schemes", "value")
def benefits_nobody(c: Context) -> Iterator[Finding]:
    """A scored and funded scheme that reaches nobody, or does not say whom."""
    for o in _schemes(c):
        if o.funded and o.scored_by and not o.people > 0:
            says = "reaches nobody" if o.people == 0 else "does not say how many people it reaches"
            yield finding(
                "benefits-nobody",
                "doubt",
                f"“{o.name}” was scored by {plural(o.scored_by, 'person', 'people')} and {says}, so its value is "
                f"{'nothing' if o.people == 0 else 'not known'} for {pounds(o.cost)} a year.",
                "Enter the people it reaches a year at full scale.",
                "budget",
                f"/budget/schemes/{o.index}/people",
            )


@rule("schemes", "value")
def scores_all_alike(c: Context) -> Iterator[Finding]:
    """A respondent who gives every option the same figure, or one option two figures."""
    given: dict[str, list[tuple[int, str, float]]] = {}
    for n, score in enumerate(c.plan.budget.value.scores):
        if score.benefit is not None:
            given.setdefault(score.respondent, []).append((n, score.option, score.benefit))
    names = {o.key: o.name for o in options(c.plan, c.reference)}
    for who, scores in given.items():
        figures = {benefit for _, _, benefit in scores}
        chosen = [option for _, option, _ in scores]
        if len(set(chosen)) >= _FEW and len(figures) == 1:
            yield finding(
                "scores-all-alike",
                "doubt",
                f"{who or 'Somebody'} gives all {len(set(chosen))} options a benefit of {number(figures.pop(), 0)}: that tells none from another.",
                "Ask again, or leave these scores out.",
                "budget",
                f"/budget/value/scores/{scores[0][0]}/benefit",
            )
        seen: set[str] = set()
        for n, option, _ in scores:
            if option in seen:
                yield finding(
                    "scored-twice",
                    "doubt",
                    f"{who or 'Somebody'} scores “{names.get(option, option)}” more than once.",
                    "Keep one of the scores.",
                    "budget",
                    f"/budget/value/scores/{n}/option",
                )
            seen.add(option)

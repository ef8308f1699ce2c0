"""Rules on scope: scores that cannot be relied on, a choice unlike them, money and needs outside it."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.blocks import Finding
from workbook.steps import ladder
from workbook.steps.budget import scope_lines, scope_scores, scope_why
from workbook.steps.thread.context import Context, finding, rule
from workbook.words import listed, plural, some

_HERE = "/budget/scope"
# Which budgets reach a driver of health outside care (FRAMEWORKS ODR-11 and ODR-12): a judgement, for the
# source says only that a broader scope reaches the wider determinants. Rungs of our own are taken to reach it.
_REACHED_BY = {"ODR-11.d1": ("ODR-12.r4", "ODR-12.r6"), "ODR-11.d2": ("ODR-12.r4", "ODR-12.r6")}


# --- scores that cannot be relied on ------------------------------------------------------


@rule()
def option_without_score(c: Context) -> Iterator[Finding]:
    """Somebody scored, but nobody scored this option: it is missing from the order, and nothing is made up for it."""
    found = scope_scores.scored(c.plan, c.reference)
    if found.scores.empty:
        return
    for option in found.unscored:
        yield finding(
            "option-without-score",
            "doubt",
            f"Nobody has scored “{option.label}”, so it has no place in the order of scopes.",
            "Score it, or leave the rung out.",
            "budget",
            f"{_HERE}/responses",
        )


@rule()
def scored_all_alike(c: Context) -> Iterator[Finding]:
    """A respondent who gives every option and criterion the same score."""
    found = scope_scores.scored(c.plan, c.reference)
    numbers = {key: n for n, key in enumerate(found.people)}
    for person in found.flat:
        value = found.scores[found.scores["respondent"] == person]["score"].iloc[0]
        yield finding(
            "scored-all-alike",
            "doubt",
            f"{found.people[person]} gave every option a {value} on every criterion, which tells no option from another.",
            "Ask whether the scores are meant. They count until they are changed or taken out.",
            "budget",
            f"{_HERE}/responses/{numbers[person]}",
        )


@rule()
def scored_in_part(c: Context) -> Iterator[Finding]:
    """Who scores only some options pulls their means where the others do not stand."""
    found = scope_scores.scored(c.plan, c.reference)
    numbers = {key: n for n, key in enumerate(found.people)}
    full = len(found.options) * len(found.criteria)
    for person, missing in found.part_only.items():
        none = [o.label for o in found.options if not found.given.loc[person, o.id]]
        which = f", none at all for {listed(f'“{name}”' for name in none)}" if none else ""
        yield finding(
            "scored-in-part",
            "doubt",
            f"{found.people[person]} gave {full - missing} of {full} scores{which}. Options are compared on different "
            "people's views.",
            "Ask for the scores that are missing, or say that the person cannot judge them.",
            "budget",
            f"{_HERE}/responses/{numbers[person]}",
        )
    for person, name in found.people.items():
        if person in found.given.index and found.given.loc[person].sum():
            continue
        yield finding(
            "response-without-score",
            "note",
            f"{name} is named and gave no score that counts.",
            "Enter the scores, or take the response out.",
            "budget",
            f"{_HERE}/responses/{numbers[person]}",
        )


@rule()
def weights_all_zero(c: Context) -> Iterator[Finding]:
    """Weights that are all nought, so that no option can lead."""
    if scope_scores.all_zero(c.plan, c.reference):
        yield finding(
            "weights-all-zero",
            "doubt",
            "Every criterion of the scope has a weight of nought, so no score would count. All are taken as equal.",
            "Give at least one criterion a weight.",
            "budget",
            f"{_HERE}/weights",
        )


@rule()
def scores_set_aside(c: Context) -> Iterator[Finding]:
    """Scores of an option or a criterion that was taken off: kept, and not counted."""
    found = scope_scores.scored(c.plan, c.reference)
    if not found.set_aside.empty:
        yield finding(
            "scores-set-aside",
            "note",
            f"{plural(len(found.set_aside), 'score')} of options or criteria that are no longer there "
            f"{'is' if len(found.set_aside) == 1 else 'are'} kept in the plan and not counted.",
            "Nothing needs doing. Take the option or criterion back in, and they count again.",
            "budget",
            f"{_HERE}/responses",
        )


# --- the choice -----------------------------------------------------------------------------


@rule()
def scope_unlike_scores(c: Context) -> Iterator[Finding]:
    """A scope chosen that does not score highest, without a reason."""
    found = scope_scores.scored(c.plan, c.reference)
    chosen = c.plan.budget.scope.chosen
    if found.empty or not chosen or chosen in found.winners:
        return
    if not c.plan.budget.scope.reason:
        yield finding(
            "scope-unlike-scores",
            "doubt",
            f"The scope chosen, “{found.label(chosen)}”, is not the one that scores highest "
            f"({listed(f'“{found.label(w)}”' for w in found.winners)}), and no reason is given.",
            "Say why, or choose the highest.",
            "budget",
            f"{_HERE}/reason",
        )


@rule()
def scope_dominated(c: Context) -> Iterator[Finding]:
    """A scope that another equals or beats on every criterion: no weights speak for it, so a reason must."""
    found = scope_scores.scored(c.plan, c.reference)
    chosen = c.plan.budget.scope.chosen
    if found.empty or chosen not in found.dominated:
        return
    better = listed(f"“{found.label(o)}”" for o in found.dominated[chosen])
    yield finding(
        "scope-dominated",
        "note" if c.plan.budget.scope.reason else "doubt",
        f"The scope chosen, “{found.label(chosen)}”, is equalled or beaten on every criterion by {better}: no weights "
        "could put it first.",
        "Choose the better one, or say what the criteria leave out.",
        "budget",
        f"{_HERE}/chosen",
    )


@rule()
def scope_not_there(c: Context) -> Iterator[Finding]:
    """A scope chosen whose rung was left out afterwards: nothing is in scope then."""
    chosen = c.plan.budget.scope.chosen
    if chosen and chosen not in {r.id for r in ladder.rungs(c.plan, c.reference)}:
        shipped = {i.id: i.label for i in ladder.shipped_rungs(c.reference)}
        yield finding(
            "scope-not-there",
            "doubt",
            f"The scope chosen, “{shipped.get(chosen, chosen)}”, is no longer one of the options, so no budget is in scope.",
            "Take the rung back in, or choose a scope that is there.",
            "budget",
            f"{_HERE}/chosen",
        )


@rule()
def scope_without_harm(c: Context) -> Iterator[Finding]:
    """Integrate in proportion: a scope wider than the first rung, where no harm of planning apart is seen."""
    inside = ladder.in_scope(c.plan, c.reference)
    harms = [scope_why.answer_of(c.plan, i.id) for i in c.reference.framework(scope_why.HARMS).items]
    if len(inside) > 1 and all(answer == "no" for answer in harms):
        yield finding(
            "scope-without-harm",
            "doubt",
            f"The scope chosen takes in {len(inside)} kinds of budget, and none of the {len(harms)} harms of planning "
            "apart is seen here.",
            "Integrate in proportion to what depends on what: say what the wider scope is for, or choose a narrower one.",
            "budget",
            f"{_HERE}/chosen",
        )


# --- needs and money outside it ---------------------------------------------------------------


@rule("needs", "ambitions", "scope")
def driver_outside_scope(c: Context) -> Iterator[Finding]:
    """Priorities driven by what no budget in scope can reach."""
    rungs = ladder.rungs(c.plan, c.reference)
    inside = ladder.in_scope(c.plan, c.reference)
    if not inside:
        return
    inside |= {
        x.rung
        for x, within in zip(
            c.plan.budget.lines, scope_lines.lines_in_scope(c.plan, c.reference), strict=True
        )
        if within
    }
    own = {o.id for o in c.plan.budget.scope.options}
    named = {item.id: item.label.lower() for item in c.reference.framework("ODR-11").items}
    labels = {r.id: r.label for r in rungs}
    for driver, reached in _REACHED_BY.items():
        driven = [p for p in c.plan.needs.priorities if driver in p.determinants]
        if not driven or inside & {*reached, *own}:
            continue
        ids = {p.id for p in driven}
        ambitions = [str(a.number) for a in c.plan.ambitions.items if ids & set(a.priorities)]
        serving = (
            f", which {'ambition' if len(ambitions) == 1 else 'ambitions'} {listed(ambitions)} serve"
            f"{'s' if len(ambitions) == 1 else ''},"
            if ambitions
            else ""
        )
        missing = (
            listed((f"“{labels[r]}”" for r in reached if r in labels), "or") or "a budget that reaches it"
        )
        yield finding(
            "driver-outside-scope",
            "note" if c.plan.budget.scope.reason else "doubt",
            f"{some([f'“{p.title or p.id}”' for p in driven], 4)}{serving} {'is' if len(driven) == 1 else 'are'} driven by the "
            f"{named[driver]}, and no budget in scope reaches it; {missing} would.",
            "Widen the scope, move a line in with a reason, or say which other body acts on it.",
            "budget",
            f"{_HERE}/chosen",
        )


@rule("schemes", "money", "scope")
def scheme_outside_scope(c: Context) -> Iterator[Finding]:
    """A funded scheme that changes spend nobody plans together."""
    if not ladder.in_scope(c.plan, c.reference):
        return
    outside = {
        line.id: line
        for line, within in zip(
            c.plan.budget.lines, scope_lines.lines_in_scope(c.plan, c.reference), strict=True
        )
        if not within
    }
    for n, scheme in enumerate(c.plan.budget.schemes):
        line = outside.get(scheme.line) if scheme.funded else None
        if line:
            yield finding(
                "scheme-outside-scope",
                "doubt",
                f"“{scheme.name}” is funded and changes the spend on “{line.name}” ({line.organisation or 'nobody named'}), "
                "which is outside the scope chosen.",
                "Move the line in with a reason, or agree with the organisation how it decides on the scheme.",
                "budget",
                f"/budget/schemes/{n}/line",
            )


@rule("money", "scope")
def line_without_rung(c: Context) -> Iterator[Finding]:
    """A line of which nobody can tell whether it is in scope: no kind of budget, or one that was left out."""
    if not ladder.in_scope(c.plan, c.reference):
        return
    known = {r.id for r in ladder.rungs(c.plan, c.reference)}
    for n, line in enumerate(c.plan.budget.lines):
        if line.scope != "ladder" or line.rung in known:
            continue
        why = "belongs to a rung that was left out" if line.rung else "has no kind of budget"
        yield finding(
            "line-without-rung",
            "doubt",
            f"The budget line “{line.name}” ({scope_lines.exact(scope_lines.pounds(line.amount))}, "
            f"{line.organisation or 'nobody named'}) {why}, so it counts as outside the scope.",
            "Say which kind of budget it is, or set it in or out with a reason.",
            "budget",
            f"/budget/lines/{n}/rung",
        )


@rule("money", "scope")
def line_moved_without_reason(c: Context) -> Iterator[Finding]:
    """A budget line that is in or out of scope against its kind, without a reason."""
    inside = ladder.in_scope(c.plan, c.reference)
    for n, line in enumerate(c.plan.budget.lines):
        place = scope_lines.place_of(line, inside)
        if place not in ("moved-in", "moved-out") or line.scope_reason:
            continue
        moved = "taken into scope" if place == "moved-in" else "left out of scope"
        yield finding(
            "line-moved-without-reason",
            "doubt",
            f"The budget line “{line.name}” ({scope_lines.exact(scope_lines.pounds(line.amount))}, "
            f"{line.organisation or 'nobody named'}) is {moved} against its kind of budget, and nothing says why.",
            "Say why, or let it follow its kind.",
            "budget",
            f"/budget/lines/{n}/scope_reason",
        )


@rule("money", "scope")
def organisation_does_not_add_up(c: Context) -> Iterator[Finding]:
    """Lines against the whole spend of each organisation, to the pound."""
    exact = scope_lines.exact
    yield from _organisations_twice(c)
    places: dict[str, int] = {}
    for n, entry in enumerate(c.plan.budget.organisations):
        places.setdefault(entry.name.casefold(), n)
    for account in scope_lines.accounts(c.plan, c.reference):
        n = places.get(account.name.casefold(), -1)
        if n < 0 or account.left is None or account.whole is None:
            continue
        here = f"/budget/organisations/{n}"
        if not account.lines and c.plan.budget.lines:
            yield finding(
                "organisation-without-lines",
                "doubt",
                f"{account.name} is entered with a whole spend of {exact(account.whole)}, and no budget line names it.",
                "Enter its lines, or spell the organisation as on its lines.",
                "budget",
                f"{here}/name",
            )
        elif account.left < 0:
            yield finding(
                "lines-above-organisation",
                "doubt",
                f"The lines of {account.name} come to {exact(account.entered)}, {exact(-account.left)} more than its whole "
                f"spend of {exact(account.whole)}.",
                "Look for a line entered twice, or for totals that differ in what they take in.",
                "budget",
                f"{here}/total",
            )
        elif account.left > 0 and not account.outside:
            yield finding(
                "lines-below-organisation",
                "doubt",
                f"{exact(account.left)} of the {exact(account.whole)} that {account.name} spends is not entered as lines, "
                "and nothing says what it is.",
                "Enter the lines that are missing, or say which budgets stay apart and why.",
                "budget",
                f"{here}/outside",
            )


def _organisations_twice(c: Context) -> Iterator[Finding]:
    """An organisation entered again, whatever its capitals."""
    seen: set[str] = set()
    for n, entry in enumerate(c.plan.budget.organisations):
        if entry.name.casefold() in seen:
            yield finding(
                "organisation-twice",
                "doubt",
                f"{entry.name} is entered twice among the organisations, and both totals count.",
                "Keep one entry for each organisation.",
                "budget",
                f"/budget/organisations/{n}/name",
            )
        seen.add(entry.name.casefold())

"""The plan on one page: what for, for whom, what comes first, the levels by year, the money in a line, who answers."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import shorten

from workbook.blocks import Block, Column, Table, Words, table
from workbook.plan import Plan
from workbook.plan.sections import Ambition, Service
from workbook.reference import Reference
from workbook.steps import thread
from workbook.steps.ambitions import title_of
from workbook.steps.budget.gap import gap_words
from workbook.steps.in_short import ROLES, finding_counts, signed_words
from workbook.steps.lines import Outlook
from workbook.steps.telling import chance, of_its_size
from workbook.words import day, financial_year, listed, number, some
from workbook.words import money as pounds

# So that the page stays one page whatever the plan holds.
_LONGEST = 320  # characters of a text that somebody typed
_MOST_YEARS = 5  # columns of levels; of a longer plan the first, the middle and the last
_MOST_NAMED = 6
_MOST_STOPPING = 4
_MOST_IN_WORDS = 160  # characters of an ambition in words, which stands in full with the ambitions


def page(plan: Plan, reference: Reference, context: thread.Context) -> list[Block]:
    """What a board has before it while it talks."""
    return [
        *([Words((_cut(plan.vision.statement),), "lead")] if plan.vision.statement else []),
        _facts(plan, reference, context),
        *_levels(plan, reference, context),
    ]


def _cut(words: str) -> str:
    """The first paragraph of what somebody typed, as long as the page has room for."""
    return shorten(words.strip().split("\n\n")[0], _LONGEST, placeholder=" ...")


def _facts(plan: Plan, reference: Reference, context: thread.Context) -> Table:
    rows = [
        ("What for", _cut(plan.purpose) or "The plan does not say what it is for."),
        ("For whom", _for_whom(plan, context)),
        ("What comes first", _first(plan)),
        ("What is wanted", _wants(plan.vision.wants)),
        ("By which means", _wants(plan.vision.means)),
        ("Money", _money(plan, context)),
        ("What stops or changes", _stopping(plan.decommissioning.services)),
        ("Who answers", _who(plan)),
        ("Status", f"{finding_counts(thread.findings(plan, reference))} {signed_words(plan)}"),
        ("Valid until", until_words(plan)),
    ]
    return table(
        "plan-facts",
        "The plan at a glance",
        [Column("what", "What"), Column("words", "In this plan")],
        [{"what": what, "words": words} for what, words in rows if words],
    )


def _for_whom(plan: Plan, context: thread.Context) -> str:
    made_up = ". All figures are synthetic: made up for demonstration" if plan.area.synthetic else ""
    if not context.people:
        return f"The people of {plan.area.name}; how many is not on hand{made_up}."
    # Nobody counts people every year: the figure is a projection, else a mid-year estimate.
    how = "projected" if len(context.reference.population(plan.area.code)) else "estimated"
    return f"The {number(context.people, 0)} people who live in {plan.area.name}, as {how} for {context.people_year}{made_up}."


def _first(plan: Plan) -> str:
    titles = [p.title for p in plan.needs.priorities if p.title]
    return f"{_few(titles)}." if titles else "No need has been put first yet."


def _wants(named: Sequence[str]) -> str:
    return f"{_few(named)}." if named else ""


def _few(names: Sequence[str]) -> str:
    """Names set apart by semicolons, since many hold commas."""
    more = len(names) - _MOST_NAMED
    return "; ".join(name.rstrip(".") for name in names[:_MOST_NAMED]) + (
        f"; and {more} more" if more > 0 else ""
    )


def _money(plan: Plan, context: thread.Context) -> str:
    if not plan.budget.lines:
        return "No budget has been entered yet."
    last, year = context.money.year(plan.last_year), financial_year(plan.last_year)
    whose = (
        f" The money is that of a pattern{of_its_size(plan)} and not this area's own." if plan.origin else ""
    )
    if last["gap_after"] != last["gap_after"]:
        return f"{pounds(last['spend_after'])} of spend in {year}; no income is given for it.{whose}"
    left, sure = gap_words(last["gap_after"]), chance(plan, context)
    said = f"{pounds(last['spend_after'])} of spend and {pounds(last['income'])} of income in {year}: {left}"
    return f"{said} if every assumption holds. {sure}{whose}" if sure else f"{said}.{whose}"


_ENDS = (("stop", "To stop"), ("change", "To change"), ("considering", "Not decided"))


def _stopping(services: Sequence[Service]) -> str:
    said = []
    for decision, words in _ENDS:
        named = [_ending(s) for s in services if s.decision == decision]
        said += [f"{words}: {some(named, _MOST_STOPPING)}."] if named else []
    return " ".join(said) or "No service is to stop or change."


def _ending(service: Service) -> str:
    if service.decision == "stop" and service.stop_date:
        return f"{service.name} ({day(service.stop_date)})"
    return service.name


def _who(plan: Plan) -> str:
    """The people or posts of the four roles, and the owners of the ambitions."""
    signing = [
        f"{role} {who}"
        for role in ROLES
        if (who := getattr(plan.sign_off, role).post or getattr(plan.sign_off, role).name)
    ]
    said = [f"For the plan: {_few(signing)}."] if signing else ["Nobody is named for the plan as a whole."]
    set_ = [a for a in plan.ambitions.items if a.measure or thread.is_set(a)]
    owned = [f"{a.number} {a.owner}" for a in set_ if a.owner]
    said += [f"For the ambitions: {'; '.join(owned)}."] if owned else []
    missing = [str(a.number) for a in set_ if not a.owner]
    said += [f"Nobody answers for {'ambition' if len(missing) == 1 else 'ambitions'} {listed(missing)} yet."] if missing else []  # fmt: skip
    return " ".join(said)


def until_words(plan: Plan) -> str:
    """The date after which the plan must not be used, or that there is none."""
    until = plan.sign_off.review_by
    if until is None:
        return "No date is set after which the plan must not be used without review."
    return f"{day(until)}: not to be used after that date without review."


# --- ambitions -----------------------------------------------------------------------


def _levels(plan: Plan, reference: Reference, context: thread.Context) -> list[Block]:
    """A row for each ambition by a figure: baseline, the level chosen for each year, where nothing done leads."""
    by_figure = [
        (a, found)
        for n, a in enumerate(plan.ambitions.items)
        if (found := context.outlooks[n]) is not None and (a.measure or thread.is_set(a))
    ]
    shown = {found.ambition.number for _, found in by_figure}
    words = [a for a in plan.ambitions.items if thread.is_set(a) and a.number not in shown]
    return [*_table(plan, by_figure), *_in_words(reference, words), *_none(shown, words)]


def _none(shown: set[int], words: Sequence[Ambition]) -> list[Block]:
    return [] if shown or words else [Words(("No ambition has been set yet.",), "note")]


def _years(plan: Plan) -> list[int]:
    years = plan.years
    return years if len(years) <= _MOST_YEARS else [years[0], years[len(years) // 2], years[-1]]


def _table(plan: Plan, rows: Sequence[tuple[Ambition, Outlook]]) -> list[Block]:
    if not rows:
        return []
    chosen = any(found.chosen for _, found in rows)
    years = _years(plan) if chosen else []
    title = f"the level chosen for each year to {plan.last_year}" if chosen else "no level is chosen yet"
    columns = [
        Column("ambition", "Ambition and measure"),
        Column("baseline", "Baseline"),
        *(Column(f"y{year}", str(year)) for year in years),
        Column("nothing", f"Do nothing, {plan.last_year}"),
    ]
    records = [_row(years, ambition, found) for ambition, found in rows]
    return [table("ambitions", f"Ambitions: {title}", columns, records, missing="not chosen")]


def _row(years: Sequence[int], ambition: Ambition, found: Outlook) -> dict[str, str | None]:
    indicator, d = found.standing.indicator, found.standing.indicator.decimals
    chosen = dict(zip(found.years, found.chosen.values, strict=True)) if found.chosen else {}
    return {
        "ambition": f"{ambition.number} {indicator.name} ({indicator.unit})",
        "baseline": f"{number(found.baseline, d)} ({found.standing.own.period})",
        **{f"y{year}": number(chosen[year], d) if year in chosen else None for year in years},
        "nothing": number(found.lines["do-nothing"].last, d),
    }


def _in_words(reference: Reference, ambitions: Sequence[Ambition]) -> list[Block]:
    """The ambitions that no figure can say: in a cell of a table they would be a column of syllables."""
    said = [
        f"{a.number} {title_of(reference, a.number)}: "
        f"{shorten(a.in_words, _MOST_IN_WORDS, placeholder=' ...') if a.in_words else 'its figure is not on hand.'}"
        for a in ambitions
    ]
    return [Words((f"In words: {said[0]}",) if len(said) == 1 else tuple(said), "plain" if len(said) == 1 else "list")] if said else []  # fmt: skip

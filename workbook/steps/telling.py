"""A plan told in sentences from its own figures: need, ambition, scheme, money, stopped service, outcome.

Each function gives the paragraphs of one link of the thread, and says so in a sentence where the plan holds nothing for
it. The executive summary and the case for change are written from them, so that both say the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Sized

from workbook.plan import Plan
from workbook.plan.sections import Ambition, Scheme, Service
from workbook.steps.budget import organisations
from workbook.steps.budget.gap import gap_words
from workbook.steps.budget.uncertainty import causes_words, chance_words
from workbook.steps.decommissioning import need
from workbook.steps.decommissioning.money import paid_by, pays
from workbook.steps.lines import Outlook, better
from workbook.steps.money.chance import simulated
from workbook.steps.naming import called
from workbook.steps.needs.people import records
from workbook.steps.standing import Standing, peers_of, standing
from workbook.steps.thread import Context, is_set
from workbook.words import day, financial_year, listed, number, plural, some
from workbook.words import money as pounds

_MOST_NEEDS = 5  # whose figure is told
_MOST_SERVICES = 4  # told one by one; of more only how many, and their money
_MOST_SCHEMES = 3  # named: the dearest
_MOST_QUOTED = 5
_MOST_NOT_HEARD = 3
_FAR = 0.1  # of past moves: a level that fewer of them reached is far


# --- need ------------------------------------------------------------------------------


def needs(plan: Plan, context: Context) -> list[str]:
    """Who lives here, what is put first, and the figure behind it."""
    said = [*_people(plan, context), _put_first(plan)]
    return [" ".join(said), *_figures_of_needs(plan, context), *heard(plan)]


def _people(plan: Plan, context: Context) -> list[str]:
    if not context.people:
        return []
    is_home = "was" if context.people_year <= plan.base_year else "is"
    return [
        f"{plan.area.name} {is_home} home to {number(context.people, 0)} people in {context.people_year}."
    ]


def _put_first(plan: Plan) -> str:
    titles = [f"“{p.title}”" for p in plan.needs.priorities if p.title]
    if not titles:
        return "No need has been put first yet."
    verb = "need comes" if len(titles) == 1 else "needs come"
    return f"{len(titles) if len(titles) > 1 else 'One'} {verb} first: {some(titles)}."


def _figures_of_needs(plan: Plan, context: Context) -> list[str]:
    """Where the area stands on one figure of each need: its first, else the first measure of an ambition that serves it."""
    group = peers_of(plan, context.reference)
    known = context.reference.available()
    tied = [p.indicators[:1] or _measures(plan, p.id)[:1] for p in plan.needs.priorities]
    named = [indicator for first in tied for indicator in first if indicator in known]
    found = [standing(plan, context.reference, i, group) for i in dict.fromkeys(named)]
    shown = [s for s in found if s is not None][:_MOST_NEEDS]
    if not shown:
        why = (
            "No figure on hand shows these needs."
            if named
            else "The plan ties no figure on hand to these needs."
        )
        return [why] if plan.needs.priorities else []
    own = any(p.indicators for p in plan.needs.priorities)
    whose = (
        "The figures behind them"
        if own
        else "No figure is tied to them; the ambitions that serve them are measured by"
    )
    return [f"{whose}: {'; '.join(_stands(plan, s) for s in shown)}."]


def _measures(plan: Plan, priority: str) -> list[str]:
    """The measures of the ambitions that serve a need."""
    return [a.measure for a in plan.ambitions.items if a.measure and priority in a.priorities]


_VERDICTS = {
    "worse": "worse beyond chance than",
    "better": "better beyond chance than",
    "similar": "not told apart by chance from",
}


def _stands(plan: Plan, found: Standing) -> str:
    """ "Years of life lost: 2,270 years per 100,000 (2024), worse beyond chance than England (1,958)"."""
    indicator, own = called(plan, found.indicator), found.own
    value = number(own.value, indicator.decimals, indicator.unit)
    said = f"{lower(indicator.name)} {value} ({own.period})"
    verdict = _VERDICTS.get(found.versus_benchmark)
    if found.benchmark is None or verdict is None:
        return said
    than = found.benchmark_label
    than = f"the {than}" if than.startswith("median") else than
    return f"{said}, {verdict} {than} ({number(found.benchmark, indicator.decimals)})"


def heard(plan: Plan) -> list[str]:
    """How many people were asked, what they named for themselves, and who was not heard."""
    voices, said = records(plan), []
    asked = sum(v.asked or 0 for v in voices)
    if voices:
        how_many = f" from {number(asked, 0)} people" if asked else ""
        said.append(
            f"{plural(len(voices), 'record').capitalize()} of what people said{how_many} stand behind this."
        )
        if len(voices) == 1:
            said = [f"One record of what people said{how_many} stands behind this."]
    outcomes = [f"“{c.outcome.rstrip('.')}”" for c in plan.ambitions.citizens]
    if outcomes:
        nobody = bool(plan.needs.voices) and not voices  # examples of a pattern: nobody's words
        whose = "though nobody has been asked yet" if nobody else "in their words"
        said.append(f"What matters to people, {whose}: {some(outcomes, _MOST_QUOTED)}.")
    if not said:
        return ["Nobody is on record as having been asked."]
    return [" ".join(said)]


def not_heard(plan: Plan) -> list[str]:
    """Whom nobody has heard and whom no figure sees: a board should know before it agrees to priorities."""
    missing = [f"“{v.not_heard.rstrip('.')}”" for v in records(plan) if v.not_heard]
    said = [f"Not heard when people were asked: {some(missing, _MOST_NOT_HEARD)}."] if missing else []
    unseen = plan.needs.unseen
    if unseen:
        open_ = sum(not u.action for u in unseen)
        done = (
            f"; nothing is planned yet for {open_} of them"
            if open_
            else ", with what will be done to see them"
        )
        groups, are = plural(len(unseen), "group"), "is" if len(unseen) == 1 else "are"
        said.append(f"{groups} that the figures cannot see {are} named{done}.")
    return [" ".join(said)] if said else []


# --- ambition --------------------------------------------------------------------------


def aims(plan: Plan, context: Context) -> list[str]:
    """How many ambitions are set, the one that asks most, and which are far."""
    chosen = chosen_levels(context)
    words = [a for n, a in enumerate(plan.ambitions.items) if is_set(a) and not _by_figure(context, n)]
    if not chosen and not words:
        return ["No ambition has been set yet."]
    count = len(chosen) + len(words)
    kinds = [f"{len(chosen)} by a figure"] * bool(chosen) + [f"{len(words)} in words"] * bool(words)
    verb = "ambition is" if count == 1 else "ambitions are"
    said = [f"{count} {verb} set for {financial_year(plan.last_year)}: {listed(kinds)}."]
    if chosen:
        said += [_asks_most(plan, chosen), *_far(chosen)]
    said += _in_words(words) if not chosen else []
    return [" ".join(part for part in said if part)]


def _by_figure(context: Context, place: int) -> bool:
    found = context.outlooks[place]
    return bool(found and found.chosen)


def chosen_levels(context: Context) -> list[Outlook]:
    """The outlooks of the ambitions for which a level is chosen."""
    return [f for f in context.outlooks.values() if f and f.chosen]


def _in_words(ambitions: Sequence[Ambition]) -> list[str]:
    return [f"The first says: {a.in_words}" for a in ambitions[:1] if a.in_words]


def _beyond(found: Outlook) -> float:
    """By what share of the baseline the level chosen lies beyond where things are heading."""
    assert found.chosen is not None
    apart = abs(found.chosen.last - found.lines["do-nothing"].last)
    return apart / abs(found.baseline) if found.baseline else 0.0


def _asks_most(plan: Plan, chosen: Sequence[Outlook]) -> str:
    """The level that lies furthest beyond where things are heading; where none lies beyond it, that is said."""
    ahead = [f for f in chosen if f.chosen and better(f, f.chosen.last, f.lines["do-nothing"].last)]
    most = max(ahead or chosen, key=_beyond)
    assert most.chosen is not None
    indicator, d = most.standing.indicator, most.standing.indicator.decimals
    nothing = number(most.lines["do-nothing"].last, d)
    start, end = number(most.baseline, d, indicator.unit), number(most.chosen.last, d)
    period = most.standing.own.period
    if number(most.baseline, d) == end:
        course = f"held at the {start} of {period} until {plan.last_year}"
    else:
        course = f"from {start} ({period}) to {end} by {plan.last_year}"
    way = f"{lower(indicator.name)}: {course}"
    if not ahead:
        which = (
            "The one by a figure is" if len(chosen) == 1 else "None asks for more than doing nothing; one is"
        )
        worse = better(most, most.lines["do-nothing"].last, most.chosen.last)
        apart = worse and number(most.chosen.last, d) != nothing
        how = "worse" if apart else "no better"
        return f"{which} {way}, {how} than the {nothing} that is expected if nothing is done."
    asks = "The one by a figure asks for" if len(chosen) == 1 else _MOST_ASKED
    return f"{asks} {way}, where nothing done is expected to lead to {nothing}{within(most)}."


def beyond_band(found: Outlook) -> bool:
    """Whether doing nothing leads so far from the last figure that this lies outside the range of the last year."""
    nothing = found.lines["do-nothing"]
    return nothing.banded and not nothing.lower[-1] <= found.baseline <= nothing.upper[-1]


def within(found: Outlook) -> str:
    """Where the last figure lies inside the range of doing nothing, that range: no change can be told from it."""
    nothing, d = found.lines["do-nothing"], found.standing.indicator.decimals
    if not nothing.banded or beyond_band(found):
        return ""
    ends = f"{number(nothing.lower[-1], d)} to {number(nothing.upper[-1], d)}"
    return f" (in eight of ten cases {ends}, which includes the {number(found.baseline, d)} of {found.standing.own.period})"


_MOST_ASKED = "The one that asks most beyond where things are heading is"


def _far(chosen: Sequence[Outlook]) -> list[str]:
    far = [f for f in chosen if f.share_achieved is not None and f.share_achieved < _FAR]
    if not far:
        return []
    which = numbers_of(far)
    does = "asks" if len(far) == 1 else "ask"
    return [
        f"{which.capitalize()} {does} for more than nine in ten past moves of comparable areas achieved over as many years."
    ]


def numbers_of(found: Sequence[Outlook]) -> str:
    """ "ambition 3", "ambitions 3 and 6"."""
    return f"ambition{'' if len(found) == 1 else 's'} {listed(f.ambition.number for f in found)}"


# --- scheme ----------------------------------------------------------------------------


def schemes(plan: Plan, context: Context) -> list[str]:
    """How many schemes are funded, the dearest, their cost, how long they take, and how sure their effects are."""
    funded, every = context.funded, plan.budget.schemes
    if not every:
        return ["No scheme has been entered yet: nothing yet carries the ambitions."]
    if not funded:
        one = "The one scheme entered is not funded."
        return [one if len(every) == 1 else f"None of the {len(every)} schemes entered is funded."]
    return [" ".join([_count(funded, every), *_dearest(funded), *_lead_times(funded), *_evidence(funded)])]


def _count(funded: Sequence[Scheme], every: Sequence[Scheme]) -> str:
    running = pounds(sum(s.recurrent_cost for s in funded))
    once = sum(s.set_up_cost for s in funded)
    cost = f"{running} a year when in full effect" + (f" and {pounds(once)} once to set up" if once else "")
    if len(every) == 1:
        return f"The plan funds one scheme, “{funded[0].name}”: it costs {cost}."
    if len(funded) == len(every):
        every_one = "both" if len(every) == 2 else f"all {len(every)}"
        return f"The plan funds {every_one} schemes: they cost {cost}."
    return f"The plan funds {len(funded)} of {plural(len(every), 'scheme')}: {'it costs' if len(funded) == 1 else 'they cost'} {cost}."


def _dearest(funded: Sequence[Scheme]) -> list[str]:
    if len(funded) == 1:
        return []
    costly = [s for s in funded if s.recurrent_cost]
    most = sorted(costly, key=lambda s: (-s.recurrent_cost, s.name))[:_MOST_SCHEMES]
    named = [f"“{s.name}” ({pounds(s.recurrent_cost)} a year)" for s in most]
    return [f"The dearest {'is' if len(named) == 1 else 'are'} {listed(named)}."] if named else []


def _lead_times(funded: Sequence[Scheme]) -> list[str]:
    months = sorted(s.lead_time_months for s in funded if s.lead_time_months is not None)
    if not months:
        return [f"{'It does not say' if len(funded) == 1 else 'None says'} how long it takes to begin."]
    if months[0] == months[-1]:
        return [f"From decision to the first person helped takes {plural(months[0], 'month')}."]
    return [f"From decision to the first person helped takes {months[0]} to {plural(months[-1], 'month')}."]


def _evidence(funded: Sequence[Scheme]) -> list[str]:
    counts = Counter(s.evidence for s in funded)
    kinds = [(k, counts[k]) for k in ("strong", "some", "weak", "none") if counts[k]]
    if len(funded) == 1:
        return [
            f"Its evidence is called {kinds[0][0]}." if kinds[0][0] != "none" else "It names no evidence."
        ]
    said = [f"{n} rest{'s' if n == 1 else ''} on {k} evidence" for k, n in kinds if k != "none"]
    if not said:
        return ["None of them names evidence."]
    silent = counts["none"]
    said += [f"{silent} name{'s' if silent == 1 else ''} none"] if silent else []
    return [f"Of these, {listed(said)}."]


# --- money -----------------------------------------------------------------------------


def money(plan: Plan, context: Context) -> list[str]:
    """From the base year's spend to what the last year leaves, how sure that is, and what it counts on."""
    if not plan.budget.lines:
        return ["No budget has been entered yet, so the plan has no money."]
    found, year = context.money, financial_year(plan.last_year)
    first, last = found.year(plan.base_year), found.year(plan.last_year)
    said = (
        f"Spend grows from {pounds(first['spend'])} in {financial_year(plan.base_year)} to {pounds(last['spend_after'])} in "
        f"{year}, schemes and stopped services counted."
    )
    if last["gap_after"] != last["gap_after"]:
        return [f"{said} No income is given for {year}, so it is not known what is left."]
    said += f" Income is then {pounds(last['income'])}, which leaves {gap_words(last['gap_after'])}."
    alone = "".join(f" {words}" for words in organisations.years_below_zero(plan, found))
    return [f"{said}{_efficiency(plan, context)}{_on_the_way(plan, context)}{alone}{_not_own(plan)}"]


def _on_the_way(plan: Plan, context: Context) -> str:
    left = {year: context.money.year(year)["gap_after"] for year in plan.years}
    if len(left) < 2 or any(gap != gap for gap in left.values()) or min(left.values()) > -0.5:
        return ""
    together = gap_words(sum(left.values()))
    worst = min(left, key=lambda year: left[year])
    at = "that year is the worst" if worst == plan.last_year else (
        f"the worst year is {financial_year(worst)}, with {gap_words(left[worst])}"
    )  # fmt: skip
    return f" Over all {len(left)} years there is {together}; {at}."


def _efficiency(plan: Plan, context: Context) -> str:
    """What efficiency is worth by the last year, and what would be left without any of it."""
    final = context.money.lines[context.money.lines["year"] == plan.last_year]
    worth = -float(final["efficiency"].sum())
    if worth < 0.5:
        return ""
    without = context.money.year(plan.last_year)["gap_after"] - worth
    return f" The result counts on efficiency worth {pounds(worth)} in that year; without any of it there would be {gap_words(without)}."


def _not_own(plan: Plan) -> str:
    if not plan.origin:
        return ""
    if plan.origin.money_factor:
        return (
            " The amounts are those of a pattern and not this area's own; all were multiplied so that the income of its NHS "
            "commissioner in the base year is the area's allocation."
        )
    return f" The amounts are those of a pattern{of_its_size(plan)} and not this area's own."


def of_its_size(plan: Plan) -> str:
    """Where the money of the pattern was not made larger or smaller to fit the area, that it is of another size."""
    return (
        "" if plan.origin and plan.origin.money_factor else ", as large as that of the area it was made for,"
    )


def chance(plan: Plan, context: Context) -> str:
    """The chance that the last year is covered, in a sentence; nothing where nothing is drawn."""
    drawn = simulated(plan, context.reference, context.money)
    if drawn.closed is None or plan.last_year not in drawn.gaps:
        return ""
    return chance_words(drawn.closed, financial_year(plan.last_year))


def sure(plan: Plan, context: Context) -> list[str]:
    """The range of what the last year leaves, the chance that it is covered, and what moves it most."""
    if not plan.budget.lines:
        return []
    drawn = simulated(plan, context.reference, context.money)
    last, year = drawn.gaps.get(plan.last_year), financial_year(plan.last_year)
    if last is None or drawn.closed is None:
        return []
    if last.p90 - last.p10 < 0.5:
        return [chance_words(drawn.closed, year)]
    return [
        f"In eight of ten draws over what is only assumed, {year} ends between {gap_words(last.p10)} and "
        f"{gap_words(last.p90)}. {chance_words(drawn.closed, year)} {causes_words(drawn)}"
    ]


# --- stopped service -------------------------------------------------------------------


def stops(plan: Plan) -> list[str]:
    """Each service that is to stop or change, with its date, its money and where the need goes."""
    ending = changing(plan)
    if not ending:
        considered = [s.name for s in plan.decommissioning.services if s.decision == "considering"]
        if considered:
            return [
                f"No service is to stop or change so far; {some(considered)} {_is(considered)} still considered."
            ]
        return ["No service is to stop or change."]
    if len(ending) > _MOST_SERVICES:
        return [_many(plan, ending)]
    return [_service(plan, s) for s in ending]


def changing(plan: Plan) -> list[Service]:
    """The services that the plan stops or changes."""
    return [s for s in plan.decommissioning.services if s.decision in ("stop", "change")]


def _is(names: Sequence[object]) -> str:
    return "is" if len(names) == 1 else "are"


def _many(plan: Plan, ending: Sequence[Service]) -> str:
    """Of many services how many stop and change, who uses them, and what stopping releases."""
    stopping = [s for s in ending if s.decision == "stop"]
    rest = len(ending) - len(stopping)
    parts = [f"{plural(len(stopping), 'service')} to stop"] if stopping else []
    parts += [f"{plural(rest, 'service')} to change"] if rest else []
    said = [f"The plan has {listed(parts)}."]
    if users := sum(s.users for s in ending):
        said.append(f"Together {number(users, 0)} people a year use them.")
    if stopping:
        released, cash = sum(s.released for s in stopping), sum(s.cashable for s in stopping)
        used = sum(s.cashable for s in stopping if paid_by(plan, s))
        use = (
            f"is in cash; {pounds(used)} of it pays for schemes that count it as their saving"
            if used
            else "can be spent elsewhere"
        )
        said.append(f"Stopping releases {pounds(released)} a year, of which {pounds(cash)} {use}.")
    return " ".join(said)


def _service(plan: Plan, service: Service) -> str:
    end = f" on {day(service.stop_date)}" if service.stop_date else ", on a date not yet set"
    what = f"is to stop{end}" if service.decision == "stop" else "is to change"
    by = f" ({service.provider})" if service.provider else ""
    users = f"; {number(service.users, 0)} people use it a year" if service.users else ""
    rest = f"{_released(plan, service)}{_place(service)}".strip()
    return f"{service.name}{by} {what}{users}. {rest}"


def _released(plan: Plan, service: Service) -> str:
    if not service.released:
        return "Stopping it releases no money." if service.decision == "stop" else ""
    cash = f"of which {_use_of_cash(plan, service)}" if service.cashable else "none of it in cash"
    how = "close" if service.decision == "stop" else "change"
    once = f", at {pounds(service.transition_cost)} once to {how}" if service.transition_cost else ""
    what = "Stopping it" if service.decision == "stop" else "The change"
    return f"{what} releases {pounds(service.released)} a year, {cash}{once}.{_stays(service)}"


def _stays(service: Service) -> str:
    """What is released and cannot be cashed, and who goes on paying it: the loss of a partner belongs beside the saving."""
    left = service.released - service.cashable
    if left < 0.5 or service.stranded_years == 0:
        return ""
    who = service.stranded_with or service.provider or "the provider"
    for_long = f" for {plural(service.stranded_years, 'year')}" if service.stranded_years else ""
    return f" Of what it releases, {pounds(left)} a year stays as a cost of {who}{for_long}."


def _use_of_cash(plan: Plan, service: Service) -> str:
    """What the cashable money can be used for: money that pays for a scheme cannot be spent a second time."""
    cash, claims = pounds(service.cashable), paid_by(plan, service)
    if not claims:
        return f"{cash} can be spent elsewhere"
    named = listed(f"“{s.name}” ({pounds(s.recurrent_cost)} a year)" for s in claims)
    return f"{cash} is in cash and {pays(service.cashable, claims)} {named}"


def _place(service: Service) -> str:
    if not service.users:
        return " How many people use it is not entered, so nobody can say where their need goes."
    left = need.unmet(service)
    if round(left) == 0:
        return f" Everybody who uses it {need.sure_words([service])}."
    return f" For {number(left, 0)} of those who use it there is no place with room yet."


# --- outcome ---------------------------------------------------------------------------


def outcome(plan: Plan, context: Context) -> list[str]:
    """How many of the levels chosen the effects stated for funded schemes reach, and which not."""
    found = chosen_levels(context)
    if not found:
        return ["Without a level chosen by a figure, nobody can say how far the schemes carry."]
    stated = [f for f in found if f.lines["schemes"].values != f.lines["do-nothing"].values]
    silent = [f for f in found if f not in stated]
    short = [f for f in stated if not reached(f)]
    enough = [f for f in stated if reached(f)]
    if not stated:
        return [
            f"No funded scheme states an effect on {numbers_of(found)}, so nobody can say how far they carry."
        ]
    parts = [(enough, "reach the level of"), (short, "fall short of"), (silent, "state no effect on")]
    said = [f"{verb} {numbers_of(which)}" for which, verb in parts if which]
    carried = f"As their effects are stated, the funded schemes {listed(said)}."
    return [" ".join([carried, *(_short(f) for f in short[:2])])]


def _short(found: Outlook) -> str:
    assert found.chosen is not None
    d = found.standing.indicator.decimals
    return (
        f"On ambition {found.ambition.number} they lead to {number(found.lines['schemes'].last, d)} instead of "
        f"{number(found.chosen.last, d, found.standing.indicator.unit)}."
    )


def reached(found: Outlook) -> bool:
    """Whether do nothing plus the funded schemes is as good as the level chosen."""
    assert found.chosen is not None
    return not better(found, found.chosen.last, found.lines["schemes"].last)


def verb(many: Sized, one: str, more: str) -> str:
    """The form of a word that fits how many there are: "is" of one, "are" of several."""
    return one if len(many) == 1 else more


def lower(words: str) -> str:
    """A name inside a sentence: its first letter small, unless it begins with an abbreviation."""
    head = words.split(" ", 1)[0]
    return words if len(head) > 1 and head[1:2].isupper() else words[:1].lower() + words[1:]

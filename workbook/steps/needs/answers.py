"""An analyst's questions of one figure, answered in plain sentences.

Is it worse, is it getting worse, could it be chance, how many people, what would
be ambitious: each with unit, period and what it is compared with, or with the
reason why it cannot be said.
"""

from __future__ import annotations

import math

from workbook.methods import change
from workbook.methods.opportunity import Opportunity
from workbook.steps.peers import MANY
from workbook.steps.standing import Reading, Standing, Suspicion, counted, interval_words
from workbook.words import listed, number, plural

_FEW = 10  # events, below which one more or one fewer shows
_LOOK_BACK = 5  # years over which a change is told where no trend can be

_FACTORS = {
    100: "a hundred times too large",
    1000: "a thousand times too large",
    0.01: "a hundred times too small",
    0.001: "a thousand times too small",
}

_FIFTHS = ("first", "second", "third", "fourth", "last")


def answers(s: Standing, gap: Opportunity) -> tuple[str, ...]:
    """The five answers on one figure, in front of them what makes the figure itself doubtful."""
    doubts = [text for text in (suspicion_words(s.suspicion, s), hidden_words(s)) if text]
    return (*doubts, worse(s), getting_worse(s), by_chance(s, gap), how_many(s, gap), ambitious(s, gap))


# --- what makes the figure doubtful -----------------------------------------------------


def suspicion_words(found: Suspicion | None, s: Standing) -> str:
    """ "Is the unit right? ..."; blank where nothing is suspected. Nothing is ever put right in silence."""
    if found is None:
        return ""
    return (
        f"Is the unit right? {looks_wrong(found, s.indicator.decimals, s.indicator.unit)} Nothing was changed: "
        "ask whoever supplied it. If the unit is wrong, so is every answer below."
    )


def looks_wrong(found: Suspicion, decimals: int, unit: str) -> str:
    """ "The figure of 2018, 9,310.0 per 100,000, looks a hundred times too large beside ..." """
    return (
        f"The figure of {found.period}, {number(found.value, decimals, unit)}, looks "
        f"{_FACTORS[found.factor]} beside {found.others}."
    )


def hidden_words(s: Standing) -> str:
    """That later figures are suppressed or missing, so that the answers are of an earlier period."""
    if not s.hidden:
        return ""
    notes = listed(dict.fromkeys(h.note for h in s.hidden if h.note))
    one = len(s.hidden) == 1
    why = f" (the publisher's note: {notes})" if notes else ""
    return (
        f"Is this the latest? The {'figure' if one else 'figures'} of {listed(h.period for h in s.hidden)} "
        f"{'is' if one else 'are'} not shown{why}; what follows is of {s.own.period}."
    )


# --- is it worse? -------------------------------------------------------------------------


def worse(s: Standing) -> str:
    """Against the benchmark, then against the peers and among all areas."""
    where = s.benchmark_label if s.benchmark is not None and s.benchmark_label[:1].isupper() else "elsewhere"
    return f"Is it worse than {where}? {_against(s)}{_among(s)}"


def _against(s: Standing) -> str:
    fact = _fact(s)
    if s.benchmark is None:
        return f"Cannot be said: {s.benchmark_label}. The area: {fact}."
    beside = f"{fact}; {s.benchmark_label}: {_said(s, s.benchmark)}."
    if s.own.lower is None or s.own.upper is None:
        return f"Cannot be said beyond doubt, because the figure has no interval: {beside}"
    return {
        "worse": f"Yes, by more than chance would explain: {beside}",
        "better": f"No, it is better, by more than chance would explain: {beside}",
        "similar": f"It cannot be told apart, because the interval holds the benchmark: {beside}",
        "lower": f"It is lower, {_NO_POLARITY}: {beside}",
        "higher": f"It is higher, {_NO_POLARITY}: {beside}",
    }.get(s.versus_benchmark, f"Cannot be said: {beside}")


_NO_POLARITY = "but which direction is better is not known for this figure, so no judgement is made"


def _among(s: Standing) -> str:
    """Where it stands beside the peers and among all comparable areas."""
    said = []
    if not s.peers and s.areas <= 1:
        said.append(
            "No other area's figure is on hand to compare with: import the publisher's file of all areas."
        )
    elif not s.peers:
        said.append("No peer has this figure for the same year.")
    elif s.peer_median is None:
        said.append(
            f"Only {plural(len(s.peers), 'peer has', 'peers have')} this figure: too few for a median."
        )
    else:
        found = "provisional " if s.provisional else ""
        verdict = {
            "similar": "not told apart from",
            "not compared": "not compared with",
        }.get(s.versus_peers, f"{s.versus_peers} than")
        those = plural(len(s.peers), f"{found}peer")
        if len(s.peers) > MANY:  # nobody's list: every area of the kind stands in
            those = f"{len(s.peers)} areas of its kind"
        said.append(f"Beside {those} it is {verdict} their median of {_said(s, s.peer_median)}.")
    if s.quintile is not None:
        first = "best" if s.indicator.polarity in ("low", "high") else "lowest"
        said.append(
            f"Among {s.areas} areas it stands in the {_FIFTHS[s.quintile - 1]} fifth, where the first is the {first}."
        )
    return "".join(f" {words}" for words in said)


def _fact(s: Standing) -> str:
    if s.own.lower is None:
        return f"{_said(s, s.own.value)} in {s.own.period}"
    limits = interval_words(s.own.lower, s.own.upper, s.indicator.decimals)
    made = ", approximate, made from the count" if s.own.approximate else ""
    return f"{_said(s, s.own.value)} in {s.own.period} (95% interval {limits}{made})"


# --- is it getting worse? -----------------------------------------------------------------


def getting_worse(s: Standing) -> str:
    """The recent trend; where none can be told, why, and what the two ends of the series say."""
    question = "Is it getting worse?"
    found = s.trend
    if found.direction == "cannot be calculated":
        return f"{question} A trend cannot be told. {found.reason}{_between_ends(s)}"
    if found.direction == "no significant change":
        return f"{question} Not that can be told. {found.reason}"
    if found.judgement == "no judgement":
        return f"{question} {found.reason} {_NO_POLARITY[4:].capitalize()}."
    start = "Yes." if found.judgement == "getting worse" else "No, it is getting better."
    return f"{question} {start} {found.reason}{_from_to(s.history[-found.points], s)}"


def _from_to(first: Reading, s: Standing) -> str:
    return f" {_said(s, first.value)} in {first.period}, {_said(s, s.own.value)} in {s.own.period}."


def _between_ends(s: Standing) -> str:
    """The change since an earlier period that shares no year with the latest, on the same side of any break."""
    first = _earlier(s)
    if first is None:
        return ""
    moved = change.between(first.value, (first.lower, first.upper), s.own.value, (s.own.lower, s.own.upper))
    years = plural(s.own.year - first.year, "year")
    apart = f" The figures {years} apart: {_said(s, first.value)} in {first.period}, {_said(s, s.own.value)} in {s.own.period}"
    if moved.chance is None:
        return f"{apart}; without intervals nobody can say whether that is chance."
    if moved.chance:
        return f"{apart}, a difference that could be chance."
    return f"{apart}, a {_direction(moved.difference, s)} beyond chance between these two alone."


def _direction(difference: float, s: Standing) -> str:
    moved = "rise" if difference > 0 else "fall"
    if s.indicator.polarity not in ("low", "high"):
        return moved
    good = (difference > 0) == (s.indicator.polarity == "high")
    return f"{moved} for the {'better' if good else 'worse'}"


def _earlier(s: Standing) -> Reading | None:
    latest, length = s.own, max(s.indicator.period_years, 1)
    start = max((b for b in s.indicator.break_years if b <= latest.year), default=None)
    apart = [r for r in s.history if r.year <= latest.year - length and (start is None or r.year >= start)]
    within = [r for r in apart if r.year >= latest.year - max(_LOOK_BACK, length)]
    return within[0] if within else apart[-1] if apart else None


# --- could it be chance? ------------------------------------------------------------------


def by_chance(s: Standing, gap: Opportunity) -> str:
    """What the figure rests on, and whether the gaps to the benchmark and to the best peers could be chance."""
    return " ".join(
        filter(None, ("Could it be chance?", _benchmark_chance(s), _peer_chance(s, gap), _basis(s)))
    )


def _benchmark_chance(s: Standing) -> str:
    if s.versus_benchmark == "not compared" and s.benchmark is not None and s.own.lower is None:
        return f"It cannot be said of the difference from {_of(s)}: the figure has no interval."
    if s.versus_benchmark == "not compared":
        return "It cannot be said of the difference from a benchmark: there is no benchmark or no interval."
    if s.versus_benchmark == "similar":
        return f"The difference from {_of(s)} could be."
    return f"The difference from {_of(s)} is larger than chance would make in 19 cases of 20."


def _of(s: Standing) -> str:
    label = s.benchmark_label.partition(" (")[0]
    return label if label[:1].isupper() else f"the {label}"


def _peer_chance(s: Standing, gap: Opportunity) -> str:
    if gap.reason or gap.gap <= 0:
        return ""
    if gap.chance:
        return f"The gap to {best_five(s)} could be chance{_their_luck(gap)}."
    return f"The gap to {best_five(s)} is beyond chance, their own luck counted in."


def best_five(s: Standing) -> str:
    """ "the best five peers"; what is counted against peers that were only found carries the word."""
    return "the best five of the provisional peers" if s.provisional else "the best five peers"


def _their_luck(gap: Opportunity) -> str:
    """Why a gap whose interval leaves out none may be chance all the same."""
    return ", once their luck in being the best five is taken off" if gap.lower > 0 else ""


def _basis(s: Standing) -> str:
    """The events and people behind the figure."""
    count, people = s.own.count, s.own.denominator
    label = s.indicator.count_label or "events"
    if s.indicator.value_type == "mean":  # its "count" is a sum of scores
        return (
            f"It is a mean over {number(people, 0)} people."
            if people
            else "How many people it is a mean of is not published."
        )
    if s.own.value == 0 or count == 0:
        limit = f" the upper limit is {_said(s, s.own.upper)}" if s.own.upper is not None else ""
        return f"None were counted, which is not the same as no risk:{limit or ' no interval can be given'}."
    if count is None:
        return "How many events it rests on is not published with it."
    among = ""
    if people and s.indicator.value_type == "isr":
        among = f", where {number(people, 0)} were expected"
    elif people:
        among = f" among {number(people, 0)}{'' if label == 'people' else ' people'}"
    few = ": so few that one more or fewer shows" if count < _FEW else ""
    return f"It rests on {counted(count)} {label}{among}{few}."


# --- how many people? ---------------------------------------------------------------------


def how_many(s: Standing, gap: Opportunity) -> str:
    """What reaching the peers would mean, in people or events."""
    question = "How many people does it concern?"
    if not s.peers:
        return f"{question} Cannot be said: no peer has this figure, and at least five are needed."
    if len(s.peers) > MANY:
        return f"{question} Cannot be said without peers: name some, or bring a list of them."
    if gap.reason:
        return f"{question} Cannot be said: {gap.reason[:1].lower()}{gap.reason[1:]}"
    if gap.gap <= 0:
        return f"{question} None beyond the peers: the area does no worse than its best five."
    way = "fewer" if s.indicator.polarity == "low" else "more"
    peers = plural(gap.peers, "provisional peer" if s.provisional else "peer")
    chance = f", and this could be chance{_their_luck(gap)}" if gap.chance else ""
    if not math.isfinite(gap.people):
        return (
            f"{question} Not said by the figures: the gap to the best five of {peers} is "
            f"{number(gap.gap, s.indicator.decimals)} {s.indicator.unit}{chance}, and no count of people stands behind it."
        )
    middle = (
        f"as well as the median of the peers: {number(gap.median_people, 0)}"
        if gap.median_people > 0
        else "it already does as well as the median of the peers"
    )
    return (
        f"{question} Doing as well as the best five of {peers} would have meant "
        f"{number(gap.people, 0)} {way} {s.indicator.counted_in} {_span(s)} (95% interval {number(gap.lower, 0)} to "
        f"{number(gap.upper, 0)}{chance}); {middle}."
    )


def _span(s: Standing) -> str:
    """When, and among how many: a survey measures only those who were asked."""
    when = f"{'in' if s.indicator.period_years == 1 else 'over'} {s.own.period}"
    return f"{when} among the {number(s.own.denominator, 0)} measured" if s.own.denominator else when


# --- what would be ambitious? -------------------------------------------------------------


def ambitious(s: Standing, gap: Opportunity) -> str:
    """The levels that others have reached: the best fifth, and the best five peers."""
    question = "What would be ambitious?"
    if s.indicator.polarity not in ("low", "high"):
        return f"{question} Cannot be said: which direction is better is not known for this figure."
    said = []
    if s.best_fifth is None:
        said.append(
            f"A best fifth needs five areas with the figure, and {s.areas or 'none'} is on hand."
            if s.areas <= 1
            else f"No best fifth can be formed of {s.areas} areas; five are needed."
        )
    elif s.quintile == 1:
        said.append(
            f"The area already stood in the best fifth of {s.areas} areas in {s.own.period} ({_edge(s)})."
        )
    else:
        said.append(f"In {s.own.period} the best fifth of {s.areas} areas stood at {_edge(s)}.")
    if not gap.reason:
        said.append(f"The mean of {best_five(s)} was {_said(s, gap.best_five)}.")
    if gap.reason and s.best_fifth is None:
        return f"{question} Cannot be said from comparison. {said[0]}"
    return " ".join([question, *said, "By the plan's last year they will have moved on."])


def _edge(s: Standing) -> str:
    return f"{_said(s, s.best_fifth)} or {'lower' if s.indicator.polarity == 'low' else 'higher'}"


def _said(s: Standing, value: float | None) -> str:
    return number(value, s.indicator.decimals, s.indicator.unit)

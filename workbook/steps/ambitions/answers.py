"""What a reader asks of an ambition, answered in sentences: what is ambitious, how much, how plausible, what if it fails."""

from __future__ import annotations

import math

from workbook.blocks import Words
from workbook.methods import change
from workbook.methods.projection import EarlyWarning
from workbook.reference import Reference
from workbook.steps import past_moves
from workbook.steps.ambitions.desk import level_of
from workbook.steps.ambitions.reading import trial_words
from workbook.steps.ambitions.schemes import carried
from workbook.steps.lines import WARNING_YEAR, Outlook, better
from workbook.words import number, plural, signed


def answers(reference: Reference, found: Outlook) -> Words:
    """The answers in the order in which a level is chosen; those about the level only once there is one."""
    said = [_ambitious(found), _nothing_done(reference, found)]
    if found.chosen is None:
        said.append("What is chosen? No level has been chosen yet.")
    else:
        said += [_chosen(found), _how_many(found), _plausible(found)]
    said.append(f"Do the schemes get us there? {carried(found)}")
    if failed := _failed(found):
        said.append(failed)
    return Words(tuple(said), "list")


# --- before a level is chosen -----------------------------------------------------------


def _ambitious(found: Outlook) -> str:
    """Where the best fifth stand, and how often the way there was gone."""
    asked = "What would be ambitious?"
    s, line = found.standing, found.lines.get("best-quintile")
    if line is None or s.best_fifth is None:
        return f"{asked} That cannot be read from other areas here: see the doubts above."
    stands = (
        f"{asked} The best fifth of {s.areas} comparable areas stand at {level_of(s, s.best_fifth)} or better"
    )
    if line.last == found.baseline:
        return f"{stands}, and {level_of(s, found.baseline)} is among them: to stay there is the first aim."
    past = found.past.get("best-quintile")
    change = f"{_change(found, line.last)} by {found.years[-1]}"
    if past is None or not past.moves:
        return f"{stands}: {change}. Whether that has ever been done cannot be said."
    done = "none" if past.share == 0 else past_moves.percent(past.share)
    return f"{stands}: {change}, which {done} of {past.moves:,} past moves over {found.ahead} years achieved."


def _change(found: Outlook, value: float) -> str:
    """A change on the baseline: of a percentage in points, of anything else relative."""
    if found.standing.indicator.unit == "%":
        return f"{signed(value - found.baseline, found.standing.indicator.decimals, '')} points"
    return signed(100 * (value / found.baseline - 1)) if found.baseline else "a change"


def _nothing_done(reference: Reference, found: Outlook) -> str:
    """Where doing nothing leads, why, and how far that is to be trusted."""
    line, s, last = found.lines["do-nothing"], found.standing, found.years[-1]
    said = f"What if nothing is done? {level_of(s, line.last)} in {last}"
    if not line.banded:
        # That this area has too few points stands among the doubts already.
        why = line.how.removeprefix("The last value is held: ") if "no area" in line.how else ""
        return " ".join(
            filter(
                None,
                (f"{said}: the last value is held. The line has no interval.", why[:1].upper() + why[1:]),
            )
        )
    low, high = (number(x, s.indicator.decimals) for x in (line.lower[-1], line.upper[-1]))
    said += f" ({_change(found, line.last)}; 80% band: {low} to {high})."
    words = [said, _drift(found), _starts(found), trial_words(reference, found)]
    return " ".join(filter(None, words))


def _drift(found: Outlook) -> str:
    yearly = 100 * abs(found.drift)
    way = f"{'fell' if found.drift < 0 else 'rose'} by {yearly:.1f}% a year"
    if found.areas < 2:
        return (
            f"The area itself {way}; half of that is carried on. No other area's figures are known, so nothing could be "
            "pooled."
        )
    return f"The {found.areas} areas together {way}; half of that is carried on."


def _starts(found: Outlook) -> str:
    """A word where the eye finds the first year away from the last figure."""
    away = "It starts" in found.lines["do-nothing"].how
    return "The line starts away from the last figure, which is partly chance." if away else ""


# --- the level chosen -------------------------------------------------------------------


def _chosen(found: Outlook) -> str:
    assert found.chosen
    s, d = found.standing, found.standing.indicator.decimals
    level = number(found.chosen.last, d, s.indicator.unit)
    said = f"What is chosen? {level} by {found.years[-1]}, {_on_baseline(found)}"
    if s.indicator.polarity == "none":
        return f"{said}."
    return f"{said}: {_beside(found)}."


def _on_baseline(found: Outlook) -> str:
    assert found.chosen
    return (
        "level with the baseline" if _holds(found) else f"{_change(found, found.chosen.last)} on the baseline"
    )


def _holds(found: Outlook) -> bool:
    """Whether the level chosen is the baseline's own, as printed."""
    assert found.chosen
    return _change(found, found.chosen.last).strip("+-0.%") in ("", " points")


def _beside(found: Outlook) -> str:
    """The level chosen beside the peers' median and the best fifth, as they are today."""
    assert found.chosen
    s, near = found.standing, 0.5 * 10.0**-found.standing.indicator.decimals
    marks = [("the best fifth", s.best_fifth), ("the median of the peers", s.peer_median)]
    known = [(name, value) for name, value in marks if value is not None]
    for name, value in known:
        if abs(found.chosen.last - value) <= near:
            return f"where {name} {'stand' if name == 'the best fifth' else 'is'} today"
        if better(found, found.chosen.last, value):
            return f"better than {name} today ({level_of(s, value)})"
    if not known:
        return "not comparable with other areas' levels"
    name, value = known[-1]
    return f"short of {name} today ({level_of(s, value)})"


def _how_many(found: Outlook) -> str:
    assert found.chosen
    label, last = found.events_label, found.years[-1]
    events = found.events(found.chosen.last - found.lines["do-nothing"].last)
    if events is None:
        return (
            "How many people is that? Cannot be said: the figure counts nobody, or how many stand behind it is not on "
            "hand."
        )
    if abs(events) < 0.5:
        return f"How many {label} is that? None against the do-nothing line."
    more = f"{number(abs(events), 0)} {'fewer' if events < 0 else 'more'} {label}"
    return f"How many {label} is that? About {more} in {last} than if nothing is done{_among(found)}."


def _among(found: Outlook) -> str:
    """Of how many: a percentage tells only of those whom it counts, in a survey of those who were asked."""
    own, indicator = found.standing.own, found.standing.indicator
    if indicator.unit != "%" or not own.denominator or own.denominator != own.denominator:
        return ""
    return f", among the {number(own.denominator, 0)} that the figure counts"


def _plausible(found: Outlook) -> str:
    """How often others did as much, and whether success could be told from chance."""
    assert found.chosen
    said = [
        "Is it plausible?",
        found.plausibility or "How often others achieved such a change cannot be said.",
    ]
    if found.standing.indicator.polarity != "none":
        said.append(_judged(found))
    return " ".join(filter(None, [*said, _told_apart(found)]))


def _judged(found: Outlook) -> str:
    assert found.chosen
    level, nothing, d = found.chosen.last, found.lines["do-nothing"].last, found.standing.indicator.decimals
    if better(found, nothing, level) and number(nothing, d) != number(level, d):
        return f"It asks for less than is expected to happen anyway ({level_of(found.standing, nothing)})."
    if not better(found, level, nothing):
        return "It asks for no more than what is expected to happen anyway."
    past = found.past.get("own")
    if past is None or not past.moves:
        return ""
    if past.share == 0:
        return "So it needs a second reason why it can be done here."
    if past.share < 0.1:
        return "So it is very ambitious."
    if past.share < 1 / 3:
        return "So it is ambitious, and hard to argue with."
    return "So it is hard to argue with, and not very ambitious."


def _told_apart(found: Outlook) -> str:
    """Whether the last year could be told from the baseline, and from what happens anyway."""
    assert found.chosen
    level, nothing = found.chosen.last, found.lines["do-nothing"]
    said = _from_chance(found)
    if not (nothing.banded and nothing.lower[-1] <= level <= nothing.upper[-1]):
        return f"{said}."
    return f"{said}; it also lies inside the do-nothing band, so reaching it would not by itself show that the plan worked."


def _from_chance(found: Outlook) -> str:
    """The change to the last year against the errors of both figures: that of the last is not known yet either."""
    assert found.chosen
    own, year, level = found.standing.own, found.years[-1], found.chosen.last
    if own.lower is None or own.upper is None or not own.value:
        why = "no interval" if own.value else "no relative error"
        return f"Whether {year} could be told from the baseline cannot be said: the baseline has {why}"
    if _holds(found):
        return f"It is the level of the baseline, so the figure of {year} alone could not show success"
    ratio = abs(level / own.value)  # the same relative error: the interval grows and shrinks with the level
    limits = (ratio * own.lower, ratio * own.upper)
    moved = change.between(own.value, (own.lower, own.upper), level, limits)
    both = f"at 95%, with the error of both figures, that of {year} taken to be as large relative to its level as the baseline's"
    if moved.chance:
        return f"A change of this size may not be told from chance in {year} alone ({both})"
    return f"A change of this size could be told from chance in {year} alone ({both})"


# --- when it has failed -------------------------------------------------------------------


def _failed(found: Outlook) -> str:
    """Which figure of the second year would put the last out of reach."""
    warning = found.warning
    if warning is None:
        return ""
    asked = "When would we know that it has failed?"
    if not math.isfinite(warning.hard):
        return f"{asked} {warning.reason}"
    late = _past(warning, warning.hard, found.baseline)
    said = (_late(found) if late else "", _limits(found, warning), _waypoint(found, warning), warning.reason)
    return " ".join(filter(None, (asked, *said)))


def _limits(found: Outlook, warning: EarlyWarning) -> str:
    """From which figure the rest is hard, and from which out of reach."""
    year, last, left = found.years[WARNING_YEAR - 1], found.years[-1], len(found.years) - WARNING_YEAR
    hard, lost = (level_of(found.standing, x) for x in (warning.hard, warning.out_of_reach))
    return (
        f"If the figure of {year} is {warning.worse} {hard}, the level for {last} is hard to reach: one in ten of "
        f"{warning.moves:,} past moves managed the rest in {plural(left, 'year')}. {_beyond(warning.worse, hard, lost)}"
    )


def _late(found: Outlook) -> str:
    """Where even the first limit is worse than today's figure: nobody would wait for it, so the waypoint leads."""
    assert found.chosen
    s, year = found.standing, found.years[WARNING_YEAR - 1]
    waypoint = level_of(s, found.chosen.values[WARNING_YEAR - 1])
    return (
        f"Hold the figure of {year} against its waypoint, {waypoint}. By the past of others, only a figure worse than "
        f"today's ({level_of(s, found.baseline)}) would show it, so one year's figure alone cannot warn early here."
    )


def _past(warning: EarlyWarning, value: float, limit: float) -> bool:
    return value > limit if warning.worse == "above" else value < limit


def _beyond(worse: str, hard: str, lost: str) -> str:
    if lost == hard:
        return "At most one area did more, so past that it is out of reach."
    return f"If it is {worse} {lost}, it is out of reach: one in a hundred did, or a single area."


def _waypoint(found: Outlook, warning: EarlyWarning) -> str:
    """Where the waypoint of that year says more than the past of others."""
    assert found.chosen
    waypoint, year = found.chosen.values[WARNING_YEAR - 1], found.years[WARNING_YEAR - 1]
    said = level_of(found.standing, waypoint)
    if _past(warning, waypoint, warning.out_of_reach):
        return f"The waypoint of {year} ({said}) is past both itself: by the past of others, the level is out of reach from the start."
    if _past(warning, waypoint, warning.hard):
        return f"The waypoint of {year} ({said}) is past the first itself: the plan leaves much to its last years."
    return ""

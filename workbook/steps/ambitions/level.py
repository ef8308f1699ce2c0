"""The level chosen: what would be ambitious, the waypoints to it, and when it slips out of reach."""

from __future__ import annotations

import math

from workbook.blocks import Block, Column, Heading, Table, Words, table
from workbook.plan import Plan
from workbook.steps import past_moves
from workbook.steps.ambitions.desk import level_of
from workbook.steps.lines import WARNING_YEAR, Outlook, better
from workbook.words import in_unit, number, plural

# A line further than this from the baseline warns of nothing that is likely to happen.
_FAR = 0.5


def chosen(plan: Plan, found: Outlook, anchor: str) -> list[Block]:
    """What would be ambitious here, the level that was chosen, and the way to it."""
    blocks: list[Block] = [Heading("What would be ambitious", f"ambitious-{anchor}", 3)]
    blocks.append(Words(tuple(filter(None, (_best_fifth(found), _verdict(found))))))
    blocks.append(Heading("The level chosen", f"level-{anchor}", 3))
    if found.chosen is None:
        return [*blocks, Words(("No level has been chosen yet.",), "note")]
    blocks += [_chosen_words(found), _waypoints(plan, found, anchor)]
    return [*blocks, Words(tuple(_warning_words(found)))]


def _best_fifth(found: Outlook) -> str:
    """Where the best fifth stand, and how often the way there was gone."""
    s, line = found.standing, found.lines.get("best-quintile")
    if line is None or s.best_fifth is None:
        return "What would be ambitious cannot be read from other areas here: see the doubts above."
    stands = f"The best fifth of {s.areas} comparable areas stand at {level_of(s, s.best_fifth)} or better"
    if line.last == found.baseline:
        return f"{stands}, and {level_of(s, found.baseline)} is among them: to stay there is the first aim."
    past = found.past.get("best-quintile")
    change = f"{100 * (line.last / found.baseline - 1):+.1f}%" if found.baseline else "a change"
    if past is None or not past.moves:
        return f"{stands}: {change} by {found.years[-1]}. Whether that has ever been done cannot be said."
    done = "none" if past.share == 0 else past_moves.percent(past.share)
    return f"{stands}: {change} by {found.years[-1]}, which {done} of {past.moves:,} past moves over {found.ahead} years achieved."


def _verdict(found: Outlook) -> str:
    """How the level chosen compares: with what happens anyway, with others' levels, and with others' moves."""
    level = found.chosen
    if level is None or found.standing.indicator.polarity == "none":
        return ""
    nothing = found.lines["do-nothing"]
    if not better(found, level.last, nothing.last):
        return "The level chosen asks for no more than what is expected to happen anyway."
    within = nothing.banded and nothing.lower[-1] <= level.last <= nothing.upper[-1]
    said = f"The level chosen is {_beside(found)}. {_judged(found)}"
    if not within:
        return said
    return (
        f"{said} It lies inside the interval of the do-nothing line, so to reach it would not by itself show that "
        "the plan worked."
    )


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
            return f"better than {name} today"
    return f"short of {known[-1][0]} today" if known else "not comparable with other areas' levels"


def _judged(found: Outlook) -> str:
    past = found.past.get("own")
    if past is None or not past.moves:
        return "How many areas have made such a change cannot be said."
    if past.share == 0:
        return "No area has made such a change, so it needs a second reason why it can be done here."
    if past.share < 0.1:
        return "Few areas have made such a change: it is very ambitious."
    if past.share < 1 / 3:
        return "Some areas have made such a change: it is ambitious, and hard to argue with."
    return "Many areas have made such a change: it is hard to argue with, and not very ambitious."


def _chosen_words(found: Outlook) -> Words:
    assert found.chosen
    s, d = found.standing, found.standing.indicator.decimals
    events = found.events(found.chosen.last - found.lines["do-nothing"].last)
    words = [
        f"Chosen: {number(found.chosen.last, d, s.indicator.unit)} by {found.years[-1]}, "
        f"from {level_of(s, found.baseline)} in {s.own.period}."
    ]
    if events is not None and abs(events) >= 0.5:
        words.append(
            f"Against the do-nothing line that is about {number(abs(events), 0)} "
            f"{'fewer' if events < 0 else 'more'} {found.events_label} in {found.years[-1]}."
        )
    words.append(_told_apart(found))
    if found.plausibility:
        words.append(found.plausibility)
    return Words((" ".join(filter(None, words)),))


def _told_apart(found: Outlook) -> str:
    """Whether the last year could be told from the baseline, given how uncertain the baseline is."""
    assert found.chosen
    own, year = found.standing.own, found.years[-1]
    if own.lower is None or own.upper is None:
        return f"Whether {year} could be told from the baseline cannot be said: the baseline has no interval."
    if own.lower <= found.chosen.last <= own.upper:
        return f"That lies inside the baseline's own interval, so in {year} chance could pass for success."
    return f"That lies outside the baseline's own interval, so {year} could be told from it."


# --- the way there ------------------------------------------------------------


def _waypoints(plan: Plan, found: Outlook, anchor: str) -> Table:
    """The level of each year, what it means, and when it is looked at."""
    assert found.chosen
    s, d = found.standing, found.standing.indicator.decimals
    nothing = found.lines["do-nothing"]
    counted = found.events(0) is not None
    rows = [
        {
            "year": year,
            "level": value,
            "change": 100 * (value / found.baseline - 1) if found.baseline else None,
            "nothing": nothing.values[n],
            "events": found.events(value - nothing.values[n]),
            "review": _review(found, n),
        }
        for n, (year, value) in enumerate(zip(found.years, found.chosen.values, strict=True))
    ]
    owner = f" by {found.ambition.owner}" if found.ambition.owner else ""
    until = (
        f" The plan itself is valid until {plan.sign_off.review_by:%d %B %Y}."
        if plan.sign_off.review_by
        else ""
    )
    return table(
        f"waypoints-{anchor}",
        f"{s.indicator.name}: waypoints to {found.years[-1]}",
        [
            Column("year", "Year", decimals=None),
            Column("level", "Level aimed at", decimals=d),
            Column("change", "Change on the baseline", "%", 1),
            Column("nothing", "Do nothing", decimals=d),
            *([Column("events", "Against do nothing", found.events_label, 0)] if counted else []),
            Column("review", "Looked at"),
        ],
        [row | {"year": str(row["year"])} for row in rows],
        note=f"Levels {in_unit(s.indicator.unit)}. Each waypoint is looked at{owner} as soon as its figure is published.{until}",
    )


def _review(found: Outlook, n: int) -> str:
    if n == len(found.years) - 1:
        return f"when {found.years[n]} is published: was it reached?"
    warned = found.warning and math.isfinite(found.warning.out_of_reach)
    if n == WARNING_YEAR - 1 and warned:
        return f"when {found.years[n]} is published, against the early warning below"
    return f"when {found.years[n]} is published"


def _warning_words(found: Outlook) -> list[str]:
    """Which figure of the second year would put the last out of reach."""
    warning, s = found.warning, found.standing
    if warning is None or not math.isfinite(warning.hard):
        return [warning.reason] if warning and warning.reason else []
    year, last, left = found.years[WARNING_YEAR - 1], found.years[-1], len(found.years) - WARNING_YEAR
    hard, lost = level_of(s, warning.hard), level_of(s, warning.out_of_reach)
    said = (
        f"Early warning: if the figure of {year} is {warning.worse} {hard}, the level for {last} is hard to reach, "
        f"because the {plural(left, 'year')} left would need a change that only one in ten of {warning.moves:,} past "
        f"moves managed. {_lost(found, lost)}"
    )
    return [" ".join(filter(None, (said, _late(found), warning.reason)))]


def _lost(found: Outlook, level: str) -> str:
    """From where no past move would do. The best of all moves may be one very small area's chance."""
    assert found.warning
    if abs(found.warning.out_of_reach / found.baseline - 1) > _FAR:
        return (
            f"Out of reach it would be only {found.warning.worse} {level}: but that goes by the best of all past moves, "
            "which may be one very small area's chance. Go by the first figure."
        )
    return f"If it is {found.warning.worse} {level}, it is out of reach: none managed that."


def _late(found: Outlook) -> str:
    """Where the waypoints themselves leave too much to the end."""
    assert found.warning and found.chosen
    waypoint = found.chosen.values[WARNING_YEAR - 1]
    worse = waypoint > found.warning.hard if found.warning.worse == "above" else waypoint < found.warning.hard
    if not worse:
        return ""
    return (
        f"The waypoint of that year ({level_of(found.standing, waypoint)}) lies past the first of these itself: "
        "the plan leaves much to its last years."
    )

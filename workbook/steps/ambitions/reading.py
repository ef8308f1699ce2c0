"""How the lines of every ambition are made and read: said once, so that each ambition says only what is its own."""

from __future__ import annotations

from collections.abc import Iterable

from workbook.blocks import Block, Heading, Words
from workbook.plan import Plan
from workbook.reference import Reference, backtest
from workbook.steps.lines import LABELS, Outlook, pledge_rate, pledge_source
from workbook.words import number, signed

_MADE = {
    "hold": "the latest figure carried on.",
    "targets": "in equal steps to where the median of the peers, or the threshold of the best fifth of comparable "
    "areas, is in the latest year. An area that is better already holds its level.",
    "schemes": "the do-nothing line times the effects that funded schemes state with a source; each acts on what the "
    "ones before it have left. The band joins that of the do-nothing line with the ranges stated for the "
    "effects, taken to hold the effect in 8 cases of 10 and to be independent of each other.",
}


def guide(plan: Plan, reference: Reference, outlooks: Iterable[Outlook | None]) -> list[Block]:
    """What every line, band and share on the page means; nothing where no ambition has a figure."""
    found = [o for o in outlooks if o]
    if not found:
        return []
    drawn = {name for o in found for name in o.lines}
    said = [
        _do_nothing(),
        f"{LABELS['hold']}: {_MADE['hold']}",
        *_targets(drawn),
        *([_pledge(plan, reference)] if "pledge" in drawn else []),
        f"{LABELS['schemes']}: {_MADE['schemes']}",
        "Only doing nothing and the schemes have a band. A line without one is a target and no forecast.",
        "Past moves: the changes that comparable areas made over as many years, from every starting year. They overlap, "
        "so read a share as hardly ever, now and then, or often.",
        "People and events are counted at the population of the latest figure: they are sizes and no forecast.",
    ]
    return [
        Heading("How to read the lines", "how-to-read"),
        Words(tuple(said), "list"),
        *_trusted(reference, found),
    ]


def _do_nothing() -> str:
    return (
        f"{LABELS['do-nothing']}: all comparable areas go on by half of the yearly change that they had in common over "
        "the last seven years, and each keeps the standing among them that it had over its last five. So the line "
        "starts where the area has stood of late, and not at its last figure, which is partly chance. The 80% band "
        "should hold the figure in 8 cases of 10: it is made of how areas moved apart, and of how uncertain "
        "the common trend is."
    )


def _targets(drawn: set[str]) -> list[str]:
    names = [LABELS[name] for name in ("peer-median", "best-quintile") if name in drawn]
    if not names:
        return []
    joined = f"{names[0]}, {names[1][:1].lower()}{names[1][1:]}" if len(names) > 1 else names[0]
    return [f"{joined}: {_MADE['targets']}"]


def _pledge(plan: Plan, reference: Reference) -> str:
    year = plan.years[0]
    change = 100 * pledge_rate(reference, year)
    return f"{LABELS['pledge']}: {signed(change)} every year, compounded ({pledge_source(reference, year)})."


def _trusted(reference: Reference, found: list[Outlook]) -> list[Block]:
    """How far the do-nothing line missed on published series: measured, not hoped."""
    table = reference.backtests()
    if table.empty or not any(o.lines["do-nothing"].banded for o in found):
        return []
    whole, missed, held = backtest.average(table), table["mae_do_nothing"], table["coverage"]
    words = (
        f"How far to trust the do-nothing line: on {len(table)} published series, five years ahead, it missed by "
        f"{_share(whole.missed['do_nothing'])} on average ({_share(missed.min())} to {_share(missed.max())} by series; "
        f"holding the last value: {_share(whole.missed['hold'])}), and its 80% band held {_share(whole.pooled)} of the "
        f"figures that came ({_share(held.min())} to {_share(held.max())})."
    )
    return [Words((words,), "note")]


def _share(fraction: float) -> str:
    return number(100 * fraction, 1 if abs(fraction) < 0.2 else 0, "%")


def trial_words(reference: Reference, found: Outlook) -> str:
    """How the line did on the past of this very measure, or that it was not tried on it."""
    table = reference.backtests()
    if table.empty or not found.lines["do-nothing"].banded:
        return ""
    if found.standing.indicator.id in set(table["series"]) or found.areas < backtest.FEW:
        return backtest.sentence(reference, found.standing.indicator, found.areas, found.ahead)
    return (
        "It was not tried on the past of this measure; on the series it was tried on, its band held "
        f"{_share(backtest.average(table).pooled)} of the figures that came."
    )

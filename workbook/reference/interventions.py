"""The library of interventions that commissioners consider, and accounts of places that tried something.

An effect size stands there only where the publication was opened, and says on
what and in whom it was seen; all others are blank. An account is somebody's
report: it teaches, and is no evidence of effect.
"""

from __future__ import annotations

from dataclasses import dataclass

# What the classes mean; the page of the library prints them.
EVIDENCE = {
    "strong": "a systematic review or several trials agree on the measure named, or one change so large that "
    "chance does not explain it",
    "some": "one good trial, a controlled study, or reviews that do not agree",
    "weak": "accounts, before-and-after counts, or studies that found no clear effect",
    "none": "nothing that was read shows an effect",
}
CASHABILITY = {
    "none": "no money is freed, or much later and elsewhere",
    "part": "part of it, where capacity is taken out",
    "most": "most of it",
    "not-known": "not known",
}


@dataclass(frozen=True)
class Intervention:
    """One entry: what it is, for whom, what it was shown to change, what it needs, who could lose by it.

    ``effect``, ``effect_low`` and ``effect_high`` are the change of ``measure`` in per cent, below zero where
    it falls, with the printed 95 % interval; None where no publication was opened that gives one.
    ``effect_where`` says in whom and against what. ``lead_time_months`` and ``ramp`` (share in effect, year by
    year) are None and () where nobody states them. ``opened``: the text of the publication was read.
    ``ambitions``: the numbers of the seven ambitions that it may serve. ``local``: an entry of the plan.
    """

    id: str
    name: str
    theme: str = ""
    ambitions: tuple[int, ...] = ()
    for_whom: str = ""
    evidence: str = "none"
    measure: str = ""
    effect: float | None = None
    effect_low: float | None = None
    effect_high: float | None = None
    effect_where: str = ""
    lead_time_months: int | None = None
    ramp: tuple[float, ...] = ()
    cost: str = ""
    cashability: str = "not-known"
    barriers: str = ""
    could_lose: str = ""
    source: str = ""
    reference: str = ""
    opened: bool = False
    checked_on: str = ""
    local: bool = False


@dataclass(frozen=True)
class Case:
    """What one source tells of one place: what was done, what came of it, and what to be wary of.

    ``kind``: "failed", "worked" or "told" (an account that judges neither way).
    """

    id: str
    framework: str
    kind: str
    title: str
    year: int
    account: str
    wary: str = ""
    source: str = ""

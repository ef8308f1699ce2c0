"""The library of interventions beside the plan: what schemes follow, what was shown for it, who could lose."""

from __future__ import annotations

from workbook.blocks import Block, Column, Heading, Result, Table, Words, table
from workbook.plan import Plan
from workbook.plan.sections import Intervention as LocalEntry
from workbook.plan.sections import Scheme
from workbook.reference import Reference
from workbook.reference.interventions import EVIDENCE, Case, Intervention
from workbook.steps import asking
from workbook.words import listed, plural, signed, some
from workbook.words import money as pounds

_SOURCE = "The workbook's library of interventions and local entries of this plan"
_SHOWN_CASES = ("PVW-04", "PVW-06", "TDC-06", "TDC-07", "TDC-09")
_MOST_APART = 40
_TOLD = {"failed": "a failure", "worked": "a success", "told": "an account"}
_FREES = {"none": "no", "part": "in part", "most": "mostly", "not-known": "not known"}


def entries(plan: Plan, reference: Reference) -> list[Intervention]:
    """The library with the plan's own entries after it, each marked local; a local one stands for a shipped one of its id."""
    own = [_local(i) for i in plan.budget.interventions]
    ids = {i.id for i in own}
    return [*(i for i in reference.interventions() if i.id not in ids), *own]


def _local(entry: LocalEntry) -> Intervention:
    said = entry.model_dump()
    return Intervention(
        **(said | {"ramp": tuple(entry.ramp), "opened": entry.effect is not None}), local=True
    )


def effect_words(entry: Intervention) -> str:
    """ "-23% (-29% to -17%): rate of falls", or that there is none to plan with."""
    if entry.effect is None and entry.local:
        return "none entered"
    if entry.effect is None:
        return "no effect size in per cent" if entry.opened else "no effect size opened"
    figures = [f for f in (entry.effect, entry.effect_low, entry.effect_high) if f is not None]
    decimals = 0 if all(f == round(f) for f in figures) else 1
    said = [signed(f, decimals) for f in figures]
    interval = f" ({said[1]} to {said[2]})" if len(said) == 3 else ", no range given"
    return f"{said[0]}{interval}: {entry.measure[:1].lower()}{entry.measure[1:]}"


def evidence_words(entry: Intervention) -> str:
    """The class, and whether the publication behind it was read."""
    return entry.evidence if entry.local or entry.opened else f"{entry.evidence}, not opened"


def part(plan: Plan, reference: Reference, results: list[Result]) -> list[Block]:
    """The entries that schemes follow, the plan's own, and one for each ambition that none of these serves."""
    known = {i.id: i for i in entries(plan, reference)}
    shipped = reference.interventions()
    sized = sum(i.effect is not None for i in shipped)
    results.append(
        Result(
            "library-followed",
            "Schemes that follow an entry of the library",
            sum(s.intervention in known for s in plan.budget.schemes),
            "schemes",
            "",
            "count of schemes",
            "Schemes of this plan",
        )
    )
    followers = _followers(plan)
    shown = _shown(plan, known, followers)
    blocks: list[Block] = [
        Heading("What is known to work", "library"),
        Words(
            (
                f"The library that ships has {plural(len(shipped), 'entry', 'entries')}; {sized} carry an effect size, "
                "each from a publication whose text was opened. A scheme that follows one of the others counts for nothing in "
                "the scheme-built line, unless the plan brings evidence of its own. Shown are the entries that schemes follow, "
                "the plan's own (marked local), and the best evidence for each ambition that none of these serves; the rest "
                "stands in the workbook's library.",
            )
        ),
    ]
    if said := _against(plan, known):
        blocks.append(Words(tuple(said), "list"))
    if shown:
        blocks += _tables(shown, followers)
    return [
        *blocks,
        asking.ask(plan, reference, "/budget/interventions", detail=True),
        *_accounts(reference),
    ]


def _followers(plan: Plan) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for scheme in plan.budget.schemes:
        if scheme.intervention:
            found.setdefault(scheme.intervention, []).append(scheme.name or scheme.id)
    return found


def _shown(plan: Plan, known: dict[str, Intervention], followers: dict[str, list[str]]) -> list[Intervention]:
    shown = [i for i in known.values() if i.local or i.id in followers]
    served = {n for i in shown for n in i.ambitions}
    served |= {n for s in plan.budget.schemes if s.intervention in known for n in s.ambitions}
    order = list(EVIDENCE)
    for ambition in sorted({a.number for a in plan.ambitions.items}):
        fits = [i for i in known.values() if ambition in i.ambitions and i not in shown]
        if ambition not in served and fits:
            best = min(fits, key=lambda i: (order.index(i.evidence), not i.opened, i.effect is None))
            shown.append(best)
            served |= set(best.ambitions)
    return shown


def _tables(shown: list[Intervention], followers: dict[str, list[str]]) -> list[Table]:
    """What was shown for each entry, and what it needs: the second to look things up in."""
    return [_shown_table(shown, followers), _needs_table(shown)]


def _name(entry: Intervention) -> str:
    return f"{entry.name} (local)" if entry.local else entry.name


def _shown_table(shown: list[Intervention], followers: dict[str, list[str]]) -> Table:
    return table(
        "library",
        "Interventions of the library that bear on this plan",
        [
            Column("name", "Intervention"),
            Column("followed", "Followed by"),
            Column("evidence", "Evidence"),
            Column("effect", "Effect, with 95% interval: on what"),
            Column("source", "Source"),
        ],
        [
            {
                "name": _name(i),
                "followed": listed(followers.get(i.id, [])) or "no scheme",
                "evidence": evidence_words(i),
                "effect": effect_words(i),
                "source": i.source,
            }
            for i in shown
        ],
        source=_SOURCE,
        note=(
            "An effect was seen in the people treated, not in an area's figures. Evidence: "
            + "; ".join(f"{name}: {words}" for name, words in EVIDENCE.items())
            + "."
        ),
    )


def _needs_table(shown: list[Intervention]) -> Table:
    rows = [
        {
            "name": _name(i),
            "whom": i.for_whom,
            "lead": "not stated" if i.lead_time_months is None else plural(i.lead_time_months, "month"),
            "cost": i.cost,
            "cash": _FREES[i.cashability],
            "barriers": i.barriers,
            "lose": i.could_lose,
        }
        for i in shown
    ]
    return table(
        "library-needs",
        "What these interventions need, what money they free, and who could lose by them",
        [
            Column("name", "Intervention"),
            Column("whom", "For whom"),
            Column("lead", "Lead time"),
            Column("cost", "Cost"),
            Column("cash", "Frees money?"),
            Column("barriers", "In the way"),
            Column("lose", "Who could lose"),
        ],
        [{k: v or None for k, v in row.items()} for row in rows],
        source=_SOURCE,
        note="Money is freed only where capacity is taken out.",
        missing="not said",
        detail=True,
    )


# --- schemes beside the entries they follow ---------------------------------------------


def _against(plan: Plan, known: dict[str, Intervention]) -> list[str]:
    """What follows nothing that is known, what counts for nothing, and where a scheme departs from its entry."""
    following = [s for s in plan.budget.schemes if s.intervention]
    said = [
        f"“{s.name or s.id}” follows “{s.intervention}”, which is no entry of the library or of this plan."
        for s in following
        if s.intervention not in known
    ]
    following = [s for s in following if s.intervention in known]
    idle = [s for s in following if known[s.intervention].effect is None and largest_effect(s) is None]
    if idle:
        names = some([f"“{s.name or s.id}”" for s in idle], 5)
        said.append(
            f"{names} {'follows an entry' if len(idle) == 1 else 'follow entries'} without an effect size and "
            f"{'states' if len(idle) == 1 else 'state'} none: {'it counts' if len(idle) == 1 else 'they count'} for nothing in "
            "the scheme-built line."
        )
    apart = [words for s in following if (words := differences(s, known[s.intervention]))]
    return [*said, *apart[:_MOST_APART]]


def differences(scheme: Scheme, entry: Intervention) -> str:
    """How a scheme departs from its entry in effect, lead time and cashable share, in a sentence; "" where it does not."""
    parts = [words for words in (_effect(scheme, entry), _lead(scheme, entry), _cash(scheme, entry)) if words]
    return f"“{scheme.name or scheme.id}” against “{entry.name}”: {'; '.join(parts)}." if parts else ""


def largest_effect(scheme: Scheme) -> float | None:
    """The effect of a scheme on any ambition that is farthest from nothing, in per cent; None where none is stated."""
    return max((e.percent for e in scheme.effects if e.percent), key=abs, default=None)


def strongest(entry: Intervention) -> float | None:
    """The end of the range of an entry of the library that is farthest from nothing, in per cent."""
    ends = [e for e in (entry.effect, entry.effect_low, entry.effect_high) if e is not None]
    return max(ends, key=abs, default=None)


def _effect(scheme: Scheme, entry: Intervention) -> str:
    mine, theirs = largest_effect(scheme), strongest(entry)
    if mine is None:
        return ""
    if theirs is None:
        rests = (
            "it rests on the plan's own evidence"
            if scheme.evidence_source
            else "it counts for nothing until it names one"
        )
        return f"it states an effect of {signed(mine)}, the library none, so {rests}"
    if abs(mine) > abs(theirs):
        return (
            f"it states an effect of {signed(mine)}, more than was shown in the people treated ({effect_words(entry)}); a whole "
            "area can hardly gain more than those who are reached"
        )
    return ""


def _lead(scheme: Scheme, entry: Intervention) -> str:
    mine, theirs = scheme.lead_time_months, entry.lead_time_months
    if mine is None or theirs is None or mine == theirs:
        return ""
    return f"lead time {plural(mine, 'month')}, there {plural(theirs, 'month')}"


def _cash(scheme: Scheme, entry: Intervention) -> str:
    claimed = scheme.gross_saving * scheme.cashable_share
    if not claimed or entry.cashability != "none":
        return ""
    return f"it counts {pounds(claimed)} a year as cash, where the library knows of none"


# --- accounts -------------------------------------------------------------------


def _accounts(reference: Reference) -> list[Block]:
    cases = [c for name in _SHOWN_CASES for c in reference.cases(name)]
    if not cases:
        return []
    kinds = [
        f"{n} {words if n == 1 else more}"
        for kind, words, more in (
            ("failed", "failure", "failures"),
            ("worked", "success", "successes"),
            ("told", "account that judges neither way", "accounts that judge neither way"),
        )
        if (n := sum(c.kind == kind for c in cases))
    ]
    failed = listed(c.title for c in cases if c.kind == "failed")
    return [
        Heading("What others tell", "cases", 3),
        Words(
            (
                f"{plural(len(cases), 'place')} as those who were asked tell them: {listed(kinds)}. They teach, and they prove no "
                f"effect. Reasons given for the failures ({failed}): risk moved to providers without being understood and priced; "
                "layers added and none removed; change imposed faster than planned; procurement so heavy that small local "
                "groups stay away; payment for activity where the sum is fixed.",
            )
        ),
        accounts_table(cases),
    ]


def accounts_table(cases: list[Case], id: str = "cases") -> Table:
    """Accounts side by side: what is told, as what, and what to be wary of."""
    return table(
        id,
        "Accounts of places",
        [
            Column("title", "Place"),
            Column("told", "Told as"),
            Column("account", "What was done, and what came of it"),
            Column("wary", "Be wary"),
            Column("source", "Source"),
        ],
        [
            {
                "title": c.title,
                "told": f"{_TOLD[c.kind]} ({c.year})",
                "account": c.account,
                "wary": c.wary,
                "source": c.framework,
            }
            for c in cases
        ],
        source="; ".join(dict.fromkeys(c.source.rpartition(", ")[0] or c.source for c in cases)),
        detail=True,
    )

"""How each scheme is built: the eight prompts on the design of a service, pilots, and how long change takes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from workbook.blocks import Block, Column, Heading, Question, Result, Table, Words, table
from workbook.plan import Plan
from workbook.plan.sections import Scheme
from workbook.reference import Framework, Reference
from workbook.steps import asking
from workbook.words import day, financial_year, listed, number, plural

PROMPTS = "CST-16"
VOICE = "CST-16.5"  # the prompt that asks for a sentence in the person's voice
ACCOUNT = "PVW-05"
ACCOUNT_YEARS = (5, 15)
_SHORT = {
    "CST-16.1": "Prevention",
    "CST-16.2": "Effect on lives",
    "CST-16.3": "Self-management",
    "CST-16.4": "One whole",
    "CST-16.5": "Integration and voice",
    "CST-16.6": "New settings",
    "CST-16.7": "Pilot",
    "CST-16.8": "Old habits",
}
_SLOW = (
    f"One account to hold this against: a leader in Northumbria said in 2017 that major change took {ACCOUNT_YEARS[0]} to "
    f"{ACCOUNT_YEARS[1]} years, and one emergency-care scheme 15, 6 to think and 9 to plan and build ({ACCOUNT}). "
    "It is one person's account, not a rule."
)
_NEXT = 3  # schemes without an answer that are asked the prompts at once: the next follows when one is begun
_LONGEST = 10
_ROWS = 20  # of the tables of prompts and of pilots


def part(plan: Plan, reference: Reference, results: list[Result]) -> list[Block]:
    """The prompts over all schemes, what no funded scheme answers, pilots and lead times, and the questions."""
    framework = reference.framework(PROMPTS)
    blocks: list[Block] = [Heading("How the schemes are built", "service-model")]
    if plan.budget.schemes:
        blocks += _prompts(plan, framework, results)
        blocks += _pilots(plan)
        blocks += _lead_times(plan)
    blocks += [*_account(plan, reference), asking.about(framework)]
    for n, scheme in asked(plan):
        blocks.append(Heading(f"Service model: {scheme.name or scheme.id}", f"model-{scheme.id}", level=3))
        blocks += _questions(plan, framework, n)
    return blocks


def _questions(plan: Plan, framework: Framework, n: int) -> list[Question]:
    """The prompts of one scheme; the table above shows them too, so a document prints them in its annex."""
    return asking.bank(plan, framework, f"/budget/schemes/{n}/answers", detail=True)


def _account(plan: Plan, reference: Reference) -> list[Block]:
    framework = reference.framework(ACCOUNT)
    return [asking.about(framework), *asking.bank(plan, framework, "/budget/answers")]


def answered(scheme: Scheme, prompt: str) -> bool:
    """Whether a scheme has an answer to one prompt; what the pilot's own fields say answers that on pilots."""
    given = scheme.answers.get(prompt)
    if given is not None and given.answer:
        return True
    return prompt == "CST-16.7" and scheme.pilot.pilot and bool(scheme.pilot.tests and scheme.pilot.then)


def asked(plan: Plan) -> list[tuple[int, Scheme]]:
    """The schemes that are asked the prompts: pilots, those with an answer, and the three dearest funded ones without."""
    schemes = list(enumerate(plan.budget.schemes))
    begun = {n for n, s in schemes if s.pilot.pilot or any(a.answer for a in s.answers.values())}
    waiting = [(n, s) for n, s in schemes if s.funded and n not in begun]
    waiting.sort(key=lambda e: (-_whole(e[1], plan.horizon), e[0]))
    following = {n for n, _ in waiting[:_NEXT]}
    return [(n, s) for n, s in schemes if n in begun or n in following]


def _whole(scheme: Scheme, horizon: int) -> float:
    return scheme.set_up_cost + scheme.capital + scheme.recurrent_cost * horizon


# --- the eight prompts ------------------------------------------------------------


def _prompts(plan: Plan, framework: Framework, results: list[Result]) -> list[Block]:
    funded = [s for s in plan.budget.schemes if s.funded]
    items = [item.id for item in framework.items]
    given = {s.id: [answered(s, i) for i in items] for s in plan.budget.schemes}
    full = sum(all(given[s.id]) for s in funded)
    results.append(
        Result(
            "service-models",
            "Funded schemes whose service model answers all eight prompts",
            full,
            "schemes",
            "",
            "Prompts of CST-16 with an answer, for each funded scheme",
            "Schemes of this plan",
        )
    )
    shown = sorted((s for _, s in asked(plan)), key=lambda s: all(given[s.id]))  # what lacks something first
    others = sum(s.funded for s in plan.budget.schemes) - sum(s.funded for s in shown)
    return [
        Words(tuple(_prompt_words(framework, funded, given, full))),
        _matrix(shown, items, given, others),
    ]


def _prompt_words(
    framework: Framework, funded: Sequence[Scheme], given: dict[str, list[bool]], full: int
) -> list[str]:
    if not funded:
        return ["No scheme is funded, so none has to say how its service is built."]
    said = [
        f"Of {plural(len(funded), 'funded scheme')}, {full or 'none'} {'answers' if full < 2 else 'answer'} all eight prompts on how "
        "a service is designed. Pilots, the schemes with an answer and the dearest funded ones without are asked first; "
        "as one is begun, the next follows."
    ]
    open_ = [i for n, i in enumerate(framework.items) if not any(given[s.id][n] for s in funded)]
    if open_:
        which = "this prompt" if len(open_) == 1 else f"these {len(open_)} prompts"
        said.append(f"No funded scheme answers {which}: {' '.join(f'“{i.label}”' for i in open_)}")
    return said


def _matrix(
    schemes: Sequence[Scheme], items: Sequence[str], given: dict[str, list[bool]], others: int
) -> Table:
    rows = [
        {
            "name": s.name or s.id,
            "answered": sum(given[s.id]),
            "open": _open_prompts(items, given[s.id]),
            "voice": s.answers[VOICE].answer if VOICE in s.answers else None,
        }
        for s in schemes[:_ROWS]
    ]
    if others:
        rows.append({"name": plural(others, "other funded scheme"), "answered": 0, "open": "all"})
    return table(
        "service-model",
        "Which prompts each scheme answers, and what people would say",
        [
            Column("name", "Scheme"),
            Column("answered", f"Answered, of {len(items)}", "", 0),
            Column("open", "Still open"),
            Column("voice", "For whom, and in their voice"),
        ],
        rows,
        source="Service models of this plan; prompts of CST-16",
        note=_more(len(schemes)),
        missing="open",
    )


def _more(count: int) -> str:
    """What a table says of the rows that it leaves out."""
    return (
        f"{count - _ROWS} more stand in the plan's file and in its export as rows." if count > _ROWS else ""
    )


def _open_prompts(items: Sequence[str], given: Sequence[bool]) -> str:
    left = [_SHORT.get(i, i).lower() for i, has in zip(items, given, strict=True) if not has]
    return "all" if len(left) == len(items) else listed(left) or "none"


# --- pilots and lead times ----------------------------------------------------------


def _pilots(plan: Plan) -> list[Block]:
    pilots = [s for s in plan.budget.schemes if s.pilot.pilot]
    pilots.sort(key=lambda s: s.pilot.ends or date.max)
    if not pilots:
        return []
    rows = [
        {
            "name": s.name,
            "tests": s.pilot.tests or None,
            "cost": s.pilot.cost,
            "ends": day(s.pilot.ends) if s.pilot.ends else None,
            "then": s.pilot.then or None,
        }
        for s in pilots[:_ROWS]
    ]
    return [
        table(
            "pilots",
            "Pilots: what is tested, until when, and what has to be shown, the first to end first",
            [
                Column("name", "Pilot"),
                Column("tests", "What is tested"),
                Column("cost", "Cost", "£000s", 0),
                Column("ends", "Ends on"),
                Column("then", "What has to be shown, and what ends it"),
            ],
            rows,
            source="Schemes of this plan (CST-16)",
            note=_more(len(pilots)),
            missing="not said",
        )
    ]


def full_scale(scheme: Scheme) -> int | None:
    """The financial year in which a scheme is at full scale; None without a start."""
    return None if scheme.start_year is None else scheme.start_year + max(len(scheme.ramp) - 1, 0)


def years_of_change(scheme: Scheme) -> float | None:
    """Years from the decision to full scale: the lead time and the years of the ramp before the last; None if unknown."""
    if scheme.lead_time_months is None:
        return None
    return scheme.lead_time_months / 12 + max(len(scheme.ramp) - 1, 0)


def earliest_start(plan: Plan, scheme: Scheme) -> int | None:
    """The financial year in which the first person can be helped, when the plan is decided as its first year begins."""
    return None if scheme.lead_time_months is None else plan.years[0] + scheme.lead_time_months // 12


def _lead_times(plan: Plan) -> list[Block]:
    known = [
        (years, s) for s in plan.budget.schemes if s.funded and (years := years_of_change(s)) is not None
    ]
    funded = sum(s.funded for s in plan.budget.schemes)
    if not known:
        return [Words((f"No funded scheme gives its lead time. {_SLOW}",))]
    longest, slowest = max(known, key=lambda e: e[0])
    said = (
        f"{len(known)} of {plural(funded, 'funded scheme')} say how long they take. From decision to full scale the longest is "
        f"“{slowest.name}” with {number(longest, 1)} years. {_SLOW}"
    )
    return [Words((said,)), _lead_table(known)]


def _lead_table(known: Sequence[tuple[float, Scheme]]) -> Table:
    rows = [
        {
            "name": s.name,
            "start": financial_year(s.start_year) if s.start_year else None,
            "lead": s.lead_time_months,
            "ramp": listed(f"{100 * share:.0f}%" for share in s.ramp) or "at once",
            "full": financial_year(year) if (year := full_scale(s)) else None,
            "years": years,
        }
        for years, s in sorted(known, key=lambda e: -e[0])[:_LONGEST]
    ]
    return table(
        "lead-times",
        "How long each funded scheme takes, the longest first",
        [
            Column("name", "Scheme"),
            Column("start", "Starts"),
            Column("lead", "Lead time", "months", 0),
            Column("ramp", "Share in effect, by year"),
            Column("full", "At full scale"),
            Column("years", "Decision to full scale", "years", 1),
        ],
        rows,
        source="Schemes of this plan",
        note=f"The {len(rows)} longest of {len(known)}." if len(rows) < len(known) else "",
        missing="not set",
        detail=True,
    )

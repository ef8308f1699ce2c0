"""The case for change (ODR-21): its five items told from the plan, and what only a person can add to each."""

from __future__ import annotations

from collections.abc import Sequence

from workbook.blocks import Block, Column, Heading, Table, Words, table
from workbook.plan import Plan
from workbook.plan.sections import Binding, Risk, Scheme, Service
from workbook.reference import Framework, Reference
from workbook.steps import asking, telling, thread
from workbook.steps.budget import fund_exposure
from workbook.steps.budget.fund import partners_of
from workbook.steps.decommissioning import need
from workbook.steps.in_short import finding_counts
from workbook.steps.lines import Outlook
from workbook.words import day, listed, number, plural, some
from workbook.words import money as pounds

FRAMEWORK = "ODR-21"
_MOST_SCHEMES = 25  # rows; the plan has them all
_MOST_RISKS = 12
_MOST_SERVICES = 12


def part(plan: Plan, reference: Reference, context: thread.Context) -> list[Block]:
    """The section of the plan page: one heading an item, its draft, and the questions that belong to it."""
    asked = reference.framework(FRAMEWORK)
    blocks: list[Block] = [
        Heading("Case for change", "case"),
        Words((_ABOUT,)),
        Words((_ADDED,), "note"),
        asking.about(asked),
    ]
    for item in asked.items:
        blocks.append(Heading(item.label, heading_of(item.id), 3))
        blocks += _ITEMS[item.id](plan, reference, context)
        blocks += [asking.ask(plan, reference, f"/case/{name}") for name in _FIELDS.get(item.id, ())]
        blocks += _own_words(plan, asked, item.id)
    return blocks


_ABOUT = (
    "The case for change is for partners and the public: why things have to change, what it costs and brings, what could go "
    "wrong, how to object, and who is bound. It is written from the plan."
)
_ADDED = "A document of its own in the pack. Below each item there is room for what no plan can know."
_FIELDS = {
    "ODR-21.4": ("comments_to", "comments_until", "questions", "comments_use", "involvement"),
    "ODR-21.5": ("bound",),
}


def heading_of(item: str) -> str:
    """The id of the heading under which an item stands: "case-1"."""
    return f"case-{item.rpartition('.')[2]}"


def _own_words(plan: Plan, asked: Framework, id: str) -> list[Block]:
    return list(asking.one(plan, asked, id, "/case/answers"))


# --- consultation ----------------------------------------------------------------------


def consultation(plan: Plan) -> list[str]:
    """Whether formal consultation is called for: not while no service changes; where one does, which duties to judge."""
    changing = telling.changing(plan)
    considered = [s for s in plan.decommissioning.services if s.decision == "considering"]
    if not changing:
        said = (
            "This case sets out no change of a service. While that is so no formal consultation is needed; whether involving "
            f"people would help all the same is a judgement to be made and written down ({_SOURCE})."
        )
        later = (
            f" {some([s.name for s in considered])} {'is' if len(considered) == 1 else 'are'} still considered: should "
            f"{'it' if len(considered) == 1 else 'any of them'} stop or change, this no longer holds."
            if considered
            else ""
        )
        return [said + later]
    names = some([s.name for s in changing])
    return [
        f"This case sets out a change of service: {names}. So it cannot be relied on as a case that needs no consultation "
        f"({_SOURCE}). Those who use {'it' if len(changing) == 1 else 'them'} have to be involved in planning and deciding "
        "(NHS Act 2006, section 14Z45, for integrated care boards), and regard has to be had to equality before the decision "
        "(Equality Act 2010, section 149). Where a change is substantial the council's health scrutiny has to be consulted "
        "(regulation 23 of the health scrutiny regulations of 2013) and, since 31 January 2024, the Secretary of State "
        "notified (NHS Act 2006, schedule 10A). Take legal advice for your own case.",
        *_substantial(plan),
    ]


_SOURCE = "South West AHSN, Organisational design route map for STPs, 2017, section 4"


def _substantial(plan: Plan) -> list[str]:
    """For each change called substantial, what the plan records of scrutiny and notice."""
    said = [_duties(s) for s in telling.changing(plan) if s.substantial]
    return [" ".join(said) or _NONE_SUBSTANTIAL]


_NONE_SUBSTANTIAL = "No change is called substantial in the plan: that is a judgement to check with the council's health scrutiny."


def _duties(service: Service) -> str:
    consulted, notified = service.consulted, service.notified
    asked = (
        f"health scrutiny consulted on {day(consulted)}" if consulted else "health scrutiny not yet consulted"
    )
    told = (
        f"Secretary of State notified on {day(notified)}"
        if notified
        else "Secretary of State not yet notified"
    )
    urgent = "; called urgent for safety" if service.urgent else ""
    return f"{service.name} is called a substantial change: {asked}, {told}{urgent}."


# --- 1 rationale -----------------------------------------------------------------------


def _rationale(plan: Plan, reference: Reference, context: thread.Context) -> list[Block]:
    said = telling.needs(plan, context)
    if not plan.needs.priorities:
        said.append(f"Without a need that is put first there is no reason for change to give. {_still(plan)}")
    why = [f"{p.title}: {p.reason}" for p in plan.needs.priorities if p.reason]
    reasons: list[Block] = [Words(tuple(why), "list")] if why else []
    return [Words(tuple(said)), *reasons, *_left_alone(plan, context)]


def _left_alone(plan: Plan, context: thread.Context) -> list[Block]:
    """Where the figures of the ambitions are heading if nothing is done: worse only where the range leaves no doubt."""
    heading = [
        f
        for f in context.outlooks.values()
        if f and telling.better(f, f.baseline, f.lines["do-nothing"].last)
    ]
    worse = [_heading(f) for f in heading if telling.beyond_band(f)]
    open_ = [_heading(f) for f in heading if not telling.beyond_band(f)]
    year, said = plan.last_year, []
    if worse:
        said.append(
            f"If nothing is done, these are expected to get worse by {year}: {'; '.join(worse)}. "
            f"{'It is' if len(worse) == 1 else 'Each is'} the middle of a projection that starts where the area has stood "
            "over the years and not at its last figure, which is partly chance."
        )
    if open_:
        said.append(f"If nothing is done, it cannot be said that these change by {year}: {'; '.join(open_)}.")
    return [Words((" ".join(said),))] if said else []


def _heading(found: Outlook) -> str:
    """ "deaths from 102.2 to 108.3 per 100,000", with the range where it includes the figure of today."""
    d, unit = found.standing.indicator.decimals, found.standing.indicator.unit
    nothing, name = (
        number(found.lines["do-nothing"].last, d, unit),
        telling.lower(found.standing.indicator.name),
    )
    if telling.beyond_band(found):
        return f"{name} from {number(found.baseline, d)} to {nothing}"
    return f"{name}, {nothing} in the middle{telling.within(found) or ', for which no range is on hand'}"


# --- 2 costs and benefits --------------------------------------------------------------


def _costs_and_benefits(plan: Plan, reference: Reference, context: thread.Context) -> list[Block]:
    return [
        Words(
            (
                *telling.aims(plan, context),
                *telling.schemes(plan, context),
                *telling.outcome(plan, context),
            )
        ),
        *_scheme_table(context.funded),
        Words((*telling.money(plan, context), *_where_money(plan))),
    ]


def _where_money(plan: Plan) -> list[str]:
    return [] if plan.budget.lines else [_still(plan)]


def _scheme_table(funded: Sequence[Scheme]) -> list[Block]:
    if not funded:
        return []
    more = len(funded) - _MOST_SCHEMES
    rows = [
        {
            "scheme": s.name or "without a name",
            "change": s.description or None,
            "people": s.people,
            "cost": s.recurrent_cost,
            "owner": s.owner or None,
        }
        for s in funded[:_MOST_SCHEMES]
    ]
    return [
        table(
            "case-schemes",
            "What will be done",
            [
                Column("scheme", "Scheme"),
                Column("change", "What will change for people"),
                Column("people", "People a year", decimals=0),
                Column("cost", "Cost a year", "£000s", 0),
                Column("owner", "Who answers"),
            ],
            rows,
            note="Cost when in full effect. "
            + (f"{plural(more, 'more scheme')} in the plan." if more > 0 else ""),
            missing="not said",
        )
    ]


# --- 3 risks and rewards ---------------------------------------------------------------


def _risks_and_rewards(plan: Plan, reference: Reference, context: thread.Context) -> list[Block]:
    return [
        Words((*_rewards(plan), *telling.stops(plan))),
        *_services_table(plan),
        Words((*telling.sure(plan, context), *_who_bears(plan), *_owners_of_risks(plan))),
        *_risk_table(plan),
        *_losers(context.funded),
        Words(tuple(_open(plan, reference))),
    ]


def _rewards(plan: Plan) -> list[str]:
    if not plan.vision.wants:
        return [f"The plan does not yet say in words what would be better for people. {_still(plan)}"]
    return [
        f"What people stand to gain: {'; '.join(telling.lower(w.rstrip('.')) for w in plan.vision.wants)}."
    ]


def _services_table(plan: Plan) -> list[Block]:
    services = telling.changing(plan)[:_MOST_SERVICES]
    if not services:
        return []
    rows = [
        {
            "service": s.name,
            "what": {"stop": "stops", "change": "changes"}[s.decision],
            "when": day(s.stop_date) if s.stop_date else None,
            "people": s.users or None,
            "without": need.left_cell(s),
            "released": s.released,
            "cashable": s.cashable,
        }
        for s in services
    ]
    return [
        table(
            "case-services",
            "Services that stop or change",
            [
                Column("service", "Service"),
                Column("what", "What happens"),
                Column("when", "Last day"),
                Column("people", "People a year", decimals=0),
                Column("without", "Of them, without a place with room", decimals=0),
                Column("released", "Released a year", "£000s", 0),
                Column("cashable", "Of that, in cash", "£000s", 0),
            ],
            rows,
            missing="not set",
        )
    ]


def _who_bears(plan: Plan) -> list[str]:
    """Who bears an overspend of the pooled fund, and what one year in ten brings; that nobody has agreed to."""
    fund = plan.budget.fund
    if not fund_exposure.is_entered(fund):
        return ["No pooled fund is part of the plan, so each organisation bears its own overspend."]
    shares = [f"{p.partner} {number(100 * p.overspend, 0)}%" for p in fund.partners if p.overspend]
    bad = fund_exposure.worst(plan, fund_exposure.exposures(plan))
    name = fund.name or "the pooled fund"
    if not shares:
        return [f"Nobody has agreed who bears an overspend of {name}. {_still(plan)}"]
    said = f"An overspend of {name} is borne by {listed(shares)}."
    return [f"{said} {bad[:1].upper()}{bad[1:]}" if bad else said]


def _owners_of_risks(plan: Plan) -> list[str]:
    risks = plan.budget.risks
    if not risks:
        return [f"No risk is written down, so none has an owner. {_still(plan)}"]
    alone = [r.name for r in risks if not r.owner]
    if not alone:
        return []
    verb = "has" if len(alone) == 1 else "have"
    return [f"{some(alone)} {verb} no owner yet. {_still(plan)}"]


def _risk_table(plan: Plan) -> list[Block]:
    risks = plan.budget.risks
    if not risks:
        return []
    return [
        table(
            "case-risks",
            "What could go wrong",
            [
                Column("risk", "Risk"),
                Column("chance", "Chance in a year", "%", 0),
                Column("cost", "Cost if it happens"),
                Column("done", "What is done about it"),
                Column("owner", "Owner"),
            ],
            [
                {
                    "risk": r.name,
                    "chance": 100 * r.chance if r.chance is not None else None,
                    "cost": _cost(r),
                    "done": r.mitigation or None,
                    "owner": r.owner or None,
                }
                for r in risks[:_MOST_RISKS]
            ],
            missing="not said",
        )
    ]


def _cost(risk: Risk) -> str | None:
    if risk.cost_low is None and risk.cost_high is None:
        return None
    ends = [pounds(c) for c in (risk.cost_low, risk.cost_high) if c is not None]
    return " to ".join(dict.fromkeys(ends))


def _losers(funded: Sequence[Scheme]) -> list[Block]:
    said = [f"{s.name}: {s.could_lose}" for s in funded if s.could_lose]
    if not said:
        return [Words(("The plan names nobody who could lose by a funded scheme.",))] if funded else []
    return [Words(("Who could lose by it, scheme by scheme:",)), Words(tuple(said), "list")]


def _open(plan: Plan, reference: Reference) -> list[str]:
    found = thread.findings(plan, reference)
    counts = (
        finding_counts(found) if found else "none was found. Links and figures are checked, not judgement."
    )
    return [
        f"The plan behind this case was checked for links that do not hold: {counts}",
        *telling.not_heard(plan),
    ]


# --- 4 invitation ----------------------------------------------------------------------


def _invitation(plan: Plan, reference: Reference, context: thread.Context) -> list[Block]:
    case = plan.case
    said = [
        "You are asked to comment on this case and to challenge it: a figure, a reason, or what it leaves out."
    ]
    until = f" until {day(case.comments_until)}" if case.comments_until else ""
    if case.comments_to:
        said.append(f"Comments are taken{until} by: {case.comments_to}.")
        if not until:
            said.append("Until when comments are taken is not set.")
    else:
        said.append(f"Where to send comments{f', which are taken{until},' if until else ' and until when'} is not set. {_still(plan)}")  # fmt: skip
    use = case.comments_use or f"What becomes of the comments is not said. {_still(plan)}"
    judged = (
        case.involvement
        or f"Whether people are to be involved or consulted at this stage is not written down. {_still(plan)}"
    )
    blocks: list[Block] = [Words(tuple(said))]
    if case.questions:
        blocks += [Words(("We most want to hear:",)), Words(tuple(case.questions), "list")]
    return [*blocks, Words((use, judged)), Words(tuple(consultation(plan)), "note")]


def how_to_answer(plan: Plan) -> str:
    """In one sentence until when comments are taken, and where this document says how."""
    until, fourth = plan.case.comments_until, "how, is said in its fourth part"
    if until and plan.case.comments_to:
        return f"Comments are invited until {day(until)}; {fourth}."
    return "Comments are invited; how and by when has still to be set, see its fourth part."


def _still(plan: Plan) -> str:
    """Whose it is to set what is missing, as the plan names them: this is read by the public, who cannot mend it."""
    post = plan.sign_off.commissioner.post or plan.sign_off.commissioner.name
    named = f" ({post})" if post else ""
    return f"That is still to be set by the commissioner{named}."


# --- 5 binding -------------------------------------------------------------------------


def _binding(plan: Plan, reference: Reference, context: thread.Context) -> list[Block]:
    bound, missing = plan.case.bound, _not_bound(plan)
    if not bound:
        return [Words((f"No partner is recorded as bound by this case. {_still(plan)}", *missing))]
    said = " ".join([*_agreed(bound), *_not_agreed(bound)])
    return [Words((said, *missing)), _bound_table(plan), *_leaving(plan)]


def _agreed(bound: Sequence[Binding]) -> list[str]:
    agreed = [b.partner for b in bound if b.agreed_on]
    if len(bound) == 1:
        return [f"{agreed[0]} has agreed."] if agreed else []
    if not agreed:
        return [f"None of the {len(bound)} partners named has agreed."]
    return [f"{len(agreed)} of {len(bound)} partners {telling.verb(agreed, 'has', 'have')} agreed."]


def _not_agreed(bound: Sequence[Binding]) -> list[str]:
    left = [b.partner for b in bound if not b.agreed_on]
    if not left:
        return []
    has, are = telling.verb(left, "has", "have"), telling.verb(left, "is", "are")
    return [f"{listed(left)} {has} not agreed yet and {are} not bound."]


def _not_bound(plan: Plan) -> list[str]:
    """The organisations whose money is in the plan or the fund and that are not among those bound."""
    named = {b.partner.casefold() for b in plan.case.bound}
    paying = [line.organisation for line in plan.budget.lines if line.organisation]
    left = [o for o in dict.fromkeys([*partners_of(plan.budget.fund), *paying]) if o.casefold() not in named]
    if not left:
        return []
    verb = "is" if len(left) == 1 else "are"
    return [f"{listed(left)} {verb} in the plan's money and not among those bound."]


def _bound_table(plan: Plan) -> Table:
    return table(
        "case-bound",
        "Who is bound, by what",
        [
            Column("partner", "Partner"),
            Column("commits", "What it commits itself to"),
            Column("by", "Agreed by"),
            Column("on", "Agreed on"),
        ],
        [
            {
                "partner": b.partner,
                "commits": b.commits or None,
                "by": b.agreed_by or None,
                "on": day(b.agreed_on) if b.agreed_on else "not agreed yet",
            }
            for b in plan.case.bound
        ],
        missing="not said",
    )


def _leaving(plan: Plan) -> list[Block]:
    fund = plan.budget.fund
    if not fund_exposure.is_entered(fund):
        return []
    months = fund.exit_months
    notice = f"with {plural(months, 'month')} of notice" if months else "without an agreed notice"
    return [Words((f"A partner leaves the fund {notice}. {fund.exit}".strip(),))]


_ITEMS = {
    "ODR-21.1": _rationale,
    "ODR-21.2": _costs_and_benefits,
    "ODR-21.3": _risks_and_rewards,
    "ODR-21.4": _invitation,
    "ODR-21.5": _binding,
}

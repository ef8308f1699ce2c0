"""A plan as large as a region's: 200 schemes, 60 services, 100 budget lines, the scores of 12 people.

Every optional field is filled in, by its own description in the plan's model, in a fixed way: the
same plan each time, whatever fields are added. All of it is made up. On the demonstration area::

    python benchmarks/large_plan.py large.plan.json
"""

from __future__ import annotations

import sys
import typing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from workbook.plan import Plan, edit, store
from workbook.plan.sections import Answer
from workbook.reference import Reference
from workbook.words import plural

SCHEMES, SERVICES, LINES, PEOPLE = 200, 60, 100, 12
PRIORITIES, SEGMENTS, RISKS, CONTRACTS, ORGANISATIONS = 8, 10, 40, 4, 6
BASE, HORIZON = 2025, 5
_NESTED = 2  # entries of a list inside an entry

Refers = dict[str, list[Any]]


def large_plan(reference: Reference) -> Plan:
    """The plan; every link leads somewhere, and many are doubtful, as in a first draft of that size."""
    demo = store.read(Path(__file__).resolve().parents[1] / "data/demo/demo.plan.json").model_dump(
        mode="json"
    )
    refers = _refers(reference)
    data: dict[str, Any] = {
        key: demo[key] for key in ("schema_version", "area", "purpose", "vision", "base_year", "horizon")
    }
    data["title"] = "A plan of 200 schemes and 60 services (synthetic)"
    data["needs"] = demo["needs"] | _needs(refers)
    data["ambitions"] = demo["ambitions"] | {
        "items": [a | {"priorities": [f"priority-{a['number']}"]} for a in demo["ambitions"]["items"]]
    }
    for citizen in data["ambitions"].get("citizens", []):
        citizen["priority"] = "priority-1"
    data["budget"] = _budget(reference, refers, demo["budget"])
    data["decommissioning"] = {"services": [_service(reference, n, refers) for n in range(SERVICES)]}
    data["assumptions"] = []
    data["decisions"] = [_filled("/decisions", n, refers) for n in range(30)]
    data["sign_off"] = demo["sign_off"]
    return Plan.model_validate(data)


def _refers(reference: Reference) -> Refers:
    """What fields may point to, by the kind of entry."""
    bank = reference.framework("ODR-11").items
    return {
        "priorities": [f"priority-{n}" for n in range(PRIORITIES)],
        "segments": [f"segment-{n}" for n in range(SEGMENTS)],
        "lines": [f"line-{n}" for n in range(LINES)],
        "schemes": [f"scheme-{n}" for n in range(SCHEMES)],
        "services": [f"service-{n}" for n in range(SERVICES)],
        "ambitions": list(range(1, 6)),
        "indicators": list(reference.available("SYN01"))[:6],
        "scope_options": [f"ODR-12.r{n}" for n in range(1, 7)],
        "determinants": [i.id for i in bank if i.group == "determinants"],
        "action_levels": [i.id for i in bank if i.group == "levels for action"],
        "focus": [i.id for i in bank if i.group == "units of focus"],
        "equality_groups": [g.id for g in reference.equality_groups()],
        "interventions": [f"local-{n}" for n in range(6)],
        "valued": [f"scheme:scheme-{n}" for n in range(SCHEMES)],
    }


def _needs(refers: Refers) -> dict[str, Any]:
    answers = {"answers": {}}
    return answers | {
        "priorities": [
            _filled("/needs/priorities", n, refers, id=f"priority-{n}", title=f"Need number {n + 1}")
            for n in range(PRIORITIES)
        ],
        "segments": [
            _filled(
                "/needs/segments",
                n,
                refers,
                id=f"segment-{n}",
                population=30.0,
                spend_per_head=1500,
                total=45.0,
            )
            for n in range(SEGMENTS)
        ],
        "voices": [_filled("/needs/voices", n, refers) for n in range(20)],
        "unseen": [_filled("/needs/unseen", n, refers) for n in range(4)],
    }


def _budget(reference: Reference, refers: Refers, demo: dict[str, Any]) -> dict[str, Any]:
    payers = [f"Organisation {n + 1}" for n in range(ORGANISATIONS)]
    return {
        "scope": demo["scope"] | {"responses": _responses(reference)},
        "organisations": [
            _filled("/budget/organisations", n, refers, name=payer, total=250_000.0)
            for n, payer in enumerate(payers)
        ],
        "income": [
            {"organisation": payer, "year": y, "amount": 200_000 + 5_000 * (y - BASE), "status": "assumed"}
            for payer in payers
            for y in range(BASE, BASE + HORIZON + 1)
        ],
        "lines": [_line(n, payers, refers) for n in range(LINES)],
        "schemes": [_scheme(reference, n, refers) for n in range(SCHEMES)],
        "interventions": [
            _filled(
                "/budget/interventions", n, refers, id=f"local-{n}", effect=-3, effect_low=-5, effect_high=-1
            )
            for n in range(6)
        ],
        "fund": _fund(payers, refers),
        "contracts": [_contract(n, payers, refers) for n in range(CONTRACTS)],
        "value": {"money": 60_000, "scores": _scores()},
        "risks": [
            _filled("/budget/risks", n, refers, id=f"risk-{n}", cost_low=100, cost_high=900)
            for n in range(RISKS)
        ],
    }


def _line(n: int, payers: list[str], refers: Refers) -> dict[str, Any]:
    own = {"own_growth": None, "own_price": None, "own_efficiency": None} if n % 3 else {"own_growth": 1.0}
    amount = 8_000.0 + 100 * (n % 40)
    # Price times activity and staff times cost come to the spend in nine lines of ten.
    wrong = 0.8 if n % 10 == 7 else 1.0
    money = {"amount": amount, "activity": wrong * amount * 2.5, "unit_price": 400.0, "capital": 50.0}
    staff = {"wte": amount / 90, "wte_cost": 45_000.0, "pay_share": 0.5, "beds": 20.0, "bed_days": 6_500.0}
    money |= {"people": 5_000 + 10 * n, "activity_unit": "contacts"}
    return _filled(
        "/budget/lines",
        n,
        refers,
        id=f"line-{n}",
        organisation=payers[n % len(payers)],
        programme=f"Programme {n % 12 + 1}",
        provider=f"Provider {n % 15 + 1}",
        rung=f"ODR-12.r{n % 6 + 1}",
        **money,
        **staff,
        **own,
    )


def _scheme(reference: Reference, n: int, refers: Refers) -> dict[str, Any]:
    closes = {"stops": f"service-{n % SERVICES}" if n < SERVICES else ""}
    first = [f"scheme-{n - 1}"] if n % 10 == 9 else []
    return _filled(
        "/budget/schemes",
        n,
        refers,
        id=f"scheme-{n}",
        name=f"Scheme {n + 1}: support in neighbourhood {n % 40 + 1}",
        funded=n % 5 != 4,
        priorities=[f"priority-{n % PRIORITIES}"],
        ambitions=[n % 5 + 1],
        effects=[_effect(n % 5 + 1)],
        set_up_cost=50.0 + n % 20,
        recurrent_cost=200.0 + n % 30,
        gross_saving=150.0 if n < SERVICES else 0.0,
        cashable_share=0.5,
        start_year=BASE + 2 + n % 3,
        people=900 + n,
        activity=-40.0,
        activity_unit="contacts",
        unit_price=200.0,
        wte=3.0,
        wte_cost=45_000.0,
        ramp=[0.25, 0.75, 1.0],
        lead_time_months=6 + n % 12,
        double_running_months=n % 7,
        after=first,
        variant_of=f"Choice {n // 20}" if n % 20 < 2 else "",
        intervention=f"local-{n % 6}" if n % 9 == 0 else "",
        answers=_answers(reference, "CST-16", n),
        **closes,
    )


def _effect(ambition: int) -> dict[str, Any]:
    """A small effect in the direction in which the measure of the ambition gets better."""
    way = -1 if ambition in (1, 3) else 1
    return {
        "ambition": ambition,
        "percent": 0.05 * way,
        "low": min(0.01 * way, 0.1 * way),
        "high": max(0.01 * way, 0.1 * way),
    }


def _service(reference: Reference, n: int, refers: Refers) -> dict[str, Any]:
    stop = date(BASE + 2, 3, 31) + timedelta(days=30 * (n % 12))
    return _filled(
        "/decommissioning/services",
        n,
        refers,
        id=f"service-{n}",
        name=f"Service {n + 1}",
        line=f"line-{n % LINES}",
        decision=("stop", "stop", "change", "considering", "keep")[n % 5],
        annual_cost=800.0,
        released=400.0,
        cashable=200.0,
        users=120,
        stop_date=stop.isoformat(),
        notice_date=(stop - timedelta(days=270)).isoformat(),
        notice_months=6,
        contract_start=date(BASE - 3, 4, 1).isoformat(),
        contract_end=stop.isoformat(),
        stranded_with="Organisation 1",
        transition_cost=40.0,
        record={
            "rationale": f"As in paper {n}",
            "made_by": "Joint group",
            "taken_by": "Board",
            "taken_on": date(BASE + 1, 3, 26).isoformat(),
            "review_on": (stop + timedelta(days=365)).isoformat(),
        },
        destinations=[
            _filled(
                "/decommissioning/services/0/destinations",
                n,
                refers,
                people=60,
                scheme=f"scheme-{n}",
                room=None,
            ),
            _filled("/decommissioning/services/0/destinations", n + 1, refers, people=60, scheme="", room=80),
        ],
        quality=[
            _quality(area, n + k, refers) for k, area in enumerate(("Safety", "Effectiveness", "Experience"))
        ],
        equality={
            g: {"effect": "none", "evidence": f"Survey of users, question {k + 1}"}
            for k, g in enumerate(refers["equality_groups"])
        },
        answers=_answers(reference, "CST-13", n) | _answers(reference, "CST-14", n),
    )


def _quality(area: str, n: int, refers: Refers) -> dict[str, Any]:
    scores = {"likelihood": n % 4 + 1, "impact": 3, "recorded": 3 * (n % 4 + 1)}
    after = {"likelihood_after": 1, "impact_after": 3, "recorded_after": 3}
    return _filled("/decommissioning/services/0/quality", n, refers, area=area, **scores, **after)


def _fund(payers: list[str], refers: Refers) -> dict[str, Any]:
    pots = ("section-75", "aligned", "in-collaboration")
    share = round(1 / len(payers), 6)
    return _filled(
        "/budget/fund",
        0,
        refers,
        total=None,
        spend_low=-2.0,
        spend_high=4.0,
        exit_months=12,
        contributions=[{"partner": p, "pot": pot, "amount": 10_000} for p in payers for pot in pots],
        pots=[_filled("/budget/fund/pots", n, refers, pot=pot, amount=60_000) for n, pot in enumerate(pots)],
        partners=[{"partner": p, "overspend": share, "underspend": share} for p in payers],
    )


def _contract(n: int, payers: list[str], refers: Refers) -> dict[str, Any]:
    value = {"value": 40_000, "outcome_part": 2_000, "bears_first": 300, "pool": 1_500, "gain_share": 0.3}
    earned = {"earned_low": 0.4, "earned": 0.7, "earned_high": 0.9}
    cost = {"cost_low": 38_000, "cost": 40_000, "cost_high": 43_000}
    shares = [{"partner": payers[0], "share": 0.5}, {"partner": payers[1], "share": 0.5}]
    more = {**value, **earned, **cost, "payer": payers[0], "shares": shares}
    return _filled("/budget/contracts", n, refers, id=f"contract-{n}", **more)


def _responses(reference: Reference) -> list[dict[str, Any]]:
    options = [i.id for i in reference.framework("ODR-12").items if ".r" in i.id]
    criteria = [i.id for i in reference.framework("ODR-12").items if ".c" in i.id]
    return [
        {
            "respondent": f"Member {p + 1}",
            "scores": {
                o: {k: (p + 2 * i + 3 * j) % 5 + 1 for j, k in enumerate(criteria)}
                for i, o in enumerate(options)
            },
        }
        for p in range(PEOPLE)
    ]


def _scores() -> list[dict[str, Any]]:
    """Twelve people's view of every scheme, of half the services and of a few lines."""
    options = [f"scheme:scheme-{n}" for n in range(SCHEMES)]
    options += [f"service:service-{n}" for n in range(0, SERVICES, 2)] + [f"line:line-{n}" for n in range(10)]
    return [
        {
            "respondent": f"Member {p + 1}",
            "option": o,
            "benefit": (7 * p + 13 * k) % 101,
            "chance": 0.5 + (p + k) % 5 / 10,
        }
        for p in range(PEOPLE)
        for k, o in enumerate(options)
    ]


def _answers(reference: Reference, framework: str, n: int) -> dict[str, Any]:
    return {
        item.id: {
            "answer": "yes"
            if reference.framework(framework).answer_kind.startswith("yes")
            else f"As agreed in case {n}.",
            "evidence": f"Paper {n}, section {k + 1}",
            "owner": f"Director {n % 7 + 1}",
            "due": date(BASE + 1, 4 + k % 8, 1).isoformat(),
        }
        for k, item in enumerate(reference.framework(framework).items)
    }


# --- any entry, by its description -------------------------------------------------------


def _filled(pointer: str, n: int, refers: Refers, **given: Any) -> dict[str, Any]:
    """One entry of the list, or the group, at a place: the fields given, and all others filled in."""
    kind = edit.type_of(pointer)
    if typing.get_origin(kind) is list:
        kind = edit.bare(typing.get_args(kind)[0])
    return _entry(kind, n, refers, given)


def _entry(model: type[BaseModel], n: int, refers: Refers, given: dict[str, Any]) -> dict[str, Any]:
    made = {k: _value(i, k, n, refers) for k, i in model.model_fields.items() if k not in given}
    return {k: v for k, v in made.items() if v is not None} | given


def _value(info: FieldInfo, name: str, n: int, refers: Refers) -> Any:
    kind = edit.bare(info.annotation)
    extra = typing.cast(dict[str, Any], info.json_schema_extra or {})
    if what := extra.get("refers"):
        held = refers.get(what, [])
        one = held[n % len(held)] if held else None
        return [one] if typing.get_origin(kind) is list and one is not None else one
    if typing.get_origin(kind) is list:
        inner = edit.bare(typing.get_args(kind)[0])
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            return [_entry(inner, n + k, refers, {}) for k in range(_NESTED)]
        return None
    if typing.get_origin(kind) is dict or kind is Answer:
        return None
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return _entry(kind, n, refers, {})
    return _plain(kind, info, name, n)


def _plain(kind: Any, info: FieldInfo, name: str, n: int) -> Any:
    if typing.get_origin(kind) is typing.Literal:
        values = [v for v in typing.get_args(kind) if v]
        return values[n % len(values)]
    if kind is bool:
        return n % 2 == 0
    if kind is date:
        return (date(BASE + 1, 4, 1) + timedelta(days=n % 300)).isoformat()
    if kind is str:
        return f"{info.title} {n + 1}" if name != "id" else f"entry-{n}"
    low, high = _limits(info)
    if kind is int and low >= 1990:
        return BASE + 1 + n % HORIZON
    return kind(max(low, min(high, 1 + n % 5 if kind is int else 0.25 + n % 4 / 4)))


def _limits(info: FieldInfo) -> tuple[float, float]:
    """The least and the most that a field takes."""
    low, high = -1e6, 1e6
    for part in _constraints(info.annotation, list(info.metadata)):
        low = max(low, getattr(part, "ge", None) if getattr(part, "ge", None) is not None else low)
        high = min(high, getattr(part, "le", None) if getattr(part, "le", None) is not None else high)
    return low, high


def _constraints(kind: Any, found: list[Any]) -> list[Any]:
    for part in typing.get_args(kind):
        if typing.get_args(part):
            _constraints(part, found)
        found += [part, *getattr(part, "metadata", [])]
    return found


def main() -> None:
    """Write the plan to the file named."""
    plan = large_plan(Reference.open())
    text = plan.model_dump_json(indent=1)
    Path(sys.argv[1]).write_text(text, encoding="utf-8")
    print(f"{plural(len(plan.budget.schemes), 'scheme')}, {plural(len(text) // 1000, 'kilobyte')}")


if __name__ == "__main__":
    main()

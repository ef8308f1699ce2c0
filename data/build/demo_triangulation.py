"""What the budget lines of the demonstration plan buy: activity, staff, beds, capital; and risks with a cost.

Every figure is synthetic. Activity times price and staff times cost give the money of their line, and schemes close
the beds that their service closes, apart from one line whose price was left at last year's: planted, see
``tests/unit/test_demo.py``.
"""

from __future__ import annotations

from typing import Any

# line: programme
_PROGRAMMES = {
    "emergency-hospital": "Urgent and emergency care",
    "planned-hospital": "Planned care",
    "maternity-children": "Maternity and children",
    "ambulance": "Urgent and emergency care",
    "community-health": "Frailty and long-term conditions",
    "mental-health": "Mental health",
    "learning-disability": "Mental health",
    "continuing-care": "Frailty and long-term conditions",
    "voluntary-sector": "Prevention and public health",
    "general-practice": "Primary care",
    "prescribing": "Primary care",
    "dental-pharmacy-eyes": "Primary care",
    "specialised": "Planned care",
    "social-care-older": "Frailty and long-term conditions",
    "social-care-adults": "Social care of working age",
    "reablement-carers": "Frailty and long-term conditions",
    "healthy-lives": "Prevention and public health",
    "drugs-sexual-health": "Prevention and public health",
    "early-years": "Maternity and children",
    "housing-support": "Housing and leisure",
    "leisure": "Housing and leisure",
}

# line: activity a year, what is counted
_ACTIVITY = {
    "emergency-hospital": (118_400, "emergency spells"),
    "planned-hospital": (486_000, "planned spells and outpatient visits"),
    "ambulance": (142_600, "ambulance responses"),
    "community-health": (1_310_000, "community contacts"),
    "mental-health": (402_000, "mental health contacts"),
    "general-practice": (2_870_000, "appointments in general practice"),
    "social-care-older": (131_000, "weeks of care"),
    "reablement-carers": (4_350, "reablement packages"),
}
# The price of planned care was left at last year's and is 11% too low: planted.
_OFF = {"planned-hospital": 0.89}

# line: share of the spend that is pay, cost of one whole-time equivalent
_STAFF = {
    "emergency-hospital": (0.66, 58_400),
    "planned-hospital": (0.61, 58_400),
    "community-health": (0.72, 49_300),
    "mental-health": (0.71, 50_100),
    "general-practice": (0.58, 52_700),
}

# line: beds, share of them that is full over the year
_BEDS = {
    "emergency-hospital": (842, 0.913),
    "planned-hospital": (196, 0.824),
    "mental-health": (214, 0.907),
    "community-health": (120, 0.889),
}

# line or scheme: capital, £000s
_CAPITAL = {"emergency-hospital": 6_400, "planned-hospital": 3_900, "general-practice": 1_150}
_SCHEME_CAPITAL = {"hospital-at-home": 640, "lung-checks": 2_300, "same-day-care": 1_900}
# scheme: change of staff at full scale, cost of one
_SCHEME_STAFF = {
    "hospital-at-home": (46, 51_500),
    "blood-pressure": (28, 43_600),
    "care-home-rounds": (21, 56_300),
}

# id, risk, scheme, chance in a year, cost low and high in £000s, what is done about it
_RISKS = (
    ("hard-winter", "A hard winter fills the wards", "", 0.35, 1_800, 5_200,
     "Twenty beds that can be opened in a week, with staff named beforehand."),
    ("home-care-staff", "Too few care workers for hospital at home", "hospital-at-home", 0.30, 450, 1_600,
     "A shared bank of care workers with the council; pay agreed for two years."),
    ("medicine-prices", "Medicines rise faster than prices at large", "", 0.40, 900, 3_400,
     "The medicines team reviews the fifty dearest items each quarter."),
    ("late-building", "The treatment centre opens late", "same-day-care", 0.25, 300, 1_200,
     "A contract with a fixed date, and the old site kept until then."),
)  # fmt: skip


def extend(plan: dict[str, Any]) -> None:
    """Add to the lines, schemes and risks of the plan; nothing that stands there is changed."""
    budget = plan["budget"]
    for line in budget["lines"]:
        line.update(_line(line["id"], line["amount"]))
    closed = {s["id"]: s.get("beds_closed", 0) for s in plan["decommissioning"]["services"]}
    for scheme in budget["schemes"]:
        scheme.update(_scheme(scheme["id"], closed.get(scheme.get("stops", ""), 0)))
    budget.setdefault("risks", []).extend(_risks({r["id"] for r in budget.get("risks", [])}))


def _line(id: str, amount: float) -> dict[str, Any]:
    found: dict[str, Any] = {"programme": _PROGRAMMES[id]}
    if id in _ACTIVITY:
        count, unit = _ACTIVITY[id]
        price = round(1000 * amount / count * _OFF.get(id, 1.0), 2)
        found |= {"activity": count, "activity_unit": unit, "unit_price": price}
    if id in _STAFF:
        share, cost = _STAFF[id]
        found |= {"wte": round(1000 * amount * share / cost), "wte_cost": cost, "pay_share": share}
    if id in _BEDS:
        beds, full = _BEDS[id]
        found |= {"beds": beds, "bed_days": round(beds * 365 * full, -1)}
    return found | ({"capital": _CAPITAL[id]} if id in _CAPITAL else {})


def _scheme(id: str, closed: int) -> dict[str, Any]:
    found: dict[str, Any] = {"beds": -closed} if closed else {}
    if id in _SCHEME_STAFF:
        found |= dict(zip(("wte", "wte_cost"), _SCHEME_STAFF[id], strict=True))
    return found | ({"capital": _SCHEME_CAPITAL[id]} if id in _SCHEME_CAPITAL else {})


def _risks(known: set[str]) -> list[dict[str, Any]]:
    return [
        {
            "id": id,
            "name": name,
            "owner": "Chief finance officer, integrated care board",
            "scheme": scheme,
            "mitigation": done,
            "chance": chance,
            "cost_low": low,
            "cost_high": high,
        }
        for id, name, scheme, chance, low, high, done in _RISKS
        if id not in known
    ]

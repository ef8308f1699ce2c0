"""What the schemes of the demonstration plan follow, and an entry of its own for the library of interventions.

Made up, as everything of Northmere; the entries that ship are real publications.
"""

from __future__ import annotations

from typing import Any

_FOLLOWS = {
    "blood-pressure": "blood-pressure",
    "stop-smoking-hospital": "stop-smoking",
    "lung-checks": "lung-screening",
    "hospital-at-home": "hospital-at-home",
    "same-day-care": "same-day-emergency",
    "care-home-rounds": "care-home-support",
    "steady-steps": "falls-exercise",
    "fracture-clinic": "fracture-liaison",
    "reablement": "reablement",
    "talking-therapies": "talking-therapies",
    "good-company": "social-prescribing",
    "warm-homes": "warm-homes",
}

_OWN = {
    "id": "fracture-liaison",
    "name": "Fracture clinic that looks for weak bones",
    "for_whom": "People of 60 and over after a first broken bone",
    "evidence": "some",
    "measure": "Second broken bones within two years",
    "effect": -9.0,
    "effect_low": -16.0,
    "effect_high": -2.0,
    "lead_time_months": 8,
    "ramp": [0.4, 1.0],
    "cost": "£96 a person seen, prices of 2025/26 (synthetic)",
    "cashability": "part",
    "barriers": "Scans within four weeks; treatment that is taken for years.",
    "could_lose": "People whose break is treated outside Northmere.",
    "source": "Synthetic: Northmere hospital, audit of 1,140 people with matched controls, March 2026",
}


def extend(plan: dict[str, Any]) -> None:
    """Say of each scheme which entry it follows, and put in the plan's own entry."""
    for scheme in plan["budget"]["schemes"]:
        scheme["intervention"] = _FOLLOWS.get(scheme["id"], "")
    plan["budget"]["interventions"] = [dict(_OWN)]

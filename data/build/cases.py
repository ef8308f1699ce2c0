"""Write the plans of the places in the sources, ``data/cases/*.plan.json``, from figures as printed.

Each plan is historical and says from which publication it comes. It holds what is printed and nothing else: no
contribution, effect, level or share that a source does not give. What is not printed is left empty, so the
workbook says that it is missing.

Run ``python data/build/cases.py [FOLDER]``; the folder is ``data/cases`` unless given.
"""

# ruff: noqa: E501 (a sentence of the plan stays on one line, so that a change of words reads as one)

from __future__ import annotations

import csv
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workbook.plan import store
from workbook.plan.model import Plan

DATA = Path(__file__).resolve().parent.parent
SAVED = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)
KINGS_FUND = "The King's Fund, Thinking differently about commissioning (2020)"
HISTORICAL = (
    "Historical: figures of {year} as printed in {source}. Nothing else is filled in, because nothing else is printed: no "
    "contribution, effect, ambition or saving is worked out from these figures. For learning and for checking the "
    "workbook; not for a decision today."
)


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def printed(place: str, measure: str, part: str = "total") -> float:
    """A figure of the places table, which holds it as its source prints it."""
    found = [
        float(r["value"])
        for r in _rows("places.csv")
        if (r["place"], r["measure"], r["part"]) == (f"PLACE-{place}", measure, part)
    ]
    if len(found) != 1:
        raise SystemExit(f"places.csv holds {len(found)} figures of {measure} ({part}) for {place}.")
    return found[0]


def _plan(place: str, title: str, year: int, source: str, more: str, **sections: Any) -> Plan:
    area = next(r for r in _rows("areas.csv") if r["code"] == f"PLACE-{place}")
    said = HISTORICAL.format(year=f"{year}/{(year + 1) % 100}", source=source)
    return Plan.model_validate(
        {
            "revision": 1,
            "saved": {"by": "Figures as printed", "at": SAVED},
            "title": f"{title} (historical)",
            "area": {"code": area["code"], "name": area["name"], "kind": "place"},
            "base_year": year,
            "horizon": 5,
            "purpose": f"{said} {more}",
            **sections,
        }
    )


# --- Devon ----------------------------------------------------------------------


def devon() -> Plan:
    """The twenty filled cells of the matrix of age by need, errors and all (ODR-14)."""
    cells = [r for r in _rows("segments.csv") if r["total"] == "false" and r["total_m"]]
    source = "South West AHSN, Organisational design route map for STPs (2017), section 3.4"
    return _plan(
        "devon",
        "Devon: people by age and need, 2016/17",
        2016,
        source,
        "Two of the twenty cells contradict themselves; which of their figures is the misprint is not known.",
        needs={"segments": [_segment(n, r, source) for n, r in enumerate(cells, 1)]},
    )


def _segment(number: int, row: dict[str, str], source: str) -> dict[str, Any]:
    return {
        "id": f"cell-{number:02d}",
        "name": f"{row['segment']}, {row['age']}",
        "age": row["age"],
        "group": row["segment"],
        "population": float(row["population_thousands"]),
        "spend_per_head": float(row["spend_per_head"]),
        "total": float(row["total_m"]),
        "source": source,
    }


# --- the three places of 2020 ------------------------------------------------------


def _organisation(name: str, place: str, part: str = "total") -> dict[str, Any]:
    return {
        "name": name,
        "total": printed(place, "ccg-budget", part),
        "status": "assumed",
        "outside": "All of it: the report prints no lines below the total.",
        "source": f"{KINGS_FUND}, appendix B: CCG budget allocation 2019/20. Other published totals of the year differ; the scope is not printed.",
    }


def south_tyneside() -> Plan:
    """A block contract with a risk pool; who bears which share of it is not printed (TDC-06)."""
    ccg, trust = "South Tyneside CCG", "South Tyneside and Sunderland NHS Foundation Trust"
    pool = {
        "id": "block",
        "name": "Block contract, acute and community care without maternity",
        "payer": ccg,
        "provider": trust,
        "pool": printed("south-tyneside", "risk-pool"),
        "shares": [{"partner": p} for p in (trust, ccg, "Neighbouring CCG (not named in the report)")],
    }
    return _plan(
        "south-tyneside",
        "South Tyneside: one system, one budget, 2019/20",
        2019,
        KINGS_FUND,
        "The shares of the risk pool, the value of the contract and what it costs are not printed and are left empty.",
        budget={"organisations": [_organisation(ccg, "south-tyneside")], "contracts": [pool]},
    )


def tameside_and_glossop() -> Plan:
    """One fund in three pots with its shares of risk; the contributions are not printed (TDC-07, TDC-08)."""
    place, ccg, council = "tameside-and-glossop", "Tameside and Glossop CCG", "Tameside Council"
    total = printed(place, "pooled-fund")
    board = "Strategic Commissioning Board"
    pots = [
        ("section-75", f"{board}, binding on both organisations", ""),
        ("aligned", f"{board} recommends", "Council executive cabinet and CCG governing body"),
        ("in-collaboration", f"{board} recommends", "CCG and the national body decide"),
    ]
    contract = {
        "id": "block",
        "name": "Block contract with an outcomes component",
        "payer": ccg,
        "provider": "Tameside and Glossop Integrated Care NHS Foundation Trust",
        "outcome_part": printed(place, "outcomes-payment"),
    }
    fund = {
        "name": "Integrated Commissioning Fund",
        "total": total,
        "basis": "Both organisations' total budgets, printed as around £950 million; gross or net, with or without grants passed through, is not stated. Derbyshire County Council takes no part",
        "pots": [
            {
                "pot": pot,
                "amount": total * printed(place, "pooled-fund-share", pot) / 100,
                "decides": decides,
                "ratifies": ratifies,
            }
            for pot, decides, ratifies in pots
        ],
        "partners": [
            {"partner": council, "overspend": 1 / 3},
            {"partner": ccg, "overspend": 2 / 3},
        ],
        "shares_reason": "The report calls them in approximate proportion to contributions, which it does not print. Shares of an underspend are not printed either",
    }
    return _plan(
        place,
        "Tameside and Glossop: one fund in three pots, 2019/20",
        2019,
        KINGS_FUND,
        "The pots are the printed shares, about 50, 40 and 10 per cent, of the printed size. Contributions are not printed and none is worked out from the shares of risk. The value of the block contract is not printed.",
        budget={
            "organisations": [_organisation(ccg, place), {"name": council}],
            "fund": fund,
            "contracts": [contract],
        },
    )


def bradford_district_and_craven() -> Plan:
    """Three commissioners about to become one, each with its budget (TDC-09)."""
    place = "bradford-district-and-craven"
    parts = ("Airedale, Wharfedale and Craven", "Bradford City", "Bradford Districts")
    return _plan(
        place,
        "Bradford district and Craven: three commissioners, 2019/20",
        2019,
        KINGS_FUND,
        "Fixed-income contracts were agreed for 2019/20 with the two main acute providers, without penalties other than the national one for a wait of 52 weeks; their values are not printed.",
        budget={"organisations": [_organisation(f"{p} CCG", place, p) for p in parts]},
    )


CASES = {
    "devon": devon,
    "south-tyneside": south_tyneside,
    "tameside-and-glossop": tameside_and_glossop,
    "bradford-district-and-craven": bradford_district_and_craven,
}


def write(folder: Path) -> None:
    """Write the four plans into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in CASES.items():
        (folder / f"{name}.plan.json").write_text(store.to_json(made()), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA / "cases")

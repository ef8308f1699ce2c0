"""Work out ``data/need_index.csv`` from NHS England's practice-level need-weighted populations.

The need index of a place is (weighted / registered population of the place)
divided by the same of England, for each component of need; 1.00 is average
need. The practice file is not part of the project; give its path:

    python data/build/need_index.py ../shared/data/allocations/ICB_tool_2025_2026.csv
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

DATA = Path(__file__).resolve().parents[1]
SOURCE = "NHS England, 2025/26 allocations, practice-level need-weighted populations; summed by this project"
REGISTERED = "Population"
COMPONENTS = {
    "general-and-acute": ("General and acute", "G&A WP"),
    "community": ("Community services", "CS WP"),
    "mental-health": ("Mental health", "MH WP"),
    "maternity": ("Maternity", "Mat WP"),
    "health-inequalities": ("Health inequalities", "Health Ineq WP"),
    "prescribing": ("Prescribing", "Prescr WP"),
    "primary-medical-care": ("Primary medical care", "Primary Medical Care WP"),
    "primary-medical-care-overall": ("Primary medical care, overall", "Final PMC WP"),
    "overall": ("Overall", "Final WP"),
}
FIELDS = ("area", "component", "label", "index", "registered", "source")


def sums_by_icb(practices: Iterable[dict[str, str]]) -> dict[str, dict[str, float]]:
    """Registered and weighted population per ICB (ODS code), in people, summed over its practices."""
    columns = [REGISTERED, *(column for _, column in COMPONENTS.values())]
    sums: dict[str, dict[str, float]] = defaultdict(lambda: dict.fromkeys(columns, 0.0))
    for practice in practices:
        for column in columns:
            sums[practice["ICB"]][column] += float(practice[column])
    return dict(sums)


def index_rows(sums: dict[str, dict[str, float]], codes: dict[str, str]) -> list[dict[str, str]]:
    """One row per ICB and component; ``codes`` gives the ONS code of each ODS code."""
    england = {column: sum(icb[column] for icb in sums.values()) for column in next(iter(sums.values()))}
    rows = []
    for ods, icb in sorted(sums.items(), key=lambda pair: codes[pair[0]]):
        for component, (label, column) in COMPONENTS.items():
            ratio = icb[column] / icb[REGISTERED]
            index = ratio / (england[column] / england[REGISTERED])
            rows.append(
                {
                    "area": codes[ods],
                    "component": component,
                    "label": label,
                    "index": f"{index:.4f}",
                    "registered": f"{icb[REGISTERED]:.0f}",
                    "source": SOURCE,
                }
            )
    return rows


def icb_codes(on: str = "2025-04-01") -> dict[str, str]:
    """ONS code by ODS code of the ICBs that stood on that day."""
    with (DATA / "areas.csv").open(encoding="utf-8", newline="") as handle:
        return {
            area["ods"]: area["code"]
            for area in csv.DictReader(handle)
            if area["kind"] == "icb"
            and area["valid_from"] <= on
            and (not area["valid_to"] or on <= area["valid_to"])
        }


def main(practice_file: str) -> None:
    """Read the practice file and write the table."""
    with Path(practice_file).open(encoding="utf-8-sig", newline="") as handle:
        sums = sums_by_icb(csv.DictReader(handle))
    with (DATA / "need_index.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(index_rows(sums, icb_codes()))


if __name__ == "__main__":
    main(sys.argv[1])

"""Write ``docs/frameworks.md``, the table of every framework of the sources, from the shipped tables.

python data/build/frameworks_page.py
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "frameworks.md"
HEAD = """# Frameworks of the source documents

This page is written by `data/build/frameworks_page.py` from `data/frameworks.csv` and
`data/questions.csv`; change those and run it again.

The workbook carries every framework of five public documents, item by item and in its own
words. Each keeps the year of its source, a status and what holds today. A historical item
informs and never blocks.

| status | means |
|---|---|
| in use | still good practice |
| replaced | a rule, measure or source that something else has taken the place of |
| historical | an account or an arrangement of its time |
"""
DOCUMENTS = {
    "CST": "Commissioning for service transformation (NHS England, 2014)",
    "CFO": "Commissioning for outcomes (NHS Commissioning Assembly, 2014)",
    "ODR": "Organisational design route map for STPs (South West AHSN, 2017)",
    "PVW": "Provider voices: where next for commissioning? (NHS Providers, 2017)",
    "TDC": "Thinking differently about commissioning (The King's Fund, 2020)",
}
COLUMNS = "| id | framework | items | step | answered with | status | today |\n|---|---|---|---|---|---|---|"


def read(name: str) -> list[dict[str, str]]:
    """The rows of a shipped table."""
    with (ROOT / "data" / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def items_by_group(questions: list[dict[str, str]]) -> str:
    """The number of items, and how they divide where the framework has groups: "13 (5 + 5 + 3)"."""
    groups = Counter(question["group"] for question in questions)
    parts = f" ({' + '.join(str(n) for n in groups.values())})" if len(groups) > 1 else ""
    return f"{len(questions)}{parts}"


def table(frameworks: list[dict[str, str]], questions: list[dict[str, str]]) -> str:
    """The table of one document's frameworks."""
    lines = [COLUMNS]
    for framework in frameworks:
        own = [question for question in questions if question["framework"] == framework["id"]]
        cells = (
            framework["id"],
            framework["title"],
            items_by_group(own),
            framework["step"],
            "" if framework["answer_kind"] == "none" else framework["answer_kind"],
            framework["status"],
            framework["today"],
        )
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def page() -> str:
    """The whole page."""
    frameworks, questions = read("frameworks.csv"), read("questions.csv")
    parts = [HEAD]
    for prefix, title in DOCUMENTS.items():
        own = [framework for framework in frameworks if framework["id"].startswith(prefix)]
        parts.append(f"## {title}\n\n{table(own, questions)}\n")
    traps = [f"- {f['id']} {f['title']}: {f['trap']}" for f in frameworks if f["trap"]]
    parts.append("## What is easily got wrong\n\n" + "\n".join(traps) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

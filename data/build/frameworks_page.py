"""Write ``docs/frameworks.md``, the table of every framework, from the shipped tables.

Which of them a page uses is taken from the pages of the demonstration plan.

python data/build/frameworks_page.py
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path

from workbook.blocks import to_record
from workbook.plan import Plan, store
from workbook.plan.model import AreaRef
from workbook.reference import Reference
from workbook.steps import TITLES, run

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "frameworks.md"
HEAD = """# Frameworks of the source documents

This page is written by `data/build/frameworks_page.py` from `data/frameworks.csv` and
`data/questions.csv`; change those and run it again.

The tables carry every framework of five public documents, item by item and in the workbook's
own words, and after them five banks of questions for the decommissioning gate that come from
elsewhere. Each keeps the year of its source, a status and what holds today. A historical item
informs and never blocks.

The column *step* says where a framework belongs, the column *page* which page uses it in this
version: {used} of {all} so far. The others are known and are asked nowhere yet, most of them because
their step (options, contract, governance, evaluation) has no page.

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
    "NAO": "Beside the five documents: Decommissioning toolkit (National Audit Office, 2011)",
    "SCT": "Beside the five documents: tests and duties of a service change (2018 to 2024)",
    "DRV": "Beside the five documents: what drives decommissioning (research, 2014)",
}
COLUMNS = "| id | framework | items | step | page | answered with | status | today |\n|---|---|---|---|---|---|---|---|"


def read(name: str) -> list[dict[str, str]]:
    """The rows of a shipped table."""
    with (ROOT / "data" / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def items_by_group(questions: list[dict[str, str]]) -> str:
    """The number of items, and how they divide where the framework has groups: "13 (5 + 5 + 3)"."""
    groups = Counter(question["group"] for question in questions)
    parts = f" ({' + '.join(str(n) for n in groups.values())})" if len(groups) > 1 else ""
    return f"{len(questions)}{parts}"


def pages() -> dict[str, list[str]]:
    """The pages on which each framework is asked or named, with the shipped figures alone.

    Examples give way to what a plan says itself, so an empty plan is looked at as well, and one
    for a place of the case studies.
    """
    demo = store.read(ROOT / "data" / "demo" / "demo.plan.json")
    empty = Plan(area=demo.area, base_year=demo.base_year)
    place = Plan(area=AreaRef(code="PLACE-south-tyneside", name="South Tyneside"), base_year=2019)
    reference = Reference.open(home=ROOT / "data" / "no-imports")
    used: dict[str, list[str]] = {}
    for step_id in TITLES:
        shown = "".join(
            json.dumps(to_record(run(step_id, plan, reference)), default=str, ensure_ascii=False)
            for plan in (demo, empty, place)
        )
        for framework in reference.frameworks():
            labels = [item.label for item in framework.items]
            # The ambitions and the groups of people stand there in full, without their ids.
            in_full = len(labels) > 2 and all(label in shown for label in labels)
            if in_full or re.search(rf"\b{framework.id}\b", shown):
                used.setdefault(framework.id, []).append(step_id)
    return used


def table(
    frameworks: list[dict[str, str]], questions: list[dict[str, str]], used: dict[str, list[str]]
) -> str:
    """The table of one document's frameworks."""
    lines = [COLUMNS]
    for framework in frameworks:
        own = [question for question in questions if question["framework"] == framework["id"]]
        cells = (
            framework["id"],
            framework["title"],
            items_by_group(own),
            framework["step"],
            ", ".join(used.get(framework["id"], [])),
            "" if framework["answer_kind"] == "none" else framework["answer_kind"],
            framework["status"],
            framework["today"],
        )
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def page() -> str:
    """The whole page."""
    frameworks, questions = read("frameworks.csv"), read("questions.csv")
    used = pages()
    parts = [HEAD.replace("{used}", str(len(used))).replace("{all}", str(len(frameworks)))]
    for prefix, title in DOCUMENTS.items():
        own = [framework for framework in frameworks if framework["id"].startswith(prefix)]
        parts.append(f"## {title}\n\n{table(own, questions, used)}\n")
    traps = [f"- {f['id']} {f['title']}: {f['trap']}" for f in frameworks if f["trap"]]
    parts.append("## What is easily got wrong\n\n" + "\n".join(traps) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

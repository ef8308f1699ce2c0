"""Write ``docs/library.md``, the whole library of interventions and the accounts of cases, from the shipped tables.

python data/build/library_page.py
"""

from __future__ import annotations

from datetime import date
from itertools import groupby
from pathlib import Path

from workbook.reference import Reference
from workbook.reference.interventions import CASHABILITY, EVIDENCE, Case, Intervention
from workbook.steps.budget.library import effect_words, evidence_words
from workbook.words import day

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "library.md"
HEAD = """# Library of interventions

This page is written by `data/build/library_page.py` from `data/interventions.csv` and `data/cases.csv`;
change those and run it again.

The library holds {all} interventions that commissioners in England consider, each with its source.
{opened} name a publication whose text was opened; {sized} of them give an effect size, {ranged} with its range.
All others have none, and a scheme that follows one counts for nothing in the scheme-built line unless the
plan brings evidence of its own. A plan adds entries of its own, which are marked local.

How to read it:

- **Effect**: the change of the measure named, in per cent, with the 95 % interval that was printed. A rate or risk
  ratio of 0.77 is printed as -23%. Odds ratios, points and shares are told in words and not turned into per cent.
  It was seen in the people treated and against what is named: it is not the effect on the figures of an area.
- **Opened**: text of the publication itself (the article, its abstract or its summary of findings) was read, as a stored
  copy, on the day checked. An entry that is not opened is named from general knowledge, its class of evidence included.
- **Cost** and **lead time**: only where a publication that was seen states one. None states a lead time; ask those who
  did it, and see how long change took (PVW-05).
- **Frees money**: a judgement of this workbook. Freed capacity saves nothing until it is taken out.

| evidence | means |
|---|---|
{classes}
"""
CASES = """## What places tell

Accounts from the source documents, in our own words. They teach, and they prove no effect.

| place | told | what was done, and what came of it | be wary | source |
|---|---|---|---|---|
"""


def page() -> str:
    """The whole page."""
    reference = Reference.open(home=ROOT / "data" / "no-imports")
    entries = reference.interventions()
    classes = "\n".join(f"| {name} | {words} |" for name, words in EVIDENCE.items())
    head = HEAD
    counts = {
        "all": len(entries),
        "opened": sum(i.opened for i in entries),
        "sized": sum(i.effect is not None for i in entries),
        "ranged": sum(i.effect_low is not None for i in entries),
        "classes": classes,
    }
    for name, value in counts.items():
        head = head.replace(f"{{{name}}}", str(value))
    parts = [head]
    by_theme = sorted(entries, key=lambda i: i.theme)
    for theme, group in groupby(by_theme, key=lambda i: i.theme):
        parts.append("\n\n".join([f"## {theme}", *(_entry(i) for i in group)]) + "\n")
    parts.append(CASES + "\n".join(_case(c) for c in reference.cases()) + "\n")
    return "\n".join(parts)


def _entry(entry: Intervention) -> str:
    opened = f"read {day(date.fromisoformat(entry.checked_on))}" if entry.opened else "not opened"
    link = f" <{entry.reference}>" if entry.reference.startswith("http") else ""
    lines = [
        f"- For: {entry.for_whom}. May serve ambition {', '.join(str(a) for a in entry.ambitions)}.",
        f"- Evidence: {evidence_words(entry)}. Effect: {effect_words(entry)}. {entry.effect_where}",
        f"- Cost: {entry.cost}. Lead time: not stated. Frees money: {CASHABILITY[entry.cashability]}.",
        f"- In the way: {entry.barriers}",
        f"- Who could lose: {entry.could_lose}",
        f"- Source ({opened}): {entry.source}.{link}",
    ]
    return f"### {entry.name}\n\nShort name `{entry.id}`.\n\n" + "\n".join(lines)


def _case(case: Case) -> str:
    cells = (f"{case.title} ({case.id})", f"{case.kind}, {case.year}", case.account, case.wary, case.source)
    return "| " + " | ".join(cell.replace("|", "\\|").replace(";", "; ") for cell in cells) + " |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

"""The submission sheets of a plan, of the kind that planning returns use.

Cover, completeness, finance, activity, workforce, capital and outcomes; years
are columns, every line is a row, and every figure says whether it is confirmed,
assumed, worked out or synthetic. What has to be there is data/submission.csv.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbook.blocks import Step
from workbook.pack.submission import finance, outcomes, required, resources
from workbook.plan import Plan
from workbook.render import text as words
from workbook.render import xlsx
from workbook.render.book import written
from workbook.render.document import Document
from workbook.render.sheets import Grid, Sheet
from workbook.steps.money import money

_ABOUT = (
    "The sheet Completeness says what is missing and where to mend it.",
    "Figures are exact; what is shown is rounded. Where there is none, the cell says so.",
    "Status says of each line whether it is confirmed, assumed or worked out from such figures.",
)


def page(plan: Plan, steps: Mapping[str, Step], reference: Any, document: Document) -> bytes:
    """The submission sheets as XLSX; the same plan, figures and program give the same bytes."""
    made = sheets(plan, steps, reference, document)
    cover = xlsx.cover(document, "submission", _ABOUT, (limits(plan),))
    return written(cover, made, xlsx.properties(document, "submission"))


def limits(plan: Plan) -> tuple[str, tuple[str, ...]]:
    """The block on the cover of a spreadsheet: the plan's own version, life, limits and doubt."""
    off = plan.sign_off
    until = words.iso_day(str(off.review_by)) if off.review_by else ""
    said = (
        *(("Version", off.version), ("Valid until", until), ("Limits of use", off.limits)),
        ("Uncertainty", off.uncertainty),
    )
    return "Limits and uncertainty", tuple(f"{label}: {text or 'not given'}" for label, text in said)


def sheets(plan: Plan, steps: Mapping[str, Step], reference: Any, document: Document) -> list[Sheet]:
    """The sheets after the cover, what is complete first."""
    above = xlsx.marks(document)
    found = money(plan, reference)
    totals = resources.totals(plan, found)
    named: tuple[tuple[str, str, tuple[Grid, ...]], ...] = (
        (
            "Finance",
            "Finance: income, spend, investment, savings and what is left",
            finance.grids(plan, found),
        ),
        ("Activity", "Activity: what the money buys", resources.activity(plan, found, totals)),
        ("Workforce", "Workforce: staff behind the spend", resources.workforce(plan, found, totals)),
        ("Capital", "Capital, beside the spend", resources.capital(plan, totals)),
        ("Outcomes", "Outcomes: the ambitions", outcomes.grids(plan, steps, reference)),
    )
    made = [Sheet(name, title, grids, above) for name, title, grids in named]
    return [required.sheet(required.held(plan, steps), made, above), *made]

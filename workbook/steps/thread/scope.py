"""Rules on scope: scores that cannot be relied on, a choice unlike them, money and needs outside it."""

from __future__ import annotations

from collections.abc import Iterator

from workbook.blocks import Finding
from workbook.steps.budget.scope import appraised
from workbook.steps.thread.context import Context, finding, rule


@rule()
def scope_unlike_scores(c: Context) -> Iterator[Finding]:
    ranked = appraised(c.plan, c.reference)
    chosen = c.plan.budget.scope.chosen
    if ranked.empty or not chosen or chosen in set(ranked[ranked["rank"] == 1]["option"]):
        return
    if not c.plan.budget.scope.reason:
        yield finding(
            "scope-unlike-scores",
            "doubt",
            "The scope chosen is not the one that scores highest, and no reason is given.",
            "Say why, or choose the highest.",
            "budget",
            "/budget/scope/reason",
        )

"""What follows from figures alone is worked out once, until the figures change."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from workbook.paths import shipped
from workbook.plan import Plan, edit, store
from workbook.reference import Reference
from workbook.steps import kept as kept_module
from workbook.steps import lines, standing
from workbook.steps.kept import kept
from workbook.steps.peers import peers_of


@dataclass(eq=False)
class _Figures:
    stamp: object = 1
    asked: list[str] = field(default_factory=list)

    def work(self) -> int:
        self.asked.append("")
        return len(self.asked)


def test_the_same_is_worked_out_once_and_anew_after_an_import() -> None:
    figures, others = _Figures(), _Figures()
    assert [kept(figures, ("a", 1), figures.work) for _ in range(2)] == [1, 1]
    assert kept(figures, ("a", 2), figures.work) == 2
    assert kept(others, ("a", 1), others.work) == 1, "another reference has figures of its own"
    figures.stamp = 2
    assert kept(figures, ("a", 1), figures.work) == 3


def test_a_reference_that_never_says_when_its_figures_change_is_always_asked() -> None:
    figures = _Figures(stamp=None)
    assert [kept(figures, ("a",), figures.work) for _ in range(2)] == [1, 2]


def test_the_lines_of_an_ambition_follow_every_place_of_the_plan_they_read() -> None:
    plan, reference = store.read(shipped("data") / "demo" / "demo.plan.json"), Reference.open()
    group = peers_of(plan, reference)

    def found(plan):
        return lines.outlook(plan, reference, plan.ambitions.items[0], group)

    first = found(plan)
    assert found(edit.put(plan, "/purpose", "Another")) is first, (
        "this ambition does not depend on the purpose"
    )
    scheme = next(n for n, s in enumerate(plan.budget.schemes) if 1 in s.ambitions and s.funded)
    for path, value in (
        ("/horizon", plan.horizon + 2),
        ("/base_year", plan.base_year - 1),
        ("/ambitions/items/0/line", "hold"),
        (f"/budget/schemes/{scheme}/funded", False),
    ):
        changed = edit.put(plan, path, value)
        assert found(changed) != first, path
        assert found(changed) == lines._outlook(changed, reference, changed.ambitions.items[0], group), path


def test_a_standing_follows_from_the_area_the_base_year_and_the_peers_alone() -> None:
    plan, reference = store.read(shipped("data") / "demo" / "demo.plan.json"), Reference.open()
    group = peers_of(plan, reference)
    first = standing.standing(plan, reference, "demo-pyll", group)
    bare = Plan.model_validate({"area": plan.area.model_dump(), "base_year": plan.base_year})
    assert standing.standing(bare, reference, "demo-pyll", group) is first
    assert standing._worked_out(bare, reference, "demo-pyll", group) == first
    earlier = edit.put(plan, "/base_year", plan.base_year - 3)
    assert standing.standing(earlier, reference, "demo-pyll", group) != first


def test_of_many_those_not_asked_for_longest_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_module, "_MOST", 2)
    figures = _Figures()
    asked = [kept(figures, ("few", n), figures.work) for n in (1, 2, 1, 3, 1, 2)]
    assert asked == [1, 2, 1, 3, 1, 4]
    assert kept(figures, ("another kind", 3), figures.work) == 5

"""Figures of the sources as printed: exactly what contradicts itself is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook.reference import Reference, importers, printed


def test_what_ships_contradicts_itself_in_exactly_five_places(home: Path) -> None:
    found = printed.contradictions(Reference.open(home))
    assert [c.where for c in found] == [
        "Devon, 16-69, physical disability",
        "Devon, 70+, cancer",
        "Tameside and Glossop (case study, 2020), pooled fund",
        "South Tyneside, budget 2019/20",
        "Tameside and Glossop, budget 2019/20",
    ]


@pytest.mark.parametrize(
    ("where", "figures"),
    [
        ("70+, cancer", ("20.7 thousand", "£4,089", "£84.4m to £84.9m", "£64.5m")),
        ("physical disability", ("3.1 thousand", "£12,422", "£37.9m to £39.1m", "£36.9m")),
        ("pooled fund", ("two thirds", "51%")),
        ("South Tyneside, budget", ("£332.8m", "£263.5m", "another scope")),
        ("Glossop, budget", ("£487.8m", "£373.5m", "another scope")),
    ],
)
def test_a_contradiction_names_both_figures(where: str, figures: tuple[str, ...], home: Path) -> None:
    sentence = next(c.sentence for c in printed.contradictions(Reference.open(home)) if where in c.where)
    assert all(figure in sentence for figure in figures)


@pytest.mark.real
def test_two_totals_for_one_body_and_year_are_named_once_the_allocation_is_on_hand(
    home: Path, real: Path
) -> None:
    reference = Reference.open(home)
    importers.take([real / "allocations" / "ccg_allocations_2013-14_to_2019-20.csv"], reference)
    found = {c.where: c.sentence for c in printed.contradictions(Reference.open(home))}
    assert (
        "£332,828k is printed and the imported allocation is £263,465k"
        in found["South Tyneside, budget 2019/20"]
    )
    assert len(found) == 8

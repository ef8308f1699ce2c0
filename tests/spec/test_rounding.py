"""Figures as printed: whether they can all be true, each being rounded to its last digit."""

from hypothesis import given
from hypothesis import strategies as st

from tests.spec.worked import Example, Formula, check, examples
from workbook.methods import rounding

GUIDE = [
    Formula(
        "Whether a printed product can be true",
        rounding.product_holds,
        "each figure lies within half its last digit; holds where the ranges of a · b and of the total touch",
        "Population times spend a head, beside the printed total.",
        "A fixed tolerance would flag sound small cells and pass wrong large ones.",
        "Our own; interval arithmetic.",
        [
            Example("20.7 thousand people at £4,089, printed as £64.5m",
                    {"a": 20.7, "a_decimals": 1, "b": 4089, "b_decimals": 0, "total": 64.5, "total_decimals": 1,
                     "scale": 0.001},
                    {"holds": False, "lower": 84.4275, "upper": 84.8571},
                    "20.65 · 4,088.5 and 20.75 · 4,089.5", 5e-4),
            Example("the same printed as £84.6m",
                    {"a": 20.7, "a_decimals": 1, "b": 4089, "b_decimals": 0, "total": 84.6, "total_decimals": 1,
                     "scale": 0.001},
                    {"holds": True}),
        ],
    ),
    Formula(
        "Whether a printed sum can be true",
        rounding.sum_holds,
        "the parts, each within half its last digit, beside the total within half of its own",
        "Budgets and segments with a printed total.",
        "Three parts rounded to whole numbers allow the total 1.5 either way, and its own half.",
        "Our own; interval arithmetic.",
        [
            Example("33 + 33 + 33 printed as 100", {"parts": [33, 33, 33], "decimals": 0, "total": 100, "total_decimals": 0},
                    {"holds": True, "lower": 97.5, "upper": 100.5}),
            Example("33 + 33 + 33 printed as 102", {"parts": [33, 33, 33], "decimals": 0, "total": 102, "total_decimals": 0},
                    {"holds": False}),
        ],
    ),
]  # fmt: skip


@examples(GUIDE)
def test_worked_example(formula, example):
    check(formula, example)


@given(st.floats(0, 1e5), st.floats(0, 1e5), st.integers(-2, 3), st.integers(-2, 3), st.integers(-2, 3))
def test_figures_that_were_true_hold_however_they_are_rounded(a, b, one, two, three):
    assert rounding.product_holds(round(a, one), one, round(b, two), two, round(a * b, three), three).holds


@given(st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=12), st.integers(-2, 3), st.integers(-2, 3))
def test_parts_that_were_true_hold_however_they_are_rounded(parts, one, two):
    assert rounding.sum_holds([round(p, one) for p in parts], one, round(sum(parts), two), two).holds

"""The methods guide is what the specification tests say, and says it readably."""

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from tests.spec import worked
from tools import methods_guide

SPEC = methods_guide.ROOT / "tests" / "spec"


def test_the_page_is_current():
    assert methods_guide.PATH.read_text(encoding="utf-8") == methods_guide.text(), (
        "run 'uv run python tools/methods_guide.py'"
    )


def test_every_module_with_a_guide_has_its_place_on_the_page():
    with_guide = {
        path.stem for path in SPEC.glob("test_*.py") if "\nGUIDE = [" in path.read_text(encoding="utf-8")
    }
    unnamed = with_guide - set(methods_guide.named())
    assert not unnamed, f"add a line '{{{{ {min(unnamed)} }}}}' to docs/methods.template.md"
    assert len(methods_guide.named()) == len(set(methods_guide.named()))


def test_every_formula_says_all_that_a_reader_needs():
    page = methods_guide.PATH.read_text(encoding="utf-8")
    sections = re.split(r"^### ", page, flags=re.MULTILINE)[1:]
    assert len(sections) >= 25
    for section in sections:
        for part in ("```text\n", "**At the edges.** ", "**Source.** ", "| Worked example |"):
            assert part in section, section.splitlines()[0]


def test_no_row_of_a_table_is_broken():
    page = methods_guide.PATH.read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("|")]
    tables = re.findall(r"(?:^\|.*\n)+", page, flags=re.MULTILINE)
    assert rows and all(
        len({len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}) == 1 for table in tables
    )


@pytest.mark.parametrize(
    ("value", "within", "shown"),
    [
        (0.30798, 5e-5, "0.3080"),
        (52.0, None, "52"),
        (float("nan"), None, "not available"),
        (None, None, "none"),
        (True, None, "yes"),
        ("", None, '""'),
        (np.array([1.5, 2.0]), None, "[1.5, 2]"),
        (list(range(20)), None, "[0, 1, 2, 3, 4, 5, ..., 19]"),
        (pd.DataFrame({"x": [1.0]}, index=["A"]), None, "A: x 1"),
        (1e-7, None, "0.0000001"),
        (-1e-12, 1e-9, "0"),
        (50.0002, 1e-3, "50"),
        (1234567.8, None, "1234568"),
        ("so it is", None, '"so it is"'),
    ],
)
def test_figures_are_shown_to_the_place_they_were_compared_to(value, within, shown):
    assert methods_guide._shown(value, within) == shown


def test_an_example_that_does_not_hold_fails_and_is_never_printed_as_expected():
    formula = worked.Formula("Half", lambda x: x / 2, "x / 2", "", "", "", [])
    wrong = worked.Example("half of 3", {"x": 3}, 2)
    with pytest.raises(AssertionError):
        worked.check(formula, wrong)
    assert methods_guide._example(formula, wrong)[2] == "**1.5**"


def test_a_result_is_named_whatever_its_kind():
    def parts(result, names=()):
        formula = SimpleNamespace(function=lambda: result, pick=None, results=names)
        return worked.found(formula, SimpleNamespace(inputs={}, expected={"low": 0}))

    assert parts((1, 2), ("low", "high")) == {"low": 1}
    assert parts(pd.Series([1, 2], index=["low", "high"])) == {"low": 1}
    assert parts({"low": 1}) == {"low": 1}

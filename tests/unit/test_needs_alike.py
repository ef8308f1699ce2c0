"""The table of what makes the peers alike."""

from __future__ import annotations

import pytest

from workbook.steps.needs.alike import _places


@pytest.mark.parametrize(
    ("distances", "expected"), [([0.42, 1.2], 2), ([0.004, 0.3], 3), ([0.0004, 0.3], 4), ([0.0], 2), ([], 2)]
)
def test_only_the_area_itself_is_printed_as_nought(distances: list[float], expected: int):
    assert _places(distances) == expected

"""Periods as publishers print them."""

from __future__ import annotations

import pytest

from workbook.reference import periods


@pytest.mark.parametrize(
    ("text", "label", "year", "years", "style"),
    [
        ("2018", "2018", 2018, 1, "year"),
        ("2018.0", "2018", 2018, 1, "year"),
        ("2018/19", "2018/19", 2018, 1, "financial"),
        ("2018-19", "2018/19", 2018, 1, "financial"),
        ("1999/2000", "1999/00", 1999, 1, "financial"),
        ("2017 - 19", "2017 - 19", 2017, 3, "span"),
        ("2017-2019", "2017 - 19", 2017, 3, "span"),
        ("2009 - 13", "2009 - 13", 2009, 5, "span"),
        ("2018/19 - 20/21", "2018/19 - 20/21", 2018, 3, "span"),
        ("2011-01-01/P3Y", "2011 - 13", 2011, 3, "span"),
        ("2013-01-01/P1Y", "2013", 2013, 1, "year"),
        ("2013-04-01/P1Y", "2013/14", 2013, 1, "financial"),
        ("2015-11-16/P1Y", "year from Nov 2015", 2015, 1, "months"),
        ("Mar 2015 - Feb 2016", "Mar 2015 - Feb 2016", 2015, 1, "months"),
        ("July 2011 to March 2012", "Jul 2011 - Mar 2012", 2011, 1, "months"),
        ("1/1/2014 to 31/12/2014", "2014", 2014, 1, "year"),
        ("2020/21 Q3", "2020/21 Q3", 2020, 1, "part"),
    ],
)
def test_a_period_is_read(text: str, label: str, year: int, years: int, style: str) -> None:
    found = periods.read(text)
    assert found == periods.Period(label, year, years, style)


def test_a_provisional_period_is_the_same_period_marked() -> None:
    found = periods.read("2015/16 (Provisional)")
    assert found == periods.Period("2015/16", 2015, 1, "financial", provisional=True)


@pytest.mark.parametrize(
    "text", ["", "soon", "18/19", "2020/22", "2019 - 17", "Foo 2015 - Bar 2016", "2011-13-01/P1Y"]
)
def test_what_is_no_period_is_none(text: str) -> None:
    assert periods.read(text) is None

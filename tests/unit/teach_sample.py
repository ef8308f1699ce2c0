"""A small made-up world for the tests of lessons: six areas, ten years, figures one can work out by hand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from workbook.errors import UnknownArea
from workbook.reference import Area, Indicator

YEARS = range(2015, 2025)
# The own area falls by 20 a year from 1000 and ends at 820; the others stand still.
LEVELS = {"A1": 1000, "A2": 700, "A3": 750, "A4": 800, "A5": 850, "A6": 900}
SLOPES = {"A1": -20}
HOSTILE = "<script>alert(1)</script>"


class World:
    """What a lesson asks of the reference."""

    def __init__(self, name: str = "Ambleford", synthetic: bool = True) -> None:
        self._areas = [
            Area(code, name if code == "A1" else f"Area {code}", "synthetic", synthetic=synthetic)
            for code in LEVELS
        ]
        self._country = Area("C", "The country", "country", synthetic=synthetic)

    def area(self, code: str) -> Area:
        for area in [*self._areas, self._country]:
            if area.code == code:
                return area
        raise UnknownArea(f"There is no area {code!r}.")

    def areas(self, kind: str | None = None) -> list[Area]:
        return [a for a in [*self._areas, self._country] if kind in (None, a.kind)]

    def peers(self, code: str) -> tuple[str, ...]:
        return ("A2", "A3", "A4")

    def peers_from(self, code: str) -> str:
        return "a list made by hand"

    def members(self, code: str) -> tuple[str, ...]:
        return ()

    def overlaps(self, code: str) -> set[str]:
        return set()

    def indicator(self, id: str) -> Indicator:
        known = {"id": id, "name": "Years lost", "unit": "years", "polarity": "low", "decimals": 0}
        return Indicator(**known, source="made by hand")

    def available(self) -> list[str]:
        return ["years-lost"]

    def series(
        self,
        indicator: str,
        *,
        area: str | None = None,
        areas: Iterable[str] | None = None,
        kind: str | None = None,
    ) -> pd.DataFrame:
        codes = [area] if area else list(LEVELS if areas is None else areas)
        return pd.DataFrame([row for code in codes for row in _rows(code)])


def _rows(code: str) -> list[dict[str, Any]]:
    """The series of an area, with intervals of 30 either side; the country stands at 800."""
    level, slope = LEVELS.get(code, 800), SLOPES.get(code, 0)
    return [
        {
            "area": code,
            "area_name": f"Area {code}",
            "year": year,
            "period": str(year),
            "value": v,
            "lower": v - 30,
            "upper": v + 30,
            "count": None,
            "denominator": None,
        }
        for year in YEARS
        for v in [float(level + slope * (year - YEARS[0]))]
    ]


def lesson(**changes: Any) -> dict[str, Any]:
    """A lesson of three steps as its file would hold it."""
    return {
        "id": "sample",
        "title": "Reading a trend",
        "minutes": 20,
        "audience": "new commissioners",
        "aim": "Tell a trend from chance.",
        "area": "A1",
        "indicator": "years-lost",
        "steps": [
            {
                "id": "look",
                "title": "Look",
                "minutes": 5,
                "words": ["{area} over {points} years."],
                "figure": "history",
                "question": {
                    "prompt": "Which way?",
                    "kind": "choice",
                    "choices": [
                        {"value": "increasing", "label": "Up", "feedback": "Look at the axis."},
                        {"value": "decreasing", "label": "Down", "feedback": "It falls."},
                    ],
                    "answer": "{direction}",
                    "right": "Well read.",
                    "wrong": "Read it again.",
                },
                "result": ["RESULT-ONE: {trend_reason}"],
                "result_figure": "nation",
                "notes": ["Ask for reasons."],
            },
            {
                "id": "guess",
                "title": "Guess",
                "minutes": 5,
                "words": ["What level does the best fifth reach?"],
                "question": {
                    "prompt": "Best fifth",
                    "kind": "number",
                    "unit": "years",
                    "help": "A whole number.",
                    "answer": "{best_fifth_plain}",
                    "tolerance": 10,
                },
                "result": ["RESULT-TWO: {best_fifth}"],
                "result_figure": "lines",
            },
            {
                "id": "why",
                "title": "Why",
                "words": ["Say it in a sentence."],
                "question": {"prompt": "Why this level?", "kind": "text"},
                "result": ["RESULT-THREE"],
            },
        ],
        "discussion": ["Who would lose?"],
        "trainer": ["TRAINER-ONLY: print the chart."],
        **changes,
    }

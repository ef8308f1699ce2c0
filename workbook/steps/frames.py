"""Rows of a pandas frame as plain dictionaries."""

from __future__ import annotations

from typing import Any

import pandas as pd


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """One dictionary a row, keyed by column name."""
    # All cells at once: many times faster than pandas' own way for the short tables of a page.
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in frame.to_numpy(dtype=object).tolist()]


def by_year(frame: pd.DataFrame) -> dict[int, dict[str, float]]:
    """One dictionary a year, from a frame with a column ``year`` and numbers otherwise."""
    return {int(row["year"]): {k: float(v) for k, v in row.items() if k != "year"} for row in records(frame)}

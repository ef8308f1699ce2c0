"""The words that say from what a new plan is made, shared by the verbs that make one or many."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from workbook.cli.words import whole
from workbook.errors import UsageError


def pattern_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="pattern", type=Path, metavar="PLAN", help="a plan to make it from")
    parser.add_argument(
        "--base-year",
        type=whole(1990, 2100),
        metavar="Y",
        help="the year the plan starts from; the latest figures unless given",
    )
    parser.add_argument("--horizon", type=whole(1, 15), metavar="N", help="years ahead (5)")
    parser.add_argument(
        "--bind",
        action="append",
        default=[],
        metavar="AMBITION=INDICATOR",
        help="the measure of an ambition, for instance 1=treatable-mortality",
    )


def bindings(pairs: Sequence[str]) -> dict[int, str]:
    """``AMBITION=INDICATOR`` as typed, the ambition as its number."""
    bound = {}
    for pair in pairs:
        number, _, indicator = pair.partition("=")
        digits = number.strip().lower().removeprefix("ambition").strip(" -")
        if not indicator.strip() or digits not in set("1234567"):
            raise UsageError(
                f"--bind {pair} does not fit.",
                "Write it as 1=treatable-mortality: an ambition from 1 to 7, then an indicator.",
            )
        bound[int(digits)] = indicator.strip()
    return bound

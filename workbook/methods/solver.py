"""The solver of all-or-nothing choices, well kept: exact, within a time, and silent.

HiGHS (Huangfu and Hall, Mathematical Programming Computation 2018) through SciPy.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

SECONDS = 2.0
_one_at_a_time = threading.Lock()


class Rule(NamedTuple):
    """A rule of a choice: the sum of these weights (options,) over what is chosen lies between two limits."""

    weights: np.ndarray
    least: float
    most: float


class Solved(NamedTuple):
    """``chosen`` (options,) of bool, or None where no choice keeps the rules; ``proven``: none is better."""

    chosen: np.ndarray | None
    proven: bool


def least(
    objective: np.ndarray, rules: Sequence[Rule], must: Sequence[int] = (), barred: Sequence[int] = ()
) -> Solved:
    """The choice that keeps the rules and has the least ``objective`` (options,), summed over what is chosen.

    ``must`` are places that are chosen, ``barred`` those that are not. After
    two seconds the best choice found so far is given, and is not proven.
    """
    low, high = np.zeros(len(objective)), np.ones(len(objective))
    low[list(must)] = 1
    high[list(barred)] = 0
    if (low > high).any():
        return Solved(None, True)
    matrix = csr_array(np.array([rule.weights for rule in rules]))
    limits = LinearConstraint(matrix, [rule.least for rule in rules], [rule.most for rule in rules])
    with _silent():
        found = milp(
            objective,
            integrality=np.ones(len(low)),
            bounds=Bounds(low, high),
            constraints=limits,
            options={"mip_rel_gap": 0.0, "time_limit": SECONDS},
        )
    return Solved(None if found.x is None else np.round(found.x).astype(bool), found.status in (0, 2))


@contextmanager
def _silent() -> Iterator[None]:
    """Send what the compiled solver prints to where messages go.

    In hard cases it prints a line of its own working, asked or not. Standard output is
    for what programs read, so that line would spoil it.
    """
    with _one_at_a_time:
        try:
            _flush()
            kept = os.dup(1)
        except OSError:  # there is no standard output to keep clean
            yield
            return
        try:
            os.dup2(2, 1)
            yield
        finally:
            _flush()
            os.dup2(kept, 1)
            os.close(kept)


def _flush() -> None:
    """Write out what Python and the C library still hold for standard output."""
    if sys.stdout is not None and not sys.stdout.closed:
        sys.stdout.flush()
    if os.name == "posix":
        ctypes.CDLL(None).fflush(None)

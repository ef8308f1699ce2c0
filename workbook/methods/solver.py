"""The solver of all-or-nothing choices, well kept: exact, within a time, and silent.

HiGHS (Huangfu and Hall, Mathematical Programming Computation 2018) through SciPy.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

SECONDS = 2.0
_EXACT = 1e-12  # of the sum of all weights: what adding decimals may be off by
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

    HiGHS keeps its rules within a tolerance, which lets a choice of a hundred million pounds pass that costs a
    pound too much. So each choice is checked against the rules themselves; one that breaks a rule is
    cut off and the rest is solved anew.
    """
    low, high = np.zeros(len(objective)), np.ones(len(objective))
    low[list(must)] = 1
    high[list(barred)] = 0
    if (low > high).any():
        return Solved(None, True)
    cuts: list[Rule] = []
    until = time.monotonic() + SECONDS
    while (left := until - time.monotonic()) > 0:
        found, proven = _solved(objective, [*rules, *cuts], Bounds(low, high), left)
        if found is None:
            return Solved(None, proven)
        broken = next((rule for rule in rules if not _keeps(found, rule)), None)
        if broken is None:
            return Solved(found, proven)
        cuts.append(_cut(found, broken))
    return Solved(None, False)


def _solved(
    objective: np.ndarray, rules: Sequence[Rule], bounds: Bounds, seconds: float
) -> tuple[np.ndarray | None, bool]:
    """The choice that HiGHS finds, and whether it has proven it; each rule in units of its largest weight.

    Without its presolve: where a choice costs nearly what there is, that was seen to call three options
    impossible that were not, and to lose the best choice of six.
    """
    sizes = [float(np.abs(rule.weights).max(initial=0.0)) or 1.0 for rule in rules]
    matrix = csr_array(np.array([rule.weights / size for rule, size in zip(rules, sizes, strict=True)]))
    limits = LinearConstraint(
        matrix,
        [rule.least / size for rule, size in zip(rules, sizes, strict=True)],
        [rule.most / size for rule, size in zip(rules, sizes, strict=True)],
    )
    with _silent():
        found = milp(
            objective,
            integrality=np.ones(len(objective)),
            bounds=bounds,
            constraints=limits,
            options={"mip_rel_gap": 0.0, "time_limit": seconds, "presolve": False},
        )
    return None if found.x is None else np.round(found.x).astype(bool), found.status in (0, 2)


def _keeps(chosen: np.ndarray, rule: Rule) -> bool:
    """Whether a choice keeps a rule, but for the error of adding decimals."""
    total = float(rule.weights[chosen].sum())
    slack = _EXACT * max(float(np.abs(rule.weights).sum()), 1.0)
    return rule.least - slack <= total <= rule.most + slack


def _cut(chosen: np.ndarray, broken: Rule) -> Rule:
    """A rule that a choice breaks and every choice that keeps ``broken`` keeps.

    Where the chosen weigh too much: not all of the heaviest that are too much already. Otherwise: not this choice.
    """
    too_much = broken.weights[chosen].sum() > broken.most
    if chosen.any() and too_much and (broken.weights >= 0).all():
        places = np.flatnonzero(chosen)
        places = places[np.argsort(-broken.weights[places], kind="stable")]
        too_many = int(np.argmax(np.cumsum(broken.weights[places]) > broken.most)) + 1
        row = np.zeros(len(chosen))
        row[places[:too_many]] = 1
        return Rule(row, -np.inf, too_many - 1)
    return Rule(np.where(chosen, 1.0, -1.0), -np.inf, float(chosen.sum()) - 1)


@contextmanager
def _silent() -> Iterator[None]:
    """Let what the compiled solver prints fall away.

    In hard cases it prints a line of its own working, asked or not. Standard output is for what programs
    read, so that line would spoil it; and it tells nobody anything, so it is no message either.
    """
    with _one_at_a_time:
        try:
            _flush()
            kept = os.dup(1)
        except OSError:  # there is no standard output to keep clean
            yield
            return
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, 1)
            yield
        finally:
            _flush()
            os.dup2(kept, 1)
            os.close(kept)
            os.close(nowhere)


def _flush() -> None:
    """Write out what Python and the C library still hold for standard output."""
    if sys.stdout is not None and not sys.stdout.closed:
        sys.stdout.flush()
    if os.name == "posix":
        ctypes.CDLL(None).fflush(None)

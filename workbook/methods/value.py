"""Value for money: what an option does for people against what it costs, and which set of options does most.

STAR (socio-technical allocation of resources): value = benefit to one person x
people x chance. Costs and the money there is share one unit; value has its own,
points: one person who has the whole benefit for certain is 100 points.

Airoldi, Morton, Smith and Bevan, STAR - people-powered prioritization, Medical
Decision Making 2014; incremental ratios as in Drummond and others, Methods for
the economic evaluation of health care programmes. All-or-nothing options are a
0/1 knapsack, solved exactly by HiGHS through SciPy.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

RESAMPLES = 2_000  # the standard error of a share is then 1.1 percentage points at most
_SCALE = 1e4  # the solver stops at an absolute gap of a millionth: values add up to this beforehand
_THRIFT = 1e-4  # of _SCALE: what a whole money's worth of cost weighs, so that of equals the cheaper is taken
_SECONDS = 5.0
_SLACK = 1e-9


def points(benefit: ArrayLike, people: ArrayLike, chance: ArrayLike) -> np.ndarray:
    """Value: benefit to one person (0 to 100) x people a year x chance that it works (0 to 1).

    In points a year: 100 points are one person who has the whole benefit for
    certain. NaN where any of the three is unknown.
    """
    return np.asarray(benefit, float) * np.asarray(people, float) * np.asarray(chance, float)


def per_cost(value: ArrayLike, cost: ArrayLike) -> np.ndarray:
    """Value for one unit of cost. Without cost: infinite where there is value, NaN where there is none."""
    v, c = np.broadcast_arrays(np.asarray(value, float), np.asarray(cost, float))
    free = np.where(v > 0, np.inf, np.nan)
    return np.where(c > 0, v / np.where(c > 0, c, 1.0), free)


def order(value: ArrayLike, cost: ArrayLike) -> np.ndarray:
    """Places of the options from most to least value for a unit of cost.

    Of equals the cheaper stands first, then the one that was entered first;
    options without a ratio (NaN) stand last.
    """
    ratio, c = per_cost(value, cost), np.asarray(cost, float)
    ratio = np.where(np.isnan(ratio), -np.inf, ratio)
    return np.lexsort((np.arange(len(c)), c, -ratio))

"""Formulas: numbers in, numbers out. No file, plan or chart is known here.

Most take arrays of areas, years and indicators at once. docs/methods.md has each formula with its
source and worked examples, written from tests/spec.

- ``intervals``, ``standardise``, ``life_expectancy``: a figure with its interval
- ``compare``, ``funnel``, ``trend``, ``inequality``: what a figure says beside others, over time and between groups
- ``small_numbers``, ``doubt``: whether a figure may be shown, and whether its unit looks wrong
- ``change``, ``spread``, ``excess``: two periods apart, the range of areas, events above the best group's rate
- ``quadrant``: spend beside outcome; ``gain``: who would gain most
- ``scoring``, ``ranking``: what a need scores, what comes first, and how surely
- ``peers``, ``opportunity``: areas that are alike, and what it would mean to do as well
- ``projection``: do nothing, hold, pledge, straight; how plausible; what puts a target out of reach
- ``pooled``, ``backtest``: what areas have in common and how they part; how well the line did in the past
- ``effects``: what schemes do to a line
- ``growth``, ``phasing``: money forward, and schemes year by year
- ``appraisal``, ``rounding``, ``notice``: options scored, printed figures checked, notice periods
"""

"""Formulas: numbers in, numbers out. No file, plan or chart is known here.

- ``intervals``, ``standardise``, ``life_expectancy``: a figure with its interval
- ``compare``, ``trend``, ``inequality``, ``small_numbers``: what a figure says, and whether it may be shown
- ``peers``, ``opportunity``: areas that are alike, and what it would mean to do as well
- ``projection``: do nothing, hold, pledge, straight; how plausible; what puts a target out of reach
- ``pooled``, ``backtest``: what areas have in common and how they part; how well the line did in the past
- ``growth``, ``phasing``: money forward, and schemes year by year
- ``appraisal``, ``rounding``, ``notice``: options scored, printed figures checked, notice periods
"""

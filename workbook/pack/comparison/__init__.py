"""All packs of a batch side by side: what was chosen, what stands out, and by which rule.

``figures`` takes what is compared from one pack (in the worker), ``groups`` puts together what may be
compared and finds what stands out, ``page``, ``dots`` and ``files`` show it.
"""

from __future__ import annotations

from workbook.pack.comparison.figures import Pack, of_results

FILES = ("comparison.html", "comparison.csv", "comparison.xlsx")

__all__ = ["FILES", "Pack", "of_results"]

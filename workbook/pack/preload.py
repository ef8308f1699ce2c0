"""What every worker of a batch needs, imported once before the workers are forked.

Imports only: nothing here may draw a chart, because a child of a process that
has drawn one hangs.
"""

import contextlib
import gc
import importlib

_NEEDED = (
    "IPython.core.interactiveshell",
    "numpy",
    "pandas",
    "papermill",
    "pydantic",
    "docx",
    "xlsxwriter",
    "workbook.pack.make",
    "workbook.pack.run",
    "workbook.plan.store",
    "workbook.reference",
    "workbook.render.docx",
    "workbook.render.html",
    "workbook.render.pdf",
    "workbook.render.xlsx",
    "workbook.steps",
)

for _name in _NEEDED:
    # A worker that needs a module which is missing says so with the pack it fails.
    with contextlib.suppress(ImportError):
        importlib.import_module(_name)

# What was imported is never collected, and its pages stay shared with the workers.
gc.collect()
gc.freeze()
# A pack makes hundreds of thousands of plain objects that hold one another in no circle.
gc.set_threshold(200_000, 20, 100)

"""Lists of a plan out to a spreadsheet and back in: nobody types two hundred rows.

``workbook()`` and ``csv_files()`` write, ``sheets()`` reads, ``bring()`` makes the plan with what was read, and
``responses()`` understands what survey tools export. Nothing here writes a plan: the caller saves it.
"""

from workbook.plan.rows.matching import meant
from workbook.plan.rows.merging import Brought, Change, bring, summary
from workbook.plan.rows.reading import Sheet, sheets, sheets_of
from workbook.plan.rows.said import FaultyRows, Said
from workbook.plan.rows.survey import responses
from workbook.plan.rows.tables import Column, Table, at, tables
from workbook.plan.rows.writing import chosen, csv_files, workbook

__all__ = [
    "Brought",
    "Change",
    "Column",
    "FaultyRows",
    "Said",
    "Sheet",
    "Table",
    "at",
    "bring",
    "chosen",
    "csv_files",
    "meant",
    "responses",
    "sheets",
    "sheets_of",
    "summary",
    "tables",
    "workbook",
]

"""The documents of a pack, from the plan and the steps its notebooks recorded."""

from workbook.pack.documents.case import case
from workbook.pack.documents.common import OGL, attribution, findings, period, series_used, status
from workbook.pack.documents.plan import document

__all__ = ["OGL", "attribution", "case", "document", "findings", "period", "series_used", "status"]

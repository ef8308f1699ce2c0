"""A plan that was changed by hand in Python, checked again before it is written."""

from __future__ import annotations

from pydantic import ValidationError

from workbook.errors import BadInput
from workbook.plan.faults import said
from workbook.plan.model import Plan


def checked(plan: Plan) -> Plan:
    """The plan as it would be read back; BadInput names the first place that would not be."""
    try:
        return Plan.model_validate(plan.model_dump(mode="json", warnings=False))
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        place = "/".join(str(part) for part in fault["loc"])
        raise BadInput(
            f"/{place}: {said(fault)}.", "Mend it, or use wb.change, which checks at once; nothing was saved."
        ) from None

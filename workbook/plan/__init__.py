"""What the planner decides: the plan, its storage, its revisions."""

from workbook.plan.model import SCHEMA_VERSION, Plan

__all__ = ["SCHEMA_VERSION", "Plan"]

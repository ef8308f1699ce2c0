"""Publish the JSON Schema of a plan: write data/plan.schema.json from the model.

``python tools/schema.py`` writes the file; ``--check`` only says whether it agrees.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from workbook.plan.model import SCHEMA_VERSION, Plan

PATH = Path(__file__).resolve().parent.parent / "data" / "plan.schema.json"


def text() -> str:
    """The schema as it is published."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": f"Version {SCHEMA_VERSION}. Written by tools/schema.py from workbook/plan; not by hand.",
        **Plan.model_json_schema(),
    }
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def main(words: list[str]) -> None:
    if "--check" in words:
        if not PATH.exists() or PATH.read_text(encoding="utf-8") != text():
            raise SystemExit("data/plan.schema.json does not agree with the model: run 'just schema'.")
        return
    PATH.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

"""Builders that behave as a test needs: the area's name in the plan says what happens."""

import json
import os
import time
from pathlib import Path

from workbook.errors import WorkbookError
from workbook.pack import manifest
from workbook.pack.aside import aside
from workbook.pack.make import inputs
from workbook.plan import store


def build(plan_path: Path, out: Path) -> None:
    """A pack of two files, or a crash, a hang, a fault or an error, as the plan's title says."""
    plan = json.loads(Path(plan_path).read_text(encoding="utf-8"))
    title = plan["title"]
    with aside(Path(out)) as folder:
        (folder / "plan.html").write_text(f"<h1>{title}</h1>", encoding="utf-8")
        _behave(title, Path(out).name)
        figures = {
            "ambition-1.baseline": 84.2,
            "ambition-1.chosen.2030": 70.0,
            "budget.gap-after.2030": -1250.0,
        }
        results = [
            {"id": k, "value": v, "label": "Measure, baseline", "unit": "per 100,000"}
            for k, v in figures.items()
        ]
        (folder / "results.json").write_text(json.dumps({"results": results}), encoding="utf-8")
        about = {"synthetic": False, "period": "2026/27 to 2030/31", "last_year": 2030, "findings": 3}
        status = "DRAFT" if title == "draft" else "FOR SIGN-OFF"
        about["blocking"] = int(title == "draft")
        held = inputs(store.read(plan_path))
        manifest.write(folder, plan=about, status=status, data=[], inputs=held)


def _behave(title: str, name: str) -> None:
    if title == "counted":  # each time it is made leaves a line
        with (Path(os.environ["WORKBOOK_TEST_MARKS"]) / name).open("a", encoding="utf-8") as marks:
            marks.write("made\n")
        time.sleep(0.3)
    if title == "crash":
        os._exit(9)
    if title == "hang":
        time.sleep(600)
    if title == "fault":
        raise ZeroDivisionError("nothing to divide by")
    if title == "refuse":
        raise WorkbookError("Step 'needs' could not be worked out.", "Mend the plan.")
    if title == "noisy":
        print("a library prints this")

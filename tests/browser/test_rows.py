"""A list brought in from a spreadsheet on the page, and taken out again: by keyboard and with every fault said."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest

from tests.browser.pages import Guide, Visit, saved, until
from workbook.plan import Plan, rows, store

pytestmark = [pytest.mark.browser, pytest.mark.slow]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def many(count: int) -> bytes:
    """A spreadsheet of so many schemes."""
    schemes = [
        {"id": f"new-{n}", "name": f"New scheme {n}", "owner": "Director", "set_up_cost": n}
        for n in range(count)
    ]
    plan = Plan(area={"code": "X", "name": "X"}, base_year=2025, budget={"schemes": schemes})
    return rows.workbook(plan, ["schemes"])


def _button(action: str, path: str) -> str:
    return f'button[data-action="{action}"][data-path="{path}"]'


def test_two_hundred_schemes_are_brought_in_and_seen(guide: Guide, visit: Callable[..., Visit]) -> None:
    path = guide.plan("rows")
    before = len(store.read(path).budget.schemes)
    page = visit(guide.step("budget", "rows")).page
    box = page.locator("#q-budget-schemes .wg-sheets").last
    box.locator("summary").first.press("Enter")
    file = page.locator("#q-budget-schemes-file")
    file.set_input_files({"name": "schemes.xlsx", "mimeType": XLSX, "buffer": many(200)})
    page.locator("#q-budget-schemes-update").press("Space")
    page.locator(_button("rows-in", "/budget/schemes")).press("Enter")
    take = page.get_by_role("button", name="Bring in these rows")
    take.wait_for()
    offered = page.locator("#q-budget-schemes-rows")
    assert "200 new, 0 changed, 0 removed" in offered.inner_text()
    assert offered.locator("[tabindex]").evaluate("e => e === document.activeElement"), (
        "what is said takes the focus"
    )
    assert store.read(path).revision == 1, "nothing is saved before it is confirmed"
    take.press("Enter")
    saved(page, 2)
    page.get_by_text("Brought in").wait_for()
    until(page, f"document.querySelectorAll('[data-row=\"/budget/schemes\"]').length === {before + 200}")
    assert page.get_by_text("New scheme 199", exact=True).count() > 0
    assert len(store.read(path).budget.schemes) == before + 200
    page.reload()
    page.locator(".wg-page").wait_for()
    assert page.locator('[data-row="/budget/schemes"]').count() == before + 200


def test_every_fault_of_a_file_is_listed_and_takes_the_focus(
    guide: Guide, visit: Callable[..., Visit]
) -> None:
    path = guide.plan("faulty")
    page = visit(guide.step("budget", "faulty")).page
    book = openpyxl.load_workbook(io.BytesIO(many(3)))
    heads = [cell.value for cell in book["schemes"][1]]
    book["schemes"].cell(2, heads.index("Lead time (months)") + 1).value = "soon"
    book["schemes"].cell(3, heads.index("Owner") + 1).value = "=A1"
    out = io.BytesIO()
    book.save(out)
    page.locator("#q-budget-schemes .wg-sheets").last.locator("summary").first.press("Enter")
    page.locator(_button("rows-in", "/budget/schemes")).press("Enter")
    page.locator("#wg-problems").get_by_text("Choose a file first.").first.wait_for()
    page.locator("#q-budget-schemes-file").set_input_files(
        {"name": "bad.xlsx", "mimeType": XLSX, "buffer": out.getvalue()}
    )
    page.locator(_button("rows-in", "/budget/schemes")).press("Enter")
    summary = page.locator("#q-budget-schemes-rows .wg-problems")
    summary.wait_for()
    assert summary.evaluate("e => e === document.activeElement")
    said = summary.inner_text()
    assert "row 2, column Lead time (months): “soon” is not a number." in said
    assert "Cell D3 holds a formula" in said
    assert page.get_by_role("button", name="Bring in these rows").count() == 0
    assert store.read(path).revision == 1


def test_a_list_is_taken_out_as_a_spreadsheet(guide: Guide, visit: Callable[..., Visit]) -> None:
    path = guide.plan("out")
    page = visit(guide.step("decommissioning", "out")).page
    page.locator("#q-decommissioning-services .wg-sheets").last.locator("summary").first.press("Enter")
    with page.expect_download() as waited:
        page.locator(_button("rows-out", "/decommissioning/services")).press("Enter")
    assert waited.value.suggested_filename == "out-services.xlsx"
    plan = store.read(path)
    assert rows.bring(plan, rows.sheets_of("out.xlsx", waited.value.path().read_bytes())).plan == plan

"""The guided workbook as a commissioner meets it: a real server, a real browser, a copy of the demonstration plan."""

from __future__ import annotations

from collections.abc import Callable
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.browser.pages import Guide, Visit, arrived, kill_kernels, saved, settled, swept, until, violations
from workbook.guide.way.addresses import NOTEBOOKS
from workbook.plan import edit, store

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_priority_is_filled_in_and_found_after_a_reload(guide: Guide, visit: Callable[..., Visit]) -> None:
    path = guide.plan("north")
    count = len(store.read(path).needs.priorities)
    page = visit(guide.step("needs", "north")).page
    page.get_by_label("Your name (unverified)").fill("A. Planner")
    page.get_by_label("Your name (unverified)").press("Tab")
    findings = page.locator(".wb-finding").count()

    page.get_by_role("button", name="Add a priority").click()
    saved(page, 2)
    title = page.locator(f"#q-needs-priorities-{count}-title")
    assert title.evaluate("e => e === document.activeElement"), "a new entry takes the focus"
    assert page.locator(".wb-finding").count() > findings, "a priority without owner or ambition is a finding"
    title.fill("<script>alert('priority')</script>")
    title.press("Tab")
    saved(page, 3)
    assert "A. Planner" in page.locator("#wg-saved").inner_text()

    page.reload()
    page.locator(".wg-page").wait_for()
    assert title.input_value() == "<script>alert('priority')</script>"
    assert page.get_by_label("Your name (unverified)").input_value() == "A. Planner"
    assert page.locator(".wg-mount script").count() == 0
    assert store.read(path).saved.by == "A. Planner"


def test_a_chart_follows_the_level_that_is_chosen(guide: Guide, visit: Callable[..., Visit]) -> None:
    guide.plan("chart")
    page = visit(guide.step("ambitions", "chart")).page
    charts = "svg => svg.map(e => e.outerHTML)"
    before = page.locator(".wg-page svg").evaluate_all(charts)
    level = page.locator("#q-ambitions-items-0-levels-4-value")
    level.fill("2,100")
    level.press("Tab")
    saved(page, 2)
    settled(page)
    after = page.locator(".wg-page svg").evaluate_all(charts)
    assert len(after) == len(before) > 1
    assert before != after
    page.reload()
    page.locator(".wg-page").wait_for()
    assert level.input_value() == "2100"


def test_a_level_of_risk_is_filled_in_by_keyboard_in_a_list_within_a_list(
    guide: Guide, visit: Callable[..., Visit]
) -> None:
    path = guide.plan("levels")
    at = len(store.read(path).needs.segments)
    page = visit(guide.step("needs", "levels")).page
    page.get_by_role("button", name="Add a segment", exact=True).press("Enter")
    saved(page, 2)
    segment = page.locator('[data-row="/needs/segments"]').last
    segment.get_by_role("button", name="Add a level", exact=True).press("Enter")
    saved(page, 3)
    level = page.locator(f"#q-needs-segments-{at}-levels-0-level")
    assert level.evaluate("e => e === document.activeElement"), "a new level takes the focus"
    page.keyboard.type("High")
    page.keyboard.press("Tab")
    page.keyboard.type("2000")
    page.keyboard.press("Tab")
    page.keyboard.type("300")
    page.keyboard.press("Tab")
    page.get_by_role("group", name="Problems").get_by_role("link", name="give 100 or less").wait_for()
    assert "give 100 or less" in page.locator(f"#q-needs-segments-{at}-levels-0-risk-e").inner_text()
    risk = page.locator(f"#q-needs-segments-{at}-levels-0-risk")
    risk.fill("30")
    risk.press("Tab")
    saved(page, 6)
    settled(page)
    assert page.evaluate("document.activeElement.id") == f"q-needs-segments-{at}-levels-0-scheme", (
        "the focus stays while the page is drawn anew"
    )
    held = store.read(path).needs.segments[at].levels[0]
    assert (held.level, held.people, held.risk) == ("High", 2000, 30)


def test_the_menu_leads_to_a_part_without_a_mouse(guide: Guide, visit: Callable[..., Visit]) -> None:
    guide.plan("listed")
    page = visit(guide.step("needs", "listed", view="")).page
    arrived(page)
    menu = page.get_by_role("navigation", name="Steps of the workbook")
    link = menu.locator("a[data-view]:visible").last
    wanted = link.get_attribute("data-view")
    assert page.locator(".wg-page").get_attribute("data-view") != wanted
    link.press("Enter")
    until(page, "v => document.querySelector('.wg-page').dataset.view === v", wanted)
    until(page, "() => /^H[1-6]$/.test(document.activeElement.tagName)")
    assert page.evaluate("document.activeElement.getBoundingClientRect().top < innerHeight")


def test_a_wrong_number_is_said_at_the_top_and_at_the_field_and_is_mended(
    guide: Guide, visit: Callable[..., Visit]
) -> None:
    path = guide.plan("wrong")
    page = visit(guide.step("start", "wrong")).page
    year = page.get_by_label("Base year")
    year.fill("soon")
    year.press("Tab")
    summary = page.get_by_role("group", name="Problems")
    summary.wait_for()
    assert summary.evaluate("e => e === document.activeElement")
    assert year.get_attribute("aria-invalid") == "true"
    assert "not a number" in page.locator("#q-base-year-e").inner_text()
    assert year.input_value() == "soon", "what was typed stays"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert year.evaluate("e => e === document.activeElement"), "the problem leads to its field"
    assert store.read(path).revision == 1
    year.fill("2024")
    year.press("Tab")
    saved(page, 2)
    assert not summary.is_visible()
    assert year.get_attribute("aria-invalid") is None


def test_what_somebody_else_saved_is_not_written_over(guide: Guide, visit: Callable[..., Visit]) -> None:
    path = guide.plan("shared")
    page = visit(guide.step("start", "shared")).page
    store.write(edit.put(store.read(path), "/horizon", 7), path, by="B. Other")
    title = page.get_by_label("Title of the plan")
    title.fill("My title")
    title.press("Tab")
    saved(page, 3)
    assert "Meanwhile B. Other" in page.get_by_role("group", name="Notice").first.inner_text()
    assert title.input_value() == "My title"
    going_on = page.locator("#q-purpose").evaluate("e => e === document.activeElement")
    assert going_on, "what others do takes nobody's focus"
    settled(page)
    assert (store.read(path).title, store.read(path).horizon) == ("My title", 7)
    assert page.get_by_label("Years ahead").input_value() == "7"


def test_a_row_that_somebody_else_was_quicker_than_is_added_on_top(
    guide: Guide, visit: Callable[..., Visit]
) -> None:
    path = guide.plan("quicker")
    count = len(store.read(path).needs.priorities)
    page = visit(guide.step("needs", "quicker")).page
    store.write(edit.put(store.read(path), "/horizon", 7), path, by="B. Other")
    page.get_by_role("button", name="Add a priority").click()
    saved(page, 3)
    assert len(store.read(path).needs.priorities) == count + 1


def test_a_date_is_saved_once_it_is_whole(guide: Guide, visit: Callable[..., Visit]) -> None:
    path = guide.plan("dated")
    page = visit(guide.step("plan", "dated")).page
    field = page.locator("#q-sign-off-review-by")
    field.fill("")
    saved(page, 2)
    field.press_sequentially("10102027")  # the same in every order of day and month
    saved(page, 3)
    assert str(store.read(path).sign_off.review_by) == "2027-10-10"
    field.press_sequentially("11110025")
    page.locator("#q-sign-off-limits").focus()
    page.get_by_role("group", name="Problems").get_by_role("link", name="four digits").wait_for()
    assert store.read(path).revision == 3, "the years 2, 20 and 202 were never saved on the way"


def test_half_a_date_is_said_and_the_date_before_is_kept(guide: Guide, visit: Callable[..., Visit]) -> None:
    path = guide.plan("halved")
    page = visit(guide.step("plan", "halved")).page
    field = page.locator("#q-sign-off-review-by")
    field.fill("2027-10-10")
    saved(page, 2)
    field.focus()
    page.keyboard.press("Delete")
    page.locator("#q-sign-off-limits").focus()
    page.get_by_role("group", name="Problems").get_by_role("link", name="the date is not complete").wait_for()
    assert store.read(path).revision == 2
    field.fill("2027-11-11")
    saved(page, 3)
    assert not page.get_by_role("group", name="Problems").is_visible()


def test_the_rows_below_a_removed_one_keep_what_is_typed_and_wrong_in_them(
    guide: Guide, visit: Callable[..., Visit]
) -> None:
    path = guide.plan("rows")
    plan = store.read(path)
    last = len(plan.needs.segments) + 1
    for name in ("First", "Second"):
        plan = edit.add(plan, "/needs/segments")
        plan = edit.put(plan, f"/needs/segments/{len(plan.needs.segments) - 1}/name", name)
    store.write(plan, path)
    page = visit(guide.step("needs", "rows")).page
    rows = page.locator('[data-row="/needs/segments"]')
    rows.last.locator("summary").click()
    people = page.locator(f"#q-needs-segments-{last}-population")
    people.fill("many")
    people.press("Tab")
    problems = page.get_by_role("group", name="Problems")
    problems.wait_for()
    rows.nth(last - 1).locator("summary").click()
    rows.nth(last - 1).locator("> button").click()
    page.get_by_role("button", name="Yes, remove").click()
    until(page, "n => document.querySelectorAll('[data-row=\"/needs/segments\"]').length === n", last)
    settled(page)
    moved = page.locator(f"#q-needs-segments-{last - 1}-population")
    assert moved.input_value() == "many", "what was typed is still there"
    assert moved.get_attribute("aria-invalid") == "true"
    problems.get_by_role("link").click()
    assert moved.evaluate("e => e === document.activeElement"), (
        "the problem leads to its field in its new place"
    )
    moved.fill("12")
    moved.press("Tab")
    problems.wait_for(state="hidden")
    assert [s.population for s in store.read(path).needs.segments][-1] == 12
    assert store.read(path).needs.segments[-1].name == "Second"


@pytest.mark.parametrize("step_id", swept("start", "plan"))
def test_every_step_is_accessible_and_fits_a_narrow_screen(
    guide: Guide, visit: Callable[..., Visit], step_id: str
) -> None:
    guide.plan("access")
    page = visit(guide.step(step_id, "access")).page
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1
    assert page.locator("html").get_attribute("lang") == "en-GB"
    assert page.title().endswith("· Commissioning workbook")
    assert page.get_by_role("link", name=NOTEBOOKS[step_id][1]).first.get_attribute("aria-current") == "page"
    assert page.get_by_text("reference number").count() == 0, guide.log.read_text()[-3000:]
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    page.locator("details").evaluate_all("all => all.forEach(d => { d.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_way_in_is_by_keyboard_and_the_focus_is_seen(guide: Guide, visit: Callable[..., Visit]) -> None:
    guide.plan("keys")
    page = visit(guide.step("start", "keys")).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    assert page.locator(".wg-skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "MAIN"
    for _ in range(4):
        page.keyboard.press("Tab")
        style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert style == "solid", page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


def test_a_plan_is_made_from_the_list_of_areas(guide: Guide, visit: Callable[..., Visit]) -> None:
    page = visit(f"{guide.address}/").page
    page.get_by_role("button", name="Make the plan").click()
    page.get_by_role("group", name="Problems").wait_for()
    page.get_by_role("combobox", name="Area").fill("SYN01")
    page.get_by_label("Title of the plan").fill("A plan <b>of ours</b>")
    page.get_by_label("Title of the plan").press("Enter")
    page.wait_for_url("**plan=a-plan-b-of-ours-b*")
    page.get_by_text("A plan <b>of ours</b>").first.wait_for()
    assert (guide.home / "plans" / "a-plan-b-of-ours-b.plan.json").is_file()


def test_the_pack_is_made_on_the_page_and_opens(guide: Guide, visit: Callable[..., Visit]) -> None:
    guide.plan("packed")
    page = visit(guide.step("plan", "packed")).page
    arrived(page)
    page.get_by_role("button", name="Make the pack").click()
    files = page.locator("#wg-pack .wg-files a")
    files.first.wait_for(timeout=180_000)
    with urlopen(f"{guide.address}/packs/packed/plan.pdf") as pdf:
        assert pdf.read(5) == b"%PDF-"
    with pytest.raises(HTTPError):
        urlopen(f"{guide.address}/packs/packed/..%2F..%2Fplans%2Fpacked.plan.json")
    page.goto(f"{guide.address}/packs/packed/plan.html")
    assert page.locator("h1").count() == 1


@pytest.mark.parametrize("name", ["..%2F..%2Fetc%2Fpasswd", "%3Cscript%3Ealert(1)%3C%2Fscript%3E"])
def test_a_hostile_name_opens_nothing(guide: Guide, visit: Callable[..., Visit], name: str) -> None:
    page = visit(guide.step("needs", name)).page
    assert "Choose one from the list" in page.get_by_role("alert").inner_text()


def test_an_address_that_is_no_address_does_no_harm(guide: Guide, visit: Callable[..., Visit]) -> None:
    path = guide.plan("address")
    page = visit(guide.step("start", "address") + "#%E0%A4%A").page
    title = page.get_by_label("Title of the plan")
    title.evaluate(
        "e => { e.value = 'half \\ud83d a character'; e.dispatchEvent(new Event('change', {bubbles: true})); }"
    )
    saved(page, 2)
    assert store.read(path).title == "half \ufffd a character"


def test_a_plan_that_does_not_open_goes_back_to_one_that_does(
    guide: Guide, visit: Callable[..., Visit]
) -> None:
    path = guide.plan("torn")
    store.write(edit.put(store.read(path), "/title", "As it was"), path)
    store.write(edit.put(store.read(path), "/title", "Torn"), path)
    path.write_text("{", encoding="utf-8")
    page = visit(guide.step("needs", "torn")).page
    page.get_by_role("button", name="Go back to the last revision that opens").click()
    page.locator(".wg-plan-title", has_text="As it was").wait_for()


def test_the_server_answers_under_its_own_name_only_and_lists_nothing(guide: Guide) -> None:
    port = guide.address.rsplit(":", 1)[1]
    with pytest.raises(HTTPError) as refused:
        urlopen(Request(guide.step("start", ""), headers={"Host": f"elsewhere.example:{port}"}))
    assert refused.value.code == 403
    for path in ("voila/tree", "voila/files/0_start.ipynb", "voila/api/contents", "api/kernels"):
        with pytest.raises(HTTPError) as missing:
            urlopen(f"{guide.address}/{path}")
        assert missing.value.code == 404


def test_a_lost_kernel_is_said_and_what_was_typed_survives_the_reload(
    guide: Guide, visit: Callable[..., Visit]
) -> None:
    path = guide.plan("lost")
    made = visit(guide.step("start", "lost"))
    page = made.page
    page.locator("#wg-saved", has_text="Saved").wait_for()
    kill_kernels(guide)
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert "Connection lost: what you type is not being saved" in alert.inner_text()
    page.get_by_label("Title of the plan").fill("Typed in the dark")
    page.get_by_label("Title of the plan").press("Tab")
    assert store.read(path).revision == 1
    page.get_by_role("button", name="Reload the page").click()
    saved(page, 2)
    assert store.read(path).title == "Typed in the dark"
    made.faults.clear()  # the lost connection is what this test is about

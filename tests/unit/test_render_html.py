"""The page as HTML: complete, inert, accessible, needing nothing else."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.unit import render_sample as sample
from workbook.blocks import Column, Figure, Heading, Table, Words
from workbook.paths import shipped
from workbook.render import html
from workbook.render.document import SYNTHETIC, Part

PAGE = html.page(sample.document())
VOID = {"meta", "br", "link", "img", "input", "hr"}


class Reader(HTMLParser):
    """Collects tags with their attributes, and finds what is not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.stack: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag


READ = Reader(PAGE)


def _all(tag: str) -> list[dict[str, str | None]]:
    return [attrs for name, attrs in READ.tags if name == tag]


def test_the_page_is_whole_and_ids_are_unique():
    assert READ.stack == []
    ids = [a["id"] for _, a in READ.tags if a.get("id")]
    assert len(set(ids)) == len(ids)
    links = [a["href"][1:] for a in _all("a")]
    assert set(links) <= set(ids)


def _told() -> list[str]:
    """What a pointer over a mark of a chart is told."""
    return re.findall(r"<path[^>]*><title>([^<]*)</title></path>", PAGE)


def test_a_pointer_over_a_point_of_a_chart_is_told_area_year_value_and_unit():
    told = _told()
    assert "Own area, 2016: 160.0 per 100,000" in told
    assert len(told) == len([r for b in _lines() for r in b])


def _lines() -> list[tuple[tuple[object, ...], ...]]:
    """Value by value of every line chart of the sample."""
    charts = [b for p in sample.document().parts for b in p.blocks if isinstance(b, Figure)]
    charts += [b for b in sample.document().summary if isinstance(b, Figure)]
    return [b.table.rows for b in charts for _ in b.table.columns[1:] if b.table.columns[0].name == "year"]


def test_landmarks_language_and_title():
    assert _all("html") == [{"lang": "en-GB"}]
    assert [len(_all(t)) for t in ("h1", "main", "header", "nav", "footer", "title")] == [
        1,
        1,
        1,
        1,
        1,
        1 + 3 + len(_told()),
    ]
    assert _all("a")[0]["href"] == "#main"


def test_headings_are_nested_without_a_gap():
    levels = [int(t[1]) for t, _ in READ.tags if re.fullmatch(r"h[1-6]", t)]
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))


def test_nothing_is_fetched_and_no_script_runs_but_the_one_that_reads_points():
    tags = {t for t, _ in READ.tags}
    assert not tags & {"link", "iframe", "object", "form", "input", "img"}
    [script] = re.findall(r"<script>(.*?)</script>", PAGE, re.DOTALL)
    assert script == (shipped("templates") / "documents" / "points.js").read_text(encoding="utf-8")
    allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"default-src 'none'; script-src 'sha256-{allowed}';" in PAGE
    for _, attrs in READ.tags:
        assert not any(name.startswith("on") or name == "src" for name in attrs)
    assert "@import" not in PAGE and not re.search(r"url\((?!#)", PAGE)


@pytest.mark.parametrize("typed", [sample.SCRIPT, 'Bars "rise"', "<planner>"])
def test_typed_text_is_escaped(typed: str):
    assert typed not in PAGE.replace('"', "&quot;") if '"' in typed else typed not in PAGE


def test_typed_text_is_still_readable():
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in PAGE
    assert "=HYPERLINK(&quot;" in PAGE and "\x07" not in PAGE and "\U0001f600" in PAGE


def test_state_is_said_in_words_on_screen_and_on_paper():
    assert "DRAFT: not signed off, not for decision" in PAGE
    assert f'content: "DRAFT - {SYNTHETIC}"' in PAGE
    signed = html.page(sample.document(status="SIGNED OFF", synthetic=False))
    assert "DRAFT" not in signed and SYNTHETIC not in signed and "Signed off" in signed
    assert [f'<p class="wb-severity">{w}</p>' in PAGE for w in ("Blocks sign-off", "In doubt", "Note")] == [
        True
    ] * 3


def test_tables_have_captions_scopes_and_units_in_the_heading():
    tables = PAGE.count("<table")
    assert PAGE.count("<caption") == tables
    assert all(a.get("scope") in ("col", "row") for a in _all("th"))
    assert (
        '<th scope="col" class="wb-number">Treatable mortality <span class="wb-unit">(per 100,000)</span></th>'
        in PAGE
    )
    assert '<td class="wb-number wb-missing">not available</td>' in PAGE
    regions = [a for a in _all("div") if a.get("role") == "region"]
    assert regions and all(a["tabindex"] == "0" and a["aria-labelledby"] for a in regions)


def test_every_chart_has_its_figures_one_click_away():
    assert PAGE.count('<svg role="img"') == PAGE.count("<summary>Show the figures</summary>") == 3


def test_a_table_without_rows_says_so():
    assert "No figures on hand." in html.fragment(Table("e", "Empty", (), ()), "u")


def test_a_table_to_look_things_up_in_is_folded_and_named():
    column = (Column("a", "A"),)
    folded = html.fragment(Table("t", "What is looked up", column, ((1,),), detail=True), "u")
    assert '<details class="wb-data"><summary>Show the table: What is looked up</summary>' in folded
    assert "<details" not in html.fragment(Table("t", "Read", column, ((1,),)), "u")


def test_a_fragment_keeps_a_headings_id_and_draws_no_input():
    assert html.fragment(Heading("A & B", "needs-a"), "u1") == '<h2 id="needs-a">A &amp; B</h2>'
    for n, block in enumerate((*sample.needs(), *sample.budget())):
        made = html.fragment(block, f"u{n}")
        assert Reader(made).stack == []
        assert not re.search(r"<(input|select|textarea|button|script)", made)


def test_the_same_document_gives_the_same_page():
    assert html.page(sample.document()) == PAGE


@pytest.mark.browser
def test_hostile_words_widen_no_page(tmp_path: Path, chromium: Any):
    words = "unbroken" * 60 + " \u05e9\u05dc\u05d5\u05dd"
    blocks = (
        Heading(words, "h"),
        Words((words,), "list"),
        Table("t", words, (Column("a", words),), ((words,),)),
    )
    file = tmp_path / "plan.html"
    document = sample.document(title=words, area=words, saved_by=words, parts=(Part("p", words, blocks),))
    file.write_text(html.page(document), encoding="utf-8")
    page = chromium.new_page(viewport={"width": 320, "height": 900})
    page.goto(file.as_uri())
    sideways = page.evaluate("document.documentElement.scrollWidth")
    page.close()
    assert sideways <= 320


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 320])
def test_a_browser_finds_nothing_amiss(width: int, tmp_path: Path, chromium: Any):
    from axe_playwright_python.sync_playwright import Axe

    file = tmp_path / "plan.html"
    file.write_text(PAGE, encoding="utf-8")
    page = chromium.new_page(viewport={"width": width, "height": 900})
    requests: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda r: requests.append(r.url))
    page.on("console", lambda m: complaints.append(m.text))
    page.goto(file.as_uri())
    for summary in page.locator("summary").all():
        summary.click()
    sideways = page.evaluate("document.documentElement.scrollWidth")
    found = Axe().run(page)
    page.close()
    assert requests == [file.as_uri()] and complaints == []
    assert sideways <= width
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.browser
def test_on_a_phone_captions_wrap_and_an_edge_shows_that_there_is_more(tmp_path: Path, chromium: Any):
    columns = tuple(Column(f"c{n}", "A heading of some length") for n in range(9))
    wide = Table("wide", "Ambitions: the level chosen for each year " * 3, columns, (("words",) * 9,))
    file = tmp_path / "plan.html"
    file.write_text(html.page(sample.document(parts=(Part("p", "P", (wide,)),))), encoding="utf-8")
    page = chromium.new_page(viewport={"width": 360, "height": 740})
    page.goto(file.as_uri())
    region = page.locator(".wb-scroll", has=page.locator("#p-wide-caption"))
    caption = region.locator("caption > span")
    assert region.evaluate("e => e.scrollWidth > e.clientWidth")
    for _ in range(2):  # as it opens, and scrolled to its end
        box = caption.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 360
        region.evaluate("e => { e.scrollLeft = e.scrollWidth }")
    assert "scroll" in region.evaluate("e => getComputedStyle(e).backgroundAttachment")
    page.close()


@pytest.mark.slow
@pytest.mark.browser
def test_the_points_of_a_chart_are_read_one_by_one_by_keyboard_and_by_touch(tmp_path: Path, chromium: Any):
    file = tmp_path / "plan.html"
    file.write_text(PAGE, encoding="utf-8")
    page = chromium.new_context(viewport={"width": 360, "height": 740}, has_touch=True).new_page()
    page.goto(file.as_uri())
    chart = page.locator(".wb-chart", has=page.locator("path > title")).first
    titles = chart.locator("path > title").all_text_contents()
    reader = chart.locator("xpath=following-sibling::*[1]")
    said = reader.get_by_role("status")
    assert said.inner_text() == f"{len(titles)} points: choose one to read its figure."
    reader.get_by_role("button", name="Next point").press("Enter")
    assert said.inner_text() == f"{titles[0]} (point 1 of {len(titles)})"
    reader.get_by_role("button", name="Previous point").press("Space")
    assert said.inner_text() == f"{titles[-1]} (point {len(titles)} of {len(titles)})"
    chart.locator("path:has(> title)").nth(2).tap(force=True)
    assert said.inner_text() == f"{titles[2]} (point 3 of {len(titles)})"
    assert chart.locator(".wb-point-read").count() == 1
    page.context.close()


def test_every_chart_and_table_is_listed_by_number_and_name():
    listed = re.search(r'<details class="wb-shown">.*?</details>', PAGE, re.DOTALL)
    assert listed
    names = re.findall(r">((?:Figure|Table) \d+): ", listed[0])
    assert (
        len(names)
        == len(set(names))
        == PAGE.count('class="wb-figure"') + len(re.findall(r">Table \d+:", listed[0]))
    )
    assert f"All {len(names)} charts and tables" in listed[0]


def test_a_nested_list_is_nested_and_a_broken_branch_says_so_in_words():
    made = html.fragment(sample.thread(), "u")
    assert Reader(made).stack == []
    assert made.count("<ul>") == 4 and made.count("<li") == 6
    assert made.count("<strong>Broken or in doubt:</strong>") == made.count('class="wb-broken"') == 2
    assert 'role="group" aria-labelledby="u-c"' in made and "<script>" not in made


def test_a_heading_with_a_page_of_its_own_breaks_only_where_something_stands_before_it():
    assert PAGE.count('class="wb-new-page"') == 1
    first = (Heading("Record", "record", new_page=True), *sample.needs())
    alone = sample.document(summary=(), parts=(Part("p", "P", first),))
    assert 'class="wb-new-page"' not in html.page(alone)

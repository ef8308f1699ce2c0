"""What people type is data: in every field of a plan, in every page and document, nothing of it becomes a part that acts.

One plan carries a numbered, hostile text in every field that takes text (``hostile.py``), a second one also in the
fields that name something else. Each page and document made of them is parsed by a reader of its kind, and looked at
part by part: no element, handler, link, formula, field code or reference was made of what was typed.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import nbformat
import openpyxl
import pikepdf
import pytest
from lxml import etree, html

from tests.safety.hostile import MARK, Hostile, text_fields
from workbook.blocks import Figure, Table
from workbook.guide.answering.session import Session
from workbook.guide.drawing import later
from workbook.guide.giving import downloads
from workbook.guide.way import addresses, chooser, plans
from workbook.pack import build, summary
from workbook.paths import shipped
from workbook.plan import rows, store
from workbook.plan.edit import general
from workbook.plan.model import Plan
from workbook.render import svg

#: Attributes in which what was typed may stand: what they hold is shown or sent back, and never followed or run.
SAID = {
    *(
        "value",
        "title",
        "alt",
        "aria-label",
        "aria-description",
        "aria-labelledby",
        "aria-describedby",
        "label",
    ),
    *("placeholder", "content", "id", "for", "name", "class", "headers", "scope", "list", "download"),
}
#: Attributes that lead somewhere: to a place of the same page or server, or to one that ships with the workbook.
LEADS = {
    *("href", "src", "xlink:href", "{http://www.w3.org/1999/xlink}href", "action", "formaction", "data"),
    *("poster", "srcset", "ping", "cite", "background"),
}
NEVER = {"srcdoc", "http-equiv", "manifest", "formaction", "ping"}
ACTING = {
    *("script", "iframe", "object", "embed", "base", "link", "meta", "form", "applet", "frame"),
    *("foreignobject", "animate", "set"),
}
STEPS = [step for step in addresses.NOTEBOOKS if step != "start"]


@pytest.fixture(scope="module", params=[False, True], ids=["texts", "texts and names"])
def hostile(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    made = Hostile(request.param)
    home = tmp_path_factory.mktemp("hostile")
    before = os.environ["WORKBOOK_HOME"]
    os.environ["WORKBOOK_HOME"] = str(home)
    path = home / "plans" / "hostile.plan.json"
    path.parent.mkdir()
    path.write_text(store.to_json(made.plan), encoding="utf-8")
    made.path = path  # type: ignore[attr-defined]
    yield made
    os.environ["WORKBOOK_HOME"] = before


@pytest.fixture(scope="module")
def pack(hostile: Hostile) -> Path:
    out = hostile.path.parent.parent / "packs" / "hostile"  # type: ignore[attr-defined]
    build(hostile.path, out)  # type: ignore[attr-defined]
    return out


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack of the demonstration: what acts in it was put there by the workbook."""
    out = tmp_path_factory.mktemp("harmless") / "pack"
    build(shipped("data") / "demo" / "demo.plan.json", out)
    return out


# --- the plan of these tests ------------------------------------------------------


def test_every_field_that_takes_text_has_its_own_hostile_one() -> None:
    wanted = set(text_fields())
    assert len(wanted) > 150
    reached = set()
    for links in (False, True):
        made = Hostile(links)
        held = set(MARK.findall(json.dumps(made.plan.model_dump(mode="json"))))
        for number in held:
            place = general(made.places[number])
            reached |= {w for w in wanted if re.fullmatch(w.replace("*", "[^/]+"), place)}
    assert wanted - reached == {"/area/code"}  # a code that is not known is refused: see test_fuzz


# --- pages --------------------------------------------------------------------------


def looked_at(text: str, acts: frozenset[tuple[str, str]] = frozenset()) -> set[str]:
    """The numbers that a page shows, once every element and attribute of it was found inert.

    ``acts`` are the acting elements that the workbook puts there itself, with their text.
    """
    tree = html.document_fromstring(text)
    for element in tree.iter():
        if not isinstance(element.tag, str):  # a comment
            assert not MARK.search(element.text or ""), element.text
            continue
        tag = element.tag.lower().rpartition("}")[2]
        assert not MARK.search(tag)
        if tag in ACTING and (tag, _gist(element)) not in acts:
            raise AssertionError(html.tostring(element)[:300])
        if tag in ("script", "style"):
            assert not MARK.search(element.text_content())
        for name, value in element.attrib.items():
            _look_at_attribute(str(name).lower(), str(value), tag)
    return set(MARK.findall(text))


def _gist(element: Any) -> str:
    """What an acting element does: its code, or where it leads."""
    return (element.text_content() or "").strip()[:2000] + "".join(
        f" {k}={v}" for k, v in sorted(element.attrib.items())
    )


def _look_at_attribute(name: str, value: str, tag: str) -> None:
    assert not name.startswith("on"), (tag, name, value[:100])
    assert not MARK.search(name), (tag, name)
    assert name not in NEVER or tag == "meta", (tag, name, value[:100])
    squeezed = re.sub(r"[\x00-\x20]", "", value).lower()
    if name in LEADS:
        assert not squeezed.startswith(("javascript:", "vbscript:", "data:text", "//", "file:")), value[:100]
        assert "evil.invalid" not in squeezed, value[:100]
        assert not (MARK.search(value) and ":" in squeezed.split("?")[0].split("#")[0].split("/")[0]), value[
            :100
        ]
    elif name == "style":
        assert not MARK.search(value), value[:100]
        assert "url(" not in squeezed, value[:100]
    elif MARK.search(value):
        assert name in SAID or name.startswith("data-"), (tag, name, value[:100])


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_pages_are_inert(hostile: Hostile, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(later, "is_closed", lambda _place: False)  # everything is drawn
    session = Session(step, hostile.path)  # type: ignore[attr-defined]
    session.show("all")
    shown = looked_at(session.page())
    assert len(shown) > 50
    # A field shows what was typed to the letter.
    tree = html.document_fromstring(session.page())
    held = json.loads(store.to_json(hostile.plan))
    checked = 0
    for field in tree.iter("input", "textarea"):
        place = field.get("data-path") or ""
        if field.get("type", "text") != "text" and field.tag == "input":
            continue
        typed = _at(held, place)
        if isinstance(typed, str) and MARK.search(typed):
            there = field.get("value") if field.tag == "input" else field.text_content()
            assert _plain(there) == _plain(typed), place
            checked += 1
    assert checked > 10


def _at(held: Any, place: str) -> Any:
    for part in place.split("/")[1:]:
        part = part.replace("~1", "/").replace("~0", "~")
        if isinstance(held, list):
            held = held[int(part)] if part.isdigit() and int(part) < len(held) else None
        else:
            held = held.get(part) if isinstance(held, dict) else None
    return held


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())


@pytest.mark.slow
def test_the_start_page_and_its_list_of_plans_are_inert(hostile: Hostile) -> None:
    assert looked_at(chooser.page("start", problem=f"No plan {hostile.plan.title}", stuck=hostile.plan.title))
    for entry in plans.entries():
        assert entry.name == "hostile"


@pytest.mark.slow
def test_pictures_are_inert(hostile: Hostile) -> None:
    drawn = 0
    for step in STEPS:
        session = Session(step, hostile.path)  # type: ignore[attr-defined]
        for block in session.step.blocks:
            if isinstance(block, Figure) and MARK.search(json.dumps(block.spec, default=str)):
                picture = svg.picture(block.spec)
                root = etree.fromstring(
                    picture.encode(), etree.XMLParser(resolve_entities=False, no_network=True)
                )
                for element in root.iter():
                    assert isinstance(element.tag, str)
                    tag = etree.QName(element).localname.lower()
                    assert tag not in {*ACTING, "a", "image", "use", "style"}, tag
                    for name, value in element.attrib.items():
                        _look_at_attribute(etree.QName(name).localname.lower(), str(value), tag)
                drawn += 1
    assert drawn > 3


@pytest.mark.slow
def test_pictures_and_tables_taken_from_a_page_are_inert(hostile: Hostile) -> None:
    taken = 0
    for step in STEPS:
        session = Session(step, hostile.path)  # type: ignore[attr-defined]
        origin = downloads.Origin("hostile", hostile.plan, session.step)
        for block in session.step.blocks:
            if isinstance(block, Figure) and MARK.search(json.dumps(block.spec, default=str)):
                file = downloads.made(origin, block, "svg")
                for element in etree.fromstring(base64.b64decode(file["content"])).iter():
                    assert isinstance(element.tag, str)
                    assert etree.QName(element).localname.lower() not in {*ACTING, "a"}
                    assert not any(MARK.search(k) or k.lower().startswith("on") for k in element.attrib)
            if isinstance(block, Table) and block.rows:
                file = downloads.made(origin, block, "csv")
                taken += look_at_csv(base64.b64decode(file["content"]).decode("utf-8-sig"))
                assert re.fullmatch(r"[\w.() -]+", file["name"])
    assert taken > 50


# --- the pack: a page, notebooks, data ------------------------------------------------


def acting(text: str) -> frozenset[tuple[str, str]]:
    tree = html.document_fromstring(text)
    return frozenset(
        (e.tag.lower(), _gist(e)) for e in tree.iter() if isinstance(e.tag, str) and e.tag.lower() in ACTING
    )


@pytest.mark.slow
def test_the_page_of_a_pack_is_inert(pack: Path, harmless: Path) -> None:
    own = acting((harmless / "plan.html").read_text(encoding="utf-8"))
    assert len(looked_at((pack / "plan.html").read_text(encoding="utf-8"), own)) > 200


@pytest.mark.slow
def test_notebooks_run_what_shipped_and_show_inert_pages(pack: Path) -> None:
    shown = 0
    for path in sorted((pack / "notebooks").glob("*.ipynb")):
        made = nbformat.read(path, as_version=4)
        ours = nbformat.read(shipped("notebooks") / path.name, as_version=4)
        nbformat.validate(made)
        code = [c.source for c in ours.cells if c.cell_type == "code"]
        for cell in made.cells:
            if cell.cell_type == "code" and "injected-parameters" not in cell.metadata.get("tags", []):
                assert cell.source in code
            assert not MARK.search(cell.source)
            for output in cell.get("outputs", []):
                for kind, content in output.get("data", {}).items():
                    assert kind not in ("application/javascript", "text/latex", "text/markdown")
                    if kind == "text/html":
                        shown += len(looked_at(content))
        assert made.metadata.get("kernelspec", {}).get("name") == "python3"
    assert shown > 100


@pytest.mark.slow
def test_data_of_a_pack_is_data(pack: Path, hostile: Hostile) -> None:
    for name in ("plan.json", "results.json", "manifest.json"):
        json.loads((pack / name).read_text(encoding="utf-8"))
    assert Plan.model_validate_json((pack / "plan.json").read_bytes()) == hostile.plan
    for path in sorted(pack.rglob("*.csv")):
        look_at_csv(path.read_text(encoding="utf-8-sig"))


def look_at_csv(text: str) -> int:
    """The marked cells of a table, none of which a spreadsheet would work out."""
    found = 0
    for line in csv.reader(io.StringIO(text, newline="")):
        for cell in line:
            if MARK.search(cell):
                assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell[:60]
                found += 1
    return found


# --- Word ------------------------------------------------------------------------------

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.mark.slow
def test_the_word_document_is_inert(pack: Path, harmless: Path) -> None:
    docx.Document(str(pack / "plan.docx"))
    own = word_parts(harmless / "plan.docx")
    made = word_parts(pack / "plan.docx")
    for kind in ("codes", "outside", "acting"):
        assert made[kind] <= own[kind] | {c for c in made[kind] if kind == "codes" and _is_page_code(c)}
    assert len(made["numbers"]) > 200


def _is_page_code(code: str) -> bool:
    return re.fullmatch(r"(PAGE|NUMPAGES|TOC|PAGEREF|REF|SEQ|STYLEREF)\b[^{}=q]*", code.strip()) is not None


def word_parts(path: Path) -> dict[str, set[str]]:
    """Field codes, references to the outside, and elements that act, over every part of a Word document."""
    found: dict[str, set[str]] = {"codes": set(), "outside": set(), "acting": set(), "numbers": set()}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not name.endswith((".xml", ".rels")):
                assert re.fullmatch(r".*\.(png|jpe?g|svg|ttf|odttf|emf|bin)", name), name
                continue
            content = archive.read(name)
            assert b"<!DOCTYPE" not in content
            root = etree.fromstring(content)
            for element in root.iter():
                if not isinstance(element.tag, str):
                    assert not MARK.search(element.text or "")
                    continue
                tag = etree.QName(element).localname
                if tag == "instrText":
                    found["codes"].add((element.text or "").strip())
                elif tag == "fldSimple":
                    found["codes"].add(element.get(f"{W}instr", "").strip())
                elif tag in (
                    "altChunk",
                    "object",
                    "OLEObject",
                    "control",
                    "subDoc",
                    "attachedTemplate",
                    "dataBinding",
                ):
                    found["acting"].add(tag)
                elif tag == "Relationship" and element.get("TargetMode") == "External":
                    found["outside"].add(element.get("Target", ""))
                if tag == "t":
                    found["numbers"] |= set(MARK.findall(element.text or ""))
    return found


# --- PDF -------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_pdf_is_inert(pack: Path) -> None:
    with pikepdf.open(pack / "plan.pdf") as made:
        assert len(made.pages) > 20
        root = made.Root
        assert not {"/OpenAction", "/AA", "/AcroForm", "/JavaScript"} & set(root.keys())
        assert "/JavaScript" not in root.get("/Names", pikepdf.Dictionary()).keys()  # noqa: SIM118
        assert not list(made.attachments)
        for thing in made.objects:
            if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
                assert not {"/JS", "/AA", "/Launch"} & set(thing.keys()), repr(thing)[:200]
                assert "/F" not in thing or isinstance(thing.F, int), repr(thing)[:200]  # flags, not a file
                if "/S" in thing and str(thing.S) in (
                    "/JavaScript",
                    "/Launch",
                    "/GoToR",
                    "/SubmitForm",
                    "/ImportData",
                ):
                    raise AssertionError(repr(thing)[:200])
                if "/URI" in thing:
                    assert "evil" not in str(thing.URI), str(thing.URI)
                    assert not MARK.search(str(thing.URI))


# --- spreadsheets ----------------------------------------------------------------------


@pytest.mark.slow
def test_the_spreadsheets_are_inert(pack: Path, harmless: Path, hostile: Hostile) -> None:
    lists = rows.workbook(hostile.plan)
    own = sheet_links((harmless / "tables.xlsx").read_bytes())
    for content in ((pack / "tables.xlsx").read_bytes(), lists):
        assert sheet_links(content) <= own
        book = openpyxl.load_workbook(io.BytesIO(content))
        assert not any(MARK.search(str(name)) for name in book.defined_names)
        found = set()
        for sheet in book.worksheets:
            assert re.fullmatch(r"[\w ().,-]{1,31}", sheet.title), sheet.title
            for line in sheet.iter_rows():
                for cell in line:
                    assert cell.data_type != "f", cell.value
                    if isinstance(cell.value, str):
                        found |= set(MARK.findall(cell.value))
        assert len(found) > 100


def sheet_links(content: bytes) -> set[str]:
    """What a spreadsheet leads to outside itself; asserts that it holds no formula, macro, connection or entity."""
    outside = set()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            assert not re.search(
                r"externalLink|vba|activeX|connections|queryTable|embeddings|ctrlProp", name
            ), name
            if not name.endswith((".xml", ".rels")):
                continue
            text = archive.read(name)
            assert b"<!DOCTYPE" not in text
            for element in etree.fromstring(text).iter():
                if not isinstance(element.tag, str):
                    continue
                tag = etree.QName(element).localname
                if name.startswith("xl/worksheets/"):
                    assert tag not in ("f", "oleObject", "webPublishItem"), tag
                    if tag == "formula1" or tag == "formula":
                        assert not MARK.search(element.text or ""), element.text
                if tag == "Relationship" and element.get("TargetMode") == "External":
                    outside.add(element.get("Target", ""))
    return outside


@pytest.mark.slow
def test_lists_as_csv_are_text_and_come_back_as_they_went(hostile: Hostile) -> None:
    files = rows.csv_files(hostile.plan)
    assert sum(look_at_csv(content.decode("utf-8-sig")) for content in files.values()) > 100


# --- a batch ----------------------------------------------------------------------------


@pytest.mark.slow
def test_the_page_and_table_of_a_batch_are_inert(tmp_path: Path, hostile: Hostile) -> None:
    texts = [json.loads(json.dumps(v)) for v in _texts(hostile.plan.model_dump(mode="json"))][:60]
    lines = [
        summary.Row("key", text, text, status, measure=text, unit=text, problem=text, period=text)
        for text in texts
        for status in ("complete", "draft", "failed")
    ]
    summary.write(tmp_path, lines, notes=texts)
    own = frozenset(
        a for a in acting((tmp_path / "index.html").read_text(encoding="utf-8")) if not MARK.search(a[1])
    )
    assert len(looked_at((tmp_path / "index.html").read_text(encoding="utf-8"), own)) >= 50
    assert look_at_csv((tmp_path / "summary.csv").read_text(encoding="utf-8-sig")) >= 50
    json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))


def _texts(held: Any) -> Iterator[str]:
    if isinstance(held, str):
        if MARK.search(held):
            yield held
    elif isinstance(held, dict | list):
        for value in held.values() if isinstance(held, dict) else held:
            yield from _texts(value)

"""The plan as an editable document: real headings, captions, tables and a contents list.

The body is written as XML in one go and parsed once: adding cells one by one
through the library is many times slower.
"""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from workbook.blocks import SEVERITIES, Branch, Column, Figure, Finding, Heading, Table, Tree, Words
from workbook.paths import shipped
from workbook.render import house, svg
from workbook.render.answers import Answers, Fact
from workbook.render.archive import normalised, with_changed
from workbook.render.columns import layout
from workbook.render.document import (
    BROKEN,
    NO_FIGURES,
    SYNTHETIC,
    Chapter,
    Document,
    Entry,
    chapters,
    closing,
    made_with,
    moment,
    running_foot,
    running_head,
    running_title,
    saved_words,
    status_words,
    walked,
)
from workbook.render.house import House
from workbook.render.text import clean, column_notes, figures_only, heading, printed

if TYPE_CHECKING:
    from docx.document import Document as Word

_SHARP = (
    1.5  # dots for a pixel of a chart: 170 an inch on paper, in two thirds of the time and size that 2 take
)
_SPACES = " ".join(
    f'xmlns:{prefix}="http://schemas.openxmlformats.org/{path}"'
    for prefix, path in (
        ("w", "wordprocessingml/2006/main"),
        ("r", "officeDocument/2006/relationships"),
        ("wp", "drawingml/2006/wordprocessingDrawing"),
        ("a", "drawingml/2006/main"),
        ("pic", "drawingml/2006/picture"),
    )
)
_PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_LINE, _LINE_ACROSS = 9638, 14570  # twentieths of a point on an A4 line, upright and across
_EMU_A_PIXEL = 9525
_WIDEST_PICTURE = 6_120_000  # EMU: 17 cm
_TALLEST_PICTURE = int(19.5 * 360_000)  # leaves its title, and the heading above that, room on the page


_LOGO_HEIGHT = 576_000  # EMU: 16 mm

_PICTURE_RUN = (
    '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {extent}/>'
    '<wp:docPr id="{n}" name="Figure {n}" title="{title}" descr="{alt}"/>'
    f'<a:graphic><a:graphicData uri="{_PICTURE}"><pic:pic>'
    '<pic:nvPicPr><pic:cNvPr id="{n}" name="Figure {n}"/><pic:cNvPicPr/></pic:nvPicPr>'
    '<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
    '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
    "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
)


def page(document: Document) -> bytes:
    """The document as DOCX, built on the shipped template."""
    import docx

    style = house.current()
    word = docx.Document(io.BytesIO(_template(style)))
    _properties(word, document)
    _running_heads(word, document)
    _Body(word, document).write()
    saved = io.BytesIO()
    word.save(saved)
    return normalised(saved.getvalue())


@functools.lru_cache(maxsize=8)
def _template(style: House) -> bytes:
    """The template in the colours and the font of the house."""
    made = (shipped("templates") / "documents" / "plan.docx").read_bytes()
    return with_changed(made, "word/styles.xml", lambda text: _dressed(text, style))


def _dressed(styles: str, style: House) -> str:
    plain = house.default()
    colours = {c[1:].upper(): style.colours[name][1:].upper() for name, c in plain.colours.items()}
    made = re.sub(r'w:(val|color)="([0-9A-F]{6})"', lambda m: f'w:{m[1]}="{colours.get(m[2], m[2])}"', styles)
    return made.replace(f'"{plain.word_font}"', f'"{_esc(style.word_font)}"')


def _properties(word: Word, document: Document) -> None:
    """What the file says of itself; dates come from the plan."""
    core = word.core_properties
    core.title = running_title(document)[:255]
    core.subject = clean(document.area)[:255]
    core.author = core.last_modified_by = clean(document.saved_by)[:255]
    core.keywords = clean(document.status)
    core.comments = clean(saved_words(document) + (f". {SYNTHETIC}" if document.synthetic else ""))[:255]
    core.language = "en-GB"
    core.revision = max(document.revision, 1)
    if document.saved:
        core.created = core.modified = moment(document).replace(tzinfo=None)


def _running_heads(word: Word, document: Document) -> None:
    """Title, status and synthetic mark on top of every page; revision and page number below."""
    section = word.sections[0]
    marks = [m for m in (document.status == "DRAFT" and "DRAFT", document.synthetic and SYNTHETIC) if m]
    head = _p("Header", _r(running_head(document)))
    head += _p("Header", _r("   ".join(marks), "<w:b/>")) if marks else ""
    said = house.current().footer
    before = f"{said}. " if said else ""
    foot = _p(
        "Footer",
        _r(f"{before}{running_foot(document)}     Page ")
        + _field("PAGE", "1")
        + _r(" of ")
        + _field("NUMPAGES", "1"),
    )
    for element, inner in ((section.header._element, head), (section.footer._element, foot)):
        for child in list(element):
            element.remove(child)
        element.extend(_parsed(inner))


def _parsed(inner: str) -> list[Any]:
    """The elements of a piece of WordprocessingML."""
    from docx.oxml import parse_xml

    return list(parse_xml(f"<w:body {_SPACES}>{inner}</w:body>"))


# --- the smallest pieces -----------------------------------------------------------


def _esc(text: Any) -> str:
    return escape(clean(text), {'"': "&quot;"})


def _r(text: Any, look: str = "") -> str:
    """A run; a line end becomes a break."""
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{line}</w:t>' for line in _esc(text).split("\n"))
    return f"<w:r>{f'<w:rPr>{look}</w:rPr>' if look else ''}{lines}</w:r>"


def _p(style: str, inner: str, more: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{inner}</w:p>'


def _field(code: str, cached: str) -> str:
    """A field with the result a reader sees until it is updated."""
    return f'<w:fldSimple w:instr=" {code} "><w:r><w:t>{_esc(cached)}</w:t></w:r></w:fldSimple>'


# --- the body ------------------------------------------------------------------------


class _Body:
    """The document's paragraphs and tables, and the pictures they need."""

    def __init__(self, word: Word, document: Document) -> None:
        self.word = word
        self.document = document
        self.chapters = chapters(document)
        self.bookmarks = 0
        self.pictures = 0
        self.dense = False
        self.style = house.current()
        self.painted = self._painted()
        self.section = self._last_section()
        self.draw: dict[type, Callable[[Entry[Any]], str]] = {
            Heading: self._heading,
            Words: self._words,
            Table: self._table,
            Figure: self._figure,
            Tree: self._tree,
            Finding: self._finding,
            Answers: self._answers,
        }

    def _painted(self) -> dict[str, bytes]:
        """Every chart of the document as PNG by its SVG, all drawn in one go."""
        charts = [e.block for c in self.chapters for e in c.entries if isinstance(e.block, Figure)]
        drawn = list(dict.fromkeys(svg.picture(chart.spec) for chart in charts))
        return dict(zip(drawn, svg.pngs(drawn, _SHARP), strict=True))

    def write(self) -> None:
        """Put everything into the document, before its closing section."""
        inner = (
            self._front() + self._contents() + "".join(self._chapter(c) for c in self.chapters) + self._end()
        )
        body = self.word.element.body
        for child in list(body):
            if not child.tag.endswith("}sectPr"):
                body.remove(child)
        for at, element in enumerate(_parsed(inner)):
            body.insert(at, element)

    def _last_section(self) -> str:
        """The template's page as XML, from which pages across are made."""
        from lxml import etree

        made = etree.tostring(self.word.element.body.sectPr, encoding="unicode")
        assert isinstance(made, str)
        return made

    def _front(self) -> str:
        document = self.document
        style = "StatusDraft" if document.status == "DRAFT" else "Status"
        where = ", ".join(part for part in (document.area, document.period) if part)
        lines = [status_words(document), *([SYNTHETIC] if document.synthetic else [])]
        name, cover = self.style.organisation, self.style.cover
        return (
            self._logo()
            + (_p("Subtitle", _r(name, "<w:b/>")) if name else "")
            + _p("Subtitle", _r(where))
            + _p("Title", _r(document.title))
            + (_p("Lead", _r(cover)) if cover else "")
            + "".join(_p(style, _r(line)) for line in lines)
            + _p(style, _r(saved_words(document), '<w:b w:val="0"/>'))
        )

    def _contents(self) -> str:
        """The contents list: a field whose entries are already there."""
        entries = [e for c in self.chapters for e in ((1, c.anchor, c.title), *_below(c))]
        if closing(self.document):
            entries.append((1, "sources", _SOURCES))
        lines = [_p(f"TOC{level}", self._to(anchor, text)) for level, anchor, text in entries]
        begin = (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z \\u </w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        )
        lines[0] = lines[0].replace("</w:pPr>", f"</w:pPr>{begin}", 1)
        end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        lines[-1] = lines[-1].removesuffix("</w:p>") + f"{end}</w:p>"
        return _p("TOCHeading", _r("Contents")) + "".join(lines)

    def _to(self, anchor: str, text: str) -> str:
        return f'<w:hyperlink w:anchor="{_bookmark(anchor)}" w:history="1">{_r(text)}</w:hyperlink>'

    def _chapter(self, chapter: Chapter) -> str:
        same_page = '<w:pageBreakBefore w:val="0"/><w:spacing w:before="480"/>' if chapter.follows else ""
        title = _p("Heading1", self._marked(chapter.anchor, _r(chapter.title)), same_page)
        self.dense = chapter.dense
        return title + "".join(self.draw[type(e.block)](e) for e in chapter.entries)

    def _end(self) -> str:
        made = _p("Source", _r(made_with(self.document))) if self.document.version else ""
        lines = "".join(_p("ListBullet", _r(line)) for line in closing(self.document))
        return (_p("Heading1", self._marked("sources", _r(_SOURCES))) if lines else "") + lines + made

    def _marked(self, anchor: str, inner: str) -> str:
        """The runs inside a bookmark, so that the contents list can lead to them."""
        self.bookmarks += 1
        n = self.bookmarks
        return f'<w:bookmarkStart w:id="{n}" w:name="{_bookmark(anchor)}"/>{inner}<w:bookmarkEnd w:id="{n}"/>'

    def _heading(self, entry: Entry[Heading]) -> str:
        own_page = "<w:pageBreakBefore/>" if entry.block.new_page else ""
        text = self._marked(entry.anchor, _r(entry.block.text))
        return _p(f"Heading{min(entry.level, 4)}", text, own_page)

    def _words(self, entry: Entry[Words]) -> str:
        style = {"lead": "Lead", "list": "ListBullet", "note": "Note"}.get(entry.block.style, "Normal")
        return "".join(_p(style, _r(p)) for p in entry.block.paragraphs)

    def _tree(self, entry: Entry[Tree]) -> str:
        title = _p("TreeTitle", self._marked(entry.anchor, _r(entry.block.title)))
        return title + "".join(_branch(level, branch) for level, branch, _ in walked(entry.block))

    def _finding(self, entry: Entry[Finding]) -> str:
        block = entry.block
        style = {"blocks": "FindingBlocks", "doubt": "FindingDoubt"}.get(block.severity, "FindingNote")
        last = '<w:spacing w:after="160"/>'
        first = _p(style, _r(SEVERITIES[block.severity], "<w:b/>"), "<w:keepNext/>")
        if not block.remedy:
            return first + _p(style, _r(block.sentence), last)
        return (
            first
            + _p(style, _r(block.sentence), "<w:keepNext/>")
            + _p(style, _r(f"What to do: {block.remedy}"), last)
        )

    def _caption(self, entry: Entry[Any], title: str) -> str:
        kind, _, number = entry.label.partition(" ")
        inner = _r(f"{kind} ") + _field(f"SEQ {kind} \\* ARABIC", number) + _r(f": {title}")
        return _p("Caption", self._marked(entry.anchor, inner))

    def _table(self, entry: Entry[Table]) -> str:
        table = entry.block
        plan = layout(table)
        caption = self._caption(entry, table.title)
        if not table.rows:
            return caption + _p("Note", _r(NO_FIGURES)) + _below_table(table.source, [])
        widths = _shares(plan.widths, (_LINE_ACROSS if plan.landscape else _LINE) * plan.share)
        # A paragraph must part a table from the next one, even where it has neither note nor source.
        below = _below_table(table.source, column_notes(table)) or _p("Source", "")
        points = min(plan.points, _DENSE) if self.dense else plan.points
        whole = caption + _grid(table, widths, points) + below
        return self._across(whole) if plan.landscape else whole

    def _across(self, inner: str) -> str:
        """A section of pages across, between upright ones."""
        across = self.section.replace(
            'w:w="11906" w:h="16838"', 'w:w="16838" w:h="11906" w:orient="landscape"'
        )
        return f"<w:p><w:pPr>{self.section}</w:pPr></w:p>{inner}<w:p><w:pPr>{across}</w:pPr></w:p>"

    def _figure(self, entry: Entry[Figure]) -> str:
        figure = entry.block
        picture = svg.picture(figure.spec)
        behind = f'The figures behind this chart are in the spreadsheet, sheet "{entry.sheet}".'
        return (
            self._caption(entry, figure.title)
            + _p("Picture", self._picture(picture, figure.title, figure.alt))
            + _below_table(figure.source, [behind])
        )

    def _picture(self, picture: str, title: str, alt: str) -> str:
        self.pictures += 1
        relation, _ = self.word.part.get_or_add_image(io.BytesIO(self.painted[picture]))
        width, height = svg.size(picture)
        wide = min(int(width * _EMU_A_PIXEL), _WIDEST_PICTURE, int(_TALLEST_PICTURE * width / height))
        return self._shown(relation, wide, int(wide * height / width), title, alt)

    def _logo(self) -> str:
        """The logo of the house as a paragraph, nothing where it has none."""
        if not self.style.logo:
            return ""
        drawn = self.style.logo if self.style.logo_kind == "png" else svg.png(self.style.logo.decode())
        relation, image = self.word.part.get_or_add_image(io.BytesIO(drawn))
        self.pictures += 1
        tall = min(int(image.height), _LOGO_HEIGHT)
        wide = int(tall * image.width / image.height)
        words = self.style.logo_alt
        return _p("Picture", self._shown(relation, wide, tall, words, words))

    def _shown(self, relation: str, wide: int, tall: int, title: str, alt: str) -> str:
        n, extent = self.pictures, f'cx="{wide}" cy="{tall}"'
        return _PICTURE_RUN.format(extent=extent, n=n, title=_esc(title), alt=_esc(alt), relation=relation)

    def _answers(self, entry: Entry[Answers]) -> str:
        block = entry.block
        title = _p("AnswersTitle", _r(block.title)) if block.title else ""
        facts = _run_on if self.dense else _facts
        groups = "".join(_p("AnswerGroup", _r(g.title)) + facts(g.facts) for g in block.groups)
        return title + facts(block.facts) + groups + _below_table(block.source, [])


_SOURCES = "Sources and licences"
_DEEPEST = 6  # levels of the template's nested list


def _branch(level: int, branch: Branch) -> str:
    """One entry of the template's nested list; a broken one says so in words."""
    mark = _r(f"{BROKEN}: ", '<w:b/><w:color w:val="A3261C"/>') if branch.broken else ""
    place = f'<w:numPr><w:ilvl w:val="{min(level, _DEEPEST) - 1}"/><w:numId w:val="2"/></w:numPr>'
    return _p("TreeEntry", mark + _r(branch.text), place)


def _below(chapter: Chapter) -> Iterable[tuple[int, str, str]]:
    return ((2, e.anchor, e.block.text) for e in chapter.headings() if isinstance(e.block, Heading))


def _bookmark(anchor: str) -> str:
    """A bookmark's name: a letter first, no hyphen, at most 40 characters, still one of a kind."""
    name = "b_" + anchor.replace("-", "_")
    if len(name) <= 40:
        return name
    import hashlib

    return f"{name[:31]}_{hashlib.sha256(anchor.encode()).hexdigest()[:8]}"


def _below_table(source: str, notes: list[str]) -> str:
    """Notes and source on one page; the last line keeps its distance from what follows."""
    lines = [*notes, *([f"Source: {clean(source)}"] if source else [])]
    last = '<w:spacing w:before="60" w:after="240"/>'
    return "".join(
        _p("Source", _r(line), last if n == len(lines) else "<w:keepNext/>")
        for n, line in enumerate(lines, 1)
    )


# --- tables --------------------------------------------------------------------------


def _shares(widths: tuple[float, ...], line: float) -> list[int]:
    """Column widths in twentieths of a point."""
    total = sum(widths)
    return [max(int(line * w / total), 300) for w in widths]


_DENSE = 8.0  # points of a table in a part that is looked up rather than read
# The template's styles of cells by the most points that a table may have for them.
_TYPES = ((7.0, "Smallest"), (7.5, "Smaller"), (8.5, "Small"), (99.0, ""))


def _grid(table: Table, widths: list[int], points: float) -> str:
    word = next(word for most, word in _TYPES if points <= most)
    styles = [("TableNumber" if r else "TableText") + word for r in figures_only(table)]
    head = "".join(_head_cell(c, s, w) for c, s, w in zip(table.columns, styles, widths, strict=True))
    texts = printed(table)
    rows = "".join(_row(row, styles, widths, last=n == len(texts)) for n, row in enumerate(texts, 1))
    columns = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="PlanTable"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="04A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f'<w:tblCaption w:val="{_esc(table.title)}"/><w:tblDescription w:val="{_esc(_described(table))}"/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>"
        f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>{rows}</w:tbl>"
    )


def _described(table: Table) -> str:
    return f"{len(table.rows)} rows; columns: {', '.join(heading(c) for c in table.columns)}."


def _cell(inner: str, style: str, width: int, more: str = "") -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{_p(style, inner, more)}</w:tc>'


def _head_cell(column: Column, style: str, width: int) -> str:
    return _cell(_r(heading(column), "<w:b/>"), style, width)


def _row(texts: list[str], styles: list[str], widths: list[int], last: bool) -> str:
    """A row; the last one keeps to the notes and the source below the table."""
    keep = "<w:keepNext/>" if last else ""
    cells = "".join(_cell(_r(t), s, w, keep) for t, s, w in zip(texts, styles, widths, strict=True))
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"


# --- answers ---------------------------------------------------------------------------

_HALF_LINE = 44  # characters of a fact that fit half a line


def _facts(facts: tuple[Fact, ...]) -> str:
    """Facts as paragraphs; two short ones share a line."""
    lines: list[str] = []
    waiting = ""
    for fact in facts:
        inner = _fact_line(fact)
        if waiting and _half(fact):
            lines.append(_p("Answer", f"{waiting}<w:r><w:tab/></w:r>{inner}"))
            waiting = ""
            continue
        lines += [_p("Answer", waiting)] if waiting else []
        waiting = inner if _half(fact) else ""
        lines += [] if waiting else [_p("Answer", inner), *(_p("Answer", _r(p)) for p in fact.paragraphs[1:])]
    return "".join(lines + ([_p("Answer", waiting)] if waiting else []))


def _run_on(facts: tuple[Fact, ...]) -> str:
    """Facts that are looked up rather than read: short ones behind each other, a long one on its own."""
    lines: list[str] = []
    waiting: list[str] = []
    for fact in facts:
        if fact.short:
            waiting.append(_fact_line(fact))
            continue
        lines += [_r("; ").join(waiting)] if waiting else []
        waiting = []
        lines += [_fact_line(fact), *(_r(p) for p in fact.paragraphs[1:])]
    lines += [_r("; ").join(waiting)] if waiting else []
    return "".join(_p("AnswerSmall", line) for line in lines)


def _half(fact: Fact) -> bool:
    return fact.short and len(fact.label) + len(fact.paragraphs[0]) <= _HALF_LINE


def _fact_line(fact: Fact) -> str:
    label = fact.label if fact.label.endswith("?") else f"{fact.label}:"
    return _r(f"{label} ", "<w:b/>") + _r(fact.paragraphs[0] if fact.paragraphs else "")

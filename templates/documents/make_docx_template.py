"""Write plan.docx, the template of the editable plan: styles, page, header and footer.

Run from anywhere: ``python templates/documents/make_docx_template.py``. The
same bytes come out each time. To change the look of the editable plan, change
the styles below and run this again; documents take every style by its name.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path
from xml.sax.saxutils import quoteattr

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"

INK, QUIET, RULE, ACCENT, RED, AMBER = "1F2A33", "4D5963", "C9D1D7", "0B4F82", "A3261C", "8A5A00"


def run(size: float = 0, bold: bool = False, italic: bool = False, colour: str = "") -> str:
    """Run properties in the order the schema wants them; ``size`` in points."""
    made = ("<w:b/>" if bold else "") + ("<w:i/>" if italic else "")
    made += f'<w:color w:val="{colour}"/>' if colour else ""
    made += f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>' if size else ""
    return f"<w:rPr>{made}</w:rPr>" if made else ""


def paragraph(
    before: float = 0,
    after: float = 6,
    *,
    keep: bool = False,
    left: float = 0,
    hanging: float = 0,
    outline: int | None = None,
    borders: str = "",
    number: bool = False,
    new_page: bool = False,
    right: bool = False,
    tabs: str = "",
    line: int = 0,
) -> str:
    """Paragraph properties in the order the schema wants them; distances in points."""
    made = "<w:keepNext/><w:keepLines/>" if keep else ""
    made += "<w:pageBreakBefore/>" if new_page else ""
    made += '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>' if number else ""
    made += f"<w:pBdr>{borders}</w:pBdr>" if borders else ""
    made += f"<w:tabs>{tabs}</w:tabs>" if tabs else ""
    made += f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}"'
    made += f' w:line="{line}" w:lineRule="auto"/>' if line else "/>"
    made += f'<w:ind w:left="{round(left * 20)}" w:hanging="{round(hanging * 20)}"/>' if left else ""
    made += '<w:jc w:val="right"/>' if right else ""
    made += f'<w:outlineLvl w:val="{outline}"/>' if outline is not None else ""
    return f"<w:pPr>{made}</w:pPr>"


def style(
    name: str, id: str, look: str, *, based: str = "Normal", following: str = "", quick: bool = True
) -> str:
    """A paragraph style."""
    base = f'<w:basedOn w:val="{based}"/>' if based else ""
    after = f'<w:next w:val="{following}"/>' if following else ""
    default = ' w:default="1"' if id == "Normal" else ""
    shown = "<w:qFormat/>" if quick else ""
    opening = f'<w:style w:type="paragraph"{default} w:styleId="{id}"><w:name w:val={quoteattr(name)}/>'
    return f"{opening}{base}{after}{shown}{look}</w:style>"


def border(side: str, size: int, colour: str, space: int = 4) -> str:
    """One border of a paragraph or table; ``size`` in eighths of a point."""
    return f'<w:{side} w:val="single" w:sz="{size}" w:space="{space}" w:color="{colour}"/>'


def finding(name: str, id: str, colour: str) -> str:
    """The style of a finding's paragraphs: a bar at the left in the severity's colour."""
    return style(name, id, paragraph(0, 3, left=12, borders=border("left", 36, colour, 8)), quick=True)


def character(name: str, id: str, default: str = "", look: str = "") -> str:
    """A style of a run of characters."""
    inner = f"<w:rPr>{look}</w:rPr>" if look else ""
    opening = f'<w:style w:type="character"{default} w:styleId="{id}"><w:name w:val="{name}"/>'
    return f"{opening}{inner}</w:style>"


DEFAULTS = (
    '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Arial" w:cs="Arial"/>'
    f'<w:color w:val="{INK}"/><w:sz w:val="20"/><w:szCs w:val="20"/>'
    '<w:lang w:val="en-GB" w:eastAsia="en-GB" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
    '<w:pPrDefault><w:pPr><w:spacing w:after="110" w:line="259" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
)


def styles() -> str:
    """Every style that documents use."""
    tabs = '<w:tab w:val="left" w:pos="4819"/>'
    made = [
        DEFAULTS,
        style("Normal", "Normal", "", based=""),
        character("Default Paragraph Font", "DefaultParagraphFont", ' w:default="1"'),
        character("Hyperlink", "Hyperlink", look=f'<w:color w:val="{ACCENT}"/><w:u w:val="single"/>'),
        style("Title", "Title", paragraph(0, 8) + run(22, bold=True), following="Normal"),
        style("Subtitle", "Subtitle", paragraph(24, 2) + run(12, colour=QUIET), following="Normal"),
        style(
            "heading 1",
            "Heading1",
            paragraph(0, 12, keep=True, outline=0, new_page=True, borders=border("bottom", 16, ACCENT))
            + run(18, bold=True),
            following="Normal",
        ),
        style(
            "heading 2",
            "Heading2",
            paragraph(18, 6, keep=True, outline=1) + run(14, bold=True),
            following="Normal",
        ),
        style(
            "heading 3",
            "Heading3",
            paragraph(14, 5, keep=True, outline=2) + run(12, bold=True),
            following="Normal",
        ),
        style(
            "heading 4",
            "Heading4",
            paragraph(12, 4, keep=True, outline=3) + run(10.5, bold=True),
            following="Normal",
        ),
        style(
            "TOC Heading", "TOCHeading", paragraph(18, 6, keep=True) + run(14, bold=True), following="Normal"
        ),
        style("toc 1", "TOC1", paragraph(2, 0, line=220) + run(8.5, bold=True)),
        style("toc 2", "TOC2", paragraph(0, 0, left=12, line=220) + run(8.5)),
        style("header", "Header", paragraph(0, 0) + run(8.5, colour=QUIET)),
        style("footer", "Footer", paragraph(0, 0) + run(8.5, colour=QUIET)),
        style("caption", "Caption", paragraph(12, 5, keep=True) + run(10.5, bold=True), following="Normal"),
        style("List Bullet", "ListBullet", paragraph(0, 4, number=True, left=18, hanging=14)),
        style("Tree Title", "TreeTitle", paragraph(10, 4, keep=True) + run(bold=True)),
        style("Tree Entry", "TreeEntry", paragraph(0, 3)),
        style("Lead", "Lead", paragraph(0, 8, keep=True) + run(12.5)),
        style(
            "Note", "Note", paragraph(4, 8, left=10, borders=border("left", 24, RULE, 8)) + run(colour=QUIET)
        ),
        style("Source", "Source", paragraph(3, 3) + run(8.5, colour=QUIET)),
        style(
            "Status",
            "Status",
            paragraph(0, 3, left=12, borders=border("left", 36, ACCENT, 8)) + run(bold=True),
        ),
        style(
            "Status Draft",
            "StatusDraft",
            paragraph(0, 3, left=12, borders=border("left", 36, RED, 8)) + run(bold=True),
        ),
        style("Picture", "Picture", paragraph(0, 3, keep=True)),
        style("Answers Title", "AnswersTitle", paragraph(10, 4, keep=True) + run(11.5, bold=True)),
        style(
            "Answer Group",
            "AnswerGroup",
            paragraph(10, 4, keep=True, borders=border("top", 4, RULE)) + run(bold=True),
        ),
        style("Answer", "Answer", paragraph(0, 3, tabs=tabs)),
        style("Answer Small", "AnswerSmall", paragraph(0, 3, line=240) + run(9)),
        finding("Finding Blocks", "FindingBlocks", RED),
        finding("Finding Doubt", "FindingDoubt", AMBER),
        finding("Finding Note", "FindingNote", QUIET),
        style("Table Text", "TableText", paragraph(0, 0, line=240) + run(9)),
        style("Table Number", "TableNumber", paragraph(0, 0, right=True, line=240), based="TableText"),
        *(
            made
            for word, size in (("Small", 8), ("Smaller", 7.5), ("Smallest", 7))
            for made in table_type(word, size)
        ),
        style(
            "Table Number Small",
            "TableNumberSmall",
            paragraph(0, 0, right=True, line=240),
            based="TableTextSmall",
        ),
        table_style(),
    ]
    return f'{XML}<w:styles xmlns:w="{W}">{"".join(made)}</w:styles>'


def table_type(word: str, size: float) -> tuple[str, str]:
    """The two styles of cells in a smaller type, of words and of figures."""
    text, number = f"TableText{word}", f"TableNumber{word}"
    return (
        style(f"Table Text {word}", text, paragraph(0, 0, line=240) + run(size)),
        style(f"Table Number {word}", number, paragraph(0, 0, right=True, line=240), based=text),
    )


def table_style() -> str:
    """The one style of tables: rules between rows, a bold heading row."""
    lines = border("bottom", 4, RULE, 0) + border("insideH", 4, RULE, 0)
    margins = (
        '<w:top w:w="30" w:type="dxa"/><w:left w:w="70" w:type="dxa"/>'
        + '<w:bottom w:w="30" w:type="dxa"/><w:right w:w="70" w:type="dxa"/>'
    )
    head = (
        f'<w:tcPr><w:tcBorders>{border("bottom", 8, INK, 0)}</w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr>'
    )
    return (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>'
        '<w:style w:type="table" w:styleId="PlanTable"><w:name w:val="Plan Table"/><w:basedOn w:val="TableNormal"/><w:qFormat/>'
        f"<w:tblPr><w:tblBorders>{lines}</w:tblBorders><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>"
        f'<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr>{head}</w:tblStylePr></w:style>'
    )


def section() -> str:
    """The page: A4 upright, with the header and footer."""
    return (
        '<w:sectPr><w:headerReference w:type="default" r:id="rId4"/><w:footerReference w:type="default" r:id="rId5"/>'
        '<w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1474" w:right="1134" w:bottom="1247" w:left="1134" '
        'w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
    )


def nested(depth: int = 6) -> str:
    """The nested list: one bullet a level, each level further in."""
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="bullet"/>'
        f'<w:lvlText w:val="{("&#8226;", "&#8211;")[n % 2]}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{360 * (n + 1)}" w:hanging="280"/></w:pPr></w:lvl>'
        for n in range(depth)
    )
    return (
        f'<w:abstractNum w:abstractNumId="1"><w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
    )


NUMBERING = (
    f'{XML}<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="hybridMultilevel"/>'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:pStyle w:val="ListBullet"/>'
    '<w:lvlText w:val="&#8226;"/><w:lvlJc w:val="left"/>'
    '<w:pPr><w:ind w:left="360" w:hanging="280"/></w:pPr></w:lvl></w:abstractNum>'
    f"{nested()}"
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
)
SETTINGS = (
    f'{XML}<w:settings xmlns:w="{W}"><w:defaultTabStop w:val="720"/><w:characterSpacingControl w:val="doNotCompress"/>'
    '<w:compat><w:compatSetting w:name="compatibilityMode" '
    'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    '<w:themeFontLang w:val="en-GB"/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
)
CORE = (
    f'{XML}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:title>Commissioning plan</dc:title><dc:language>en-GB</dc:language></cp:coreProperties>"
)
APP = f'{XML}<Properties xmlns="{OFFICE}/extended-properties"><Application>Commissioning workbook</Application></Properties>'


def story(tag: str, style_id: str) -> str:
    """A header or footer with one empty paragraph, to be filled in."""
    return f'{XML}<w:{tag} xmlns:w="{W}" xmlns:r="{R}"><w:p><w:pPr><w:pStyle w:val="{style_id}"/></w:pPr></w:p></w:{tag}>'


def relations(*links: tuple[str, str, str]) -> str:
    """A relationships file from (id, type, target)."""
    made = "".join(f'<Relationship Id="{i}" Type="{t}" Target="{to}"/>' for i, t, to in links)
    return f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{made}</Relationships>'


def content_types() -> str:
    """What kind of file each part is."""
    parts = {
        "/word/document.xml": f"{WORD}.document.main+xml",
        "/word/styles.xml": f"{WORD}.styles+xml",
        "/word/numbering.xml": f"{WORD}.numbering+xml",
        "/word/settings.xml": f"{WORD}.settings+xml",
        "/word/header1.xml": f"{WORD}.header+xml",
        "/word/footer1.xml": f"{WORD}.footer+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    }
    overrides = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts.items())
    defaults = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
    )
    return f'{XML}<Types xmlns="{PACKAGE}/content-types">{defaults}{overrides}</Types>'


def parts() -> dict[str, str]:
    """Every file of the template by its name in the package."""
    return {
        "[Content_Types].xml": content_types(),
        "_rels/.rels": relations(
            ("rId1", f"{OFFICE}/relationships/officeDocument", "word/document.xml"),
            ("rId2", f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            ("rId3", f"{OFFICE}/relationships/extended-properties", "docProps/app.xml"),
        ),
        "docProps/app.xml": APP,
        "docProps/core.xml": CORE,
        "word/_rels/document.xml.rels": relations(
            ("rId1", f"{OFFICE}/relationships/styles", "styles.xml"),
            ("rId2", f"{OFFICE}/relationships/numbering", "numbering.xml"),
            ("rId3", f"{OFFICE}/relationships/settings", "settings.xml"),
            ("rId4", f"{OFFICE}/relationships/header", "header1.xml"),
            ("rId5", f"{OFFICE}/relationships/footer", "footer1.xml"),
        ),
        "word/document.xml": f'{XML}<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body><w:p/>{section()}</w:body></w:document>',
        "word/footer1.xml": story("ftr", "Footer"),
        "word/header1.xml": story("hdr", "Header"),
        "word/numbering.xml": NUMBERING,
        "word/settings.xml": SETTINGS,
        "word/styles.xml": styles(),
    }


def write(path: Path) -> None:
    """Write the template to ``path``."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts().items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            package.writestr(info, text.encode("utf-8"))


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("plan.docx"))

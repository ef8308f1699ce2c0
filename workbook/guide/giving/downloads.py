"""What a page gives away: a chart as picture, its figures, every table, and the whole as a spreadsheet.

Whatever leaves the page says what it is: a chart carries its title, the area and years, its source and the revision of
the plan; a table its units, source and notes; the name of a file says plan, step, chart and revision. Files go by
message, so that it is the same on the server and in JupyterLab. A spreadsheet takes seconds and is long work.
"""

from __future__ import annotations

import base64
import csv
import io
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any, Literal

from workbook.blocks import Block, Cell, Figure, Step, Table
from workbook.errors import BadInput
from workbook.guide.giving import work
from workbook.guide.way import addresses
from workbook.plan.model import Plan
from workbook.plan.rows.cells import guarded
from workbook.words import financial_year

Form = Literal["svg", "png", "csv"]
File = dict[str, str]

WHERE = "tables"  # the place on the page where the making of a spreadsheet is shown
_LONGEST = 60  # characters of the part of a file name that says which chart
_WIDTH_LEAST = 420  # pixels of a picture: narrower, and its title would be a column
_MARGIN = 16
SYNTHETIC = "Synthetic figures: made up for demonstration."


# --- below charts and tables --------------------------------------------------------


def controls(block: Block, key: str) -> str:
    """What can be kept of a block, folded below it; "" where there is nothing."""
    forms: tuple[Form, ...]
    if isinstance(block, Figure):
        forms, what, title = ("svg", "png", "csv"), "chart", block.title
        if not block.table.rows:
            forms = ("svg", "png")
    elif isinstance(block, Table) and block.rows:
        forms, what, title = ("csv",), "table", block.title
    else:
        return ""
    about = f" the {what} “{escape(title)}”"
    buttons = " ".join(_button(form, key, about) for form in forms)
    return (
        f'<details class="wg-get" data-key="get"><summary>Download<span class="wg-unseen">{about}</span></summary>'
        f"<p>{buttons}</p></details>"
    )


_SAID: dict[Form, str] = {
    "svg": "Picture, SVG",
    "png": "Picture, PNG",
    "csv": "Figures, CSV",
}


def _button(form: Form, key: str, about: str) -> str:
    return (
        f'<button type="button" class="wg-quiet" data-action="keep" data-key="{escape(key)}-{form}" '
        f'data-of="{escape(key)}" data-form="{form}">{_SAID[form]}'
        f'<span class="wg-unseen">: download{about}</span></button>'
    )


def section(step: Step) -> str:
    """At the foot of a step: its tables as a spreadsheet, those of the plan, and printing."""
    printing = (
        '<button type="button" class="wg-quiet" data-action="print" data-whole="">Print this part</button> '
        '<button type="button" class="wg-quiet" data-action="print" data-whole="1">Print the whole step</button>'
        if addresses.served()
        else ""
    )
    return (
        '<section class="wg-out wg-take" aria-label="Print and download"><h2>Print and download</h2>'
        f'<p>{printing} <button type="button" class="wg-quiet" data-action="tables" data-whole="">'
        "Download the tables of this step, XLSX</button> "
        '<button type="button" class="wg-quiet" data-action="tables" data-whole="1">'
        f"Download all tables of the plan, XLSX</button></p>{work.place(WHERE)}</section>"
    )


# --- one chart, one table -------------------------------------------------------------


@dataclass(frozen=True)
class Origin:
    """Where something on a page comes from, as it is said on what leaves the page."""

    name: str  # of the plan's file
    plan: Plan
    step: Step

    def line(self) -> str:
        """ "NHS Northmoor, 2026/27 to 2030/31. Plan “Our plan”, revision 12 of 3 May 2026." """
        plan = self.plan
        first, last = financial_year(plan.years[0]), financial_year(plan.last_year)
        years = first if first == last else f"{first} to {last}"
        title = f" “{plan.title}”" if plan.title else ""
        saved = f" of {plan.saved.at.day} {plan.saved.at:%B %Y}" if plan.saved else ", not yet saved"
        return f"{plan.area.name}, {years}. Plan{title}, {self.step.title.lower()}, revision {plan.revision}{saved}."

    def file(self, what: str, ending: str) -> str:
        """The name of a file: plan, step, what it shows, revision."""
        return f"{plain(self.name)}-{self.step.id}-{plain(what)}-r{self.plan.revision}.{ending}"


def plain(text: str) -> str:
    """Words as part of a file name that every system takes."""
    return re.sub(r"[^\w.]+", "-", text).strip("-.")[:_LONGEST].strip("-.") or "x"


def made(origin: Origin, block: Block | None, form: str) -> File:
    """The file of one block. Raises BadInput where there is none of that form."""
    if isinstance(block, (Figure, Table)):
        name = origin.file(block.id.removeprefix(f"{origin.step.id}-"), form)
        if isinstance(block, Figure) and form in ("svg", "png"):
            return {"name": name, "content": _sent(picture(block, origin).encode()), "form": form}
        if form == "csv":
            table, source = (block.table, block.source) if isinstance(block, Figure) else (block, "")
            return {"name": name, "content": _sent(as_csv(table, origin, source)), "form": form}
    raise BadInput("That is not on this page any more.", "Reload the page.")


def _sent(content: bytes) -> str:
    return base64.b64encode(content).decode()


# --- CSV --------------------------------------------------------------------------------


def as_csv(table: Table, origin: Origin, source: str = "") -> bytes:
    """One table as CSV that a spreadsheet program opens right: one header row, then the rows, nothing else.

    Units stand in the headings. What the table is, its source, notes and where it comes from are columns of their own
    at the end, so that each row can be told from those of another file. Figures have all the digits they were worked
    out with; a cell without a figure is empty. Text that begins like a formula has an apostrophe before it.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    notes = [f"{c.label}: {c.note}" for c in table.columns if c.note]
    synthetic = [SYNTHETIC] if origin.plan.area.synthetic else []
    about = {
        "Table": table.title,
        "Source": table.source or source,
        "Notes": " ".join([table.note, *notes, *synthetic]).strip(),
        "Plan": origin.line(),
    }
    used = {_heading(c.label, c.unit).casefold() for c in table.columns}
    named = [f"{name} of this file" if name.casefold() in used else name for name in about]
    writer.writerow([inert(_heading(c.label, c.unit)) for c in table.columns] + named)
    tail = [inert(words) for words in about.values()]
    writer.writerows([[_cell(value) for value in row] + tail for row in table.rows])
    # The byte-order mark makes spreadsheet programs read the pound sign as one.
    return text.getvalue().encode("utf-8-sig", errors="replace")


def _heading(label: str, unit: str) -> str:
    return f"{label} ({unit})" if unit and label.strip() else label.strip() or unit or "Row"


def _cell(value: Cell) -> str:
    from workbook.render.text import is_missing

    if is_missing(value):
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value) if isinstance(value, int) else inert(str(value))


def inert(text: str) -> str:
    """Text that no spreadsheet program takes for a formula."""
    from workbook.render.text import clean

    return guarded(clean(text))


# --- pictures ---------------------------------------------------------------------------


def picture(figure: Figure, origin: Origin) -> str:
    """The chart as a picture that stands by itself: its title above, area, years, source and plan below."""
    from workbook.render import svg, theme

    inner = svg.picture(figure.spec)
    width, height = svg.size(inner)
    whole = max(width, _WIDTH_LEAST)
    below = [origin.line(), f"Source: {figure.source}" if figure.source else ""]
    below += [SYNTHETIC] if origin.plan.area.synthetic else []
    title, top = _lines([figure.title], whole, 15, bold=True)
    foot, bottom = _lines(below, whole, 11)
    total = _MARGIN + top + 8 + height + 8 + bottom + _MARGIN
    full = whole + 2 * _MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{full:g}" '
        f'height="{total:g}" viewBox="0 0 {full:g} {total:g}" role="img" aria-labelledby="picture-t picture-d" '
        f'font-family="{escape(theme.FONT)}, Arial, Helvetica, sans-serif" fill="#1d2430">'
        f'<title id="picture-t">{_text(figure.title)}</title><desc id="picture-d">{_text(figure.alt)}</desc>'
        f'<rect width="{full:g}" height="{total:g}" fill="#ffffff"/>'
        f'<g transform="translate({_MARGIN} {_MARGIN})">{title}</g>'
        f'<g transform="translate({_MARGIN} {_MARGIN + top + 8:g})">{inner}</g>'
        f'<g transform="translate({_MARGIN} {_MARGIN + top + 8 + height + 8:g})">{foot}</g></svg>'
    )


def _lines(paragraphs: Iterable[str], width: float, size: int, *, bold: bool = False) -> tuple[str, float]:
    """Paragraphs as lines of text no wider than ``width``, and the height they take."""
    from workbook.render import lettering

    lines: list[str] = []
    for paragraph in paragraphs:
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if line and lettering.width(longer, size, bold) > width:
                lines.append(line)
                longer = word
            line = longer
        lines += [line] if line else []
    step = size * 1.35
    weight = ' font-weight="bold"' if bold else ""
    drawn = "".join(
        f'<text x="0" y="{n * step + size:g}" font-size="{size}"{weight}>{_text(line)}</text>'
        for n, line in enumerate(lines)
    )
    return drawn, len(lines) * step


def _text(words: str) -> str:
    from workbook.render.text import clean

    return escape(clean(words))


# --- spreadsheets, in a process of their own -----------------------------------------------


def job(plan: Path, name: str, step_id: str) -> work.Job:
    """The making of a spreadsheet of all tables of a step, or of the plan where ``step_id`` is empty."""
    command = ("-m", "workbook.guide.giving.downloads", str(plan), name, step_id)
    of = "this step" if step_id else "the plan"
    return work.Job(f"tables {plan} {step_id or 'all'}", f"Making the spreadsheet of {of}", command, WHERE)


def spreadsheet(plan_path: Path, name: str, step_id: str) -> dict[str, Any]:
    """Make the spreadsheet and leave it in the folder of the work; what is told at the end."""
    from workbook.pack import documents, submission
    from workbook.plan import store
    from workbook.reference import Reference
    from workbook.render import xlsx
    from workbook.render.document import Part
    from workbook.steps import run

    plan, reference = store.read(plan_path), Reference.open()
    needed = list(addresses.NOTEBOOKS)
    steps = {}
    for n, id in enumerate(needed, 1):
        work.say(f"working out {addresses.NOTEBOOKS[id][1].lower()}", n, len(needed) + 1)
        steps[id] = run(id, plan, reference)
    work.say("writing the tables", len(needed) + 1, len(needed) + 1)
    document = documents.document(plan, steps, reference)
    if step_id:
        step = steps[step_id]
        part = Part(step.id, step.title, step.blocks)
        document = replace(document, title=f"{document.title}: {step.title}", summary=(), parts=(part,))
    kept = work.folder(job(plan_path, name, step_id).id)
    kept.mkdir(parents=True, exist_ok=True)
    (kept / "tables.xlsx").write_bytes(xlsx.page(document, (submission.limits(plan),)))
    return {
        "file": f"{plain(name)}-{step_id or 'plan'}-tables-r{plan.revision}.xlsx",
        "path": str(kept / "tables.xlsx"),
    }


def spreadsheet_file(state: work.State, id: str) -> File:
    """The file of a spreadsheet that was made."""
    path = work.folder(id) / "tables.xlsx"
    try:
        content = path.read_bytes()
    except OSError:
        raise BadInput("The spreadsheet is not there any more.", "Make it again.") from None
    return {"name": str(state.said.get("file", "tables.xlsx")), "content": _sent(content)}


if __name__ == "__main__":
    sys.exit(work.run(lambda: spreadsheet(Path(sys.argv[1]), sys.argv[2], sys.argv[3])))

"""The templates (local figures, look-up, composed areas, question banks), as CSV and as a spreadsheet with a notes sheet."""

from __future__ import annotations

import contextlib
import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook.errors import BadInput, UsageError


@dataclass(frozen=True)
class TemplateColumn:
    """One column of the template: whether it must be filled, what stands in it, and an example."""

    required: bool
    words: str
    example: str = ""


COLUMNS: dict[str, TemplateColumn] = {
    "indicator": TemplateColumn(
        True,
        "Id of the indicator: one that 'workbook data list' shows, or a new one of your own in small "
        "letters, digits and hyphens that starts with local-.",
        "local-falls-clinic",
    ),
    "indicator_name": TemplateColumn(
        False, "Name of a new indicator; needed once for each new id.", "People seen by the falls clinic"
    ),
    "area": TemplateColumn(
        True, "Code of the area: ONS code or ODS code, as 'workbook areas' lists it.", "E38000163"
    ),
    "area_name": TemplateColumn(
        False, "Name of the area, for people who read the file; it is not read.", "South Tyneside"
    ),
    "period": TemplateColumn(
        True, "A year (2024), a financial year (2024/25) or a span of years (2022 - 24).", "2024/25"
    ),
    "sex": TemplateColumn(False, "Persons, Male or Female. Blank means Persons.", "Persons"),
    "age": TemplateColumn(False, "Age group in words, such as 65+ yrs. Blank means All ages.", "65+ yrs"),
    "category_type": TemplateColumn(
        False,
        "For a breakdown only: by what, such as Deprivation quintile. Blank for the whole area.",
    ),
    "category": TemplateColumn(False, "For a breakdown only: which group, such as Most deprived."),
    "value": TemplateColumn(
        True, "The figure. Digits only; * for a suppressed figure; blank where there is none.", "412.5"
    ),
    "lower": TemplateColumn(False, "Lower 95% confidence limit, if there is one.", "371.2"),
    "upper": TemplateColumn(False, "Upper 95% confidence limit, if there is one.", "457.1"),
    "count": TemplateColumn(False, "Number of people or events behind the figure, if known.", "361"),
    "denominator": TemplateColumn(
        False, "Population or other base of the figure, if known; never zero.", "87515"
    ),
    "unit": TemplateColumn(
        False,
        "Unit of a new indicator, such as per 100,000, %, years or £000s; needed once for each new id.",
        "per 100,000",
    ),
    "polarity": TemplateColumn(
        False, "Which is better: low, high or none (no judgement); needed once for each new id.", "none"
    ),
    "source": TemplateColumn(
        False, "Where the figure comes from, as it is to be printed.", "Trust activity return"
    ),
    "note": TemplateColumn(
        False, "Anything a reader must know about this one figure.", "Clinic closed in May"
    ),
}

LOOKUP: dict[str, TemplateColumn] = {
    "old": TemplateColumn(True, "The older code, or that of the part: ONS or ODS code.", "E38000169"),
    "old_name": TemplateColumn(False, "Its name.", "NHS Somewhere CCG"),
    "new": TemplateColumn(True, "The code that came after, or that of the whole.", "E38000230"),
    "new_name": TemplateColumn(False, "Its name.", "NHS Wider Somewhere CCG"),
    "on": TemplateColumn(False, "The day of the change, as 2021-04-01. Blank where not known.", "2021-04-01"),
    "kind": TemplateColumn(
        True,
        "merged (several into one), split (one into several), renamed, continued (the same body under another "
        "code) or within (the old area is a part of the new one).",
        "merged",
    ),
    "source": TemplateColumn(False, "Who says so, as it is to be printed.", "Letter of the regional office"),
}

COMPOSITION: dict[str, TemplateColumn] = {
    "code": TemplateColumn(
        True, "A code of your own in capital letters, digits and hyphens.", "MY-NORTH-CLUSTER"
    ),
    "name": TemplateColumn(
        True, "The name of the composed area, the same in each of its rows.", "North cluster"
    ),
    "member": TemplateColumn(
        True, "Code of one area that it is made of, as 'workbook areas' lists it; a row each.", "E54000008"
    ),
}

QUESTION_BANK: dict[str, TemplateColumn] = {
    "bank": TemplateColumn(
        True,
        "Id of the bank: LOC- and two digits, then a name in capital letters if you like. A later file with the same id "
        "replaces it.",
        "LOC-01-FRAILTY",
    ),
    "title": TemplateColumn(
        False, "Title of the bank, as the page heads it; needed once for each bank.", "Frailty: are we ready?"
    ),
    "step": TemplateColumn(
        False,
        "The page that asks it: needs, ambitions, budget or decommissioning; needed once for each bank. On the page "
        "of decommissioning it is asked of each service considered.",
        "needs",
    ),
    "answers": TemplateColumn(
        False,
        "What may be answered: yes-partly-no, score-5 (1 to 5), score-10 (1 to 10) or level-4 (1 to 4); needed once "
        "for each bank.",
        "yes-partly-no",
    ),
    "source": TemplateColumn(
        False, "Who asks, as it is to be printed; once for each bank.", "Frailty network, 2026"
    ),
    "number": TemplateColumn(
        True,
        "Number of the question, 1 to 999. Answers are kept under it, so it stays with its question.",
        "1",
    ),
    "group": TemplateColumn(False, "A heading for several questions; blank for none.", "Finding people"),
    "question": TemplateColumn(
        True, "What is asked, in one line.", "Does every practice know who lives with severe frailty?"
    ),
    "help": TemplateColumn(False, "A hint below the question.", "The register, not an estimate."),
    "good": TemplateColumn(False, "What good looks like.", "A list of names, looked at every month."),
    "risk": TemplateColumn(False, "The risk if it is skipped.", "Help comes after the first fall."),
    "short_of_time": TemplateColumn(
        False, "What to do when time is short.", "Ask the three largest practices."
    ),
}

TEMPLATES = {
    "local-figures": "Local figures: one row an indicator, area and period",
    "lookup": "Old codes and what became of them: one row a link",
    "composition": "An area made of others: one row a member",
    "question-bank": "Questions of your own: one row a question",
}
_COLUMNS = {
    "local-figures": COLUMNS,
    "lookup": LOOKUP,
    "composition": COMPOSITION,
    "question-bank": QUESTION_BANK,
}

_RULES = {
    "lookup": (
        "One row is one link from an old code to a new one, or from a part to the whole it lies within.",
        "Row 1 holds the column names; do not rename or add columns. Optional columns may be deleted.",
        "Replace the example row by your own; it is refused as it stands.",
        "Then: workbook data check FILE, and workbook data import FILE.",
    ),
    "composition": (
        "One row is one member; code and name stand in each row of the area.",
        "Members are of one kind, and none lies within another: people must not count twice.",
        "Replace the example row by your own; it is refused as it stands.",
        "Then: workbook data check FILE, and workbook data import FILE. A later file replaces the members.",
    ),
    "question-bank": (
        "One row is one question; title, step, answers and source are said once for each bank.",
        "A file may hold several banks. A later file with the same bank replaces all its questions.",
        "Answers are kept in the plan under bank and number: reword a question freely, but give a new one a new number.",
        "Replace the example row by your own; it is refused as it stands.",
        "Then: workbook data check FILE, and workbook data import FILE.",
    ),
}

RULES = (
    "One row is one figure: one indicator, for one area, in one period.",
    "Row 1 holds the column names; do not rename or add columns. Optional columns may be deleted.",
    "Nothing about a patient: no NHS number, date of birth, name or postcode of residence.",
    "Suppress small numbers as your organisation asks; write * for a suppressed figure.",
    "Replace the example row by your own; it is refused as it stands.",
    "Then: workbook data check FILE, and workbook data import FILE.",
    "A file is taken whole or not at all. A corrected file replaces the series it shares a period with.",
)


def write(name: str, path: str | Path) -> Path:
    """Write the template ``name`` to ``path``, which ends in .csv or .xlsx; gives the path back.

    Raises:
        UsageError: there is no template of that name, or the ending is another one.
        BadInput: there is a file at ``path`` already, or it cannot be written.
    """
    path = Path(path)
    if name not in TEMPLATES:
        raise UsageError(f"There is no template {name!r}.", f"The templates are: {', '.join(TEMPLATES)}.")
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise UsageError(
            f"{path.name} ends neither in .csv nor in .xlsx.", "Give the file one of these endings."
        )
    if path.exists():
        raise BadInput(f"{path.name} is there already and may hold your figures.", "Choose another name.")
    content = _xlsx(name) if path.suffix.lower() == ".xlsx" else _csv(name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        with contextlib.suppress(OSError):
            path.unlink()  # a full disk leaves an empty file, which the next try would not write over
        raise BadInput(
            f"{path} cannot be written: {error.strerror}.", "Choose a folder you may write in."
        ) from None
    return path


def example(name: str = "local-figures") -> list[str]:
    """The one example row of the template."""
    return [column.example for column in _COLUMNS[name].values()]


def _csv(name: str) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_COLUMNS[name])
    writer.writerow(example(name))
    # The byte-order mark makes spreadsheet programs read the pound sign as one.
    return text.getvalue().encode("utf-8-sig")


def _xlsx(name: str) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    figures = book.active
    figures.title = "figures" if name == "local-figures" else name
    figures.append(list(_COLUMNS[name]))
    figures.append(example(name))
    notes = book.create_sheet("notes")
    _fill_notes(notes, name)
    for sheet in (figures, notes):
        sheet.freeze_panes = "A2"
        for cell in sheet[1]:
            cell.font = Font(bold=True)
    for number in range(1, len(_COLUMNS[name]) + 1):
        letter = get_column_letter(number)
        figures.column_dimensions[letter].width = 18
        for row in figures.iter_rows(min_row=1, max_row=500, min_col=number, max_col=number):
            row[0].number_format = "@"  # text: a spreadsheet must not turn 2024/25 into a date
    for letter, width in (("A", 18), ("B", 12), ("C", 90), ("D", 34)):
        notes.column_dimensions[letter].width = width
    for row in notes.iter_rows(min_row=2):
        row[2].alignment = Alignment(wrap_text=True, vertical="top")
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _fill_notes(sheet: Any, template: str) -> None:
    sheet.append(["column", "needed", "what stands in it", "example"])
    for name, column in _COLUMNS[template].items():
        sheet.append([name, "always" if column.required else "if it applies", column.words, column.example])
    for number, rule in enumerate(_RULES.get(template, RULES), start=1):
        sheet.append([f"rule {number}", "", rule, ""])

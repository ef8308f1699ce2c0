"""What a batch came to: a page, a table and data over all its packs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, fields
from html import escape
from pathlib import Path
from typing import Any

from workbook.errors import BATCH_FAILED, BLOCKED, DONE
from workbook.pack import comparison, manifest
from workbook.words import MISSING, money, number, plural

# The one status word a reader sees, and what it means.
STATUS = {
    "complete": "Nothing blocks sign-off",
    "draft": "Draft: blocking findings",
    "failed": "Failed",
}
SCHEMA_VERSION = 1  # of data/summary.schema.json
FILES = ("summary.json", "summary.csv", "index.html", *comparison.FILES)
_DOCUMENTS = (
    ("plan.html", "web page"),
    ("plan.pdf", "PDF"),
    ("plan.docx", "Word"),
    ("tables.xlsx", "tables"),
    ("submission.xlsx", "submission"),
    ("case-for-change.html", "case for change"),
)


@dataclass(frozen=True)
class Row:
    """One pack of a batch. Ambition 1 in its own unit; the gap is GBP 000s in the plan's last year."""

    key: str
    code: str
    name: str
    status: str  # complete, draft, failed
    kept: bool = False  # made by an earlier run and still right
    synthetic: bool = False
    period: str = ""
    findings: int | None = None
    blocking: int | None = None
    measure: str = ""
    unit: str = ""
    baseline: float | None = None
    chosen: float | None = None
    do_nothing: float | None = None
    gap: float | None = None
    problem: str = ""
    step: str = ""  # in which it failed, and the cell of that step's notebook, counted from 1
    cell: int | None = None
    figures: dict[str, Any] = field(default_factory=dict)  # what is compared across areas


@dataclass(frozen=True)
class BatchSummary:
    """The rows of a batch in the order asked for, failures and notes with them."""

    out: Path
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

    @property
    def failed(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.status == "failed")

    @property
    def exit_code(self) -> int:
        """5 where a pack failed, else 3 where one has blocking findings, else 0."""
        statuses = {row.status for row in self.rows}
        if "failed" in statuses:
            return BATCH_FAILED
        return BLOCKED if "draft" in statuses else DONE

    def sentence(self) -> str:
        """What the person at the screen is told."""
        kept = sum(row.kept for row in self.rows)
        lines = [*self.notes, *(f"{row.code} failed: {row.problem}" for row in self.failed[:20])]
        if len(self.failed) > 20:
            lines.append(f"and {len(self.failed) - 20} more; {self.out / 'summary.csv'} names them all.")
        again = f" Kept from an earlier run: {kept}." if kept else ""
        lines.append(f"{_counted(self)}{again} {self.out / 'index.html'} shows them all.")
        return "\n".join(lines)

    def as_record(self) -> dict[str, Any]:
        """The summary as JSON-ready data."""
        counts = {status: sum(row.status == status for row in self.rows) for status in STATUS}
        return {
            "schema_version": SCHEMA_VERSION,
            "exit_code": self.exit_code,
            "counts": counts,
            "notes": list(self.notes),
            "packs": [asdict(row) for row in self.rows],
        }


def _counted(made: BatchSummary) -> str:
    """How many packs were made, are drafts, failed: "20 packs made, 3 of them a draft ..." """
    good = len(made.rows) - len(made.failed)
    draft = sum(row.status == "draft" for row in made.rows)
    words = f"{plural(good, 'pack')} made"
    if good:
        words += f", {draft or 'none'} of them a draft{' because findings block sign-off' if draft else ''}"
    return f"{words[0].upper()}{words[1:]}; {len(made.failed) or 'none'} failed."


def read_pack(folder: Path) -> dict[str, Any]:
    """What the summary tells of one pack, from its manifest and its results."""
    stated = manifest.read(folder)
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    found = {result["id"]: result for result in results["results"]}
    plan = stated["plan"]
    last = plan["last_year"]
    return {
        "status": "draft" if stated["status"] == "DRAFT" else "complete",
        "synthetic": plan["synthetic"],
        "period": plan["period"],
        "findings": plan["findings"],
        "blocking": plan["blocking"],
        **_first_ambition(found, last),
        "gap": found.get(f"budget.gap-after.{last}", {}).get("value"),
        "figures": comparison.of_results(results, stated),
    }


def _first_ambition(found: dict[str, Any], last: int) -> dict[str, Any]:
    baseline = found.get("ambition-1.baseline", {})
    if not baseline.get("unit") and baseline.get("value") is None:
        baseline = {}  # no measure is bound, and the label names none
    return {
        "measure": baseline.get("label", "").removesuffix(", baseline"),
        "unit": baseline.get("unit", ""),
        "baseline": baseline.get("value"),
        "chosen": found.get(f"ambition-1.chosen.{last}", {}).get("value"),
        "do_nothing": found.get(f"ambition-1.do-nothing.{last}", {}).get("value"),
    }


def write(out: Path, rows: Sequence[Row], notes: Iterable[str] = ()) -> BatchSummary:
    """Write the summary (page, table, data) and the comparison of all packs into the batch's folder."""
    from workbook.pack.aside import told
    from workbook.pack.comparison import files
    from workbook.plan.store import replace_file

    made = BatchSummary(out, tuple(rows), tuple(notes))
    with told(out):
        texts = (manifest.as_json(made.as_record()), "\ufeff" + table(made), page(made))
        for name, text in zip(FILES, texts, strict=False):
            replace_file(out / name, text.encode())
        files.write(out, _compared(made.rows), safe)
    return made


def _compared(rows: Sequence[Row]) -> list[comparison.Pack]:
    return [comparison.Pack(r.key, r.code, r.name, r.status, r.synthetic, r.figures) for r in rows]


def table(made: BatchSummary) -> str:
    """The rows as CSV; a cell that a spreadsheet would take for a formula is led by an apostrophe."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    names = [one.name for one in fields(Row) if one.name != "figures"]  # those are in comparison.csv
    writer.writerow(names)
    for row in made.rows:
        writer.writerow([safe(getattr(row, name)) for name in names])
    return text.getvalue()


def safe(value: Any) -> Any:
    """A cell as a spreadsheet may read it: text stays text, "no figure" is empty."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return "" if value is None else value


# --- the page -----------------------------------------------------------------


def page(made: BatchSummary) -> str:
    """The summary page: one table of every pack with links, then the failures with their reasons."""
    good = [row for row in made.rows if row.status != "failed"]
    title = f"Plan packs for {plural(len(made.rows), 'area')}"
    parts = [f"<h1>{escape(title)}</h1>", f"<p class=lead>{escape(_counted(made))}</p>"]
    if any(row.synthetic for row in good):
        parts.append(
            "<p><strong>Areas called synthetic are made up, for demonstration or teaching.</strong></p>"
        )
    parts += [f"<p>{escape(note)}</p>" for note in made.notes]
    if good:
        parts.append(
            "<p><a href=comparison.html>All plans side by side</a>: what each chose, and what stands out.</p>"
        )
        parts.append(_packs(good))
    if made.failed:
        parts.append(_failures(made.failed))
    parts.append("<p>The same figures for a spreadsheet: <a href=summary.csv>summary.csv</a>; "
                 "for a program: <a href=summary.json>summary.json</a>.</p>")  # fmt: skip
    from workbook.render.html import policy_of

    return _PAGE.format(policy=policy_of(""), title=escape(title), body="\n".join(parts))


def _packs(rows: Sequence[Row]) -> str:
    heads = ("Area", "Status", "Measure of ambition 1", "Baseline", "Chosen level", "Do nothing",
             "Money left (+) or missing (-)", "Findings", "Documents")  # fmt: skip
    body = "\n".join(_pack(row) for row in rows)
    return (
        "<div class=wide tabindex=0 role=region aria-labelledby=packs><table><caption id=packs>Every pack. "
        "Levels are for the last year of the plan, money is for the same year.</caption>"
        f"<thead><tr>{''.join(f'<th scope=col>{h}</th>' for h in heads)}</tr></thead>\n"
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def _pack(row: Row) -> str:
    name = escape(row.name) + (" (synthetic)" if row.synthetic else "")
    figures = "".join(
        f"<td class=n>{escape(_level(v))}</td>" for v in (row.baseline, row.chosen, row.do_nothing)
    )
    said = MISSING if row.findings is None else f"{row.findings}, {row.blocking or 'none'} blocking"
    unit = f" ({escape(row.unit)})" if row.unit else ""
    link = f"<a href='{escape(row.key)}/plan.html'>{name}</a>"
    return (
        f"<tr><th scope=row>{link} <small>{escape(row.code)}</small></th>"
        f"<td>{STATUS[row.status]}</td><td>{escape(row.measure or 'none bound')}{unit}</td>{figures}"
        f"<td class=n>{escape(money(row.gap))}</td><td>{said}</td><td>{_links(row)}</td></tr>"
    )


def _level(value: float | None) -> str:
    """A level to about three figures; the packs give it to the measure's own decimals."""
    size = abs(value or 0)
    return number(value, 0 if size >= 1000 else 1 if size >= 10 else 3)


def _links(row: Row) -> str:
    of = f"<span class=hidden> of {escape(row.name)}</span>"
    return ", ".join(f"<a href='{escape(row.key)}/{file}'>{label}{of}</a>" for file, label in _DOCUMENTS)


def _failures(rows: Sequence[Row]) -> str:
    body = "\n".join(
        f"<tr><th scope=row>{escape(row.name)} <small>{escape(row.code)}</small></th>"
        f"<td>{escape(_where(row))}</td><td>{escape(row.problem)}</td></tr>"
        for row in rows
    )
    return (
        "<h2>Packs that failed</h2>\n<table><caption>Each with the reason and what to do</caption>"
        "<thead><tr><th scope=col>Area</th><th scope=col>Step and cell</th><th scope=col>Reason</th></tr></thead>\n"
        f"<tbody>\n{body}\n</tbody></table>"
    )


def _where(row: Row) -> str:
    """The step and cell in which a pack failed, or that it was in none: "needs, cell 4"."""
    cell = f", cell {row.cell}" if row.cell is not None else ""
    return f"{row.step}{cell}" if row.step else "no step"


_PAGE = """<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<style>
body {{ font: 1rem/1.5 "Liberation Sans", Arial, Helvetica, sans-serif; color: #1b1f24; background: #fff;
  margin: 0 auto; padding: 1.5rem; max-width: 90rem; }}
.lead {{ font-size: 1.2rem; }}
.wide {{ overflow-x: auto; position: relative; }}
table {{ border-collapse: collapse; margin: 1rem 0 2rem; }}
caption {{ text-align: left; font-weight: bold; padding: .5rem 0; }}
th, td {{ text-align: left; vertical-align: top; padding: .4rem .8rem; border-bottom: 1px solid #8a939c; }}
thead th {{ border-bottom: 2px solid #1b1f24; }}
small {{ color: #4a535c; }}
.n {{ text-align: right; white-space: nowrap; }}
a {{ color: #0b5394; }}
a:focus, .wide:focus {{ outline: 3px solid #b45309; outline-offset: 2px; }}
.hidden {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }}
</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""

"""The comparison for a spreadsheet and for a program, and writing all of its files."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from workbook.pack.comparison import FILES, said
from workbook.pack.comparison.figures import Pack
from workbook.pack.comparison.groups import groups, money_of, purses
from workbook.pack.comparison.page import page
from workbook.words import financial_year

HEADS = ("key", "code", "name", "kind", "synthetic", "status", "subject", "figure", "measure",
         "unit", "period", "value", "stands_out")  # fmt: skip
_CREATED = datetime.datetime(2000, 1, 1)  # no clock: the same packs give the same bytes
_PLACES = "#,##0.0##"
Line = tuple[Any, ...]


def write(out: Path, packs: Sequence[Pack], safe: Callable[[Any], Any]) -> None:
    """Write the three files into the batch's folder; ``safe`` makes a cell of CSV that no spreadsheet runs."""
    from workbook.plan.store import replace_file

    made = (page(packs).encode(), ("\ufeff" + table(packs, safe)).encode(), spreadsheet(packs))
    for name, data in zip(FILES, made, strict=True):
        replace_file(out / name, data)


def table(packs: Sequence[Pack], safe: Callable[[Any], Any]) -> str:
    """One row an area and figure."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADS)
    writer.writerows([safe(value) for value in line] for line in lines(packs))
    return text.getvalue()


def lines(packs: Sequence[Pack]) -> Iterator[Line]:
    """The rows of the tidy table, in the order of the batch; a figure that is missing has its row too."""
    good = [p for p in packs if p.status != "failed"]
    apart: dict[tuple[str, str], list[str]] = {}
    for group in groups(good):
        apart |= {(key, f"ambition-{group.ambition}"): labels for key, labels in said.outside(group).items()}
    for purse in purses(good):
        apart |= {(key, "money"): labels for key, labels in said.outside(purse).items()}
    for pack in packs:
        for subject, figure, label, *rest in _figures(pack):
            out = label in apart.get((pack.key, subject), ())
            kind = pack.figures.get("kind", "")
            yield (
                pack.key,
                pack.code,
                pack.name,
                kind,
                pack.synthetic,
                pack.status,
                subject,
                figure,
                *rest,
                out,
            )


def _figures(pack: Pack) -> Iterator[Line]:
    """Subject, figure, the label under which it may stand out, measure, unit, period, value."""
    f = pack.figures
    for a in f.get("ambitions", ()):
        subject, last = f"ambition-{a['ambition']}", str(f["last_year"])
        units = {
            "baseline": a["unit"],
            "chosen": a["unit"],
            "change": a["change_unit"],
            "do_nothing": a["unit"],
        }
        for figure, unit in {**units, "plausibility": "%"}.items():
            period = {"baseline": a["baseline_period"], "change": f"{f['base_year']} to {last}"}.get(
                figure, last
            )
            yield subject, figure, said.AMBITION.get(figure, ""), a["measure"], unit, period, a[figure]
    money = f.get("money", ())
    for year, gap, spend in money:
        period = financial_year(year)
        yield "money", "left_over", "", "Left over (+) or missing (-), as planned", "£000s", period, gap
        yield "money", "spend", "", "Spend, as planned", "£000s", period, spend
    if money:
        m, last = money_of(money), financial_year(money[-1][0])
        years = f"{financial_year(money[0][0])} to {last}"
        for figure, measure, unit, period in (
            ("share", "Left over (+) or missing (-), share of spend", "%", last),
            ("total", "Left over (+) or missing (-), all years", "£000s", years),
            ("total_share", "Left over (+) or missing (-), all years, share of spend", "%", years),
        ):
            yield "money", figure, said.MONEY.get(figure, ""), measure, unit, period, m[figure]
    for step, counts in f.get("findings", {}).items():
        for severity, count in counts.items():
            yield "findings", f"{step}.{severity}", "", "Open findings", "findings", "", count


def spreadsheet(packs: Sequence[Pack]) -> bytes:
    """The comparison as an accessible workbook: what stands out, then a sheet for each subject."""
    from workbook.render.book import Cover, Sheet, written

    good = [p for p in packs if p.status != "failed"]
    every = list(lines(packs))
    sheets = [_sentences(packs, good)]
    for name, wanted in (("Ambitions", "ambition-"), ("Money", "money"), ("Findings", "findings")):
        rows = [line for line in every if line[6].startswith(wanted)]
        if rows:
            sheets.append(Sheet(name, f"{name}: one row an area and figure", (_grid(name, rows),)))
    made_up = (
        ("Areas of which column Made up says yes are synthetic.",) if any(p.synthetic for p in good) else ()
    )
    cover = Cover(
        "Plans side by side",
        (("", (f"Plans compared: {len(good)}", *made_up)), ("What stands out", (said.RULE,))),
    )
    return written(
        cover,
        sheets,
        {"title": "Plans side by side", "author": "Commissioning workbook", "created": _CREATED},
    )


def _sentences(packs: Sequence[Pack], good: Sequence[Pack]) -> Any:
    from workbook.render.book import Grid, Sheet

    found = groups(good)
    rows = [("All", line) for line in said.of_batch(packs, found)]
    if len(good) > 1:
        rows += [(said.title(group), line) for group in found for line in said.of_group(group)]
        rows += [("Money", line) for purse in purses(good) for line in said.of_purse(purse)]
    title = "What stands out, in sentences"
    return Sheet(
        "What stands out", title, (Grid("said", title, ("About", "Sentence"), tuple(rows), ("", "")),)
    )


def _grid(name: str, rows: Sequence[Line]) -> Any:
    from workbook.render.book import Grid

    heads = (
        "Area",
        "Name",
        "Kind",
        "Made up",
        "Status",
        "Subject",
        "Figure",
        "Measure",
        "Unit",
        "Period",
        "Value",
        "Stands out",
    )
    cells = tuple(tuple(_cell(value) for value in line[1:]) for line in rows)
    shapes = tuple(_PLACES if head == "Value" else "" for head in heads)
    return Grid(name.lower(), f"{name}: one row an area and figure", heads, cells, shapes)


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "not available" if value is None else value

"""The verb that compares two packs, two revisions of a plan, or two batches."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from workbook.cli.words import Verbs, say, show, verb, whole
from workbook.errors import DONE, UsageError

if TYPE_CHECKING:
    from workbook.pack.difference import Side


def compare(options: argparse.Namespace) -> int:
    """What was decided anew between two sides, and what followed; written as a report."""
    from workbook.pack import difference_batch, difference_page
    from workbook.pack.difference import difference

    a, b = options.first, options.second
    if b is not None and difference_batch.is_batch(a) and difference_batch.is_batch(b):
        runs = difference_batch.difference(a, b)
        document, record, said = (
            difference_batch.document(runs),
            runs.as_record(),
            difference_batch.said(runs),
        )
    else:
        found = difference(*_sides(options))
        document, record, said = (
            difference_page.document(found),
            found.as_record(),
            difference_page.said(found),
        )
    difference_page.write(options.out, document, record)
    if options.json:
        show(record)
    say(f"{said} The report is in {options.out}.")
    return DONE


def _sides(options: argparse.Namespace) -> tuple[Side, Side]:
    """Two packs or plans, or two revisions of one plan."""
    from workbook.cli.kept import two_plans
    from workbook.pack.difference import of_plan, side

    if options.second is not None:
        if options.since is not None or options.until is not None:
            raise UsageError("--from and --to choose revisions of one plan.", "Leave out the second one.")
        return side(options.first), side(options.second)
    if options.first.is_dir():
        raise UsageError("A pack is compared with another one.", "Give a second pack or plan.")
    options.plan, options.other = options.first, None
    old, new = two_plans(options)
    return of_plan(old, options.first.name), of_plan(new, options.first.name)


def add(verbs: Verbs) -> None:
    """The verb, with its words."""
    parser = verb(
        verbs,
        "compare",
        compare,
        "report what changed between two packs, revisions or batches, and what followed",
    )
    parser.add_argument("first", type=Path, metavar="A", help="a pack, a plan or the folder of a batch")
    parser.add_argument(
        "second", type=Path, nargs="?", metavar="B", help="the other; without it two revisions of the plan A"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder of the report")
    parser.add_argument(
        "--from",
        dest="since",
        type=whole(0, 10**9),
        metavar="N",
        help="the earlier revision; the one before --to",
    )
    parser.add_argument(
        "--to", dest="until", type=whole(0, 10**9), metavar="N", help="the later revision; the newest"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")

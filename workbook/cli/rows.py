"""Verbs that take lists of a plan out to spreadsheets and bring them back."""

from __future__ import annotations

import argparse
from pathlib import Path

from workbook.cli.words import Verbs, say, show, verb
from workbook.errors import DONE


def rows_export(options: argparse.Namespace) -> int:
    """Take the lists of a plan out."""
    from workbook.guide.bringing import rows
    from workbook.plan import store

    made = rows.write_out(store.read(options.plan), options.out, options.only)
    say(f"{options.out}: {made}. Bring it back with 'workbook rows import {options.plan} {options.out}'.")
    return DONE


def rows_import(options: argparse.Namespace) -> int:
    """Bring lists into a plan, all rows or none."""
    from workbook.guide.bringing import rows

    done = rows.take(
        options.plan,
        options.files,
        update=options.update,
        dry_run=options.dry_run,
        survey=options.as_format == "responses",
    )
    if options.json:
        show(done.as_record())
    for sentence in done.sentences():
        say(sentence)
    return done.exit_code


def rows_template(options: argparse.Namespace) -> int:
    """Write the empty lists to fill in."""
    from workbook.guide.bringing import rows

    say(
        f"{options.out}: {rows.write_out(None, options.out, options.only)}. The sheet 'notes' explains each column."
    )
    return DONE


def add(verbs: Verbs) -> None:
    """The verbs on lists, with their words."""
    words = "bring the lists of a plan in from a spreadsheet, or take them out"
    parser = verbs.add_parser("rows", help=words, description=words)
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    parser = verb(
        actions, "export", rows_export, "take the lists of a plan out to a spreadsheet or CSV files"
    )
    parser.add_argument("plan", type=Path)
    _out_words(parser)
    parser = verb(actions, "import", rows_import, "bring lists into a plan, each file whole or not at all")
    parser.add_argument("plan", type=Path)
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--update", action="store_true", help="add and change rows; take none out")
    parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    parser.add_argument(
        "--as",
        dest="as_format",
        choices=["responses"],
        help="read them as scores of the scope from a survey tool",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser = verb(actions, "template", rows_template, "write the empty lists, with notes on every column")
    _out_words(parser)


def _out_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help="FILE.xlsx, or a folder for one CSV file a list",
    )
    parser.add_argument(
        "--only", nargs="+", action="extend", default=[], metavar="NAME", help="only these lists"
    )

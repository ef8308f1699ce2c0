"""Verbs on figures: what is on hand, bringing more in, trying them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from workbook.cli.words import Verbs, say, show, verb, whole
from workbook.errors import DONE, BadInput

if TYPE_CHECKING:
    from workbook.reference import Reference


def data_list(options: argparse.Namespace) -> int:
    """The figures on hand, or the whole catalogue."""
    from workbook.reference import Reference

    reference = Reference.open()
    held = set(reference.available())
    indicators = [i for i in reference.indicators() if i.id in held or options.all]
    if options.json:
        from dataclasses import asdict

        show({"indicators": [asdict(i) for i in indicators], "imports": reference.imports()})
        return DONE
    for indicator in indicators:
        print(f"{indicator.id:<34} {indicator.name} ({indicator.unit or 'no unit'})")
    for taken in reference.imports():
        say(f"imported: {taken.get('file', '')} ({taken.get('format', '')})")
    return DONE


def data_check(options: argparse.Namespace) -> int:
    """Every fault of a file; without a file, where shipped figures contradict themselves."""
    from workbook.reference import Reference, importers
    from workbook.words import plural

    if options.file is None:
        return _check_printed(Reference.open())
    report = importers.check(options.file, Reference.open(), options.as_format)
    for fault in report.faults:
        print(f"{fault.severity}: {fault}")
    refusing = sum(fault.severity == "refuses" for fault in report.faults)
    warnings = len(report.faults) - refusing
    say(f"{options.file}: {report.format}, {plural(report.rows, 'row')}. {_verdict(refusing, warnings)}")
    return BadInput.exit_code if refusing else DONE


def _verdict(refusing: int, warnings: int) -> str:
    """Whether a file would be taken, in words."""
    from workbook.words import plural

    said = plural(warnings, "warning") if warnings else "no warnings"
    if not refusing:
        return f"No fault stands in the way of importing it ({said})."
    stands = "stands" if refusing == 1 else "stand"
    return f"{plural(refusing, 'fault')} {stands} in the way of importing it ({said}); nothing of it would be taken."


def _check_printed(reference: Reference) -> int:
    from workbook.reference import printed
    from workbook.words import plural

    found = printed.contradictions(reference)
    for contradiction in found:
        print(f"{contradiction.where}: {contradiction.sentence} ({contradiction.source})")
    say(
        f"{plural(len(found), 'contradiction')} in the figures that ship as printed, or between them and imported ones. "
        "They are said and not mended."
    )
    return DONE


def data_import(options: argparse.Namespace) -> int:
    """Take files, each whole or not at all."""
    from workbook.reference import Reference, importers

    for report in importers.take(options.files, Reference.open(), options.as_format):
        say(
            f"{report.file}: {'taken' if report.taken else 'not taken again'} as {report.format}, {report.rows} rows."
        )
        for sentence in report.said:
            say(f"  {sentence}")
        for fault in report.faults:
            say(f"  {fault.severity}: {fault}")
    return DONE


def data_update(options: argparse.Namespace) -> int:
    """Current figures from the publishers' open services."""
    from workbook.reference import Reference
    from workbook.reference.update import update

    made = update(
        Reference.open(),
        options.areas,
        only=options.only,
        source=options.source,
        mirror=options.mirror,
        say=say,
    )
    if options.json:
        show(made.as_record())
    say(made.sentence())
    return made.exit_code


def data_compose(options: argparse.Namespace) -> int:
    """Put an area together from others."""
    from workbook.reference import Reference, composition

    reference = Reference.open()
    say(composition.write(reference, options.code, options.name, options.members))
    code = reference.area(options.code).code
    refused = reference.refused(code)
    for id in reference.available(code):
        print(f"{id:<34} {reference.indicator(id).name}")
    for id, reason in refused.items():
        say(f"refused: {id}: {reason}")
    return DONE


def data_template(options: argparse.Namespace) -> int:
    """Write a template for figures or lists of one's own."""
    from workbook.reference import template

    out = options.out or Path(f"{options.name}.csv")
    template.write(options.name, out)
    say(
        f"{out} is a template with one example row; replace the row by your figures and bring it with 'workbook data import {out}'."
    )
    return DONE


def data_backtest(options: argparse.Namespace) -> int:
    """Try the do-nothing line on the past of imported figures."""
    from workbook.reference import Reference, backtest

    table = backtest.measure(Reference.open(), options.series, options.horizon, say=say)
    if options.json:
        show({"series": table.to_dict("records"), "sentence": backtest.verdict(table, options.horizon)})
    elif len(table):
        print(backtest.printed(table))
        print()
        print(backtest.verdict(table, options.horizon))
    else:
        say(backtest.verdict(table, options.horizon))
    return DONE


def add(verbs: Verbs) -> None:
    """The verbs on figures, with their words."""
    parser = verbs.add_parser(
        "data", help="list, check and import figures", description="list, check and import figures"
    )
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    parser = verb(actions, "list", data_list, "list the figures on hand")
    parser.add_argument("--all", action="store_true", help="the whole catalogue, figures on hand or not")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser = verb(actions, "check", data_check, "say every fault of a file, and take nothing")
    parser.add_argument("file", type=Path, nargs="?", help="without one: the figures that ship as printed")
    parser.add_argument("--as", dest="as_format", metavar="FORMAT", help="read it as this format")
    parser = verb(actions, "import", data_import, "take files, each whole or not at all")
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--as", dest="as_format", metavar="FORMAT", help="read them as this format")
    parser = verb(actions, "update", data_update, "bring current figures from the publishers' open services")
    parser.add_argument("areas", nargs="*", metavar="AREA", help="without one: what was brought before")
    parser.add_argument(
        "--only", nargs="+", action="extend", default=[], metavar="ID", help="only these indicators"
    )
    parser.add_argument("--source", help="only this publisher: fingertips or ons")
    parser.add_argument("--mirror", metavar="ADDRESS", help="ask this address instead of the publishers")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser = verb(actions, "compose", data_compose, "put an area together from others")
    parser.add_argument("code", help="a code of your own for the whole, such as CLUSTER-NORTH")
    parser.add_argument("name", help="its name, as pages and documents will print it")
    parser.add_argument("members", nargs="+", metavar="MEMBER", help="codes of the areas it is made of")
    parser = verb(actions, "backtest", data_backtest, "try the do-nothing line on the past of your figures")
    parser.add_argument("--series", nargs="+", default=[], metavar="ID", help="only these measures")
    parser.add_argument("--horizon", type=whole(1, 15), default=5, metavar="N", help="years ahead (5)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser = verb(actions, "template", data_template, "write the template for figures of your own")
    parser.add_argument("name", nargs="?", default="local-figures")
    parser.add_argument("--out", type=Path, metavar="FILE", help="NAME.csv or NAME.xlsx")

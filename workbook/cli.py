"""The command line: verbs only.

Each verb parses its words, calls one function of the package and prints what
comes back. Results go to stdout, messages and progress to stderr. Heavy
imports stand inside the verbs, so that ``workbook --help`` answers at once.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from workbook import __version__
from workbook.errors import BLOCKED, DONE, FAULT, USAGE, BadInput, UsageError, WorkbookError
from workbook.reference.areas import LISTED_ON

if TYPE_CHECKING:
    from workbook.plan import Plan
    from workbook.reference import Reference


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code (0 done, 1 fault, 2 usage, 3 blocked, 4 bad input, 5 batch)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a name the terminal has no letters for is no fault
            stream.reconfigure(errors="backslashreplace")
    try:
        options = _parser().parse_args(_spread(sys.argv[1:] if arguments is None else arguments))
        return options.verb(options)
    except WorkbookError as error:
        say(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        say("Stopped.")
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return DONE
    except Exception as error:  # the last resort: a sentence, and the details in a file
        return _fault(error)


def _spread(words: Sequence[str]) -> list[str]:
    """``--bind 1=a 3=b`` as ``--bind 1=a --bind 3=b``; argparse would take the words after it too."""
    spread: list[str] = []
    binding = False
    for word in words:
        binding = word == "--bind" or (binding and "=" in word and not word.startswith("-"))
        if binding and word != "--bind":
            spread += ["--bind", word]
        elif not binding:
            spread.append(word)
    return spread if words and words[-1] != "--bind" else [*spread, "--bind"]


def say(message: str) -> None:
    """A message for the person at the screen."""
    print(message, file=sys.stderr)


def show(data: Any) -> None:
    """A result for a program."""
    letters = (sys.stdout.encoding or "").lower().startswith("utf")
    print(json.dumps(data, ensure_ascii=not letters, indent=1))


def _fault(error: Exception) -> int:
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="workbook-fault-", suffix=".txt", delete=False) as file:
        traceback.print_exception(error, file=file)
    say(
        f"The workbook met a fault of its own ({type(error).__name__}). Nothing was lost. Details are in {file.name}."
    )
    return FAULT


# --- verbs --------------------------------------------------------------------


def demo(options: argparse.Namespace) -> int:
    from workbook.pack import build
    from workbook.paths import plans, shipped
    from workbook.plan import store

    source = shipped("data") / "demo" / "demo.plan.json"
    pack = build(source, options.out)
    say(
        f"The demonstration pack is in {pack.out} ({pack.seconds:.0f} s). Its figures are synthetic: made up."
    )
    plan = plans() / "demonstration.plan.json"
    if not plan.exists():
        store.replace_file(plan, source.read_bytes())
    if options.no_serve:
        return pack.exit_code
    return _serve(plan, options)


def open_(options: argparse.Namespace) -> int:
    return _serve(options.plan, options)


def _serve(plan: Path | None, options: argparse.Namespace) -> int:
    from workbook.guide import access
    from workbook.guide.serve import serve

    door = access.door(options.host, ask=options.token, base=options.base) if "host" in options else None
    serve(plan, port=options.port, open_browser=not options.no_browser, door=door)
    return DONE


def lab(options: argparse.Namespace) -> int:
    from workbook.guide.lab import lab as run_lab

    run_lab(port=options.port, open_browser=not options.no_browser)
    return DONE


def areas(options: argparse.Namespace) -> int:
    from workbook.reference import Reference

    reference = Reference.open()
    found = reference.areas(kind=options.kind, find=options.find, on=_listed_on(options.on))
    if options.json:
        from dataclasses import asdict

        show([asdict(area) | {"members": reference.members(area.code)} for area in found])
    else:
        for area in found:
            print(f"{area.code:<12} {area.kind:<10} {area.name}")
    if not found:
        say("No area fits. 'workbook areas' lists them all; 'workbook data import' adds those of a file.")
    return DONE


def _listed_on(day: str) -> str | None:
    """The day the list of areas is for; None for every area of any time."""
    from datetime import date

    if day == "any":
        return None
    try:
        return date.fromisoformat(day).isoformat()
    except ValueError:
        raise UsageError(f"--on {day} is no date.", "Write it as 2026-04-01, or 'any'.") from None


def new(options: argparse.Namespace) -> int:
    from workbook.plan import store
    from workbook.reference import Reference
    from workbook.steps.new import new_plan

    if not options.out.name.endswith(store.SUFFIX):
        raise UsageError(f"{options.out.name} is no name for a plan.", f"Let it end in {store.SUFFIX}.")
    plan = new_plan(
        options.area,
        Reference.open(),
        pattern=store.read(options.pattern) if options.pattern else None,
        base_year=options.base_year,
        horizon=options.horizon,
        bind=_bindings(options.bind),
    )
    store.create(plan, options.out)
    say(
        f"{options.out} is a plan for {plan.area.name}, base year {plan.base_year}, {plan.horizon} years ahead."
    )
    return DONE


def check(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    from workbook.plan import store
    from workbook.reference import Reference
    from workbook.steps import thread
    from workbook.words import plural

    found = thread.findings(store.read(options.plan), Reference.open())
    if options.json:
        show([asdict(finding) for finding in found])
    else:
        for finding in found:
            print(f"{thread.SEVERITIES[finding.severity]}: {finding.sentence} {finding.remedy}")
    blocking = sum(finding.severity == "blocks" for finding in found)
    said = plural(len(found), "finding").capitalize()
    say(f"{said}, {blocking or 'none'} of them blocking." if found else f"{said}.")
    return BLOCKED if blocking else DONE


def history(options: argparse.Namespace) -> int:
    from workbook.plan import history as kept
    from workbook.words import day, plural

    if options.back_to is not None:
        plan = kept.back_to(options.plan, options.back_to)
        say(
            f"Revision {options.back_to} is the newest again, as revision {plan.revision}. All others are kept."
        )
        return DONE
    found = kept.entries(options.plan)
    if options.json:
        from dataclasses import asdict

        show([asdict(entry) | {"at": entry.at.isoformat() if entry.at else None} for entry in found])
        return DONE
    for entry in found:
        when = f"{day(entry.at)} {entry.at:%H:%M} UTC" if entry.at else ""
        who = f"{entry.by or 'nobody named'}{'' if entry.verified or not entry.by else ' (unverified)'}"
        print(f"{entry.revision:>6}  {entry.problem or f'{when:<28}{who}'}")
    say(
        f"{plural(len(found), 'revision')}. 'workbook differences {options.plan} --to N' says what one changed."
    )
    return DONE


def differences(options: argparse.Namespace) -> int:
    from workbook.plan import difference

    old, new = _two_plans(options)
    found = difference.difference(old, new)
    if options.json:
        from dataclasses import asdict

        show([asdict(change) | {"said": difference.said(change)} for change in found])
    else:
        for change in found:
            print(difference.said(change))
    say(difference.summary(found) if len(found) != 1 else "1 change.")
    return DONE


def _two_plans(options: argparse.Namespace) -> tuple[Plan, Plan]:
    """The plans to compare: two files, or two revisions of one, the newest with the one before it unless given."""
    from workbook.plan import history as kept
    from workbook.plan import store

    if options.other is not None:
        if options.since is not None or options.until is not None:
            raise UsageError("--from and --to choose revisions of one plan.", "Leave out the second file.")
        return store.read(options.plan), store.read(options.other)
    numbers = [entry.revision for entry in kept.entries(options.plan)]
    until = options.until if options.until is not None else numbers[0]
    before = [number for number in numbers if number < until]
    if options.since is None and not before:
        raise BadInput(f"There is no revision before {until}.", "Give another, or two files.")
    since = options.since if options.since is not None else before[0]
    return kept.plan_at(options.plan, since), kept.plan_at(options.plan, until)


def names(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    from workbook.plan import names as people
    from workbook.plan import store
    from workbook.words import plural

    if options.remove and not options.remove_all:
        return _forget(options, options.remove)
    found, past = people.named(store.read(options.plan)), people.earlier(options.plan)
    if options.remove_all:
        left = sum(not person.sure for person in found)
        if left:
            say(
                f"{plural(left, 'name')} in fields for a role or a group left alone: remove any with --remove NAME."
            )
        return _forget(options, [*options.remove, *(p.name for p in found if p.sure), *past])
    if options.packs:
        raise UsageError("--packs goes with a name to remove.", "Add --remove NAME or --remove-all.")
    if options.json:
        show({"names": [asdict(person) for person in found], "earlier": past})
        return DONE
    for sure, heading in ((True, "Named as people:"), (False, "In fields for a role or a group:")):
        if told := [person for person in found if person.sure is sure]:
            print(heading)
        for person in told:
            print(f"  {person.name}: {_places(person.places)}")
    if past:
        print("In earlier revisions only:")
    for name in past:
        print(f"  {name}")
    if not found and not past:
        say("Nobody is named in this plan.")
    return DONE


def _places(places: Sequence[str]) -> str:
    from workbook.words import plural

    shown = "; ".join(places[:3])
    return shown if len(places) <= 3 else f"{shown}; and {plural(len(places) - 3, 'other place')}"


def _forget(options: argparse.Namespace, away: Sequence[str]) -> int:
    from dataclasses import asdict

    from workbook.plan import names as people
    from workbook.words import plural

    if not away:
        say("Nobody is named in a field that asks for a person.")
        return DONE
    done = people.forget(options.plan, away)
    gone = people.delete_packs(options.plan) if options.packs else []
    packs = people.packs(options.plan)
    if options.json:
        show(asdict(done) | {"packs": list(map(str, packs)), "packs_deleted": list(map(str, gone))})
    say(
        f"Taken out of {plural(done.places, 'place')}; {plural(done.revisions, 'kept revision')} rewritten."
        if done.places
        else "No such name stands in this plan or in what is kept of it."
    )
    for file in done.left:
        say(f"{file} is damaged and could not be searched: delete it if it may hold a name.")
    for pack in packs:
        say(f"{pack} was made before and may hold a name: make the pack again, or delete it with --packs.")
    for pack in gone:
        say(f"{pack} was deleted.")
    say("Packs, prints and copies made elsewhere are not known here and were not touched.")
    return BadInput.exit_code if done.left else DONE


def pack(options: argparse.Namespace) -> int:
    from workbook.pack import build

    made = build(options.plan, options.out)
    if options.json:
        show(made.as_record())
    draft = " It is marked DRAFT: blocking findings are open." if made.exit_code == BLOCKED else ""
    say(f"The pack is in {made.out} ({len(made.files)} files, {made.seconds:.0f} s).{draft}")
    return made.exit_code


def verify(options: argparse.Namespace) -> int:
    from workbook.pack.verify import verify as compare

    found = compare(options.dir)
    for word, names in (("altered", found.altered), ("missing", found.missing), ("added", found.added)):
        for name in names:
            print(f"{word}: {name}")
    if found.altered or found.missing or found.added:
        raise BadInput(
            f"{options.dir} is not as its manifest says.", "Make the pack again, or find out who changed it."
        )
    say(f"{options.dir} is as its manifest says.")
    return DONE


def batch(options: argparse.Namespace) -> int:
    from workbook.pack.batch import batch as run

    if options.dask:
        raise UsageError(
            "This version runs a batch on one machine.", "Leave out --dask; --workers sets how many at once."
        )
    summary = run(
        areas=options.areas,
        kind=options.kind,
        plans=options.plans,
        out=options.out,
        pattern=options.pattern,
        base_year=options.base_year,
        horizon=options.horizon,
        bind=_bindings(options.bind),
        workers=options.workers,
        resume=options.resume,
    )
    if options.json:
        show(summary.as_record())
    say(summary.sentence())
    return summary.exit_code


def data_list(options: argparse.Namespace) -> int:
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
    from workbook.reference import template

    out = options.out or Path(f"{options.name}.csv")
    template.write(options.name, out)
    say(
        f"{out} is a template with one example row; replace the row by your figures and bring it with 'workbook data import {out}'."
    )
    return DONE


def data_backtest(options: argparse.Namespace) -> int:
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


def rows_export(options: argparse.Namespace) -> int:
    from workbook.guide import rows
    from workbook.plan import store

    made = rows.write_out(store.read(options.plan), options.out, options.only)
    say(f"{options.out}: {made}. Bring it back with 'workbook rows import {options.plan} {options.out}'.")
    return DONE


def rows_import(options: argparse.Namespace) -> int:
    from workbook.guide import rows

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
    from workbook.guide import rows

    say(
        f"{options.out}: {rows.write_out(None, options.out, options.only)}. The sheet 'notes' explains each column."
    )
    return DONE


def teach(options: argparse.Namespace) -> int:
    from workbook.teach import desk, lessons

    if options.action == "list":
        for lesson in lessons.list_lessons():
            print(f"{lesson.id:<24} {lesson.title} ({lesson.minutes} minutes)")
        return DONE
    desk.serve(options.lesson, port=options.port, open_browser=not options.no_browser)
    return DONE


def _bindings(pairs: Sequence[str]) -> dict[int, str]:
    """``AMBITION=INDICATOR`` as typed, the ambition as its number."""
    bound = {}
    for pair in pairs:
        number, _, indicator = pair.partition("=")
        digits = number.strip().lower().removeprefix("ambition").strip(" -")
        if not indicator.strip() or digits not in set("1234567"):
            raise UsageError(
                f"--bind {pair} does not fit.",
                "Write it as 1=treatable-mortality: an ambition from 1 to 7, then an indicator.",
            )
        bound[int(digits)] = indicator.strip()
    return bound


# --- words of the command line ------------------------------------------------


_Verbs: TypeAlias = "argparse._SubParsersAction[_Parser]"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:  # argparse exits by itself; its words and code are kept
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="workbook",
        description="The commissioning workbook: plan health and care for an area, five years ahead.",
    )
    parser.add_argument("--version", action="version", version=f"workbook {__version__}")
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    _guide_verbs(verbs)
    _plan_verbs(verbs)
    _history_verbs(verbs)
    _pack_verbs(verbs)
    _data_verbs(verbs)
    _rows_verbs(verbs)
    _teach_verbs(verbs)
    return parser


def _verb(verbs: _Verbs, name: str, action: Callable[[argparse.Namespace], int], help: str) -> _Parser:
    parser = verbs.add_parser(name, help=help, description=help)
    parser.set_defaults(verb=action)
    return parser


def _whole(least: int, most: int) -> Callable[[str], int]:
    """A type of word: a whole number within limits, both included."""

    def number(word: str) -> int:
        try:
            if least <= int(word) <= most:
                return int(word)
        except ValueError:
            pass
        raise argparse.ArgumentTypeError(f"{word} is no whole number from {least} to {most}")

    return number


def _server_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port", type=_whole(0, 65_535), default=0, help="port on this machine; a free one unless given"
    )
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")


def _door_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="address to listen on; any but this machine's own asks for a token",
    )
    parser.add_argument(
        "--token",
        action="store_true",
        help="ask for a token: that of WORKBOOK_TOKEN, or one made and printed",
    )
    parser.add_argument(
        "--base", default="/", metavar="PATH", help="path under which a proxy passes visitors on"
    )


def _guide_verbs(verbs: _Verbs) -> None:
    parser = _verb(verbs, "demo", demo, "make the demonstration pack, then open the guided workbook")
    parser.add_argument("--no-serve", action="store_true", help="stop when the pack is written")
    parser.add_argument(
        "--out", type=Path, default=Path("packs") / "demo", help="where the pack goes (packs/demo)"
    )
    _server_words(parser)
    parser = _verb(verbs, "open", open_, "open the guided workbook")
    parser.add_argument(
        "plan", type=Path, nargs="?", help="a plan; without it the start page offers a choice"
    )
    _server_words(parser)
    _door_words(parser)
    _server_words(_verb(verbs, "lab", lab, "open the notebooks in JupyterLab"))


def _plan_verbs(verbs: _Verbs) -> None:
    parser = _verb(verbs, "areas", areas, "list the areas that are known")
    parser.add_argument(
        "--kind",
        help="only areas of one kind: icb, ccg, sub-icb, la, region, country, place, composed, synthetic",
    )
    parser.add_argument("--find", help="only areas whose name or code holds this text")
    parser.add_argument(
        "--on",
        default=LISTED_ON,
        metavar="DATE",
        help=f"areas as they were on a day, or 'any' ({LISTED_ON}: the year of the shipped figures)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser = _verb(verbs, "new", new, "make a plan for an area")
    parser.add_argument("area", help="area code")
    parser.add_argument("--out", type=Path, required=True, help="NAME.plan.json")
    _pattern_words(parser)
    parser = _verb(verbs, "check", check, "say what is broken or doubtful in a plan")
    parser.add_argument("plan", type=Path)
    parser.add_argument("--json", action="store_true", help="print JSON")


def _history_verbs(verbs: _Verbs) -> None:
    parser = _verb(verbs, "history", history, "list the revisions of a plan, or go back to one")
    parser.add_argument("plan", type=Path)
    parser.add_argument(
        "--back-to", type=_whole(0, 10**9), metavar="N", help="save this revision as the newest; none is lost"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser = _verb(verbs, "differences", differences, "say what differs between two revisions or two plans")
    parser.add_argument("plan", type=Path)
    parser.add_argument(
        "other", type=Path, nargs="?", help="a second plan; without it two revisions of the first"
    )
    parser.add_argument(
        "--from",
        dest="since",
        type=_whole(0, 10**9),
        metavar="N",
        help="the earlier revision; the one before --to",
    )
    parser.add_argument(
        "--to", dest="until", type=_whole(0, 10**9), metavar="N", help="the later revision; the newest"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser = _verb(verbs, "names", names, "list the people named in a plan, or remove their names")
    parser.add_argument("plan", type=Path)
    parser.add_argument(
        "--remove",
        nargs="+",
        action="extend",
        default=[],
        metavar="NAME",
        help="take these names out of the plan and of every revision kept of it",
    )
    parser.add_argument(
        "--remove-all", action="store_true", help="every name in a field that asks for a person"
    )
    parser.add_argument("--packs", action="store_true", help="delete the packs made of it from its page")
    parser.add_argument("--json", action="store_true", help="print JSON")


def _pattern_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="pattern", type=Path, metavar="PLAN", help="a plan to make it from")
    parser.add_argument(
        "--base-year",
        type=_whole(1990, 2100),
        metavar="Y",
        help="the year the plan starts from; the latest figures unless given",
    )
    parser.add_argument("--horizon", type=_whole(1, 15), metavar="N", help="years ahead (5)")
    parser.add_argument(
        "--bind",
        action="append",
        default=[],
        metavar="AMBITION=INDICATOR",
        help="the measure of an ambition, for instance 1=treatable-mortality",
    )


def _pack_verbs(verbs: _Verbs) -> None:
    parser = _verb(verbs, "pack", pack, "make the pack of a plan: documents, tables, notebooks")
    parser.add_argument("plan", type=Path)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser = _verb(verbs, "verify", verify, "compare a pack with its manifest")
    parser.add_argument("dir", type=Path)
    parser = _verb(verbs, "batch", batch, "make the packs of many areas or plans")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--areas", type=Path, metavar="FILE", help="one code a line, or CSV with a column 'area'"
    )
    what.add_argument("--kind", help="every area of one kind")
    what.add_argument("--plans", metavar="GLOB", help="plans that are there already")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    _pattern_words(parser)
    parser.add_argument(
        "--workers", type=_whole(1, 1000), metavar="N", help="packs at a time; one a core unless given"
    )
    parser.add_argument("--dask", metavar="ADDRESS", help="a Dask scheduler (not in this version)")
    parser.add_argument("--resume", action="store_true", help="keep the packs that are whole and go on")
    parser.add_argument("--json", action="store_true", help="print JSON")


def _data_verbs(verbs: _Verbs) -> None:
    parser = verbs.add_parser(
        "data", help="list, check and import figures", description="list, check and import figures"
    )
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    parser = _verb(actions, "list", data_list, "list the figures on hand")
    parser.add_argument("--all", action="store_true", help="the whole catalogue, figures on hand or not")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser = _verb(actions, "check", data_check, "say every fault of a file, and take nothing")
    parser.add_argument("file", type=Path, nargs="?", help="without one: the figures that ship as printed")
    parser.add_argument("--as", dest="as_format", metavar="FORMAT", help="read it as this format")
    parser = _verb(actions, "import", data_import, "take files, each whole or not at all")
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--as", dest="as_format", metavar="FORMAT", help="read them as this format")
    parser = _verb(actions, "update", data_update, "bring current figures from the publishers' open services")
    parser.add_argument("areas", nargs="*", metavar="AREA", help="without one: what was brought before")
    parser.add_argument(
        "--only", nargs="+", action="extend", default=[], metavar="ID", help="only these indicators"
    )
    parser.add_argument("--source", help="only this publisher: fingertips or ons")
    parser.add_argument("--mirror", metavar="ADDRESS", help="ask this address instead of the publishers")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser = _verb(actions, "compose", data_compose, "put an area together from others")
    parser.add_argument("code", help="a code of your own for the whole, such as CLUSTER-NORTH")
    parser.add_argument("name", help="its name, as pages and documents will print it")
    parser.add_argument("members", nargs="+", metavar="MEMBER", help="codes of the areas it is made of")
    parser = _verb(actions, "backtest", data_backtest, "try the do-nothing line on the past of your figures")
    parser.add_argument("--series", nargs="+", default=[], metavar="ID", help="only these measures")
    parser.add_argument("--horizon", type=_whole(1, 15), default=5, metavar="N", help="years ahead (5)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser = _verb(actions, "template", data_template, "write the template for figures of your own")
    parser.add_argument("name", nargs="?", default="local-figures")
    parser.add_argument("--out", type=Path, metavar="FILE", help="NAME.csv or NAME.xlsx")


def _rows_verbs(verbs: _Verbs) -> None:
    words = "bring the lists of a plan in from a spreadsheet, or take them out"
    parser = verbs.add_parser("rows", help=words, description=words)
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    parser = _verb(
        actions, "export", rows_export, "take the lists of a plan out to a spreadsheet or CSV files"
    )
    parser.add_argument("plan", type=Path)
    _out_words(parser)
    parser = _verb(actions, "import", rows_import, "bring lists into a plan, each file whole or not at all")
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
    parser = _verb(actions, "template", rows_template, "write the empty lists, with notes on every column")
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


def _teach_verbs(verbs: _Verbs) -> None:
    parser = _verb(verbs, "teach", teach, "list the lessons, or open one")
    actions = parser.add_subparsers(metavar="ACTION", required=True, dest="action")
    actions.add_parser("list", help="list the lessons")
    served = actions.add_parser("serve", help="open a lesson in the browser")
    served.add_argument("lesson", nargs="?", help="which lesson; without it a page lists them")
    _server_words(served)


if __name__ == "__main__":
    sys.exit(main())

"""Verbs on a plan: areas to make one for, a new one, its findings."""

from __future__ import annotations

import argparse
from pathlib import Path

from workbook.cli.pattern import bindings, pattern_words
from workbook.cli.words import Verbs, say, show, verb
from workbook.errors import BLOCKED, DONE, UsageError
from workbook.reference.areas import LISTED_ON


def areas(options: argparse.Namespace) -> int:
    """The areas that are known."""
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
    """A new plan for an area."""
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
        bind=bindings(options.bind),
    )
    store.create(plan, options.out)
    say(
        f"{options.out} is a plan for {plan.area.name}, base year {plan.base_year}, {plan.horizon} years ahead."
    )
    return DONE


def check(options: argparse.Namespace) -> int:
    """What is broken or doubtful in a plan."""
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


def add(verbs: Verbs) -> None:
    """The verbs on plans and areas, with their words."""
    parser = verb(verbs, "areas", areas, "list the areas that are known")
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
    parser = verb(verbs, "new", new, "make a plan for an area")
    parser.add_argument("area", help="area code")
    parser.add_argument("--out", type=Path, required=True, help="NAME.plan.json")
    pattern_words(parser)
    parser = verb(verbs, "check", check, "say what is broken or doubtful in a plan")
    parser.add_argument("plan", type=Path)
    parser.add_argument("--json", action="store_true", help="print JSON")

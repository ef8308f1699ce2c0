"""Verbs on what is kept of a plan: its history, the differences between two, the names in it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from workbook.cli.words import Verbs, say, show, verb, whole
from workbook.errors import DONE, BadInput, UsageError

if TYPE_CHECKING:
    from workbook.plan import Plan


def history(options: argparse.Namespace) -> int:
    """The revisions of a plan, or the way back to one."""
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
    """What differs between two revisions or two plans."""
    from workbook.plan import difference

    old, new = two_plans(options)
    found = difference.difference(old, new)
    if options.json:
        from dataclasses import asdict

        show([asdict(change) | {"said": difference.said(change)} for change in found])
    else:
        for change in found:
            print(difference.said(change))
    say(difference.summary(found) if len(found) != 1 else "1 change.")
    return DONE


def two_plans(options: argparse.Namespace) -> tuple[Plan, Plan]:
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
    """Who is named in a plan, or names taken out of all that is kept of it."""
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


def add(verbs: Verbs) -> None:
    """The verbs on what is kept, with their words."""
    parser = verb(verbs, "history", history, "list the revisions of a plan, or go back to one")
    parser.add_argument("plan", type=Path)
    parser.add_argument(
        "--back-to", type=whole(0, 10**9), metavar="N", help="save this revision as the newest; none is lost"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser = verb(verbs, "differences", differences, "say what differs between two revisions or two plans")
    parser.add_argument("plan", type=Path)
    parser.add_argument(
        "other", type=Path, nargs="?", help="a second plan; without it two revisions of the first"
    )
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
    parser = verb(verbs, "names", names, "list the people named in a plan, or remove their names")
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

"""Verbs that make and check packs."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from workbook.cli.pattern import bindings, pattern_words
from workbook.cli.words import Verbs, say, show, verb, whole
from workbook.errors import BLOCKED, DONE, BadInput


def _styled(path: Path | None) -> None:
    """Let this process and those it starts draw documents in a house style, once it is known to be one."""
    from workbook.render import house

    if path is not None:
        os.environ[house.VARIABLE] = str(path.resolve())
    house.current()


def pack(options: argparse.Namespace) -> int:
    """The pack of a plan."""
    from workbook.pack import build

    _styled(options.style)
    made = build(options.plan, options.out)
    if options.json:
        show(made.as_record())
    draft = " It is marked DRAFT: blocking findings are open." if made.exit_code == BLOCKED else ""
    say(f"The pack is in {made.out} ({len(made.files)} files, {made.seconds:.0f} s).{draft}")
    return made.exit_code


def verify(options: argparse.Namespace) -> int:
    """What of a pack, or of every pack of a batch, was altered, is missing or was added."""
    from workbook.pack.verify import verify_all as compare_all

    found = compare_all(options.dir)
    if options.json:
        show(found.as_record())
    else:
        for line in found.lines():
            print(line)
    if not found.whole:
        raise BadInput(found.sentence(), found.remedy())
    say(found.sentence())
    return DONE


def batch(options: argparse.Namespace) -> int:
    """The packs of many areas, several at a time."""
    from workbook.pack.batch import batch as run

    _styled(options.style)
    executor = None
    if options.dask:
        from workbook.pack import cluster

        executor = cluster.executor(options.dask)
    summary = run(
        timeout=options.timeout,
        areas=options.areas,
        kind=options.kind,
        plans=options.plans,
        out=options.out,
        pattern=options.pattern,
        base_year=options.base_year,
        horizon=options.horizon,
        bind=bindings(options.bind),
        workers=options.workers,
        resume=options.resume,
        executor=executor,
    )
    if options.json:
        show(summary.as_record())
    say(summary.sentence())
    return summary.exit_code


def add(verbs: Verbs) -> None:
    """The verbs on packs, with their words."""
    parser = verb(verbs, "pack", pack, "make the pack of a plan: documents, tables, notebooks")
    parser.add_argument("plan", type=Path)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    _style_word(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser = verb(verbs, "verify", verify, "compare a pack, or every pack of a batch, with its manifest")
    parser.add_argument("dir", type=Path)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser = verb(verbs, "batch", batch, "make the packs of many areas or plans")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--areas", type=Path, metavar="FILE", help="one code a line, or CSV with a column 'area'"
    )
    what.add_argument("--kind", help="every area of one kind")
    what.add_argument("--plans", metavar="GLOB", help="plans that are there already")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    pattern_words(parser)
    parser.add_argument(
        "--workers", type=whole(1, 1000), metavar="N", help="packs at a time; one a core unless given"
    )
    parser.add_argument(
        "--timeout", type=whole(1, 86400), default=300, metavar="SECONDS",
        help="how long one pack may take before it is stopped and listed as failed; 300 unless given",
    )  # fmt: skip
    parser.add_argument(
        "--dask",
        metavar="ADDRESS",
        help="make the packs on the Dask cluster of this scheduler, for instance tcp://host:8786",
    )
    _style_word(parser)
    parser.add_argument("--resume", action="store_true", help="keep the packs that are whole and go on")
    parser.add_argument("--json", action="store_true", help="print JSON")


def _style_word(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--style", type=Path, metavar="FILE", help="the house style of the documents")

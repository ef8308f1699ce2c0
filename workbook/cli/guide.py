"""Verbs that open pages: the demonstration, the guided workbook, JupyterLab, lessons."""

from __future__ import annotations

import argparse
from pathlib import Path

from workbook.cli.words import Verbs, say, verb, whole
from workbook.errors import DONE


def demo(options: argparse.Namespace) -> int:
    """The pack of the demonstration, then the guided workbook on a copy of it."""
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
    """The guided workbook, on a plan or on the start page."""
    return _serve(options.plan, options)


def _serve(plan: Path | None, options: argparse.Namespace) -> int:
    from workbook.guide.server import doors
    from workbook.guide.server.serve import serve

    door = doors.door(options.host, ask=options.token, base=options.base) if "host" in options else None
    serve(plan, port=options.port, open_browser=not options.no_browser, door=door)
    return DONE


def lab(options: argparse.Namespace) -> int:
    """JupyterLab on a folder of one's own."""
    from workbook.guide.server.lab import lab as run_lab

    run_lab(port=options.port, open_browser=not options.no_browser)
    return DONE


def teach(options: argparse.Namespace) -> int:
    """List the lessons, or serve one."""
    from workbook.teach import desk, lessons

    if options.action == "list":
        for lesson in lessons.list_lessons():
            print(f"{lesson.id:<24} {lesson.title} ({lesson.minutes} minutes)")
        return DONE
    desk.serve(options.lesson, port=options.port, open_browser=not options.no_browser)
    return DONE


def add(verbs: Verbs) -> None:
    """The verbs that open the guided workbook, with their words."""
    parser = verb(verbs, "demo", demo, "make the demonstration pack, then open the guided workbook")
    parser.add_argument("--no-serve", action="store_true", help="stop when the pack is written")
    parser.add_argument(
        "--out", type=Path, default=Path("packs") / "demo", help="where the pack goes (packs/demo)"
    )
    _server_words(parser)
    parser = verb(verbs, "open", open_, "open the guided workbook")
    parser.add_argument(
        "plan", type=Path, nargs="?", help="a plan; without it the start page offers a choice"
    )
    _server_words(parser)
    _door_words(parser)
    _server_words(verb(verbs, "lab", lab, "open the notebooks in JupyterLab"))


def add_lessons(verbs: Verbs) -> None:
    """The verb on lessons, with its words."""
    parser = verb(verbs, "teach", teach, "list the lessons, or open one")
    actions = parser.add_subparsers(metavar="ACTION", required=True, dest="action")
    actions.add_parser("list", help="list the lessons")
    served = actions.add_parser("serve", help="open a lesson in the browser")
    served.add_argument("lesson", nargs="?", help="which lesson; without it a page lists them")
    _server_words(served)


def _server_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port", type=whole(0, 65_535), default=0, help="port on this machine; a free one unless given"
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

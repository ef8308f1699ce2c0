"""The command line: verbs only.

Each verb parses its words, calls one function of the package and prints what
comes back. Results go to stdout, messages and progress to stderr. Heavy
imports stand inside the verbs, so that ``workbook --help`` answers at once.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence

from workbook import __version__
from workbook.cli import compare, data, guide, kept, packs, plans, rows
from workbook.cli.words import Parser, say
from workbook.errors import DONE, FAULT, WorkbookError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code (0 done, 1 fault, 2 usage, 3 blocked, 4 bad input, 5 batch)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a name the terminal has no letters for is no fault
            stream.reconfigure(errors="backslashreplace")
    try:
        options = parser().parse_args(_spread(sys.argv[1:] if arguments is None else arguments))
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


def _fault(error: Exception) -> int:
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="workbook-fault-", suffix=".txt", delete=False) as file:
        traceback.print_exception(error, file=file)
    say(
        f"The workbook met a fault of its own ({type(error).__name__}). Nothing was lost. Details are in {file.name}."
    )
    return FAULT


def parser() -> argparse.ArgumentParser:
    """The whole command line: one module of this room for each kind of verb."""
    words = Parser(
        prog="workbook",
        description="The commissioning workbook: plan health and care for an area, five years ahead.",
    )
    words.add_argument("--version", action="version", version=f"workbook {__version__}")
    verbs = words.add_subparsers(metavar="VERB", required=True)
    guide.add(verbs)
    plans.add(verbs)
    kept.add(verbs)
    packs.add(verbs)
    compare.add(verbs)
    data.add(verbs)
    rows.add(verbs)
    guide.add_lessons(verbs)
    return words

"""What the verbs share: how they speak, and how their words are read."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from typing import Any, NoReturn, TypeAlias

from workbook.errors import USAGE

Verbs: TypeAlias = "argparse._SubParsersAction[Parser]"


def say(message: str) -> None:
    """A message for the person at the screen."""
    print(message, file=sys.stderr)


def show(data: Any) -> None:
    """A result for a program."""
    letters = (sys.stdout.encoding or "").lower().startswith("utf")
    print(json.dumps(data, ensure_ascii=not letters, indent=1))


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:  # argparse exits by itself; its words and code are kept
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: {message}\n")


def verb(verbs: Verbs, name: str, action: Callable[[argparse.Namespace], int], help: str) -> Parser:
    parser = verbs.add_parser(name, help=help, description=help)
    parser.set_defaults(verb=action)
    return parser


def whole(least: int, most: int) -> Callable[[str], int]:
    """A type of word: a whole number within limits, both included."""

    def number(word: str) -> int:
        try:
            if least <= int(word) <= most:
                return int(word)
        except ValueError:
            pass
        raise argparse.ArgumentTypeError(f"{word} is no whole number from {least} to {most}")

    return number

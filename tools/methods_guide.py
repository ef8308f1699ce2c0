"""Write docs/methods.md: the prose of docs/methods.template.md with the formulas of the specification tests.

``python tools/methods_guide.py`` writes the page; ``--check`` only says whether it is current.
In the template a line ``{{ test_intervals }}`` stands for what ``tests/spec/test_intervals.py``
specifies: its ``GUIDE``, each worked example run anew, and the names of its other tests as
sentences. So no figure on the page can differ from what the tests hold the program to.
"""

from __future__ import annotations

import dataclasses
import importlib
import math
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "docs" / "methods.template.md"
PATH = ROOT / "docs" / "methods.md"
NOTICE = (
    "<!-- Written by tools/methods_guide.py from docs/methods.template.md and tests/spec; "
    "change those and run it. -->\n"
)
_DIRECTIVE = re.compile(r"^\{\{ (test_\w+) \}\}$", re.MULTILINE)
# How names are written that a test's name has in small letters.
NAMES = {
    "byar": "Byar",
    "byars": "Byar's",
    "nan": "NaN",
    "poisson": "Poisson",
    "scipy": "SciPy",
    "scipys": "SciPy's",
    "students": "Student's",
    "south": "South",
    "tyneside": "Tyneside",
    "eastern": "Eastern",
    "north": "North",
    "wilson": "Wilson",
}
ROWS = 4  # rows of a table that are printed in full
MANY = 12  # entries of a list that are printed in full


def text() -> str:
    """The page as it is published."""
    template = re.sub(r"\A<!--.*?-->\n", "", TEMPLATE.read_text(encoding="utf-8"), flags=re.DOTALL)
    return NOTICE + _DIRECTIVE.sub(lambda match: _module(match[1]), template)


def named() -> list[str]:
    """The modules of tests/spec that the template prints."""
    return _DIRECTIVE.findall(TEMPLATE.read_text(encoding="utf-8"))


def _module(name: str) -> str:
    """All formulas of one module of tests/spec, and what else it holds them to."""
    module = importlib.import_module(f"tests.spec.{name}")
    link = f"[{name}](../tests/spec/{name}.py)"
    formulas = getattr(module, "GUIDE", ())
    if not formulas:  # only what is named as a formula: a page must not change with every test elsewhere
        return f"Specified by {link}."
    also = f"Also held to, in {link}: {'; '.join(_sentences(module))}."
    return "\n\n".join([*map(_formula, formulas), also])


def _formula(formula: Any) -> str:
    rows = [("Worked example", "Given", "Result", "Known from")]
    rows += [_example(formula, example) for example in formula.examples]
    return "\n\n".join(
        [
            f"### {formula.name}",
            f"`{formula.called}`. {formula.used}",
            f"```text\n{formula.formula}\n```",
            f"**At the edges.** {formula.edges}",
            f"**Source.** {formula.source}",
            "\n".join(_row(row) for row in (rows[0], ("---",) * 4, *rows[1:])),
        ]
    )


def _example(formula: Any, example: Any) -> tuple[str, str, str, str]:
    from tests.spec import worked

    got = worked.found(formula, example)
    result = ", ".join(f"{name} {_shown(v, example.within)}".strip() for name, v in got.items())
    given = ", ".join(
        f"{name} = {_shown(value)}".removeprefix("* = ") for name, value in example.inputs.items()
    )
    return example.says, given, f"**{result}**", example.source


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _sentences(module: ModuleType) -> list[str]:
    """What a module's tests say, but for that of the worked examples: their first line, else their name."""
    tests = [test for name, test in vars(module).items() if re.match("test_(?!worked_example)", name)]
    return [_sentence(test) for test in tests]


def _sentence(test: Any) -> str:
    if test.__doc__ and "\n" not in test.__doc__.strip():
        said = test.__doc__.strip().rstrip(".")
        return said[0].lower() + said[1:]
    words = test.__name__.removeprefix("test_").split("_")
    return " ".join(NAMES.get(word, word) for word in words)


def _shown(value: Any, within: float | None = None) -> str:
    """A figure as a reader sees it: to the place to which it was compared, else six digits."""
    if value is None:
        return "none"
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, float | np.floating):
        return _number(float(value), within)
    if isinstance(value, pd.DataFrame):
        rows = [f"{name}: {_shown(dict(row.items()))}" for name, row in value.iterrows()]
        return "; ".join(rows if len(rows) <= ROWS else [rows[0], "...", rows[-1]])
    if isinstance(value, dict):
        return ", ".join(f"{name} {_shown(part, within)}" for name, part in value.items())
    if isinstance(value, list | tuple | np.ndarray | range):
        return _listed(list(value), within)
    if dataclasses.is_dataclass(value):
        return f"the {type(value).__name__.lower()} above"
    if isinstance(value, str):
        return f'"{value}"' if not value or " " in value else value
    return str(value)


def _listed(values: list[Any], within: float | None) -> str:
    shown = [_shown(v, within) for v in values]
    if len(shown) > MANY:
        shown = [*shown[: MANY // 2], "...", shown[-1]]
    return f"[{', '.join(shown)}]"


def _number(value: float, within: float | None) -> str:
    if math.isnan(value):
        return "not available"
    decimals = 6 if within is None else min(6, max(0, math.ceil(-math.log10(2 * within))))
    if within is None and value:  # six digits that matter
        decimals = max(0, 5 - math.floor(math.log10(abs(value))))
    digits = f"{value:.{decimals}f}"
    if within is None or not float(digits) % 1:
        digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return "0" if digits == "-0" else digits


def main(words: list[str]) -> None:
    sys.path.insert(0, str(ROOT))
    if "--check" in words:
        if not PATH.exists() or PATH.read_text(encoding="utf-8") != text():
            raise SystemExit("docs/methods.md is not current: run 'python tools/methods_guide.py'.")
        return
    PATH.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

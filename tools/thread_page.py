"""Write ``docs/thread.md``: every rule of the live thread, what it joins, how heavy it weighs, what it looks for.

Run ``python tools/thread_page.py`` after a rule was added or changed.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from workbook.blocks import SEVERITIES
from workbook.reference import Reference
from workbook.steps import thread
from workbook.steps.thread.context import PARTS, Rule
from workbook.words import listed, plural

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "thread.md"
_CODE = re.compile(r"[a-z]+(-[a-z]+)+")
_WORDS = {"sign-off": "decisions and sign-off", "stopping": "services that stop", "money": "five-year money"}

HEAD = """# The live thread

This page is written by `tools/thread_page.py` from the rules themselves (`workbook/steps/thread/`); change those and run it again.

Need, ambition, scheme, money, stopped service and outcome are links of one plan. {links} of the {all} rules below join two
parts of a plan or more, and look for a link that is broken or doubtful; the others look at one part alone and do not
count as links. Each has a planted fault in `tests/spec/`, and none of them finds anything broken or doubtful in
the sound plan of `tests/spec/test_thread.py`.

"Blocks sign-off" stands in the way of signing, "in doubt" asks for a second look, "note" is for information. A finding is a
sentence with the entry and its figures, a remedy, and the place to mend it. Where more than eight of a kind are listed together
they become one that names every entry; beside its field each stands alone.
"""


def codes(rule: Rule) -> list[str]:
    """The codes of the findings that a rule can give, read from its source."""
    words = _constants(rule)
    return sorted({w for w in words if _CODE.fullmatch(w)} - _known() - set(SEVERITIES) - set(PARTS))


def severities(rule: Rule) -> list[str]:
    """How heavy its findings can weigh, the heaviest first."""
    words = set(_constants(rule))
    return [label for severity, label in SEVERITIES.items() if severity in words]


def _constants(rule: Rule) -> list[str]:
    """Every text in the function of a rule and in the functions of its module that it calls."""
    functions = _functions(inspect.getmodule(rule.look))
    waiting, seen, found = [rule.name], set[str](), list[str]()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in functions:
            continue
        seen.add(name)
        for node in (inner for part in functions[name].body for inner in ast.walk(part)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
            elif isinstance(node, ast.Name):
                waiting.append(node.id)
    return found


@cache
def _functions(module: ModuleType | None) -> dict[str, ast.FunctionDef]:
    assert module is not None
    tree = ast.parse(inspect.getsource(module))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


@cache
def _known() -> set[str]:
    """Texts that look like a code and are something else: values of a plan, assumptions, lines of an ambition."""
    schema = json.loads((ROOT / "data" / "plan.schema.json").read_text(encoding="utf-8"))
    found = {a.id for a in Reference.open().assumptions()} | {"do-nothing", "moved-in", "moved-out"}

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            found.update(v for v in part.get("enum", []) if isinstance(v, str))
            found.update(v for v in (part.get("const"),) if isinstance(v, str))
        for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
            walk(inner)

    walk(schema)
    return found


def text() -> str:
    """The page."""
    links = [r for r in thread.RULES if r.is_link]
    alone = [r for r in thread.RULES if not r.is_link]
    head = HEAD.format(links=str(len(links)), all=len(thread.RULES))
    parts = {part: sum(part in r.joins for r in links) for part in PARTS}
    counted = listed(f"{_word(part)} {n}" for part, n in parts.items() if n)
    return (
        f"{head}\nHow often each part is joined to another: {counted}.\n\n"
        f"## Rules that join parts of a plan\n\n{_table(links, True)}\n\n"
        f"## Rules on one part alone\n\n{_table(alone, False)}\n"
    )


def _table(rules: list[Rule], joined: bool) -> str:
    heads = ["What it looks for", *(["joins"] if joined else []), "weight", "code"]
    rows = [
        [
            rule.says,
            *([_joins(rule)] if joined else []),
            ", ".join(severities(rule)),
            ", ".join(f"`{c}`" for c in codes(rule)),
        ]
        for rule in sorted(rules, key=lambda r: [PARTS.index(p) for p in _ordered(r)])
    ]
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in lines)


def _ordered(rule: Rule) -> list[str]:
    return sorted(set(rule.joins), key=PARTS.index)


def _joins(rule: Rule) -> str:
    return listed(_word(part) for part in _ordered(rule))


def _word(part: str) -> str:
    return _WORDS.get(part, part)


def main() -> None:
    """Write the page."""
    PAGE.write_text(text(), encoding="utf-8")
    links = sum(r.is_link for r in thread.RULES)
    print(
        f"{PAGE.relative_to(ROOT)}: {plural(len(thread.RULES), 'rule')}, {links} of them join two parts or more"
    )


if __name__ == "__main__":
    main()

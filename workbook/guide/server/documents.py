"""Documents that are read beside the pages: help, and the accessibility statement; from ``docs``, in the pages' own look."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from pathlib import Path

from workbook import paths

#: The address of each document below the server's own, with the file it is made of.
DOCUMENTS = {"help": "help.md", "accessibility": "accessibility.md"}


def _file(name: str) -> Path:
    return paths.shipped("docs") / DOCUMENTS[name]


def there(name: str) -> bool:
    """Whether a document can be read here."""
    return name in DOCUMENTS and _file(name).is_file()


def page(name: str, base: str) -> str:
    """A document as a page; ``base`` is the path under which the server is reached."""
    title, inside = _made(_file(name).read_text(encoding="utf-8"))
    static = f"{escape(base)}voila/templates/workbook/static"
    start = f"{escape(base)}voila/render/0_start.ipynb"
    return (
        '<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · Commissioning workbook</title>"
        '<link rel="icon" href="data:,">'
        f'<link rel="stylesheet" href="{static}/workbook.css"></head><body class="wg-body">'
        '<a class="wg-skip" href="#content">Skip to the content</a>'
        f'<header class="wg-top"><p><a href="{start}">Commissioning workbook</a></p></header>'
        f'<main class="wg-main" id="content" tabindex="-1"><div class="wg-reading">{inside}</div></main>'
        f'<footer class="wg-foot"><ul>{_links(base)}</ul></footer></body></html>'
    )


def _links(base: str) -> str:
    return (
        f'<li><a href="{escape(base)}help">How to use these pages</a></li>'
        f'<li><a href="{escape(base)}accessibility">Accessibility statement</a></li>'
    )


@lru_cache(maxsize=8)
def _made(text: str) -> tuple[str, str]:
    """Title and HTML of a document. Wide tables scroll in a frame of their own, by keyboard too."""
    import mistune

    # The documents ship with the program: their <kbd> is HTML and stays so.
    html = str(mistune.create_markdown(escape=False, plugins=["table"])(text))
    html = html.replace("<table>", '<div role="region" aria-label="Table" tabindex="0"><table>').replace(
        "</table>", "</table></div>"
    )
    html = html.replace("<th>", '<th scope="col">')
    # Links between documents of the project lead to files that the server does not give.
    html = re.sub(r'<a href="(?!https?:|#)[^"]*">(.*?)</a>', r"\1", html)
    found = re.search(r"<h1>(.*?)</h1>", html)
    return (re.sub(r"<[^>]+>", "", found[1]) if found else "Commissioning workbook"), html

"""The fonts that ship with the documents, and which characters they can show."""

from __future__ import annotations

import functools
import itertools
import struct
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from workbook.paths import shipped

if TYPE_CHECKING:
    from typst import Fonts

FAMILY = "Liberation Sans"


def folder() -> Path:
    """Where the shipped fonts are."""
    return shipped("templates") / "documents" / "fonts"


@functools.cache
def shipped_only(besides: str = "") -> Fonts:
    """The shipped fonts for the typesetter, and those of the folder ``besides``, read once; the machine's own are
    left out."""
    import typst

    folders = [str(folder()), *([besides] if besides else [])]
    return typst.Fonts(include_system_fonts=False, font_paths=folders)


def showable(text: str) -> str:
    """The text with the name of every character the shipped fonts cannot show, in square brackets.

    A PDF under PDF/UA may hold no character without a glyph, and no font for every script ships (one that covers
    Chinese alone weighs ten megabytes); the other documents keep the character. A sign has a name that says
    something ("[grinning face]"); letters of another script are said by their numbers ("[U+4E2D U+6587]").
    """
    if text.isascii() or _shown().issuperset(text):
        return text
    shown = _shown()
    made: list[str] = []
    lacking = ""
    for c in text:
        if c in shown:
            made += [_named(lacking), c] if lacking else [c]
            lacking = ""
        elif c not in _JOINING:
            lacking += c
    return "".join(made) + _named(lacking)


_JOINING = "\u200d\ufe0e\ufe0f\u2060\ufeff\u200e\u200f"  # signs that only say how their neighbours are drawn


def _named(run: str) -> str:
    """Neighbouring characters without a glyph: in letters that have one where there are such, else by name or number."""
    if not run:
        return ""
    plain = unicodedata.normalize("NFKD", run)
    if all(ord(c) in _covered() for c in plain):
        return plain
    names = [_name(c) for c in run]
    parts = [", ".join(group) if named else " ".join(group) for named, group in _grouped(names)]
    return f"[{', '.join(parts)}]"


def _grouped(names: list[tuple[bool, str]]) -> list[tuple[bool, list[str]]]:
    return [(named, [text for _, text in group]) for named, group in itertools.groupby(names, lambda n: n[0])]


def _name(c: str) -> tuple[bool, str]:
    """Whether the character is a sign with a name, and its name or its number."""
    if unicodedata.category(c).startswith("S") and (name := unicodedata.name(c, "")):
        return True, name.lower()
    return False, f"U+{ord(c):04X}"


@functools.cache
def _shown() -> frozenset[str]:
    """The characters that are printed as they are: those with a glyph, and those that only part words and lines."""
    return frozenset(map(chr, _covered())) | frozenset("\n\t\u200b")


@functools.cache
def _covered() -> frozenset[int]:
    """The code points that all four faces can show."""
    faces = [_code_points(path.read_bytes()) for path in sorted(folder().glob("*.ttf"))]
    return frozenset(set.intersection(*faces))


def _code_points(font: bytes) -> set[int]:
    """The code points of a TrueType font's character map (its Unicode table of format 4).

    See https://learn.microsoft.com/typography/opentype/spec/cmap
    """
    start = _table(font, b"cmap")
    count = struct.unpack_from(">H", font, start + 2)[0]
    for i in range(count):
        offset = struct.unpack_from(">HHI", font, start + 4 + 8 * i)[2]
        if struct.unpack_from(">H", font, start + offset)[0] == 4:
            return _segments(font, start + offset)
    return set()


def _table(font: bytes, tag: bytes) -> int:
    count = struct.unpack_from(">H", font, 4)[0]
    records = (struct.unpack_from(">4sIII", font, 12 + 16 * i) for i in range(count))
    return next(offset for name, _, offset, _ in records if name == tag)


def _segments(font: bytes, start: int) -> set[int]:
    """Every code point of the segments of a format 4 table that leads to a glyph."""
    size = struct.unpack_from(">H", font, start + 6)[0] // 2
    ends = struct.unpack_from(f">{size}H", font, start + 14)
    starts = struct.unpack_from(f">{size}H", font, start + 16 + 2 * size)
    deltas = struct.unpack_from(f">{size}H", font, start + 16 + 4 * size)
    at = start + 16 + 6 * size
    offsets = struct.unpack_from(f">{size}H", font, at)
    found: set[int] = set()
    for i, (first, last) in enumerate(zip(starts, ends, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            if offsets[i]:
                where = at + 2 * i + offsets[i] + 2 * (code - first)
                glyph = struct.unpack_from(">H", font, where)[0]
            else:
                glyph = (code + deltas[i]) & 0xFFFF
            if glyph:
                found.add(code)
    return found

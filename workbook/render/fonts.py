"""The fonts that ship with the documents, and which characters they can show."""

from __future__ import annotations

import functools
import struct
from pathlib import Path
from typing import TYPE_CHECKING

from workbook.paths import shipped

if TYPE_CHECKING:
    from typst import Fonts

FAMILY = "Liberation Sans"
_PLACEHOLDER = "\u25a1"  # an empty box, which the shipped fonts have


def folder() -> Path:
    """Where the shipped fonts are."""
    return shipped("templates") / "documents" / "fonts"


@functools.cache
def shipped_only() -> Fonts:
    """The shipped fonts for the typesetter, read once; the machine's own are left out."""
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[str(folder())])


def showable(text: str) -> str:
    """The text with an empty box for every character the shipped fonts cannot show.

    A PDF under PDF/UA may hold no character without a glyph, and no font for
    every script ships; the other documents keep the character.
    """
    if text.isascii():
        return text
    covered = _covered()
    return "".join(c if c in "\n\t\u200b" or ord(c) in covered else _PLACEHOLDER for c in text)


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

"""What a file from anybody may hold, looked at before anything is read: archives, markup, and facts about people.

Nothing here opens more than it must: an archive is judged by its list of contents, its markup piece by piece, so that
a file of a few kilobytes cannot take the memory or the time of the machine.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from workbook.errors import BadInput

#: A sheet of one number over and over shrinks to a fiftieth; what shrinks to less than this was made to swell.
STEEPEST = 300
_ALWAYS_FINE = 20_000_000  # bytes unpacked, however steep
_PIECE = 1 << 20
_OVERLAP = 64
_MARKUP = (".xml", ".rels", ".vml")
_DECLARES = re.compile(rb"<!(?:doctype|entity)", re.IGNORECASE)
_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}\bencoding\s*=\s*["']([^"']{0,40})""", re.IGNORECASE)
_PLAIN = (b"utf-8", b"utf8", b"us-ascii", b"ascii")
_RESAVE = "Copy the rows into a new spreadsheet and bring in that."
_DAMAGED = "Download or save it again."


# --- archives and markup -----------------------------------------------------------


def refuse_unsafe_workbook(name: str, content: bytes | Path, most: int, members: int = 2000) -> None:
    """Refuse a spreadsheet (XLSX) that unpacks to more than ``most`` bytes, or whose markup declares entities.

    Raises BadInput, also where it is damaged, locked with a password, or no spreadsheet.
    """
    try:
        with zipfile.ZipFile(content if isinstance(content, Path) else io.BytesIO(content)) as archive:
            inside = archive.infolist()
            _refuse_swelling(name, inside, most, members)
            for member in inside:
                if member.filename.lower().endswith(_MARKUP):
                    with archive.open(member) as file:
                        _refuse_entities(name, file)
    except BadInput:
        raise
    except Exception:  # zipfile and zlib raise many kinds on damaged files, in words for programmers
        raise BadInput(
            f"{name} cannot be read as a spreadsheet: it is damaged or locked.", _DAMAGED
        ) from None


def _refuse_swelling(name: str, inside: list[zipfile.ZipInfo], most: int, members: int) -> None:
    """By what the list of contents states: no more than that is ever read of a member."""
    unpacked = sum(member.file_size for member in inside)
    packed = sum(member.compress_size for member in inside)
    if unpacked > most or len(inside) > members:
        raise BadInput(f"{name} unpacks to more than {most // 10**6:,} MB.", _RESAVE)
    if unpacked > _ALWAYS_FINE and unpacked > STEEPEST * max(packed, 1):
        raise BadInput(f"{name} unpacks to {unpacked // max(packed, 1):,} times its size.", _RESAVE)


def _refuse_entities(name: str, file: IO[bytes]) -> None:
    """No spreadsheet program declares entities, or writes its markup in another encoding to hide them."""
    before = b""
    while piece := file.read(_PIECE):
        if not before and not _is_plain(piece):
            raise _hostile(name, "its encoding hides whether it declares entities")
        if _DECLARES.search(before + piece):
            raise _hostile(name, "it declares entities")
        before = piece[-_OVERLAP:]


def _hostile(name: str, why: str) -> BadInput:
    return BadInput(
        f"{name} holds markup that no spreadsheet program writes ({why}).",
        "Do not use the file; ask whoever sent it for the rows again.",
    )


def _is_plain(start: bytes) -> bool:
    """Whether markup begins as text in UTF-8 does; in any other encoding a declaration could go unseen."""
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    stated = _ENCODING.match(text)
    fits = stated is None or stated[1].strip().lower() in _PLAIN
    # What is plain letters and no markup is left to the parser, which refuses it.
    readable = text.startswith(b"<") or text[:100].isascii()
    return readable and b"\x00" not in text[:4096] and fits


# --- people --------------------------------------------------------------------------

_WHOSE = r"((the |our )?(patient|client|person|people|service user|resident|child|baby|mother|carer|user|member|subject|case)s? ?(s )?)?"
_COLUMNS = {
    "an NHS number": _WHOSE
    + r"(nhs ?(no|num|number|id)( ?(valid|status|verified))?|pseudo ?nhs ?\w*|(chi|h ?c ?n) ?(no|num|number))"
    r"|patient ?(id|identifier|no|num|number|name|key)",
    "a date of birth": _WHOSE
    + r"((full )?date ?(of ?)?(birth|born)|birth ?(date|day)|d ?o ?b|born ?on)( ?(dd ?mm ?yyyy|date))?",
    "a postcode of residence": _WHOSE
    + r"((full|home|residential|residence|usual) ?)?(post ?code|postal ?code|pcd[s2]?)( ?of ?(usual ?)?residence)?"
    r"|(home|patient|residential|client) ?address( ?(line)? ?\d)?",
    "a person's name": _WHOSE
    + r"(surname|forenames?|first ?names?|last ?name|family ?name|given ?names?|patient ?name)",
}
_POSTCODE = re.compile(r"(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})", re.IGNORECASE)
_TEN = re.compile(r"\d{3}[ -]?\d{3}[ -]?\d{4}", re.ASCII)
_GROUPED = re.compile(r"(?<![\d-])\d{3}([ -])\d{3}\1\d{4}(?![\d-])", re.ASCII)
_NAMED = re.compile(
    r"\b(?:nhs|chi)\s*(?:no|num|number|id)?\s*[.:#=]*\s*(\d{3}[ -]?\d{3}[ -]?\d{4})(?!\d)",
    re.IGNORECASE | re.ASCII,
)
_BORN = re.compile(
    r"\b(?:d\.?o\.?b\.?|date of birth|birth ?date|born(?: on)?)\b\s*(?:is|was)?\s*[.:=]*\s*"
    r"(?:\d{1,2}[ ./-](?:\d{1,2}|[a-z]{3,9})[ ./-]\d{2,4}|\d{4}-\d\d-\d\d)",
    re.IGNORECASE | re.ASCII,
)
_FEW = 5  # as many that look like one are no chance: of ten digits one in eleven carries the check digit


def person_column(column: str) -> str:
    """What a column says it holds about people, by its name; "" for nothing."""
    name = re.sub(r"[^a-z0-9]+", " ", column.casefold()).strip()[:120]
    return next((what for what, pattern in _COLUMNS.items() if re.fullmatch(pattern, name)), "")


def person_cells(cells: Sequence[str]) -> str:
    """What the cells of a column hold about people, whatever it is called; "" for nothing. Blank cells do not count."""
    filled = tens = numbers = postcodes = 0
    for cell in _stripped(cells):
        filled += 1
        if 10 <= len(cell) <= 12 and _TEN.fullmatch(cell):
            tens += 1
            numbers += is_nhs_number(re.sub(r"[ -]", "", cell))
        elif 5 <= len(cell) <= 8:
            postcodes += _POSTCODE.fullmatch(cell) is not None
    if numbers > tens / 2 and (tens > filled / 2 or tens >= _FEW):
        return "what look like NHS numbers"
    if postcodes > filled / 2 or (postcodes >= _FEW and postcodes > filled / 10):
        return "full postcodes"
    return next((found for cell in cells if len(cell) > 9 and (found := person_text(cell))), "")


def _stripped(cells: Iterable[str]) -> Iterator[str]:
    return (text for cell in cells if (text := cell.strip()))


def person_text(text: str) -> str:
    """What a sentence says about a person: an NHS number as it is written, a date of birth that is called one; or ""."""
    named = (m[1] for m in _NAMED.finditer(text))
    grouped = (m[0] for m in _GROUPED.finditer(text))
    if any(is_nhs_number(re.sub(r"[ -]", "", found)) for found in (*named, *grouped)):
        return "an NHS number"
    return "a date of birth" if _BORN.search(text) else ""


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits carry the check digit of an NHS number (modulus 11); of one digit over and over, never."""
    total = sum(int(d) * weight for d, weight in zip(digits[:9], range(10, 1, -1), strict=True))
    check = (11 - total % 11) % 11
    return check == int(digits[9]) and len(set(digits)) > 1

"""Files that come in by way of the page: piece by piece, into a private folder, within limits, gone again by themselves.

A page says what it will send (:meth:`Uploads.begin`), sends it in pieces (:meth:`Uploads.piece`) and asks for it to be
looked at as a whole (:meth:`Uploads.done`), which gives the path of a file to read. :meth:`Uploads.drop` deletes it;
so do time, the end of the page and the end of its kernel. A file is judged by what it holds and never by its name.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import os
import re
import secrets
import shutil
import tempfile
import time
import unicodedata
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workbook.errors import BadInput
from workbook.untrusted import refuse_unsafe_workbook

PIECE = 1_000_000  # bytes; in base64 four thirds of it, well below what the line to a kernel takes
AT_ONCE = 5  # files of one page on their way or waiting to be read
TOGETHER = 250_000_000  # bytes of one page on the disk
SECONDS = 900  # from the first word of a file to its reading
_PREFIX = "workbook-upload-"
_FORGOTTEN = 86_400  # seconds; what a killed kernel left behind is cleared away by a later one


@dataclass(frozen=True)
class Purpose:
    """What is asked for: how large it may be, and what it may be."""

    largest: int
    unpacked: int
    json: bool
    asked: str


PURPOSES = {
    "rows": Purpose(5_000_000, 200_000_000, False, "a spreadsheet (XLSX) or CSV text"),
    "figures": Purpose(100_000_000, 600_000_000, True, "a table (CSV or XLSX) or boundaries (GeoJSON)"),
}
#: What files begin with, whatever they are called.
_OTHERS = (
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"\xfe\xed\xfa", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"#!", "a program"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a picture or sound"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"BZh", "a compressed archive"),
    (b"7z\xbc\xaf", "a compressed archive"),
    (b"\xfd7zXZ", "a compressed archive"),
    (b"Rar!", "a compressed archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file (.xls) or another Office file"),
    (b"SQLite format 3", "a database"),
    (b"PAR1", "a Parquet file"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"\xff\xfe", "UTF-16 text, which spreadsheets call 'Unicode text'"),
    (b"\xfe\xff", "UTF-16 text, which spreadsheets call 'Unicode text'"),
)
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<svg", b"<script")
_AGAIN = "Choose the file again."
_SAVE = "Save it in a spreadsheet program as XLSX, or as 'CSV UTF-8 (comma delimited)'."
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


@dataclass
class _Upload:
    """One file on its way, or there and waiting to be read."""

    name: str
    size: int
    purpose: Purpose
    path: Path
    begun: float
    came: int = 0  # bytes
    pieces: int = 0
    last: bytes = b""  # digest of the last piece, to know it again
    whole: bool = False


class Uploads:
    """The files of one page. ``folder`` is where its private folder is made: that for temporary files unless given."""

    def __init__(self, folder: Path | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._held: dict[str, _Upload] = {}
        self._clock = clock
        self._within = folder
        self._folder: Path | None = None

    def begin(self, name: str, size: int, purpose: str) -> str:
        """The id under which the pieces of a file are sent. Raises BadInput for one that is not taken."""
        self._expire()
        called = shown(name)
        asked = PURPOSES.get(purpose)
        if asked is None:
            raise BadInput("No file of that kind is taken here.", "Reload the page.")
        if not isinstance(size, int) or isinstance(size, bool) or size < 0:
            raise BadInput(f"{called} has no size.", _AGAIN)
        if size == 0:
            raise BadInput(f"{called} is empty.", "Save or download it again.")
        if size > asked.largest:
            raise BadInput(
                f"{called} is larger than {asked.largest // 10**6} MB.",
                "Save only the sheets, rows and columns that are needed.",
            )
        if len(self._held) >= AT_ONCE or sum(u.size for u in self._held.values()) + size > TOGETHER:
            raise BadInput(
                f"{called} was not taken: too many files are on their way from this page.",
                "Wait until they are read, or reload the page.",
            )
        return self._open(called, size, asked)

    def piece(self, id: str, number: int, content: str) -> float:
        """Take piece ``number`` (from 0), in base64; the share of the file that has come, from 0 to 1.

        The last piece may come twice, as after a break of the line. Raises BadInput, and forgets the file, where a
        piece is missing, too large or no base64, or where the file turns out to be another one than was said.
        """
        upload = self._of(id)
        try:
            return self._take(upload, number, content)
        except (BadInput, OSError) as error:
            self.drop(id)
            if isinstance(error, OSError):
                raise BadInput(
                    f"{upload.name} could not be kept: {error.strerror}.",
                    "Tell whoever looks after the workbook.",
                ) from None
            raise

    def done(self, id: str) -> Path:
        """The file, looked at as a whole. Raises BadInput, and forgets it, where it is not what was asked for."""
        upload = self._of(id)
        try:
            if upload.came != upload.size:
                raise BadInput(f"{upload.name} did not arrive whole.", _AGAIN)
            _look_at(upload)
        except BadInput:
            self.drop(id)
            raise
        upload.whole = True
        return upload.path

    def drop(self, id: str) -> None:
        """Forget a file and delete what has come of it; an id that is not known is no fault."""
        upload = self._held.pop(id, None) if isinstance(id, str) else None
        if upload is not None:
            shutil.rmtree(upload.path.parent, ignore_errors=True)

    def close(self) -> None:
        """Forget every file."""
        for id in list(self._held):
            self.drop(id)

    # --- how it is done -----------------------------------------------------------

    def _open(self, called: str, size: int, purpose: Purpose) -> str:
        id = secrets.token_urlsafe(16)
        try:
            folder = self._private() / id
            folder.mkdir(mode=0o700)
            path = folder / file_name(called)
            path.touch(mode=0o600)
        except OSError as error:
            raise BadInput(
                f"{called} cannot be taken: {error.strerror}.", "Tell whoever looks after the workbook."
            ) from None
        self._held[id] = _Upload(called, size, purpose, path, self._clock())
        return id

    def _private(self) -> Path:
        """A folder for this page alone, deleted with it at the latest when the program ends."""
        if self._folder is None:
            within = self._within or Path(tempfile.gettempdir())
            _clear_away(within)
            self._folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=within))
            weakref.finalize(self, shutil.rmtree, self._folder, True)
        return self._folder

    def _of(self, id: str) -> _Upload:
        self._expire()
        upload = self._held.get(id) if isinstance(id, str) else None
        if upload is None:
            raise BadInput("That file is not on its way any more.", _AGAIN)
        return upload

    def _expire(self) -> None:
        for id, upload in list(self._held.items()):
            if self._clock() - upload.begun > SECONDS:
                self.drop(id)

    def _take(self, upload: _Upload, number: int, content: str) -> float:
        if not isinstance(content, str) or len(content) > PIECE * 4 // 3 + 4:
            raise BadInput(
                f"A piece of {upload.name} is too large.", "Reload the page, then choose the file again."
            )
        try:
            piece = base64.b64decode(content, validate=True)
        except (binascii.Error, ValueError):
            raise BadInput(f"{upload.name} did not arrive whole.", _AGAIN) from None
        digest = hashlib.sha256(piece).digest()
        if number == upload.pieces - 1 and digest == upload.last:
            return upload.came / upload.size
        if upload.whole or number != upload.pieces or isinstance(number, bool):
            raise BadInput(f"The pieces of {upload.name} did not come in their order.", _AGAIN)
        if not piece or upload.came + len(piece) > upload.size:
            raise BadInput(f"{upload.name} is not of the size that was said.", _AGAIN)
        if number == 0:
            _look_at_start(upload.name, piece, upload.purpose)
        with upload.path.open("ab") as file:
            file.write(piece)
        upload.came += len(piece)
        upload.pieces, upload.last = upload.pieces + 1, digest
        return upload.came / upload.size


# --- what a file holds ----------------------------------------------------------------


def _look_at_start(name: str, start: bytes, purpose: Purpose) -> None:
    for magic, what in _OTHERS:
        if start.startswith(magic):
            raise BadInput(f"{name} is {what}; {purpose.asked} is asked for.", _SAVE)
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:20].lower().startswith(_MARKUP):
        raise BadInput(
            f"{name} is a web page or a drawing; {purpose.asked} is asked for.",
            "The download probably led to a page about the file; fetch the file itself.",
        )
    if text.startswith((b"{", b"[")) and not purpose.json:
        raise BadInput(f"{name} is data of a program; {purpose.asked} is asked for.", _SAVE)
    if not start.startswith(b"PK") and b"\x00" in start:
        raise BadInput(f"{name} is a binary file; {purpose.asked} is asked for.", _SAVE)


def _look_at(upload: _Upload) -> None:
    """The whole file: an archive is a spreadsheet that does not swell, everything else is text all through."""
    with upload.path.open("rb") as file:
        start = file.read(PIECE)
        _look_at_start(upload.name, start, upload.purpose)
        if start.startswith(b"PK"):
            refuse_unsafe_workbook(upload.name, upload.path, upload.purpose.unpacked)
            return
        while piece := file.read(PIECE):
            if b"\x00" in piece:
                raise BadInput(f"{upload.name} is a binary file; {upload.purpose.asked} is asked for.", _SAVE)


# --- names ------------------------------------------------------------------------------


def shown(name: object) -> str:
    """A file's name as sentences quote it: its last part, without what would change how the line reads."""
    last = re.split(r"[/\\]", str(name))[-1]
    plain = "".join(
        c
        for c in unicodedata.normalize("NFC", last)
        if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    return " ".join(plain.split())[:100].strip() or "The file"


def file_name(called: str) -> str:
    """A name that any system takes and that leads nowhere; the file stands alone in its folder."""
    plain = re.sub(r"[^\w.() -]+", "_", called).strip(" .")
    while len(plain.encode()) > 120:
        plain = plain[:-1]
    return f"_{plain}" if not plain or _RESERVED.fullmatch(plain) else plain


def _clear_away(within: Path) -> None:
    """Delete what kernels that were killed left behind, if it is ours and old."""
    for folder in within.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            state = folder.lstat()
            mine = not hasattr(os, "getuid") or state.st_uid == os.getuid()
            if mine and not folder.is_symlink() and time.time() - state.st_mtime > _FORGOTTEN:
                shutil.rmtree(folder, ignore_errors=True)

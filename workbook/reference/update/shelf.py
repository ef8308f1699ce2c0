"""The files that were brought before, in ``WORKBOOK_HOME/downloads``, with what tells whether they changed."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from workbook.errors import BadInput
from workbook.reference.update.fetch import Known, Web
from workbook.reference.update.publishers import Download

FOLDER = "downloads"
INDEX = "index.json"
# A publisher whose files say nothing of when they changed is asked again after this long.
FRESH = timedelta(hours=20)
LEFT_OVER = timedelta(hours=1)


@dataclass(frozen=True)
class Kept:
    """One file on the shelf. ``asked`` is when the publisher was last asked, ISO in UTC."""

    name: str
    address: str
    sha256: str
    asked: str
    etag: str = ""
    last_modified: str = ""
    publisher: str = ""
    series: str = ""
    area_type: str = ""


class Shelf:
    """The folder of downloads; missing reads as empty. An index that cannot be read counts as missing."""

    def __init__(self, home: Path) -> None:
        self.folder = home / FOLDER

    def path(self, name: str) -> Path:
        """Where a file is kept."""
        return self.folder / name

    def kept(self) -> dict[str, Kept]:
        """What is on the shelf, by name; files that were deleted by hand are not."""
        try:
            listed = json.loads((self.folder / INDEX).read_text(encoding="utf-8"))
            found = {entry["name"]: Kept(**entry) for entry in listed}
        except (OSError, ValueError, TypeError, KeyError):
            return {}
        return {name: one for name, one in found.items() if self.path(name).is_file()}

    def bring(self, download: Download, web: Web) -> tuple[Kept, bool]:
        """The file of a download, fetched unless it is as it was; and whether its content is new.

        Raises:
            BadInput: as :meth:`Web.fetch`.
        """
        before = self.kept().get(download.name)
        if before and not (before.address == download.address and self._whole(before)):
            before = None
        if before and not (before.etag or before.last_modified) and _fresh(before):
            return before, False
        known = Known(before.etag, before.last_modified) if before else None
        to = self.path(download.name)
        answer = web.fetch(download.address, download.hosts, to, known)
        if not answer.changed and before:
            again = dataclasses.replace(before, asked=_now())
            self._note(again)
            return again, False
        sha256 = hashlib.sha256(to.read_bytes()).hexdigest()
        now = Kept(
            download.name,
            download.address,
            sha256,
            _now(),
            answer.etag,
            answer.last_modified,
            download.publisher.id,
            download.series,
            download.area_type,
        )
        self._note(now)
        return now, before is None or before.sha256 != sha256

    def _whole(self, one: Kept) -> bool:
        """Whether a file is as it was brought; a damaged one is fetched anew."""
        try:
            return hashlib.sha256(self.path(one.name).read_bytes()).hexdigest() == one.sha256
        except OSError:
            return False

    def forget(self, name: str) -> None:
        """Put a file away that turned out to be of no use; the next update fetches it anew."""
        with contextlib.suppress(OSError):
            self.path(name).unlink(missing_ok=True)
        self._write({n: k for n, k in self.kept().items() if n != name})

    def _note(self, one: Kept) -> None:
        self._write(self.kept() | {one.name: one})

    def ready(self) -> None:
        """Make the folder, and see that it may be written before anything is asked for.

        Raises:
            BadInput: it may not.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.folder):
                pass
        except OSError as error:
            raise BadInput(
                f"Nothing can be kept in the folder {self.folder}: {error.strerror}. Nothing was asked for.",
                "See that you may write in that folder.",
            ) from None
        self._sweep()

    def _sweep(self) -> None:
        """Throw away what updates left half done that were killed; a running one's is younger."""
        for part in self.folder.glob("*.part"):
            with contextlib.suppress(OSError):
                if time.time() - part.stat().st_mtime > LEFT_OVER.total_seconds():
                    part.unlink()

    def _write(self, kept: dict[str, Kept]) -> None:
        """Keep the index. Where that cannot be, the files are fetched again the next time, and nothing is lost."""
        text = json.dumps([dataclasses.asdict(k) for _, k in sorted(kept.items())], indent=1)
        with contextlib.suppress(OSError):
            number, part = tempfile.mkstemp(prefix=f"{INDEX}.", suffix=".part", dir=self.folder)
            try:
                with os.fdopen(number, "w", encoding="utf-8") as file:
                    file.write(text + "\n")
                os.replace(part, self.folder / INDEX)
            except OSError:
                os.unlink(part)
                raise


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _fresh(kept: Kept) -> bool:
    try:
        return datetime.now(UTC) - datetime.fromisoformat(kept.asked) < FRESH
    except ValueError:
        return False

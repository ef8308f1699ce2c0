"""A pack is written aside and moved into place whole.

While it is being made it lies in a hidden folder beside its place. A reader
finds the pack of before or the complete new one; a run that was killed leaves
nothing at the pack's place, and what it left beside it is cleared by the next.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from workbook.errors import BadInput, WorkbookError
from workbook.pack.manifest import is_pack

_MAKING, _REPLACED = "making", "replaced"
_LEFT = re.compile(rf"\.(?P<name>.+)\.(?:{_MAKING}|{_REPLACED})-[^.]+")
_DAY = 24 * 60 * 60


@contextlib.contextmanager
def aside(out: Path) -> Iterator[Path]:
    """A folder to fill, moved to ``out`` when the block ends well and removed when it does not.

    Raises BadInput where ``out`` holds something that is no pack, WorkbookError on a full disk.
    """
    out = Path(os.path.abspath(out))
    refuse_unless_pack(out)
    with told(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        sweep(out)
        making = Path(tempfile.mkdtemp(prefix=_prefix(out, _MAKING), dir=out.parent))
        try:
            with _held(making):
                yield making
                os.chmod(making, 0o777 & ~_umask())
                _move(making, out)
        finally:
            shutil.rmtree(making, ignore_errors=True)


def refuse_unless_pack(out: Path) -> None:
    """A folder with other things in it is never replaced by a pack."""
    if not out.exists():
        return
    if not out.is_dir():
        raise BadInput(f"{out} is a file, not a folder.", "Give a new folder for the pack.")
    if any(out.iterdir()) and not is_pack(out):
        raise BadInput(
            f"{out} holds other things and is not a pack, so nothing was written there.",
            "Give a new folder, an empty one, or an earlier pack to replace.",
        )


def sweep(out: Path) -> None:
    """Clear what killed runs left beside ``out``; a pack they had moved away goes back to its place."""
    if not out.parent.is_dir():
        return
    for left in sorted(out.parent.iterdir()):
        replaced = left.name.startswith(_prefix(out, _REPLACED))
        if not (replaced or left.name.startswith(_prefix(out, _MAKING))) or not _abandoned(left):
            continue
        if replaced and not out.exists():
            os.rename(left, out)
        else:
            shutil.rmtree(left, ignore_errors=True)


def sweep_all(folder: Path) -> None:
    """Clear what killed runs left of any pack in ``folder``."""
    for left in sorted(folder.iterdir()):
        found = _LEFT.fullmatch(left.name)
        if found:
            sweep(folder / found["name"])


def is_left(name: str) -> bool:
    """Whether a folder of this name is what a run left that was killed, or is being made."""
    return _LEFT.fullmatch(name) is not None


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold a folder of packs for one batch; raises BadInput where another is at work in it.

    The system lets go of it when the process ends, however it ends. Where folders cannot be locked
    (Windows, some network drives) two batches are kept apart pack by pack only.
    """
    with _held(folder) as free:
        if not free:
            raise BadInput(
                f"Another batch is writing its packs into {folder}.",
                "Wait until it is done, or give another folder.",
            )
        yield


@contextlib.contextmanager
def told(out: Path) -> Iterator[None]:
    """Turn a fault of the disk into a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise WorkbookError(
                f"{out} was not written: the disk is full. What was there before is as it was.",
                "Make room and run the same command again.",
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.EXDEV, errno.ENOTDIR):
            raise BadInput(
                f"{out} could not be written: {error.strerror}.",
                "Give a folder that you may write, inside a folder that you may write.",
            ) from error
        raise


def _prefix(out: Path, stage: str) -> str:
    return f".{out.name}.{stage}-"


def _move(making: Path, out: Path) -> None:
    """Put the finished folder at ``out``; the pack that was there goes only after that."""
    if not out.exists():
        os.rename(making, out)
        return
    replaced = Path(tempfile.mkdtemp(prefix=_prefix(out, _REPLACED), dir=out.parent))
    replaced.rmdir()  # only its name was wanted
    with _held(out):  # so that nobody takes it for something left behind
        os.rename(out, replaced)
        try:
            os.rename(making, out)
        except OSError:
            os.rename(replaced, out)
            raise
    shutil.rmtree(replaced, ignore_errors=True)


@contextlib.contextmanager
def _held(folder: Path) -> Iterator[bool]:
    """Hold a lock on the folder itself; the system lets go of it when the process ends, however it ends.

    Gives False where somebody else holds it. Where folders cannot be locked it gives True.
    """
    handle = None
    try:
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        held = True
    except BlockingIOError:
        held = False
    except (ImportError, OSError):
        held = True
    try:
        yield held
    finally:
        if handle is not None:
            os.close(handle)


def _abandoned(folder: Path) -> bool:
    """Whether the run that made this folder is gone; without locks, after a day."""
    if os.name == "posix":
        with _held(folder) as free:
            return free
    return time.time() - folder.stat().st_mtime > _DAY


def _umask() -> int:
    """The mask for new files; it can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask

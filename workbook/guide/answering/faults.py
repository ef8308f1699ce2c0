"""What a reader is told when something unforeseen happens, and what the log keeps.

A page shows a plain sentence with a reference number and never a traceback;
the traceback goes to the server's own log under the same number.
"""

from __future__ import annotations

import os
import secrets
import sys
import traceback
from datetime import UTC, datetime


def sentence(error: BaseException, what: str = "Something went wrong in the workbook.") -> str:
    """A sentence with a reference number for the reader; the traceback goes to the log."""
    number = secrets.token_hex(3).upper()
    cause = "".join(traceback.format_exception(error))
    _log(f"[workbook {number} {datetime.now(UTC):%Y-%m-%d %H:%M:%S}Z]\n{cause}")
    return (
        f"{what} What was saved before is safe. "
        f"Reload the page; if it happens again, give reference number {number} "
        "to the person who looks after it."
    )


def _log(text: str) -> None:
    """Write to the server's log. A kernel's own ``sys.stderr`` is sent to the page, so it is gone round."""
    kept = getattr(sys.stderr, "_original_stdstream_copy", None)
    if kept is not None:
        os.write(kept, text.encode(errors="replace"))
        return
    print(text, file=sys.__stderr__ or sys.stderr, flush=True)

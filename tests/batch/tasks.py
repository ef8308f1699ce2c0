"""Jobs for the workers, good and bad."""

import os
import signal
import time
from pathlib import Path

from workbook.errors import WorkbookError
from workbook.pack import stages


def do(what: str, n: int = 0, path: str = ""):
    if what == "square":
        return n * n
    if what == "home":
        return os.environ["WORKBOOK_HOME"]
    if what == "print":
        print("noise")
        os.write(1, b"noise below Python")
    if what == "exit":
        os._exit(7)
    if what == "leave":
        raise SystemExit(7)
    if what == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "hang":
        time.sleep(600)
    if what == "write-late":
        time.sleep(2)
        Path(path).touch()
    if what == "raise":
        raise ValueError("seven")
    if what == "refuse":
        raise WorkbookError("The plan is broken.", "Mend it.")
    return None


def hang_at(words: str):
    stages.begin(words)
    time.sleep(600)

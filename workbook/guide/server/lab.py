"""JupyterLab for analysts: a folder of their own with the workbook's notebooks, a start page and a launcher.

The folder is ``WORKBOOK_HOME/notebooks``. What ships is copied there and is never written over: a newer version
is put beside what is there, under a name that says so. JupyterLab listens on this machine only, asks for its own
token, and asks nothing of any other host.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from workbook import __version__, paths
from workbook.errors import BadInput, UsageError
from workbook.plan.store import replace_file
from workbook.words import listed

START = "Start here.md"
_RECORD = ".shipped.json"  # which version of each file was put into the folder last
_HOST = "127.0.0.1"


def lab(notebooks: Path | str | None = None, port: int = 0, open_browser: bool = True) -> None:
    """Open JupyterLab on a folder of notebooks, until it is stopped there or by Ctrl-C.

    ``notebooks``: another folder than the person's own, which is then taken as it is. ``port`` 0 takes JupyterLab's
    usual one, or the next that is free.
    """
    from jupyterlab.labapp import LabApp  # type: ignore[import-untyped]

    folder = Path(notebooks) if notebooks else working_folder()
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}.", "Give a folder of notebooks, or none.")
    # Pages of words are shown as such; what a person has set for themselves stands before it.
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(
        filter(None, (os.environ.get("JUPYTER_CONFIG_PATH"), str(_own() / "config")))
    )
    LabApp.launch_instance(argv=arguments(folder, port, open_browser))


def arguments(folder: Path, port: int = 0, open_browser: bool = True) -> list[str]:
    """The words JupyterLab is started with."""
    words = [
        f"--ServerApp.root_dir={folder.resolve()}",
        f"--ServerApp.ip={_HOST}",
        f"--LabApp.extra_labextensions_path={_own() / 'labextensions'}",
        # Nothing is asked of another host: no news, no update check, no list of extensions.
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
    ]
    if os.name != "nt":  # where the system has them, sockets that only this person's processes can open
        words.append("--KernelManager.transport=ipc")
    if (folder / START).is_file():
        words.append("--LabApp.default_url=/lab/tree/Start%20here.md")
    if port:
        words += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    return words if open_browser else [*words, "--ServerApp.open_browser=False"]


def working_folder() -> Path:
    """The person's own folder of notebooks, with all that ships put into it or beside what is there.

    Raises BadInput where the folder cannot be written.
    """
    folder = paths.home() / "notebooks"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(
            f"The folder {folder} cannot be made: {error.strerror}.",
            "Let WORKBOOK_HOME name a folder of yours.",
        ) from None
    beside = refresh(folder)
    if beside:
        print(f"Newer versions were put beside yours: {listed(beside)}. Yours are as you left them.")
    return folder


def refresh(folder: Path) -> list[str]:
    """Put what ships into the folder; the names under which newer versions were put beside a file that was there."""
    before = _recorded(folder)
    now, beside = {}, []
    for name, source in shipped():
        content = source.read_bytes()
        now[name] = hashlib.sha256(content).hexdigest()
        target = folder / name
        if not target.exists():
            replace_file(target, content)
        elif before.get(name) != now[name] and target.read_bytes() != content:
            beside += _put_beside(target, content)
    if now != before:
        replace_file(folder / _RECORD, json.dumps(now, indent=1).encode())
    return beside


def shipped() -> Iterator[tuple[str, Path]]:
    """What the folder is to hold: each name with the file it comes from."""
    for path in sorted(paths.shipped("notebooks").glob("*.ipynb")):
        yield path.name, path
    yield START, _own() / "start_here.md"
    yield "tutorial.ipynb", _own() / "tutorial.ipynb"
    yield "templates/local_step.ipynb", _own() / "local_step.ipynb"


def _put_beside(target: Path, content: bytes) -> list[str]:
    """The newer version under a name that says so; none where it is there already."""
    for number in range(1, 100):
        more = f" {number}" if number > 1 else ""
        path = target.with_name(f"{target.stem} (workbook {__version__}{more}){target.suffix}")
        if not path.exists():
            replace_file(path, content)
            return [path.name]
        if path.read_bytes() == content:
            return []
    return []


def _recorded(folder: Path) -> dict[str, str]:
    try:
        found = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # lost or damaged: nothing is known, and nothing is written over
        return {}
    return found if isinstance(found, dict) else {}


def _own() -> Path:
    return paths.shipped("templates") / "lab"

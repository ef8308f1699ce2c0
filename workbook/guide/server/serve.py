"""The server of the guided workbook: Voilà on this machine, with the workbook's own page.

It runs only the notebooks of one folder. Who may come in is in ``doors.py`` and ``access.py``, what every answer says
in ``policies.py``.
"""

from __future__ import annotations

import os
import shutil
import socket
import sys
import tempfile
import threading
import webbrowser
from pathlib import Path
from typing import Any

from workbook import paths
from workbook.errors import BadInput, UsageError
from workbook.guide.kernels import house
from workbook.guide.server import access, doors, scripts
from workbook.guide.way import plans
from workbook.plan import store

# A page that is open keeps its kernel; one that was closed without a word loses it after this.
_IDLE_SECONDS = 1800


def serve(
    plan: Path | str | None = None,
    port: int = 0,
    open_browser: bool = True,
    home: Path | str | None = None,
    notebooks: Path | str | None = None,
    first: str = "0_start.ipynb",
    door: doors.Door | None = None,
) -> None:
    """Serve the notebooks of a folder as pages until Ctrl-C; the address goes to stderr.

    ``plan`` is opened first and may stand anywhere; ``home`` is where plans and
    imported figures live; ``notebooks`` and ``first`` serve another folder than
    the workbook's own, for instance lessons. ``door`` says where it listens and
    whom it lets in: this machine alone unless given.
    """
    door = door or doors.door()
    address = _prepare(plan, home, first)
    port = _free_port(port, door.host)
    with tempfile.TemporaryDirectory(prefix="workbook-") as folder, house.opened() as held:
        _offer_template(Path(folder))
        app = _server(Path(notebooks or paths.shipped("notebooks")), port, first, door, held)
        url = door.address(port, address)
        print(f"The workbook is open at {url}\nPress Ctrl-C to stop it.", file=sys.stderr, flush=True)
        if open_browser:
            threading.Timer(0.5, webbrowser.open, [url]).start()
        app.start()


def _prepare(plan: Path | str | None, home: Path | str | None, first: str) -> str:
    """Tell the kernels where things are; the address of the first page."""
    if home is not None:
        os.environ["WORKBOOK_HOME"] = str(Path(home).resolve())
    paths.plans().mkdir(parents=True, exist_ok=True)
    os.environ.pop(plans.OPENED, None)
    if plan is None:
        return f"voila/render/{first}"
    from urllib.parse import quote

    path = Path(plan).resolve()
    store.read(path)  # a plan that cannot be read is refused here, before anything starts
    if not path.name.endswith(store.SUFFIX):
        raise BadInput(f"{path.name} is no name for a plan.", f"Let it end in {store.SUFFIX}.")
    os.environ[plans.OPENED] = str(path)
    return f"voila/render/{first}?plan={quote(plans.name_of(path))}"


def _offer_template(folder: Path) -> None:
    """Put the page template where Voilà looks for templates, with the scripts and styles it serves."""
    made = folder / "voila" / "templates" / "workbook"
    shutil.copytree(paths.shipped("templates") / "voila" / "workbook", made)
    static = made / "static"
    shutil.copytree(scripts.STATIC, static, dirs_exist_ok=True)
    (static / "form.js").write_text(scripts.joined(), encoding="utf-8")
    blocks = paths.shipped("templates") / "documents" / "blocks.css"
    (static / "blocks.css").write_text(
        blocks.read_text(encoding="utf-8") if blocks.exists() else "", encoding="utf-8"
    )
    rest = os.environ.get("JUPYTER_PATH")
    os.environ["JUPYTER_PATH"] = os.pathsep.join([str(folder), *([rest] if rest else [])])


def _free_port(port: int, host: str = doors.HOST) -> int:
    """The port asked for, or any free one for 0. Raises UsageError where it is taken."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        if os.name != "nt":  # a port whose last server has just stopped is free
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise UsageError(
                f"Port {port} is in use on this machine.", "Give another with --port, or leave --port out."
            ) from None
        return probe.getsockname()[1]


def _server(notebooks: Path, port: int, first: str, door: doors.Door, held: house.House | None) -> Any:
    """The Voilà application, with only the routes the workbook needs."""
    from traitlets.config import Config
    from voila.app import Voila

    class Server(Voila):
        def init_handlers(self) -> list[Any]:
            access.narrow(self)
            return access.routes(super().init_handlers(), self.server_url, first, door, port)

    config = Config(
        Voila={
            "ip": door.host,
            "base_url": door.base,
            "port": port,
            "port_retries": 0,
            "open_browser": False,
            "log_level": "ERROR",
        },
        VoilaConfiguration={
            "template": "workbook",
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "show_tracebacks": False,
            "strip_sources": True,
            "file_allowlist": [],
        },
        MappingKernelManager={"cull_idle_timeout": _IDLE_SECONDS, "cull_interval": 60},
        # What a change sends to the page is as large as the page's lists, and nobody but its person waits for it.
        ZMQChannelsWebsocketConnection={"limit_rate": False},
        # Where the system has them, sockets that only this person's processes can open.
        KernelManager={"transport": "tcp" if os.name == "nt" else "ipc"},
    )
    config.merge(Config(house.settings(held)))
    app = Server(config=config, root_dir=str(notebooks), config_file_paths=[])
    app.tornado_settings = access.settings(port, door) | {
        # Milliseconds: three pings. With one, a line is cut before its first ping is sent, every half minute.
        "ws_ping_timeout": 90_000,
    }
    app.initialize([])
    return app

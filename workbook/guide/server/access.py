"""The gate before every route of the server: the name is known, the token given, the headers set.

It asks for the token at every route, websockets and packs included (``doors.py`` says where one is asked for); pages may
load nothing from another host (``policies.py``); and the way to a kernel takes the messages of a form and nothing else.

Voilà's own token is not used: it leaves static files and packs open, stays in the address and in the environment of
each kernel, and asks for a log-in page whose scripts the policy forbids.
"""

from __future__ import annotations

import json
import re
from functools import cache
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from workbook.guide.giving import packing
from workbook.guide.server import documents, doors, policies

#: The messages a form sends to its kernel; whatever would run something, or open a way of its own, is dropped.
MESSAGES = ("comm_msg", "comm_info_request", "kernel_info_request")
#: What a kernel tells its page; what it prints, and its tracebacks, stay on the server.
TOLD = frozenset({"comm_msg", "comm_close", "comm_info_reply", "kernel_info_reply", "status"})
LARGEST_BODY = 1_000_000  # bytes of a request; what is uploaded goes by way of the kernel, piece by piece
_KIND = re.compile(r'\{"header": \{(?:"\w+": "[^"\\\\]*", )*?"msg_type": "(\w+)"')
_REMEMBERED = 30  # days that a browser is let in without giving the token again


# --- routes --------------------------------------------------------------------------


def settings(port: int, door: doors.Door | None = None) -> dict[str, Any]:
    """The settings of the server that guard it."""
    door = door or doors.Door()
    return {
        "headers": policies.headers(port),
        # Behind the gate, which knows more names; on a machine of one's own this check stands as well.
        "allow_remote_access": not door.local or door.names != doors.LOCAL_NAMES,
        "local_hostnames": ["localhost", doors.HOST, "::1"],
        "default_handler_class": _gated(_missing(), door, port),
    }


def narrow(app: Any) -> None:
    """Narrow what a Voilà application that is about to listen lets through: message types, size of requests."""
    app.kernel_manager.allowed_message_types = list(MESSAGES)
    listen = app.app.listen

    def listen_to_little(port: int, address: str = "", **more: Any) -> Any:
        return listen(port, address, max_body_size=LARGEST_BODY, **more)

    app.app.listen = listen_to_little


def routes(
    handlers: list[Any], base: str, first: str, door: doors.Door | None = None, port: int = 0
) -> list[Any]:
    """Pages, their static files and their kernels, each behind the gate; no listing of files, no file browser.

    A proxy may pass the path on with its prefix or without, so each route answers to both.
    """
    from tornado.web import RedirectHandler

    door = door or doors.Door()
    wanted = ("/api/kernels/", "/voila/templates/", "/voila/render/", "/voila/query/")
    kept = [_kept(handler) for handler in handlers if any(part in handler[0] for part in wanted)]
    own = [
        *kept,
        (f"{base}voila/api/shutdown/(.*)", _goodbye()),
        (f"{base}({'|'.join(documents.DOCUMENTS)})", _documents(), {"base": base}),
        (f"{base}packs/(.*)", _files(), {"path": str(packing.folder())}),
        (f"{base}?", RedirectHandler, {"url": f"{base}voila/render/{first}", "permanent": False}),
    ]
    gated = [(pattern, _gated(handler, door, port), *more) for pattern, handler, *more in own]
    if base == "/":
        return gated
    bare = [("/" + pattern.removeprefix(base), *rest) for pattern, *rest in gated if pattern != f"{base}?"]
    return [*gated, *bare, ("/?", gated[-1][1], *gated[-1][2:])]


def _kept(handler: Any) -> tuple[Any, ...]:
    """A route of Voilà's, narrowed: only notebooks of the folder itself, and a kernel can be asked for but not ended."""
    pattern, room, *more = handler
    if "/voila/render/" in pattern:
        pattern = pattern.replace("/voila/render/(.*)", r"/voila/render/([^/\\]+\.ipynb)")
    if "/api/kernels/" in pattern:
        room = _line(room) if pattern.endswith("/channels") else _asked_only(room)
    return pattern, room, *more


@cache
def _asked_only(room: type) -> type:
    """A route that answers questions and takes no orders."""
    return type(f"Asked{room.__name__}", (room,), {"SUPPORTED_METHODS": ("GET", "HEAD")})


@cache
def _line(room: type) -> type:
    """The line between a page and its kernel, on which only what a page needs is told."""

    class Line(room):
        def open(self, *args: Any, **named: Any) -> Any:
            # Answers are small and follow one another: else each waits until the one before is acknowledged, 40 ms.
            self.set_nodelay(True)
            return super().open(*args, **named)

        def write_message(self, message: Any, binary: bool = False) -> Any:
            if kind_told(message) not in TOLD:
                return None
            return super().write_message(message, binary)

        def select_subprotocol(self, subprotocols: Any) -> Any:
            """None too where the kernel went while its line was being opened: that is no fault of the server."""
            held = getattr(self, "connection", None)
            return super().select_subprotocol(subprotocols) if held is not None else None

    return Line


def kind_told(message: Any) -> str:
    """The kind of a message on its way to the page: a dictionary, text, or bytes of the newer protocol."""
    if isinstance(message, bytes):
        from voila.tornado.kernel_websocket_handler import read_header_from_binary_message

        return str((read_header_from_binary_message(message) or {}).get("msg_type", ""))
    if isinstance(message, str):
        # The header comes first; the rest may be a whole page, which nobody wants to read twice.
        found = _KIND.match(message)
        if found:
            return found[1]
        message = json.loads(message)
    return str((message.get("header") or {}).get("msg_type", "")) if isinstance(message, dict) else ""


# --- the gate -----------------------------------------------------------------------


def _gated(room: type, door: doors.Door, port: int) -> type:
    """A handler of any kind behind the gate: the name is known, the token given, the headers set."""

    class Gated(_Gate, room):
        pass

    Gated.__name__ = f"Gated{room.__name__}"
    Gated.door, Gated.port = door, port
    return Gated


class _Gate:
    """What stands before a handler, whatever it is. Comes first among its bases."""

    door: doors.Door
    port: int
    request: Any

    def set_default_headers(self) -> None:
        super().set_default_headers()  # type: ignore[misc]
        host = self.request.host.lower()
        shown = host if self.door.knows(host) and re.fullmatch(r"[\w.:\[\]-]+", host) else ""
        for name, value in policies.headers(self.port, shown).items():
            self.set_header(name, value)  # type: ignore[attr-defined]

    def prepare(self) -> Any:
        if not self.door.knows(self.request.host):
            return self._refuse(403, "The workbook is not known under this name.", _OTHER_NAME)
        if self.door.token and not self._is_own_kernel() and not self._let_in():
            return None
        return super().prepare()  # type: ignore[misc]

    def check_origin(self, *origin: str) -> bool:
        """A page of this server, or one under a name that a proxy has for it, whatever the proxy calls us itself."""
        came = urlsplit(self.request.headers.get("Origin", "").lower()).netloc
        if doors.without_port(came) in self.door.names - doors.LOCAL_NAMES:
            return True
        return bool(super().check_origin(*origin))  # type: ignore[misc]

    def _let_in(self) -> bool:
        """Whether the visitor has given the token. One who gives it in the address is sent on without it."""
        given = self.request.query_arguments.get("token", [b""])[-1].decode(errors="replace")
        if given and self.door.is_token(given):
            self._remember()
            return False
        if self.door.is_token(_bearer(self.request.headers.get("Authorization", ""))):
            return True
        if self.door.is_cookie(self.get_cookie(self._cookie_name, "")):  # type: ignore[attr-defined]
            return True
        self._refuse(403, "This workbook asks for its token.", _NO_TOKEN)
        return False

    def _is_own_kernel(self) -> bool:
        """A kernel that was started ahead asks which page it is for: from this machine, under its own long number."""
        return isinstance(self, _waiting()) and doors.is_loopback(self.request.connection.context.address[0])

    @property
    def _cookie_name(self) -> str:
        return f"workbook-{self.port}"  # browsers keep one jar for all ports of a machine

    def _remember(self) -> None:
        kept = [(k, v) for k, values in self.request.query_arguments.items() if k != "token" for v in values]
        query = f"?{urlencode(kept)}" if kept else ""
        path = self.request.path
        if self.door.base != "/" and not path.startswith(self.door.base):
            path = self.door.base + path.lstrip("/")
        secure = "https" in (self.request.protocol, self.request.headers.get("X-Forwarded-Proto", ""))
        self.set_cookie(  # type: ignore[attr-defined]
            self._cookie_name,
            self.door.cookie(),
            path=self.door.base,
            expires_days=_REMEMBERED,
            httponly=True,
            samesite="Lax",
            secure=secure,
        )
        # One slash at the start: two would lead to another host.
        self.set_header("Cache-Control", "no-store")  # type: ignore[attr-defined]
        self.redirect("/" + path.lstrip("/\\") + query)  # type: ignore[attr-defined]

    def _refuse(self, status: int, said: str, remedy: str) -> None:
        self.set_status(status)  # type: ignore[attr-defined]
        self._say(said, remedy)

    def _say(self, said: str, remedy: str) -> None:
        self.set_header("Content-Type", "text/html; charset=UTF-8")  # type: ignore[attr-defined]
        self.set_header("Cache-Control", "no-store")  # type: ignore[attr-defined]
        self.finish(_page(said, remedy))  # type: ignore[attr-defined]

    def write_error(self, status_code: int, **_more: Any) -> None:
        """A sentence; what happened goes to the log."""
        self._say(*_SAID.get(status_code, _SAID[500 if status_code >= 500 else 400]))


def _bearer(header: str) -> str:
    found = re.fullmatch(r"(?:token|bearer)\s+(\S+)", header, re.IGNORECASE)
    return found[1] if found else ""


_OTHER_NAME = (
    "Open it by the address that was printed when it was started. Whoever looks after it can add a name in "
    f"{doors.NAMES}."
)
_NO_TOKEN = (
    "Open the address that was printed where the workbook was started: the token is part of it. The browser "
    "remembers it afterwards."
)
_SAID = {
    400: ("That request makes no sense to the workbook.", "Go back and open the page again."),
    403: ("That is not open to you here.", "Open the start page of the workbook."),
    404: ("There is no such page.", "Open the start page of the workbook and go on from there."),
    500: ("Something went wrong in the workbook.", "What was saved is safe. Reload the page."),
}


def _page(said: str, remedy: str) -> str:
    return (
        '<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(said)} - Commissioning workbook</title></head>"
        f"<body><main><h1>{escape(said)}</h1><p>{escape(remedy)}</p></main></body></html>"
    )


# --- handlers of our own --------------------------------------------------------------


@cache
def _missing() -> type:
    """What answers where nothing is."""
    from tornado.web import HTTPError, RequestHandler

    class Missing(RequestHandler):
        def prepare(self) -> None:
            raise HTTPError(404)

        def check_xsrf_cookie(self) -> None:
            """Nothing is done, so nothing needs guarding."""

    return Missing


@cache
def _documents() -> type:
    """Help and the accessibility statement."""
    from tornado.web import HTTPError, RequestHandler

    class Documents(RequestHandler):
        def initialize(self, base: str) -> None:
            self._base = base

        def get(self, name: str) -> None:
            if not documents.there(name):
                raise HTTPError(404)
            self.set_header("Content-Type", "text/html; charset=UTF-8")
            self.set_header("Cache-Control", "private, no-cache")
            self.finish(documents.page(name, self._base))

    return Documents


@cache
def _files() -> type:
    """The files of packs, under the same rules as the pages: own name, nothing hidden, nothing foreign."""
    from jupyter_server.base.handlers import AuthenticatedFileHandler
    from tornado.web import HTTPError

    class Files(AuthenticatedFileHandler):
        def check_xsrf_cookie(self) -> None:
            """Reading changes nothing, so an address that is typed or kept may be followed."""

        def validate_absolute_path(self, root: str, absolute_path: str) -> str:
            """A file of the folder itself: a link out of it is not followed."""
            found = super().validate_absolute_path(root, absolute_path)
            if not Path(found).resolve().is_relative_to(Path(root).resolve()):
                raise HTTPError(404)
            return found

        def set_headers(self) -> None:
            super().set_headers()
            self.set_header(
                "Content-Security-Policy", policies.of_file(Path(self.absolute_path or "").suffix)
            )
            self.set_header("Cache-Control", "private, no-cache")

    return Files


@cache
def _waiting() -> type:
    """What tells a kernel that was started ahead of its visitor which page it is for."""
    from voila.request_info_handler import RequestInfoSocketHandler

    return RequestInfoSocketHandler


@cache
def _goodbye() -> type:
    """Lets a kernel go with its page. A browser's farewell carries no token; its origin is checked."""
    from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler

    class Goodbye(VoilaShutdownKernelHandler):
        def check_xsrf_cookie(self) -> None:
            return None

    return Goodbye

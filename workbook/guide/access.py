"""Who may come in, and what is answered: names, headers and routes of the workbook's server.

It listens on this machine alone and asks for no password; whoever may use the
machine may use it. Only its own names are answered, so that a page of another
site cannot reach it by pointing a name of its own at this machine, and its
pages may load nothing from another host.
"""

from __future__ import annotations

from typing import Any

from workbook.guide import packing

HOST = "127.0.0.1"


def policy(port: int) -> str:
    """The content security policy: nothing from another host, no script in the page itself."""
    own = " ".join(f"ws://{host}:{port}" for host in (HOST, "localhost"))
    return (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        f"font-src 'self' data:; connect-src 'self' {own}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def settings(port: int) -> dict[str, Any]:
    """The settings of the server that guard it."""
    return {
        "headers": {
            "Content-Security-Policy": policy(port),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
        },
        "allow_remote_access": False,
        "local_hostnames": ["localhost", HOST],
    }


def routes(handlers: list[Any], base: str, first: str) -> list[Any]:
    """Pages, their static files and their kernels; no listing of files, no file browser."""
    from tornado.web import RedirectHandler

    wanted = ("/api/kernels/", "/voila/templates/", "/voila/render/")
    kept = [handler for handler in handlers if any(part in handler[0] for part in wanted)]
    return [
        *kept,
        (f"{base}voila/api/shutdown/(.*)", _goodbye()),
        (f"{base}packs/(.*)", _files(), {"path": str(packing.folder())}),
        (f"{base}?", RedirectHandler, {"url": f"{base}voila/render/{first}", "permanent": False}),
    ]


def _files() -> type:
    """The files of packs, under the same rules as the pages: own name, nothing hidden, nothing foreign."""
    from jupyter_server.base.handlers import AuthenticatedFileHandler

    class Files(AuthenticatedFileHandler):
        def check_xsrf_cookie(self) -> None:
            """Reading changes nothing, so an address that is typed or kept may be followed."""

    return Files


def _goodbye() -> type:
    """Lets a kernel go with its page. A browser's farewell carries no token; its origin is checked."""
    from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler

    class Goodbye(VoilaShutdownKernelHandler):
        def check_xsrf_cookie(self) -> None:
            return None

    return Goodbye

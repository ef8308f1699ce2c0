"""What every answer of the server says: what a page may load, and what the files of a pack may do."""

from __future__ import annotations

from workbook.guide.server import doors


def policy(port: int, host: str = "") -> str:
    """The content security policy of a page: nothing from another host, no script or style sheet in the page itself.

    ``host`` is the name by which the visitor came; older browsers take 'self' for no websocket.
    """
    names = [f"{doors.HOST}:{port}", f"localhost:{port}", *([host] if host else [])]
    own = " ".join(dict.fromkeys(f"ws://{name}" for name in names))
    secure = f" wss://{host}" if host else ""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
        f"img-src 'self' data:; font-src 'self' data:; connect-src 'self' {own}{secure}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


#: A document of a pack carries its own scripts and styles. It reaches nothing outside itself, not even this server:
#: the sandbox gives it an origin of its own, without cookies.
PACK_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "sandbox allow-scripts allow-modals allow-popups allow-downloads"
)
#: What a browser shows with a viewer of its own, which a sandbox would switch off.
_VIEWER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
#: Everything else in a pack is data; should a browser take it for a page, nothing of it runs.
_DATA_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox"


def headers(port: int, host: str = "") -> dict[str, str]:
    """What every answer says, whatever it is."""
    return {
        "Content-Security-Policy": policy(port, host),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "X-Robots-Tag": "noindex",
        "Server": "workbook",
    }


def of_file(suffix: str) -> str:
    """The policy of a file of a pack, by the ending of its name."""
    return {".html": PACK_POLICY, ".pdf": _VIEWER_POLICY}.get(suffix.lower(), _DATA_POLICY)

"""Where the server listens, under which names it answers, and what it asks of whoever comes.

By default it listens on this machine alone and asks for no password: whoever may use the machine may use it. On any
other address it asks for a token. Either way it answers only under names it knows, so that a page of another site
cannot reach it by pointing a name of its own at this machine.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import os
import re
import secrets
import socket
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from workbook.errors import UsageError

HOST = "127.0.0.1"
TOKEN = "WORKBOOK_TOKEN"
NAMES = "WORKBOOK_NAMES"  # further names under which a proxy passes visitors on, with commas between them
LOCAL_NAMES = frozenset({"localhost"})
_SHORTEST_TOKEN = 16
_TOKEN = re.compile(r"[A-Za-z0-9._~-]+")
_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_BASE = re.compile(r"(/[A-Za-z0-9._~@%+-]+)*/")


@dataclass(frozen=True)
class Door:
    """Where the server listens, under which names it answers, and what it asks of whoever comes.

    ``token`` is "" where nothing is asked; ``made`` says that it was made for this run. ``base`` is the path under
    which a proxy passes visitors on, "/" without one; ``names`` are host names beside those of this machine.
    """

    host: str = HOST
    token: str = ""
    made: bool = False
    base: str = "/"
    names: frozenset[str] = field(default=LOCAL_NAMES)

    @property
    def local(self) -> bool:
        """Whether only this machine reaches it."""
        return is_loopback(self.host)

    def knows(self, host: str) -> bool:
        """Whether a request names this server: by a name it knows, or by an address of its own."""
        name = without_port(host.lower())
        if name in self.names:
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
        # A name can be pointed elsewhere, an address cannot.
        return address.is_loopback or (not self.local and self.host in (name, "0.0.0.0", "::"))

    def cookie(self) -> str:
        """What a browser shows that has given the token: not the token, and nothing under another one."""
        return hmac.new(self.token.encode(), b"workbook: let in", hashlib.sha256).hexdigest()

    def is_token(self, given: str) -> bool:
        return bool(self.token) and hmac.compare_digest(given.encode(), self.token.encode())

    def is_cookie(self, given: str) -> bool:
        return bool(self.token) and hmac.compare_digest(given.encode(), self.cookie().encode())

    def address(self, port: int, path: str) -> str:
        """The address that is printed: of this machine, with the token where one is asked for."""
        host = HOST if self.local or self.host in ("0.0.0.0", "::") else self.host
        host = f"[{host}]" if ":" in host else host
        joint = "&" if "?" in path else "?"
        asked = f"{joint}{urlencode({'token': self.token})}" if self.token else ""
        return f"http://{host}:{port}{self.base}{path}{asked}"


def door(
    host: str = HOST,
    *,
    ask: bool = False,
    base: str = "/",
    environment: MutableMapping[str, str] | None = None,
) -> Door:
    """The door for what was asked on the command line and in the environment.

    ``ask`` makes a token where WORKBOOK_TOKEN gives none. Raises UsageError for an address other machines can reach
    without a token, for a token that can be guessed, and for a name, host or base path that is none.
    """
    given = os.environ if environment is None else environment
    token = given.pop(TOKEN, "").strip()  # no kernel needs to know it
    if token and (len(token) < _SHORTEST_TOKEN or not _TOKEN.fullmatch(token)):
        raise UsageError(
            f"{TOKEN} can be guessed or cannot stand in an address.",
            f"Give {_SHORTEST_TOKEN} or more letters, digits, dots, hyphens and underscores, or leave it to --token.",
        )
    if not is_loopback(host) and not token and not ask:
        raise UsageError(
            f"At {host} other machines can reach the workbook, and nobody would be asked who they are.",
            f"Add --token to have one made and printed, or give one in {TOKEN}.",
        )
    made = ask and not token
    return Door(
        host=_listening(host),
        token=secrets.token_urlsafe(32) if made else token,
        made=made,
        base=_prefix(base),
        names=_names(host, given.get(NAMES, "")),
    )


def _listening(host: str) -> str:
    """An address to listen on; a name must be one of this machine."""
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        pass
    try:
        return str(socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)[0][4][0])
    except (OSError, UnicodeError):
        raise UsageError(
            f"{host[:100]} is no address of this machine.", "Give an address, for instance 0.0.0.0 for all."
        ) from None


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() in LOCAL_NAMES


def _prefix(base: str) -> str:
    path = "/" + base.strip("/") + "/" if base.strip("/") else "/"
    if not _BASE.fullmatch(path) or any(part in (".", "..") for part in path.split("/")):
        raise UsageError(f"{base[:100]} is no path of an address.", "Give one such as /user/name/workbook/.")
    return path


def _names(host: str, further: str) -> frozenset[str]:
    named = {part.strip().lower() for part in further.split(",") if part.strip()}
    for name in named:
        if not _NAME.fullmatch(name):
            raise UsageError(
                f"{name[:100]} in {NAMES} is no host name.",
                "Give names such as hub.example.org, without port.",
            )
    if not is_loopback(host):
        named |= {host.lower(), socket.gethostname().lower(), socket.getfqdn().lower()}
    return LOCAL_NAMES | named


def without_port(host: str) -> str:
    """The name in a Host header; of an address in brackets what is between them."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0] if re.search(r":\d*$", host) else host

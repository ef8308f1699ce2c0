"""A real server of the workbook for the tests of safety, a visitor without a browser, and a small proxy."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.serving import served
from workbook.paths import shipped
from workbook.plan import store


@dataclass
class Server:
    """A running server and the home it serves."""

    port: int
    home: Path
    base: str = "/"
    token: str = ""

    def plan(self, name: str) -> Path:
        """A fresh copy of the demonstration plan."""
        path = self.home / "plans" / f"{name}.plan.json"
        if not path.exists():
            store.create(store.read(shipped("data") / "demo" / "demo.plan.json"), path)
        return path

    def get(self, path: str, port: int = 0, method: str = "GET", **headers: str) -> Answer:
        """What is answered at a path, below the base unless it begins with two slashes; cookies as given."""
        where = path[1:] if path.startswith("//") else self.base.rstrip("/") + path
        line = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=60)
        with contextlib.closing(line):
            named = {k.replace("_", "-"): v for k, v in headers.items()}
            line.request(method, where, headers=named)
            answer = line.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())

    def cookie(self) -> str:
        """The cookie that giving the token brings."""
        answer = self.get(f"/?token={quote(self.token)}")
        return answer.headers["Set-Cookie"].partition(";")[0]


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes = b""

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


@dataclass
class Line:
    """A visitor's line to the kernel of a page: what is sent, and everything that comes."""

    server: Server
    page: str
    cookie: str = ""
    port: int = 0
    binary: bool = False
    origin: str = ""
    came: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        import websocket

        self.kernel = found(r'data-kernel-id="([^"]+)"', self.page)
        self.model = found(r'data-wg-model="([^"]+)"', self.page)
        self.socket = websocket.create_connection(
            f"ws://127.0.0.1:{self.port or self.server.port}{self.server.base}api/kernels/{self.kernel}/channels?session_id=s",
            cookie=self.cookie or None,
            origin=self.origin or None,
            subprotocols=["v1.kernel.websocket.jupyter.org"] if self.binary else None,
            timeout=1,
        )

    def message(self, kind: str, content: dict[str, Any]) -> dict[str, Any]:
        header = {
            "msg_id": os.urandom(8).hex(),
            "msg_type": kind,
            "session": "s",
            "username": "",
            "date": "2026-01-01T00:00:00Z",
            "version": "5.3",
        }
        return {"header": header, "parent_header": {}, "metadata": {}, "content": content, "buffers": []}

    def send(self, kind: str, content: dict[str, Any], channel: str = "shell", **more: Any) -> None:
        message = self.message(kind, content) | {"channel": channel} | more
        if not self.binary:
            self.socket.send(json.dumps(message))
            return
        parts = [channel.encode()]
        parts += [
            json.dumps(message[part]).encode() for part in ("header", "parent_header", "metadata", "content")
        ]
        places, at = [], 8 * (len(parts) + 2)
        for part in parts:
            places.append(at)
            at += len(part)
        numbers = [len(parts) + 1, *places, at]
        self.socket.send_binary(b"".join(n.to_bytes(8, "little") for n in numbers) + b"".join(parts))

    def say(self, content: dict[str, Any]) -> None:
        """A message of the form."""
        self.send("comm_msg", {"comm_id": self.model, "data": {"method": "custom", "content": content}})

    def answer(self, number: str, seconds: float = 60) -> dict[str, Any]:
        """The form's answer to its message of a number."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.listen(0.5)
            for message in self.came:
                said = message.get("content", {}).get("data", {}).get("content", {})
                if isinstance(said, dict) and said.get("re") == number:
                    return said
        raise AssertionError(f"no answer to {number}")

    def listen(self, seconds: float) -> None:
        import websocket

        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                came = self.socket.recv()
            except websocket.WebSocketTimeoutException:
                continue
            self.came.append(json.loads(came) if isinstance(came, str) else _unpacked(came))


def _unpacked(came: bytes) -> dict[str, Any]:
    count = int.from_bytes(came[:8], "little")
    places = [int.from_bytes(came[8 * n : 8 * n + 8], "little") for n in range(1, count + 1)]
    parts = [came[a:b] for a, b in pairwise(places)]
    return {"header": json.loads(parts[1]), "content": json.loads(parts[4])}


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match, f"no {pattern} in {text[:500]}"
    return match[1]


@contextlib.contextmanager
def running(home: Path, *words: str, base: str = "/", **environment: str) -> Iterator[Server]:
    """A server on a free port, until the block ends."""
    words = (*words, "--base", base) if base != "/" else words
    with served(home, *words, **environment) as (port, _):
        yield Server(port, home, base, environment.get("WORKBOOK_TOKEN", ""))


@contextlib.contextmanager
def proxy(server: Server, strip: bool, host: str = "") -> Iterator[int]:
    """A proxy as a hub has one, on a port of its own: it passes on what is below the base, and nothing else.

    ``strip`` takes the base off the path, as some proxies do; ``host`` is the name it passes visitors on under.
    """
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(0.2)
        ends = threading.Event()

        def serve() -> None:
            while not ends.is_set():
                with contextlib.suppress(TimeoutError):
                    visitor, _ = door.accept()
                    threading.Thread(
                        target=_pass_on, args=(visitor, server, strip, host), daemon=True
                    ).start()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield door.getsockname()[1]
        finally:
            ends.set()
            thread.join()


def _pass_on(visitor: socket.socket, server: Server, strip: bool, host: str) -> None:
    head = b""
    while b"\r\n\r\n" not in head:
        if not (more := visitor.recv(65536)):
            return
        head += more
    line, rest = head.split(b"\r\n", 1)
    method, path, version = line.split(b" ")
    if not path.startswith(server.base.encode()):
        visitor.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        visitor.close()
        return
    path = b"/" + path.removeprefix(server.base.encode()) if strip else path
    if host:
        rest = re.sub(rb"(?im)^host:.*\r$", f"Host: {host}\r".encode(), rest, count=1)
    if b"upgrade: websocket" not in rest.lower():
        rest = b"Connection: close\r\n" + rest  # one request a connection
    inside = socket.create_connection(("127.0.0.1", server.port))
    inside.sendall(b" ".join([method, path, version]) + b"\r\n" + rest)
    back = threading.Thread(target=_pump, args=(inside, visitor), daemon=True)
    back.start()
    _pump(visitor, inside)
    back.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while more := source.recv(65536):
            sink.sendall(more)
        sink.shutdown(socket.SHUT_WR)

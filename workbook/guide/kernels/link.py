"""Messages over a local socket: four bytes of length, then JSON; open files may travel along."""

from __future__ import annotations

import json
import os
import select
import socket
import struct
from collections.abc import Sequence
from typing import Any

_LENGTH = struct.Struct(">I")
MOST = 64_000_000  # bytes of one message; a page's largest chart is a fraction of it


def send(to: socket.socket, message: Any, files: Sequence[int] = ()) -> None:
    """Send one message, with open files (their numbers) where the other end needs them."""
    body = json.dumps(message, separators=(",", ":")).encode()
    whole = _LENGTH.pack(len(body)) + body
    sent = socket.send_fds(to, [whole], list(files)) if files else 0
    to.sendall(whole[sent:])


def receive(source: socket.socket, files: int = 0) -> tuple[Any, list[int]]:
    """The next message and the files that came with it; (None, []) when the other end is gone.

    Raises OSError (TimeoutError among them) as the socket does.
    """
    if files:
        head, given, _flags, _address = socket.recv_fds(source, _LENGTH.size, files)
        for number in given:
            os.set_inheritable(number, False)
    else:
        head, given = source.recv(_LENGTH.size), []
    head += _exactly(source, _LENGTH.size - len(head)) if head else b""
    if len(head) < _LENGTH.size:
        return None, []
    (length,) = _LENGTH.unpack(head)
    body = _exactly(source, length) if length <= MOST else b""
    return (json.loads(body), given) if len(body) == length and body else (None, given)


def _exactly(source: socket.socket, count: int) -> bytes:
    """So many bytes, or fewer where the other end is gone."""
    got = bytearray()
    while len(got) < count and (part := source.recv(min(count - len(got), 1 << 20))):
        got += part
    return bytes(got)


def gone(other: socket.socket) -> bool:
    """Whether the other end is closed; nothing is taken from the socket, nothing waited for."""
    try:
        watch = select.poll()
        watch.register(other, select.POLLIN)
        return bool(watch.poll(0)) and other.recv(1, socket.MSG_PEEK) == b""
    except (OSError, ValueError):  # closed at this end
        return True

"""A kernel's side of the chart process: ask for a picture, and draw it here where nobody answers."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import threading
import time
from typing import Any

from workbook.render import svg

SOCKET = "WORKBOOK_CHARTS"  # where the chart process listens
_LENGTH = struct.Struct(">I")
_PATIENCE = 30.0  # seconds for one picture; many may wait for theirs at once
_RETURN = 4.0  # seconds in which a chart process that died is back
_REST = 20.0  # seconds for which it is not asked again after it did not come back


class Charts:
    """The chart process as ``render.svg`` asks it. One connection for a process, made anew after a fork."""

    def __init__(self, path: str, *, may_draw: bool = True) -> None:
        self.path = path
        self.may_draw = may_draw  # the parent of the kernels may not
        self._line: socket.socket | None = None
        self._owner = 0
        self._absent_until = 0.0
        self._lock = threading.Lock()

    def convert(self, spec: str, config: dict[str, Any]) -> str:
        """The chart as SVG, by the chart process or else by this one."""
        made = None
        if time.monotonic() >= self._absent_until:
            made = self._asked(json.dumps(config, separators=(",", ":")).encode(), spec.encode())
        if made is None:
            if not self.may_draw:
                raise ConnectionError("The chart process does not answer.")
            return svg.here(spec, config)
        if made[:1] == b"-":
            raise ValueError(made[1:].decode())
        return made[1:].decode()

    def _asked(self, config: bytes, spec: bytes) -> bytes | None:
        """The answer, or None where none came although it was asked again for a while."""
        until = time.monotonic() + _RETURN
        with self._lock:
            while True:
                try:
                    return self._once(config, spec)
                except OSError:
                    self._hang_up()
                    if time.monotonic() >= until:
                        self._absent_until = time.monotonic() + _REST
                        return None
                    time.sleep(0.05)

    def _once(self, config: bytes, spec: bytes) -> bytes:
        if self._owner != os.getpid():
            self._line, self._owner = None, os.getpid()
        if self._line is None:
            self._line = socket.socket(socket.AF_UNIX)
            self._line.settimeout(_PATIENCE)
            self._line.connect(self.path)
        self._line.sendall(_LENGTH.pack(len(config)) + config + _LENGTH.pack(len(spec)) + spec)
        (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size))
        return self._exactly(length)

    def _exactly(self, count: int) -> bytes:
        got = bytearray()
        while len(got) < count:
            part = self._line.recv(count - len(got)) if self._line else b""
            if not part:
                raise ConnectionError
            got += part
        return bytes(got)

    def _hang_up(self) -> None:
        with contextlib.suppress(OSError):
            if self._line is not None and self._owner == os.getpid():
                self._line.close()
        self._line = None


def use(path: str, *, may_draw: bool = True) -> Charts:
    """Let the chart process at a socket draw the charts of this process."""
    charts = Charts(path, may_draw=may_draw)
    svg.convert_with(charts.convert)
    return charts

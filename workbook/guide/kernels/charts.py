"""The process that draws the charts of all kernels: ``python -m workbook.guide.kernels.charts SOCKET LIFELINE``.

The chart engine takes a second and a hundred megabytes to start, so there is one for all pages. What it drew it
keeps, up to a bound: a chart that one page showed is there at once for every other. It ends when the other end of
LIFELINE (the number of an open socket) is closed, which happens when the server ends in whatever way.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import signal
import socket
import struct
import sys
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

_LENGTH = struct.Struct(">I")
MOST_BYTES = 48_000_000  # of pictures that are kept: two or three thousand
DRAWN, REFUSED = b"+", b"-"


class Kept:
    """Pictures by the hash of what they were drawn from; those not asked for longest are let go."""

    def __init__(self, draw: Callable[[str, str], str], most: int = MOST_BYTES) -> None:
        self._draw, self._most = draw, most
        self._held: OrderedDict[bytes, asyncio.Future[bytes]] = OrderedDict()
        self._bytes = 0
        # The engine has one thread of its own: two requests at once would only wait inside it.
        self._hand = ThreadPoolExecutor(1)
        self.drawn = 0

    async def picture(self, config: bytes, spec: bytes) -> bytes:
        """The answer for a chart: drawn once, also where several ask for it at the same time."""
        key = hashlib.blake2b(config + b"\0" + spec, digest_size=20).digest()
        if key not in self._held:
            self._held[key] = asyncio.ensure_future(self._make(key, config, spec))
        self._held.move_to_end(key)
        # Somebody who does not wait any longer must not take the picture from the others.
        return await asyncio.shield(self._held[key])

    async def _make(self, key: bytes, config: bytes, spec: bytes) -> bytes:
        work = asyncio.get_running_loop().run_in_executor(
            self._hand, self._draw, config.decode(), spec.decode()
        )
        try:
            made = DRAWN + (await work).encode()
        except Exception as error:  # what the engine says of a chart it refuses goes to who asked
            self._held.pop(key, None)
            return REFUSED + str(error).encode()
        self.drawn += 1
        self._bytes += len(made)
        self._let_go()
        return made

    def _let_go(self) -> None:
        for key in list(self._held):
            if self._bytes <= self._most:
                return
            if self._held[key].done():
                self._bytes -= len(self._held.pop(key).result())


def _draw(config: str, spec: str) -> str:
    import vl_convert

    return vl_convert.vegalite_to_svg(spec, config=json.loads(config), allowed_base_urls=[])


async def _read(reader: asyncio.StreamReader) -> bytes:
    (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
    return await reader.readexactly(length)


async def _serve(path: str, lifeline: socket.socket) -> None:
    kept = Kept(_draw)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, OSError):
            while True:
                config, spec = await _read(reader), await _read(reader)
                made = await kept.picture(config, spec)
                writer.write(_LENGTH.pack(len(made)) + made)
                await writer.drain()
        writer.close()

    asyncio.get_running_loop().add_reader(lifeline, _end_with, lifeline)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    server = await asyncio.start_unix_server(answer, path, limit=1 << 26)
    await kept.picture(b"{}", b'{"data":{"values":[{"a":1}]},"mark":"point","encoding":{"x":{"field":"a"}}}')
    await server.serve_forever()


def _end_with(lifeline: socket.socket) -> None:
    if not lifeline.recv(1):
        os._exit(0)


def main() -> None:
    """Draw until the lifeline is cut."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the server, and with it this
    path, number = sys.argv[1:3]
    lifeline = socket.socket(fileno=int(number))
    lifeline.setblocking(False)
    asyncio.run(_serve(path, lifeline))


if __name__ == "__main__":
    main()

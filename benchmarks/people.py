"""A person at a page without a browser: opens it and changes fields over the protocol that the page's script speaks."""

from __future__ import annotations

import asyncio
import json
import os
import re
import time
import uuid
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError, websocket_connect

AsyncHTTPClient.configure(None, max_clients=200)


@dataclass(frozen=True)
class Spot:
    """A view of a step with a chart, and a field that drives it: ``chart`` is the id of the chart's block."""

    step: str
    notebook: str
    view: str
    path: str
    chart: str
    first: float
    by: float

    def address(self, server: str, plan: str) -> str:
        """Where the view is, with the field in view."""
        return f"{server}/voila/render/{self.notebook}?plan={plan}&view={self.view}&at={self.path}"

    def value(self, turn: int) -> str:
        """What is typed the ``turn``-th time; never the same twice."""
        return f"{self.first + self.by * (turn + 1):g}"


# Every step that has both a chart and a field that drives it. The start page has no chart, and the one chart of the
# plan page follows from the other steps. In decommissioning they stand in different views: the whole step is shown.
SPOTS = (
    Spot("needs", "1_needs.ipynb", "shortlist", "/needs/shortlist/voice", "b-figure-shortlist-stability", 20, 2),
    Spot("ambitions", "2_ambitions.ipynb", "ambition-1", "/ambitions/items/0/levels/0/value", "b-figure-ambition-1", 2000, 1),
    Spot("budget", "3_budget.ipynb", "schemes", "/budget/schemes/0/recurrent_cost", "b-figure-scheme-cost", 2000, 7),
    Spot("decommissioning", "4_decommissioning.ipynb", "all", "/decommissioning/services/0/transition_cost",
         "b-figure-money-of-stopping-chart", 300, 7),
)  # fmt: skip


@dataclass
class Person:
    """One open page."""

    spot: Spot
    plan: str
    server: str
    opened: float = 0.0  # seconds until the whole page was there
    kernel: str = ""
    saved: list[float] = field(default_factory=list)
    charted: list[float] = field(default_factory=list)  # from a change to the changed chart
    caught_up: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    _model: str = ""
    _line: WebSocketClientConnection | None = None
    _session: str = field(default_factory=lambda: uuid.uuid4().hex)
    _waiting: dict[str, asyncio.Future[dict[str, Any]]] = field(default_factory=dict)
    _turn: int = 0
    _began: float = 0.0
    _new_chart: float | None = None

    async def open(self) -> None:
        """Fetch the page and connect to its kernel."""
        began = time.monotonic()
        address = self.spot.address(self.server, self.plan)
        answer = await AsyncHTTPClient().fetch(HTTPRequest(address, request_timeout=120))
        self.opened = time.monotonic() - began
        html = answer.body.decode()
        self.kernel, self._model = (
            unescape(re.search(f'data-{name}="([^"]+)"', html)[1])  # type: ignore[index]
            for name in ("kernel-id", "wg-model")
        )
        if self.spot.path and f'data-path="{self.spot.path}"' not in html:
            self.errors.append(f"{self.spot.path} is not on the page")
        line = self.server.replace("http", "ws", 1)
        where = f"{line}/api/kernels/{self.kernel}/channels?session_id={self._session}"
        self._line = await websocket_connect(HTTPRequest(where, headers={"Origin": self.server}))
        asyncio.ensure_future(self._read())  # noqa: RUF006 - it ends with the line
        await self._ask({"kind": "hello", "revision": 0})

    async def change(self) -> None:
        """Change the field; note when the answer came that it is saved, and when the page had caught up."""
        self._turn += 1
        after = self._waiting[""] = asyncio.get_running_loop().create_future()
        began = self._began = time.monotonic()
        self._new_chart = None
        try:
            reply = await self._ask(
                {"kind": "change", "path": self.spot.path, "value": self.spot.value(self._turn)}
            )
            self.saved.append(time.monotonic() - began)
            if not reply.get("saved") or reply.get("alert"):
                self.errors.append(json.dumps(reply)[:200])
            reply = await asyncio.wait_for(after, 30)
            self.caught_up.append(time.monotonic() - began)
            if self._new_chart is None:
                self.errors.append(f"no new {self.spot.chart}: {json.dumps(reply)[:200]}")
            else:
                self.charted.append(self._new_chart)
        except TimeoutError:
            self.errors.append("no answer in thirty seconds")
        except WebSocketClosedError:
            self.errors.append(
                f"the line was closed: {self._line and (self._line.close_code, self._line.close_reason)}"
            )

    async def leave(self) -> None:
        """Close the page, and with it its kernel."""
        if self._line is not None:
            self._line.close()
        goodbye = f"{self.server}/voila/api/shutdown/{self.kernel}"
        await AsyncHTTPClient().fetch(
            HTTPRequest(goodbye, "POST", body="", headers={"Origin": self.server}), raise_error=False
        )

    async def _ask(self, content: dict[str, Any]) -> dict[str, Any]:
        number = uuid.uuid4().hex
        self._waiting[number] = asyncio.get_running_loop().create_future()
        header = {
            "msg_id": number, "msg_type": "comm_msg", "session": self._session, "username": "", "version": "5.3",
            "date": "2026-01-01T00:00:00Z",
        }  # fmt: skip
        data = {"method": "custom", "content": {"id": number, "by": self.plan, **content}}
        message = {
            "channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "buffers": [],
            "content": {"comm_id": self._model, "data": data},
        }  # fmt: skip
        assert self._line is not None
        await self._line.write_message(json.dumps(message))
        return await asyncio.wait_for(self._waiting[number], 30)

    async def _read(self) -> None:
        assert self._line is not None
        while (text := await self._line.read_message()) is not None:
            message = json.loads(text)
            if message.get("header", {}).get("msg_type") != "comm_msg":
                continue
            content = message["content"]["data"].get("content") or {}
            if self.spot.chart in content.get("patches", {}) and self._new_chart is None:
                self._new_chart = time.monotonic() - self._began
            # What follows from a change comes by itself; the last of it says that nothing is on its way any more.
            final = content.get("re") != "" or not content.get("working")
            waiting = self._waiting.pop(content.get("re"), None) if final else None
            if waiting is not None and not waiting.done():
                waiting.set_result(content)


def processes(kernels: list[str]) -> dict[str, int]:
    """The process of each kernel, by the socket it listens on (Linux)."""
    listening: dict[str, str] = {}
    for line in Path("/proc/net/unix").read_text().splitlines()[1:]:
        words = line.split()
        if len(words) > 7:
            listening.setdefault(words[6], words[7])
    found: dict[str, int] = {}
    for folder in Path("/proc").glob("[0-9]*/fd"):
        try:
            links = [os.readlink(entry) for entry in folder.iterdir()]
        except OSError:
            continue
        at = " ".join(listening.get(link[8:-1], "") for link in links if link.startswith("socket:["))
        found |= {kernel: int(folder.parent.name) for kernel in kernels if f"{kernel}-ipc" in at}
    return found


def memory(pid: int) -> dict[str, float]:
    """Megabytes of a process: its proportional share (PSS) and what it shares with nobody."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    kb = {name: int(size) for name, size in re.findall(r"^(\w+):\s+(\d+) kB", text, re.M)}
    return {"pss": kb["Pss"] / 1024, "private": (kb["Private_Dirty"] + kb["Private_Clean"]) / 1024}

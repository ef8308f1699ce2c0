"""A few kernels that wait for the next page, whichever step it shows.

Voilà's own pool keeps kernels for every notebook apart, runs part of the notebook in them and hands over the
address by a socket of its own; six notebooks would hold six kernels that nobody uses. Here a kernel waits before
the first cell and gets the surroundings of its page when it is given away.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Collection
from functools import partial
from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from jupyter_server.utils import ApiPath
from traitlets import Float, Int

from workbook.guide.kernels import house


class Waiting(AsyncMappingKernelManager):
    """The kernels of the server, some of them waiting."""

    size = Int(3, config=True, help="So many kernels wait for the next page.")
    pause = Float(0.7, config=True, help="Seconds until the place of one given away is filled again.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._waiting: dict[str, house.Forked] = {}
        self._filling: asyncio.Task[None] | None = None
        self._ended = False
        loop = asyncio.get_event_loop_policy().get_event_loop()
        if house.current is not None and self.size:
            house.current.on_warm = partial(loop.call_soon_threadsafe, self._renew)
            if house.current.generation:
                loop.call_soon(self._renew)

    async def start_kernel(self, **asked: Any) -> str:  # type: ignore[override]
        """A kernel that waits, where one does and nothing is asked that it does not have; else a new one."""
        if asked.get("kernel_id") is None and not asked.get("path") and asked.get("env"):
            given = await self._give(asked["env"])
            if given:
                return given
        return await super().start_kernel(**asked)

    async def _give(self, environment: dict[str, str]) -> str | None:
        while self._waiting:
            kernel_id = next(iter(self._waiting))
            kernel = self._waiting.pop(kernel_id)
            self._fill(self.pause)
            taken = kernel.poll() is None and await asyncio.to_thread(kernel.give, dict(environment))
            if taken and kernel_id in self:
                return kernel_id
            await self._drop(kernel_id)
        return None

    def _renew(self) -> None:
        """The parent is warm (again): kernels forked from it before it was are replaced."""
        held = house.current
        old = {
            k for k, kernel in self._waiting.items() if held is None or kernel.generation != held.generation
        }
        for kernel_id in old:
            del self._waiting[kernel_id]
        self._fill(0, old)

    def _fill(self, after: float, instead: Collection[str] = ()) -> None:
        if instead or self._filling is None or self._filling.done():
            self._filling = asyncio.ensure_future(self._fill_up(after, instead))

    async def _fill_up(self, after: float, instead: Collection[str]) -> None:
        for kernel_id in instead:
            await self._drop(kernel_id)
        await asyncio.sleep(after)
        while not self._ended and len(self._waiting) < self.size:
            held = house.current
            if held is None or not held.usable or not held.generation:
                return
            kernel_id = await super().start_kernel(
                kernel_name="python3", path=ApiPath(""), env=dict(os.environ)
            )
            process = getattr(self.get_kernel(kernel_id).provisioner, "process", None)
            if not isinstance(process, house.Forked):
                await self._drop(kernel_id)
                return
            self._waiting[kernel_id] = process

    async def _drop(self, kernel_id: str) -> None:
        """End a kernel that nobody wants; what goes wrong with that is no matter of the page that is being opened.

        One that died is started again by the server after some seconds, and cannot be ended in the middle of that:
        it is left to be culled as any other that nobody uses.
        """
        if kernel_id in self:
            try:
                await self.shutdown_kernel(kernel_id, now=True)
            except Exception as fault:
                self.log.info("A kernel that nobody wanted was not ended: %r", fault)

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """Kernels that wait are idle on purpose."""
        if kernel_id not in self._waiting:
            await super().cull_kernel_if_idle(kernel_id)

    async def shutdown_all(self, now: bool = False) -> None:  # type: ignore[override]
        """End them all, those that wait too; no more are made."""
        self._ended = True
        self._waiting.clear()
        await super().shutdown_all(now=now)

"""The server's line to a kernel, which knows at once when the kernel listens.

Jupyter's own client waits two tenths of a second in silence to be sure that nothing more is said; a kernel says itself
when it has answered, so its word is waited for instead.
"""

from __future__ import annotations

import asyncio
import time
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient

_PAUSE = 0.2  # seconds; without a word for so long the kernel is asked again


class Client(AsyncKernelClient):
    """A client that is ready as soon as the kernel has answered and its output arrives."""

    async def _wait_until_ready(self, timeout: float | None = None) -> None:
        """Until the kernel has answered on the first channel, and been heard to have finished on the second.

        Raises RuntimeError when it died, or did not answer in ``timeout`` seconds.
        """
        until = time.monotonic() + (float("inf") if timeout is None else timeout)
        while time.monotonic() < until:
            asked = self.kernel_info()
            reply, heard = await asyncio.gather(self._answered(asked), self._finished(asked))
            if reply is not None and heard:
                self._handle_kernel_info_reply(reply)
                return
            if not await self._async_is_alive():
                raise RuntimeError("The kernel died before it answered.")
        raise RuntimeError(f"The kernel did not answer in {timeout} seconds.")

    wait_for_ready = _wait_until_ready

    async def _answered(self, asked: str) -> dict[str, Any] | None:
        try:
            while True:
                message = await self.get_shell_msg(timeout=1)
                if message["parent_header"].get("msg_id") == asked:
                    return dict(message)
        except Empty:
            return None

    async def _finished(self, asked: str) -> bool:
        """Whether output of the kernel arrives here: it tells when it has finished with what it was asked."""
        patience = 1.0
        try:
            while True:
                message = await self.get_iopub_msg(timeout=patience)
                patience = _PAUSE
                idle = message["content"].get("execution_state") == "idle"
                if idle and message["parent_header"].get("msg_id") == asked:
                    return True
        except Empty:
            return False

"""How Jupyter comes by a forked kernel: a provisioner that is known to this process alone.

The notebooks name the ordinary kernel "python3"; only the workbook's own server makes it from the house.
"""

from __future__ import annotations

import asyncio
import os
from importlib.metadata import EntryPoint
from typing import Any

from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

from workbook.guide.kernels import house

NAME = "workbook-forked"
_LAUNCHER = "ipykernel_launcher"


class Provisioner(LocalProvisioner):
    """Forks the kernel where that works, else starts an ordinary one."""

    process: Any

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Launch a kernel for the command ``python -m ipykernel_launcher ...``, with its ``env`` and ``cwd``."""
        held = house.current
        if held is None or _LAUNCHER not in cmd:
            return await super().launch_kernel(cmd, **kwargs)
        arguments = cmd[cmd.index(_LAUNCHER) + 1 :]
        environment = {k: str(v) for k, v in (kwargs.get("env") or os.environ).items()}
        folder = str(kwargs.get("cwd") or os.getcwd())
        try:
            made = await asyncio.to_thread(held.fork, arguments, environment, folder)
        except house.NoFork:
            return await super().launch_kernel(cmd, **kwargs)
        self.process, self.pid, self.pgid, self.cwd = made, made.pid, made.pid, folder
        return self.connection_info


def offer() -> None:
    """Let the kernel managers of this process find the provisioner, without an installed entry point."""
    group = KernelProvisionerFactory.GROUP_NAME
    KernelProvisionerFactory.provisioners[NAME] = EntryPoint(NAME, f"{__name__}:Provisioner", group)

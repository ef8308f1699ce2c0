"""Kernels that are there at once: forked from a warm process, drawing charts by one process for all.

An ordinary kernel imports everything anew, which takes seconds and a hundred megabytes for every open page.
Under the workbook's own server the parts are:

- ``parent``: a process with everything imported and the demonstration plan worked out once. It never draws a
  chart itself, because a child of a process that has drawn one hangs.
- ``child``: what a kernel forked from it does before and beside the kernel's own loop.
- ``charts``: one process that draws the charts of all kernels and keeps them; ``asking`` asks it.
- ``house``: the server's side, which starts these processes, watches them and ends them with itself.
- ``provisioner`` and ``pool``: how Jupyter comes by such kernels, and a few that wait for the next page.

Where the system cannot fork, where it fails, and with ``WORKBOOK_KERNELS=ordinary``, kernels are ordinary ones.
"""

from __future__ import annotations

import os
import socket
import sys

ORDINARY = "ordinary"


def possible() -> bool:
    """Whether kernels can be forked here, and nobody asked for ordinary ones."""
    if os.environ.get("WORKBOOK_KERNELS", "").lower() == ORDINARY or sys.platform == "win32":
        return False
    return hasattr(os, "fork") and hasattr(socket, "send_fds")

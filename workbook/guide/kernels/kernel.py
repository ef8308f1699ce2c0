"""IPython's kernel for a page: as little of it as a page needs, as every kernel pays for what it touches.

A forked kernel shares the memory of its parent until it touches it; what is left out here would make a copy of some
twenty megabytes for every open page.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any, ClassVar

from ipykernel import ipkernel
from ipykernel.kernelapp import IPKernelApp
from traitlets.config import Config


class App(IPKernelApp):
    """The application around the kernel, set up by :func:`made` alone."""

    def parse_command_line(self, argv: Any = None) -> None:
        """No parser for hundreds of options of which none is given."""

    def load_config_file(self, *_: Any, **__: Any) -> None:
        """A page does not depend on how somebody set up their notebooks."""

    def init_gui_pylab(self) -> None:
        """A page draws no charts by Matplotlib."""

    def init_extensions(self) -> None:
        """A page loads none."""

    def init_code(self) -> None:
        """A page runs nothing before its notebook."""


class _Blind(ModuleType):
    """``sys`` without the modules."""

    modules: ClassVar[dict[str, Any]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)


def made(arguments: list[str]) -> App:
    """The application, ready to start. Raises ValueError where the arguments are not those of a connection file."""
    if len(arguments) != 2 or arguments[0] != "-f":
        raise ValueError(f"A forked kernel knows -f alone, and was given {arguments}.")
    app = App.instance(
        connection_file=arguments[1],
        config=Config(HistoryManager={"enabled": False}),
        parent_handle=1,  # the line to the server tells when it ends, no second watch is needed
        capture_fd_output=False,  # two threads and pipes less; what Python prints is still sent to the page
    )
    # For the debugger's sake the kernel looks at every module, which would copy ten megabytes.
    ipkernel.sys = _Blind("sys")
    try:
        app.initialize([])
    finally:
        ipkernel.sys = sys
    return app

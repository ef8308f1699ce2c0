"""An executed notebook with everything taken out that differs from run to run.

The same plan gives the same bytes on any day, on any machine and with either
engine: no clock, no random id, no path of the machine.
"""

from __future__ import annotations

import re
from typing import Any

from nbformat import NotebookNode

from workbook.pack import written as json_file

# The only metadata of a cell that a reader of the executed notebook needs.
_KEPT = ("tags",)
_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_ADDRESS = re.compile(r"\b0x[0-9a-f]{6,16}\b")


def normalised(nb: NotebookNode) -> dict[str, Any]:
    """The executed notebook as data that are the same for the same inputs."""
    cells = [_cell(cell, place) for place, cell in enumerate(nb.cells, start=1)]
    metadata = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def written(nb: dict[str, Any]) -> bytes:
    """A notebook file: keys in order as nbformat has it, texts as lists of lines, one line feed at the end.

    Only the keys inside a record keep their own order, so that a step read from the file is in every respect
    the one that was recorded.
    """
    return json_file.as_bytes({**nb, "cells": [_in_lines(cell) for cell in nb["cells"]]})


def _in_lines(cell: dict[str, Any]) -> dict[str, Any]:
    """A cell whose texts are lists of lines, as notebooks keep them so that a comparison shows the line."""
    found = {**cell, "source": _lines(cell["source"])}
    if "outputs" in cell:
        found["outputs"] = [_in_order(_output_in_lines(output)) for output in cell["outputs"]]
    return _in_order(found)


def _in_order(data: dict[str, Any]) -> dict[str, Any]:
    return dict(sorted(data.items()))


def _output_in_lines(output: dict[str, Any]) -> dict[str, Any]:
    if output["output_type"] == "stream":
        return {**output, "text": _lines(output["text"])}
    if "data" not in output:
        return output
    return {
        **output,
        "data": _in_order({k: v if k.endswith("json") else _lines(v) for k, v in output["data"].items()}),
    }


def _lines(text: Any) -> Any:
    return text.splitlines(keepends=True) if isinstance(text, str) else text


def _cell(cell: NotebookNode, place: int) -> dict[str, Any]:
    plain = {
        "cell_type": cell.cell_type,
        "id": f"cell-{place:02d}",
        "metadata": {k: v for k, v in cell.metadata.items() if k in _KEPT},
        "source": cell.source,
    }
    if cell.cell_type == "code":
        plain["execution_count"] = cell.get("execution_count")
        plain["outputs"] = [_output(o) for o in cell.outputs if not _is_noise(o)]
    return plain


def _is_noise(output: NotebookNode) -> bool:
    """Warnings for the person at the terminal; they name files of the machine."""
    return output.output_type == "stream" and output.name == "stderr"


def _output(output: NotebookNode) -> dict[str, Any]:
    plain = {k: v for k, v in output.items() if k != "transient"}
    if "data" in plain and "text/plain" in plain["data"]:
        plain["data"] = plain["data"] | {"text/plain": _without_addresses(plain["data"]["text/plain"])}
    return plain


def _without_addresses(text: str) -> str:
    """ "<Page at 0x7f3a...>" names a place in memory, which is another one each time."""
    return _ADDRESS.sub("0x0", text)

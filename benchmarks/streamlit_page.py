"""A Streamlit page with the same first chart and the same fields as a page of the workbook, to compare with.

Streamlit is no dependency of the workbook: ``environment`` makes a throw-away one in a temporary folder, by
``uv venv`` and ``uv pip install streamlit altair pandas``. The script is the same for every step; the chart's
specification and the fields are taken from the step as it is worked out for the plan.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbook.blocks import Figure, Question
from workbook.guide.answering.session import Session
from workbook.render import theme

SCRIPT = """
import datetime, json, pathlib
import streamlit as st

held = json.loads((pathlib.Path(__file__).parent / "pages.json").read_text())[st.query_params["step"]]
st.title(held["title"])
if held["spec"]:
    st.vega_lite_chart(spec=held["spec"], use_container_width=False)
for n, field in enumerate(held["fields"]):
    kind, label, value, options = (field[k] for k in ("kind", "label", "value", "options"))
    key = f"f{n}"
    if kind == "number":
        st.number_input(label, value=value if isinstance(value, (int, float)) else None, key=key)
    elif kind == "long":
        st.text_area(label, value or "", key=key)
    elif kind == "choice":
        st.selectbox(label, options, index=options.index(value) if value in options else None, key=key)
    elif kind == "choices":
        st.multiselect(label, options, [v for v in value or [] if v in options], key=key)
    elif kind == "yesno":
        st.radio(label, ["Yes", "No"], index=None if value is None else int(not value), key=key)
    elif kind == "date":
        st.date_input(label, datetime.date.fromisoformat(value) if value else None, key=key)
    else:
        st.text_input(label, value or "", key=key)
"""
CHART = '[data-testid="stVegaLiteChart"] canvas, [data-testid="stVegaLiteChart"] svg'
CONTROL = '[data-testid="stMain"] input:visible, [data-testid="stMain"] textarea:visible'


def write(folder: Path, views: dict[str, str], plan: Path) -> Path:
    """The script, and beside it what it shows of each step: the first chart and the fields of that view."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = {step: _page(step, view, plan) for step, view in views.items()}
    (folder / "pages.json").write_text(json.dumps(pages), encoding="utf-8")
    (folder / "page.py").write_text(SCRIPT, encoding="utf-8")
    return folder / "page.py"


def _page(step: str, view: str, plan: Path) -> dict[str, Any]:
    shown = Session(step, plan, view=view)
    figures = [block for block in shown.view.blocks if isinstance(block, Figure)]
    spec = {**figures[0].spec, "config": theme.config()} if figures else None
    fields = [field for question in shown.view.questions for field in _fields(question)]
    return {"title": shown.view.title, "spec": spec, "fields": fields}


def _fields(question: Question) -> Iterator[dict[str, Any]]:
    if question.kind in ("group", "rows"):
        for item in question.items:
            for inner in item.questions:
                yield from _fields(inner)
        return
    answer = question.answer
    options = [choice.label for choice in question.choices]
    by_value = {choice.value: choice.label for choice in question.choices}
    if question.kind == "check":  # an answer with its evidence, owner and due date
        held = answer if isinstance(answer, dict) else {}
        yield _field("choice", question.prompt, by_value.get(held.get("answer")), options)
        for name in ("evidence", "owner", "due"):
            yield _field("text", name, held.get(name), [])
    elif question.kind in ("number", "integer"):
        yield _field(
            "number", question.prompt, float(answer) if isinstance(answer, (int, float)) else None, []
        )
    elif question.kind == "choice":
        yield _field("choice", question.prompt, by_value.get(answer), options)
    elif question.kind == "choices":
        yield _field("choices", question.prompt, [by_value.get(value) for value in answer or []], options)
    elif question.kind == "date":
        yield _field("date", question.prompt, str(answer) if answer else None, [])
    else:
        yield _field(
            question.kind, question.prompt, answer if isinstance(answer, bool) else answer and str(answer), []
        )


def _field(kind: str, label: str, value: Any, options: list[str]) -> dict[str, Any]:
    return {"kind": kind, "label": label, "value": value, "options": options}


def environment(folder: Path) -> tuple[Path, str]:
    """The ``streamlit`` command of a fresh environment in a folder, and its version."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(["uv", "venv", "--no-config", str(folder)], check=True, **quiet)  # type: ignore[call-overload]
    python = folder / "bin" / "python"
    packages = ["streamlit", "altair", "pandas"]
    subprocess.run(
        ["uv", "pip", "install", "--no-config", "--compile-bytecode", "--python", str(python), *packages],
        check=True,
        **quiet,
    )  # type: ignore[call-overload]
    command = folder / "bin" / "streamlit"
    said = subprocess.run([str(command), "--version"], check=True, capture_output=True, text=True).stdout
    return command, said.split()[-1]


def command(streamlit: Path, script: Path, port: int) -> list[str]:
    """How the page is served, with nothing sent anywhere."""
    return [
        str(streamlit), "run", str(script), "--server.port", str(port), "--server.address", "127.0.0.1",
        "--server.headless", "true", "--browser.gatherUsageStats", "false", "--server.fileWatcherType", "none",
    ]  # fmt: skip


def quiet_environment(home: Path) -> dict[str, str]:
    """Its settings are nobody's own."""
    return {**os.environ, "HOME": str(home)}

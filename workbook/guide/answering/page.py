"""The page of one step in a notebook: one widget that carries its own accessible HTML.

On the workbook's own server the HTML is written straight into the page and
``static/host.js`` connects it to the kernel; in JupyterLab the standard widget
manager draws the same widget. Either way ``static/form.js`` brings it to life.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from workbook.errors import BadInput, NewerSchema, WorkbookError
from workbook.guide.answering import faults, messages, outputs
from workbook.guide.answering.session import Reply, Session, go_back
from workbook.guide.drawing import layout
from workbook.guide.server import scripts
from workbook.guide.way import addresses, chooser, plans
from workbook.paths import shipped
from workbook.plan import store

_REMEMBERED = 100  # replies to changes
_MOMENT = 0.02  # seconds: what is sent in one go comes within it
_UNNOTICED = 0.15  # seconds


class Form(anywidget.AnyWidget):
    """The widget: ``html`` is the page as first shown; everything after goes by messages."""

    _esm = scripts.joined()
    html = traitlets.Unicode("").tag(sync=True)

    def __init__(self, **kwargs: Any) -> None:
        self._css = stylesheet()
        super().__init__(**kwargs)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        made = super()._repr_mimebundle_(**kwargs)
        if made is None:
            return None
        bundle, metadata = made if isinstance(made, tuple) else (made, {})
        return {
            **bundle,
            "text/html": self.html,
            "text/plain": "A page of the commissioning workbook",
        }, metadata


class Page:
    """The page of a step; ``plan_path`` is empty where the address of the page names the plan."""

    def __init__(self, step_id: str, plan_path: str = "") -> None:
        self.step_id = step_id
        self._session: Session | None = None
        self._answered: OrderedDict[str, Reply] = OrderedDict()
        self._due: asyncio.TimerHandle | None = None
        self._glances: Iterator[Reply] = iter(())  # what of a change is still to be shown before the whole
        self._took = 0.0  # seconds that the page took to catch up the last time
        self._outputs = outputs.Outputs(lambda reply: self.widget.send(reply))
        self.widget = Form(html=self._first(plan_path))
        self.widget.on_msg(self._on_message)

    def show(self) -> None:
        """Show the page below the cell."""
        from IPython.display import display

        display(self.widget)

    def record(self) -> None:
        """In the guide nothing is recorded: a report does that, from the saved plan."""

    # --- first drawing --------------------------------------------------------

    def _first(self, plan_path: str) -> str:
        try:
            asked = {} if plan_path else addresses.asked()
            if not plan_path and not asked["plan"]:
                return chooser.page(self.step_id)
            path = Path(plan_path) if plan_path else plans.find(asked["plan"])
        except WorkbookError as error:
            return self._choose(str(error))
        try:
            return self._open(path, asked.get("view", ""), asked.get("at", ""))
        except Exception as error:
            said = str(error) if isinstance(error, WorkbookError) else faults.sentence(error)
            way_back = store.revisions(path) and not isinstance(error, NewerSchema)
            return self._choose(said, plans.name_of(path) if way_back else "")

    def _choose(self, problem: str, stuck: str = "") -> str:
        try:
            return chooser.page(self.step_id, problem, stuck)
        except Exception as error:
            return _sorry(self.step_id, f"{problem} {faults.sentence(error)}")

    def _open(self, path: Path, view: str = "", at: str = "") -> str:
        self._session = Session(self.step_id, path, view=view, at=at)
        html = self._session.page()
        gc.freeze()  # what is there now stays: to search it for cycles made every tenth change wait
        return html

    # --- messages -------------------------------------------------------------

    def _on_message(self, _widget: Any, message: Any, _buffers: Any) -> None:
        if isinstance(message, dict):
            self.widget.send(self.answer(message))
            if self._session is not None and self._session.behind:
                self._glances = self._session.glances() if message.get("kind") == "change" else iter(())
                self._soon(self._glance)

    def _soon(self, act: Callable[[], None], wait: float = 0) -> None:
        """Do something next, or when no further message has come for a moment: one working-out serves them all."""
        if self._due is not None:
            self._due.cancel()
        try:
            self._due = asyncio.get_running_loop().call_later(wait, act)
        except RuntimeError:  # no loop turns here: there is nothing to wait for
            act()

    def _glance(self) -> None:
        """Send what a change means for a part in sight; after the last work the whole step out."""
        seen = next(self._glances, None)
        if seen is None:
            # Where the whole takes no longer than nobody notices, it is done at once.
            self._soon(self._catch_up, _MOMENT if self._took > _UNNOTICED else 0)
        else:
            self.widget.send({"re": "", "working": True, **seen})
            self._soon(self._glance)

    def _catch_up(self) -> None:
        if self._session is not None:
            began = time.perf_counter()
            self.widget.send({"re": "", "working": False, **self._session.catch_up()})
            self._took = time.perf_counter() - began

    def answer(self, message: dict[str, Any]) -> Reply:
        """The reply to one message of the page. A change that comes twice is made once."""
        number = str(message.get("id", ""))[:80]
        if number in self._answered:
            return self._answered[number]
        reply = {"re": number, **self._try(message)}
        if str(message.get("kind")) in messages.SAVING:
            self._answered[number] = reply
            while len(self._answered) > _REMEMBERED:
                self._answered.popitem(last=False)
        return reply

    def _try(self, message: dict[str, Any]) -> Reply:
        try:
            return self._do(message)
        except WorkbookError as error:
            return {"alert": str(error)}
        except Exception as error:
            return {"alert": faults.sentence(error)}

    def _do(self, message: dict[str, Any]) -> Reply:
        message = messages.checked(message)
        kind = str(message["kind"])
        by = str(message.get("by") or "")
        if kind == "copy":
            return self._go(plans.copied(str(message.get("name", "")), str(message.get("title", "")), by))
        if kind == "create":
            return self._create(message.get("values") or {}, by)
        if kind == "open":
            return self._go(str(message.get("name", "")))
        if kind == "restore":
            return self._restore(str(message.get("name", "")), by)
        if kind in outputs.KINDS:
            return self._outputs.answer(self._session, message)
        if self._session is None:
            return chooser.progressed(self.step_id) if kind == "progress" else {}
        handle = messages.HANDLERS.get(kind)
        if handle is None:
            raise BadInput(
                "The page asked for something that the workbook does not know.", "Reload the page."
            )
        if kind == "ping":  # a page that is open notices figures that were brought in elsewhere
            return {**self._outputs.beat(self._session), **handle(self._session, message, by)}
        return handle(self._session, message, by)

    def _create(self, values: dict[str, Any], by: str) -> Reply:
        faulty = {f"new-{k}": v for k, v in chooser.faults_of(values).items()}
        if faulty:
            return {"errors": faulty}
        return self._go(chooser.make(values, by))

    def _restore(self, name: str, by: str) -> Reply:
        go_back(self.step_id, plans.find(name), by)
        return self._go(name)

    def _go(self, name: str) -> Reply:
        """Open a plan: by its address on the server, in place elsewhere."""
        path = plans.find(name)
        if addresses.served():
            return {"go": addresses.of(self.step_id, name)}
        return {"page": self._open(path)}


def stylesheet() -> str:
    """The look of the page: its own, and that of the blocks, which the documents share."""
    blocks = shipped("templates") / "documents" / "blocks.css"
    own = (scripts.STATIC / "workbook.css").read_text(encoding="utf-8")
    return (blocks.read_text(encoding="utf-8") if blocks.exists() else "") + own


def _sorry(step_id: str, sentence: str) -> str:
    return layout.frame(step_id, f'<p class="wg-alert" role="alert">{escape(sentence)}</p>')

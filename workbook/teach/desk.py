"""The desk: serves lessons on this machine, for this machine only.

Answers travel by plain form and redirect, so a page works without a script, a
reload repeats nothing, and the result of a question leaves the server only
after its answer was kept.
"""

from __future__ import annotations

import secrets
import sys
import traceback
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from workbook.errors import UsageError, WorkbookError
from workbook.reference import Reference
from workbook.teach import answers, facts, lessons, pages
from workbook.teach.lessons import Lesson

HOST = "127.0.0.1"
_LONGEST_FORM = 64_000
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Reply:
    """What goes back to the browser; ``to`` is the address of a redirect."""

    body: str = ""
    status: HTTPStatus = HTTPStatus.OK
    type: str = "text/html; charset=utf-8"
    to: str = ""


@dataclass
class Desk:
    """The lessons, their figures worked out once, and the two secrets of this run.

    ``key`` opens the trainer's pages and is printed in the terminal only;
    ``token`` is in every form, so that no other site can send one.
    """

    reference: Reference
    key: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    token: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    _open: dict[str, tuple[Lesson, facts.Facts]] = field(default_factory=dict)

    def get(self, path: str, query: dict[str, list[str]]) -> Reply:
        """The page at an address."""
        if path == "/style.css":
            return Reply(pages.style(), type="text/css; charset=utf-8")
        if path == "/":
            return Reply(pages.listing([self._lesson(found.id)[0] for found in lessons.list_lessons()]))
        id, _, room = path.strip("/").partition("/")
        if not self._known(id) or room not in ("", "trainer", "answer"):
            return _no_such_page()
        if room == "answer":  # where a refused form stands; typed again as an address
            return Reply(status=HTTPStatus.SEE_OTHER, to=pages.address(id))
        if room == "":
            return self._learner(id)
        if not secrets.compare_digest(query.get("key", [""])[0].encode(), self.key.encode()):
            return _refused("The trainer's page opens with the address that the terminal printed.")
        return self._trainer(id)

    def post(self, path: str, form: dict[str, list[str]]) -> Reply:
        """Take a form: an answer, or the wish to start again."""
        id, _, action = path.strip("/").partition("/")
        if not self._known(id) or action not in ("answer", "again"):
            return _no_such_page()
        if not secrets.compare_digest(form.get("token", [""])[0].encode(), self.token.encode()):
            return _refused("This page is of an earlier run. Open the lesson again and answer there.")
        if action == "again":
            answers.start_again(id)
            return Reply(status=HTTPStatus.SEE_OTHER, to=pages.address(id))
        return self._answer(id, form.get("step", [""])[0], form.get("answer", [""])[0])

    def _answer(self, id: str, step: str, answer: str) -> Reply:
        lesson, _ = self._lesson(id)
        task = next((t for t in pages.reached(lesson, answers.committed(id)) if t.id == step), None)
        if task is None or task.question is None:
            return _refused("That step is not open yet. Answer the steps in their order.")
        answer = answer.replace("\r\n", "\n").strip()
        if problem := lessons.problem(task.question, answer):
            return self._learner(id, pages.Refusal(step, problem, answer))
        if not answers.commit(id, step, answer):
            return self._learner(id, pages.kept(step))
        return Reply(status=HTTPStatus.SEE_OTHER, to=f"{pages.address(id)}#{step}")

    def _learner(self, id: str, refusal: pages.Refusal | None = None) -> Reply:
        lesson, known = self._lesson(id)
        body = pages.learner(
            lesson,
            known.figures,
            answers.committed(id),
            synthetic=self.reference.area(lesson.area).synthetic,
            token=self.token,
            refusal=refusal,
        )
        return Reply(body, HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK)

    def _trainer(self, id: str) -> Reply:
        lesson, known = self._lesson(id)
        synthetic = self.reference.area(lesson.area).synthetic
        done, earlier = answers.committed(id), answers.attempts(id)
        return Reply(pages.trainer(lesson, known.figures, done, synthetic=synthetic, earlier=earlier))

    def _lesson(self, id: str) -> tuple[Lesson, facts.Facts]:
        if id not in self._open:
            lesson = lessons.load(id)
            known = facts.facts(lesson.area, lesson.indicator, self.reference)
            self._open[id] = (lessons.filled(lesson, known.words, known.figures), known)
        return self._open[id]

    @staticmethod
    def _known(id: str) -> bool:
        return id in {lesson.id for lesson in lessons.list_lessons()}


def serve(lesson: str | None = None, port: int = 0, open_browser: bool = True) -> None:
    """Serve the lessons until interrupted; ``lesson`` is opened first, or the page that lists them.

    Raises:
        BadInput: there is no such lesson.
        UsageError: the port is taken or is none.
    """
    id = lessons.load(lesson).id if lesson else ""
    desk = Desk(Reference.open())
    with server(desk, port) as running:
        base = f"http://{HOST}:{running.server_address[1]}"
        _say(f"The lesson is at {base}{pages.address(id)} (end with Ctrl+C).")
        for each in [id] if id else [found.id for found in lessons.list_lessons()]:
            _say(f"Trainer's page: {base}{pages.address(each, desk.key)}")
        if open_browser:
            webbrowser.open(base + pages.address(id))
        running.serve_forever()


def server(desk: Desk, port: int = 0) -> ThreadingHTTPServer:
    """A server for the desk, listening on this machine only; a free port unless one is given."""
    try:
        running = ThreadingHTTPServer((HOST, port), _handler(desk))
    except (OSError, OverflowError) as error:
        raise UsageError(
            f"Port {port} cannot be used: {error}.", "Choose another, or leave --port out for a free one."
        ) from None
    running.daemon_threads = True
    return running


def _handler(desk: Desk) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        server_version, sys_version = "workbook", ""

        def do_GET(self) -> None:
            address = urlsplit(self.path)
            self._reply(lambda: desk.get(address.path, parse_qs(address.query)))

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not length.isdigit() or int(length) > _LONGEST_FORM:
                self.close_connection = True  # what was sent is not read
                return self._reply(lambda: _refused("The form is too long. Shorten the answer."))
            body = self.rfile.read(int(length)).decode("utf-8", errors="replace")
            form = parse_qs(body, keep_blank_values=True)
            return self._reply(lambda: desk.post(urlsplit(self.path).path, form))

        def _reply(self, make: Callable[[], Reply]) -> None:
            """Answer only requests that name this server, so that no other name can be bent to it."""
            port = self.server.server_address[1]  # type: ignore[index]
            if self.headers.get("Host") not in (f"{HOST}:{port}", f"localhost:{port}"):
                return self._send(_refused(f"Open the lesson at http://{HOST}:{port}."))
            return self._send(_safely(make))

        def _send(self, reply: Reply) -> None:
            body = reply.body.encode()
            self.send_response(reply.status)
            for name, value in _HEADERS.items():
                self.send_header(name, value)
            if reply.to:
                self.send_header("Location", reply.to)
            self.send_header("Content-Type", reply.type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: addresses hold the trainer's key."""

    return Handler


def _safely(make: Callable[[], Reply]) -> Reply:
    """The reply, or a sentence where something failed; details go to the terminal, never to the page."""
    try:
        return make()
    except WorkbookError as error:
        return Reply(pages.message("This did not work", str(error)), HTTPStatus.INTERNAL_SERVER_ERROR)
    except Exception:
        reference = secrets.token_hex(4)
        _say(f"Fault {reference}:\n{traceback.format_exc()}")
        words = (
            f"The workbook met a fault of its own; no answer was lost. The terminal has details: {reference}."
        )
        return Reply(pages.message("This did not work", words), HTTPStatus.INTERNAL_SERVER_ERROR)


def _no_such_page() -> Reply:
    return Reply(pages.message("No such page", "There is no page at this address."), HTTPStatus.NOT_FOUND)


def _refused(words: str) -> Reply:
    return Reply(pages.message("This was not taken", words), HTTPStatus.FORBIDDEN)


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)

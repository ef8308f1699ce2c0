"""One file from one address: patient with passing faults, strict with everything else.

This is the only room of the workbook that opens a connection, and only ``workbook data update`` enters it.
"""

from __future__ import annotations

import csv
import io
import os
import tempfile
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError, InvalidHeader, ProtocolError
from urllib3.util import Retry

from workbook import __version__
from workbook.errors import BadInput, Unreachable
from workbook.words import plural

_MOST_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_PASSING = (408, 425, 429, 500, 502, 503, 504)
_MEGABYTE = 1_000_000
_PIECE = 65_536
_LONGEST_MARK = 1_000


@dataclass(frozen=True)
class Known:
    """What is remembered of an earlier download, to ask only for what changed."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True)
class Answer:
    """What came of asking. ``changed`` False: the file is as it was, and nothing was written."""

    changed: bool
    size: int = 0
    etag: str = ""
    last_modified: str = ""


class _Passing(Exception):
    """A fault that may be gone in a moment. ``wait`` is what the publisher asked for, in seconds."""

    def __init__(self, error: BadInput, wait: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait = wait


@dataclass
class Web:
    """How to ask: how often, how long to wait (seconds), how much to take (bytes)."""

    say: Callable[[str], None]
    tries: int = 3
    first_wait: float = 1.0
    longest_wait: float = 120.0
    largest: int = 200 * _MEGABYTE
    connect: float = 10.0
    patience: float = 60.0
    longest: float = 600.0  # seconds for one file, so that one that trickles ends too
    sleep: Callable[[float], None] = field(default_factory=lambda: time.sleep)
    session: requests.Session = field(default_factory=requests.Session)

    def fetch(self, address: str, hosts: Collection[str], to: Path, known: Known | None = None) -> Answer:
        """Bring the table at ``address`` to ``to``, whole or not at all.

        Raises:
            Unreachable: there is no way to the publisher.
            BadInput: it answered, with something that is no table; says what, and what to do.
        """
        for attempt in range(1, self.tries + 1):
            try:
                return self._once(address, hosts, to, known or Known())
            except _Passing as fault:
                wait = self.first_wait * 4 ** (attempt - 1) if fault.wait is None else fault.wait
                if attempt == self.tries or wait > self.longest_wait:
                    raise fault.error from None
                again = "at once" if not wait else f"in {plural(round(max(wait, 1)), 'second')}"
                self.say(f"  {fault.error.problem} Trying again {again}.")
                self.sleep(wait)
        raise AssertionError("no attempt was made")  # pragma: no cover

    def read(self, address: str, hosts: Collection[str]) -> str:
        """A small text beside a file, asked for once; blank where there is none.

        Raises:
            BadInput: it cannot be had.
        """
        try:
            with self._open(address, hosts, Known()) as response:
                content = response.raw.read(_MEGABYTE, decode_content=True) if response.ok else b""
        except _Passing as fault:
            raise fault.error from None
        except (requests.exceptions.RequestException, HTTPError, OSError):
            raise _broke_off(address) from None
        return content.decode("utf-8-sig", errors="replace")

    def _once(self, address: str, hosts: Collection[str], to: Path, known: Known) -> Answer:
        with self._open(address, hosts, known) as response:
            if response.status_code == 304 and (known.etag or known.last_modified):
                return Answer(changed=False, etag=known.etag, last_modified=known.last_modified)
            _refuse_status(address, response)
            part = _part_of(to)  # of its own: two updates at once do not write into each other's
            try:
                size = self._keep(address, response, part)
                _see_table(address, part, response.headers.get("Content-Type", ""))
                _put(part, to)
            finally:
                part.unlink(missing_ok=True)
            return Answer(True, size, _mark(response, "ETag"), _mark(response, "Last-Modified"))

    def _open(self, address: str, hosts: Collection[str], known: Known) -> requests.Response:
        """The answer at the address, or where it is sent on to, if that is one of the publisher's hosts."""
        headers = {"User-Agent": f"commissioning-workbook/{__version__}", "Accept": "text/csv, */*;q=0.1"}
        if known.etag:
            headers["If-None-Match"] = known.etag
        if known.last_modified:
            headers["If-Modified-Since"] = known.last_modified
        here = address
        for _ in range(_MOST_REDIRECTS):
            response = self._ask(here, headers)
            if response.status_code not in _REDIRECTS:
                return response
            response.close()
            there = _sent_on(here, response.headers.get("Location", ""))
            _refuse_elsewhere(here, there, hosts)
            here = there
        raise BadInput(f"{_host(address)} sends the download round in circles.", _by_hand(address))

    def _ask(self, address: str, headers: dict[str, str]) -> requests.Response:
        def get() -> requests.Response:
            return self.session.get(
                address,
                headers=headers,
                stream=True,
                timeout=(self.connect, self.patience),
                allow_redirects=False,
            )

        try:
            return _within(self.connect + 2 * self.patience, get)
        except requests.exceptions.SSLError:
            raise BadInput(
                f"The certificate of {_host(address)} could not be verified, so nothing was taken from it.",
                "Where your organisation inspects connections, ask its IT people for their certificate and name its "
                "file in REQUESTS_CA_BUNDLE.",
            ) from None
        except (requests.exceptions.ReadTimeout, TimeoutError):
            problem = f"{_host(address)} did not answer within {self.patience:.0f} seconds."
            raise _Passing(BadInput(problem, "Try again later.")) from None
        except requests.exceptions.ProxyError:
            raise _Passing(
                Unreachable(
                    f"The proxy that leads to {_host(address)} cannot be reached, or lets nothing through.",
                    "Ask your organisation's IT people for its address, and set HTTPS_PROXY to it. "
                    + _by_hand(address),
                )
            ) from None
        except requests.exceptions.ConnectionError as error:
            if error.args and isinstance(error.args[0], ProtocolError):
                problem = f"{_host(address)} broke off the connection instead of answering."
                raise _Passing(BadInput(problem, f"Try again later. {_by_hand(address)}")) from None
            problem = f"{_host(address)} cannot be reached: there is no network, or it does not lead there."
            raise _Passing(Unreachable(problem, _by_hand(address))) from None
        except ValueError as error:
            if isinstance(error, requests.exceptions.RequestException):
                raise BadInput(f"{address} cannot be asked for: {error}.", "Correct the address.") from None
            # The client reads where it is sent on to, and stumbles over what is no address.
            raise _nowhere(address) from None
        except requests.exceptions.RequestException as error:
            raise BadInput(f"{address} cannot be asked for: {error}.", "Correct the address.") from None

    def _keep(self, address: str, response: requests.Response, part: Path) -> int:
        promised = response.headers.get("Content-Length", "")
        if promised.isdigit() and int(promised) > self.largest:
            raise self._too_large(address)
        size, end = 0, time.monotonic() + self.longest
        try:
            with part.open("wb") as file:
                while piece := response.raw.read1(_PIECE, decode_content=True):
                    size += len(piece)
                    if size > self.largest:
                        raise self._too_large(address)
                    if time.monotonic() > end:
                        raise BadInput(
                            f"The download from {_host(address)} was not done after {self.longest:.0f} seconds; nothing "
                            "of it was taken.",
                            f"Try again later. {_by_hand(address)}",
                        )
                    file.write(piece)
        except (requests.exceptions.RequestException, HTTPError):
            raise _Passing(_broke_off(address)) from None
        except OSError as error:
            raise _cannot_keep(part.parent, error) from None
        return size

    def _too_large(self, address: str) -> BadInput:
        return BadInput(
            f"The file at {address} is larger than {self.largest // _MEGABYTE} MB, which no table of figures "
            "should be. It was not taken.",
            "See whether the address still leads to figures.",
        )


def _part_of(to: Path) -> Path:
    """A new empty file beside ``to`` for what is not whole yet."""
    try:
        number, name = tempfile.mkstemp(prefix=f"{to.name}.", suffix=".part", dir=to.parent)
    except OSError as error:
        raise _cannot_keep(to.parent, error) from None
    os.close(number)
    return Path(name)


def _put(part: Path, to: Path) -> None:
    try:
        os.replace(part, to)
    except OSError as error:
        raise _cannot_keep(to.parent, error) from None


def _cannot_keep(folder: Path, error: OSError) -> BadInput:
    return BadInput(
        f"The download cannot be kept in {folder}: {error.strerror}.",
        "Make room on the disk, and see that you may write in that folder.",
    )


def _mark(response: requests.Response, name: str) -> str:
    """A header that is sent back with the next question; blank where it could not be."""
    text = response.headers.get(name, "")
    return text if len(text) <= _LONGEST_MARK and text.isascii() and text.isprintable() else ""


def _within(seconds: float, work: Callable[[], requests.Response]) -> requests.Response:
    """What ``work`` gives. A server that sends its headers letter by letter never times out by itself.

    Raises:
        TimeoutError: it took longer than ``seconds``; the work is left to end alone.
    """
    found: list[requests.Response] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            found.append(work())
        except BaseException as error:  # handed on to the one who waits
            raised.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if raised:
        raise raised[0]
    if not found:
        raise TimeoutError
    return found[0]


def _nowhere(here: str) -> BadInput:
    return BadInput(f"{_host(here)} sends the download on to no proper address.", _by_hand(here))


def _sent_on(here: str, location: str) -> str:
    try:
        there = urljoin(here, location)
        urlsplit(there)
    except ValueError:
        raise _nowhere(here) from None
    if not location:
        raise BadInput(f"{_host(here)} sends the download on without saying where to.", _by_hand(here))
    return there


def _refuse_elsewhere(here: str, there: str, hosts: Collection[str]) -> None:
    target, source = urlsplit(there), urlsplit(here)
    if target.netloc not in hosts:
        raise BadInput(
            f"{_host(here)} sends the download on to {target.netloc or there}, which is not a host of this "
            "publisher. It was not followed.",
            "If the publisher has moved, its new host belongs in data/publishers.csv; otherwise it may be the login "
            "page of your network: sign in, and try again.",
        )
    if source.scheme == "https" and target.scheme != "https":
        raise BadInput(
            f"{_host(here)} sends the download on to an address without encryption. It was not followed.",
            _by_hand(here),
        )


def _refuse_status(address: str, response: requests.Response) -> None:
    code, host = response.status_code, _host(address)
    if code == 200:
        return
    if code in (404, 410):
        raise BadInput(
            f"{host} has no file at {address} (answer {code}): the publisher may have moved or withdrawn it.",
            f"{_by_hand(address)} A new address belongs in data/publishers.csv.",
        )
    if code in _PASSING:
        wait = _asked_wait(response.headers.get("Retry-After", ""))
        asked = "" if wait is None else f" and asks to wait {plural(round(wait), 'second')}"
        what = "is being asked too often" if code == 429 else "has a fault of its own"
        raise _Passing(BadInput(f"{host} {what} (answer {code}){asked}.", "Try again later."), wait)
    if code in (401, 403, 407):
        raise BadInput(
            f"{host} refuses the download (answer {code}).",
            f"Your network may ask you to sign in first. {_by_hand(address)}",
        )
    raise BadInput(f"{host} answered {code} instead of a file.", _by_hand(address))


def _asked_wait(header: str) -> float | None:
    """Seconds of a Retry-After header, which may also be a date; None where it says neither."""
    try:
        return max(0.0, Retry().parse_retry_after(header)) if header else None
    except InvalidHeader:
        return None


def _see_table(address: str, part: Path, content_type: str) -> None:
    """Refuse what is plainly no table, and what broke off although the publisher called it whole."""
    with part.open("rb") as file:
        start = file.read(_PIECE)
        file.seek(max(0, part.stat().st_size - _PIECE))
        end = file.read()
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(b"<") or "html" in content_type.lower():
        raise BadInput(
            f"{_host(address)} sent a web page instead of figures: a login page, or one that tells of a fault.",
            f"Your network may ask you to sign in first. {_by_hand(address)}",
        )
    if text.startswith((b"{", b"[")):
        raise BadInput(f"{_host(address)} sent a message instead of figures.", _by_hand(address))
    if not text:
        raise _Passing(BadInput(f"{_host(address)} sent an empty file.", "Try again later."))
    if _cells(start.splitlines()[0]) < 2:
        raise BadInput(
            f"{_host(address)} sent something that is no table: its first line has no columns.",
            _by_hand(address),
        )
    header, last = _cells(start.splitlines()[0]), _cells((end.splitlines() or [b""])[-1])
    if not end.endswith(b"\n") and last < header:
        raise _Passing(_broke_off(address))


def _cells(line: bytes) -> int:
    """How many cells a line of a table has."""
    text = line.decode("utf-8", errors="replace")
    return len(next(csv.reader(io.StringIO(text)), []))


def _broke_off(address: str) -> BadInput:
    return BadInput(f"The download from {_host(address)} broke off; nothing of it was taken.", "Try again.")


def _host(address: str) -> str:
    return urlsplit(address).netloc


def _by_hand(address: str) -> str:
    return f"Open {address} in a browser, save the file, and bring it with 'workbook data import FILE'."

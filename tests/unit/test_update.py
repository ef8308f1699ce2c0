"""Current figures from the publishers: against a server on this machine that answers as they do, or fails as they do."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from workbook import cli
from workbook.errors import BadInput, UnknownArea, UnknownIndicator, Unreachable, UsageError
from workbook.reference import Reference
from workbook.reference.importers import take
from workbook.reference.update import Update, Web, fetch, publishers, update

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "imports"
AREA = "E06000047"
ONLY = "ft-91547"


@dataclass
class Reply:
    """One answer of the server. ``cut`` sends that many bytes and hangs up; ``promised`` lies of the length."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None


@dataclass
class Server:
    """Answers in the order given, the last one again and again; or by a function of the address."""

    replies: list[Reply] = field(default_factory=list)
    by_path: Callable[[str, dict[str, str]], Reply] | None = None
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    address: str = ""

    def reply(self, path: str, headers: dict[str, str]) -> Reply:
        self.asked.append((path, headers))
        if self.by_path:
            return self.by_path(path, headers)
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A publisher on this machine."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    script = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reply = script.reply(self.path, dict(self.headers))
            self.send_response(reply.status)
            for name, value in {"Content-Type": "text/csv", **reply.headers}.items():
                self.send_header(name, value)
            if reply.status != 304 and "Content-Length" not in reply.headers:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            if reply.status != 304:
                with contextlib.suppress(ConnectionError):  # whoever asked may have given up waiting
                    self.wfile.write(reply.body if reply.cut is None else reply.body[: reply.cut])

        def log_message(self, *_: Any) -> None:
            pass

    served = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=served.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    script.address = f"http://127.0.0.1:{served.server_address[1]}"
    yield script
    served.shutdown()
    served.server_close()


@pytest.fixture
def reference(home: Path) -> Reference:
    """A home that knows one real council by name, and nothing else."""
    known = Reference.open(home)
    rows = FIXTURES.joinpath("ons.csv").read_text(encoding="utf-8-sig").splitlines()
    council = "E06000047,County Durham,County or Unitary Authority,Invented habit (England),2015-11-16/P1Y,20,Percentage,%,18,22,,"
    path = home / "council.csv"
    path.write_text("\n".join([rows[0], council]) + "\n", encoding="utf-8")
    take([path], known)
    return known


def table(value: float = 17.5, indicator: str = "91547") -> bytes:
    """A Fingertips file of two rows."""
    header = FIXTURES.joinpath("fingertips.csv").read_bytes().splitlines()[0]
    rows = [
        f'"{indicator}","Smoking","","","E92000001","England","England","Persons","15+ yrs","","","2022/23","{value}",'
        f'"17","18","","","1750","10000","","","Not compared","Not compared","20220000","",""',
        f'"{indicator}","Smoking","","","E06000047","County Durham","UA","Persons","15+ yrs","","","2022/23","18.5",'
        f'"17","20","","","185","1000","","","Worse","Not compared","20220000","",""',
    ]
    return b"\n".join([header, *(r.encode() for r in rows)]) + b"\n"


def run(
    reference: Reference, server: Server, *areas: str, only: tuple[str, ...] = (ONLY,), **given: Any
) -> tuple[Update, list[str], list[float]]:
    """One update; what it said and how long it would have waited."""
    said: list[str] = []
    waited: list[float] = []
    web = Web(said.append, sleep=waited.append, **given)
    made = update(reference, areas or (AREA,), only=only, mirror=server.address, say=said.append, web=web)
    return made, said, waited


# --- what goes well -----------------------------------------------------------------


def test_figures_come_by_way_of_the_importer(reference: Reference, server: Server):
    server.replies = [Reply(table())]
    made, said, _ = run(reference, server)
    assert made.exit_code == 0
    (file,) = made.files
    assert (file.state, file.vintage, file.indicators) == ("taken", "2022", (ONLY,))
    assert file.sentence == (
        "fingertips-91547-502.csv was taken: 1 indicator with 2 points. Figures for 2022."
    )
    assert reference.series(ONLY, area=AREA)["value"].tolist() == [18.5]
    assert said[0] == (
        "1 of 1: Smoking recorded by general practice, 15 and over, counties and unitary authorities (OHID Fingertips)"
    )
    path, headers = server.asked[0]
    assert path.startswith("/fingertips/api/all_data/csv/by_indicator_id?")
    assert parse_qs(urlsplit(path).query) == {
        "indicator_ids": ["91547"], "child_area_type_id": ["502"], "parent_area_type_id": ["6"],
    }  # fmt: skip
    assert headers["User-Agent"].startswith("commissioning-workbook/")


def test_what_did_not_change_is_not_imported_again(reference: Reference, server: Server):
    server.by_path = lambda _, headers: (
        Reply(status=304)
        if headers.get("If-None-Match") == '"v1"'
        else Reply(table(), headers={"ETag": '"v1"'})
    )
    run(reference, server)
    again, _, _ = run(reference, server)
    assert [f.state for f in again.files] == ["unchanged"]
    assert "figures for 2022" in again.files[0].sentence
    assert len(server.asked) == 2
    assert len(reference.imports()) == 2  # the council's file, and one download


def test_a_file_that_says_when_it_changed_is_asked_for_with_that_date(reference: Reference, server: Server):
    stamp = formatdate(0, usegmt=True)
    server.replies = [Reply(table(), headers={"Last-Modified": stamp}), Reply(status=304)]
    run(reference, server)
    run(reference, server)
    assert server.asked[1][1]["If-Modified-Since"] == stamp


def test_without_such_a_word_a_publisher_is_not_asked_twice_within_a_day(
    reference: Reference, server: Server
):
    server.replies = [Reply(table())]
    run(reference, server)
    again, _, _ = run(reference, server)
    assert (len(server.asked), again.files[0].state) == (1, "unchanged")


def test_after_a_day_it_is_asked_again_and_newer_figures_replace_the_old(
    reference: Reference, server: Server
):
    server.replies = [Reply(table())]
    run(reference, server)
    index = reference.home / "downloads" / "index.json"
    entries = json.loads(index.read_text(encoding="utf-8"))
    entries[0]["asked"] = "2020-01-01T00:00:00+00:00"
    index.write_text(json.dumps(entries), encoding="utf-8")
    server.replies = [Reply(table(17.6))]
    again, _, _ = run(reference, server)
    assert again.files[0].state == "taken"
    assert reference.series(ONLY, area="E92000001")["value"].tolist() == [17.6]


def test_a_damaged_index_is_no_fault(reference: Reference, server: Server):
    server.replies = [Reply(table())]
    run(reference, server)
    (reference.home / "downloads" / "index.json").write_text("{", encoding="utf-8")
    again, _, _ = run(reference, server)
    assert again.files[0].state == "unchanged"
    assert len(server.asked) == 2


def test_without_an_area_what_was_brought_before_is_brought_up_to_date(reference: Reference, server: Server):
    server.replies = [Reply(table(), headers={"ETag": "a"}), Reply(status=304)]
    run(reference, server)
    again = update(reference, mirror=server.address, web=Web(lambda _: None))
    assert [(f.file, f.state) for f in again.files] == [("fingertips-91547-502.csv", "unchanged")]


def test_an_indicator_that_the_catalogue_lacks_may_be_asked_for_by_its_number(
    reference: Reference, server: Server
):
    server.replies = [Reply(table(indicator="12345"))]
    made, _, _ = run(reference, server, only=("ft-12345",))
    assert made.files[0].state == "taken"
    assert "ft-12345" in reference.available(AREA)


def test_what_is_not_published_for_an_area_is_said_and_is_no_fault(reference: Reference, server: Server):
    server.replies = [Reply(table().splitlines()[0] + b"\n")]
    made, _, _ = run(reference, server)
    assert (made.files[0].state, made.exit_code) == ("nothing published", 0)
    assert made.sentence() == "1 file: 1 not published for these areas."


def test_areas_of_several_kinds_and_members_ask_for_each_type(home: Path, server: Server):
    reference = Reference.open(home)
    server.replies = [Reply(table())]
    run(reference, server, "E54000071", only=(ONLY,))  # put together from two boards
    asked = [parse_qs(urlsplit(path).query)["child_area_type_id"] for path, _ in server.asked]
    assert asked == [["221"]]


def test_what_nobody_publishes_is_said(home: Path, server: Server):
    reference = Reference.open(home)
    server.replies = [Reply(table())]
    made, said, _ = run(reference, server, "E54000008", only=(ONLY, "ons-cigarette-smokers"))
    sentence = "ONS local statistics publishes nothing for NHS Cheshire and Merseyside ICB, as far as the workbook knows."
    assert made.said == (sentence,)
    assert sentence in said
    assert [f.publisher for f in made.files] == ["fingertips"]


def test_the_date_of_publication_is_said_where_the_publisher_says_it(reference: Reference, server: Server):
    rows = (FIXTURES / "ons.csv").read_bytes()
    server.by_path = lambda path, _: Reply(
        json.dumps({"dc:issued": "2026-05-06"}).encode() if path.endswith(".json") else rows
    )
    made, _, _ = run(reference, server, only=("ons-cigarette-smokers",))
    assert made.files[0].published == "2026-05-06"
    assert made.files[0].sentence.endswith(", published 6 May 2026.")
    assert (
        server.asked[0][0]
        == "/ons/ONSdigital/explore-local-statistics-data/main/cigarette-smokers/cigarette-smokers.csv"
    )


@pytest.mark.parametrize(
    "reply", [Reply(status=404), Reply(b"[1]"), Reply(b"{"), Reply(b'{"dc:issued": "soon"}')]
)
def test_without_it_the_figures_are_taken_all_the_same(reference: Reference, server: Server, reply: Reply):
    rows = (FIXTURES / "ons.csv").read_bytes()
    server.by_path = lambda path, _: reply if path.endswith(".json") else Reply(rows)
    made, _, _ = run(reference, server, only=("ons-cigarette-smokers",))
    assert (made.files[0].state, made.files[0].published) == ("taken", "")


# --- passing faults -----------------------------------------------------------------


def test_two_faults_of_the_publisher_then_fine(reference: Reference, server: Server):
    server.replies = [Reply(status=500), Reply(status=500), Reply(table())]
    made, said, waited = run(reference, server)
    assert made.files[0].state == "taken"
    assert waited == [1, 4]
    assert said[1].endswith("has a fault of its own (answer 500). Trying again in 1 second.")


def test_three_faults_are_said_and_nothing_is_taken(reference: Reference, server: Server):
    server.replies = [Reply(status=503)]
    made, _, _ = run(reference, server)
    assert (made.files[0].state, made.exit_code, len(server.asked)) == ("failed", 4, 3)
    assert made.files[0].sentence.endswith("has a fault of its own (answer 503). Try again later.")
    assert not reference.series(ONLY, area=AREA).size


@pytest.mark.parametrize("wait", ["7", 7])
def test_a_publisher_that_asks_to_wait_is_waited_for(reference: Reference, server: Server, wait: str | int):
    import time

    header = wait if isinstance(wait, str) else formatdate(time.time() + wait, usegmt=True)
    server.replies = [Reply(status=429, headers={"Retry-After": header}), Reply(table())]
    made, said, waited = run(reference, server)
    assert made.files[0].state == "taken"
    assert waited[0] == pytest.approx(7, abs=1.5)
    assert "is being asked too often (answer 429) and asks to wait" in said[1]


def test_a_publisher_that_asks_for_an_hour_is_left_alone(reference: Reference, server: Server):
    server.replies = [Reply(status=429, headers={"Retry-After": "3600"})]
    made, _, waited = run(reference, server)
    assert (made.files[0].state, waited, len(server.asked)) == ("failed", [], 1)
    assert "asks to wait 3,600 seconds" in made.files[0].sentence


def test_a_download_that_hangs_up_half_way_is_tried_again(reference: Reference, server: Server):
    server.replies = [Reply(table(), cut=300), Reply(table())]
    made, said, _ = run(reference, server)
    assert made.files[0].state == "taken"
    assert "broke off; nothing of it was taken." in said[1]


def test_a_file_cut_short_by_the_publisher_is_noticed(reference: Reference, server: Server):
    server.replies = [Reply(table()[:-120])]
    made, _, _ = run(reference, server)
    assert (made.files[0].state, len(server.asked)) == ("failed", 3)
    assert "broke off" in made.files[0].sentence
    assert not list((reference.home / "downloads").glob("*.csv*"))


def test_an_empty_file_is_no_table(reference: Reference, server: Server):
    server.replies = [Reply(b"")]
    assert "sent an empty file" in run(reference, server)[0].files[0].sentence


def test_an_answer_that_does_not_come_is_not_waited_for_without_end(reference: Reference, server: Server):
    done = threading.Event()

    def slow(_: str, __: dict[str, str]) -> Reply:
        done.wait(1)
        return Reply(table())

    server.by_path = slow
    made, _, _ = run(reference, server, patience=0.2, tries=1)
    done.set()
    assert "did not answer within" in made.files[0].sentence


# --- lasting faults -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(status=404), "has no file at"),
        (Reply(status=403), "refuses the download (answer 403)"),
        (Reply(status=418), "answered 418 instead of a file"),
        (Reply(b"<!DOCTYPE html><title>Sign in</title>"), "sent a web page instead of figures"),
        (
            Reply(b"please sign in", headers={"Content-Type": "text/html"}),
            "sent a web page instead of figures",
        ),
        (Reply(b'{"error": "no such indicator"}'), "sent a message instead of figures"),
        (Reply(table(), headers={"Content-Length": "300000000"}), "is larger than 200 MB"),
        (Reply(b"a,b,c\n1,2,3\n"), "is in no format the workbook knows"),
    ],
)
def test_what_is_no_file_of_figures_is_refused_in_a_sentence(
    reference: Reference, server: Server, reply: Reply, said: str
):
    server.replies = [reply]
    before = len(reference.imports())
    made, _, waited = run(reference, server)
    assert (made.files[0].state, made.exit_code, waited) == ("failed", 4, [])
    assert said in made.files[0].sentence
    assert len(reference.imports()) == before
    assert not list((reference.home / "downloads").glob("*.csv*"))


def test_a_file_without_a_stated_length_is_cut_off_at_the_limit(reference: Reference, server: Server):
    server.replies = [Reply(table() * 50, headers={"Content-Length": ""})]
    made, _, _ = run(reference, server, largest=10_000)
    assert "is larger than 0 MB" in made.files[0].sentence


def test_a_file_about_people_is_refused_as_by_hand(reference: Reference, server: Server):
    server.replies = [Reply(b"NHS number,Area Code\n9434765919,E06000047\n")]
    made, _, _ = run(reference, server)
    assert made.files[0].state == "failed"
    assert "NHS number" in made.files[0].sentence


def test_being_sent_to_a_stranger_is_refused(reference: Reference, server: Server):
    server.replies = [Reply(status=302, headers={"Location": "http://login.example.org/?back=here"})]
    made, _, _ = run(reference, server)
    assert (
        "sends the download on to login.example.org, which is not a host of this publisher"
        in made.files[0].sentence
    )
    assert len(server.asked) == 1


def test_being_sent_on_within_the_publisher_is_followed(reference: Reference, server: Server):
    server.replies = [Reply(status=301, headers={"Location": "/elsewhere.csv"}), Reply(table())]
    made, _, _ = run(reference, server)
    assert made.files[0].state == "taken"
    assert server.asked[1][0] == "/elsewhere.csv"


def test_being_sent_round_in_circles_ends(reference: Reference, server: Server):
    server.replies = [Reply(status=302, headers={"Location": "/again"})]
    assert "round in circles" in run(reference, server)[0].files[0].sentence


def test_one_file_that_fails_does_not_stop_the_others(reference: Reference, server: Server):
    server.by_path = lambda path, _: Reply(status=404) if "=241&" in path else Reply(table())
    made, _, _ = run(reference, server, only=("ft-241", ONLY))
    assert [f.state for f in made.files] == ["failed", "taken"]
    assert made.sentence() == "2 files: 1 brought new figures and 1 could not be brought."


# --- no network ---------------------------------------------------------------------


def closed_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def test_without_a_network_there_is_one_plain_sentence(reference: Reference, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    waited: list[float] = []
    web = Web(lambda _: None, sleep=waited.append)
    with pytest.raises(Unreachable) as caught:
        update(reference, [AREA], only=["ft-241", ONLY], mirror=closed_port(), web=web)
    assert caught.value.exit_code == 4
    assert "cannot be reached: there is no network" in str(caught.value)
    assert "Nothing was changed." in str(caught.value)
    assert "download the files on another machine from https://fingertips.phe.org.uk" in str(caught.value)
    assert waited == [1, 4]  # the second file was not even asked for


def test_the_command_says_it_and_ends_with_4(
    reference: Reference, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(fetch.time, "sleep", lambda _: None)
    assert cli.main(["data", "update", AREA, "--only", ONLY, "--mirror", closed_port()]) == 4
    assert "cannot be reached" in capsys.readouterr().err


def test_the_command_prints_json_for_a_program(
    reference: Reference, server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    server.replies = [Reply(table())]
    monkeypatch.setenv(publishers.MIRROR, server.address)
    assert cli.main(["data", "update", AREA, "--only", ONLY, "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["files"][0]["vintage"] == "2022"
    assert "1 file: 1 brought new figures." in err


def test_the_command_puts_an_area_together(
    reference: Reference, server: Server, capsys: pytest.CaptureFixture[str]
):
    server.replies = [Reply(table())]
    run(reference, server)
    words = ["data", "compose", "PLACE-X", "The Vale", AREA, "E06000001"]
    assert cli.main(words) == 4
    assert "There is no area 'E06000001'" in capsys.readouterr().err
    server.replies = [
        Reply(table().replace(b"E06000047", b"E06000001").replace(b"County Durham", b"Hartlepool"))
    ]
    run(reference, server, only=("ft-12345",))
    assert cli.main(words) == 0
    out, err = capsys.readouterr()
    assert ONLY in out
    assert "PLACE-X is The Vale, put together from 2 areas: Hartlepool and County Durham." in err


# --- wrong words --------------------------------------------------------------------


def test_wrong_words_are_said(reference: Reference):
    with pytest.raises(UnknownArea):
        update(reference, ["E99999999"], mirror="http://127.0.0.1:9")
    with pytest.raises(UnknownIndicator, match="serves the indicator 'smokin'"):
        update(reference, [AREA], only=["smokin"], mirror="http://127.0.0.1:9")
    with pytest.raises(UnknownIndicator, match="ONS local statistics does not serve"):
        update(reference, [AREA], only=[ONLY], source="ons", mirror="http://127.0.0.1:9")
    with pytest.raises(UsageError, match="no publisher 'nhs'"):
        update(reference, [AREA], source="nhs")
    with pytest.raises(UsageError, match="no address of a mirror"):
        update(reference, [AREA], mirror="ftp://example.org")
    with pytest.raises(UsageError, match="nothing was brought before"):
        update(reference)


def test_a_folder_that_cannot_be_written_is_said_once_before_anything_is_asked_for(
    reference: Reference, server: Server
):
    server.replies = [Reply(table())]
    (reference.home / "downloads").write_text("in the way", encoding="utf-8")
    with pytest.raises(BadInput, match="Nothing can be kept in the folder"):
        run(reference, server)
    assert not server.asked


# --- data ---------------------------------------------------------------------------


def test_every_served_indicator_is_in_the_catalogue_and_its_id_says_its_publisher(home: Path):
    reference = Reference.open(home)
    served = publishers.Publishers(reference.data, "").served
    known = {i.id for i in reference.indicators()}
    assert {s.indicator for s in served} <= known
    assert {i for i in known if i.startswith(("ft-", "ons-"))} == {s.indicator for s in served}
    assert all(s.indicator == f"ft-{s.series}" for s in served if s.publisher == "fingertips")


def test_addresses_are_encrypted_and_filled_in(home: Path):
    reference = Reference.open(home)
    files = publishers.Publishers(reference.data, "").all_files(reference)
    assert len({f.name for f in files}) == len(files)
    assert all(f.address.startswith("https://") and "{" not in f.address for f in files)
    assert all(urlsplit(f.address).netloc in f.hosts for f in files)


# --- the real files -------------------------------------------------------------------


@pytest.mark.real
def test_the_real_files_come_in_as_published(home: Path, real: Path, server: Server):
    reference = Reference.open(home)
    folder = {"fingertips": real / "fingertips" / "smok_qof_prev_noGP.csv"}

    def replay(path: str, _: dict[str, str]) -> Reply:
        name = Path(urlsplit(path).path).name
        file = folder["fingertips"] if path.startswith("/fingertips") else real / "ons_els" / name
        return Reply(file.read_bytes()) if file.exists() else Reply(status=404)

    server.by_path = replay
    only = (
        ONLY, "ons-male-healthy-life-expectancy", "ons-female-healthy-life-expectancy", "ons-adult-obesity-prevalence",
        "ons-preventable-cardiovascular-mortality-england", "ons-cancer-diagnosis-at-stage-1-and-2",
        "ons-cigarette-smokers",
    )  # fmt: skip
    made, _, _ = run(reference, server, "E92000001", only=only)
    assert [f.state for f in made.files] == ["taken"] * 6  # both life expectancies stand in one file
    vintages = {f.file: f.vintage for f in made.files}
    assert vintages["ons-adult-obesity-prevalence-all.csv"] == "2015 to 2024"
    by_hand = Reference.open(home.parent / "by-hand")
    take([folder["fingertips"]], by_hand)
    assert reference.series(ONLY).equals(by_hand.series(ONLY))


# --- nothing else opens a connection ---------------------------------------------------


def test_nothing_else_opens_a_connection(home: Path, monkeypatch: pytest.MonkeyPatch):
    from workbook import steps
    from workbook.plan import store
    from workbook.render import html

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("something opened a connection")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("getaddrinfo", "create_connection", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)
    with pytest.raises(AssertionError, match="opened a connection"):
        socket.create_connection(("127.0.0.1", 9))  # the trap holds
    reference = Reference.open(home)
    plan = store.read(reference.data / "demo" / "demo.plan.json")
    for step in ("needs", "ambitions", "budget", "plan"):
        blocks = steps.run(step, plan, reference).blocks
        page = "".join(html.fragment(block, f"b{n}") for n, block in enumerate(blocks))
        assert "<table" in page


def test_only_one_room_can_open_a_connection():
    """Whoever imports an HTTP library or sockets is the fetching room, or serves pages on this machine."""
    package = Path(cli.__file__).parent.parent
    words = (
        "import requests",
        "import httpx",
        "import urllib3",
        "from urllib.request",
        "import urllib.request",
        "import http.client",
    )
    found = {
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if any(word in path.read_text(encoding="utf-8") for word in words)
    }
    assert found == {"reference/update/fetch.py"}


# --- a publisher of ill will --------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(status=304), "answered 304 instead of a file"),
        (Reply(status=302), "sends the download on without saying where to"),
        (
            Reply(status=302, headers={"Location": "http://[::1/x"}),
            "sends the download on to no proper address",
        ),
        (
            Reply(status=302, headers={"Location": "file:///etc/passwd"}),
            "sends the download on to file:///etc/passwd",
        ),
        (Reply(b"a" * 100_000), "sent something that is no table"),
        (Reply(b"PK\x03\x04" + bytes(100)), "sent something that is no table"),
    ],
)
def test_whatever_a_publisher_does_has_its_sentence(
    reference: Reference, server: Server, reply: Reply, said: str
):
    server.replies = [reply]
    made, _, _ = run(reference, server)
    assert (made.files[0].state, made.exit_code) == ("failed", 4)
    assert said in made.files[0].sentence
    assert not list((reference.home / "downloads").glob("*.csv*"))


def test_a_remedy_names_the_address_and_no_file_that_is_gone(reference: Reference, server: Server):
    server.replies = [Reply(table().replace(b"County Durham", b"County Durh\xe9m"))]
    sentence = run(reference, server)[0].files[0].sentence
    assert "Nothing of it was taken. Open http://127.0.0.1" in sentence
    assert "save it as" not in sentence


def test_a_download_that_trickles_ends(reference: Reference):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        def trickle() -> None:
            with contextlib.suppress(OSError):
                there, _ = listener.accept()
                there.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\nContent-Type: text/csv\r\n\r\n")
                while True:
                    there.sendall(b"a,b\n")
                    done.wait(0.05)

        done = threading.Event()
        threading.Thread(target=trickle, daemon=True).start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        web = Web(lambda _: None, longest=0.5, tries=1)
        made = update(reference, [AREA], only=[ONLY], mirror=address, web=web)
        done.set()
    assert "was not done after" in made.files[0].sentence


def test_headers_that_trickle_end(reference: Reference):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        def trickle() -> None:
            with contextlib.suppress(OSError):
                there, _ = listener.accept()
                there.sendall(b"HTTP/1.1 200 OK\r\nX: ")
                while True:
                    there.sendall(b"x")
                    done.wait(0.05)

        done = threading.Event()
        threading.Thread(target=trickle, daemon=True).start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        web = Web(lambda _: None, connect=0.1, patience=0.3, tries=1)
        made = update(reference, [AREA], only=[ONLY], mirror=address, web=web)
        done.set()
    assert "did not answer within" in made.files[0].sentence


@pytest.mark.parametrize("mark", ['"' + "x" * 5_000 + '"', '"caf\xe9"'])
def test_a_mark_that_could_not_be_sent_back_is_forgotten(reference: Reference, server: Server, mark: str):
    server.replies = [Reply(table(), headers={"ETag": mark})]
    run(reference, server)
    made, _, _ = run(reference, server)
    assert made.files[0].state == "unchanged"
    assert not any("If-None-Match" in headers for _, headers in server.asked)


def test_a_damaged_file_on_the_shelf_is_fetched_anew(reference: Reference, server: Server):
    server.replies = [Reply(table(), headers={"ETag": '"1"'}), Reply(table(17.8), headers={"ETag": '"1"'})]
    run(reference, server)
    (kept,) = (reference.home / "downloads").glob("*.csv")
    kept.write_bytes(kept.read_bytes()[:200])
    made, _, _ = run(reference, server)
    assert made.files[0].state == "taken"
    assert "If-None-Match" not in server.asked[-1][1]


def test_what_a_killed_update_left_is_swept_away_and_a_running_one_is_left_alone(
    reference: Reference, server: Server
):
    folder = reference.home / "downloads"
    folder.mkdir()
    old, young = folder / "a.csv.1.part", folder / "b.csv.2.part"
    for part in (old, young):
        part.write_bytes(b"half")
    os.utime(old, (0, 0))
    server.replies = [Reply(table())]
    run(reference, server)
    assert (old.exists(), young.exists()) == (False, True)


def test_two_updates_at_once_do_not_disturb_each_other(reference: Reference, server: Server):
    server.replies = [Reply(table())]
    made: list[Update] = []
    threads = [
        threading.Thread(target=lambda: made.append(run(Reference.open(reference.home), server)[0]))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert {m.files[0].state for m in made} <= {"taken", "unchanged"}
    assert not list((reference.home / "downloads").glob("*.part"))
    assert reference.series(ONLY, area=AREA)["value"].tolist() == [18.5]


def test_an_index_that_cannot_be_kept_loses_nothing(
    reference: Reference, server: Server, monkeypatch: pytest.MonkeyPatch
):
    (reference.home / "downloads" / "index.json").mkdir(parents=True)
    server.replies = [Reply(table())]
    made, _, _ = run(reference, server)
    assert made.files[0].state == "taken"


def test_a_fresh_home_may_ask_for_a_council_by_its_code(home: Path, server: Server):
    server.replies = [Reply(table())]
    fresh = Reference.open(home)
    made, _, _ = run(fresh, server)
    assert made.files[0].state == "taken"
    assert fresh.area(AREA).name == "County Durham"
    with pytest.raises(UnknownArea):
        run(fresh, server, "E99999999")


def test_a_proxy_that_lets_nothing_through_is_said(reference: Reference, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("HTTP_PROXY", closed_port())
    web = Web(lambda _: None, sleep=lambda _: None)
    with pytest.raises(Unreachable, match="The proxy that leads to figures.invalid cannot be reached"):
        update(reference, [AREA], only=[ONLY], mirror="http://figures.invalid", web=web)

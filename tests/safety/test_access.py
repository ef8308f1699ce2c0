"""Who may come in and what is answered: a real server, asked by a visitor who wishes it ill."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.safety.server import Answer, Line, Server, found, proxy, running
from workbook.errors import UsageError
from workbook.guide.server import doors
from workbook.plan import store

TOKEN = "a-token-of-these-tests-0123456789"
START = "/voila/render/0_start.ipynb"
#: Every kind of route, and places where nothing is.
ROUTES = (
    "/",
    START,
    "/voila/render/1_needs.ipynb?plan=here",
    "/voila/templates/workbook/static/host.js",
    "/packs/here/plan.html",
    "/packs/",
    "/api/kernels/00000000-0000-0000-0000-000000000000",
    "/voila/api/shutdown/00000000-0000-0000-0000-000000000000",
    "/voila/static/voila.js",
    "/voila/files/0_start.ipynb",
    "/api/contents",
    "/login",
    "/no/such/page",
)
FILES = {
    "plan.html": b"<script>1</script>",
    "plan.pdf": b"%PDF-1.7",
    "chart.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
    "results.json": b"{}",
    "run.ipynb": b"{}",
    "tables.xlsx": b"PK\x03\x04",
}


# --- what may be asked for --------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.9", "[::1]"])
def test_on_this_machine_nothing_is_asked(host: str) -> None:
    made = doors.door(host, environment={})
    assert made.local
    assert made.token == ""


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "", "example.invalid"])
def test_another_address_is_refused_without_a_token(host: str) -> None:
    with pytest.raises(UsageError, match="nobody would be asked who they are.*Add --token"):
        doors.door(host, environment={})


def test_a_token_is_made_long_and_new_each_time() -> None:
    first, second = (doors.door("0.0.0.0", ask=True, environment={}) for _ in range(2))
    assert first.made
    assert len(first.token) >= 40
    assert first.token != second.token
    assert first.address(80, "voila/x?plan=a").endswith(f"/voila/x?plan=a&token={first.token}")


def test_a_token_that_is_given_is_used_and_taken_out_of_what_kernels_inherit() -> None:
    environment = {doors.TOKEN: TOKEN}
    made = doors.door("0.0.0.0", ask=True, environment=environment)
    assert (made.token, made.made) == (TOKEN, False)
    assert environment == {}


@pytest.mark.parametrize(
    "token", ["short", "x" * 15, "a token with blanks in it", "a" * 20 + "\n" + "b", "é" * 20]
)
def test_a_token_that_can_be_guessed_is_refused(token: str) -> None:
    with pytest.raises(UsageError, match="WORKBOOK_TOKEN"):
        doors.door(environment={doors.TOKEN: token})


@pytest.mark.parametrize("base", ["/a/../b/", "/a?b/", "/a b/", "/<x>/", '/"/', "/a\n/", "/a/./b"])
def test_a_base_that_is_no_path_is_refused(base: str) -> None:
    with pytest.raises(UsageError, match="is no path"):
        doors.door(base=base, environment={})


@pytest.mark.parametrize(("given", "base"), [("/", "/"), ("", "/"), ("x", "/x/"), ("/user/x", "/user/x/")])
def test_a_base_has_a_slash_at_both_ends(given: str, base: str) -> None:
    assert doors.door(base=given, environment={}).base == base


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("localhost:8866", True),
        ("LOCALHOST", True),
        ("127.0.0.1", True),
        ("[::1]:80", True),
        ("hub.test", True),
        ("hub.test:443", True),
        ("evil.test", False),
        ("localhost.evil.test", False),
        ("127.0.0.1.evil.test", False),
        ("192.0.2.7", False),
        ("", False),
        ("hub.test:80:80", False),
        ("hub.test@evil.test", False),
    ],
)
def test_only_names_that_are_known_are_answered(host: str, known: bool) -> None:
    assert doors.door(environment={doors.NAMES: "hub.test"}).knows(host) is known


def test_a_name_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="is no host name"):
        doors.door(environment={doors.NAMES: "hub.test, *"})


# --- a server that asks for its token ------------------------------------------------


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a token, behind a base path, for a person a hub has named."""
    home = tmp_path_factory.mktemp("guarded")
    pack = home / "packs" / "here"
    pack.mkdir(parents=True)
    for name, content in FILES.items():
        (pack / name).write_bytes(content)
    (home / "secret.txt").write_text("secret")
    (pack / "out.txt").symlink_to(home / "secret.txt")
    (pack / ".hidden").write_text("secret")
    with running(
        home,
        base="/user/x/",
        WORKBOOK_TOKEN=TOKEN,
        WORKBOOK_NAMES="hub.test",
        JUPYTERHUB_USER="mary",
    ) as server:
        server.plan("here")
        yield server


@pytest.fixture(scope="module")
def cookie(guarded: Server) -> str:
    return guarded.cookie()


@pytest.mark.slow
@pytest.mark.parametrize("below", ["", "/"], ids=["with the base", "without the base"])
@pytest.mark.parametrize("path", ROUTES)
def test_every_route_asks_for_the_token(guarded: Server, path: str, below: str) -> None:
    for shown in ({}, {"Cookie": f"workbook-{guarded.port}=x"}, {"Authorization": "token x"}):
        answer = guarded.get(below + path, **shown)
        assert answer.status == 403
        assert "asks for its token" in answer.text
        assert "Set-Cookie" not in answer.headers
    joint = "&" if "?" in path else "?"
    assert guarded.get(f"{below}{path}{joint}token={TOKEN[:-1]}").status == 403


@pytest.mark.slow
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
def test_no_way_of_asking_goes_round_the_token(guarded: Server, method: str) -> None:
    for path in ROUTES:
        assert guarded.get(path, method=method).status in (403, 405)


@pytest.mark.slow
def test_the_token_in_the_address_is_taken_out_of_it_and_remembered(guarded: Server) -> None:
    answer = guarded.get(f"{START}?plan=here&token={TOKEN}&view=all")
    assert answer.status == 302
    assert answer.headers["Location"] == f"/user/x{START}?plan=here&view=all"
    set_ = answer.headers["Set-Cookie"]
    assert TOKEN not in set_
    assert {"HttpOnly", "Path=/user/x/", "SameSite=Lax"} <= {part.strip() for part in set_.split(";")}
    secure = guarded.get(f"/?token={TOKEN}", X_Forwarded_Proto="https")
    assert "Secure" in secure.headers["Set-Cookie"]
    away = guarded.get(f"///evil.test/?token={TOKEN}")
    assert not away.headers.get("Location", "").startswith("//")


@pytest.mark.slow
def test_with_the_token_pages_static_files_and_packs_are_answered(guarded: Server, cookie: str) -> None:
    for path in ("/voila/templates/workbook/static/host.js", "/packs/here/plan.html", START):
        assert guarded.get(path, Cookie=cookie).status == 200
        assert guarded.get(path, Authorization=f"Bearer {TOKEN}").status == 200
    for path in ("/voila/files/0_start.ipynb", "/api/contents", "/voila/static/voila.js", "/voila/tree"):
        assert guarded.get(path, Cookie=cookie).status == 404


@pytest.mark.slow
def test_another_name_is_refused_even_with_the_token(guarded: Server, cookie: str) -> None:
    for path in ROUTES:
        answer = guarded.get(path, Cookie=cookie, Host="evil.test")
        assert answer.status == 403
        assert "not known under this name" in answer.text
    assert guarded.get("/packs/here/plan.html", Cookie=cookie, Host="hub.test").status == 200


@pytest.mark.slow
def test_the_way_to_a_kernel_asks_for_the_token_a_known_name_and_its_own_origin(
    guarded: Server, cookie: str
) -> None:
    page = guarded.get(START, Cookie=cookie).text
    kernel = found(r'data-kernel-id="([^"]+)"', page)
    wanted = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec_WebSocket_Version": "13",
        "Sec_WebSocket_Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
    }
    way = f"/api/kernels/{kernel}/channels?session_id=a"
    assert guarded.get(way, **wanted).status == 403
    assert guarded.get(way, Cookie=cookie, Host="evil.test", **wanted).status == 403
    assert guarded.get(way, Cookie=cookie, Origin="http://evil.test", **wanted).status == 403
    assert guarded.get(f"/api/kernels/{kernel}", method="DELETE", Cookie=cookie).status == 405
    away = {"Cookie": cookie, "Origin": "http://evil.test"}
    assert guarded.get(f"/voila/api/shutdown/{kernel}", method="POST", **away).status in (403, 404)
    assert guarded.get(f"/api/kernels/{kernel}", Cookie=cookie).status == 200


# --- what every answer says -----------------------------------------------------------


def rules(answer: Answer) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: words for name, _, words in parts}


@pytest.mark.slow
@pytest.mark.parametrize("path", [*ROUTES, "//", "//nothing", "/voila/render/..%2f..%2fx.ipynb"])
@pytest.mark.parametrize("let_in", [True, False])
def test_every_answer_carries_the_policy_and_the_headers(
    guarded: Server, cookie: str, path: str, let_in: bool
) -> None:
    answer = guarded.get(path, Cookie=cookie if let_in else "a=b")
    said = rules(answer)
    assert said["default-src"] == "'none'"
    assert said["frame-ancestors"] == "'none'"
    foreign = re.findall(r"https?:[^\s;]*|\*", answer.headers["Content-Security-Policy"])
    assert not foreign
    if not path.startswith("/packs/here"):
        assert said["script-src"] == "'self'"
        assert said["style-src"] == "'self'"
        assert "'unsafe-eval'" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "Tornado" not in answer.headers.get("Server", "")
    assert "Traceback" not in answer.text


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_what_lies_in_a_pack_reaches_nothing_outside_itself(guarded: Server, cookie: str, name: str) -> None:
    answer = guarded.get(f"/packs/here/{name}", Cookie=cookie)
    assert answer.status == 200
    assert answer.body == FILES[name]
    said = rules(answer)
    assert said["default-src"] == "'none'"
    assert not {"connect-src", "frame-src", "object-src", "worker-src"} & set(said)  # all left to the default
    assert ("script-src" in said) is (name == "plan.html")
    if (
        name != "plan.pdf"
    ):  # the viewer of a browser needs its own origin, and runs nothing of the file in ours
        assert "sandbox" in said
        assert "allow-same-origin" not in said["sandbox"]
        assert "allow-forms" not in said["sandbox"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    [
        "/packs/here/out.txt",
        "/packs/here/.hidden",
        "/packs/../secret.txt",
        "/packs/%2e%2e/secret.txt",
        "/packs/here/..%2f..%2fsecret.txt",
        "/packs/here/..%5c..%5csecret.txt",
        "/packs//etc/passwd",
        "/packs/%2fetc%2fpasswd",
        "/packs/here/%00plan.html",
        "/packs/here/" + "x" * 5000,
        "/voila/templates/workbook/static/../../../../etc/passwd",
        "/voila/templates/../../static/etc/passwd",
        "/voila/templates/workbook/static/%2e%2e/%2e%2e/conf.json",
        "/voila/render/../secret.ipynb",
        "/voila/render/..%2fsecret.ipynb",
        "/voila/render/%2fetc%2fpasswd",
        "/voila/render/x%00.ipynb",
    ],
)
def test_no_address_leads_out_of_its_folder(guarded: Server, cookie: str, path: str) -> None:
    answer = guarded.get(path, Cookie=cookie)
    assert answer.status in (400, 403, 404, 500)
    assert "secret" not in answer.text
    assert "root:" not in answer.text
    assert "Traceback" not in answer.text


# --- nothing is run -------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("binary", [False, True], ids=["text", "binary"])
def test_what_a_page_sends_never_runs_code(guarded: Server, cookie: str, binary: bool) -> None:
    page = guarded.get(START, Cookie=cookie).text
    line = Line(guarded, page, cookie, binary=binary)
    mark = guarded.home / f"ran-{binary}"
    code = f"open({str(mark)!r}, 'w').write('ran')"
    run = {"code": code, "silent": False, "store_history": False, "user_expressions": {"a": code}}
    for channel in ("shell", "control", "stdin", "iopub"):
        line.send("execute_request", run, channel)
        line.send("input_reply", {"value": code, "status": "ok"}, channel)
        line.send("debug_request", {"command": "evaluate", "arguments": {"expression": code}}, channel)
        line.send("shutdown_request", {"restart": True}, channel)
        line.send("interrupt_request", {}, channel)
        line.send("create_subshell_request", {}, channel)
    for asked in ("complete_request", "inspect_request"):
        line.send(asked, {"code": code, "cursor_pos": len(code)})
    line.send("history_request", {"hist_access_type": "tail", "n": 9})
    for target in ("jupyter.widget", "jupyter.widget.control", "foreign", "os.system"):
        line.send(
            "comm_open",
            {"comm_id": "c1", "target_name": target, "target_module": "os", "data": {"state": {}}},
        )
    if not binary:
        line.send("comm_msg", run, msg_type="execute_request")  # the kernel goes by the header
        line.send("comm_msg", run, metadata={"msg_type": "execute_request"})
        line.socket.send("[" * 50_000)  # no message at all: the line is closed, the kernel lives
        line = Line(guarded, page, cookie)
    for id in ("c1", "nobody", line.model):
        for data in (
            {"method": "custom", "content": {"kind": "__init__"}},
            {"method": "custom", "content": [code]},
            {"method": "update", "state": {"comm": code, "keys": [code], "html": code}},
            {"method": code},
            {},
        ):
            line.send("comm_msg", {"comm_id": id, "data": data})
    line.say({"id": "ping-1", "kind": "ping"})
    assert line.answer("ping-1") == {"re": "ping-1"}
    line.listen(1)
    kinds = {message["header"]["msg_type"] for message in line.came}
    assert not kinds & {
        *("execute_reply", "execute_input", "execute_result", "input_request", "complete_reply"),
        *("inspect_reply", "history_reply", "debug_reply", "shutdown_reply", "comm_open", "error", "stream"),
    }
    assert not mark.exists()


# --- behind a proxy -------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("host", ["hub.test", ""], ids=["its name", "our name"])
@pytest.mark.parametrize("strip", [True, False], ids=["base taken off", "base left on"])
def test_behind_a_proxy_a_page_opens_and_saves_under_the_name_the_hub_gave(
    guarded: Server, strip: bool, host: str
) -> None:
    name = f"proxied-{strip}-{host}".lower()
    path = guarded.plan(name)
    with proxy(guarded, strip, host) as port:
        came = guarded.get(f"/?token={TOKEN}", port)
        assert came.headers["Location"] == "/user/x/"
        cookie = came.headers["Set-Cookie"].partition(";")[0]
        there = guarded.get("/", port, Cookie=cookie)
        assert there.headers["Location"] == f"/user/x{START}"
        answer = guarded.get(f"{START}?plan={name}", port, Cookie=cookie)
        assert answer.status == 200
        for asked in re.findall(r'(?:href|src)="(/[^"?]*)', answer.text):
            assert asked.startswith("/user/x/")
            assert guarded.get("/" + asked, port, Cookie=cookie).status == 200
        assert guarded.get("//voila/render/0_start.ipynb", port, Cookie=cookie).status == 404
        line = Line(guarded, answer.text, cookie, port, origin="https://hub.test")
        line.say(
            {"id": "1", "kind": "change", "path": "/title", "value": "By way of the hub", "by": "Mallory"}
        )
        assert "saved" in line.answer("1")
    saved = store.read(path)
    assert saved.title == "By way of the hub"
    assert (saved.saved.by, saved.saved.verified) == ("mary", True)


# --- the ordinary server ----------------------------------------------------------------


@pytest.mark.slow
def test_without_a_token_only_this_machine_is_answered_and_only_by_its_names(tmp_path: Path) -> None:
    with running(tmp_path, WORKBOOK_TOKEN="") as server:
        assert server.get("/").status == 302
        assert server.get("/", Host=f"localhost:{server.port}").status == 302
        assert server.get("/", Host="evil.test").status == 403
        assert server.get("/", Host=f"localhost.evil.test:{server.port}").status == 403
        listening = os.popen(f"ss -ltnH sport = :{server.port} 2>/dev/null").read()
        assert f"0.0.0.0:{server.port}" not in listening
        assert f"*:{server.port}" not in listening
        assert server.get("/", method="POST").status in (403, 405)

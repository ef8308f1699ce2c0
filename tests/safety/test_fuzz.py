"""Thousands of things that went wrong on the way: each is taken or refused in a sentence, in time, and nothing is lost.

The number of cases of each kind is WORKBOOK_FUZZ_CASES. Unless it is given, it is ten thousand, but for importers, which
take longest: continuous integration runs ten thousand of those too. Case ``n`` is the same on every run:
what failed is found again by its number.
"""

from __future__ import annotations

import copy
import csv
import io
import json
import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_from_bytes

import pytest

from tests.unit import any_plan, guide_step
from tests.unit.test_import_fuzz import CELLS, FILES
from workbook.errors import WorkbookError
from workbook.guide.answering import messages, session
from workbook.guide.answering.page import Page
from workbook.guide.bringing import rows as page_rows
from workbook.guide.drawing import views
from workbook.guide.way import addresses, chooser, plans
from workbook.paths import shipped
from workbook.plan import Plan, rows, store
from workbook.reference import Reference, importers

pytestmark = pytest.mark.slow
SECONDS = 30.0  # of one case, on a machine that does other things too; ordinary ones take some milliseconds
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 1.5, -0.0, 1e308, 1e400, float("nan"), 2**63, 10**400, "", " ", "0"),
    *(
        "\x00",
        "\ud800",
        "\u202e",
        "x" * 100_000,
        "<script>",
        "../../etc/passwd",
        "=1+1",
        "1e999",
        "NaN",
        "🧡" * 99,
    ),
    *([], {}, [[]], [None], {"": None}, {"a": {"a": {}}}, ["x"] * 1000, {"__class__": "x"}, {"$ref": "#"}),
)
BYTES = (
    b"",
    b"\x00",
    b"\xff",
    b'"',
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\\u0000",
    b"\\ud800",
    b"1e999",
    b"NaN",
)
BYTES += (
    b"-Infinity",
    b"9" * 5000,
    b"[" * 5000,
    b'{"a":' * 3000,
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"/*",
    b"'",
)


def cases(otherwise: int) -> int:
    return int(os.environ.get("WORKBOOK_FUZZ_CASES") or otherwise)


def tried(dice_of: str, number: int, case: Callable[[random.Random], None]) -> None:
    """Run cases, each with its own dice, and say which one failed or took too long."""
    for n in range(number):
        begun = time.perf_counter()
        try:
            case(random.Random(f"{dice_of} {n}"))
        except Exception as error:
            raise AssertionError(
                f"case {n} of {dice_of}: {type(error).__name__}: {str(error)[:500]}"
            ) from error
        took = time.perf_counter() - begun
        assert took < SECONDS, f"case {n} of {dice_of} took {took:.1f} seconds"


def odd(dice: random.Random) -> Any:
    return copy.deepcopy(dice.choice(ODD))


def bitten(content: bytes, dice: random.Random) -> bytes:
    """Bytes as a bad disk, a bad line or a bad editor leaves them."""
    for _ in range(dice.randint(1, 4)):
        at, more = dice.randrange(len(content) + 1), dice.choice((1, 1, 2, 8, 64, 1000))
        what = dice.randrange(6)
        if what == 0:
            content = (
                content[:at] + bytes(dice.randrange(256) for _ in range(min(more, 8))) + content[at + more :]
            )
        elif what == 1:
            content = content[:at] + content[at + more :]
        elif what == 2:
            content = content[:at] + dice.choice(BYTES) + content[at:]
        elif what == 3:
            content = content[:at] + content[at : at + more] * 2 + content[at + more :]
        elif what == 4:
            content = content[:at]
        else:
            other = dice.randrange(len(content) + 1)
            content = content[:at] + content[other : other + more] + content[at + more :]
    return content


def upset(held: Any, dice: random.Random) -> Any:
    """A structure with something in it put wrong: another value, a missing or a further part, one in another's place."""
    places = list(_places(held))
    for _ in range(dice.randint(1, 3)):
        holder, key = dice.choice(places)
        what = dice.randrange(6)
        if isinstance(holder, list) and not (isinstance(key, int) and key < len(holder)):
            continue
        if what == 0 and key in (holder if isinstance(holder, dict) else range(len(holder))):
            del holder[key]
        elif what == 1 and isinstance(holder, dict):
            holder[dice.choice(("", "schema_version", "id", "x" * 500, "\x00", str(key).upper()))] = odd(dice)
        elif what == 2:
            other, place = dice.choice(places)
            if isinstance(other, dict) or (isinstance(place, int) and place < len(other)):
                holder[key] = copy.deepcopy(other.get(place) if isinstance(other, dict) else other[place])
        elif what == 3 and isinstance(holder, list):
            holder.extend(holder[: dice.choice((1, 2, 500))])
        else:
            holder[key] = odd(dice)
    return held


def _places(held: Any) -> Any:
    for key, value in held.items() if isinstance(held, dict) else enumerate(held):
        yield held, key
        if isinstance(value, dict | list):
            yield from _places(value)


def sound(error: WorkbookError) -> None:
    """A refusal is a sentence with a remedy that a person can read."""
    assert error.problem.strip()
    assert error.remedy.strip()
    assert len(str(error)) < 20_000
    assert "Traceback" not in str(error)
    str(error).encode(errors="strict")


# --- plan files ---------------------------------------------------------------------


def test_plan_files_are_read_or_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "p.plan.json"
    demo = store.read(shipped("data") / "demo" / "demo.plan.json")
    small = [any_plan.drawn(seed) for seed in range(20)]
    texts = [store.to_json(plan) for plan in small] + [store.to_json(demo)]
    counted = {"read": 0, "refused": 0}

    def case(dice: random.Random) -> None:
        text = texts[-1] if dice.random() < 0.02 else dice.choice(texts)
        if dice.random() < 0.5:
            content = bitten(text.encode(), dice)
        else:
            held = upset(json.loads(text), dice)
            try:
                content = json.dumps(held).encode()
            except (ValueError, RecursionError):  # a part that holds itself
                return
        path.write_bytes(content)
        try:
            plan = store.read(path)
        except WorkbookError as error:
            counted["refused"] += 1
            sound(error)
        else:
            counted["read"] += 1
            assert Plan.model_validate_json(store.to_json(plan)) == plan
        assert path.read_bytes() == content  # whatever came of it, the file is as it was

    tried("plan files", cases(10_000), case)
    assert min(counted.values()) > sum(counted.values()) / 20, counted


def test_a_refused_save_leaves_the_plan_and_its_revisions(tmp_path: Path) -> None:
    path = tmp_path / "p.plan.json"
    held = store.create(guide_step.plan(), path)
    kept = path.read_bytes()

    def case(dice: random.Random) -> None:
        stale = held.model_copy(update={"revision": dice.choice((0, 2, 3, 99, -1)), "title": "another"})
        with pytest.raises(WorkbookError):
            store.write(stale, path)
        assert path.read_bytes() == kept

    tried("stale saves", min(500, cases(500)), case)
    assert not store.revisions(path)


# --- importers ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    return Reference.open(tmp_path_factory.mktemp("figures"))


def mixed(content: bytes, dice: random.Random) -> bytes:
    """A table with cells, rows, columns or bytes that went wrong."""
    if dice.random() < 0.4:
        return bitten(content, dice)
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    for _ in range(dice.randint(1, 5)):
        line = dice.choice(lines)
        what = dice.randrange(7)
        if what <= 3 and line:
            line[dice.randrange(len(line))] = dice.choice(CELLS)
        elif what == 4:
            lines.insert(dice.randrange(len(lines) + 1), list(dice.choice(lines)))
        elif what == 5 and line:
            at = dice.randrange(len(line))
            for other in lines:
                del other[at : at + 1]
        else:
            del lines[dice.randrange(len(lines))]
        if not lines:
            return b""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=dice.choice(",,,,\t;")).writerows(lines)
    return out.getvalue().encode(
        dice.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252")), errors="replace"
    )


def test_importers_take_or_refuse_in_words(tmp_path: Path, reference: Reference) -> None:
    files = {p.name: p.read_bytes() for p in sorted(FILES.iterdir()) if p.is_file()}
    small = {
        name: b"\n".join(content.split(b"\n")[:15]) if name.endswith(".csv") else content
        for name, content in files.items()
    }
    before = {p: p.read_bytes() for p in tmp_path.parent.rglob("*.sqlite*")}

    def case(dice: random.Random) -> None:
        name = dice.choice(sorted(small))
        path = tmp_path / f"x{Path(name).suffix}"
        content = mixed(small[name], dice) if name.endswith(".csv") else bitten(small[name], dice)
        path.write_bytes(content)
        try:
            report = importers.check(path, reference)
        except WorkbookError as error:
            sound(error)
        else:
            for fault in report.faults:
                assert fault.problem and fault.remedy, name
        assert path.read_bytes() == content

    tried("importers", cases(600), case)
    assert all(p.read_bytes() == content for p, content in before.items())


def test_lists_are_brought_in_or_refused_in_words() -> None:
    plan = guide_step.plan()
    demo = store.read(shipped("data") / "demo" / "demo.plan.json")
    tables = {name: b"\n".join(c.split(b"\n")[:12]) for name, c in rows.csv_files(demo).items()}
    book = rows.workbook(demo, ["schemes"])

    def case(dice: random.Random) -> None:
        if dice.random() < 0.1:
            name, content = "x.xlsx", bitten(book, dice)
        else:
            name = dice.choice(sorted(tables))
            content = mixed(tables[name], dice)
        try:
            made = rows.bring(plan, rows.sheets_of(name, content), update=dice.random() < 0.5)
        except WorkbookError as error:
            sound(error)
        else:
            assert Plan.model_validate_json(store.to_json(made.plan)) == made.plan

    tried("lists", cases(10_000), case)
    assert plan == guide_step.plan()
    assert page_rows.LARGEST < rows.reading.LARGEST


# --- query strings ----------------------------------------------------------------------

WORDS = ("plan", "view", "at", "token", "template", "theme", "PLAN", "", "plan[]", "\x00", "__proto__")
VALUES = (
    *(
        "north",
        "north ",
        "NORTH",
        "../north",
        "..",
        ".",
        "",
        "/etc/passwd",
        "north/../north",
        "north\x00",
        "all",
    ),
    *(
        "C:\\north",
        "\\\\host\\x",
        "north::$DATA",
        "nörth",
        "ｎorth",
        "north%00",
        "con",
        "~root",
        "$HOME",
        "x" * 5000,
    ),
    *(
        "needs",
        "priorities",
        "/needs/priorities/0/title",
        "/needs/priorities/99999999999/title",
        "/~0~1",
        "//",
        "-1",
    ),
    *(
        "/budget/" + "x/" * 900,
        "<script>",
        "\ud800",
        "\u202e",
        "🧡",
        "link",
        "out",
        ".hidden",
        "a:b",
        "a|b",
        "a\nb",
    ),
)


def asked(dice: random.Random) -> str:
    parts = ["plan=north"] if dice.random() < 0.1 else []
    for _ in range(dice.choice((0, 1, 1, 2, 3, 3, 50))):
        word, value = dice.choice((*WORDS, "plan", "plan", "view", "at")), dice.choice(VALUES)
        how = dice.randrange(4)
        if how == 0:
            value = quote(value, errors="replace")
        elif how == 1:
            value = quote_from_bytes(bytes(dice.randrange(256) for _ in range(dice.randrange(20))))
        elif how == 2:
            value = quote(quote(value, errors="replace"))
        parts.append(f"{word}{dice.choice(('=', '=', '=', '==', ''))}{value}")
    return dice.choice("&&&;?").join(parts)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with the plan "north", a secret outside and a link to it, and the small step of the guide's tests."""
    home = tmp_path / "home"
    monkeypatch.setenv("WORKBOOK_HOME", str(home))
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5.13")
    for name in ("QUERY_STRING", "VOILA_PREHEAT", plans.OPENED):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(session, "_run_step", guide_step.run)
    monkeypatch.setattr(session, "_find", guide_step.find)
    monkeypatch.setattr(session, "_draw_block", lambda block, uid: f'<p id="{uid}"></p>')
    monkeypatch.setattr(chooser, "_areas", list)
    store.create(guide_step.plan(), home / "plans" / "north.plan.json")
    outside = tmp_path / "outside.plan.json"
    store.create(guide_step.plan().model_copy(update={"title": "The secret plan"}), outside)
    (home / "plans" / "link.plan.json").symlink_to(outside)
    (home / "plans" / ".hidden.plan.json").write_bytes(outside.read_bytes())
    return home


def test_query_strings_open_a_plan_of_the_folder_or_say_why_not(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    north = home / "plans" / "north.plan.json"
    kept = {p: p.read_bytes() for p in home.parent.rglob("*.plan.json")}
    step = views.Views(guide_step.run("needs", store.read(north), object()))
    opened = 0

    def case(dice: random.Random) -> None:
        nonlocal opened
        query = asked(dice).replace("\x00", "%00").encode(errors="replace").decode()
        monkeypatch.setitem(os.environ, "QUERY_STRING", query)
        said = addresses.asked()
        step.chosen(said["view"], said["at"])
        try:
            path = plans.find(said["plan"])
        except WorkbookError as error:
            sound(error)
        else:
            assert path == north, query
            opened += 1
        if dice.random() < 0.005:
            html = Page("needs").widget.html
            assert "<script" not in html
            assert "The secret plan" not in html
            assert "reference number" not in html, query

    tried("query strings", cases(10_000), case)
    assert opened > 100
    assert {p: p.read_bytes() for p in home.parent.rglob("*.plan.json")} == kept


# --- messages of the page -----------------------------------------------------------------

KINDS = (*messages.HANDLERS, "open", "restore", "create", "copy", "", "__init__", "HELLO", None, 7, [], {})
PATHS = (
    *(
        "/purpose",
        "/base_year",
        "/horizon",
        "/needs/priorities",
        "/needs/priorities/0/title",
        "/vision/wants",
    ),
    *(
        "/vision/wants/0",
        "/needs/answers/CST-04.1/answer",
        "/needs/peers",
        "/sign_off/review_by",
        "/area/synthetic",
    ),
    *(
        "",
        "/",
        "//",
        "purpose",
        "/revision",
        "/saved/by",
        "/schema_version",
        "/needs/priorities/-1",
        "/~",
        "/~2",
    ),
    *(
        "/needs/priorities/99999999999999999999",
        "/needs/priorities/٣",
        "/budget/schemes",
        "/x" * 400,
        "#",
        "/a#b",
    ),
    *(
        "/needs/priorities/0/title#more",
        "/needs/priorities#0",
        "/needs/priorities/0-9",
        "/needs/priorities/0/0/0",
    ),
)


def message(dice: random.Random) -> Any:
    made: dict[Any, Any] = {"id": str(dice.random()), "kind": dice.choice(KINDS)}
    if dice.random() < 0.5:
        made["kind"] = dice.choice(("change", "add", "remove", "row", "view", "undo", "back", "settle"))
    for name in (
        "path",
        "value",
        "by",
        "index",
        "revision",
        "base",
        "view",
        "at",
        "name",
        "first",
        "last",
        "seen",
        "before",
    ):
        if dice.random() < 0.25 or name in ("path", "value"):
            made[name] = _part(name, dice)
    for name in ("values", "choices", "content", "update", "reason", "names", "further"):
        if dice.random() < 0.02:
            made[name] = odd(dice)
    if dice.random() < 0.1:
        return upset(made, dice)
    return made


def _part(name: str, dice: random.Random) -> Any:
    if dice.random() < 0.05:
        return odd(dice)
    if name in ("index", "revision", "base", "first", "last", "seen", "before"):
        return dice.choice((-1, 0, 1, 2, 3, 5, 10**9))
    if name in ("path", "at"):
        return dice.choice((*PATHS, *PATHS[:9], *PATHS[:9]))
    if name == "value":
        return dice.choice(("Falls", "", "7", "2026-04-01", "45%", "yes", True, None, ["SYN02"], *ODD[:12]))
    return dice.choice((*VALUES, *["Mary"] * len(VALUES)))


def test_messages_are_done_or_refused_in_words_and_the_plan_stays_whole(home: Path) -> None:
    north = home / "plans" / "north.plan.json"
    outside = home.parent / "outside.plan.json"
    secret = outside.read_bytes()
    page = Page("needs", str(north))
    done = {"saved": 0, "refused": 0}
    seen = 1

    def case(dice: random.Random) -> None:
        nonlocal page, seen
        sent = message(dice)
        if not isinstance(sent, dict):
            return
        reply = page.answer(sent)
        said = json.dumps(reply)
        assert "reference number" not in said, (sent, reply)
        assert "The secret plan" not in said
        done["saved"] += "saved" in reply
        done["refused"] += "alert" in reply or "errors" in reply
        if dice.random() < 0.05:
            plan = store.read(north)
            assert plan.revision >= seen
            seen = plan.revision
        if dice.random() < 0.002:  # begin again with a small plan: what was added makes each case slower
            for path in home.rglob("*.plan.json"):
                if path.name not in ("north.plan.json", ".hidden.plan.json", "link.plan.json"):
                    path.unlink()
            store.write(guide_step.plan().model_copy(update={"revision": store.read(north).revision}), north)
            page = Page("needs", str(north))

    tried("messages", cases(10_000), case)
    assert min(done.values()) > sum(done.values()) / 50, done
    last = store.read(north)
    assert len(store.revisions(north)) >= min(last.revision - 1, 100) / 2  # what was before is kept
    assert outside.read_bytes() == secret
    assert not [p for p in home.parent.rglob("*") if p.name.startswith("..")]

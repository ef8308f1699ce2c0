"""What is wrong with the money of a plan, typed on the page, in the file by hand, or brought in from a spreadsheet.

Each by three ways: a sentence, the place, the remedy, and nothing lost. Then plans of any kind through every step.
"""

from __future__ import annotations

import copy
import csv
import dataclasses
import io
import json
import math
import os
import re
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit import any_plan
from workbook import cli
from workbook.errors import BadInput, StaleWrite
from workbook.guide.answering.session import Session
from workbook.guide.bringing import rows as guide_rows
from workbook.plan import Plan, edit, rows, store
from workbook.reference import Reference
from workbook.render.html import fragment
from workbook.steps import TITLES, run, thread

EVERY = {"ODR-12.c1": 3, "ODR-12.c2": 3, "ODR-12.c3": 3, "ODR-12.c4": 3}
EVERY |= {"ODR-12.c5": 3, "ODR-12.c6": 3, "ODR-12.c7": 3, "ODR-12.c8": 3}
RUNGS = [f"ODR-12.r{n}" for n in range(1, 7)]
PLAN: dict[str, Any] = {
    "schema_version": 4,
    "area": {"code": "E54000050", "name": "Here"},
    "base_year": 2025,
    "budget": {
        "scope": {
            "responses": [
                {
                    "respondent": "Director",
                    "scores": {r: EVERY | {"ODR-12.c1": n % 5 + 1} for n, r in enumerate(RUNGS)},
                }
            ]
        },
        "lines": [{"id": "acute", "name": "Acute", "organisation": "Board", "amount": 100}],
        "schemes": [
            {"id": "a", "name": "A", "start_year": 2026, "effects": [{"ambition": 3, "percent": -4}]},
            {"id": "b", "name": "B", "start_year": 2026, "after": ["a"]},
        ],
        "fund": {
            "total": 100,
            "contributions": [{"partner": "Board", "amount": 60}, {"partner": "Council", "amount": 40}],
            "partners": [
                {"partner": "Board", "overspend": 0.6, "underspend": 0.6},
                {"partner": "Council", "overspend": 0.4, "underspend": 0.4},
            ],
        },
    },
    "decommissioning": {
        "services": [{"id": "day", "name": "Day unit", "contract_start": "2026-04-01"}],
    },
}


@dataclasses.dataclass(frozen=True)
class Bad:
    """One wrong value: where it stands, how it comes by each way, and words that have to be said of it."""

    step: str
    place: str
    value: Any
    sheet: str
    header: tuple[str, ...]
    row: tuple[str, ...]
    page: str  # said at the field where it is refused there, else by the checks of the plan
    file: str
    imported: str
    refused_by: str = "page file rows"


BAD = {
    "negative spend": Bad(
        "budget",
        "/budget/lines/0/amount",
        -5,
        "lines",
        ("Short name", "Spend in the base year (£000s)"),
        ("acute", "-5"),
        "Spend in the base year: give 0 or more",
        "/budget/lines/0/amount (Spend in the base year of “Acute”): give 0 or more",
        "row 2, column Spend in the base year (£000s): “-5” is too low. Give a number, 0 or more.",
    ),
    "a rate over 100": Bad(
        "budget",
        "/budget/lines/0/own_growth",
        150,
        "lines",
        ("Short name", "Other growth of this line (% a year)"),
        ("acute", "150%"),
        "Other growth of this line: give 100 or less",
        "/budget/lines/0/own_growth (Other growth of this line of “Acute”): give 100 or less",
        "“150%” is too high. Give a number from -50 to 100.",
    ),
    "a share over 1": Bad(
        "budget",
        "/budget/schemes/0/cashable_share",
        45,
        "schemes",
        ("Short name", "Share that can be cashed"),
        ("a", "45"),
        "write 0.45 or 45%, if that is meant",
        "/budget/schemes/0/cashable_share (Share that can be cashed of “A”): give 1 or less",
        "Write 0.45 or 45%, if that is meant.",
    ),
    "contributions that do not add up": Bad(
        "budget",
        "/budget/fund/contributions/0/amount",
        70,
        "fund-contributions",
        ("Partner", "Pot", "Contribution (£000s)"),
        ("Board", "section-75", "70"),
        "The contributions add up to £110k, and the fund is £100k as agreed.",
        "The contributions add up to £110k, and the fund is £100k as agreed.",
        "The contributions add up to £110k, and the fund is £100k as agreed. Enter what is missing, or correct the size.",
        "",
    ),
    "shares of risk that do not add up": Bad(
        "budget",
        "/budget/fund/partners/0/overspend",
        0.9,
        "fund-partners",
        ("Partner", "Share of an overspend it bears"),
        ("Board", "90%"),
        "The shares of an overspend of the pooled fund add up to 130.0%",
        "The shares of an overspend of the pooled fund add up to 130.0%",
        "The shares of an overspend of the pooled fund add up to 130.0%",
        "",
    ),
    "schemes in a circle": Bad(
        "budget",
        "/budget/schemes/0/after",
        ["b"],
        "schemes",
        ("Short name", "Schemes that must come first"),
        ("a", "b"),
        "These schemes wait for each other, so none can start: “A” after “B” after “A”.",
        "These schemes wait for each other, so none can start: “A” after “B” after “A”.",
        "column Schemes that must come first: a waits for itself: a after b after a.",
        "rows",
    ),
    "an end before a start": Bad(
        "decommissioning",
        "/decommissioning/services/0/contract_end",
        "2025-01-01",
        "services",
        ("Short name", "Contract ends on"),
        ("day", "01/01/2025"),
        "its contract began on 1 April 2026, and its contract ends on 1 January 2025, before that.",
        "its contract began on 1 April 2026, and its contract ends on 1 January 2025, before that.",
        "column Contract ends on: 1 January 2025 is before 1 April 2026",
        "rows",
    ),
    "a range turned round": Bad(
        "budget",
        "/budget/schemes/0/effects/0/low",
        7,
        "schemes-effects",
        ("Scheme: short name", "Ambition", "Effect, lower end (%)"),
        ("a", "3", "7"),
        "The effect of “A” on ambition 3 runs 7% and -4%, which is not from low to high.",
        "The effect of “A” on ambition 3 runs 7% and -4%, which is not from low to high.",
        "column Effect, lower end (%): The range runs 7 and -4, which is not from low to high.",
        "rows",
    ),
    "text in a number cell": Bad(
        "budget",
        "/budget/lines/0/amount",
        "about ten",
        "lines",
        ("Short name", "Spend in the base year (£000s)"),
        ("acute", "about ten"),
        "Spend in the base year: “about ten” is not a number.",
        "/budget/lines/0/amount (Spend in the base year of “Acute”): this is not a number",
        "column Spend in the base year (£000s): “about ten” is not a number.",
    ),
    "a respondent who scores everything the same": Bad(
        "budget",
        "/budget/scope/responses/0/scores",
        dict.fromkeys(RUNGS, EVERY),
        "scope-responses",
        ("Scored by", "Option", "Criterion", "Score"),
        (),
        "Director gave every option a 3 on every criterion, which tells no option from another.",
        "Director gave every option a 3 on every criterion, which tells no option from another.",
        "Director gave every option a 3 on every criterion, which tells no option from another.",
        "",
    ),
    "an option with no score": Bad(
        "budget",
        "/budget/scope/responses/0/scores",
        {rung: EVERY | {"ODR-12.c1": n + 1} for n, rung in enumerate(RUNGS[:5])},
        "scope-responses",
        ("Scored by", "Option", "Criterion", "Score"),
        (),
        "Nobody has scored “Plus other budgets”, so it has no place in the order of scopes.",
        "Nobody has scored “Plus other budgets”, so it has no place in the order of scopes.",
        "Nobody has scored “Plus other budgets”, so it has no place in the order of scopes.",
        "",
    ),
}


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.open()


@pytest.fixture
def path(tmp_path: Path, home: Path) -> Path:
    file = tmp_path / "p.plan.json"
    file.write_text(json.dumps(PLAN), encoding="utf-8")
    return file


def checks(path: Path, capsys: pytest.CaptureFixture) -> str:
    """What ``workbook check`` prints; negative numbers with a hyphen."""
    capsys.readouterr()
    assert cli.main(["check", str(path)]) in (0, 3)
    return capsys.readouterr().out.replace("\u2212", "-")


@pytest.mark.parametrize("name", BAD)
def test_typed_on_the_page(
    name: str, path: Path, reference: Reference, capsys: pytest.CaptureFixture
) -> None:
    bad, before = BAD[name], path.read_bytes()
    if isinstance(bad.value, dict):  # score by score
        plan = store.write(edit.put(store.read(path), bad.place, {}), path)
        for rung, scores in bad.value.items():
            for criterion, score in scores.items():
                plan = store.write(edit.put(plan, f"{bad.place}/{rung}/{criterion}", score), path)
    else:
        session = Session(bad.step, path, reference=reference)
        value = bad.value if isinstance(bad.value, list) else str(bad.value)
        said = session.change(bad.place, value)["errors"][bad.place].replace("\u2212", "-")
        if "page" in bad.refused_by:
            assert bad.page in said
            assert path.read_bytes() == before
            return
        assert said == ""
    assert bad.page in checks(path, capsys)
    assert edit.get(store.read(path), bad.place) is not None  # what was typed is kept


@pytest.mark.parametrize("name", BAD)
def test_in_the_file_by_hand(name: str, path: Path, capsys: pytest.CaptureFixture) -> None:
    bad, data = BAD[name], copy.deepcopy(PLAN)
    *way, last = bad.place.split("/")[1:]
    entry: Any = data
    for part in way:
        entry = entry[int(part)] if isinstance(entry, list) else entry[part]
    entry[last] = bad.value
    path.write_text(json.dumps(data), encoding="utf-8")
    before = path.read_bytes()
    if "file" in bad.refused_by:
        assert cli.main(["check", str(path)]) == 4
        said = capsys.readouterr().err
        assert bad.file in said
        assert "Mend these places in the file" in said
    else:
        assert bad.file in checks(path, capsys)
    assert path.read_bytes() == before


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("name", BAD)
def test_brought_in_from_a_spreadsheet(
    name: str, kind: str, path: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    bad, before = BAD[name], path.read_bytes()
    lines = [bad.row] if bad.row else scores(bad.value)
    file = tmp_path / f"{bad.sheet}.{kind}"
    file.write_bytes(sheet(bad.sheet, kind, [bad.header, *lines]))
    how = [] if bad.sheet == "scope-responses" else ["--update"]
    code = cli.main(["rows", "import", str(path), str(file), *how])
    said = capsys.readouterr().err.replace("\u2212", "-")
    assert bad.imported in said
    if "rows" in bad.refused_by:
        assert code == 4
        assert path.read_bytes() == before
    else:
        assert code == 0
        assert store.read(path).revision == 1
        assert bad.imported in checks(path, capsys)


def scores(given: dict[str, dict[str, int]]) -> list[tuple[str, ...]]:
    return [("Director", o, c, str(s)) for o, by in given.items() for c, s in by.items()]


def sheet(name: str, kind: str, lines: list[tuple[str, ...]]) -> bytes:
    if kind == "csv":
        out = io.StringIO(newline="")
        csv.writer(out).writerows(lines)
        return out.getvalue().encode()
    import openpyxl

    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = name
    for line in lines:
        book.active.append(line)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


@pytest.mark.parametrize("typed", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 5000])
def test_what_is_no_number_of_money_in_a_file_is_said_with_its_place(
    typed: str, path: Path, capsys: pytest.CaptureFixture
) -> None:
    path.write_text(path.read_text().replace('"amount": 100', f'"amount": {typed}'), encoding="utf-8")
    before = path.read_bytes()
    assert cli.main(["check", str(path)]) == 4
    said = capsys.readouterr().err
    assert "Traceback" not in said and "p.plan.json" in said
    if len(typed) < 100:  # a number of thousands of digits is refused before it has a place
        assert "/budget/lines/0/amount (Spend in the base year of “Acute”)" in said
    assert path.read_bytes() == before


def test_a_percentage_typed_where_a_share_is_asked_is_the_share(path: Path, reference: Reference) -> None:
    session = Session("budget", path, reference=reference)
    place = "/budget/schemes/0/cashable_share"
    assert session.change(place, "7%")["errors"] == {place: ""}
    assert store.read(path).budget.schemes[0].cashable_share == 0.07
    assert "Give 100% or less" in session.change(place, "450%")["errors"][place]
    growth = "/budget/lines/0/own_growth"
    session.change(growth, "2.5%")
    assert store.read(path).budget.lines[0].own_growth == 2.5


# --- two at once, and a kill in the middle ------------------------------------------------


def test_the_later_of_two_imports_is_refused_and_loses_nothing(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, theirs = tmp_path / "risks.csv", tmp_path / "other" / "risks.csv"
    theirs.parent.mkdir()
    mine.write_text("Risk\nMine\n", encoding="utf-8")
    theirs.write_text("Risk\nTheirs\n", encoding="utf-8")
    bring = guide_rows.bring

    def meanwhile(*args: Any, **how: Any) -> rows.Brought:
        monkeypatch.setattr(guide_rows, "bring", bring)
        guide_rows.take(path, [theirs], update=True, dry_run=False, survey=False)
        return bring(*args, **how)

    monkeypatch.setattr(guide_rows, "bring", meanwhile)
    with pytest.raises(StaleWrite, match="was not saved"):
        guide_rows.take(path, [mine], update=True, dry_run=False, survey=False)
    assert [r.name for r in store.read(path).budget.risks] == ["Theirs"]


def test_an_import_that_is_killed_leaves_the_plan_before_or_after_it(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "risks.csv"
    file.write_text("Risk\n" + "".join(f"Risk {n}\n" for n in range(3000)), encoding="utf-8")
    command = [sys.executable, "-m", "workbook.cli", "rows", "import", str(path), str(file)]
    for wait in (0.5, 1.5, 2.5):
        started = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        time.sleep(wait)
        os.kill(started.pid, signal.SIGKILL)
        started.wait()
        assert len(store.read(path).budget.risks) in (0, 3000)
    assert subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode == 0
    assert len(store.read(path).budget.risks) == 3000


# --- any plan through every step -----------------------------------------------------------

NO_FIGURE = re.compile(r"\b(nan|inf|Infinity|NaT)\b|<class|Timestamp\(|np\.|array\(|\d[eE][+-]?\d\d\b")


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32))
def test_any_plan_goes_through_every_step_in_words(seed: int) -> None:
    plan, reference = any_plan.drawn(seed), REFERENCE
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for step in TITLES:
            blocks = run(step, plan, reference).blocks
            for value in values(blocks):
                if isinstance(value, float):
                    assert math.isfinite(value), step
                elif not any(word and word in value for word in any_plan.WORDS[3:]):
                    assert not NO_FIGURE.search(value), (step, value[:300])
        for found in thread.findings(plan, reference):
            assert found.sentence and found.remedy, found.code


@pytest.mark.parametrize("seed", range(20))
def test_any_plan_is_drawn_inert_and_comes_back_from_a_spreadsheet(seed: int) -> None:
    plan = any_plan.drawn(seed)
    for step in TITLES:
        for n, block in enumerate(run(step, plan, REFERENCE).blocks):
            assert "<script" not in fragment(block, f"u{n}")
    try:
        back = rows.bring(plan, rows.sheets_of("p.xlsx", rows.workbook(plan))).plan
    except BadInput as error:
        assert "There is no list to bring in" in str(error) or not plan.budget.schemes
        return
    assert back == plan


REFERENCE = Reference.open()


def values(blocks: Any) -> Iterator[str | float]:
    """Every text and number within blocks."""
    if isinstance(blocks, str | float):
        yield blocks
    elif isinstance(blocks, dict):
        for value in blocks.values():
            yield from values(value)
    elif isinstance(blocks, list | tuple):
        for value in blocks:
            yield from values(value)
    elif dataclasses.is_dataclass(blocks):
        for field in dataclasses.fields(blocks):
            yield from values(getattr(blocks, field.name))


def test_the_plan_of_these_tests_is_sound_where_they_break_it() -> None:
    found = [f.sentence for f in thread.findings(Plan.model_validate(PLAN), REFERENCE)]
    for bad in BAD.values():
        if "file" not in bad.refused_by:
            assert not any(bad.file in sentence for sentence in found)

"""The document, results and data of a pack, made from steps by hand."""

import csv
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from workbook.blocks import (
    Column,
    Finding,
    Heading,
    Result,
    Step,
    Table,
    Words,
    from_record,
    table,
    to_record,
)
from workbook.pack import documents, used
from workbook.pack.results import results
from workbook.plan import Plan
from workbook.render.document import status_words

BLOCKS = Finding("T-01", "blocks", "Ambition 1 has no scheme.", "Fund one.", "ambitions")
DOUBT = Finding("T-02", "doubt", "The level is far.", "Say why.", "ambitions")
OGL = {"name": "Mortality", "source": "ONS", "licence": "Open Government Licence v3.0", "vintage": "2018"}
LOCAL = {"name": "Calls", "source": "Our own count", "licence": "local", "vintage": "2025"}


def plan(**changes) -> Plan:
    area = {"code": "E1", "name": "South", "kind": "ccg"}
    return Plan.model_validate({"title": "Plan", "area": area, "base_year": 2018, **changes})


def steps(*findings: Finding) -> dict[str, Step]:
    rate = Result("rate", "Rate", 84.2, "per 100,000", "2018", "As published", "ONS")
    blocks = (
        Heading("Plan on a page", "page"), Words(("What matters",), "lead"), Heading("Money", "money", 3),
        Heading("Findings", "findings"), *findings, Heading("Sign-off", "sign-off"), Words(("Who signs",)),
    )  # fmt: skip
    return {
        "start": Step("start", "Start", (Words(("For the screen",)),)),
        "needs": Step("needs", "Needs", (Heading("Figures", "figures"),), (rate,), ("m-1", "m-2")),
        "ambitions": Step("ambitions", "Ambitions", (), (rate,), ("m-1",)),
        "plan": Step("plan", "The plan", blocks),
    }


@dataclass
class Known:
    """A Reference with two series and one country."""

    rows: tuple[dict, ...] = (OGL, LOCAL)

    def sources(self, ids):
        return [row for id, row in zip(("m-1", "m-2"), self.rows, strict=True) if id in ids]

    def areas(self, kind=None):
        @dataclass
        class Area:
            code: str
            synthetic: bool

        return [Area("E92000001", False), Area("SYN00", True)]

    def area(self, code):
        return SimpleNamespace(code=code)

    def members(self, code):
        return ()

    def overlaps(self, code):
        return set()

    def series(self, indicator, areas):
        if indicator == "m-2":
            return pd.DataFrame()
        note = ["=1+1", "*", ""]
        return pd.DataFrame({"area": areas[:3], "value": [84.2, None, 70.0], "note": note[: len(areas)]})


def test_the_document_reads_from_the_page_to_the_sources():
    made = documents.document(plan(), steps(BLOCKS), Known())
    assert made.summary == ()
    assert [part.id for part in made.parts] == [
        "page",
        "needs",
        "ambitions",
        "findings",
        "sign-off",
        "annex",
        "sources",
    ]
    assert [type(b).__name__ for b in made.parts[0].blocks] == ["Words"], "a heading over nothing is left out"
    assert "For the screen" not in str(made.parts)


def test_headings_inside_a_section_move_up_with_it():
    money = (Heading("Plan on a page", "page"), Heading("Money", "money", 3), Words(("£1m",)))
    made = documents.document(plan(), steps() | {"plan": Step("plan", "The plan", money)}, Known())
    assert [b.level for b in made.parts[0].blocks if isinstance(b, Heading)] == [2]


@pytest.mark.parametrize(
    ("findings", "signed", "status"),
    [
        ((BLOCKS, DOUBT), None, "DRAFT"),
        ((BLOCKS,), date(2026, 5, 1), "DRAFT"),
        ((DOUBT,), None, "FOR SIGN-OFF"),
        ((), date(2026, 5, 1), "SIGNED OFF"),
    ],
)
def test_the_status_follows_findings_and_signature(findings, signed, status):
    signature = {"approver": {"name": "A. Chair", "signed": signed}}
    made = documents.document(plan(sign_off=signature), steps(*findings), Known())
    assert made.status == status


def test_the_cover_says_that_a_gate_refuses():
    services = [
        {"id": "ward", "name": "Ward", "decision": "stop"},
        {"id": "day", "name": "Day", "decision": "keep"},
    ]
    gates = tuple(
        Result(f"decommissioning.{id}.gate", "gate", "not ready", "", "", "Asked", "Plan")
        for id in ("ward", "day")
    )
    held = {**steps(), "decommissioning": Step("decommissioning", "Stopping", (), gates)}
    made = documents.document(plan(decommissioning={"services": services}), held, Known())
    said = "For sign-off: no finding blocks this plan; 1 service to stop or change is not ready"
    assert status_words(made) == said
    assert status_words(documents.document(plan(), held, Known())) == said.partition(";")[0]


def test_a_date_without_a_name_is_no_signature():
    unnamed = plan(sign_off={"approver": {"signed": "2026-05-01"}})
    assert documents.status(unnamed, []) == "FOR SIGN-OFF"


@pytest.mark.parametrize(("rows", "line"), [((OGL, LOCAL), (documents.OGL,)), ((LOCAL, LOCAL), ())])
def test_the_words_of_the_licence_stand_where_public_figures_are_shown(rows, line):
    assert documents.document(plan(), steps(), Known(rows)).attribution == line


@pytest.mark.parametrize(
    ("by", "verified", "words"),
    [
        ("A. Planner", False, "A. Planner (name not verified)"),
        ("A. Planner", True, "A. Planner"),
        ("", False, ""),
    ],
)
def test_an_unverified_name_is_called_one(by, verified, words):
    saved = {"by": by, "verified": verified, "at": datetime(2026, 5, 14, tzinfo=UTC)}
    assert documents.document(plan(saved=saved), steps(), Known()).saved_by == words


@pytest.mark.parametrize(("horizon", "words"), [(5, "2019/20 to 2023/24"), (1, "2019/20")])
def test_the_period_is_said_in_financial_years(horizon, words):
    assert documents.period(plan(horizon=horizon)) == words


def test_a_figure_that_two_steps_recorded_is_kept_once():
    found = results(plan(), steps())
    assert [r["id"] for r in found["results"] if r["value"] is not None] == ["rate"]
    assert found["results"][0]["area"] == "E1"
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_the_series_used_are_kept_with_their_sources(tmp_path: Path):
    chosen = plan(needs={"peers": ["E2"], "peers_reason": "neighbours"})
    rows = used.write(tmp_path / "data", chosen, steps(), Known())
    assert [row["file"] for row in rows] == ["m-1.csv"], (
        "a series without figures for these areas leaves no file"
    )
    kept = list(csv.DictReader((tmp_path / "data" / "m-1.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["area"] for row in kept] == ["E1", "E2", "E92000001"]
    assert [row["value"] for row in kept] == ["84.2", "", "70.0"]
    assert kept[0]["note"] == "'=1+1", "a spreadsheet must not take text for a formula"


def test_a_table_to_look_things_up_in_stands_in_the_annex_and_not_in_its_chapter():
    read = table("read", "Read", [Column("a", "A")], [{"a": 1}])
    looked_up = table("looked-up", "Looked up", [Column("a", "A")], [{"a": 1}], detail=True)
    blocks = (Heading("Money", "money"), read, looked_up)
    made = documents.document(plan(), steps() | {"budget": Step("budget", "Budget", blocks)}, Known())
    held = {p.id: [b.id for b in p.blocks if isinstance(b, Table)] for p in made.parts}
    assert held["budget"] == ["read"]
    assert held["annex"] == ["looked-up"]
    assert from_record(to_record(Step("s", "S", blocks))).blocks == blocks

"""Twenty clinical commissioning groups from the published tables, through the real command line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from tests.batch import by_hand
from workbook.pack.verify import verify
from workbook.paths import shipped
from workbook.render.document import SYNTHETIC

SOUTH_TYNESIDE, TAMESIDE = "E38000163", "E38000182"
FILES = [
    "ccg_outcomes/ccg_avoidable_mortality_2004_2019.csv",
    "allocations/ccg_allocations_2013-14_to_2019-20.csv",
    "ccg_outcomes/ccgois_june2017_tidy.csv",
]
PACK = {
    *(f"{name}.{kind}" for name in ("plan", "case-for-change") for kind in ("html", "pdf", "docx")),
    *("tables.xlsx", "submission.xlsx", "plan.json", "results.json", "manifest.json"),
}

pytestmark = [pytest.mark.real, pytest.mark.slow]


def workbook(*words: str, home: Path) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "workbook.cli", *words]
    environment = {**os.environ, "WORKBOOK_HOME": str(home)}
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=900)


def twenty(real: Path) -> list[str]:
    """The two compared by hand, and eighteen spread over the list."""
    codes = sorted(code for code, years in by_hand.rates(real).items() if by_hand.BASE in years)
    rest = [code for code in codes[::10] if code not in (SOUTH_TYNESIDE, TAMESIDE)]
    return [SOUTH_TYNESIDE, TAMESIDE, *rest[:18]]


@pytest.fixture(scope="module")
def done(real, tmp_path_factory):
    """The tables imported, the batch run: its folder, its home and what the command said."""
    folder = tmp_path_factory.mktemp("ccgs")
    home = folder / "home"
    taken = workbook("data", "import", *(str(real / name) for name in FILES), home=home)
    assert taken.returncode == 0, taken.stderr
    (folder / "areas.txt").write_text("\n".join(twenty(real)) + "\n")
    said = workbook(
        "batch", "--areas", str(folder / "areas.txt"), "--out", str(folder / "packs"), "--json",
        "--from", str(shipped("data") / "demo" / "ccg-pattern.plan.json"),
        "--base-year", "2018", "--bind", "1=treatable-mortality", home=home,
    )  # fmt: skip
    return folder / "packs", home, said


@pytest.fixture(scope="module")
def packs(done) -> Path:
    return done[0]


def test_all_twenty_packs_are_made(done):
    packs, _, said = done
    assert said.returncode in (0, 3), said.stderr
    data = json.loads(said.stdout)
    assert len(data["packs"]) == 20
    assert data["counts"]["failed"] == 0
    assert data == json.loads((packs / "summary.json").read_text(encoding="utf-8"))
    assert "Packs: 100%" in said.stderr


def test_every_pack_is_complete_and_as_its_manifest_says(packs, real):
    for code in twenty(real):
        pack = packs / code
        assert {p.name for p in pack.iterdir()} >= PACK
        assert sorted(p.name for p in (pack / "notebooks").iterdir()) == [
            "0_start.ipynb", "1_needs.ipynb", "2_ambitions.ipynb", "3_budget.ipynb",
            "4_decommissioning.ipynb", "9_plan.ipynb",
        ]  # fmt: skip
        assert {"treatable-mortality.csv", "sources.csv"} <= {p.name for p in (pack / "data").iterdir()}
        assert verify(pack).whole
        assert (pack / "plan.pdf").read_bytes().startswith(b"%PDF-1.7")


def test_what_programs_read_keeps_to_the_published_schemas(packs, real):
    files = [packs / "summary.json"]
    files += [packs / code / name for code in twenty(real) for name in ("results.json", "manifest.json")]
    for path in files:
        published = json.loads((shipped("data") / f"{path.stem}.schema.json").read_text(encoding="utf-8"))
        kind = jsonschema.Draft202012Validator
        kind(published, format_checker=kind.FORMAT_CHECKER).validate(
            json.loads(path.read_text(encoding="utf-8"))
        )


@pytest.mark.parametrize("code", [SOUTH_TYNESIDE, TAMESIDE])
def test_the_figures_are_those_worked_out_by_hand(packs, real, code):
    found = {
        r["id"]: r for r in json.loads((packs / code / "results.json").read_text(encoding="utf-8"))["results"]
    }
    expected = by_hand.ambition(real, code)
    assert {id: found[id]["value"] for id in expected} == pytest.approx(expected, rel=1e-9)
    assert found["ambition-1.baseline"]["unit"] == "per 100,000"
    assert found["ambition-1.baseline"]["period"] == "2018"


def test_the_baselines_are_those_printed_in_the_publishers_table(packs):
    printed = {SOUTH_TYNESIDE: 100.7, TAMESIDE: 101.6}
    rows = {
        row["code"]: row for row in json.loads((packs / "summary.json").read_text(encoding="utf-8"))["packs"]
    }
    assert {code: rows[code]["baseline"] for code in printed} == printed


def test_public_figures_carry_the_words_of_their_licence(packs):
    page = (packs / SOUTH_TYNESIDE / "plan.html").read_text(encoding="utf-8")
    assert "Open Government Licence v3.0" in page
    assert SYNTHETIC not in page


def test_nothing_of_the_machine_or_the_clock_is_in_a_pack(packs, done):
    home = str(done[1])
    for path in (packs / TAMESIDE).rglob("*"):
        if path.suffix in (".json", ".ipynb", ".html", ".csv"):
            text = path.read_text(encoding="utf-8")
            assert home not in text, path
            assert str(packs) not in text, path
            assert sys.prefix not in text, path


def test_a_second_run_gives_the_same_bytes_and_resume_keeps_them(packs, done, real, tmp_path):
    _, home, _ = done
    (tmp_path / "one.txt").write_text(TAMESIDE)
    words = [
        "batch", "--areas", str(tmp_path / "one.txt"), "--out", str(tmp_path / "again"), "--json",
        "--from", str(shipped("data") / "demo" / "ccg-pattern.plan.json"),
        "--base-year", "2018", "--bind", "1=treatable-mortality",
    ]  # fmt: skip
    workbook(*words, home=home)
    manifest = tmp_path / "again" / TAMESIDE / "manifest.json"
    assert manifest.read_bytes() == (packs / TAMESIDE / "manifest.json").read_bytes()
    made = manifest.stat().st_mtime_ns
    resumed = workbook(*words, "--resume", home=home)
    assert json.loads(resumed.stdout)["packs"][0]["kept"] is True
    assert manifest.stat().st_mtime_ns == made


def test_an_unknown_code_fails_alone_and_is_named(done, tmp_path):
    (tmp_path / "areas.csv").write_text("area,owner\nE38999999,nobody\nE38000163,me\nE38000163,me\n")
    said = workbook(
        "batch", "--areas", str(tmp_path / "areas.csv"), "--out", str(tmp_path / "out"),
        "--base-year", "2018", "--bind", "1=treatable-mortality", "--json", home=done[1],
    )  # fmt: skip
    assert said.returncode == 5, said.stderr
    rows = {row["code"]: row["status"] for row in json.loads(said.stdout)["packs"]}
    assert rows["E38999999"] == "failed"
    assert rows[SOUTH_TYNESIDE] in ("complete", "draft")
    assert "more than once" in said.stderr

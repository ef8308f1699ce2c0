"""JupyterLab's folder, launcher and notebooks: what is put there, what is never written over, and that all of it runs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import papermill
import pytest

import workbook as wb
from workbook import __version__, paths
from workbook.blocks import Figure
from workbook.errors import BadInput, UsageError
from workbook.guide.server import lab
from workbook.reference import Reference, importers
from workbook.steps import TITLES, run

ROOT = Path(__file__).resolve().parents[2]
OWN = ROOT / "templates" / "lab"
SCRIPT = OWN / "labextensions" / "commissioning-workbook" / "static" / "launcher.js"


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """What ships, as a test may change it."""
    content = {"1_needs.ipynb": b"first", "Start here.md": b"words", "templates/step.ipynb": b"step"}
    source = tmp_path / "shipped"
    source.mkdir()

    def files() -> Any:
        for number, (name, held) in enumerate(content.items()):
            path = source / str(number)
            path.write_bytes(held)
            yield name, path

    monkeypatch.setattr(lab, "shipped", files)
    return content


# --- the folder ------------------------------------------------------------------


def test_the_folder_holds_every_notebook_the_start_page_the_tutorial_and_the_template(home: Path) -> None:
    folder = lab.working_folder()
    assert folder == home / "notebooks"
    there = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()} - {".shipped.json"}
    notebooks = {p.name for p in paths.shipped("notebooks").glob("*.ipynb")}
    assert there == {*notebooks, "Start here.md", "tutorial.ipynb", "templates/local_step.ipynb"}
    assert (folder / "1_needs.ipynb").read_bytes() == (
        paths.shipped("notebooks") / "1_needs.ipynb"
    ).read_bytes()


def test_what_a_person_changed_is_never_written_over(shipped: dict[str, bytes], tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert lab.refresh(folder) == []
    (folder / "1_needs.ipynb").write_bytes(b"mine")
    assert lab.refresh(folder) == []
    assert (folder / "1_needs.ipynb").read_bytes() == b"mine"


def test_a_newer_version_is_put_beside_once(shipped: dict[str, bytes], tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    lab.refresh(folder)
    (folder / "1_needs.ipynb").write_bytes(b"mine")
    shipped["1_needs.ipynb"] = b"second"
    name = f"1_needs (workbook {__version__}).ipynb"
    assert lab.refresh(folder) == [name]
    assert (folder / name).read_bytes() == b"second"
    assert (folder / "1_needs.ipynb").read_bytes() == b"mine"
    (folder / name).unlink()
    assert lab.refresh(folder) == [], "what was put beside and thrown away does not come back"


def test_two_newer_versions_under_one_number_both_stay(shipped: dict[str, bytes], tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    lab.refresh(folder)
    for content in (b"second", b"third"):
        shipped["templates/step.ipynb"] = content
        lab.refresh(folder)
    held = {p.read_bytes() for p in (folder / "templates").iterdir()}
    assert held == {b"step", b"second", b"third"}


def test_a_file_thrown_away_comes_back_and_one_of_that_name_stays(
    shipped: dict[str, bytes], tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "Start here.md").write_bytes(b"a page of my own")
    assert lab.refresh(folder) == [f"Start here (workbook {__version__}).md"]
    assert (folder / "Start here.md").read_bytes() == b"a page of my own"
    (folder / "1_needs.ipynb").unlink()
    lab.refresh(folder)
    assert (folder / "1_needs.ipynb").read_bytes() == b"first"


@pytest.mark.parametrize("damaged", [b"", b"{", b"[]", b"\xff"])
def test_a_damaged_record_loses_nothing(damaged: bytes, shipped: dict[str, bytes], tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    lab.refresh(folder)
    (folder / "1_needs.ipynb").write_bytes(b"mine")
    (folder / ".shipped.json").write_bytes(damaged)
    lab.refresh(folder)
    assert (folder / "1_needs.ipynb").read_bytes() == b"mine"


def test_a_folder_that_cannot_be_made_is_said(home: Path) -> None:
    (home / "notebooks").write_text("a file is in the way")
    with pytest.raises(BadInput, match="cannot be made"):
        lab.working_folder()


def test_another_folder_has_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no folder"):
        lab.lab(tmp_path / "none")


# --- the server -------------------------------------------------------------------


def test_it_listens_on_this_machine_and_asks_nothing_of_another(home: Path) -> None:
    words = lab.arguments(lab.working_folder())
    assert "--ServerApp.ip=127.0.0.1" in words
    assert not [w for w in words if "token" in w or "password" in w], "JupyterLab's own token stays"
    assert {"--LabApp.news_url=None", "--LabApp.extension_manager=readonly"} <= set(words)
    assert any(w.endswith("NeverCheckForUpdate") for w in words)
    assert [w for w in lab.arguments(home, 8899, False) if ".port" in w or "browser" in w] == [
        "--ServerApp.port=8899",
        "--ServerApp.port_retries=0",
        "--ServerApp.open_browser=False",
    ]


def test_news_and_updates_are_off_and_pages_of_words_are_shown_as_such() -> None:
    path = OWN / "config" / "labconfig" / "default_setting_overrides.json"
    settings = json.loads(path.read_text(encoding="utf-8"))
    assert settings["@jupyterlab/apputils-extension:notification"] == {
        "checkForUpdates": False,
        "fetchNews": "false",
    }
    viewers = settings["@jupyterlab/docmanager-extension:plugin"]["defaultViewers"]
    assert viewers == {"markdown": "Markdown Preview"}


def test_the_launcher_offers_what_the_folder_holds_under_the_steps_own_names() -> None:
    script = SCRIPT.read_text(encoding="utf-8")
    offered = dict(re.findall(r'\{ path: "([^"]+)", label: "([^"]+)"', script))
    held = [name for name, _ in lab.shipped()]
    assert set(offered) == set(held) - {"templates/local_step.ipynb"}
    assert set(TITLES.values()) <= set(offered.values())
    assert 'const TEMPLATE = "templates/local_step.ipynb";' in script
    package = json.loads((SCRIPT.parents[1] / "package.json").read_text(encoding="utf-8"))
    assert (SCRIPT.parents[1] / package["jupyterlab"]["_build"]["load"]).is_file()
    assert package["version"] == __version__


def test_the_start_page_links_to_what_is_there() -> None:
    held = {name for name, _ in lab.shipped()}
    words = (OWN / "start_here.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)]+)\)", words)
    assert set(links) <= held
    assert {f"{n}_{s}.ipynb" for s, n in zip(TITLES, (0, 1, 2, 3, 4, 9), strict=True)} <= set(links)


def test_the_launcher_asks_for_nothing_outside_and_builds_no_code() -> None:
    script = SCRIPT.read_text(encoding="utf-8")
    assert not re.search(r"https?:|eval\(|new Function|innerHTML|import\(", script)


# --- the notebooks ------------------------------------------------------------------


@pytest.mark.parametrize("name", ["local_step.ipynb", "tutorial.ipynb"])
def test_a_notebook_is_committed_without_outputs_and_says_its_parameters(name: str) -> None:
    cells = json.loads((OWN / name).read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert not [cell for cell in code if cell["outputs"] or cell["execution_count"]]
    assert [cell["metadata"].get("tags", []) for cell in code].count(["parameters"]) == 1
    assert "".join(cells[0]["source"]).startswith("# ")


def executed(name: str, tmp_path: Path, **parameters: Any) -> Any:
    return papermill.execute_notebook(
        OWN / name,
        tmp_path / name,
        parameters=parameters,
        kernel_name="python3",
        cwd=str(tmp_path),
        progress_bar=False,
        request_save_on_cell_execute=False,
    )


def shown(notebook: Any) -> list[str]:
    """What the cells show as HTML."""
    return [
        "".join(output["data"]["text/html"])
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "text/html" in output.get("data", {})
    ]


@pytest.mark.slow
def test_the_template_of_a_local_step_runs_for_any_plan(home: Path, tmp_path: Path) -> None:
    wb.save(wb.new_plan("SYN05", like=wb.demonstration()), "saltmarrow", by="Test")
    notebook = executed("local_step.ipynb", tmp_path, plan_path="saltmarrow", indicator="demo-falls-65")
    page = shown(notebook)[-1]
    assert "Saltmarrow" in page
    assert "<svg" in page
    assert "Emergency admissions for falls" in page
    record = notebook.cells[-1].outputs[0]["data"]["text/plain"]
    assert "'measure': 'demo-falls-65'" in record


@pytest.mark.slow
def test_the_tutorial_runs_twice_and_ends_with_figure_questions_and_answer(
    home: Path, tmp_path: Path
) -> None:
    executed("tutorial.ipynb", tmp_path)
    pages = shown(executed("tutorial.ipynb", tmp_path))
    assert any("falls clinic" in page and "<table" in page for page in pages)
    assert any("Audit of 14 practices" in page for page in pages)
    plan = wb.open_plan("tutorial")
    assert plan.needs.answers["LOC-01-FRAILTY.1"].answer == "partly"
    assert wb.series("local-falls-clinic", "SYN01")["value"].tolist() == [412, 398, 431, 466, 512]


def test_the_files_of_the_written_tutorial_are_taken_and_come_out_on_the_needs_page(
    home: Path, tmp_path: Path
) -> None:
    words = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    local, bank = re.findall(r"```csv\n(.*?)```", words, re.DOTALL)
    (tmp_path / "local.csv").write_text(local, encoding="utf-8")
    (tmp_path / "frailty.csv").write_text(bank, encoding="utf-8")
    reference = Reference.open(home)
    for name in ("local.csv", "frailty.csv"):
        (report,) = importers.take([tmp_path / name], reference)
        assert f"{name}: taken as {report.format}, {report.rows} rows.\n  {report.said[0]}\n" in words
    step = run("needs", wb.demonstration(), reference)
    rows = [cell for t in step.tables() for row in t.rows for cell in row]
    charts = [b.title for b in step.blocks if isinstance(b, Figure)]
    assert any("falls clinic" in str(text) for text in [*rows, *charts])
    assert len([q for q in step.questions() if "LOC-01-FRAILTY" in q.path]) == 3


def test_the_tutorial_and_its_notebook_bring_the_same() -> None:
    words = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    source = "".join(
        "".join(c["source"])
        for c in json.loads((OWN / "tutorial.ipynb").read_text(encoding="utf-8"))["cells"]
    )
    bank = re.findall(r"```csv\n(.*?)```", words, re.DOTALL)[1]
    assert bank in source


def test_starting_it_imports_no_server_before_it_is_asked_for() -> None:
    code = "import sys; import workbook.guide.server.lab; print('jupyterlab' in sys.modules, 'voila' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.split() == ["False", "False"]

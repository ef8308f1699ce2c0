"""The rules of the house: pins, floors, fast commands, thin notebooks, nothing from outside."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

import workbook as package
from tools import environment, pins, schema
from workbook import __version__, cli
from workbook.errors import Fault, FaultyFile

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@cache
def committed() -> tuple[Path, ...]:
    """The files of the project, as git lists them."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return tuple(path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file())


def texts() -> Iterator[tuple[str, str]]:
    """Name and content of every committed text file but this one."""
    for path in committed():
        if path == Path(__file__).resolve():
            continue
        try:
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


# --- pins ---------------------------------------------------------------------


def test_the_version_is_the_same_everywhere():
    assert PROJECT["project"]["version"] == __version__
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_environment_yml_agrees_with_pyproject():
    assert (ROOT / "environment.yml").read_text(encoding="utf-8") == environment.environment(PROJECT)


def test_every_dependency_is_pinned():
    pinned = environment.pins(PROJECT)
    assert set(environment.direct(PROJECT)) <= set(pinned)
    assert all(re.fullmatch(r"\d[\w.]*", version) for version in pinned.values())


def test_what_is_installed_is_what_is_pinned():
    from importlib.metadata import PackageNotFoundError, version

    wrong = {}
    for name in environment.direct(PROJECT):
        try:
            if version(name) != environment.pins(PROJECT)[name]:
                wrong[name] = version(name)
        except PackageNotFoundError:
            wrong[name] = "missing"
    assert not wrong, "run 'uv sync'"


def test_requirements_are_hashed_and_come_from_the_same_resolution():
    pinned = environment.pins(PROJECT)
    entries = re.split(r"\n(?=\S)", (ROOT / "requirements.txt").read_text(encoding="utf-8").strip())
    entries = [entry for entry in entries if not entry.startswith("#")]
    assert len(entries) > 100
    for entry in entries:
        name, version = re.match(r"([\w.-]+)==([\w.]+)", entry).groups()
        assert pinned[name] == version
        assert "--hash=sha256:" in entry
    assert not [entry for entry in entries if "rfc3987" in entry]


def test_pins_replace_the_whole_block_and_nothing_else():
    before = 'a = 1\nconstraint-dependencies = [\n    "old==1",\n]\nb = 2\n'
    after = pins.with_constraints(before, {"new": "2.0", "also": "1.5"})
    assert after == 'a = 1\nconstraint-dependencies = [\n    "also==1.5",\n    "new==2.0",\n]\nb = 2\n'
    with pytest.raises(SystemExit, match="exactly one block"):
        pins.with_constraints("nothing here", {})


# --- nothing from outside -----------------------------------------------------

_REGISTRY = re.compile(
    r"https?://[^\s\"')]*(/simple\b|/packages/|\.whl|\.tar\.gz|\.tgz|registry)|--(extra-)?index-url|--find-links"
)
_CDN = re.compile(r"cdn\.jsdelivr|cdnjs\.|unpkg\.com|esm\.sh|fonts\.g(oogleapis|static)|use\.fontawesome")
_NOT_REGISTRY = {"tools/pins.py"}


def test_no_committed_file_names_a_registry_or_a_cdn():
    found = [
        name
        for name, text in texts()
        if (_REGISTRY.search(text) and name not in _NOT_REGISTRY) or _CDN.search(text)
    ]
    assert not found


def test_no_committed_file_carries_a_path_of_this_machine():
    here = [f"{ROOT.parent}/" if len(ROOT.parent.parts) > 1 else f"{ROOT}/", f"{Path.home()}/"]
    found = [name for name, text in texts() if any(path in text for path in here)]
    assert not found


def test_no_lock_file_and_no_large_file_is_committed():
    names = [path.name for path in committed()]
    assert "uv.lock" not in names
    assert not [path for path in committed() if path.stat().st_size > 2_000_000]


def test_the_hooks_fetch_nothing():
    text = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert re.findall(r"repo: (\S+)", text) == ["local"]


_NETWORK = re.compile(
    r"^\s*(?:import|from) (requests|urllib3|urllib\.request|httpx|aiohttp|http\.client)\b", re.M
)


def test_one_module_alone_opens_connections_to_other_machines():
    modules = (ROOT / "workbook").rglob("*.py")
    found = [str(p.relative_to(ROOT)) for p in modules if _NETWORK.search(p.read_text(encoding="utf-8"))]
    assert found == ["workbook/reference/update/fetch.py"]


# --- floors and speed ---------------------------------------------------------


def test_every_floor_knows_only_the_floors_below(capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    broken = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert broken == 0, capsys.readouterr().out


_MODULES_OF_HELP = """
import sys
from workbook.cli import main
try:
    main(["--help"])
except SystemExit as end:
    assert end.code == 0
print("MODULES", *sorted(name for name, module in sys.modules.items() if module is not None))
"""
_HEAVY = {"IPython", "altair", "jsonschema", "numpy", "pandas", "papermill", "pydantic", "scipy", "voila"}


def test_help_answers_without_the_heavy_imports():
    out = subprocess.run(
        [sys.executable, "-c", _MODULES_OF_HELP], capture_output=True, text=True, check=True
    ).stdout
    loaded = {name.split(".")[0] for name in out.rpartition("MODULES")[2].split()}
    assert "workbook" in loaded
    assert not loaded & _HEAVY


def test_the_slow_grammar_is_never_built():
    # Asked for by jupyter-events through jsonschema[format-nongpl]; plain pip installs it.
    code = (
        "import sys, workbook, jsonschema, jupyter_events, papermill\n"
        "assert sys.modules['rfc3987_syntax'] is None\n"
        "jsonschema.FormatChecker()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# --- documentation ------------------------------------------------------------


def verbs(parser: argparse.ArgumentParser, words: str) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every verb with its parser, those of a group with both words."""
    groups = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    if not groups:
        yield words, parser
    for group in groups:
        for name, child in group.choices.items():
            yield from verbs(child, f"{words} {name}")


VERBS = dict(verbs(cli.parser(), "workbook"))


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_and_option_is_documented(verb: str):
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    section = re.search(rf"^### `{verb}\b.*?(?=^##|\Z)", page, re.MULTILINE | re.DOTALL)
    assert section, f"docs/commands.md has no section '{verb}'"
    options = {o for a in VERBS[verb]._actions for o in a.option_strings if o.startswith("--")} - {"--help"}
    assert not [option for option in options if option not in section.group()]


def test_the_commands_page_names_no_verb_that_is_not_there():
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    named = re.findall(r"^### `(workbook [a-z ]+)", page, re.MULTILINE)
    assert {name.strip() for name in named} <= set(VERBS)


def anchors(page: Path) -> set[str]:
    """The places in a page that a link may name, as GitHub makes them from its headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def beside_the_notebooks(target):
    """Where a file that JupyterLab opens beside the notebooks may come from."""
    places = ("notebooks", "templates/lab")
    return [ROOT / place / target.removeprefix("templates/") for place in places]


def test_links_between_the_pages_lead_somewhere():
    missing = []
    for path in (p for p in committed() if p.suffix == ".md"):
        for target, place in re.findall(r"\]\(([^)#\s]*)(?:#([^)]*))?\)", path.read_text(encoding="utf-8")):
            page = path.parent / target if target else path
            if target.startswith("http"):
                continue
            if path.name == "start_here.md":  # it is read in the folder into which the notebooks are put
                page = next((p for p in beside_the_notebooks(target) if p.exists()), page)
            if not page.exists() or (place and place not in anchors(page)):
                missing.append(f"{path.relative_to(ROOT)}: {target}#{place}")
    assert not missing


def test_the_page_on_how_it_is_built_names_every_room_and_every_module_of_the_lower_floors():
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    package_dir = ROOT / "workbook"
    rooms = {path.parent.name for path in package_dir.glob("*/__init__.py")}
    rooms |= {path.parent.name for path in package_dir.glob("*/*/__init__.py")}
    modules = {path.stem for path in (package_dir / "methods").glob("[a-z]*.py")}
    named = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`]+)`", page))))
    assert not (rooms | modules) - named


def test_every_page_of_the_documentation_can_be_reached_from_the_first():
    pages, waiting = set(), [ROOT / "README.md"]
    while waiting:
        path = waiting.pop().resolve()
        if path in pages or path.suffix != ".md":
            continue
        pages.add(path)
        found = re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8"))
        waiting += [path.parent / target for target in found if not target.startswith("http")]
    written = {p for p in committed() if p.parent == ROOT / "docs" and p.suffix == ".md"}
    assert {p.name for p in written - pages} <= {"methods.template.md"}


def test_the_glossary_is_in_order_and_explains_each_word_once():
    page = (ROOT / "docs" / "GLOSSARY.md").read_text(encoding="utf-8")
    for part in page.split("\n## ")[1:]:
        words = [row.split("|")[1].strip().casefold() for row in part.splitlines() if row.startswith("| ")][
            1:
        ]
        assert len(set(words)) == len(words)
        if not part.startswith("Words of the program"):
            assert words == sorted(words, key=lambda word: re.sub(r"[^a-z ]", "", word))


def test_the_published_schema_is_that_of_the_model():
    assert schema.PATH.read_text(encoding="utf-8") == schema.text(), "run 'just schema'"


def test_what_is_shown_of_the_package_to_analysts_is_there(home: Path):
    shown = (package.__doc__ or "") + (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\bwb\.(\w+)\(", shown))
    assert {"open_plan", "needs"} <= named <= set(package.__all__)
    plan = package.open_plan(ROOT / "data" / "demo" / "demo.plan.json")
    worked = package.step("decommissioning", plan)
    assert worked.questions()
    assert worked.results


def test_the_remedy_for_several_faulty_files_is_a_command_one_can_type():
    error = FaultyFile("a.csv and b.csv", [Fault("It is blank.", "Fill it in.", 2, "value")])
    assert "not taken: 1 fault.\n" in str(error)
    assert "'workbook data check FILE'" in str(error)


# --- notebooks ----------------------------------------------------------------


def test_there_is_a_notebook_for_every_step():
    from workbook.steps import TITLES

    steps = {path.stem.split("_", 1)[1] for path in NOTEBOOKS}
    assert set(TITLES) == steps


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_a_thin_launcher(path: Path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert not [cell for cell in code if cell["outputs"] or cell["execution_count"]]
    assert max(len("".join(cell["source"]).splitlines()) for cell in code) <= 6
    assert [cell["metadata"].get("tags", []) for cell in code].count(["parameters"]) == 1
    assert cells[0]["cell_type"] == "markdown"
    assert "".join(cells[0]["source"]).startswith("# ")

"""The same plan, data and program give the same bytes in every file of a pack, wherever and however it is made."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from workbook.pack.batch import batch
from workbook.paths import shipped

PLAN = shipped("data") / "demo" / "demo.plan.json"
COMMAND = Path(sys.executable).parent / "workbook"
FONTS = ("/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/texmf", "/etc/fonts")
_EMPTY_FONTS = '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig></fontconfig>'

# A locale that is not installed here is still asked for, which is what a program would notice first.
ELSEWHERE = {
    "far east, Turkish": {
        "TZ": "Pacific/Auckland", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "PYTHONHASHSEED": "1",
    },
    "far west, no UTF-8": {
        "TZ": "Pacific/Honolulu", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0",
        "PYTHONHASHSEED": "20000", "COLUMNS": "40", "NO_COLOR": "1",
    },
}  # fmt: skip


def contents(pack: Path) -> dict[str, bytes]:
    """Every file of a pack; of those that are archives the parts as well, so that a difference is named."""
    found = {}
    for path in sorted(p for p in pack.rglob("*") if p.is_file()):
        name = path.relative_to(pack).as_posix()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                found |= {f"{name}: {part}": archive.read(part) for part in archive.namelist()}
        found[name] = path.read_bytes()
    return found


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return [name for name in sorted(one | other) if one.get(name) != other.get(name)]


def made(place: Path, *before: str, **environment: str) -> dict[str, bytes]:
    """The demonstration's pack, made by the command in a folder and a home of its own."""
    (place / "home").mkdir(parents=True)
    plan = shutil.copy(PLAN, place / "a plan.json")
    changes = {"WORKBOOK_HOME": str(place / "home"), "HOME": str(place / "home"), **environment}
    done = subprocess.run(
        [*before, str(COMMAND), "pack", str(plan), "--out", str(place / "pack")],
        env={**os.environ, **changes}, cwd=place, capture_output=True,
    )  # fmt: skip
    assert done.returncode in (0, 3), done.stderr.decode(errors="replace")
    return contents(place / "pack")


@pytest.fixture(scope="module")
def usual(tmp_path_factory) -> dict[str, bytes]:
    return made(tmp_path_factory.mktemp("usual"), TZ="Europe/London", PYTHONHASHSEED="0")


def test_a_pack_holds_what_is_compared(usual):
    documents = {f"{name}.{kind}" for name in ("plan", "case-for-change") for kind in ("html", "pdf", "docx")}
    sheets = {"tables.xlsx", "submission.xlsx"}
    assert documents | sheets | {"plan.json", "results.json", "manifest.json"} <= set(usual)
    assert [name for name in usual if name.startswith("plan.docx: word/media/")], "pictures are compared too"
    assert sum(name.startswith("notebooks/") for name in usual) == 6


@pytest.mark.parametrize(
    "where", ["far east, Turkish", pytest.param("far west, no UTF-8", marks=pytest.mark.slow)]
)
def test_another_zone_locale_folder_home_and_order_of_sets(usual, tmp_path, where):
    assert differing(usual, made(tmp_path / "Çift Ünvan 'x'", **ELSEWHERE[where])) == []


def test_the_fonts_of_the_machine_do_not_matter(usual, tmp_path):
    tmp_path.joinpath("fonts.conf").write_text(_EMPTY_FONTS)
    hidden = {"FONTCONFIG_FILE": str(tmp_path / "fonts.conf"), "FONTCONFIG_PATH": str(tmp_path)}
    assert differing(usual, made(tmp_path / "made", *_hiding_fonts(), **hidden)) == []


def _hiding_fonts() -> list[str]:
    """Words before a command that take the machine's fonts out of its sight, where that is allowed."""
    there = [folder for folder in FONTS if Path(folder).is_dir()]
    mounts = " && ".join(f"mount -t tmpfs none {folder}" for folder in there)
    words = ["unshare", "-rm", "sh", "-c", f'{mounts} && exec "$@"', "sh"]
    try:
        allowed = subprocess.run([*words, "true"], capture_output=True).returncode == 0
    except FileNotFoundError:  # macOS, Windows
        allowed = False
    return words if there and allowed else []


@pytest.mark.slow
def test_ordinary_kernels(usual, tmp_path):
    assert differing(usual, made(tmp_path / "made", WORKBOOK_ENGINE="kernel")) == []


@pytest.mark.parametrize("workers", [1, pytest.param(3, marks=pytest.mark.slow)])
def test_any_number_of_workers(usual, tmp_path, workers):
    """Three packs of one plan under different names, each as made alone: also the second of one worker."""
    plans = [tmp_path / f"{name}.plan.json" for name in "abc"]
    for path in plans:
        shutil.copy(PLAN, path)
    batch(plans=plans, out=tmp_path / "out", workers=workers, progress=False)
    area = json.loads(PLAN.read_text(encoding="utf-8"))["area"]["code"]
    for name in "abc":
        assert differing(usual, contents(tmp_path / "out" / f"{area}-{name}")) == []

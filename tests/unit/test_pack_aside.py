"""A pack is there whole or not at all, whatever happens while it is made."""

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from workbook.errors import BadInput, WorkbookError
from workbook.pack import manifest
from workbook.pack.aside import aside, sweep


def make(out: Path, words: str = "first") -> None:
    with aside(out) as folder:
        (folder / "plan.html").write_text(words)
        manifest.write(folder, plan={}, status="DRAFT", data=[], inputs={})


def half(out: Path, error: Exception) -> None:
    with aside(out) as folder:
        (folder / "plan.html").write_text("half")
        raise error


def beside(out: Path) -> list[str]:
    return sorted(p.name for p in out.parent.iterdir() if p != out)


def test_a_pack_appears_whole_with_nothing_beside_it(tmp_path):
    make(tmp_path / "pack")
    assert (tmp_path / "pack" / "plan.html").read_text() == "first"
    assert beside(tmp_path / "pack") == []


def test_others_may_read_the_pack(tmp_path):
    make(tmp_path / "pack")
    (tmp_path / "plain").mkdir()
    assert (tmp_path / "pack").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_pack_is_replaced_only_when_the_new_one_is_complete(tmp_path):
    out = tmp_path / "pack"
    make(out)
    with pytest.raises(KeyError):
        half(out, KeyError("a fault"))
    assert (out / "plan.html").read_text() == "first"
    make(out, "second")
    assert (out / "plan.html").read_text() == "second"
    assert beside(out) == []


def test_an_empty_folder_may_become_a_pack(tmp_path):
    (tmp_path / "pack").mkdir()
    make(tmp_path / "pack")
    assert manifest.is_pack(tmp_path / "pack")


@pytest.mark.parametrize("content", ["thesis.docx", "manifest.json"])
def test_a_folder_with_other_things_is_refused_and_untouched(tmp_path, content):
    out = tmp_path / "documents"
    out.mkdir()
    (out / content).write_text('{"name": "another program\'s manifest"}')
    with pytest.raises(BadInput, match="is not a pack, so nothing was written there"):
        make(out)
    assert [p.name for p in out.iterdir()] == [content]
    assert beside(out) == []


def test_a_file_in_the_way_is_refused(tmp_path):
    (tmp_path / "pack").write_text("a file")
    with pytest.raises(BadInput, match="is a file, not a folder"):
        make(tmp_path / "pack")


@pytest.mark.parametrize(
    ("number", "kind", "sentence"),
    [
        (errno.ENOSPC, WorkbookError, "the disk is full. What was there before is as it was"),
        (errno.EDQUOT, WorkbookError, "the disk is full"),
        (errno.EROFS, BadInput, "could not be written: .* Give a folder that you may write"),
        (errno.EACCES, BadInput, "could not be written"),
    ],
)
def test_a_fault_of_the_disk_is_said_and_leaves_the_pack_of_before(tmp_path, number, kind, sentence):
    out = tmp_path / "pack"
    make(out)
    with pytest.raises(kind, match=sentence):
        half(out, OSError(number, os.strerror(number)))
    assert (out / "plan.html").read_text() == "first"
    assert beside(out) == []


_HALF = """
import sys, time
from pathlib import Path
from workbook.pack.aside import aside
with aside(Path(sys.argv[1])) as folder:
    (folder / "plan.html").write_text("half")
    print("half", flush=True)
    time.sleep(600)
"""


@pytest.mark.skipif(os.name != "posix", reason="folders can be locked on POSIX systems only")
def test_a_killed_run_leaves_no_half_pack_and_the_next_clears_up(tmp_path):
    out = tmp_path / "pack"
    run = subprocess.Popen([sys.executable, "-c", _HALF, str(out)], stdout=subprocess.PIPE)
    assert run.stdout is not None
    run.stdout.readline()
    sweep(out)
    assert len(beside(out)) == 1, "what a living run makes is left alone"
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert not out.exists()
    make(out)
    assert beside(out) == []
    run.stdout.close()


def test_a_pack_that_a_killed_run_had_moved_away_goes_back(tmp_path):
    out = tmp_path / "pack"
    make(out)
    out.rename(tmp_path / ".pack.replaced-abc")
    sweep(out)
    assert (out / "plan.html").read_text() == "first"
    assert beside(out) == []


def test_two_runs_at_once_both_end_well(tmp_path):
    out = tmp_path / "pack"
    with aside(out) as slow:
        (slow / "plan.html").write_text("slow")
        manifest.write(slow, plan={}, status="DRAFT", data=[], inputs={})
        make(out, "quick")
        time.sleep(0.01)
    assert (out / "plan.html").read_text() == "slow"
    assert beside(out) == []

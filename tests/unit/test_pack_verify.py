"""A pack against its manifest."""

import json

import pytest

from workbook.errors import BadInput
from workbook.pack import manifest
from workbook.pack.verify import Verification, verify


@pytest.fixture
def pack(tmp_path):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "plan.html").write_text("<h1>Plan</h1>")
    (tmp_path / "notebooks" / "1_needs.ipynb").write_text("{}")
    manifest.write(tmp_path, plan={"revision": 3}, status="DRAFT", data=[], inputs={})
    return tmp_path


def test_an_untouched_pack_is_whole(pack):
    assert verify(pack) == Verification()
    assert verify(pack).whole


def test_altered_missing_and_added_are_told_apart(pack):
    (pack / "plan.html").write_text("<h1>Plan.</h1>")
    (pack / "notebooks" / "1_needs.ipynb").unlink()
    (pack / "notebooks" / "new.txt").write_text("")
    found = verify(pack)
    assert found == Verification(("plan.html",), ("notebooks/1_needs.ipynb",), ("notebooks/new.txt",))
    assert not found.whole


def test_a_folder_without_manifest_is_no_pack(tmp_path):
    with pytest.raises(BadInput, match=r"is not a pack: it has no manifest\.json"):
        verify(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", '{"program": "another", "files": {}}', "\udcff", "[" * 100_000])
def test_a_manifest_that_is_none_is_said(pack, text):
    (pack / "manifest.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(BadInput, match="Make the pack again"):
        verify(pack)


def test_the_manifest_names_versions_and_no_clock(pack):
    stated = json.loads((pack / "manifest.json").read_text())
    assert {"python", "numpy", "pandas", "vl-convert-python", "typst"} <= set(stated["packages"])
    before = (pack / "manifest.json").read_bytes()
    manifest.write(pack, plan={"revision": 3}, status="DRAFT", data=[], inputs={})
    assert (pack / "manifest.json").read_bytes() == before


def test_a_fingerprint_does_not_hang_on_the_order_of_keys():
    assert manifest.fingerprint({"a": 1, "b": [2]}) == manifest.fingerprint({"b": [2], "a": 1})
    assert manifest.fingerprint({"a": 1}) != manifest.fingerprint({"a": 2})

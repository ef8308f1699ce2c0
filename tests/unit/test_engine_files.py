"""What an executed notebook holds: JSON written the same way always, and a step with what is usual left out."""

import json

import nbformat
import numpy as np
import pytest

from workbook.blocks import Column, Figure, Heading, Question, Step, Table, Words, from_record, to_record
from workbook.pack.normalise import written as notebook
from workbook.pack.written import as_bytes


def test_keys_keep_their_order_and_the_file_ends_with_one_line_feed():
    assert (
        as_bytes({"b": 1, "a": [1, "\u00e9"]})
        == '{\n  "b": 1,\n  "a": [\n    1,\n    "\u00e9"\n  ]\n}\n'.encode()
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf"), np.float64("nan")])
def test_what_is_no_number_is_null(value):
    assert json.loads(as_bytes({"a": value})) == {"a": None}


@pytest.mark.parametrize("value", [2**70, -(2**64), np.float64(0.1), np.int64(3), 1e300, 5e-324])
def test_a_number_of_any_kind_comes_back_as_it_was(value):
    assert json.loads(as_bytes({"a": value})) == {"a": value}


TABLE = Table("t", "Costs", (Column("cost", "Cost", "\u00a3", decimals=0),), ((1.5,), (None,)))
STEP = Step(
    "needs",
    "Needs",
    (
        Heading("Figures", "figures"),
        Heading("More", "more", level=3, new_page=True),
        Words(("one", "two"), "list"),
        TABLE,
        Figure("f", "A chart", {"mark": "bar", "width": 0, "title": None}, "", TABLE),
        Question("/a", "How many?", "integer", answer=0, required=True),
        Question("/b", "Which?", "choices", answer=[]),
        Question("/c", "Or?", "yesno", answer=False),
    ),
)


def test_a_step_comes_back_equal_although_what_is_usual_is_left_out():
    record = json.loads(as_bytes(to_record(STEP)))
    assert from_record(record) == STEP
    assert record["blocks"][0] == {"block": "Heading", "text": "Figures", "id": "figures"}
    answers = [b.get("answer", "left out") for b in record["blocks"] if b["block"] == "Question"]
    assert answers == [0, [], False], "an answer that was given is not left out"


def test_a_record_written_in_full_is_read_too():
    full = {"block": "Heading", "text": "Figures", "id": "figures", "level": 2, "new_page": False}
    assert from_record({"block": "Step", "id": "s", "title": "S", "blocks": [full]}).blocks == STEP.blocks[:1]


def test_a_notebook_is_one_that_nbformat_knows():
    cell = {
        "cell_type": "code", "execution_count": 1, "id": "cell-01", "metadata": {}, "source": "1\n2",
        "outputs": [
            {"output_type": "stream", "name": "stdout", "text": "one\ntwo\n"},
            {"output_type": "display_data", "metadata": {}, "data": {"application/b+json": {"z": 1, "a": 2}, "text/plain": "x"}},
        ],
    }  # fmt: skip
    made = notebook({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    read = nbformat.reads(made.decode(), as_version=4)
    nbformat.validate(read)
    assert read.cells[0].source == "1\n2"
    assert read.cells[0].outputs[0].text == "one\ntwo\n"
    assert json.loads(made)["cells"][0]["outputs"][0]["text"] == ["one\n", "two\n"]
    assert list(read.cells[0].outputs[1].data["application/b+json"]) == ["z", "a"], (
        "a record keeps its own order"
    )

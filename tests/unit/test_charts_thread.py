"""The thread as a picture: boxes apart, broken links told by more than colour, valid."""

import altair as alt
import pytest

from tests.unit.chart_sight import assert_whole_and_apart, svg, words
from workbook import charts

COLUMNS = ("Need", "Ambition", "Scheme")
LONG = "Help at home before it becomes a stay in hospital for want of somebody to call"


def nodes(schemes: int) -> list[dict]:
    return [
        {"id": "n", "column": 0, "name": LONG, "missing": ""},
        {"id": "a", "column": 1, "name": "1 Less time in hospital", "missing": "after"},
        *({"id": f"s{i}", "column": 2, "name": f"{LONG} {i}", "missing": "before"} for i in range(schemes)),
    ]


LINKS = [{"from": "n", "to": "a", "count": 1, "broken": False}]


@pytest.mark.parametrize("schemes", [0, 1, 20])
def test_boxes_hold_their_words_and_stand_apart(schemes: int) -> None:
    spec = charts.thread(COLUMNS, nodes(schemes), LINKS)
    alt.Chart.from_dict(spec)
    assert_whole_and_apart(svg(spec))
    boxes = [r for x in spec["layer"] if x["mark"]["type"] == "rect" for r in x["data"]["values"]]
    assert len(boxes) == schemes + 2
    for one in boxes:
        for other in boxes:
            apart = one["x2"] <= other["x"] or other["x2"] <= one["x"] or one["y2"] <= other["y"]
            assert one is other or apart or other["y2"] <= one["y"]


def test_a_broken_link_is_dashed_and_crossed_and_named_in_the_key() -> None:
    whole = charts.thread(COLUMNS[:2], [{**n, "missing": ""} for n in nodes(0)], LINKS)
    broken = charts.thread(
        COLUMNS[:2], [{**n, "missing": ""} for n in nodes(0)], [LINKS[0] | {"broken": True}]
    )
    assert "broken or missing link" in words(broken) and "broken or missing link" not in words(whole)
    dashed = [x for x in broken["layer"] if x["mark"].get("strokeDash")]
    assert dashed and not [x for x in whole["layer"] if x["mark"].get("strokeDash")]


def test_a_link_for_more_entries_is_wider() -> None:
    spec = charts.thread(COLUMNS[:2], nodes(0), [LINKS[0] | {"count": 12}])
    assert max(x["mark"]["strokeWidth"] for x in spec["layer"] if x["mark"]["type"] == "rule") == 3.8


@pytest.mark.parametrize(("counts", "wider"), [((1, 2), False), ((12, 12), False), ((1, 12), True)])
def test_the_key_speaks_of_width_only_where_links_differ_in_it(counts: tuple[int, int], wider: bool) -> None:
    ends = zip(("s0", "s1"), counts, strict=True)
    links = [{"from": "a", "to": end, "count": count, "broken": False} for end, count in ends]
    told = words(charts.thread(COLUMNS, nodes(2), links))
    assert ("whole link, wider for more entries" in told) == wider
    assert ("whole link" in told) != wider


def test_an_empty_thread_is_a_picture_too() -> None:
    assert "Need" in words(charts.thread(COLUMNS, [], []))

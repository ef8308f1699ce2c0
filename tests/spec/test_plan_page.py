"""The plan page: the thread as a graph, a picture and a nested list, and what is broken grouped by its link."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.spec.test_thread import SCHEME, SERVICE, append, at, sound
from workbook.blocks import Branch, Figure, Finding, Heading, Table, Tree
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import run, thread
from workbook.steps.thread import followed


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.open()


def plan(*changes: Callable[[dict[str, Any]], None]) -> Plan:
    data = copy.deepcopy(sound())
    for change in changes:
        change(data)
    return Plan.model_validate(data)


def graph(of: Plan, reference: Reference) -> followed.Graph:
    return followed.graph(of, reference, thread.Context(of, reference))


def branches(tree: Tree) -> Iterator[Branch]:
    waiting = list(tree.branches)
    while waiting:
        branch = waiting.pop(0)
        yield branch
        waiting = [*branch.branches, *waiting]


def tree_of(of: Plan, reference: Reference) -> list[Branch]:
    return list(branches(followed.tree(of, reference, thread.Context(of, reference))))


def test_a_sound_plan_is_followed_from_need_to_outcome(reference: Reference) -> None:
    found = graph(plan(), reference)
    assert [(n.column, n.id) for n in found.nodes] == [
        (0, "need early"),
        (1, "ambition 1"),
        (2, "scheme checks"),
        (3, "line acute"),
        (3, "service clinic"),
        (4, "outcome 1"),
    ]
    assert {(k.start, k.end) for k in found.links} == {
        ("need early", "ambition 1"),
        ("ambition 1", "scheme checks"),
        ("scheme checks", "line acute"),
        ("scheme checks", "service clinic"),
        ("line acute", "outcome 1"),
        ("service clinic", "outcome 1"),
    }
    assert found.broken() == []
    assert not any(b.broken for b in tree_of(plan(), reference))
    title = followed.picture(plan(), found).title
    assert (
        title
        == "Every need is tied to an ambition, funded schemes and an outcome; no scheme states its effect"
    )
    stated = plan(at(*SCHEME, effects=[{"ambition": 1, "percent": -2}]))
    told = followed.picture(stated, graph(stated, reference)).title
    assert told == "Every need leads through an ambition and funded schemes to an outcome"


BROKEN = [
    (at("ambitions", "items", 0, priorities=[]), {"need without an ambition", "ambition without a need"}),
    (at(*SCHEME, funded=False), {"ambition without a funded scheme"}),
    (at(*SCHEME, ambitions=[]), {"scheme without an ambition", "ambition without a funded scheme"}),
    (at(*SCHEME, line=""), {"scheme without a budget line"}),
    (at(*SERVICE, decision="keep"), {"scheme that needs a service to stop which does not"}),
    (at(*SERVICE, destinations=[]), {"service whose users have nowhere to go"}),
    (at("ambitions", "items", 0, line=None), {"ambition without a level"}),
    (
        at(*SCHEME, effects=[{"ambition": 1, "percent": -0.1}], evidence_source="A trial"),
        {"outcome that the funded schemes do not reach"},
    ),
]


@pytest.mark.parametrize(("change", "gaps"), BROKEN, ids=[sorted(g)[0] for _, g in BROKEN])
def test_a_broken_link_is_drawn_told_and_listed(
    change: Callable[[dict[str, Any]], None], gaps: set[str], reference: Reference
) -> None:
    broken = plan(change)
    found = graph(broken, reference)
    assert set(found.broken()) == gaps
    picture = followed.picture(broken, found)
    assert all(gap in picture.title for gap in gaps)
    assert {str(row[2]) for row in picture.table.rows} >= gaps
    assert any(b.broken for b in tree_of(broken, reference))


def test_an_outcome_out_of_reach_is_one_by_however_many_ways_its_money_comes(reference: Reference) -> None:
    short = plan(at(*SCHEME, effects=[{"ambition": 1, "percent": -0.1}], evidence_source="A trial"))
    found = graph(short, reference)
    assert sum(bool(k.broken) for k in found.links) == 2
    assert found.broken() == ["outcome that the funded schemes do not reach"]


def test_many_schemes_become_counts_and_none_is_lost(reference: Reference) -> None:
    more = [
        append("budget", "schemes", id=f"s{n}", name=f"S{n}", funded=True, ambitions=[1], line="acute")
        for n in range(60)
    ]
    found = graph(plan(*more), reference)
    shown = followed.collapsed(found)
    schemes = [n for n in shown.nodes if n.column == 2]
    assert len(schemes) == 1 and schemes[0].holds == 61
    assert schemes[0].name == "61 funded schemes: Health checks and others"
    assert sum(k.count for k in shown.links) == len(found.links)
    told = [b.text for b in tree_of(plan(*more), reference)]
    assert "53 more schemes, with no broken link." in told


def test_the_page_draws_the_thread_and_says_it_as_a_list_and_once(reference: Reference) -> None:
    page = run("plan", plan(), reference)
    assert [b.id for b in page.blocks if isinstance(b, (Figure, Tree))] == ["thread-drawn", "thread"]
    assert not any(isinstance(b, Table) and b.id == "thread" for b in page.blocks)


def test_a_plan_without_a_need_has_no_thread_to_follow(reference: Reference) -> None:
    page = run("plan", plan(at("needs", priorities=[])), reference)
    assert not any(isinstance(b, (Figure, Tree)) for b in page.blocks)


def test_what_is_broken_stands_under_its_link(reference: Reference) -> None:
    page = run("plan", plan(at(*SCHEME, funded=False)), reference)
    under: dict[str, list[str]] = {}
    heading = ""
    for block in page.blocks:
        if isinstance(block, Heading):
            heading = block.text
        if isinstance(block, Finding):
            under.setdefault(heading, []).append(block.code)
    assert "ambition-without-scheme" in under["Between ambitions and schemes"]
    assert "need-without-scheme" in under["Between needs and schemes"]

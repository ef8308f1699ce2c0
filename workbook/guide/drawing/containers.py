"""The blocks of a step as HTML, each in a container with a stable id.

After a change only the containers that are other ones now are sent to the page. The ids are those of the whole step,
so that a view of it and the whole step on one page call a block the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container, Iterable
from dataclasses import replace
from functools import lru_cache
from html import escape
from itertools import pairwise, takewhile

from workbook.blocks import Block, Figure, Finding, Heading, Question, Step, Table, Words
from workbook.guide.answering import faults
from workbook.guide.drawing import forms, later
from workbook.guide.drawing.views import Views
from workbook.guide.giving import downloads
from workbook.guide.way import addresses
from workbook.reference import why
from workbook.steps import asking
from workbook.words import plural

Fragment = Callable[[Block, str], str]
Placed = tuple[
    str, int, list[Block]
]  # the id of a container, the place of its first block in the step, its blocks


def drawn(
    step: Step, name: str, draw: Fragment, span: range | None = None, only: Container[int] | None = None
) -> dict[str, str]:
    """The HTML of a step by container id, in reading order; of the blocks in ``span``, where not all are shown.

    ``only``: the places of those to be drawn among them, where the others are known already.
    """
    found: dict[str, str] = {}
    names = _names(step) if later.folds_asked(step.questions()) else None
    heading, raised, told = "", _raised(step, span), _told_at(step, span)
    leads = _leads(step, span)
    folded_away = {at + n for at, words in leads.items() for n in range(1, len(words) + 1)}
    for key, at, group in placed(step.blocks, names is not None):
        first = group[0]
        heading = first.text if isinstance(first, Heading) else heading
        if (
            (span is not None and at not in span)
            or (only is not None and at not in only)
            or at in folded_away
        ):
            continue
        if isinstance(first, Heading) and at in leads:
            found[key] = _lead(first, leads[at], draw, key)
        elif isinstance(first, Heading):
            level = max(2, first.level - raised)
            found[key] = _safely(draw, replace(first, level=level), key)
            found[key] += _why(step.id, told[at]) if at in told else ""
        elif isinstance(first, Finding):
            findings = [f for f in group if isinstance(f, Finding)]
            found[key] = _findings(findings, key, step.id, name, draw)
        elif names is not None and isinstance(first, Question) and later.entry_of(first.path):
            found[key] = _asked([q for q in group if isinstance(q, Question)], heading, names)
        else:
            found[key] = _safely(draw, first, key) + downloads.controls(first, key)
    return found


def _lead(heading: Heading, words: list[Words], draw: Fragment, key: str) -> str:
    """A section of words folded under its heading."""
    inside = "".join(_safely(draw, block, f"{key}-{n}") for n, block in enumerate(words))
    return f'<details class="wg-lead" data-key="lead"><summary>{escape(heading.text)}</summary>{inside}</details>'


def _raised(step: Step, span: range | None) -> int:
    """By how many levels the headings of a view are raised: one that begins inside a section has no heading above it."""
    shown = [step.blocks[at] for at in span] if span is not None else []
    return next((b.level for b in shown if isinstance(b, Heading)), 2) - 2


def _leads(step: Step, span: range | None) -> dict[int, list[Words]]:
    """Sections of words alone that lead into the first questions, charts or tables, by the place of their heading.

    They are folded: a view opens with what it is about, and how to read it is there for those who ask.
    """
    places = list(span if span is not None else range(len(step.blocks)))
    opening = list(takewhile(lambda at: isinstance(step.blocks[at], (Heading, Words)), places))
    heads = [at for at in opening if isinstance(step.blocks[at], Heading)]
    cuts = [at for at in heads if getattr(step.blocks[at], "level", 0) == 2]
    found = {}
    for at, following in pairwise(cuts):
        inside = step.blocks[at + 1 : following]
        if inside and all(isinstance(block, Words) for block in inside):
            found[at] = [block for block in inside if isinstance(block, Words)]
    return found


def _told_at(step: Step, span: range | None) -> dict[int, str]:
    """Where it is said why a view is there: once a view, below its first heading; by the place of that heading.

    What is said is that of the first heading of the view of which there is something to say.
    """
    spans = [span] if span is not None else [view.span for view in Views(step).all]
    found: dict[int, str] = {}
    for part in spans:
        leads = _leads(step, part)
        headings = [
            (at, b.id) for at in part if at not in leads and isinstance(b := step.blocks[at], Heading)
        ]
        known = next((id for _, id in headings if why.of(step.id, id)), None)
        if known is not None:
            found[headings[0][0]] = known
    return found


def _why(step_id: str, heading: str) -> str:
    """Why what follows a heading is asked, folded below it; "" where there is no more to say."""
    told = why.of(step_id, heading)
    if told is None:
        return ""
    example = (
        f"<p><strong>An answer, as an example (made up):</strong> {escape(told.example)}</p>"
        if told.example
        else ""
    )
    summary = "Why we ask this" if told.example else "Why this is here"
    return (
        f'<details class="wg-why" data-key="why"><summary>{summary}</summary><p>{escape(told.why)}</p>{example}'
        f'<p class="wg-hint">Source: {escape(told.source)}.</p></details>'
    )


def _names(step: Step) -> dict[str, str]:
    """What the entries of the lists of a step are called, by their places."""
    lists = [q for q in step.questions() if q.kind == "rows"]
    return {f"{q.path}/{n}": item.label for q in lists for n, item in enumerate(q.items)}


def _asked(questions: list[Question], heading: str, names: dict[str, str]) -> str:
    """What is asked of one entry in one place, drawn when it is opened."""
    place, entry = questions[0].path, names.get(later.entry_of(questions[0].path), "")
    about = f" about {entry}" if entry and entry not in heading else ""
    answered = sum(map(asking.answered, questions))
    said = f"{heading}: {plural(len(questions), 'question')}{about}, {answered} answered"
    if later.is_closed(place):
        stems = dict.fromkeys(q.path[: max(q.path.rfind("."), q.path.rfind("/")) + 1] for q in questions)
        covers = " ".join(forms.field_id(stem) for stem in stems)
        return later.closed(place, said, later.standing(questions), covers, ' data-key="asked"')
    drawn = "".join(_drawn(q) for q in questions)
    return f'<details class="wg-row wg-asked" data-key="asked"><summary>{escape(said)}</summary>{drawn}</details>'


def contained(key: str, html: str) -> str:
    """A container with what it holds."""
    return f'<div class="wg-block wg-block-{key.split("-")[1]}" id="{key}">{html}</div>'


def _groups(blocks: Iterable[Block], folded: bool = False) -> list[list[Block]]:
    """Blocks one by one, but findings that follow each other together, and ``folded`` what is asked of one entry."""
    groups: list[list[Block]] = []
    for block in blocks:
        if groups and _together(groups[-1][0], block, folded):
            groups[-1].append(block)
        else:
            groups.append([block])
    return groups


def _together(first: Block, block: Block, folded: bool) -> bool:
    if isinstance(first, Finding):
        return isinstance(block, Finding)
    if not (folded and isinstance(first, Question) and isinstance(block, Question)):
        return False
    entry = later.entry_of(first.path)
    return bool(entry) and later.entry_of(block.path) == entry


def placed(blocks: Iterable[Block], folded: bool = False) -> list[Placed]:
    """The groups of blocks with the ids of their containers: two of a name are told apart by a number."""
    counts: Counter[str] = Counter()
    taken: set[str] = set()
    found: list[Placed] = []
    at = 0
    for group in _groups(blocks, folded):
        stem = _stem(group[0])
        key = stem
        while key in taken:
            counts[stem] += 1
            key = f"{stem.removesuffix('-1')}-{counts[stem] + 1}"
        taken.add(key)
        found.append((key, at, group))
        at += len(group)
    return found


def _stem(block: Block) -> str:
    """A stable id: by the block's own id or place, otherwise by its kind."""
    kind = type(block).__name__.lower()
    if isinstance(block, (Heading, Table, Figure)):
        return f"b-{kind}-{_slug(block.id)}"
    return f"b-{kind}-{_slug(block.path)}" if isinstance(block, Question) else f"b-{kind}-1"


@lru_cache(maxsize=20_000)
def _slug(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")


def _safely(draw: Fragment, block: Block, key: str) -> str:
    """The block, or a sentence in its place: one that cannot be drawn must not take the others along."""
    try:
        return forms.draw(block) if isinstance(block, Question) else draw(block, key)
    except Exception as error:
        return _broken(error)


def _broken(error: Exception) -> str:
    return f'<p class="wg-alert">{escape(faults.sentence(error))}</p>'


def _drawn(question: Question) -> str:
    try:
        return forms.draw(question)
    except Exception as error:
        return _broken(error)


def _findings(findings: list[Finding], key: str, here: str, name: str, draw: Fragment) -> str:
    drawn = "".join(
        f'<div class="wg-finding">{_safely(draw, finding, f"{key}-{n}")}{_way(finding, here, name)}</div>'
        for n, finding in enumerate(findings)
    )
    # A group, not a landmark: a page may have many, all of one name.
    return f'<div class="wg-findings" role="group" aria-label="Findings">{drawn}</div>'


def _way(finding: Finding, here: str, name: str) -> str:
    """A link to the question that mends a finding, on this page or on that of its step."""
    anchor = forms.field_id(finding.path) if finding.path else ""
    if finding.step == here and anchor:
        title = "the question"
    elif finding.step != here and finding.step in addresses.NOTEBOOKS and addresses.served():
        title = addresses.NOTEBOOKS[finding.step][1]
    else:
        return ""
    address = addresses.of(finding.step, name, at=finding.path, anchor=anchor)
    return (
        f'<p class="wg-way"><a href="{escape(address)}" data-at="{escape(finding.path)}">Go to {escape(title)}'
        f'<span class="wg-unseen"> to mend: {escape(finding.sentence)}</span></a></p>'
    )

"""The page around the blocks: who and what the plan is, where one is, and the blocks in order.

Every block stands in a container with a stable id, so that after a change only
what changed is sent to the page.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from html import escape
from urllib.parse import quote

from workbook.blocks import Block, Figure, Finding, Heading, Question, Step, Table
from workbook.guide import faults, forms, later, packing
from workbook.plan.model import Plan
from workbook.steps import asking
from workbook.words import plural

# The step of each notebook, in the order of the workbook. Those that are not
# shipped yet are left out of the way through the steps.
NOTEBOOKS = {
    "start": ("0_start.ipynb", "Start"),
    "needs": ("1_needs.ipynb", "Needs"),
    "ambitions": ("2_ambitions.ipynb", "Ambitions"),
    "budget": ("3_budget.ipynb", "Budget"),
    "decommissioning": ("4_decommissioning.ipynb", "Decommissioning"),
    "plan": ("9_plan.ipynb", "The plan"),
}

Fragment = Callable[[Block, str], str]
_WORTH_A_LIST = 5  # charts and tables; fewer are found without


def href(step_id: str, name: str = "", anchor: str = "") -> str:
    """The address of a step for a plan, relative to the page one is on."""
    notebook = NOTEBOOKS.get(step_id, NOTEBOOKS["plan"])[0]
    query = f"?plan={quote(name)}" if name else ""
    return f"{notebook}{query}{'#' + anchor if anchor else ''}"


def served() -> bool:
    """Whether the page stands on its own server, where links lead from step to step."""
    return os.environ.get("SERVER_SOFTWARE", "").startswith("voila")


# --- containers -----------------------------------------------------------------


def containers(step: Step, name: str, draw: Fragment) -> dict[str, str]:
    """The HTML of a step by container id, in reading order."""
    found: dict[str, str] = {}
    names = _names(step) if later.folds_asked(step.questions()) else None
    heading = ""
    for key, group in _placed(step.blocks, names is not None):
        first = group[0]
        heading = first.text if isinstance(first, Heading) else heading
        if isinstance(first, Finding):
            findings = [f for f in group if isinstance(f, Finding)]
            found[key] = _findings(findings, key, step.id, name, draw)
        elif names is not None and isinstance(first, Question) and later.entry_of(first.path):
            found[key] = _asked([q for q in group if isinstance(q, Question)], heading, names)
        else:
            found[key] = _safely(draw, first, key)
    return found


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


def _placed(blocks: Iterable[Block], folded: bool = False) -> list[tuple[str, list[Block]]]:
    """The groups of blocks with the ids of their containers: two of a name are told apart by a number."""
    counts: Counter[str] = Counter()
    taken: set[str] = set()
    found = []
    for group in _groups(blocks, folded):
        stem = _stem(group[0])
        key = stem
        while key in taken:
            counts[stem] += 1
            key = f"{stem.removesuffix('-1')}-{counts[stem] + 1}"
        taken.add(key)
        found.append((key, group))
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
    if finding.step == here:
        address, title = f"#{anchor}", "the question"
    elif finding.step in NOTEBOOKS and served():
        address, title = href(finding.step, name, anchor), NOTEBOOKS[finding.step][1]
    else:
        return ""
    if address == "#":
        return ""
    return (
        f'<p class="wg-way"><a href="{escape(address)}">Go to {escape(title)}'
        f'<span class="wg-unseen"> to mend: {escape(finding.sentence)}</span></a></p>'
    )


# --- the frame ------------------------------------------------------------------


def page(step: Step, plan: Plan, name: str, drawn: dict[str, str], person: str = "") -> str:
    """The whole page of a step as it is first shown."""
    body = "".join(contained(key, html) for key, html in drawn.items())
    return frame(
        step.id,
        f'{plan_bar(plan, person)}<div class="wg-columns">{ways(step, name)}'
        f'<div><div class="wg-content" id="wg-content">{body}</div>{_pack(step.id, plan, name)}{_next(step.id, name)}</div></div>'
        f'<p id="wg-saved" class="wg-saved" role="status">{escape(saved(plan))}</p>',
        f'data-plan="{escape(name)}" data-revision="{plan.revision}"',
    )


def frame(step_id: str, inside: str, about: str = "") -> str:
    """The outermost element, with the places where the page speaks up."""
    return (
        f'<div class="wg-page" data-step="{escape(step_id)}" {about}>'
        '<div id="wg-alerts"></div>'
        '<div id="wg-problems" class="wg-problems" role="group" aria-label="Problems" tabindex="-1" hidden>'
        "</div>"
        f"{inside}</div>"
    )


def plan_bar(plan: Plan, person: str = "") -> str:
    """Which plan this is, whether it is saved, and who is writing."""
    made_up = '<span class="wg-badge">Synthetic: made up</span>' if plan.area.synthetic else ""
    years = f"base year {plan.base_year}, {plan.horizon} years ahead"
    return (
        '<section class="wg-plan" aria-label="This plan"><div>'
        f'<p class="wg-plan-title">{escape(plan.title or plan.area.name)}</p>'
        f"<p>{escape(plan.area.name)} {made_up}<br>{years}</p></div>"
        f"<div>{_person(person)}</div>"
        "</section>"
    )


def _person(person: str) -> str:
    if person:
        return f"<p>You are signed in as {escape(person)}.</p>"
    return (
        '<div class="wg-name"><label for="wg-name">Your name (unverified)</label>'
        '<input type="text" id="wg-name" autocomplete="name" maxlength="100" aria-describedby="wg-name-h">'
        '<span class="wg-hint" id="wg-name-h">Kept in this browser and saved with your changes.</span></div>'
    )


def saved(plan: Plan) -> str:
    """When and by whom the plan was saved."""
    if plan.saved is None:
        return "Not saved yet"
    by = f" by {plan.saved.by}" if plan.saved.by else ""
    return f"Saved: revision {plan.revision}, {moment(plan.saved.at)}{by}"


def moment(at: datetime) -> str:
    """A moment in the clock of this machine: "22 November 2026 at 09:05"."""
    here = at.astimezone()
    return f"{here.day} {here:%B %Y} at {here:%H:%M}"


def ways(step: Step, name: str) -> str:
    """The way through the steps, and the sections of this one."""
    inside = sections(step)
    if inside:
        inside = f'<div id="wg-sections" class="wg-sections">{inside}</div>'
    if not served():
        return f'<nav class="wg-ways" aria-label="On this page">{inside}</nav>' if inside else ""
    steps = "".join(_way_to(step_id, step.id, name, inside) for step_id in NOTEBOOKS)
    plans = f'<p class="wg-other"><a href="{href("start")}">Other plans</a></p>'
    return f'<nav class="wg-ways" aria-label="Steps of the workbook"><ol>{steps}</ol>{plans}</nav>'


def sections(step: Step) -> str:
    """Links to what stands on the page: its sections with those below them, then its charts and tables."""
    places = _places(step.blocks)
    tree: list[tuple[str, list[str]]] = []
    section = ""
    for key, block in places:
        if isinstance(block, Heading) and block.level == 2:
            section = block.text
            tree.append((_to(key, section), []))
        elif isinstance(block, Heading) and block.level == 3 and tree:
            tree[-1][1].append(_to(key, _within(section, block.text)))
    return _listed([link + _listed(below) for link, below in tree]) + _shown(places)


def _within(section: str, heading: str) -> str:
    """A heading as it reads below its section, whose name it need not repeat: "Ward 9: the tests" is "The tests"."""
    rest = heading.removeprefix(f"{section}: ")
    return rest[:1].upper() + rest[1:]


def _listed(items: list[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>" if items else ""


def _shown(places: list[tuple[str, Block]]) -> str:
    """The charts and tables of the page by name, folded away."""
    named = [_to(key, b.title) for key, b in places if isinstance(b, (Figure, Table)) and b.title]
    if len(named) < _WORTH_A_LIST:
        return ""
    summary = f"<summary>Charts and tables ({len(named)})</summary>"
    return f'<details data-key="shown">{summary}{_listed(named)}</details>'


def _to(key: str, text: str) -> str:
    return f'<a href="#{key}">{escape(text)}</a>'


def _places(blocks: Iterable[Block]) -> list[tuple[str, Block]]:
    """The headings, charts and tables with the ids of their containers."""
    return [
        (key, group[0])
        for key, group in _placed(b for b in blocks if isinstance(b, (Heading, Figure, Table)))
    ]


def _pack(here: str, plan: Plan, name: str) -> str:
    return packing.section(name, plan.revision) if here == "plan" and served() else ""


def _next(here: str, name: str) -> str:
    """The way on to the next step, where the page ends."""
    later = list(NOTEBOOKS)[list(NOTEBOOKS).index(here) + 1 :] if here in NOTEBOOKS else []
    if not later or not served():
        return ""
    address = escape(href(later[0], name))
    return f'<p class="wg-next"><a href="{address}">Next step: {escape(NOTEBOOKS[later[0]][1])}</a></p>'


def _way_to(step_id: str, here: str, name: str, inside: str) -> str:
    title = escape(NOTEBOOKS[step_id][1])
    address = escape(href(step_id, name))
    if step_id == here:
        return f'<li class="wg-here"><a href="{address}" aria-current="page">{title}</a>{inside}</li>'
    return f'<li><a href="{address}">{title}</a></li>'

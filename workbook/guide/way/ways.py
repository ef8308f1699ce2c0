"""The way through: the steps of the workbook, the views of this one with how far each has come, and the way on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from workbook.blocks import SEVERITIES, Finding
from workbook.errors import WorkbookError
from workbook.guide.drawing.views import WHOLE, View, Views
from workbook.guide.way import addresses, plans, progress
from workbook.steps import start
from workbook.steps.start import Progress
from workbook.words import plural


def menu(views: Views, name: str, here: View, findings: Sequence[Finding] = ()) -> str:
    """The steps of the workbook, and below this one its views."""
    inside = f'<div id="wg-views" class="wg-views">{listed(views, name, here, findings)}</div>'
    if not addresses.served():
        return f'<nav class="wg-ways" aria-label="On this page">{_folding(inside)}</nav>'
    known = {row.step: row for row in _known(name)}
    steps = "".join(
        _way_to(step_id, views.step.id, name, inside, known.get(step_id)) for step_id in addresses.NOTEBOOKS
    )
    plans = f'<p class="wg-other"><a href="{addresses.of("start")}">Other plans</a></p>'
    return f'<nav class="wg-ways" aria-label="Steps of the workbook">{_folding(f"<ol>{steps}</ol>{plans}")}</nav>'


def _folding(inside: str) -> str:
    """The menu; on a narrow screen it stands folded behind a button."""
    return (
        '<button type="button" class="wg-quiet wg-unfold" data-action="menu" aria-expanded="false" '
        f'aria-controls="wg-menu">Steps and parts</button><div id="wg-menu" class="wg-menu">{inside}</div>'
    )


def listed(views: Views, name: str, here: View, findings: Sequence[Finding] = ()) -> str:
    """Links to the views of a step by section, each with what is open in it; nothing where there is one alone."""
    standing = start.standing(views.step, findings) if views.step.id in start.WORKED else None
    stands = f'<p class="wg-stands">{progress.mark(standing)}</p>' if standing and standing.questions else ""
    if len(views.all) < 2:
        return stands
    sections: dict[str, list[View]] = {}
    for view in views.all:
        sections.setdefault(view.section or view.title, []).append(view)
    told = _Told(views, name, here, _counted(views, findings))
    entries = "".join(told.section(title, found) for title, found in sections.items())
    return f'{stands}<ul>{entries}<li class="wg-whole">{told.link(WHOLE, "All on one page")}</li></ul>'


def _counted(views: Views, findings: Sequence[Finding]) -> dict[str, Counter[str]]:
    """The findings of each view by severity, by the id of the view."""
    counts: dict[str, Counter[str]] = {}
    for finding in findings:
        view = views.asking(finding.path)
        if view is not None:
            counts.setdefault(view.id, Counter())[finding.severity] += 1
    return counts


@dataclass(frozen=True)
class _Told:
    """The entries of the menu."""

    views: Views
    name: str
    here: View
    found: dict[str, Counter[str]]

    def section(self, title: str, views: list[View]) -> str:
        """A section: a link where it is one view, otherwise its views folded under its name."""
        alone = len(views) == 1
        entries = "".join(
            f"<li>{self.link(view.id, view.title if alone or view.section else _OWN, self.state([view]))}</li>"
            for view in views
        )
        if alone:
            return entries
        within = self.here.id in {view.id for view in views}
        if (
            len(self.views.all) > _MANY and not within
        ):  # of a plan with many services only the section one is in is listed
            return f"<li>{self.link(views[0].id, title, self.state(views))}</li>"
        unfolded = " open" if within else ""
        summary = f"{escape(_short(title))}{self.state(views)}"
        key = escape(views[0].id)
        return (
            f'<li><details data-key="section-{key}"{unfolded}><summary>{summary}</summary>'
            f"<ul>{entries}</ul></details></li>"
        )

    def link(self, id: str, title: str, state: str = "") -> str:
        return _link(self.views, self.name, id, _short(title), state, current=id == self.here.id)

    def state(self, views: list[View]) -> str:
        """What is answered and what is open in views, in words: "3 of 9 answered; 1 blocks sign-off"."""
        answered, asked = (sum(n) for n in zip(*(view.answered for view in views), strict=True))
        lacking = sum(view.lacking for view in views)
        found = sum((self.found.get(view.id, Counter()) for view in views), Counter[str]())
        said = [f"{answered} of {asked} answered"] if asked else []
        said += [f"{plural(lacking, 'answer')} needed"] if lacking else []
        said += [
            f"{found[s]} {SEVERITIES[s][:1].lower()}{SEVERITIES[s][1:]}"
            for s in ("blocks", "doubt")
            if found[s]
        ]
        if not said:
            return ""
        mark = "blocked" if found["blocks"] else "doubt" if found["doubt"] or lacking else "open"
        mark = "done" if mark == "open" and answered == asked else mark
        words = escape("; ".join(said))
        return f'<span class="wg-state wg-is-{mark}"><span class="wg-unseen">: </span>{words}</span>'


_MANY = 120  # views of a step; the menu of one with more lists only the section one is in
_OWN = "Overview"  # what a section of several views begins with, below its name
_LONGEST = 60  # characters of a title in the menu; the page itself shows it whole


def _short(title: str) -> str:
    """A title for the menu: a long one ends at a word."""
    if len(title) <= _LONGEST:
        return title
    return title[:_LONGEST].rpartition(" ")[0].rstrip(" ,;:") + "…"


def _link(views: Views, name: str, id: str, title: str, state: str = "", *, current: bool = False) -> str:
    address = escape(addresses.of(views.step.id, name, view=id))
    marked = ' aria-current="true"' if current else ""
    return f'<a href="{address}" data-view="{escape(id)}"{marked}>{escape(title)}{state}</a>'


def onward(views: Views, name: str, here: View) -> str:
    """The way back and on: to the views beside this one, and from the last to the next step."""
    before, after = views.neighbours(here)
    ways = []
    if before is not None:
        ways.append(("wg-back", "Back", _link(views, name, before.id, before.title)))
    if after is not None:
        ways.append(("wg-on", "Next", _link(views, name, after.id, after.title)))
    elif following := _following(views.step.id):
        title = escape(addresses.NOTEBOOKS[following][1])
        ways.append(("wg-on", "Next step", f'<a href="{escape(addresses.of(following, name))}">{title}</a>'))
    entries = "".join(f'<li class="{mark}"><span>{word}</span> {link}</li>' for mark, word, link in ways)
    return f'<ul class="wg-onward">{entries}</ul>' if entries else ""


def where(views: Views, here: View) -> str:
    """Where a view stands in its step: "Part 5 of 23: What could be better"; "" where it is all of it."""
    n = views.number(here)
    if not n or len(views.all) < 2:
        return ""
    section = f": {escape(here.section)}" if here.section else ""
    # "Equality" alone says not of what.
    title = f"{here.section}: {here.title}" if here.section else here.title
    return (
        f'<p class="wg-where" data-part="{n}" data-title="{escape(title)}">'
        f"Part {n} of {len(views.all)}{section}</p>"
    )


def _following(step_id: str) -> str:
    names = list(addresses.NOTEBOOKS)
    if step_id not in names or not addresses.served():
        return ""
    later = names[names.index(step_id) + 1 :]
    return later[0] if later else ""


def _known(name: str) -> Sequence[Progress]:
    """How far the steps of a plan were when that was worked out last."""
    try:
        return progress.steps(plans.find(name))
    except WorkbookError:
        return ()


def _way_to(step_id: str, here: str, name: str, inside: str, known: Progress | None) -> str:
    title = escape(addresses.NOTEBOOKS[step_id][1])
    address = escape(addresses.of(step_id, name))
    if step_id == here:
        return f'<li class="wg-here"><a href="{address}" aria-current="page">{title}</a>{inside}</li>'
    state = f'<span id="wg-is-{step_id}">{progress.mark(known)}</span>' if step_id in start.WORKED else ""
    return f'<li><a href="{address}">{title}{state}</a></li>'

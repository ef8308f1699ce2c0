"""The thread followed: each need through ambition, scheme and money to its outcome, as a graph and as a nested list.

Only funded schemes and services that are to stop or change stand in it. A link is broken where the plan names
something that does not hold (a service that nobody stops), and missing where it names nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from textwrap import shorten

from workbook import charts
from workbook.blocks import Branch, Cell, Column, Figure, Table, Tree
from workbook.plan import Plan
from workbook.plan.sections import Ambition, Priority, Scheme, Service
from workbook.reference import Reference
from workbook.steps import decommissioning
from workbook.steps.ambitions import title_of
from workbook.steps.lines import Outlook, better
from workbook.steps.thread import Context, is_set
from workbook.words import day, listed, number, plural
from workbook.words import money as pounds

COLUMNS = ("Need", "Ambition", "Funded scheme", "Money and services", "Outcome aimed at")
_MOST = 24  # boxes of a column; more are told as counts
_MOST_LISTED = 8  # schemes of one ambition in the nested list
_LONGEST = 120  # characters of an outcome in words, which stands in full with the ambitions
_STOPPING = ("stop", "change")


@dataclass(frozen=True)
class Node:
    """One entry of a column: ``before`` and ``after`` say what is missing on its left and right."""

    id: str
    column: int
    name: str
    before: str = ""
    after: str = ""
    holds: int = 1  # entries that it stands for

    @property
    def missing(self) -> str:
        """The sides on which a link is missing: "before", "after", "both" or ""."""
        return (
            "both"
            if self.before and self.after
            else "before"
            if self.before
            else "after"
            if self.after
            else ""
        )


@dataclass(frozen=True)
class Link:
    """One entry tied to the next; ``broken`` says why it does not hold."""

    start: str
    end: str
    broken: str = ""
    count: int = 1


@dataclass
class Graph:
    """The thread of a plan."""

    nodes: list[Node] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    def broken(self) -> list[str]:
        """Every link that is missing or does not hold, by its kind, as often as it occurs."""
        gone = [gap for n in self.nodes for gap in (n.before, n.after) if gap]
        # An outcome out of reach is one, by however many ways its money comes.
        short = {link.end for link in self.links if link.broken == _SHORT}
        return gone + [_SHORT] * len(short) + [k.broken for k in self.links if k.broken not in ("", _SHORT)]


def graph(plan: Plan, reference: Reference, context: Context) -> Graph:
    """Every need, ambition, funded scheme, budget line and stopping service, and what ties them."""
    found = Graph()
    set_ = [(n, a) for n, a in enumerate(plan.ambitions.items) if is_set(a) or a.measure]
    _needs(plan, [a for _, a in set_], found)
    _ambitions(plan, reference, context, set_, found)
    _schemes(plan, context, {a.number for _, a in set_}, found)
    _money(plan, context, found)
    _outcomes(context, set_, found)
    return found


def _needs(plan: Plan, ambitions: Sequence[Ambition], found: Graph) -> None:
    served = {p for a in ambitions for p in a.priorities}
    for priority in plan.needs.priorities:
        gap = "" if priority.id in served else "need without an ambition"
        found.nodes.append(
            Node(f"need {priority.id}", 0, priority.title or "A need without a name", after=gap)
        )


def _ambitions(
    plan: Plan, reference: Reference, context: Context, set_: Sequence[tuple[int, Ambition]], found: Graph
) -> None:
    known = {p.id for p in plan.needs.priorities}
    served = {number_ for s in context.funded for number_ in s.ambitions}
    for _, a in set_:
        before = "" if known.intersection(a.priorities) else "ambition without a need"
        after = "" if a.number in served else "ambition without a funded scheme"
        name = f"{a.number} {title_of(reference, a.number)}"
        found.nodes.append(Node(f"ambition {a.number}", 1, name, before, after))
        found.links += [Link(f"need {p}", f"ambition {a.number}") for p in a.priorities if p in known]


def _schemes(plan: Plan, context: Context, set_: set[int], found: Graph) -> None:
    stopping = {s.id for s in plan.decommissioning.services if s.decision in _STOPPING}
    lines = {line.id for line in plan.budget.lines}
    for scheme in context.funded:
        serving = [a for a in scheme.ambitions if a in set_]
        after = "" if scheme.line in lines else "scheme without a budget line"
        before = "" if serving else "scheme without an ambition"
        found.nodes.append(
            Node(f"scheme {scheme.id}", 2, scheme.name or "A scheme without a name", before, after)
        )
        found.links += [Link(f"ambition {a}", f"scheme {scheme.id}") for a in serving]
        if scheme.line in lines:
            found.links.append(Link(f"scheme {scheme.id}", f"line {scheme.line}"))
        if scheme.stops in {s.id for s in plan.decommissioning.services}:
            gap = "" if scheme.stops in stopping else _UNSTOPPED
            found.links.append(Link(f"scheme {scheme.id}", f"service {scheme.stops}", gap))


_UNSTOPPED = "scheme that needs a service to stop which does not"


def _money(plan: Plan, context: Context, found: Graph) -> None:
    """The budget lines and services that funded schemes name, and every other service that stops."""
    named = {link.end for link in found.links}
    for line in plan.budget.lines:
        if f"line {line.id}" in named:
            found.nodes.append(Node(f"line {line.id}", 3, line.name or "A line without a name"))
    for service in plan.decommissioning.services:
        stops = service.decision in _STOPPING
        if stops or f"service {service.id}" in named:
            left = decommissioning.unmet(service) if stops and service.users else 0
            gap = "service whose users have nowhere to go" if left > 0.5 else ""
            word = {"stop": "Stops", "change": "Changes"}.get(service.decision, "Goes on")
            name = f"{word}: {service.name or 'a service without a name'}"
            found.nodes.append(Node(f"service {service.id}", 3, name, after=gap))


def _outcomes(context: Context, set_: Sequence[tuple[int, Ambition]], found: Graph) -> None:
    """The level chosen of each ambition, tied to the money of the schemes that serve it."""
    paid: dict[int, set[str]] = {}
    for scheme in context.funded:
        for number_ in scheme.ambitions:
            paid.setdefault(number_, set()).update(
                name
                for name in (f"line {scheme.line}", f"service {scheme.stops}")
                if len(name.split(" ", 1)[1])
            )
    there = {n.id for n in found.nodes}
    for n, a in set_:
        words = outcome_words(context.outlooks[n]) or (a.in_words and "In words") or ""
        gap = "" if words else "ambition without a level"
        found.nodes.append(
            Node(f"outcome {a.number}", 4, f"{a.number} {words or 'No level chosen'}", before=gap)
        )
        short = _SHORT if _falls_short(context.outlooks[n]) else ""
        found.links += [
            Link(name, f"outcome {a.number}", short)
            for name in sorted(paid.get(a.number, ()))
            if name in there
        ]


_SHORT = "outcome that the funded schemes do not reach"


def _falls_short(found: Outlook | None) -> bool:
    if not found or not found.chosen or found.lines["schemes"].values == found.lines["do-nothing"].values:
        return False
    return better(found, found.chosen.last, found.lines["schemes"].last)


def outcome_words(found: Outlook | None) -> str:
    """The measure from its baseline to the level chosen; nothing where none is chosen."""
    if not found or not found.chosen:
        return ""
    s, d = found.standing, found.standing.indicator.decimals
    now, then = number(found.baseline, d), number(found.chosen.last, d)
    way = f"held at {now} to" if now == then else f"from {now} to {then} by"
    return f"{s.indicator.name} {way} {found.years[-1]}"


# --- many entries as counts ------------------------------------------------------------


def collapsed(whole: Graph) -> Graph:
    """The graph with no more than 24 boxes in a column: those tied to the same and lacking the same become one."""
    into: dict[str, str] = {}
    nodes: list[Node] = []
    for column, title in enumerate(COLUMNS):
        own = [n for n in whole.nodes if n.column == column]
        nodes += own if len(own) <= _MOST else _merged(own, title, whole.links, into)
    return Graph(nodes, _rejoined(whole.links, into))


def _merged(own: list[Node], title: str, links: Sequence[Link], into: dict[str, str]) -> list[Node]:
    before: dict[str, set[str]] = {}
    for link in links:
        before.setdefault(link.end, set()).add(into.get(link.start, link.start))
    kinds: dict[tuple[tuple[str, ...], str, str], list[Node]] = {}
    for node in own:
        tied = tuple(sorted(before.get(node.id, ())))
        kinds.setdefault((tied, node.before, node.after), []).append(node)
    groups = sorted(kinds.values(), key=len, reverse=True)
    kept, rest = groups[: _MOST - 1], [n for group in groups[_MOST - 1 :] for n in group]
    return [_group(group, title, into) for group in [*kept, *([rest] if rest else [])]]


def _group(nodes: list[Node], title: str, into: dict[str, str]) -> Node:
    first = nodes[0]
    if len(nodes) == 1:
        return first
    into |= {n.id: first.id for n in nodes}
    kinds = {"Money and services": "line or service", "Outcome aimed at": "outcome"}
    many = {"line or service": "lines or services"}
    kind = kinds.get(title, title.lower())
    name = f"{plural(len(nodes), kind, many.get(kind, ''))}: {first.name} and others"
    gaps = {"before": any(n.before for n in nodes), "after": any(n.after for n in nodes)}
    return replace(
        first,
        name=name,
        holds=len(nodes),
        before=next((n.before for n in nodes if n.before), "") if gaps["before"] else "",
        after=next((n.after for n in nodes if n.after), "") if gaps["after"] else "",
    )


def _rejoined(links: Iterable[Link], into: dict[str, str]) -> list[Link]:
    """The links between what is drawn: many between the same two become one, whole and broken apart."""
    counts = Counter((into.get(k.start, k.start), into.get(k.end, k.end), k.broken) for k in links)
    return [Link(start, end, broken, count) for (start, end, broken), count in counts.items()]


# --- as a picture ----------------------------------------------------------------------


def picture(plan: Plan, found: Graph) -> Figure:
    """The thread drawn, with every link in its table."""
    shown = collapsed(found)
    nodes = [{"id": n.id, "column": n.column, "name": n.name, "missing": n.missing} for n in shown.nodes]
    links = [{"from": k.start, "to": k.end, "count": k.count, "broken": bool(k.broken)} for k in shown.links]
    return Figure(
        "thread-drawn",
        title_of_thread(plan, found),
        charts.thread(COLUMNS, nodes, links),
        f"Five columns of boxes tied from left to right: {listed(c.lower() for c in COLUMNS)}. {_told(plan, found)} "
        "The nested list below says the same in words.",
        _table(found),
        source="This plan",
    )


def title_of_thread(plan: Plan, found: Graph) -> str:
    """What is broken between need and outcome, in one sentence."""
    if not plan.needs.priorities:
        return "No need comes first yet, so nothing leads to an outcome"
    return _told(plan, found).rstrip(".")


def _told(plan: Plan, found: Graph) -> str:
    kinds = Counter(found.broken())
    effects = [e.percent for s in plan.budget.schemes if s.funded for e in s.effects]
    if not kinds and all(effect is None for effect in effects):
        return (
            "Every need is tied to an ambition, funded schemes and an outcome; no scheme states its effect."
        )
    if not kinds:
        return "Every need leads through an ambition and funded schemes to an outcome."
    said = [_many(kind, count) for kind, count in kinds.most_common()]
    together = sum(kinds.values())
    are = "is" if together == 1 else "are"
    return f"Between need and outcome {plural(together, 'link')} {are} broken or missing: {listed(said)}."


def _many(kind: str, count: int) -> str:
    """ "2 schemes without a budget line": the first word of a kind is what there is one or many of."""
    word, _, rest = kind.partition(" ")
    rest = (
        rest
        if count == 1
        else rest.replace("that needs", "that need").replace("which does not", "which does not")
    )
    return f"{plural(count, word)} {rest}"


def _table(found: Graph) -> Table:
    names = {n.id: n.name for n in found.nodes}
    rows: list[tuple[Cell, ...]] = [
        (names[k.start], names[k.end], k.broken or "holds")
        for k in found.links
        if k.start in names and k.end in names
    ]
    for node in found.nodes:
        rows += [(None, node.name, node.before)] if node.before else []
        rows += [(node.name, None, node.after)] if node.after else []
    columns = (Column("from", "From"), Column("to", "To"), Column("state", "State"))
    return Table("thread-links", "Every link from need to outcome", columns, tuple(rows), missing="nothing")


# --- as a nested list --------------------------------------------------------------------


def tree(plan: Plan, reference: Reference, context: Context) -> Tree:
    """Need, ambition, scheme, money and outcome one below the other; what is broken says so."""
    branches = [_need(plan, reference, context, p) for p in plan.needs.priorities]
    branches += _loose(plan, reference, context)
    return Tree("thread", "Each need, followed to its outcome", tuple(branches))


def _need(plan: Plan, reference: Reference, context: Context, priority: Priority) -> Branch:
    own = [(n, a) for n, a in enumerate(plan.ambitions.items) if priority.id in a.priorities]
    below = [_ambition(plan, reference, context, n, a, priority.id) for n, a in own]
    if not below:
        below = [Branch("No ambition serves this need.", broken=True)]
    if not any(priority.id in s.priorities for s in context.funded):
        below.append(Branch("No funded scheme serves this need.", broken=True))
    return Branch(f"Need: {priority.title or 'without a name'}", tuple(below))


def _ambition(
    plan: Plan, reference: Reference, context: Context, n: int, ambition: Ambition, need: str = ""
) -> Branch:
    serving = [s for s in context.funded if ambition.number in s.ambitions]
    own = [s for s in serving if not need or not s.priorities or need in s.priorities]
    below = _few([_scheme(plan, s) for s in own])
    if not serving:
        below = [Branch("No funded scheme serves this ambition.", broken=True)]
    elif not own:
        others = plural(len(serving), "scheme serves", "schemes serve")
        below = [Branch(f"{others} this ambition for other needs.")]
    found = context.outlooks[n]
    words = outcome_words(found) or shorten(ambition.in_words, _LONGEST, placeholder=" …")
    if not words:
        below.append(Branch("Outcome: no level chosen.", broken=True))
    elif _falls_short(found):
        below.append(Branch(f"Outcome: {words}; the funded schemes do not reach it.", broken=True))
    else:
        below.append(Branch(f"Outcome: {words}"))
    return Branch(f"Ambition {ambition.number}: {title_of(reference, ambition.number)}", tuple(below))


def _few(branches: list[Branch]) -> list[Branch]:
    """Of many the broken ones first, and the others as a count."""
    if len(branches) <= _MOST_LISTED:
        return branches
    first = sorted(branches, key=lambda b: not _any_broken(b))[:_MOST_LISTED]
    left = [b for b in branches if b not in first]
    broken = sum(map(_any_broken, left))
    state = f"{broken} of them with a link that is broken or in doubt" if broken else "with no broken link"
    return [*first, Branch(f"{plural(len(left), 'more scheme')}, {state}.", broken=bool(broken))]


def _any_broken(branch: Branch) -> bool:
    return branch.broken or any(map(_any_broken, branch.branches))


def _scheme(plan: Plan, scheme: Scheme) -> Branch:
    lines = {line.id: line for line in plan.budget.lines}
    line = lines.get(scheme.line)
    cost = [f"{pounds(scheme.recurrent_cost)} a year"] if scheme.recurrent_cost else []
    cost += [f"{pounds(scheme.set_up_cost)} once"] if scheme.set_up_cost else []
    paid = listed(cost) or "no cost entered"
    name = f"Scheme: {scheme.name or 'without a name'}"
    below = _stops(plan, scheme)
    if line:
        return Branch(f"{name}; {paid} on the budget line {line.name}", tuple(below))
    return Branch(name, (Branch(f"Money: {paid}, and no budget line named.", broken=True), *below))


def _stops(plan: Plan, scheme: Scheme) -> list[Branch]:
    service = next((s for s in plan.decommissioning.services if s.id == scheme.stops), None)
    claims = scheme.gross_saving * scheme.cashable_share
    if service is None:
        return (
            [Branch(f"Saving of {pounds(claims)} a year: no service stops for it.", broken=True)]
            if claims
            else []
        )
    if service.decision not in _STOPPING:
        state = {"keep": "is to be kept", "considering": "is not decided"}[service.decision]
        return [Branch(f"Service that has to stop: {service.name}, which {state}.", broken=True)]
    left = decommissioning.unmet(service) if service.users else 0
    ends = f" on {day(service.stop_date)}" if service.stop_date else ""
    verb = "stops" if service.decision == "stop" else "changes"
    if left > 0.5:
        return [
            Branch(
                f"Service that {verb}{ends}: {service.name}; {number(left, 0)} of its users have nowhere to go.",
                broken=True,
            )
        ]
    return [Branch(f"Service that {verb}{ends}: {service.name}.")]


def _loose(plan: Plan, reference: Reference, context: Context) -> list[Branch]:
    """What hangs on no need: ambitions, schemes and services that stop."""
    known = {p.id for p in plan.needs.priorities}
    ambitions = [
        _ambition(plan, reference, context, n, a)
        for n, a in enumerate(plan.ambitions.items)
        if is_set(a) and not known.intersection(a.priorities)
    ]
    set_ = {a.number for a in plan.ambitions.items if is_set(a) or a.measure}
    schemes = [_scheme(plan, s) for s in context.funded if not set_.intersection(s.ambitions)]
    tied = {s.stops for s in context.funded}
    services = [
        _service(s) for s in plan.decommissioning.services if s.decision in _STOPPING and s.id not in tied
    ]
    found = []
    if ambitions:
        found.append(Branch("Ambitions that serve no need", tuple(ambitions), broken=True))
    if schemes:
        found.append(Branch("Funded schemes that serve no ambition", tuple(_few(schemes)), broken=True))
    if services:
        found.append(Branch("Services that stop or change for no scheme", tuple(services)))
    return found


def _service(service: Service) -> Branch:
    left = decommissioning.unmet(service) if service.users else 0
    if left > 0.5:
        return Branch(f"{service.name}: {number(left, 0)} of its users have nowhere to go.", broken=True)
    return Branch(service.name)

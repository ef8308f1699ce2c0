"""The comparison as one page: sentences first, then dots, then tables that can be sorted and filtered.

Without its script the page is whole: every table stands there, in the order of the batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import quote

from workbook.blocks import SEVERITIES
from workbook.pack.comparison import said
from workbook.pack.comparison.dots import strip
from workbook.pack.comparison.figures import Pack
from workbook.pack.comparison.groups import Group, Purse, groups, purses, spread
from workbook.pack.summary import STATUS
from workbook.render import html
from workbook.render.svg import draw
from workbook.steps import TITLES
from workbook.words import financial_year, in_unit, listed, number, plural

_MOST_DRAWN = 40  # groups with a chart; a batch of many odd plans would draw hundreds
Cells = Sequence[str]
Row = tuple[Pack, Cells, bool]


def page(packs: Sequence[Pack]) -> str:
    """The page of all packs of a batch."""
    good = [p for p in packs if p.status != "failed"]
    found, money = groups(good), purses(good)
    several = len(good) > 1
    heading = f"{plural(len(good), 'plan').capitalize()} side by side"
    parts = [
        f"<h1>{heading}</h1>",
        "<p><a href=index.html>All packs, with their documents and those that failed</a>. The same figures: "
        "<a href=comparison.xlsx>spreadsheet</a>, <a href=comparison.csv>one row a figure (CSV)</a>.</p>",
    ]
    if any(p.synthetic for p in good):
        parts.append(
            "<p><strong>Areas called made up are synthetic, for demonstration or teaching.</strong></p>"
        )
    parts += _sentences(said.of_batch(packs, found))
    if good:
        parts.append(_FORM)
        parts += [
            *(
                f"<details><summary>{escape(_HOW)}</summary><p>{escape(said.RULE)}</p></details>"
                for _ in [0]
                if several
            ),
            *_ambitions(found, several),
            *_purses(money, several),
            "<h2>Findings and data</h2>",
            _findings(good),
        ]
    script = html.script_text("comparison") if good else ""
    return _PAGE.format(
        policy=html.policy_of(script),
        title=heading,
        css=html.style("comparison"),
        body="\n".join(parts),
        script=f"<script>{script}</script>" if script else "",
    )


_HOW = "How it is decided what stands out"


def _sentences(sentences: Iterable[str]) -> list[str]:
    lines = "\n".join(f"<li>{escape(line)}</li>" for line in sentences)
    return [f"<ul>\n{lines}\n</ul>"] if lines else []


def _ambitions(found: Sequence[Group], several: bool) -> list[str]:
    parts = ["<h2>Ambitions</h2>"] if found else []
    for n, group in enumerate(found):
        parts.append(f"<h3>{escape(said.title(group))}</h3>")
        if several:
            parts += _sentences(said.of_group(group))
            parts += _dots(group.values("change"), f"ambition-{n}",
                           f"Change chosen a year ({group.change_unit})") if n < _MOST_DRAWN else []  # fmt: skip
        parts.append(_levels(group, n))
    return parts


def _dots(values: Sequence[float | None], uid: str, label: str) -> list[str]:
    """A strip of dots, with what it shows in words for whoever does not see it."""
    found = spread(values)
    spec = strip(values, found.outside, label)
    if spec is None:
        return []
    alt = (
        f"One dot for each of {plural(found.count, 'area')}. Half lie between {said.level(found.low)} and "
        f"{said.level(found.high)}; {len(found.outside) or 'none'} stand out. The figures are in the next table."
    )
    svg = draw(spec, title=label, alt=alt, uid=uid)
    return [f'<div class=wide tabindex=0 role=region aria-label="Chart: {escape(label)}">{svg}</div>']


def _levels(group: Group, n: int) -> str:
    heads = (
        "Baseline",
        "Chosen in the last year",
        f"Change chosen ({group.change_unit})",
        "If nothing is done",
        "Past moves as good (%)",
    )
    apart = said.outside(group)
    figures = ("baseline", "chosen", "change", "do_nothing")
    rows: list[Row] = []
    for pack, a in group.members:
        cells = [said.level(a[f]) for f in figures]
        cells.append(number(a["plausibility"], 0))
        rows.append((pack, [*cells, listed(apart.get(pack.key, ()))], pack.key in apart))
    caption = (
        f"Ambition {group.ambition}: {group.measure}. Levels {in_unit(group.unit)}; baseline of {group.period}, the others of "
        f"{group.years[1]}. Past moves: share of what comparable areas achieved over as many years that was at least as good"
    )
    return _table(f"levels-{n}", caption, heads, rows, "Stands out on")


def _purses(money: Sequence[Purse], several: bool) -> list[str]:
    parts = ["<h2>Money</h2>"] if money else []
    for n, purse in enumerate(money):
        last = financial_year(purse.years[-1])
        first = financial_year(purse.years[0])
        parts.append(f"<h3>Left over or missing, {first} to {last}, {escape(said.kind(purse))}</h3>")
        if several:
            parts += _sentences(said.of_purse(purse))
            parts += _dots(
                purse.values("share"), f"money-{n}", f"Left over (+) or missing (-) in {last}, % of spend"
            )
        apart = said.outside(purse)
        rows: list[Row] = []
        for pack, m in purse.members:
            cells = [
                number(m["gap"], 0),
                number(m["share"], 1),
                number(m["total"], 0),
                number(m["total_share"], 1),
            ]
            cells += [number(m["lowest"], 0), financial_year(int(m["lowest_year"] or 0))]
            rows.append((pack, [*cells, listed(apart.get(pack.key, ()))], pack.key in apart))
        heads = (f"{last} (£000s)", f"{last} (% of spend)", "All years (£000s)", "All years (% of spend)",
                 "Lowest year (£000s)", "Which year")  # fmt: skip
        caption = (
            "Money left over (+) or missing (-) as planned, in cash of each year. A year without a figure is "
            "not available, and then neither are all years together"
        )
        parts.append(_table(f"money-{n}", caption, heads, rows, "Stands out on", words={6}))
    return parts


def _findings(good: Sequence[Pack]) -> str:
    heads = (
        "Block sign-off",
        "In doubt",
        "Notes",
        *(f"Of {s}" for s in TITLES),
        "Data series on hand",
        "Figures not available",
    )
    rows: list[Row] = []
    for pack in good:
        f = pack.figures
        found = f.get("findings", {})
        cells = [str(sum(step.get(kind, 0) for step in found.values())) for kind in SEVERITIES]
        cells += [str(sum(found.get(step, {}).values())) for step in TITLES]
        rows.append((pack, [*cells, str(f.get("series", 0)), str(f.get("without", 0))], False))
    return _table(
        "findings",
        "Open findings by what they do and by the step they belong to, and data (counts)",
        heads,
        rows,
        "",
    )


def _table(
    id: str, caption: str, heads: Cells, rows: Sequence[Row], last: str, words: Iterable[int] = ()
) -> str:
    """One table; ``words`` are the numbers of heads, counted from 1, that are no figures."""
    plain = set(words)
    ths = ["<th scope=col>Area", "<th scope=col>Status"]
    ths += [
        f"<th scope=col{'' if n in plain else ' data-kind=n'}>{escape(h)}" for n, h in enumerate(heads, 1)
    ]
    ths += [f"<th scope=col>{escape(last)}"] if last else []
    body = "\n".join(_row(row) for row in rows)
    return (
        f"<div class=wide tabindex=0 role=region aria-labelledby={id}><table class={'n' if last else 'counts'} data-sort>"
        f"<caption id={id}><span>{escape(caption)}.</span></caption><thead><tr>{''.join(ths)}</thead>\n<tbody>\n{body}\n</tbody></table></div>"
    )


def _row(row: Row) -> str:
    pack, cells, out = row
    name = escape(pack.name or pack.code) + (" (made up)" if pack.synthetic else "")
    link = f'<a href="{quote(pack.key)}/plan.html">{name}</a>'
    tds = "".join(f"<td>{escape(c)}" for c in (STATUS[pack.status], *cells))
    return f"<tr{' data-out' if out else ''}><th scope=row>{link} <small>{escape(pack.code)}</small>{tds}"


_FORM = """<form id=filter hidden aria-label="Show only some areas">
<label>Area <input name=words type=search size=18></label>
<label>Status <select name=status><option value="">all<option>Nothing blocks sign-off<option>Draft: blocking findings</select></label>
<label><input name=only type=checkbox> Only what stands out</label>
</form>
<p id=said role=status></p>"""

_PAGE = """<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<style>
{css}</style>
</head>
<body>
<main>
{body}
</main>
{script}
</body>
</html>
"""

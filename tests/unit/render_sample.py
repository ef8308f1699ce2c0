"""A document with every kind of block and the nastiest text a person could type."""

from __future__ import annotations

from datetime import UTC, datetime

from workbook import charts
from workbook.blocks import (
    Block,
    Branch,
    Choice,
    Column,
    Figure,
    Finding,
    Heading,
    Item,
    Question,
    Table,
    Tree,
    Words,
)
from workbook.render.document import Document, Part

SCRIPT = "<script>alert(1)</script>"
FORMULA = '=HYPERLINK("http://example.invalid","x")'
TYPST = "#text[*x*] $x$ _y_ @z `w` \\n"
NOTE_MARK = "$$note$$ and [a link](http://example.invalid)"
LONG_WORD = "https://example.invalid/" + "averylongword" * 12
EMOJI = "Well done \U0001f600 \u4e2d\u6587 \x07bell"
HOSTILE = (SCRIPT, FORMULA, TYPST, NOTE_MARK, LONG_WORD, EMOJI)

YEARS = range(2016, 2026)
SAVED = datetime(2026, 5, 14, 10, 32, tzinfo=UTC)


def trend(id: str = "trend", areas: tuple[str, ...] = ("Own area", "England")) -> Figure:
    """A line chart with its table, as a step would give it."""
    rows = [
        {"year": y, "value": 160 - 2.3 * i + 9 * n, "series": a}
        for n, a in enumerate(areas)
        for i, y in enumerate(YEARS)
    ]
    spec = charts.trend(rows, unit="per 100,000", breaks=(2020,))
    table = Table(
        f"{id}-figures",
        "Treatable mortality by year",
        (Column("year", "Year"), *(Column(a, a, "per 100,000", 1) for a in areas)),
        tuple((y, *(160 - 2.3 * i + 9 * n for n in range(len(areas)))) for i, y in enumerate(YEARS)),
        source="Office for Health Improvement and Disparities, Fingertips, 2025",
    )
    title = "Treatable mortality fell from 160 to 139 per 100,000 in ten years"
    return Figure(
        id, title, spec, "Two falling lines; the own area stays below England.", table, table.source
    )


def bars(id: str = "bars") -> Figure:
    """A stacked bar chart with hostile words in its title and description."""
    rows = [
        {"category": f"{y}/{(y + 1) % 100}", "value": 400 + 30 * i + 90 * n, "series": s}
        for n, s in enumerate(("Acute", "Community", f"Prevention {EMOJI[:11]} {SCRIPT}"))
        for i, y in enumerate(range(2025, 2031))
    ]
    spec = charts.bars(rows, unit="£ million")
    table = Table(
        f"{id}-figures",
        "Spend by year",
        (
            Column("category", "Financial year"),
            Column("series", "Programme"),
            Column("value", "Spend", "£ million", 0),
        ),
        tuple((r["category"], r["series"], r["value"]) for r in rows),
    )
    return Figure(id, f"Spend moves towards prevention {SCRIPT}", spec, f'Bars "rise" {SCRIPT} & grow', table)


def long_table() -> Table:
    """25 rows, with figures, gaps, a year and a note."""
    rows = tuple(
        (f"Area {i:02d}", 2025, 150.25 - i if i % 6 else None, 1234567 + i, i / 7, i % 2 == 0)
        for i in range(25)
    )
    columns = (
        Column("area", "Area"),
        Column("year", "Year"),
        Column(
            "rate", "Treatable mortality", "per 100,000", 1, "Standardised to the 2013 European population."
        ),
        Column("population", "Population"),
        Column("share", "Share", "%", 1),
        Column("better", "Better than England"),
    )
    return Table(
        "long",
        "All areas compared with England",
        columns,
        rows,
        "Fingertips, 2025",
        "Small numbers are left out.",
    )


def wide_table(columns: int = 12) -> Table:
    """A table of many columns."""
    years = range(2025, 2024 + columns)
    heads = (
        Column("scheme", "Scheme"),
        *(Column(f"y{y}", f"{y}/{(y + 1) % 100:02d}", "£000s", 0) for y in years),
    )
    rows = tuple(
        (f"Scheme {i} with a longer name", *(1000.0 * i + j for j in range(columns - 1))) for i in range(6)
    )
    return Table(
        f"wide-{columns}", f"Money by scheme and year, {columns} columns", heads, rows, "Finance return"
    )


def hostile_table() -> Table:
    """Cells that would be code in some format."""
    return Table(
        "hostile: [table]/with*a?bad\\name",
        f"Hostile cells {SCRIPT}",
        (Column("text", "What was typed"), Column("again", "And again", "£")),
        tuple((t, t) for t in (*HOSTILE, "+1", "-1+2", "@sum", "---", "", "line one\nline two")),
        note=TYPST,
    )


def question(prompt: str, kind: str = "text", answer: object = None, **more: object) -> Question:
    """A question whose path follows from its prompt."""
    path = "/" + prompt.lower().replace(" ", "-")
    return Question(path=path, prompt=prompt, kind=kind, answer=answer, **more)  # type: ignore[arg-type]


SCORES = (Choice("yes", "Yes, fully"), Choice("partly", "Partly"), Choice("no", "No"))


def checks() -> tuple[Question, ...]:
    """Checks of a question bank, one of them open."""
    full = {
        "answer": "partly",
        "evidence": f"Board paper 12, March 2026 {SCRIPT}",
        "owner": "Chief nurse",
        "due": "2026-09-30",
    }
    return (
        question("Is the case for change written down?", "check", full, choices=SCORES, source="TDC-01.1"),
        question(
            "Were residents asked, including those seldom heard?",
            "check",
            {**full, "answer": "yes", "due": None},
            choices=SCORES,
            source="TDC-01.2",
        ),
        question(
            "Is the effect on equality assessed?",
            "check",
            {"answer": "", "evidence": ""},
            choices=SCORES,
            source="TDC-01.3",
        ),
    )


def schemes() -> Question:
    """Twenty entries of fifteen fields."""
    return Question(
        path="/budget/schemes",
        prompt="Schemes",
        kind="rows",
        item_name="scheme",
        items=tuple(_scheme(i) for i in range(1, 21)),
    )


def _scheme(i: int) -> Item:
    name = f"Scheme {i}: same-day care in neighbourhood {i}"
    phases = tuple(
        Item(f"{y}/{(y + 1) % 100}", (question("Cost", "number", 100.0 * i + y - 2025, unit="£000s"),))
        for y in range(2026, 2030)
    )
    return Item(
        name,
        (
            question("Scheme", "text", name),
            question(
                "What will change for people",
                "long",
                "People are seen on the day they call.\nFewer go to hospital. " * 3,
            ),
            question("Owner", "text", "Director of integration" if i % 3 else "", required=True),
            question("Lead provider", "text", "Community trust"),
            question("Starts", "date", "2026-04-01"),
            question("Financial year", "integer", 2026),
            question("People reached", "integer", 12000 + i),
            question("Cost a year", "number", 1250.0, unit="£000s"),
            question("Saving a year", "number", 900.5, unit="£000s"),
            question("Cashable", "yesno", True),
            question(
                "Ambitions served",
                "choices",
                ["1", "2"],
                choices=(Choice("1", "Ambition 1"), Choice("2", "Ambition 2")),
            ),
            question("Evidence", "choice", "yes", choices=SCORES),
            question("Risk", "long", TYPST),
            question("Mitigation", "long", ""),
            question("Phasing", "rows", items=phases),
        ),
    )


def priorities() -> Question:
    """A short, uniform list."""
    items = tuple(
        Item(
            f"Priority {i}",
            (
                question("Priority", "text", f"Priority {i}"),
                question(
                    "Why this, and why now", "long", "Deaths that care could have prevented are above peers."
                ),
                question("Owner", "text", "Director of public health" if i > 1 else None, required=True),
                question("Size", "number", 1200 * i, unit="people"),
            ),
        )
        for i in range(1, 4)
    )
    return Question(
        "/needs/priorities", "Priorities", "rows", items=items, item_name="priority", source="CST-04"
    )


def needs() -> tuple[Block, ...]:
    """A part with charts, tables and questions."""
    return (
        Words(("Where the area stands, measured against England and its peers.",), "lead"),
        Heading("How the area compares", "compare"),
        trend(),
        question(
            "What does this tell you",
            "long",
            f"Rates are falling, but slower than peers. {SCRIPT}\n\nSecond paragraph.",
        ),
        question("Reviewed on", "date", "2026-05-01"),
        question("Vision", "text", "", required=True),
        question("Reason", "long", None),
        long_table(),
        Heading("What people said", "voices"),
        Words(("Residents of all ages were asked.", "Carers were heard separately.", LONG_WORD), "list"),
        priorities(),
        Finding(
            "T-01",
            "blocks",
            f"Ambition 1 has no funded scheme {SCRIPT}.",
            "Name a scheme that serves it, or take the ambition out.",
            "ambitions",
        ),
        Finding("T-02", "doubt", "The base year is two years older than the money.", "Say why.", "needs"),
        Finding("T-03", "note", "One figure is a three-year average.", "", "needs"),
        Table("empty", "Practices without a return", (Column("a", "Practice"), Column("b", "Why")), ()),
    )


def thread() -> Tree:
    """A nested list of four levels, one branch of it broken."""
    money = Branch("Money: £1.2 million a year")
    scheme = Branch(f"Scheme: same-day care {SCRIPT}", (money, Branch("Outcome: not named", (), broken=True)))
    return Tree(
        "thread",
        "From need to outcome",
        (
            Branch("Need: early deaths", (Branch(f"Ambition: fewer of them {TYPST}", (scheme,)),)),
            Branch("Need: waits", broken=True),
        ),
    )


def budget() -> tuple[Block, ...]:
    """A part with money, wide tables and a long list."""
    return (
        Words((TYPST, "Money is in thousands of pounds unless said otherwise."), "plain"),
        bars(),
        Heading("Schemes", "schemes"),
        schemes(),
        Heading("A deeper heading that skips a level", "deep", 4),
        wide_table(8),
        wide_table(12),
        hostile_table(),
        thread(),
        Heading("Checks", "checks", new_page=True),
        *checks(),
        question(
            "Scope chosen",
            "group",
            items=(
                Item(
                    "",
                    (question("Scope", "choice", "partly", choices=SCORES), question("Why", "long", FORMULA)),
                ),
            ),
        ),
    )


def document(**changes: object) -> Document:
    """The sample, with any of its fields changed."""
    summary = (
        Words(("Northshire wants fewer people to die of illness that care can treat.",), "lead"),
        Finding(
            "T-01", "blocks", "Ambition 1 has no funded scheme.", "Name a scheme that serves it.", "ambitions"
        ),
        trend("summary-trend", ("Own area", "England", "Peers")),
    )
    fields = {
        "title": "Five-year commissioning plan",
        "area": "Northshire (synthetic)",
        "period": "2026/27 to 2030/31",
        "status": "DRAFT",
        "revision": 7,
        "saved": SAVED,
        "saved_by": "A. Planner <planner>",
        "synthetic": True,
        "summary": summary,
        "parts": (Part("needs", "What people need", needs()), Part("budget", "Budget & schemes", budget())),
        "attribution": (
            "Contains public sector information licensed under the Open Government Licence v3.0.",
        ),
        "version": "0.1.0",
    }
    return Document(**{**fields, **changes})  # type: ignore[arg-type]

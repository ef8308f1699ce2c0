"""Question 1, the people: who was asked and who was not, what matters to them, and how they take part."""

from __future__ import annotations

from workbook.blocks import Block, Column, Heading, Table, Words, table
from workbook.plan import Plan
from workbook.plan.sections import Voice
from workbook.reference import Reference
from workbook.steps import asking
from workbook.words import listed, number, plural

# The kinds of people a plan should have heard, as a sentence names them.
KINDS = {
    "residents": "residents",
    "patients": "patients",
    "carers": "carers",
    "staff": "staff",
    "voluntary-sector": "the voluntary sector",
    "providers": "providers",
}


def part(plan: Plan, reference: Reference) -> list[Block]:
    """What people said, what matters to them beyond health care, and the six ways of taking part."""
    framework = reference.framework("CST-04")
    links = asking.priorities(plan)
    return [
        Heading("What people said", "people", 3),
        heard(plan),
        *([_said(plan)] if plan.needs.voices else []),
        asking.ask(plan, reference, "/needs/voices", detail=True),
        Heading("What matters to people beyond health care, and how they take part", "taking-part", 3),
        Words((_own_outcomes(plan),)),
        *asking.bank(plan, reference.framework("CFO-01"), "/needs/answers", links),
        *asking.bank(plan, framework, "/needs/answers", links),
    ]


def kinds_heard(voices: list[Voice]) -> list[str]:
    """The kinds of people among the voices, in the order of :data:`KINDS`; those of no kind left out."""
    found = {voice.kind for voice in voices}
    return [kind for kind in KINDS if kind in found]


def records(plan: Plan) -> list[Voice]:
    """The entries for which somebody was asked, or may have been; one of nobody is an example and no evidence."""
    return [voice for voice in plan.needs.voices if voice.asked != 0]


def unheard(plan: Plan) -> list[str]:
    """The priorities that no voice speaks to, by title."""
    spoken = {voice.priority for voice in records(plan)}
    return [p.title or p.id for p in plan.needs.priorities if p.id not in spoken]


def heard(plan: Plan) -> Words:
    """Who was asked, which kinds of people were not, and which priority nobody was asked about."""
    voices = records(plan)
    if not voices:
        return Words(
            (
                "Nobody's words are in the plan yet. Write down who was asked, how, what they said, "
                "and who was not heard.",
            )
        )
    kinds = kinds_heard(voices)
    missing = [words for kind, words in KINDS.items() if kind not in kinds]
    lines = [_asked(voices, [KINDS[kind] for kind in kinds] if missing else [])]
    if not kinds:
        lines.append("What kind of people they were is not said, so it cannot be told who is missing.")
    elif missing:
        lines.append(f"Not on record as asked: {listed(missing, 'or')}.")
    else:
        lines.append(f"All of these were asked: {listed(KINDS.values())}.")
    silent = sum(not voice.not_heard for voice in voices)
    if silent:
        lines.append(f"{plural(silent, 'entry does', 'entries do')} not say who was not heard.")
    if without := unheard(plan):
        lines.append(f"Nobody is on record on {listed(f'“{title}”' for title in without)}.")
    return Words(tuple(lines))


def _said(plan: Plan) -> Table:
    titles = {p.id: p.title or p.id for p in plan.needs.priorities}
    return table(
        "voices",
        "What people said, and who was not heard",
        [
            Column("who", "Who was asked"),
            Column("said", "What they said"),
            Column("not_heard", "Who was not heard"),
            Column("priority", "Priority it speaks to"),
        ],
        [
            {
                "who": _who(v),
                "said": v.said,
                "not_heard": v.not_heard or None,
                "priority": titles.get(v.priority, "none"),
            }
            for v in plan.needs.voices
        ],
        missing="not said",
    )


def _who(v: Voice) -> str:
    """ "Residents in six town halls (residents; 212 asked; October 2025)"."""
    kinds = KINDS | {"other": "others"}
    asked = "how many not said" if v.asked is None else f"{number(v.asked, 0)} asked"
    return f"{v.who} ({'; '.join(filter(None, (kinds[v.kind].removeprefix('the '), asked, v.when)))})"


def _asked(voices: list[Voice], kinds: list[str]) -> str:
    counted = [voice.asked for voice in voices if voice.asked is not None]
    of_no_kind = sum(voice.kind not in KINDS for voice in voices)
    said = f"{plural(len(voices), 'entry', 'entries')} on record"
    if kinds:
        said += f", from {listed(kinds)}"
    if kinds and of_no_kind:
        said += f", and {of_no_kind} from others"
    if not counted:
        return f"{said}. None says how many people were asked."
    part = (
        ""
        if len(counted) == len(voices)
        else f" in the {plural(len(counted), 'entry that says so', 'entries that say so')}"
    )
    return f"{said}. {number(sum(counted), 0)} people were asked{part}; whoever was asked twice counts twice."


def _own_outcomes(plan: Plan) -> str:
    """What people named for themselves, which is kept beside the ambitions in step 2."""
    outcomes = plan.ambitions.citizens
    return (
        f"{plural(len(outcomes), 'outcome')} that people named for themselves "
        f"{'stands' if len(outcomes) == 1 else 'stand'} beside the seven ambitions in step 2, where they are kept: "
        f"{'; '.join(o.outcome for o in outcomes)}."
        if outcomes
        else "None of their own outcomes is listed yet: write them down in step 2, beside the seven ambitions."
    )


def example_vision(plan: Plan, reference: Reference) -> list[Block]:
    """How one area put its vision on a page, shown only while the plan has none."""
    if plan.vision.statement or plan.vision.wants or plan.vision.means:
        return []
    framework = reference.framework("CFO-13")
    columns = {group: [i.label for i in framework.items if i.group == group] for group in ("wants", "means")}
    longest = max(len(rows) for rows in columns.values())
    rows = [
        {group: labels[n] if n < len(labels) else "" for group, labels in columns.items()}
        for n in range(longest)
    ]
    return [
        table(
            "example-vision",
            "A vision on one page: what Southend wanted in its draft of 2014, and by what means",
            [Column("wants", "What it wanted"), Column("means", "How it meant to get there")],
            rows,
            source=f"{framework.source}; {framework.id}",
            note="In the workbook's own words, as an example of the form. It goes once yours is begun.",
            missing="",
        )
    ]

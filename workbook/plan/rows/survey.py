"""Scores of the scope as survey tools export them, turned into the long table of responses.

Understood: Microsoft Forms (a column for each statement; a statement that comes again has a number behind it),
Google Forms ("Question [Row]"), LimeSurvey ("code[SQ001]" or "Question [Row]"), SurveyMonkey (two header rows) and
the long form (one score in a row). Options and criteria are recognised by their id, by the end of it ("r2"), by
their label or by an own name, alone or within a longer heading. Scores are 1 to 5, or words for them.

Times, names and addresses are not kept: of each person only the role is, where a column gives it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from workbook.plan.rows.cells import Cell, same
from workbook.plan.rows.reading import Sheet
from workbook.words import listed, plural

Labels = Mapping[str, str]  # label by id, in the order in which they are asked

_WORDS = {
    1: "strongly disagree; not at all; does not meet it; does not meet; very poor; very poorly; very low; none; never",
    2: "disagree; slightly; a little; meets little of it; poor; poorly; low; rarely",
    3: "neither agree nor disagree; neutral; neither; partly; somewhat; moderately; partially; fair; medium; "
    "meets part of it; sometimes",
    4: "agree; mostly; largely; mostly meets it; meets most of it; good; well; high; often",
    5: "strongly agree; fully; completely; meets it fully; fully meets it; totally; very good; very well; very high; always",
}
_SCORES = {same(word): score for score, words in _WORDS.items() for word in words.split(";")}
_NO_SCORE = {
    same(w)
    for w in (
        "n/a",
        "not applicable",
        "don't know",
        "do not know",
        "not sure",
        "unsure",
        "no answer",
        "no opinion",
        "prefer not to say",
        "-",
    )
}
_ROLE = re.compile(r"\b(role|job title|position|scored by|respondent)\b", re.IGNORECASE)
_PERSONAL_WORDS = (
    "id; start time; completion time; last modified time; email; email address; e-mail; name; your name; full name; "
    "first name; last name; surname; timestamp; date submitted; submitdate; last page; start language; seed; date started; "
    "startdate; date last action; datestamp; ip address; ipaddr; referrer url; refurl; response id; respondent id; "
    "collector id; start date; end date; date created; date modified; custom data 1; custom data; language; username; "
    "phone; telephone; total time; token"
)
_PERSONAL = {same(word) for word in _PERSONAL_WORDS.split(";")}
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_AGAIN = re.compile(r"(.*\D)(\d{1,2})$")
_TABLE = "scope-responses"
LONG_FORM = ["Response", "Scored by", "Option", "Criterion", "Score"]


@dataclass(frozen=True)
class _Place:
    """What a column of a wide file scores."""

    option: str
    criterion: str


def responses(
    sheet: Sheet, options: Labels, criteria: Labels, *, own: Mapping[str, str] | None = None
) -> Sheet:
    """The long table of responses from a survey's export, ready for ``bring``.

    ``options`` and ``criteria`` are the labels by id in the order in which they stand on the page; ``own`` are further
    names of either, by name. What could not be read is said on the sheet that is given back; one that is in the
    long form already is given back as it is.
    """
    names = own or {}
    if _is_long(sheet):
        return Sheet(sheet.file, sheet.name, _long_header(sheet.header), sheet.rows, sheet.said, _TABLE)
    header, rows = _one_header(sheet)
    made = Sheet(sheet.file, sheet.name, LONG_FORM, [], sheet.said, _TABLE)
    places = _places(header, _Finder(options, names), _Finder(criteria, names), made)
    if not places:
        made.say(
            "No column is recognised as the score of an option by a criterion.",
            f"Let a heading name both, as “Question [Row]” does. Options: {_offered(options)}. Criteria: {_offered(criteria)}.",
            1,
        )
        return made
    role = next(
        (n for n, h in enumerate(header) if _ROLE.search(h) and same(h) not in _PERSONAL and n not in places),
        None,
    )
    _say_left_out(header, {*places, *([role] if role is not None else [])}, options, criteria, made)
    for person, (number, line) in enumerate(rows, start=1):
        _person(made, person, number, line, places, role, header)
    return made


# --- headings -------------------------------------------------------------------


class _Finder:
    """Finds the option, or the criterion, that a text names."""

    def __init__(self, labels: Labels, own: Mapping[str, str]) -> None:
        self.exact: dict[str, str] = {}
        for id, label in labels.items():
            self.exact[same(id)] = id
            self.exact[same(label)] = id
            self.exact.setdefault(same(id.rpartition(".")[2]), id)
        self.exact |= {same(name): id for name, id in own.items() if id in labels}
        self.exact.pop("", None)
        # Short codes are looked for as whole texts only: "r1" stands in many a word.
        self.inside = sorted((n for n in self.exact if len(n) > 4), key=len, reverse=True)

    def whole(self, text: str) -> str:
        return self.exact.get(same(text), "")

    def within(self, text: str) -> str:
        plain = same(text)
        return next((self.exact[name] for name in self.inside if name in plain), "")


def _places(header: list[str], options: _Finder, criteria: _Finder, made: Sheet) -> dict[int, _Place]:
    """What each column scores; columns that name only a criterion are taken in the order of the options."""
    found: dict[int, _Place] = {}
    alone: dict[str, list[int]] = {}
    for n, heading in enumerate(header):
        option, criterion = _both(heading, options, criteria)
        if option and criterion:
            found[n] = _Place(option, criterion)
        elif only := criteria.whole(_without_number(heading, criteria)):
            alone.setdefault(only, []).append(n)
    ids = list(dict.fromkeys(options.exact.values()))
    in_order = bool(alone) and not found and all(len(columns) == len(ids) for columns in alone.values())
    if in_order:
        for criterion, columns in alone.items():
            found |= {n: _Place(option, criterion) for n, option in zip(columns, ids, strict=True)}
        made.say(
            f"The columns name the criterion only, each {plural(len(ids), 'time')}: they were taken in the order of the options.",
            "Check that the survey asked about the options in the order of the page.",
            1,
            severity="says",
        )
    return found


def _both(heading: str, options: _Finder, criteria: _Finder) -> tuple[str, str]:
    """The option and the criterion in one heading: in its two parts, in either order, or anywhere within it."""
    parts = _parts(heading)
    for first, second in (parts, parts[::-1]) if len(parts) == 2 else ():
        option = options.whole(first) or options.within(first)
        criterion = criteria.whole(second) or criteria.within(second)
        if option and criterion:
            return option, criterion
    return options.within(heading), criteria.within(heading)


def _parts(heading: str) -> list[str]:
    if inside := re.fullmatch(r"(.*?)\s*\[([^\[\]]*)\]\s*", heading, re.DOTALL):
        return [inside[1], inside[2]]
    for mark in (" - ", " | ", " > ", " / ", ": ", "_", "."):
        if heading.count(mark) == 1:
            return heading.split(mark)
    return [heading]


def _without_number(heading: str, finder: _Finder) -> str:
    """A heading without the number that a tool puts behind one that comes again."""
    if finder.whole(heading):
        return heading
    again = _AGAIN.fullmatch(heading.strip())
    return again[1] if again else heading


def _is_long(sheet: Sheet) -> bool:
    names = {same(h) for h in sheet.header}
    return bool(names & {"option", "budget", "scope"}) and "criterion" in names and "score" in names


def _long_header(header: list[str]) -> list[str]:
    renamed = {"role": "Scored by", "respondent": "Scored by", "budget": "Option", "scope": "Option"}
    return [renamed.get(same(h), h) for h in header]


def _one_header(sheet: Sheet) -> tuple[list[str], list[tuple[int, list[Cell]]]]:
    """The headings; of two header rows, each of the second under the one of the first that spans it."""
    header, rows = [*sheet.header], sheet.rows
    if not rows or (sum(not h for h in header) == 0 and "responseid" not in same("".join(header[:1]))):
        return header, rows
    number, second = rows[0]
    below = [cell.text.strip() for cell in second]
    if number != 2 or not any(below) or not _looks_like_header(header, below):
        return header, rows
    # What stands beyond the last heading of the first row stands under that heading.
    sheet.said[:] = [s for s in sheet.said if s.severity != "refuses" or s.row != number]
    made, above = [], ""
    for n in range(max(len(header), len(below))):
        above = (header[n] if n < len(header) else "") or above
        under = below[n] if n < len(below) else ""
        plain = not under or same(under) in {"response", "openendedresponse"}
        made.append(above if plain else f"{above} [{under}]")
    return made, rows[1:]


def _looks_like_header(header: list[str], below: list[str]) -> bool:
    """Whether the second row names what stands under a heading that spans several columns."""
    under_gap = [below[n] for n in range(min(len(header), len(below))) if not header[n]]
    return bool(under_gap) and all(not _score(Cell(text))[1] for text in under_gap if text)


# --- rows -------------------------------------------------------------------------


def _person(
    made: Sheet,
    person: int,
    number: int,
    line: list[Cell],
    places: dict[int, _Place],
    role: int | None,
    header: list[str],
) -> None:
    who = line[role].text.strip() if role is not None and role < len(line) else ""
    if _ADDRESS.search(who):
        made.say(
            "The role is an e-mail address, which is not kept.",
            "Give a role.",
            number,
            header[role or 0],
            "says",
        )
        who = ""
    given = 0
    for n, place in places.items():
        cell = line[n] if n < len(line) else Cell(None)
        score, known = _score(cell)
        if not known:
            made.say(
                f"“{cell.text[:60]}” is not read as a score.",
                "Write 1 to 5, words such as “strongly agree” or “mostly”, or leave it empty.",
                number,
                header[n],
            )
        if score is not None:
            given += 1
            texts = (who or f"Respondent {person}", place.option, place.criterion)
            made.rows.append((number, [Cell(person), *map(Cell, texts), Cell(score)]))
    if not given:
        made.say("The row holds no score and was left out.", "Nothing needs doing.", number, severity="says")


def _score(cell: Cell) -> tuple[int | None, bool]:
    """A score from 1 to 5, and whether the cell was understood; no score where none was given."""
    if cell.empty:
        return None, True
    if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
        whole = float(cell.value).is_integer() and 1 <= cell.value <= 5
        return (int(cell.value), True) if whole else (None, False)
    text = cell.text.strip()
    if same(text) in _NO_SCORE or not same(text):
        return None, True
    if same(text) in _SCORES:
        return _SCORES[same(text)], True
    coded = re.fullmatch(r"(?:A|AO)0*([1-5])", text)
    leading = coded or re.fullmatch(r"([1-5])(?:\.0)?(?:\s*(?:[-:.=(]|out of 5|/\s*5)\D*)?", text)
    return (int(leading[1]), True) if leading else (None, False)


def _say_left_out(header: list[str], used: set[int], options: Labels, criteria: Labels, made: Sheet) -> None:
    personal = [h for n, h in enumerate(header) if n not in used and h and same(h) in _PERSONAL]
    other = [h for n, h in enumerate(header) if n not in used and h and same(h) not in _PERSONAL]
    if personal:
        made.say(
            f"Not kept, because it could tell who answered: {listed(personal)}.",
            "Only a role is kept, from a column called Role or Job title.",
            1,
            severity="says",
        )
    if other:
        made.say(
            f"Not recognised and left out: {'; '.join(h[:80] for h in other[:20])}.",
            f"A heading is recognised that names an option ({_offered(options)}) and a criterion ({_offered(criteria)}).",
            1,
            severity="says",
        )


def _offered(labels: Labels) -> str:
    return (
        "; ".join(f"{id} or {label}" if label != id else id for id, label in labels.items())
        or "none is known"
    )

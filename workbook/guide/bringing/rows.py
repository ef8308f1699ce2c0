"""Lists of a plan in from a spreadsheet and out to one: for the page, and for the command line.

What is known outside a plan (the rungs and criteria of the scope, the questions, the equality groups) is looked up
here, so that ids are checked and words of a survey are recognised.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from workbook.errors import BAD_INPUT, DONE, BadInput
from workbook.plan import rows, store
from workbook.plan.model import Plan
from workbook.steps import ladder
from workbook.words import plural

LARGEST = 5_000_000  # bytes of a file that comes by way of the page
RESPONSES = "/budget/scope/responses"
_SHOWN = 100  # faults, and remarks, listed on the page
_PRINTED = 200  # faults, and remarks, listed in a terminal; --json lists all
_DOUBTS = 10  # findings of the checks that are told of a file
_ANSWERED = ("budget-answers", "schemes-answers", "services-answers")


@dataclass
class Done:
    """What became of files that were to be brought in."""

    changes: list[rows.Change] = field(default_factory=list)
    said: list[rows.Said] = field(default_factory=list)
    faults: list[rows.Said] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)  # what the checks of the plan say now and did not before
    saved: bool = False
    revision: int = 0

    @property
    def exit_code(self) -> int:
        return BAD_INPUT if self.faults else DONE

    def sentences(self) -> list[str]:
        """What a person is told, line by line."""
        if self.faults:
            told = f"Nothing was changed: {plural(len(self.faults), 'fault')}."
            return [told, *_printed(self.faults), "Mend what is listed and bring the file in again."]
        state = f"Saved as revision {self.revision}." if self.saved else "Nothing was changed."
        return [
            *_printed(self.said),
            *map(str, self.changes),
            *(f"The checks of the plan say: {doubt}" for doubt in self.doubts),
            f"{rows.summary(self.changes)} {state}",
        ]

    def as_record(self) -> dict[str, Any]:
        """For a program."""
        return {
            "changes": [asdict(c) for c in self.changes],
            "said": [s.as_record() for s in self.said],
            "faults": [f.as_record() for f in self.faults],
            "doubts": self.doubts,
            "saved": self.saved,
            "revision": self.revision,
        }


def _printed(said: Sequence[rows.Said]) -> list[str]:
    more = [f"  and {len(said) - _PRINTED:,} more; --json lists them all"] if len(said) > _PRINTED else []
    return [*(f"  {s}" for s in said[:_PRINTED]), *more]


def doubts(before: Plan, after: Plan, reference: Any) -> list[str]:
    """What the checks say of ``after`` and did not say of ``before``, each with its remedy; of many, the first ten.

    A file whose every row is right may still make a plan that does not add up: contributions beside the size of
    their fund, an option that nobody scored.
    """
    from workbook.steps import thread

    if before == after:
        return []
    there = {(f.code, f.sentence) for f in thread.findings(before, reference)}
    found = [f for f in thread.findings(after, reference) if (f.code, f.sentence) not in there]
    found = [f for f in found if f.severity != "note"]
    said = [f"{f.sentence} {f.remedy}" for f in found[:_DOUBTS]]
    more = plural(len(found) - _DOUBTS, "further finding", "further findings")
    return [*said, f"{more}: see the checks of the plan."] if len(found) > _DOUBTS else said


def known(plan: Plan, reference: Any) -> dict[str, dict[str, str]]:
    """Ids and labels that lie outside the plan's lists, by what refers to them."""
    items = {i.id: i.label for framework in reference.frameworks() for i in framework.items}
    return {
        "scope_options": {r.id: r.label for r in ladder.rungs(plan, reference)},
        "scope_criteria": {c.id: c.label for c in ladder.criteria(plan, reference)},
        "services-equality": {g.id: g.label for g in reference.equality_groups()},
        **dict.fromkeys(_ANSWERED, items),
    }


def words(plan: Plan, reference: Any) -> dict[str, str]:
    """The words of every id, to stand beside it in a spreadsheet."""
    return {id: label for labels in known(plan, reference).values() for id, label in labels.items()}


def bring(
    plan: Plan,
    sheets: list[rows.Sheet],
    reference: Any,
    *,
    update: bool,
    only: Collection[str] = (),
    survey: bool = False,
) -> rows.Brought:
    """The plan with the rows of ``sheets``; ``survey``: they come from a survey tool. Raises FaultyRows."""
    outside = known(plan, reference)
    if survey:
        sheets = [
            rows.responses(s, outside["scope_options"], outside["scope_criteria"]) for s in sheets if s.header
        ]
    return rows.bring(plan, sheets, update=update, only=only, known=outside)


def take(path: Path, files: Sequence[Path], *, update: bool, dry_run: bool, survey: bool) -> Done:
    """Bring files into the plan at ``path`` and save it; with ``dry_run`` it is left as it is."""
    from workbook.reference import Reference

    plan = store.read(path)
    sheets = [sheet for file in files for sheet in rows.sheets(file)]
    reference = Reference.open()
    try:
        made = bring(plan, sheets, reference, update=update, survey=survey)
    except rows.FaultyRows as error:
        return Done(said=error.remarks, faults=error.faults, revision=plan.revision)
    done = Done(made.changes, made.said, revision=plan.revision)
    done.doubts = doubts(plan, made.plan, reference)
    if made.plan != plan and not dry_run:
        done.revision, done.saved = store.write(made.plan, path).revision, True
    return done


def write_out(plan: Plan | None, out: Path, only: Collection[str] = ()) -> str:
    """Write the lists to ``out``: a spreadsheet where it ends in .xlsx, otherwise a folder of CSV files.

    Without a plan the lists are empty. Says what was written. Raises BadInput where something is there already.
    """
    beside = None
    if plan is not None:
        from workbook.reference import Reference

        beside = words(plan, Reference.open())
    if out.suffix.lower() == ".xlsx":
        files = {out: rows.workbook(plan, only, beside)}
    elif out.suffix and not out.is_dir():
        raise BadInput(
            f"{out.name} ends neither in .xlsx nor is it a folder.", "Name a spreadsheet or a folder."
        )
    else:
        files = {out / name: content for name, content in rows.csv_files(plan, only, beside).items()}
    for file in files:
        if file.exists():
            raise BadInput(f"{file} is there already and may hold your rows.", "Choose another name.")
    for file, content in files.items():
        store.replace_file(file, content)
    return plural(len(rows.chosen(only)), "list")


# --- on the page ------------------------------------------------------------------


def uploaded(path: str, name: str, content: bytes) -> list[rows.Sheet]:
    """The sheets of a file that was chosen under a list. Raises BadInput."""
    if len(content) > LARGEST:
        raise BadInput(
            f"{name} is larger than {LARGEST // 10**6} MB.", "Save only the sheets that are to be brought in."
        )
    sheets = rows.sheets_of(Path(name).name[:100], content)
    if len(sheets) == 1 and not sheets[0].name and path != RESPONSES:
        inside = [t.name for t in rows.at(path)]
        # A CSV file under one list is meant for it, whatever it is called.
        return rows.meant(sheets, inside)
    own = [s for s in sheets if s.name == rows.at(path)[0].name]
    return own if path == RESPONSES and own else sheets


def controls(path: str, prompt: str, name: str) -> str:
    """The part of a list's form that brings rows in and takes them out; "" where the list is no table."""
    if not rows.at(path):
        return ""
    about = f'<span class="wg-unseen">: {escape(prompt)}</span>'
    place = escape(path)
    survey = " What a survey tool exports is understood too." if path == RESPONSES else ""
    return (
        f'<details class="wg-sheets" data-key="sheets"><summary>Spreadsheet: bring in, take out{about}</summary>'
        f'<div class="wg-field"><label for="{name}-file">Bring in from a spreadsheet{about}</label>'
        f'<div class="wg-hint" id="{name}-file-h">XLSX or CSV, {LARGEST // 10**6} MB at most. Take the list out first to '
        f"have its columns, and notes on each.{survey} You see what would change before it does.</div>"
        f'<p class="wg-error" id="{name}-file-e" hidden></p>'
        f'<input type="file" id="{name}-file" accept=".xlsx,.csv,.txt" aria-describedby="{name}-file-h {name}-file-e"></div>'
        f'<div class="wg-tick"><input type="checkbox" id="{name}-update" name="{name}-update">'
        f'<label for="{name}-update">Add and change only: take no rows out</label></div>'
        f'<p><button type="button" data-action="rows-in" data-path="{place}">Read the file{about}</button> '
        f'<button type="button" class="wg-quiet" data-action="rows-out" data-path="{place}">'
        f"Take out as spreadsheet{about}</button></p>"
        f'<div id="{name}-rows" class="wg-rows-said" role="status"></div></details>'
    )


def offer(made: rows.Brought, path: str, doubted: Sequence[str] = ()) -> str:
    """What a file would change, and what the checks would say then, with a button that does it."""
    if not made.changes_anything:
        return _told("Nothing would change: the plan holds these rows already.", _remarks(made.said))
    changes = "".join(f"<li>{escape(str(c))}</li>" for c in made.changes)
    gone = sum(c.removed for c in made.changes)
    warned = (
        f"<p><strong>{plural(gone, 'row')} of the plan {'is' if gone == 1 else 'are'} not in the file and would be taken out.</strong></p>"
        if gone
        else ""
    )
    return _told(
        "What would change",
        f"<ul>{changes}</ul>{warned}{_doubted(doubted)}{_remarks(made.said)}"
        f'<p><button type="button" data-action="rows-take" data-path="{escape(path)}">Bring in these rows</button> '
        f'<button type="button" class="wg-quiet" data-action="rows-drop" data-path="{escape(path)}">Leave the plan as it is</button></p>',
    )


def taken(made: rows.Brought) -> str:
    """What was brought in."""
    return _told(
        "Brought in", f"<p>{escape(rows.summary(made.changes))} The plan as it was before is kept.</p>"
    )


def refused(problems: Sequence[str]) -> str:
    """Everything that is wrong with a file, as the summary of errors that takes the focus."""
    listed = "".join(f"<li>{escape(p)}</li>" for p in problems[:_SHOWN])
    more = f"<p>And {len(problems) - _SHOWN} more.</p>" if len(problems) > _SHOWN else ""
    return (
        '<div class="wg-problems" role="group" aria-label="Problems of the file" tabindex="-1"><h3>There is a problem</h3>'
        f"<p>Nothing was changed. Mend the file and read it again.</p><ul>{listed}</ul>{more}</div>"
    )


def _told(title: str, inside: str) -> str:
    return f'<div class="wg-card" role="group" aria-label="Spreadsheet" tabindex="-1"><h3>{escape(title)}</h3>{inside}</div>'


def _doubted(doubted: Sequence[str]) -> str:
    if not doubted:
        return ""
    listed = "".join(f"<li>{escape(d)}</li>" for d in doubted)
    return f"<p>The checks of the plan would then say:</p><ul>{listed}</ul>"


def _remarks(said: Sequence[rows.Said]) -> str:
    if not said:
        return ""
    listed = "".join(f"<li>{escape(str(s))}</li>" for s in said[:_SHOWN])
    more = f"<p>And {len(said) - _SHOWN} more.</p>" if len(said) > _SHOWN else ""
    return f"<details><summary>{plural(len(said), 'remark')} on the file</summary><ul>{listed}</ul>{more}</details>"

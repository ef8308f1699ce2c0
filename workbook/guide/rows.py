"""Lists of a plan in from a spreadsheet and out to one: for the page, and for the command line.

What is known outside a plan (the rungs and criteria of the scope, the questions, the equality groups) is looked up
here, so that ids are checked and words of a survey are recognised.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from workbook.errors import BAD_INPUT, DONE, BadInput
from workbook.plan import rows, store
from workbook.plan.model import Plan
from workbook.steps import ladder
from workbook.words import plural

_ANSWERED = ("budget-answers", "schemes-answers", "services-answers")


@dataclass
class Done:
    """What became of files that were to be brought in."""

    changes: list[rows.Change] = field(default_factory=list)
    said: list[rows.Said] = field(default_factory=list)
    faults: list[rows.Said] = field(default_factory=list)
    saved: bool = False
    revision: int = 0

    @property
    def exit_code(self) -> int:
        return BAD_INPUT if self.faults else DONE

    def sentences(self) -> list[str]:
        """What a person is told, line by line."""
        if self.faults:
            told = f"Nothing was changed: {plural(len(self.faults), 'fault')}."
            return [
                told,
                *(f"  {f}" for f in self.faults),
                "Mend what is listed and bring the file in again.",
            ]
        state = f"Saved as revision {self.revision}." if self.saved else "Nothing was changed."
        return [*map(str, self.said), *map(str, self.changes), f"{rows.summary(self.changes)} {state}"]

    def as_record(self) -> dict[str, Any]:
        """For a program."""
        return {
            "changes": [asdict(c) for c in self.changes],
            "said": [s.as_record() for s in self.said],
            "faults": [f.as_record() for f in self.faults],
            "saved": self.saved,
            "revision": self.revision,
        }


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
    try:
        made = bring(plan, sheets, Reference.open(), update=update, survey=survey)
    except rows.FaultyRows as error:
        return Done(said=error.remarks, faults=error.faults, revision=plan.revision)
    done = Done(made.changes, made.said, revision=plan.revision)
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

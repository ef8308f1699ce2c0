"""What every section of a plan is made of: kinds of field, their labels and hints, answers to questions."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from workbook.words import listed

SHORT = 300
LONG = 10_000


class Section(BaseModel):
    """Common ground: unknown fields are refused, text is trimmed, numbers are finite."""

    model_config = ConfigDict(
        extra="forbid", str_strip_whitespace=True, allow_inf_nan=False, validate_assignment=True
    )


Text = Annotated[str, Field(max_length=SHORT)]
LongText = Annotated[str, Field(max_length=LONG)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,60}$")]
Share = Annotated[float, Field(ge=0, le=1)]
Money = Annotated[float, Field(ge=-1e9, le=1e9)]
Amount = Annotated[float, Field(ge=0, le=1e9)]
Count = Annotated[float, Field(ge=0, le=1e9)]
Weight = Annotated[float, Field(ge=0, le=100)]
Year = Annotated[int, Field(ge=1990, le=2100)]
Ramp = Annotated[list[Share], Field(max_length=30)]
Status = Literal["confirmed", "assumed"]
Day = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2100, 12, 31))]


# Fields in which people are named, for whoever has a name removed (see names.py): those that ask for a person, and
# those that ask for a role or a group, where people write names all the same.
PERSON: dict[str, Any] = {"names": True}
PERHAPS: dict[str, Any] = {"names": "perhaps"}


def ask(
    title: str, help: str = "", *, unit: str = "", source: str = "", required: bool = False, **kw: Any
) -> Any:
    """A field with its label, hint, unit, source and whether a complete plan needs it."""
    extra: dict[str, Any] = {
        k: v for k, v in {"unit": unit, "source": source, "needed": required}.items() if v
    }
    extra |= kw.pop("extra", {})
    return Field(title=title, description=help, json_schema_extra=extra or None, **kw)


def _told_apart(rows: list[Any]) -> list[Any]:
    """Entries that others refer to by their short name: one name, one entry, or money counts twice."""
    doubled = sorted(id for id, times in Counter(row.id for row in rows).items() if times > 1)
    if doubled:
        raise ValueError(f"more than one entry has the short name {listed(doubled)}")
    return rows


Distinct = AfterValidator(_told_apart)


class Answer(Section):
    """The answer to one item of a question bank."""

    answer: LongText = ask("Answer", default="")
    evidence: LongText = ask("Evidence", "What shows it: a document, a figure, a meeting.", default="")
    owner: Text = ask("Owner", "The role that answers for it.", default="", extra=PERHAPS)
    due: Day | None = ask("Due", "When it will be settled.", default=None)
    priority: str = ask("Priority it speaks to", default="", extra={"refers": "priorities"})


Answers = dict[Annotated[str, Field(pattern=r"^[A-Z]{3}-\d{2}[A-Za-z0-9.\-]*$")], Answer]

"""Question 1: what the population wants and needs: the vision, what people said, who lives here."""

from __future__ import annotations

import re

import pandas as pd

from workbook import charts
from workbook.blocks import Block, Column, Figure, Heading, Result, Words, table
from workbook.plan import Plan
from workbook.reference import Reference
from workbook.steps import asking, misprints
from workbook.steps.frames import records
from workbook.steps.needs import people
from workbook.words import number, signed

_AGES = (("0-19", 0, 19), ("20-64", 20, 64), ("65-84", 65, 84), ("85+", 85, 200))


def part(plan: Plan, reference: Reference, results: list[Result]) -> list[Block]:
    """The vision, what people said, who lives here, how much need there is, and figures as their source prints them."""
    return [
        Heading("What people want and need", "wants"),
        asking.ask(plan, reference, "/vision", detail=True),
        *people.example_vision(plan, reference),
        *people.part(plan, reference),
        *_population(plan, reference, results),
        *_need_index(plan, reference),
        *_printed(plan, reference),
    ]


def _population(plan: Plan, reference: Reference, results: list[Result]) -> list[Block]:
    projected = reference.population(plan.area.code)
    heading = Heading("Who lives here, now and in five years", "population", 3)
    years = set(projected["year"])
    if not {plan.base_year, plan.last_year} <= years:
        missing = (
            f"No population projection is on hand for {plan.area.name} from {plan.base_year} to {plan.last_year}. "
            "Import the projection of integrated care boards, or a local one, to see it here."
        )
        return [heading, Words((missing,), "note")]
    shown = _by_age(projected, plan.base_year, plan.last_year)
    results += [_population_result(row, plan) for row in shown]
    total, older = shown[-1], shown[-2]
    words = (
        f"The population is projected to change from {number(total['now'], 0)} in {plan.base_year} to "
        f"{number(total['then'], 0)} in {plan.last_year} ({signed(total['percent'])}). People aged 85 and over: "
        f"{signed(older['percent'])}."
    )
    return [heading, Words((words,)), _pyramid(plan, projected, shown)]


def _pyramid(plan: Plan, projected: pd.DataFrame, shown: list[dict]) -> Figure:
    total, older = shown[-1], shown[-2]
    both = projected[projected["year"].isin([plan.base_year, plan.last_year])]
    bars = [
        {"age": _ages(r["age_group"]), "sex": r["sex"], "population": r["population"], "year": int(r["year"])}
        for r in records(both)
    ]
    return Figure(
        "population-pyramid",
        f"Population by age and sex, {plan.base_year} and {plan.last_year}",
        charts.pyramid(bars),
        f"Two outlines of the population of {plan.area.name} by five-year age band, men and women on either "
        f"side, for {plan.base_year} and {plan.last_year}. The total changes by {signed(total['percent'], unit='per cent')}, "
        f"people aged 85 and over by {signed(older['percent'], unit='per cent')}.",
        table(
            "population",
            "Population by age, now and at the end of the plan",
            [
                Column("age", "Age"),
                Column("now", str(plan.base_year), "people", 0),
                Column("then", str(plan.last_year), "people", 0),
                Column("change", "Change", "people", 0),
                Column("percent", "Change", "%", 1),
            ],
            shown,
            source=_population_source(plan),
        ),
        _population_source(plan),
    )


def _ages(band: str) -> str:
    """An age band without the zeros that only keep it in order: "05-09" is "5-9"."""
    return re.sub(r"\b0(?=\d)", "", str(band))


def _by_age(projected: pd.DataFrame, now: int, then: int) -> list[dict]:
    first = projected["age_group"].astype(str).str.extract(r"(\d+)")[0].astype(int)
    rows = []
    for label, low, high in (*_AGES, ("All ages", 0, 200)):
        kept = projected[(first >= low) & (first <= high)].groupby("year")["population"].sum()
        before, after = float(kept.get(now, 0)), float(kept.get(then, 0))
        change = 100 * (after / before - 1) if before else float("nan")
        rows.append({"age": label, "now": before, "then": after, "change": after - before, "percent": change})
    return rows


def _population_result(row: dict, plan: Plan) -> Result:
    return Result(
        f"needs.population-change.{row['age'].lower().replace(' ', '-').replace('+', '-plus')}",
        f"Population change, {row['age']}",
        row["percent"],
        "%",
        f"{plan.base_year} to {plan.last_year}",
        "Projected population of the last year over that of the base year, less one",
        _population_source(plan),
    )


def _population_source(plan: Plan) -> str:
    return "Synthetic projection" if plan.area.synthetic else "Imported population projection"


def _printed(plan: Plan, reference: Reference) -> list[Block]:
    """The figures of a place of the case studies, as their source prints them."""
    rows = records(reference.places()[reference.places()["place"] == plan.area.code])
    if not rows:
        return []
    said = [c.sentence for c in misprints.contradictions(reference) if c.place == plan.area.code]
    blocks: list[Block] = [
        table(
            "printed",
            f"{plan.area.name}: the figures of the source, as printed",
            [
                Column("measure", "Figure"),
                Column("part", "Part"),
                Column("printed", "As printed"),
                Column("period", "Period"),
                Column("note", "To know"),
            ],
            [{**row, "measure": measure_name(row["measure"])} for row in rows],
            source=rows[0]["source"],
            missing="none",
        )
    ]
    blocks.append(asking.about(reference.framework("TDC-16")))
    return [*blocks, Words(("What contradicts itself:", *said))] if said else blocks


def measure_name(id: str) -> str:
    """The name of a printed figure as a reader says it: "ccg-budget" is "CCG budget"."""
    short = {"ccg": "CCG", "ccgs": "CCGs", "gp": "GP"}
    words = " ".join(short.get(word, word) for word in id.split("-"))
    return words[:1].upper() + words[1:]


def _need_index(plan: Plan, reference: Reference) -> list[Block]:
    index = reference.need_index(plan.area.code)
    if index.empty:
        return []
    return [
        table(
            "need-index",
            "Need a head compared with England, by component",
            [Column("label", "Component of need"), Column("index", "Index", "1.00 is England's average", 2)],
            records(index),
            source="NHS England, 2025/26 allocations: need-weighted over registered population, computed once per board",
        )
    ]

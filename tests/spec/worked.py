"""Worked examples of the methods as data: tested here, and printed in the methods guide.

A module of this folder names its formulas in ``GUIDE``. Each formula says what it is for
and carries examples with the figures that must come out; ``examples(GUIDE)`` makes a test of
each, and ``tools/methods_guide.py`` writes the same entries into docs/methods.md. Nothing on
that page is written twice.
"""

from __future__ import annotations

import dataclasses
import inspect
import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest


class Example(NamedTuple):
    """What is worked out, in words; the arguments by name; what must come out; where that is from.

    Arguments that have no name stand under "*".

    ``expected`` is one figure or word, or a dict of them by name. A figure agrees within
    ``within``, or where that is None within a millionth of itself. ``source`` says how
    the figure was found without this program.
    """

    says: str
    inputs: dict[str, Any]
    expected: Any
    source: str = "by hand"
    within: float | None = None


class Formula(NamedTuple):
    """One formula of the guide.

    ``results`` names the parts of a tuple that comes back; ``pick`` turns another result into
    the figures of the examples. ``formula`` is plain text, set as code.
    """

    name: str
    function: Callable[..., Any]
    formula: str
    used: str
    edges: str
    source: str
    examples: Sequence[Example]
    results: tuple[str, ...] = ()
    pick: Callable[[Any], Any] | None = None

    @property
    def called(self) -> str:
        """The function as an analyst finds it: "intervals.proportion"."""
        module = inspect.getmodule(self.function)
        return f"{getattr(module, '__name__', '').rpartition('.')[2]}.{self.function.__name__}"


def examples(guide: Sequence[Formula]) -> Any:
    """Every example of a module as a parameter of one test."""
    cases = [(formula, example) for formula in guide for example in formula.examples]
    names = [f"{formula.name}: {example.says}" for formula, example in cases]
    return pytest.mark.parametrize(("formula", "example"), cases, ids=names)


def check(formula: Formula, example: Example) -> None:
    """Work the example out and compare."""
    got = found(formula, example)
    wanted = _named(example.expected)
    assert set(got) == set(wanted)
    for name, value in wanted.items():
        if isinstance(value, str) or value is None:
            assert got[name] == value, name
            continue
        figures, right = np.asarray(got[name], dtype=float), np.asarray(value, dtype=float)
        if example.within is None:
            assert figures == pytest.approx(right, rel=1e-6, abs=1e-12, nan_ok=True), name
        else:
            assert figures == pytest.approx(right, abs=example.within, nan_ok=True), name


def found(formula: Formula, example: Example) -> dict[str, Any]:
    """The figures that the example asks for, as the program works them out."""
    named = {name: value for name, value in example.inputs.items() if name != "*"}
    result = formula.function(*example.inputs.get("*", ()), **named)
    if formula.pick is not None:
        result = formula.pick(result)
    everything = _parts(result, formula.results)
    wanted = _named(example.expected)
    return {name: everything[name] for name in wanted}


def _parts(result: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """A result as named figures: a tuple by the given names, a record by its fields, a series by its index."""
    if names:
        return {name: _plain(part) for name, part in zip(names, result, strict=True)}
    if isinstance(result, dict):
        return {str(name): _plain(part) for name, part in result.items()}
    if isinstance(result, pd.Series):
        return {str(name): _plain(part) for name, part in result.items()}
    if dataclasses.is_dataclass(result):
        fields = {f.name: _plain(getattr(result, f.name)) for f in dataclasses.fields(result)}
        return {**fields, "sentence": getattr(result, "sentence", "")}
    if hasattr(result, "_asdict"):
        return {name: _plain(part) for name, part in result._asdict().items()}
    return {"": _plain(result)}


def _plain(value: Any) -> Any:
    """NumPy's numbers and words as Python's, an array as a list."""
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value


def _named(expected: Any) -> dict[str, Any]:
    return expected if isinstance(expected, dict) else {"": expected}


NAN = math.nan

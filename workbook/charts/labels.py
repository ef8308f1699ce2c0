"""Names beside their points, none over another and none over a point."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workbook.charts.parts import LINE, TEXT, text_width

Box = tuple[float, float, float, float]  # left, top, right, bottom, in pixels

_NEAR, _FAR = 9.0, 24.0  # from the point to its name


@dataclass(frozen=True)
class Label:
    """Lines of text, left aligned; ``y`` is the middle of the first line. ``far``: a leader is due."""

    x: float
    y: float
    lines: tuple[str, ...]
    far: bool

    @property
    def box(self) -> Box:
        return box_of(self.x, self.y, self.lines)


def box_of(x: float, y: float, lines: Sequence[str], size: int = TEXT) -> Box:
    """The room that left-aligned lines take, the middle of the first at ``y``."""
    wide = max((text_width(line, size) for line in lines), default=0.0)
    return (x, y - LINE / 2, x + wide, y - LINE / 2 + LINE * len(lines))


def around(x: float, y: float, half: float = 5) -> Box:
    """The room that a point takes."""
    return (x - half, y - half, x + half, y + half)


def beside(
    x: float,
    y: float,
    lines: Sequence[str],
    taken: Iterable[Box],
    room: tuple[float, float],
    must: bool = False,
) -> Label | None:
    """A free place for the lines near the point, inside the room (width, height).

    Right, left, above and below are tried first, then the same farther away.
    None where nothing is free, unless it ``must``: then farther still, and at
    last the place that covers least.
    """
    others = list(taken)
    wide = max((text_width(line) for line in lines), default=0.0)
    tall = LINE * len(lines)
    best: tuple[float, Label] | None = None
    for gap in (_NEAR, *(_FAR * n for n in range(1, 7 if must else 3))):
        for dx, dy in ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1)):
            left = x + gap * dx - {1: 0.0, 0: wide / 2, -1: wide}[dx]
            middle = y + dy * (gap + tall / 2 - (4 if dx else 0))
            top = middle - tall / 2
            box = (left, top, left + wide, top + tall)
            label = Label(left, top + LINE / 2, tuple(lines), gap > _NEAR)
            lost = _covered(box, others) + _outside(box, room)
            if not lost:
                return label
            if best is None or lost < best[0]:
                best = (lost, label)
    return best[1] if must and best else None


def leader(x: float, y: float, label: Label) -> dict[str, float]:
    """A line from a point to the nearest edge of its name, in pixels."""
    left, top, right, bottom = label.box
    return {"x": x, "y": y, "x2": min(max(x, left - 2), right + 2), "y2": min(max(y, top), bottom)}


def _covered(box: Box, others: Sequence[Box]) -> float:
    """The area that a box shares with others, each for itself. Asked of many boxes: the cheap questions come first."""
    left, top, right, bottom = box
    return sum(
        (min(right, r) - max(left, x)) * (min(bottom, b) - max(top, y))
        for x, y, r, b in others
        if x < right and left < r and y < bottom and top < b
    )


def _outside(box: Box, room: tuple[float, float]) -> float:
    """How far a box sticks out, weighed heavier than lying over a point."""
    wide, tall = room
    out = max(-box[0], 0) + max(-box[1], 0) + max(box[2] - wide, 0) + max(box[3] - tall, 0)
    return 50 * out

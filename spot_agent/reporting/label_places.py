"""Finding places for labels, where they hide as little as possible."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from models import Box
from spot_agent.reporting.mark import Emphasis, Mark


@dataclass(frozen=True, slots=True)
class PlacedLabel:
    """A label that has its place on the picture, in pixels."""

    mark: Mark
    area: Box


def place_labels(
    marks: Sequence[Mark], size_of: Callable[[Mark], tuple[float, float]], width: int, height: int
) -> list[PlacedLabel]:
    """Give each label the best place near its box.

    Args:
        marks: The first one gets its place first.
        size_of: Tells a label's (width, height) in pixels.
        width: Of the picture in pixels.
        height: Of the picture in pixels.

    Returns:
        The labels in the same order; faint ones that would hide others are left out.
    """
    placed: list[PlacedLabel] = []
    for mark in marks:
        size = size_of(mark)
        candidates = [_kept_inside(corner, size, width, height) for corner in _corners(mark.box, *size)]
        costs = [_cost(area, mark, marks, placed) for area in candidates]
        best = candidates[costs.index(min(costs))]
        crowded = sum(_overlap(best, other.area) for other in placed) > 0.3 * best.area
        if mark.emphasis is not Emphasis.FAINT or not crowded:
            placed.append(PlacedLabel(mark, best))
    return placed


def _kept_inside(corner: tuple[float, float], size: tuple[float, float], width: int, height: int) -> Box:
    left = max(0.0, min(corner[0], width - size[0]))
    top = max(0.0, min(corner[1], height - size[1]))
    return Box(left, top, left + size[0], top + size[1])


def _corners(box: Box, width: float, height: float) -> list[tuple[float, float]]:
    """Upper left corners for a label in the order of liking: above the box, below, inside, beside."""
    right = box.x_max - width
    return [
        (box.x_min, box.y_min - height), (right, box.y_min - height), (box.x_min, box.y_max), (right, box.y_max),
        (box.x_min, box.y_min), (box.x_min, box.y_max - height), (box.x_max, box.y_min), (box.x_min - width, box.y_min),
    ]  # fmt: skip


def _cost(area: Box, mark: Mark, marks: Sequence[Mark], placed: Sequence[PlacedLabel]) -> float:
    """How much a label at a place would hide: other labels above all, then small things in boxes, then its own."""
    hidden = 4.0 * sum(_overlap(area, label.area) for label in placed)
    for other in marks:
        if other.emphasis is not Emphasis.FAINT and other.box.area < 4 * area.area:
            hidden += (0.3 if other is mark else 2.0) * _overlap(area, other.box)
    return hidden


def _overlap(one: Box, other: Box) -> float:
    width = min(one.x_max, other.x_max) - max(one.x_min, other.x_min)
    height = min(one.y_max, other.y_max) - max(one.y_min, other.y_min)
    return max(0.0, width) * max(0.0, height)

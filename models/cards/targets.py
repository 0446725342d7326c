"""What the network should say about a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.detection import Box
from models.evaluation.matching import LabelledThing
from models.heads.center import STRIDES, Level, encode_box, levels

_LARGEST_SEEN = 40.0
"""A card is for the finest level on which its longer side is less than this, in pixels of that level's own picture; the
coarsest takes all that are larger."""
_ALSO_SEEN = (11.0, 64.0)
"""Where its longer side lies between these on another level, it is neither right nor wrong to find it there too."""
_SPREAD = 1 / 6
"""Standard deviation of the hill of heat around a card's middle, as a share of the card's size."""
_LEAST_SPREAD = 0.45
"""In strides; the hill of a small card."""
_BOX_FROM = 0.35
"""Heat from which on a location is taught the box too."""


@dataclass(frozen=True, eq=False)
class Targets:
    """What to say at each of N locations; see ``models.heads.center`` for their order.

    Attributes:
        heat: N×(classes + 1), ``float32``: the heat of each class, then 1 where heat counts and 0 where it does not.
        box: N×5, ``float32``: see ``models.heads.center``, then how much the box counts.
    """

    heat: NDArray[np.float32]
    box: NDArray[np.float32]


def targets_for(things: Sequence[LabelledThing], labels: Sequence[str], height: int, width: int) -> Targets:
    """Say what the network should give.

    Args:
        things: What is in the picture.
        labels: All labels in the network's order.
        height: Of the picture in pixels, a multiple of 64.
        width: Of the picture.

    Returns:
        The targets. Where a thing is to be ignored, heat does not count.
    """
    parts = [_level_targets(things, labels, level) for level in levels(height, width)]
    return Targets(np.concatenate([part.heat for part in parts]), np.concatenate([part.box for part in parts]))


def _level_targets(things: Sequence[LabelledThing], labels: Sequence[str], level: Level) -> Targets:
    classes = len(labels)
    heat = np.zeros((level.rows, level.columns, classes + 1), np.float32)
    box = np.zeros((level.rows, level.columns, 5), np.float32)
    heat[..., classes] = 1
    for thing in things:
        if thing.ignore or (_level_of(thing.box) != level.stride and _is_seen(thing.box, level.stride)):
            _ignore(heat, thing.box, level.stride)
    for thing in things:
        if not thing.ignore and _level_of(thing.box) == level.stride:
            _teach(heat[..., labels.index(thing.label)], heat[..., classes], box, thing.box, level.stride)
    return Targets(heat.reshape(-1, classes + 1), box.reshape(-1, 5))


def _level_of(box: Box) -> int:
    """The stride of the level that is to find a card."""
    side = max(box.width, box.height)
    return next((stride for stride in STRIDES if side * STRIDES[0] / stride < _LARGEST_SEEN), STRIDES[-1])


def _is_seen(box: Box, stride: int) -> bool:
    """Whether a card might well be found on a level."""
    low, high = _ALSO_SEEN
    return low <= max(box.width, box.height) * STRIDES[0] / stride <= high


def _ignore(heat: NDArray[np.float32], box: Box, stride: int) -> None:
    low_x, low_y, high_x, high_y = (value / stride for value in box)
    heat[int(low_y) : int(np.ceil(high_y)), int(low_x) : int(np.ceil(high_x)), -1] = 0


def _teach(
    heat: NDArray[np.float32], counts: NDArray[np.float32], boxes: NDArray[np.float32], box: Box, stride: int
) -> None:
    """Raise a hill with a height of exactly 1 at the location of a card's middle, and note the box on it."""
    rows, columns = heat.shape
    middle_x, middle_y = ((value / stride) - 0.5 for value in box.centre)
    spread_x, spread_y = (max(size / stride * _SPREAD, _LEAST_SPREAD) for size in (box.width, box.height))
    x, y = np.arange(columns) - middle_x, np.arange(rows)[:, np.newaxis] - middle_y
    hill = np.exp(-(x * x) / (2 * spread_x**2) - (y * y) / (2 * spread_y**2)).astype(np.float32)
    peak = min(max(round(middle_y), 0), rows - 1), min(max(round(middle_x), 0), columns - 1)
    hill[peak] = 1
    np.maximum(heat, hill, out=heat)
    own = (hill > _BOX_FROM) & (hill > boxes[..., 4])
    at_rows, at_columns = np.nonzero(own)
    boxes[own] = np.column_stack([encode_box(np.array(box, np.float32), at_rows, at_columns, stride), hill[own]])
    counts[own] = 1

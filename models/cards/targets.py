"""What the network should say about a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.detection import Box
from models.evaluation.matching import LabelledThing
from models.heads.center import STRIDE, encode_box

_SPREAD = 1 / 6
"""Standard deviation of the hill of heat around a card's middle, as a share of the card's size."""
_LEAST_SPREAD = 0.45
"""In strides; the hill of a small card."""
_BOX_FROM = 0.35
"""Heat from which on a location is taught the box too."""


@dataclass(frozen=True, eq=False)
class Targets:
    """What to say at each of H×W locations.

    Attributes:
        heat: H×W×(classes + 1), ``float32``: the heat of each class, then 1 where heat counts and 0 where it does not.
        box: H×W×5, ``float32``: see ``models.heads.center``, then how much the box counts.
    """

    heat: NDArray[np.float32]
    box: NDArray[np.float32]


def targets_for(things: Sequence[LabelledThing], labels: Sequence[str], height: int, width: int) -> Targets:
    """Say what the network should give.

    Args:
        things: What is in the picture.
        labels: All labels in the network's order.
        height: Of the picture in pixels, a multiple of 8.
        width: Of the picture.

    Returns:
        The targets. Where a thing is to be ignored, heat does not count.
    """
    rows, columns, classes = height // STRIDE, width // STRIDE, len(labels)
    heat, box = np.zeros((rows, columns, classes + 1), np.float32), np.zeros((rows, columns, 5), np.float32)
    heat[..., classes] = 1
    for thing in sorted(things, key=lambda thing: not thing.ignore):
        if thing.ignore:
            _ignore(heat, thing.box)
        else:
            _teach(heat[..., labels.index(thing.label)], heat[..., classes], box, thing.box)
    return Targets(heat, box)


def _ignore(heat: NDArray[np.float32], box: Box) -> None:
    low_x, low_y, high_x, high_y = (value / STRIDE for value in box)
    heat[int(low_y) : int(np.ceil(high_y)), int(low_x) : int(np.ceil(high_x)), -1] = 0


def _teach(heat: NDArray[np.float32], counts: NDArray[np.float32], boxes: NDArray[np.float32], box: Box) -> None:
    """Raise a hill with a height of exactly 1 at the location of a card's middle, and note the box on it."""
    rows, columns = heat.shape
    middle_x, middle_y = ((value / STRIDE) - 0.5 for value in box.centre)
    spread_x, spread_y = (max(size / STRIDE * _SPREAD, _LEAST_SPREAD) for size in (box.width, box.height))
    x, y = np.arange(columns) - middle_x, np.arange(rows)[:, np.newaxis] - middle_y
    hill = np.exp(-(x * x) / (2 * spread_x**2) - (y * y) / (2 * spread_y**2)).astype(np.float32)
    peak = min(max(round(middle_y), 0), rows - 1), min(max(round(middle_x), 0), columns - 1)
    hill[peak] = 1
    np.maximum(heat, hill, out=heat)
    own = np.nonzero((hill > _BOX_FROM) & (hill > boxes[..., 4]))
    boxes[own] = np.column_stack([encode_box(np.array(box, np.float32), *own), hill[own]])
    counts[own] = 1

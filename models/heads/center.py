"""Objects as points (https://arxiv.org/abs/1904.07850): class maps whose peaks are middles, and a box at each location.

The network looks at the picture in three sizes, each half the one before, and sees things of about the same size in
each: near ones in the small picture, far ones in the large one. Its locations are 8 pixels of its own picture apart,
thus 8, 16 and 32 pixels of the whole one. They come as one list, large picture first, each picture row by row. ``heat``
says how likely the middle of a thing of each class lies there; ``box`` gives how far the box's middle is from the
location, x and y in strides, and the logarithms of the box's width and height in strides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from models.heads.head import Candidates

STRIDES = (8, 16, 32)
"""Pixels between the locations of each level."""

MULTIPLE = 64
"""Height and width of the network's input are multiples of this."""

LARGEST_LOG_SIZE = 5.0
"""Logarithm of the largest side in strides, e⁵ ∙ 8 = 1187 pixels: what an untrained network gives stays finite."""

_SAME = 0.5
"""Overlap from which on two boxes are of one thing, whatever their classes: a card is one thing, never two."""
_NEIGHBOURHOOD = np.ones((3, 3), np.uint8)


@dataclass(frozen=True)
class Level:
    """The locations of one stride.

    Attributes:
        stride: Pixels between them.
        rows: How many there are from top to bottom.
        columns: How many there are from left to right.
        locations: Which of the whole list they are.
    """

    stride: int
    rows: int
    columns: int
    locations: slice


def levels(height: int, width: int) -> Iterator[Level]:
    """Give every level of an input of this size in pixels, fine ones first."""
    start = 0
    for stride in STRIDES:
        rows, columns = height // stride, width // stride
        yield Level(stride, rows, columns, slice(start, start + rows * columns))
        start += rows * columns


class CenterHead:
    """Reads ``heat`` (1, locations, classes), 0 to 1, and ``box`` (1, locations, 4)."""

    multiple: ClassVar[int] = MULTIPLE

    def outputs(self, classes: int) -> dict[str, int]:
        """Say what the network must give; see ``Head.outputs``."""
        return {"heat": classes, "box": 4}

    def decode(
        self, outputs: Mapping[str, NDArray[np.float32]], height: int, width: int, threshold: float
    ) -> Candidates:
        """Read what the network gave for one picture; see ``Head.decode``.

        A location is a candidate if no neighbour of its level has a higher score of any class, and no other level a
        higher one for the same box.
        """
        boxes, scores, classes = [], [], []
        for level in levels(height, width):
            heat = outputs["heat"][0, level.locations].reshape(level.rows, level.columns, -1)
            best = np.ascontiguousarray(heat.max(axis=2))
            rows, columns = np.nonzero((best >= threshold) & (best >= cv2.dilate(best, _NEIGHBOURHOOD)))
            values = outputs["box"][0, level.locations].reshape(level.rows, level.columns, 4)[rows, columns]
            boxes.append(decode_boxes(values, rows, columns, level.stride))
            scores.append(best[rows, columns])
            classes.append(heat[rows, columns].argmax(axis=1))
        found = Candidates(np.concatenate(boxes), np.concatenate(scores), np.concatenate(classes))
        kept = _one_a_thing(found)
        return Candidates(found.boxes[kept], found.scores[kept], found.classes[kept])


def _one_a_thing(found: Candidates) -> NDArray[np.intp]:
    """Keep the best of the boxes that overlap."""
    if not found.scores.size:
        return np.empty(0, np.intp)
    corner_and_size = np.concatenate([found.boxes[:, :2], found.boxes[:, 2:] - found.boxes[:, :2]], axis=1)
    kept = cv2.dnn.NMSBoxes(corner_and_size.tolist(), found.scores.tolist(), 0.0, _SAME)
    return np.asarray(kept, np.intp).reshape(-1)


def decode_boxes(
    values: NDArray[np.float32], rows: NDArray[np.intp], columns: NDArray[np.intp], stride: int
) -> NDArray[np.float32]:
    """Turn what the network says at locations into boxes.

    Args:
        values: N×4: the middle's distance from the location, x and y, and the logarithms of width and height, all in
            strides.
        rows: N; the locations' rows.
        columns: N; their columns.
        stride: Pixels between locations.

    Returns:
        N×4 boxes in pixels of the network's input: x_min, y_min, x_max, y_max.
    """
    middles = (np.column_stack([columns, rows]) + 0.5 + values[:, :2]) * stride
    half_sizes = np.exp(np.clip(values[:, 2:], -LARGEST_LOG_SIZE, LARGEST_LOG_SIZE)) * (stride / 2)
    return np.concatenate([middles - half_sizes, middles + half_sizes], axis=1).astype(np.float32)


def encode_box(
    box: NDArray[np.float32], rows: NDArray[np.intp], columns: NDArray[np.intp], stride: int
) -> NDArray[np.float32]:
    """Give what the network should say of a box at locations; the reverse of ``decode_boxes``.

    Args:
        box: x_min, y_min, x_max, y_max in pixels of the network's input; not empty.
        rows: N; the locations' rows.
        columns: N; their columns.
        stride: Pixels between locations.

    Returns:
        N×4 values.
    """
    middle, size = (box[:2] + box[2:]) / (2 * stride), (box[2:] - box[:2]) / stride
    offsets = middle - 0.5 - np.column_stack([columns, rows])
    return np.concatenate([offsets, np.broadcast_to(np.log(size), offsets.shape)], axis=1).astype(np.float32)

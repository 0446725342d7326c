"""Objects as points (https://arxiv.org/abs/1904.07850): a class map whose peaks are middles, and a box at each.

The network looks at locations 8 pixels apart. ``heat`` says how likely the middle of a thing of each class lies there;
``box`` gives how far the box's middle is from the location, x and y in strides, and the logarithms of the box's width
and height in strides.
"""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from models.heads.head import Candidates

STRIDE = 8
"""Pixels between locations."""

LARGEST_LOG_SIZE = 5.0
"""Logarithm of the largest side in strides, e⁵ ∙ 8 = 1187 pixels: what an untrained network gives stays finite."""

_NEIGHBOURHOOD = np.ones((3, 3), np.uint8)


class CenterHead:
    """Reads ``heat`` (1, H/8, W/8, classes), 0 to 1, and ``box`` (1, H/8, W/8, 4)."""

    def outputs(self, classes: int) -> dict[str, int]:
        """Say what the network must give; see ``Head.outputs``."""
        return {"heat": classes, "box": 4}

    def decode(
        self, outputs: Mapping[str, NDArray[np.float32]], height: int, width: int, threshold: float
    ) -> Candidates:
        """Read what the network gave for one picture; see ``Head.decode``.

        A location is a candidate if no neighbour has a higher score of any class: a card is one thing, never two.
        """
        heat = outputs["heat"][0]
        best = np.ascontiguousarray(heat.max(axis=2))
        peaks = (best >= threshold) & (best >= cv2.dilate(best, _NEIGHBOURHOOD))
        rows, columns = np.nonzero(peaks)
        boxes = decode_boxes(outputs["box"][0][rows, columns], rows, columns)
        return Candidates(boxes, best[rows, columns], heat[rows, columns].argmax(axis=1))


def decode_boxes(values: NDArray[np.float32], rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[np.float32]:
    """Turn what the network says at locations into boxes.

    Args:
        values: N×4: the middle's distance from the location, x and y, and the logarithms of width and height, all in
            strides.
        rows: N; the locations' rows.
        columns: N; their columns.

    Returns:
        N×4 boxes in pixels of the network's input: x_min, y_min, x_max, y_max.
    """
    middles = (np.column_stack([columns, rows]) + 0.5 + values[:, :2]) * STRIDE
    half_sizes = np.exp(np.clip(values[:, 2:], -LARGEST_LOG_SIZE, LARGEST_LOG_SIZE)) * (STRIDE / 2)
    return np.concatenate([middles - half_sizes, middles + half_sizes], axis=1).astype(np.float32)


def encode_box(box: NDArray[np.float32], rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[np.float32]:
    """Give what the network should say of a box at locations; the reverse of ``decode_boxes``.

    Args:
        box: x_min, y_min, x_max, y_max in pixels of the network's input; not empty.
        rows: N; the locations' rows.
        columns: N; their columns.

    Returns:
        N×4 values.
    """
    middle, size = (box[:2] + box[2:]) / (2 * STRIDE), (box[2:] - box[:2]) / STRIDE
    offsets = middle - 0.5 - np.column_stack([columns, rows])
    return np.concatenate([offsets, np.broadcast_to(np.log(size), offsets.shape)], axis=1).astype(np.float32)

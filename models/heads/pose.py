"""MoveNet MultiPose: people and their key-points, all at once.

The network (https://www.tensorflow.org/hub/tutorials/movenet) gives six maps, 4 pixels of its input between cells,
in the manner of CenterNet (https://arxiv.org/abs/1904.07850). Positions are in cells, y before x:

- ``centre`` (1, h, w, 1): confidence, 0 to 1, that a person's middle is in the cell.
- ``box_offset`` and ``box_size`` (1, h, w, 2): from the cell to the middle of the person's box; its height and width.
- ``keypoint_regression`` (1, h, w, 34): from the person's cell to roughly where each joint is.
- ``keypoint_heat`` (1, h, w, 17): confidence, 0 to 1, that a joint of anybody's is in the cell.
- ``keypoint_offset`` (1, h, w, 34): from the joint's cell to the joint itself.

How people are read from them is what the published graph does after its heads, found in that graph.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.heads.head import Candidates

STRIDE = 4
"""Pixels of the network's input between cells."""

MOST_PEOPLE = 20
"""How many people are read from one picture, those with the surest centres; the published graph reads six."""

JOINTS = 17

_PEAK_WINDOW = 5
"""A centre counts where no cell of this many rows and columns around it is surer."""

_PEAK_TOLERANCE = 1e-6
_SPREAD = 0.3
"""A joint d cells from where the person's cell expects it counts exp(-d² / (this · the map's shorter side))."""

_COUNTED_SCORE = 0.127
"""Joints with a lower score do not count towards the person's."""

_Array = NDArray[np.float32]


class _Maps(NamedTuple):
    """The network's outputs without their batch axis, see this module's docstring; joints have axes of their own."""

    centre: _Array
    box_offset: _Array
    box_size: _Array
    regression: _Array
    heat: _Array
    offset: _Array


class PoseHead:
    """Reads the six maps of MoveNet MultiPose.

    A person's score is that of the centre times the mean score of the joints that are seen. A joint's score is its
    heat, less the farther it is from where it was expected.
    """

    multiple: ClassVar[int] = 32

    def outputs(self, classes: int) -> dict[str, int]:
        """Say what the network must give; see ``Head.outputs``. The class of all people is 0, whatever the others."""
        return {
            "centre": 1, "box_offset": 2, "box_size": 2,
            "keypoint_regression": 2 * JOINTS, "keypoint_heat": JOINTS, "keypoint_offset": 2 * JOINTS,
        }  # fmt: skip

    def decode(self, outputs: Mapping[str, _Array], height: int, width: int, threshold: float) -> Candidates:
        """Read what the network gave for one picture; see ``Head.decode``."""
        rows, columns = height // STRIDE, width // STRIDE
        joints = (rows, columns, JOINTS, 2)
        maps = _Maps(
            outputs["centre"][0, ..., 0],
            outputs["box_offset"][0],
            outputs["box_size"][0],
            outputs["keypoint_regression"][0].reshape(joints),
            outputs["keypoint_heat"][0],
            outputs["keypoint_offset"][0].reshape(joints),
        )
        boxes, scores, keypoints = [], [], []
        for row, column in _peaks(maps.centre, threshold).tolist():
            box = _box(maps, row, column)
            points = _joints(maps, row, column, box)
            seen = points[:, 2] > _COUNTED_SCORE
            score = maps.centre[row, column] * (points[seen, 2].mean() if seen.any() else 0)
            if score >= threshold:
                boxes.append(box[[1, 0, 3, 2]] * STRIDE)
                scores.append(score)
                keypoints.append(points)
        return Candidates(
            np.array(boxes, np.float32).reshape(-1, 4),
            np.array(scores, np.float32),
            np.zeros(len(scores), np.intp),
            np.array(keypoints, np.float32).reshape(-1, JOINTS, 3),
        )


def _peaks(centre: _Array, threshold: float) -> NDArray[np.intp]:
    """Rows and columns (N×2) of the surest cells around, the surest first."""
    reach = _PEAK_WINDOW // 2
    padded = np.pad(centre, reach, constant_values=-np.inf)
    highest = np.lib.stride_tricks.sliding_window_view(padded, (_PEAK_WINDOW, _PEAK_WINDOW)).max(axis=(2, 3))
    peaks = np.argwhere((centre >= highest - _PEAK_TOLERANCE) & (centre >= threshold))
    order = np.argsort(-centre[peaks[:, 0], peaks[:, 1]], kind="stable")
    return peaks[order[:MOST_PEOPLE]]


def _box(maps: _Maps, row: int, column: int) -> _Array:
    """A person's box (y_min, x_min, y_max, x_max) in cells, within the map."""
    middle = maps.box_offset[row, column] + np.array((row, column), np.float32)
    half = maps.box_size[row, column].clip(0) / 2
    shape = np.array(maps.centre.shape * 2, np.float32)
    corners: _Array = np.clip(np.concatenate([middle - half, middle + half]), 0, shape)
    return corners


def _joints(maps: _Maps, row: int, column: int, box: _Array) -> _Array:
    """A person's joints (17×3: x and y in pixels of the input, score), each from the best cell within the box."""
    top, left, bottom, right = np.ceil(box).astype(int)
    heat = maps.heat[top:bottom, left:right]
    if not heat.size:
        return np.zeros((JOINTS, 3), np.float32)
    expected = maps.regression[row, column] + np.array((row, column), np.float32)
    y = np.arange(top, bottom, dtype=np.float32)[:, np.newaxis] - expected[:, 0]
    x = np.arange(left, right, dtype=np.float32)[:, np.newaxis] - expected[:, 1]
    softness = -1 / (_SPREAD * min(maps.centre.shape))
    # The exponential of a sum is the product of two, which need not be computed for every cell.
    weighted = heat * np.exp(softness * y * y)[:, np.newaxis] * np.exp(softness * x * x)
    best = weighted.reshape(-1, JOINTS).argmax(axis=0)
    rows, columns = np.unravel_index(best, heat.shape[:2])
    numbers = np.arange(JOINTS)
    offset = maps.offset[rows + top, columns + left, numbers]
    points = np.empty((JOINTS, 3), np.float32)
    points[:, 0] = (columns + left + offset[:, 1]) * STRIDE
    points[:, 1] = (rows + top + offset[:, 0]) * STRIDE
    points[:, 2] = weighted[rows, columns, numbers]
    return points

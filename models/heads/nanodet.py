"""The NanoDet family of object detectors (https://github.com/RangiLyu/nanodet).

At each location of three grids, with 8, 16 and 32 pixels between locations, the network scores every class and
gives four distributions: how far the box's left, top, right and bottom edge lie from the location, in strides.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from models.heads.head import Candidates

STRIDES = (8, 16, 32)
"""Pixels between the locations of each grid, in the order in which the network gives them."""

DISTANCE_BINS = 11
"""An edge's distance is the mean of a distribution over 0, 1, … 10 strides ("generalised focal loss",
https://arxiv.org/abs/2006.04388, section 3.2)."""


class NanoDetHead:
    """Reads ``scores`` (1, N, classes) and ``distances`` (1, N, 44), logits over 0 to 10 strides for the four edges."""

    multiple: ClassVar[int] = 32

    def outputs(self, classes: int) -> dict[str, int]:
        """Say what the network must give; see ``Head.outputs``."""
        return {"scores": classes, "distances": 4 * DISTANCE_BINS}

    def decode(
        self, outputs: Mapping[str, NDArray[np.float32]], height: int, width: int, threshold: float
    ) -> Candidates:
        """Read what the network gave for one picture; see ``Head.decode``."""
        scores, distances = outputs["scores"][0], outputs["distances"][0]
        best = scores.max(axis=1)
        candidates = np.flatnonzero(best >= threshold)  # only few are worth decoding
        boxes = decode_boxes(distances[candidates], grid_locations(height, width)[candidates])
        return Candidates(boxes, best[candidates], scores[candidates].argmax(axis=1))


@lru_cache(maxsize=8)
def grid_locations(height: int, width: int) -> NDArray[np.float32]:
    """List the locations at which the network looks.

    Args:
        height: Height of the network's input in pixels, a multiple of 32.
        width: Its width.

    Returns:
        N×3: x and y of each location in pixels of the input, and the stride of its grid; read-only, for it is kept.
    """
    grids = []
    for stride in STRIDES:
        y, x = np.mgrid[: height // stride, : width // stride].reshape(2, -1)
        grids.append(np.stack([(x + 0.5) * stride, (y + 0.5) * stride, np.full(x.size, stride)], axis=1))
    locations = np.concatenate(grids).astype(np.float32)
    locations.flags.writeable = False
    return locations


def decode_boxes(logits: NDArray[np.float32], locations: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turn distance distributions into boxes.

    Args:
        logits: N×44: for the left, top, right and bottom edge, a logit for each of the 11 distances.
        locations: N×3, see ``grid_locations``.

    Returns:
        N×4 boxes in pixels of the network's input: x_min, y_min, x_max, y_max.
    """
    edges = logits.reshape(-1, 4, DISTANCE_BINS)
    weights = np.exp(edges - edges.max(axis=2, keepdims=True))
    distances = (weights @ np.arange(DISTANCE_BINS, dtype=np.float32)) / weights.sum(axis=2)
    distances *= locations[:, 2:]
    corners: NDArray[np.float32] = np.concatenate(
        [locations[:, :2] - distances[:, :2], locations[:, :2] + distances[:, 2:]], axis=1
    )
    return corners

"""The NanoDet family of object detectors (https://github.com/RangiLyu/nanodet).

At each location of three grids, with 8, 16 and 32 pixels between locations, the network scores every class and
gives four distributions: how far the box's left, top, right and bottom edge lie from the location, in strides.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from models.detection import Box, Detection
from models.letterbox import letterbox

STRIDES = (8, 16, 32)
"""Pixels between the locations of each grid, in the order in which the network gives them."""

DISTANCE_BINS = 11
"""An edge's distance is the mean of a distribution over 0, 1, … 10 strides ("generalised focal loss",
https://arxiv.org/abs/2006.04388, section 3.2)."""


class Network(Protocol):
    """Something that runs a NanoDet network, such as a ``LitertRunner``."""

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of the input: (1, height, width, 3)."""

    def run(self, image: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
        """Give ``scores`` (1, N, classes) and ``distances`` (1, N, 44) for one picture of ``input_shape``."""


class NanoDet:
    """A NanoDet model as a detector.

    Args:
        name: The name under which it is known.
        labels: Its classes' names, in the network's order.
        network: What scores each location and gives its distances.
        threshold: The lowest score of a detection.
        overlap: Intersection over union from which on the weaker of two boxes with one label is dropped.
    """

    def __init__(self, name: str, labels: Sequence[str], network: Network, *, threshold: float, overlap: float) -> None:
        self._name = name
        self._labels = tuple(labels)
        self._network = network
        self._threshold = threshold
        self._overlap = overlap
        _, self._height, self._width, _ = network.input_shape
        self._locations = grid_locations(self._height, self._width)

    @property
    def name(self) -> str:
        """The name under which it is known."""
        return self._name

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label that it can give."""
        return self._labels

    @property
    def threshold(self) -> float:
        """The lowest score of a detection."""
        return self._threshold

    def detect(self, images: Sequence[NDArray[np.uint8]]) -> list[list[Detection]]:
        """Find things in each picture; see ``Detector.detect``."""
        return [self._detect_one(image) for image in images]

    def _detect_one(self, image: NDArray[np.uint8]) -> list[Detection]:
        boxed = letterbox(image, self._height, self._width)
        outputs = self._network.run(boxed.canvas[np.newaxis])
        scores, distances = outputs["scores"][0], outputs["distances"][0]
        best = scores.max(axis=1)
        candidates = np.flatnonzero(best >= self._threshold)
        if not candidates.size:
            return []
        best, classes = best[candidates], scores[candidates].argmax(axis=1)
        boxes = boxed.to_picture(decode_boxes(distances[candidates], self._locations[candidates]))
        kept = self._suppress(boxes, best, classes)
        return [
            Detection(self._labels[classes[index]], min(float(best[index]), 1.0), Box(*boxes[index].tolist()))
            for index in kept
            if (boxes[index, 2:] > boxes[index, :2]).all()
        ]

    def _suppress(
        self, boxes: NDArray[np.float32], scores: NDArray[np.float32], classes: NDArray[np.intp]
    ) -> NDArray[np.intp]:
        """Keep the best of the boxes that overlap and have one class; best first."""
        corner_and_size = np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], axis=1)
        kept = cv2.dnn.NMSBoxesBatched(corner_and_size.tolist(), scores.tolist(), classes.tolist(), 0.0, self._overlap)
        indices = np.asarray(kept, np.intp).reshape(-1)
        return indices[np.argsort(-scores[indices], kind="stable")]


def grid_locations(height: int, width: int) -> NDArray[np.float32]:
    """List the locations at which the network looks.

    Args:
        height: Height of the network's input in pixels, a multiple of 32.
        width: Its width.

    Returns:
        N×3: x and y of each location in pixels of the input, and the stride of its grid.
    """
    grids = []
    for stride in STRIDES:
        y, x = np.mgrid[: height // stride, : width // stride].reshape(2, -1)
        grids.append(np.stack([(x + 0.5) * stride, (y + 0.5) * stride, np.full(x.size, stride)], axis=1))
    return np.concatenate(grids).astype(np.float32)


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

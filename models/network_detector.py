"""A network and its head as a detector."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from models.detection import Box, Detection
from models.heads import Candidates, Head
from models.letterbox import Letterbox, letterbox
from models.pose import Pose
from models.view import View


class Network(Protocol):
    """Something that runs a network, such as a ``LitertRunner``."""

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of the input: (1, height, width, 3)."""

    def run(self, image: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
        """Give every output by its name for one picture of ``input_shape``."""


class NetworkDetector:
    """A network as a detector: scale the picture, run, read the outputs, leave out doubles, scale back.

    Args:
        name: The name under which it is known.
        labels: Its classes' names, in the network's order.
        network: What is run.
        head: What reads the network's outputs.
        threshold: The lowest score of a detection.
        overlap: Intersection over union from which on the weaker of two boxes with one label is dropped.
    """

    def __init__(
        self, name: str, labels: Sequence[str], network: Network, head: Head, *, threshold: float, overlap: float
    ) -> None:
        self._name = name
        self._labels = tuple(labels)
        self._network = network
        self._head = head
        self._threshold = threshold
        self._overlap = overlap
        _, self._height, self._width, _ = network.input_shape

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

    def detect(
        self, images: Sequence[NDArray[np.uint8]], views: Sequence[View | None] | None = None
    ) -> list[list[Detection]]:
        """Find things in each picture; see ``Detector.detect``. It looks at pixels only."""
        return [self._detect_one(image) for image in images]

    def _detect_one(self, image: NDArray[np.uint8]) -> list[Detection]:
        boxed = letterbox(image, self._height, self._width)
        outputs = self._network.run(boxed.canvas[np.newaxis])
        candidates = self._head.decode(outputs, self._height, self._width, self._threshold)
        if not candidates.scores.size:
            return []
        boxes = boxed.to_picture(candidates.boxes)
        return [
            Detection(
                self._labels[candidates.classes[index]],
                min(float(candidates.scores[index]), 1.0),
                Box(*boxes[index].tolist()),
                pose=_pose(candidates, int(index), boxed),
            )
            for index in self._without_doubles(boxes, candidates)
            if (boxes[index, 2:] > boxes[index, :2]).all()
        ]

    def _without_doubles(self, boxes: NDArray[np.float32], candidates: Candidates) -> NDArray[np.intp]:
        """Keep the best of the boxes that overlap and have one class; best first."""
        scores, classes = candidates.scores, candidates.classes
        corner_and_size = np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], axis=1)
        kept = cv2.dnn.NMSBoxesBatched(corner_and_size.tolist(), scores.tolist(), classes.tolist(), 0.0, self._overlap)
        indices = np.asarray(kept, np.intp).reshape(-1)
        return indices[np.argsort(-scores[indices], kind="stable")]


def _pose(candidates: Candidates, index: int, boxed: Letterbox) -> Pose | None:
    if candidates.keypoints is None:
        return None
    points = candidates.keypoints[index].astype(np.float64)
    points[:, :2] = (points[:, :2] - boxed.offset) / boxed.scale
    points[:, 2] = points[:, 2].clip(0, 1)
    return Pose.from_array(points)

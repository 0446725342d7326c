"""AprilTags, found by OpenCV: printed squares that carry a number."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from models.detection import Box, Detection
from models.letterbox import check_image
from models.view import View

TAG_COUNT = 587
"""How many tags the family 36h11 has: those that Spot itself looks for, numbered from 0."""
TAG_LABELS = tuple(f"tag {number}" for number in range(TAG_COUNT))

_SMALLEST_SIDE = 16  # px; the code is 8 squares wide, and two pixels are the least that one can be read from


class FiducialDetector:
    """Reads AprilTags of the family 36h11.

    A tag is found or not: its 36 bits must be one of 587 codes that differ in 11 bits or more from each other, after at
    most 3 bits are corrected. So its score is no probability; it says how well the square was read, as OpenCV defines
    it: 1 less the share of the pixels in its 8×8 squares that have the colour that they should not have. A tag that
    is printed well and seen from near has 0.9 or more; blur, a low angle and a low resolution lower that.

    Args:
        name: The name under which it is known.
        labels: ``TAG_LABELS``.
        threshold: The lowest score of a detection.
    """

    def __init__(self, name: str, labels: Sequence[str], *, threshold: float) -> None:
        self._name, self._labels, self._threshold = name, tuple(labels), threshold
        family = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_APRILTAG_36h11)
        self._detector = cv2.aruco.ArucoDetector(family, _parameters())
        self._turn = threading.Lock()

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
        """Find tags in each picture; see ``Detector.detect``. It looks at pixels only."""
        return [self._detect_one(image) for image in images]

    def _detect_one(self, image: NDArray[np.uint8]) -> list[Detection]:
        check_image(image)
        height, width = image.shape[:2]
        if min(height, width) < _SMALLEST_SIDE:
            return []
        grey = cv2.cvtColor(np.ascontiguousarray(image), cv2.COLOR_RGB2GRAY) if image.ndim == 3 else image
        with self._turn:
            corners, numbers, scores, _ = self._detector.detectMarkersWithConfidence(np.ascontiguousarray(grey))
        if numbers is None:
            return []
        found = [
            Detection(self._labels[number], min(1.0, max(0.0, float(score))), _box(square, width, height))
            for square, number, score in zip(corners, np.ravel(numbers), np.ravel(scores), strict=True)
            if score >= self._threshold
        ]
        return sorted(found, key=lambda detection: (-detection.score, detection.label, detection.box))


def _parameters() -> cv2.aruco.DetectorParameters:
    parameters = cv2.aruco.DetectorParameters()
    # Pictures are made black and white with windows of 3 and of 23 pixels. The window of 13 that OpenCV puts between
    # them doubles the time, and found no more tags of 10 to 32 pixels.
    parameters.adaptiveThreshWinSizeStep = 20
    # How near two squares may be before one of them is dropped: at OpenCV's 0.125 the tag may go and its margin stay.
    parameters.minMarkerDistanceRate = 0.05
    return parameters


def _box(corners: NDArray[np.float32], width: int, height: int) -> Box:
    """The bounding box of four corners, which lie on pixel centres."""
    points = corners.reshape(4, 2)
    low, high = points.min(axis=0), points.max(axis=0) + 1
    return Box(
        float(max(0.0, low[0])), float(max(0.0, low[1])), float(min(width, high[0])), float(min(height, high[1]))
    )

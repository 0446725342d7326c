"""A detector with a second head: what cannot be is rejected, and said why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.detection import Detection
from models.detector import Detector
from models.plausibility.judge import Judge
from models.view import View


@dataclass(frozen=True, slots=True)
class Rejection:
    """A detection that was left out.

    Attributes:
        detection: What the first detector found.
        picture: Which of the pictures of that call it was in.
        plausibility: What the judge gave it, 0 to 1.
        reason: Why, for people, e.g. ``"0.21 m tall at 1.4 m; a person has at least 0.40 m"``.
    """

    detection: Detection
    picture: int
    plausibility: float
    reason: str


class PlausibleDetector:
    """Another detector, without what cannot be.

    Scores stay as they are: a person that the depth camera loses for a moment must not seem to fade. Without views, or
    where nothing was measured, it gives exactly what the other detector gives.

    Args:
        detector: Finds things.
        judge: Says which of them cannot be.
    """

    def __init__(self, detector: Detector, judge: Judge) -> None:
        self._detector = detector
        self._judge = judge

    @property
    def name(self) -> str:
        """The name of the detector within."""
        return self._detector.name

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the detector within."""
        return self._detector.labels

    def detect(
        self, images: Sequence[NDArray[np.uint8]], views: Sequence[View | None] | None = None
    ) -> list[list[Detection]]:
        """Find things in each picture, and leave out what cannot be; see ``Detector.detect``.

        Raises:
            ImageError: A picture is none.
            ValueError: There are not as many views as pictures.
        """
        return self.explain(images, views)[0]

    def explain(
        self, images: Sequence[NDArray[np.uint8]], views: Sequence[View | None] | None = None
    ) -> tuple[list[list[Detection]], list[Rejection]]:
        """Detect, and say what was left out and why.

        Args:
            images: See ``Detector.detect``.
            views: Likewise.

        Returns:
            What ``detect`` gives, and what it leaves out.
        """
        found = self._detector.detect(images, views)
        if views is None:
            return found, []
        kept: list[list[Detection]] = []
        rejections: list[Rejection] = []
        for picture, (image, view, detections) in enumerate(zip(images, views, found, strict=True)):
            if view is None or not detections:
                kept.append(detections)
                continue
            measured = [view.measure(detection.box) for detection in detections]
            verdicts = self._judge.judge(detections, measured, image.shape[0], image.shape[1])
            pairs = list(zip(detections, verdicts, strict=True))
            kept.append([detection for detection, verdict in pairs if not verdict.rejected])
            rejections += [
                Rejection(detection, picture, verdict.plausibility, verdict.reason)
                for detection, verdict in pairs
                if verdict.reason is not None
            ]
        return kept, rejections

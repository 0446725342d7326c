"""Counting which gestures were told rightly, and printing it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.gesture_pictures import GESTURES
from models import Detection
from models.gestures import PERSON

LEVELS = (0.2, 0.3)
"""Lowest scores of a gesture: that of the detector, and one that rules may ask for."""


@dataclass(frozen=True)
class Score:
    """How one gesture fared."""

    right: int
    missed: int
    wrong: int

    @property
    def words(self) -> str:
        """Precision and recall."""
        shown, said = self.right + self.missed, self.right + self.wrong
        recall = f"{self.right / shown:.2f}" if shown else "-"
        precision = f"{self.right / said:.2f}" if said else "-"
        return f"{precision} / {recall}"


def in_grey(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Take the colour out of a picture."""
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)


def shade(grey: bool) -> str:
    """Name a kind of picture."""
    return "grey" if grey else "colour"


def labels_in(detections: Sequence[Detection], at_least: float = 0.0) -> set[str]:
    """Every gesture of whoever is found best."""
    best = next((detection for detection in detections if detection.label == PERSON), None)
    if best is None:
        return set()
    found = {detection.label for detection in detections if detection.box == best.box and detection.score >= at_least}
    return found - {PERSON}


def judge(shown: Sequence[str | None], found: Sequence[set[str]]) -> dict[str, Score]:
    """Compare what is found with what is shown, by gesture."""
    right: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for gesture, labels in zip(shown, found, strict=True):
        expected = {gesture} if gesture else set[str]()
        right.update(labels & expected)
        missed.update(expected - labels)
        wrong.update(labels - expected)
    return {label: Score(right[label], missed[label], wrong[label]) for label in GESTURES}

"""People and what they do, from pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.detection import Detection
from models.detector import Detector
from models.gestures.definitions import GESTURES, gestures_of
from models.view import View

PERSON = "person"
"""The label of people; what they do follows it in ``labels``."""


class PeopleDetector:
    """Adds gestures to a detector of people.

    Each person is one detection, and so is each gesture that the person holds: with the same box and pose. A gesture's
    score is the lowest of the person's and those of the joints that it rests on.

    Args:
        people: Finds people, with their poses; what has another label is left out.
        threshold: The lowest score of a gesture.
    """

    def __init__(self, people: Detector, *, threshold: float) -> None:
        self._people = people
        self._threshold = threshold

    @property
    def name(self) -> str:
        """The name under which it is known."""
        return self._people.name

    @property
    def labels(self) -> tuple[str, ...]:
        """``"person"``, and every still gesture."""
        return (PERSON, *(gesture.label for gesture in GESTURES))

    @property
    def threshold(self) -> float:
        """The lowest score of a detection."""
        return self._threshold

    def detect(
        self, images: Sequence[NDArray[np.uint8]], views: Sequence[View | None] | None = None
    ) -> list[list[Detection]]:
        """Find people and gestures in each picture; see ``Detector.detect``. It looks at pixels only."""
        return [self._with_gestures(found) for found in self._people.detect(images, views)]

    def _with_gestures(self, found: Sequence[Detection]) -> list[Detection]:
        people = [detection for detection in found if detection.label == PERSON]
        gestures = [
            replace(person, label=held.label, score=min(person.score, held.score), direction=held.direction)
            for person in people
            if person.pose is not None
            for held in gestures_of(person.pose)
        ]
        strong = [gesture for gesture in gestures if gesture.score >= self._threshold]
        return sorted([*people, *strong], key=lambda detection: -detection.score)

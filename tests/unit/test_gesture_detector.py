"""Gestures beside people, as detections."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from gesture_poses import CLEAR, STANDING, moved
from numpy.typing import NDArray

from models import Box, Detection, Detector
from models.gestures import GESTURES, PeopleDetector
from models.pose import Pose
from models.view import View

BOX = Box(0, 0, 50, 100)
PICTURE = np.zeros((120, 160, 3), np.uint8)


class Found:
    """Finds the same in every picture."""

    name = "people"
    labels = ("person",)

    def __init__(self, *detections: Detection) -> None:
        self._detections = list(detections)

    def detect(
        self, images: Sequence[NDArray[np.uint8]], views: Sequence[View | None] | None = None
    ) -> list[list[Detection]]:
        return [list(self._detections) for _ in images]


def person(pose: Pose | None, score: float = 0.6) -> Detection:
    return Detection("person", score, BOX, pose=pose)


def found(*people: Detection, threshold: float = 0.2) -> list[Detection]:
    return PeopleDetector(Found(*people), threshold=threshold).detect([PICTURE])[0]


def test_it_is_a_detector() -> None:
    detector = PeopleDetector(Found(), threshold=0.2)
    assert isinstance(detector, Detector)
    assert detector.name == "people"
    assert detector.labels == ("person", *(gesture.label for gesture in GESTURES))
    assert detector.threshold == 0.2


@pytest.mark.parametrize("label", sorted(CLEAR))
def test_a_gesture_comes_with_its_person(label: str) -> None:
    pose = moved(CLEAR[label].pose(score=0.8), 30, 100, 60)
    who, what = found(person(pose))
    assert (who.label, who.score, who.direction) == ("person", 0.6, None)
    assert (what.label, what.score, what.box, what.pose) == (label, 0.6, BOX, pose)
    assert (what.direction is not None) == label.startswith("pointing")


def test_somebody_who_just_stands_is_a_person() -> None:
    assert [detection.label for detection in found(person(STANDING.pose()))] == ["person"]


def test_a_gesture_is_as_sure_as_its_weakest_joint() -> None:
    _, what = found(person(CLEAR["t-pose"].pose(score=0.4)))
    assert what.score == 0.4


def test_a_weak_gesture_is_left_out() -> None:
    assert [d.label for d in found(person(CLEAR["t-pose"].pose(score=0.4)), threshold=0.5)] == ["person"]


def test_the_surest_come_first() -> None:
    several = found(
        person(CLEAR["t-pose"].pose(score=0.3), 0.9),
        person(CLEAR["sitting"].pose(score=0.8), 0.7),
        person(STANDING.pose(), 0.5),
    )
    assert [detection.label for detection in several] == ["person", "person", "sitting", "person", "t-pose"]


def test_a_person_without_a_pose_has_no_gesture() -> None:
    assert found(person(None)) == [person(None)]


def test_each_picture_has_its_own_list() -> None:
    detector = PeopleDetector(Found(person(CLEAR["sitting"].pose())), threshold=0.2)
    assert [len(detections) for detections in detector.detect([PICTURE] * 3)] == [2, 2, 2]
    assert detector.detect([]) == []

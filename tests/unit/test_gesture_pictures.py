"""From a scene to gestures: rendered people before the shipped model."""

from __future__ import annotations

import math

import numpy as np
import pytest

from models import Detection, Detector, load_detector
from simulator.calibration import Pinhole
from simulator.rendering import Renderer
from simulator.scene import Scene

CAMERA = Pinhole(640, 480, 420, 420, 319.5, 239.5)
POSE = np.array([[0.0, 0, 1, 0], [-1, 0, 0, 0], [0, -1, 0, 1.0], [0, 0, 0, 1]])


@pytest.fixture(scope="module")
def people() -> Detector:
    return load_detector("people", threads=1)


def seen(people: Detector, *gestures: str | None) -> list[Detection]:
    """What is seen of people side by side, each with a gesture or none."""
    objects = []
    for index, gesture in enumerate(gestures):
        spans = [{"gesture": gesture, "between": [1, 4]}] if gesture else []
        y = 1.2 * (len(gestures) - 1 - 2 * index)
        person = {"kind": "person", "name": f"person {index}", "position": [4.5, y], "yaw": "180 deg"}
        objects.append({**person, "gestures": spans})
    scene = Scene.model_validate({"name": "gestures", "duration": 9, "objects": objects})
    return people.detect([Renderer(scene).render(CAMERA, POSE, 2.0).image])[0]


def test_gestures_are_seen_with_their_people(people: Detector) -> None:
    detections = seen(people, "left arm raised", None, "t-pose")
    everybody = sorted((d for d in detections if d.label == "person"), key=lambda d: d.box.centre[0])
    assert len(everybody) == 3
    gestures = {detection.label: detection for detection in detections if detection.label != "person"}
    assert set(gestures) == {"left arm raised", "t-pose"}
    assert gestures["left arm raised"].box == everybody[0].box
    assert gestures["t-pose"].pose == everybody[2].pose


def test_pointing_has_its_direction(people: Detector) -> None:
    (pointing,) = (detection for detection in seen(people, "pointing left") if detection.label != "person")
    assert pointing.label == "pointing left"
    assert pointing.direction is not None
    assert math.cos(pointing.direction) < -math.cos(math.radians(20))

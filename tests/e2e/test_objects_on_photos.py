"""The shipped object detector on real photos, labelled by eye."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from models import Box, Detector, load_detector
from models.evaluation import Comparison, LabelledThing, compare, read_truth

PHOTOS = Path(__file__).parents[1] / "data" / "photos"
VIDEO = Path(__file__).parents[1] / "data" / "videos" / "pedestrians.mp4"
TRUTH = read_truth(PHOTOS / "labels.yaml")
IN_COLOUR, IN_GREY = cv2.IMREAD_COLOR_RGB, cv2.IMREAD_GRAYSCALE


@pytest.fixture(scope="module")
def detector() -> Detector:
    return load_detector("objects")


def compare_all(detector: Detector, mode: int) -> dict[str, Comparison]:
    found = detector.detect([cv2.imread(str(PHOTOS / name), mode) for name in TRUTH])
    return {name: compare(detections, TRUTH[name]) for name, detections in zip(TRUTH, found, strict=True)}


def recall(comparisons: dict[str, Comparison], label: str | None = None) -> float:
    def count(things: tuple[LabelledThing, ...]) -> int:
        return sum(label in (None, thing.label) for thing in things)

    found = sum(count(comparison.found) for comparison in comparisons.values())
    return found / (found + sum(count(comparison.missed) for comparison in comparisons.values()))


def test_every_labelled_photo_is_there() -> None:
    assert set(TRUTH) == {path.name for path in PHOTOS.glob("*.jpg")}


COMMON = ("bicycle", "car", "cat", "cup", "tv")


@pytest.mark.parametrize(("mode", "of_all", "common"), [
    (IN_COLOUR, 0.85, (*COMMON, "orange")),
    (IN_GREY, 0.8, COMMON),  # without its colour, an orange is hard to tell
], ids=["colour", "grey"])  # fmt: skip
def test_people_and_common_things_are_found(
    detector: Detector, mode: int, of_all: float, common: tuple[str, ...]
) -> None:
    comparisons = compare_all(detector, mode)
    assert recall(comparisons, "person") >= 0.95
    assert recall(comparisons) >= of_all
    for label in common:
        assert recall(comparisons, label) >= 0.5, label


@pytest.mark.parametrize("mode", [IN_COLOUR, IN_GREY], ids=["colour", "grey"])
def test_photos_without_things_give_few_false_alarms(detector: Detector, mode: int) -> None:
    comparisons = compare_all(detector, mode)
    assert sum(len(comparisons[name].surplus) for name, things in TRUTH.items() if not things) <= 10


def test_people_are_found_upright_in_a_turned_camera_frame(detector: Detector) -> None:
    photo = cv2.imread(str(PHOTOS / "left06.jpg"), IN_COLOUR)
    canvas = np.zeros((726, 603, 3), np.uint8)
    canvas[140:592] = cv2.resize(photo, (603, 452))
    things = [LabelledThing("person", Box(*(edge * 603 / 640 for edge in (160, 40, 545, 480))))]
    moved = [LabelledThing(t.label, t.box._replace(y_min=t.box.y_min + 140, y_max=t.box.y_max + 140)) for t in things]
    assert compare(detector.detect([canvas])[0], moved).found == tuple(moved)


def draw_stop_sign(photo: NDArray[np.uint8], x: int, y: int, size: int) -> LabelledThing:
    """Draw a stop sign of ``size`` pixels onto a photo: letters a third of its height, as on the sign R1-1."""
    angles = np.pi / 8 + np.arange(8) * np.pi / 4
    ring = np.stack([np.cos(angles), np.sin(angles)], axis=1) * size / 2 / np.cos(np.pi / 8)
    for share, colour in ((1.0, (255, 255, 255)), (0.92, (190, 20, 30))):
        cv2.fillPoly(photo, [np.round(ring * share + (x, y)).astype(np.int32)], colour, cv2.LINE_AA)
    thickness = max(1, round(size * 0.05))
    (_, unit_height), _ = cv2.getTextSize("STOP", cv2.FONT_HERSHEY_SIMPLEX, 10, thickness)
    scale = 10 * size / 3 / unit_height
    (width, height), _ = cv2.getTextSize("STOP", cv2.FONT_HERSHEY_SIMPLEX, scale, thickness)
    corner = (x - width // 2, y + height // 2)
    white = (255, 255, 255)
    cv2.putText(photo, "STOP", corner, cv2.FONT_HERSHEY_SIMPLEX, scale, white, thickness, cv2.LINE_AA)
    return LabelledThing("stop sign", Box(x - size / 2, y - size / 2, x + size / 2, y + size / 2))


@pytest.mark.parametrize(("grey", "least"), [(False, 14), (True, 9)], ids=["colour", "grey"])
def test_drawn_stop_signs_are_found(detector: Detector, grey: bool, least: int) -> None:
    """No photo of a real stop sign comes with an open licence here, so these are drawn onto photos."""
    found = 0
    for name in ("pedestrians_000.jpg", "leuvenB.jpg", "china.jpg", "left06.jpg", "basketball1.jpg"):
        for size in (64, 96, 140):
            photo = cv2.resize(cv2.imread(str(PHOTOS / name), IN_COLOUR), (640, 480))
            sign = draw_stop_sign(photo, 320, 200, size)
            picture = cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY) if grey else photo
            found += len(compare(detector.detect([picture])[0], [sign]).found)
    assert found >= least


def test_people_are_found_all_through_the_video(detector: Detector) -> None:
    video = cv2.VideoCapture(str(VIDEO))
    people = []
    for _ in range(100):
        frame = cv2.cvtColor(video.read()[1], cv2.COLOR_BGR2RGB)
        people.append(sum(detection.label == "person" for detection in detector.detect([frame])[0]))
    assert min(people) >= 2

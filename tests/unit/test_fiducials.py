"""AprilTags in pictures: their numbers are right, their boxes tight, and nothing else is a tag."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models import available_models, load_detector
from models.fiducials import TAG_LABELS, FiducialDetector

PHOTOS = sorted((Path(__file__).parents[1] / "data" / "photos").glob("*.jpg"))
FAMILY = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_APRILTAG_36h11)
DETECTOR = FiducialDetector("fiducials", TAG_LABELS, threshold=0.5)


def picture(number: int, side: float, turn: float = 0.0, x: float = 320.0, y: float = 240.0) -> NDArray[np.uint8]:
    """A tag whose black square has sides of so many pixels, on grey."""
    tag = cv2.copyMakeBorder(
        cv2.aruco.generateImageMarker(FAMILY, number, 320), *[60] * 4, cv2.BORDER_CONSTANT, value=255
    )
    scale = side / 320
    blurred = cv2.GaussianBlur(tag, (0, 0), 0.5 / scale)
    matrix = cv2.getRotationMatrix2D((219.5, 219.5), turn, scale)
    matrix[:, 2] += np.array([x, y]) - 219.5
    ground = np.full((480, 640), 128, np.uint8)
    return cv2.warpAffine(blurred, matrix, (640, 480), dst=ground, borderMode=cv2.BORDER_TRANSPARENT)


def test_it_is_a_shipped_model_with_a_label_for_each_tag() -> None:
    assert "fiducials" in available_models()
    assert load_detector("fiducials").labels == TAG_LABELS
    assert (len(TAG_LABELS), TAG_LABELS[0], TAG_LABELS[-1]) == (587, "tag 0", "tag 586")


@settings(max_examples=60)
@given(st.integers(0, 586), st.floats(20, 150), st.floats(0, 360), st.floats(150, 490), st.floats(150, 330))
def test_a_tag_is_read_at_any_turn_and_boxed_tightly(number: int, side: float, turn: float, x: float, y: float) -> None:
    (found,) = DETECTOR.detect([picture(number, side, turn, x, y)])[0]
    assert found.label == f"tag {number}"
    angle = np.deg2rad(turn)
    half = side / 2 * (abs(np.cos(angle)) + abs(np.sin(angle)))
    edges = (x - half + 0.5, y - half + 0.5, x + half + 0.5, y + half + 0.5)
    assert found.box == pytest.approx(edges, abs=2.5)


def test_a_well_printed_tag_near_by_has_a_better_score_than_a_small_one() -> None:
    near, far = (DETECTOR.detect([picture(7, side)])[0][0].score for side in (200, 18))
    assert near > 0.9 > far > 0.7


def test_several_tags_are_sorted_by_score() -> None:
    image = np.minimum(picture(3, 120, x=160), picture(400, 24, x=480))
    assert [found.label for found in DETECTOR.detect([image])[0]] == ["tag 3", "tag 400"]


def test_mirrored_and_inverted_tags_are_none() -> None:
    image = picture(350, 100)
    assert DETECTOR.detect([image[:, ::-1], 255 - image]) == [[], []]


@pytest.mark.parametrize("photo", PHOTOS, ids=lambda path: path.stem)
def test_photographs_hold_no_tags(photo: Path) -> None:
    image = cv2.imread(str(photo))
    assert DETECTOR.detect([image, np.ascontiguousarray(np.rot90(image))]) == [[], []]

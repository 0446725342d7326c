"""The key-points of one person as a value."""

from __future__ import annotations

import numpy as np
import pytest

from models.pose import Joint, Keypoint, Pose

POINTS = np.stack([np.arange(17) * 10.0, np.arange(17) - 5.0, np.linspace(0, 1, 17)], axis=1)


def test_joints_are_those_of_coco_in_its_order() -> None:
    assert [joint.words for joint in Joint] == [
        "nose", "left eye", "right eye", "left ear", "right ear", "left shoulder", "right shoulder", "left elbow",
        "right elbow", "left wrist", "right wrist", "left hip", "right hip", "left knee", "right knee", "left ankle",
        "right ankle",
    ]  # fmt: skip


def test_it_is_read_by_the_names_of_joints() -> None:
    pose = Pose.from_array(POINTS)
    assert pose[Joint.LEFT_WRIST] == Keypoint(90.0, 4.0, 9 / 16)
    assert pose.seen(Joint.RIGHT_ANKLE, 1.0)
    assert not pose.seen(Joint.NOSE, 0.1)


def test_arrays_go_in_and_come_out() -> None:
    pose = Pose.from_array(POINTS.astype(np.float32))
    assert pose.array() == pytest.approx(POINTS)
    pose.array()[:] = 0
    assert pose == Pose.from_array(POINTS.astype(np.float32))
    assert hash(pose) == hash(Pose.from_array(POINTS.astype(np.float32)))


@pytest.mark.parametrize(("row", "column", "value", "message"), [
    (0, 0, np.nan, "nose: x and y must be finite"),
    (16, 1, np.inf, "right ankle: x and y must be finite"),
    (5, 2, 1.01, r"left shoulder: score must lie in \[0, 1\]"),
    (6, 2, -0.01, "right shoulder: score must lie"),
    (7, 2, np.nan, "left elbow: score must lie"),
])  # fmt: skip
def test_what_cannot_be_is_refused(row: int, column: int, value: float, message: str) -> None:
    points = POINTS.copy()
    points[row, column] = value
    with pytest.raises(ValueError, match=message):
        Pose.from_array(points)


@pytest.mark.parametrize("shape", [(16, 3), (17, 2), (17,), (1, 17, 3)], ids=str)
def test_other_shapes_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"expected an array of shape \(17, 3\)"):
        Pose.from_array(np.zeros(shape))


def test_too_few_keypoints_are_refused() -> None:
    with pytest.raises(ValueError, match="a pose has 17 key-points, not 2"):
        Pose((Keypoint(0, 0, 0), Keypoint(0, 0, 0)))

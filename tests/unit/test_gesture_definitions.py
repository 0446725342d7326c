"""Gestures from key-points: what holds, what does not, and what must not matter."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from gesture_poses import CLEAR, NOTHING, STANDING, Stickman, mirrored, moved, without
from hypothesis import given
from hypothesis import strategies as st

from models.gestures import GESTURES, gestures_of
from models.pose import Joint, Pose

DOCS = Path(__file__).parents[2] / "docs" / "gestures.md"
SWAPPED = {
    "left arm raised": "right arm raised",
    "right arm raised": "left arm raised",
    "pointing left": "pointing right",
    "pointing right": "pointing left",
}
ARM_GESTURES = {gesture.label for gesture in GESTURES} - {"sitting", "lying down"}

clear = st.sampled_from(sorted(CLEAR)).map(lambda label: CLEAR[label].pose())
offsets = st.lists(st.floats(-0.6, 0.6), min_size=34, max_size=34).map(lambda values: np.array(values).reshape(17, 2))


def labels(pose: Pose) -> set[str]:
    return {held.label for held in gestures_of(pose)}


def shifted(pose: Pose, by: np.ndarray) -> Pose:
    points = pose.array()
    points[:, :2] += by
    return Pose.from_array(points)


contorted = st.builds(shifted, clear, offsets)


@pytest.mark.parametrize("label", sorted(CLEAR))
def test_a_clear_gesture_holds_alone(label: str) -> None:
    assert labels(CLEAR[label].pose()) == {label}


@pytest.mark.parametrize("name", sorted(NOTHING))
def test_what_is_no_gesture_is_none(name: str) -> None:
    assert labels(NOTHING[name].pose()) == set()


def test_each_gesture_has_a_clear_example() -> None:
    assert {gesture.label for gesture in GESTURES} == set(CLEAR)


@given(contorted, st.floats(0.1, 500), st.floats(-2000, 2000), st.floats(-2000, 2000))
def test_neither_distance_nor_place_matters(pose: Pose, scale: float, x: float, y: float) -> None:
    assert labels(moved(pose, scale, x, y)) == labels(pose)


@given(contorted)
def test_a_mirror_swaps_left_and_right(pose: Pose) -> None:
    held = {gesture.label: gesture for gesture in gestures_of(pose)}
    image = {gesture.label: gesture for gesture in gestures_of(mirrored(pose))}
    assert {SWAPPED.get(label, label) for label in held} == set(image)
    for label, gesture in held.items():
        direction = image[SWAPPED.get(label, label)].direction
        assert (direction is None) == (gesture.direction is None)
        if direction is not None and gesture.direction is not None:
            assert math.cos(direction) == pytest.approx(-math.cos(gesture.direction))
            assert math.sin(direction) == pytest.approx(math.sin(gesture.direction))


@given(clear, st.lists(st.floats(-0.03, 0.03), min_size=34, max_size=34))
def test_a_little_noise_changes_nothing_clear(pose: Pose, noise: list[float]) -> None:
    assert labels(shifted(pose, np.array(noise).reshape(17, 2))) == labels(pose)


@given(contorted)
def test_one_thing_at_a_time(pose: Pose) -> None:
    held = labels(pose)
    assert len(held & ARM_GESTURES) <= 1
    assert not {"sitting", "lying down"} <= held
    assert "lying down" not in held or not held & ARM_GESTURES


@given(contorted, st.sampled_from(list(Joint)))
def test_what_rests_on_a_joint_that_is_not_seen_is_unknown(pose: Pose, joint: Joint) -> None:
    resting = {gesture.label for gesture in GESTURES if joint in gesture.joints}
    assert labels(without(pose, joint)) == labels(pose) - resting


@pytest.mark.parametrize("label", sorted(CLEAR))
def test_the_score_is_that_of_the_weakest_joint(label: str) -> None:
    gesture = next(gesture for gesture in GESTURES if gesture.label == label)
    points = CLEAR[label].pose().array()
    points[gesture.joints[-1], 2] = gesture.seen
    (held,) = gestures_of(Pose.from_array(points))
    assert held.score == gesture.seen
    points[gesture.joints[-1], 2] = np.nextafter(gesture.seen, 0)
    assert gestures_of(Pose.from_array(points)) == ()


def test_arms_are_the_persons_own_and_pointing_is_in_the_picture() -> None:
    left, right = CLEAR["left arm raised"].pose(), CLEAR["pointing right"].pose()
    assert left[Joint.LEFT_WRIST].y < left[Joint.LEFT_SHOULDER].y
    assert right[Joint.LEFT_WRIST].x > right[Joint.LEFT_SHOULDER].x


@pytest.mark.parametrize(("angle", "expected"), [(90, 0.0), (105, -math.radians(15)), (70, math.radians(20))])
def test_a_pointing_arm_has_a_direction(angle: float, expected: float) -> None:
    (held,) = gestures_of(Stickman(left=(angle, angle)).pose())
    assert held.label == "pointing right"
    assert held.direction == pytest.approx(expected)


def test_a_person_seen_from_behind_raises_arms_but_crosses_none() -> None:
    def behind(pose: Pose) -> Pose:  # the picture stays, the joints change their names
        points = pose.array()
        points[1:17:2], points[2:17:2] = points[2:17:2].copy(), points[1:17:2].copy()
        return Pose.from_array(points)

    assert labels(behind(CLEAR["left arm raised"].pose())) == {"right arm raised"}
    assert labels(behind(CLEAR["pointing left"].pose())) == {"pointing left"}
    assert labels(behind(CLEAR["t-pose"].pose())) == {"t-pose"}
    assert labels(behind(CLEAR["arms crossed"].pose())) == set()


def test_all_joints_in_one_place_are_no_gesture() -> None:
    assert gestures_of(Pose.from_array(np.full((17, 3), 0.5))) == ()


def test_a_gesture_and_a_posture_may_hold_together() -> None:
    assert labels(replace(CLEAR["both arms raised"], thigh=0.3).pose()) == {"both arms raised", "sitting"}


def test_someone_who_stands_upside_down_raises_nothing() -> None:
    assert labels(replace(STANDING, lean=180).pose()) == set()


def test_the_table_in_the_docs_is_this_one() -> None:
    rows = re.findall(r"^\| `([^`]+)` \| (.+?) \|", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    table = {label: definition for label, definition in rows if label in CLEAR}
    assert table == {gesture.label: gesture.definition for gesture in GESTURES}

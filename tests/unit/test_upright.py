"""Upright pictures: the horizon is level, no pixel is lost, and every pixel finds its way back."""

from __future__ import annotations

import math

import numpy as np
import pytest
from camera_views import CAMERAS, odom_tform_camera
from hypothesis import given, settings
from hypothesis import strategies as st

from behaviors import SE2Pose
from spot_agent.cameras import Upright, roll_of

rolls = st.floats(-math.pi, math.pi)
sizes = st.integers(2, 700)
yaws = st.floats(-3.1, 3.1)


def to_upright(upright: Upright, pixels: np.ndarray) -> np.ndarray:
    return pixels @ upright.to_upright[:, :2].T + upright.to_upright[:, 2]


def corners(size: tuple[int, int]) -> np.ndarray:
    right, low = size[0] - 1, size[1] - 1
    return np.array([[0, 0], [right, 0], [0, low], [right, low]], float)


@settings(max_examples=40)
@given(rolls, sizes, sizes, st.floats(0, 1), st.floats(0, 1))
def test_a_pixel_finds_its_way_back(roll: float, width: int, height: int, u: float, v: float) -> None:
    upright = Upright.by_roll(roll, width, height)
    pixel = np.array([[u * (width - 1), v * (height - 1)]])
    assert upright.sensor_pixels(to_upright(upright, pixel)) == pytest.approx(pixel, abs=1e-6)


@settings(max_examples=40)
@given(rolls, sizes, sizes)
def test_no_pixel_is_lost(roll: float, width: int, height: int) -> None:
    upright = Upright.by_roll(roll, width, height)
    there = to_upright(upright, corners((width, height)))
    assert (there >= -1e-5).all()
    assert (there <= np.array(upright.size) - 1 + 1e-5).all()


@settings(max_examples=40)
@given(rolls, sizes, sizes)
def test_the_picture_has_the_size_that_was_announced(roll: float, width: int, height: int) -> None:
    upright = Upright.by_roll(roll, width, height)
    assert upright.apply(np.zeros((height, width, 3), np.uint8)).shape == (upright.size[1], upright.size[0], 3)


@pytest.mark.parametrize("camera", CAMERAS)
@settings(max_examples=40)
@given(yaw=yaws)
def test_the_world_s_up_is_the_picture_s_up(camera: str, yaw: float) -> None:
    pose = odom_tform_camera(camera, SE2Pose(3.0, -2.0, yaw))
    upright = Upright.by_roll(roll_of(pose), 640, 480)
    # How a step upwards in the world moves on the picture, for a point on the optical axis.
    step = pose[:3, :3].T @ [0.0, 0.0, 1.0]
    x, y = upright.to_upright[:, :2] @ step[:2]
    tilt = math.degrees(math.atan2(x, -y))
    # Three of them are turned by a quarter, which is not quite their angle.
    assert abs(tilt) < (0.8 if upright.quarter_turns is not None else 0.01)


@pytest.mark.parametrize(
    ("camera", "degrees"), [("frontleft", -78), ("frontright", -102), ("right", 180), ("left", 0), ("back", 0)]
)
def test_spot_s_cameras_are_turned_as_its_documents_say(camera: str, degrees: float) -> None:
    turned = -math.degrees(roll_of(odom_tform_camera(camera, SE2Pose(0.0, 0.0, 0.3))))
    assert math.remainder(turned - degrees, 360.0) == pytest.approx(0.0, abs=2.5)


@pytest.mark.parametrize("quarter", range(-2, 4))
@pytest.mark.parametrize("shape", [(6, 9, 3), (5, 8)])
def test_a_quarter_turn_moves_every_pixel_where_its_matrix_says(quarter: int, shape: tuple[int, ...]) -> None:
    picture = np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)
    upright = Upright.by_roll(quarter * math.pi / 2, shape[1], shape[0])
    turned = upright.apply(picture)
    assert turned.shape[:2] == (shape[:2] if quarter % 2 == 0 else shape[1::-1])
    for row in range(shape[0]):
        for column in range(shape[1]):
            x, y = np.rint(to_upright(upright, np.array([[column, row]], float))[0]).astype(int)
            assert (turned[y, x] == picture[row, column]).all()


def test_a_turn_beside_a_quarter_shows_nearly_the_same_picture() -> None:
    ramp = np.tile(np.linspace(0, 255, 64), (48, 1)).astype(np.uint8)
    exact = Upright.by_roll(math.pi / 2, 64, 48)
    general = Upright.by_roll(math.pi / 2 + math.radians(4), 64, 48)
    assert (exact.quarter_turns, general.quarter_turns) == (1, None)
    middle = general.apply(ramp)
    middle = middle[middle.shape[0] // 2, middle.shape[1] // 2]
    assert int(middle) == pytest.approx(int(exact.apply(ramp)[32, 24]), abs=6)


def test_what_the_sensor_did_not_see_is_black() -> None:
    turned = Upright.by_roll(math.radians(45), 40, 40).apply(np.full((40, 40), 255, np.uint8))
    assert turned[0, 0] == 0
    assert turned[turned.shape[0] // 2, turned.shape[1] // 2] == 255


def test_a_level_camera_costs_no_copy() -> None:
    picture = np.zeros((4, 6), np.uint8)
    assert Upright.by_roll(0.01, 6, 4).apply(picture) is picture


@pytest.mark.parametrize("up", [1.0, -1.0])
def test_a_camera_that_looks_along_the_vertical_is_left_as_it_is(up: float) -> None:
    pose = np.eye(4)
    pose[:3, :3] = np.array([[1.0, 0.0, 0.0], [0.0, up, 0.0], [0.0, 0.0, up]])
    assert roll_of(pose) == 0.0

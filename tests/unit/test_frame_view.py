"""What a box measures: angles by the lens, elevations against gravity, height and distance, and nothing invented."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from camera_views import CAMERAS, FLOOR, Slab, before, look, wall_behind
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from behaviors import SE2Pose
from models import Box, BoxMeasurements
from spot_agent.cameras import CameraModel, Frame, FrameTimes, Upright, roll_of
from spot_agent.perception import FrameView

WIDTH, HEIGHT = 640, 480
EYE_HEIGHT = 0.7  # m
PINHOLE = CameraModel(330.0, 330.0, 319.5, 239.5)
FISHEYE = CameraModel(330.0, 330.0, 319.5, 239.5, (-0.02, 0.005, -0.003, 0.0005), fisheye=True)
TOLERANCE = 1e-6


def turn(axis: str, angle: float) -> NDArray[np.float64]:
    cos, sin = math.cos(angle), math.sin(angle)
    return np.array({
        "x": [[1, 0, 0], [0, cos, -sin], [0, sin, cos]],
        "y": [[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]],
        "z": [[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]],
    }[axis], np.float64)  # fmt: skip


# The optical frame (x right, y down, z ahead) of a camera that looks along x of a frame whose z is up.
LEVEL = np.array([[0.0, 0.0, 1.0], [-1.0, 0.0, 0.0], [0.0, -1.0, 0.0]])


def frame_of(model: CameraModel, *, pitch: float = 0.0, roll: float = 0.0, yaw: float = 0.0) -> Frame:
    """A frame of a camera on a tilted body; pitch is positive nose down."""
    pose = np.eye(4)
    pose[:3, :3] = turn("z", yaw) @ turn("y", pitch) @ turn("x", roll) @ LEVEL
    pose[:3, 3] = 3.0, -2.0, FLOOR + EYE_HEIGHT
    upright = Upright.by_roll(roll_of(pose), WIDTH, HEIGHT)
    image = np.zeros((upright.size[1], upright.size[0]), np.uint8)
    return Frame("left", image, FrameTimes(1.0, 1.0, 1.0), upright, model, pose, SE2Pose(3, -2, yaw), FLOOR)


def on_picture(frame: Frame, points: list[tuple[float, float, float]]) -> NDArray[np.float64]:
    """Where points (ahead, left, up from the camera's place, level) fall on the upright picture."""
    pose, model = frame.odom_tform_camera, frame.model
    yaw = frame.body.yaw
    odom = np.array(points) @ turn("z", yaw).T
    pixels = model.pixels(odom @ pose[:3, :3])
    return pixels @ frame.upright.to_upright[:, :2].T + frame.upright.to_upright[:, 2]


def person_box(frame: Frame, distance: float, height: float = 1.7, width: float = 0.5) -> Box:
    """The box of somebody straight ahead: its edges' middles are exactly his head, feet and sides."""
    top, bottom = (up - EYE_HEIGHT for up in (height, 0.0))
    head, feet = on_picture(frame, [(distance, 0.0, top), (distance, 0.0, bottom)])
    left, right = on_picture(
        frame, [(distance, width / 2, (top + bottom) / 2), (distance, -width / 2, (top + bottom) / 2)]
    )
    return Box(left[0] + 0.5, head[1] + 0.5, right[0] + 0.5, feet[1] + 0.5)


@pytest.mark.parametrize("model", [PINHOLE, FISHEYE], ids=["pinhole", "Kannala-Brandt"])
def test_a_person_of_1_7_m_at_3_m(model: CameraModel) -> None:
    frame = frame_of(model)
    measured = FrameView(frame).measure(person_box(frame, 3.0))
    up, down = math.atan2(1.0, 3.0), math.atan2(0.7, 3.0)
    assert measured.top_elevation == pytest.approx(up, abs=TOLERANCE)
    assert measured.bottom_elevation == pytest.approx(-down, abs=TOLERANCE)
    assert measured.angular_height == pytest.approx(up + down, abs=TOLERANCE)
    assert measured.angular_width == pytest.approx(2 * math.atan2(0.25, 3.0), abs=2e-3)
    assert measured.camera_height == pytest.approx(EYE_HEIGHT)
    assert measured.distance is None


@pytest.mark.parametrize("model", [PINHOLE, FISHEYE], ids=["pinhole", "Kannala-Brandt"])
@settings(max_examples=40)
@given(pitch=st.floats(-0.4, 0.4), yaw=st.floats(-3, 3), distance=st.floats(2.0, 8.0))
def test_a_body_that_leans_forward_or_back_changes_no_elevation(
    model: CameraModel, pitch: float, yaw: float, distance: float
) -> None:
    frame = frame_of(model, pitch=pitch, yaw=yaw)
    box = person_box(frame, distance)
    assume(box.y_min >= 0 and box.y_max <= HEIGHT)
    measured = FrameView(frame).measure(box)
    assert measured.top_elevation == pytest.approx(math.atan2(1.0, distance), abs=TOLERANCE)
    assert measured.bottom_elevation == pytest.approx(-math.atan2(0.7, distance), abs=TOLERANCE)


@settings(max_examples=40)
@given(roll=st.sampled_from([-math.pi / 2, math.pi / 2, math.pi, 0.3, -0.25]), pitch=st.floats(-0.2, 0.2))
def test_a_camera_that_is_mounted_turned_measures_the_same(roll: float, pitch: float) -> None:
    frame = frame_of(PINHOLE, roll=roll, pitch=pitch)
    measured = FrameView(frame).measure(person_box(frame, 4.0))
    assert measured.top_elevation == pytest.approx(math.atan2(1.0, 4.0), abs=1e-4)
    assert measured.bottom_elevation == pytest.approx(-math.atan2(0.7, 4.0), abs=1e-4)


@pytest.mark.parametrize("camera", CAMERAS)
@pytest.mark.parametrize("distance", [1.5, 3.0, 5.0])
def test_distance_is_that_of_the_person_and_not_of_the_wall_behind(camera: str, distance: float) -> None:
    body = SE2Pose(2.0, -1.0, 0.7)
    slab = before(camera, body, distance)
    view = look(camera, body, [slab, wall_behind(slab, 1.5)])
    measured = FrameView(view.frame).measure(view.box())
    assert measured.distance == pytest.approx(distance, rel=0.12), "along the ray, and the middle may be below the eye"
    assert measured.camera_height == pytest.approx(view.frame.odom_tform_camera[2, 3] - FLOOR)


def test_what_the_robot_does_not_say_is_unknown() -> None:
    frame = frame_of(PINHOLE)
    box = person_box(frame, 3.0)
    assert FrameView(replace(frame, model=None, odom_tform_camera=None, floor=None)).measure(box) == BoxMeasurements()
    blind = FrameView(replace(frame, odom_tform_camera=None)).measure(box)
    assert (blind.top_elevation, blind.bottom_elevation, blind.camera_height) == (None, None, None)
    assert blind.angular_height == pytest.approx(math.atan2(1.0, 3.0) + math.atan2(0.7, 3.0), abs=TOLERANCE)
    assert FrameView(replace(frame, floor=None)).measure(box).camera_height is None


VIEWS = [look(camera, SE2Pose(0, 0, 0), [Slab(3.0, 0.2, math.pi)]).frame for camera in CAMERAS]
BARREL = CameraModel(300.0, 300.0, 320.0, 240.0, (-0.28, 0.08, 0.001, -0.0005, -0.01))
numbers = st.sampled_from([0.0, math.nan, math.inf, -math.inf])


@settings(max_examples=100)
@given(
    st.sampled_from(VIEWS), st.floats(-60, 700), st.floats(-60, 700), st.floats(0.1, 800), st.floats(0.1, 800),
    st.sampled_from([None, BARREL, FISHEYE]), numbers, numbers,
)  # fmt: skip
def test_every_figure_is_finite_or_unknown(
    frame: Frame,
    x: float,
    y: float,
    width: float,
    height: float,
    model: CameraModel | None,
    broken: float,
    floor: float,
) -> None:
    pose = frame.odom_tform_camera.copy()
    pose[2, 3] += broken
    frame = replace(frame, odom_tform_camera=pose, floor=frame.floor + floor, model=model or frame.model)
    measured = FrameView(frame).measure(Box(x, y, x + width, y + height))
    figures = [getattr(measured, name) for name in BoxMeasurements.__slots__]
    assert all(figure is None or math.isfinite(figure) for figure in figures)
    assert measured.distance is None or measured.distance > 0
    assert all(figure is None or 0 <= figure <= math.pi for figure in (measured.angular_width, measured.angular_height))


@settings(max_examples=40)
@given(st.floats(50, 500), st.floats(50, 380), st.floats(5, 90), st.floats(5, 90), st.floats(1.05, 2.0))
def test_a_larger_box_around_the_same_middle_has_larger_angles(
    x: float, y: float, width: float, height: float, grown: float
) -> None:
    view = FrameView(frame_of(PINHOLE))
    small = view.measure(Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2))
    large = view.measure(
        Box(*(x - grown * width / 2, y - grown * height / 2, x + grown * width / 2, y + grown * height / 2))
    )
    assert large.angular_width > small.angular_width
    assert large.angular_height > small.angular_height
    assert large.top_elevation > small.top_elevation
    assert large.bottom_elevation < small.bottom_elevation

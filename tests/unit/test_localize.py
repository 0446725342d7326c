"""Where things are: by depth within centimetres, by the floor within a tenth, and never guessed."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from camera_views import CAMERAS, Slab, before, look, wall_behind
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from behaviors import SE2Pose
from models import Box, Detection
from spot_agent.cameras import CameraModel
from spot_agent.perception import locate

bodies = st.builds(SE2Pose, st.floats(-20, 20), st.floats(-20, 20), st.floats(-math.pi, math.pi))
cameras = st.sampled_from(CAMERAS)
HERE = SE2Pose(2.0, -1.0, 0.7)


def person(box: Box) -> Detection:
    return Detection("person", 0.8, box)


@settings(max_examples=15)
@given(cameras, bodies, st.floats(1.5, 7.0), st.floats(-0.3, 0.3), st.floats(0.8, 3.0))
def test_depth_tells_where_a_person_before_a_wall_stands(
    camera: str, body: SE2Pose, distance: float, aside: float, gap: float
) -> None:
    slab = before(camera, body, distance, aside)
    view = look(camera, body, [slab, wall_behind(slab, gap)])
    box = view.box()
    assume(box is not None)
    place = locate(person(box), view.frame)
    assert place is not None
    assert place.distance_to(slab.place) < 0.05 + 0.01 * distance


@pytest.mark.parametrize("camera", CAMERAS)
@pytest.mark.parametrize("distance", [1.2, 2.0, 3.0, 5.0])
def test_within_five_centimetres_at_every_camera(camera: str, distance: float) -> None:
    slab = before(camera, HERE, distance)
    view = look(camera, HERE, [slab, wall_behind(slab, 1.5)])
    place = locate(person(view.box()), view.frame)
    assert place is not None
    assert place.distance_to(slab.place) < 0.05


@settings(max_examples=15)
@given(
    cameras, bodies, st.floats(0.8, 3.0), st.floats(-1.0, 1.0).map(lambda side: math.copysign(0.4 + abs(side), side))
)
def test_a_body_that_the_picture_s_edge_cuts_is_where_its_visible_part_is(
    camera: str, body: SE2Pose, distance: float, aside: float
) -> None:
    slab = before(camera, body, distance, aside * distance)
    view = look(camera, body, [slab, wall_behind(slab, 2.0)])
    box = view.box()
    assume(box is not None)
    place = locate(person(box), view.frame)
    if place is not None:
        assert place.distance_to(slab.place) < slab.width / 2 + 0.05


@settings(max_examples=15)
@given(cameras, bodies, st.floats(2.0, 7.0), st.floats(-0.3, 0.3))
def test_without_depth_the_floor_tells_where_a_standing_thing_is(
    camera: str, body: SE2Pose, distance: float, aside: float
) -> None:
    slab = before(camera, body, distance, aside)
    view = look(camera, body, [slab], depth=False)
    box = view.box()
    assume(box is not None)
    place = locate(person(box), view.frame)
    if place is not None:
        eye = view.frame.odom_tform_camera[:2, 3]
        away = math.hypot(slab.x - eye[0], slab.y - eye[1])
        assert place.distance_to(slab.place) < 0.1 * away


@pytest.mark.parametrize("camera", CAMERAS)
def test_the_floor_is_used_where_the_feet_show(camera: str) -> None:
    slab = before(camera, HERE, 4.0)
    view = look(camera, HERE, [slab], depth=False)
    place = locate(person(view.box()), view.frame)
    assert place is not None
    assert place.distance_to(slab.place) < 0.4


@pytest.mark.parametrize(
    ("camera", "distance"), [("frontleft", 0.1), ("frontright", 0.1), ("left", 0.3), ("back", 0.3)]
)
def test_feet_below_the_picture_say_nothing(camera: str, distance: float) -> None:
    slab = before(camera, HERE, distance)
    view = look(camera, HERE, [slab], depth=False)
    assert locate(person(view.box()), view.frame) is None


def test_a_sign_in_a_hand_is_nowhere_without_depth() -> None:
    slab = replace(before("left", HERE, 3.0), width=0.4, height=0.4, above=0.8)
    blind, seeing = look("left", HERE, [slab], depth=False), look("left", HERE, [slab])
    box = seeing.box()
    assert box is not None
    assert locate(Detection("stop sign", 0.9, box), blind.frame) is None
    place = locate(Detection("stop sign", 0.9, box), seeing.frame)
    assert place is not None
    assert place.distance_to(slab.place) < 0.05


def test_a_thing_without_enough_depth_falls_back_to_the_floor() -> None:
    slab = before("frontright", HERE, 3.0)
    view = look("frontright", HERE, [slab])
    holes = replace(view.frame, depth=np.where(view.shown == 0, 65535, 0).astype(np.uint16))
    place = locate(person(view.box()), holes)
    assert place is not None
    assert place.distance_to(slab.place) < 0.3
    assert locate(Detection("stop sign", 0.9, view.box()), holes) is None


@pytest.mark.parametrize("unknown", ["model", "odom_tform_camera"])
def test_without_a_camera_model_or_its_pose_nothing_is_anywhere(unknown: str) -> None:
    view = look("left", HERE, [before("left", HERE, 3.0)])
    assert locate(person(view.box()), replace(view.frame, **{unknown: None})) is None


def test_without_depth_and_floor_nothing_is_anywhere() -> None:
    view = look("left", HERE, [before("left", HERE, 3.0)], depth=False)
    assert locate(person(view.box()), replace(view.frame, floor=None)) is None


@pytest.mark.parametrize("floor", [math.nan, math.inf, -math.inf])
def test_a_floor_at_no_height_says_nothing(floor: float) -> None:
    view = look("left", HERE, [before("left", HERE, 3.0)], depth=False)
    assert locate(person(view.box()), replace(view.frame, floor=floor)) is None


def test_above_the_horizon_there_is_no_floor() -> None:
    view = look("left", HERE, depth=False)
    assert locate(person(Box(300, 1, 340, 20)), view.frame) is None


BARREL = CameraModel(300.0, 300.0, 320.0, 240.0, (-0.28, 0.08, 0.001, -0.0005, -0.01))
VIEWS = {camera: look(camera, HERE, [Slab(4.0, 0.5, math.pi)]).frame for camera in CAMERAS}
numbers = st.floats(-1e6, 1e6) | st.sampled_from([math.nan, math.inf, -math.inf])


@settings(max_examples=80)
@given(
    cameras,
    st.floats(-50, 700),
    st.floats(-50, 700),
    st.floats(0.5, 500),
    st.floats(0.5, 500),
    st.booleans(),
    st.booleans(),
    numbers,
    st.sampled_from([0.0, math.nan, math.inf]),
)
def test_a_place_is_known_or_not_but_never_nan(
    camera: str, x: float, y: float, width: float, height: float,
    depth: bool, barrel: bool, floor: float, broken: float,
) -> None:  # fmt: skip
    frame = replace(VIEWS[camera], floor=floor)
    frame = frame if depth else replace(frame, depth=None)
    frame = replace(frame, model=BARREL) if barrel else frame
    pose = frame.odom_tform_camera.copy()
    pose[0, 3] += broken
    place = locate(person(Box(x, y, x + width, y + height)), replace(frame, odom_tform_camera=pose))
    assert place is None or (math.isfinite(place.x) and math.isfinite(place.y))

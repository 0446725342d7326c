"""How far the floor ahead is free."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from camera_views import CAMERAS, Slab, look
from hypothesis import given, settings
from hypothesis import strategies as st

from behaviors import Point2, SE2Pose
from spot_agent.perception import ObstacleWatch
from spot_agent.perception.obstacles import free_floor_ahead

FRONT_EDGE = 0.55  # m ahead of the body's origin: Spot is 1.1 m long
FRONT = ("frontleft", "frontright")
HERE = SE2Pose(-3.0, 5.0, 2.0)
bodies = st.builds(SE2Pose, st.floats(-20, 20), st.floats(-20, 20), st.floats(-math.pi, math.pi))


def ahead(body: SE2Pose, distance: float, left: float = 0.0, **size: float) -> Slab:
    """A slab so far ahead of the body's middle, across its way."""
    place = body.from_body(Point2(distance, left))
    return Slab(place.x, place.y, body.yaw + math.pi, **size)


def wall(body: SE2Pose, distance: float) -> Slab:
    return ahead(body, distance, width=20.0, height=3.0)


@settings(max_examples=12)
@given(st.sampled_from(FRONT), bodies, st.floats(1.0, 6.0))
def test_a_wall_ahead(camera: str, body: SE2Pose, distance: float) -> None:
    free = free_floor_ahead(look(camera, body, [wall(body, distance)]).frame)
    assert free == pytest.approx(distance - FRONT_EDGE, abs=0.03)


@pytest.mark.parametrize("camera", CAMERAS)
def test_the_floor_alone_is_no_obstacle(camera: str) -> None:
    assert free_floor_ahead(look(camera, HERE).frame) is None


@pytest.mark.parametrize("left", [0.65, -0.65])
def test_a_person_beside_the_way_is_none_and_one_on_it_is_one(left: float) -> None:
    aside, before = ahead(HERE, 2.0, left), ahead(HERE, 2.0, left / 3)
    for camera in FRONT:
        assert free_floor_ahead(look(camera, HERE, [aside]).frame) is None
    found = [free_floor_ahead(look(camera, HERE, [before]).frame) for camera in FRONT]
    assert min(free for free in found if free is not None) == pytest.approx(2.0 - FRONT_EDGE, abs=0.03)


@pytest.mark.parametrize(("above", "height", "counts"), [(0.0, 0.1, False), (1.1, 0.5, False), (0.0, 0.6, True)])
def test_what_it_steps_over_or_walks_under_is_no_obstacle(above: float, height: float, counts: bool) -> None:
    thing = ahead(HERE, 1.6, width=0.6, height=height, above=above)
    found = [free_floor_ahead(look(camera, HERE, [thing]).frame) for camera in FRONT]
    assert any(free is not None for free in found) is counts


@pytest.mark.parametrize("camera", ["left", "right", "back"])
def test_a_camera_that_looks_elsewhere_does_not_see_a_wall_ahead(camera: str) -> None:
    assert free_floor_ahead(look(camera, HERE, [wall(HERE, 1.5)]).frame) is None


@pytest.mark.parametrize("unknown", ["depth", "model", "odom_tform_camera", "body", "floor"])
def test_what_is_not_known_is_no_obstacle(unknown: str) -> None:
    frame = look("frontleft", HERE, [wall(HERE, 2.0)]).frame
    assert free_floor_ahead(replace(frame, **{unknown: None})) is None


def test_the_nearest_of_both_cameras_counts_while_it_is_fresh() -> None:
    watch = ObstacleWatch()
    assert watch.free_ahead(0.0) is None
    watch.look(look("frontleft", HERE, [wall(HERE, 2.0)], time=10.0).frame)
    watch.look(look("frontright", HERE, [wall(HERE, 3.0)], time=10.3).frame)
    assert watch.free_ahead(10.4) == pytest.approx(2.0 - FRONT_EDGE, abs=0.03)
    assert watch.free_ahead(10.6) == pytest.approx(3.0 - FRONT_EDGE, abs=0.03), "the first is too old"
    assert watch.free_ahead(10.9) is None


def test_a_way_that_became_free_is_free_at_once() -> None:
    watch = ObstacleWatch()
    watch.look(look("frontleft", HERE, [wall(HERE, 2.0)], time=10.0).frame)
    watch.look(look("frontleft", HERE, time=10.1).frame)
    assert watch.free_ahead(10.1) is None


def test_a_frame_without_depth_says_nothing_new() -> None:
    watch = ObstacleWatch()
    watch.look(look("frontleft", HERE, [wall(HERE, 2.0)], time=10.0).frame)
    watch.look(look("frontleft", HERE, time=10.1, depth=False).frame)
    assert watch.free_ahead(10.2) == pytest.approx(2.0 - FRONT_EDGE, abs=0.03)


def test_a_frame_of_the_future_says_nothing_about_now() -> None:
    watch = ObstacleWatch()
    watch.look(look("frontleft", HERE, [wall(HERE, 2.0)], time=400.0).frame)
    assert watch.free_ahead(100.0) is None, "the robot's clock was set back"

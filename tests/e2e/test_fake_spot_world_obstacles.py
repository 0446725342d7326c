"""Obstacles are solid for whoever drives the robot through the SDK; and AprilTags can be hidden."""

from __future__ import annotations

from typing import Any

import pytest
from bosdyn.api import basic_command_pb2, world_object_pb2
from bosdyn.client.robot_command import RobotCommandClient
from bosdyn.client.world_object import WorldObjectClient
from stepped_client import CALL_TIMEOUT, SteppedClient, with_padding, without_avoidance

from simulator.fake_spot import FakeSpot
from simulator.robot.robot import RobotSettings
from simulator.scene import Scene

Feedback = basic_command_pb2.SE2TrajectoryCommand.Feedback
WALL = {"kind": "wall", "name": "wall", "start": (3, -2), "end": (3, 2), "thickness": 0.1}
BEFORE_THE_WALL = 3.0 - 0.05 - 0.55


def scene_with(*objects: dict[str, Any]) -> Scene:
    return Scene.model_validate({"name": "solid", "duration": 60, "objects": objects})


def contacts(spot: FakeSpot) -> list[str]:
    return [event.detail for event in spot.journal.events if event.name == "contact"]


@pytest.mark.parametrize(("params", "distance"), [(None, 0.3), (with_padding(0.6), 0.6), (without_avoidance(), 0.0)])
def test_stops_before_a_wall_as_far_as_the_command_wants_or_bumps(params: object, distance: float) -> None:
    settings = RobotSettings(obstacle_distance=0.3)
    with FakeSpot(scene_with(WALL), clock="stepped", settings=settings) as spot:
        SteppedClient(spot).walk(1.0, seconds=5.0, params=params)
        assert spot.truth().x == pytest.approx(BEFORE_THE_WALL - distance, abs=3e-3)
        assert contacts(spot) == (["wall"] if distance == 0.0 else [])


def test_stops_before_people_too_and_goes_on_when_they_have_left() -> None:
    ann = {"kind": "person", "name": "ann", "position": (3, 0), "visible": ((0, 6),)}
    with FakeSpot(scene_with(ann), clock="stepped") as spot:
        client = SteppedClient(spot)
        client.walk(0.8, seconds=5.0)
        assert spot.truth().x == pytest.approx(3.0 - 0.28 - 0.55 - 0.15, abs=3e-3)
        client.walk(0.8, seconds=3.0)
        assert spot.truth().x > 3.0
        assert contacts(spot) == []


@pytest.mark.parametrize(
    ("way", "expected"), [(1.0, Feedback.FINAL_GOAL_STATUS_ACHIEVABLE), (5.0, Feedback.FINAL_GOAL_STATUS_BLOCKED)]
)
def test_a_goal_behind_a_wall_is_told_to_be_blocked(way: float, expected: int) -> None:
    with FakeSpot(scene_with(WALL), clock="stepped") as spot:
        client = SteppedClient(spot)
        number = client.go_to(way, 0.0, 0.0, seconds=20.0)
        spot.step(10.0)
        commands = client.robot.ensure_client(RobotCommandClient.default_service_name)
        feedback = commands.robot_command_feedback(number, timeout=CALL_TIMEOUT).feedback
        goal = feedback.synchronized_feedback.mobility_command_feedback.se2_trajectory_feedback
        assert goal.final_goal_status == expected
        assert (goal.status == Feedback.STATUS_AT_GOAL) == (expected == Feedback.FINAL_GOAL_STATUS_ACHIEVABLE)
        assert goal.body_movement_status == Feedback.BODY_STATUS_SETTLED
        assert spot.truth().x <= BEFORE_THE_WALL - 0.15 + 1e-3


def tags_seen(*more: dict[str, Any]) -> list[int]:
    tag = {"kind": "apriltag", "name": "tag", "id": 42, "position": (2.5, 0.3, 0.5), "yaw": "180 deg"}
    with FakeSpot(scene_with(tag, *more), clock="stepped") as spot:
        client = SteppedClient(spot)
        spot.step(1.0)
        kinds = [world_object_pb2.WORLD_OBJECT_APRILTAG]
        objects = client.robot.ensure_client(WorldObjectClient.default_service_name)
        found = objects.list_world_objects(kinds, timeout=CALL_TIMEOUT).world_objects
        return [int(each.apriltag_properties.tag_id) for each in found]


def test_a_tag_is_seen_only_when_nothing_stands_before_it() -> None:
    crate = {"kind": "box", "name": "crate", "position": (1.6, 0.2), "size": (0.3, 0.8, 0.9)}
    low = {**crate, "size": (0.3, 0.8, 0.2)}
    behind = {"kind": "wall", "name": "wall", "start": (2.55, -1), "end": (2.55, 2), "thickness": 0.1}  # flush with it
    corner = {"kind": "box", "name": "post", "position": (2.2, 0.33), "size": (0.02, 0.05, 0.9)}
    assert tags_seen() == [42]
    assert tags_seen(low, behind) == [42]
    assert tags_seen(crate) == []
    assert tags_seen({"kind": "person", "name": "ann", "position": (1.5, 0.2)}) == []
    assert tags_seen(corner) == []

"""The official SDK sends trajectories of several points; the clock is stepped."""

from __future__ import annotations

import math
import time

import pytest
from bosdyn.api import basic_command_pb2, robot_command_pb2
from bosdyn.client.exceptions import InvalidRequestError
from bosdyn.client.robot_command import RobotCommandBuilder, RobotCommandClient
from stepped_client import CALL_TIMEOUT, SteppedClient

from simulator.fake_spot import FakeSpot
from simulator.robot.behaviours import FollowTrajectory
from simulator.robot.timestamps import to_duration, to_timestamp
from simulator.scene import Scene

Feedback = basic_command_pb2.SE2TrajectoryCommand.Feedback
Status = basic_command_pb2.RobotCommandFeedbackStatus
CORNER = [(4.0, 1.5, 0.0, 0.0), (8.0, 1.5, 1.5, math.pi / 2)]
WALL = {"kind": "wall", "name": "wall", "start": (3, -4), "end": (3, 4), "thickness": 0.1}


def scene() -> Scene:
    return Scene.model_validate({"name": "ways", "duration": 30, "objects": [WALL]})


def command(
    points: list[tuple[float, float, float, float]], spot: FakeSpot, seconds: float
) -> robot_command_pb2.RobotCommand:
    """What the builder makes for one point, with more of them."""
    built = RobotCommandBuilder.synchro_se2_trajectory_point_command(0.0, 0.0, 0.0, "odom")
    request = built.synchronized_command.mobility_command.se2_trajectory_request
    del request.trajectory.points[:]
    for seconds_after, x, y, yaw in points:
        point = request.trajectory.points.add(time_since_reference=to_duration(seconds_after))
        point.pose.position.x, point.pose.position.y, point.pose.angle = x, y, yaw
    request.end_time.CopyFrom(to_timestamp(spot.robot_time() + seconds + 0.005))
    return built


def sent(
    client: SteppedClient, points: list[tuple[float, float, float, float]], seconds: float
) -> tuple[RobotCommandClient, int]:
    commands = client.robot.ensure_client(RobotCommandClient.default_service_name)
    return commands, commands.robot_command(command(points, client.spot, seconds), timeout=CALL_TIMEOUT)


def test_walks_round_the_corner_in_time_and_ends_at_the_last_point() -> None:
    with FakeSpot(scene(), clock="stepped") as spot:
        commands, number = sent(SteppedClient(spot), CORNER, 20.0)
        statuses = []
        for x, y, yaw in ((1.5, 0.0, 0.0), (1.5, 1.5, math.pi / 2)):
            spot.step(4.0)
            truth = spot.truth()
            assert (truth.x, truth.y, truth.yaw) == pytest.approx((x, y, yaw), abs=0.06)
            answer = commands.robot_command_feedback(number, timeout=CALL_TIMEOUT).feedback
            statuses.append(answer.synchronized_feedback.mobility_command_feedback.se2_trajectory_feedback.status)
        assert statuses[0] == Feedback.STATUS_GOING_TO_GOAL
        spot.step(2.0)
        answer = commands.robot_command_feedback(number, timeout=CALL_TIMEOUT).feedback
        goal = answer.synchronized_feedback.mobility_command_feedback.se2_trajectory_feedback
        assert goal.status == Feedback.STATUS_AT_GOAL
        assert goal.body_movement_status == Feedback.BODY_STATUS_SETTLED
        assert goal.final_goal_status == Feedback.FINAL_GOAL_STATUS_ACHIEVABLE


def test_its_end_time_ends_it_on_the_way() -> None:
    with FakeSpot(scene(), clock="stepped") as spot:
        commands, number = sent(SteppedClient(spot), CORNER, 2.0)
        spot.step(10.0)
        assert (spot.truth().x, spot.truth().y) == pytest.approx((0.75, 0.0), abs=0.12)
        answer = commands.robot_command_feedback(number, timeout=CALL_TIMEOUT).feedback
        mobility = answer.synchronized_feedback.mobility_command_feedback
        assert mobility.status == Status.STATUS_COMMAND_TIMED_OUT
        assert mobility.se2_trajectory_feedback.status == Feedback.STATUS_GOING_TO_GOAL


def test_a_wall_on_the_way_stops_it() -> None:
    with FakeSpot(scene(), clock="stepped") as spot:
        commands, number = sent(SteppedClient(spot), [(4.0, 1.5, 0.0, 0.0), (8.0, 5.0, 0.0, 0.0)], 20.0)
        spot.step(10.0)
        assert spot.truth().x < 3.0 - 0.55
        answer = commands.robot_command_feedback(number, timeout=CALL_TIMEOUT).feedback
        goal = answer.synchronized_feedback.mobility_command_feedback.se2_trajectory_feedback
        assert goal.final_goal_status == Feedback.FINAL_GOAL_STATUS_BLOCKED
        assert goal.status == Feedback.STATUS_GOING_TO_GOAL


def test_times_that_do_not_increase_are_refused() -> None:
    with FakeSpot(scene(), clock="stepped") as spot:
        client = SteppedClient(spot)
        with pytest.raises(InvalidRequestError) as refusal:
            sent(client, [(4.0, 1.0, 0.0, 0.0), (4.0, 2.0, 0.0, 0.0)], 20.0)
        assert "not later" in refusal.value.response.message


def test_the_sdk_gives_the_reference_time_in_robot_time() -> None:
    with FakeSpot(scene()) as spot:
        client = SteppedClient(spot)
        built = command(CORNER, spot, 20.0)
        reference = time.time() + 1.0
        request = built.synchronized_command.mobility_command.se2_trajectory_request
        request.trajectory.reference_time.CopyFrom(to_timestamp(reference))
        commands = client.robot.ensure_client(RobotCommandClient.default_service_name)
        commands.robot_command(built, timeout=CALL_TIMEOUT)
        behaviour = spot.robot.runner.behaviour
        assert isinstance(behaviour, FollowTrajectory)
        assert behaviour.target.ends_at == pytest.approx(reference + 8.0 + spot.robot.settings.clock_skew, abs=0.2)

"""The official SDK drives the fake Spot over TLS gRPC."""

from __future__ import annotations

import math
import time

import pytest
from bosdyn.api import basic_command_pb2, robot_state_pb2
from bosdyn.client.estop import EstopClient, EstopEndpoint, EstopKeepAlive
from bosdyn.client.exceptions import LeaseUseError
from bosdyn.client.frame_helpers import get_a_tform_b, get_odom_tform_body, get_vision_tform_body
from bosdyn.client.lease import LeaseClient, LeaseKeepAlive
from bosdyn.client.robot import Robot
from bosdyn.client.robot_command import (
    RobotCommandBuilder,
    RobotCommandClient,
    block_for_trajectory_cmd,
    blocking_sit,
    blocking_stand,
)
from bosdyn.client.robot_state import RobotStateClient
from bosdyn.geometry import EulerZXY

from simulator.fake_spot import FakeSpot
from simulator.robot.behaviours import PlanarPose
from simulator.robot.robot import RobotSettings
from simulator.testing import connect

Builder = RobotCommandBuilder
Feedback = basic_command_pb2.RobotCommandFeedbackStatus
Behavior = robot_state_pb2.BehaviorState


def standing(spot: FakeSpot, name: str = "driver") -> Robot:
    """A client that holds the lease of a robot that stands."""
    spot.stand_up()
    robot = connect(spot, name)
    robot.ensure_client(LeaseClient.default_service_name).acquire(timeout=5)
    return robot


def commands(robot: Robot) -> RobotCommandClient:
    return robot.ensure_client(RobotCommandClient.default_service_name)


def state(robot: Robot) -> robot_state_pb2.RobotState:
    return robot.ensure_client(RobotStateClient.default_service_name).get_robot_state(timeout=5)


def walk(robot: Robot, seconds: float = 0.6, x: float = 0.4, turn: float = 0.0) -> int:
    command = Builder.synchro_velocity_command(x, 0.0, turn)
    return commands(robot).robot_command(command, end_time_secs=time.time() + seconds, timeout=5)


@pytest.mark.parametrize("skew", [12.5, -300.0])
def test_from_power_on_to_power_off(skew: float) -> None:
    with FakeSpot(clock_skew=skew) as spot:
        robot = connect(spot, "driver")
        assert robot.time_sync.endpoint.clock_skew.ToNanoseconds() / 1e9 == pytest.approx(skew, abs=0.2)
        lease_client = robot.ensure_client(LeaseClient.default_service_name)
        endpoint = EstopEndpoint(robot.ensure_client(EstopClient.default_service_name), "driver", 3.0)
        endpoint.force_simple_setup()
        assert state(robot).behavior_state.state == Behavior.STATE_NOT_READY
        with LeaseKeepAlive(lease_client, must_acquire=True, return_at_exit=True), EstopKeepAlive(endpoint):
            assert not robot.is_estopped(timeout=5)
            robot.power_on(timeout_sec=10, update_frequency=20)
            blocking_stand(commands(robot), timeout_sec=5)
            assert state(robot).behavior_state.state == Behavior.STATE_STANDING
            before = spot.truth()
            walk(robot, 1.4)
            spot.wait_for(lambda truth: truth.speed > 0.3)
            assert state(robot).behavior_state.state == Behavior.STATE_STEPPING
            after = spot.wait_for(lambda truth: truth.speed == 0.0)
            assert math.hypot(after.x - before.x, after.y - before.y) == pytest.approx(0.5, abs=0.15)
            blocking_sit(commands(robot), timeout_sec=5)
            assert spot.truth().posture == "sitting"
            robot.power_off(cut_immediately=False, timeout_sec=10, update_frequency=20)
            assert not spot.truth().powered
        assert spot.truth().lease_owner is None


def test_motion_expires_when_the_client_vanishes() -> None:
    with FakeSpot() as spot:
        robot = standing(spot)
        for _ in range(5):
            walk(robot, x=0.1)
            last = spot.robot.clock.uptime()
            spot.wait_for(lambda truth, last=last: truth.uptime > last + 0.1)
        robot.time_sync.stop()
        assert spot.truth().speed == pytest.approx(0.1)
        stopped = spot.wait_for(lambda truth: truth.speed == 0.0, 2.0)
        assert stopped.uptime - last < 0.7
        assert stopped.posture == "standing"


def test_walk_to_a_goal_and_be_overridden() -> None:
    with FakeSpot() as spot:
        robot = standing(spot)
        client = commands(robot)
        tree = state(robot).kinematic_state.transforms_snapshot
        go = Builder.synchro_trajectory_command_in_body_frame(0.4, 0.1, math.pi / 3, tree)
        number = client.robot_command(go, end_time_secs=time.time() + 8, timeout=5)
        assert block_for_trajectory_cmd(client, number, timeout_sec=8)
        truth = spot.truth()
        assert (truth.x, truth.y, truth.yaw) == pytest.approx((0.4, 0.1, math.pi / 3), abs=0.05)
        first, second = walk(robot), walk(robot, 0.3)

        def status(number: int) -> int:
            parts = client.robot_command_feedback(number, timeout=5).feedback.synchronized_feedback
            return int(parts.mobility_command_feedback.status)

        assert status(first) == Feedback.STATUS_COMMAND_OVERRIDDEN
        assert status(second) == Feedback.STATUS_PROCESSING
        spot.wait_for(lambda truth: truth.speed == 0.0)
        assert status(second) == Feedback.STATUS_COMMAND_TIMED_OUT


def test_goals_in_odom_and_vision_differ_but_lead_to_the_same_place() -> None:
    start = PlanarPose(2.0, -1.0, 2.5)
    with FakeSpot(settings=RobotSettings(start=start)) as spot:
        robot = standing(spot)
        tree = state(robot).kinematic_state.transforms_snapshot
        odom, vision = get_odom_tform_body(tree), get_vision_tform_body(tree)
        assert (odom.x, odom.y) == pytest.approx((0, 0), abs=1e-6)
        assert abs(vision.x - odom.x) > 0.05
        for frame, body in (("odom", odom), ("vision", vision)):
            goal = body.get_closest_se2_transform()
            go = Builder.synchro_se2_trajectory_point_command(goal.x, goal.y, goal.angle, frame_name=frame)
            number = commands(robot).robot_command(go, end_time_secs=time.time() + 3, timeout=5)
            assert block_for_trajectory_cmd(commands(robot), number, timeout_sec=3)
        truth = spot.truth()
        assert (truth.x, truth.y, truth.yaw) == pytest.approx((start.x, start.y, start.yaw), abs=0.03)


def test_body_pose_tilts_the_body_and_its_frames() -> None:
    with FakeSpot() as spot:
        robot = standing(spot)
        normal = spot.truth().height
        attitude = EulerZXY(yaw=0.0, roll=0.1, pitch=-0.2)
        stand = Builder.synchro_stand_command(body_height=0.05, footprint_R_body=attitude)
        commands(robot).robot_command(stand, timeout=5)
        spot.wait_for(lambda truth: truth.pitch < -0.195 and truth.roll > 0.095 and truth.height > normal + 0.049)
        tree = state(robot).kinematic_state.transforms_snapshot
        assert get_odom_tform_body(tree).rot.to_pitch() == pytest.approx(-0.2, abs=0.01)
        assert get_a_tform_b(tree, "odom", "flat_body").rot.to_pitch() == pytest.approx(0.0, abs=1e-6)
        ground = get_a_tform_b(tree, "body", "gpe").inverse()
        assert ground.z == pytest.approx(normal + 0.05, abs=0.01)


def test_lease_taken_by_another_stops_nobody_but_the_old_owner() -> None:
    with FakeSpot() as spot:
        robot, tablet = standing(spot), connect(spot, "tablet")
        walk(robot)
        tablet.ensure_client(LeaseClient.default_service_name).take(timeout=5)
        assert spot.truth().lease_owner.startswith("tablet")
        with pytest.raises(LeaseUseError):
            walk(robot)
        commands(tablet).robot_command(Builder.synchro_sit_command(), timeout=5)
        spot.wait_for(lambda truth: truth.posture == "sitting")


def test_vanished_estop_endpoint_makes_the_robot_sit_and_cuts_power() -> None:
    with FakeSpot() as spot:
        robot = connect(spot)
        robot.ensure_client(LeaseClient.default_service_name).acquire(timeout=5)
        client = robot.ensure_client(EstopClient.default_service_name)
        endpoint = EstopEndpoint(client, "driver", 0.3, estop_cut_power_timeout=10.0)
        endpoint.force_simple_setup()
        endpoint.allow()
        spot.stand_up()
        walk(robot, 5.0)
        spot.wait_for(lambda truth: truth.estop_level == "ESTOP_LEVEL_SETTLE_THEN_CUT", 2.0)
        spot.wait_for(lambda truth: truth.posture == "changing", 2.0)
        spot.wait_for(lambda truth: not truth.powered and truth.height < 0.15, 3.0)


def test_pressed_estop_cuts_power_at_once() -> None:
    with FakeSpot() as spot:
        robot = standing(spot)
        walk(robot, 3.0)
        spot.wait_for(lambda truth: truth.speed > 0.3)
        spot.press_estop()
        spot.wait_for(lambda truth: not truth.powered and truth.speed == 0.0, 0.5)
        assert robot.is_estopped(timeout=5)
        spot.press_estop(pressed=False)
        assert not robot.is_estopped(timeout=5)


def test_robot_neither_sits_nor_powers_off_when_its_owner_vanishes() -> None:
    with FakeSpot(settings=RobotSettings(lease_stale_after=0.2)) as spot:
        standing(spot)
        end = spot.truth().uptime + 1.0
        truth = spot.wait_for(lambda truth: truth.uptime > end)
        assert truth.powered
        assert truth.posture == "standing"


def test_two_robots_at_once() -> None:
    with FakeSpot(clock_skew=1.0) as one, FakeSpot(clock_skew=-5.0) as two:
        first, second = standing(one), standing(two)
        assert one.port != two.port
        walk(first)
        one.wait_for(lambda truth: truth.speed > 0.1)
        assert two.truth().x == 0.0
        walk(second, turn=0.5, x=0.0)
        two.wait_for(lambda truth: truth.yaw > 0.05)
        assert one.truth().yaw == 0.0
        assert one.journal.commands[-1].command == "se2_velocity_request"


def test_journal_tells_what_was_accepted_and_refused() -> None:
    with FakeSpot() as spot:
        robot = standing(spot)
        walk(robot)
        spot.take_lease("tablet")
        with pytest.raises(LeaseUseError):
            walk(robot)
        accepted, refused = spot.journal.commands
        assert accepted.accepted
        assert not refused.accepted
        assert refused.lease_status == "STATUS_OLDER"
        summary = spot.summary()
        assert (summary.accepted, summary.refused) == (1, 1)
        assert spot.journal.calls["RobotCommandService/RobotCommand"] == 2

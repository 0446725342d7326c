"""Our commands as the robot's messages."""

from __future__ import annotations

import math

import pytest
from bosdyn.api import robot_command_pb2
from bosdyn.api.spot import robot_command_pb2 as spot_command_pb2
from bosdyn.geometry import EulerZXY
from hypothesis import given
from hypothesis import strategies as st

from behaviors import PoseBody, SE2Pose, SE2Velocity, Sit, Stand, Stop, Walk, WalkTo
from spot_agent.robot.messages import to_message

angles = st.floats(-0.5, 0.5)


def mobility(message: robot_command_pb2.RobotCommand) -> object:
    assert message.WhichOneof("command") == "synchronized_command"
    return message.synchronized_command.mobility_command


def params(message: robot_command_pb2.RobotCommand) -> spot_command_pb2.MobilityParams:
    unpacked = spot_command_pb2.MobilityParams()
    assert message.synchronized_command.mobility_command.params.Unpack(unpacked)
    return unpacked


def test_stop_stops_the_whole_body() -> None:
    message = to_message(Stop())
    assert message.WhichOneof("command") == "full_body_command"
    assert message.full_body_command.HasField("stop_request")


def test_sit() -> None:
    assert mobility(to_message(Sit())).HasField("sit_request")  # type: ignore[attr-defined]


def test_stand_is_level_and_of_normal_height() -> None:
    message = to_message(Stand())
    assert mobility(message).HasField("stand_request")  # type: ignore[attr-defined]
    (point,) = params(message).body_control.base_offset_rt_footprint.points
    assert (point.pose.position.z, point.pose.rotation.w) == (0.0, 1.0)


@given(angles, angles, angles, st.floats(-0.15, 0.15))
def test_a_pose_is_a_stand_with_that_attitude(roll: float, pitch: float, yaw: float, height: float) -> None:
    message = to_message(PoseBody(roll, pitch, yaw, height))
    assert mobility(message).HasField("stand_request")  # type: ignore[attr-defined]
    (point,) = params(message).body_control.base_offset_rt_footprint.points
    expected = EulerZXY(yaw=yaw, roll=roll, pitch=pitch).to_quaternion()
    turned = point.pose.rotation
    assert (turned.w, turned.x, turned.y, turned.z) == pytest.approx((expected.w, expected.x, expected.y, expected.z))
    assert point.pose.position.z == pytest.approx(height)


def test_positive_pitch_is_nose_down() -> None:
    (point,) = params(to_message(PoseBody(pitch=0.2))).body_control.base_offset_rt_footprint.points
    assert point.pose.rotation.y == pytest.approx(math.sin(0.1)), "about the axis to the left"


def test_walking_is_a_velocity_of_the_body() -> None:
    message = to_message(Walk(SE2Velocity(0.4, -0.1, 0.3)))
    request = message.synchronized_command.mobility_command.se2_velocity_request
    velocity = request.velocity
    assert (velocity.linear.x, velocity.linear.y, velocity.angular) == pytest.approx((0.4, -0.1, 0.3))
    assert request.se2_frame_name == "body"
    assert not params(message).HasField("vel_limit"), "a limit that says nothing would mean zero"


def test_walking_to_a_place_is_limited_in_every_direction() -> None:
    message = to_message(WalkTo(SE2Pose(2.0, -3.0, 1.2), 0.6, 0.8))
    request = message.synchronized_command.mobility_command.se2_trajectory_request
    assert request.se2_frame_name == "odom"
    (point,) = request.trajectory.points
    assert (point.pose.position.x, point.pose.position.y, point.pose.angle) == pytest.approx((2.0, -3.0, 1.2))
    limit = params(message).vel_limit
    for bound, sign in ((limit.max_vel, 1), (limit.min_vel, -1)):
        speeds = (bound.linear.x, bound.linear.y, bound.angular)
        assert speeds == pytest.approx((sign * 0.6, sign * 0.6, sign * 0.8))


@pytest.mark.parametrize(
    "command", [Stand(), PoseBody(0.1), Walk(SE2Velocity(0.4)), WalkTo(SE2Pose(1.0, 0.0, 0.0), 0.6, 0.8)]
)
def test_the_gait_is_left_to_the_robot(command: Stand | PoseBody | Walk | WalkTo) -> None:
    chosen = params(to_message(command))
    assert chosen.locomotion_hint == spot_command_pb2.HINT_AUTO, "an unset hint is 'unknown', which is not to be used"
    assert len(chosen.body_control.base_offset_rt_footprint.points) == 1


@pytest.mark.parametrize("command", [Walk(SE2Velocity(0.4)), WalkTo(SE2Pose(1.0, 0.0, 0.0), 0.6, 0.8)])
def test_walking_levels_the_body(command: Walk | WalkTo) -> None:
    (point,) = params(to_message(command)).body_control.base_offset_rt_footprint.points
    assert (point.pose.position.z, point.pose.rotation.w) == (0.0, 1.0)

"""The robot's state message as the rules know it; what the message does not say counts as unsafe."""

from __future__ import annotations

import math

import pytest
from bosdyn.api import robot_state_pb2
from bosdyn.client.math_helpers import Quat, SE3Pose
from hypothesis import given, settings
from hypothesis import strategies as st

from behaviors import Decision, Governor, Posture, SafetyLimits, SE2Velocity, Stand, Stop, Walk
from spot_agent.robot.state_message import read_state

Behavior = robot_state_pb2.BehaviorState
EStop = robot_state_pb2.EStopState
Fault = robot_state_pb2.BehaviorFault


def message() -> robot_state_pb2.RobotState:
    """A standing robot without any trouble."""
    state = robot_state_pb2.RobotState()
    state.kinematic_state.acquisition_timestamp.seconds = 1000
    state.kinematic_state.acquisition_timestamp.nanos = 500_000_000
    place(state, SE3Pose(2.0, -1.0, 0.5, Quat.from_yaw(math.pi / 2)))
    state.power_state.motor_power_state = robot_state_pb2.PowerState.STATE_ON
    state.power_state.locomotion_charge_percentage.value = 73.0
    state.behavior_state.state = Behavior.STATE_STANDING
    for name in ("hardware_estop", "payload_estop", "software_estop"):
        state.estop_states.add(name=name, state=EStop.STATE_NOT_ESTOPPED)
    return state


def place(state: robot_state_pb2.RobotState, odom_tform_body: SE3Pose) -> None:
    tree = state.kinematic_state.transforms_snapshot.child_to_parent_edge_map
    tree["body"].parent_frame_name = ""
    tree["odom"].parent_frame_name = "body"
    tree["odom"].parent_tform_child.CopyFrom(odom_tform_body.inverse().to_proto())


def test_a_robot_without_trouble() -> None:
    state = read_state(message())
    assert state.time == 1000.5
    assert (state.pose.x, state.pose.y, state.pose.yaw) == pytest.approx((2.0, -1.0, math.pi / 2))
    assert (state.posture, state.powered, state.estop_alive) == (Posture.STANDING, True, True)
    assert (state.battery, state.faults) == (pytest.approx(0.73), ())
    assert (state.lease_held, state.time_synced) == (False, False), "these are not the robot's to say"


def test_an_empty_message_is_unsafe_in_every_way() -> None:
    state = read_state(robot_state_pb2.RobotState())
    assert (state.posture, state.powered, state.estop_alive, state.battery) == (Posture.UNKNOWN, False, False, None)
    governor = Governor(SafetyLimits())
    for asked in (Stand(), Walk(SE2Velocity(0.3))):
        decision = Decision(1000.0, "rule", asked, 1, 0.1, ())
        assert governor.govern(decision, (), state, 1000.0).command == Stop()


def test_a_broken_tree_of_frames_is_no_pose_and_no_error() -> None:
    state = message()
    state.kinematic_state.transforms_snapshot.child_to_parent_edge_map["odom"].parent_frame_name = "nowhere"
    assert read_state(state).pose.position.distance_to(read_state(robot_state_pb2.RobotState()).pose.position) == 0.0


@pytest.mark.parametrize(
    ("reported", "posture"),
    [
        (Behavior.STATE_NOT_READY, Posture.SITTING),
        (Behavior.STATE_STANDING, Posture.STANDING),
        (Behavior.STATE_STEPPING, Posture.STEPPING),
        (Behavior.STATE_TRANSITION, Posture.CHANGING),
        (Behavior.STATE_UNKNOWN, Posture.UNKNOWN),
        (99, Posture.UNKNOWN),
    ],
)
def test_postures(reported: int, posture: Posture) -> None:
    state = message()
    state.behavior_state.state = reported
    assert read_state(state).posture is posture


@pytest.mark.parametrize(("height", "posture"), [(0.12, Posture.SITTING), (0.4, Posture.CHANGING)])
def test_a_robot_in_transition_with_folded_legs_sits(height: float, posture: Posture) -> None:
    state = message()
    state.behavior_state.state = Behavior.STATE_TRANSITION
    for _ in range(4):
        state.foot_state.add().foot_position_rt_body.z = -height
    assert read_state(state).posture is posture


@pytest.mark.parametrize("estop", [EStop.STATE_ESTOPPED, EStop.STATE_UNKNOWN])
@pytest.mark.parametrize("index", range(3))
def test_one_e_stop_is_enough(index: int, estop: int) -> None:
    state = message()
    state.estop_states[index].state = estop
    assert not read_state(state).estop_alive


def test_a_battery_that_is_not_reported_is_unknown_and_an_empty_one_is_empty() -> None:
    state = message()
    state.power_state.ClearField("locomotion_charge_percentage")
    assert read_state(state).battery is None
    state.power_state.locomotion_charge_percentage.value = 0.0
    assert read_state(state).battery == 0.0


@pytest.mark.parametrize(
    "power",
    [s for s in robot_state_pb2.PowerState.MotorPowerState.values() if s != robot_state_pb2.PowerState.STATE_ON],
)
def test_motors_are_on_only_when_they_are_on(power: int) -> None:
    state = message()
    state.power_state.motor_power_state = power
    assert not read_state(state).powered


def test_faults_that_forbid_motion() -> None:
    state = message()
    state.behavior_fault_state.faults.add(cause=Fault.CAUSE_FALL)
    state.behavior_fault_state.faults.add(cause=77)
    state.system_fault_state.faults.add(name="imu", severity=robot_state_pb2.SystemFault.SEVERITY_CRITICAL)
    state.system_fault_state.faults.add(name="wifi", severity=robot_state_pb2.SystemFault.SEVERITY_WARN)
    assert read_state(state).faults == ("fall", "cause 77", "imu"), "a newer robot may know causes that we do not"


@settings(max_examples=40)
@given(st.floats(-math.pi, math.pi), st.floats(-1.5, 1.5), st.floats(-1.5, 1.5))
def test_velocity_is_given_in_the_body_frame(yaw: float, ahead: float, left: float) -> None:
    state = message()
    place(state, SE3Pose(0, 0, 0, Quat.from_yaw(yaw)))
    odom = state.kinematic_state.velocity_of_body_in_odom
    odom.linear.x = math.cos(yaw) * ahead - math.sin(yaw) * left
    odom.linear.y = math.sin(yaw) * ahead + math.cos(yaw) * left
    odom.angular.z = 0.25
    velocity = read_state(state).velocity
    assert (velocity.linear_x, velocity.linear_y, velocity.angular) == pytest.approx((ahead, left, 0.25), abs=1e-9)

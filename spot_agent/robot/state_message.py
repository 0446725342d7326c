"""The robot's state message as the rules know it."""

from __future__ import annotations

from bosdyn.api import robot_state_pb2
from bosdyn.client.frame_helpers import BODY_FRAME_NAME, ODOM_FRAME_NAME, ValidateFrameTreeError, get_a_tform_b
from bosdyn.client.math_helpers import SE3Pose

from behaviors import Point2, Posture, RobotState, SE2Pose, SE2Velocity

_POSTURES = {
    robot_state_pb2.BehaviorState.STATE_NOT_READY: Posture.SITTING,
    robot_state_pb2.BehaviorState.STATE_TRANSITION: Posture.CHANGING,
    robot_state_pb2.BehaviorState.STATE_STANDING: Posture.STANDING,
    robot_state_pb2.BehaviorState.STATE_STEPPING: Posture.STEPPING,
}
# A sitting robot reports "transition"; with its feet folded, its body is this low over them.
SITTING_HEIGHT = 0.25  # m


def read_state(message: robot_state_pb2.RobotState) -> RobotState:
    """Read a state message. Lease and time sync are not in it: they stay at their unsafe defaults."""
    kinematic = message.kinematic_state
    stamp = kinematic.acquisition_timestamp
    pose = _body_pose(kinematic)
    power = message.power_state
    charge = power.locomotion_charge_percentage.value / 100 if power.HasField("locomotion_charge_percentage") else None
    return RobotState(
        time=stamp.seconds + stamp.nanos * 1e-9,
        pose=SE2Pose(0.0, 0.0, 0.0) if pose is None else SE2Pose(pose.x, pose.y, pose.rot.to_yaw()),
        velocity=_body_velocity(kinematic, 0.0 if pose is None else pose.rot.to_yaw()),
        posture=_posture(message),
        powered=power.motor_power_state == robot_state_pb2.PowerState.STATE_ON,
        estop_alive=_no_estop(message),
        battery=charge,
        faults=_faults(message),
    )


def _body_pose(kinematic: robot_state_pb2.KinematicState) -> SE3Pose | None:
    try:
        return get_a_tform_b(kinematic.transforms_snapshot, ODOM_FRAME_NAME, BODY_FRAME_NAME)
    except ValidateFrameTreeError:
        return None  # no tree at all, or a broken one: the robot does not say


def _no_estop(message: robot_state_pb2.RobotState) -> bool:
    """Whether the robot says of every E-Stop that it is released; silence is no such word."""
    released = robot_state_pb2.EStopState.STATE_NOT_ESTOPPED
    return bool(message.estop_states) and all(estop.state == released for estop in message.estop_states)


def _posture(message: robot_state_pb2.RobotState) -> Posture:
    reported = _POSTURES.get(message.behavior_state.state, Posture.UNKNOWN)
    if reported is not Posture.CHANGING or not message.foot_state:
        return reported
    height = -sum(foot.foot_position_rt_body.z for foot in message.foot_state) / len(message.foot_state)
    return Posture.SITTING if height < SITTING_HEIGHT else Posture.CHANGING


def _faults(message: robot_state_pb2.RobotState) -> tuple[str, ...]:
    behavior = [_cause(fault.cause) for fault in message.behavior_fault_state.faults]
    critical = [
        fault.name
        for fault in message.system_fault_state.faults
        if fault.severity == robot_state_pb2.SystemFault.SEVERITY_CRITICAL
    ]
    return tuple(behavior + critical)


def _cause(number: int) -> str:
    causes = robot_state_pb2.BehaviorFault.Cause
    if number not in causes.values():
        return f"cause {number}"  # of a robot that is newer than this SDK
    name: str = causes.Name(number)
    return name.removeprefix("CAUSE_").lower()


def _body_velocity(kinematic: robot_state_pb2.KinematicState, yaw: float) -> SE2Velocity:
    odom = SE2Pose(0.0, 0.0, yaw)
    linear = kinematic.velocity_of_body_in_odom.linear
    ahead = odom.to_body(Point2(linear.x, linear.y))
    return SE2Velocity(ahead.x, ahead.y, kinematic.velocity_of_body_in_odom.angular.z)

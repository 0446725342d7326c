"""The robot's state message as the rules know it."""

from __future__ import annotations

from bosdyn.api import robot_state_pb2
from bosdyn.client.frame_helpers import BODY_FRAME_NAME, ODOM_FRAME_NAME, get_a_tform_b

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
    pose = get_a_tform_b(kinematic.transforms_snapshot, ODOM_FRAME_NAME, BODY_FRAME_NAME)
    power = message.power_state
    charge = power.locomotion_charge_percentage.value / 100 if power.HasField("locomotion_charge_percentage") else None
    return RobotState(
        time=stamp.seconds + stamp.nanos * 1e-9,
        pose=SE2Pose(0.0, 0.0, 0.0) if pose is None else SE2Pose(pose.x, pose.y, pose.rot.to_yaw()),
        velocity=_body_velocity(kinematic, 0.0 if pose is None else pose.rot.to_yaw()),
        posture=_posture(message),
        powered=power.motor_power_state == robot_state_pb2.PowerState.STATE_ON,
        estop_alive=not any(estop.state == robot_state_pb2.EStopState.STATE_ESTOPPED for estop in message.estop_states),
        battery=charge,
        faults=_faults(message),
    )


def _posture(message: robot_state_pb2.RobotState) -> Posture:
    reported = _POSTURES.get(message.behavior_state.state, Posture.UNKNOWN)
    if reported is not Posture.CHANGING or not message.foot_state:
        return reported
    height = -sum(foot.foot_position_rt_body.z for foot in message.foot_state) / len(message.foot_state)
    return Posture.SITTING if height < SITTING_HEIGHT else Posture.CHANGING


def _faults(message: robot_state_pb2.RobotState) -> tuple[str, ...]:
    behavior = [
        robot_state_pb2.BehaviorFault.Cause.Name(fault.cause).removeprefix("CAUSE_").lower()
        for fault in message.behavior_fault_state.faults
    ]
    critical = [
        fault.name
        for fault in message.system_fault_state.faults
        if fault.severity == robot_state_pb2.SystemFault.SEVERITY_CRITICAL
    ]
    return tuple(behavior + critical)


def _body_velocity(kinematic: robot_state_pb2.KinematicState, yaw: float) -> SE2Velocity:
    odom = SE2Pose(0.0, 0.0, yaw)
    linear = kinematic.velocity_of_body_in_odom.linear
    ahead = odom.to_body(Point2(linear.x, linear.y))
    return SE2Velocity(ahead.x, ahead.y, kinematic.velocity_of_body_in_odom.angular.z)

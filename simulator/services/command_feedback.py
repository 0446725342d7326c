"""How a command goes, in the words of the API."""

from __future__ import annotations

from bosdyn.api import (
    basic_command_pb2,
    full_body_command_pb2,
    mobility_command_pb2,
    robot_command_pb2,
)

from simulator.robot.behaviours import FollowTrajectory, GoTo
from simulator.robot.robot import Robot
from simulator.robot.runner import CommandRecord

_Status = basic_command_pb2.RobotCommandFeedbackStatus
_Trajectory = basic_command_pb2.SE2TrajectoryCommand.Feedback
_Stand = basic_command_pb2.StandCommand.Feedback
_Stance = basic_command_pb2.StanceCommand.Feedback
_Sit = basic_command_pb2.SitCommand.Feedback
_SelfRight = basic_command_pb2.SelfRightCommand.Feedback
_PowerOff = basic_command_pb2.SafePowerOffCommand.Feedback
_NEAR_GOAL = 0.3  # m: where a robot says that it is stopping (undocumented)


def feedback(record: CommandRecord, robot: Robot) -> robot_command_pb2.RobotCommandFeedback:
    """Feedback about a command, of a robot whose lock is held."""
    message = robot_command_pb2.RobotCommandFeedback()
    if record.order.full_body:
        _fill_full_body(message.full_body_feedback, record, robot)
        return message
    parts = message.synchronized_feedback
    parts.SetInParent()
    if record.order.arm:
        parts.arm_command_feedback.status = _Status.STATUS_INCOMPATIBLE_HARDWARE
    if record.order.gripper:
        parts.gripper_command_feedback.status = _Status.STATUS_INCOMPATIBLE_HARDWARE
    if record.order.kind:
        _fill_mobility(parts.mobility_command_feedback, record, robot)
    return message


def _fill_full_body(
    message: full_body_command_pb2.FullBodyCommand.Feedback, record: CommandRecord, robot: Robot
) -> None:
    message.status = record.status
    kind = record.order.kind
    if kind == "selfright_request":
        done = robot.body.is_sitting
        message.selfright_feedback.status = _SelfRight.STATUS_COMPLETED if done else _SelfRight.STATUS_IN_PROGRESS
    elif kind == "safe_power_off_request":
        on = robot.power.is_on
        message.safe_power_off_feedback.status = _PowerOff.STATUS_IN_PROGRESS if on else _PowerOff.STATUS_POWERED_OFF
    elif kind == "stop_request":
        message.stop_feedback.SetInParent()
    else:
        message.freeze_feedback.SetInParent()


def _fill_mobility(message: mobility_command_pb2.MobilityCommand.Feedback, record: CommandRecord, robot: Robot) -> None:
    body = robot.body
    message.status = record.status
    kind = record.order.kind
    if kind == "sit_request":
        message.sit_feedback.status = _Sit.STATUS_IS_SITTING if body.is_sitting else _Sit.STATUS_IN_PROGRESS
    elif kind == "stand_request":
        stands = body.is_standing and body.velocity.is_still
        message.stand_feedback.status = _Stand.STATUS_IS_STANDING if stands else _Stand.STATUS_IN_PROGRESS
        message.stand_feedback.standing_state = _Stand.STANDING_CONTROLLED if stands else _Stand.STANDING_UNKNOWN
    elif kind == "stance_request":
        done = body.is_standing and body.velocity.is_still
        message.stance_feedback.status = _Stance.STATUS_STANCED if done else _Stance.STATUS_GOING_TO_STANCE
    elif kind == "se2_trajectory_request" and isinstance(record.order.behaviour, GoTo | FollowTrajectory):
        _fill_trajectory(message.se2_trajectory_feedback, record.order.behaviour, robot)
    elif kind == "se2_velocity_request":
        message.se2_velocity_feedback.SetInParent()
    elif kind == "stop_request":
        message.stop_feedback.SetInParent()
    else:
        message.freeze_feedback.SetInParent()


def _fill_trajectory(
    message: basic_command_pb2.SE2TrajectoryCommand.Feedback, behaviour: GoTo | FollowTrajectory, robot: Robot
) -> None:
    body = robot.body
    goal = behaviour if isinstance(behaviour, GoTo) else behaviour.end
    # On a way that crosses its own end, or begins there, the robot is not at its goal before the time has come.
    is_under_way = isinstance(behaviour, FollowTrajectory) and robot.moment.time < behaviour.target.ends_at
    if is_under_way:
        message.status = _Trajectory.STATUS_GOING_TO_GOAL
    elif goal.is_reached(body):
        message.status = _Trajectory.STATUS_AT_GOAL
    elif goal.distance(body) < _NEAR_GOAL:
        message.status = _Trajectory.STATUS_NEAR_GOAL
    else:
        message.status = _Trajectory.STATUS_GOING_TO_GOAL
    still = body.velocity.is_still
    message.body_movement_status = _Trajectory.BODY_STATUS_SETTLED if still else _Trajectory.BODY_STATUS_MOVING
    blocked = robot.is_blocked and robot.runner.behaviour is behaviour
    message.final_goal_status = (
        _Trajectory.FINAL_GOAL_STATUS_BLOCKED if blocked else _Trajectory.FINAL_GOAL_STATUS_ACHIEVABLE
    )

"""Reads a RobotCommand: what the robot shall do, until when, and why it refuses."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from bosdyn.api import robot_command_pb2

from simulator.robot.avoidance import avoidance_distance
from simulator.robot.behaviours import Behaviour, Hold, Sit, Stand, Walk
from simulator.robot.body_state import BodyState, Velocity
from simulator.robot.frames import BODY_FRAMES, FIXED_FRAMES, FixedFrames
from simulator.robot.mobility import CommandProblem, MobilitySettings, acceleration, read_params
from simulator.robot.timestamps import to_seconds
from simulator.robot.trajectory_command import read_trajectory

_Response = robot_command_pb2.RobotCommandResponse
_UNSUPPORTED = _Response.STATUS_UNSUPPORTED
_INVALID = _Response.STATUS_INVALID_REQUEST


@dataclass(frozen=True, slots=True)
class Order:
    """A command that makes sense.

    Attributes:
        kind: Name of the request in its oneof, such as ``"stand_request"``; ``""`` for an arm command alone.
        full_body: Whether it is a full body command, and needs the lease of the whole body.
        behaviour: What to do; ``None`` leaves the legs as they are.
        end_time: Robot time when motion must end; ``None`` for a command that does not expire.
        arm: An arm command came with it, which this robot cannot obey.
        gripper: A gripper command came with it, which this robot cannot obey.
        avoidance: Metres that the body keeps from obstacles; ``None`` for the robot's own setting.
    """

    kind: str
    full_body: bool = False
    behaviour: Behaviour | None = None
    end_time: float | None = None
    arm: bool = False
    gripper: bool = False
    avoidance: float | None = None

    @property
    def resource(self) -> str:
        """The lease that it needs."""
        if self.full_body:
            return "body"
        return "mobility" if self.kind else ("arm" if self.arm else "gripper")


def read_command(
    command: robot_command_pb2.RobotCommand, state: BodyState, frames: FixedFrames, now: float
) -> Order | CommandProblem:
    """Read a command for a robot in this state.

    Args:
        command: As it came.
        state: The true body; goals in frames that move with it are resolved here.
        frames: Where the fixed frames lie.
        now: Robot time in seconds, when it came.

    Returns:
        The order, or what is wrong with the command.
    """
    if command.WhichOneof("command") == "full_body_command":
        return _read_full_body(command.full_body_command)
    if command.WhichOneof("command") != "synchronized_command":
        return CommandProblem(_INVALID, "the command is empty")
    parts = command.synchronized_command
    arm, gripper = parts.HasField("arm_command"), parts.HasField("gripper_command")
    if parts.HasField("mobility_command"):
        order = _read_mobility(parts.mobility_command, state, frames, now)
        if isinstance(order, CommandProblem):
            return order
        distance = avoidance_distance(parts.mobility_command)
        return replace(order, arm=arm, gripper=gripper, avoidance=distance)
    if arm or gripper:
        return Order("", arm=arm, gripper=gripper)
    return CommandProblem(_INVALID, "the synchronized command is empty")


def _read_full_body(request: robot_command_pb2.RobotCommand) -> Order | CommandProblem:
    behaviours: dict[str, Behaviour] = {
        "stop_request": Hold(),
        "freeze_request": Hold(),
        "selfright_request": Sit(),
        "safe_power_off_request": Sit(then_power_off=True),
    }
    kind = request.WhichOneof("command")
    if kind is None:
        return CommandProblem(_INVALID, "the full body command is empty")
    if kind not in behaviours:
        return CommandProblem(_UNSUPPORTED, f"{kind} is not simulated")
    return Order(kind, full_body=True, behaviour=behaviours[kind])


def _read_mobility(
    request: robot_command_pb2.RobotCommand, state: BodyState, frames: FixedFrames, now: float
) -> Order | CommandProblem:
    kind = request.WhichOneof("command")
    settings = read_params(request)
    if isinstance(settings, CommandProblem):
        return settings
    if kind in ("stop_request", "freeze_request"):
        return Order(kind, behaviour=Hold())
    if kind == "sit_request":
        return Order(kind, behaviour=Sit())
    if kind == "stand_request":
        return Order(kind, behaviour=Stand(settings.attitude))
    if kind == "stance_request":
        return _with_end(Order(kind, behaviour=Stand(settings.attitude)), request.stance_request)
    if kind == "se2_velocity_request":
        return _read_velocity(request.se2_velocity_request, settings, frames)
    if kind == "se2_trajectory_request":
        path = read_trajectory(request.se2_trajectory_request, settings, state, frames, now)
        if isinstance(path, CommandProblem):
            return path
        return _with_end(Order(kind, behaviour=path), request.se2_trajectory_request)
    if kind is None:
        return CommandProblem(_INVALID, "the mobility command is empty")
    return CommandProblem(_UNSUPPORTED, f"{kind} is not simulated")


def _with_end(order: Order, request: robot_command_pb2.RobotCommand) -> Order | CommandProblem:
    if not request.HasField("end_time") or to_seconds(request.end_time) <= 0:
        return CommandProblem(_INVALID, f"{order.kind} needs an end_time")
    return Order(order.kind, behaviour=order.behaviour, end_time=to_seconds(request.end_time))


def _read_velocity(
    request: robot_command_pb2.RobotCommand, settings: MobilitySettings, frames: FixedFrames
) -> Order | CommandProblem:
    frame = request.se2_frame_name
    if frame not in BODY_FRAMES + FIXED_FRAMES:
        return CommandProblem(_Response.STATUS_UNKNOWN_FRAME, f"velocity in unknown frame {frame!r}")
    linear = request.velocity.linear
    velocity = Velocity(linear.x, linear.y, request.velocity.angular)
    if not all(map(math.isfinite, (velocity.x, velocity.y, velocity.turn))):
        return CommandProblem(_INVALID, "the velocity is not finite")
    limit = acceleration(request)
    if isinstance(limit, CommandProblem):
        return limit
    heading = None if frame in BODY_FRAMES else frames.planar(frame).yaw
    walk = Walk(velocity, heading, settings.limits, limit, settings.attitude)
    return _with_end(Order("se2_velocity_request", behaviour=walk), request)

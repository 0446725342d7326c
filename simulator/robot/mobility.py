"""Reads MobilityParams and the limits that come with a velocity."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bosdyn.api import basic_command_pb2, geometry_pb2, mobility_command_pb2, robot_command_pb2
from bosdyn.api.spot import robot_command_pb2 as spot_command_pb2
from bosdyn.client.math_helpers import Quat

from simulator.robot.behaviours import UNLIMITED, VelocityLimits
from simulator.robot.body import DEFAULT_ACCELERATION
from simulator.robot.body_state import LEVEL, Attitude, Velocity

_INVALID = robot_command_pb2.RobotCommandResponse.STATUS_INVALID_REQUEST
_UNSUPPORTED = robot_command_pb2.RobotCommandResponse.STATUS_UNSUPPORTED
_TILT_LIMIT = 0.5  # rad: about what the SDK's examples use; undocumented
_HEIGHT_LIMIT = 0.2  # m; undocumented


@dataclass(frozen=True, slots=True)
class CommandProblem:
    """Why a command is refused.

    Attributes:
        status: A ``RobotCommandResponse.Status``.
        message: The same in words.
    """

    status: int
    message: str


@dataclass(frozen=True, slots=True)
class MobilitySettings:
    """What this robot heeds of MobilityParams."""

    limits: VelocityLimits = UNLIMITED
    attitude: Attitude = LEVEL


def read_params(request: mobility_command_pb2.MobilityCommand.Request) -> MobilitySettings | CommandProblem:
    """Read the params of a mobility command; none at all are the default ones."""
    if not request.HasField("params"):
        return MobilitySettings()
    params = spot_command_pb2.MobilityParams()
    if not request.params.Unpack(params):
        return CommandProblem(_INVALID, f"params are {request.params.type_url!r}, not MobilityParams")
    attitude = _read_attitude(params.body_control)
    if isinstance(attitude, CommandProblem):
        return attitude
    return MobilitySettings(_read_limits(params.vel_limit), attitude)


def acceleration(request: basic_command_pb2.SE2VelocityCommand.Request) -> Velocity | CommandProblem:
    """The slew rate limit of a velocity command, or the default one."""
    if not request.HasField("slew_rate_limit"):
        return DEFAULT_ACCELERATION
    limit = _velocity(request.slew_rate_limit)
    if not min(limit.x, limit.y, limit.turn) >= 0:  # so written, a NaN is refused too
        return CommandProblem(_INVALID, "slew_rate_limit must not be negative")
    return limit


def _read_limits(limit: geometry_pb2.SE2VelocityLimit) -> VelocityLimits:
    # A field that is left out of a bound which is there means zero: that is how protobuf reads it.
    return VelocityLimits(
        upper=_velocity(limit.max_vel) if limit.HasField("max_vel") else UNLIMITED.upper,
        lower=_velocity(limit.min_vel) if limit.HasField("min_vel") else UNLIMITED.lower,
    )


def _velocity(message: geometry_pb2.SE2Velocity) -> Velocity:
    return Velocity(message.linear.x, message.linear.y, message.angular)


def _read_attitude(control: spot_command_pb2.BodyControlParams) -> Attitude | CommandProblem:
    kind = control.WhichOneof("param")
    if kind is None:
        return LEVEL
    if kind != "base_offset_rt_footprint":
        return CommandProblem(_UNSUPPORTED, f"body_control.{kind} is not simulated")
    points = control.base_offset_rt_footprint.points
    if not points:
        return LEVEL
    pose = points[-1].pose
    rotation = pose.rotation
    if not all(map(math.isfinite, (pose.position.z, rotation.w, rotation.x, rotation.y, rotation.z))):
        return CommandProblem(_INVALID, "body_control is not finite")
    if math.hypot(rotation.w, rotation.x, rotation.y, rotation.z) < 1e-6:  # no rotation was set
        return Attitude(height=_clamp(pose.position.z, _HEIGHT_LIMIT))
    quat = Quat(rotation.w, rotation.x, rotation.y, rotation.z)
    quat.normalize()
    return Attitude(
        roll=_clamp(quat.to_roll(), _TILT_LIMIT),
        pitch=_clamp(quat.to_pitch(), _TILT_LIMIT),
        yaw=_clamp(quat.to_yaw(), _TILT_LIMIT),
        height=_clamp(pose.position.z, _HEIGHT_LIMIT),
    )


def _clamp(value: float, limit: float) -> float:
    return float(max(-limit, min(limit, value)))

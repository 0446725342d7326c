"""What the robot can be told to do, and the setpoint that each asks for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

from simulator.robot.body import DEFAULT_ACCELERATION, TOP_SPEED, TOP_TURN_RATE, Setpoint, clamp_speed, wrap_angle
from simulator.robot.body_state import LEVEL, Attitude, BodyState, Velocity
from simulator.robot.trajectory import MovingTarget

GOAL_DISTANCE = 0.03
"""A goal is reached within this many metres ... (undocumented)"""
GOAL_ANGLE = 0.04
"""... and this many radians (undocumented)."""
_APPROACH_RATE = 1.5  # 1/s; times the top speed it stays below the default acceleration, so no overshoot
_BRAKING = 0.8  # share of the default acceleration that is counted on to stop at the end of a trajectory

_FASTEST = Velocity(TOP_SPEED, TOP_SPEED, TOP_TURN_RATE)
_FASTEST_BACK = Velocity(-TOP_SPEED, -TOP_SPEED, -TOP_TURN_RATE)


@dataclass(frozen=True, slots=True)
class PlanarPose:
    """A pose on the ground in the world: metres and radians."""

    x: float
    y: float
    yaw: float


@dataclass(frozen=True, slots=True)
class VelocityLimits:
    """Componentwise bounds of a velocity in the body frame."""

    upper: Velocity = _FASTEST
    lower: Velocity = _FASTEST_BACK

    def clamp(self, velocity: Velocity) -> Velocity:
        """The nearest velocity within the bounds."""
        return Velocity(
            max(self.lower.x, min(self.upper.x, velocity.x)),
            max(self.lower.y, min(self.upper.y, velocity.y)),
            max(self.lower.turn, min(self.upper.turn, velocity.turn)),
        )


UNLIMITED = VelocityLimits()
"""Nothing but the robot's own limits."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Stay in the posture that it has, without moving."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Be on its feet, with the body at an attitude."""

    attitude: Attitude = LEVEL


@dataclass(frozen=True, slots=True)
class Sit:
    """Be on the floor; and cut power there if that is asked."""

    then_power_off: bool = False


@dataclass(frozen=True, slots=True)
class Walk:
    """Keep a velocity.

    Attributes:
        velocity: In the body frame, or in a frame of a fixed heading.
        heading: Yaw in the world of the frame of ``velocity``; ``None`` for the body frame.
    """

    velocity: Velocity
    heading: float | None = None
    limits: VelocityLimits = UNLIMITED
    acceleration: Velocity = DEFAULT_ACCELERATION
    attitude: Attitude = LEVEL


@dataclass(frozen=True, slots=True)
class GoTo:
    """Walk to a pose in the world and stay there."""

    goal: PlanarPose
    limits: VelocityLimits = UNLIMITED
    attitude: Attitude = LEVEL

    def distance(self, state: BodyState) -> float:
        """Metres to the goal."""
        return math.hypot(self.goal.x - state.x, self.goal.y - state.y)

    def angle(self, state: BodyState) -> float:
        """Radians to turn, in (-π, π]."""
        return wrap_angle(self.goal.yaw - state.yaw)

    def is_reached(self, state: BodyState) -> bool:
        """Whether the robot stands at the goal."""
        near = self.distance(state) < GOAL_DISTANCE and abs(self.angle(state)) < GOAL_ANGLE
        return near and state.velocity.speed < 0.05


@dataclass(frozen=True, slots=True)
class FollowTrajectory:
    """Keep up with a moving target, and stay where it ends."""

    target: MovingTarget
    limits: VelocityLimits = UNLIMITED
    attitude: Attitude = LEVEL

    @property
    def end(self) -> GoTo:
        """To walk to its last point."""
        last = self.target.last
        return GoTo(PlanarPose(last.x, last.y, last.yaw), self.limits, self.attitude)


Behaviour: TypeAlias = Hold | Stand | Sit | Walk | GoTo | FollowTrajectory


def setpoint(behaviour: Behaviour, state: BodyState, now: float = 0.0) -> Setpoint:
    """What a behaviour asks of the body that is in this state; ``now``, in robot time, matters to a trajectory only."""
    if isinstance(behaviour, Sit):
        return Setpoint(stance=0.0)
    if isinstance(behaviour, Stand):
        return Setpoint(stance=1.0, attitude=behaviour.attitude)
    if isinstance(behaviour, Hold):
        return Setpoint(stance=1.0 if state.stance >= 0.5 else 0.0, attitude=state.attitude)
    if isinstance(behaviour, Walk):
        wanted = behaviour.velocity
        if behaviour.heading is not None:
            wanted = _rotated(wanted, behaviour.heading - state.yaw)
        return Setpoint(1.0, behaviour.limits.clamp(wanted), behaviour.attitude, behaviour.acceleration)
    wanted = _towards(behaviour, state) if isinstance(behaviour, GoTo) else _along(behaviour, state, now)
    return Setpoint(1.0, behaviour.limits.clamp(wanted), behaviour.attitude)


def _rotated(velocity: Velocity, angle: float) -> Velocity:
    cos, sin = math.cos(angle), math.sin(angle)
    x, y = cos * velocity.x - sin * velocity.y, sin * velocity.x + cos * velocity.y
    return Velocity(x, y, velocity.turn)


def _towards(behaviour: GoTo, state: BodyState) -> Velocity:
    dx, dy = behaviour.goal.x - state.x, behaviour.goal.y - state.y
    scale = min(_APPROACH_RATE, TOP_SPEED / max(behaviour.distance(state), 1e-9))
    turn = _APPROACH_RATE * behaviour.angle(state)
    return _rotated(Velocity(dx * scale, dy * scale, turn), -state.yaw)


def _along(behaviour: FollowTrajectory, state: BodyState, now: float) -> Velocity:
    if now >= behaviour.target.ends_at:
        return _towards(behaviour.end, state)
    target = behaviour.target.at(now)
    dx, dy, angle = target.x - state.x, target.y - state.y, wrap_angle(target.yaw - state.yaw)
    # With the target's own velocity added, the robot does not lag behind it as it would after a goal that it chases.
    wanted = clamp_speed(
        Velocity(
            target.velocity.x + _APPROACH_RATE * dx,
            target.velocity.y + _APPROACH_RATE * dy,
            target.velocity.turn + _APPROACH_RATE * angle,
        )
    )
    # No faster than it can brake on what is left, so that it does not run past the end: v² = 2as.
    fastest = math.sqrt(2 * _BRAKING * DEFAULT_ACCELERATION.x * (math.hypot(dx, dy) + target.path_left))
    turn = math.sqrt(2 * _BRAKING * DEFAULT_ACCELERATION.turn * (abs(angle) + target.turn_left))
    scale = min(1.0, fastest / max(wanted.speed, 1e-9))
    slowed = Velocity(wanted.x * scale, wanted.y * scale, max(-turn, min(turn, wanted.turn)))
    return _rotated(slowed, -state.yaw)

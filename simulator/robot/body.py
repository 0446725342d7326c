"""How the body moves: a pure function of its state, a setpoint and a time step."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simulator.robot.body_state import LEVEL, STILL, Attitude, BodyState, Velocity

TOP_SPEED = 1.6
"""Linear speed in m/s that Spot never exceeds (Boston Dynamics' data sheet)."""
TOP_TURN_RATE = 1.8
"""Turn rate in rad/s that is never exceeded (undocumented)."""
STAND_SECONDS = 1.2
"""Time to stand up or to sit down (undocumented)."""
COLLAPSE_SECONDS = 0.4
"""Time in which the body sinks to the floor when power is cut (undocumented)."""
_ATTITUDE_RATE = 1.0  # rad/s and, scaled, m/s: undocumented, looks like the robot in published videos
_HEIGHT_RATE = 0.25
DEFAULT_ACCELERATION = Velocity(2.5, 2.5, 4.0)
"""Limits in m/s² and rad/s² where a command sets none (undocumented)."""


@dataclass(frozen=True, slots=True)
class Setpoint:
    """Where the body is asked to go in the next step.

    Attributes:
        stance: 1 to be on its feet, 0 on the floor.
        velocity: Wanted velocity of the footprint; ignored until it stands.
        attitude: Wanted attitude; ignored until it stands.
        acceleration: Limits of the velocity's change per second, each component non-negative.
        powered: Without power the body stops at once and sinks to the floor.
    """

    stance: float
    velocity: Velocity = STILL
    attitude: Attitude = LEVEL
    acceleration: Velocity = DEFAULT_ACCELERATION
    powered: bool = True


def wrap_angle(angle: float) -> float:
    """Wrap an angle in radians to (-π, π]."""
    wrapped = math.remainder(angle, math.tau)
    return math.pi if wrapped == -math.pi else wrapped


def step(state: BodyState, setpoint: Setpoint, dt: float) -> BodyState:
    """Move the body by ``dt`` seconds. Pure: same arguments, same result."""
    if not setpoint.powered:
        stance = _approach(state.stance, 0.0, dt / COLLAPSE_SECONDS)
        return BodyState(state.x, state.y, state.yaw, stance, STILL, _tilt(state.attitude, LEVEL, dt))
    rooted = not state.is_standing or setpoint.stance < 1.0
    wanted = STILL if rooted else clamp_speed(setpoint.velocity)
    velocity = _accelerate(state.velocity, wanted, setpoint.acceleration, dt)
    attitude = _tilt(state.attitude, LEVEL if rooted else setpoint.attitude, dt)
    stance = state.stance
    if velocity.is_still:  # it does not sit down while it walks
        stance = _approach(stance, setpoint.stance, dt / STAND_SECONDS)
    yaw = state.yaw + velocity.turn * dt / 2  # midpoint rule: exact enough for 10 ms
    cos, sin = math.cos(yaw), math.sin(yaw)
    return BodyState(
        x=state.x + (cos * velocity.x - sin * velocity.y) * dt,
        y=state.y + (sin * velocity.x + cos * velocity.y) * dt,
        yaw=wrap_angle(state.yaw + velocity.turn * dt),
        stance=stance,
        velocity=velocity,
        attitude=attitude,
    )


def clamp_speed(velocity: Velocity) -> Velocity:
    """Scale a velocity down to the robot's own limits, keeping its direction."""
    scale = min(1.0, TOP_SPEED / velocity.speed) if velocity.speed > 0 else 1.0
    turn = max(-TOP_TURN_RATE, min(TOP_TURN_RATE, velocity.turn))
    return Velocity(velocity.x * scale, velocity.y * scale, turn)


def _approach(value: float, target: float, step_size: float) -> float:
    if abs(target - value) <= step_size:
        return target
    return value + math.copysign(step_size, target - value)


def _accelerate(current: Velocity, wanted: Velocity, limit: Velocity, dt: float) -> Velocity:
    x = _approach(current.x, wanted.x, limit.x * dt)
    y = _approach(current.y, wanted.y, limit.y * dt)
    turn = _approach(current.turn, wanted.turn, limit.turn * dt)
    if math.hypot(x, y) <= TOP_SPEED:
        return Velocity(x, y, turn)
    # On the straight line between two velocities within the limit, each is within the limit.
    share = min(
        (abs(new - old) / abs(goal - old) for old, new, goal in _axes(current, x, y, wanted) if goal != old),
        default=1.0,
    )
    return Velocity(current.x + share * (wanted.x - current.x), current.y + share * (wanted.y - current.y), turn)


def _axes(current: Velocity, x: float, y: float, wanted: Velocity) -> tuple[tuple[float, float, float], ...]:
    return (current.x, x, wanted.x), (current.y, y, wanted.y)


def _tilt(current: Attitude, wanted: Attitude, dt: float) -> Attitude:
    return Attitude(
        _approach(current.roll, wanted.roll, _ATTITUDE_RATE * dt),
        _approach(current.pitch, wanted.pitch, _ATTITUDE_RATE * dt),
        _approach(current.yaw, wanted.yaw, _ATTITUDE_RATE * dt),
        _approach(current.height, wanted.height, _HEIGHT_RATE * dt),
    )

"""How an order makes the robot move, for those who judge it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from simulator.robot.behaviours import FollowTrajectory, GoTo, Stand, Walk
from simulator.robot.commands import Order

MotionKind = Literal["none", "posture", "travel"]
"""``"none"`` for stopping, sitting and powering off; ``"posture"`` for standing; ``"travel"`` for walking."""


@dataclass(frozen=True, slots=True)
class AskedMotion:
    """The motion that an order asks for.

    Attributes:
        kind: How it moves.
        speed: m/s over the ground, where it asks for a speed.
    """

    kind: MotionKind
    speed: float | None = None


def asked_motion(order: Order) -> AskedMotion:
    """Read it from an order; its limits are heeded."""
    behaviour = order.behaviour
    if isinstance(behaviour, Walk):
        velocity = behaviour.limits.clamp(behaviour.velocity)
        is_moving = velocity.speed > 0 or velocity.turn != 0
        return AskedMotion("travel" if is_moving else "posture", velocity.speed)
    if isinstance(behaviour, GoTo | FollowTrajectory):
        return AskedMotion("travel")
    return AskedMotion("posture" if isinstance(behaviour, Stand) else "none")

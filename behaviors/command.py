"""What the rules can ask of a robot: small, bounded, and independent of any robot's own messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from behaviors.geometry import SE2Pose, SE2Velocity


@dataclass(frozen=True, slots=True)
class Stop:
    """Stop walking and hold the posture."""


@dataclass(frozen=True, slots=True)
class Sit:
    """Sit down where the robot is."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Stand up where the robot is."""


@dataclass(frozen=True, slots=True)
class Walk:
    """Walk at a velocity in the body frame. It expires by itself and must be sent again."""

    velocity: SE2Velocity


@dataclass(frozen=True, slots=True)
class WalkTo:
    """Walk towards a pose in the ``odom`` frame. It expires by itself and must be sent again.

    Attributes:
        goal: Where to, in the ``odom`` frame.
        max_speed: Linear limit in m/s.
        max_turn_rate: Angular limit in rad/s.
    """

    goal: SE2Pose
    max_speed: float
    max_turn_rate: float


@dataclass(frozen=True, slots=True)
class PoseBody:
    """Stand and hold the body at an attitude: radians about the footprint, and metres above normal height."""

    roll: float = 0.0
    pitch: float = 0.0
    yaw: float = 0.0
    height: float = 0.0


Command: TypeAlias = Stop | Sit | Stand | Walk | WalkTo | PoseBody

"""The body at one moment: plain values."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simulator.calibration import STANDING_HEIGHT

SITTING_HEIGHT = 0.12
"""Height of the body's origin when Spot sits, in metres (undocumented; about half of the body's thickness)."""
_STILL_SPEED = 0.01


@dataclass(frozen=True, slots=True)
class Velocity:
    """A velocity in the body frame: m/s ahead, m/s to the left, rad/s counter-clockwise."""

    x: float = 0.0
    y: float = 0.0
    turn: float = 0.0

    @property
    def speed(self) -> float:
        """Linear speed in m/s."""
        return math.hypot(self.x, self.y)

    @property
    def is_still(self) -> bool:
        """Whether it is too slow to take a step."""
        return self.speed < _STILL_SPEED and abs(self.turn) < _STILL_SPEED


@dataclass(frozen=True, slots=True)
class Attitude:
    """How the body is held over its footprint: radians, and metres above the normal height."""

    roll: float = 0.0
    pitch: float = 0.0
    yaw: float = 0.0
    height: float = 0.0


STILL = Velocity()
LEVEL = Attitude()


@dataclass(frozen=True, slots=True)
class BodyState:
    """The true body at one moment.

    Attributes:
        x: Footprint in the world, metres.
        y: Footprint in the world, metres.
        yaw: Heading of the footprint in the world, radians in (-π, π].
        stance: 0 on the floor, 1 on its feet, between them while it rises or sinks.
        velocity: Of the footprint, in its own frame.
        attitude: Of the body over the footprint.
    """

    x: float = 0.0
    y: float = 0.0
    yaw: float = 0.0
    stance: float = 0.0
    velocity: Velocity = STILL
    attitude: Attitude = LEVEL

    @property
    def height(self) -> float:
        """Height of the body's origin over the ground in metres."""
        smooth = self.stance * self.stance * (3.0 - 2.0 * self.stance)
        return SITTING_HEIGHT + smooth * (STANDING_HEIGHT - SITTING_HEIGHT) + self.attitude.height

    @property
    def is_standing(self) -> bool:
        """Whether it is on its feet."""
        return self.stance >= 1.0

    @property
    def is_sitting(self) -> bool:
        """Whether it is on the floor."""
        return self.stance <= 0.0

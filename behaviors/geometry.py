"""Positions, poses and velocities in the plane, as the rules and the governor need them."""

from __future__ import annotations

import math
from dataclasses import dataclass


def wrap_angle(angle: float) -> float:
    """Wrap an angle in radians to (-π, π]."""
    wrapped = math.remainder(angle, math.tau)
    return math.pi if wrapped == -math.pi else wrapped


@dataclass(frozen=True, slots=True)
class Point2:
    """A position in the plane in metres, in the frame that its owner names (``odom`` unless said)."""

    x: float
    y: float

    def distance_to(self, other: Point2) -> float:
        """Euclidean distance in metres."""
        return math.hypot(other.x - self.x, other.y - self.y)


@dataclass(frozen=True, slots=True)
class SE2Pose:
    """A pose in the plane: metres, and yaw in radians, counter-clockwise from the frame's x axis."""

    x: float
    y: float
    yaw: float

    @property
    def position(self) -> Point2:
        """The position without the heading."""
        return Point2(self.x, self.y)

    def to_body(self, point: Point2) -> Point2:
        """Express a point of this pose's parent frame in this pose's own frame (x ahead, y left)."""
        dx, dy = point.x - self.x, point.y - self.y
        cos, sin = math.cos(self.yaw), math.sin(self.yaw)
        return Point2(cos * dx + sin * dy, -sin * dx + cos * dy)

    def from_body(self, point: Point2) -> Point2:
        """Express a point of this pose's own frame in its parent frame; the inverse of :meth:`to_body`."""
        cos, sin = math.cos(self.yaw), math.sin(self.yaw)
        return Point2(self.x + cos * point.x - sin * point.y, self.y + sin * point.x + cos * point.y)


@dataclass(frozen=True, slots=True)
class SE2Velocity:
    """A velocity in the body frame: m/s ahead, m/s to the left, rad/s counter-clockwise."""

    linear_x: float = 0.0
    linear_y: float = 0.0
    angular: float = 0.0

    @property
    def speed(self) -> float:
        """Linear speed in m/s."""
        return math.hypot(self.linear_x, self.linear_y)

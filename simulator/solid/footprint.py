"""Shapes on the floor and the gaps between them. Pure; metres and radians in the world frame."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Corner = tuple[float, float]


@dataclass(frozen=True)
class Rectangle:
    """A rectangle: its middle, the direction of its length, and half of its length and width."""

    x: float
    y: float
    yaw: float
    half_length: float
    half_width: float

    @cached_property
    def axes(self) -> tuple[float, float]:
        """Cosine and sine of the yaw."""
        return math.cos(self.yaw), math.sin(self.yaw)

    @cached_property
    def corners(self) -> tuple[Corner, Corner, Corner, Corner]:
        """The four corners, counter-clockwise."""
        cos, sin = self.axes
        ax, ay = cos * self.half_length, sin * self.half_length
        bx, by = -sin * self.half_width, cos * self.half_width
        x, y = self.x, self.y
        return (x + ax + bx, y + ay + by), (x - ax + bx, y - ay + by), (x - ax - bx, y - ay - by), (x + ax - bx, y + ay - by)  # fmt: skip  # noqa: E501

    @cached_property
    def reach(self) -> float:
        """Radius of the circle around it."""
        return math.hypot(self.half_length, self.half_width)

    def excess(self, x: float, y: float) -> tuple[float, float]:
        """How far a point lies beyond each pair of edges; negative inside."""
        cos, sin = self.axes
        dx, dy = x - self.x, y - self.y
        return abs(cos * dx + sin * dy) - self.half_length, abs(cos * dy - sin * dx) - self.half_width

    def distance(self, x: float, y: float) -> float:
        """Distance of a point; negative inside, by the way to the nearest edge."""
        along, across = self.excess(x, y)
        if along <= 0 and across <= 0:
            return max(along, across)
        return math.hypot(max(along, 0.0), max(across, 0.0))

    def distances(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
        """Distance of many points, as :meth:`distance`."""
        cos, sin = self.axes
        dx, dy = x - self.x, y - self.y
        along = np.abs(cos * dx + sin * dy) - self.half_length
        across = np.abs(cos * dy - sin * dx) - self.half_width
        outside = np.hypot(np.maximum(along, 0.0), np.maximum(across, 0.0))
        return np.asarray(outside + np.minimum(np.maximum(along, across), 0.0), np.float64)


@dataclass(frozen=True)
class Disc:
    """A disc: its middle and its radius."""

    x: float
    y: float
    radius: float

    def distance(self, x: float, y: float) -> float:
        """Distance of a point; negative inside."""
        return math.hypot(x - self.x, y - self.y) - self.radius

    def distances(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
        """Distance of many points; negative inside."""
        return np.asarray(np.hypot(x - self.x, y - self.y) - self.radius, np.float64)


Footprint = Rectangle | Disc


def gap(body: Rectangle, other: Footprint) -> float:
    """Distance between two footprints; negative where they overlap, by the shortest way apart along an edge."""
    if isinstance(other, Disc):
        return body.distance(other.x, other.y) - other.radius
    overlap = max(_separation(body, other), _separation(other, body))
    if overlap <= 0:
        return overlap
    # Of two convex polygons that are apart, a corner of one is nearest to the other.
    nearest = min(body.distance(*corner) for corner in other.corners)
    return min(nearest, min(other.distance(*corner) for corner in body.corners))


def least_gap(body: Rectangle, other: Footprint) -> float:
    """A quick lower bound of :func:`gap`, from the circle around the body."""
    return other.distance(body.x, body.y) - body.reach


def _separation(a: Rectangle, b: Rectangle) -> float:
    """The largest gap between the shadows of both on the axes of ``a`` (separating axis theorem)."""
    cos, sin = a.axes
    turn_cos = abs(cos * b.axes[0] + sin * b.axes[1])
    turn_sin = abs(cos * b.axes[1] - sin * b.axes[0])
    dx, dy = b.x - a.x, b.y - a.y
    along = abs(cos * dx + sin * dy) - a.half_length - turn_cos * b.half_length - turn_sin * b.half_width
    across = abs(cos * dy - sin * dx) - a.half_width - turn_sin * b.half_length - turn_cos * b.half_width
    return max(along, across)

"""Maps of the floor around the robot, from the scene's geometry."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from simulator.robot.behaviours import PlanarPose
from simulator.robot.frames import compose
from simulator.solid.bumper import BODY_TOP, STEP_HEIGHT, is_obstacle
from simulator.solid.footprint import Disc, Footprint, Rectangle
from simulator.solid.solids import Solid

CELLS = 128
"""Cells along each edge of a map (that of a robot)."""
CELL_SIZE = 0.03
"""Edge of a cell in metres (that of a robot)."""
FARTHEST = 5.0
"""Metres beyond which the distance to an obstacle is not told (undocumented)."""
_EYES = 0.45  # m: what is lower can be looked over (undocumented; the cameras are at about that height)
_FOOT = 0.05  # m: no foot is set so near to an edge (undocumented)

Cells = NDArray[np.float64]


@dataclass(frozen=True)
class GridPlace:
    """Where a map lies.

    Attributes:
        frame: Pose in the world of the frame with whose axes the map is aligned.
        x: Of the corner of cell (0, 0) in that frame, metres.
        y: Of the corner of cell (0, 0) in that frame, metres.
    """

    frame: PlanarPose
    x: float
    y: float

    @classmethod
    def around(cls, frame: PlanarPose, x: float, y: float) -> GridPlace:
        """The map around a point of the frame; whole cells are walked, so that they keep their places."""
        half = CELLS // 2
        return cls(
            frame, (math.floor(x / CELL_SIZE) - half) * CELL_SIZE, (math.floor(y / CELL_SIZE) - half) * CELL_SIZE
        )

    @cached_property
    def centres(self) -> tuple[Cells, Cells]:
        """World x and y of every cell's middle; both are CELLS×CELLS, with a row for each y of the map."""
        steps = (np.arange(CELLS) + 0.5) * CELL_SIZE
        x, y = np.meshgrid(self.x + steps, self.y + steps)
        cos, sin = math.cos(self.frame.yaw), math.sin(self.frame.yaw)
        return self.frame.x + cos * x - sin * y, self.frame.y + sin * x + cos * y


def terrain(place: GridPlace, solids: Sequence[Solid]) -> Cells:
    """Height over the ground of what stands in each cell, metres; what hangs over the robot is not terrain."""
    x, y = place.centres
    heights = np.zeros_like(x)
    for solid in _near(place, solids):
        if solid.bottom < BODY_TOP and solid.kind != "held sign":
            inside = solid.footprint.distances(x, y) <= 0
            heights[inside] = np.maximum(heights[inside], solid.top)
    return heights


def terrain_valid(place: GridPlace, solids: Sequence[Solid], eye: PlanarPose) -> NDArray[np.bool_]:
    """Whether each cell can be seen from the robot: nothing that is higher than its cameras hides it."""
    x, y = place.centres
    valid = np.ones(x.shape, np.bool_)
    for solid in _near(place, solids):
        if is_obstacle(solid) and solid.top > _EYES:
            valid &= ~_hidden(solid.footprint, eye, x, y)
    return valid


def obstacle_distance(place: GridPlace, solids: Sequence[Solid]) -> Cells:
    """Metres from each cell's middle to the nearest obstacle; negative inside, at most :data:`FARTHEST`."""
    x, y = place.centres
    nearest = np.full(x.shape, FARTHEST)
    for solid in filter(is_obstacle, solids):
        nearest = np.minimum(nearest, solid.footprint.distances(x, y))
    return nearest


def may_step(place: GridPlace, solids: Sequence[Solid]) -> NDArray[np.bool_]:
    """Whether a foot may be set on each cell: not on what is higher than a step, nor at its edge."""
    x, y = place.centres
    allowed = np.ones(x.shape, np.bool_)
    for solid in _near(place, solids):
        if solid.bottom < BODY_TOP and solid.top > STEP_HEIGHT and solid.kind != "held sign":
            allowed &= solid.footprint.distances(x, y) > _FOOT
    return allowed


def _near(place: GridPlace, solids: Sequence[Solid]) -> list[Solid]:
    """The solids that can lie in the map."""
    half = CELLS * CELL_SIZE / 2
    middle = compose(place.frame, PlanarPose(place.x + half, place.y + half, 0.0))
    reach = half * math.sqrt(2) + _FOOT
    return [solid for solid in solids if solid.footprint.distance(middle.x, middle.y) <= reach]


def _hidden(shape: Footprint, eye: PlanarPose, x: Cells, y: Cells) -> NDArray[np.bool_]:
    """Whether a shape lies between the eye and each point, more than a cell before it."""
    dx, dy = x - eye.x, y - eye.y
    start, end = _crossing(shape, eye, dx, dy)
    length = np.maximum(np.hypot(dx, dy), 1e-9)
    return np.asarray((start <= end) & (end > 0) & (np.maximum(start, 0.0) < 1.0 - CELL_SIZE / length), np.bool_)


def _crossing(shape: Footprint, eye: PlanarPose, dx: Cells, dy: Cells) -> tuple[Cells, Cells]:
    """Where the lines from the eye enter and leave a shape, as shares of the way; enter > leave if they miss it."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if isinstance(shape, Disc):
            ox, oy = eye.x - shape.x, eye.y - shape.y
            square = dx * dx + dy * dy
            half = ox * dx + oy * dy
            root = np.sqrt(np.maximum(half * half - square * (ox * ox + oy * oy - shape.radius**2), -1.0))
            missed = np.isnan(root)
            return np.where(missed, 1.0, (-half - root) / square), np.where(missed, 0.0, (-half + root) / square)
        return _rectangle_crossing(shape, eye, dx, dy)


def _rectangle_crossing(shape: Rectangle, eye: PlanarPose, dx: Cells, dy: Cells) -> tuple[Cells, Cells]:
    cos, sin = shape.axes
    ox, oy = eye.x - shape.x, eye.y - shape.y
    start, end = np.full(dx.shape, -np.inf), np.full(dx.shape, np.inf)
    for origin, step, half in (
        (cos * ox + sin * oy, cos * dx + sin * dy, shape.half_length),
        (cos * oy - sin * ox, cos * dy - sin * dx, shape.half_width),
    ):
        a, b = (-half - origin) / step, (half - origin) / step
        start, end = np.fmax(start, np.fmin(a, b)), np.fmin(end, np.fmax(a, b))
    return start, end

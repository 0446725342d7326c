"""Docks of a scene: fiducials whose numbers are those of docks."""

from __future__ import annotations

import math

from simulator.robot.behaviours import PlanarPose
from simulator.robot.docks import FIRST_DOCK, LAST_DOCK, Dock
from simulator.scene import Scene
from simulator.scene.objects import AprilTag

_BODY_TO_FIDUCIAL = 0.75  # m from the body of a docked robot ahead to its dock's fiducial (undocumented)


def docks_of(scene: Scene) -> tuple[Dock, ...]:
    """The docks of a scene: a robot in one of them faces its fiducial. Fiducials that move are no docks."""
    tags = (item for item in scene.objects if isinstance(item, AprilTag))
    return tuple(_dock(tag, scene) for tag in tags if FIRST_DOCK <= tag.id <= LAST_DOCK and not tag.motion)


def _dock(tag: AprilTag, scene: Scene) -> Dock:
    there = scene.object_at(tag.name, 0.0)
    x = there.x + _BODY_TO_FIDUCIAL * math.cos(there.yaw)
    y = there.y + _BODY_TO_FIDUCIAL * math.sin(there.yaw)
    return Dock(tag.id, PlanarPose(x, y, math.remainder(there.yaw + math.pi, math.tau)))

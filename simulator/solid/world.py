"""All solids of a scene at a time."""

from __future__ import annotations

import math
from itertools import pairwise

from simulator.scene.objects import AnyObject, StopSign
from simulator.scene.quantities import within
from simulator.scene.scene import Scene
from simulator.solid.solids import Solid, solid_of


class SolidWorld:
    """The solids of a scene. Nothing in it changes: safe from every thread.

    Args:
        scene: The scene; without one there is only the ground.

    Attributes:
        resting: The solids that never move and never vanish.
        movers: Names of all others.
        top_speed: The highest speed in m/s that any other can have.
    """

    def __init__(self, scene: Scene | None) -> None:
        self._scene = scene
        objects = scene.objects if scene else ()
        self._movers = {item.name: item for item in objects if _moves(item)}
        self.movers = tuple(self._movers)
        start = scene.world_at(0.0) if scene else None
        self.resting = tuple(solid_of(item, start[item.name]) for item in objects if start and not _moves(item))
        self.top_speed = max((_top_speed(item) for item in self._movers.values()), default=0.0)

    def moving(self, name: str, time: float) -> Solid | None:
        """One of those that can move or vanish, if it is there at a scene time in seconds."""
        item = self._movers[name]
        if self._scene is None or not (item.visible is None or within(time, item.visible)):
            return None
        return solid_of(item, self._scene.object_at(name, time))

    def solids(self, time: float) -> tuple[Solid, ...]:
        """Every solid that is there at a scene time in seconds."""
        moving = (self.moving(name, time) for name in self.movers)
        return self.resting + tuple(solid for solid in moving if solid is not None)

    def levels(self) -> tuple[float, ...]:
        """Heights of the ground and of the ceiling, if there is one."""
        ceiling = self._scene.surroundings.ceiling if self._scene else None
        return (0.0,) if ceiling is None else (0.0, ceiling.height)


def _moves(item: AnyObject) -> bool:
    return bool(item.motion) or item.visible is not None or (isinstance(item, StopSign) and item.held_by is not None)


def _top_speed(item: AnyObject) -> float:
    steps = ((math.dist(a.position[:2], b.position[:2]), b.at - a.at) for a, b in pairwise(item.motion))
    return max((length / seconds for length, seconds in steps), default=0.0)

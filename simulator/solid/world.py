"""All solids of a scene at a time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from simulator.scene.objects import AnyObject, StopSign
from simulator.scene.quantities import within
from simulator.scene.scene import Scene
from simulator.solid.solids import Solid, solid_of


@dataclass(frozen=True, slots=True)
class _Parts:
    """The resting solids and the names of the others, when some objects have been placed anew."""

    placed: frozenset[str]
    resting: tuple[Solid, ...]
    movers: tuple[str, ...]

    @classmethod
    def of(cls, scene: Scene | None, placed: frozenset[str]) -> _Parts:
        if scene is None:
            return cls(placed, (), ())
        movers = tuple(item.name for item in scene.objects if _moves(item) or item.name in placed)
        start = scene.world_at(0.0)
        resting = tuple(solid_of(item, start[item.name]) for item in scene.objects if item.name not in movers)
        return cls(placed, resting, movers)


class SolidWorld:
    """The solids of a scene. Safe from every thread.

    Args:
        scene: The scene; without one there is only the ground.

    Attributes:
        top_speed: The highest speed in m/s that any solid can have; but a live scene may put it elsewhere at once.
    """

    def __init__(self, scene: Scene | None) -> None:
        self._scene = scene
        self._parts = _Parts.of(scene, frozenset())
        self.top_speed = max(map(_top_speed, scene.objects if scene else ()), default=0.0)

    @property
    def version(self) -> int:
        """Another number when something else than the scene's file has moved, hidden or shown something."""
        return self._scene.version if self._scene else 0

    @property
    def resting(self) -> tuple[Solid, ...]:
        """The solids that never move and never vanish, as far as is known now."""
        return self._known_parts().resting

    @property
    def movers(self) -> tuple[str, ...]:
        """Names of all others."""
        return self._known_parts().movers

    def _known_parts(self) -> _Parts:
        placed = self._scene.placed if self._scene else frozenset()
        parts = self._parts
        if parts.placed != placed:
            self._parts = parts = _Parts.of(self._scene, placed)
        return parts

    def moving(self, name: str, time: float) -> Solid | None:
        """One of those that can move or vanish, if it is there at a scene time in seconds."""
        if self._scene is None:
            return None
        item = self._scene.specs_at(time)[name]
        if item.visible is not None and not within(time, item.visible):
            return None
        return solid_of(item, self._scene.object_at(name, time))

    def solids(self, time: float) -> tuple[Solid, ...]:
        """Every solid that is there at a scene time in seconds."""
        parts = self._known_parts()
        moving = (self.moving(name, time) for name in parts.movers)
        return parts.resting + tuple(solid for solid in moving if solid is not None)

    def levels(self) -> tuple[float, ...]:
        """Heights of the ground and of the ceiling, if there is one."""
        ceiling = self._scene.surroundings.ceiling if self._scene else None
        return (0.0,) if ceiling is None else (0.0, ceiling.height)


def _moves(item: AnyObject) -> bool:
    return bool(item.motion) or item.visible is not None or (isinstance(item, StopSign) and item.held_by is not None)


def _top_speed(item: AnyObject) -> float:
    steps = ((math.dist(a.position[:2], b.position[:2]), b.at - a.at) for a, b in pairwise(item.motion))
    return max((length / seconds for length, seconds in steps), default=0.0)

"""A scene whose objects can be placed anew while it plays."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import PrivateAttr

from simulator.errors import SceneError
from simulator.scene.files import nearest
from simulator.scene.objects import AnyObject, StopSign, Wall
from simulator.scene.scene import Scene
from simulator.scene.world import WorldObject


@dataclass(frozen=True, slots=True)
class _Era:
    """What the objects are from a scene time on."""

    start: float
    specs: Mapping[str, AnyObject]
    placed: frozenset[str]


class LiveScene(Scene):
    """A scene that somebody else than its file moves things in.

    Nothing changes the past: who asks for a time before a change gets what was there then. Reading is safe from every
    thread; changes must come one at a time, with times that do not fall.
    """

    _eras: tuple[_Era, ...] = PrivateAttr(())

    @classmethod
    def of(cls, scene: Scene) -> LiveScene:
        """The same scene, not yet changed."""
        return cls.model_construct(**{name: getattr(scene, name) for name in Scene.model_fields})

    @property
    def version(self) -> int:
        """How often it has been changed."""
        return len(self._eras)

    @property
    def placed(self) -> frozenset[str]:
        """Names of the objects that have been changed."""
        return self._eras[-1].placed if self._eras else frozenset()

    def specs_at(self, time: float) -> Mapping[str, AnyObject]:
        """The objects by their names, as they are at a scene time."""
        eras = self._eras
        index = bisect_right(eras, time, key=lambda era: era.start)
        return eras[index - 1].specs if index else self.by_name

    def place(self, name: str, time: float, position: tuple[float, float, float], yaw: float) -> None:
        """Let an object rest somewhere from a scene time on.

        Raises:
            SceneError: There is no such object, it is in somebody's hand, or a number is not finite.
        """
        item = self._spec(name)
        if isinstance(item, StopSign) and item.held_by is not None:
            raise SceneError(f"{name} is in the hand of {item.held_by}: move {item.held_by}, or hide {name}")
        if not all(map(math.isfinite, (*position, yaw))):
            raise SceneError(f"{name} cannot be moved to {position}, yaw {yaw}: give finite numbers")
        if isinstance(item, Wall):
            changes = _ends(item, position, yaw)
        else:
            changes = {"position": position, "yaw": yaw, "motion": ()}
        self._change(item, time, changes)

    def set_visible(self, name: str, time: float, *, visible: bool) -> None:
        """Let an object be there, or not, from a scene time on.

        Raises:
            SceneError: There is no such object.
        """
        self._change(self._spec(name), time, {"visible": None if visible else ()})

    def find(self, name: str, time: float) -> WorldObject:
        """Where an object is at a scene time.

        Raises:
            SceneError: There is no such object.
        """
        self._spec(name)
        return self.object_at(name, time)

    def _spec(self, name: str) -> AnyObject:
        if name not in self._newest:
            raise SceneError(f"the scene {self.name} has no object {name!r}{nearest(name, self._newest)}")
        return self._newest[name]

    @property
    def _newest(self) -> Mapping[str, AnyObject]:
        return self._eras[-1].specs if self._eras else self.by_name

    def _change(self, item: AnyObject, time: float, changes: Mapping[str, object]) -> None:
        # A new one, not a copy: a copy would keep the path that the old one has computed.
        fields = {key: getattr(item, key) for key in type(item).model_fields}
        changed = type(item).model_construct(**{**fields, **changes})  # the fields of a file have units, these have not
        specs = {**self._newest, item.name: changed}
        start = max(time, self._eras[-1].start) if self._eras else time
        self._eras = (*self._eras, _Era(start, specs, self.placed | {item.name}))


def _ends(wall: Wall, position: tuple[float, float, float], yaw: float) -> dict[str, object]:
    """A wall of the same length and height around another middle."""
    x, y, bottom = position
    half = math.dist(wall.start, wall.end) / 2
    forth = (half * math.cos(yaw), half * math.sin(yaw))
    return {
        "start": (x - forth[0], y - forth[1]),
        "end": (x + forth[0], y + forth[1]),
        "bottom": bottom,
        "top": bottom + wall.top - wall.bottom,
    }

"""The world at one moment."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from simulator.scene.gestures import Gesturing, gesturing_at
from simulator.scene.motion import Placement
from simulator.scene.objects import (
    AnyObject,
    AprilTag,
    Ball,
    Board,
    Box,
    Cutout,
    Person,
    StopSign,
    Wall,
)
from simulator.scene.quantities import within

ARM_RISE_TIME = 0.5
"""Seconds that a person needs to raise or lower an arm."""

_HELD_FORWARD = 0.36
_HELD_SIDEWAYS = -0.56


@dataclass(frozen=True, slots=True)
class WorldObject:
    """One object at one moment.

    Attributes:
        kind: As in the scene file, e.g. ``"person"``.
        name: As in the scene file.
        x: World frame, metres.
        y: World frame, metres.
        z: World frame, metres: the ground under a person, cut-out, box or sign; the middle of a board, tag or ball.
        yaw: The direction it faces, radians counter-clockwise from +x.
        visible: Whether it is there at all.
        footprint_radius: Radius in metres of the upright cylinder around it; 0 for what hangs on a wall.
        height: Its extent upwards, metres.
        speed: Metres a second.
        walked: Metres walked since the scene began.
        arm_raised: How far a person's right arm is up, 0 to 1.
        gesturing: What a person does with its body; ``None`` if nothing.
    """

    kind: str
    name: str
    x: float
    y: float
    z: float
    yaw: float
    visible: bool
    footprint_radius: float
    height: float
    speed: float = 0.0
    walked: float = 0.0
    arm_raised: float = 0.0
    gesturing: Gesturing | None = None

    @property
    def position(self) -> tuple[float, float, float]:
        """(x, y, z) in the world frame, metres."""
        return self.x, self.y, self.z


@dataclass(frozen=True, slots=True)
class WorldState:
    """Every object at one moment of scene time, in the order of the scene file."""

    time: float
    objects: tuple[WorldObject, ...]

    def __getitem__(self, name: str) -> WorldObject:
        """The object of that name.

        Raises:
            KeyError: The scene has no such object.
        """
        for item in self.objects:
            if item.name == name:
                return item
        raise KeyError(name)


def object_at(spec: AnyObject, time: float, others: Mapping[str, AnyObject]) -> WorldObject:
    """One object of a scene at a time; ``others`` holds the scene's objects by name."""
    place = placement(spec, time, others)
    shown = spec.visible is None or within(time, spec.visible)
    radius, height = _extent(spec)
    raised = _arm(spec, time, others) if isinstance(spec, Person) else 0.0
    gesturing = gesturing_at(spec.gestures, time) if isinstance(spec, Person) else None
    return WorldObject(
        spec.kind, spec.name, place.x, place.y, place.z, place.yaw, shown, radius, height,
        place.speed, place.walked, raised, gesturing,
    )  # fmt: skip


def placement(spec: AnyObject, time: float, others: Mapping[str, AnyObject]) -> Placement:
    """Where an object is at a time."""
    if isinstance(spec, Wall):
        (x0, y0), (x1, y1) = spec.start, spec.end
        return Placement((x0 + x1) / 2, (y0 + y1) / 2, spec.bottom, math.atan2(y1 - y0, x1 - x0))
    if isinstance(spec, StopSign) and spec.held_by is not None:
        return _in_hand(placement(others[spec.held_by], time, others))
    if spec.motion:
        return spec.path.smooth(time) if isinstance(spec, Person | Cutout) else spec.path.raw(time)
    resting = spec.path.raw(0.0)
    z = spec.radius if isinstance(spec, Ball) and len(spec.position or ()) < 3 else resting.z
    return Placement(resting.x, resting.y, z, spec.yaw)


def _in_hand(holder: Placement) -> Placement:
    """A held sign: in front of the holder and to its right, facing the same way."""
    cos, sin = math.cos(holder.yaw), math.sin(holder.yaw)
    x = holder.x + cos * _HELD_FORWARD - sin * _HELD_SIDEWAYS
    y = holder.y + sin * _HELD_FORWARD + cos * _HELD_SIDEWAYS
    return Placement(x, y, holder.z, holder.yaw)


def _arm(person: Person, time: float, others: Mapping[str, AnyObject]) -> float:
    """How far the arm is up: by its own intervals, and while the person holds a sign."""
    intervals = list(person.arm_raised)
    for other in others.values():
        if isinstance(other, StopSign) and other.held_by == person.name:
            intervals.extend(((0.0, math.inf),) if other.visible is None else other.visible)
    rises = (min(time - start, end - time) / ARM_RISE_TIME + 1.0 for start, end in intervals)
    return max((min(max(rise, 0.0), 1.0) for rise in rises), default=0.0)


def _extent(spec: AnyObject) -> tuple[float, float]:
    """Footprint radius and height in metres."""
    match spec:
        case Person():
            return 0.28, spec.height
        case Cutout():
            return 0.2, spec.height
        case StopSign():
            return (0.0 if spec.held_by else 0.05), spec.middle + spec.size / 2
        case Box():
            return math.hypot(spec.size[0], spec.size[1]) / 2, spec.size[2]
        case Ball():
            return spec.radius, 2 * spec.radius
        case Wall():
            return math.dist(spec.start, spec.end) / 2, spec.top - spec.bottom
        case Board():
            return 0.0, spec.height
        case AprilTag():
            return 0.0, spec.size

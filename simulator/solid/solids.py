"""The objects of a scene as upright solids."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simulator.scene.objects import AnyObject, AprilTag, Ball, Board, Box, Cutout, Person, StopSign, Wall
from simulator.scene.world import WorldObject
from simulator.solid.footprint import Disc, Footprint, Rectangle

_SHEET = 0.01
"""Thickness of boards, tags and signs in metres: that of their pictures' backs."""
_CARD = 10 / 8
"""Edge of a tag's white card, in edges of its black square: one cell more on either side."""


@dataclass(frozen=True, slots=True)
class Solid:
    """An upright solid.

    Attributes:
        name: Of the object in the scene.
        kind: Of the object in the scene, such as ``"wall"``; ``"held sign"`` for a stop sign in a hand.
        footprint: Its shape on the floor.
        bottom: Height of its lower end over the ground, metres.
        top: Height of its upper end over the ground, metres.
        is_ball: Whether it is round all over: then its footprint is a disc as wide as it is high.
    """

    name: str
    kind: str
    footprint: Footprint
    bottom: float
    top: float
    is_ball: bool = False


def solid_of(spec: AnyObject, state: WorldObject) -> Solid:
    """The solid of an object where it is now."""
    bottom, top = _extent(spec, state)
    kind = "held sign" if isinstance(spec, StopSign) and spec.held_by is not None else spec.kind
    return Solid(spec.name, kind, _footprint(spec, state), bottom, top, is_ball=isinstance(spec, Ball))


def _footprint(spec: AnyObject, at: WorldObject) -> Footprint:
    match spec:
        case Wall():
            return Rectangle(at.x, at.y, at.yaw, math.dist(spec.start, spec.end) / 2, spec.thickness / 2)
        case Box():
            return Rectangle(at.x, at.y, at.yaw, spec.size[0] / 2, spec.size[1] / 2)
        case Board():
            return _sheet(at, spec.width)
        case AprilTag():
            return _sheet(at, spec.size * _CARD)
        case StopSign() if spec.held_by is not None:
            return _sheet(at, spec.size)
        case Person() | Cutout() | Ball() | StopSign():
            return Disc(at.x, at.y, at.footprint_radius)


def _sheet(at: WorldObject, width: float) -> Rectangle:
    back = _SHEET / 2
    x, y = at.x - math.cos(at.yaw) * back, at.y - math.sin(at.yaw) * back
    return Rectangle(x, y, at.yaw, back, width / 2)


def _extent(spec: AnyObject, at: WorldObject) -> tuple[float, float]:
    """Heights of its lower and its upper end."""
    match spec:
        case Board():
            return at.z - spec.height / 2, at.z + spec.height / 2
        case AprilTag():
            half = spec.size * _CARD / 2
            return at.z - half, at.z + half
        case Ball():
            return at.z - spec.radius, at.z + spec.radius
        case StopSign() if spec.held_by is not None:
            return at.z + spec.middle - spec.size / 2, at.z + spec.middle + spec.size / 2
        case Wall():
            return spec.bottom, spec.top
        case _:
            return at.z, at.z + at.height

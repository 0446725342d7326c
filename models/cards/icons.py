"""What is drawn on each card of the shipped set: polygons and discs in millimetres.

The origin is the middle of the paper, x to the right, y down. Everything lies within 83 mm to the left and right and
120 mm up and down. Each shape stays itself in greyscale and from afar: at three metres Spot's cameras give a sheet of
A4 about 18 by 25 pixels. No shape becomes another command when the card is held upside down; ``left`` and ``right`` are
each other's mirror image, so pictures of cards must never be mirrored.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Protocol

Point = tuple[float, float]


class Pen(Protocol):
    """Something that fills shapes, given in millimetres."""

    def polygon(self, *corners: Point, white: bool = False) -> None:
        """Fill a polygon, black unless told otherwise."""

    def disc(self, centre: Point, radius: float, *, white: bool = False) -> None:
        """Fill a disc, black unless told otherwise."""


def _rectangle(pen: Pen, left: float, top: float, right: float, bottom: float, *, white: bool = False) -> None:
    pen.polygon((left, top), (right, top), (right, bottom), (left, bottom), white=white)


def _on_circle(centre: Point, radius: float, degrees: float) -> Point:
    """A point on a circle; 0 degrees is to the right, and angles grow clockwise."""
    angle = math.radians(degrees)
    return centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)


def _stop(pen: Pen) -> None:
    """A tall octagon with a white bar, as on the road sign for no entry."""
    pen.polygon((-82, -66), (-36, -112), (36, -112), (82, -66), (82, 66), (36, 112), (-36, 112), (-82, 66))
    _rectangle(pen, -56, -22, 56, 22, white=True)


def _sit(pen: Pen) -> None:
    """A chair."""
    _rectangle(pen, -74, -118, -34, 118)
    _rectangle(pen, -74, -4, 74, 38)
    _rectangle(pen, 34, -4, 74, 118)


def _stand(pen: Pen) -> None:
    """An upright figure."""
    pen.disc((0, -83), 36)
    _rectangle(pen, -48, -36, 48, 118)


def _come(pen: Pen) -> None:
    """An arrow down to the feet of whoever holds it."""
    _rectangle(pen, -25, -118, 25, 22)
    pen.polygon((-82, 20), (82, 20), (0, 119))


def _left(pen: Pen, *, side: int = 1) -> None:
    """The road sign's arrow that comes from below and turns left; ``side`` of -1 mirrors it."""
    corners: tuple[Point, ...] = ((76, 118), (76, -92), (-20, -92), (-20, -119), (-82, -68), (-20, -17), (-20, -44),
                                  (28, -44), (28, 118))  # fmt: skip
    pen.polygon(*((side * x, y) for x, y in corners))


def _right(pen: Pen) -> None:
    """The mirror image of ``left``."""
    _left(pen, side=-1)


def _back(pen: Pen) -> None:
    """A cross: not here."""
    for side in (1, -1):
        pen.polygon((side * -82, -118), (side * -28, -118), (side * 82, 118), (side * 28, 118))


def _spin(pen: Pen) -> None:
    """An arrow that bends round in a circle, clockwise."""
    centre = (0.0, 14.0)
    start, end = 0, 280
    outside = [_on_circle(centre, 82, angle) for angle in range(start, end + 1, 4)]
    inside = [_on_circle(centre, 40, angle) for angle in range(end, start - 1, -4)]
    pen.polygon(*outside, *inside)
    pen.polygon(_on_circle(centre, 8, end), _on_circle(centre, 116, end), _on_circle(centre, 74, end + 54))


ICONS: Mapping[str, Callable[[Pen], None]] = MappingProxyType(
    {
        "stop": _stop,
        "sit": _sit,
        "stand": _stand,
        "come": _come,
        "left": _left,
        "right": _right,
        "back": _back,
        "spin": _spin,
    }
)
"""What draws the icon of each card, by the card's label."""

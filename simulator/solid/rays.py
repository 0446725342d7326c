"""Where a ray meets solids and planes: closed forms."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from simulator.solid.footprint import Disc, Rectangle
from simulator.solid.solids import Solid

_PARALLEL = 1e-12
_FLUSH = 0.005  # m: a card may lie on a wall
Point = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Ray:
    """A half-line in the world: origin in metres and a direction of length 1."""

    x: float
    y: float
    z: float
    dx: float
    dy: float
    dz: float

    @classmethod
    def between(cls, start: Point, end: Point) -> Ray:
        """The ray from one point towards another.

        Raises:
            ValueError: Both are the same point.
        """
        length = math.dist(start, end)
        if length == 0:
            raise ValueError("a ray needs two points that differ")
        dx, dy, dz = ((b - a) / length for a, b in zip(start, end, strict=True))
        return cls(*start, dx, dy, dz)

    def at(self, distance: float) -> Point:
        """The point at a distance from the origin."""
        return self.x + self.dx * distance, self.y + self.dy * distance, self.z + self.dz * distance


def meet(ray: Ray, solid: Solid) -> float | None:
    """Metres from the origin to the surface of a solid; ``None`` if it is missed.

    A ray that begins inside meets the surface from inside.
    """
    if solid.is_ball:
        return _first(_ball(ray, solid))
    sides = _slab(ray.z, ray.dz, solid.bottom, solid.top)
    if sides is None:
        return None
    shape = solid.footprint
    around = _disc(ray, shape) if isinstance(shape, Disc) else _rectangle(ray, shape)
    return _first(_both(sides, around))


def meet_level(ray: Ray, height: float) -> float | None:
    """Metres from the origin to a level plane of that height; ``None`` if it leads away from it."""
    if abs(ray.dz) < _PARALLEL:
        return None
    distance = (height - ray.z) / ray.dz
    return distance if distance >= 0 else None


_Span = tuple[float, float]


def _first(span: _Span | None) -> float | None:
    if span is None or span[1] < 0:
        return None
    return span[0] if span[0] >= 0 else span[1]


def _both(a: _Span, b: _Span | None) -> _Span | None:
    if b is None:
        return None
    start, end = max(a[0], b[0]), min(a[1], b[1])
    return (start, end) if start <= end else None


def _slab(origin: float, direction: float, low: float, high: float) -> _Span | None:
    """Where a ray is between two parallel planes (Kay and Kajiya 1986)."""
    if abs(direction) < _PARALLEL:
        return (-math.inf, math.inf) if low <= origin <= high else None
    a, b = (low - origin) / direction, (high - origin) / direction
    return (a, b) if a <= b else (b, a)


def _rectangle(ray: Ray, shape: Rectangle) -> _Span | None:
    cos, sin = shape.axes
    x, y = ray.x - shape.x, ray.y - shape.y
    along = _slab(cos * x + sin * y, cos * ray.dx + sin * ray.dy, -shape.half_length, shape.half_length)
    across = _slab(cos * y - sin * x, cos * ray.dy - sin * ray.dx, -shape.half_width, shape.half_width)
    return None if along is None else _both(along, across)


def _disc(ray: Ray, shape: Disc) -> _Span | None:
    x, y = ray.x - shape.x, ray.y - shape.y
    square = ray.dx * ray.dx + ray.dy * ray.dy
    if square < _PARALLEL:
        return (-math.inf, math.inf) if math.hypot(x, y) <= shape.radius else None
    return _roots(square, x * ray.dx + y * ray.dy, x * x + y * y - shape.radius**2)


def _ball(ray: Ray, solid: Solid) -> _Span | None:
    radius = (solid.top - solid.bottom) / 2
    x, y, z = ray.x - solid.footprint.x, ray.y - solid.footprint.y, ray.z - (solid.bottom + radius)
    return _roots(1.0, x * ray.dx + y * ray.dy + z * ray.dz, x * x + y * y + z * z - radius**2)


def _roots(a: float, half_b: float, c: float) -> _Span | None:
    """The two solutions of ``a t² + 2 half_b t + c = 0``."""
    discriminant = half_b * half_b - a * c
    if discriminant < 0:
        return None
    root = math.sqrt(discriminant)
    return (-half_b - root) / a, (-half_b + root) / a


def is_free(start: Point, end: Point, solids: Iterable[Solid]) -> bool:
    """Whether none of the solids stands between two points; what the end point touches does not count."""
    ray, length = Ray.between(start, end), math.dist(start, end) - _FLUSH
    return not any((hit := meet(ray, solid)) is not None and hit < length for solid in solids)

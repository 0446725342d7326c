"""Quantities as people write them in a scene: ``3 s``, ``1.5 m``, ``20 deg``, ``0.6 m/s``."""

from __future__ import annotations

import math
import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

_NUMBER = re.compile(r"\s*([-+]?\d+(?:\.\d*)?|[-+]?\.\d+)\s*([a-z/]*)\s*", re.IGNORECASE)


def _scaled(value: object, scales: dict[str, float], example: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"should be a quantity such as {example}")
    match = _NUMBER.fullmatch(str(value))
    if match is None or match[2] not in scales:
        raise ValueError(f"should be a quantity such as {example}, not {value!r}")
    return float(match[1]) * scales[match[2]]


def _seconds(value: object) -> float:
    return _scaled(value, {"": 1.0, "s": 1.0, "ms": 0.001, "min": 60.0}, "3 s")


def _metres(value: object) -> float:
    return _scaled(value, {"": 1.0, "m": 1.0, "cm": 0.01, "mm": 0.001}, "1.5 m")


def _metres_per_second(value: object) -> float:
    return _scaled(value, {"": 1.0, "m/s": 1.0}, "0.6 m/s")


def _radians(value: object) -> float:
    return _scaled(value, {"deg": math.pi / 180, "rad": 1.0}, "20 deg")


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("should be a finite number")
    return value


Number = Annotated[float, AfterValidator(_finite)]
Seconds = Annotated[float, BeforeValidator(_seconds), Field(ge=0)]
"""Scene time in seconds: ``3``, ``3 s``, ``250 ms``."""

SignedSeconds = Annotated[float, BeforeValidator(_seconds)]
"""A change of a clock: ``-3 s``, ``250 ms``."""

Metres = Annotated[float, BeforeValidator(_metres)]
"""``1.5``, ``1.5 m``, ``60 cm``."""

Length = Annotated[float, BeforeValidator(_metres), Field(gt=0)]
"""A length of more than nothing."""

Speed = Annotated[float, BeforeValidator(_metres_per_second), Field(ge=0)]
"""``0.6``, ``0.6 m/s``."""

Angle = Annotated[float, BeforeValidator(_radians)]
"""``20 deg`` or ``0.35 rad``; a unit is required."""

Share = Annotated[float, Field(ge=0, le=1)]
"""A part of a whole, 0 to 1."""


def _interval(value: tuple[float, float]) -> tuple[float, float]:
    if value[0] >= value[1]:
        raise ValueError(f"should be [start, end] with start before end, not [{value[0]:g}, {value[1]:g}]")
    return value


Interval = Annotated[tuple[Seconds, Seconds], AfterValidator(_interval)]
"""``[start, end]`` in scene time."""


def within(time: float, intervals: tuple[tuple[float, float], ...]) -> bool:
    """Whether a time lies in one of the intervals; an interval holds its start but not its end."""
    return any(start <= time < end for start, end in intervals)

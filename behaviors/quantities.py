"""Figures as people write them in YAML: always with their unit, so that nobody has to guess it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from pydantic import BeforeValidator, Field

from behaviors.errors import QuantityError


class Dimension(Enum):
    """A kind of figure: its name, the units that it is written in, and each unit's factor to SI."""

    LENGTH = ("length", {"m": 1.0, "cm": 0.01, "mm": 0.001})
    TIME = ("time", {"s": 1.0, "ms": 0.001, "min": 60.0})
    ANGLE = ("angle", {"deg": math.pi / 180, "°": math.pi / 180, "rad": 1.0})
    SPEED = ("speed", {"m/s": 1.0, "cm/s": 0.01, "km/h": 1 / 3.6})
    TURN_RATE = ("turn rate", {"deg/s": math.pi / 180, "°/s": math.pi / 180, "rad/s": 1.0})
    FREQUENCY = ("rate", {"Hz": 1.0})

    @property
    def title(self) -> str:
        """What people call it."""
        return self.value[0]

    @property
    def units(self) -> dict[str, float]:
        """Unit to SI factor; the first unit is the one to suggest."""
        return self.value[1]


MAX_SHOWN = 60  # characters of a value that a message repeats
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)"
_QUANTITY = re.compile(rf"\s*({_NUMBER})\s*([^\s\d.<>=][^\s<>=]*)?\s*")
_COMPARISON = re.compile(r"\s*(<=|>=|<|>)\s*(.+)")


def shown(value: object) -> str:
    """A value of a YAML file, as a person would write it in a message."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list, tuple)):
        return "a list" if not isinstance(value, dict) else "a mapping"
    text = repr(value)
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}..."


def parse_quantity(value: object, dimension: Dimension) -> float:
    """Read a figure such as ``"2 m"`` or ``"30 deg"``.

    Args:
        value: What stands in the YAML file.
        dimension: The kind of figure that is wanted.

    Returns:
        The figure in SI units (metres, seconds, radians, m/s, rad/s, Hz).

    Raises:
        QuantityError: It is not a figure, or its unit is missing or of another kind.
    """
    suggestion = next(iter(dimension.units))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        raise QuantityError(f"{shown(value)} has no unit; write for example '{shown(value)} {suggestion}'")
    match = _QUANTITY.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise QuantityError(f"{shown(value)} is not a {dimension.title}; write for example '2 {suggestion}'")
    number, unit = match.groups()
    if unit is None:
        raise QuantityError(f"{shown(value)} has no unit; write for example '{number} {suggestion}'")
    if unit not in dimension.units:
        known = ", ".join(dimension.units)
        raise QuantityError(f"{unit!r} in {shown(value)} is not a unit of {dimension.title}; use one of: {known}")
    figure = float(number) * dimension.units[unit]
    if not math.isfinite(figure):
        raise QuantityError(f"{shown(value)} is too large a figure")
    return figure


def parse_ratio(value: object) -> float:
    """Read a share from 0 to 1, written ``0.6`` or ``"60 %"``.

    Raises:
        QuantityError: It is not a number, or lies outside 0 to 1.
    """
    if isinstance(value, str) and (match := re.fullmatch(rf"\s*({_NUMBER})\s*%\s*", value)):
        value = float(match.group(1)) / 100
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise QuantityError(f"{shown(value)} is not a share; write a number from 0 to 1, or '60 %'")
    if not 0.0 <= value <= 1.0:
        raise QuantityError(f"{shown(value)} lies outside 0 to 1")
    return float(value)


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed range in SI units, and how the person wrote it.

    Attributes:
        low: Least value that lies inside.
        high: Greatest value that lies inside.
        text: The range as it stands in config.yaml, for reasons that a person reads.
    """

    low: float
    high: float
    text: str

    def __contains__(self, value: float) -> bool:
        """Whether a figure in SI units lies inside."""
        return self.low <= value <= self.high

    @classmethod
    def parse(cls, value: object, dimension: Dimension) -> Interval:
        """Read ``"< 4 m"``, ``"> 1 m"`` or ``"1 m .. 4 m"`` (a comparison includes its bound).

        Raises:
            QuantityError: It is none of these, or the lower bound is above the upper one.
        """
        suggestion = next(iter(dimension.units))
        if isinstance(value, str) and (match := _COMPARISON.fullmatch(value)):
            bound = parse_quantity(match.group(2), dimension)
            below = match.group(1).startswith("<")
            return cls(-math.inf if below else bound, bound if below else math.inf, value.strip())
        if isinstance(value, str) and value.count("..") == 1:
            low, high = (parse_quantity(part, dimension) for part in value.split(".."))
            if low > high:
                raise QuantityError(f"{shown(value)} is empty: its first bound is above its second")
            return cls(low, high, value.strip())
        example = f"'< 4 {suggestion}' or '1 {suggestion} .. 4 {suggestion}'"
        raise QuantityError(f"{shown(value)} is not a range; write {example}")


def _quantity(dimension: Dimension) -> BeforeValidator:
    return BeforeValidator(lambda value: parse_quantity(value, dimension))


def _parse_distance(value: object) -> Interval:
    interval = Interval.parse(value, Dimension.LENGTH)
    if interval.high < 0 or (interval.low < 0 and not math.isinf(interval.low)):
        raise QuantityError(f"a distance cannot be negative: {interval.text!r}")
    return interval


# The dimension itself stands in the annotation for whoever describes a setting; pydantic passes over it.
Length = Annotated[float, _quantity(Dimension.LENGTH), Dimension.LENGTH]
Distance = Annotated[float, Field(ge=0), _quantity(Dimension.LENGTH), Dimension.LENGTH]
Duration = Annotated[float, Field(ge=0), _quantity(Dimension.TIME), Dimension.TIME]
Angle = Annotated[float, _quantity(Dimension.ANGLE), Dimension.ANGLE]
Speed = Annotated[float, Field(gt=0), _quantity(Dimension.SPEED), Dimension.SPEED]
TurnRate = Annotated[float, Field(gt=0), _quantity(Dimension.TURN_RATE), Dimension.TURN_RATE]
Frequency = Annotated[float, Field(gt=0), _quantity(Dimension.FREQUENCY), Dimension.FREQUENCY]
Ratio = Annotated[float, BeforeValidator(parse_ratio)]
DistanceRange = Annotated[Interval, BeforeValidator(_parse_distance)]
BearingRange = Annotated[Interval, BeforeValidator(lambda value: Interval.parse(value, Dimension.ANGLE))]

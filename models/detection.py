"""What a detector says about one picture."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from models.pose import Pose


class Box(NamedTuple):
    """An axis-aligned box in pixels of the picture that was given to the detector.

    The origin is the picture's top left corner, x to the right, y down; the edges may be fractional.
    """

    x_min: float
    y_min: float
    x_max: float
    y_max: float

    @property
    def width(self) -> float:
        """Extent along x in pixels."""
        return self.x_max - self.x_min

    @property
    def height(self) -> float:
        """Extent along y in pixels."""
        return self.y_max - self.y_min

    @property
    def area(self) -> float:
        """Area in square pixels."""
        return self.width * self.height

    @property
    def centre(self) -> tuple[float, float]:
        """Centre (x, y) in pixels."""
        return (self.x_min + self.x_max) / 2, (self.y_min + self.y_max) / 2


@dataclass(frozen=True, slots=True)
class Detection:
    """One thing that a detector found in one picture.

    Attributes:
        label: What it is, in the detector's own vocabulary, e.g. ``"stop sign"``.
        score: The detector's confidence, 0 to 1.
        box: Where it is, in pixels of that picture.
        pose: A person's key-points, in pixels of that picture; ``None`` where the detector gives none.
        direction: Where it points to in the picture, in radians from the x axis towards the y axis, so that 0 is right
            and π/2 is down; ``None`` for what points nowhere.

    Raises:
        ValueError: The score is not in [0, 1], the direction is not finite, or the box is empty, inverted or not
            finite.

    Example:
        >>> Detection("person", 0.9, Box(10, 20, 50, 120)).box.height
        100
    """

    label: str
    score: float
    box: Box
    pose: Pose | None = None
    direction: float | None = None

    def __post_init__(self) -> None:
        if not 0.0 <= self.score <= 1.0:
            raise ValueError(f"score must lie in [0, 1], not {self.score}")
        if not all(math.isfinite(edge) for edge in self.box):
            raise ValueError(f"box must be finite, not {tuple(self.box)}")
        if self.box.width <= 0 or self.box.height <= 0:
            raise ValueError(f"box must have a positive width and height, not {tuple(self.box)}")
        if self.direction is not None and not math.isfinite(self.direction):
            raise ValueError(f"direction must be finite, not {self.direction}")

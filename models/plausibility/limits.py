"""Sizes and places that things can have, set by hand, and words for what is wrong with one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from models.detection import Box
from models.plausibility.features import MetricSize

_EDGE = 4.0  # px; a box that ends this near to the picture's edge may show a part of a thing

SURE_SHARE = 0.5
"""What is smaller than this share of the smallest that can be is far too small."""
SURE_DISTANCE = 1.0
"""Metres from which on a far too small size is beyond doubt. Depth is that of the nearest thing in a box: a real person
behind something else seems as small only where that is right before the lens. Nearer, a network has to decide."""


@dataclass(frozen=True, slots=True)
class Possible:
    """What a kind of thing can be, seen as a whole or in part.

    Attributes:
        smallest: Metres of the larger of height and width, at the least.
        largest: Metres of the larger of height and width, at the most.
        highest: Metres over the floor of its lower edge, at the most.
    """

    smallest: float
    largest: float
    highest: float


POSSIBLE: Mapping[str, Possible] = MappingProxyType(
    {
        # From a toddler of whom a counter hides half, or a man lying end-on, to the tallest with an arm raised; up to
        # somebody on a platform or on a flight of stairs.
        "person": Possible(0.4, 2.4, 2.0),
        # From a sheet of paper to the signs of highways, 0.9 m (MUTCD 2009, table 2B-1), hung as high as they are.
        "stop sign": Possible(0.15, 1.2, 3.0),
    }
)
"""Limits set by hand from what people and signs are, not from data."""


def oddity(label: str, size: MetricSize, possible: Possible, *, whole: bool = True) -> str | None:
    """Say what about a size cannot be.

    Args:
        label: What the thing is said to be.
        size: Its size.
        possible: What can be.
        whole: Whether all of it is in the picture; if not, it may be larger than it seems.

    Returns:
        Words for people, or ``None`` where nothing is odd.
    """
    at = "" if size.distance is None else f" at {size.distance:.1f} m"
    if size.height is not None and size.width is not None:
        extent, word = max((size.height, "tall"), (size.width, "wide"))
        if whole and extent < possible.smallest:
            return f"{extent:.2f} m {word}{at}; a {label} has at least {possible.smallest:.2f} m"
        if extent > possible.largest:
            return f"{extent:.1f} m {word}{at}; a {label} has at most {possible.largest:.1f} m"
    if size.lower is not None and size.lower > possible.highest:
        return f"its lower edge is {size.lower:.1f} m over the floor; of a {label} at most {possible.highest:.1f} m"
    if whole and size.floor_height is not None and size.floor_width is not None:
        # What stands higher than the floor is nearer than that, and so smaller still.
        extent, word = max((size.floor_height, "tall"), (size.floor_width, "wide"))
        if extent < possible.smallest:
            return f"at most {extent:.2f} m {word}, by the floor; a {label} has at least {possible.smallest:.2f} m"
    return None


def is_far_too_small(size: MetricSize, possible: Possible) -> bool:
    """Tell whether depth says, beyond doubt, that a whole thing is too small to be what it is taken for."""
    if size.extent is None or size.distance is None:
        return False
    return size.distance >= SURE_DISTANCE and size.extent < SURE_SHARE * possible.smallest


def is_whole(box: Box, height: int, width: int) -> bool:
    """Whether a box ends within the picture on every side."""
    return box.x_min > _EDGE and box.y_min > _EDGE and box.x_max < width - _EDGE and box.y_max < height - _EDGE

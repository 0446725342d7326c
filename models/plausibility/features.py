"""What a detection would be in metres, as numbers: pure, finite, and the same in every picture size.

Two distances are known of a thing. A depth camera gives one. The other is where the ray through the box's lower edge
meets the floor: nothing above the floor can be farther away along that ray, so it also bounds the size from above.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.detection import Box, Detection
from models.view import BoxMeasurements

FEATURES = (
    "height by depth",  # log of metres, as are the next six; 0 where unknown
    "width by depth",
    "height by floor",
    "width by floor",
    "extent by depth",  # the larger of height and width
    "extent by floor",
    "extent",  # the larger of those two, as far as they are known
    "lower edge over floor",  # metres, by depth, / 2
    "upper edge over floor",
    "depth beyond floor",  # log of the distance by depth over that by the floor
    "upper elevation",  # radians
    "lower elevation",
    "aspect",  # log of the box's width over its height
    "score",  # logit / 4, of a score within SCORES
    "cut off left",  # 1 if the box ends at the picture's edge, else 0
    "cut off above",
    "cut off right",
    "cut off below",
    "cut off",  # on any side
    "depth known",  # 1 or 0, as are the next two
    "floor known",
    "elevations known",
)
"""The entries of a feature vector, in order."""

SMALLEST, LARGEST = 0.01, 30.0
"""Metres between which sizes and distances are kept."""

SCORES = (0.2, 0.98)
"""Scores are kept within these. A weak detection of an ordinary size must not be rejected for its weakness alone: that
is what a detector's threshold is for."""

_LOWEST, _HIGHEST = -2.0, 6.0  # m over the floor
_LEAST_DIP = math.radians(1.0)  # a ray that dips less meets the floor too far away to say where
_EDGE_SHARE = 0.012  # of the picture's size; a box that ends this near to its edge is cut off there


@dataclass(frozen=True, slots=True)
class MetricSize:
    """What a box is in metres; ``None`` is what is not known.

    Attributes:
        height: Extent upwards if it stands upright at the distance that depth gives.
        width: Extent sideways there.
        lower: Height of its lower edge over the floor there.
        upper: Height of its upper edge over the floor there.
        floor_height: Extent upwards if it stands on the floor.
        floor_width: Extent sideways then.
        distance: Metres from the camera by depth, along the ray.
        floor_distance: Metres ahead at which its lower edge would meet the floor, along the level.
        level_distance: ``distance`` along the level.
    """

    height: float | None = None
    width: float | None = None
    lower: float | None = None
    upper: float | None = None
    floor_height: float | None = None
    floor_width: float | None = None
    distance: float | None = None
    floor_distance: float | None = None
    level_distance: float | None = None

    @property
    def extent(self) -> float | None:
        """The larger of height and width, by depth."""
        return None if self.height is None or self.width is None else max(self.height, self.width)

    @property
    def floor_extent(self) -> float | None:
        """The larger of height and width if it stands on the floor."""
        if self.floor_height is None or self.floor_width is None:
            return None
        return max(self.floor_height, self.floor_width)

    @property
    def known(self) -> bool:
        """Whether any size is known."""
        return self.extent is not None or self.floor_extent is not None


def metric_size(measured: BoxMeasurements) -> MetricSize:
    """Compute sizes from angles and distances.

    Args:
        measured: What is known of a box. What is not finite, or no possible distance or height, counts as unknown.

    Returns:
        The sizes, each within 0.01 to 30 m; heights over the floor within -2 to 6 m.
    """
    distance = _positive(measured.distance)
    camera_height = _positive(measured.camera_height)
    top, bottom = _elevation(measured.top_elevation), _elevation(measured.bottom_elevation)
    tall, wide = _angle(measured.angular_height), _angle(measured.angular_width)
    level = height = width = lower = upper = floor_distance = floor_height = floor_width = None
    if distance is not None and wide is not None:
        width = _clipped(2 * distance * math.tan(wide / 2))
    if distance is not None and tall is not None:
        height = _clipped(2 * distance * math.tan(tall / 2))
    if top is None or bottom is None or bottom >= top:
        return MetricSize(height=height, width=width, distance=distance)
    if distance is not None:
        level = distance * math.cos((top + bottom) / 2)
        height = _clipped(level * (math.tan(top) - math.tan(bottom)))
        if camera_height is not None:
            lower = _over_floor(camera_height + level * math.tan(bottom))
            upper = _over_floor(camera_height + level * math.tan(top))
    if camera_height is not None and bottom < -_LEAST_DIP:
        floor_distance = _clipped(camera_height / math.tan(-bottom))
        floor_height = _clipped(floor_distance * (math.tan(top) - math.tan(bottom)))
        if wide is not None:
            along_ray = floor_distance / math.cos((top + bottom) / 2)
            floor_width = _clipped(2 * along_ray * math.tan(wide / 2))
    return MetricSize(height, width, lower, upper, floor_height, floor_width, distance, floor_distance, level)


def features(detection: Detection, measured: BoxMeasurements, height: int, width: int) -> NDArray[np.float32]:
    """Describe a detection.

    Args:
        detection: What was found.
        measured: What is known of its box.
        height: Height of the picture in pixels.
        width: Its width.

    Returns:
        One float32 for each of ``FEATURES``, all finite.
    """
    size = metric_size(measured)
    box = detection.box
    top, bottom = _elevation(measured.top_elevation), _elevation(measured.bottom_elevation)
    score = min(max(detection.score, SCORES[0]), SCORES[1])
    cut_off = _cut_off(box, height, width)
    values = (
        _log(size.height),
        _log(size.width),
        _log(size.floor_height),
        _log(size.floor_width),
        _log(size.extent),
        _log(size.floor_extent),
        _log(max((each for each in (size.extent, size.floor_extent) if each is not None), default=None)),
        0.0 if size.lower is None else size.lower / 2,
        0.0 if size.upper is None else size.upper / 2,
        _beyond(size),
        top or 0.0,
        bottom or 0.0,
        max(-3.0, min(3.0, math.log(box.width / box.height))),
        math.log(score / (1 - score)) / 4,
        *map(float, cut_off),
        float(any(cut_off)),
        float(size.extent is not None),
        float(size.floor_extent is not None),
        float(top is not None and bottom is not None),
    )
    return np.array(values, np.float32)


def _cut_off(box: Box, height: int, width: int) -> tuple[bool, bool, bool, bool]:
    """Whether a box ends at the picture's left, upper, right and lower edge."""
    aside, upward = max(_EDGE_SHARE * width, 2.0), max(_EDGE_SHARE * height, 2.0)
    return box.x_min < aside, box.y_min < upward, box.x_max > width - aside, box.y_max > height - upward


def _beyond(size: MetricSize) -> float:
    if size.level_distance is None or size.floor_distance is None:
        return 0.0
    return max(-2.0, min(2.0, math.log(_clipped(size.level_distance) / size.floor_distance)))


def _log(metres: float | None) -> float:
    return 0.0 if metres is None else math.log(metres)


def _clipped(metres: float) -> float:
    return min(max(metres, SMALLEST), LARGEST)


def _over_floor(metres: float) -> float:
    return min(max(metres, _LOWEST), _HIGHEST)


def _positive(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) and value > 0 else None


def _angle(value: float | None) -> float | None:
    return value if value is not None and 0 < value < math.pi - 1e-3 else None


def _elevation(value: float | None) -> float | None:
    """An elevation, kept away from the vertical, where tangents have no end."""
    if value is None or not math.isfinite(value):
        return None
    return min(max(value, math.radians(-85)), math.radians(85))

"""Free floor ahead of the body, by the depth cameras."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from spot_agent.cameras import CameraModel, Frame
from spot_agent.perception.localize import INVALID_DEPTHS

# Spot is 1.1 m long and 0.5 m wide, with its body frame in the middle (Boston Dynamics' figures).
FRONT_EDGE = 0.55  # m ahead of the body's origin
HALF_CORRIDOR = 0.35  # m to each side: half the body and a hand's breadth
# Lower is what Spot steps over, and the noise of the floor; higher is what it walks under.
LOWEST, HIGHEST = 0.15, 1.0  # m above the floor
STEP = 12  # px between the depth pixels that are looked at
MIN_POINTS = 4  # fewer are noise
MAX_AGE = 0.5  # s; an older picture says nothing about now


@dataclass(frozen=True, slots=True)
class _Measured:
    time: float
    free: float | None


class ObstacleWatch:
    """Keeps the newest measurement of each camera."""

    def __init__(self) -> None:
        self._cameras: dict[str, _Measured] = {}

    def look(self, frame: Frame) -> None:
        """Take in one frame; one without depth, or without poses, says nothing."""
        if frame.depth is not None and frame.model is not None and frame.body is not None:
            self._cameras[frame.camera] = _Measured(frame.times.acquired, free_floor_ahead(frame))

    def free_ahead(self, now: float) -> float | None:
        """Metres of free floor ahead of the front edge; ``None`` when nothing stands there, or nobody looks.

        Args:
            now: Robot time in seconds.
        """
        fresh = [m.free for m in self._cameras.values() if abs(now - m.time) <= MAX_AGE and m.free is not None]
        return min(fresh, default=None)


def free_floor_ahead(frame: Frame) -> float | None:
    """Metres from the body's front edge to the nearest thing in the corridor that it would walk through.

    Args:
        frame: A frame with depth.

    Returns:
        At least 0; ``None`` when this camera sees nothing in the corridor, or knows no poses.
    """
    if frame.depth is None or frame.model is None or frame.odom_tform_camera is None:
        return None
    if frame.body is None or frame.floor is None:
        return None
    raw = frame.depth[::STEP, ::STEP].ravel()
    valid = ~np.isin(raw, INVALID_DEPTHS)
    rays = _rays(frame.model, *frame.depth.shape)[valid]
    points = (rays * (raw[valid] / frame.depth_scale)[:, None]) @ frame.odom_tform_camera[:3, :3].T
    points += frame.odom_tform_camera[:3, 3]
    cos, sin = np.cos(frame.body.yaw), np.sin(frame.body.yaw)
    east, north = points[:, 0] - frame.body.x, points[:, 1] - frame.body.y
    ahead, left, height = cos * east + sin * north, cos * north - sin * east, points[:, 2] - frame.floor
    in_the_way = (np.abs(left) < HALF_CORRIDOR) & (height > LOWEST) & (height < HIGHEST) & (ahead > FRONT_EDGE)
    distances = ahead[in_the_way]
    if len(distances) < MIN_POINTS:
        return None
    return float(np.partition(distances, MIN_POINTS - 1)[MIN_POINTS - 1] - FRONT_EDGE)


@lru_cache(maxsize=16)
def _rays(model: CameraModel, height: int, width: int) -> NDArray[np.float64]:
    """Directions of the pixels that are looked at, row by row."""
    columns, rows = np.meshgrid(np.arange(0, width, STEP), np.arange(0, height, STEP))
    return model.rays(np.column_stack([columns.ravel(), rows.ravel()]).astype(np.float64))

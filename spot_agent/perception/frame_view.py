"""What a frame's calibration, pose and depth say of a box in its picture."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from models import Box, BoxMeasurements
from spot_agent.cameras import Frame
from spot_agent.perception.localize import point_by_depth


class FrameView:
    """The view that a frame was taken from; a ``models.View``.

    Args:
        frame: The frame, whose ``image`` the boxes lie in.
    """

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def measure(self, box: Box) -> BoxMeasurements:
        """Measure a box; see ``models.View.measure``. What the robot does not say, or a lens does not see, is unknown.

        Args:
            box: A box within the picture, in its pixels.

        Returns:
            What is known of it. Elevations are against gravity, however the body is tilted, for the robot's ``odom``
            frame is level.
        """
        left, right, top, bottom = self._rays(box)
        up = self._up()
        return BoxMeasurements(
            angular_width=_angle(left, right),
            angular_height=_angle(top, bottom),
            top_elevation=_elevation(top, up),
            bottom_elevation=_elevation(bottom, up),
            camera_height=self._camera_height(),
            distance=self._distance(box),
        )

    def _rays(self, box: Box) -> NDArray[np.float64]:
        """Directions of the middles of the left, right, upper and lower edge, 4×3 and of length 1; NaN if unknown."""
        model, (x, y) = self._frame.model, box.centre
        middles = np.array([[box.x_min, y], [box.x_max, y], [x, box.y_min], [x, box.y_max]])
        if model is None:
            return np.full((4, 3), np.nan)
        # Edges lie between pixels, rays are those of pixels' middles.
        rays = model.rays(self._frame.upright.sensor_pixels(middles - 0.5))
        unit: NDArray[np.float64] = rays / np.linalg.norm(rays, axis=1, keepdims=True)
        return unit

    def _up(self) -> NDArray[np.float64] | None:
        """The vertical in the optical frame."""
        pose = self._frame.odom_tform_camera
        return None if pose is None or not np.isfinite(pose).all() else pose[2, :3]

    def _camera_height(self) -> float | None:
        pose, floor = self._frame.odom_tform_camera, self._frame.floor
        if pose is None or floor is None:
            return None
        return _known(float(pose[2, 3]) - floor)

    def _distance(self, box: Box) -> float | None:
        point = point_by_depth(box, self._frame)
        return None if point is None else _known(float(np.linalg.norm(point)))


def _angle(one: NDArray[np.float64], other: NDArray[np.float64]) -> float | None:
    # By the arc tangent: the arc cosine of nearly 1 loses half of the digits.
    return _known(math.atan2(float(np.linalg.norm(np.cross(one, other))), float(one @ other)))


def _elevation(ray: NDArray[np.float64], up: NDArray[np.float64] | None) -> float | None:
    if up is None:
        return None
    return _known(math.asin(max(-1.0, min(1.0, float(ray @ up))))) if np.isfinite(ray).all() else None


def _known(figure: float) -> float | None:
    return figure if math.isfinite(figure) else None

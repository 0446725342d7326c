"""Lenses of the cameras that the synthetic pictures are taken with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]

SPOT_FOCAL_LENGTH = 257.0
"""Of Spot's fisheye cameras at 640×480, in pixels, solved from recorded fiducials."""
_NEWTON_STEPS = 4
_WIDEST = 1.6
"""Radians from the optical axis beyond which nothing is seen; up to there ``random_lens`` gives invertible lenses."""


@dataclass(frozen=True)
class Lens:
    """A pinhole, or a fisheye after Kannala and Brandt (2006) with two coefficients.

    A ray at the angle ``theta`` to the axis lands at ``focal * theta * (1 + k1 theta^2 + k2 theta^4)`` from the
    principal point; with a pinhole at ``focal * tan(theta)``.

    Attributes:
        focal: Focal length in pixels.
        centre: Principal point (x, y) in pixels of the picture, whose first pixel has its corner, not its middle, at
            (0, 0).
        distortion: k1 and k2; ``None`` is a pinhole.
    """

    focal: float
    centre: tuple[float, float]
    distortion: tuple[float, float] | None

    def project(self, points: Array) -> Array:
        """Give the pixels (N×2) of points (N×3) in the camera's frame: x right, y down, z ahead."""
        sideways = np.hypot(points[:, 0], points[:, 1])
        if self.distortion is None:
            reach = 1 / np.maximum(points[:, 2], 1e-6)
        else:
            theta = np.arctan2(sideways, points[:, 2])
            reach = self._stretch(theta) * theta / np.maximum(sideways, 1e-9)
        return np.asarray(points[:, :2] * reach[:, np.newaxis] * self.focal + self.centre)

    def rays(self, pixels: Array) -> Array:
        """Give the unit rays (N×3) on which pixels (N×2) lie."""
        plane = (pixels - np.asarray(self.centre, pixels.dtype)) / self.focal
        radius = np.hypot(plane[:, 0], plane[:, 1])
        theta = np.arctan(radius) if self.distortion is None else self._angle(radius)
        sideways = np.sin(theta) / np.maximum(radius, 1e-9)
        return np.concatenate([plane * sideways[:, np.newaxis], np.cos(theta)[:, np.newaxis]], axis=1)

    def _stretch(self, theta: Array) -> Array:
        k1, k2 = self.distortion or (0.0, 0.0)
        square = theta * theta
        return np.asarray(1 + square * (k1 + square * k2))

    def _angle(self, radius: Array) -> Array:
        """Solve for the angle by Newton's method."""
        k1, k2 = self.distortion or (0.0, 0.0)
        theta = np.minimum(radius, _WIDEST)
        for _ in range(_NEWTON_STEPS):
            square = theta * theta
            slope = 1 + square * (3 * k1 + 5 * k2 * square)
            theta = np.clip(theta - (theta * self._stretch(theta) - radius) / slope, 0, _WIDEST)
        return theta


def random_lens(random: np.random.Generator, height: int, width: int) -> Lens:
    """Choose a lens like Spot's, and which part of its frame the picture shows.

    Args:
        random: Where chance comes from.
        height: Of the picture in pixels.
        width: Of the picture in pixels.

    Returns:
        Its focal length differs from Spot's by at most a tenth. One in three is a pinhole.
    """
    focal = SPOT_FOCAL_LENGTH * random.uniform(0.9, 1.1)
    centre = (width / 2 + random.uniform(-200, 200), height / 2 + random.uniform(-200, 200))
    if random.random() < 1 / 3:
        return Lens(focal, centre, None)
    return Lens(focal, centre, (random.uniform(-0.05, 0.05), random.uniform(-0.01, 0.02)))

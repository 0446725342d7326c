"""Camera models as the kernels need them: a ray for every pixel, and the pixel of a point."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.calibration import CameraModel, KannalaBrandt
from simulator.rendering.jit import kernel

MAX_ANGLE = 1.5
"""Pixels that look further than this from the optical axis, in radians, stay black, as beside a real lens."""

_NEWTON_STEPS = 12
_FARTHEST = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class RayTable:
    """The ray ``(x, y, 1)`` of every pixel in the camera's optical frame.

    Attributes:
        x: H×W, float32.
        y: H×W, float32.
        spacing: H×W, float32: change of x from one pixel to the next, which is the size of a pixel at depth 1.
        lit: H×W, bool: whether the lens shows anything there.
        nothing: H×W, float32: inverse depth of an empty picture; infinite where nothing may be drawn.
        parameters: Float64: focal x, y, centre x, y, k1 to k4.
        is_fisheye: Whether k1 to k4 apply.
    """

    x: NDArray[np.float32]
    y: NDArray[np.float32]
    spacing: NDArray[np.float32]
    lit: NDArray[np.bool_]
    nothing: NDArray[np.float32]
    parameters: NDArray[np.float64]
    is_fisheye: bool


def ray_table(camera: CameraModel) -> RayTable:
    """Compute the rays of a camera, exact to about 1e-7."""
    columns, rows = np.meshgrid(np.arange(camera.width, dtype=np.float64), np.arange(camera.height))
    x = (columns - camera.centre_x) / camera.focal_x
    y = (rows - camera.centre_y) / camera.focal_y
    lit = np.ones(x.shape, np.bool_)
    distortion = (0.0, 0.0, 0.0, 0.0)
    if isinstance(camera, KannalaBrandt):
        distortion = (camera.k1, camera.k2, camera.k3, camera.k4)
        radius = np.hypot(x, y)
        angle = _angle_of_radius(radius, distortion)
        lit = angle <= MAX_ANGLE
        scale = np.where(radius > 1e-9, np.tan(np.minimum(angle, MAX_ANGLE)) / np.maximum(radius, 1e-9), 1.0)
        x, y = x * scale, y * scale
    return RayTable(
        x=x.astype(np.float32),
        y=y.astype(np.float32),
        spacing=np.abs(np.gradient(x, axis=1)).astype(np.float32),
        lit=lit,
        nothing=np.where(lit, _FARTHEST, np.inf).astype(np.float32),
        parameters=np.array([camera.focal_x, camera.focal_y, camera.centre_x, camera.centre_y, *distortion]),
        is_fisheye=isinstance(camera, KannalaBrandt),
    )


def _angle_of_radius(radius: NDArray[np.float64], k: tuple[float, float, float, float]) -> NDArray[np.float64]:
    """Invert the Kannala-Brandt polynomial by Newton's method."""
    angle = np.minimum(radius, MAX_ANGLE)
    for _ in range(_NEWTON_STEPS):
        t = angle * angle
        value = angle * (1 + t * (k[0] + t * (k[1] + t * (k[2] + t * k[3])))) - radius
        slope = 1 + t * (3 * k[0] + t * (5 * k[1] + t * (7 * k[2] + t * 9 * k[3])))
        angle = np.clip(angle - value / slope, 0.0, math.pi / 2)
    return angle


@kernel
def project(x: float, y: float, z: float, parameters: NDArray[np.float64], is_fisheye: bool) -> tuple[float, float]:
    """The pixel of a point in the optical frame; z must be positive."""
    px = x / z
    py = y / z
    if is_fisheye:
        radius = math.sqrt(px * px + py * py)
        if radius > 1e-9:
            angle = math.atan(radius)
            t = angle * angle
            series = parameters[4] + t * (parameters[5] + t * (parameters[6] + t * parameters[7]))
            scale = angle * (1.0 + t * series) / radius
            px *= scale
            py *= scale
    return px * parameters[0] + parameters[2], py * parameters[1] + parameters[3]

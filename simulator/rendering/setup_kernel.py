"""First kernel: bring triangles into the camera and prepare what the pixel loops need.

A triangle with corners a, b, c (camera frame) covers the ray d where ``[a b c]^-1 d`` has no negative part; the
three parts are the edge functions, their sum is 1 / depth, and every quantity given at the corners is, divided by
depth, linear in d (Olano and Greer 1997, homogeneous rasterisation). So there is no clipping, and any central
camera is exact: only the ray table knows the lens.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.rendering.jit import kernel
from simulator.rendering.projection import project

NEAR = 0.02
"""Metres: corners nearer than this, or behind the camera, count as outside for the bounding boxes."""

ROWS = 7
"""Rows of a triangle's plane equations: three edges, 1 / depth, u, v and light."""


@kernel
def prepare(
    corners: NDArray[np.float64],
    texture_coordinates: NDArray[np.float32],
    light: NDArray[np.float32],
    rotation: NDArray[np.float64],
    origin: NDArray[np.float64],
    parameters: NDArray[np.float64],
    is_fisheye: bool,
    width: int,
    height: int,
    planes: NDArray[np.float32],
    boxes: NDArray[np.int32],
    distances: NDArray[np.float32],
) -> None:
    """Fill planes (N×7×3), boxes (N×4: x0, y0, x1, y1; empty if not seen) and squared distances (N)."""
    local = np.empty((3, 3), np.float64)
    inverse = np.empty((3, 3), np.float64)
    for k in range(corners.shape[0]):
        boxes[k, 0] = 0
        boxes[k, 2] = 0
        far = 0.0
        for i in range(3):
            x = corners[k, i, 0] - origin[0]
            y = corners[k, i, 1] - origin[1]
            z = corners[k, i, 2] - origin[2]
            far += x * x + y * y + z * z
            for j in range(3):
                local[i, j] = x * rotation[0, j] + y * rotation[1, j] + z * rotation[2, j]
        distances[k] = far
        if local[0, 2] <= NEAR and local[1, 2] <= NEAR and local[2, 2] <= NEAR:
            continue
        if not _invert(local, inverse):
            continue
        _bound(local, parameters, is_fisheye, width, height, boxes[k])
        if boxes[k, 0] < boxes[k, 2]:
            _store(inverse, texture_coordinates[k], light[k], planes[k])


@kernel
def _invert(local: NDArray[np.float64], inverse: NDArray[np.float64]) -> bool:
    """Invert the matrix whose columns are the corners; false if the triangle turns its back or is too thin."""
    a0, a1, a2 = local[0, 0], local[0, 1], local[0, 2]
    b0, b1, b2 = local[1, 0], local[1, 1], local[1, 2]
    c0, c1, c2 = local[2, 0], local[2, 1], local[2, 2]
    determinant = a0 * (b1 * c2 - b2 * c1) + a1 * (b2 * c0 - b0 * c2) + a2 * (b0 * c1 - b1 * c0)
    if determinant > -1e-12:
        return False
    scale = 1.0 / determinant
    inverse[0, 0] = (b1 * c2 - b2 * c1) * scale
    inverse[0, 1] = (b2 * c0 - b0 * c2) * scale
    inverse[0, 2] = (b0 * c1 - b1 * c0) * scale
    inverse[1, 0] = (c1 * a2 - c2 * a1) * scale
    inverse[1, 1] = (c2 * a0 - c0 * a2) * scale
    inverse[1, 2] = (c0 * a1 - c1 * a0) * scale
    inverse[2, 0] = (a1 * b2 - a2 * b1) * scale
    inverse[2, 1] = (a2 * b0 - a0 * b2) * scale
    inverse[2, 2] = (a0 * b1 - a1 * b0) * scale
    return True


@kernel
def _store(
    inverse: NDArray[np.float64],
    texture_coordinates: NDArray[np.float32],
    light: NDArray[np.float32],
    planes: NDArray[np.float32],
) -> None:
    for j in range(3):
        e0, e1, e2 = inverse[0, j], inverse[1, j], inverse[2, j]
        planes[0, j] = e0
        planes[1, j] = e1
        planes[2, j] = e2
        planes[3, j] = e0 + e1 + e2
        planes[4, j] = texture_coordinates[0, 0] * e0 + texture_coordinates[1, 0] * e1 + texture_coordinates[2, 0] * e2
        planes[5, j] = texture_coordinates[0, 1] * e0 + texture_coordinates[1, 1] * e1 + texture_coordinates[2, 1] * e2
        planes[6, j] = light[0] * e0 + light[1] * e1 + light[2] * e2


@kernel
def _bound(
    local: NDArray[np.float64],
    parameters: NDArray[np.float64],
    is_fisheye: bool,
    width: int,
    height: int,
    box: NDArray[np.int32],
) -> None:
    """A box in pixels that surely holds the triangle."""
    nearest = min(local[0, 2], local[1, 2], local[2, 2])
    if is_fisheye and nearest <= NEAR:
        # Near 90 degrees the straight edges bend without limit, so nothing less than the whole picture is safe.
        box[0], box[1], box[2], box[3] = 0, 0, width, height
        return
    samples = _samples(local) if is_fisheye else 1
    left, right, top, bottom = 1e9, -1e9, 1e9, -1e9
    for i in range(3):
        a, b = local[i], local[(i + 1) % 3]
        start, end = 0.0, 1.0
        if a[2] <= NEAR and b[2] <= NEAR:
            continue
        if a[2] < NEAR:
            start = (NEAR - a[2]) / (b[2] - a[2])
        elif b[2] < NEAR:
            end = (NEAR - a[2]) / (b[2] - a[2])
        for sample in range(samples + 1):
            share = start + (end - start) * sample / samples
            z = max(a[2] + (b[2] - a[2]) * share, 1e-6)
            column, row = project(a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, z, parameters, is_fisheye)
            left, right = min(left, column), max(right, column)
            top, bottom = min(top, row), max(bottom, row)
    margin = 1.0 if samples == 1 else 3.0 + 0.02 * max(right - left, bottom - top)
    box[0] = int(min(max(left - margin, 0.0), width))
    box[1] = int(min(max(top - margin, 0.0), height))
    box[2] = int(min(max(right + margin + 1.0, 0.0), width))
    box[3] = int(min(max(bottom + margin + 1.0, 0.0), height))
    if box[1] >= box[3]:
        box[2] = box[0]


@kernel
def _samples(local: NDArray[np.float64]) -> int:
    """How many pieces an edge is cut into; short edges stay straight enough under any lens."""
    longest = 0.0
    for i in range(3):
        a, b = local[i], local[(i + 1) % 3]
        dx = a[0] / a[2] - b[0] / b[2]
        dy = a[1] / a[2] - b[1] / b[2]
        longest = max(longest, dx * dx + dy * dy)
    return 1 if longest < 0.0036 else 8

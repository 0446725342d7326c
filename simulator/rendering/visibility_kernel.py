"""Second kernel: for every pixel, which triangle is in front and how near it is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.rendering.jit import kernel

EDGE_TOLERANCE = 4e-7
"""How far outside an edge, in parts of its largest coefficient, still counts as inside: float32 rounds the shared
edge of two triangles differently, and without this background would shine through the seam."""


@kernel
def resolve_visibility(
    planes: NDArray[np.float32],
    boxes: NDArray[np.int32],
    order: NDArray[np.int64],
    ray_x: NDArray[np.float32],
    ray_y: NDArray[np.float32],
    inverse_depth: NDArray[np.float32],
    front: NDArray[np.int32],
) -> None:
    """Update inverse depth (H×W, 1/m) and front (H×W, index of the triangle) by the triangles in ``order``."""
    for position in range(order.shape[0]):
        k = order[position]
        plane = planes[k]
        a0, a1, a2 = plane[0, 0], plane[0, 1], plane[0, 2]
        b0, b1, b2 = plane[1, 0], plane[1, 1], plane[1, 2]
        c0, c1, c2 = plane[2, 0], plane[2, 1], plane[2, 2]
        d0, d1, d2 = plane[3, 0], plane[3, 1], plane[3, 2]
        a_least = -np.float32(EDGE_TOLERANCE) * max(abs(a0), abs(a1), abs(a2))
        b_least = -np.float32(EDGE_TOLERANCE) * max(abs(b0), abs(b1), abs(b2))
        c_least = -np.float32(EDGE_TOLERANCE) * max(abs(c0), abs(c1), abs(c2))
        index = np.int32(k)
        x0, x1 = boxes[k, 0], boxes[k, 2]
        for y in range(boxes[k, 1], boxes[k, 3]):
            row_x = ray_x[y, x0:x1]
            row_y = ray_y[y, x0:x1]
            row_depth = inverse_depth[y, x0:x1]
            row_front = front[y, x0:x1]
            for x in range(row_x.shape[0]):
                dx = row_x[x]
                dy = row_y[x]
                near = d0 * dx + d1 * dy + d2
                # No branch: the compiler turns this into vector instructions.
                wins = (
                    (a0 * dx + a1 * dy + a2 >= a_least)
                    & (b0 * dx + b1 * dy + b2 >= b_least)
                    & (c0 * dx + c1 * dy + c2 >= c_least)
                    & (near > row_depth[x])
                )
                row_depth[x] = near if wins else row_depth[x]
                row_front[x] = index if wins else row_front[x]


@kernel
def depth_in_millimetres(inverse_depth: NDArray[np.float32], least: np.float32, depth: NDArray[np.uint16]) -> None:
    """Depth along the optical axis, rounded to millimetres; 0 where nothing is nearer than 1 / ``least``."""
    for y in range(depth.shape[0]):
        for x in range(depth.shape[1]):
            near = inverse_depth[y, x]
            depth[y, x] = np.uint16(np.float32(1000.0) / near + np.float32(0.5)) if near > least else np.uint16(0)

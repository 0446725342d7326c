"""Fourth kernel: triangles with transparency, over the finished picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.rendering.jit import kernel
from simulator.rendering.shading_kernel import mip_level, sample

_SOLID = 128
"""From this alpha on, a texel also counts as a surface for the depth picture."""


@kernel
def blend(
    planes: NDArray[np.float32],
    boxes: NDArray[np.int32],
    order: NDArray[np.int64],
    texture: NDArray[np.int32],
    ray_x: NDArray[np.float32],
    ray_y: NDArray[np.float32],
    spacing: NDArray[np.float32],
    texels: NDArray[np.uint32],
    offsets: NDArray[np.int64],
    sizes: NDArray[np.int32],
    inverse_depth: NDArray[np.float32],
    image: NDArray[np.uint8],
) -> None:
    """Draw the triangles in ``order`` (farthest first) over the picture; solid texels enter the depth."""
    zero = np.float32(0.0)
    for position in range(order.shape[0]):
        k = order[position]
        plane = planes[k]
        which = texture[k]
        for y in range(boxes[k, 1], boxes[k, 3]):
            for x in range(boxes[k, 0], boxes[k, 2]):
                dx = ray_x[y, x]
                dy = ray_y[y, x]
                near = plane[3, 0] * dx + plane[3, 1] * dy + plane[3, 2]
                if near <= inverse_depth[y, x]:
                    continue
                if plane[0, 0] * dx + plane[0, 1] * dy + plane[0, 2] < zero:
                    continue
                if plane[1, 0] * dx + plane[1, 1] * dy + plane[1, 2] < zero:
                    continue
                if plane[2, 0] * dx + plane[2, 1] * dy + plane[2, 2] < zero:
                    continue
                depth = np.float32(1.0) / near
                u = (plane[4, 0] * dx + plane[4, 1] * dy + plane[4, 2]) * depth
                v = (plane[5, 0] * dx + plane[5, 1] * dy + plane[5, 2]) * depth
                level = mip_level(plane, u, v, depth * spacing[y, x], sizes[which, 0], sizes[which, 1], sizes[which, 2])
                width, height = sizes[which, 0] >> level, sizes[which, 1] >> level
                # A picture must not bleed from its right edge into its left.
                border_u, border_v = np.float32(0.5) / np.float32(width), np.float32(0.5) / np.float32(height)
                u = min(max(u, border_u), np.float32(1.0) - border_u)
                v = min(max(v, border_v), np.float32(1.0) - border_v)
                red_blue, green_alpha = sample(texels, offsets[which, level], width, height, u, v)
                alpha = green_alpha >> np.uint32(16)
                if alpha < 4:
                    continue
                shine = (plane[6, 0] * dx + plane[6, 1] * dy + plane[6, 2]) * depth
                light = np.uint32(max(shine, zero) * np.float32(256.0))
                _mix(image[y, x], red_blue & np.uint32(255), green_alpha & np.uint32(255),
                     red_blue >> np.uint32(16), light, alpha)  # fmt: skip
                if alpha >= _SOLID:
                    inverse_depth[y, x] = near


@kernel
def _mix(
    pixel: NDArray[np.uint8],
    red: np.uint32,
    green: np.uint32,
    blue: np.uint32,
    light: np.uint32,
    alpha: np.uint32,
) -> None:
    rest = np.uint32(255) - alpha
    eight = np.uint32(8)
    full = np.uint32(255)
    pixel[0] = (min((red * light) >> eight, full) * alpha + pixel[0] * rest) // full
    pixel[1] = (min((green * light) >> eight, full) * alpha + pixel[1] * rest) // full
    pixel[2] = (min((blue * light) >> eight, full) * alpha + pixel[2] * rest) // full

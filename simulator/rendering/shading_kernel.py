"""Third kernel: the colour of every pixel, from the texture of the triangle in front or from the panorama."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.rendering.jit import kernel

_LEVEL_INTERVAL = 8
"""Pixels along a row after which the mip level is looked at again."""


@kernel
def sample(
    texels: NDArray[np.uint32], offset: int, width: int, height: int, u: np.float32, v: np.float32
) -> tuple[np.uint32, np.uint32]:
    """Bilinear look-up in a repeating texture whose edges are powers of two.

    Two channels at a time sit in one integer: returns (blue << 16 | red) and (alpha << 16 | green).
    """
    column = u * np.float32(width) + np.float32(8191.5)
    row = v * np.float32(height) + np.float32(8191.5)
    column_index = np.int32(column)
    row_index = np.int32(row)
    right = np.uint32((column - np.float32(column_index)) * np.float32(256))
    below = np.uint32((row - np.float32(row_index)) * np.float32(256))
    x0 = column_index & (width - 1)
    x1 = (column_index + 1) & (width - 1)
    y0 = offset + (row_index & (height - 1)) * width
    y1 = offset + ((row_index + 1) & (height - 1)) * width
    mask = np.uint32(0x00FF00FF)
    eight = np.uint32(8)
    left = np.uint32(256) - right
    above = np.uint32(256) - below
    a, b, c, d = texels[y0 + x0], texels[y0 + x1], texels[y1 + x0], texels[y1 + x1]
    upper = (((a & mask) * left + (b & mask) * right) >> eight) & mask
    lower = (((c & mask) * left + (d & mask) * right) >> eight) & mask
    red_blue = ((upper * above + lower * below) >> eight) & mask
    upper = ((((a >> eight) & mask) * left + ((b >> eight) & mask) * right) >> eight) & mask
    lower = ((((c >> eight) & mask) * left + ((d >> eight) & mask) * right) >> eight) & mask
    green_alpha = ((upper * above + lower * below) >> eight) & mask
    return red_blue, green_alpha


@kernel
def mip_level(
    plane: NDArray[np.float32],
    u: np.float32,
    v: np.float32,
    depth_times_spacing: np.float32,
    width: int,
    height: int,
    levels: int,
) -> int:
    """The level whose texels are about as large as the pixel."""
    w, h = np.float32(width), np.float32(height)
    across = abs(plane[4, 0] - u * plane[3, 0]) * w + abs(plane[5, 0] - v * plane[3, 0]) * h
    along = abs(plane[4, 1] - u * plane[3, 1]) * w + abs(plane[5, 1] - v * plane[3, 1]) * h
    # Between blur (the longer side of the footprint) and shimmer (the shorter).
    footprint = min(across, along) * np.float32(0.65) + max(across, along) * np.float32(0.35)
    footprint *= depth_times_spacing
    level = 0
    while footprint > np.float32(1.5) and level < levels - 1:
        footprint *= np.float32(0.5)
        level += 1
    return level


@kernel
def shade(
    planes: NDArray[np.float32],
    texture: NDArray[np.int32],
    front: NDArray[np.int32],
    inverse_depth: NDArray[np.float32],
    ray_x: NDArray[np.float32],
    ray_y: NDArray[np.float32],
    spacing: NDArray[np.float32],
    texels: NDArray[np.uint32],
    offsets: NDArray[np.int64],
    sizes: NDArray[np.int32],
    image: NDArray[np.uint8],
) -> None:
    """Colour the pixels (H×W×3, RGB) whose front triangle is known; leave the others."""
    for y in range(front.shape[0]):
        previous = np.int32(-1)
        run = 0
        for x in range(front.shape[1]):
            k = front[y, x]
            if k < 0:
                continue
            if k != previous:
                previous = k
                plane = planes[k]
                u0, u1, u2 = plane[4, 0], plane[4, 1], plane[4, 2]
                v0, v1, v2 = plane[5, 0], plane[5, 1], plane[5, 2]
                l0, l1, l2 = plane[6, 0], plane[6, 1], plane[6, 2]
                which = texture[k]
                run = 0
            depth = np.float32(1.0) / inverse_depth[y, x]
            dx = ray_x[y, x]
            dy = ray_y[y, x]
            u = (u0 * dx + u1 * dy + u2) * depth
            v = (v0 * dx + v1 * dy + v2) * depth
            if run % _LEVEL_INTERVAL == 0:
                full_width, full_height = sizes[which, 0], sizes[which, 1]
                level = mip_level(plane, u, v, depth * spacing[y, x], full_width, full_height, sizes[which, 2])
                offset = offsets[which, level]
                width, height = full_width >> level, full_height >> level
            run += 1
            red_blue, green_alpha = sample(texels, offset, width, height, u, v)
            light = np.uint32(max((l0 * dx + l1 * dy + l2) * depth, np.float32(0.0)) * np.float32(256.0))
            image[y, x, 0] = min(((red_blue & np.uint32(255)) * light) >> np.uint32(8), np.uint32(255))
            image[y, x, 1] = min(((green_alpha & np.uint32(255)) * light) >> np.uint32(8), np.uint32(255))
            image[y, x, 2] = min(((red_blue >> np.uint32(16)) * light) >> np.uint32(8), np.uint32(255))


@kernel
def shade_background(
    front: NDArray[np.int32],
    lit: NDArray[np.bool_],
    ray_x: NDArray[np.float32],
    ray_y: NDArray[np.float32],
    rotation: NDArray[np.float32],
    faces: NDArray[np.uint32],
    image: NDArray[np.uint8],
) -> None:
    """Colour the other pixels from a cube of six square pictures (6×S×S) around the camera, infinitely far away."""
    size = faces.shape[1]
    texels = faces.reshape(-1)
    largest = np.float32(1.0) - np.float32(0.5) / np.float32(size)
    smallest = np.float32(0.5) / np.float32(size)
    for y in range(front.shape[0]):
        for x in range(front.shape[1]):
            if front[y, x] >= 0 or not lit[y, x]:
                continue
            dx = ray_x[y, x]
            dy = ray_y[y, x]
            wx = rotation[0, 0] * dx + rotation[0, 1] * dy + rotation[0, 2]
            wy = rotation[1, 0] * dx + rotation[1, 1] * dy + rotation[1, 2]
            wz = rotation[2, 0] * dx + rotation[2, 1] * dy + rotation[2, 2]
            ax, ay, az = abs(wx), abs(wy), abs(wz)
            if ax >= ay and ax >= az:
                face, major = (0 if wx > 0 else 1), ax
                right, up = (-wy if wx > 0 else wy), wz
            elif ay >= az:
                face, major = (2 if wy > 0 else 3), ay
                right, up = (wx if wy > 0 else -wx), wz
            else:
                face, major = (4 if wz > 0 else 5), az
                right, up = -wy, (-wx if wz > 0 else wx)
            u = min(max((right / major + np.float32(1.0)) * np.float32(0.5), smallest), largest)
            v = min(max((np.float32(1.0) - up / major) * np.float32(0.5), smallest), largest)
            red_blue, green_alpha = sample(texels, face * size * size, size, size, u, v)
            image[y, x, 0] = red_blue & np.uint32(255)
            image[y, x, 1] = green_alpha & np.uint32(255)
            image[y, x, 2] = red_blue >> np.uint32(16)

"""Builders of simple meshes: rectangles, boxes, balls, octagons."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from simulator.rendering.triangles import Triangles

_HALVES = np.array([[0, 2, 1], [0, 3, 2]])
_UNIT = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])

# Light by the direction that a surface faces: from above and from the side of the windows, softly.
_LIGHT_DIRECTION = np.array([-0.35, 0.45, 0.82])


def yaw_matrix(yaw: float) -> NDArray[np.float64]:
    """3×3 rotation about the vertical."""
    cos, sin = math.cos(yaw), math.sin(yaw)
    return np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])


def brightness(normals: NDArray[np.float64]) -> NDArray[np.float64]:
    """Light on surfaces with these unit normals (…×3): soft light from above, a little from everywhere."""
    towards_light = normals @ _LIGHT_DIRECTION
    wrapped = np.clip((towards_light + 0.45) / 1.45, 0.0, 1.0)
    sky = 0.5 + 0.5 * normals[..., 2]
    total: NDArray[np.float64] = 0.52 + 0.36 * wrapped + 0.18 * sky
    return total


def rectangle(
    corners: NDArray[np.float64],
    texture: int,
    light: float | NDArray[np.floating],
    *,
    repeat: tuple[float, float] = (1.0, 1.0),
    blended: bool = False,
) -> Triangles:
    """Build a rectangle from its corners as seen from the front: top left, top right, bottom right, bottom left.

    Args:
        corners: 4×3, metres.
        texture: Index in the atlas.
        light: One brightness, or four, one a corner.
        repeat: How often the texture fits across and down.
        blended: Whether the texture's alpha counts.
    """
    coordinates = _UNIT * np.array(repeat)
    lights = np.broadcast_to(np.asarray(light, np.float64), (4,))[_HALVES]
    return Triangles.build(corners[_HALVES], coordinates[_HALVES], lights, texture, blended=blended)


def upright(
    centre: tuple[float, float, float],
    yaw: float,
    width: float,
    height: float,
) -> NDArray[np.float64]:
    """Corners (4×3) of an upright rectangle whose front faces ``yaw``."""
    left = np.array([math.sin(yaw), -math.cos(yaw), 0.0]) * width / 2
    up = np.array([0.0, 0.0, height / 2])
    middle = np.array(centre)
    return np.stack([middle + left + up, middle - left + up, middle - left - up, middle + left - up])


def level(centre: tuple[float, float, float], size_x: float, size_y: float, *, facing_up: bool) -> NDArray[np.float64]:
    """Corners (4×3) of a level rectangle, seen from above or from below."""
    x, y, z = centre
    dx, dy = size_x / 2, size_y / 2
    corners = np.array([[x + dx, y + dy, z], [x + dx, y - dy, z], [x - dx, y - dy, z], [x - dx, y + dy, z]])
    return corners if facing_up else corners[[1, 0, 3, 2]]


def box(
    base: tuple[float, float, float],
    yaw: float,
    size: tuple[float, float, float],
    texture: int,
    *,
    texture_edge: tuple[float, float] | None = None,
    light: float = 1.0,
) -> Triangles:
    """Build a box from the middle of its underside; size is depth (along yaw), width, height.

    Args:
        base: Middle of the underside, metres.
        yaw: Direction of its depth.
        size: Depth, width and height in metres.
        texture: Index in the atlas.
        texture_edge: Width and height in metres that one repetition covers; once a side, if not given.
        light: Factor on the brightness.
    """
    depth, width, height = size
    rotation = yaw_matrix(yaw)
    middle = np.array([base[0], base[1], base[2] + height / 2])
    parts = []
    for quarter in range(4):
        thick, wide = (depth, width) if quarter % 2 == 0 else (width, depth)
        face = upright((thick / 2, 0.0, 0.0), 0.0, wide, height) @ yaw_matrix(quarter * math.pi / 2).T
        repeat = (1.0, 1.0) if texture_edge is None else (wide / texture_edge[0], height / texture_edge[1])
        parts.append((face, repeat))
    repeat = (1.0, 1.0) if texture_edge is None else (width / texture_edge[0], depth / texture_edge[1])
    parts.append((level((0.0, 0.0, height / 2), depth, width, facing_up=True), repeat))
    parts.append((level((0.0, 0.0, -height / 2), depth, width, facing_up=False), repeat))
    built = []
    for face, times in parts:
        corners = face @ rotation.T
        normal = np.cross(corners[2] - corners[0], corners[1] - corners[0])
        shine = float(brightness(normal / np.linalg.norm(normal))) * light
        # Less light reaches what is near the ground.
        shines = np.where(corners[:, 2] + middle[2] < 0.05, shine * 0.8, shine)
        built.append(rectangle(corners + middle, texture, shines, repeat=times))
    return Triangles.join(built)


def ball(centre: tuple[float, float, float], yaw: float, radius: float, texture: int, rings: int = 14) -> Triangles:
    """Build a ball with its texture wrapped around."""
    polar = np.linspace(0, math.pi, rings + 1)
    around = np.linspace(0, 2 * math.pi, 2 * rings + 1)
    theta, phi = np.meshgrid(polar, around, indexing="ij")
    normals = np.stack([np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi), np.cos(theta)], axis=-1)
    coordinates = np.stack([phi / (2 * math.pi), theta / math.pi], axis=-1)
    turned = normals.reshape(-1, 3) @ yaw_matrix(yaw).T
    row, column = np.meshgrid(np.arange(rings), np.arange(2 * rings), indexing="ij")
    first = (row * (2 * rings + 1) + column).reshape(-1)
    below = first + 2 * rings + 1
    faces = np.concatenate(
        [np.stack([first, below, below + 1], axis=1), np.stack([first, below + 1, first + 1], axis=1)]
    )
    corners = turned[faces] * radius + np.array(centre)
    return Triangles.build(corners, coordinates.reshape(-1, 2)[faces], brightness(turned)[faces], texture)


def octagon(centre: tuple[float, float, float], yaw: float, size: float, front: int, back: int) -> Triangles:
    """Build an upright regular octagon, flat edge on top, whose front faces ``yaw``.

    Args:
        centre: Its middle, metres.
        yaw: The direction its front faces.
        size: Distance between opposite edges, metres.
        front: Texture of the front; its square is the octagon's.
        back: Texture of the back.
    """
    angles = (np.arange(8) + 0.5) * math.pi / 4
    radius = size / 2 / math.cos(math.pi / 8)
    across = np.stack([np.cos(angles), np.sin(angles)], axis=1) * radius
    right = np.array([-math.sin(yaw), math.cos(yaw), 0.0])
    rim = across[:, :1] * right + across[:, 1:] * np.array([0.0, 0.0, 1.0]) + np.array(centre)
    coordinates = np.stack([0.5 + across[:, 0] / size, 0.5 - across[:, 1] / size], axis=1)
    fan = np.array([[0, i, i + 1] for i in range(1, 7)])
    normal = np.array([math.cos(yaw), math.sin(yaw), 0.0])
    faces = Triangles.build(rim[fan], coordinates[fan], float(brightness(normal)), front)
    behind = fan[:, ::-1]
    backs = Triangles.build(rim[behind], coordinates[behind], float(brightness(-normal)), back)
    return Triangles.join([faces, backs])


def pole(base: tuple[float, float, float], radius: float, top: float, texture: int) -> Triangles:
    """Build a thin upright pole from its base to a height over the ground."""
    height = top - base[2]
    return box(base, math.pi / 8, (2 * radius, 2 * radius, height), texture)


def shadow(centre: tuple[float, float], yaw: float, length: float, width: float, texture: int) -> Triangles:
    """Build a soft shadow lying on the ground."""
    corners = level((0.0, 0.0, 0.004), length, width, facing_up=True) @ yaw_matrix(yaw).T
    return rectangle(corners + np.array([centre[0], centre[1], 0.0]), texture, 1.0, blended=True)

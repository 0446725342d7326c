"""How open to the light each point of a mesh is."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from simulator.rendering.jit import kernel

_RAYS = 48
_REACH = 0.5
_LIFT = 0.012


def ambient_occlusion(vertices: NDArray[np.float64], triangles: NDArray[np.integer]) -> NDArray[np.float64]:
    """Share of light (V, 0 to 1) that reaches each vertex from all around.

    Casts cosine-weighted rays of half a metre against all triangles.

    Args:
        vertices: V×3, metres.
        triangles: N×3 vertex indices, counter-clockwise from outside.
    """
    corners = vertices[triangles]
    areas = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = np.zeros_like(vertices)
    for corner in range(3):
        np.add.at(normals, triangles[:, corner], areas)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    open_share = np.empty(len(vertices))
    _cast(np.ascontiguousarray(vertices), normals, np.ascontiguousarray(corners), _sphere(), open_share)
    return open_share


def _sphere() -> NDArray[np.float64]:
    """Directions spread evenly over a sphere (Fibonacci lattice)."""
    index = np.arange(_RAYS) + 0.5
    z = 1 - 2 * index / _RAYS
    turn = math.pi * (1 + math.sqrt(5)) * index
    flat = np.sqrt(1 - z * z)
    return np.stack([flat * np.cos(turn), flat * np.sin(turn), z], axis=1)


@kernel
def _cast(
    vertices: NDArray[np.float64],
    normals: NDArray[np.float64],
    corners: NDArray[np.float64],
    sphere: NDArray[np.float64],
    open_share: NDArray[np.float64],
) -> None:
    for index in range(vertices.shape[0]):
        normal = normals[index]
        origin = vertices[index] + normal * _LIFT
        free = 0
        for ray in range(sphere.shape[0]):
            # The normal plus a point of the unit sphere is distributed as the cosine to the normal.
            direction = sphere[ray] + normal * 1.0001
            direction /= math.sqrt((direction * direction).sum())
            hit = False
            for k in range(corners.shape[0]):
                if _meets(corners[k], origin, direction):
                    hit = True
                    break
            free += 0 if hit else 1
        open_share[index] = free / sphere.shape[0]


@kernel
def _meets(triangle: NDArray[np.float64], origin: NDArray[np.float64], direction: NDArray[np.float64]) -> bool:
    """Whether a ray meets a triangle within reach (Möller and Trumbore 1997)."""
    ax, ay, az = triangle[0, 0], triangle[0, 1], triangle[0, 2]
    ex, ey, ez = triangle[1, 0] - ax, triangle[1, 1] - ay, triangle[1, 2] - az
    fx, fy, fz = triangle[2, 0] - ax, triangle[2, 1] - ay, triangle[2, 2] - az
    dx, dy, dz = direction[0], direction[1], direction[2]
    px, py, pz = dy * fz - dz * fy, dz * fx - dx * fz, dx * fy - dy * fx
    determinant = ex * px + ey * py + ez * pz
    if abs(determinant) < 1e-14:
        return False
    ox, oy, oz = origin[0] - ax, origin[1] - ay, origin[2] - az
    u = (ox * px + oy * py + oz * pz) / determinant
    if u < 0.0 or u > 1.0:
        return False
    qx, qy, qz = oy * ez - oz * ey, oz * ex - ox * ez, ox * ey - oy * ex
    v = (dx * qx + dy * qy + dz * qz) / determinant
    if v < 0.0 or u + v > 1.0:
        return False
    distance = (fx * qx + fy * qy + fz * qz) / determinant
    return bool(1e-6 < distance < _REACH)

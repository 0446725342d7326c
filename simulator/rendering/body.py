"""A baked body: its mesh, its skeleton and how it takes a pose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simulator.errors import AssetError
from simulator.rendering.jit import kernel

PARTS = ("head", "skin", "shirt", "trousers", "shoes", "hair")
"""Materials, in the order of the numbers in the baked file."""

_FOLDER = Path(__file__).parent.parent / "data" / "people"


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """A skinned mesh in its rest pose: z up, facing +x, soles at z = 0.

    Attributes:
        vertices: V×3, float64, metres.
        triangles: N×3, int64.
        material: N, uint8: index into ``PARTS``.
        bone_of_weight: V×4, int64: the bones that move a vertex.
        weight: V×4, float64, each row sums to 1.
        occlusion: V, float64: share of light that reaches the vertex.
        bones: Names, parents first.
        parents: B, int64: index of each bone's parent, -1 for the root.
        heads: B×3, float64: joints.
    """

    vertices: NDArray[np.float64]
    triangles: NDArray[np.int64]
    material: NDArray[np.uint8]
    bone_of_weight: NDArray[np.int64]
    weight: NDArray[np.float64]
    occlusion: NDArray[np.float64]
    bones: tuple[str, ...]
    parents: NDArray[np.int64]
    heads: NDArray[np.float64]

    @classmethod
    def load(cls, name: str) -> Body:
        """Read a packaged body, such as ``"woman"``.

        Raises:
            AssetError: Its file is missing or damaged.
        """
        file = _FOLDER / f"{name}.npz"
        try:
            with np.load(file, allow_pickle=False) as data:
                weight = data["weight"].astype(np.float64)
                return cls(
                    vertices=data["vertices"].astype(np.float64),
                    triangles=data["triangles"].astype(np.int64),
                    material=data["material"],
                    bone_of_weight=data["bone_of_weight"].astype(np.int64),
                    weight=weight / weight.sum(axis=1, keepdims=True),
                    occlusion=data["occlusion"].astype(np.float64) / 255,
                    bones=tuple(str(bone) for bone in data["bones"]),
                    parents=data["parents"].astype(np.int64),
                    heads=data["heads"].astype(np.float64),
                )
        except (OSError, KeyError, ValueError) as error:
            raise AssetError(f"{file}: cannot be read ({error}); reinstall the package") from error

    @property
    def height(self) -> float:
        """From the soles to the top of the head, metres."""
        return float(self.vertices[:, 2].max())

    def posed(self, rotations: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
        """Return the vertices (V×3) with bones turned about their joints, standing on z = 0."""
        transforms = np.empty((len(self.bones), 3, 4))
        for index, bone in enumerate(self.bones):
            turn = rotations.get(bone, np.eye(3))
            local = np.concatenate([turn, (self.heads[index] - turn @ self.heads[index])[:, None]], axis=1)
            parent = self.parents[index]
            if parent >= 0:
                above = transforms[parent]
                local = np.concatenate(
                    [above[:, :3] @ local[:, :3], (above[:, :3] @ local[:, 3] + above[:, 3])[:, None]], axis=1
                )
            transforms[index] = local
        posed = np.empty_like(self.vertices)
        _skin(self.vertices, self.bone_of_weight, self.weight, transforms, posed)
        posed[:, 2] -= posed[:, 2].min()
        return posed

    def normals(self, vertices: NDArray[np.float64]) -> NDArray[np.float64]:
        """Unit normals (V×3) of posed vertices."""
        normals = np.zeros_like(vertices)
        _accumulate_normals(vertices, self.triangles, normals)
        return normals


@kernel
def _skin(
    vertices: NDArray[np.float64],
    bone_of_weight: NDArray[np.int64],
    weight: NDArray[np.float64],
    transforms: NDArray[np.float64],
    posed: NDArray[np.float64],
) -> None:
    for v in range(vertices.shape[0]):
        for row in range(3):
            total = 0.0
            for w in range(weight.shape[1]):
                bone = transforms[bone_of_weight[v, w], row]
                moved = bone[0] * vertices[v, 0] + bone[1] * vertices[v, 1] + bone[2] * vertices[v, 2] + bone[3]
                total += weight[v, w] * moved
            posed[v, row] = total


@kernel
def _accumulate_normals(
    vertices: NDArray[np.float64], triangles: NDArray[np.int64], normals: NDArray[np.float64]
) -> None:
    for k in range(triangles.shape[0]):
        i, j, m = triangles[k, 0], triangles[k, 1], triangles[k, 2]
        ax, ay, az = vertices[j, 0] - vertices[i, 0], vertices[j, 1] - vertices[i, 1], vertices[j, 2] - vertices[i, 2]
        bx, by, bz = vertices[m, 0] - vertices[i, 0], vertices[m, 1] - vertices[i, 1], vertices[m, 2] - vertices[i, 2]
        x, y, z = ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx
        for corner in range(3):
            normals[triangles[k, corner], 0] += x
            normals[triangles[k, corner], 1] += y
            normals[triangles[k, corner], 2] += z
    for v in range(normals.shape[0]):
        length = np.sqrt(normals[v, 0] ** 2 + normals[v, 1] ** 2 + normals[v, 2] ** 2)
        if length > 1e-12:
            normals[v] /= length

"""Triangles with textures: what the builders of meshes make and the kernels draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Triangles:
    """N textured triangles in the world frame, seen from the side where their corners run counter-clockwise.

    Attributes:
        corners: N×3×3, float64: metres.
        texture_coordinates: N×3×2, float32: 0 to 1 across a texture, v downwards; beyond, it repeats.
        light: N×3, float32: brightness at each corner, 1 leaves the texture as it is.
        texture: N, int32: index in the texture atlas.
        blended: N, bool: whether the texture's alpha counts.
    """

    corners: NDArray[np.float64]
    texture_coordinates: NDArray[np.float32]
    light: NDArray[np.float32]
    texture: NDArray[np.int32]
    blended: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.corners)

    @classmethod
    def build(
        cls,
        corners: NDArray[np.float64],
        texture_coordinates: NDArray[np.floating],
        light: NDArray[np.floating] | float,
        texture: int | NDArray[np.integer],
        *,
        blended: bool = False,
    ) -> Triangles:
        """Bring all parts to their dtype and shape; a single light or texture holds for all."""
        count = len(corners)
        return cls(
            np.ascontiguousarray(corners, np.float64),
            np.ascontiguousarray(texture_coordinates, np.float32),
            np.ascontiguousarray(np.broadcast_to(np.asarray(light, np.float32), (count, 3))),
            np.ascontiguousarray(np.broadcast_to(np.asarray(texture, np.int32), (count,))),
            np.full(count, blended, np.bool_),
        )

    @classmethod
    def join(cls, parts: Sequence[Triangles]) -> Triangles:
        """All triangles of several, in order."""
        if not parts:
            empty = np.zeros((0, 3, 3))
            return cls.build(empty, np.zeros((0, 3, 2)), 1.0, 0)
        return cls(
            np.concatenate([part.corners for part in parts]),
            np.concatenate([part.texture_coordinates for part in parts]),
            np.concatenate([part.light for part in parts]),
            np.concatenate([part.texture for part in parts]),
            np.concatenate([part.blended for part in parts]),
        )

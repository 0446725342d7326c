"""All textures of a scene in one array, each with its mip levels."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from simulator.rendering.texture_cache import remembered

MAX_EDGE = 1024
_SMALLEST_EDGE = 4
_MAX_LEVELS = 12

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Atlas:
    """Textures as the kernels read them.

    Attributes:
        texels: Uint32, one RGBA texel each, red in the lowest byte.
        offsets: T×12, int64: where each mip level of each texture starts.
        sizes: T×3, int32: width, height (powers of two) and number of levels.
    """

    texels: NDArray[np.uint32]
    offsets: NDArray[np.int64]
    sizes: NDArray[np.int32]


@dataclass
class AtlasBuilder:
    """Collects textures under their names."""

    _indices: dict[str, int] = field(default_factory=dict)
    _pictures: list[Picture] = field(default_factory=list)
    _aspects: list[float] = field(default_factory=list)

    def index(self, name: str, paint: Callable[[], Picture], *, from_file: bool = False) -> int:
        """The index of a texture, painted (H×W×3 or H×W×4, RGB(A), uint8) when it is asked for first.

        What is not read ``from_file`` must be the same whenever the name is the same: it is kept on disk.
        """
        if name not in self._indices:
            self._indices[name] = len(self._pictures)
            picture = paint() if from_file else remembered(name, paint)
            self._aspects.append(picture.shape[1] / picture.shape[0])
            self._pictures.append(_power_of_two(picture))
        return self._indices[name]

    def aspect(self, index: int) -> float:
        """Width over height of a texture as it was painted."""
        return self._aspects[index]

    def build(self) -> Atlas:
        """Compute the mip levels of all textures."""
        offsets = np.zeros((len(self._pictures), _MAX_LEVELS), np.int64)
        sizes = np.zeros((len(self._pictures), 3), np.int32)
        parts: list[NDArray[np.uint32]] = []
        position = 0
        for index, picture in enumerate(self._pictures):
            levels = _levels(picture)
            sizes[index] = (picture.shape[1], picture.shape[0], len(levels))
            for level, texture in enumerate(levels):
                offsets[index, level] = position
                parts.append(np.ascontiguousarray(texture).view(np.uint32).reshape(-1))
                position += len(parts[-1])
        return Atlas(np.concatenate(parts) if parts else np.zeros(1, np.uint32), offsets, sizes)


def _power_of_two(picture: Picture) -> Picture:
    height, width = (min(MAX_EDGE, 1 << round(math.log2(edge))) for edge in picture.shape[:2])
    if picture.shape[:2] != (height, width):
        shrinks = height * width < picture.shape[0] * picture.shape[1]
        method = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
        picture = cv2.resize(picture, (width, height), interpolation=method)
    if picture.shape[2] == 3:
        opaque = np.full((height, width, 1), 255, np.uint8)
        picture = np.concatenate([picture, opaque], axis=2)
    return picture


def _levels(picture: Picture) -> list[Picture]:
    levels = [picture]
    while min(levels[-1].shape[:2]) > _SMALLEST_EDGE and len(levels) < _MAX_LEVELS:
        height, width = levels[-1].shape[:2]
        levels.append(cv2.resize(levels[-1], (width // 2, height // 2), interpolation=cv2.INTER_AREA))
    return levels

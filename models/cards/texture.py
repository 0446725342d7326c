"""What a flat thing looks like, at several sizes."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Texture:
    """A flat thing's picture at several sizes, each half the one before.

    Attributes:
        levels: H×W×4 each, ``uint8``: RGB multiplied by opacity, and opacity.
        outline: N×2 corners of the convex hull of its opaque part, x and y from 0 to 1.
    """

    levels: tuple[NDArray[np.uint8], ...]
    outline: NDArray[np.float64]

    @classmethod
    def of(cls, image: NDArray[np.uint8]) -> Texture:
        """Prepare a picture (H×W×4, RGB and opacity)."""
        opacity = image[..., 3:]
        colour = (image[..., :3].astype(np.uint16) * opacity + 127) // 255
        levels = [np.concatenate([colour.astype(np.uint8), opacity], axis=2)]
        while min(levels[-1].shape[:2]) >= 24:
            height, width = levels[-1].shape[:2]
            smaller = cv2.resize(levels[-1], (width // 2, height // 2), interpolation=cv2.INTER_AREA)
            levels.append(np.asarray(smaller, np.uint8))
        return cls(tuple(levels), _outline(opacity[..., 0]))

    @property
    def aspect(self) -> float:
        """Width over height."""
        return float(self.levels[0].shape[1] / self.levels[0].shape[0])

    def level_for(self, height: float) -> NDArray[np.uint8]:
        """Give the smallest level that is at least almost so high, in pixels."""
        tall_enough = [level for level in self.levels if level.shape[0] >= 0.8 * height]
        return tall_enough[-1] if tall_enough else self.levels[0]


def _outline(opacity: NDArray[np.uint8]) -> NDArray[np.float64]:
    if opacity.min() >= 128:
        return np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float64)
    y, x = np.nonzero(opacity >= 128)
    # A pixel's four corners: the hull of the middles would lack half a pixel on every side.
    corners = np.concatenate([np.column_stack([x + i, y + j]) for i in (0, 1) for j in (0, 1)])
    hull = cv2.convexHull(corners.astype(np.int32))[:, 0]
    return np.asarray(hull / [opacity.shape[1], opacity.shape[0]], np.float64)

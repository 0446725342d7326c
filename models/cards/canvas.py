"""A picture that things are put into, one in front of the other."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from models.cards.placement import Patch
from models.detection import Box

NOTHING = -1
"""Owner of the pixels in which no card is in front."""

Colour = tuple[float, float, float]


class Canvas:
    """A picture, and which card is in front at each pixel.

    Args:
        background: H×W×3, ``float32``, 0 to 255; it is changed.
    """

    def __init__(self, background: NDArray[np.float32]) -> None:
        self.picture = background
        self.height, self.width = background.shape[:2]
        self._owner = np.full((self.height, self.width), NOTHING, np.int16)

    def paste(self, patch: Patch, owner: int, random: np.random.Generator) -> None:
        """Put something printed in front of all that is there.

        The paper is mostly brighter than what is behind it, but not before a window; ink is never quite black.

        Args:
            patch: What is seen of it.
            owner: Number of the card, or ``NOTHING``.
            random: Where chance comes from: how it is lit.
        """
        height, width = patch.image.shape[:2]
        area = (slice(patch.top, patch.top + height), slice(patch.left, patch.left + width))
        behind = self.picture[area]
        paper = np.clip(behind.mean() * random.uniform(0.4, 1.8) + random.uniform(10, 60), 65, 250)
        ink = paper * random.uniform(0.05, 0.3)
        opacity = patch.image[..., 3:].astype(np.float32) / 255
        colour = patch.image[..., :3].astype(np.float32) * ((paper - ink) / 255) + opacity * ink
        colour *= random.uniform(0.95, 1.05, 3).astype(np.float32) * _slope(height, width, random)
        behind *= 1 - opacity
        behind += colour
        self._owner[area][patch.image[..., 3] >= 128] = owner

    def cover(self, corners: NDArray[np.float64], colour: Colour) -> None:
        """Fill a convex polygon (N×2 pixels), in front of all that is there."""
        points = np.round(corners * 16).astype(np.int32)
        cv2.fillConvexPoly(self.picture, points, colour, cv2.LINE_AA, 4)
        mask = np.zeros((self.height, self.width), np.uint8)
        cv2.fillConvexPoly(mask, points, 1, cv2.LINE_8, 4)
        self._owner[mask == 1] = NOTHING

    def visible(self, owner: int) -> NDArray[np.bool_]:
        """Mark (H×W) the pixels in which a card is in front."""
        return np.asarray(self._owner == owner)

    def clipped(self, box: Box) -> Box:
        """Give the part of a box that lies in the picture."""
        return Box(max(box.x_min, 0.0), max(box.y_min, 0.0), min(box.x_max, self.width), min(box.y_max, self.height))


def _slope(height: int, width: int, random: np.random.Generator) -> NDArray[np.float32]:
    """H×W×1 factors: light that falls off along a slope."""
    x, y = random.uniform(-0.2, 0.2, 2)
    slope = 1 + x * np.linspace(-1, 1, width)[np.newaxis] + y * np.linspace(-1, 1, height)[:, np.newaxis]
    return np.asarray(slope[..., np.newaxis], np.float32)


def ellipse(middle: tuple[float, float], radii: tuple[float, float], angle: float) -> NDArray[np.float64]:
    """Give the corners (20×2) of an ellipse; the angle is in radians."""
    turn = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    x, y = radii[0] * np.cos(turn), radii[1] * np.sin(turn)
    cos, sin = np.cos(angle), np.sin(angle)
    return np.column_stack([x * cos - y * sin, x * sin + y * cos]) + middle

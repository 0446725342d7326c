"""A flat thing somewhere before a camera, and how it is seen there."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.cards.lens import Lens
from models.cards.texture import Texture
from models.detection import Box

Array = NDArray[np.float64]

_EDGE_POINTS = 9
"""Points along each edge of an outline; a fisheye bends straight edges."""
_LARGE = 64.0
"""Pixels of height from which on two samples a pixel and direction are enough."""


@dataclass(frozen=True, eq=False)
class Patch:
    """The part of a picture that a flat thing covers.

    Attributes:
        left: Its first column in the picture.
        top: Its first row.
        image: H×W×4, ``uint8``: RGB multiplied by opacity, and opacity.
    """

    left: int
    top: int
    image: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Placement:
    """A flat thing of height 1 before a camera.

    Attributes:
        lens: The camera's.
        texture: What it looks like.
        middle: (3,) its middle in the camera's frame: x right, y down, z ahead; in units of its height.
        axes: 3×3: as columns, its right, its down and its normal, away from the camera.
        height: About how many pixels it is high.
    """

    lens: Lens
    texture: Texture
    middle: Array
    axes: Array
    height: float

    @classmethod
    def at(cls, lens: Lens, texture: Texture, pixel: tuple[float, float], height: float, turn: Array) -> Placement:
        """Place a thing so that its middle is seen at a pixel.

        Args:
            lens: The camera's.
            texture: What it looks like.
            pixel: Where its middle is to be.
            height: How many pixels high it would be there if it faced the camera.
            turn: 3×3 rotation out of that pose.
        """
        ahead = lens.rays(np.array([pixel], np.float64))[0]
        right = np.cross([0.0, 1.0, 0.0], ahead)
        right /= np.linalg.norm(right)
        facing = np.column_stack([right, np.cross(ahead, right), ahead])
        return cls(lens, texture, ahead * (lens.focal / height), facing @ turn, height)

    def outline(self) -> NDArray[np.float64]:
        """Give the pixels (N×2) along its outline, in order."""
        corners = self.texture.outline
        steps = np.linspace(0, 1, _EDGE_POINTS, endpoint=False)[:, np.newaxis]
        edges = [a + (b - a) * steps for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True)]
        flat = (np.concatenate(edges) - 0.5) * [self.texture.aspect, 1.0]
        return np.asarray(self.lens.project(self.middle + flat @ self.axes[:, :2].T), np.float64)

    def box(self) -> Box:
        """Give the box around its outline, which may reach out of the picture."""
        outline = self.outline()
        return Box(*outline.min(axis=0).tolist(), *outline.max(axis=0).tolist())

    def render(self, height: int, width: int) -> Patch | None:
        """Take a picture of it.

        Args:
            height: Of the whole picture in pixels.
            width: Of the whole picture.

        Returns:
            The part of the picture that it covers; ``None`` if it is out of sight.
        """
        box = self.box()
        left, top = max(math.floor(box.x_min), 0), max(math.floor(box.y_min), 0)
        right, bottom = min(math.ceil(box.x_max), width), min(math.ceil(box.y_max), height)
        if right <= left or bottom <= top:
            return None
        samples = 2 if self.height >= _LARGE else 3
        fine = self._sampled(left, top, right, bottom, samples)
        image = cv2.resize(fine, (right - left, bottom - top), interpolation=cv2.INTER_AREA)
        return Patch(left, top, np.asarray(image, np.uint8))

    def _sampled(self, left: int, top: int, right: int, bottom: int, samples: int) -> NDArray[np.uint8]:
        x = left + (np.arange((right - left) * samples) + 0.5) / samples
        y = top + (np.arange((bottom - top) * samples) + 0.5) / samples
        pixels = np.stack(np.meshgrid(x.astype(np.float32), y.astype(np.float32)), axis=-1)
        rays = self.lens.rays(pixels.reshape(-1, 2))
        axes, middle = self.axes.astype(np.float32), self.middle.astype(np.float32)
        level = self.texture.level_for(self.height * samples)
        distance = middle @ axes[:, 2] / (rays @ axes[:, 2]).clip(1e-6)
        flat = (rays * distance[:, np.newaxis] - middle) @ axes[:, :2]
        flat[:, 0] /= self.texture.aspect
        texels = (flat + np.float32(0.5)) * np.array(level.shape[1::-1], np.float32) - np.float32(0.5)
        # Steep rays may meet the plane far away; remap takes 16-bit coordinates.
        maps = texels.clip(-100, 2000).reshape(pixels.shape)
        return np.asarray(cv2.remap(level, maps, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT), np.uint8)


def turned(roll: float, yaw: float, pitch: float) -> Array:
    """Give a rotation: in its own plane clockwise, then about its upright axis, then about its level one; radians."""
    cos, sin = np.cos([roll, yaw, pitch]), np.sin([roll, yaw, pitch])
    about_normal = np.array([[cos[0], -sin[0], 0], [sin[0], cos[0], 0], [0, 0, 1]])
    about_upright = np.array([[cos[1], 0, sin[1]], [0, 1, 0], [-sin[1], 0, cos[1]]])
    about_level = np.array([[1, 0, 0], [0, cos[2], -sin[2]], [0, sin[2], cos[2]]])
    return np.asarray(about_level @ about_upright @ about_normal)

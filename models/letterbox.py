"""Bring pictures of any size to the size of a network's input, and boxes back."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.errors import ImageError

_AREA_BELOW = 0.5


@dataclass(frozen=True)
class Letterbox:
    """A picture scaled evenly into the middle of a black canvas.

    Attributes:
        canvas: What the network takes: height×width×3 RGB, ``uint8``.
        picture: (height, width) of the picture, in its own pixels.
        scale: Canvas pixels per picture pixel along x and y; they differ by rounding to whole pixels only.
        offset: (x, y) of the picture's corner on the canvas, in canvas pixels.
    """

    canvas: NDArray[np.uint8]
    picture: tuple[int, int]
    scale: tuple[float, float]
    offset: tuple[int, int]

    def to_picture(self, boxes: NDArray[np.float32]) -> NDArray[np.float32]:
        """Bring boxes from canvas pixels back to the picture's, and clip them to it.

        Args:
            boxes: N×4: x_min, y_min, x_max, y_max.

        Returns:
            As many boxes; those outside the picture have no width or no height.
        """
        height, width = self.picture
        unscaled = (boxes - np.array(self.offset * 2, np.float32)) / np.array(self.scale * 2, np.float32)
        return np.clip(unscaled, 0, np.array((width, height) * 2, np.float32))


def letterbox(image: NDArray[np.uint8], height: int, width: int) -> Letterbox:
    """Scale a picture, keeping its aspect ratio, into the middle of a black canvas.

    Args:
        image: H×W×3 RGB or H×W grey, ``uint8``; need not be contiguous.
        height: Height of the canvas in pixels.
        width: Width of the canvas in pixels.

    Returns:
        The canvas, and how to come back from it.

    Raises:
        ImageError: The picture is empty, or its shape or dtype is not one of those above.
    """
    check_image(image)
    rows, columns = image.shape[:2]
    scale = min(height / rows, width / columns)
    inner_rows, inner_columns = max(1, round(rows * scale)), max(1, round(columns * scale))
    top, left = (height - inner_rows) // 2, (width - inner_columns) // 2
    # Averaging over an area costs more, but a strong reduction without it would skip pixels.
    interpolation = cv2.INTER_AREA if scale < _AREA_BELOW else cv2.INTER_LINEAR
    scaled = cv2.resize(np.ascontiguousarray(image), (inner_columns, inner_rows), interpolation=interpolation)
    canvas = np.zeros((height, width, 3), np.uint8)
    canvas[top : top + inner_rows, left : left + inner_columns] = (
        scaled if image.ndim == 3 else cv2.cvtColor(scaled, cv2.COLOR_GRAY2RGB)
    )
    return Letterbox(canvas, (rows, columns), (inner_columns / columns, inner_rows / rows), (left, top))


def check_image(image: NDArray[np.uint8]) -> None:
    """Refuse what is no picture.

    Raises:
        ImageError: It is empty, or neither H×W×3 nor H×W of ``uint8``.
    """
    expected = "expected a uint8 array of shape (height, width, 3) in RGB or (height, width) in grey"
    if not isinstance(image, np.ndarray):
        raise ImageError(f"got {type(image).__name__}; {expected}")
    if image.dtype != np.uint8:
        raise ImageError(f"got dtype {image.dtype}; {expected}")
    if image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[2] != 3):
        raise ImageError(f"got shape {image.shape}; {expected}")
    if image.size == 0:
        raise ImageError(f"got an empty array of shape {image.shape}; {expected}")

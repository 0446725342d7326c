"""Turning pictures upright. Spot's cameras are rolled; detectors are trained on pictures whose horizon is level."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

# A camera that is this close to a quarter turn is turned by the quarter: exact, and ten times as fast.
SNAP = math.radians(3.0)
# Below this the camera looks so steeply up or down that "upright" has no meaning, and the picture stays as it is.
MIN_HORIZONTAL_UP = 0.2
ROUNDING = 1e-6  # px; the sine of a half turn is not quite zero

_QUARTER_TURNS = {1: cv2.ROTATE_90_CLOCKWISE, 2: cv2.ROTATE_180, 3: cv2.ROTATE_90_COUNTERCLOCKWISE}


def roll_of(world_tform_camera: NDArray[np.float64]) -> float:
    """The angle by which a camera's picture must be turned to be upright.

    Args:
        world_tform_camera: 4×4 pose of the optical frame (x right, y down, z ahead) in a frame whose z points up.

    Returns:
        Radians, clockwise as seen on the picture, in (-π, π]; 0 when the camera looks along the vertical.
    """
    down_x, down_y = -world_tform_camera[2, 0], -world_tform_camera[2, 1]
    if math.hypot(down_x, down_y) < MIN_HORIZONTAL_UP:
        return 0.0
    return math.atan2(down_x, down_y)


@dataclass(frozen=True, slots=True, eq=False)
class Upright:
    """The way from a sensor's picture to the upright one.

    Attributes:
        sensor_size: (width, height) of the sensor's picture in pixels.
        size: (width, height) of the upright picture, large enough to lose no pixel.
        to_upright: 2×3 affine matrix, sensor pixels to upright pixels.
        to_sensor: 2×3 affine matrix, its inverse.
        quarter_turns: Clockwise quarter turns if the roll is a multiple of 90 degrees, else ``None``.
    """

    sensor_size: tuple[int, int]
    size: tuple[int, int]
    to_upright: NDArray[np.float64]
    to_sensor: NDArray[np.float64]
    quarter_turns: int | None

    @classmethod
    def by_roll(cls, roll: float, width: int, height: int) -> Upright:
        """Plan the turn of a width×height picture by ``roll`` radians, clockwise."""
        quarter = round(roll / (math.pi / 2))
        snapped = abs(roll - quarter * math.pi / 2) < SNAP
        angle = quarter * math.pi / 2 if snapped else roll
        cos, sin = math.cos(angle), math.sin(angle)
        # Pixel centres lie on whole numbers, so the middle of the picture is at (size - 1) / 2.
        new_width = math.ceil(abs(width * cos) + abs(height * sin) - ROUNDING)
        new_height = math.ceil(abs(width * sin) + abs(height * cos) - ROUNDING)
        turn = np.array([[cos, -sin], [sin, cos]])
        old_middle = np.array([(width - 1) / 2, (height - 1) / 2])
        new_middle = np.array([(new_width - 1) / 2, (new_height - 1) / 2])
        to_upright = np.column_stack([turn, new_middle - turn @ old_middle])
        to_sensor = np.column_stack([turn.T, old_middle - turn.T @ new_middle])
        return cls((width, height), (new_width, new_height), to_upright, to_sensor, quarter % 4 if snapped else None)

    def apply(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Turn a picture (H×W or H×W×3); what the sensor did not see is black."""
        if self.quarter_turns == 0:
            return picture
        turned: NDArray[np.uint8]
        if self.quarter_turns is not None:
            turned = cv2.rotate(picture, _QUARTER_TURNS[self.quarter_turns])
        else:
            turned = cv2.warpAffine(picture, self.to_upright, self.size, flags=cv2.INTER_LINEAR)
        return turned

    def sensor_pixels(self, upright_pixels: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where N×2 pixels of the upright picture lie on the sensor."""
        return upright_pixels @ self.to_sensor[:, :2].T + self.to_sensor[:, 2]

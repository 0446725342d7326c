"""The same labelled pictures seen in other ways: in grey, and by a camera that is mounted rolled.

The raw pictures of Spot's front cameras show the world turned by about a quarter. The agent turns them back before it
looks at them. ``as_camera_frame`` shows what that is worth: with and without the turn, all else is equal.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from models.detection import Box
from models.evaluation.matching import LabelledThing
from models.evaluation.pictures import LabelledPicture

FRONT_CAMERA_ROLLS = (-76.1, -103.8)
"""Degrees by which the raw pictures of Spot's front left and front right camera must be turned clockwise to be upright,
in the transforms of one recorded robot."""

CAMERA_SIZE = (640, 480)
"""Width and height in pixels of what Spot's fisheye cameras give."""


def as_grey(picture: LabelledPicture) -> LabelledPicture:
    """Give the picture in grey, H×W, as Spot's fisheye cameras give theirs."""
    if picture.image.ndim == 2:
        return picture
    return replace(picture, image=cv2.cvtColor(picture.image, cv2.COLOR_RGB2GRAY))


def as_camera_frame(picture: LabelledPicture, roll: float, *, turn: float = 0.0) -> LabelledPicture:
    """Show an upright picture as a rolled camera gives it.

    The picture is turned by ``-roll`` and scaled so that all of it lies in a frame of 640×480; what is beside it is
    black. The frame is then turned clockwise by ``turn`` on a canvas that holds all of it.

    Args:
        picture: An upright picture.
        roll: Degrees by which the camera's frame must be turned clockwise to be upright.
        turn: 0 leaves the frame raw; ``roll`` turns it upright, as the agent does; -90 turns it by a quarter, which
            loses no pixel and leaves it tilted.

    Returns:
        The frame, with its things' boxes carried along.
    """
    height, width = picture.image.shape[:2]
    extent = np.abs(_rotation(-roll)) @ (width, height)
    scale = min(np.array(CAMERA_SIZE) / extent)
    scaled = max(1, round(width * scale)), max(1, round(height * scale))
    to_scaled = np.diag([scaled[0] / width, scaled[1] / height, 1.0])
    to_frame = _turn(scaled, -roll, CAMERA_SIZE)
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    frame = _warped(cv2.resize(picture.image, scaled, interpolation=interpolation), to_frame, CAMERA_SIZE)
    # Rounded down a little, so that the sine of a half turn, which is not quite zero, adds no pixel.
    canvas_extent = np.ceil(np.abs(_rotation(turn)) @ CAMERA_SIZE - 1e-6)
    canvas = int(canvas_extent[0]), int(canvas_extent[1])
    to_canvas = _turn(CAMERA_SIZE, turn, canvas)
    things = tuple(_moved(thing, to_canvas @ to_frame @ to_scaled, canvas) for thing in picture.things)
    return LabelledPicture(picture.name, _warped(frame, to_canvas, canvas), things)


def _rotation(degrees: float) -> NDArray[np.float64]:
    angle = np.deg2rad(degrees)
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def _turn(size: tuple[int, int], degrees: float, canvas: tuple[int, int]) -> NDArray[np.float64]:
    """3×3 matrix that turns a picture clockwise into the middle of a canvas; a pixel's corner, not its centre, is 0."""
    matrix = np.eye(3)
    matrix[:2, :2] = _rotation(degrees)
    matrix[:2, 2] = np.array(canvas) / 2 - matrix[:2, :2] @ (np.array(size) / 2)
    return matrix


def _warped(image: NDArray[np.uint8], matrix: NDArray[np.float64], size: tuple[int, int]) -> NDArray[np.uint8]:
    if np.allclose(matrix, np.eye(3)):
        return image
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])  # OpenCV counts from the centre of the first pixel
    by_centres = np.linalg.inv(half) @ matrix @ half
    warped: NDArray[np.uint8] = cv2.warpAffine(image, by_centres[:2], size, flags=cv2.INTER_LINEAR)
    return warped


def _moved(thing: LabelledThing, matrix: NDArray[np.float64], size: tuple[int, int]) -> LabelledThing:
    """Carry a thing along.

    Its new box is that around the ellipse in the old one: the box around the old corners would be far too large for
    most things (Kalra et al., "Towards Rotation Invariance in Object Detection", ICCV 2021).
    """
    centre = matrix[:2, :2] @ np.array(thing.box.centre) + matrix[:2, 2]
    half = np.sqrt(matrix[:2, :2] ** 2 @ np.array([thing.box.width / 2, thing.box.height / 2]) ** 2)
    x_min, y_min = np.clip(centre - half, 0, size).tolist()
    x_max, y_max = np.clip(centre + half, 0, size).tolist()
    return replace(thing, box=Box(x_min, y_min, x_max, y_max))

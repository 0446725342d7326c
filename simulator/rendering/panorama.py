"""The picture around everything: a panorama cut into the six faces of a cube."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from simulator.errors import AssetError

FACE_EDGE = 256
_FOLDER = Path(__file__).parent.parent / "data" / "panoramas"

# Forward, right and up of each face in the world, in the order that the background kernel knows.
_FACES = (
    ((1, 0, 0), (0, -1, 0), (0, 0, 1)),
    ((-1, 0, 0), (0, 1, 0), (0, 0, 1)),
    ((0, 1, 0), (1, 0, 0), (0, 0, 1)),
    ((0, -1, 0), (-1, 0, 0), (0, 0, 1)),
    ((0, 0, 1), (0, -1, 0), (-1, 0, 0)),
    ((0, 0, -1), (0, -1, 0), (1, 0, 0)),
)


def cube_faces(name: str, yaw: float) -> NDArray[np.uint32]:
    """Load a packaged panorama, 6×S×S RGBA texels; the name ``none`` gives an even grey.

    Raises:
        AssetError: The picture is missing or damaged.
    """
    if name == "none":
        return np.full((6, 4, 4), 0xFFA0A0A0, np.uint32)
    file = _FOLDER / f"{name}.jpg"
    picture = cv2.imread(str(file), cv2.IMREAD_COLOR_RGB)
    if picture is None:
        raise AssetError(f"{file}: cannot be read; reinstall the package")
    faces = [_face(picture, yaw, *(np.array(axis, np.float64) for axis in axes)) for axes in _FACES]
    return np.stack(faces)


def _face(
    picture: NDArray[np.uint8],
    yaw: float,
    forward: NDArray[np.float64],
    right: NDArray[np.float64],
    up: NDArray[np.float64],
) -> NDArray[np.uint32]:
    steps = (np.arange(FACE_EDGE) + 0.5) / FACE_EDGE * 2 - 1
    ray = forward + steps[None, :, None] * right - steps[:, None, None] * up
    longitude = np.arctan2(ray[..., 1], ray[..., 0]) - yaw
    latitude = np.arctan2(ray[..., 2], np.hypot(ray[..., 0], ray[..., 1]))
    height, width = picture.shape[:2]
    column = (((0.5 - longitude / (2 * math.pi)) % 1.0) * width - 0.5).astype(np.float32)
    row = ((0.5 - latitude / math.pi) * height - 0.5).astype(np.float32)
    colours = cv2.remap(picture, column, row, cv2.INTER_CUBIC, borderMode=cv2.BORDER_WRAP)
    texels = np.dstack([colours, np.full(colours.shape[:2], 255, np.uint8)])
    return np.ascontiguousarray(texels).view(np.uint32)[..., 0]

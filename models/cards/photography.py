"""What light, lens, sensor and compression do to a picture.

Pictures are H×W×3, ``float32``, 0 to 255, and changed in place where it is said.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.float32]

GREY_WEIGHTS = np.array([0.299, 0.587, 0.114], np.float32)
_FOCUS_SHARE, _MOTION_SHARE, _JPEG_SHARE = 0.35, 0.2, 0.6


def light(picture: Picture, random: np.random.Generator) -> None:
    """Brighten one side of a picture and darken the other, and let shadows fall on it; in place."""
    height, width = picture.shape[:2]
    x, y = np.linspace(-1, 1, width, dtype=np.float32), np.linspace(-1, 1, height, dtype=np.float32)[:, np.newaxis]
    slope = random.uniform(-0.25, 0.25, 2).astype(np.float32)
    brightness = 1 + slope[0] * x + slope[1] * y
    for _ in range(random.choice([0, 1, 2], p=[0.5, 0.35, 0.15])):
        brightness *= _shadow(height, width, random)
    picture *= brightness[..., np.newaxis]


def _shadow(height: int, width: int, random: np.random.Generator) -> NDArray[np.float32]:
    """How much light a soft-edged polygon leaves; made at a quarter of the size, since its edges are soft anyway."""
    small = np.zeros((height // 4, width // 4), np.float32)
    corners = random.uniform(-0.3, 1.3, (4, 2)) * (width // 4, height // 4)
    hull = cv2.convexHull(corners.astype(np.int32))
    cv2.fillConvexPoly(small, hull, float(random.uniform(0.2, 0.6)))
    soft = cv2.GaussianBlur(small, (0, 0), random.uniform(0.5, 6))
    return np.asarray(1 - cv2.resize(soft, (width, height)), np.float32)


def blur(picture: Picture, smallest: float, random: np.random.Generator) -> Picture:
    """Put a picture out of focus or move the camera, sometimes.

    Args:
        picture: The picture.
        smallest: Height in pixels of the smallest card in it; blur is kept to what leaves that readable to a person.
        random: Where chance comes from.

    Returns:
        The blurred picture, or the same.
    """
    if random.random() < _FOCUS_SHARE:
        deviation = random.uniform(0.3, max(0.45, min(2.0, 0.04 * smallest)))
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), deviation), np.float32)
    if random.random() < _MOTION_SHARE:
        length = random.uniform(1.0, max(2.0, min(9.0, 0.12 * smallest)))
        picture = np.asarray(cv2.filter2D(picture, -1, _motion(length, random.uniform(0, np.pi))), np.float32)
    return picture


def _motion(length: float, angle: float) -> NDArray[np.float32]:
    """The kernel of a straight movement, in pixels and radians."""
    size = int(length) // 2 * 2 + 3
    kernel = np.zeros((size, size), np.float32)
    reach = length / 2 * np.array([np.cos(angle), np.sin(angle)])
    # Coordinates with 4 fractional bits: a movement of two pixels at an angle is not one of whole pixels.
    start, end = (np.round((size // 2 + sign * reach) * 16).astype(int).tolist() for sign in (-1, 1))
    cv2.line(kernel, start, end, 1.0, 1, cv2.LINE_AA, 4)
    kernel = np.asarray(cv2.GaussianBlur(kernel, (3, 3), 0.5), np.float32)
    return np.asarray(kernel / kernel.sum(), np.float32)


def expose(picture: Picture, random: np.random.Generator) -> None:
    """Change contrast, brightness and colour as another exposure and white balance would; in place."""
    gain = random.uniform(0.65, 1.25) * random.uniform(0.94, 1.06, 3).astype(np.float32)
    picture -= 128
    picture *= gain
    picture += 128 + random.uniform(-35, 30)


def make_grey(picture: Picture) -> None:
    """Take the colour out of a picture; in place."""
    picture[...] = (picture @ GREY_WEIGHTS)[..., np.newaxis]


def record(picture: Picture, *, grey: bool, random: np.random.Generator) -> NDArray[np.uint8]:
    """Add the sensor's noise, cut to 8 bits and compress.

    Args:
        picture: The picture.
        grey: Whether the camera is a grey one: then all channels get the same noise.
        random: Where chance comes from.

    Returns:
        H×W×3 RGB, ``uint8``.
    """
    height, width = picture.shape[:2]
    noise = random.standard_normal((height, width, 1 if grey else 3), np.float32)
    noise *= random.uniform(0, 8) if random.random() < 0.8 else 0
    image = np.clip(picture + noise, 0, 255).astype(np.uint8)
    if random.random() < _JPEG_SHARE:
        quality = (cv2.IMWRITE_JPEG_QUALITY, int(random.integers(30, 96)))
        coded = cv2.imencode(".jpg", image[..., 0] if grey else image[..., ::-1], quality)[1]
        flag = cv2.IMREAD_GRAYSCALE if grey else cv2.IMREAD_COLOR_RGB
        decoded = np.asarray(cv2.imdecode(coded, flag), np.uint8)
        image = np.repeat(decoded[..., np.newaxis], 3, axis=2) if grey else decoded
    return np.asarray(image, np.uint8)

"""Pictures made in code: stop sign, AprilTag, posters, ball, shadow."""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from simulator.errors import AssetError
from simulator.rendering.materials import noise

Picture = NDArray[np.uint8]

TAG_CELLS = 10
"""Cells of an AprilTag card: 8 of the tag with its black border, and one of white around it."""


def paint_picture(name: str) -> Picture:
    """Paint a picture by its name, or read one from a file: H×W×3 RGB or H×W×4 RGBA, uint8.

    Raises:
        AssetError: The file cannot be read as a picture.
    """
    if name in _PAINTERS:
        return _PAINTERS[name]()
    picture = cv2.imread(name, cv2.IMREAD_UNCHANGED)
    if picture is None or picture.dtype != np.uint8:
        raise AssetError(f"{name}: cannot be read as a picture with 8 bits a channel")
    codes = {2: cv2.COLOR_GRAY2RGB, 3: cv2.COLOR_BGR2RGB, 4: cv2.COLOR_BGRA2RGBA}
    return np.asarray(cv2.cvtColor(picture, codes[picture.ndim if picture.ndim == 2 else picture.shape[2]]), np.uint8)


def paint_stop_sign() -> Picture:
    """Paint the square around a stop sign: red octagon, white border, white letters (512×512×3, RGB)."""
    size = 512
    big = size * 2
    red, white = (186, 22, 34), (240, 240, 238)
    picture = np.full((big, big, 3), white, np.uint8)
    # Proportions of the sign: the white border is 1/40 of its width, the letters a third of its height.
    inner = big / 2 / math.cos(math.pi / 8) * (1 - 2 / 36)
    angles = (np.arange(8) + 0.5) * math.pi / 4
    rim = np.stack([big / 2 + inner * np.cos(angles), big / 2 + inner * np.sin(angles)], axis=1)
    cv2.fillConvexPoly(picture, rim.astype(np.int32), red, cv2.LINE_AA)
    letters = _text("STOP", int(big * 0.80), int(big * 0.33))
    top, left = (big - letters.shape[0]) // 2, (big - letters.shape[1]) // 2
    area = picture[top : top + letters.shape[0], left : left + letters.shape[1]]
    area[:] = (area * (1 - letters[..., None]) + np.array(white) * letters[..., None]).astype(np.uint8)
    return np.asarray(cv2.resize(picture, (size, size), interpolation=cv2.INTER_AREA), np.uint8)


def _text(text: str, width: int, height: int) -> NDArray[np.float32]:
    """Bold letters stretched to a size, as coverage 0 to 1."""
    font, scale, thickness = cv2.FONT_HERSHEY_SIMPLEX, 10.0, 62
    (text_width, text_height), base = cv2.getTextSize(text, font, scale, thickness)
    canvas = np.zeros((text_height + 2 * base + 200, text_width + 200), np.uint8)
    cv2.putText(canvas, text, (100, text_height + 100), font, scale, 255, thickness, cv2.LINE_AA)
    x, y, w, h = cv2.boundingRect(canvas)
    letters = cv2.resize(canvas[y : y + h, x : x + w], (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(letters, np.float32) / np.float32(255)


def paint_april_tag(tag_id: int) -> Picture:
    """Paint a tag of family 36h11 on its white card, 640×640×3; each cell has 64 pixels."""
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_APRILTAG_36h11)
    tag = cv2.aruco.generateImageMarker(dictionary, tag_id, 8)
    card = np.full((TAG_CELLS, TAG_CELLS), 255, np.uint8)
    card[1:-1, 1:-1] = tag
    printed = 22 + card.astype(np.float32) * (228 - 22) / 255
    cells = np.kron(printed, np.ones((64, 64), np.float32)).astype(np.uint8)
    return np.repeat(cells[..., None], 3, axis=2)


def paint_sign_back() -> Picture:
    """Paint bare metal."""
    return np.repeat(np.clip(132 + noise(20, 2, 64) * 5, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def paint_ball() -> Picture:
    """Paint a ball with broad stripes."""
    picture = np.full((128, 256, 3), (224, 168, 40), np.uint8)
    for stripe in range(0, 256, 64):
        picture[:, stripe : stripe + 30] = (44, 96, 160)
    return picture


def paint_shadow() -> Picture:
    """Paint a soft dark ellipse, 128×128×4."""
    y, x = np.mgrid[-1:1:128j, -1:1:128j]
    falloff = np.clip(1 - np.hypot(x, y), 0, 1) ** 1.3
    picture = np.zeros((128, 128, 4), np.uint8)
    picture[..., :3] = (30, 28, 26)
    picture[..., 3] = np.clip(falloff * 190, 0, 120)
    return picture


def _framed(inner: Picture) -> Picture:
    """A white margin around a poster, which also keeps its edges from bleeding into each other."""
    picture = np.full((512, 512, 3), 236, np.uint8)
    picture[28:-28, 28:-28] = cv2.resize(inner, (456, 456), interpolation=cv2.INTER_AREA)
    return picture


def _mountains() -> Picture:
    size = 512
    rows = np.linspace(0, 1, size, dtype=np.float32)[:, None, None]
    sky = (1 - rows) * np.array([92, 146, 196], np.float32) + rows * np.array([238, 214, 186], np.float32)
    picture = np.repeat(sky, size, axis=1).astype(np.uint8)
    for layer, colour in enumerate(((132, 150, 170), (92, 118, 132), (58, 88, 84), (34, 58, 50))):
        line = noise(30 + layer, 46 - 8 * layer)[size // 2] * (46 - 6 * layer) + 230 + 62 * layer
        shape = [[0, size], *[[x, int(line[x])] for x in range(size)], [size, size]]
        cv2.fillPoly(picture, [np.array(shape, np.int32)], colour, cv2.LINE_AA)
    return _framed(picture)


def _map() -> Picture:
    height = noise(40, 36)
    bands = np.array([[178, 206, 222], [206, 222, 190], [190, 208, 160], [220, 210, 170], [202, 180, 146]], np.uint8)
    picture = bands[np.digitize(height, [-0.6, 0.1, 0.7, 1.3])]
    for offset in (110, 300, 410):
        cv2.line(picture, (0, offset), (511, 511 - offset), (250, 244, 226), 6, cv2.LINE_AA)
    return _framed(np.ascontiguousarray(picture))


def _abstract() -> Picture:
    picture = np.full((512, 512, 3), (232, 222, 200), np.uint8)
    shapes = (((60, 70), (250, 300), (40, 92, 120)), ((210, 180), (450, 330), (214, 156, 60)),
              ((110, 330), (330, 460), (96, 140, 110)))  # fmt: skip
    for first, second, colour in shapes:
        cv2.rectangle(picture, first, second, colour, -1)
    return _framed(picture)


def _notice() -> Picture:
    picture = np.full((512, 512, 3), 246, np.uint8)
    picture[:90] = (50, 84, 120)
    for row in range(130, 480, 34):
        picture[row : row + 10, 50 : 460 - (row * 37) % 130] = (90, 92, 96)
    return _framed(picture)


_PAINTERS: dict[str, Callable[[], Picture]] = {
    "poster mountains": _mountains,
    "poster map": _map,
    "poster abstract": _abstract,
    "notice": _notice,
}

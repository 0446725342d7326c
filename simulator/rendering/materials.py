"""Textures made in code: floors, walls, crates and other surfaces that repeat."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

EDGE = {
    "tiles": 1.8, "concrete": 3.0, "wood": 2.0, "asphalt": 3.0, "wall": 2.8, "wall blue": 2.8, "ceiling": 2.4,
    "crate": 0.6, "cardboard": 0.6, "frame": 1.0,
}  # fmt: skip
"""Metres that one repetition of each material covers."""

_SIZE = 512


def paint_material(name: str) -> Picture:
    """Paint one repetition of a material, H×W×3, RGB, uint8. The same name gives the same bytes."""
    return _PAINTERS[name]()


def noise(seed: int, scale: float, size: int = _SIZE) -> NDArray[np.float32]:
    """Smooth noise without seams, mean 0 and standard deviation 1; ``scale`` is its grain in pixels."""
    values = np.random.Generator(np.random.Philox(seed)).standard_normal((size, size)).astype(np.float32)
    margin = min(size, int(4 * scale) + 1)
    wrapped = cv2.copyMakeBorder(values, margin, margin, margin, margin, cv2.BORDER_WRAP)
    smooth = cv2.GaussianBlur(wrapped, (0, 0), scale)[margin:-margin, margin:-margin]
    return np.asarray((smooth - smooth.mean()) / smooth.std(), np.float32)


def _coloured(colour: tuple[int, int, int], change: NDArray[np.float32]) -> Picture:
    """A colour whose brightness changes by some grey levels."""
    return np.asarray(np.clip(np.array(colour, np.float32) + change[..., None], 0, 255), np.uint8)


def _tiles() -> Picture:
    count, edge = 4, _SIZE // 4
    tones = np.random.Generator(np.random.Philox(1)).normal(0, 4, (count, count)).astype(np.float32)
    change = np.kron(tones, np.ones((edge, edge), np.float32)) + noise(2, 18) * 2.5 + noise(3, 1.2) * 2.0
    picture = _coloured((190, 184, 174), change)
    for line in range(count):
        picture[line * edge : line * edge + 2] = (142, 137, 130)
        picture[:, line * edge : line * edge + 2] = (142, 137, 130)
    return picture


def _concrete() -> Picture:
    return _coloured((150, 149, 146), noise(4, 40) * 6 + noise(5, 6) * 3 + noise(6, 1) * 3)


def _asphalt() -> Picture:
    return _coloured((92, 93, 96), noise(7, 30) * 4 + noise(8, 1.0) * 9)


def _wall() -> Picture:
    return _plaster((214, 210, 202))


def _wall_blue() -> Picture:
    return _plaster((120, 148, 168))


def _plaster(colour: tuple[int, int, int]) -> Picture:
    """A painted wall, darker towards the floor, with a skirting board."""
    shade = np.interp(np.arange(_SIZE), [0, 40, 380, 512], [-10, 0, 0, -16]).astype(np.float32)
    picture = _coloured(colour, noise(9, 30) * 1.5 + noise(10, 1) * 1.2 + shade[:, None])
    skirting = int(_SIZE * 0.10 / 2.8)
    picture[-skirting:] = (128, 122, 114)
    picture[-skirting - 1] = (96, 92, 86)
    return picture


def _ceiling() -> Picture:
    picture = _coloured((226, 226, 222), noise(11, 1) * 3)
    picture[:: _SIZE // 4] = (188, 188, 186)
    picture[:, :: _SIZE // 4] = (188, 188, 186)
    picture[_SIZE // 4 + 6 : _SIZE // 2 - 6, 6 : _SIZE // 2 - 6] = (255, 255, 250)
    return picture


def _wood() -> Picture:
    grain = cv2.resize(noise(12, 2), (_SIZE, _SIZE // 8), interpolation=cv2.INTER_AREA)
    grain = np.tile(cv2.resize(grain, (_SIZE, _SIZE), interpolation=cv2.INTER_LINEAR).T, (1, 1))
    plank = _SIZE // 8
    tones = np.random.Generator(np.random.Philox(13)).normal(0, 7, 8).astype(np.float32)
    picture = _coloured((176, 136, 92), np.ascontiguousarray(grain) * 6 + np.repeat(tones, plank)[None, :])
    picture[:, ::plank] = (120, 90, 58)
    return picture


def _crate() -> Picture:
    """A wooden crate: planks, a frame around them and a diagonal."""
    picture: Picture = cv2.convertScaleAbs(_wood(), alpha=0.92)
    frame = 62
    light = cv2.convertScaleAbs(cv2.rotate(picture, cv2.ROTATE_90_CLOCKWISE), alpha=1.12)
    diagonal = np.zeros((_SIZE, _SIZE), np.uint8)
    cv2.line(diagonal, (0, _SIZE), (_SIZE, 0), 255, frame)
    picture[diagonal > 0] = light[diagonal > 0]
    cv2.line(picture, (-frame // 2, _SIZE - frame // 2), (_SIZE - frame // 2, -frame // 2), (92, 68, 44), 3)
    for edge in (picture[:frame], picture[-frame:]):
        edge[:] = light[:frame]
    picture[:, :frame] = light[:, :frame]
    picture[:, -frame:] = light[:, -frame:]
    cv2.rectangle(picture, (frame, frame), (_SIZE - frame, _SIZE - frame), (92, 68, 44), 3)
    cv2.rectangle(picture, (0, 0), (_SIZE - 1, _SIZE - 1), (92, 68, 44), 4)
    return picture


def _cardboard() -> Picture:
    picture = _coloured((178, 142, 100), noise(14, 20) * 3 + noise(15, 1) * 3)
    picture[_SIZE // 2 - 26 : _SIZE // 2 + 26] = (198, 178, 138)
    cv2.rectangle(picture, (0, 0), (_SIZE - 1, _SIZE - 1), (134, 102, 68), 5)
    return picture


def _frame() -> Picture:
    return _coloured((176, 178, 180), noise(16, 1) * 2)


_PAINTERS: dict[str, Callable[[], Picture]] = {
    "tiles": _tiles,
    "concrete": _concrete,
    "wood": _wood,
    "asphalt": _asphalt,
    "wall": _wall,
    "wall blue": _wall_blue,
    "ceiling": _ceiling,
    "crate": _crate,
    "cardboard": _cardboard,
    "frame": _frame,
}

"""What a person wears: textures made in code, wrapped around the body like a label around a bottle."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from simulator.rendering.materials import noise

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]

_SIZE = 256


@dataclass(frozen=True, slots=True)
class Outfit:
    """Colours (RGB) of a person's skin, hair and clothes."""

    skin: Colour
    hair: Colour
    shirt: Colour
    trousers: Colour
    shoes: Colour
    collar: Colour
    vest: Colour | None = None


OUTFITS = {
    "office": Outfit((214, 166, 138), (58, 40, 30), (88, 118, 158), (52, 54, 62), (46, 36, 30), (226, 228, 230)),
    "workshop": Outfit((190, 138, 108), (34, 28, 24), (64, 70, 78), (70, 82, 108), (60, 48, 38), (50, 54, 60),
                       vest=(226, 122, 40)),
    "street": Outfit((226, 182, 156), (92, 62, 38), (134, 44, 52), (58, 78, 116), (168, 166, 164), (120, 38, 46)),
}  # fmt: skip
"""By the name that a scene file uses."""


def paint_part(part: str, outfit: Outfit) -> Picture:
    """Paint the texture of one part of a body (256×256×3, RGB).

    Across, the texture goes once around the body: 0 and 1 at the back, 0.5 in front, 0.25 at its right side. Down,
    it goes from the top of the part to its lower end.
    """
    painters = {"head": _head, "shirt": _shirt, "trousers": _trousers}
    if part in painters:
        return painters[part](outfit)
    colour = {"skin": outfit.skin, "shoes": outfit.shoes, "hair": outfit.hair}[part]
    return _cloth(colour, seed=50 + len(part), folds=3.0, weave=5.0 if part == "hair" else 2.0)


def _cloth(colour: Colour, *, seed: int, folds: float, weave: float) -> Picture:
    change = noise(seed, 14, _SIZE) * folds + noise(seed + 1, 0.8, _SIZE) * weave
    return np.asarray(np.clip(np.array(colour, np.float32) + change[..., None], 0, 255), np.uint8)


def _shirt(outfit: Outfit) -> Picture:
    picture = _cloth(outfit.shirt, seed=60, folds=7.0, weave=3.0)
    middle = _SIZE // 2
    dark = tuple(int(channel * 0.72) for channel in outfit.shirt)
    if outfit.vest is not None:
        picture[20:] = _cloth(outfit.vest, seed=64, folds=7.0, weave=3.0)[20:]
        picture[120:136] = (226, 226, 214)
        picture[180:196] = (226, 226, 214)
    cv2.line(picture, (middle, 20), (middle, _SIZE), dark, 2)
    for button in range(44, _SIZE, 34):
        cv2.circle(picture, (middle + 3, button), 2, outfit.collar, -1, cv2.LINE_AA)
    picture[:10] = outfit.collar
    picture[-6:] = np.array(dark, np.uint8)
    return picture


def _trousers(outfit: Outfit) -> Picture:
    picture = _cloth(outfit.trousers, seed=70, folds=6.0, weave=3.5)
    picture[26:36] = (38, 30, 26)
    return picture


def _head(outfit: Outfit) -> Picture:
    """A face in front, hair above and behind."""
    picture = _cloth(outfit.skin, seed=80, folds=2.0, weave=1.0)
    middle = _SIZE // 2
    skin = np.array(outfit.skin, np.float32)
    lips, brows = tuple((skin * (0.80, 0.58, 0.58)).tolist()), tuple(int(c * 0.9) for c in outfit.hair)
    for side in (-1, 1):
        x = middle + side * 18
        cv2.ellipse(picture, (x, 112), (9, 4), 0, 0, 360, (232, 230, 226), -1, cv2.LINE_AA)
        cv2.circle(picture, (x, 112), 4, (52, 38, 30), -1, cv2.LINE_AA)
        cv2.ellipse(picture, (x, 103), (12, 4), 0, 190, 350, brows, 3, cv2.LINE_AA)
        cv2.ellipse(picture, (x, 112), (11, 6), 0, 190, 350, tuple((skin * 0.55).tolist()), 2, cv2.LINE_AA)
    cv2.ellipse(picture, (middle, 142), (6, 3), 0, 0, 180, tuple((skin * 0.74).tolist()), 2, cv2.LINE_AA)
    cv2.ellipse(picture, (middle, 158), (13, 4), 0, 0, 360, lips, -1, cv2.LINE_AA)
    _paint_hair(picture, outfit)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.8), np.uint8)


def _paint_hair(picture: Picture, outfit: Outfit) -> None:
    strands = _cloth(outfit.hair, seed=90, folds=4.0, weave=5.0)
    strands = cv2.resize(strands[: _SIZE // 8], (_SIZE, _SIZE), interpolation=cv2.INTER_LINEAR)
    columns = np.arange(_SIZE)
    turn = np.abs(columns / _SIZE - 0.5) * 2
    # The hairline: over the forehead in front, past the temples, down to the neck behind.
    line = np.interp(turn, [0.0, 0.22, 0.34, 0.44, 0.55, 1.0], [70, 78, 112, 150, 168, 184])
    mask = np.arange(_SIZE)[:, None] < line[None, :]
    picture[mask] = strands[mask]

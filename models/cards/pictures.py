"""Contact sheets: many pictures in one, with boxes drawn in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.detection import Box, Detection
from models.evaluation.matching import LabelledThing

Colour = tuple[int, int, int]

TRUE, IGNORED, FOUND = (40, 220, 40), (150, 150, 150), (255, 60, 60)
"""Colours (RGB) of the boxes of what is there, of what counts neither way, and of what was found."""


@dataclass(frozen=True, eq=False)
class Tile:
    """One picture of a sheet.

    Attributes:
        image: H×W×3 RGB, ``uint8``; all tiles of a sheet have one size.
        things: What is truly there.
        detections: What was found.
    """

    image: NDArray[np.uint8]
    things: Sequence[LabelledThing]
    detections: Sequence[Detection] = ()


def contact_sheet(tiles: Sequence[Tile], columns: int = 4) -> NDArray[np.uint8]:
    """Draw pictures in rows.

    Args:
        tiles: At least one.
        columns: Pictures in a row.

    Returns:
        The sheet, RGB.
    """
    drawn = [_drawn(tile) for tile in tiles]
    drawn += [np.zeros_like(drawn[0])] * (-len(drawn) % columns)
    rows = [np.hstack(drawn[start : start + columns]) for start in range(0, len(drawn), columns)]
    return np.vstack(rows)


def _drawn(tile: Tile) -> NDArray[np.uint8]:
    image = tile.image.copy()
    for thing in tile.things:
        _box(image, thing.box, thing.label, IGNORED if thing.ignore else TRUE, below=False)
    for detection in tile.detections:
        _box(image, detection.box, f"{detection.label} {detection.score:.2f}", FOUND, below=True)
    return image


def _box(image: NDArray[np.uint8], box: Box, text: str, colour: Colour, *, below: bool) -> None:
    x_min, y_min, x_max, y_max = (round(value) for value in box)
    cv2.rectangle(image, (x_min, y_min), (x_max - 1, y_max - 1), colour, 1)
    y = y_max + 9 if below else y_min - 2
    place = (max(x_min, 0), min(max(y, 9), image.shape[0] - 2))
    cv2.putText(image, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.35, colour, 1, cv2.LINE_AA)

"""Pictures without cards, on which cards are placed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models.cards.errors import CardsError
from models.cards.templates import SUFFIXES

SHIPPED = Path(__file__).parent / "backgrounds"
"""The shipped backgrounds: a folder for each of ``train``, ``validation`` and ``test``; see ``SOURCES.md`` there."""

SMALLEST_SIDE = 96
LARGEST_SIDE = 1024


@dataclass(frozen=True, eq=False)
class Backgrounds:
    """Backgrounds that no two splits share a source of; each picture H×W×3 RGB, ``uint8``.

    Attributes:
        train: Those that teach.
        validation: Those that choose.
        test: Those that give the figures.
    """

    train: tuple[NDArray[np.uint8], ...]
    validation: tuple[NDArray[np.uint8], ...]
    test: tuple[NDArray[np.uint8], ...]

    @classmethod
    def read(cls, own: Path | None = None) -> Backgrounds:
        """Read the shipped backgrounds.

        Args:
            own: A folder of somebody's own pictures without cards; they teach beside the shipped ones.

        Raises:
            CardsError: A folder is missing or empty, or a picture cannot be read.
        """
        train, validation, test = (read_pictures(SHIPPED / split) for split in ("train", "validation", "test"))
        return cls(train + (read_pictures(own) if own is not None else ()), validation, test)


def read_pictures(folder: Path) -> tuple[NDArray[np.uint8], ...]:
    """Read every PNG and JPEG of a folder, in alphabetical order of their names.

    Args:
        folder: The folder.

    Returns:
        The pictures, H×W×3 RGB, ``uint8``; large ones are made smaller.

    Raises:
        CardsError: The folder is missing or empty, or a picture cannot be read or is too small.
    """
    paths = sorted(path for path in folder.glob("*") if path.suffix.lower() in SUFFIXES)
    if not paths:
        raise CardsError(f"{folder}: there is no picture here; put in PNG or JPEG photos that show no card")
    return tuple(_read(path) for path in paths)


def _read(path: Path) -> NDArray[np.uint8]:
    try:
        content = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError as error:
        raise CardsError(f"{path}: the background cannot be read ({error.strerror})") from error
    picture = cv2.imdecode(content, cv2.IMREAD_COLOR_RGB) if content.size else None
    if picture is None or min(picture.shape[:2]) < SMALLEST_SIDE:
        raise CardsError(f"{path}: this is no picture of at least {SMALLEST_SIDE} pixels a side; take it out")
    scale = LARGEST_SIDE / max(picture.shape[:2])
    if scale < 1:
        picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(picture, np.uint8)

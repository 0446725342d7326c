"""The pictures of cards that a person gives: one file a card, its name is the label."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models.cards.errors import CardsError
from models.cards.similarity import seen_from_afar, similarity

SUFFIXES = (".png", ".jpg", ".jpeg")
SMALLEST_SIDE = 64
"""Pixels that a card's picture must have along its shorter side."""
LARGEST_SIDE = 512
"""Pixels that are kept along its longer side; a card is never seen larger than that."""
MOST_ALIKE = 0.85
"""Similarity from which on two cards are too much alike; the closest two of the shipped set have 0.6."""


@dataclass(frozen=True, eq=False)
class CardTemplate:
    """What a card looks like.

    Attributes:
        label: What it is called.
        image: H×W×4, ``uint8``: RGB, and how opaque it is.
    """

    label: str
    image: NDArray[np.uint8]

    @property
    def aspect(self) -> float:
        """Width over height."""
        return float(self.image.shape[1] / self.image.shape[0])


@dataclass(frozen=True)
class AlikeCards:
    """Two cards that are likely to be taken for each other.

    Attributes:
        first: One label.
        second: The other.
        upside_down: Whether they look alike when one of the two is held upside down.
        similarity: From -1 to 1; 1 is the same picture.
    """

    first: str
    second: str
    upside_down: bool
    similarity: float


def read_templates(folder: Path) -> tuple[CardTemplate, ...]:
    """Read a folder of cards.

    Args:
        folder: It holds one PNG or JPEG picture for each card, as if cut out and seen from the front; a PNG may have
            transparent parts. Other files are passed over.

    Returns:
        The cards in alphabetical order of their labels.

    Raises:
        CardsError: There is no folder, there are fewer than two pictures, two have one label, or one is no picture,
            too small or wholly transparent.
    """
    if not folder.is_dir():
        raise CardsError(f"{folder}: there is no such folder; give one that holds a picture of each card")
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    if not paths:
        raise CardsError(f"{folder}: there is no picture here; put in one PNG or JPEG file for each card")
    if len(paths) == 1:
        raise CardsError(f"{paths[0]}: this is the only card; give at least two, so that it learns to tell them apart")
    by_label: dict[str, Path] = {}
    for path in paths:
        label = _label(path)
        if label in by_label:
            raise CardsError(f"{path}: {by_label[label].name} has the label {label!r} already; rename one of the two")
        by_label[label] = path
    return tuple(CardTemplate(label, _read(path)) for label, path in sorted(by_label.items()))


def _label(path: Path) -> str:
    label = path.stem.strip().lower()
    if not label or not label.isprintable():
        raise CardsError(f"{path}: its name is the card's label, and must be one; rename it, for example to 'sit.png'")
    return label


def _read(path: Path) -> NDArray[np.uint8]:
    try:
        content = np.frombuffer(path.read_bytes(), np.uint8)
    except OSError as error:
        raise CardsError(f"{path}: the picture cannot be read ({error.strerror})") from error
    picture = cv2.imdecode(content, cv2.IMREAD_UNCHANGED) if content.size else None
    if picture is None:
        raise CardsError(f"{path}: this is no picture that can be read; save it as PNG or JPEG again")
    height, width = picture.shape[:2]
    if min(height, width) < SMALLEST_SIDE:
        raise CardsError(f"{path}: {width}x{height} pixels are too few; give at least {SMALLEST_SIDE} along each side")
    image = _as_rgba(picture)
    if image[..., 3].max() < 128:
        raise CardsError(f"{path}: nothing of this picture is opaque")
    scale = LARGEST_SIDE / max(height, width)
    if scale < 1:
        image = np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    return image


def _as_rgba(picture: NDArray[np.uint8] | NDArray[np.uint16]) -> NDArray[np.uint8]:
    eight_bit = (picture >> 8 if picture.dtype == np.uint16 else picture).astype(np.uint8)
    if eight_bit.ndim == 2:
        return np.asarray(cv2.cvtColor(eight_bit, cv2.COLOR_GRAY2RGBA), np.uint8)
    code = cv2.COLOR_BGRA2RGBA if eight_bit.shape[2] == 4 else cv2.COLOR_BGR2RGBA
    return np.asarray(cv2.cvtColor(eight_bit, code), np.uint8)


def alike_cards(templates: Sequence[CardTemplate]) -> tuple[AlikeCards, ...]:
    """Find cards that are likely to be taken for each other.

    Args:
        templates: All cards.

    Returns:
        Every such pair, the most similar first.
    """
    pairs = []
    for first, second in itertools.combinations(templates, 2):
        for upside_down in (False, True):
            turned = second.image[::-1, ::-1] if upside_down else second.image
            measured = similarity(seen_from_afar(first.image), seen_from_afar(turned))
            if measured >= MOST_ALIKE:
                pairs.append(AlikeCards(first.label, second.label, upside_down, measured))
    return tuple(sorted(pairs, key=lambda pair: -pair.similarity))

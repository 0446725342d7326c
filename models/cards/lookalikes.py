"""Things that look like cards and are none: other symbols on framed paper, letters, blank sheets, posters, screens.

A detector that has never seen them takes every white sheet with something black on it for the nearest card.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from models.cards.similarity import seen_from_afar, similarity
from models.cards.symbols import HEIGHT, blank_sheet, draw_symbol
from models.cards.templates import CardTemplate

TOO_ALIKE = 0.8
"""Similarity to a card from which on a drawing is not used: it might well be that card."""
_TRIES = 8

Picture = NDArray[np.uint8]


class LookAlikes:
    """Draws things that look like cards.

    Args:
        templates: The cards. Their mirror images and the cards upside down are used too, unless they look like a card.
        photos: Pictures (H×W×3, RGB) to be seen on posters and screens.
    """

    def __init__(self, templates: Sequence[CardTemplate], photos: Sequence[Picture]) -> None:
        images = [template.image for template in templates]
        self._cards = [seen_from_afar(image) for image in images]
        self._photos = photos
        twisted = [flip for image in images for flip in (image[:, ::-1], image[::-1], image[::-1, ::-1])]
        self._twisted = [np.ascontiguousarray(image) for image in twisted if not self._is_card(image)]

    def draw(self, random: np.random.Generator) -> Picture:
        """Draw one.

        Args:
            random: Where chance comes from.

        Returns:
            H×W×4, ``uint8``: RGB and opacity.
        """
        for _ in range(_TRIES):
            image = self._any(random)
            if not self._is_card(image):
                return image
        return _opaque(blank_sheet(random))

    def _is_card(self, image: Picture) -> bool:
        distant = seen_from_afar(image)
        return any(similarity(card, distant) >= TOO_ALIKE for card in self._cards)

    def _any(self, random: np.random.Generator) -> Picture:
        kind = random.random()
        if kind < 0.2 and self._twisted:
            return self._twisted[random.integers(len(self._twisted))]
        if kind < 0.32:
            return _opaque(self._photo(random))
        sheet = blank_sheet(random)
        if kind > 0.4:
            draw_symbol(sheet, random)
        return _opaque(sheet)

    def _photo(self, random: np.random.Generator) -> Picture:
        """A poster or a screen: a part of a photo in a frame."""
        photo = self._photos[int(random.integers(len(self._photos)))]
        height, width = photo.shape[:2]
        share = random.uniform(0.2, 0.7)
        top, left = random.uniform(0, 1 - share, 2) * (height, width)
        part = photo[int(top) : int(top + share * height), int(left) : int(left + share * width)]
        aspect = random.choice([0.7, 1.0, 1.4, 1.78])
        poster = cv2.resize(part, (int(HEIGHT * aspect), HEIGHT), interpolation=cv2.INTER_AREA)
        edge = int(random.integers(0, 12))
        colour = tuple(int(value) for value in random.choice([10, 30, 235, 250], 1).repeat(3))
        return np.asarray(cv2.copyMakeBorder(poster, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=colour))


def _opaque(picture: Picture) -> Picture:
    return np.dstack([picture, np.full(picture.shape[:2], 255, np.uint8)])

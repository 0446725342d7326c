"""Pictures of cards that nobody took: cards in perspective on photos, seen through a fisheye, with exact boxes.

Every picture depends on nothing but the seed and its number, so that any of them can be made again and looked at:
``python -m models.cards.inspect CARDS_DIR --seed 7 --out sheet.png``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.cards import photography
from models.cards.canvas import NOTHING, Canvas
from models.cards.lens import Lens, random_lens
from models.cards.lookalikes import LookAlikes
from models.cards.people import cover_partly, draw_holder, hold
from models.cards.placement import Placement, turned
from models.cards.settings import SynthesisSettings
from models.cards.templates import CardTemplate
from models.cards.texture import Texture
from models.detection import Box
from models.evaluation.matching import LabelledThing

GONE = 0.25
"""Share of a card below which it is as good as absent."""
READABLE = 24.0
"""Grey levels between the dark and the bright parts of a card below which it counts neither way: in the dark or against
the light nobody could read it."""


_SMALL = 3.0
"""The lowest part of the range of heights ends at this multiple of the least."""
_TRIES = 6


@dataclass(frozen=True, eq=False)
class SyntheticPicture:
    """A picture and what is in it.

    Attributes:
        image: H×W×3 RGB, ``uint8``; the three channels are equal if the camera is a grey one.
        things: The cards, with boxes within the picture; ``ignore`` marks those that are hidden too much, too dark or
            too pale to be read.
    """

    image: NDArray[np.uint8]
    things: tuple[LabelledThing, ...]


class Synthesizer:
    """Makes pictures of cards.

    Args:
        templates: The cards.
        backgrounds: Pictures without cards, H×W×3 RGB.
        settings: What the pictures are like.
        seed: Two with the same seed make the same pictures.
    """

    def __init__(
        self,
        templates: Sequence[CardTemplate],
        backgrounds: Sequence[NDArray[np.uint8]],
        settings: SynthesisSettings,
        *,
        seed: int,
    ) -> None:
        self.labels = tuple(template.label for template in templates)
        self.settings = settings
        self._textures = [Texture.of(template.image) for template in templates]
        self._backgrounds = backgrounds
        self._look_alikes = LookAlikes(templates, backgrounds)
        self._seed = seed

    def picture(self, number: int) -> SyntheticPicture:
        """Make a picture.

        Args:
            number: Which one, from 0 on.

        Returns:
            The same for the same number, whatever was made before.
        """
        random = np.random.default_rng((self._seed, number))
        settings = self.settings
        canvas = Canvas(self._background(random))
        corner = _corner(settings, random)
        placed = self._place_all(canvas, random)
        photography.light(canvas.picture, random)
        smallest = min([placement.height for _, placement in placed], default=settings.largest)
        if corner is not None:
            canvas.cover(corner, (0.0, 0.0, 0.0))
        grey = bool(random.random() < settings.grey_share)
        exposed = photography.blur(canvas.picture, smallest, random)
        photography.expose(exposed, random)
        if grey:
            photography.make_grey(exposed)
        things = [self._thing(canvas, exposed, owner, *card) for owner, card in enumerate(placed)]
        image = photography.record(exposed, grey=grey, random=random)
        if corner is not None:  # it is cut from the finished picture, so it is black whatever the exposure
            cv2.fillConvexPoly(image, np.round(corner).astype(np.int32), (0, 0, 0))
        return SyntheticPicture(image, tuple(thing for thing in things if thing is not None))

    def _background(self, random: np.random.Generator) -> NDArray[np.float32]:
        """A part of a photo, mirrored or not."""
        photo = self._backgrounds[int(random.integers(len(self._backgrounds)))]
        height, width = self.settings.height, self.settings.width
        scale = random.uniform(0.4, 1.0) * min(photo.shape[0] / height, photo.shape[1] / width)
        rows, columns = int(height * scale), int(width * scale)
        top = random.integers(photo.shape[0] - rows + 1)
        left = random.integers(photo.shape[1] - columns + 1)
        part = photo[top : top + rows, left : left + columns]
        if random.random() < 0.5:
            part = part[:, ::-1]
        resized = cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA if scale > 1 else cv2.INTER_LINEAR)
        return np.asarray(resized * np.float32(random.uniform(0.6, 1.2)), np.float32)

    def _place_all(self, canvas: Canvas, random: np.random.Generator) -> list[tuple[int, Placement]]:
        """Put look-alikes and cards in, small ones first since they are farther away.

        Returns:
            Each card's number among the templates and its place; a card's owner is its index here.
        """
        settings = self.settings
        cards = 0 if random.random() < settings.empty_share else int(random.integers(1, settings.most_cards + 1))
        others = int(random.integers(0, settings.most_look_alikes + 1))
        is_card = random.permutation(np.arange(cards + others) < cards)
        lens = random_lens(random, settings.height, settings.width)
        planned: list[tuple[int | None, Placement]] = []
        # Large ones choose their place first, or there would be none left for them.
        for height, real in zip(-np.sort([-self._height(random) for _ in is_card]), is_card, strict=True):
            kind = int(random.integers(len(self._textures))) if real else None
            texture = Texture.of(self._look_alikes.draw(random)) if kind is None else self._textures[kind]
            placement = self._free_place(lens, texture, float(height), [other.box() for _, other in planned], random)
            if placement is not None:
                planned.append((kind, placement))
        placed: list[tuple[int, Placement]] = []
        for kind, placement in reversed(planned):
            self._put(canvas, placement, NOTHING if kind is None else len(placed), random)
            if kind is not None:
                placed.append((kind, placement))
        return placed

    def _height(self, random: np.random.Generator) -> float:
        low, high = self.settings.smallest, self.settings.largest
        if random.random() < self.settings.small_share:
            high = min(high, low * _SMALL)
        return float(np.exp(random.uniform(np.log(low), np.log(high))))

    def _free_place(
        self, lens: Lens, texture: Texture, height: float, taken: list[Box], random: np.random.Generator
    ) -> Placement | None:
        for _ in range(_TRIES):
            pixel = (random.uniform(0, self.settings.width), random.uniform(0, self.settings.height))
            placement = Placement.at(lens, texture, pixel, height, _random_turn(random))
            if not any(_overlap(placement.box(), box) for box in taken):
                return placement
        return None

    def _put(self, canvas: Canvas, placement: Placement, owner: int, random: np.random.Generator) -> None:
        patch = placement.render(canvas.height, canvas.width)
        if patch is None:
            return
        held = random.random() < 0.35
        if held:
            draw_holder(canvas, placement, random)
        canvas.paste(patch, owner, random)
        if held:
            hold(canvas, placement, random)
        if random.random() < 0.08:
            cover_partly(canvas, placement, random)

    def _thing(
        self, canvas: Canvas, exposed: NDArray[np.float32], owner: int, kind: int, placement: Placement
    ) -> LabelledThing | None:
        whole = float(cv2.contourArea(placement.outline().astype(np.float32)))
        seen = canvas.visible(owner)
        share = np.count_nonzero(seen) / max(whole, 1.0)
        box = canvas.clipped(placement.box())
        if share < GONE or box.width < 1 or box.height < 1:
            return None
        dark, bright = np.percentile(exposed[seen].mean(axis=1).clip(0, 255), (5, 95))
        return LabelledThing(
            self.labels[kind], box, ignore=bool(share < self.settings.visible or bright - dark < READABLE)
        )


def _random_turn(random: np.random.Generator) -> NDArray[np.float64]:
    """A card is held about upright, and turned and tilted to any side."""
    degrees = (
        np.clip(random.normal(0, 9), -25, 25),
        55 * random.triangular(-1, 0, 1),
        35 * random.triangular(-1, 0, 1),
    )
    return turned(*np.deg2rad(degrees).tolist())


def _overlap(first: Box, second: Box) -> bool:
    """Whether boxes share more than a tenth of the smaller one's width and height."""
    width = min(first.x_max, second.x_max) - max(first.x_min, second.x_min)
    height = min(first.y_max, second.y_max) - max(first.y_min, second.y_min)
    return bool(width > 0.1 * min(first.width, second.width) and height > 0.1 * min(first.height, second.height))


def _corner(settings: SynthesisSettings, random: np.random.Generator) -> NDArray[np.float64] | None:
    """Three corners of what an upright picture of a rolled camera does not show, sometimes."""
    if random.random() >= settings.corner_share:
        return None
    x, y = random.choice([0, settings.width]), random.choice([0, settings.height])
    wide, high = random.uniform(0.05, 0.6) * settings.width, random.uniform(0.05, 0.6) * settings.height
    return np.array([(x, y), (x + (wide if x == 0 else -wide), y), (x, y + (high if y == 0 else -high))], np.float64)

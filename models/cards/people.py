"""Roughly drawn people who hold cards, and things that get in front of cards."""

from __future__ import annotations

import numpy as np

from models.cards.canvas import Canvas, Colour, ellipse
from models.cards.placement import Placement

_SKINS = ((236, 200, 176), (214, 168, 138), (174, 124, 92), (122, 82, 60), (78, 52, 40))


def draw_holder(canvas: Canvas, placement: Placement, random: np.random.Generator) -> None:
    """Draw somebody's trunk and head behind where a card is going to be."""
    middle = np.mean(placement.outline(), axis=0)
    size = placement.height * random.uniform(1.2, 2.4)
    chest = middle + size * random.uniform(-0.3, 0.3, 2)
    colour = _clothes(random)
    canvas.cover(ellipse(_point(chest), (size * 0.5, size), random.uniform(-0.1, 0.1)), colour)
    for stripe in range(int(random.choice([0, 0, 3, 6]))):
        level = chest + np.array([0, size * (stripe / 6 - 0.5)])
        canvas.cover(ellipse(_point(level), (size * 0.44, size * 0.03), 0), _clothes(random))
    if random.random() < 0.7:
        head = chest - np.array([0, size * 1.15])
        canvas.cover(ellipse(_point(head), (size * 0.2, size * 0.27), 0), _skin(random))


def hold(canvas: Canvas, placement: Placement, random: np.random.Generator) -> None:
    """Draw hands over the edges of a card."""
    outline, skin = placement.outline(), _skin(random)
    middle = outline.mean(axis=0)
    for _ in range(random.integers(1, 3)):
        edge = outline[random.integers(len(outline))]
        place = middle + (edge - middle) * random.uniform(0.9, 1.05)
        size = placement.height * random.uniform(0.05, 0.11)
        canvas.cover(ellipse(_point(place), (size, size * random.uniform(0.5, 1)), random.uniform(0, np.pi)), skin)


def cover_partly(canvas: Canvas, placement: Placement, random: np.random.Generator) -> None:
    """Put something in front of one side of a card."""
    outline = placement.outline()
    middle = outline.mean(axis=0)
    edge = outline[random.integers(len(outline))]
    size = placement.height * random.uniform(0.2, 0.5)
    place = middle + (edge - middle) * random.uniform(0.8, 1.4)
    corners = ellipse(_point(place), (size, size * random.uniform(0.4, 1.5)), random.uniform(0, np.pi))
    canvas.cover(corners if random.random() < 0.5 else corners[::5], _clothes(random))


def _point(place: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> tuple[float, float]:
    return float(place[0]), float(place[1])


def _clothes(random: np.random.Generator) -> Colour:
    red, green, blue = random.uniform(15, 230) * random.uniform(0.6, 1.1, 3)
    return float(red), float(green), float(blue)


def _skin(random: np.random.Generator) -> Colour:
    red, green, blue = np.array(_SKINS[random.integers(len(_SKINS))]) * random.uniform(0.5, 1.05)
    return float(red), float(green), float(blue)

"""Boxes with labels, drawn on pictures."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from models import Box
from spot_agent.reporting.palette import Colour

FONT_SHARE = 0.042  # of the picture's shorter visible width: about 12 pixels when it is shown 300 pixels wide
MIN_FONT = 9  # pixels
WHITE, BLACK = (255, 255, 255), (0, 0, 0)
FAINT = Colour.parse("#d8dde6")


class Emphasis(IntEnum):
    """How much a mark asks to be seen."""

    FAINT = 0
    CUE = 1
    TARGET = 2


@dataclass(frozen=True, slots=True)
class Mark:
    """One box to draw.

    Attributes:
        box: Where, in pixels of the picture.
        title: First line of its label.
        detail: Second line; empty for none.
        colour: Of the box and the label's edge; ``None`` for the faint one.
        emphasis: How it is drawn.
    """

    box: Box
    title: str
    detail: str
    colour: Colour | None
    emphasis: Emphasis

    def scaled(self, scale: float) -> Mark:
        """The mark on a picture of another size."""
        return replace(self, box=Box(*(edge * scale for edge in self.box)))


@dataclass(frozen=True, slots=True)
class _Label:
    """A label that has its place: the mark, its left and upper edge and its size in pixels."""

    mark: Mark
    area: Box


def draw_marks(picture: NDArray[np.uint8], marks: Sequence[Mark]) -> NDArray[np.uint8]:
    """Draw marks on a copy of a picture.

    Args:
        picture: H×W×3 RGB, ``uint8``.
        marks: In the order of drawing; labels of later ones lie on top and get their places first.

    Returns:
        H×W×3 RGB, ``uint8``.
    """
    height, width = picture.shape[:2]
    canvas = Image.fromarray(np.ascontiguousarray(picture))
    pen = _Pen(ImageDraw.Draw(canvas, "RGBA"), width, height)
    for mark in marks:
        pen.draw_box(mark)
    for label in reversed(pen.place_labels(list(reversed(marks)))):
        pen.draw_label(label)
    return np.array(canvas)


class _Pen:
    """Draws on one picture, with sizes that fit it."""

    def __init__(self, draw: ImageDraw.ImageDraw, width: int, height: int) -> None:
        self._draw, self._width, self._height = draw, width, height
        size = max(MIN_FONT, round(min(width, 1.25 * height) * FONT_SHARE))
        self._fonts = {
            Emphasis.FAINT: _font("DejaVuSans.ttf", max(MIN_FONT, round(size * 0.75))),
            Emphasis.CUE: _font("DejaVuSans-Bold.ttf", size),
            Emphasis.TARGET: _font("DejaVuSans-Bold.ttf", size),
        }
        self._detail_font = _font("DejaVuSans.ttf", round(size * 0.92))
        self._stroke = max(1, round(size / 8))
        self._pad = max(2, size // 5)

    def draw_box(self, mark: Mark) -> None:
        """Draw the box itself; a target's has a white casing, so that it stands out of any picture."""
        colour = mark.colour or FAINT
        if mark.emphasis is Emphasis.FAINT:
            self._outline(mark.box, colour.with_alpha(150), 0, max(1, self._stroke // 2))
        elif mark.emphasis is Emphasis.CUE:
            self._outline(mark.box, (*BLACK, 110), 0, self._stroke + 2)
            self._outline(mark.box, colour.with_alpha(255), 1, self._stroke)
        else:
            # A small thing must stay visible within its box.
            stroke = max(1, min(self._stroke, round(min(mark.box.width, mark.box.height) / 16)))
            self._outline(mark.box, (*BLACK, 130), 0, stroke * 4 + 1)
            self._outline(mark.box, (*WHITE, 255), 1, stroke * 4 - 1)
            self._outline(mark.box, colour.with_alpha(255), 1 + stroke, stroke * 2)

    def _outline(self, box: Box, colour: tuple[int, int, int, int], inset: int, stroke: int) -> None:
        """Draw a frame that lies inside both box and picture, so that boxes at the rim keep all their edges."""
        left = min(max(0, round(box.x_min)), self._width - 1) + inset
        top = min(max(0, round(box.y_min)), self._height - 1) + inset
        right = max(left + 1, min(round(box.x_max), self._width - 1) - inset)
        bottom = max(top + 1, min(round(box.y_max), self._height - 1) - inset)
        self._draw.rectangle((left, top, right, bottom), outline=colour, width=stroke)

    def place_labels(self, marks: Sequence[Mark]) -> list[_Label]:
        """Give each label the free place nearest to its box, the first mark first."""
        placed: list[_Label] = []
        for mark in marks:
            width, height = self._label_size(mark)
            candidates = [self._kept_inside(corner, width, height) for corner in _corners(mark.box, width, height)]
            costs = [_cost(area, mark, marks, placed) for area in candidates]
            best = candidates[costs.index(min(costs))]
            crowded = sum(_overlap(best, other.area) for other in placed) > 0.3 * best.area
            if mark.emphasis is not Emphasis.FAINT or not crowded:
                placed.append(_Label(mark, best))
        return placed

    def _label_size(self, mark: Mark) -> tuple[float, float]:
        font = self._fonts[mark.emphasis]
        width = font.getlength(mark.title)
        height = font.size * 1.2
        if mark.detail:
            width = max(width, self._detail_font.getlength(mark.detail))
            height += self._detail_font.size * 1.15
        return width + 3 * self._pad, height + self._pad

    def _kept_inside(self, corner: tuple[float, float], width: float, height: float) -> Box:
        left = max(0.0, min(corner[0], self._width - width))
        top = max(0.0, min(corner[1], self._height - height))
        return Box(left, top, left + width, top + height)

    def draw_label(self, label: _Label) -> None:
        """Draw the label's ground, its edge in the box's colour, and its lines."""
        mark, area = label.mark, label.area
        colour = mark.colour or FAINT
        target, faint = mark.emphasis is Emphasis.TARGET, mark.emphasis is Emphasis.FAINT
        ground = colour.with_alpha(245) if target else (16, 20, 28, 110 if faint else 200)
        edges = tuple(round(edge) for edge in area)
        self._draw.rectangle(edges, fill=ground)
        if target:
            self._draw.rectangle(edges, outline=(*WHITE, 255), width=max(1, self._stroke // 2))
        elif not faint:
            self._draw.rectangle((edges[0], edges[1], edges[0] + self._pad - 1, edges[3]), fill=colour.with_alpha(255))
        font = self._fonts[mark.emphasis]
        left, top = area.x_min + 1.5 * self._pad, area.y_min + self._pad / 2
        ink = FAINT.with_alpha(230) if faint else (*WHITE, 255)
        self._draw.text((left, top), mark.title, font=font, fill=ink)
        if mark.detail:
            self._draw.text((left, top + font.size * 1.2), mark.detail, font=self._detail_font, fill=ink)


def _corners(box: Box, width: float, height: float) -> list[tuple[float, float]]:
    """Upper left corners for a label in the order of liking: above the box, below, inside, beside."""
    right = box.x_max - width
    return [
        (box.x_min, box.y_min - height), (right, box.y_min - height), (box.x_min, box.y_max), (right, box.y_max),
        (box.x_min, box.y_min), (box.x_min, box.y_max - height), (box.x_max, box.y_min), (box.x_min - width, box.y_min),
    ]  # fmt: skip


def _cost(area: Box, mark: Mark, marks: Sequence[Mark], placed: Sequence[_Label]) -> float:
    """How much a label at a place would hide: other labels above all, then small things in boxes, then its own."""
    hidden = 4.0 * sum(_overlap(area, label.area) for label in placed)
    for other in marks:
        if other.emphasis is not Emphasis.FAINT and other.box.area < 4 * area.area:
            hidden += (0.3 if other is mark else 2.0) * _overlap(area, other.box)
    return hidden


def _overlap(one: Box, other: Box) -> float:
    width = min(one.x_max, other.x_max) - max(one.x_min, other.x_min)
    height = min(one.y_max, other.y_max) - max(one.y_min, other.y_min)
    return max(0.0, width) * max(0.0, height)


@functools.cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    # Matplotlib brings these fonts along, so that every machine draws the same letters. It is slow to load.
    import matplotlib

    return ImageFont.truetype(str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name), size)

"""Boxes with labels, drawn on pictures."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from models import Box
from spot_agent.reporting.label_places import PlacedLabel, place_labels
from spot_agent.reporting.mark import Emphasis, Mark
from spot_agent.reporting.palette import Colour

FONT_SHARE = 0.042  # of the picture's shorter visible width: about 12 pixels when it is shown 300 pixels wide
MIN_FONT = 9  # pixels
ARROW_SHARE = 0.6  # of the box's diagonal
ARROW_HEAD = math.radians(30)
WHITE, BLACK = (255, 255, 255), (0, 0, 0)
FAINT = Colour.parse("#d8dde6")


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
    labels = place_labels(list(reversed(marks)), pen.label_size, width, height)
    for label in reversed(labels):
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
        if mark.direction is not None:
            self._arrow(mark.box, mark.direction, colour)

    def _arrow(self, box: Box, direction: float, colour: Colour) -> None:
        """Draw where a thing points to: from the middle of its box to beyond the box's edge."""
        x, y = box.centre
        length = ARROW_SHARE * math.hypot(box.width, box.height)
        tip = (x + length * math.cos(direction), y + length * math.sin(direction))
        for ink, width in (((*BLACK, 130), 3 * self._stroke), (colour.with_alpha(255), self._stroke)):
            self._draw.line(((x, y), tip), fill=ink, width=width)
            for side in (-ARROW_HEAD, ARROW_HEAD):
                back = direction + math.pi + side
                end = (tip[0] + length / 4 * math.cos(back), tip[1] + length / 4 * math.sin(back))
                self._draw.line((tip, end), fill=ink, width=width)

    def _outline(self, box: Box, colour: tuple[int, int, int, int], inset: int, stroke: int) -> None:
        """Draw a frame that lies inside both box and picture, so that boxes at the rim keep all their edges."""
        left = min(max(0, round(box.x_min)), self._width - 1) + inset
        top = min(max(0, round(box.y_min)), self._height - 1) + inset
        right = max(left + 1, min(round(box.x_max), self._width - 1) - inset)
        bottom = max(top + 1, min(round(box.y_max), self._height - 1) - inset)
        self._draw.rectangle((left, top, right, bottom), outline=colour, width=stroke)

    def label_size(self, mark: Mark) -> tuple[float, float]:
        """Width and height of a mark's label in pixels."""
        font = self._fonts[mark.emphasis]
        width = font.getlength(mark.title)
        height = font.size * 1.2
        if mark.detail:
            width = max(width, self._detail_font.getlength(mark.detail))
            height += self._detail_font.size * 1.15
        return width + 3 * self._pad, height + self._pad

    def draw_label(self, label: PlacedLabel) -> None:
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


@functools.cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    # Matplotlib brings these fonts along, so that every machine draws the same letters. It is slow to load.
    import matplotlib

    return ImageFont.truetype(str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name), size)

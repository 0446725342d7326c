"""What is to be drawn on a picture."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum

from models import Box
from spot_agent.reporting.palette import Colour


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
        direction: Where the thing points to, as ``models.Detection.direction``; ``None`` for nowhere.
    """

    box: Box
    title: str
    detail: str
    colour: Colour | None
    emphasis: Emphasis
    direction: float | None = None

    def scaled(self, scale: float) -> Mark:
        """The mark on a picture of another size."""
        return replace(self, box=Box(*(edge * scale for edge in self.box)))

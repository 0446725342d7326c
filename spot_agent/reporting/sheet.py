"""A figure laid out in pixels, with its style: no global state of Matplotlib is touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from spot_agent.reporting.phrases import shorten

WIDTH, HEIGHT, DPI = 1800, 1200, 150
INK, MUTED, GRID, PAPER = "#1c2430", "#697386", "#e3e7ee", "#ffffff"
FONT = "DejaVu Sans"  # Matplotlib brings it along, so that every machine draws the same letters
SMALL, NORMAL, LARGE = 7.0, 8.0, 14.0  # points


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle in pixels from the sheet's upper left corner."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.top + self.height


class Sheet:
    """The paper that a story is drawn on, 1800 pixels wide.

    Args:
        height: In pixels.
    """

    def __init__(self, height: int = HEIGHT) -> None:
        self.height = height
        self.figure = Figure(figsize=(WIDTH / DPI, height / DPI), dpi=DPI, facecolor=PAPER)
        self._canvas = FigureCanvasAgg(self.figure)

    def axes(self, area: Area) -> Axes:
        """Add axes in the house style: no frame, light grid, small figures."""
        fractions = (area.left / WIDTH, 1 - area.bottom / self.height, area.width / WIDTH, area.height / self.height)
        axes = self.figure.add_axes(fractions)
        axes.set_facecolor(PAPER)
        for spine in axes.spines.values():
            spine.set_color(GRID)
        self.style_ticks(axes)
        return axes

    def style_ticks(self, axes: Axes) -> None:
        """Make the figures on the axes small and muted."""
        axes.tick_params(colors=MUTED, labelsize=SMALL, length=2.5, width=0.6, color=GRID, labelfontfamily=FONT)

    def text(
        self, x: float, y: float, words: str, *, size: float = NORMAL, width: float | None = None, **style: object
    ) -> Text:
        """Write a line at a place; cut it to a width in pixels where one is given."""
        look: dict[str, Any] = {"size": size, "color": INK, "va": "baseline", "family": FONT}
        drawn = self.figure.text(x / WIDTH, 1 - y / self.height, words, **(look | style))
        drawn.set_parse_math(False)
        if width is not None:
            self._fit(drawn, words, width)
        return drawn

    def width_of(self, text: Text) -> float:
        """Width of a text in pixels."""
        return float(text.get_window_extent(self._canvas.get_renderer()).width)

    def line(self, points: Sequence[tuple[float, float]], **style: Any) -> None:  # noqa: ANN401 - Matplotlib's own
        """Draw a line through points."""
        xs, ys = [x / WIDTH for x, _ in points], [1 - y / self.height for _, y in points]
        self.figure.add_artist(Line2D(xs, ys, transform=self.figure.transFigure, **style))

    def badge(self, x: float, y: float, number: int) -> None:
        """Draw a moment's number in a dot."""
        self.text(x, y, str(number), size=SMALL, color=PAPER, weight="bold", ha="center", va="center_baseline",
                  bbox={"boxstyle": "circle,pad=0.22", "facecolor": INK, "edgecolor": "none"})  # fmt: skip

    def save(self, path: Path) -> None:
        """Write the sheet as a PNG file.

        Raises:
            OSError: It cannot be written.
        """
        self._canvas.print_png(path, metadata={"Software": "spot-agent"})

    def _fit(self, drawn: Text, words: str, width: float) -> None:
        length = len(words)
        while length > 1 and self.width_of(drawn) > width:
            length = max(1, min(length - 1, int(length * width / self.width_of(drawn)) + 1))
            drawn.set_text(shorten(words, length))

"""The figures of a story: how often and how long each rule acted."""

from __future__ import annotations

from collections.abc import Sequence

from spot_agent.reporting.sheet import GRID, INK, MUTED, SMALL, Area, Sheet
from spot_agent.reporting.story import Tally

ROW = 26  # pixels
MIN_HEIGHT = 3 * ROW


def draw_table(sheet: Sheet, tallies: Sequence[Tally], area: Area) -> None:
    """Draw it, as far as there is room."""
    room = int(area.height / ROW) - 1
    y = area.top + ROW
    _write_row(sheet, area, y, ("rules that acted", "times", "seconds"), MUTED, "bold")
    sheet.line([(area.left, y + 8), (area.right, y + 8)], color=GRID, linewidth=0.8)
    shown = tallies if len(tallies) <= room else tallies[: room - 1]
    for tally in shown:
        y += ROW
        _write_row(sheet, area, y, (tally.name, f"{tally.times}", f"{tally.seconds:.1f}"), INK, "normal")
    if len(shown) < len(tallies):
        _write_row(sheet, area, y + ROW, (f"and {len(tallies) - len(shown)} more", "", ""), MUTED, "normal")


def _write_row(sheet: Sheet, area: Area, y: float, cells: tuple[str, str, str], colour: str, weight: str) -> None:
    name, times, seconds = cells
    sheet.text(area.left, y, name, size=SMALL, color=colour, weight=weight, width=area.width - 190)
    sheet.text(area.right - 100, y, times, size=SMALL, color=colour, weight=weight, ha="right")
    sheet.text(area.right, y, seconds, size=SMALL, color=colour, weight=weight, ha="right")

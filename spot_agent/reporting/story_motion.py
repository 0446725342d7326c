"""The curves of a story: speed and turn rate over the postures."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from behaviors import Posture
from spot_agent.reporting.sheet import FONT, GRID, INK, MUTED, SMALL, Area, Sheet
from spot_agent.reporting.story import Story
from spot_agent.reporting.story_runs import runs

SPEED, TURN = "#1b6fc4", "#e07b1a"
POSTURES = {
    Posture.SITTING: "#f4ead6",
    Posture.STANDING: "#e2f1e7",
    Posture.STEPPING: "#dbe9f8",
    Posture.CHANGING: "#ece2f4",
    Posture.UNKNOWN: "#efefef",
}
TIME_COLOURS = "viridis"


def draw_motion(sheet: Sheet, story: Story, area: Area) -> tuple[Axes, list[Patch]]:
    """Draw the curves.

    Returns:
        The axes of the speed, and the legend's entries for the postures that occur.
    """
    axes = sheet.axes(area)
    bands = runs(story, lambda part: part.posture)
    for band in bands:
        axes.axvspan(band.start, band.start + band.length, color=POSTURES[Posture(band.value)], linewidth=0, zorder=0)
    if moved(story):
        _draw_curves(sheet, story, axes)
    else:
        axes.set_yticks([])
        axes.text(0.5, 0.5, "the robot did not move", transform=axes.transAxes, size=SMALL, color=MUTED, family=FONT,
                  ha="center", va="center_baseline")  # fmt: skip
    axes.set_xlim(0, max(story.duration, story.step))
    axes.set_xlabel("seconds since the start", size=SMALL, color=MUTED, family=FONT, labelpad=13)
    return axes, _legend({band.value for band in bands})


def _draw_curves(sheet: Sheet, story: Story, axes: Axes) -> None:
    times = (np.arange(len(story.slices)) + 0.5) * story.step
    speed = np.array([math.nan if part is None else part.speed for part in story.slices])
    turn = np.array([math.nan if part is None else math.degrees(part.turn_rate) for part in story.slices])
    axes.plot(times, speed, color=SPEED, linewidth=1.4, zorder=4)
    axes.set_ylim(0, max(0.5, 1.15 * float(np.nanmax(speed, initial=0.0))))
    turning = axes.twinx()
    sheet.style_ticks(turning)
    turning.patch.set_visible(False)
    turning.plot(times, turn, color=TURN, linewidth=0.9, alpha=0.9, zorder=3)
    reach = max(20.0, 1.15 * float(np.nanmax(np.abs(turn), initial=0.0)))
    turning.set_ylim(-reach, reach)
    for one, words, colour in ((axes, "speed  m/s", SPEED), (turning, "turn rate  deg/s", TURN)):
        one.set_ylabel(words, size=SMALL, color=colour, family=FONT)
        one.tick_params(axis="y", colors=colour)
        one.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
        for spine in one.spines.values():
            spine.set_color(GRID)


def moved(story: Story) -> bool:
    """Whether the robot ever walked or turned; less than 0.02 m/s or 1 deg/s is noise."""
    return any(part.speed > 0.02 or abs(part.turn_rate) > math.radians(1) for part in story.slices if part)


def draw_time_ramp(sheet: Sheet, area: Area) -> None:
    """Draw the colours of the map's path under the time axis, so that one explains the other."""
    axes = sheet.axes(area)
    axes.imshow(np.linspace(0, 1, 256)[np.newaxis], aspect="auto", cmap=TIME_COLOURS, vmin=0, vmax=1)
    axes.set_axis_off()


def _legend(found: set[str]) -> list[Patch]:
    return [
        Patch(facecolor=colour, edgecolor=INK, linewidth=0.3, label=posture.value)
        for posture, colour in POSTURES.items()
        if posture in found
    ]

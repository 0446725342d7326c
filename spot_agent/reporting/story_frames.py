"""The row of camera pictures on a story's sheet, and the lines from them to the time line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from matplotlib.axes import Axes

from spot_agent.reporting.sheet import GRID, INK, MUTED, SMALL, Area, Sheet
from spot_agent.reporting.story import Moment
from spot_agent.reporting.story_moments import thin

GAP, CAPTION_HEIGHT = 16, 52  # pixels
FEWEST, MOST = 6, 8
BADGE = 27.0  # pixels
LEADER: dict[str, Any] = {"color": MUTED, "linewidth": 0.6, "alpha": 0.8}


@dataclass(frozen=True, slots=True, eq=False)
class ShownMoment:
    """A moment on the sheet.

    Attributes:
        number: By which the picture, the time line and the map speak of it, counted from 1.
        moment: What happened.
        foot: Where its leader line begins, in pixels of the sheet.
    """

    number: int
    moment: Moment
    foot: tuple[float, float]


@dataclass(frozen=True, slots=True)
class FramesPlan:
    """Which moments are shown, and how large.

    Attributes:
        moments: In the order of time.
        cell: Width of each, in pixels.
        height: Height of the whole row with its captions, in pixels; 0 without any moment.
    """

    moments: tuple[Moment, ...]
    cell: float
    height: float


def plan_frames(moments: Sequence[Moment], width: float, height: float) -> FramesPlan:
    """Choose six to eight moments, fewer if there are not as many, that fill a row.

    Args:
        moments: To choose from.
        width: Of the row in pixels.
        height: Of the row in pixels, at most.
    """
    if not moments:
        return FramesPlan((), 0.0, 0.0)
    room = height - CAPTION_HEIGHT
    aspects = [moment.picture.shape[1] / moment.picture.shape[0] for moment in moments]
    fitting = int(width / (room * float(np.median(aspects)) + GAP))
    chosen = thin(moments, max(FEWEST, min(MOST, fitting)))
    cell = min((width - GAP * (len(chosen) - 1)) / len(chosen), room * 16 / 9)
    used = min(room, max(cell * moment.picture.shape[0] / moment.picture.shape[1] for moment in chosen))
    return FramesPlan(tuple(chosen), cell, used + CAPTION_HEIGHT)


def draw_frames(sheet: Sheet, plan: FramesPlan, left: float, top: float) -> list[ShownMoment]:
    """Draw the row.

    Args:
        sheet: What to draw on.
        plan: What to draw.
        left: Of the row in pixels.
        top: Of the row in pixels.
    """
    shown = []
    for index, moment in enumerate(plan.moments):
        place = Area(left + index * (plan.cell + GAP), top, plan.cell, plan.height - CAPTION_HEIGHT)
        picture = _draw_picture(sheet, moment, place)
        _draw_caption(sheet, index + 1, moment, place)
        shown.append(ShownMoment(index + 1, moment, (picture.left + picture.width / 2, top + plan.height)))
    return shown


def draw_leaders(
    sheet: Sheet, shown: Sequence[ShownMoment], crossed: Sequence[Axes], area: Area, duration: float
) -> None:
    """Lead from each picture to its time.

    Args:
        sheet: What to draw on.
        shown: The moments.
        crossed: Time axes that each moment's line goes on through.
        area: Of the upper one of these.
        duration: Seconds that they show.
    """
    times = [item.moment.time for item in shown]
    exact = [area.left + area.width * (time / duration if duration > 0 else 0.0) for time in times]
    for item, x, apart in zip(shown, exact, _spread(exact, area.right), strict=True):
        foot_x, foot_y = item.foot
        sheet.line([(foot_x, foot_y + 4), (foot_x, foot_y + 12), (apart, area.top - 30)], **LEADER)
        sheet.line([(apart, area.top - 20), (x, area.top)], **LEADER)
        sheet.badge(apart, area.top - 20, item.number)
        for axes in crossed:
            axes.axvline(item.moment.time, color=INK, linewidth=0.5, alpha=0.35, linestyle=(0, (2, 2)), zorder=5)


def _spread(wanted: Sequence[float], right: float) -> list[float]:
    """Move places apart as far as their badges need, and back where they would leave the time line."""
    places = list(wanted)
    for index in range(1, len(places)):
        places[index] = max(places[index], places[index - 1] + BADGE)
    limit = right + BADGE
    for index in reversed(range(len(places))):
        places[index] = min(places[index], limit)
        limit = places[index] - BADGE
    return places


def _draw_picture(sheet: Sheet, moment: Moment, place: Area) -> Area:
    """Draw the picture as large as it fits, on the cell's floor."""
    height, width = moment.picture.shape[:2]
    scale = min(place.width / width, place.height / height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    area = Area(round(place.left), round(place.bottom - size[1]), *size)
    axes = sheet.axes(area)
    # One pixel of the picture for one of the sheet: what Matplotlib need not scale stays sharp.
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    axes.imshow(cv2.resize(moment.picture, size, interpolation=method), interpolation="nearest", aspect="auto")
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_color(GRID)
    return area


def _draw_caption(sheet: Sheet, number: int, moment: Moment, place: Area) -> None:
    first, second = place.bottom + 23, place.bottom + 44
    sheet.badge(place.left + 10, first - 5, number)
    time = sheet.text(place.left + 26, first, f"{moment.time:.1f} s", weight="bold")
    left = place.left + 26 + sheet.width_of(time) + 10
    sheet.text(left, first, moment.camera, size=SMALL, color=MUTED, width=max(1.0, place.right - left))
    sheet.text(place.left, second, moment.caption, size=SMALL, width=place.width)

"""The picture of a run: what the cameras saw, what was decided when and why, and where the robot went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.artist import Artist
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from spot_agent.reporting.palette import Palette
from spot_agent.reporting.sheet import FONT, HEIGHT, INK, LARGE, MUTED, NORMAL, PAPER, SMALL, WIDTH, Area, Sheet
from spot_agent.reporting.story import Story
from spot_agent.reporting.story_frames import FramesPlan, draw_frames, draw_leaders, plan_frames
from spot_agent.reporting.story_lanes import ACTING, COOLING, OUTRANKED, Lanes, draw_lanes, plan_lanes
from spot_agent.reporting.story_map import draw_map, map_aspect
from spot_agent.reporting.story_motion import draw_motion, draw_time_ramp, moved
from spot_agent.reporting.story_table import MIN_HEIGHT, draw_table

MARGIN, GUTTER, TITLE_BOTTOM, FOOT = 44, 250, 108, 158  # pixels
MAP_WIDTH = (430.0, 560.0)  # pixels, at least and at most; the time line gets what is left
MAP_HEIGHT = 360.0  # pixels, at least
MAP_GAP = 140.0  # pixels, for the figures at the axes between time line and map
LANE, CALM_LANE = 44, 60  # pixels, at most; the latter when no curve needs the room
LANE_GAP = 14  # pixels between lanes and curves
CURVES = (150.0, 330.0)  # pixels, at least and at most
CALM_CURVES = 60.0  # pixels, for a robot that did not move


@dataclass(frozen=True, slots=True)
class _Layout:
    height: int
    frames: FramesPlan
    lanes: Area
    motion: Area
    ramp: Area
    map: Area | None


def draw_story(story: Story, path: Path, palette: Palette | None = None) -> None:
    """Draw a story as a PNG picture, 1800 pixels wide and 1200 high or less. Equal stories give equal pictures.

    Args:
        story: What to draw.
        path: Where to write it; its folder exists.
        palette: Colours of the cues' names, if their boxes are drawn already.

    Raises:
        OSError: It cannot be written.
    """
    if any(part is not None for part in story.slices):
        sheet = _draw_run(story, palette or Palette())
    else:
        sheet = Sheet(HEIGHT // 3)
        sheet.text(
            WIDTH / 2, sheet.height / 2 + 40, "Nothing happened: the loop never turned.", color=MUTED, ha="center"
        )
    _draw_title(sheet, story)
    sheet.save(path)


def _draw_run(story: Story, palette: Palette) -> Sheet:
    lanes = plan_lanes(story)
    layout = _lay_out(story, lanes)
    sheet = Sheet(layout.height)
    shown = draw_frames(sheet, layout.frames, MARGIN, TITLE_BOTTOM)
    axes, governor = draw_lanes(sheet, story, lanes, layout.lanes, palette)
    motion, postures = draw_motion(sheet, story, layout.motion)
    draw_leaders(sheet, shown, [axes, motion], layout.lanes, story.duration)
    if layout.map is not None:
        draw_time_ramp(sheet, layout.ramp)
        draw_map(sheet, story, shown, layout.map, palette)
        top = layout.map.bottom + 70
        below = Area(layout.map.left, top, layout.map.width, layout.ramp.bottom - top)
        if below.height >= MIN_HEIGHT and story.rule_tallies:
            draw_table(sheet, story.rule_tallies, below)
    _draw_legend(sheet, [*_bars(lanes, palette), *postures], layout.height - 62)
    true_path = Line2D([], [], color=MUTED, linewidth=1.0, alpha=0.7, linestyle=(0, (5, 2)), label="true path")
    shows_truth = layout.map is not None and any(path.points for path in story.true_paths)
    _draw_legend(sheet, [*governor, true_path] if shows_truth else governor, layout.height - 30)
    return sheet


def _lay_out(story: Story, lanes: Lanes) -> _Layout:
    """Give the lanes what they need, the pictures and the curves the rest."""
    calm = not moved(story)
    frames = plan_frames(story.moments, WIDTH - 2 * MARGIN, 310 if lanes.height < 10 else 250)
    top = TITLE_BOTTOM + frames.height + (70 if frames.moments else 10)
    lanes_height = min(lanes.height * (CALM_LANE if calm else LANE), HEIGHT - FOOT - top - CURVES[0])
    used = lanes_height + LANE_GAP + (CALM_CURVES if calm else CURVES[1])
    bottom = min(HEIGHT - FOOT, round(top + max(used, MAP_HEIGHT if story.positions_known else 0)))
    left, right, place = MARGIN + GUTTER, WIDTH - MARGIN - 70.0, None
    if story.positions_known:
        aspect = map_aspect(story)
        width = max(MAP_WIDTH[0], min(MAP_WIDTH[1], (bottom - top) * aspect))
        place = Area(WIDTH - MARGIN - width, top, width, max(MAP_HEIGHT, min(bottom - top, width / aspect)))
        right = place.left - MAP_GAP
    lane_area = Area(left, top, right - left, lanes_height)
    motion = Area(left, lane_area.bottom + LANE_GAP, right - left, bottom - lane_area.bottom - LANE_GAP)
    return _Layout(bottom + FOOT, frames, lane_area, motion, Area(left, bottom + 30, right - left, 7), place)


def _draw_title(sheet: Sheet, story: Story) -> None:
    sheet.text(MARGIN, 58, story.title, size=LARGE, weight="bold", width=WIDTH - 2 * MARGIN)
    facts = [f"{story.duration:.1f} s"]
    if not story.frames:
        facts.append("no frames")
    elif story.frame_rate is not None:
        facts.append(f"{story.frame_rate:.1f} frames/s looked at")
    if story.reaction is not None:
        facts.append(f"camera to command {story.reaction.p50:.0f} ms (median), {story.reaction.p95:.0f} ms (p95)")
    if story.slices and not story.positions_known:
        facts.append("positions unknown, so no map")
    if story.watching is not None:
        facts.append(f"only watching: {story.watching}")
    sheet.text(MARGIN, 86, "   ·   ".join(facts), size=NORMAL, color=MUTED, width=WIDTH - 2 * MARGIN)


def _bars(lanes: Lanes, palette: Palette) -> list[Artist]:
    seen = [Patch(color=palette[cue].hex, alpha=0.45, label="seen; paler is less sure") for cue in lanes.cues[:1]]
    return [
        *seen,
        Patch(color=ACTING, label="acting"),
        Patch(color=OUTRANKED, label="outranked"),
        Patch(facecolor=PAPER, edgecolor=COOLING, linewidth=0.5, hatch="//////", label="cooling down"),
        Line2D([], [], color=OUTRANKED, linewidth=1.6, label="done, waits for its end"),
    ]


def _draw_legend(sheet: Sheet, entries: Sequence[Artist], y: float) -> None:
    if not entries:
        return
    legend = sheet.figure.legend(
        handles=entries, loc="center left", bbox_to_anchor=((MARGIN + GUTTER - 10) / WIDTH, 1 - y / sheet.height),
        ncols=len(entries), frameon=False, prop={"family": FONT, "size": SMALL}, labelcolor=INK,
        handlelength=1.6, handleheight=0.9, columnspacing=1.6, handletextpad=0.5, borderpad=0,
    )  # fmt: skip
    for text in legend.get_texts():
        text.set_parse_math(False)

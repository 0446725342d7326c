"""The map of a story: where the robot went, and where it saw things."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from behaviors import Point2, SE2Pose
from spot_agent.reporting.palette import Palette
from spot_agent.reporting.sheet import FONT, GRID, INK, MUTED, PAPER, SMALL, Area, Sheet
from spot_agent.reporting.story import Slice, Story, TruePath
from spot_agent.reporting.story_frames import ShownMoment
from spot_agent.reporting.story_motion import TIME_COLOURS

MIN_EXTENT = 3.0  # m
ARROWS = 14
MAX_WAYS, MAX_NAMED = 24, 6
RIM = 1.25
STANDS_WITHIN = 0.5  # m; a thing whose positions spread less is drawn as standing
HALO = [withStroke(linewidth=2.2, foreground=PAPER)]


def map_aspect(story: Story) -> float:
    """Width over height of what is to be on the map."""
    left, right, bottom, top = _extent(story)
    return (right - left) / (top - bottom)


def draw_map(sheet: Sheet, story: Story, shown: Sequence[ShownMoment], area: Area, palette: Palette) -> None:
    """Draw it with equal axes in metres."""
    axes = sheet.axes(area)
    axes.grid(color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    _set_limits(axes, _extent(story), area)
    parts = _timed(story)
    for path in story.true_paths:
        _draw_true_path(axes, path, parts[0][1].pose.position)
    ways = _ways(parts)
    for index, track_id in enumerate(sorted(ways, key=lambda track_id: -len(ways[track_id]))[:MAX_WAYS]):
        name = next(part.things[track_id].name for _, part in parts if track_id in part.things)
        _draw_way(axes, ways[track_id], f"{name} #{track_id}" if index < MAX_NAMED else "", palette[name].hex)
    _draw_robot(axes, parts, story.duration)
    _draw_moments(axes, shown, parts)
    axes.set_xlabel("odom x  m", size=SMALL, color=MUTED, family=FONT)
    axes.set_ylabel("odom y  m", size=SMALL, color=MUTED, family=FONT, labelpad=1)


def _timed(story: Story) -> list[tuple[float, Slice]]:
    return [(index * story.step, part) for index, part in enumerate(story.slices) if part is not None]


def _extent(story: Story) -> tuple[float, float, float, float]:
    """Left, right, bottom and top in metres, with a rim; never so near that a standing robot's jitter fills it."""
    points = [part.pose.position for _, part in _timed(story)]
    points += [thing.position for _, part in _timed(story) for thing in part.things.values()]
    points += [Point2(x, y) for path in story.true_paths for x, y in path.points]
    limits = []
    for values in ([point.x for point in points], [point.y for point in points]):
        middle, half = (min(values) + max(values)) / 2, max(MIN_EXTENT, max(values) - min(values)) * RIM / 2
        limits += [middle - half, middle + half]
    return limits[0], limits[1], limits[2], limits[3]


def _set_limits(axes: Axes, extent: tuple[float, float, float, float], area: Area) -> None:
    """Show the extent with one scale for both axes."""
    left, right, bottom, top = extent
    scale = max((right - left) / area.width, (top - bottom) / area.height)  # metres per pixel
    axes.set_xlim((left + right - scale * area.width) / 2, (left + right + scale * area.width) / 2)
    axes.set_ylim((bottom + top - scale * area.height) / 2, (bottom + top + scale * area.height) / 2)
    axes.set_autoscale_on(False)


def _ways(parts: Sequence[tuple[float, Slice]]) -> dict[int, NDArray[np.float64]]:
    """N×2 positions of each thing that was tracked."""
    found: dict[int, list[tuple[float, float]]] = {}
    for _, part in parts:
        for track_id, thing in part.things.items():
            found.setdefault(track_id, []).append((thing.position.x, thing.position.y))
    return {track_id: np.array(points) for track_id, points in found.items()}


def _draw_way(axes: Axes, points: NDArray[np.float64], label: str, colour: str) -> None:
    middle = np.median(points, axis=0)
    spread = float(np.percentile(np.hypot(*(points - middle).T), 90))
    if spread < STANDS_WITHIN:
        axes.plot(*points.T, ".", color=colour, markersize=2, alpha=0.25, zorder=3)
        axes.plot(*middle, "D", color=colour, markersize=5, markeredgecolor=PAPER, markeredgewidth=0.8, zorder=6)
        end = middle
    else:
        axes.plot(*points.T, linestyle=(0, (0.5, 1.6)), dash_capstyle="round", color=colour, linewidth=1.8, zorder=3)
        axes.plot(*points[-1], "o", color=colour, markersize=5, markeredgecolor=PAPER, markeredgewidth=0.8, zorder=6)
        end = points[-1]
    if label:
        _write(axes, label, end, colour, 6, weight="bold")


def _draw_true_path(axes: Axes, path: TruePath, start: Point2) -> None:
    if not path.points:
        return
    xs, ys = zip(*path.points, strict=True)
    axes.plot(xs, ys, color=MUTED, linewidth=1.0, alpha=0.55, linestyle=(0, (5, 2)), zorder=2)
    axes.plot(xs[0], ys[0], "o", color=MUTED, markersize=3, alpha=0.8, zorder=2)
    # The robot's own lies under its measured path and begins where "start" is written already.
    if start.distance_to(Point2(xs[0], ys[0])) > STANDS_WITHIN:
        _write(axes, f"{path.name} (true)", np.array([xs[0], ys[0]]), MUTED, 6)


def _draw_robot(axes: Axes, parts: Sequence[tuple[float, Slice]], duration: float) -> None:
    if not parts:
        return
    times = np.array([time for time, _ in parts])
    points = np.array([(part.pose.x, part.pose.y) for _, part in parts])
    segments = np.stack([points[:-1], points[1:]], axis=1)
    path = LineCollection(list(segments), cmap=TIME_COLOURS, linewidths=2.6, capstyle="round", zorder=4)
    path.set_array(times[:-1])
    path.set_clim(0, max(duration, 1e-6))
    axes.add_collection(path)
    chosen = _spread_along(points)
    yaws = np.array([part.pose.yaw for _, part in parts])[chosen]
    axes.quiver(*points[chosen].T, np.cos(yaws), np.sin(yaws), times[chosen], cmap=TIME_COLOURS, clim=path.get_clim(),
                angles=np.degrees(yaws), scale=26, width=0.009, headwidth=4.2, headlength=4.5, headaxislength=4.0,
                edgecolor=PAPER, linewidth=0.4, zorder=5)  # fmt: skip
    axes.plot(*points[0], "o", color=PAPER, markeredgecolor=INK, markersize=6, markeredgewidth=1.1, zorder=7)
    _write(axes, "start", points[0], INK, 7)


def _spread_along(points: NDArray[np.float64]) -> NDArray[np.int64]:
    """Indices of points that lie evenly along the path; the last one is among them."""
    way = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))]) if len(points) > 1 else np.zeros(1)
    if way[-1] < 0.3:
        return np.array([len(points) - 1])
    return np.unique(np.minimum(np.searchsorted(way, np.linspace(0, way[-1], ARROWS)), len(points) - 1))


def _draw_moments(axes: Axes, shown: Sequence[ShownMoment], parts: Sequence[tuple[float, Slice]]) -> None:
    """Draw the moments' numbers beside the path; those that happened in one place share a sign."""
    reach = 0.05 * (axes.get_xlim()[1] - axes.get_xlim()[0])
    signs: list[tuple[SE2Pose, list[int]]] = []
    for item in shown:
        pose = min(parts, key=lambda timed: abs(timed[0] - item.moment.time))[1].pose
        near = next((numbers for other, numbers in signs if other.position.distance_to(pose.position) < reach), None)
        if near is None:
            signs.append((pose, [item.number]))
        else:
            near.append(item.number)
    for pose, numbers in signs:
        # To the right of the robot's nose, so that the numbers cover neither path nor arrow.
        offset = (16 * math.sin(pose.yaw), -16 * math.cos(pose.yaw))
        axes.annotate(" ".join(map(str, numbers)), (pose.x, pose.y), offset, textcoords="offset points", size=SMALL - 1,
                      color=PAPER, weight="bold", ha="center", va="center", family=FONT, zorder=10,
                      bbox={"boxstyle": "round,pad=0.3,rounding_size=0.7", "facecolor": INK, "edgecolor": PAPER,
                            "linewidth": 0.6},
                      arrowprops={"arrowstyle": "-", "color": INK, "linewidth": 0.5})  # fmt: skip


def _write(axes: Axes, words: str, at: NDArray[np.float64], colour: str, rise: float, **style: Any) -> None:  # noqa: ANN401 - Matplotlib's own
    """Write beside a point, on the side where the map has more room."""
    left, right = axes.get_xlim()
    on_left = at[0] > left + 0.6 * (right - left)
    axes.annotate(words, (float(at[0]), float(at[1])), (-7 if on_left else 7, rise), textcoords="offset points",
                  ha="right" if on_left else "left", size=SMALL, color=colour, family=FONT, path_effects=HALO, zorder=9,
                  parse_math=False, **style)  # fmt: skip

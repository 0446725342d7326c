"""Where an object is at a time, how it faces and how far it has walked: pure functions of its keyframes."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.scene.objects import Keyframe

_STILL = 0.02
"""A segment shorter than this, in metres, is standing, not walking."""

_SMOOTHING = 0.7
"""Seconds over which a walker's path and heading are averaged: it rounds corners and eases starts and stops."""

_SMOOTHING_SAMPLES = 9


@dataclass(frozen=True, slots=True)
class Placement:
    """Position in metres (world frame), yaw in radians, speed in m/s, distance walked since the start in metres."""

    x: float
    y: float
    z: float
    yaw: float
    speed: float = 0.0
    walked: float = 0.0


@dataclass(frozen=True)
class Path:
    """A polyline through keyframes, walked evenly between each two."""

    keyframes: Sequence[Keyframe]

    def raw(self, time: float) -> Placement:
        """The placement on the polyline itself, with its corners."""
        frames = self.keyframes
        index = min(max(bisect_right(self._times, time) - 1, 0), max(len(frames) - 2, 0))
        first, last = frames[index], frames[min(index + 1, len(frames) - 1)]
        duration = last.at - first.at
        share = min(max((time - first.at) / duration, 0.0), 1.0) if duration > 0 else 0.0
        points = self._points
        start, end = points[index], points[min(index + 1, len(frames) - 1)]
        x, y, z = (a + (b - a) * share for a, b in zip(start, end, strict=True))
        yaw_start, yaw_end = self._yaws[index]
        yaw = yaw_start + math.remainder(yaw_end - yaw_start, math.tau) * share
        walked = self._walked[index] + math.hypot(end[0] - start[0], end[1] - start[1]) * share
        return Placement(x, y, z, math.remainder(yaw, math.tau), 0.0, walked)

    def smooth(self, time: float) -> Placement:
        """The placement averaged over a short window, as a body moves: no sudden turns, starts or stops."""
        half = _SMOOTHING / 2
        if bisect_right(self._times, time - half) == bisect_right(self._times, time + half):
            middle = self.raw(time)  # the mean of what changes evenly
            way = self.raw(time + half).walked - self.raw(time - half).walked
            return replace(middle, speed=way / _SMOOTHING)
        samples = [self.raw(time - half + _SMOOTHING * k / (_SMOOTHING_SAMPLES - 1)) for k in range(_SMOOTHING_SAMPLES)]
        count = len(samples)
        yaw = math.atan2(sum(math.sin(s.yaw) for s in samples), sum(math.cos(s.yaw) for s in samples))
        return Placement(
            x=sum(s.x for s in samples) / count,
            y=sum(s.y for s in samples) / count,
            z=sum(s.z for s in samples) / count,
            yaw=yaw,
            speed=(samples[-1].walked - samples[0].walked) / _SMOOTHING,
            walked=sum(s.walked for s in samples) / count,
        )

    @cached_property
    def _points(self) -> list[tuple[float, float, float]]:
        return [_point(frame) for frame in self.keyframes]

    @cached_property
    def _times(self) -> list[float]:
        return [frame.at for frame in self.keyframes]

    @cached_property
    def _walked(self) -> list[float]:
        walked = [0.0]
        for first, last in zip(self.keyframes, self.keyframes[1:], strict=False):
            start, end = _point(first), _point(last)
            walked.append(walked[-1] + math.hypot(end[0] - start[0], end[1] - start[1]))
        return walked

    @cached_property
    def _yaws(self) -> list[tuple[float, float]]:
        """Yaw at the start and the end of each segment: as written, else the way it walks, else as before."""
        if len(self.keyframes) == 1:
            yaw = self.keyframes[0].yaw or 0.0
            return [(yaw, yaw)]
        yaws: list[tuple[float, float]] = []
        before = self._first_heading()
        for first, last in zip(self.keyframes, self.keyframes[1:], strict=False):
            start, end = _point(first), _point(last)
            step = (end[0] - start[0], end[1] - start[1])
            if math.hypot(*step) > _STILL and (first.yaw is None or last.yaw is None):
                heading = math.atan2(step[1], step[0])
                yaws.append((heading, heading))
            else:
                begin = before if first.yaw is None else first.yaw
                yaws.append((begin, begin if last.yaw is None else last.yaw))
            before = yaws[-1][1]
        return yaws

    def _first_heading(self) -> float:
        for first, last in zip(self.keyframes, self.keyframes[1:], strict=False):
            start, end = _point(first), _point(last)
            if math.dist(start, end) > _STILL:
                return math.atan2(end[1] - start[1], end[0] - start[0])
        return 0.0


def _point(frame: Keyframe) -> tuple[float, float, float]:
    x, y, *rest = frame.position
    return x, y, rest[0] if rest else 0.0

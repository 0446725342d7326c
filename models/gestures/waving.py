"""Waving: a gesture that only several pictures show.

An arm waves if, within the last ``WINDOW`` seconds, its wrist swung to and fro beside its elbow at least ``SWINGS``
times, each time by ``SWING`` forearm lengths or more, and was above the elbow all the while. Where an arm hangs, as
with people who walk, it does not wave, however it swings.
"""

from __future__ import annotations

import math
import statistics
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from models.gestures.definitions import SEEN
from models.gestures.figure import ELBOWS, WRISTS, Side
from models.pose import Pose

WINDOW = 2.0
"""Seconds that are looked at."""

SWINGS = 3
"""How often the wrist must swing from one side to the other."""

SWING = 0.35
"""How far one swing must go at least, in forearm lengths."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One person's pose at one time.

    Attributes:
        time: Seconds, on any clock that does not jump.
        pose: The key-points in the picture of that time.
    """

    time: float
    pose: Pose


def waving_sides(history: Sequence[Moment]) -> frozenset[Side]:
    """Tell which arms wave at the end of a history.

    Args:
        history: One person's poses in order of time; those older than ``WINDOW`` before the last are left out.

    Returns:
        The person's own sides whose arm waves. An arm that is seen and not up at some moment starts anew after it;
        moments at which wrist or elbow are not seen are left out.
    """
    if not history:
        return frozenset()
    recent = [moment for moment in history if moment.time >= history[-1].time - WINDOW]
    return frozenset(side for side in Side if _waves([moment.pose for moment in recent], side))


def is_waving(history: Sequence[Moment]) -> bool:
    """Tell whether either arm waves; see ``waving_sides``."""
    return bool(waving_sides(history))


class WaveWatch:
    """Watches one person. Feed it every pose of one track.

    Example:
        >>> watch = WaveWatch()
        >>> watch.update(0.0, Pose.from_array(np.ones((17, 3))))
        False
    """

    def __init__(self) -> None:
        self._history: deque[Moment] = deque()

    def update(self, time: float, pose: Pose) -> bool:
        """Add what is seen now, and tell whether the person waves.

        Args:
            time: Seconds, on any clock that does not jump. A time that is not later than the last one changes nothing.
            pose: The person's key-points.

        Returns:
            Whether an arm waves; see ``waving_sides``.
        """
        if not self._history or time > self._history[-1].time:
            self._history.append(Moment(time, pose))
        while self._history[0].time < self._history[-1].time - WINDOW:
            self._history.popleft()
        return is_waving(tuple(self._history))


def _waves(poses: Sequence[Pose], side: Side) -> bool:
    offsets: list[float] = []
    lengths: list[float] = []
    for pose in poses:
        wrist, elbow = pose[WRISTS[side]], pose[ELBOWS[side]]
        if min(wrist.score, elbow.score) < SEEN:
            continue
        if wrist.y >= elbow.y:
            offsets, lengths = [], []
            continue
        offsets.append(wrist.x - elbow.x)
        lengths.append(math.hypot(wrist.x - elbow.x, wrist.y - elbow.y))
    return len(offsets) > SWINGS and count_swings(offsets, SWING * statistics.median(lengths)) >= SWINGS


def count_swings(offsets: Sequence[float], amplitude: float) -> int:
    """Count how often a value goes from one side to the other.

    Args:
        offsets: The value at successive moments.
        amplitude: How far it must come back from its highest or lowest for that to be a turn; above 0.

    Returns:
        The number of ways, each at least ``amplitude`` long, between successive turns.
    """
    swings, heading = 0, 0
    low = high = offsets[0]
    for offset in offsets[1:]:
        if heading >= 0:
            high = max(high, offset)
        if heading <= 0:
            low = min(low, offset)
        if heading <= 0 and offset - low >= amplitude:
            swings, heading, high = swings + 1, 1, offset
        elif heading >= 0 and high - offset >= amplitude:
            swings, heading, low = swings + 1, -1, offset
    return swings

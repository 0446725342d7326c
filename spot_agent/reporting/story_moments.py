"""The moments of a run that are worth a picture: few are kept, fewer are shown."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from spot_agent.reporting.story import Moment, MomentKind

MAX_MOMENTS = 40
FIRST_SPACING = 0.5  # s


def thin(moments: Sequence[Moment], limit: int) -> list[Moment]:
    """Leave out the least telling moments until no more than ``limit`` are left.

    The first and the last one stay. Of the others, one is worth the more, the more its kind says, the longer the
    time that it stands for, and the less often the same has been told before.

    Args:
        moments: In the order of time.
        limit: How many may stay, at least two.
    """
    kept = list(moments)
    while len(kept) > limit:
        worths = _worths(kept)
        del kept[1 + worths.index(min(worths))]
    return kept


def _worths(kept: Sequence[Moment]) -> list[float]:
    """What each moment but the first and the last is worth."""
    told: Counter[tuple[MomentKind, str]] = Counter()
    worths = []
    for earlier, moment, later in zip(kept, kept[1:], kept[2:], strict=False):
        told[moment.kind, moment.caption] += 1
        # The square root of the time keeps a crowded minute of events from being lost beside a calm one.
        room = math.sqrt(max(later.time - earlier.time, 1e-3))
        worths.append(moment.kind * moment.kind * room / told[moment.kind, moment.caption])
    return worths


class MomentKeeper:
    """Keeps at most 40 moments, and none two that are close together unless the later one says more."""

    def __init__(self) -> None:
        self._moments: list[Moment] = []
        self._spacing = FIRST_SPACING

    @property
    def moments(self) -> tuple[Moment, ...]:
        """In the order of time."""
        return tuple(self._moments)

    def wants(self, time: float, kind: MomentKind) -> bool:
        """Whether a moment of this kind would be kept now; ask before a picture is made."""
        if not self._moments or time - self._moments[-1].time >= self._spacing:
            return True
        return kind > self._moments[-1].kind

    def add(self, moment: Moment) -> None:
        """Keep a moment; later than every one before it."""
        if self._moments and moment.time - self._moments[-1].time < self._spacing:
            self._moments.pop()
        self._moments.append(moment)
        if len(self._moments) > MAX_MOMENTS:
            # A run with so many changes is told in larger steps, and by that also costs less.
            self._moments = thin(self._moments, MAX_MOMENTS * 3 // 4)
            self._spacing = min(2 * self._spacing, max(self._spacing, moment.time / 20))

"""Counting how often and how long things were so, exactly and in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable

from spot_agent.reporting.story import Tally

MAX_NAMES = 64


class Tallies:
    """Counts by name. At most 64 names are counted.

    Args:
        longest: Seconds after which a state without news no longer counts on.
    """

    def __init__(self, longest: float) -> None:
        self._longest = longest
        self._found: dict[str, Tally] = {}
        self._now: frozenset[str] = frozenset()
        self._time = 0.0

    def add(self, time: float, names: Iterable[str]) -> None:
        """Take in what is so from now on.

        Args:
            time: Seconds; never less than before.
            names: Everything that is so.
        """
        elapsed = min(max(0.0, time - self._time), self._longest)
        for name in self._now:
            self._found[name] = self._found[name].longer(elapsed)
        fresh = frozenset(name for name in names if name in self._found or len(self._found) < MAX_NAMES)
        for name in sorted(fresh - self._now):
            self._found[name] = self._found.get(name, Tally(name)).once_more()
        self._now, self._time = fresh, time

    @property
    def all(self) -> tuple[Tally, ...]:
        """What was counted, the longest first."""
        return tuple(sorted(self._found.values(), key=lambda tally: (-tally.seconds, -tally.times, tally.name)))

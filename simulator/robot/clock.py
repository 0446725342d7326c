"""The robot's clock, which is not the host's."""

from __future__ import annotations

import time

STEPPED_EPOCH = 1_767_225_600.0
"""When a robot with a stepped clock and no skew boots: 2026-01-01 00:00 UTC, in seconds since the epoch."""


class RobotClock:
    """Seconds since the epoch as the robot counts them, and seconds since it booted.

    Both follow the host's monotonic clock, so that a correction of the host's time moves nothing here; or, stepped,
    no clock at all: they stand still until :meth:`step_to` is called, and begin at :data:`STEPPED_EPOCH`.

    Args:
        skew: Robot time minus host time at boot, in seconds.
        stepped: Whether time passes only when it is told to.
        drift: By how many parts in a million robot time goes faster than uptime; negative: slower.
    """

    def __init__(self, skew: float = 0.0, *, stepped: bool = False, drift: float = 0.0) -> None:
        self._boot = time.monotonic()
        self._stepped_to: float | None = 0.0 if stepped else None
        self._rate = 1.0 + drift * 1e-6
        self._epoch_at_boot = (STEPPED_EPOCH if stepped else time.time()) + skew

    @property
    def is_stepped(self) -> bool:
        """Whether time passes only when it is told to."""
        return self._stepped_to is not None

    def step_to(self, uptime: float) -> None:
        """Let it be this many seconds after boot; of no effect on a clock that runs by itself."""
        if self._stepped_to is not None:
            self._stepped_to = uptime

    def uptime(self) -> float:
        """Seconds since boot. Never jumps."""
        stepped = self._stepped_to
        return time.monotonic() - self._boot if stepped is None else stepped

    def now(self) -> float:
        """Robot time in seconds since the epoch."""
        return self.at(self.uptime())

    def at(self, uptime: float) -> float:
        """Robot time in seconds since the epoch at a moment given in seconds since boot."""
        return self._epoch_at_boot + uptime * self._rate

    def jump(self, seconds: float) -> None:
        """Move robot time, as a correction of the robot's own clock does; uptime is not touched."""
        self._epoch_at_boot += seconds

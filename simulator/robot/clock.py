"""The robot's clock, which is not the host's."""

from __future__ import annotations

import time


class RobotClock:
    """Seconds since the epoch as the robot counts them, and seconds since it booted.

    Both follow the host's monotonic clock, so that a correction of the host's time moves nothing here.

    Args:
        skew: Robot time minus host time at boot, in seconds.
    """

    def __init__(self, skew: float = 0.0) -> None:
        self._boot = time.monotonic()
        self._epoch_at_boot = time.time() + skew

    def uptime(self) -> float:
        """Seconds since boot. Never jumps."""
        return time.monotonic() - self._boot

    def now(self) -> float:
        """Robot time in seconds since the epoch."""
        return self.at(self.uptime())

    def at(self, uptime: float) -> float:
        """Robot time in seconds since the epoch at a moment given in seconds since boot."""
        return self._epoch_at_boot + uptime

    def jump(self, seconds: float) -> None:
        """Move robot time, as a correction of the robot's own clock does; uptime is not touched."""
        self._epoch_at_boot += seconds
